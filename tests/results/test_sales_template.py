"""The template: filled in by its user in each language, it is understood with nothing told but the time zone."""

from __future__ import annotations

import csv
import shlex
import stat
import subprocess
import sys
from datetime import date, datetime
from hashlib import sha256

import openpyxl
import pytest
from truth import journey

import importer
from importer.core.understanding.lexicon import lexicon
from importer.errors import FileError, UsageError
from importer.results.sales_template.template_texts import languages, texts_in
from importer.results.sales_template.template_workbook import COLUMNS, CURRENCIES

NOW = datetime.fromisoformat("2026-11-23T23:00:00+00:00")
MEANINGS = ("sale", "unpaid", "cancelled", "refunded")
FULL = {
    "order_id": "1042", "event_time": datetime(2026, 11, 20, 14, 5), "value": 49.9, "currency": "EUR",  # noqa: DTZ001
    "em": "anna@example.com", "ph": "+49 30 23125042", "fn": "Anna", "ln": "Muster", "ct": "Dresden", "zp": "01067",
    "country": "DE", "db": date(1980, 4, 3), "external_id": "K-17",
}  # fmt: skip
HALF = {
    "order_id": 1043, "event_time": date(2026, 11, 21), "value": 120, "currency": "EUR", "ph": 493023125043,
    "fn": "Ben", "ct": "Leipzig", "country": "DE",
}  # fmt: skip


@pytest.fixture
def filled(tmp_path):
    """Fill rows into a template as a spreadsheet does; the status of a row is the word for its meaning."""

    def fill(lang, *rows):
        path = importer.template(tmp_path / f"{lang}.xlsx", lang=lang)
        book = openpyxl.load_workbook(path)
        for number, row in enumerate(rows, start=2):
            cells = row | ({"status": languages()[lang].status[row["status"]]} if "status" in row else {})
            for place, field in enumerate(COLUMNS, start=1):
                if cells.get(field) is not None:
                    book.worksheets[0].cell(number, place).value = cells[field]
        book.save(path)
        return path

    return fill


def checked(path, **options):
    summary = importer.check(path, timezone="Europe/Berlin", now=NOW, ledger=path.with_name("ledger.db"), **options)
    return summary, list(csv.DictReader(summary.report.read_text(encoding="utf-8").splitlines()))


@pytest.mark.parametrize("lang", languages())
def test_a_filled_template_is_understood_with_certainty_and_asks_nothing(filled, lang):
    found = importer.columns(
        filled(lang, FULL | {"status": "sale"}, HALF | {"status": "sale"}), timezone="Europe/Berlin"
    )
    assert found.sheet == languages()[lang].sheets[0]
    wanted = {languages()[lang].columns[field][0]: field for field in COLUMNS}
    filter_of = {"status": "sale filter"}
    assert [(column.header, column.fields, column.confidence) for column in found.columns] == [
        (header, (filter_of.get(field, field),), "certain") for header, field in wanted.items()
    ]
    assert found.questions == ()
    assert found.missing == ()


@pytest.mark.parametrize("lang", languages())
def test_each_row_of_a_filled_template_ends_as_its_status_says(filled, lang):
    rows = [
        FULL | {"order_id": f"00{n}", "em": f"anna{n}@example.com", "external_id": f"K-{n}", "status": status}
        for n, status in enumerate(MEANINGS, start=1)
    ]
    summary, report = checked(filled(lang, *rows, HALF | {"status": "sale"}))
    assert [row["reason"] or row["status"] for row in report] == ["ready", *MEANINGS[1:], "ready"]
    assert report[0]["order_id"] == "001"
    assert report[0]["event_time"] == "2026-11-20T13:05:00Z"
    assert report[0]["match_keys"] == "em+ph+fn+ln+db+ct+zp+country+external_id"
    assert report[-1]["match_keys"] == "ph+fn+ct+country"
    assert not any(row["warnings"] for row in report)
    assert not summary.questions
    assert not summary.notices[1:]  # the first says that there is no ledger yet


@pytest.mark.parametrize("lang", languages())
def test_a_template_with_few_columns_filled_asks_nothing(filled, lang):
    rows = [
        {name: row.get(name) for name in ("event_time", "value", "currency", "ph", "country")} for row in (FULL, HALF)
    ]
    summary, report = checked(filled(lang, *rows))
    assert [row["status"] for row in report] == ["ready", "ready"]
    assert not summary.questions


@pytest.mark.parametrize("lang", languages())
def test_a_status_that_was_left_blank_is_a_sale(filled, lang):
    summary, report = checked(
        filled(lang, FULL | {"status": "sale"}, HALF, HALF | {"order_id": 1044, "status": "refunded"})
    )
    assert [row["reason"] or row["status"] for row in report] == ["ready", "ready", "refunded"]
    assert not summary.questions


def test_phones_and_postcodes_of_a_template_arrive_as_they_were_typed(filled, tmp_path):
    path = filled("de", FULL | {"status": "sale"}, HALF | {"status": "sale"})
    went = journey(path, tmp_path, {"timezone": "Europe/Berlin"})
    (anna,), (ben,) = went.events["1042"], went.events["1043"]
    assert anna["user_data"]["ph"] == [sha256(b"493023125042").hexdigest()]
    assert ben["user_data"]["ph"] == [sha256(b"493023125043").hexdigest()]
    assert anna["user_data"]["zp"] == [sha256(b"01067").hexdigest()]
    assert anna["user_data"]["db"] == [sha256(b"19800403").hexdigest()]
    assert anna["custom_data"]["value"] == 49.9


@pytest.mark.parametrize("lang", languages())
def test_the_words_of_a_language_are_complete_and_fit_into_a_workbook(lang):
    texts = languages()[lang]
    assert [*texts.columns] == [*COLUMNS]
    assert len({header for header, _ in texts.columns.values()}) == len(COLUMNS)
    assert {lexicon().status(word): meaning for meaning, word in texts.status.items()} == {one: one for one in MEANINGS}
    assert all(len(name) <= 31 for name in texts.sheets)
    assert len(",".join(texts.status.values())) <= 255
    assert all([*texts.intro, *texts.headings, texts.name, texts.english])


def test_statuses_and_currencies_are_drop_downs_and_ids_are_text(tmp_path):
    sheet = openpyxl.load_workbook(importer.template(tmp_path / "x.xlsx", lang="fr")).worksheets[0]
    lists = {str(rule.sqref): rule for rule in sheet.data_validations.dataValidation if rule.type == "list"}
    assert lists["E2:E1048576"].formula1 == '"Payé,Impayé,Annulé,Remboursé"'
    assert lists["D2:D1048576"].formula1 == f'"{",".join(CURRENCIES)}"'
    assert len(lists["D2:D1048576"].formula1) <= 257
    assert not lists["D2:D1048576"].showErrorMessage  # another currency may be typed
    assert sheet.freeze_panes == "A2"
    forms = {field: sheet.column_dimensions[chr(ord("A") + place)].number_format for place, field in enumerate(COLUMNS)}
    assert {field for field, form in forms.items() if form == "@"} >= {"order_id", "ph", "zp", "external_id"}
    assert forms["event_time"] == "yyyy-mm-dd hh:mm"


def test_the_second_sheet_explains_every_column(tmp_path):
    path = importer.template(tmp_path / "my sales.xlsx", lang="nl")
    cells = [str(cell.value) for row in openpyxl.load_workbook(path).worksheets[1] for cell in row if cell.value]
    assert all(words in cells for column in languages()["nl"].columns.values() for words in column)
    assert "capi-import check 'my sales.xlsx' --timezone Europe/Amsterdam" in cells


def test_a_template_never_takes_the_place_of_a_file(tmp_path):
    path = tmp_path / "sales.xlsx"
    path.write_bytes(b"mine")
    with pytest.raises(UsageError, match=r"sales\.xlsx exists already"):
        importer.template(path)
    assert path.read_bytes() == b"mine"


def test_a_template_is_an_excel_workbook_in_a_folder_that_exists(tmp_path):
    with pytest.raises(UsageError, match=r"must end in \.xlsx"):
        importer.template(tmp_path / "sales.csv")
    with pytest.raises(FileError, match="does not exist"):
        importer.template(tmp_path / "none" / "sales.xlsx")
    assert list(tmp_path.iterdir()) == []


def test_a_template_is_readable_by_its_owner_only(tmp_path):
    assert stat.S_IMODE(importer.template(tmp_path / "sales.xlsx").stat().st_mode) == 0o600


@pytest.mark.parametrize("lang", ["de", "DE", "de-AT", "de_DE.UTF-8", "German", "deutsch"])
def test_a_language_is_known_by_its_code_and_by_its_name(lang):
    assert texts_in(lang).name == "Deutsch"


@pytest.mark.parametrize(
    ("lang", "hint"), [("germn", "did you mean --lang de"), ("xx", "there are cs, da, de, el, en")]
)
def test_a_language_without_a_template_is_answered_with_the_nearest_or_the_list(tmp_path, lang, hint):
    with pytest.raises(UsageError, match=hint):
        importer.template(tmp_path / "x.xlsx", lang=lang)


def ran(folder, *words):
    done = subprocess.run(
        [sys.executable, "-m", "importer", *words], cwd=folder, capture_output=True, encoding="utf-8", check=False
    )
    return done.returncode, done.stdout, done.stderr


def test_the_command_writes_once_and_prints_a_command_that_can_be_pasted(tmp_path):
    code, told, _ = ran(tmp_path, "template", "--lang", "fr", "-o", "mes ventes.xlsx")
    assert code == 0
    program, *words = shlex.split(told.splitlines()[-1])
    assert (program, *words) == ("capi-import", "check", "mes ventes.xlsx", "--timezone", "Europe/Paris")
    code, told, _ = ran(tmp_path, *words, "--ledger", "ledger.db")
    assert (code, told.splitlines()[0]) == (0, "There are no rows in mes ventes.xlsx.")
    code, _, error = ran(tmp_path, "template", "-o", "mes ventes.xlsx")
    assert (code, error) == (2, "Error: mes ventes.xlsx exists already and may hold sales; give another name.\n")
    code, _, error = ran(tmp_path, "template", "--lang", "klingon", "-o", "x.xlsx")
    assert code == 2
    assert error.startswith("Error: There is no template in the language klingon; there are cs, da,")
