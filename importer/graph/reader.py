"""The reading side of the Graph API: ad accounts, datasets, their statistics and their offline quality.

Questions are retried less patiently than events: somebody is waiting, and asking again costs nothing.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar
from urllib.parse import parse_qs, urlsplit

from importer.core.replies import Action, GraphResponse, NetworkFault, Verdict
from importer.core.replies.answers import parse_answer
from importer.errors import AccessError, CapiImportError, MetaUnavailable, UsageError
from importer.graph.models import Node

if TYPE_CHECKING:
    from importer.graph.client import GraphClient

T = TypeVar("T")

FULL_FIELDS = (
    "id,name,creation_time,last_fired_time,is_unavailable,is_crm,is_consolidated_container,owner_business,"
    "data_use_setting,enable_automatic_matching,first_party_cookie_status,event_time_min,event_time_max,valid_entries,"
    "matched_entries,duplicate_entries,match_rate_approx"
)
"""Of one dataset [REF-P]."""
LIST_FIELDS = "id,name,creation_time,last_fired_time,is_unavailable,is_consolidated_container"
MINIMAL_FIELDS = "id,name"
"""Where a token may not read all fields: Meta refuses the question as a whole."""
PAGE = "100"
MAX_PAGES = 10_000
ANSWER_SECONDS = 30.0
PAUSES = (1.0, 3.0)
"""Seconds before the second and the third attempt."""

ADVICE: Mapping[str, str] = {
    "permission": "Cannot read with this token: it may only send, or lacks the permission ads_read; use a token of a "
    "user who may see the dataset in Events Manager.",
    "dataset": "Meta shows this token no {what}: it does not exist, or the token may not see it; check the id and the "
    "token's access to it.",
    "parameter": "Meta does not take the question about {what}; check the id and the options.",
    "query": "Meta does not understand the question about {what}; check the id, --graph-url and --graph-version.",
}
"""Rule of `core.replies` -> what it means for a question; other rules say it themselves."""
KINDS: Mapping[str, type[CapiImportError]] = {"parameter": UsageError}

NO_DATASET = 2044055
"""Code or subcode of `dataset_quality` for a dataset that does not exist [DQO]."""


class NotAnswered(Exception):
    """Meta gave a reason instead of an answer; `error()` is what the user reads."""

    def __init__(self, verdict: Verdict, what: str) -> None:
        super().__init__(verdict.rule.name)
        self.verdict, self.what = verdict, what

    @property
    def rule(self) -> str:
        """The rule of `core.replies` that fits."""
        return "dataset" if NO_DATASET in (self.verdict.code, self.verdict.subcode) else self.verdict.rule.name

    def error(self) -> CapiImportError:
        """Return one sentence that says what to do, with Meta's numbers."""
        verdict = self.verdict
        numbers = f"({verdict.detail}{f', trace {verdict.trace}' if verdict.trace else ''})"
        if verdict.action is Action.THROTTLE:
            asked = f" and asks to wait {-(-verdict.wait // 60):.0f} minutes" if verdict.wait else ""
            return MetaUnavailable(f"Meta limits the rate of requests{asked}; ask again later. {numbers}")
        advice = ADVICE.get(self.rule, verdict.rule.advice)
        kind = AccessError if self.rule == "dataset" else KINDS.get(self.rule, verdict.rule.error)
        return kind(f"{advice.format(what=self.what)} {numbers}")


@dataclass(frozen=True)
class Reader:
    """Ask questions under one token. pauses: seconds before each retry of what may pass."""

    client: GraphClient
    pauses: tuple[float, ...] = ()
    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep

    async def ask(self, path: str, params: Mapping[str, str] | None = None, *, what: str) -> Node:
        """Return the answer's object; `NotAnswered` says why there is none."""
        pauses = iter(self.pauses)
        while isinstance(answer := await self._get(path, params), Verdict):
            pause = next(pauses, None)
            if pause is None or answer.action is not Action.RETRY:
                raise NotAnswered(answer, what)
            await self.sleep(pause)
        return answer

    async def _get(self, path: str, params: Mapping[str, str] | None) -> Node | Verdict:
        try:
            async with asyncio.timeout(ANSWER_SECONDS):
                response = await self.client.get(path, params)
        except TimeoutError:
            response = GraphResponse(None, {}, b"", NetworkFault.TIMEOUT)
        return parse_answer(response.status, response.headers, response.body, response.fault)

    async def pages(self, path: str, params: Mapping[str, str], *, what: str) -> AsyncIterator[Node]:
        """Yield every object of a list, page after page [RES]: a page may be short or empty and still have a next one.

        Only the cursor is followed: the address of the next page holds the token.
        """
        after: str | None = None
        for _ in range(MAX_PAGES):
            answer = await self.ask(path, {**params, **({"after": after} if after else {})}, what=what)
            nodes = answer.get("data")
            for node in nodes if isinstance(nodes, list) else ():
                if isinstance(node, Mapping):
                    yield node
            following = cursor_of(answer)
            if following is None or following == after:
                return
            after = following

    async def ad_accounts(self) -> list[str]:
        """Return the ids (`act_...`) of every ad account that the token can see."""
        params = {"fields": "id,account_id,name", "limit": PAGE}
        nodes = [node async for node in self.pages("me/adaccounts", params, what="ad accounts")]
        return [account_id(str(node.get("id") or node.get("account_id"))) for node in nodes]

    async def datasets(self, account: str) -> list[Node]:
        """Return the datasets of one ad account."""
        path, what = f"{account}/adspixels", f"ad account {account}"

        async def listed(fields: str) -> list[Node]:
            return [node async for node in self.pages(path, {"fields": fields, "limit": PAGE}, what=what)]

        return await _with_fewer_fields(listed, LIST_FIELDS)

    async def details(self, dataset: str, fields: str = FULL_FIELDS) -> Node:
        """Return one dataset with the fields that have a value."""

        async def asked(some: str) -> Node:
            return await self.ask(dataset, {"fields": some}, what=f"dataset {dataset}")

        return await _with_fewer_fields(asked, fields)

    async def statistics(self, dataset: str, aggregation: str, since: int, until: int) -> list[Node]:
        """Return the hours' counts as Meta gives them [REF-S]; times are UTC seconds."""
        params = {"aggregation": aggregation, "start_time": str(since), "end_time": str(until)}
        what = f"the statistics of dataset {dataset}"
        return [node async for node in self.pages(f"{dataset}/stats", params, what=what)]

    async def offline_quality(self, dataset: str) -> list[Node]:
        """Return the offline quality by event name, as Meta gives it [DQO]."""
        params = {"dataset_id": dataset, "fields": "offline"}
        answer = await self.ask("dataset_quality", params, what=f"dataset {dataset}")
        offline = answer.get("offline")
        return [entry for entry in offline if isinstance(entry, Mapping)] if isinstance(offline, list) else []


async def _with_fewer_fields(ask: Callable[[str], Awaitable[T]], fields: str) -> T:
    """Return the answer with these fields, or with the least: where Meta refuses one field it refuses all."""
    try:
        return await ask(fields)
    except NotAnswered as refusal:
        if refusal.rule != "parameter":
            raise
        return await ask(MINIMAL_FIELDS)


def cursor_of(answer: Node) -> str | None:
    """Return where the next page begins, None on the last one."""
    paging = answer.get("paging")
    if not isinstance(paging, Mapping) or not paging.get("next"):
        return None
    cursors = paging.get("cursors")
    after = cursors.get("after") if isinstance(cursors, Mapping) else None
    if after:
        return str(after)
    try:
        return parse_qs(urlsplit(str(paging["next"])).query).get("after", [None])[0]
    except ValueError:
        return None


def account_id(text: str) -> str:
    """Return an ad account's id as the API writes it: `act_` and digits."""
    found = re.fullmatch(r"(?:act_)?([0-9]{1,32})", text.strip())
    if found is None:
        message = "The ad account is written like act_1234567890; copy it from Ads Manager."
        raise UsageError(message)
    return f"act_{found[1]}"
