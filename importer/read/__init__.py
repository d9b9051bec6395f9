"""Reading: an export (CSV, Parquet, Excel) as a stream of record batches with row and line numbers.

opening        by content: which of the three it is
delimited      CSV: byte_sources (compression), encodings, dialects, then csv_stream: record_bounds and csv_blocks by
               column, csv_scanner for what is out of order
parquet        Parquet, and arrow_table rows in memory, by typed_columns: dates, decimals and numbers stay typed
excel          workbooks: zip_guard (xml_parts, sheet_marks) and ole_container look first, calamine_workbook reads by
               reader_process, whose calamine_process may die alone, cell_types types the columns
header         which row is the header, for CSV and Excel alike
column_names   unique column names
export         what all of them return: Export and its batches
stretches      where a file can be cut, so that several processes read it
"""

from importer.read.arrow_table import open_table
from importer.read.export import Export
from importer.read.opening import open_export

__all__ = ["Export", "open_export", "open_table"]
