"""Parts of delivery by themselves: bodies cut from a batch, writes in one commit, requests that are abandoned."""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest
from builders import NOW, Sale, ended, prepared, sales

from importer.core.model import SEPARATOR
from importer.delivery.bodies import Bodies
from importer.delivery.ledger_thread import LedgerThread
from importer.delivery.outcome import RUN_STOPPED
from importer.delivery.prepared_batch import PreparedBatch
from importer.delivery.stop import StopSignal
from importer.errors import LedgerError
from importer.store import Claimed, Keys, Sales, keys_of, open_ledger


def of_keys(keys: Keys) -> Sales:
    return Sales.of_keys(keys, np.full(len(keys), NOW))


TEXTS = ['{"a":1}', '{"b":"\u00e4"}', "{}", '{"d":4}']


@pytest.mark.parametrize("wanted", [[0], [3], [0, 1, 2, 3], [1, 2], [0, 2], [0, 1, 3]])
@pytest.mark.parametrize("rows", [[0, 1, 2, 3], [2, 3, 4, 6]])
def test_a_body_holds_the_json_of_its_events(wanted: list[int], rows: list[int]) -> None:
    cells: list[str | None] = ["x", None] * 4
    for row, text in zip(rows, TEXTS, strict=True):
        cells[row] = text + SEPARATOR
    payload, events = pa.array(["before", *cells], pa.large_string())[1:], np.array([4, 5, 9, 12])
    body = bytes(Bodies(events, payload, np.array(rows)).of(events[wanted]))
    assert body == ",".join(TEXTS[place] for place in wanted).encode()
    assert payload.to_pylist() == cells


def test_a_batch_gives_up_its_json_when_it_is_queued_and_when_it_is_settled() -> None:
    given = prepared([*sales(3), ended("skipped", "refund"), Sale("order", lines=2)])
    batch = PreparedBatch("a.csv", given)
    events = batch.open_events
    batch.queue(events[1:])
    expected = [text for text in given.column("payload").to_pylist() if text][1:]
    assert bytes(batch.payloads(events[1:])) == "".join(expected).removesuffix(SEPARATOR).encode()
    batch.settle(events, RUN_STOPPED)
    marks = batch.delivered().column("payload").to_pylist()
    assert marks == [None if text is None else "" for text in given.column("payload").to_pylist()]
    with pytest.raises(ValueError, match="not queued"):
        batch.payloads(events[1:])


def test_one_write_that_fails_undoes_no_other_that_was_to_be_committed_with_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    keys = keys_of(bytes(range(160)))
    commits = []

    async def main(*, fails: bool) -> list[int | None]:
        with open_ledger(tmp_path / f"{fails}.db") as ledger:
            stop = StopSignal(asyncio.sleep)
            thread = LedgerThread(ledger, "1", stop, lambda: NOW, ThreadPoolExecutor(1))
            await thread.begin(["a.csv"])
            ledger._db.set_trace_callback(lambda text: commits.append(1) if text == "COMMIT" else None)
            claim = ledger.claim

            def claiming(run: int, file: str, *arguments: object) -> Claimed:
                if fails and file == "bad.csv":
                    message = "The disk is full."
                    raise LedgerError(message)
                return claim(run, file, *arguments)  # type: ignore[arg-type]

            monkeypatch.setattr(ledger, "claim", claiming)
            files = ["a.csv", "b.csv", "bad.csv", "c.csv"]
            works = [thread.claim(file, of_keys(keys[place : place + 1])) for place, file in enumerate(files)]
            claims = await asyncio.gather(*works)
            assert [claim is None for claim in claims] == [False, False, fails, False]
            assert len(ledger.open_claims("1")) == 4 - fails
            assert (stop.error is not None) is fails
            await thread.settle(claims[0].id, of_keys(keys[:1]), "trace")
            assert ((await thread.known(of_keys(keys))).claims >= 0).tolist() == [not fails] + [False] * 9
            ledger._db.set_trace_callback(None)
            await thread.end()
        return claims

    asyncio.run(main(fails=False))
    assert len(commits) == 2, "four claims at once are one commit, the settlement is another"
    asyncio.run(main(fails=True))


def test_what_is_rolled_back_is_not_found_as_accepted(tmp_path: Path) -> None:
    keys = keys_of(bytes(range(160)))
    with open_ledger(tmp_path / "ledger.db") as ledger:
        run = ledger.begin("1", ["a.csv"], NOW)
        claim = ledger.claim(run, "a.csv", of_keys(keys), NOW).id
        with suppress(ZeroDivisionError), ledger.transaction():
            ledger.settle(claim, of_keys(keys), None, NOW)
            raise ZeroDivisionError
        assert (ledger.known("1", of_keys(keys)).claims == -1).all()
        ledger.settle(claim, of_keys(keys), None, NOW)
        assert (ledger.known("1", of_keys(keys)).claims == claim).all()


def test_cancelled_requests_end_and_so_does_what_comes_after() -> None:
    ended_early = []

    async def forever() -> int:
        try:
            await asyncio.sleep(60)
        finally:
            ended_early.append(True)
        return 1

    async def quick() -> int:
        return 2

    async def main() -> None:
        stop = StopSignal(asyncio.sleep)
        assert await stop.cancellable(quick()) == 2
        requests = [asyncio.ensure_future(stop.cancellable(forever())) for _ in range(3)]
        await asyncio.sleep(0)
        stop.cancel_requests()
        assert await asyncio.gather(*requests) == [None, None, None]
        assert await stop.cancellable(forever()) is None

    asyncio.run(asyncio.wait_for(main(), 5))
    assert len(ended_early) == 4


def test_a_timeout_of_the_work_itself_is_raised() -> None:
    async def overdue() -> int:
        raise TimeoutError

    with pytest.raises(TimeoutError):
        asyncio.run(StopSignal(asyncio.sleep).cancellable(overdue()))
