"""Names of files and headers reach a terminal as text, never as a command to it."""

import io
import os
import re
import subprocess
import sys

import pytest
from at_a_terminal import at_a_terminal

from importer.cli import program
from importer.terminal.plain_text import fitted

EVIL = "a\x1b[31mb\u202ec[bold]d[/bold]"


def run(monkeypatch, capsys, *arguments):
    monkeypatch.setattr("sys.argv", ["capi-import", *arguments])
    code = program._run()
    shown = capsys.readouterr()
    return code, shown.out + shown.err


@pytest.mark.parametrize("command", ["check", "columns"])
def test_a_files_name_and_headers_are_shown_without_control_characters_and_never_as_markup(
    tmp_path, monkeypatch, capsys, command
):
    monkeypatch.chdir(tmp_path)
    name = f"{EVIL.replace('/', '_')}.csv"
    (tmp_path / name).write_text(
        f"Order,Date,Email,Total,Currency,{EVIL}\n1,2026-11-20T10:00:00,a@example.com,5.00,EUR,x\n", encoding="utf-8"
    )
    code, shown = run(monkeypatch, capsys, command, name)
    assert code == (2 if command == "check" else 0)
    assert "\x1b[31m" not in shown
    assert "\u202e" not in shown
    assert "a?[31mb?c[bold]d[" in shown


def test_a_schema_that_is_nested_too_deep_or_holds_a_giant_number_is_refused(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "x.csv").write_text("Order,Date,Email,Total\n1,2026-11-20T10:00:00Z,a@example.com,5\n")
    for text in ("a = " + "[" * 5_000 + "]" * 5_000, "a = " + "9" * 5_000):
        (tmp_path / "s.toml").write_text(text)
        code, shown = run(monkeypatch, capsys, "check", "x.csv", "--schema", "s.toml")
        assert code == 2
        assert "nested too deep" in shown


def test_a_schema_that_notepad_saved_is_read(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "x.csv").write_text("Order,Date,Email,Total\n1,2026-11-20T10:00:00Z,a@example.com,5\n")
    text = 'name = "till"\n[columns]\norder_id = "Order"\nevent_time = "Date"\nem = "Email"\nvalue = "Total"\n'
    (tmp_path / "s.toml").write_text(text, encoding="utf-8-sig")
    assert run(monkeypatch, capsys, "check", "x.csv", "--schema", "s.toml", "--currency", "EUR")[0] == 0


def test_an_answer_of_meta_that_is_nested_1000_deep_is_no_bug():
    from importer.core.replies import verdict

    deep = b'{"error": {"code": 100, "error_data": ' + b'{"a":' * 1_000 + b"1" + b"}" * 1_000 + b"}}"
    assert verdict(400, {}, deep, 5) is not None


def run_alone(folder, *arguments, **environment):
    return subprocess.run(
        [sys.executable, "-m", "importer", *arguments],
        cwd=folder,
        env=os.environ | environment,
        capture_output=True,
        timeout=120,
        check=False,
    )


def test_a_notice_is_shown_without_control_characters_too(tmp_path):
    text = f"Order,Date,Email,Total,Currency,Channel {EVIL}\n" + "".join(
        f"{n},2026-11-20T10:00:00Z,a{n}@example.com,5.00,EUR,{channel}\n"
        for n, channel in enumerate(["pos", "pos", "online", EVIL])
    )
    (tmp_path / "x.csv").write_text(text, encoding="utf-8")
    told = ("--action-source", "physical_store", "--now", "2026-11-23T23:00:00Z", "--report", f"{EVIL[:7]}.csv")
    done = run_alone(tmp_path, "check", "x.csv", *told)
    assert done.returncode == 0
    assert b"\x1b[31m" not in done.stdout + done.stderr
    assert "\u202e".encode() not in done.stdout + done.stderr


def test_columns_are_shown_where_the_terminal_lacks_their_letters(tmp_path):
    (tmp_path / "x.csv").write_text("注文番号,日付,Email,合計\n1,2026-11-20,a@example.com,5\n", encoding="utf-8")
    done = run_alone(tmp_path, "columns", "x.csv", PYTHONIOENCODING="cp1252")
    assert (done.returncode, done.stderr) == (0, b"")
    assert b"order_id" in done.stdout


class Terminal(io.StringIO):
    def isatty(self):
        return True


def test_a_sentence_is_wrapped_between_words_and_what_is_pasted_stays_whole(monkeypatch):
    monkeypatch.setenv("COLUMNS", "40")
    asked = 'till.csv: Which column holds the date of the sale, as in --map "Day of sale=event_time"?'
    lines = fitted(asked, Terminal(), indent=2).split("\n")
    assert max(map(len, lines)) <= 40
    assert '--map "Day of sale=event_time"?' in lines[-1]
    assert " ".join(line.strip() for line in lines) == asked
    assert fitted(asked, io.StringIO()) == asked


TILL = "Bon;Datum;Betrag;Mail\n1;13.04.2026 10:00;3,50;a@example.com\n2;14.04.2026 10:00;4,50;b@example.com\n"


@pytest.mark.parametrize("columns", [60, 80])
def test_questions_and_errors_at_a_terminal_are_not_broken_within_a_word(tmp_path, monkeypatch, columns):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "till.csv").write_text(TILL, encoding="utf-8")
    environ = {"CAPI_LEDGER": str(tmp_path / "ledger.db"), "XDG_STATE_HOME": str(tmp_path)}
    command = ("check", "till.csv", "--now", "2026-04-20T00:00:00Z", "--currency", "EUR")
    _, asked = at_a_terminal(*command, answers=[("Your answer", "1")], columns=columns, environ=environ)
    _, refused = at_a_terminal(*command, "--timezone", "Europe/Berlinn", columns=columns, environ=environ)
    for shown, words in (
        (asked, 'till.csv: In which time zone are the times in the column "Datum"?'),
        (refused, "Error: --timezone Europe/Berlinn is not an IANA zone; did you mean Europe/Berlin?"),
    ):
        lines = re.sub(r"\x1b\[[0-9;?]*[A-Za-z]|.*\r", "", shown).splitlines()
        assert words in " ".join(" ".join(lines).split())
        assert max(map(len, lines)) <= columns
