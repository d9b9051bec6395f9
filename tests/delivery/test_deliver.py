"""Outcomes of events: duplicates, retries, isolation, stops; against a fake of Meta."""

from __future__ import annotations

import asyncio
import math
import random
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import httpx
import numpy as np
import pytest
from builders import NOW, Sale, ended, prepared, sales
from fake_meta import (
    DATASET,
    RESET_AFTER,
    TIMEOUT_AFTER,
    TOKEN,
    TRANSIENT,
    Events,
    FakeMeta,
    Fault,
    answering,
    error,
    miscount,
)

from importer.core.model import DAY, DELIVERED, IDENTITY, PREPARED, Prepared
from importer.delivery import Delivery, DeliveryRun, deliver
from importer.errors import (
    AccessError,
    CapiImportError,
    FileError,
    Interrupted,
    LedgerError,
    MetaUnavailable,
    UsageError,
)
from importer.graph.client import GraphClient
from importer.progress import Progress
from importer.store import Ledger, Place, open_ledger


@dataclass
class Ran:
    """What a run left behind. `rows`: every delivered row, in order, with its file."""

    work: DeliveryRun
    rows: list[dict[str, Any]]
    slept: list[float]

    @property
    def stopped(self) -> CapiImportError | None:
        return self.work.stopped

    def ids(self, status: str, reason: str | None = None) -> list[str]:
        wanted = [row for row in self.rows if row["status"] == status and reason in (None, row["reason"])]
        return [row["event_id"] for row in wanted]

    def statuses(self) -> Counter[tuple[str, str | None]]:
        return Counter((row["status"], row["reason"]) for row in self.rows)


def run(
    path: Place,
    meta: FakeMeta,
    *batches: tuple[str, Prepared],
    clock: Callable[[], float] = lambda: NOW,
    code: str | None = None,
    watch: Callable[[Progress], None] | None = None,
    stop_requested: Callable[[], bool] | None = None,
    source: Iterator[tuple[str, Prepared]] | None = None,
    secret: str | None = None,
    drain_seconds: float = 0.2,
    **settings: Any,
) -> Ran:
    slept: list[float] = []

    async def sleep(seconds: float) -> None:
        slept.append(seconds)
        await asyncio.sleep(0)

    async def main() -> Ran:
        transport = httpx.MockTransport(meta)
        with open_ledger(path) as ledger:
            delivery = Delivery(DATASET, ("a.csv",), test_event_code=code, **{"batch_size": 10, **settings})
            work = deliver(
                iter(batches) if source is None else source,
                client=GraphClient(TOKEN, transport=transport, app_secret=secret, version="v25.0"),
                ledger=ledger,
                delivery=delivery,
                clock=clock,
                on_progress=watch,
                stop_requested=stop_requested,
                sleep=sleep,
                drain_seconds=drain_seconds,
            )
            rows: list[dict[str, Any]] = []
            async for file, delivered in work:
                assert delivered.schema == DELIVERED
                rows.extend({"file": file, **row} for row in delivered.to_pylist())
            return Ran(work, rows, slept)

    return asyncio.run(main())


@pytest.fixture
def path(place: Place) -> Place:
    """Every promise is kept with either ledger."""
    return place


def script_of(*faults: Fault | None) -> Callable[[int, Events], Fault | None]:
    """The n-th request meets the n-th fault, later ones none."""
    return lambda number, _events: faults[number] if number < len(faults) else None


# ---------------------------------------------------------------------- the happy path


def test_each_sale_arrives_once_and_each_row_has_its_line(path: Place) -> None:
    first = prepared([*sales(25), ended("skipped", "refund"), Sale("order", lines=3)])
    second = prepared(sales(12, "t"), first_row=100)
    meta = FakeMeta()
    ran = run(path, meta, ("a.csv", first), ("b.csv", second))
    assert ran.statuses() == {("accepted", None): 40, ("skipped", "refund"): 1}
    assert set(meta.arrived.values()) == {1}
    assert len(meta.arrived) == 38
    assert sorted(meta.sizes) == [2, 6, 10, 10, 10]
    assert {row["trace"] for row in ran.rows if row["status"] == "accepted"} == {"Aok"}
    given = [row for batch in (first, second) for row in batch.to_pylist()]
    kept = [name for name in PREPARED.names if name not in {"status", "payload", *IDENTITY}]
    assert [[row[name] for name in kept] for row in ran.rows] == [[row[name] for name in kept] for row in given]
    assert [row["payload"] for row in ran.rows] == [None if row["payload"] is None else "" for row in given]
    stats = ran.work.stats
    assert (stats.requests, stats.retries, stats.sent, stats.accepted, stats.rejected) == (5, 0, 38, 38, 0)
    assert ran.stopped is None


def test_an_empty_batch_and_one_without_events_come_back(path: Place) -> None:
    meta = FakeMeta()
    ran = run(path, meta, ("a.csv", prepared([])), ("a.csv", prepared([ended("invalid", "too_old")])))
    assert ran.statuses() == {("invalid", "too_old"): 1}
    assert meta.requests == 0


def test_a_slice_of_a_batch_is_sent_as_it_is(path: Place) -> None:
    whole = prepared([Sale("x", lines=2), *sales(20), Sale("y")])
    meta = FakeMeta()
    ran = run(path, meta, ("a.csv", Prepared(whole.slice(5, 10))))
    assert [row["event_id"] for row in ran.rows] == ran.ids("accepted") == [f"s{number}" for number in range(3, 13)]
    assert set(meta.arrived) == set(ran.ids("accepted"))


def test_a_row_without_an_outcome_is_a_bug_that_is_raised(path: Place) -> None:
    with pytest.raises(ValueError, match="1 prepared rows"):
        run(path, FakeMeta(), ("a.csv", prepared([Sale("a"), {"order": 7}])))


def test_requests_keep_to_the_cap_of_bytes(path: Place) -> None:
    meta = FakeMeta()
    ran = run(path, meta, ("a.csv", prepared(sales(40, padding=150_000))), batch_size=1_000)
    assert ran.statuses() == {("accepted", None): 40}
    assert max(meta.sizes) == 13


def test_a_test_code_travels_along_and_is_noted(path: Place) -> None:
    ran = run(path, FakeMeta(), ("a.csv", prepared(sales(3))), code="TEST1")
    assert {row["warnings"] for row in ran.rows} == {"event:test_event"}


def test_progress_is_told(path: Place) -> None:
    told: list[Progress] = []
    run(path, FakeMeta(), ("a.csv", prepared(sales(30))), watch=told.append)
    last = told[-1]
    assert (last.rows, last.sales, last.sent, last.requests, last.retries) == (30, 30, 30, 3, 0)
    assert (last.in_flight, last.limit, last.paused, last.waiting, last.why) == (0, 8, 0.0, 0.0, "")


# ---------------------------------------------------------------------- repeats and ages


def test_a_second_run_sends_only_what_is_new(path: Place) -> None:
    meta = FakeMeta()
    run(path, meta, ("export.csv", prepared(sales(20))))
    ran = run(path, meta, ("again.csv", prepared(sales(25))))
    assert ran.statuses() == {("duplicate", "earlier_run"): 20, ("accepted", None): 5}
    assert {row["detail"] for row in ran.rows if row["status"] == "duplicate"} == {"export.csv on 2026-11-23"}
    assert set(meta.arrived.values()) == {1}


def test_a_repeat_in_this_run_is_sent_once_wherever_it_stands(path: Place) -> None:
    again = [Sale("other-id", key="s0"), Sale("s1", lines=2)]
    late = [("c.csv", prepared(sales(40, f"t{number}-"))) for number in range(40)]
    batches = [("a.csv", prepared([*sales(15), *again])), ("b.csv", prepared(again)), *late, ("d.csv", prepared(again))]
    meta = FakeMeta()
    ran = run(path, meta, *batches)
    repeats = [row for row in ran.rows if row["status"] == "duplicate"]
    assert [(row["file"], row["reason"], row["detail"]) for row in repeats] == [
        *[("a.csv", "same_file", None)] * 3,
        *[("b.csv", "other_file", "a.csv")] * 3,
        *[("d.csv", "other_file", "a.csv")] * 3,
    ]
    assert set(meta.arrived.values()) == {1}
    assert "other-id" not in meta.arrived


@pytest.mark.parametrize("batches_between", [0, 100])
def test_a_repeat_of_a_failed_sale_shares_its_outcome(path: Place, batches_between: int) -> None:
    meta = FakeMeta(poison=frozenset({"s3"}))
    between = [("a.csv", prepared([Sale(f"b{number}")])) for number in range(batches_between)]
    repeat = ("b.csv", prepared([Sale("s3"), Sale("s3", lines=2)]))
    ran = run(path, meta, ("a.csv", prepared(sales(5))), *between, repeat)
    assert ran.ids("rejected") == ["s3"] * 4
    assert {row["error_subcode"] for row in ran.rows if row["status"] == "rejected"} == {2_804_003}


@pytest.mark.parametrize(
    ("source", "age", "status"),
    [
        ("physical_store", 62 * DAY - 601, "accepted"),
        ("physical_store", 62 * DAY - 599, "invalid"),
        ("email", 7 * DAY - 601, "accepted"),
        ("email", 7 * DAY - 599, "invalid"),
    ],
)
def test_an_event_too_old_for_its_action_source_is_not_sent(path: Place, source: str, age: int, status: str) -> None:
    ran = run(path, FakeMeta(), ("a.csv", prepared([Sale("x", time=NOW - age, source=source)])))
    assert ran.statuses() == {(status, "too_old" if status == "invalid" else None): 1}


def test_a_repeat_of_a_too_old_sale_with_a_later_time_is_sent(path: Place) -> None:
    batch = prepared([Sale("old", time=NOW - 63 * DAY, key="k"), Sale("new", key="k")])
    assert [row["status"] for row in run(path, FakeMeta(), ("a.csv", batch)).rows] == ["invalid", "accepted"]


@pytest.mark.parametrize(("fault", "reason"), [(error(2), "expired_waiting"), (TIMEOUT_AFTER, "answer_lost")])
def test_an_event_that_expires_while_it_waits_is_taken_out(path: Place, fault: Fault, reason: str) -> None:
    now = [float(NOW)]

    def script(number: int, _events: Events) -> Fault | None:
        if number:
            return None
        now[0] += 10
        return fault

    edge = Sale("edge", time=NOW - 7 * DAY + 605, source="email")
    meta = FakeMeta(script)
    ran = run(path, meta, ("a.csv", prepared([*sales(4), edge, Sale("s9")])), clock=lambda: now[0])
    assert ran.statuses() == {("accepted", None): 5, ("unsent", reason): 1}
    assert meta.sizes == [6, 5]
    assert ran.ids("unsent") == ["edge"]


# ---------------------------------------------------------------------- faults


@pytest.mark.parametrize("name", TRANSIENT)
def test_after_a_transient_fault_everything_arrives(path: Place, name: str) -> None:
    meta = FakeMeta(script_of(TRANSIENT[name]))
    ran = run(path, meta, ("a.csv", prepared(sales(35))))
    assert ran.statuses() == {("accepted", None): 35}
    assert ran.stopped is None
    assert ran.work.stats.retries == 1
    lost = name in {"reset_after", "timeout_after", "closed_after", "html_after", "cut", "empty", "miscount"}
    assert set(meta.arrived.values()) == ({1, 2} if lost else {1})
    with open_ledger(path, read_only=True) as ledger:
        assert ledger.open_claims(DATASET) == []
        assert [(total.accepted, total.in_doubt) for total in ledger.totals()] == [(35, 0)]


@pytest.mark.parametrize(("code", "refusals"), [(-1, 6), (-3, 6), (9_999, 7), (1_500_000, 7)])
def test_a_passing_code_of_no_known_meaning_rejects_nobody(path: Place, code: int, refusals: int) -> None:
    """So many requests end just where one event stands alone for the first time."""
    meta = FakeMeta(script_of(*[error(code, message="$['data'][0] went wrong")] * refusals))
    ran = run(path, meta, ("a.csv", prepared(sales(10))), concurrency=1)
    assert ran.statuses() == {("accepted", None): 10}
    assert meta.sizes[:refusals] == [10] * (refusals - 4) + [5, 3, 2, 1]
    assert meta.sizes[refusals] == 1


@pytest.mark.parametrize("code", [-1, 9_999])
def test_what_is_refused_alone_twice_by_such_a_code_is_rejected_and_nothing_else(path: Place, code: int) -> None:
    meta = FakeMeta(
        lambda _number, events: (
            error(code, message="$['data'][0] went wrong") if "s7" in {event["event_id"] for event in events} else None
        )
    )
    ran = run(path, meta, ("a.csv", prepared(sales(10))), concurrency=1)
    assert ran.ids("rejected") == ["s7"]
    assert ran.statuses()[("accepted", None)] == 9


@pytest.mark.parametrize("seed", range(6))
def test_faults_mixed_at_random_lose_and_repeat_nothing(path: Place, seed: int) -> None:
    chance = random.Random(seed)
    lost: Counter[str] = Counter()

    def script(_number: int, events: Events) -> Fault | None:
        if chance.random() > 0.3:
            return None
        name = chance.choice(list(TRANSIENT))
        if name in {"reset_after", "timeout_after", "closed_after", "html_after", "cut", "empty", "miscount"}:
            lost.update(event["event_id"] for event in events)
        return TRANSIENT[name]

    meta = FakeMeta(script, poison=frozenset({"s0-7", "s1-33", "s1-34"}))
    ran = run(path, meta, *((f"{n}.csv", prepared(sales(300, f"s{n}-"))) for n in range(3)))
    assert ran.stopped is None
    assert set(ran.ids("rejected")) == meta.poison
    assert ran.statuses()[("accepted", None)] == 897
    for event in ran.ids("accepted"):
        assert 1 <= meta.arrived[event] <= 1 + lost[event]
    assert not meta.poison & set(meta.arrived)


@pytest.mark.parametrize(
    ("code", "subcode", "kind"),
    [
        *((code, None, AccessError) for code in (190, 102, 104, 3, 10, 200, 270, 294, 299, 803)),
        (190, 463, AccessError),
        (100, 33, AccessError),
        (2_500, None, UsageError),
        (2_635, None, UsageError),
        (368, None, MetaUnavailable),
    ],
)
def test_what_no_repeat_can_mend_stops_the_run_with_few_requests(
    path: Place, code: int, subcode: int | None, kind: type[Exception]
) -> None:
    meta = FakeMeta(lambda _number, _events: error(code, subcode, status=401))
    batches = [("a.csv", prepared([*sales(500, f"s{n}-"), ended("skipped", "refund")])) for n in range(4)]
    ran = run(path, meta, *batches, concurrency=4)
    assert type(ran.stopped) is kind
    assert f"code {code}" in str(ran.stopped)
    assert meta.requests <= 4
    assert ran.statuses() == {("unsent", "run_stopped"): 2_000, ("skipped", "refund"): 4}
    assert ran.slept == []
    with open_ledger(path, read_only=True) as ledger:
        assert ledger.totals() == []


def test_a_stop_midway_keeps_what_was_accepted_and_knows_repeats(path: Place) -> None:
    meta = FakeMeta(lambda number, _events: error(190) if number >= 3 else None)
    ran = run(path, meta, ("a.csv", prepared([*sales(100), *sales(5)])), concurrency=1)
    assert ran.statuses() == {("accepted", None): 30, ("unsent", "run_stopped"): 70, ("duplicate", "same_file"): 5}
    meta.script = lambda _number, _events: None
    again = run(path, meta, ("a.csv", prepared(sales(100))))
    assert again.statuses() == {("accepted", None): 70, ("duplicate", "earlier_run"): 30}
    assert set(meta.arrived.values()) == {1}


@pytest.mark.parametrize(
    ("fault", "reason", "in_doubt"),
    [
        (TRANSIENT["refused"], "meta_unavailable", False),
        (TRANSIENT["503"], "answer_lost", True),
        (RESET_AFTER, "answer_lost", True),
        (error(2), "meta_unavailable", False),
    ],
)
def test_when_nothing_is_answered_the_run_stops(path: Place, fault: Fault, reason: str, in_doubt: bool) -> None:
    meta = FakeMeta(lambda _number, _events: fault)
    ran = run(path, meta, ("a.csv", prepared(sales(100))), concurrency=1)
    assert type(ran.stopped) is MetaUnavailable
    failed = len(ran.ids("unsent", reason))
    assert 10 <= failed <= 40, "what four workers hold"
    assert ran.statuses() == {("unsent", reason): failed, ("unsent", "run_stopped"): 100 - failed}
    assert 6 <= meta.requests <= 4 * 6
    assert max(ran.slept) <= 16
    with open_ledger(path, read_only=True) as ledger:
        assert sum(total.in_doubt for total in ledger.totals()) == (failed if in_doubt else 0)


def test_a_request_that_fails_for_good_while_others_succeed_is_unsent_alone(path: Place) -> None:
    others_accepted = asyncio.Event()

    class Meta(FakeMeta):
        async def __call__(self, request: httpx.Request) -> httpx.Response:
            if b'"s20"' in request.content:
                await others_accepted.wait()  # however slow the disk is
            return await super().__call__(request)

    def script(_number: int, events: Events) -> Fault | None:
        return TIMEOUT_AFTER if events[0]["event_id"] == "s20" else None

    def watch(progress: Progress) -> None:
        if progress.sales:
            others_accepted.set()

    ran = run(path, Meta(script), ("a.csv", prepared(sales(1_000))), concurrency=3, watch=watch)
    assert ran.stopped is None
    assert ran.ids("unsent", "answer_lost") == [f"s{number}" for number in range(20, 30)]
    with open_ledger(path, read_only=True) as ledger:
        assert [claim.events for claim in ledger.open_claims(DATASET)] == [10]
    meta = FakeMeta()
    again = run(path, meta, ("a.csv", prepared(sales(1_000))))
    assert again.statuses() == {("duplicate", "earlier_run"): 990, ("accepted", None): 10}
    with open_ledger(path, read_only=True) as ledger:
        assert ledger.open_claims(DATASET) == []


def test_another_count_twice_is_accepted_and_noted(path: Place) -> None:
    meta = FakeMeta(script_of(miscount, miscount))
    ran = run(path, meta, ("a.csv", prepared(sales(10))))
    assert ran.statuses() == {("accepted", None): 10}
    assert {row["warnings"] for row in ran.rows} == {"event:count_differs"}
    assert meta.requests == 2


@pytest.mark.parametrize("fault", [error(99_999), error(-5)])
def test_an_unknown_code_that_stays_is_isolated(path: Place, fault: Fault) -> None:
    def script(_number: int, events: Events) -> Fault | None:
        return fault if any(event["event_id"] == "s5" for event in events) else None

    ran = run(path, FakeMeta(script), ("a.csv", prepared(sales(30))))
    assert ran.ids("rejected") == ["s5"]
    assert ran.statuses()[("accepted", None)] == 29


@pytest.mark.parametrize("fault", [error(1), answering(413, b"")])
def test_one_event_that_makes_meta_fail_is_unsent_and_the_others_arrive(path: Place, fault: Fault) -> None:
    def script(_number: int, events: Events) -> Fault | None:
        return fault if any(event["event_id"] == "s5" for event in events) else None

    ran = run(path, FakeMeta(script), ("a.csv", prepared(sales(30))))
    assert ran.ids("unsent", "meta_unavailable") == ["s5"]
    assert ran.statuses()[("accepted", None)] == 29


def test_too_much_data_makes_smaller_requests_and_is_learnt(path: Place) -> None:
    meta = FakeMeta(most_events=30)
    ran = run(path, meta, ("a.csv", prepared(sales(2_000))), batch_size=100, concurrency=1)
    assert ran.statuses() == {("accepted", None): 2_000}
    assert Counter(meta.sizes)[100] <= 4 * 3, "three tries by each worker"
    assert meta.requests < 2_000 / 25 + 40


def test_one_request_alone_is_repeated_with_growing_pauses(path: Place) -> None:
    ran = run(path, FakeMeta(lambda _number, _events: error(2)), ("a.csv", prepared(sales(5))))
    assert type(ran.stopped) is MetaUnavailable
    assert len(ran.slept) == 5
    assert all(0 <= wait <= most for wait, most in zip(ran.slept, (1, 2, 4, 8, 16), strict=True))


# ---------------------------------------------------------------------- throttling


def test_a_throttle_pauses_every_request_once(path: Place) -> None:
    meta = FakeMeta(lambda number, _events: error(17) if number < 4 else None, latency=0.1)
    ran = run(path, meta, ("a.csv", prepared(sales(400))), concurrency=4)
    assert ran.statuses() == {("accepted", None): 400}
    assert ran.slept == [60.0]
    assert ran.work.stats.paused == 60.0


@pytest.mark.parametrize(
    ("name", "waits"),
    [("throttled with minutes", [180.0]), ("throttled with seconds", [100.0]), ("429", [2.0]), ("code 613", [60.0])],
)
def test_a_pause_is_as_long_as_the_headers_say(path: Place, name: str, waits: list[float]) -> None:
    ran = run(path, FakeMeta(script_of(TRANSIENT[name])), ("a.csv", prepared(sales(5))))
    assert ran.slept == waits


def test_throttled_again_the_pause_grows_until_the_run_stops(path: Place) -> None:
    seconds = {"X-Ad-Account-Usage": '{"reset_time_duration": 20}'}
    meta = FakeMeta(lambda _number, _events: error(17, headers=seconds))
    ran = run(path, meta, ("a.csv", prepared(sales(50))), concurrency=2)
    assert ran.slept == [20.0, 60.0, 120.0, 240.0, 480.0, 900.0, 900.0]
    assert type(ran.stopped) is MetaUnavailable
    assert ran.statuses() == {("unsent", "run_stopped"): 50}


def test_a_wait_of_hours_stops_at_once_and_is_told(path: Place) -> None:
    hours = {"X-Business-Use-Case-Usage": '{"1":[{"estimated_time_to_regain_access":300}]}'}
    meta = FakeMeta(lambda _number, _events: error(80_004, headers=hours))
    ran = run(path, meta, ("a.csv", prepared(sales(50))), concurrency=1)
    assert "300 minutes" in str(ran.stopped)
    assert (meta.requests, ran.slept) == (1, [])


def test_a_throttle_halves_what_is_in_flight_and_success_restores_it(path: Place) -> None:
    seen: list[int] = []
    meta = FakeMeta(lambda number, _events: error(4) if number == 16 else None, latency=0.05)
    ran = run(path, meta, ("a.csv", prepared(sales(1_000))), concurrency=8, watch=lambda told: seen.append(told.limit))
    assert ran.statuses() == {("accepted", None): 1_000}
    assert min(seen) <= 6
    assert seen[-1] == 8
    assert meta.most_in_flight == 8


# ---------------------------------------------------------------------- isolation


def halving_cost(events: int, rejected: int, batch: int) -> int:
    return math.ceil(events / batch) + 2 * rejected * math.ceil(math.log2(batch))


@pytest.mark.parametrize("count", [1, 2, 37])
@pytest.mark.parametrize("named", [False, True])
def test_poison_is_isolated_with_no_more_requests_than_halving_explains(path: Place, count: int, named: bool) -> None:
    everything = sales(20_000)
    poison = frozenset(sale.id for sale in random.Random(count).sample(everything, count))
    meta = FakeMeta(poison=poison, named=named)
    batches = [("a.csv", prepared(everything[start : start + 6_500])) for start in range(0, 20_000, 6_500)]
    ran = run(path, meta, *batches, batch_size=1_000)
    assert set(ran.ids("rejected")) == poison
    assert len(ran.ids("accepted")) == 20_000 - count
    assert set(meta.arrived.values()) == {1}
    most = 22 + count if named else halving_cost(20_000, count, 1_000) + 2
    assert meta.requests <= most
    rejected = next(row for row in ran.rows if row["status"] == "rejected")
    assert rejected["detail"] == "code 100, subcode 2804003: the event is too old"
    assert (rejected["field"], rejected["reason"]) == ("event_time", "meta_rejected")
    assert (rejected["error_code"], rejected["error_subcode"], rejected["trace"]) == (100, 2_804_003, "Aerr")


def test_one_rejected_event_costs_less_than_asking_both_halves(tmp_path: Path) -> None:
    costs = []
    for place in range(0, 1_000, 97):
        meta = FakeMeta(poison=frozenset({f"s{place}"}))
        ran = run(tmp_path / f"{place}.db", meta, ("a.csv", prepared(sales(1_000))), batch_size=1_000)
        assert ran.ids("rejected") == [f"s{place}"]
        costs.append(meta.requests)
    assert np.mean(costs) < 18


def test_any_number_of_rejected_events_is_found(path: Place) -> None:
    chance = random.Random(5)
    everything = sales(600)
    poison = frozenset(sale.id for sale in everything if chance.random() < 0.3)
    meta = FakeMeta(poison=poison)
    ran = run(path, meta, ("a.csv", prepared(everything)), batch_size=100)
    assert set(ran.ids("rejected")) == poison
    assert len(ran.ids("accepted")) == 600 - len(poison)


@pytest.mark.parametrize("named", [False, True])
def test_the_search_ends_when_everything_is_refused(path: Place, named: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("importer.delivery.counters.MAX_REJECTED_IN_A_ROW", 100)
    everything = sales(1_200)
    meta = FakeMeta(poison=frozenset(sale.id for sale in everything), named=named)
    ran = run(path, meta, ("a.csv", prepared(everything)), batch_size=100)
    statuses = ran.statuses()
    assert set(statuses) == {("rejected", "meta_rejected"), ("unsent", "too_many_requests")}
    assert 100 <= statuses[("rejected", "meta_rejected")] <= 120
    assert meta.requests < 340
    assert ran.stopped is None


# ---------------------------------------------------------------------- stops from outside


def test_the_user_stops_and_what_is_in_flight_is_drained(path: Place) -> None:
    asked = threading.Event()

    def script(number: int, _events: Events) -> Fault | None:
        if number == 5:
            asked.set()
        return None

    meta = FakeMeta(script, latency=0.15)
    batches = [("a.csv", prepared(sales(200, f"s{n}-"))) for n in range(5)]
    ran = run(path, meta, *batches, concurrency=4, stop_requested=asked.is_set, drain_seconds=5.0)
    assert type(ran.stopped) is Interrupted
    assert len(ran.rows) == 1_000
    assert set(ran.ids("accepted")) == set(meta.arrived)
    assert ran.statuses()[("unsent", "run_stopped")] == 1_000 - len(meta.arrived)
    assert meta.requests < 20


def test_draining_is_bounded_and_what_is_cut_off_is_in_doubt(path: Place) -> None:
    began = time.monotonic()
    meta = FakeMeta(latency=60.0)
    ran = run(path, meta, ("a.csv", prepared(sales(100))), concurrency=2, stop_requested=lambda: meta.requests == 2)
    assert time.monotonic() - began < 10
    assert ran.statuses() == {("unsent", "answer_lost"): 20, ("unsent", "run_stopped"): 80}
    with open_ledger(path, read_only=True) as ledger:
        assert sum(claim.events for claim in ledger.open_claims(DATASET)) == 20


def test_a_batch_that_cannot_be_read_is_raised_after_what_came_before(path: Place) -> None:
    def source() -> Iterator[tuple[str, Prepared]]:
        yield "a.csv", prepared(sales(30))
        message = "The file ends in the middle."
        raise FileError(message)

    meta = FakeMeta()
    with pytest.raises(FileError, match="in the middle"):
        run(path, meta, source=source())
    assert len(meta.arrived) == 30
    with open_ledger(path, read_only=True) as ledger:
        assert ledger.totals()[0].accepted == 30


@pytest.mark.parametrize("step", ["claim", "settle", "release", "known"])
def test_a_ledger_that_fails_stops_the_run_and_the_report_stays_true(path: Place, step: str) -> None:
    with open_ledger(path) as ledger:
        kind = type(ledger)
    calls = []
    original = getattr(kind, step)

    def failing(self: Ledger, *arguments: object) -> object:
        calls.append(step)
        if len(calls) > 2:
            message = "The disk that holds the ledger is full."
            raise LedgerError(message)
        return original(self, *arguments)

    broken = pytest.MonkeyPatch()
    broken.setattr(kind, step, failing)
    meta = FakeMeta(poison=frozenset({"s0-1", "s0-45", "s0-85"}))
    batches = [("a.csv", prepared(sales(100, f"s{n}-"))) for n in range(4)]
    ran = run(path, meta, *batches, concurrency=2)
    assert type(ran.stopped) is LedgerError
    assert len(ran.rows) == 400
    assert set(ran.ids("accepted")) == set(meta.arrived)
    assert ran.statuses()[("unsent", "run_stopped")] > 100
    broken.undo()
    again = run(path, meta, *batches)
    assert set(meta.arrived) | meta.poison == {row["event_id"] for row in ran.rows}
    assert again.stopped is None
    repeated = {event for event, times in meta.arrived.items() if times > 1}
    assert len(repeated) <= (30 if step == "settle" else 0), "only what could not be settled is offered again"


def test_a_second_run_on_the_same_file_does_not_begin(tmp_path: Path) -> None:
    path, meta = tmp_path / "ledger.db", FakeMeta()
    with open_ledger(path) as other:
        other.begin(DATASET, ["x.csv"], NOW)
        with pytest.raises(LedgerError, match="Another run"):
            run(path, meta, ("a.csv", prepared(sales(10))))
    assert meta.requests == 0


def test_a_consumer_that_leaves_early_leaves_nothing_running(path: Place) -> None:
    meta = FakeMeta(latency=0.01)

    async def main() -> None:
        transport = httpx.MockTransport(meta)
        with open_ledger(path) as ledger:
            work = deliver(
                (("a.csv", prepared(sales(50, f"s{n}-"))) for n in range(50)),
                client=GraphClient(TOKEN, transport=transport, version="v25.0"),
                ledger=ledger,
                delivery=Delivery(DATASET, batch_size=10),
                clock=lambda: NOW,
            )
            stream = aiter(work)
            await anext(stream)
            await stream.aclose()
            assert len(asyncio.all_tasks()) == 1

    asyncio.run(main())
    assert meta.requests < 250
    assert not [thread for thread in threading.enumerate() if thread.name.startswith(("ledger", "prepare"))]
    ran = run(path, FakeMeta(), *(("a.csv", prepared(sales(50, f"s{n}-"))) for n in range(50)))
    assert len(ran.ids("accepted")) + len(ran.ids("duplicate")) == 2_500


# ---------------------------------------------------------------------- memory, speed, secrets


def test_batches_are_pulled_only_as_far_as_they_are_needed(path: Place) -> None:
    pulled = []

    def source() -> Iterator[tuple[str, Prepared]]:
        for number in range(300):
            pulled.append(number)
            yield "a.csv", prepared(sales(2, f"s{number}-"))

    async def main() -> None:
        transport = httpx.MockTransport(FakeMeta())
        with open_ledger(path) as ledger:
            client = GraphClient(TOKEN, transport=transport, version="v25.0")
            work = deliver(source(), client=client, ledger=ledger, delivery=Delivery(DATASET), clock=lambda: NOW)
            yielded = 0
            async for _ in work:
                assert len(pulled) - yielded <= 65
                yielded += 1
            assert yielded == 300

    asyncio.run(main())


@pytest.mark.slow
def test_slow_answers_keep_eight_requests_in_flight_over_the_ends_of_batches(path: Place) -> None:
    latency, requests, size = 0.3, 160, 5
    batches = [("a.csv", prepared(sales(size * 8, f"s{n}-"))) for n in range(requests // 8)]
    meta = FakeMeta(latency=latency)
    began = time.monotonic()
    run(path, meta, *batches, batch_size=size, concurrency=8)
    taken = time.monotonic() - began
    assert meta.requests == requests
    assert requests / 8 * latency / taken >= 0.9


SECRET = "5ecret-of-the-app"


def test_no_token_secret_or_payload_is_left_in_ledger_errors_or_outcomes(
    path: Place, request: pytest.FixtureRequest
) -> None:
    for number, fault in enumerate(
        [error(190, message=f"bad {TOKEN}"), error(100, 2_804_016, message="ada@example.com"), TRANSIENT["tls"]]
    ):
        meta = FakeMeta(lambda _number, _events, fault=fault: fault)
        ran = run(path, meta, ("a.csv", prepared(sales(10, f"s{number}-"))), secret=SECRET)
        rows = [{name: value for name, value in row.items() if name != "payload"} for row in ran.rows]
        texts = [repr(ran.stopped), repr(rows), repr(ran.work.stats), repr(ran.work)]
        cause = ran.stopped
        while cause is not None:
            texts.append(repr(cause))
            cause = cause.__cause__ or cause.__context__
        for text in texts:
            assert TOKEN not in text
            assert SECRET not in text
            assert "ada@example.com" not in text
    run(path, FakeMeta(), ("a.csv", prepared(sales(10))), secret=SECRET)
    if isinstance(path, Path):
        written = b"".join(file.read_bytes() for file in path.parent.iterdir())
    else:
        written = request.getfixturevalue("postgres_server").dump(path)
    assert b"sales" in written
    for secret in (TOKEN, SECRET, "ada@example.com", "user_data", replace(Sale("s0")).payload[:40]):
        assert secret.encode() not in written


def test_a_minute_without_an_answer_is_told_with_the_reason_and_the_run_goes_on(
    path: Place, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr("importer.delivery.counters.SILENT_SECONDS", 0.3)
    meta = FakeMeta(script_of(TIMEOUT_AFTER, TIMEOUT_AFTER, error(2)), latency=0.3)
    ran = run(path, meta, ("a.csv", prepared(sales(5))))
    assert ran.statuses() == {("accepted", None): 5}
    told = [text for text in caplog.messages if text.startswith("No answer from Meta")]
    assert told
    assert any("(reset, closed or timed out after connecting); the run goes on" in text for text in told)


def test_answers_that_come_in_time_are_no_silence(
    path: Place, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr("importer.delivery.counters.SILENT_SECONDS", 1.0)
    run(path, FakeMeta(latency=0.2), ("a.csv", prepared(sales(100))), concurrency=1)
    assert not [text for text in caplog.messages if text.startswith("No answer from Meta")]


def test_a_warning_about_the_version_is_surfaced(path: Place) -> None:
    warned = answering(200, b'{"events_received":10}', taken=True, headers={"X-Ad-Api-Version-Warning": "v25.0 ends"})
    ran = run(path, FakeMeta(script_of(warned)), ("a.csv", prepared(sales(20))))
    assert ran.work.stats.notices == ("v25.0 ends",)
