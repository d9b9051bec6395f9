"""The version of the Graph API: which one is the default on a day, and what is said before it ends."""

from datetime import date, timedelta

import pytest

import importer
from importer.core.tables.graph_versions import VERSIONS, default_version, version_notices
from importer.graph_sandbox import Sandbox, SandboxOptions, serve
from importer.graph_sandbox.access import version_error
from importer.settings import read_access

SALES = "Order ID,Date,Email,Total,Currency\nV-1,2026-11-20T10:00:00Z,ada.lovelace@example.com,12.50,EUR\n"
NOW = "2026-11-23T23:00:00Z"


@pytest.mark.parametrize(
    ("day", "version"),
    [
        ("2026-03-17", "v24.0"),
        ("2026-03-18", "v25.0"),
        ("2026-08-25", "v25.0"),
        ("2026-08-26", "v26.0"),
        ("2026-11-04", "v26.0"),
        ("2026-12-01", "v26.0"),
        ("2026-12-02", "v27.0"),
        ("2031-01-01", "v27.0"),
        ("2020-01-01", "v20.0"),
    ],
)
def test_the_default_is_the_newest_version_that_is_four_weeks_old_at_the_runs_now(day, version):
    assert default_version(date.fromisoformat(day)) == version
    assert read_access({"now": day}, {}).version == version
    assert read_access({"now": day}, {"CAPI_GRAPH_VERSION": "v22.0"}).version == "v22.0"
    assert read_access({"now": day, "graph_version": "v23.0"}, {}).version == "v23.0"


def test_the_default_may_send_and_ask_on_every_day_that_the_sandboxs_own_table_knows():
    day = date(2026, 2, 18)
    while day < date(2027, 12, 31):
        noon = (day - date(1970, 1, 1)).days * 86_400 + 43_200
        assert version_error(default_version(day), noon, sending=True) is None
        assert version_error(default_version(day), noon, sending=False) is None
        assert not version_notices(default_version(day), day)
        day += timedelta(days=1)


@pytest.mark.parametrize(
    ("version", "day", "words"),
    [
        ("v25.0", "2026-11-24", None),
        ("v25.0", "2026-11-25", ["ends on 2027-02-23 for asking", "write v26.0"]),
        ("v25.0", "2027-02-22", ["ends on 2027-02-23", "write v27.0"]),
        ("v25.0", "2027-02-23", ["has ended since 2027-02-23"]),
        ("v24.0", "2026-11-28", ["has ended since 2026-11-10"]),
        ("v21.0", "2026-11-28", ["has ended since 2025-09-09 for asking"]),
        ("v20.0", "2026-11-28", ["has ended since 2026-09-24 for sending", "since 2025-05-06 for asking"]),
        ("v27.0", "2028-08-04", None),
        ("v27.0", "2028-08-05", ["promised until 2028-11-03", "update capi-import"]),
        ("v99.0", "2026-11-28", None),
    ],
)
def test_the_end_of_a_version_is_told_90_days_before(version, day, words):
    told = " ".join(version_notices(version, date.fromisoformat(day)))
    assert bool(told) == bool(words)
    assert all(word in told for word in words or ())


def test_each_version_has_its_dates_in_order():
    assert list(VERSIONS) == sorted(VERSIONS, key=lambda name: VERSIONS[name].released)
    for version in VERSIONS.values():
        assert version.released < (version.reading_ends or date.max) <= (version.sending_ends or date.max)


@pytest.fixture
def here(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    for name in ("CAPI_LEDGER", "CAPI_GRAPH_URL", "CAPI_GRAPH_VERSION"):
        monkeypatch.delenv(name, raising=False)
    (tmp_path / "sales.csv").write_text(SALES, encoding="utf-8")
    return {"dataset": "1001", "now": NOW, "token": "any", "ledger": "ledger.db"}


def asked(here, graph, **options):
    with serve(graph) as running:
        return importer.send("sales.csv", graph_url=running.url, **{**here, **options})


def test_a_version_that_ends_soon_is_a_notice_of_check_and_of_send(here, caplog):
    late = {"graph_version": "v25.0", "now": "2026-11-26T00:00:00Z"}
    graph = Sandbox(SandboxOptions(), clock=lambda: 1_795_651_200)
    for summary in (importer.check("sales.csv", **{**here, **late}), asked(here, graph, **late)):
        assert [notice for notice in summary.notices if "v25.0 ends on 2027-02-23" in notice]
    assert len([text for text in caplog.messages if "v25.0 ends on" in text]) == 2
    assert not [notice for notice in importer.check("sales.csv", **here).notices if "Graph API" in notice]


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_metas_warning_of_an_upgraded_call_is_told_once_in_the_summary(here, caplog, method):
    def upgraded(request, response):
        if request.method != method:
            return response
        warned = {**response.headers, "X-Ad-Api-Version-Warning": "The call has been auto-upgraded to v27.0"}
        return response._replace(headers=warned)

    graph = Sandbox(SandboxOptions(spoil=(upgraded,)), clock=lambda: 1_795_474_800)
    summary = asked(here, graph)
    told = [notice for notice in summary.notices if '"The call has been auto-upgraded to v27.0"' in notice]
    assert len(told) == 1
    assert told[0] in caplog.messages
    assert summary.as_json()["notices"] == list(summary.notices)
