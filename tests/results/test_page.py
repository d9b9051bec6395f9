from __future__ import annotations

import re
from dataclasses import replace
from decimal import Decimal
from html.parser import HTMLParser

import pytest

from importer.core.model import Status
from importer.core.reasons import REASONS, WARNINGS
from importer.errors import FileError
from importer.results.facts import ColumnFacts, Facts, FileFacts, Moment
from importer.results.guide import GUIDE, NOTES
from importer.results.phrases import row_in_words
from importer.results.summary_page import PageFile, render
from importer.results.summary_page.day_chart import by_day
from importer.results.summary_page.page_tables import keys_per_sale, reasons
from importer.results.summary_page.plots import nice_top, up_ticks
from importer.results.summary_page.request_chart import speed_chart
from importer.results.timeline import MOST_MOMENTS, Timeline
from importer.results.totals import Place, Sample, Totals

NOW = 1_795_474_800  # 2026-11-23T23:00:00Z
DAY = 86_400
COLUMNS = (ColumnFacts("E-Mail <b>", ("em",)), ColumnFacts("Note"))
FACTS = Facts(
    "send", began="2026-11-23T23:00:00Z", now=NOW, files=(FileFacts("sales.csv", layout="orders", columns=COLUMNS),)
)
OLD = {"status": "invalid", "reason": "too_old", "payload": None}
BAD = {"status": "invalid", "reason": "bad_value", "payload": None}


@pytest.fixture
def dated(totals_of):
    def build(*rows, file="sales.csv"):
        return totals_of([{"event_time": NOW - DAY, **row} for row in rows], file=file)

    return build


@pytest.fixture
def page_of(dated):
    def build(*rows, facts=FACTS):
        return render(dated(*rows), [facts])

    return build


def words_of(page):
    class Words(HTMLParser):
        def __init__(self):
            super().__init__()
            self.words, self.skip = [], False

        def handle_starttag(self, tag, attrs):
            self.skip = tag in ("style", "svg")

        def handle_data(self, data):
            if not self.skip:
                self.words.append(data)

    parser = Words()
    parser.feed(page)
    return " ".join(" ".join(parser.words).split())


def test_the_page_asks_nothing_of_the_network_and_runs_nothing(page_of):
    page = page_of({}, OLD, {"warnings": "em:invalid"})
    assert "<script" not in page
    assert not re.search(r"https?://|url\(|@import|<link|<img|<iframe|\son[a-z]+=", page)
    assert "default-src 'none'" in page


def test_headers_and_names_of_files_are_text_never_markup(page_of):
    facts = replace(FACTS, files=(replace(FACTS.files[0], file="<script>x</script>.csv"),), stopped="<i>full</i>")
    page = page_of({}, {"warnings": "em:invalid"}, facts=facts)
    assert "<script" not in page
    assert "E-Mail &lt;b&gt;" in page
    assert "&lt;i&gt;full" in page


def test_the_verdict_and_the_figures_stand_at_the_top(page_of):
    words = words_of(page_of({}, {"value": Decimal("10.60")}, BAD, {"status": "skipped", "reason": "blank"}))
    assert "2 of 4 rows accepted (2 sales, 1,060.00 USD)." in words
    assert "Rows to fix or to send again 1 1,049.40 USD" in words
    assert "0 sent before, 1 not a sale" in words


def test_what_is_too_old_is_neither_to_fix_nor_forgotten(page_of):
    words = words_of(page_of({}, OLD, OLD))
    assert "Needs nothing 2 0 sent before, 0 not a sale, 2 too old" in words


def test_every_reason_is_explained_with_what_to_do_and_where(page_of):
    words = words_of(page_of({}, OLD, OLD))
    assert "2 rows (67% of all), 2 sales, 2,098.80 USD" in words
    assert GUIDE["too_old"].means in words
    assert GUIDE["too_old"].action in words
    assert "lines 3, 4" in words


def test_the_example_of_a_reason_is_a_row_of_the_file_and_never_invented(page_of):
    first = {**OLD, "order_id": "B-17", "value": Decimal("18.90"), "currency": "EUR", "event_time": NOW - 101 * DAY}
    page = page_of({}, first, OLD, {"status": "skipped", "reason": "blank", "event_time": None, "value": None})
    assert "For example, line 3: order B-17, 2026-08-14 23:00:00 UTC, 18.90 EUR." in words_of(page)
    assert not any(entry.example in words_of(page) for entry in GUIDE.values())


def test_an_example_shows_no_order_id_that_may_be_a_name_and_no_sentence_twice():
    row = Sample(Place("sales.csv", 3), "The date is missing; fill it.", "Ada Lovelace", "", Decimal(5), "JPY")
    assert row_in_words(row, "The date is missing; fill it.") == "5 JPY"
    assert row_in_words(row, "Another sentence.") == "5 JPY. The date is missing; fill it"


def test_the_example_is_the_first_row_whatever_the_order_of_batches(dated):
    late, early = dated({}, {**OLD, "order_id": "late 2"}), dated({**OLD, "order_id": "early 1"})
    assert (early + late).samples["invalid", "too_old"].order_id == "early 1"
    assert (early + late).samples["invalid", "too_old"].place == (early + late).places["invalid", "too_old"][0]


def test_the_day_table_has_a_column_for_each_currency_and_for_what_occurs_only(dated):
    money = [("EUR", 3), ("USD", 2), ("JPY", 900)]
    days = by_day(dated(*({"currency": unit, "value": Decimal(value)} for unit, value in money)), NOW, check=False)
    assert [days.groups[number] for number in days.used] == ["accepted by Meta"]
    assert list(days.lines(4)) == [("2026-11-22", ["3", "900", "3.00", "2.00"])]
    assert list(days.lines(1)) == [("2026-11-22", ["3", "900", "3.00 EUR, 2.00 USD"])]


@pytest.mark.parametrize("most", [3, 7, 23, 42, 100, 1_049])
def test_the_axis_of_sales_counts_in_whole_sales(most):
    assert all(float(tick.label).is_integer() for tick in up_ticks(nice_top(most), str))


def test_the_most_costly_reason_to_fix_comes_first_whatever_the_currency(dated):
    rows = [{"status": "invalid", "reason": "bad_value", "currency": "JPY", "value": Decimal(900)}] * 3
    rows += [{"status": "ready", "currency": "JPY", "value": Decimal(9_000)}]
    rows += [{"status": "invalid", "reason": "bad_currency", "currency": "USD", "value": Decimal(500)}]
    rows += [{"status": "invalid", "reason": "too_old", "currency": "GBP", "value": Decimal(10**6)}]
    rows += [{"status": "skipped", "reason": "refunded", "currency": "EUR", "value": Decimal(10**6)}]
    assert [line.reason for line in reasons(dated(*rows))] == ["bad_currency", "bad_value", "refunded", "too_old"]


@pytest.mark.parametrize("reason", sorted(REASONS))
def test_every_reason_code_has_a_page_that_renders(page_of, reason):
    page = page_of({"status": "invalid", "reason": reason, "payload": None})
    assert f"<code>{reason}</code>" in page


def test_every_code_has_its_paragraph_and_no_paragraph_is_without_a_code():
    assert set(GUIDE) == set(REASONS)
    assert set(NOTES) == set(WARNINGS)
    assert all(all(entry) for entry in [*GUIDE.values(), *NOTES.values()])


def test_warnings_stand_with_the_header_of_their_column(page_of):
    words = words_of(page_of({}, {"warnings": "em:placeholder"}))
    assert "E-Mail <b> em 1 50%" in words
    assert "1 column not used" in words


def test_everything_failed_is_a_page(page_of):
    words = words_of(page_of(OLD, OLD))
    assert "0 of 2 rows accepted." in words
    assert "What to do next" in words


def test_an_empty_file_is_a_page(dated):
    words = words_of(render(Totals(), [FACTS]))
    assert "There are no rows in sales.csv." in words
    assert "a header and no rows" in words


def test_rows_without_facts_are_a_page(dated):
    words = words_of(render(dated({}, OLD), []))
    assert "1 of 2 rows accepted" in words
    assert "A Parquet report also tells how its run went." in words
    assert "capi-import report" in words


def test_several_runs_stand_on_one_page(dated):
    runs = [FACTS, replace(FACTS, began="2026-11-16T23:00:00Z", files=(FileFacts("week46.csv"),))]
    words = words_of(render(dated({}) + dated({}, OLD, file="week46.csv"), runs))
    assert "2 runs combined" in words
    assert "2 of 3 rows accepted" in words
    assert "Rows by file" in words
    assert "week46.csv 2 1 0 0 1" in words


def test_meta_s_own_scores_stand_there_when_they_are_known(dated):
    answer = {
        "offline": [
            {
                "event_name": "Purchase",
                "composite": {"score": 7.2, "recommendation": "Share <more> keys"},
                "match_key": {"score": 6.0, "coverage": {"email": 40}},
                "odd": ["x"],
            }
        ]
    }
    page = render(dated({}), [FACTS], meta_quality=answer)
    assert "Share &lt;more&gt; keys" in page
    assert "Purchase match key 6.0" in words_of(page)


def test_sales_by_day_are_drawn_within_the_windows_and_the_rest_is_told(dated):
    rows = [{"event_time": NOW - days * DAY} for days in (0, 3, 30, 69, 70, 500)]
    days = by_day(dated(*rows, {"event_time": None}), NOW, check=False)
    assert days.unit == "day"
    assert [slot.label for slot in days.slots] == ["older", "2026-09-15", "2026-10-24", "2026-11-20", "2026-11-23"]
    assert days.note == "Not drawn: 2 sales older than 2026-09-15, 1 without a valid date."
    fresh, store, old = reversed(days.plots[0].bands)
    assert (round(fresh.width), round(store.width), round(old.width)) == (100, 786, 114)
    assert len(days.plots[0].boxes) == 4


def test_a_file_of_old_sales_is_drawn_by_month_with_its_gaps(dated):
    rows = [{"event_time": 1_704_067_200, **OLD}, {"event_time": 1_711_929_600, **OLD}]
    days = by_day(dated(*rows), NOW, check=True)
    assert days.unit == "month"
    assert [slot.label for slot in days.slots] == ["2024-01", "2024-04"]
    assert days.plots[0].boxes[1].x > 700


def test_many_keys_are_counted_together(dated):
    rows = [{"match_keys": "em"}, {"match_keys": "em+ph+fn+ln+ct+st+zp+country+db"}, {"match_keys": None}]
    bars = {bar.name: bar.count for bar in keys_per_sale(dated(*rows))}
    assert bars["0 keys"] == bars["1 key"] == bars["8 or more keys"] == 1


def test_speed_and_waiting_are_drawn_over_time():
    moments = [
        Moment(float(second), 100 * second, second, paused=60.0 if second > 2 else 0.0) for second in range(1, 80)
    ]
    drawn = speed_chart(replace(FACTS, timeline=tuple(moments)))
    assert drawn.lines[-1].rows == 7_900
    assert sum(step.paused for step in drawn.lines) == 60
    (wait,) = drawn.plot.bands
    assert wait.words == "Meta asked to wait 60 s"
    assert speed_chart(FACTS) is None


def test_a_timeline_stays_short_however_long_the_run():
    timeline = Timeline()
    for number in range(100_000):
        timeline.add(Moment(number * 0.05, number, 0))
    assert len(timeline.moments) <= MOST_MOMENTS + 1
    assert timeline.moments[0].second == 0
    assert timeline.moments[-1].rows == 99_999


@pytest.mark.parametrize(("most", "top"), [(0, 1), (1, 1), (3, 5), (7, 10), (23, 25), (1_049.4, 2_000)])
def test_axes_end_in_round_numbers(most, top):
    assert nice_top(most) == top
    assert up_ticks(top, str)[-1].label == str(float(top)) or up_ticks(top, str)[-1].label == str(top)


@pytest.mark.parametrize("status", list(Status))
def test_each_status_has_its_color(page_of, status):
    assert f's-{status}"' in page_of({"status": str(status)})


def test_a_page_stands_under_its_name_only_once_it_is_filled(tmp_path, dated):
    path = tmp_path / "page.html"
    path.write_text("older")
    with PageFile(path):
        pass
    assert path.read_text() == "older"
    with PageFile(path) as page:
        page.fill(dated({}), FACTS)
    assert "1 of 1 row accepted" in path.read_text(encoding="utf-8")
    assert path.stat().st_mode & 0o777 == 0o600
    assert list(tmp_path.iterdir()) == [path]


def test_a_folder_that_does_not_exist_is_said_before_anything_is_done(tmp_path):
    with pytest.raises(FileError, match="does not exist"):
        PageFile(tmp_path / "nowhere" / "page.html")
