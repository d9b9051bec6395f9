import pytest
from raws import binding, raw

from importer.core.binding import Answers
from importer.core.line_layout import infer
from importer.core.survey import survey
from importer.errors import NeedsAnswer

ITEMS = {"items": {"id": "sku", "quantity": "qty", "item_price": "price"}}
ANSWERS = Answers(zone="UTC", date_order="mdy")


def layout(cells, **plan):
    batch = raw({"date": ["2026-11-01"] * len(cells["id"]), **cells})
    bound = binding(batch, **plan)
    repeated = survey([batch], bound).repeated_ids
    if not len(repeated):  # then nothing is to be inferred
        return "orders", "once"
    found = infer([batch], bound, ANSWERS, repeated)
    return found.rows, found.total


def receipts(*amounts, header="amount"):
    """A file of sales, each with its lines' amounts; customers and dates are those of the receipt."""
    lines = [(f"R{number}", amount) for number, each in enumerate(amounts) for amount in each]
    columns = {"id": [one for one, _ in lines], header: [str(amount) for _, amount in lines]}
    columns["sku"] = [f"S{place}" for place in range(len(lines))]
    fields = {"order_id": "id", "event_time": "date", "value": header, "content_ids": "sku"}
    return {"columns": columns, "plan": {"columns": fields}}


def of(file):
    return layout(file["columns"], **file["plan"])


@pytest.mark.parametrize(
    ("columns", "plan", "expected"),
    [
        ({"id": ["1", "2"], "total": ["5", "5"]}, {}, ("orders", "once")),
        ({"id": ["1", "1"], "total": ["5", "5"]}, {}, ("orders", "once")),
        ({"id": ["1", "1"], "total": ["5", "7"]}, {}, ("lines", "sum")),
        ({"id": ["1", "2", "1"], "total": ["5", "9", "7"]}, {}, ("lines", "sum")),
        (
            {"id": ["1", "1"], "total": ["5", "5"], "sku": ["A", "B"], "qty": ["1", "1"], "price": ["2", "3"]},
            ITEMS,
            ("lines", "once"),
        ),
        (
            {"id": ["1", "1"], "total": ["5", "5"], "sku": ["A", "B"], "qty": ["1", "1"], "price": ["5", "5"]},
            ITEMS,
            ("lines", "sum"),
        ),
        ({"id": [None, None], "total": ["5", "7"]}, {}, ("orders", "once")),
    ],
)
def test_repeated_order_ids_tell_lines_from_orders(columns, plan, expected):
    assert layout(columns, **plan) == expected


REPEATED = [[20 + number] * 3 for number in range(20)]


@pytest.mark.parametrize("odd", [[27, 27, 99], [27, 27, 27.02], [27, 27, -27], [27, 5]])
def test_one_odd_receipt_changes_nothing_for_all_others(odd):
    assert of(receipts(*REPEATED, odd)) == ("lines", "once")


@pytest.mark.parametrize("odd", [[8, 8], [8, 8, 8]])
def test_lines_that_happen_to_cost_the_same_stay_lines(odd):
    assert of(receipts(*([number, number + 3] for number in range(10)), odd)) == ("lines", "sum")


@pytest.mark.parametrize(
    ("amounts", "likely"),
    [
        (([5, 5], [7, 8]), "--rows line-with-total"),
        (([5, 5], [6, 6], [7, 7], [8, 9]), "--rows line-with-total"),
        (([25, 25], [25, 25], [25, 25], [25, 25]), "--rows line-with-total"),
        (([5, 5],), "--rows line-with-total"),
        (([5, 5], [6, 6], [7, 7], [8, 9], [8, 9], [8, 9], [8, 9]), "--rows line"),
    ],
)
def test_where_no_majority_is_clear_the_user_is_asked(amounts, likely):
    with pytest.raises(NeedsAnswer) as error:
        of(receipts(*amounts))
    [question] = error.value.questions
    assert (question.kind, question.column, question.options[0]) == ("rows", "amount", likely)


@pytest.mark.parametrize(
    ("header", "expected"),
    [("Receipt total", "once"), ("Gesamtsumme Rechnung", "once"), ("Line total", "sum"), ("Item amount", "sum")],
)
def test_a_header_that_says_whose_amount_it_is_settles_it(header, expected):
    assert of(receipts([5, 5], [6, 6], [7, 8], header=header)) == ("lines", expected)


def test_a_few_corrected_rows_among_many_orders_make_no_lines():
    columns = {"id": [f"R{number}" for number in range(20)] + ["R3"], "total": [str(n) for n in range(20)] + ["9"]}
    assert layout(columns) == ("lines", "once")


def test_strangers_under_one_id_are_no_lines():
    columns = {
        "id": ["1", "1", "2", "2"],
        "total": ["5", "7", "6", "6"],
        "who": ["a@x.com", "b@x.com", "c@x.com", "d@x.com"],
    }
    fields = {"order_id": "id", "event_time": "date", "value": "total", "em": "who"}
    assert layout(columns, columns=fields) == ("orders", "once")


def test_numbers_that_start_again_each_day_are_no_lines():
    columns = {
        "id": ["1", "2", "1", "2"],
        "total": ["5", "7", "6", "6"],
        "date": ["01/11/2026"] * 2 + ["02/11/2026"] * 2,
    }
    assert layout(columns) == ("orders", "once")
