"""Writes the samples in sample_data/ that are no text: Parquet tables and Excel workbooks.

Every person in them is invented. Run with `python -m tools.make_samples`; the files are the same each time.
"""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
from openpyxl import Workbook

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


def _txn(member: tuple[Any, ...], number: int, kind: str, when: str, gross: str, net: str, points: int) -> list[Any]:
    discount = Decimal(gross) - Decimal(net)
    moment = datetime.fromisoformat(when)
    return [*member, number, None, moment, kind, 12, Decimal(gross), discount, Decimal(net), points]


TXNS = [
    _txn(RUTH, 80001, "SALE", "2026-11-05 09:12:00", "54.20", "50.00", 50),
    _txn(SAM, 80002, "SALE", "2026-10-05 12:30:15", "19.99", "19.99", 19),
    _txn(TESS, 80003, "SALE", "2026-11-01 01:30:00", "10.00", "10.00", 10),  # twice that night; the first is taken
    _txn(RUTH, 80004, "RETURN", "2026-11-07 10:00:00", "-54.20", "-50.00", -50),
    _txn(SAM, 80005, "VOID", "2026-11-07 10:05:00", "19.99", "19.99", 0),
    _txn(SAM, 80006, "REDEMPTION", "2026-11-08 08:00:00", "0.00", "0.00", -500),
    _txn(UMA, 80007, "SALE", "2026-11-09 19:45:00", "33.00", "33.00", 33),
    _txn(NOBODY, 80008, "SALE", "2026-11-10 11:11:11", "8.50", "8.50", 0),
    _txn(RUTH, 80001, "SALE", "2026-11-05 09:12:00", "54.20", "50.00", 50),
]

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
    """One charge in minor units; what is not told is that of a paid one."""
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
    "Potential Customer", "Account", "Contact", "Est. close date", "Est. revenue", "Actual Close Date", "Actual Revenue",
    "Status", "Status Reason", "Currency", "Owner", "Email (Contact) (Contact)", "Business Phone (Contact) (Contact)",
    "Address 1: City (Contact) (Contact)",
)  # fmt: skip


def _opportunity(
    number: int, person: str, closed: date | None, actual: float | str | None, status: str, email: str, **other: str
) -> list[Any]:
    """A row of the view; the estimate is 99 in every one of them."""
    reason = {"Won": "Won", "Open": "In Progress", "Lost": "Out-Sold"}[status]
    return [
        f"{{0F4B1C1A-0000-4000-8000-{number:012}}}", "mR3xS1demo==", datetime(2026, 11, 20, 9, 30), f"Lamps {number}",  # noqa: DTZ001  Excel has no zones
        "Example Outfitters", "Example Outfitters", person, date(2026, 12, 24), 99.0, closed, actual,
        status, reason, other.get("currency", "US Dollar"), "Sam Staff", email, other.get("phone"), other.get("city"),
    ]  # fmt: skip


OPPORTUNITIES = [
    _opportunity(
        1, "Ada Example", date(2026, 11, 12), "3,522.00", "Won", "ada@example.com", phone="202-555-0166", city="Seattle"
    ),
    _opportunity(2, "Ben Muster", date(2026, 10, 30), 80.5, "Won", "ben@example.org", currency="Euro"),
    _opportunity(3, "Cleo Sample", None, None, "Open", "cleo@example.com"),
    _opportunity(4, "Dan Sample", date(2026, 11, 12), 0, "Lost", "dan@example.com"),
    _opportunity(5, "Eve Sample", date(2026, 11, 13), None, "Won", "eve@example.com"),
    _opportunity(6, "Fay Sample", None, 12.0, "Won", "fay@example.com"),
]

ANALYST = (
    "account number", "name", "order id", "sku", "quantity", "unit price", "ext price", "date", "contact", "email",
)  # fmt: skip
LINES = [
    [740150, "Barton Example LLC", 5001, "B1-20000", 39, 27.86, 1086.62, "2026-11-11 07:21:51", "Kim Sample", "kim@example.com"],
    [714466, "Trantow Example", 5002, "S2-77896", 10, 100, "$1,000.00", "2026-11-12 09:00:00", "Lee Sample", "lee@example.com"],
    [714466, "Trantow Example", 5003, "S2-77896", -1, 100, -100, "2026-11-12 09:30:00", "Lee Sample", "lee@example.com"],
    [218895, "Kulas Example", 5004, "B1-69924", 2, 20, 40, "2026-11-13 10:00:00", None, None],
    [218895, "Kulas Example", 5005, "B1-69924", 2, 20, "Closed", "2026-11-13 11:00:00", "Max Sample", "max@example.com"],
    ["10002.0", "Kulas Example", 5006, "S1-65481", 1, 45.5, 45.5, date(2026, 11, 14), "Max Sample", "max@example.com"],
    [218895, "Kulas Example", 5007, "S1-65481", 1, 45.5, "$101,2000.00", "2026-11-14 12:00:00", "Max Sample", "max@example.com"],
]  # fmt: skip


def tables() -> dict[str, pa.Table]:
    """The Parquet samples by the name of their file."""
    columns = [list(column) for column in zip(*TXNS, strict=True)]
    loyalty = [pa.array(column, field.type) for column, field in zip(columns, LOYALTY, strict=True)]
    return {
        "loyalty_transactions.parquet": pa.Table.from_arrays(loyalty, schema=LOYALTY),
        "stripe_api.parquet": pa.Table.from_pylist(PAYMENTS, schema=CHARGES),
    }


def workbook(
    header: tuple[str, ...], rows: list[list[Any]], *, sheet: str, hidden: int = 0, titles: int = 0
) -> Workbook:
    """A workbook of one sheet: titles, header, rows, and the first columns hidden as Dynamics does."""
    book = Workbook()
    book.properties.created = book.properties.modified = MADE
    page = book.worksheets[0]
    page.title = sheet
    for number in range(titles):
        page.append([("Sales of November 2026", "Made by the analyst")[number]])
    if titles:
        page.append([])
    for row in (list(header), *rows):
        page.append(row)
    for index in range(hidden):
        page.column_dimensions["ABC"[index]].hidden = True
    return book


def main() -> None:
    """The files are in sample_data/."""
    for name, table in tables().items():
        pq.write_table(table, FOLDER / name)
    dynamics = workbook(DYNAMICS, OPPORTUNITIES, sheet="My Opportunities", hidden=3)
    dynamics.save(FOLDER / "dynamics_opportunities.xlsx")
    workbook(ANALYST, LINES, sheet="Sheet1", titles=2).save(FOLDER / "analyst_sheet.xlsx")


if __name__ == "__main__":
    main()
