"""What became of every source row, on disk and on the screen: one line per row, and the counts."""

from importer.report.files import check_target, create_private
from importer.report.outcomes import outcomes
from importer.report.rejects import RejectsWriter
from importer.report.screen import show
from importer.report.sequence import InSequence
from importer.report.summary import Summary, Tally, exit_code
from importer.report.writers import ReportWriter

__all__ = [
    "InSequence",
    "RejectsWriter",
    "ReportWriter",
    "Summary",
    "Tally",
    "check_target",
    "create_private",
    "exit_code",
    "outcomes",
    "show",
]
