"""The page in a real browser: the whole way of an import, and what goes wrong on it, against the sandbox."""

from __future__ import annotations

import os
import re
from datetime import datetime
from pathlib import Path

import pytest
from page_server import PageServer

from importer.graph_sandbox import Sandbox, SandboxOptions, serve
from importer.graph_sandbox.rehearsal import every, throttled

pytestmark = [pytest.mark.slow, pytest.mark.enable_socket]

AXE = Path(os.environ.get("CAPI_IMPORT_AXE") or "node_modules/axe-core/axe.min.js")
NOW = "2026-11-23T23:00:00+00:00"
PATIENCE = 60_000
MESSY = (
    "Beleg;Datum;Kunde;Mail;Telefon;Betrag;Zustand\n"
    "1001;20.11.2026 10:15;Ada Muster;ada@example.com;0151 2345678;12,50;offen\n"
    "1002;20.11.2026 11:15;Bob Muster;bob@example;;8,00;bezahlt\n"
    "1003;21.11.2026 11:15;Cy Muster;cy@example.com;;1.200,00;Foo\n"
    "1004;21.11.2026 12:15;;;;3,00;bezahlt\n"
    "1005;21.11.2026 12:15;Di Muster;di@example.com;;abc;bezahlt\n"
)

EVA = "1006;21.11.2026 12:45;Eva Muster;eva@example.com;;59,90;bezahlt\n"


@pytest.fixture
def graph():
    """A sandbox in place of Meta, patient enough that a run can be stopped."""
    sandbox = Sandbox(SandboxOptions(latency=0.3), clock=datetime.fromisoformat(NOW).timestamp)
    with serve(sandbox) as running:
        yield sandbox, running.url


@pytest.fixture
def start(tmp_path, browser):
    """Start the page and open it in a window of its own; what the console says is a failure at the end."""
    servers, contexts, said = [], [], []

    def begin(url=None, *, now=NOW, script=True, width=1280, locale="en-US", **environ):
        access = (
            {}
            if url is None
            else {"CAPI_GRAPH_URL": url, "CAPI_ACCESS_TOKEN": "token-of-the-test", "CAPI_DATASET_ID": "1001"}
        )
        servers.append(PageServer(tmp_path, *(("--now", now) if now else ()), **{**access, **environ}))
        context = browser.new_context(
            viewport={"width": width, "height": 900}, java_script_enabled=script, locale=locale
        )
        contexts.append(context)
        context.set_default_timeout(PATIENCE)
        window = context.new_page()
        window.on(
            "console", lambda message: said.append(message.text) if message.type in {"error", "warning"} else None
        )
        window.on("pageerror", lambda error: said.append(str(error)))
        window.goto(servers[-1].address)
        return servers[-1], window

    begin.said = said
    yield begin
    for context in contexts:
        context.close()
    for server in servers:
        server.stop()


def upload(window, *paths):
    window.get_by_label("Files", exact=True).set_input_files([str(path) for path in paths])
    window.get_by_role("button", name="Upload").click()
    window.get_by_role("heading", level=1, name="Understand").wait_for()
    window.get_by_role("button", name="Check rows").wait_for()


def check(window):
    window.get_by_role("button", name="Check rows").click()
    window.get_by_role("link", name="Go to send").wait_for()


def sales(path, count):
    lines = (
        f"N{n},2026-11-{n % 20 + 1:02}T10:{n % 60:02}:00Z,a{n}@example.com,{n % 90 + 1}.50,EUR" for n in range(count)
    )
    path.write_text("Order ID,Date,Email,Total,Currency\n" + "\n".join(lines) + "\n", encoding="utf-8")
    return path


@pytest.mark.parametrize("script", [True, False])
def test_a_sample_goes_from_an_empty_page_to_its_result_also_without_script(start, script):
    _, window = start(script=script)
    window.get_by_role("button", name="Try a sample").click()
    window.get_by_role("table", name="Columns").wait_for()
    assert window.get_by_role("region", name="Questions").count() == 0
    check(window)
    assert window.get_by_role("region", name="Summary").is_visible()
    window.get_by_role("link", name="Go to send").click()
    window.get_by_role("button", name=re.compile("^Send .* sales?$")).click()
    window.get_by_role("heading", level=1, name="Result").wait_for()
    with window.expect_download() as found:
        window.get_by_role("link", name="Report (CSV)").click()
    assert "accepted" in Path(found.value.path()).read_text(encoding="utf-8")
    assert "capi-import send" in window.get_by_role("region", name="The same from the command line").inner_text()
    assert start.said == []


def test_questions_are_answered_a_row_is_corrected_and_what_is_sent_is_right(start, graph, tmp_path):
    sandbox, url = graph
    (tmp_path / "messy.csv").write_text(MESSY, encoding="utf-8")
    _, window = start(url)
    upload(window, tmp_path / "messy.csv")
    questions = window.get_by_role("region", name="Questions")
    assert questions.is_visible()
    for spoken in ("Apply", "Check rows"):
        assert window.get_by_role("button", name=spoken, exact=True).count() == 1
    window.get_by_role("combobox", name="Time zone").select_option("Europe/Berlin")
    window.get_by_role("combobox", name="Currency").select_option("EUR")
    window.get_by_role("status").filter(has_text="1 question is left").wait_for()
    window.get_by_role("combobox", name="Foo").select_option("sale")
    window.get_by_role("status").filter(has_text="nothing is left to ask").wait_for()
    window.get_by_role("button", name="Apply").click()
    questions.wait_for(state="detached")
    assert window.get_by_role("combobox", name="offen").input_value() == "unpaid"
    assert window.get_by_role("combobox", name="Foo").input_value() == "sale"
    assert window.get_by_role("combobox", name="What Betrag fills").input_value() == "value"
    check(window)
    window.get_by_role("combobox", name="Reason").select_option("bad_value")
    window.get_by_role("button", name="Filter").click()
    window.get_by_role("link", name="Row 5").click()
    window.get_by_role("textbox", name="Betrag").fill("7,25")
    window.get_by_role("button", name="Check this row").click()
    window.get_by_role("status").filter(has_text="ready").wait_for()
    assert window.get_by_text("A cell of this line was corrected").is_visible()
    sent = window.get_by_role("region", name="What would be sent").inner_text()
    assert "7.25" in sent
    assert "di@example.com" not in sent
    window.get_by_role("link", name="Back to the rows").click()
    window.get_by_role("link", name="Go to send").click()
    assert "1,207.25 EUR" in window.get_by_role("region", name="Confirmation").inner_text()
    window.get_by_role("button", name="Send 2 sales").click()
    window.get_by_role("heading", level=1, name="Result").wait_for()
    assert sorted(event["custom_data"]["order_id"] for event in sandbox.events("1001")) == ["1003", "1005"]
    assert (tmp_path / "messy.csv").read_text(encoding="utf-8") == MESSY
    with window.expect_download() as found:
        window.get_by_role("link", name="Report (CSV)").click()
    (line,) = [line for line in Path(found.value.path()).read_text(encoding="utf-8").splitlines() if ",1005," in line]
    assert "row:edited" in line
    window.get_by_role("link", name="History").click()
    window.get_by_role("searchbox", name="Order ID").fill("1005")
    window.get_by_role("button", name="Search").click()
    assert "accepted" in window.get_by_role("region", name="Sale").inner_text()
    with window.expect_download() as found:
        window.get_by_role("table", name="Runs").get_by_role("link").first.click()
    assert Path(found.value.path()).read_bytes()[:4] == b"PAR1"
    assert start.said == []


def test_rejects_come_back_in_the_exports_own_form_and_a_mended_row_goes_after_the_others(start, graph, tmp_path):
    sandbox, url = graph
    (tmp_path / "messy.csv").write_text(MESSY.replace(";Foo", ";bezahlt"), encoding="utf-8")
    (tmp_path / "capi-import.toml").write_text(
        '[profile.shop]\ntimezone = "Europe/Berlin"\ncurrency = "EUR"\n', "utf-8"
    )
    _, window = start(url)
    window.get_by_text("A customer file, a schema or a profile").click()
    window.get_by_label("Profile of capi-import.toml").select_option("shop")
    upload(window, tmp_path / "messy.csv")
    assert window.get_by_role("region", name="Questions").count() == 0
    check(window)
    window.get_by_role("link", name="Go to send").click()
    window.get_by_role("button", name="Send 1 sale", exact=True).click()
    window.get_by_role("heading", level=1, name="Result").wait_for()
    with window.expect_download() as found:
        window.get_by_role("link", name="Rejects").click()
    assert "abc;bezahlt;bad_value" in Path(found.value.path()).read_text(encoding="utf-8-sig")
    window.get_by_role("link", name="Check", exact=True).click()
    window.get_by_role("link", name="Row 5", exact=True).click()
    window.get_by_role("textbox", name="Betrag").fill("7,25")
    window.get_by_role("button", name="Check this row").click()
    window.get_by_role("status").filter(has_text="ready").wait_for()
    window.get_by_role("link", name="Back to the rows").click()
    window.get_by_role("link", name="Go to send").click()
    window.get_by_role("button", name="Send 1 sale", exact=True).click()
    window.get_by_role("heading", level=1, name="Result").wait_for()
    assert sorted(event["custom_data"]["order_id"] for event in sandbox.events("1001")) == ["1003", "1005"]


def test_a_file_of_ones_own_is_rehearsed_and_counts_as_sent_only_once_it_went_to_meta(start, graph, tmp_path):
    sandbox, url = graph
    _, window = start(url)
    upload(window, sales(tmp_path / "sales.csv", 3))
    check(window)
    window.get_by_role("link", name="Go to send").click()
    window.get_by_role("button", name="Rehearse on this machine").click()
    window.get_by_role("heading", level=1, name="Result").wait_for()
    assert window.get_by_text("A rehearsal on this machine: nothing went to Meta.").is_visible()
    assert "--graph-url http://127.0.0.1:8765" in window.get_by_role("region", name="The same from").inner_text()
    assert sandbox.events("1001") == []
    assert window.get_by_role("link", name="Summary page").count() == 0  # it would tell others of a sending
    window.get_by_role("link", name="History").click()
    assert window.get_by_text("sales.csv").count() == 0
    window.go_back()
    window.get_by_role("link", name="Go to send").click()
    window.get_by_role("button", name="Send 3 sales").click()
    window.get_by_role("heading", level=1, name="Result").wait_for()
    assert len(sandbox.events("1001")) == 3
    assert window.get_by_text("A rehearsal on this machine").count() == 0
    assert "--graph-url" not in window.get_by_role("region", name="The same from").inner_text()
    assert start.said == []


def test_sales_of_several_stores_go_each_to_its_dataset_by_a_profile(start, graph, tmp_path):
    sandbox, url = graph
    (tmp_path / "capi-import.toml").write_text(
        f'[profile.stores]\ngraph_url = "{url}"\ndataset_column = "Store"\ndatasets = "datasets.toml"\n', "utf-8"
    )
    (tmp_path / "datasets.toml").write_text(
        '[store.Berlin]\ndataset = "1001"\ntoken_env = "ONE"\n[store.Hamburg]\ndataset = "1002"\ntoken_env = "TWO"\n',
        "utf-8",
    )
    lines = [
        f"N{n},2026-11-20T10:00:00Z,a{n}@example.com,5.00,EUR,{store}" for n, store in enumerate(["Berlin", "Hamburg"])
    ]
    (tmp_path / "sales.csv").write_text("Order ID,Date,Email,Total,Currency,Store\n" + "\n".join(lines) + "\n", "utf-8")
    _, window = start(ONE="token-one", TWO="token-two")
    window.get_by_text("A customer file, a schema or a profile").click()
    window.get_by_label("Profile of capi-import.toml").select_option("stores")
    upload(window, tmp_path / "sales.csv")
    check(window)
    window.get_by_role("link", name="Go to send").click()
    assert window.get_by_label("Dataset ID").count() == 0
    assert "(by each row)" in window.get_by_role("region", name="Confirmation").inner_text()
    window.get_by_role("button", name="Rehearse on this machine").click()
    window.get_by_role("heading", level=1, name="Result").wait_for()
    assert sandbox.events("1001") == sandbox.events("1002") == []
    window.get_by_role("link", name="Go to send").click()
    window.get_by_role("button", name="Send 2 sales").click()
    window.get_by_role("heading", level=1, name="Result").wait_for()
    sent = {
        dataset: [event["custom_data"]["order_id"] for event in sandbox.events(dataset)] for dataset in ("1001", "1002")
    }
    assert sent == {"1001": ["N0"], "1002": ["N1"]}


def test_a_rehearsal_needs_neither_dataset_nor_token(start, tmp_path):
    _, window = start()
    upload(window, sales(tmp_path / "sales.csv", 3))
    check(window)
    assert "--dataset" not in window.get_by_role("region", name="Summary").inner_text()
    window.get_by_role("link", name="Go to send").click()
    window.get_by_role("button", name="Rehearse on this machine").click()
    window.get_by_role("heading", level=1, name="Result").wait_for()
    with window.expect_download() as found:
        window.get_by_role("link", name="Report (CSV)").click()
    assert Path(found.value.path()).read_text(encoding="utf-8").count(",accepted,") == 3


def test_a_question_is_answered_by_one_click_and_the_check_leads_back_to_what_is_open(start, tmp_path):
    table = "Order ID,Date,Email,Total,Currency\nA1,10/11/2026 10:00,ada@example.com,5.00,EUR\n"
    (tmp_path / "dates.csv").write_text(table, encoding="utf-8")
    _, window = start()
    upload(window, tmp_path / "dates.csv")
    window.get_by_role("button", name="Check rows").click()
    window.get_by_role("alert").filter(has_text="cannot be checked before").wait_for()
    window.get_by_role("button", name="Day first").click()
    window.get_by_role("button", name="Day first").wait_for(state="detached")
    window.get_by_role("combobox", name="Time zone").select_option("UTC")
    check(window)
    window.get_by_role("link", name="Row 1", exact=True).click()
    assert '"event_time": 1794304800' in window.get_by_role("region", name="What would be sent").inner_text()
    assert start.said == []


@pytest.mark.parametrize("language", ["de-DE", "ja-JP"])
def test_the_way_can_be_gone_in_another_language(start, language):
    _, window = start(locale=language)
    window.locator("button").last.click()
    window.locator("button[name=check]").click()
    window.locator("#rows-table").wait_for()
    assert window.locator("html").get_attribute("lang") == language[:2]
    assert window.locator("section.summary").get_attribute("lang") == "en"
    window.locator("a.button.main").click()
    window.locator("form button.main").click()
    window.locator("ul.downloads").wait_for()
    assert start.said == []


def test_an_open_question_keeps_sales_from_being_sent_and_leads_back_to_it(start, graph, tmp_path):
    (tmp_path / "messy.csv").write_text(MESSY + EVA, encoding="utf-8")
    _, window = start(graph[1])
    upload(window, tmp_path / "messy.csv")
    window.get_by_role("combobox", name="Time zone").select_option("Europe/Berlin")
    window.get_by_role("combobox", name="Currency").select_option("EUR")
    check(window)
    assert "1 question is still open" in window.get_by_role("alert").inner_text()
    window.get_by_role("link", name="Go to send").click()
    assert window.get_by_role("button", name="Send 1 sale", exact=True).is_disabled()
    window.get_by_role("link", name="Answer before you send").click()
    assert window.get_by_role("combobox", name="Foo").is_visible()


def test_an_upload_can_be_cancelled(start, tmp_path):
    server, window = start()
    (tmp_path / "large.csv").write_bytes(b"Order ID,Date\n" + b"A1,2026-11-20\n" * 3_000_000)
    session = window.context.new_cdp_session(window)
    session.send("Network.enable")
    slow = {"offline": False, "latency": 0, "downloadThroughput": -1, "uploadThroughput": 1_000_000}
    session.send("Network.emulateNetworkConditions", slow)
    window.get_by_label("Files", exact=True).set_input_files(str(tmp_path / "large.csv"))
    window.get_by_role("button", name="Upload").click()
    window.get_by_role("button", name="Cancel the upload").click()
    window.get_by_role("status").filter(has_text="Cancelled").wait_for()
    while list(server.temporary.rglob("large.csv")):
        window.wait_for_timeout(100)


def test_the_keyboard_alone_leads_to_the_rows(start):
    _, window = start()
    reach(window, "Try a sample")
    window.keyboard.press("Enter")
    window.get_by_role("table", name="Columns").wait_for()
    window.keyboard.press("Tab")
    assert focused(window) == "Skip to the page"
    window.keyboard.press("Enter")
    assert window.evaluate("document.activeElement.id") == "main"
    reach(window, "Check rows")
    window.keyboard.press("Enter")
    window.get_by_role("heading", level=1, name="Check").wait_for()
    window.get_by_role("link", name="Go to send").wait_for()
    reach(window, "Row 1")
    window.keyboard.press("Enter")
    window.get_by_role("heading", level=1, name="Row 1").wait_for()
    reach(window, "Check this row")
    assert window.evaluate("getComputedStyle(document.activeElement).outlineStyle") != "none"


def focused(window):
    return window.evaluate("document.activeElement.textContent.trim()")


def reach(window, text):
    """Press Tab until what bears the text has the focus."""
    for _ in range(300):
        if focused(window) == text:
            return
        window.keyboard.press("Tab")
    raise AssertionError(text)


def test_a_million_rows_are_looked_at_without_waiting(start, tmp_path):
    with (tmp_path / "million.csv").open("w", encoding="utf-8") as file:
        file.write("Order ID,Date,Email,Total,Currency\n")
        for n in range(1_000_000):
            email = "bad" if n % 1000 == 999 else f"a{n}@example.com"
            file.write(f"N{n},2026-11-{n % 20 + 1:02}T10:{n % 60:02}:00Z,{email},{n % 90 + 1}.50,EUR\n")
    _, window = start()
    upload(window, tmp_path / "million.csv")
    check(window)
    window.get_by_role("combobox", name="Status").select_option("invalid")
    window.get_by_role("button", name="Filter").click()
    window.get_by_role("status").filter(has_text="1,000 rows, page 1 of 10").wait_for()
    window.get_by_role("link", name="Last page").click()
    window.get_by_role("link", name="Row 1000000", exact=True).click()
    window.get_by_role("textbox", name="Email").fill("mended@example.com")
    window.get_by_role("button", name="Check this row").click()
    window.get_by_role("status").filter(has_text="ready").wait_for()


def test_a_run_is_stopped_and_goes_on_where_it_was(start, graph, tmp_path):
    sandbox, url = graph
    _, window = start(url)
    upload(window, sales(tmp_path / "many.csv", 20_000))
    check(window)
    window.get_by_role("link", name="Go to send").click()
    window.get_by_role("button", name=re.compile("^Send ")).click()
    window.get_by_role("progressbar", name="Progress").wait_for()
    window.get_by_role("button", name="Stop").click()
    window.get_by_role("button", name="Continue").wait_for()
    window.get_by_role("button", name="Continue").click()
    window.get_by_role("heading", level=1, name="Result").wait_for()
    got = sandbox.summary()
    assert (got.distinct, got.repeats) == (20_000, 0)


def test_what_meta_makes_one_wait_for_is_told_and_can_be_stopped(start, tmp_path):
    options = SandboxOptions(refuse=(every(1, throttled(minutes=3)),))
    with serve(Sandbox(options, clock=datetime.fromisoformat(NOW).timestamp)) as running:
        _, window = start(running.url)
        upload(window, sales(tmp_path / "few.csv", 10))
        check(window)
        window.get_by_role("link", name="Go to send").click()
        window.get_by_role("button", name="Send 10 sales").click()
        waits = window.get_by_text(re.compile(r"^Waiting \d+ s: \S+"))
        waits.wait_for()
        window.get_by_role("button", name="Stop").click()
        window.get_by_role("alert").filter(has_text="Stopped").wait_for()
        assert window.get_by_role("button", name="Continue").is_visible()


def test_pressed_in_two_windows_it_is_sent_once(start, graph, tmp_path):
    sandbox, url = graph
    _, window = start(url)
    upload(window, sales(tmp_path / "few.csv", 3_000))
    check(window)
    window.get_by_role("link", name="Go to send").click()
    other = window.context.new_page()
    other.goto(window.url)
    for one in (window, other):
        one.get_by_role("button", name=re.compile("^Send |^Continue")).click(no_wait_after=True)
    for one in (window, other):
        one.get_by_role("heading", level=1, name="Result").wait_for()
    got = sandbox.summary()
    assert (got.distinct, got.repeats) == (3_000, 0)


@pytest.mark.parametrize("end", ["kill", "terminate"])
def test_a_server_that_ends_in_the_middle_loses_nothing_and_in_order_repeats_nothing(start, graph, tmp_path, end):
    sandbox, url = graph
    file = sales(tmp_path / "many.csv", 20_000)
    server, window = start(url)
    upload(window, file)
    check(window)
    window.get_by_role("link", name="Go to send").click()
    window.get_by_role("button", name=re.compile("^Send ")).click()
    window.get_by_role("button", name="Stop").wait_for()
    if end == "kill":
        server.process.kill()
    assert server.stop() == (130 if end == "terminate" else -9)
    _, window = start(url)
    upload(window, file)
    check(window)
    window.get_by_role("link", name="Go to send").click()
    sends = window.get_by_role("button", name=re.compile("^Send "))
    if sends.is_enabled():  # else it could end what was under way
        sends.click()
        window.get_by_role("heading", level=1, name="Result").wait_for()
    got = sandbox.summary()
    assert got.distinct == 20_000
    assert got.repeats == 0 or end == "kill"  # of what was on its way nobody knows whether Meta took it


def test_a_dead_token_is_told_and_another_goes_on(start, tmp_path):
    sandbox = Sandbox(SandboxOptions(tokens=frozenset({"living"})), clock=datetime.fromisoformat(NOW).timestamp)
    with serve(sandbox) as running:
        _, window = start(running.url)
        upload(window, sales(tmp_path / "few.csv", 10))
        check(window)
        window.get_by_role("link", name="Go to send").click()
        window.get_by_role("button", name="Send 10 sales").click()
        alert = window.get_by_role("alert")
        alert.wait_for()
        assert "token" in alert.inner_text()
        window.get_by_label("Access token").fill("living")
        window.get_by_role("button", name="Continue").click()
        window.get_by_role("heading", level=1, name="Result").wait_for()
        assert sandbox.summary().distinct == 10


@pytest.mark.parametrize(("name", "content"), [("picture.png", b"\x89PNG\r\n\x1a\n" + bytes(300)), ("empty.csv", b"")])
def test_a_wrong_file_is_told_in_a_sentence(start, tmp_path, name, content):
    (tmp_path / name).write_bytes(content)
    _, window = start()
    window.get_by_label("Files", exact=True).set_input_files(str(tmp_path / name))
    window.get_by_role("button", name="Upload").click()
    alert = window.get_by_role("alert")
    alert.wait_for()
    assert name in alert.inner_text()


def test_one_event_is_judged_as_one_types_and_rehearsed(start):
    _, window = start(now=None)
    window.get_by_role("link", name="One event").click()
    window.get_by_label("Email").fill("ada@example.com")
    window.get_by_label("Value").fill("abc")
    window.get_by_role("alert").wait_for()
    window.get_by_label("Value").fill("12.50")
    window.get_by_role("region", name="What would be sent").wait_for()
    window.get_by_role("button", name="Send event").click()
    window.get_by_role("status").filter(has_text="rehearsal took").wait_for()
    assert start.said == []


def test_datasets_are_listed_with_their_figures(start, graph):
    _, window = start(graph[1])
    window.get_by_role("link", name="Datasets").click()
    window.get_by_role("table", name="Datasets").get_by_role("link").first.click()
    assert window.get_by_role("region", name="Details").is_visible()
    assert start.said == []


def every_page(window):
    """Go through all pages of a sample's import and yield the name of each."""
    yield "Import"
    window.get_by_role("button", name="Try a sample").click()
    window.get_by_role("table", name="Columns").wait_for()
    yield "Understand"
    check(window)
    yield "Check"
    window.get_by_role("link", name="Row 1", exact=True).click()
    window.get_by_role("button", name="Check this row").wait_for()
    yield "Row"
    window.get_by_role("link", name="Back to the rows").click()
    window.get_by_role("link", name="Go to send").click()
    window.get_by_role("region", name="Confirmation").wait_for()
    yield "Send"
    window.get_by_role("button", name=re.compile("^Send ")).click()
    window.get_by_role("heading", level=1, name="Result").wait_for()
    yield "Result"
    for name in ("History", "One event", "Datasets"):
        window.get_by_role("link", name=name).click()
        window.get_by_role("heading", level=1, name=name).wait_for()
        yield name


@pytest.mark.parametrize("width", [390, 768, 1280])
def test_no_page_is_wider_than_the_window_and_each_has_one_heading(start, width):
    _, window = start(width=width)
    for name in every_page(window):
        window.wait_for_load_state()
        assert window.evaluate("document.documentElement.scrollWidth") <= width, name
        assert window.locator("h1").count() == 1, name
    assert start.said == []


@pytest.mark.skipif(not AXE.is_file(), reason="axe-core is not there; CAPI_IMPORT_AXE names its axe.min.js")
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_on_any_page(start, scheme):
    _, window = start()
    window.emulate_media(color_scheme=scheme)
    for name in every_page(window):
        window.wait_for_load_state()
        window.evaluate(AXE.read_text(encoding="utf-8"))
        found = window.evaluate("axe.run()")
        assert [(one["id"], [node["html"] for node in one["nodes"]][:3]) for one in found["violations"]] == [], name
