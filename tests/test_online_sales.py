"""Sales of a web shop are never sent as a store's: left out beside other sales, else asked about."""

import csv
import json
from datetime import UTC, datetime

import pytest
from truth import journey

import importer
from importer.commands.columns import columns
from importer.errors import NeedsAnswer, UsageError
from importer.results import exit_code

NOW = datetime(2026, 11, 23, 23, tzinfo=UTC)
SHOPIFY = """\
Name,Email,Financial Status,Paid at,Currency,Total,Created at,Lineitem quantity,Lineitem name,Lineitem price,Source
#3001,b1@example.com,paid,2026-11-20 10:00:05 -0800,USD,20.00,2026-11-20 10:00:00 -0800,1,Mug,20.00,pos
#3001,b1@example.com,,,,,2026-11-20 10:00:00 -0800,1,Cup,0.00,
#3002,b2@example.com,paid,2026-11-20 11:00:05 -0800,USD,30.00,2026-11-20 11:00:00 -0800,1,Mug,30.00,web
#3003,b3@example.com,paid,2026-11-20 12:00:05 -0800,USD,40.00,2026-11-20 12:00:00 -0800,1,Mug,40.00,9900112
#3004,b4@example.com,paid,2026-11-10 13:00:05 -0800,USD,50.00,2026-11-10 13:00:00 -0800,1,Mug,50.00,subscription_contract
#3005,b5@example.com,refunded,2026-11-20 14:00:05 -0800,USD,60.00,2026-11-20 14:00:00 -0800,1,Mug,60.00,web
"""
SHOP = "https://mugs.example"


def written(folder, text, name="sales.csv"):
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def sales(column, *cells, header="Order,Date,Email,Total,Currency"):
    rows = [f"{n},2026-11-20T10:00:00Z,a{n}@example.com,{n}.50,EUR,{cell}" for n, cell in enumerate(cells, start=1)]
    return "\n".join([f"{header},{column}", *rows, ""])


def checked(folder, text, **options):
    summary = importer.check(written(folder, text), now=NOW, ledger=folder / "ledger.db", **options)
    return summary, list(csv.DictReader(summary.report.read_text(encoding="utf-8").splitlines()))


def statuses(folder, text, **options):
    return [row["reason"] or row["status"] for row in checked(folder, text, **options)[1]]


def sources(went):
    return {order: event["action_source"] for order, [event] in went.events.items()}


def notices_of(summary):
    """What is said of the file itself, not of a dataset that was not named."""
    return [notice for notice in summary.notices if "--dataset" not in notice]


def test_web_sales_beside_a_till_s_are_left_out_with_count_and_money(tmp_path):
    went = journey(written(tmp_path, SHOPIFY), tmp_path, {})
    assert sources(went) == {"#3001": "physical_store"}
    assert [row["reason"] for row in went.rows] == ["", "", *["online_sale"] * 3, "refunded"]
    assert went.first["online_sales"] == {"rows": 3, "value": {"USD": 120.0}}
    assert went.first["questions"] == []


def test_words_that_nobody_knows_are_named_with_their_count(tmp_path, caplog):
    summary, _ = checked(tmp_path, SHOPIFY)
    [notice] = notices_of(summary)
    assert 'The column "Source" says "9900112" (1 row), "subscription_contract" (1 row)' in notice
    assert notice in caplog.text


def test_web_sales_alone_are_asked_about_and_check_goes_on_without_them(tmp_path):
    text = "\n".join(line for line in SHOPIFY.splitlines() if "#3001" not in line) + "\n"
    with pytest.raises(NeedsAnswer) as error:
        journey(written(tmp_path, text), tmp_path, {})
    [question] = error.value.questions
    assert (question.kind, question.column, question.file) == ("channel", "Source", "sales.csv")
    assert question.values == {"web": 1, "9900112": 1, "subscription_contract": 1}
    assert question.options == ("--online-sales skip", "--online-sales send", "--action-source physical_store")
    summary, rows = checked(tmp_path, text)
    assert [row["reason"] for row in rows] == [*["online_sale"] * 3, "refunded"]
    assert exit_code(summary) == 1
    assert json.loads(json.dumps(summary.as_json()))["questions"] == [question.as_json()]


@pytest.mark.parametrize(
    ("options", "sent"),
    [
        ({"online_sales": "skip"}, {"#3001": "physical_store"}),
        ({"action_source": "physical_store"}, dict.fromkeys(("#3001", "#3002", "#3003", "#3004"), "physical_store")),
        (
            {"online_sales": "skip", "action_source": "physical_store"},
            dict.fromkeys(("#3001", "#3002", "#3003", "#3004"), "physical_store"),
        ),
        (
            {"online_sales": "send", "event_source_url": SHOP},
            {"#3001": "physical_store", "#3002": "website", "#3003": "website"},
        ),
    ],
)
def test_an_option_answers(tmp_path, options, sent):
    assert sources(journey(written(tmp_path, SHOPIFY), tmp_path, options)) == sent


def test_website_events_have_the_shop_s_address_and_are_at_most_seven_days_old(tmp_path):
    went = journey(written(tmp_path, SHOPIFY), tmp_path, {"online_sales": "send", "event_source_url": SHOP})
    assert [event.get("event_source_url") for [event] in went.events.values()] == [None, SHOP, SHOP]
    [old] = [row for row in went.rows if row["order_id"] == "#3004"]
    assert (old["status"], old["reason"]) == ("invalid", "too_old")
    assert "Meta takes website events up to 7 days" in old["message"]
    assert any("up to 7 days" in notice and "address" in notice for notice in went.first["notices"])


def test_website_events_without_an_address_stop_the_run_before_anything_is_sent(tmp_path):
    with pytest.raises(UsageError, match="--event-source-url"):
        journey(written(tmp_path, SHOPIFY), tmp_path, {"online_sales": "send"})
    with pytest.raises(UsageError, match="write it like https"):
        checked(tmp_path, SHOPIFY, event_source_url="mugs")


def test_the_address_may_stand_in_a_column(tmp_path):
    text = "Order,Date,Email,Total,Currency,Channel,event_source_url\n" + "".join(
        f"{n},2026-11-20T10:00:00Z,a{n}@example.com,5,EUR,{channel},{url}\n"
        for n, (channel, url) in enumerate([("POS", ""), ("web", f"{SHOP}/a"), ("web", "")], start=1)
    )
    went = journey(written(tmp_path, text), tmp_path, {"online_sales": "send"})
    assert sources(went) == {"1": "physical_store", "2": "website"}
    assert went.rows[2]["reason"] == "website_incomplete"


@pytest.mark.parametrize(
    ("column", "cells", "reasons"),
    [
        ("Vertriebskanal", ("Filiale Nord", "Onlineshop", "Telefon"), ["ready", "online_sale", "ready"]),
        ("Canal de vente", ("en magasin", "site internet", "Amazon"), ["ready", "online_sale", "online_sale"]),
        ("販売チャネル", ("店舗", "オンライン", "店舗"), ["ready", "online_sale", "ready"]),
        ("Online order?", ("no", "yes", ""), ["ready", "online_sale", "ready"]),
        ("Wo", ("Laden", "Online", "Laden"), ["ready", "online_sale", "ready"]),
        ("Source", ("POS", "", "web"), ["ready", "online_sale", "online_sale"]),
        ("Store", ("Main Street", "Online Store", "Webster Avenue"), ["ready", "online_sale", "ready"]),
        ("Filiale", ("Köln", "Webshop", ""), ["ready", "online_sale", "ready"]),
        ("Sales rep", ("Ann Boe", "Amazon.de", "Bob Cee"), ["ready", "online_sale", "ready"]),
        ("Product", ("Mug", "Website", "Webshop"), ["ready", "ready", "ready"]),
        ("Source", ("pos", "web", "9900112", "9900112", "9900112", "x1"), ["ready", *["online_sale"] * 5]),
        ("Lead source", ("Website", "Walk-in", "Google"), ["ready", "ready", "ready"]),
        ("Source", ("Website", "Walk-in", "Referral"), ["ready", "ready", "ready"]),
        ("Channel", ("Kasse", "Kasse", "Laden"), ["ready", "ready", "ready"]),
        ("action_source", ("physical_store", "website", "phone_call"), ["ready", "online_sale", "ready"]),
    ],
)
def test_a_channel_is_understood_in_a_file_that_no_schema_describes(tmp_path, column, cells, reasons):
    assert statuses(tmp_path, sales(column, *cells)) == reasons


def test_a_web_word_far_down_the_file_is_found(tmp_path):
    text = sales("Wo", *["Laden"] * 600, "Online")
    assert statuses(tmp_path, text)[-2:] == ["ready", "online_sale"]


def test_a_word_far_down_that_is_no_place_of_sale_is_evidence_against_the_column(tmp_path):
    text = sales("Wo", *["Laden"] * 600, "Online", "Hamburg")
    assert statuses(tmp_path, text)[-2:] == ["ready", "ready"]


def test_only_unknown_words_under_the_header_of_a_sales_channel_are_asked_about(tmp_path):
    summary, _ = checked(tmp_path, sales("Sales channel", "B2B", "ann@example.com", "01512345678"))
    [question] = summary.questions
    assert question.values == {"B2B": 1, "(other words)": 2}
    assert "example.com" not in question.text


def test_a_total_at_the_end_is_no_sale_of_an_unnamed_channel(tmp_path):
    summary, _ = checked(tmp_path, sales("Channel", "POS", "web") + "Total,,,4.00,EUR,\n")
    assert notices_of(summary) == []


def test_the_address_is_that_of_all_website_events_whatever_made_them(tmp_path):
    options = {"action_source": "website", "event_source_url": SHOP}
    went = journey(written(tmp_path, sales("Note", "x", "y")), tmp_path, options)
    assert [event["event_source_url"] for [event] in went.events.values()] == [SHOP, SHOP]
    assert any("up to 7 days" in notice for notice in went.first["notices"])


def test_words_that_may_be_a_person_s_are_counted_and_not_quoted(tmp_path, caplog):
    summary, _ = checked(
        tmp_path, sales("Source", "pos", "web", "Ann Boe", "ann@example.com", "01512345678", "kiosk app 2", "x")
    )
    [notice] = notices_of(summary)
    assert "(other words) (3 rows)" in notice
    assert '"x" (1 row)' in notice
    assert not any(word in notice + caplog.text for word in ("Ann", "ann@", "0151"))


def test_a_column_that_is_dropped_says_nothing(tmp_path):
    assert statuses(tmp_path, sales("Channel", "Online", "POS"), map=["Channel=-"]) == ["ready", "ready"]


def test_an_order_is_the_web_s_if_one_of_its_lines_says_so(tmp_path):
    lines = [("1", "web"), ("1", ""), ("2", "pos"), ("2", "")]
    text = "Order,Date,Email,Total,Currency,Channel,SKU,Qty,Price\n" + "".join(
        f"{order},2026-11-20T10:00:00Z,a{order}@example.com,{n},EUR,{channel},T{n},1,{n}\n"
        for n, (order, channel) in enumerate(lines, start=1)
    )
    summary, rows = checked(tmp_path, text, rows="line")
    assert [row["reason"] for row in rows] == ["online_sale", "online_sale", "", ""]
    assert summary.as_json()["online_sales"] == {"rows": 2, "value": {"EUR": 3.0}}
    assert notices_of(summary) == []


def test_the_question_of_the_channel_comes_with_all_others(tmp_path):
    text = sales("Channel", "web", "web", header="Order,Date,Email,Total,Land").replace("T10:00:00Z", " 10:00")
    with pytest.raises(NeedsAnswer) as error:
        checked(tmp_path, text)
    assert [question.kind for question in error.value.questions] == ["zone", "currency", "channel"]


def test_a_saved_schema_keeps_the_column(tmp_path):
    path = written(tmp_path, sales("Wo", "Laden", "Online"))
    columns(path, save=tmp_path / "mine.toml")
    text = path.read_text(encoding="utf-8")
    assert statuses(tmp_path, text, schema=str(tmp_path / "mine.toml")) == ["ready", "online_sale"]


def test_the_till_s_words_of_a_schema_s_own_column_count(tmp_path):
    schema = tmp_path / "mine.toml"
    schema.write_text(
        'name = "mine"\n[columns]\norder_id = "Order"\nevent_time = "Date"\nem = "Email"\nvalue = "Total"\n'
        'currency = "Currency"\n[channel]\ncolumn = "Via"\nstore = ["B2B"]\nblank = "store"\n',
        encoding="utf-8",
    )
    text = sales("Via", "B2B", "", "Portal")
    assert statuses(tmp_path, text, schema=str(schema)) == ["ready", "ready", "online_sale"]
