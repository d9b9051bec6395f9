"""What the shells offer behind an option."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import openpyxl
import pytest
from click.shell_completion import ShellComplete

from importer.cli import cli

VARIABLE = "_CAPI_IMPORT_COMPLETE"
BASH, ZSH, FISH = map(shutil.which, ("bash", "zsh", "fish"))


@pytest.fixture
def here(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    return tmp_path


def offered(*words, incomplete=""):
    found = ShellComplete(cli, {}, "capi-import", VARIABLE).get_completions(list(words), incomplete)
    return [item.value for item in found]


def test_values_are_offered_by_how_they_begin(here):
    assert offered("check", "--schema", incomplete="shopify") == ["shopify_orders"]
    assert "Europe/Berlin" in offered("check", "--timezone", incomplete="europe/be")
    assert offered("check", "--currency", incomplete="EU") == ["EUR"]
    assert offered("check", "--country", incomplete="d") == ["DE", "DJ", "DK", "DM", "DO", "DZ"]
    assert offered("check", "--rows") == ["order", "line", "line-with-total"]
    assert "check" in offered(incomplete="ch")


def test_profiles_are_offered_and_a_broken_file_offers_none(here):
    Path("capi-import.toml").write_text("[profile.north]\n[profile.south]\n", encoding="utf-8")
    assert offered("send", "--profile") == ["north", "south"]
    Path("capi-import.toml").write_text("[profile", encoding="utf-8")
    assert offered("send", "--profile") == []


def test_sheets_of_the_file_that_is_named_are_offered(here):
    book = openpyxl.Workbook()
    book.active.title = "Till & more"
    book.create_sheet("March")
    book.save("book.xlsx")
    assert offered("check", "book.xlsx", "--sheet") == ["Till & more", "March"]
    assert offered("columns", "book.xlsx", "--sheet", incomplete="m") == ["March"]
    Path("odd.xlsx").write_bytes(b"no workbook")
    assert offered("check", "odd.xlsx", "nowhere.xlsx", "--sheet") == []


def test_sheets_of_an_open_document_are_offered(here):
    from odf.opendocument import OpenDocumentSpreadsheet
    from odf.table import Table

    book = OpenDocumentSpreadsheet()
    for name in ("Kasse", "Lager"):
        book.spreadsheet.addElement(Table(name=name))
    book.save("book.ods")
    assert offered("check", "book.ods", "--sheet") == ["Kasse", "Lager"]


def test_nothing_slow_is_imported_for_it(here):
    words = "capi-import check --timezone Europe/Ber"
    code = (
        "import sys\nimport atexit\nfrom importer.cli import cli\n"
        "atexit.register(lambda: print({'pandas', 'pyarrow', 'pydantic', 'httpx', 'rich'} & set(sys.modules)))\n"
        "cli.main(prog_name='capi-import', standalone_mode=False)\n"
    )
    environ = os.environ | {VARIABLE: "zsh_complete", "COMP_WORDS": words, "COMP_CWORD": "3"}
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False, env=environ)
    assert "Europe/Berlin" in done.stdout
    assert done.stdout.endswith("set()\n")


def program(folder):
    """Put a command of the program's name on the path."""
    command = folder / "bin" / "capi-import"
    command.parent.mkdir()
    command.write_text(
        f'#!/bin/sh\nexec "{sys.executable}" -c "import sys; sys.argv[0] = \'capi-import\'; '
        'from importer.cli import main; main()" "$@"\n',
        encoding="utf-8",
    )
    command.chmod(0o755)
    return os.environ | {"PATH": f"{command.parent}{os.pathsep}{os.environ['PATH']}"}


@pytest.mark.skipif(BASH is None, reason="there is no bash here")
def test_bash_completes_by_the_line_of_the_readme(here):
    book = openpyxl.Workbook()
    book.active.title = "Week 47"
    book.save("book.xlsx")
    script = (
        'eval "$(_CAPI_IMPORT_COMPLETE=bash_source capi-import)"\n'
        'COMPREPLY=(); COMP_WORDS=(capi-import check book.xlsx --sheet W); COMP_CWORD=4; _capi_import_completion capi-import; echo "${COMPREPLY[@]}"\n'
        'COMPREPLY=(); COMP_WORDS=(capi-import check --timezone Europe/Berl); COMP_CWORD=3; _capi_import_completion capi-import; echo "${COMPREPLY[@]}"\n'
    )
    done = subprocess.run([BASH, "-c", script], capture_output=True, text=True, check=False, env=program(here))
    assert done.stdout.splitlines() == ["Week\\ 47", "Europe/Berlin"]


@pytest.mark.skipif(FISH is None, reason="there is no fish here")
def test_fish_completes_by_the_line_of_the_readme(here):
    script = "_CAPI_IMPORT_COMPLETE=fish_source capi-import | source\ncomplete -C 'capi-import check --timezone Europe/Berl'\n"
    done = subprocess.run([FISH, "-c", script], capture_output=True, text=True, check=False, env=program(here))
    assert "Europe/Berlin" in done.stdout


@pytest.mark.skipif(ZSH is None, reason="there is no zsh here")
def test_zsh_takes_the_line_of_the_readme(here):
    script = 'autoload -U compinit; compinit -u; eval "$(_CAPI_IMPORT_COMPLETE=zsh_source capi-import)"; echo ${_comps[capi-import]}'
    done = subprocess.run(
        [ZSH, "-f", "-c", script],
        capture_output=True,
        text=True,
        check=False,
        env=program(here) | {"HOME": str(here)},
    )
    assert done.stdout.strip() == "_capi_import_completion"
