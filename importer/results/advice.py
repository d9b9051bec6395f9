"""Advice before the first event leaves: what in the file will keep sales from being matched or counted."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from decimal import Decimal

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from importer.core.kernels.arrays import Indices
from importer.core.model import DAY, STORE_WINDOW_SECONDS, Status
from importer.results.totals import Totals

WORTH_COUNTING = 100
"""A time or value is counted where it makes a hundredth of a batch, as one that a fifth of the sales share does."""

ENOUGH = 20
"""With fewer sales nothing is said about what most of them have in common."""

SAME_TIME, SAME_VALUE, JUNK, LOW = 0.2, 0.5, 0.05, 0.5
FRESH_DAYS = 2
"""Meta's optimisation uses sales that are at most so many days old; older ones still count for measurement [OCFU]."""

JUNK_CODES = ("invalid", "placeholder", "relay", "unknown", "md5", "hash_of_nothing", "not_hashed", "digits_lost")
KEY_WORDS = {
    "em": "e-mail addresses",
    "ph": "phone numbers",
    "zp": "postal codes",
    "db": "birthdays",
    "country": "countries",
}


@dataclass
class Observations:
    """What the sales of a run have in common; bounded whatever their number."""

    times: Counter[int] = field(default_factory=Counter)
    values: Counter[Decimal] = field(default_factory=Counter)
    events: int = 0
    oldest: int | None = None
    newest: int | None = None

    def add(self, sales: pa.RecordBatch) -> None:
        """Count the sales of one batch, one row each: `event_time`, UTC seconds, and `value`."""
        self.events += sales.num_rows
        times = sales.column("event_time").drop_null()
        if len(times) == 0:
            return
        span = pc.min_max(times).as_py()
        self.oldest = span["min"] if self.oldest is None else min(self.oldest, span["min"])
        self.newest = span["max"] if self.newest is None else max(self.newest, span["max"])
        values = sales.column("value").drop_null()
        millionths = np.frombuffer(values.buffers()[1], np.int64).reshape(-1, 2)[values.offset :][: len(values), 0]
        self.times.update(_often(np.asarray(times)))
        self.values.update({Decimal(found).scaleb(-6): n for found, n in _often(millionths).items()})


def _often(numbers: Indices) -> dict[int, int]:
    """Count the numbers that make at least a hundredth of them: 4 ns each by sorting, 30 by Arrow's `value_counts`."""
    ordered, least = np.sort(numbers), max(1, -(-len(numbers) // WORTH_COUNTING))
    starts = ordered[: len(ordered) - least + 1]
    often = np.unique(starts[starts == ordered[least - 1 :]])
    counts = np.searchsorted(ordered, often, "right") - np.searchsorted(ordered, often, "left")
    return dict(zip(often.tolist(), counts.tolist(), strict=True))


def advice(totals: Totals, seen: Observations, now: float) -> Iterator[str]:
    """Yield plain sentences, the one with the greatest gain first. now: UTC seconds."""
    keys, reasons = totals.key_counts(), totals.by_reason()
    yield from _greatest_gain(seen, keys, totals.warnings, reasons.get(Status.INVALID, {}))
    yield from _ages(seen, now)
    if seen.events:  # keys are counted of sales that can be sent; without any there is nothing to hold junk against
        yield from _junk(keys, totals.warnings)
    yield from _sameness(seen)
    repeated = reasons.get(Status.DUPLICATE, {}).get("same_file", 0)
    if repeated:
        yield (
            f"{repeated:,} {'row repeats' if repeated == 1 else 'rows repeat'} an order number of this file and "
            f"count{'s' if repeated == 1 else ''} once; if a row is a line of an order, give --rows line."
        )


def _greatest_gain(
    seen: Observations, keys: Mapping[str, int], warnings: Mapping[tuple[str, str], int], invalid: Mapping[str, int]
) -> Iterator[str]:
    """Yield the one change that would let Meta match the most sales. invalid: rows by reason."""
    unmatched = sum(invalid.get(code, 0) for code in ("no_match_keys", "weak_keys", "too_broad_keys"))
    local = warnings.get(("ph", "no_country"), 0)
    lacking = seen.events - keys.get("em", 0)
    gains = [
        (
            unmatched,
            f"{_have(unmatched, 'row')} no e-mail or phone number: join a customer file (--customers, --join-on).",
        ),
        (
            local,
            f"{_have(local, 'phone number')} no country code: give the country, such as --country DE.",
        ),
        (
            lacking if seen.events and lacking / seen.events > LOW else 0,
            f"{_have(lacking, 'sale')} no usable e-mail address, the strongest key: export that column too.",
        ),
    ]
    gain, sentence = max(gains, key=lambda pair: pair[0])
    if gain:
        yield "Greatest gain: " + sentence


def _have(count: int, noun: str) -> str:
    return f"{count:,} {noun} has" if count == 1 else f"{count:,} {noun}s have"


def _ages(seen: Observations, now: float) -> Iterator[str]:
    if seen.oldest is None or seen.newest is None:
        return
    oldest, newest = (now - seen.oldest) / DAY, (now - seen.newest) / DAY
    limit = STORE_WINDOW_SECONDS // DAY
    yield (
        f"The newest sale is from {_day(seen.newest)} ({_days(newest)} old), the oldest from {_day(seen.oldest)} "
        f"({_days(oldest)}); Meta takes store sales up to {limit} days."
    )
    if newest > FRESH_DAYS:
        yield f"Sales help Meta's delivery most within {FRESH_DAYS} days: import every day."


def _junk(keys: Mapping[str, int], warnings: Mapping[tuple[str, str], int]) -> Iterator[str]:
    for key, words in KEY_WORDS.items():
        junk = sum(warnings.get((key, code), 0) for code in JUNK_CODES)
        share = junk / max(junk + keys.get(key, 0), 1)
        if share >= JUNK:
            yield f"{share:.0%} of the {words} are placeholders or not valid, and were left out."


def _sameness(seen: Observations) -> Iterator[str]:
    if seen.events < ENOUGH:
        return
    for counter, limit, words in (
        (seen.times, SAME_TIME, "the same time: is it the time of the export, or a date without a time of day?"),
        (seen.values, SAME_VALUE, "the same value: is the column the amount of the sale?"),
    ):
        most = counter.most_common(1)
        if most and most[0][1] / seen.events >= limit:
            yield f"{most[0][1] / seen.events:.0%} of the sales have {words}"


def _day(seconds: int) -> str:
    return f"{datetime.fromtimestamp(seconds, UTC):%Y-%m-%d}"


def _days(days: float) -> str:
    whole = max(0, int(days))
    return f"{whole} day{'' if whole == 1 else 's'}"
