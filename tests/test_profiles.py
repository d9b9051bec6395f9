"""Profiles of capi-import.toml: where they are read from, what wins, what is wrong with them."""

from dataclasses import fields
from pathlib import Path

import pytest

import importer
from importer.errors import UsageError
from importer.profiles import KEYS, profile_options
from importer.secret import Secret
from importer.settings import Settings, read_access, read_settings

BERLIN = """
[profile.berlin]
dataset = "1001"
token_file = "secrets/berlin.token"
timezone = "Europe/Berlin"
currency = "EUR"
map = ["Betrag=value", "Mail=em"]
status = {offen = "unpaid", neu = "unpaid"}
batch_size = 10
ldu = true
"""


@pytest.fixture
def here(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.setenv("HOME", str(tmp_path))
    (tmp_path / "secrets").mkdir()
    (tmp_path / "secrets" / "berlin.token").write_text("tok\n", encoding="utf-8")
    (tmp_path / "capi-import.toml").write_text(BERLIN, encoding="utf-8")
    return tmp_path


def users(here, text):
    folder = here / "config" / "capi-import"
    folder.mkdir(parents=True)
    (folder / "capi-import.toml").write_text(text, encoding="utf-8")
    return folder


def read(environ=None, **options):
    return read_settings(("a.csv",), options, environ or {})


def test_a_profile_fills_what_no_option_says(here):
    told = read(profile="berlin", currency="usd")
    assert (told.dataset, told.timezone, told.currency) == ("1001", "Europe/Berlin", "USD")
    assert (told.batch_size, told.ldu, told.token) == (10, True, Secret("tok"))
    assert told.map == (("Betrag", "value"), ("Mail", "em"))
    assert told.status == ("offen=unpaid", "neu=unpaid")


def test_a_profile_that_is_named_wins_over_the_environment(here):
    environ = {"CAPI_DATASET_ID": "2002", "CAPI_ACCESS_TOKEN": "other"}
    told = read(environ, profile="berlin")
    assert (told.dataset, told.token) == ("1001", Secret("tok"))
    assert read(environ, profile="berlin", token="given").token == Secret("given")


def test_a_given_answer_replaces_the_profiles_answer_and_leaves_the_others(here):
    told = read(profile="berlin", map=("Netto=value", "Privat=em"), status=("neu=sale",))
    assert told.map == (("Netto", "value"), ("Privat", "em"), ("Mail", "em"))
    assert told.status == ("neu=sale", "offen=unpaid")


def test_a_sheet_that_is_given_wins_over_all_sheets_of_the_profile(here):
    Path("capi-import.toml").write_text("[profile.a]\nall_sheets = true\n", encoding="utf-8")
    assert (read(profile="a", sheet="2").sheet, read(profile="a", sheet="2").all_sheets) == ("2", False)


def test_the_users_file_counts_where_there_is_none_here_and_paths_are_relative_to_it(here):
    folder = users(here, '[profile.home]\ndataset = 7\ntoken_file = "t"\nschema = "mine.toml"\nledger = "~/l.db"\n')
    with pytest.raises(UsageError, match="has no profile home; it has berlin"):
        profile_options("home")
    Path("capi-import.toml").unlink()
    told = profile_options("home")
    assert told == {
        "dataset": "7",
        "token_file": folder / "t",
        "schema": str(folder / "mine.toml"),
        "ledger": here / "l.db",
    }


def test_a_schema_by_name_stays_a_name(here):
    Path("capi-import.toml").write_text('[profile.a]\nschema = "odoo_pos"\n', encoding="utf-8")
    assert profile_options("a") == {"schema": "odoo_pos"}


def test_other_commands_take_their_part_of_a_profile(here):
    access = read_access({"profile": "berlin"}, {})
    assert (access.dataset, access.token) == ("1001", Secret("tok"))


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("[profile.a]\ncurency = 'EUR'\n", "the key curency is not known; did you mean currency?"),
        ("[profil.a]\n", "the key profil is not known; did you mean profile?"),
        ("[profile]\na = 1\n", "options stand under"),
        ("[profile.a]\ntoken = 'x'\n", "token_file"),
        ("[profile.a]\nldu = 'yes'\n", "ldu must be true or false"),
        ("[profile.a]\nbatch_size = '7'\n", "batch_size must be a whole number"),
        ("[profile.a]\nmap = [1]\n", "map must be a list of texts"),
        ("[profile.a]\ncurrency = ['EUR']\n", "currency must be a text"),
        ("[profile.a]\ncurrency = 'EURO'\n", "--currency EURO"),
        ("[profile.b]\n", "has no profile a; it has b."),
        ("[profile.aa]\n", "did you mean aa?"),
        ("", "has no profile a"),
        ("[profile.a\n", "not valid TOML"),
    ],
)
def test_what_is_wrong_with_a_profile_is_one_sentence(here, text, words):
    Path("capi-import.toml").write_text(text, encoding="utf-8")
    with pytest.raises(UsageError) as error:
        read(profile="a")
    assert words in str(error.value)
    assert "\n" not in str(error.value)


def test_without_any_file_the_way_to_one_is_told(here):
    Path("capi-import.toml").unlink()
    with pytest.raises(UsageError, match="capi-import init"):
        read(profile="berlin")


def test_every_option_may_stand_in_a_profile():
    told = {entry.name for entry in fields(Settings)} - {
        "files",
        "token",
        "app_secret",
        "keep_rejected",
    }  # which only Python takes
    told -= {"report_target", "edits_file", "stores", "tokens"}  # made of other options
    assert told <= KEYS.keys()


def test_python_takes_a_profile_too(here):
    Path("capi-import.toml").write_text(BERLIN.replace("map =", "# map ="), encoding="utf-8")
    (here / "sales.csv").write_text(
        "Order ID,Date,Email,Total\n1,2026-11-20 10:00,ada@example.com,5\n", encoding="utf-8"
    )
    summary = importer.check("sales.csv", profile="berlin", now="2026-11-23T23:00:00Z")
    assert summary.value == {"EUR": 5}
    assert summary.dataset == "1001"
