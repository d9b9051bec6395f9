"""What Meta says of a dataset, as values; its answers have several forms in the wild, so each is read with care."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, field, replace
from datetime import UTC, datetime
from math import isfinite
from typing import Any

Node = Mapping[str, Any]


@dataclass(frozen=True)
class Pixel:
    """One dataset. takes_offline: whether it takes offline events, None where Meta does not say."""

    id: str
    name: str
    ad_accounts: tuple[str, ...] = ()
    takes_offline: bool | None = None
    last_fired: str | None = None
    created: str | None = None
    details: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Count:
    """How often a value was counted in one hour; `hour` is UTC in ISO 8601, empty where Meta names none."""

    hour: str
    value: str
    count: int


@dataclass(frozen=True)
class Quality:
    """Meta's offline quality of one event: scores out of ten, coverage in per cent, and its recommendations."""

    event_name: str
    scores: Mapping[str, float]
    coverage: Mapping[str, float]
    recommendations: tuple[str, ...]


@dataclass(frozen=True)
class PixelReport:
    """What Meta knows of one dataset. notes: what could not be read, one sentence each."""

    pixel: Pixel
    aggregation: str
    since: str
    until: str
    counts: tuple[Count, ...]
    quality: tuple[Quality, ...]
    notes: tuple[str, ...] = ()

    @property
    def totals(self) -> dict[str, int]:
        """How often each value was counted, the most frequent first."""
        sums: dict[str, int] = {}
        for one in self.counts:
            sums[one.value] = sums.get(one.value, 0) + one.count
        return dict(sorted(sums.items(), key=lambda item: (-item[1], item[0])))

    def as_json(self) -> dict[str, Any]:
        """Return the same as plain JSON."""
        return {**asdict(self), "totals": self.totals}


def merge_pixels(found: Iterable[Pixel]) -> tuple[Pixel, ...]:
    """Return each dataset once, with every ad account that it belongs to."""
    by_id: dict[str, Pixel] = {}
    for one in found:
        known = by_id.get(one.id)
        accounts = one.ad_accounts if known is None else (*known.ad_accounts, *one.ad_accounts)
        by_id[one.id] = replace(known or one, ad_accounts=tuple(dict.fromkeys(accounts)))
    return tuple(by_id.values())


def pixel_of(node: Node, account: str | None = None) -> Pixel:
    """Return the dataset that Meta describes."""
    offline = node.get("is_consolidated_container")
    return Pixel(
        id=str(node.get("id", "")),
        name=str(node.get("name", "")),
        ad_accounts=() if account is None else (account,),
        takes_offline=offline if isinstance(offline, bool) else None,
        last_fired=_iso(node.get("last_fired_time")),
        created=_iso(node.get("creation_time")),
        details=dict(node),
    )


def counts_in(hours: Iterable[Node]) -> Iterator[Count]:
    """Yield the counts of Meta's hours, and of flat entries, which some aggregations have; skip what is neither."""
    for entry in hours:
        inner = entry.get("data")
        for one in inner if isinstance(inner, list) else [entry]:
            if isinstance(one, Mapping) and (count := _number(one.get("count"))) is not None:
                value = one.get("value", one.get("event", ""))
                yield Count(_iso(entry.get("start_time", one.get("start_time"))) or "", str(value), int(count))


def quality_of(entry: Node) -> Quality:
    """Return scores, coverage and advice of one event; each part may be a number or an object [DQO]."""
    scores: dict[str, float] = {}
    coverage: dict[str, float] = {}
    advice: dict[str, None] = {}
    for name in ("composite", "match_key", "frequency", "freshness"):
        part = entry.get(name)
        parts = part if isinstance(part, Mapping) else {"score": part}
        if (score := _number(parts.get("score"))) is not None:
            scores[name] = score
        if isinstance(parts.get("recommendation"), str) and parts["recommendation"]:
            advice[parts["recommendation"]] = None
        covered = parts.get("coverage", entry.get("coverage"))
        if isinstance(covered, Mapping):
            coverage |= {str(key): share for key in covered if (share := _number(covered[key])) is not None}
    return Quality(str(entry.get("event_name", "")), scores, coverage, tuple(advice))


def _iso(value: object) -> str | None:
    """Return a time of Meta's, text with +0000 or Unix seconds, as UTC in ISO 8601; other text as it is."""
    if value in (None, "", 0):
        return None
    text = str(value)
    try:
        moment = datetime.fromtimestamp(int(text), UTC) if text.isdecimal() else datetime.fromisoformat(text)
        return iso_of(moment if moment.tzinfo else moment.replace(tzinfo=UTC))
    except (ValueError, OverflowError, OSError):
        return text


def iso_of(moment: datetime) -> str:
    """Return the moment in UTC, in ISO 8601."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _number(value: object) -> float | None:
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    try:
        number = float(value)
    except (ValueError, OverflowError):
        return None
    return number if isfinite(number) else None
