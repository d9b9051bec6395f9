"""One message for a run that stops or leaves rows to fix; none for a good run; never a customer's value, never a key."""

import json
import logging

import pytest
from alert_server import KEY, alert_server

import importer
from importer.alerts import Alert, alerting, check_alerts, send_alert
from importer.errors import AccessError, CapiImportError, FileError, MetaUnavailable, NeedsAnswer, UsageError
from importer.graph_sandbox import Sandbox, SandboxOptions, serve

__all__ = ["alert_server"]

NOW = "2026-11-23T23:00:00Z"
HEADER = "Order ID,Date,Email,Phone,First Name,Total,Currency,Status\n"
GOOD = "1,2026-11-20T10:00:00Z,ada.lovelace@example.com,+12025550101,Ada,12.50,EUR,paid\n"
BAD = "2,2026-11-20T11:00:00Z,,,Bobby,1207.25,EUR,paid\n"
PEOPLE = ("ada.lovelace", "2025550101", "Ada", "Bobby", "0a1b2c")


@pytest.fixture
def graph():
    with serve(Sandbox(SandboxOptions(), clock=lambda: 1_795_474_800.0)) as running:
        yield running


@pytest.fixture
def run(tmp_path, monkeypatch, graph, alert_server):
    """Run `send` or `check` on a file of these rows, with an alert; return what it came to and the messages."""
    monkeypatch.chdir(tmp_path)

    def run_(command, rows, *, header=HEADER, **options):
        (tmp_path / "sales.csv").write_text(header + rows, encoding="utf-8")
        given = {
            "dataset": "1001",
            "token": "tok",
            "graph_url": graph.url,
            "now": NOW,
            "ledger": tmp_path / "ledger.db",
        }
        try:
            result = getattr(importer, command)("sales.csv", alert=alert_server.address, **{**given, **options})
        except CapiImportError as error:
            result = error
        text = json.dumps(alert_server.messages)
        assert not [word for word in (*PEOPLE, KEY) if word in text]
        return result, alert_server.messages

    return run_


def test_a_good_run_sends_nothing(run):
    summary, messages = run("send", GOOD)
    assert (summary.ok, messages) == (True, [])


@pytest.mark.parametrize("command", ["send", "check"])
def test_rows_to_fix_are_told_with_their_money_and_the_reports_place(run, tmp_path, command):
    summary, (message,) = run(command, GOOD + BAD)
    assert message["title"] == "capi-import: 1 row to fix in sales.csv"
    assert message["message"].splitlines() == [
        "1 row of 2 to fix or to send again.",
        "Reasons: too_broad_keys 1.",
        *(["Accepted before: 1."] if command == "send" else []),
        "Rows that wait: 1.",
        "Money that waits: 1,207.25 EUR.",
        f"Report: {tmp_path / summary.report}",
    ]


OLD = "3,2026-01-20T10:00:00Z,grace.hopper@example.com,,Grace,99.00,EUR,paid\n"


def test_rows_that_are_too_old_are_none_to_fix(run):
    _, (message,) = run("check", GOOD + BAD + OLD)
    assert message["title"] == "capi-import: 1 row to fix in sales.csv"
    lines = message["message"].splitlines()
    assert lines[0] == "1 row of 3 to fix or to send again."
    assert "1 row is too old for Meta, which nobody can fix; import more often." in lines
    assert "Rows that wait: 1." in lines
    assert "Money that waits: 1,207.25 EUR." in lines


def test_a_file_whose_rows_are_all_too_old_is_told_as_that(run):
    _, (message,) = run("check", OLD)
    assert message["title"] == "capi-import: 1 row too old in sales.csv"
    assert "Rows that wait: 0." in message["message"]


@pytest.mark.parametrize("token", ["dead-token", "no-permission"])
def test_a_token_that_is_refused_is_told_with_what_waits(run, token):
    error, (message,) = run("send", GOOD + BAD, token=token)
    assert isinstance(error, AccessError)
    lines = message["message"].splitlines()
    assert message["title"] == "capi-import stopped: sales.csv"
    assert lines[0] == str(error)
    assert "Rows that wait: 2." in lines
    assert "Money that waits: 1,219.75 EUR." in lines
    assert token not in message["message"]


def test_a_question_is_told_without_its_words(run):
    error, (message,) = run("send", GOOD + BAD.replace("paid", "Ada asked"))
    assert isinstance(error, NeedsAnswer)
    assert "1 question about sales.csv must be answered first (status); nothing of it was sent" in message["message"]
    assert "asked" not in message["message"]


def test_meta_that_cannot_be_reached_is_told(run):
    error, (message,) = run("send", GOOD, graph_url="http://127.0.0.1:1")
    assert isinstance(error, MetaUnavailable)
    assert message["message"].startswith(str(error))
    assert "Rows that wait: 1." in message["message"]


def test_a_file_that_cannot_be_read_is_told(run):
    error, (message,) = run("send", "", header="%PDF-1.7")
    assert isinstance(error, FileError)
    assert message["message"] == str(error)


def test_a_bug_is_told_without_its_words(alert_server):
    with pytest.raises(ValueError, match="Ada"), alerting([alert_server.address], ["sales.csv"]):
        int("Ada")
    (message,) = alert_server.messages
    assert message["message"].startswith("A bug in capi-import ended the run")
    assert "Ada" not in str(message)


@pytest.mark.parametrize("address", [f"nonsense://{KEY}", KEY, f"http//{KEY}"])
def test_an_address_that_nobody_knows_is_told_and_not_repeated(address):
    with pytest.raises(UsageError, match="Address 2 of --alert is none that apprise knows") as found:
        check_alerts(["json://127.0.0.1/x", address])
    assert KEY not in str(found.value)


def test_what_is_refused_is_tried_twice_more_and_a_failure_names_no_key(alert_server, caplog):
    pauses = []
    alert_server.refuse = 2
    assert send_alert([alert_server.address], Alert("title", "text"), pauses.append)
    assert [message["title"] for message in alert_server.messages] == ["title"]
    assert pauses == [1.0, 4.0]
    alert_server.refuse = 9
    with caplog.at_level(logging.DEBUG):
        assert not send_alert([alert_server.address], Alert("title", "text"), pauses.append)
    assert "could not be delivered to address 1 of --alert" in caplog.text
    assert KEY not in caplog.text


def test_without_apprise_the_extra_is_named(monkeypatch):
    monkeypatch.setitem(__import__("sys").modules, "apprise", None)
    with pytest.raises(UsageError, match=r"pip install 'capi-import\[alerts\]'"):
        check_alerts(["json://127.0.0.1/x"])
