"""The summary of a real export says the same, whether counted while it runs or from its stored report."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

import importer
from importer.stored_reports import read_report

SAMPLES = Path(__file__).resolve().parents[2] / "sample_data"
NOW = datetime(2026, 11, 23, 23, tzinfo=UTC)


@pytest.mark.parametrize(
    ("name", "options"),
    [
        ("shopify_orders.csv", {}),
        ("odoo_order_lines.csv", {"timezone": "Europe/Brussels", "currency": "EUR"}),
        ("loyalty_transactions.parquet", {"timezone": "America/Chicago", "currency": "USD"}),
        ("woocommerce_webtoffee.csv", {"timezone": "Europe/Berlin"}),
        ("square_items.csv", {"currency": "USD", "timezone": "America/Chicago"}),
    ],
)
@pytest.mark.parametrize("days", [0, 900])
def test_a_stored_report_says_what_the_run_said(tmp_path, name, options, days):
    told = importer.check(
        SAMPLES / name,
        report=tmp_path / "x.parquet",
        summary=tmp_path / "first.html",
        ledger=tmp_path / "ledger.db",
        now=NOW + timedelta(days=days),
        **options,
    )
    again = importer.report(tmp_path / "x.parquet")
    totals, _ = read_report(tmp_path / "x.parquet")
    assert totals.total == told.total
    assert (again.ready, again.sendable) == (told.ready, told.sendable)
    for part in ("rows", "value", "reasons", "match_keys", "warnings", "examples", "advice"):
        assert getattr(again, part) == getattr(told, part), part
    assert again.page.read_text(encoding="utf-8") == (tmp_path / "first.html").read_text(encoding="utf-8")
