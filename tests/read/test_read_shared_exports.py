from __future__ import annotations

from pathlib import Path

import pytest

from importer.read import open_export

EXPORTS = Path(__file__).resolve().parents[2] / ".." / "shared" / "exports"

pytestmark = pytest.mark.skipif(not EXPORTS.exists(), reason="the shared exports are not here")


@pytest.mark.parametrize(
    ("name", "rows", "columns"),
    [
        ("shopify_orders_export.csv", 21, 79),
        ("woocommerce_orders.csv", 15, 59),
        ("loyalty_transactions.parquet", 15, None),
        ("classicmodels_sales_data_sample.csv", 2_823, 25),
        ("analyst_sales_2014.xlsx", 1_500, 7),
        ("meta_offline_events_example.csv", 10, 22),
        ("salesforce_opportunities_dataloader.csv", 38, 31),
        ("square_transactions_2018.csv", 4, 44),
    ],
)
def test_every_row_of_the_shared_exports_is_read(name, rows, columns):
    export = open_export(EXPORTS / name)
    batches = list(export.batches())
    assert sum(batch.num_rows for batch in batches) == rows
    assert all(batch.column("fault").null_count == batch.num_rows for batch in batches)
    assert columns is None or len(export.names) == columns


def test_the_lines_of_a_note_with_line_breaks_are_counted():
    export = open_export(EXPORTS / "shopify_orders_export.csv")
    text = (EXPORTS / "shopify_orders_export.csv").read_bytes().decode().splitlines()
    for row in export.sample().to_pylist():
        assert text[row["line"] - 1].startswith(row["Name"])
