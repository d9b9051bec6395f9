"""Every reason and every warning explained: for the summary's page and for docs/reasons.md."""

from importer.results.guide.entry import Entry
from importer.results.guide.notes import NOTES
from importer.results.guide.others import OTHERS
from importer.results.guide.refused import REFUSED

GUIDE = {**REFUSED, **OTHERS}
"""Reason code -> its paragraph."""

__all__ = ["GUIDE", "NOTES", "Entry"]
