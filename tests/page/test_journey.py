"""The page in a real browser: the whole way of an import, and what goes wrong on it, against the sandbox."""

from __future__ import annotations

import os
import re
import shutil
from datetime import datetime
from pathlib import Path

import pytest
from page_server import PageServer

from importer.graph_sandbox import Sandbox, SandboxOptions, serve

pytestmark = [pytest.mark.slow, pytest.mark.enable_socket]

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
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

if CHROMIUM is None and os.environ.get("CI") != "true":
    pytest.skip("no Chromium on this machine", allow_module_level=True)


@pytest.fixture(scope="module")
def browser():
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield opened
        opened.close()


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

    def begin(url=None, *, now=NOW, script=True, width=1280, **environ):
        access = (
            {}
            if url is None
            else {"CAPI_GRAPH_URL": url, "CAPI_ACCESS_TOKEN": "token-of-the-test", "CAPI_DATASET_ID": "1001"}
        )
        servers.append(PageServer(tmp_path, *(("--now", now) if now else ()), **{**access, **environ}))
        context = browser.new_context(
            viewport={"width": width, "height": 900}, java_script_enabled=script, bypass_csp=False
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
    window.get_by_role("combobox", name="Time zone").select_option("Europe/Berlin")
    window.get_by_role("combobox", name="Currency").select_option("EUR")
    window.get_by_role("combobox", name="Foo").select_option("sale")
    window.get_by_role("button", name="Apply").click()
    questions.wait_for(state="detached")
    assert window.get_by_role("combobox", name="What Betrag fills").input_value() == "value"
    check(window)
    window.get_by_role("combobox", name="Reason").select_option("bad_value")
    window.get_by_role("button", name="Filter").click()
    window.get_by_role("link", name="Row 5").click()
    window.get_by_role("textbox", name="Betrag").fill("7,25")
    window.get_by_role("button", name="Check this row").click()
    window.get_by_role("status").filter(has_text="ready").wait_for()
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
    assert start.said == []


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


def test_a_server_that_dies_in_the_middle_loses_and_repeats_nothing(start, graph, tmp_path):
    sandbox, url = graph
    file = sales(tmp_path / "many.csv", 20_000)
    server, window = start(url)
    upload(window, file)
    check(window)
    window.get_by_role("link", name="Go to send").click()
    window.get_by_role("button", name=re.compile("^Send ")).click()
    window.get_by_role("button", name="Stop").wait_for()
    server.process.kill()
    server.stop()
    _, window = start(url)
    upload(window, file)
    check(window)
    window.get_by_role("link", name="Go to send").click()
    window.get_by_role("button", name=re.compile("^Send ")).click()
    window.get_by_role("heading", level=1, name="Result").wait_for()
    assert sandbox.summary().distinct == 20_000


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
