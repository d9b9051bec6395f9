from __future__ import annotations

import io
import subprocess
import sys
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest
from rich.console import Console

from importer.core.reasons import REASONS
from importer.results.phrases import in_one_line
from importer.terminal.summary_screen import show


@pytest.fixture
def shown(summarized):
    def build(rows, *, console=None, file="sales.csv", check=False, **facts):
        summary = replace(summarized(rows, names=[file], check=check), seconds=2.44, **facts)
        console = console or Console(file=io.StringIO(), force_terminal=False)
        show(summary, console)
        return console.file.getvalue()

    return build


OLD = {"status": "invalid", "reason": "too_old", "payload": None}


def test_the_first_line_says_what_became_of_the_file(shown):
    rows = [{"value": Decimal("1470.19")}, {"payload": None}, {"value": Decimal(1)}, OLD]
    assert shown(rows).startswith("3 of 4 rows accepted (2 sales, 1,471.19 USD)\n")


def test_one_is_not_many(shown):
    assert shown([{}]).startswith("1 of 1 row accepted (1 sale, 1,049.40 USD)\n")


def test_check_says_that_nothing_was_sent(shown):
    text = shown([{"status": "ready"}, OLD], check=True)
    assert text.startswith("1 of 2 rows ready to send (1 sale, 1,049.40 USD)\n")
    assert "Why rows were not ready" in text
    assert "Nothing was sent." in text
    assert "request" not in text


def test_a_second_run_says_that_there_is_nothing_to_send(shown):
    text = shown([{"status": "duplicate", "reason": "earlier_run", "detail": "2026-11-01"}])
    assert text.startswith("Nothing to send: 1 row read, no new sale among them.\n")


def test_an_empty_file_is_said_to_be_empty(shown):
    assert shown([]).startswith("There are no rows in sales.csv.\n")


def test_several_currencies_are_never_added_up(shown):
    rows = [{"currency": currency, "value": Decimal(1000)} for currency in ("USD", "EUR", "JPY")]
    text = shown(rows)
    assert "(3 sales, 3 currencies)" in text
    assert "  1,000.00  EUR\n" in text
    assert "  1,000  JPY\n" in text


def test_reasons_come_with_their_sentence_and_a_line_to_look_at(shown):
    text = shown([{}, OLD, OLD])
    assert "Why rows were not accepted" in text
    assert "     2  invalid  The sale is too old; Meta takes store sales up to 62 days" in text
    assert "(too_old)" in text
    assert "line 3" in text


def test_of_many_reasons_the_rest_is_counted_and_what_to_fix_comes_first(shown):
    rows = [{"status": "skipped", "reason": "blank"}] * 3
    rows += [{"status": "invalid", "reason": reason} for reason in list(REASONS)[15:27]]
    text = shown(rows)
    assert "and 3 more reasons in the report" in text
    assert "(blank)" not in text


def test_warnings_and_keys_are_shown_in_words(shown):
    text = shown([{"warnings": "ph:no_country"}, {"match_keys": "em"}])
    assert "     1  ph     The number has no country code" in text
    assert "  em  e-mail  100%  " in text
    assert "  ph  phone    50%  " in text


@pytest.mark.parametrize(("with_key", "percent"), [(1, "1%"), (999, "99%"), (500, "50%"), (1000, "100%")])
def test_nearly_all_is_not_all_and_hardly_any_is_not_none(shown, with_key, percent):
    rows = [{"match_keys": "em" if number < with_key else "ph"} for number in range(1000)]
    (line,) = (line for line in shown(rows).splitlines() if line.startswith("  em  e-mail  "))
    assert line.split()[2] == percent


def test_in_one_line_the_other_rows_are_told_so_that_nothing_accepted_is_no_riddle(summarized):
    before, bad = (
        {"status": "duplicate", "payload": None},
        {"status": "invalid", "reason": "bad_value", "payload": None},
    )
    found = summarized([before, before, bad], names=["till.csv"], check=False)
    assert in_one_line(found) == "0 of 3 rows accepted; 2 duplicate, 1 invalid"
    assert in_one_line(summarized([{"value": Decimal(5)}], names=["till.csv"], check=False)).endswith(
        "(1 sale, 5.00 USD)"
    )


def test_it_says_where_the_files_are_and_what_to_do_next(shown):
    bad = {"status": "invalid", "reason": "bad_value", "payload": None}
    rows = [{}, OLD, bad, {"status": "unsent", "reason": "run_stopped"}]
    text = shown(
        rows, report=Path("out/r.csv"), rejects=Path("out/x.csv"), requests=3, retries=1, dataset="77", schema="shopify"
    )
    assert "out/r.csv has one line for every row." in text
    assert "out/x.csv holds your customers' data; delete it when you are done." in text
    assert "dataset 77, schema shopify, 3 requests, 1 of them repeated, 2.4 seconds." in text
    assert "Fix 1 row in out/x.csv and import that file." in text
    assert "Run the same command again to send 1 row more." in text
    assert "1 row is too old for Meta, which nobody can fix; import more often." in text


def test_rejects_without_a_row_are_not_said_to_hold_customers(shown):
    text = shown([{}, OLD], rejects=Path("out/x.csv"))
    assert "out/x.csv holds the header alone, since no row is to be fixed." in text
    assert "customers' data" not in text


def test_without_rejects_the_report_is_where_to_look(shown):
    assert "Fix 1 row in the export (the report says where and why) and import it again." in shown(
        [{"status": "invalid", "reason": "bad_value"}]
    )


def test_all_well_asks_for_nothing(shown):
    assert "Next" not in shown([{}])


def test_a_pipe_gets_plain_lines_of_at_most_100_columns(shown):
    rows = [{"status": "invalid", "reason": reason} for reason in REASONS]
    text = shown(rows, console=Console(file=io.StringIO(), force_terminal=False, width=40))
    assert "\x1b" not in text
    assert 80 < max(map(len, text.splitlines())) <= 100
    assert not [line for line in text.splitlines() if line != line.rstrip()]


def test_a_terminal_gets_colors_within_its_width(shown):
    text = shown([{}, OLD], console=Console(file=io.StringIO(), force_terminal=True, color_system="standard", width=70))
    assert "\x1b[31minvalid" in text


@pytest.mark.parametrize("name", ["[red]x[/red].csv", ":smile: [/].csv", "\u6771\u4eac.csv", "a\x1b[2Jb\u202e.csv"])
def test_a_files_name_is_never_markup_nor_a_control_sequence(shown, name):
    text = shown([OLD], file=name, files=[name, "b.csv"], report=Path(name))
    assert "".join(letter if letter.isprintable() else "?" for letter in name) + " has one line" in text
    assert "\x1b" not in text


def test_an_old_terminal_gets_only_letters_it_has(shown):
    file = io.TextIOWrapper(io.BytesIO(), encoding="ascii")
    file.getvalue = lambda: (file.flush(), file.buffer.getvalue().decode("ascii"))[1]
    text = shown([{}], console=Console(file=file), report=Path("\u6771\u4eac.csv"))
    assert "?? has" not in text
    assert "??.csv has one line" in text
    assert "####" in text


def test_rich_is_not_imported_before_something_is_shown():
    code = "import sys, importer.terminal.summary_screen, importer.results.report_writer; print({'rich', 'xlsxwriter'} & set(sys.modules))"
    root = Path(__file__).resolve().parents[2]
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=root)
    assert done.stdout.strip() == "set()"


def test_notices_on_the_run_as_a_whole_are_told(shown, summarized):
    notice = "2 more sheets of sales.xlsx are not read."
    assert f"Notices\n  - {notice}\n".replace("- ", "-  ") in shown([{}], notices=(notice,))
    assert summarized([{}], notices=(notice,)).as_json()["notices"] == [notice]
    assert "Notices" not in shown([{}])
