"""Each kind of export that is known by name, sent from its sample, order by order."""

from datetime import datetime
from pathlib import Path

import pytest
from truth import compare, compare_asked, sample_truth

import importer
from importer.core.recognise import recognise
from importer.errors import FileError
from importer.schema_files import known_plans

SAMPLES = Path(__file__).resolve().parents[2] / "sample_data"
TRUTHS = sorted(SAMPLES.glob("*.expected.json"))
REFUSED = [path for path in TRUTHS if sample_truth(path).get("refused")]


@pytest.mark.parametrize(
    "expected",
    [path for path in TRUTHS if path not in REFUSED],
    ids=lambda path: path.name.removesuffix(".expected.json"),
)
def test_a_sample_arrives_order_by_order(expected, tmp_path):
    truth = sample_truth(expected)
    if truth.get("questions"):
        assert compare_asked(SAMPLES / truth["file"], tmp_path, truth) == []
        return
    now = datetime.fromisoformat(truth["now"])
    assert compare(SAMPLES / truth["file"], tmp_path, truth["options"], truth["orders"], truth["rows"], now) == []


@pytest.mark.parametrize("expected", REFUSED, ids=lambda path: path.name.removesuffix(".expected.json"))
def test_a_refused_sample_ends_with_one_sentence_that_says_why(expected):
    truth = sample_truth(expected)
    with pytest.raises(FileError) as error:
        importer.check(SAMPLES / truth["file"], timezone="UTC", currency="EUR", now=truth["now"])
    sentence = f"{truth['file']}: {known_plans()[truth['schema']].refusal}"
    assert str(error.value) == sentence
    assert (sentence.count(". "), sentence[-1]) == (0, ".")


def test_each_web_marketplace_and_processor_sample_has_a_truth_for_a_store():
    plans = known_plans()
    told = {path.name.removesuffix(".expected.json") for path in TRUTHS}
    online = {
        name
        for name in told
        if plans[sample_truth(SAMPLES / f"{name}.expected.json")["schema"]].event.channel != "store"
    }
    alone = {name for name in online if "." not in name} - {"shopify_pos"}
    assert alone
    assert {f"{name}.physical_store" for name in alone} <= told


@pytest.mark.parametrize("expected", TRUTHS, ids=lambda path: path.name.removesuffix(".expected.json"))
def test_a_sample_is_recognised_by_its_headers(expected):
    from importer.recognised_file import recognise_file
    from importer.settings import read_settings

    truth = sample_truth(expected)
    path = SAMPLES / truth["file"]
    settings = read_settings((path,), {})
    assert recognise_file(settings.files[0], settings).plan.name == truth["schema"]


@pytest.mark.parametrize(
    ("headers", "schema"),
    [
        ("Order ID,Order Status,SKU ID,Quantity,Order Amount,Created Time,Paid Time,Phone #", "tiktok_shop_orders"),
        ("Deal Id,Deal Name,Company Name,Stage,Closing Date,Amount,Currency,Email", "zoho_deals"),
        ("amazon-order-id,purchase-date,order-status,sku,quantity,currency,item-price", "amazon_all_orders"),
    ],
)
def test_an_export_of_chosen_columns_is_recognised(headers, schema):
    assert recognise(known_plans().values(), headers.split(",")).name == schema


def test_the_e_mail_that_stripe_holds_as_the_card_s_name_is_sent(tmp_path):
    path = tmp_path / "charges.csv"
    path.write_text(
        "id,Created (UTC),Amount,Amount Refunded,Currency,Status,Customer Email,Card Name\n"
        "ch_1,2026-11-20 10:00:00,5.00,0.00,eur,Paid,,holder@example.org\n"
        "ch_2,2026-11-20 10:00:00,5.00,0.00,eur,Paid,own@example.org,Ada Example\n",
        encoding="utf-8",
    )
    now = datetime.fromisoformat("2026-11-23T23:00:00Z")
    orders = [
        {"order_id": order, "sale": True, "event_time": "2026-11-20T10:00:00Z", "value": 5.0, "keys": keys}
        for order, keys in [("ch_1", {"em": "holder@example.org"}), ("ch_2", {"em": "own@example.org", "fn": "ada"})]
    ]
    assert compare(path, tmp_path, {"action_source": "physical_store"}, orders, 2, now) == []


def test_every_known_export_has_a_sample():
    assert {sample_truth(path)["schema"] for path in TRUTHS} == set(known_plans())
