"""Invented sales for the benchmarks, and the processor time of a piece of work."""

import random
import time
from collections.abc import Callable
from pathlib import Path

import pyarrow as pa

from importer.core.model import Raw
from importer.core.plan import Answers, bind, read_plan
from importer.core.prepare import Preparation

HEADERS = (
    "Order ID",
    "Date",
    "Email",
    "Phone",
    "First Name",
    "Last Name",
    "City",
    "State",
    "Zip",
    "Country",
    "Total",
    "Currency",
)
NOW = 1_795_474_800
CITIES = ("Chicago", "Boston", "New York", "St. Louis", "Austin", "Zürich", "München", "San José")
STATES = ("IL", "MA", "New York", "Missouri")


def row(number: int, chance: random.Random) -> list[str]:
    first, last = f"Name{chance.randrange(3_000)}", f"Family{chance.randrange(20_000)}"
    return [
        f"T{number}",
        f"2026-11-{chance.randint(1, 20):02d}T{chance.randint(8, 20):02d}:{chance.randint(0, 59):02d}:00Z",
        f"{first}.{last}.{number}@example.com",
        f"({chance.randint(201, 989)}) 555-{chance.randint(1000, 9999)}",
        first,
        last,
        chance.choice(CITIES),
        chance.choice(STATES),
        f"{chance.randint(10_000, 99_999)}",
        "United States",
        f"{chance.randint(100, 50_000) / 100:.2f}",
        "USD",
    ]


def batch(rows: int) -> Raw:
    chance = random.Random(7)
    columns = list(zip(*(row(number, chance) for number in range(rows)), strict=True))
    numbers = pa.array(range(1, rows + 1), pa.int64())
    arrays = [numbers, numbers, pa.nulls(rows, pa.string()), *(pa.array(column, pa.string()) for column in columns)]
    return Raw(pa.RecordBatch.from_arrays(arrays, names=["row", "line", "fault", *HEADERS]))


def preparation(raw: Raw) -> Preparation:
    names = raw.schema.names[3:]
    fields = ("order_id", "event_time", "em", "ph", "fn", "ln", "ct", "st", "zp", "country", "value", "currency")
    plan = read_plan({"name": "benchmark", "columns": dict(zip(fields, HEADERS, strict=True))}, "benchmark")
    return Preparation(bind(plan, names, names), Answers(), NOW)


def write(path: Path, rows: int) -> None:
    chance = random.Random(7)
    with path.open("w", encoding="utf-8") as file:
        file.write(",".join(HEADERS) + "\n")
        for number in range(rows):
            file.write(",".join(row(number, chance)) + "\n")


def seconds(work: Callable[[], object]) -> float:
    began = time.process_time()
    work()
    return time.process_time() - began
