"""Names of files and headers reach a terminal as text, never as a command to it."""

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
