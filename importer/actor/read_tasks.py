"""The tasks that read: `list_pixels`, `get_pixel_info` and `get_pixel_stats`, as result items."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict
from datetime import datetime

from importer.actor.demo_mode import examples
from importer.actor.judging import judge
from importer.actor.parameters import Input
from importer.actor.result_items import Item
from importer.actor.target import deliver_events, open_target, require_dataset
from importer.graph.datasets import list_pixels, pixel_report
from importer.graph.models import Pixel, PixelReport
from importer.settings import Access

READ_TASKS = frozenset({"list_pixels", "get_pixel_info", "get_pixel_stats"})


def read_items(given: Input, access: Access, now: datetime) -> list[Item]:
    """Return what Meta answers; in a demonstration about some invented sales."""
    with open_target(given, access, now) as target:
        if given.task == "list_pixels":
            return list(_listed(given, list_pixels(target, given.ad_account_id)))
        require_dataset(target)
        if given.demo_mode:
            deliver_events(judge(examples(now), Input(), now), target, None, now)
        report = pixel_report(target)
        return [_info(report) if given.task == "get_pixel_info" else _statistics(report)]


def _listed(given: Input, found: Sequence[Pixel]) -> Iterator[Item]:
    if not found:
        where = f"ad account {given.ad_account_id}" if given.ad_account_id else "any ad account that the token can see"
        yield {"success": True, "task": given.task, "count": 0, "message": f"There is no dataset in {where}."}
    for one in found:
        yield {"success": True, "task": given.task, **_pixel(one), "response": dict(one.details)}


def _pixel(one: Pixel) -> Item:
    return {
        "pixelId": one.id,
        "name": one.name,
        "adAccountIds": list(one.ad_accounts),
        "takesOfflineEvents": one.takes_offline,
        "lastFiredTime": one.last_fired,
        "creationTime": one.created,
    }


def _info(report: PixelReport) -> Item:
    found = {"success": True, "task": "get_pixel_info", **_pixel(report.pixel), "eventTotals": report.totals}
    quality = [
        {"eventName": one.event_name, "scores": dict(one.scores), "coverage": dict(one.coverage)}
        | {"recommendations": list(one.recommendations)}
        for one in report.quality
    ]
    return found | {
        "offlineQuality": quality,
        "notes": list(report.notes),
        "response": dict(report.pixel.details),
    }


def _statistics(report: PixelReport) -> Item:
    return {
        "success": True,
        "task": "get_pixel_stats",
        "pixelId": report.pixel.id,
        "name": report.pixel.name,
        "aggregation": report.aggregation,
        "since": report.since,
        "until": report.until,
        "totals": report.totals,
        "stats": [asdict(one) for one in report.counts],
        "notes": list(report.notes),
    }
