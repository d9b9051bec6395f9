"""An empty workbook for sales: its words by language in `languages/`, and how it is written."""
