"""What became of every source row, on disk and on the screen: one line per row, and the counts."""

from importer.results.file_order import FileOrder
from importer.results.outcomes import outcomes
from importer.results.output_files import check_target
from importer.results.rejects import RejectsWriter
from importer.results.report_writer import ReportWriter
from importer.results.summary import Summary, exit_code, summary_of

__all__ = [
    "FileOrder",
    "RejectsWriter",
    "ReportWriter",
    "Summary",
    "check_target",
    "exit_code",
    "outcomes",
    "summary_of",
]
