"""The audit of a run: one JSON object a line for each sale that was sent, without a trace of its customer."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from importer.results.output_files import new_file
from importer.store import SentSale

_HASH = re.compile(r"[0-9a-f]{64}")
"""As an order id is sent that holds an e-mail address or the row's own phone number."""


def write_audit(path: Path, sales: Iterable[SentSale]) -> int:
    """Write the sales to a new file that only its owner may read; return how many. UsageError: there is one already."""
    count = 0
    taken = f"{path} exists already, and an audit never replaces a file; give the path of a new one."
    with new_file(path, taken) as stream:
        for sale in sales:
            stream.write(json.dumps(_line(sale), ensure_ascii=False).encode() + b"\n")
            count += 1
    return count


def _line(sent: SentSale) -> dict[str, Any]:
    """Return the object of a sale; of a rehearsal also the host that stood for Meta's."""
    sale, (dataset, _, host) = sent.sale, sent.dataset.partition("@")
    is_person = sale.order_id is not None and _HASH.fullmatch(sale.order_id)
    return {
        "time": _iso(sent.at),
        "dataset": dataset,
        **({"host": host} if host else {}),
        "order_id": None if is_person else sale.order_id,
        "event_id": sale.event_id,
        "event_name": sale.event_name,
        "event_time": _iso(sale.event_time),
        "status": "accepted" if sent.is_accepted else "in_doubt",
        "body_sha256": None if sent.body is None else sent.body.hex(),
        "trace": sent.trace,
    }


def _iso(seconds: int | None) -> str | None:
    return None if seconds is None else f"{datetime.fromtimestamp(seconds, UTC):%Y-%m-%dT%H:%M:%SZ}"
