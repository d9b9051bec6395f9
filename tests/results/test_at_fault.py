"""The report's sentences name the user's own columns and words, and nothing that could be a customer's."""

import csv
from pathlib import Path

import pytest

import importer

SCHEMA = """name = "till"
[columns]
order_id = "Bon"
event_time = "Datum"
value = "Betrag"
currency = "Waehrung"
em = "E-Mail"
[[sale]]
column = "Status"
sale = ["bezahlt"]
"""
GOOD = {
    "Bon": "1",
    "Datum": "2026-11-20 10:00",
    "Betrag": "5,00",
    "Waehrung": "EUR",
    "E-Mail": "a{n}@example.com",
    "Status": "bezahlt",
}
OPTIONS = {
    "now": "2026-11-23T23:00:00Z",
    "timezone": "Europe/Berlin",
    "country": "DE",
    "date_order": "ymd",
    "decimal": "comma",
}


@pytest.fixture
def told(tmp_path, monkeypatch):
    """Return a function that gives the messages of rows with some other cells."""
    monkeypatch.chdir(tmp_path)
    Path("till.toml").write_text(SCHEMA, encoding="utf-8")

    def messages(*rows):
        with Path("till.csv").open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, GOOD)
            writer.writeheader()
            for number, row in enumerate(({}, *rows)):
                cells = {name: text.format(n=number) for name, text in GOOD.items()} | {"Bon": str(number)}
                writer.writerow(cells | row)
        importer.check("till.csv", schema="till.toml", report="r.csv", **OPTIONS)
        with Path("r.csv").open(encoding="utf-8", newline="") as file:
            return [row["message"] for row in csv.DictReader(file)][1:]

    return messages


@pytest.mark.parametrize(
    ("cells", "message"),
    [
        (
            {"Datum": "soon"},
            'The date of the sale in the column "Datum" is not a valid date; write it like 2026-10-31 14:05:00.',
        ),
        ({"Datum": ""}, 'The date of the sale is missing in the column "Datum"; fill it.'),
        (
            {"Betrag": "much"},
            (
                'The amount in the column "Betrag" is not a valid number; '
                "write it like 1234.50, or 1234,50 where the others have a comma."
            ),
        ),
        (
            {"Waehrung": "Taler"},
            'The currency in the column "Waehrung" is not a valid ISO 4217 code; write three letters such as EUR.',
        ),
        (
            {"E-Mail": ""},
            'The row names no customer that Meta could match; add an e-mail or a phone number in the column "E-Mail".',
        ),
        (
            {"Status": "gebongt"},
            'The word "gebongt" in the column "Status" is not known (this row alone); say what it means: --status gebongt=unpaid.',
        ),
    ],
)
def test_the_column_is_named(told, cells, message):
    assert told(cells) == [message]


def test_an_unknown_word_is_told_with_its_count_its_first_line_and_an_option_to_paste(told):
    messages = told({"Status": "zur Ansicht"}, {}, {"Status": "zur Ansicht"})
    text = (
        'The word "zur Ansicht" in the column "Status" is not known (2 rows, the first in line 3); say what it means: '
    )
    assert messages == [text + "--status 'zur Ansicht=unpaid'.", "", text + "--status 'zur Ansicht=unpaid'."]


@pytest.mark.parametrize("word", ["ada@example.com", "+49 151 23456789", "Mia Braun", "4111111111111111", "x" * 51])
def test_what_could_be_a_customers_is_not_quoted(told, word):
    assert told({"Status": word}) == [
        'The status in the column "Status" is not known; say what its word means with --status WORD=MEANING.'
    ]


def test_a_column_of_many_different_words_is_not_quoted(told):
    messages = told(*({"Status": "w" + "abcdefghij"[n // 10] + "abcdefghij"[n % 10]} for n in range(60)))
    assert all('The status in the column "Status"' in message for message in messages)
