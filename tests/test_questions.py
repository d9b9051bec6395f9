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
        "text": "In which currency are its amounts? Give its ISO 4217 code, such as",
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
    assert [row["reason"] for row in checked(tmp_path, text)] == ["ambiguous_value"]
    assert [row["value"] for row in checked(tmp_path, text, decimal="comma")] == ["1234.00"]
    assert [row["value"] for row in checked(tmp_path, text, decimal="point")] == ["1.234"]
