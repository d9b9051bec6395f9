"""Result items: what became of each event, as plain JSON."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import orjson

from importer.actor.event_delivery import Sent
from importer.actor.judging import JudgedEvents
from importer.actor.parameter_errors import ParameterError
from importer.actor.wording import Wording
from importer.core.model import SEPARATOR, Status
from importer.core.reasons import WARNINGS
from importer.results.outcomes import sentence

Item = dict[str, Any]

DONE = frozenset({Status.ACCEPTED, Status.READY})


def items_of(judged: JudgedEvents, sent: Sent | None, base: Mapping[str, Any], words: Wording) -> list[Item]:
    """Make one item for each event, in the input's order. sent: None where the events were only judged."""
    batch = judged.prepared if sent is None else sent.delivered
    found = iter(batch.to_pylist())
    items = []
    for index, row in enumerate(judged.rows):
        start = {**base, "index": index}
        if isinstance(row, ParameterError):
            why = {"error": row.message, "field": row.field, "reason": row.reason}
            items.append({"success": False, **start, "status": str(Status.INVALID), **why})
        else:
            items.append(_event_item(start, next(found), sent, words))
    return items


def _event_item(start: Mapping[str, Any], row: Mapping[str, Any], sent: Sent | None, words: Wording) -> Item:
    status = row["status"] or str(Status.READY)
    item: Item = {
        "success": status in DONE,
        **start,
        "status": status,
        **_present({"eventName": row["event_name"], "eventTime": row["event_time"], "eventId": row["event_id"]}),
        "matchKeys": row["match_keys"].split("+") if row["match_keys"] else [],
        "warnings": list(_warnings(row["warnings"], words)),
    }
    if row["payload"] is not None:
        item["payload"] = orjson.loads(row["payload"].removesuffix(SEPARATOR))
    if row["reason"] is not None:
        item |= _present({"error": words(_error(row, sent)), "field": row["field"], "reason": row["reason"]})
    return item | ({} if sent is None else _response(row, sent))


def _error(row: Mapping[str, Any], sent: Sent | None) -> str:
    """Say what to do about an event that was not accepted; where the sending stopped, why it did."""
    if sent is not None and sent.stopped is not None and row["status"] == Status.UNSENT:
        return str(sent.stopped)
    return sentence(row["reason"], row.get("detail"))


def _response(row: Mapping[str, Any], sent: Sent) -> Item:
    """Return Meta's answer to the event's request; of a refusal the codes only, since its text may quote values."""
    if row["status"] == Status.ACCEPTED:
        answer = sent.answers.get(row["trace"])
        return {} if answer is None else {"response": dict(answer)}
    codes = _present({"code": row["error_code"], "error_subcode": row["error_subcode"], "fbtrace_id": row["trace"]})
    return {"response": {"error": codes}} if codes else {}


def _warnings(notes: str | None, words: Wording) -> Iterator[Item]:
    for note in (notes or "").split("; "):
        field, _, code = note.partition(":")
        if code:
            yield {"field": field, "code": code, "message": words(WARNINGS.get(code, code))}


def _present(values: Mapping[str, Any]) -> Item:
    return {name: value for name, value in values.items() if value is not None}
