"""What an engineer writes today: a plain loop over Meta's SDK that normalises, hashes and encodes request bodies.

pip install facebook-business, then: python benchmarks/sdk_loop.py FILE.csv ROWS [pandas]

It reads with csv.DictReader, or with pandas and `iterrows` as most examples do. A number that the SDK refuses is left
out of its event, since one bad event would end the loop.
"""

import csv
import json
import sys
import time
from collections.abc import Iterator, Mapping
from datetime import datetime
from itertools import islice
from typing import Any

from facebook_business.adobjects.serverside.action_source import ActionSource
from facebook_business.adobjects.serverside.custom_data import CustomData
from facebook_business.adobjects.serverside.event import Event
from facebook_business.adobjects.serverside.user_data import UserData


def rows(path: str, reader: str) -> Iterator[Mapping[str, str]]:
    if reader == "pandas":
        import pandas as pd  # noqa: PLC0415

        return (row for _, row in pd.read_csv(path, dtype=str, keep_default_na=False).iterrows())
    return iter(csv.DictReader(open(path, encoding="utf-8", newline="")))  # noqa: PTH123 - read to the end


def event(row: Mapping[str, str], phone: str | None) -> Event:
    return Event(
        event_name="Purchase",
        event_time=int(datetime.fromisoformat(row["event_time"]).timestamp()),
        event_id=row["order_id"],
        action_source=ActionSource.PHYSICAL_STORE,
        user_data=UserData(
            email=row["email"],
            phone=phone,
            first_name=row["first_name"],
            last_name=row["last_name"],
            city=row["city"],
            state=row["state"],
            zip_code=row["zip"],
            country_code=row["country"],
            external_id=row["external_id"],
        ),
        custom_data=CustomData(value=float(row["value"]), currency=row["currency"], order_id=row["order_id"]),
    )


def normalised(row: Mapping[str, str]) -> Any:
    try:
        return event(row, row["phone"]).normalize()
    except ValueError:
        return event(row, None).normalize()


def main(path: str, count: int, reader: str) -> None:
    began, sent, waiting = time.perf_counter(), 0, iter(islice(rows(path, reader), count))
    while batch := [normalised(row) for row in islice(waiting, 1_000)]:
        json.dumps({"data": batch})
        sent += len(batch)
    print(json.dumps({"rows": sent, "loop_seconds": time.perf_counter() - began}))


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), sys.argv[3] if len(sys.argv) > 3 else "csv")
