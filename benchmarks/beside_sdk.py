"""Side by side with Meta's Python SDK: from source cells to the JSON of events, in one process, as a ratio.

pip install facebook-business, then: python benchmarks/beside_sdk.py

The SDK does less: it takes phones with country codes and seconds only, so its share here gets both ready-made.
"""

import json

from facebook_business.adobjects.serverside.action_source import ActionSource
from facebook_business.adobjects.serverside.custom_data import CustomData
from facebook_business.adobjects.serverside.event import Event
from facebook_business.adobjects.serverside.user_data import UserData
from sales import NOW, batch, preparation, seconds

from importer.core.prepare import prepare

ROWS = 20_000


def with_sdk(rows: list[dict[str, str]]) -> list[str]:
    return [json.dumps(event_of(row).normalize()) for row in rows]


def event_of(row: dict[str, str]) -> Event:
    return Event(
        event_name="Purchase",
        event_time=NOW,
        action_source=ActionSource.PHYSICAL_STORE,
        user_data=UserData(
            email=row["Email"],
            phone="1" + "".join(filter(str.isdigit, row["Phone"])),
            first_name=row["First Name"],
            last_name=row["Last Name"],
            city=row["City"],
            state=row["State"],
            zip_code=row["Zip"],
            country_code="us",
        ),
        custom_data=CustomData(value=float(row["Total"]), currency="usd", order_id=row["Order ID"]),
    )


def main() -> None:
    raw = batch(ROWS)
    rows = raw.to_pylist()
    told = preparation(raw)
    prepare(raw, told)
    ours = min(seconds(lambda: prepare(raw, told)) for _ in range(3))
    theirs = min(seconds(lambda: with_sdk(rows)) for _ in range(3))
    pace = f"capi-import {ours / ROWS * 1e6:.1f}, SDK {theirs / ROWS * 1e6:.1f} microseconds a row"
    print(f"{pace}: {theirs / ours:.1f} times")


if __name__ == "__main__":
    main()
