"""A parcel of events from claim to outcome: posted, repeated, parted until the guilty stand alone."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from importer.core.kernels.arrays import Indices
from importer.core.replies import RETRIES, Action, Fault, Reply, Verdict, verdict
from importer.delivery import outcome as fates
from importer.delivery.counters import Tally
from importer.delivery.ledger_thread import LedgerThread
from importer.delivery.outcome import Outcome
from importer.delivery.prepared_batch import PreparedBatch
from importer.delivery.rate import GATEWAY_SECONDS, THROTTLE_SECONDS, Pace
from importer.delivery.stop import Stop
from importer.errors import MetaUnavailable

if TYPE_CHECKING:
    from importer.graph.client import GraphClient

MOST_BACKOFF_SECONDS = 16.0

PATIENT_RETRIES = 10
"""Repeats of a request as long as Meta answers others meanwhile."""


@dataclass
class _Request:
    """Events that are posted together, over all attempts. in_doubt: Meta may have taken them without our knowing."""

    shipment: PreparedBatch
    events: Indices
    answers_before: int
    is_part: bool
    claim: int | None = None
    body: bytes | None = None
    in_doubt: bool = False
    episode: int = 0
    failures: Counter[str] = field(default_factory=Counter)


class Sender:
    """Carries parcels for one run; several may be carried at once."""

    def __init__(
        self,
        client: GraphClient,
        desk: LedgerThread,
        *,
        dataset: str,
        test_event_code: str | None,
        pace: Pace,
        halt: Stop,
        tally: Tally,
        clock: Callable[[], float],
        jitter: Callable[[], float],
    ) -> None:
        self._client = client
        self._desk = desk
        self._dataset = dataset
        self._test_event_code = test_event_code
        self._pace = pace
        self._halt = halt
        self._tally = tally
        self._clock = clock
        self._jitter = jitter

    async def carry(self, shipment: PreparedBatch, events: Indices) -> None:
        """Each of the events has its fate."""
        self._tally.offered += len(events)
        spent: set[str] = set()
        while len(events):
            some, events = events[: self._pace.events], events[self._pace.events :]
            await self._offer(shipment, some, spent)

    # ------------------------------------------------------------------ parting

    async def _offer(self, shipment: PreparedBatch, events: Indices, spent: set[str]) -> bool:
        """Each of the events has its fate; whether Meta refused something among them.

        spent: rules whose repeats this parcel has used up, so that its parts are not repeated again.
        """
        refused = False
        while len(events):
            request = _Request(shipment, events, self._tally.answers, is_part=bool(spent))
            action, answer = await self._until_settled(request, spent)
            events = request.events
            if action is Action.SHRINK and answer is not None:
                spent.add(answer.rule.name)
                self._pace.too_large(len(events))
                left, right = _halves(events)
                refused |= await self._offer(shipment, left, spent)
                return await self._offer(shipment, right, spent) or refused
            if action is not Action.ISOLATE or answer is None:
                return refused
            refused = True
            events = await self._part(shipment, events, answer, spent)
        return refused

    async def _part(self, shipment: PreparedBatch, events: Indices, answer: Verdict, spent: set[str]) -> Indices:
        """The guilty among refused events are rejected; returns those that are to be offered together again."""
        nothing = events[:0]
        if len(events) > 1 and self._tally.isolation_is_over():
            shipment.settle(events, fates.TOO_MANY_REQUESTS)
            return nothing
        if len(events) > 1 and answer.index is None:
            await self._halve(shipment, events, spent)
            return nothing
        guilty = answer.index or 0
        self._tally.reject()
        shipment.settle(events[guilty : guilty + 1], fates.rejected(answer))
        return np.delete(events, guilty)

    async def _halve(self, shipment: PreparedBatch, events: Indices, spent: set[str]) -> None:
        """Both halves have their fates. If the left one is innocent, the right one need not be asked as a whole."""
        left, right = _halves(events)
        refused = await self._offer(shipment, left, spent)
        if refused or len(right) == 1 or self._halt.error is not None or self._tally.isolation_is_over():
            await self._offer(shipment, right, spent)
        else:
            await self._halve(shipment, right, spent)

    # ------------------------------------------------------------------ one request

    async def _until_settled(self, request: _Request, spent: set[str]) -> tuple[Action | None, Verdict | None]:
        """The request is posted until it is accepted or its fate is known; or until its events must be parted."""
        while (answer := await self._attempt(request)) is not None:
            request.in_doubt |= answer.rule.unknown
            if answer.action in {Action.ACCEPT, Action.ISOLATE}:
                self._pace.answered(request.episode)
            action = self._decide(request, answer, spent)
            if action is Action.ACCEPT:
                await self._accept(request, answer)
                return action, answer
            if action is Action.RETRY:
                self._tally.retries += 1
                await self._halt.nap(self._backoff(request, answer))
            elif action is Action.THROTTLE:
                self._tally.retries += 1
                self._throttle(request, answer)
            elif action in {Action.SHRINK, Action.ISOLATE}:
                await self._refuse(request, action)
                return action, answer
            else:
                await self._fail(request, answer, action)
                return None, answer
        return None, None

    async def _attempt(self, request: _Request) -> Verdict | None:
        """The reply to one POST, judged; None if nothing was posted and every event has its fate."""
        shipment = request.shipment
        if request.claim is None and self._halt.error is None:
            keys, times = shipment.keys[request.events], shipment.times[request.events]
            request.claim = await self._desk.claim(shipment.file, keys, times)
        async with self._pace.slot() as request.episode:
            self._drop_expired(request)
            if self._halt.error is None and len(request.events):
                return await self._post(request)
        await self._give_up(request, fates.RUN_STOPPED)
        return None

    async def _post(self, request: _Request) -> Verdict:
        shipment, events = request.shipment, request.events
        if request.body is None:
            request.body = self._client.body(shipment.payloads(events), self._test_event_code)
        self._tally.requests += 1
        self._tally.sent += shipment.post(events)
        posting = self._client.post_events(self._dataset, request.body)
        reply = await self._halt.unless_abandoned(posting) or Reply(None, {}, b"", Fault.ABANDONED)
        answer = verdict(reply.status, reply.headers, reply.body, len(events), reply.fault)
        if answer.notice:
            self._tally.notices[answer.notice] = None
        return answer

    def _drop_expired(self, request: _Request) -> None:
        """Events that Meta would now find too old are out [SE]; the body is made anew if there were any."""
        fate = fates.ANSWER_LOST if request.in_doubt else fates.EXPIRED
        events = request.shipment.expire(request.events, self._clock(), fate)
        if len(events) < len(request.events):
            request.events, request.body = events, None

    def _decide(self, request: _Request, answer: Verdict, spent: set[str]) -> Action | None:
        """What to do now; None when the repeats are used up and nothing follows."""
        rule, then, tries = answer.rule, answer.rule.then, answer.rule.tries
        if len(request.events) == 1 and Action.SHRINK in {rule.action, then}:
            then, tries = None, RETRIES  # one event cannot be made smaller
        elif rule.action is not Action.RETRY:
            return rule.action
        if then is not None and rule.name in spent:
            return then
        kind = rule.name if then else "transient"
        request.failures[kind] += 1
        patience = PATIENT_RETRIES if then is None and self._others_answered(request) else tries
        if request.failures[kind] <= patience:
            return Action.RETRY
        if then is Action.ISOLATE:
            spent.add(rule.name)
        return then

    def _backoff(self, request: _Request, answer: Verdict) -> float:
        """Full jitter: anything between nothing and 1, 2, 4, 8, 16 s; not less than a gateway asks for."""
        most = min(MOST_BACKOFF_SECONDS, 2.0 ** (request.failures.total() - 1))
        return max(self._jitter() * most, answer.wait or 0.0)

    def _throttle(self, request: _Request, answer: Verdict) -> None:
        default = GATEWAY_SECONDS if answer.code is None else THROTTLE_SECONDS
        self._pace.why = answer.detail
        if not self._pace.throttled(request.episode, answer.wait, default):
            asked = f" and asks to wait {answer.wait / 60:.0f} minutes" if answer.wait else ""
            message = f"Meta limits the rate of requests{asked}; run the same command again later. ({answer.detail})"
            self._halt.stop(MetaUnavailable(message))

    async def _accept(self, request: _Request, answer: Verdict) -> None:
        if request.claim is not None:
            await self._desk.settle(request.claim, request.shipment.keys[request.events], answer.trace)
        self._tally.accept(len(request.events))
        self._pace.accepted(len(request.events))
        fate = fates.accepted(answer, test=self._test_event_code is not None)
        request.shipment.settle(request.events, fate)

    async def _refuse(self, request: _Request, action: Action) -> None:
        """Meta processed none of it: a request is taken whole or not at all [UTA]."""
        if action is Action.ISOLATE:
            self._tally.refuse()
        if request.claim is not None:
            await self._desk.release(request.claim)

    async def _fail(self, request: _Request, answer: Verdict, action: Action | None) -> None:
        """The request has failed for good; if Meta has answered no other meanwhile, so has the run.

        A part of a request may be what makes Meta fail, so it takes a second failure after it to stop the run.
        """
        self._tally.failed_in_a_row += 1
        is_hopeless = self._tally.failed_in_a_row > request.is_part and not self._others_answered(request)
        if action is Action.STOP or is_hopeless:
            self._halt.stop(answer.error())
        await self._give_up(request, fates.RUN_STOPPED if action is Action.STOP else fates.not_processed(answer))

    async def _give_up(self, request: _Request, fate: Outcome) -> None:
        """The events stay unsent; what may have arrived stays claimed, so that the ledger tells of the doubt."""
        if request.claim is not None and not request.in_doubt:
            await self._desk.release(request.claim)
        request.shipment.settle(request.events, fates.ANSWER_LOST if request.in_doubt else fate)

    def _others_answered(self, request: _Request) -> bool:
        return self._tally.answers > request.answers_before


def _halves(events: Indices) -> tuple[Indices, Indices]:
    middle = (len(events) + 1) // 2
    return events[:middle], events[middle:]
