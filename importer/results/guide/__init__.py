"""Every reason and every warning explained: for the summary's page and for docs/reasons.md."""

from importer.results.guide.entry import Entry
from importer.results.guide.invalid_reasons import INVALID_REASONS
from importer.results.guide.other_reasons import OTHER_REASONS
from importer.results.guide.warning_notes import NOTES

GUIDE = {**INVALID_REASONS, **OTHER_REASONS}
"""Reason code -> its paragraph."""

__all__ = ["GUIDE", "NOTES", "Entry"]
