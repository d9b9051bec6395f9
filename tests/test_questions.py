"""What only the user can tell is asked, all at once, as values; each option that a question names answers it."""

import csv
import shlex

import pytest

import importer
from importer.errors import FileError, NeedsAnswer, UsageError

NOW = "2026-11-23T23:00:00Z"


def checked(folder, *texts, **options):
    files = []
    for number, text in enumerate(texts, start=1):
        files.append(folder / f"sales{number}.csv")
        files[-1].write_text(text, encoding="utf-8")
    summary = importer.check(*files, now=NOW, ledger=folder / "ledger.db", **options)
    return list(csv.DictReader(summary.report.read_text(encoding="utf-8").splitlines()))


def asked(folder, *texts, **options):
    with pytest.raises(NeedsAnswer) as error:
        checked(folder, *texts, **options)
    return error.value.questions


def as_options(*texts):
    found = {}
    for text in texts:
        name, value = shlex.split(text)
        key = name.removeprefix("--").replace("-", "_")
        if key in ("map", "status"):
            found[key] = (*found.get(key, ()), value)
        else:
            found[key] = value
    return found


OPEN = "Order,Date,Email,Total\n1,03/04/2026 10:00,a@example.com,5.00\n2,05/06/2026 10:00,b@example.com,6.00\n"
STRANGE = "Nr,Quux,Zotz,Email\n1,2026-11-20T10:00:00Z,19.90,a@example.com\n2,2026-11-21T10:00:00Z,5.10,b@example.com\n"


def test_all_questions_of_a_file_come_at_once(tmp_path):
    found = asked(tmp_path, OPEN)
    assert [question.kind for question in found] == ["date_order", "zone", "currency"]
    assert {question.file for question in found} == {"sales1.csv"}
    rows = checked(tmp_path, OPEN, **as_options(*(question.options[0] for question in found)))
    assert {row["event_time"] for row in rows} == {"2026-03-04T09:00:00Z", "2026-05-06T08:00:00Z"}


def test_the_questions_of_all_files_come_at_once(tmp_path):
    found = asked(tmp_path, OPEN, STRANGE.replace("Email", "Mail"), date_order="mdy", timezone="UTC")
    assert {question.file for question in found} == {"sales1.csv", "sales2.csv"}


def test_a_column_without_a_known_name_is_offered_by_its_contents(tmp_path):
    found = asked(tmp_path, STRANGE, currency="EUR")
    by_field = {question.field: question.options for question in found}
    assert by_field["event_time"] == ("--map Quux=event_time",)
    assert by_field["value"][0] == "--map Zotz=value"
    rows = checked(tmp_path, STRANGE, currency="EUR", **as_options(*(options[0] for options in by_field.values())))
    assert [(row["status"], row["value"]) for row in rows] == [("ready", "19.90"), ("ready", "5.10")]


def test_a_question_is_plain_values_for_json(tmp_path):
    [question] = asked(tmp_path, OPEN, date_order="mdy", timezone="UTC")
    assert question.as_json() == {
        "file": "sales1.csv",
        "kind": "currency",
        "field": "currency",
        "column": None,
        "values": {},
        "text": 'In which currency are the amounts in the column "Total"? Give its ISO 4217 code, such as',
        "options": ["--currency EUR", "--currency USD"],
    }


def test_a_file_that_no_answer_can_help_says_so(tmp_path):
    with pytest.raises(FileError, match="no column holds the date of the sale"):
        checked(tmp_path, "Nr,Email,Total\n1,a@example.com,5.00\n", currency="EUR")


def test_a_mapped_column_that_no_file_has_is_named_with_the_nearest(tmp_path):
    with pytest.raises(UsageError, match="no file has a column Totl; did you mean Total"):
        checked(tmp_path, OPEN, date_order="mdy", timezone="UTC", currency="EUR", map=["Totl=value"])


def test_a_mapped_column_may_be_in_one_file_only(tmp_path):
    other = OPEN.replace("Total", "Betrag").replace("/2026", "/2025")
    rows = checked(tmp_path, OPEN, other, date_order="mdy", timezone="UTC", currency="EUR", map=["Betrag=value"])
    assert [row["value"] for row in rows] == ["5.00", "6.00", "5.00", "6.00"]


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"map": ["Total"]}, "is not COLUMN=FIELD"),
        ({"map": ["Total=vallue"]}, "did you mean value"),
        ({"status": ["open=paid"]}, "the meaning is one of"),
        ({"rows": "orders"}, "--rows orders is not known"),
        ({"decimal": ","}, "--decimal , is not known"),
    ],
)
def test_an_answer_that_cannot_be_read_is_a_usage_error(tmp_path, options, words):
    with pytest.raises(UsageError, match=words):
        checked(tmp_path, OPEN, **options)


def test_a_column_known_by_its_cells_alone_is_asked_before_sending(tmp_path):
    file = tmp_path / "sales.csv"
    file.write_text(
        "Order,Order date,Emial adress,Order totl\n1,2026-11-20T10:00:00Z,a@example.com,5.00\n", encoding="utf-8"
    )
    given = {"now": NOW, "dataset": "1001", "token": "t", "currency": "EUR", "ledger": tmp_path / "ledger.db"}
    with pytest.raises(NeedsAnswer) as error:
        importer.send(file, **given)
    asked_of = {question.field: question.options for question in error.value.questions}
    assert asked_of["em"] == ("--map 'Emial adress=em'", "--map 'Emial adress=-'")
    with pytest.raises(NeedsAnswer) as error:
        importer.send(file, accept_mapping=True, **given)
    assert {question.field for question in error.value.questions} <= {"event_time", "value", "currency", "order_id"}


def test_a_decimal_comma_may_be_given(tmp_path):
    text = "Order,Date,Email,Total,Currency\n1,2026-11-20T10:00:00Z,a@example.com,1.234,EUR\n"
    [question] = asked(tmp_path, text)
    assert (question.kind, question.column) == ("decimal", "Total")
    assert question.options == ("--decimal point", "--decimal comma")
    assert [row["value"] for row in checked(tmp_path, text, decimal="comma")] == ["1234.00"]
    assert [row["value"] for row in checked(tmp_path, text, decimal="point")] == ["1.234"]


PARTS = "Order,Date,Email,SKU,Qty,Price,Currency\n1,2026-11-20T10:00:00Z,a@example.com,A,2,5.00,EUR\n1,2026-11-20T10:00:00Z,a@example.com,B,1,3.333,EUR\n2,2026-11-20T11:00:00Z,b@example.com,A,-1,5.00,EUR\n"


def test_where_no_column_holds_the_amount_it_may_be_price_times_quantity(tmp_path):
    [question] = asked(tmp_path, PARTS)
    assert (question.field, question.options[0]) == ("value", "--map -=value")
    rows = checked(tmp_path, PARTS, **as_options(question.options[0]))
    assert [(row["value"], row["reason"]) for row in rows] == [
        ("13.33", ""),
        ("13.33", ""),
        ("-5.00", "negative_value"),
    ]


@pytest.mark.parametrize("header", ["UnitPrice", "Unit price", "Price each", "Einzelpreis"])
def test_a_unit_price_beside_a_quantity_and_no_amount_needs_no_answer(tmp_path, header):
    rows = checked(tmp_path, PARTS.replace("Price", header))
    assert [row["value"] for row in rows] == ["13.33", "13.33", "-5.00"]


LINES = "Order,Date,Email,SKU,Amount,Currency\n" + "".join(
    f"{order},2026-11-20T10:00:00Z,a{order}@example.com,{sku},{amount},EUR\n"
    for order, sku, amount in [(1, "A", 5), (1, "B", 5), (2, "A", 7), (2, "B", 8)]
)


def test_lines_that_may_tell_a_total_or_their_own_amounts_are_asked_about(tmp_path):
    [question] = asked(tmp_path, LINES)
    assert question.as_json()["kind"] == "rows"
    assert set(question.options) == {"--rows line-with-total", "--rows line"}
    rows = checked(tmp_path, LINES, rows="line")
    assert [row["value"] for row in rows] == ["10.00", "10.00", "15.00", "15.00"]
    rows = checked(tmp_path, LINES, rows="line-with-total")
    assert [(row["status"], row["reason"]) for row in rows][2:] == [("invalid", "order_totals_differ")] * 2


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Store,Month,Total sales,Orders\nLeeds,2026-10,2000.00,31\n", "The rows are sums"),
        ("Shop,Date,Amount,Number of receipts\nLeeds,2026-11-20,2000.00,31\n", "The rows are sums"),
        ("Order ID,SKU,Quantity,Unit price\n1,A,2,5.00\n", "lines of orders, whose dates stand in another file"),
        ("Order ID,Order date,Customer ID\n1,2026-11-20,C1\n", "Do the amounts stand in another file"),
        ("Customer ID,Name,Email\nC1,Ann,a@example.com\n", "customers, not sales.*--customers"),
    ],
)
def test_a_table_that_holds_no_sales_is_told_what_it_is_and_what_to_export(tmp_path, text, words):
    with pytest.raises(FileError, match=words):
        checked(tmp_path, text, currency="EUR")


@pytest.mark.parametrize("cells", ["", "n/a", "gift"])
def test_an_amount_without_a_number_is_no_amount_beside_one_that_has_them(tmp_path, cells):
    text = "Order,Date,Email,Total Amount,Amount,Tax,Amount Net,Currency\n" + "".join(
        f"{n},2026-11-20T10:00:00Z,a{n}@example.com,{cells},1{n}.00,2.00,{n + 8}.00,EUR\n" for n in range(4)
    )
    assert [row["value"] for row in checked(tmp_path, text, rows="order")] == [f"1{n}.00" for n in range(4)]


def test_a_refunded_amount_of_mostly_zeros_is_no_flag(tmp_path):
    text = "Order,Date,Email,Total,Currency,已退款金額\n" + "".join(
        f"{n},2026-11-20T10:00:00Z,a{n}@example.com,15.00,EUR,{refunded}\n"
        for n, refunded in enumerate(["0", "0", "15.00", "4.00"])
    )
    assert [row["reason"] for row in checked(tmp_path, text)] == ["", "", "refunded", ""]
