"""`init`: a first capi-import.toml by asking."""

import stat
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from at_a_terminal import at_a_terminal

import importer
from importer.commands.init import country_of
from importer.errors import UsageError

ANSWERS = [
    ("Name of the profile", "berlin"),
    ("Dataset id", "12 34"),
    ("digits only", "1234567890"),
    ("File with the access token", "EAA" + "x" * 100),
    ("the token itself", "secrets/token"),
    ("Time zone", "Berlin"),
    ("not an IANA zone", "Europe/Berlin"),
    ("Currency", "EURO"),
    ("three letters", "eur"),
    ("Country", "de"),
]
BERLIN = {
    "dataset": "1234567890",
    "token_file": "secrets/token",
    "timezone": "Europe/Berlin",
    "currency": "EUR",
    "country": "DE",
}


@pytest.fixture
def here(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    return tmp_path


def written():
    return tomllib.loads(Path("capi-import.toml").read_text(encoding="utf-8"))


@pytest.mark.parametrize("columns", [60, 80])
def test_what_is_asked_and_checked_is_written_and_never_a_token(here, columns):
    code, shown = at_a_terminal("init", answers=ANSWERS, columns=columns)
    assert code == 0
    assert written() == {"profile": {"berlin": BERLIN}}
    assert "capi-import check FILE --profile berlin" in shown
    assert "There is no file secrets/token yet" in shown
    assert "xxxx" not in Path("capi-import.toml").read_text(encoding="utf-8")
    assert stat.S_IMODE(Path("capi-import.toml").stat().st_mode) == 0o600
    typed = [answer for _, answer in ANSWERS]
    assert all(len(line) <= columns for line in shown.splitlines() if not line.endswith(tuple(typed)))


def test_a_second_profile_is_added_and_what_stands_there_is_kept(here):
    importer.init("berlin", **BERLIN)
    text = Path("capi-import.toml").read_text(encoding="utf-8")
    Path("capi-import.toml").write_text("# my own words\n" + text, encoding="utf-8")
    rest = [(words, "-") for words in ("Dataset", "token", "zone", "Currency", "Country")]
    answers = [("Add a profile", "y"), ("Name", "berlin"), ("already", "wien"), *rest]
    code, _ = at_a_terminal("init", answers=answers)
    assert code == 0
    assert written() == {"profile": {"berlin": BERLIN, "wien": {}}}
    assert "# my own words" in Path("capi-import.toml").read_text(encoding="utf-8")


@pytest.mark.parametrize("again", [False, True])
def test_nothing_is_overwritten_without_a_yes(here, again):
    importer.init("berlin", **BERLIN)
    before = Path("capi-import.toml").read_bytes()
    answers = [("Add a profile", "n"), ("lose what it holds", "y" if again else "")]
    rest = [(words, "-") for words in ("Name", "Dataset", "token", "zone", "Currency", "Country")] if again else []
    code, shown = at_a_terminal("init", answers=answers + rest)
    assert code == 0
    assert ("Nothing was written" in shown) is not again
    assert (Path("capi-import.toml").read_bytes() == before) is not again
    if again:
        assert written() == {"profile": {"shop": {}}}


def test_without_a_terminal_it_says_so(here):
    done = subprocess.run([sys.executable, "-m", "importer", "init"], capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert done.stderr.startswith("Error: capi-import init asks questions, and here is no terminal")
    assert not Path("capi-import.toml").exists()


def test_python_writes_a_profile_that_send_takes(here):
    importer.init("north sea", currency="EUR", timezone="Europe/Berlin")
    Path("sales.csv").write_text("Order ID,Date,Email,Total\n1,2026-11-20 10:00,ada@example.com,5\n", encoding="utf-8")
    assert importer.check("sales.csv", profile="north sea", now="2026-11-23").value == {"EUR": 5}
    with pytest.raises(UsageError, match="has a profile north sea already"):
        importer.init("north sea")
    with pytest.raises(UsageError, match="--currency"):
        importer.init("other", currency="EURO")


def test_a_zone_tells_its_country():
    assert country_of("Europe/Berlin") == "DE"
    assert country_of("America/Chicago") == "US"
    assert country_of("") == ""
