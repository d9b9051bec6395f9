"""Meta's own quality scores stand on the page where the token may read them, and never hold a run up."""

import pytest

import importer
from importer.graph_sandbox import Sandbox, SandboxOptions, serve
from importer.graph_sandbox.access import SEND_ONLY_TOKEN

CLOCK = 1_795_474_800.0
NOW = "2026-11-23T23:00:00Z"
SALES = "Order ID,Date,Email,Total,Currency\n1,2026-11-20T10:00:00Z,ada@example.com,12.50,EUR\n"


@pytest.fixture
def send(tmp_path):
    (tmp_path / "sales.csv").write_text(SALES, encoding="utf-8")
    options = {"dataset": "1001", "now": NOW, "ledger": tmp_path / "ledger.db"}

    def run(url, token="reads", **more):  # noqa: S107
        return importer.send(tmp_path / "sales.csv", token=token, graph_url=url, **options, **more)

    return run


def test_scores_stand_on_the_page_and_on_the_page_made_again(tmp_path, send):
    page, report = tmp_path / "x.html", tmp_path / "x.parquet"
    with serve(Sandbox(SandboxOptions(), clock=lambda: CLOCK)) as running:
        send(running.url)
        send(running.url, summary=page, report=report)
    text = page.read_text(encoding="utf-8")
    assert "As Meta scores the dataset" in text
    assert "Send e-mail and phone with every event." in text
    assert importer.report(report).page.read_text(encoding="utf-8") == text


def test_what_was_only_checked_is_never_told_with_what_was_sent(tmp_path, send):
    with serve(Sandbox(SandboxOptions(), clock=lambda: CLOCK)) as running:
        send(running.url, report=tmp_path / "sent.csv")
    checked = importer.check(tmp_path / "sales.csv", now=NOW, report=tmp_path / "checked.parquet")
    assert checked.ready == 1
    with pytest.raises(importer.CapiImportError, match="not combined"):
        importer.report(tmp_path / "sent.csv", tmp_path / "checked.parquet")


def test_a_token_that_may_not_read_sends_all_the_same(tmp_path, send):
    with serve(Sandbox(SandboxOptions(), clock=lambda: CLOCK)) as running:
        send(running.url, report=tmp_path / "first.csv")
        (tmp_path / "sales.csv").write_text(SALES.replace("\n1,", "\n2,"), encoding="utf-8")
        told = send(running.url, token=SEND_ONLY_TOKEN, summary=tmp_path / "x.html")
    assert told.accepted == 1
    assert "As Meta scores" not in (tmp_path / "x.html").read_text(encoding="utf-8")
