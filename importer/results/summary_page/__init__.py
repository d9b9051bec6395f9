"""The summary as one page to look at: self-contained, offline, without a script, without a customer's value."""

from importer.results.summary_page.render import PAGE_ENDINGS, PageFile, render

__all__ = ["PAGE_ENDINGS", "PageFile", "render"]
