"""The rows of a Parquet report, filtered and page by page."""

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from importer.page.report_rows import PAGE_ROWS, Filter, ReportRows

ROWS = 2_500


@pytest.fixture(scope="module")
def rows(tmp_path_factory):
    """A report of several row groups: every fifth row invalid, every tenth with two warnings, every fiftieth with one."""
    path = tmp_path_factory.mktemp("report") / "report.parquet"
    bad = [n % 5 == 0 for n in range(ROWS)]
    table = pa.table(
        {
            "row": pa.array(range(1, ROWS + 1), pa.int64()),
            "status": ["invalid" if one else "ready" for one in bad],
            "reason": [("bad_value" if n % 10 else "too_old") if bad[n] else None for n in range(ROWS)],
            "warnings": [
                "em:invalid" if n % 50 == 1 else "em:invalid; ph:unknown" if n % 10 == 2 else None for n in range(ROWS)
            ],
        }
    )
    pq.write_table(table, path, row_group_size=700)
    return ReportRows(path)


def numbers(page):
    return [row["row"] for row in page.rows]


def test_all_rows_come_in_their_order_page_by_page(rows):
    assert len(rows) == ROWS
    found = [number for page in range(1, 26) for number in numbers(rows.page(Filter(), page))]
    assert found == list(range(1, ROWS + 1))


@pytest.mark.parametrize("number", [26, 10**11])
def test_behind_the_last_page_comes_the_last_one(rows, number):
    page = rows.page(Filter(), number)
    assert (page.number, page.pages, numbers(page)[-1]) == (25, 25, ROWS)


def test_filters_hold_together(rows):
    page = rows.page(Filter("invalid", "too_old"), 1)
    assert (page.total, numbers(page)[:2], len(page.rows)) == (250, [1, 11], PAGE_ROWS)


def test_a_warning_is_found_among_others(rows):
    assert rows.page(Filter(warning="ph:unknown"), 1).total == 250
    assert rows.page(Filter(warning="em:invalid"), 1).total == 300


@pytest.mark.parametrize("wanted", [Filter("nothing"), Filter("ready", "bad_value"), Filter(warning="em")])
def test_what_nothing_has_is_an_empty_page(rows, wanted):
    page = rows.page(wanted, 3)
    assert (page.total, page.pages, list(page.rows)) == (0, 1, [])


def test_choices_are_counted(rows):
    assert rows.choices == {
        "status": {"invalid": 500, "ready": 2_000},
        "reason": {"bad_value": 250, "too_old": 250},
        "warning": {"em:invalid": 300, "ph:unknown": 250},
    }


@pytest.mark.parametrize(("place", "number"), [(0, 1), (699, 700), (700, 701), (ROWS - 1, ROWS)])
def test_a_row_is_found_by_its_place_across_row_groups(rows, place, number):
    assert rows.row(place)["row"] == number
    assert rows.row(ROWS) is None
    assert rows.row(-1) is None


def test_a_report_without_rows_is_one_empty_page(tmp_path):
    names = ("row", "status", "reason", "warnings")
    pq.write_table(pa.table({name: pa.array([], pa.string()) for name in names}), tmp_path / "empty.parquet")
    found = ReportRows(tmp_path / "empty.parquet")
    assert (len(found), list(found.page(Filter(), 1).rows)) == (0, [])
