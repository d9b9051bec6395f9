"""Post events until each has its outcome: claim, retry, pause, and bisect what Meta refuses."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from importer.core.kernels.arrays import Indices
from importer.core.replies import RETRIES, Action, GraphResponse, NetworkFault, Verdict, verdict
from importer.delivery import outcome as outcomes
from importer.delivery.counters import Counters
from importer.delivery.ledger_thread import LedgerThread
from importer.delivery.outcome import Outcome
from importer.delivery.prepared_batch import PreparedBatch
from importer.delivery.rate import GATEWAY_SECONDS, THROTTLE_SECONDS, RateLimiter
from importer.delivery.stop import StopSignal
from importer.errors import MetaUnavailable

if TYPE_CHECKING:
    from importer.graph.client import GraphClient

MAX_BACKOFF_SECONDS = 16.0

HELD_SECONDS = 1.0
"""After so long it is tried again to claim what another run holds."""

PASSING = frozenset({"internal", "unknown"})
"""Rules of codes that Meta also gives under heavy load: only an event that is refused alone, twice, is rejected."""

PATIENT_RETRIES = 10
"""Retries of a request as long as Meta answers others meanwhile."""


@dataclass
class _Request:
    """Events that are posted together, over all attempts.

    in_doubt: Meta may have taken them without our knowing; pauses: Meta's pauses before the latest attempt.
    """

    batch: PreparedBatch
    events: Indices
    answers_before: int
    is_part: bool
    claim: int | None = None
    body: bytes | None = None
    in_doubt: bool = False
    pauses: int = 0
    failures: Counter[str] = field(default_factory=Counter)


@dataclass(frozen=True, eq=False, repr=False, kw_only=True)
class Sender:
    """Post the events of one run to one dataset; several tasks may call `send` at once.

    slots: the requests in flight to all datasets of the run.
    """

    client: GraphClient
    dataset: str
    test_event_code: str | None
    ledger: LedgerThread
    rate: RateLimiter
    slots: asyncio.Semaphore
    stop: StopSignal
    counters: Counters
    clock: Callable[[], float]
    jitter: Callable[[], float]
    recheck: Callable[[PreparedBatch, Indices], Awaitable[Indices]]

    async def send(self, batch: PreparedBatch, events: Indices) -> None:
        """Post the events, in parts if a request may hold fewer by now, until each has its outcome."""
        self.counters.events += len(events)
        exhausted: set[str] = set()
        while len(events):
            some, events = events[: self.rate.batch_size], events[self.rate.batch_size :]
            await self._send(batch, some, exhausted)
        while batch.held:
            await self._await_others(batch, batch.held.pop())

    async def _await_others(self, batch: PreparedBatch, events: Indices) -> None:
        """See what became of events that another run held; those not accepted are tried again after a while."""
        events = await self.recheck(batch, events)
        if len(events):
            await self.stop.sleep(HELD_SECONDS)
        if self.stop.error is None:
            await self._send(batch, events, set())
        else:
            batch.settle(events, outcomes.RUN_STOPPED)

    # ------------------------------------------------------------------ bisection

    async def _send(self, batch: PreparedBatch, events: Indices, exhausted: set[str]) -> bool:
        """Post the events until each has its outcome; return whether Meta refused something among them.

        exhausted: rules whose retries these events have used up, so that their parts are not retried again.
        """
        refused = False
        while len(events):
            request = _Request(batch, events, self.counters.answers, is_part=bool(exhausted))
            action, answer = await self._post_until_settled(request, exhausted)
            events = request.events
            if action is Action.SHRINK and answer is not None:
                exhausted.add(answer.rule.name)
                self.rate.too_large(len(events))
                left, right = _halves(events)
                refused |= await self._send(batch, left, exhausted)
                return await self._send(batch, right, exhausted) or refused
            if action is not Action.ISOLATE or answer is None:
                return refused
            refused = True
            events = await self._isolate(batch, events, answer, exhausted)
        return refused

    async def _isolate(self, batch: PreparedBatch, events: Indices, answer: Verdict, exhausted: set[str]) -> Indices:
        """Settle refused events: reject the one that the answer names, else bisect; return those to be posted again."""
        nothing = events[:0]
        if len(events) > 1 and self.counters.isolation_is_over():
            batch.settle(events, outcomes.TOO_MANY_REQUESTS)
            return nothing
        if len(events) > 1 and (answer.index is None or answer.rule.name in PASSING):
            await self._bisect(batch, events, exhausted)
            return nothing
        named = answer.index or 0
        self.counters.reject()
        batch.settle(events[named : named + 1], outcomes.rejected(answer))
        return np.delete(events, named)

    async def _bisect(self, batch: PreparedBatch, events: Indices, exhausted: set[str]) -> None:
        """Post the halves of refused events; where all of the left one is taken, halve the right one without asking."""
        left, right = _halves(events)
        refused = await self._send(batch, left, exhausted)
        if refused or len(right) == 1 or self.stop.error is not None or self.counters.isolation_is_over():
            await self._send(batch, right, exhausted)
        else:
            await self._bisect(batch, right, exhausted)

    # ------------------------------------------------------------------ one request

    async def _post_until_settled(self, request: _Request, exhausted: set[str]) -> tuple[Action | None, Verdict | None]:
        """Post the request until its events have their outcome (ACCEPT or None), or must be split (SHRINK, ISOLATE)."""
        while (answer := await self._attempt(request)) is not None:
            request.in_doubt |= answer.rule.unknown
            if answer.action in {Action.ACCEPT, Action.ISOLATE}:
                self.rate.processed(request.pauses)
            action = self._next_action(request, answer, exhausted)
            match action:
                case Action.ACCEPT:
                    await self._accept(request, answer)
                    return action, answer
                case Action.RETRY:
                    self.counters.retries += 1
                    # full jitter: anything between nothing and 1, 2, 4, 8, 16 s; not less than a gateway asks for
                    most = min(MAX_BACKOFF_SECONDS, 2.0 ** (request.failures.total() - 1))
                    await self.stop.sleep(max(self.jitter() * most, answer.wait or 0.0))
                case Action.THROTTLE:
                    self.counters.retries += 1
                    self._throttle(request, answer)
                case Action.SHRINK | Action.ISOLATE:
                    if action is Action.ISOLATE:
                        self.counters.refuse()
                    if request.claim is not None:  # Meta takes a request whole or not at all [UTA]
                        await self.ledger.release(request.claim)
                    return action, answer
                case _:
                    await self._fail(request, answer, action)
                    return None, answer
        return None, None

    async def _attempt(self, request: _Request) -> Verdict | None:
        """Post the request once and judge the reply; None if nothing was posted and every event has its outcome."""
        batch = request.batch
        if request.claim is None and self.stop.error is None:
            await self._claim(request)
            if not len(request.events):
                return None
        async with self.rate.slot() as request.pauses:
            # events that Meta would now find too old are out [SE]; the body is made anew if there were any
            expired = outcomes.ANSWER_LOST if request.in_doubt else outcomes.EXPIRED
            events = batch.expire(request.events, self.clock(), expired)
            if len(events) < len(request.events):
                request.events, request.body = events, None
            if len(events) and await self.ledger.hold():
                return await self._post(request)
        await self._give_up(request, outcomes.RUN_STOPPED)
        return None

    async def _claim(self, request: _Request) -> None:
        """Claim the events; those that another run holds leave the request and are looked after later."""
        claim = await self.ledger.claim(request.batch.file, request.batch.sales.take(request.events))
        if claim is not None:
            request.claim = claim.id
            if len(claim.held):
                request.batch.held.append(request.events[claim.held])
                request.events = np.delete(request.events, claim.held)

    async def _post(self, request: _Request) -> Verdict:
        batch, events = request.batch, request.events
        if request.body is None:
            request.body = self.client.body(batch.payloads(events), self.test_event_code)
        self.counters.requests += 1
        self.counters.sent += batch.mark_posted(events)
        self.counters.posting()
        async with self.slots:  # as many as the rate allows, of all datasets together
            posting = self.client.post_events(self.dataset, request.body)
            response = await self.stop.cancellable(posting) or GraphResponse(None, {}, b"", NetworkFault.ABANDONED)
        answer = verdict(response.status, response.headers, response.body, len(events), response.fault)
        if answer.action is Action.RETRY:
            self.counters.trouble = answer.detail
        else:
            self.counters.answered(self.rate.in_flight - 1)
        if answer.notice:
            self.counters.notices[answer.notice] = None
        return answer

    def _next_action(self, request: _Request, answer: Verdict, exhausted: set[str]) -> Action | None:
        """Return what to do now; None when the retries are used up and nothing follows."""
        rule, then, tries = answer.rule, answer.rule.then, answer.rule.tries
        if len(request.events) == 1 and Action.SHRINK in {rule.action, then}:
            then, tries = None, RETRIES  # one event cannot be made smaller
        elif rule.action is not Action.RETRY:
            return rule.action
        if then is not None and rule.name in exhausted and not self._must_be_asked_again(request, answer):
            return then
        kind = rule.name if then else "transient"
        request.failures[kind] += 1
        patience = PATIENT_RETRIES if then is None and self._others_answered(request) else tries
        if request.failures[kind] <= patience:
            return Action.RETRY
        if then is Action.ISOLATE:
            exhausted.add(rule.name)
        return then

    @staticmethod
    def _must_be_asked_again(request: _Request, answer: Verdict) -> bool:
        """Tell whether one event was refused for the first time by a code that may have passed by the next attempt."""
        name = answer.rule.name
        return len(request.events) == 1 and name in PASSING and not request.failures[name]

    def _throttle(self, request: _Request, answer: Verdict) -> None:
        default = GATEWAY_SECONDS if answer.code is None else THROTTLE_SECONDS
        self.rate.why = answer.detail
        if not self.rate.throttle(request.pauses, answer.wait, default):
            asked = f" and asks to wait {answer.wait / 60:.0f} minutes" if answer.wait else ""
            message = f"Meta limits the rate of requests{asked}; run the same command again later. ({answer.detail})"
            self.stop.set(MetaUnavailable(message))

    async def _accept(self, request: _Request, answer: Verdict) -> None:
        batch, events = request.batch, request.events
        if request.claim is not None:
            await self.ledger.settle(request.claim, batch.sales.take(events), answer.trace)
        self.counters.accept(len(events))
        self.rate.accepted(len(events))
        batch.settle(events, outcomes.accepted(answer, test=self.test_event_code is not None))

    async def _fail(self, request: _Request, answer: Verdict, action: Action | None) -> None:
        """Give up a request that has failed for good; if Meta has answered no other meanwhile, stop the run.

        A part of a request may be what makes Meta fail, so it takes a second failure after it to stop the run.
        """
        self.counters.failed_in_a_row += 1
        is_hopeless = self.counters.failed_in_a_row > request.is_part and not self._others_answered(request)
        if action is Action.STOP or is_hopeless:
            self.stop.set(answer.error())
        outcome = outcomes.RUN_STOPPED if action is Action.STOP else outcomes.not_processed(answer)
        await self._give_up(request, outcome)

    async def _give_up(self, request: _Request, outcome: Outcome) -> None:
        """Leave the events unsent; what may have arrived stays claimed, so that the ledger shows the doubt."""
        if request.claim is not None and not request.in_doubt:
            await self.ledger.release(request.claim)
        request.batch.settle(request.events, outcomes.ANSWER_LOST if request.in_doubt else outcome)

    def _others_answered(self, request: _Request) -> bool:
        return self.counters.answers > request.answers_before


def _halves(events: Indices) -> tuple[Indices, Indices]:
    middle = (len(events) + 1) // 2
    return events[:middle], events[middle:]
