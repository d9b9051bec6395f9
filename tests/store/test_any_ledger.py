"""What every ledger promises, whichever database it lies in."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import date
from decimal import Decimal
from pathlib import Path
from threading import Barrier

import numpy as np
import pytest
from builders import NOW

from importer.core.model import DAY
from importer.errors import LedgerError
from importer.store import KEEP_SECONDS, AcceptedSale, Keys, Ledger, Place, Sales, keys_of, open_ledger

DATASET = "1234567890"


def some_keys(count: int, seed: int = 0) -> Keys:
    return np.random.default_rng(seed).integers(0, 1 << 64, (count, 2), np.uint64)


def accept(ledger: Ledger, run: int, keys: Keys, file: str = "sales.csv", *, event_time: int = NOW) -> int:
    claim = claim_of(ledger, run, file, keys, event_time)
    ledger.settle(claim, Sales.of_keys(keys), "Atrace", NOW)
    return claim


def claim_of(ledger: Ledger, run: int, file: str, keys: Keys, event_time: int = NOW) -> int:
    times = np.full(len(keys), event_time, np.int64)
    return ledger.claim(run, file, Sales.of_keys(keys, times), NOW).id


def accepted(ledger: Ledger, dataset: str, keys: Keys) -> np.ndarray:
    """The claim with which each key was accepted, -1 where it was not."""
    return ledger.known(dataset, Sales.of_keys(keys)).claims


def test_what_was_settled_is_accepted_in_this_run_and_the_next(place: Place) -> None:
    keys, others = some_keys(2_500), some_keys(500, seed=1)
    with open_ledger(place) as ledger:
        run = ledger.begin(DATASET, ["in/sales.csv"], NOW)
        claims = [accept(ledger, run, keys[start : start + 1_000], "in/sales.csv") for start in range(0, 2_500, 1_000)]
        for held in (accepted(ledger, DATASET, keys), accepted(ledger, DATASET, keys[::-1])[::-1]):
            assert held.tolist() == np.repeat(claims, [1_000, 1_000, 500]).tolist()
        assert (accepted(ledger, DATASET, others) == -1).all()
        ledger.end(run, NOW)
    with open_ledger(place) as ledger:
        ledger.begin(DATASET, ["again.csv"], NOW + DAY)
        found = accepted(ledger, DATASET, np.concatenate([others, keys]))
        assert (found[:500] == -1).all()
        acceptance = ledger.acceptance(int(found[500]))
        assert (acceptance.run, acceptance.file, acceptance.day) == (run, "sales.csv", "2026-11-23")


def test_a_new_ledger_may_be_made_by_several_runs_at_once(place: Place) -> None:
    for attempt in range(20):
        fresh, together = (place.with_name(f"{attempt}.db") if isinstance(place, Path) else place), Barrier(4)

        def run(dataset: int, fresh: Place = fresh, together: Barrier = together) -> int:
            together.wait()
            with open_ledger(fresh) as ledger:
                run = ledger.begin(str(dataset), ["a.csv"], NOW)
                ledger.end(run, NOW)
            return run

        with ThreadPoolExecutor(4) as pool:
            assert len(set(pool.map(run, range(4)))) == 4


def test_what_was_claimed_only_is_open_and_not_accepted(place: Place) -> None:
    keys = some_keys(3)
    with open_ledger(place) as ledger:
        run = ledger.begin(DATASET, ["a.csv"], NOW)
        claim = claim_of(ledger, run, "a.csv", keys)
        assert [(open_.id, open_.file, open_.events) for open_ in ledger.open_claims(DATASET)] == [(claim, "a.csv", 3)]
        assert (accepted(ledger, DATASET, keys) == -1).all()
    with open_ledger(place) as ledger:
        ledger.begin(DATASET, ["a.csv"], NOW)
        assert (accepted(ledger, DATASET, keys) == -1).all()
        assert len(ledger.open_claims(DATASET)) == 1


def test_a_released_claim_is_gone_and_a_settled_one_cannot_be_released(place: Place) -> None:
    keys = some_keys(3)
    with open_ledger(place) as ledger:
        run = ledger.begin(DATASET, ["a.csv"], NOW)
        ledger.release(claim_of(ledger, run, "a.csv", keys))
        assert ledger.open_claims(DATASET) == []
        ledger.release(accept(ledger, run, keys))
        assert (accepted(ledger, DATASET, keys) >= 0).all()


def test_a_claim_may_be_settled_in_part(place: Place) -> None:
    keys = some_keys(10)
    with open_ledger(place) as ledger:
        run = ledger.begin(DATASET, ["a.csv"], NOW)
        ledger.settle(claim_of(ledger, run, "a.csv", keys), Sales.of_keys(keys[:7]), None, NOW)
        assert (accepted(ledger, DATASET, keys) >= 0).tolist() == [True] * 7 + [False] * 3
    with open_ledger(place, read_only=True) as ledger:
        assert (accepted(ledger, DATASET, keys) >= 0).tolist() == [True] * 7 + [False] * 3


def test_an_open_claim_goes_when_all_of_it_was_accepted_later(place: Place) -> None:
    keys = some_keys(10)
    with open_ledger(place) as ledger:
        run = ledger.begin(DATASET, ["a.csv"], NOW)
        claim_of(ledger, run, "a.csv", keys)
        claim_of(ledger, run, "b.csv", some_keys(2, seed=5))
        ledger.end(run, NOW)
        run = ledger.begin(DATASET, ["a.csv"], NOW)
        accept(ledger, run, keys)
        ledger.end(run, NOW)
        assert [claim.file for claim in ledger.open_claims(DATASET)] == ["b.csv"]


def test_datasets_do_not_mix(place: Place) -> None:
    keys = some_keys(5)
    with open_ledger(place) as ledger:
        accept(ledger, ledger.begin(DATASET, ["a.csv"], NOW), keys)
        ledger.begin("other", ["a.csv"], NOW)
        assert (accepted(ledger, "other", keys) == -1).all()


def test_keys_whose_events_meta_would_not_take_anyway_are_not_held(place: Place) -> None:
    old, young = some_keys(5), some_keys(5, seed=1)
    with open_ledger(place) as ledger:
        run = ledger.begin(DATASET, ["a.csv"], NOW)
        accept(ledger, run, old, event_time=NOW - KEEP_SECONDS - 1)
        accept(ledger, run, young, event_time=NOW - KEEP_SECONDS)
        ledger.end(run, NOW)
        ledger.begin(DATASET, ["a.csv"], NOW)
        assert (accepted(ledger, DATASET, old) == -1).all()
        assert (accepted(ledger, DATASET, young) >= 0).all()
    with open_ledger(place, read_only=True) as ledger:
        assert (accepted(ledger, DATASET, old) >= 0).all()  # everything, unless told
        ledger.limit(DATASET, NOW)
        assert (accepted(ledger, DATASET, old) == -1).all()
        assert (accepted(ledger, DATASET, young) >= 0).all()


def test_totals_tell_each_file(place: Place) -> None:
    with open_ledger(place) as ledger:
        run = ledger.begin(DATASET, ["a.csv", "b.csv"], NOW)
        accept(ledger, run, some_keys(5), "/home/ada/a.csv", event_time=NOW - 3 * DAY)
        accept(ledger, run, some_keys(7, seed=1), "a.csv", event_time=NOW - DAY)
        claim_of(ledger, run, "b.csv", some_keys(2, seed=2))
        first, second = ledger.totals()
    assert (first.file, first.accepted, first.in_doubt) == ("a.csv", 12, 0)
    assert (first.first, first.last, first.sent) == ("2026-11-20", "2026-11-22", "2026-11-23")
    assert (second.file, second.accepted, second.in_doubt) == ("b.csv", 0, 2)


def test_a_ledger_can_be_read_while_a_run_writes_it(place: Place) -> None:
    with open_ledger(place) as ledger:
        run = ledger.begin(DATASET, ["a.csv"], NOW)
        accept(ledger, run, some_keys(3))
        with open_ledger(place, read_only=True) as reader:
            assert reader.totals()[0].accepted == 3
        accept(ledger, run, some_keys(3, seed=1))


def test_keys_that_share_their_beginning_are_told_apart(place: Place) -> None:
    keys = some_keys(4)
    twins = keys.copy()
    twins[:, 0] ^= np.uint64(1)  # below the 40 bits that the index holds
    more = keys.copy()
    more[:, 1] ^= np.uint64(1 << 63)
    with open_ledger(place) as ledger:
        run = ledger.begin(DATASET, ["a.csv"], NOW)
        first, second = accept(ledger, run, keys), accept(ledger, run, twins)
        for _ in range(2):
            assert accepted(ledger, DATASET, keys).tolist() == [first] * 4
            assert accepted(ledger, DATASET, twins).tolist() == [second] * 4
            assert accepted(ledger, DATASET, more).tolist() == [-1] * 4


def test_keys_that_end_in_zeros_are_whole_keys(place: Place) -> None:
    keys = keys_of(b"\1" + b"\0" * 15 + b"\1\0\1" + b"\0" * 13 + b"\0" * 16)
    with open_ledger(place) as ledger:
        accept(ledger, ledger.begin(DATASET, ["a.csv"], NOW), keys[[0, 2]])
        assert (accepted(ledger, DATASET, keys) >= 0).tolist() == [True, False, True]


def test_a_file_that_comes_again_with_one_sale_more_and_one_less_is_known(place: Place) -> None:
    keys = some_keys(50)
    with open_ledger(place) as ledger:
        first = accept(ledger, ledger.begin(DATASET, ["a.csv"], NOW), keys)
        assert accepted(ledger, DATASET, keys).tolist() == [first] * 50
        changed = np.concatenate([keys[:20], some_keys(1, seed=7), keys[21:]])
        assert accepted(ledger, DATASET, changed).tolist() == [first] * 20 + [-1] + [first] * 29
        assert accepted(ledger, DATASET, keys[::-1]).tolist() == [first] * 50


def test_forgetting_takes_what_is_older_and_nothing_else(place: Place) -> None:
    old, young = some_keys(5), some_keys(7, seed=1)
    with open_ledger(place) as ledger:
        run = ledger.begin(DATASET, ["a.csv"], NOW)
        accept(ledger, run, old, event_time=NOW - 10 * DAY)
        accept(ledger, run, young, event_time=NOW - 3 * DAY)
        ledger.end(run, NOW)
        assert ledger.forget("other", date(2027, 1, 1)) == 0
        assert ledger.forget(DATASET, date(2026, 11, 20)) == 5
        assert (accepted(ledger, DATASET, old) == -1).all()
        assert (accepted(ledger, DATASET, young) >= 0).all()
        assert ledger.faults() == []
        run = ledger.begin(DATASET, ["a.csv"], NOW)
        accept(ledger, run, old, event_time=NOW - 10 * DAY)
        assert (accepted(ledger, DATASET, old) >= 0).all()


def test_a_ledger_that_is_only_read_is_not_made(place: Place) -> None:
    with open_ledger(place, read_only=True) as ledger:
        assert ledger.is_new
        assert ledger.totals() == ledger.open_claims(DATASET) == ledger.faults() == []
        assert (accepted(ledger, DATASET, some_keys(3)) == -1).all()
    with open_ledger(place) as ledger:
        assert ledger.is_new, "reading made none"
    with open_ledger(place) as ledger:
        assert not ledger.is_new


def test_what_a_transaction_claims_is_undone_with_it_and_can_be_claimed_again(place: Place) -> None:
    keys, more = some_keys(5), some_keys(5, seed=1)

    def fail(ledger: Ledger, run: int) -> None:
        with ledger.transaction():
            accept(ledger, run, keys)
            claim_of(ledger, run, "a.csv", more)
            raise ZeroDivisionError

    with open_ledger(place) as ledger:
        run = ledger.begin(DATASET, ["a.csv"], NOW)
        with pytest.raises(ZeroDivisionError):
            fail(ledger, run)
        assert (accepted(ledger, DATASET, keys) == -1).all()
        assert ledger.open_claims(DATASET) == []
        with ledger.transaction():
            accept(ledger, run, keys)
            accept(ledger, run, more)
        assert (accepted(ledger, DATASET, np.concatenate([keys, more])) >= 0).all()


def test_an_older_copy_is_told_by_what_this_machine_remembers(place: Place, tmp_path) -> None:
    memory = tmp_path / "memory"
    with open_ledger(place, memory=memory) as ledger:
        accept(ledger, ledger.begin(DATASET, ["a.csv"], NOW), some_keys(3))
    (file,) = memory.iterdir()
    file.write_text(f"{10_000:020}")
    with open_ledger(place, memory=memory) as ledger:
        with pytest.raises(LedgerError, match="is older than when it was last used"):
            ledger.begin(DATASET, ["a.csv"], NOW)
        ledger.accept()
        ledger.begin(DATASET, ["a.csv"], NOW)


def test_what_was_sent_and_what_was_refunded_since_is_told(place: Place) -> None:
    keys = some_keys(3)
    with open_ledger(place) as ledger:
        run = ledger.begin(DATASET, ["a.csv"], NOW)
        accept(ledger, run, keys)
        claim_of(ledger, run, "a.csv", some_keys(2, seed=1))
        known = ledger.known(DATASET, Sales.of_keys(keys), facts=True)
        assert known.sales is not None
        assert {sale.key for sale in known.sales.values()} == {key.tobytes() for key in keys}
        refunded = [
            AcceptedSale(keys[place_].tobytes(), NOW, order, keys[place_].tobytes().hex(), "Purchase", value, "EUR")
            for place_, order, value in ((0, "R-1", Decimal("12.5")), (1, None, None))
        ]
        for _ in range(2):
            ledger.refund(run, refunded, NOW)
        assert [found.sale for found in ledger.refunds()] == [refunded[1], refunded[0]]
        assert [sale.is_accepted for sale in ledger.sent(run)] == [True] * 3 + [False] * 2
        assert ledger.count_before(DATASET, date(2027, 1, 1), "other.csv") == 0
        assert [(run_.number, run_.files) for run_ in ledger.runs()] == [(run, ("a.csv",))]


def test_a_part_of_a_shared_work_is_taken(place: Place) -> None:
    with open_ledger(place) as ledger:
        run = ledger.begin(DATASET, ["a.csv"], NOW)
        assert ledger.take(run, "work", 1)
        assert ledger.take(run, "work", 1), "by the same run again"
