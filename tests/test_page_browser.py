"""The summary page in a real browser: opened from disk, the network cut."""

from __future__ import annotations

import os
from datetime import date, datetime, timedelta
from pathlib import Path
from statistics import median

import pytest

import importer

pytestmark = [pytest.mark.slow, pytest.mark.enable_socket]

AXE = Path(os.environ.get("CAPI_IMPORT_AXE") or "node_modules/axe-core/axe.min.js")
NOW = datetime.fromisoformat("2026-11-23T23:00:00+00:00")
A4, ONE_LINE = 718, 20
"""Pixels between the margins of a page of paper, and of a line of the table of days with its room."""
CUT = "[...document.querySelectorAll('.scroll')].filter(area => area.scrollWidth > area.clientWidth).map(area => area.ariaLabel)"
HEADER = "Order ID,Date,Email,Phone,First Name,Total,Currency,Status\n"
FILES = {
    "good": "".join(
        f"{n},2026-{11 - n % 2}-{n % 20 + 1:02}T10:00:00Z,a{n}@example.com,+12025550{n:03},Ada,{n}.50,"
        f"{'USD' if n % 3 else 'EUR'},{'paid' if n % 7 else 'refunded'}\n"
        for n in range(100, 300)
    ),
    "failed": "".join(f"{n},2025-03-11T10:00:00Z,n/a,12,,{n},EUR,paid\n" for n in range(50)),
    "empty": "",
    "year": "".join(
        f"{n},{date(2026, 11, 23) - timedelta(n % 365)}T10:00:00Z,a{n}@example.com,,Ada,{n * 97}.50,"
        f"{('EUR', 'USD', 'JPY', 'GBP', 'CHF', 'SEK', 'PLN')[n // 9 % 7]},{'paid' if n % 7 else 'refunded'}\n"
        for n in range(800)
    ),
}


@pytest.fixture(scope="module", params=sorted(FILES))
def page_file(request, tmp_path_factory):
    folder = tmp_path_factory.mktemp(request.param)
    (folder / "sales.csv").write_text(HEADER + FILES[request.param], encoding="utf-8")
    page = folder / "sales.html"
    importer.check(folder / "sales.csv", summary=page, now=NOW, ledger=folder / "ledger.db")
    return request.param, page


@pytest.fixture
def opened(browser, page_file):
    """The page in a window of a width, and what the console and the network had to say."""
    contexts = []

    def look(width=1200, scheme="light"):
        context = browser.new_context(
            viewport={"width": width, "height": 900}, color_scheme=scheme, offline=True, bypass_csp=True
        )
        contexts.append(context)
        window, said = context.new_page(), []
        window.on("console", lambda message: said.append(message.text))
        window.on("pageerror", lambda error: said.append(str(error)))
        window.on("request", lambda asked: asked.url.startswith("file:") or said.append(asked.url))
        window.goto(page_file[1].as_uri())
        return window, said

    yield look
    for context in contexts:
        context.close()


@pytest.mark.parametrize("width", [390, 768, 1200])
def test_it_opens_offline_with_an_empty_console_and_never_wider_than_the_window(opened, width):
    window, said = opened(width)
    assert said == []
    assert window.evaluate("document.documentElement.scrollWidth") == width
    assert window.evaluate("document.scripts.length") == 0


def test_the_pictures_are_there_and_have_a_size_a_name_and_a_table(opened, page_file):
    window, _ = opened()
    pictures = window.locator("svg[role=img]")
    assert pictures.count() == {"good": 3, "failed": 2, "empty": 0, "year": 3}[page_file[0]]
    for number in range(pictures.count()):
        picture = pictures.nth(number)
        box = picture.bounding_box()
        assert box["width"] > 600
        assert box["height"] > 100
        assert picture.locator("rect[class^=f-]").count() > 0
        assert picture.locator("> title").text_content()
    if pictures.count():
        window.locator("#days summary").click()
        assert window.locator("#days table").is_visible()


def test_the_keyboard_reaches_every_link_and_table(opened):
    window, _ = opened()
    window.keyboard.press("Tab")
    assert window.evaluate("document.activeElement.textContent") == "Skip to the summary"
    wide = window.locator(".scroll")
    assert all(wide.nth(number).get_attribute("tabindex") == "0" for number in range(wide.count()))


def test_dark_is_dark_and_paper_is_white(opened):
    ground = "getComputedStyle(document.body).backgroundColor"
    window, _ = opened(scheme="dark")
    assert window.evaluate(ground) == "rgb(16, 22, 29)"
    window.emulate_media(media="print")
    assert window.evaluate(ground) == "rgb(255, 255, 255)"
    assert not window.locator("nav").is_visible()
    assert window.pdf().startswith(b"%PDF")


def test_on_paper_every_table_fits_and_most_days_take_one_line(opened):
    window, _ = opened(width=A4)
    window.emulate_media(media="print")
    assert window.evaluate("document.documentElement.scrollWidth") == A4
    assert window.evaluate(CUT) == []
    heights = window.locator(".by-day tbody tr").evaluate_all("rows => rows.map(row => row.offsetHeight)")
    assert median(heights or [0]) < ONE_LINE


def test_on_a_phone_a_wide_table_scrolls_to_its_last_column(opened):
    window, _ = opened(width=390)
    for region in window.locator(".scroll:visible").all():
        inside = region.evaluate(
            "area => { area.scrollLeft = 9999; const last = area.querySelector('thead th:last-child');"
            " return last.getBoundingClientRect().right <= area.getBoundingClientRect().right + 1 }"
        )
        assert inside, region.get_attribute("aria-label")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [390, 1200])
@pytest.mark.skipif(not AXE.is_file(), reason="axe-core is not there; CAPI_IMPORT_AXE names its axe.min.js")
def test_axe_finds_nothing_serious(opened, width, scheme):
    window, _ = opened(width, scheme)
    for summary in window.locator("summary").all():
        summary.click()
    window.evaluate(AXE.read_text(encoding="utf-8"))
    found = window.evaluate("axe.run()")
    assert [(fault["id"], fault["impact"], fault["nodes"][0]["html"]) for fault in found["violations"]] == []
