"""What the user says of a column, a word or the rows goes before what the schema says."""

from raws import raw

from importer.core.binding import bind
from importer.core.kernels.arrays import nulls
from importer.core.model import MONEY
from importer.core.plan import read_plan
from importer.core.sales import verdicts
from importer.core.user_answers import UserAnswers, apply

HEADERS = ["Nr", "Sold", "Betrag", "Netto", "Mail", "Mail 2", "Art", "Stand"]
PLAN = read_plan(
    {
        "name": "till",
        "columns": {"order_id": "Nr", "event_time": "Sold", "value": ["Netto", "Betrag"], "em": "Mail"},
        "items": {"id": "Art"},
        "sale": [{"column": "Stand", "sale": ["ok"], "cancelled": ["weg"]}],
    },
    "a test",
)


def applied(*columns, words=(), rows=None):
    return apply(PLAN, HEADERS, UserAnswers(tuple(tuple(c.rsplit("=", 1)) for c in columns), tuple(words), rows))


def test_a_mapped_column_fills_its_field_alone():
    plan, unknown = applied("betrag=value")
    assert plan.columns["value"].headers == ("Betrag",)
    assert unknown == frozenset()


def test_a_column_that_fills_nothing_leaves_the_others():
    plan, _ = applied("Netto=-")
    assert plan.columns["value"].headers == ("Betrag",)
    assert "em" not in applied("Mail=-")[0].columns


def test_a_field_that_no_column_holds_is_empty():
    assert "value" not in applied("-=value")[0].columns


def test_a_column_has_one_meaning():
    plan, _ = applied("Nr=external_id", "Art=content_name")
    assert "order_id" not in plan.columns
    assert plan.columns["external_id"].headers == ("Nr",)
    assert plan.items == {}


def test_of_several_columns_all_addresses_are_sent_and_else_the_first_filled_one():
    plan, _ = applied("Mail=em", "Mail 2=em", "Netto=value", "Betrag=value")
    assert (plan.columns["em"].headers, plan.columns["em"].take) == (("Mail", "Mail 2"), "all")
    assert (plan.columns["value"].headers, plan.columns["value"].take) == (("Netto", "Betrag"), "first")


def test_item_fields_are_items():
    assert applied("Netto=item_price")[0].items["item_price"].headers == ("Netto",)


def test_columns_that_the_file_lacks_are_told():
    assert applied("Total=value", "Mail=em")[1] == {"Total"}


def test_rows_are_what_the_user_says():
    layouts = {rows: applied(rows=rows)[0].orders for rows in ("order", "line", "line-with-total")}
    assert [(layout.rows, layout.total) for layout in layouts.values()] == [
        ("orders", "once"),
        ("lines", "sum"),
        ("lines", "once"),
    ]


def meanings(plan, words, column="Stand"):
    batch = raw({header: words if header == column else ["ok"] * len(words) for header in HEADERS})
    bound = bind(plan, HEADERS, HEADERS)
    return verdicts(batch, bound, nulls(len(words), MONEY), {}).to_pylist()


def test_a_word_means_what_the_user_says():
    plan, _ = applied(words=["offen=unpaid", "weg=sale"])
    assert meanings(plan, ["ok", "weg", "OFFEN", "neu"]) == [None, None, "unpaid", "unknown_status"]


def test_a_word_may_be_of_one_column_and_a_blank_cell_is_the_empty_word():
    plan, _ = applied(words=["Art:Gutschein=not_a_sale", "Art:Ware=sale", "Stand:=unpaid"])
    assert meanings(plan, ["Gutschein", "Ware", "Tüte"], "Art") == ["not_a_sale", None, "unknown_status"]
    assert meanings(plan, ["ok", None, "Gutschein"]) == ["unknown_status", "unpaid", "unknown_status"]


def test_a_column_mapped_as_status_is_read_by_the_known_words():
    plan, _ = applied("Art=status")
    assert meanings(plan, ["refunded", "paid", "zonked"], "Art") == ["refunded", None, "unknown_status"]
