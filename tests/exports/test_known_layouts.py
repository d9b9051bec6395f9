"""The same 26 layouts with the schemas of their makers: known by name, nothing asked, the truth's sales and no others."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest
from layout_truth import LAYOUTS, NOW, compared, events_of, sales_of, systems, truth_of

import importer
from importer.commands.columns import columns
from importer.commands.schemas import schemas
from importer.errors import FileError, NeedsAnswer
from importer.recognised_file import recognise_file
from importer.schema_files import known_plans
from importer.settings import read_settings

REFUSED = [system for system in systems() if known_plans()[system].refusal]
SAMPLES = Path(__file__).resolve().parents[2] / "sample_data"
ENCODINGS = {"base_jp": "cp932", "minne": "cp932", "rakuten_ichiba": "cp932", "tiendanube": "latin-1"}
FRAMED = ("benevity", "google_ads_offline")
"""Samples with lines before the header."""


def checked(tmp_path: Path, text: str, **options) -> list[dict[str, str]]:
    path = tmp_path / "export.csv"
    path.write_text(text, encoding="utf-8")
    told = {"now": NOW, "action_source": "physical_store", "timezone": "UTC", "currency": "EUR", **options}
    importer.check(path, report=tmp_path / "report.csv", ledger=tmp_path / "ledger.db", **told)
    return list(csv.DictReader((tmp_path / "report.csv").read_text(encoding="utf-8").splitlines()))


def sample(system: str) -> str:
    content = (SAMPLES / f"{system}.csv").read_bytes()
    return content.decode(ENCODINGS.get(system, "utf-8-sig"))


def line_of(system: str, line: int, cells: dict[str, str]) -> str:
    """Return the header and one line of a sample, in which the cells under the headers named are changed."""
    text = sample(system)
    delimiter = ";" if system == "tiendanube" else ","
    row = list(csv.DictReader(text.splitlines(keepends=True), delimiter=delimiter))[line]
    assert set(cells) <= set(row)
    written = io.StringIO()
    csv.writer(written, delimiter=delimiter).writerows([list(row), list((row | cells).values())])
    return written.getvalue()


@pytest.mark.parametrize("system", systems())
def test_a_maker_s_layout_is_known_by_name(system):
    path = LAYOUTS / system / truth_of(system)["file"]
    settings = read_settings((path,), {})
    plan = recognise_file(settings.files[0], settings).plan
    assert plan.name == system
    assert plan.source
    assert plan.inferred == (truth_of(system)["header_seen"] == "names only")


@pytest.mark.parametrize("system", [system for system in systems() if system not in REFUSED])
def test_a_known_layout_asks_nothing_and_gives_its_sales_and_no_others(system):
    found = compared(system, events_of(system, {}))
    assert (found.harm, found.lost, found.right) == ([], [], sales_of(system))


@pytest.mark.parametrize("system", REFUSED)
def test_a_layout_without_buyers_is_refused(system):
    assert sales_of(system) == 0
    with pytest.raises(FileError, match="no sale in it can be matched"):
        events_of(system, {})


def test_columns_and_schemas_show_a_refusal():
    path = SAMPLES / "depop.csv"
    found = columns(path)
    assert found.as_json()["refusal"] == known_plans()["depop"].refusal
    assert found.questions == ()
    assert schemas()["depop"].endswith("(refused)")


def test_another_schema_reads_what_is_refused(tmp_path):
    own = tmp_path / "own.toml"
    own.write_text(
        'name = "own"\n[columns]\nevent_time = "Date of sale"\nvalue = "Total"\nfull_name = "Name"\nzp = "Post Code"\n'
        'ct = "City"\ncountry = "Country"\n[match]\nminimum_keys = "meta"\n[time]\norder = "dmy"\n'
    )
    rows = checked(tmp_path, sample("depop"), schema=str(own))
    assert [row["status"] for row in rows] == ["ready"] * 3
    with pytest.raises(FileError, match="no e-mail and no phone"):
        checked(tmp_path, sample("depop"), schema="depop")


@pytest.mark.parametrize(
    ("system", "line", "cells", "reason"),
    [
        ("base_jp", 0, {"発送状況": "入金待ち"}, "unpaid"),
        ("base_jp", 0, {"発送状況": "対応中"}, ""),
        ("minne", 0, {"注文状況": "キャンセル済み"}, "cancelled"),
        ("rakuten_ichiba", 0, {"ステータス": "200"}, "unpaid"),
        ("rakuten_ichiba", 0, {"ステータス": "800"}, "cancelled"),
        ("rakuten_ichiba", 0, {"ステータス": "600"}, ""),
        ("rakuten_ichiba", 0, {"ステータス": "123"}, "unknown_status"),
        ("naver_smartstore", 0, {"주문상태": "미결제취소"}, "cancelled"),
        ("naver_smartstore", 0, {"주문상태": "결제대기"}, "unpaid"),
        ("naver_smartstore", 0, {"주문상태": "반품요청"}, "refunded"),
        ("eventbrite_attendees", 0, {"Order Type": "Eventbrite Refunded"}, "refunded"),
        ("eventbrite_attendees", 0, {"Order Type": "Abandoned"}, "unpaid"),
        ("eventbrite_attendees", 0, {"Attendee Status": "Deleted"}, "cancelled"),
        ("razorpay_payments", 0, {"amount_refunded": "499.00"}, "refunded"),
        ("razorpay_payments", 0, {"captured": "0"}, "unpaid"),
        ("razorpay_payments", 0, {"amount_refunded": "100.00"}, ""),
        ("kofi", 1, {"TransactionType": "Refund"}, "refund"),
        ("kofi", 1, {"Given": "0.00"}, ""),
        ("xero_sales_invoices", 0, {}, ""),
        ("loyverse_receipts", 0, {"Status": "Canceled"}, "cancelled"),
        ("gohighlevel", 0, {"status": "abandoned"}, "cancelled"),
        ("patreon_members", 0, {"Last Charge Status": ""}, "not_a_sale"),
        ("patreon_members", 0, {"Last Charge Status": "Pending"}, "unpaid"),
        ("sumup_online_store", 0, {"Payment status": "Partially refunded"}, ""),
        ("sumup_online_store", 0, {"Order status": "Cancelled"}, "cancelled"),
        ("tiendanube", 0, {"Estado del pago": "Rechazado"}, "cancelled"),
        ("tiendanube", 0, {"Fecha y hora de cancelación": "13/11/2026 10:00:00"}, "cancelled"),
        ("bumpa", 0, {"Payment Status": "partially paid"}, "unpaid"),
    ],
)
def test_a_status_of_a_known_maker_ends_a_sale_or_not(tmp_path, system, line, cells, reason):
    order = "mdy" if system in ("loyverse_receipts", "eventbrite_attendees") else "dmy"
    [row] = checked(tmp_path, line_of(system, line, cells), date_order=order)
    assert row["reason"] == reason


def test_a_refusal_is_about_files_without_buyers_only(tmp_path):
    header, *lines = sample("depop").splitlines()
    told = "\n".join([f"{header},Email", *(f"{line},b{place}@example.com" for place, line in enumerate(lines))])
    rows = checked(tmp_path, told, accept_mapping=True, date_order="dmy")
    assert [row["value"] for row in rows] == ["33.99", "48.99", "23.99"]


XERO = "ContactName,EmailAddress,POAddressLine1,POCity,POCountry,InvoiceNumber,Reference,InvoiceDate,DueDate,Total,InventoryItemCode,Description,Quantity,UnitAmount,TrackingName1,Currency,Type,Status\n"


@pytest.mark.parametrize(
    ("kind", "status", "reason"),
    [
        ("Sales invoice", "Paid", ""),
        ("Sales invoice", "Awaiting Payment", "unpaid"),
        ("Sales invoice", "Voided", "cancelled"),
        ("Sales credit note", "Paid", "refund"),
        ("Bill", "Paid", "not_a_sale"),
    ],
)
def test_what_xero_exports_has_no_stars_and_says_what_is_a_sale(tmp_path, kind, status, reason):
    line = f"Ada Example,ada@example.com,1 High St,Leeds,GB,INV-1,,14/11/2026,30/11/2026,120.00,,Repair,1,100,,GBP,{kind},{status}\n"
    [row] = checked(tmp_path, XERO + line)
    assert (row["order_id"], row["value"], row["reason"]) == ("INV-1", "120.00", reason)


def test_bills_of_xero_are_no_sales_unless_the_user_says_so(tmp_path):
    with pytest.raises(FileError, match="bills that you pay"):
        checked(tmp_path, sample("xero_bills"))
    rows = checked(tmp_path, sample("xero_bills"), schema="xero_sales_invoices")
    assert [row["value"] for row in rows] == ["230.00", "115.00"]


def test_a_line_s_amount_may_be_its_price_times_its_quantity_and_needs_a_currency(tmp_path):
    rows = checked(tmp_path, sample("cafe24"), currency="KRW", country="KR")
    assert [row["value"] for row in rows] == ["178000", "40000", "40000", "120000"]
    with pytest.raises(NeedsAnswer, match="--currency"):
        checked(tmp_path, sample("cafe24"), currency=None)


@pytest.mark.parametrize(
    ("system", "header", "cell"),
    [
        ("sumup_sales", "Account", "kasse@example.com"),
        ("rakuten_ichiba", "注文者メールアドレス", "buyer@example.jp"),
        ("rakuten_ichiba", "送付先電話番号1", "080"),
        ("gohighlevel", "assigned", "Sam Closer"),
        ("loyverse_receipts", "Cashier name", "Owner"),
        ("google_ads_offline", "Google Click ID", "EAIaIQobChMI01"),
        ("benevity", "Company", "Acme"),
        ("tiendanube", "Vendedor", "Sol Vende"),
        ("patreon_members", "Addressee", "Gwen Ash"),
        ("eventbrite_orders", "Event name", "Purchase"),
    ],
)
def test_what_is_not_the_buyer_s_fills_no_key_of_a_known_layout(tmp_path, system, header, cell):
    path = tmp_path / "export.csv"
    path.write_text(line_of(system, 0, {header: cell}) if system not in FRAMED else sample(system), encoding="utf-8")
    filled = {column.header: column.fields for column in columns(path, date_order="dmy").columns}
    assert filled[header] in ((), ("sale filter",))


@pytest.mark.parametrize(
    ("system", "cells", "keys"),
    [
        ("razorpay_payments", {"email": "void@razorpay.com"}, "ph"),
        (
            "eventbrite_attendees",
            {"First Name": "Info Requested", "Last Name": "Info Requested"},
            "em+ct+st+zp+country",
        ),
    ],
)
def test_what_a_maker_writes_where_it_knows_nothing_is_no_key(tmp_path, system, cells, keys):
    [row] = checked(tmp_path, line_of(system, 0, cells), date_order="dmy" if system == "razorpay_payments" else "mdy")
    assert row["match_keys"] == keys


def test_what_a_donor_does_not_share_is_no_key(tmp_path):
    rows = checked(tmp_path, sample("benevity"))
    assert rows[0]["match_keys"] == "em+fn+ln+zp"
    assert [row["reason"] for row in rows][2:] == [
        "no_match_keys", "zero_value", "footer", "footer", "not_a_sale", "not_a_sale",
    ]  # fmt: skip
