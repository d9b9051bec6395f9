"""Every reason and every warning explained: for the summary's page and for docs/reasons.md."""

from importer.report.guide.entry import Entry
from importer.report.guide.notes import NOTES
from importer.report.guide.others import OTHERS
from importer.report.guide.refused import REFUSED

GUIDE = {**REFUSED, **OTHERS}
"""Reason code -> its paragraph."""

__all__ = ["GUIDE", "NOTES", "Entry"]
