"""What the report says of an unknown status word, told while the source rows are at hand."""

from __future__ import annotations

from importer.core.model import Delivered, Prepared, Raw
from importer.intake import Intake
from importer.read.arrow_table import TABLE
from importer.results.at_fault import with_status_words


def with_words(prepared: Prepared, raw: Raw, intake: Intake) -> Prepared:
    """Return the rows; those whose status nobody knows say as `detail` which word it is, as in a report of `send`."""
    in_lines = intake.export.format != TABLE
    binding, words = intake.preparation.binding, intake.found.words
    return Prepared(with_status_words(Delivered(prepared), raw, binding, words, in_lines=in_lines))
