"""What is mistyped, or does not fit, is answered with what was meant; commands that are shown can be pasted."""

import json
import shlex
from pathlib import Path

import openpyxl
import pytest
from click.testing import CliRunner

import importer
from importer.cli import cli
from importer.errors import CapiImportError, FileError, NeedsAnswer, SchemaError, UsageError

ODOO = """Order Ref,Session,Date,Point of Sale,Receipt Number,Customer,Customer/Email,Cashier,Total,Status
Main/1,P/1,2026-11-20 10:00:00,Main,Order 1,Ada Example,ada@example.com,Bo,12.50,Paid
"""
NOW = "2026-11-23T23:00:00Z"


@pytest.fixture
def here(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    Path("odoo pos.csv").write_text(ODOO, encoding="utf-8")
    return tmp_path


def refused(kind=CapiImportError, **options):
    with pytest.raises(kind) as error:
        importer.check("odoo pos.csv", now=NOW, **options)
    return str(error.value)


@pytest.mark.parametrize(
    ("name", "meant"), [("shopify", "shopify_orders"), ("odoo", "odoo_pos"), ("shopify_order", "shopify_orders")]
)
def test_a_schema_that_is_not_known_is_answered_with_the_nearest(here, name, meant):
    assert f"did you mean {meant}" in refused(UsageError, schema=name)


def test_the_schema_of_another_system_is_told_with_the_columns_that_are_missing(here):
    message = refused(FileError, schema="shopify_orders")
    assert message.startswith("odoo pos.csv does not fit the schema shopify_orders: it lacks the columns")
    assert '"Created at"' in message
    assert message.endswith("It is known as odoo_pos: leave --schema out, or give --schema odoo_pos.")


def test_a_column_that_an_own_schema_names_and_the_file_lacks_is_named_in_the_question(here):
    Path("own.toml").write_text('name = "own"\n[columns]\nevent_time = "Sold at"\nvalue = "Total"\n', encoding="utf-8")
    with pytest.raises(NeedsAnswer) as error:
        importer.check("odoo pos.csv", schema="own.toml", now=NOW, currency="EUR", timezone="Europe/Berlin")
    question = error.value.questions[0]
    assert question.text.startswith('It lacks the column "Sold at" of the schema own.toml: which column holds the date')
    assert question.options == ("--map Date=event_time",)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("[time]\nzon = 'x'\n", "the key time.zon is not known; did you mean zone?"),
        ("[mony]\ncurrency = 'EUR'\n", "the key mony is not known; did you mean money?"),
        ("[[sale]]\ncolumn = 'a'\nrefundet = ['x']\n", "refundet is not known; did you mean refunded?"),
        ("[zzz]\na = 1\n", "the key zzz is not known; remove it or correct its name."),
    ],
)
def test_an_unknown_key_of_a_schema_is_answered_with_the_nearest(here, text, words):
    Path("own.toml").write_text(f'name = "own"\n{text}[columns]\nvalue = "Total"\n', encoding="utf-8")
    assert words in refused(SchemaError, schema="own.toml")


def columns(*arguments):
    return CliRunner().invoke(cli, ["columns", *arguments], prog_name="capi-import").output


def test_the_command_that_columns_shows_can_be_pasted(here):
    book = openpyxl.Workbook()
    book.active.title = "Week 47"
    for line in ODOO.splitlines():
        book.active.append(line.split(","))
    book.save("my till.xlsx")
    shown = columns("my till.xlsx", "--save", "own schema.toml").splitlines()[-1].removeprefix("Next: ")
    words = shlex.split(shown)
    assert words == ["capi-import", "check", "my till.xlsx", "--sheet", "Week 47", "--schema", "own schema.toml"]
    done = CliRunner().invoke(
        cli, [*words[1:], "--currency", "EUR", "--timezone", "Europe/Berlin", "--now", NOW, "--json"]
    )
    assert json.loads(done.output.splitlines()[-1])["rows"]["ready"] == 1


def test_a_file_without_rows_lacks_rows_and_no_column(here):
    Path("sales.csv").write_text("Datum,Betrag,Mail\n", encoding="utf-8")
    assert importer.columns("sales.csv").missing == ("rows; there are none below the header",)


@pytest.mark.parametrize(
    ("text", "options", "lacks"),
    [
        ("Datum,Kunde\n2026-11-11,Bo\n", {}, ["no column holds its amount", "an e-mail or phone column"]),
        ("Datum,Betrag EUR,E-Mail\n2026-11-11 10:00Z,5,bo@example.com\n", {}, []),
        ("Datum,Betrag,E-Mail\n2026-11-11T10:00:00Z,5,bo@example.com\n", {}, ["a currency (--currency)"]),
        ("Datum,Betrag,E-Mail\n2026-11-11T10:00:00Z,5,bo@example.com\n", {"currency": "EUR"}, []),
    ],
)
def test_columns_and_check_agree_on_what_is_missing(here, text, options, lacks):
    Path("sales.csv").write_text(text, encoding="utf-8")
    found = importer.columns("sales.csv", **options).missing
    assert len(found) == len(lacks)
    assert all(lack.startswith(words) for lack, words in zip(found, lacks, strict=True))
    if not lacks:
        assert importer.check("sales.csv", now=NOW, **options).rows["ready"] == 1
        return
    with pytest.raises(CapiImportError) as error:
        importer.check("sales.csv", now=NOW, **options)
    assert found[0] in str(error.value) or "In which currency" in str(error.value)


def test_verbose_says_how_a_file_was_understood(here, caplog):
    caplog.set_level("INFO", "importer")
    importer.check("odoo pos.csv", now=NOW, currency="EUR", timezone="Europe/Berlin")
    (line,) = [record.getMessage() for record in caplog.records if record.levelname == "INFO"]
    assert line.startswith("odoo pos.csv: csv, UTF-8, comma")
    assert "schema odoo_pos; 1 row, " in line
    assert "Total=value" in line
    assert "time zone Europe/Berlin" in line
    assert "ada" not in line
