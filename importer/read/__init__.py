"""Reading: an export (CSV, Parquet, Excel) as a stream of record batches with row and line numbers.

opening      by content: which of the three it is
delimited    CSV: sources (compression), encodings, dialects, even, layout and blocks (fast), scanner (exact)
parquet      Parquet: typed says which types are kept
excel        workbooks: archives (looked at first), workbooks (calamine), cells (types of columns)
header       which row is the header, for CSV and Excel alike
names        unique column names
export       what all of them give: Export and its batches
"""

from importer.read.export import Export
from importer.read.opening import open_export

__all__ = ["Export", "open_export"]
