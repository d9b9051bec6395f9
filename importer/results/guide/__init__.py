"""Every reason and every warning explained: for the summary's page and for docs/reasons.md."""

from importer.results.guide.entry import Entry
from importer.results.guide.invalid_reasons import INVALID_REASONS
from importer.results.guide.other_reasons import OTHER_REASONS
from importer.results.guide.warning_notes import NOTES

GUIDE = {**INVALID_REASONS, **OTHER_REASONS}
"""Reason code -> its paragraph."""

REASONS_OF_META = ("meta_rejected", "run_stopped", "answer_lost", "meta_unavailable", "too_many_requests")
"""Reasons of rows that were fit to be sent, and are to be fixed or sent again."""

__all__ = ["GUIDE", "INVALID_REASONS", "NOTES", "REASONS_OF_META", "Entry"]
