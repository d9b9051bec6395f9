"""Words of a column that say where a sale was made, and which columns are such."""

from collections import Counter

import pytest

from importer.core.channels import channel_columns, channel_of_word, may_tell
from importer.core.plan import ChannelRule, fold_value, read_plan
from importer.core.tables import channel_words
from importer.schema_files import known_plans, schema_text


@pytest.mark.parametrize(
    ("word", "channel"),
    [
        *(("pos", "store"), ("POS Berlin", "store"), ("In-store", "store"), ("in_store", "store"), ("Retail Store #5", "store")),
        *(("Filiale Nord", "store"), ("Kasse 2", "store"), ("Ladengeschäft", "store"), ("en magasin", "store")),
        *(("tienda física", "store"), ("Loja", "store"), ("negozio", "store"), ("sklep stacjonarny", "store"), ("магазин", "store")),
        *(("店舗", "store"), ("매장", "store"), ("门店", "store"), ("Phone", "store"), ("walk-in", "store"), ("offline", "store")),
        *(("web", "web"), ("Online Store", "web"), ("Onlineshop", "web"), ("web shop", "web"), ("E-Commerce", "web"), ("Mobile App", "web")),
        *(("en ligne", "web"), ("tienda online", "web"), ("sklep internetowy", "web"), ("Интернет-магазин", "web"), ("Webshop DE", "web")),
        *(("オンラインストア", "web"), ("온라인", "web"), ("线上商城", "web"), ("ออนไลน์", "web"), ("verkkokauppa", "web")),
        *(("Amazon.de", "marketplace"), ("ebay", "marketplace"), ("Etsy", "marketplace"), ("楽天市場", "marketplace"), ("TikTok Shop", "marketplace")),
        *(("9900112", None), ("subscription_contract", None), ("shopify_draft_order", None), ("B2B", None), ("iPhone", None), ("Webster Street", None), ("DoorDash - Takeout", "marketplace"), ("Amazonas", None)),
    ],
)  # fmt: skip
def test_a_word_in_any_language_names_its_channel(word, channel):
    assert channel_of_word(word) == channel


def test_the_words_of_a_schema_come_first_and_the_longest_beginning_wins():
    rule = ChannelRule(column="Source", store=["Square *", "web"], web=["Square Online*"])
    assert [channel_of_word(word, rule) for word in ("Web", "square register", "Square Online Site")] == [
        "store",
        "store",
        "web",
    ]


def test_among_the_names_of_stores_a_marketplace_is_known_by_its_whole_name():
    rule = ChannelRule(column="Store", blank="store", other="store")
    words = ("Allegro Music Store", "Amazon.co.uk", "eBay orders", "Webshop NL", "楽天市場")
    assert [channel_of_word(word, rule) for word in words] == [
        "store",
        "marketplace",
        "marketplace",
        "web",
        "marketplace",
    ]


def test_no_word_stands_in_two_classes():
    seen = Counter(fold_value(word) for words in channel_words.WORDS.values() for word in set(words))
    assert [word for word, count in seen.items() if count > 1] == []


@pytest.mark.parametrize(
    ("header", "words", "tells"),
    [
        ("Source", {"POS": 3, "web": 2}, True),
        ("orderSource", {"POS": 3, "web": 2, "9900112": 1}, True),
        ("Source", {"POS": 1, "Gutschein": 4}, False),
        ("Source", {"pos": 1, "web": 1, "9900112": 40}, True),
        ("Source", {"Website": 3, "Walk-in": 2, "Referral": 1}, False),
        ("Lead source", {"Website": 3, "Walk-in": 2}, False),
        ("payment_source", {"online": 3, "pos": 2}, False),
        ("Verkauft in", {"Laden": 3, "Online": 2}, True),
        ("Zahlung", {"online": 3, "Karte": 2}, False),
        ("Verkauft in", {"": 5}, False),
        ("Lieferart", {"in store": 2, "home delivery": 1}, False),
    ],
)
def test_a_column_is_one_of_channels_by_its_words(header, words, tells):
    assert may_tell(header, Counter(words)) is tells


def columns(plan, **samples):
    headers = list(samples)
    found = channel_columns(read_plan({"name": "x", "columns": {}} | plan, "x"), headers, headers, samples)
    return [(column.header, column.sure) for column in found]


def test_a_column_called_a_sales_channel_is_preferred_to_what_values_show():
    guessed = {"from_headers": True}
    assert columns(guessed, Ort=["Laden", "Online"], Vertriebskanal=["B2B"]) == [("Vertriebskanal", True)]
    assert columns(guessed, Ort=["Laden", "Online"], Menge=["1"]) == [("Ort", False)]
    assert columns(guessed, **{"Online order?": ["yes", "no"], "Online": ["12.50"]}) == [("Online order?", False)]


def test_of_a_known_export_only_a_sales_channel_or_what_its_schema_names_is_taken():
    assert columns({}, Ort=["Laden", "Online"], Source=["POS", "web"]) == []
    assert columns({}, **{"Sales Channel": ["POS"]}) == [("Sales Channel", True)]
    assert columns({}, Store=["Main Street", "Webshop"], Product=["Webshop"]) == [("Store", False)]
    assert columns({"channel": {"column": ["Kanal", "Ort"]}}, Ort=["Laden"], Channel=["web"]) == [("Ort", True)]


def test_each_known_export_says_where_its_sales_are_made():
    named = [name for name, plan in known_plans().items() if not plan.refusal]
    assert [name for name in named if '\nchannel = "' not in schema_text(name)] == []
    classes = {name: plan.event.channel for name, plan in known_plans().items()}
    assert {name for name, channel in classes.items() if channel == "marketplace"} >= {
        *("amazon_all_orders", "amazon_buyer_history", "amazon_new_orders", "ebay_orders"),
        *("etsy_items", "etsy_orders", "tiktok_shop_orders"),
    }
    assert {name.split("_")[0] for name, channel in classes.items() if channel == "web"} >= {
        *("bigcommerce", "magento", "magento1", "shopify", "squarespace", "woocommerce"),
    }
    assert {name.split("_")[0] for name, channel in classes.items() if channel == "unknown"} >= {
        *("gocardless", "paypal", "stripe"),
    }
