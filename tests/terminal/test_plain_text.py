"""Names of files and headers reach a terminal as text, never as a command to it."""

import os
import subprocess
import sys

import pytest

from importer import cli

EVIL = "a\x1b[31mb\u202ec[bold]d[/bold]"


def run(monkeypatch, capsys, *arguments):
    monkeypatch.setattr("sys.argv", ["capi-import", *arguments])
    code = cli._run()
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
