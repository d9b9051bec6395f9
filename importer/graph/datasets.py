"""The datasets that a token can see, and what Meta knows of one."""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from importer.errors import UsageError
from importer.event_loop import run
from importer.graph.models import (
    Count,
    Pixel,
    PixelReport,
    Quality,
    counts_in,
    iso_of,
    merge_pixels,
    pixel_of,
    quality_of,
)
from importer.graph.reader import PAUSES, NotAnswered, Reader, account_id
from importer.settings import Access

LOG = logging.getLogger("importer")

AGGREGATIONS = (
    "browser_type", "custom_data_field", "device_os", "device_type", "event", "host", "match_keys", "had_pii",
    "pixel_fire", "event_detection_method", "url", "event_value_count", "url_by_rule", "event_total_counts",
    "event_source", "event_processing_results",
)  # fmt: skip
"""What statistics can be counted by [REF-S]."""
WINDOW = timedelta(days=7) - timedelta(minutes=2)
"""How far back Meta counts: seven days before it is asked, less what the way there takes."""


def list_pixels(access: Access, ad_account: str | None) -> tuple[Pixel, ...]:
    """List the datasets of an ad account, all pages; without one those of every ad account that the token can see."""
    return run(_pixels(access, None if ad_account is None else account_id(ad_account)))


def pixel_report(
    access: Access,
    aggregation: str = "event",
    since: str | datetime | None = None,
    until: str | datetime | None = None,
) -> PixelReport:
    """Ask for one dataset's details, its statistics and its offline quality (see `importer.pixel`)."""
    if aggregation not in AGGREGATIONS:
        message = f"--aggregation {aggregation} is not known; it is one of {', '.join(AGGREGATIONS)}."
        raise UsageError(message)
    now = access.now or datetime.now(UTC)
    start, end, notes = _span(since, until, now)
    return run(_pixel(access, aggregation, start, end, notes))


@asynccontextmanager
async def open_reader(access: Access, pauses: tuple[float, ...] = PAUSES) -> AsyncIterator[Reader]:
    """Open a reader under the access's token; what Meta does not answer leaves as a CapiImportError.

    pauses: seconds before each time that it asks again.
    """
    from importer.graph.client import GraphClient  # noqa: PLC0415  httpx, 0.1 s

    try:
        async with GraphClient.of(access) as client:
            yield Reader(client, pauses)
    except NotAnswered as refusal:
        raise refusal.error() from refusal


async def _pixels(access: Access, account: str | None) -> tuple[Pixel, ...]:
    async with open_reader(access) as reader:
        accounts = await reader.ad_accounts() if account is None else [account]
        return merge_pixels([found async for found in _pixels_of(reader, accounts)])


async def _pixels_of(reader: Reader, accounts: list[str]) -> AsyncIterator[Pixel]:
    """Yield the datasets of each account; log accounts that may not be read, unless there is no other."""
    refusals = []
    for account in accounts:
        try:
            for node in await reader.datasets(account):
                yield pixel_of(node, account)
        except NotAnswered as refusal:
            if refusal.rule not in {"permission", "dataset"}:
                raise
            LOG.warning("The datasets of ad account %s cannot be read with this token.", account)
            refusals.append(refusal)
    if refusals and len(refusals) == len(accounts):
        raise refusals[0]


async def _pixel(access: Access, aggregation: str, since: datetime, until: datetime, notes: list[str]) -> PixelReport:
    dataset = access.dataset or ""
    counts: list[Count] = []
    quality: list[Quality] = []
    async with open_reader(access) as reader:
        node = await reader.details(dataset)
        try:
            span = (int(since.timestamp()), int(until.timestamp()))
            counts = list(counts_in(await reader.statistics(dataset, aggregation, *span)))
        except NotAnswered as refusal:
            notes.append(f"No statistics: {refusal.error()}")
        try:
            quality = [quality_of(entry) for entry in await reader.offline_quality(dataset)]
        except NotAnswered as refusal:
            notes.append(f"No offline quality score: {refusal.error()}")
    return PixelReport(
        pixel=replace(pixel_of(node), id=str(node.get("id") or dataset)),
        aggregation=aggregation,
        since=iso_of(since),
        until=iso_of(until),
        counts=tuple(counts),
        quality=tuple(quality),
        notes=tuple(notes),
    )


def _span(
    since: str | datetime | None, until: str | datetime | None, now: datetime
) -> tuple[datetime, datetime, list[str]]:
    """Return the span to ask for, cut to the seven days that Meta counts, and a note where it was cut."""
    earliest = now - WINDOW
    start = earliest if since is None else _moment(since, "--since")
    end = now if until is None else _moment(until, "--until")
    if start > end or end < earliest:
        message = (
            "--since must lie before --until, and both within the last seven days: Meta keeps no older statistics."
        )
        raise UsageError(message)
    notes = []
    if start < earliest:
        notes.append("Meta keeps statistics of seven days only; they begin there.")
    return max(start, earliest), min(end, now), notes


def _moment(value: str | datetime, option: str) -> datetime:
    try:
        if isinstance(value, str) and value.strip().isdecimal():
            return datetime.fromtimestamp(int(value), UTC)
        moment = value if isinstance(value, datetime) else datetime.fromisoformat(value)
    except (ValueError, OverflowError, OSError) as error:
        message = f"{option} is not a valid time; write it like 2026-11-20 or 2026-11-20T10:00:00Z."
        raise UsageError(message) from error
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
