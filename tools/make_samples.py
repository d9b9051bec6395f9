"""Write the samples in sample_data/ that are not text: Parquet tables and Excel workbooks.

Every person in them is invented. Run with `python -m tools.make_samples`; the files are the same each time.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
from xlsxwriter import Workbook

FOLDER = Path(__file__).resolve().parents[1] / "sample_data"
MADE = datetime(2026, 11, 23)  # noqa: DTZ001  a workbook's properties have no zone

LABELS = pa.dictionary(pa.int8(), pa.string())
LOYALTY = pa.schema(
    [
        ("member_id", pa.int64()), ("card_no", pa.string()), ("email_address", pa.string()), ("mobile", pa.string()),
        ("first_name", pa.string()), ("last_name", pa.string()), ("birth_date", pa.date32()), ("gender", LABELS),
        ("home_city", pa.string()), ("home_state", LABELS), ("postal_code", pa.int32()), ("country", LABELS),
        ("txn_id", pa.int64()), ("orig_txn_id", pa.int64()), ("txn_ts", pa.timestamp("us")), ("txn_type", LABELS),
        ("store_no", pa.int16()), ("gross_amt", pa.decimal128(12, 2)), ("disc_amt", pa.decimal128(12, 2)),
        ("net_amt", pa.decimal128(12, 2)), ("points_earned", pa.int32()),
    ]
)  # fmt: skip
RUTH = (
    600001, "6006490000000011", "Ruth.Sample@Example.com", "312-555-0111", "Ruth", "Sample", date(1984, 2, 29), "F",
    "Chicago", "Illinois", 60601, "United States",
)  # fmt: skip
SAM = (
    600002, "6006490000000029", " sam.sample@example.org ", "(617) 555-0122", "Sam", "Sample", None, "M",
    "Boston", "MA", 2116, "United States",
)  # fmt: skip
TESS = (
    600003, "6006490000000037", None, "3125550133", "Tess", "Sample", None, "U",
    "St. Louis", "MO", 63101, "United States",
)  # fmt: skip
UMA = (
    600004, "6006490000000045", "noemail@noemail.com", "000-000-0000", "Uma", "Sample", date(1900, 1, 1), "F",
    "Chicago", "IL", 60602, "United States",
)  # fmt: skip
NOBODY = (None,) * 12


SALES = [
    (RUTH, 80001, "SALE", "2026-11-05 09:12:00", "54.20", "50.00", 50),
    (SAM, 80002, "SALE", "2026-10-05 12:30:15", "19.99", "19.99", 19),
    (TESS, 80003, "SALE", "2026-11-01 01:30:00", "10.00", "10.00", 10),  # twice that night; the first is taken
    (RUTH, 80004, "RETURN", "2026-11-07 10:00:00", "-54.20", "-50.00", -50),
    (SAM, 80005, "VOID", "2026-11-07 10:05:00", "19.99", "19.99", 0),
    (SAM, 80006, "REDEMPTION", "2026-11-08 08:00:00", "0.00", "0.00", -500),
    (UMA, 80007, "SALE", "2026-11-09 19:45:00", "33.00", "33.00", 33),
    (NOBODY, 80008, "SALE", "2026-11-10 11:11:11", "8.50", "8.50", 0),
    (RUTH, 80001, "SALE", "2026-11-05 09:12:00", "54.20", "50.00", 50),
]
"""Member, number, kind, local time, gross, net, points; the last is the first once more."""

TXNS = [
    (
        *who, number, None, datetime.fromisoformat(when), kind, 12,
        Decimal(gross), Decimal(gross) - Decimal(net), Decimal(net), points,
    )
    for who, number, kind, when, gross, net, points in SALES
]  # fmt: skip

CHARGES = pa.schema(
    [
        ("id", pa.string()), ("amount", pa.int64()), ("amount_refunded", pa.int64()), ("currency", pa.string()),
        ("captured", pa.bool_()), ("created", pa.timestamp("ms")), ("paid", pa.bool_()), ("refunded", pa.bool_()),
        ("status", pa.string()), ("livemode", pa.bool_()), ("receipt_email", pa.string()), ("card_name", pa.string()),
        ("card_address_zip", pa.string()), ("card_country", pa.string()), ("customer_id", pa.string()),
        ("balance_transaction_id", pa.string()),
    ]
)  # fmt: skip
_PAID = {"amount_refunded": 0, "currency": "usd", "captured": True, "paid": True, "refunded": False}
_PAID |= {"status": "succeeded", "livemode": True}


def _charge(number: int, amount: int, when: str, email: str, **other: Any) -> dict[str, Any]:
    """Return one charge in minor units; what is not given is that of a paid one."""
    own = {"id": f"ch_demo{number}", "amount": amount, "created": datetime.fromisoformat(when), "receipt_email": email}
    return _PAID | own | {"balance_transaction_id": f"txn_demo{number}"} | other


ADA_CARD = {"card_name": "Ada Example", "card_address_zip": "20001", "card_country": "US", "customer_id": "cus_demo51"}
PAYMENTS = [
    _charge(5001, 1250, "2026-11-20 16:20:00", "ada@example.com", **ADA_CARD),
    _charge(5002, 5000, "2026-11-19 09:00:00", "rei@example.net", currency="jpy", card_country="JP"),
    _charge(5003, 12345, "2026-11-18 09:00:00", "omar@example.com", currency="kwd"),
    _charge(5004, 8000, "2026-11-17 09:00:00", "dan@example.com", amount_refunded=8000, refunded=True),
    _charge(5005, 8000, "2026-11-16 09:00:00", "eve@example.com", amount_refunded=2000, card_name="Eve Sample"),
    _charge(5006, 2500, "2026-11-15 09:00:00", "finn@example.com", status="failed", paid=False, captured=False),
    _charge(5007, 2500, "2026-11-14 09:00:00", "gus@example.com", captured=False),
    _charge(5008, 2500, "2026-11-13 09:00:00", "hal@example.com", livemode=False),
]

DYNAMICS = (
    "(Do Not Modify) Opportunity", "(Do Not Modify) Row Checksum", "(Do Not Modify) Modified On", "Topic",
    "Potential Customer", "Account", "Contact", "Est. close date", "Est. revenue", "Actual Close Date",
    "Actual Revenue", "Status", "Status Reason", "Currency", "Owner", "Email (Contact) (Contact)",
    "Business Phone (Contact) (Contact)", "Address 1: City (Contact) (Contact)",
)  # fmt: skip
_WON: dict[str, Any] = {
    "(Do Not Modify) Row Checksum": "mR3xS1demo==",
    "(Do Not Modify) Modified On": datetime(2026, 11, 20, 9, 30),  # noqa: DTZ001  Excel has no zones
    "Potential Customer": "Example Outfitters",
    "Account": "Example Outfitters",
    "Est. close date": date(2026, 12, 24),
    "Est. revenue": 99.0,
    "Status": "Won",
    "Status Reason": "Won",
    "Currency": "US Dollar",
    "Owner": "Sam Staff",
}


def _opportunity(number: int, person: str, email: str, **other: Any) -> list[Any]:
    """Return a row of the view; what is not given is that of a won one of an estimated 99 dollars."""
    own = {"(Do Not Modify) Opportunity": f"{{0F4B1C1A-0000-4000-8000-{number:012}}}", "Topic": f"Lamps {number}"}
    own |= {"Contact": person, "Email (Contact) (Contact)": email}
    named = {"closed": "Actual Close Date", "actual": "Actual Revenue", "phone": "Business Phone (Contact) (Contact)"}
    named |= {"city": "Address 1: City (Contact) (Contact)", "status": "Status", "currency": "Currency"}
    row = _WON | own | {named[key]: value for key, value in other.items()}
    return [row.get(header) for header in DYNAMICS]


NOVEMBER = date(2026, 11, 12)
OPPORTUNITIES = [
    _opportunity(
        1, "Ada Example", "ada@example.com", closed=NOVEMBER, actual="3,522.00", phone="202-555-0166", city="Seattle"
    ),
    _opportunity(2, "Ben Muster", "ben@example.org", closed=date(2026, 10, 30), actual=80.5, currency="Euro"),
    _opportunity(3, "Cleo Sample", "cleo@example.com", status="Open"),
    _opportunity(4, "Dan Sample", "dan@example.com", closed=NOVEMBER, actual=0, status="Lost"),
    _opportunity(5, "Eve Sample", "eve@example.com", closed=date(2026, 11, 13)),
    _opportunity(6, "Fay Sample", "fay@example.com", actual=12.0),
]

ANALYST = (
    "account number", "name", "order id", "sku", "quantity", "unit price", "ext price", "date", "contact", "email",
)  # fmt: skip
KIM, LEE, MAX = (
    ("Kim Sample", "kim@example.com"),
    ("Lee Sample", "lee@example.com"),
    ("Max Sample", "max@example.com"),
)
NONE = (None, None)
LINES: list[list[Any]] = [
    [740150, "Barton Example LLC", 5001, "B1-20000", 39, 27.86, 1086.62, "2026-11-11 07:21:51", *KIM],
    [714466, "Trantow Example", 5002, "S2-77896", 10, 100, "$1,000.00", "2026-11-12 09:00:00", *LEE],
    [714466, "Trantow Example", 5003, "S2-77896", -1, 100, -100, "2026-11-12 09:30:00", *LEE],
    [218895, "Kulas Example", 5004, "B1-69924", 2, 20, 40, "2026-11-13 10:00:00", *NONE],
    [218895, "Kulas Example", 5005, "B1-69924", 2, 20, "Closed", "2026-11-13 11:00:00", *MAX],
    ["10002.0", "Kulas Example", 5006, "S1-65481", 1, 45.5, 45.5, date(2026, 11, 14), *MAX],
    [218895, "Kulas Example", 5007, "S1-65481", 1, 45.5, "$101,2000.00", "2026-11-14 12:00:00", *MAX],
]
"""Dates as text beside a real one, amounts as text, a return, a word among numbers, a mistyped grouping."""


def tables() -> dict[str, pa.Table]:
    """Return the Parquet samples by the name of their file."""
    payments = [[payment.get(name) for name in CHARGES.names] for payment in PAYMENTS]
    return {
        "loyalty_transactions.parquet": _table(LOYALTY, TXNS),
        "stripe_api.parquet": _table(CHARGES, payments),
    }


def _table(schema: pa.Schema, rows: Sequence[Sequence[Any]]) -> pa.Table:
    columns = [pa.array(list(cells), field.type) for cells, field in zip(zip(*rows, strict=True), schema, strict=True)]
    return pa.Table.from_arrays(columns, schema=schema)


def write_workbook(
    path: Path, header: Sequence[str], rows: Sequence[Sequence[Any]], *, titles: Sequence[str] = (), hidden: int = 0
) -> None:
    """Write a workbook of one sheet: titles, a blank row, header, rows; the first columns hidden as Dynamics does."""
    book = Workbook(path, {"default_date_format": "yyyy-mm-dd hh:mm"})
    book.set_properties({"created": MADE})
    page = book.add_worksheet()
    table = [*([title] for title in titles), *([[]] if titles else []), header, *rows]
    for number, row in enumerate(table):
        page.write_row(number, 0, row)
    if hidden:
        page.set_column(0, hidden - 1, None, None, {"hidden": True})
    book.close()


def main() -> None:
    """Write all files in sample_data/."""
    for name, table in tables().items():
        pq.write_table(table, FOLDER / name)
    write_workbook(FOLDER / "dynamics_opportunities.xlsx", DYNAMICS, OPPORTUNITIES, hidden=3)
    titles = ("Sales of November 2026", "Made by the analyst")
    write_workbook(FOLDER / "analyst_sheet.xlsx", ANALYST, LINES, titles=titles)


if __name__ == "__main__":
    main()
