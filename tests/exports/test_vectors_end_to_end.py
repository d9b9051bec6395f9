"""Every normalisation case beside the project, from a cell of a file to what the sandbox receives."""

import csv
import json
from pathlib import Path

import pytest
from truth import NOW, journey

VECTORS = Path(__file__).resolve().parents[3] / "shared" / "vectors.json"
pytestmark = pytest.mark.skipif(not VECTORS.is_file(), reason="../shared is not there")
HEADERS = {"em": "email", "ph": "phone", "zp": "zip", "db": "dob", "ge": "gen"}


def test_every_case_arrives_as_its_hash_or_not_at_all(tmp_path):
    cases = json.loads(VECTORS.read_text(encoding="utf-8"))
    fields = sorted({case["field"] for case in cases})
    file = tmp_path / "cases.csv"
    with file.open("w", encoding="utf-8", newline="") as out:
        writer = csv.DictWriter(
            out,
            [
                "order_id",
                "event_name",
                "event_time",
                "value",
                "currency",
                "lead_id",
                *(HEADERS.get(field, field) for field in fields),
            ],
        )
        writer.writeheader()
        for number, case in enumerate(cases):
            row = {
                "order_id": f"V{number}",
                "event_name": "Purchase",
                "event_time": "2026-11-20T10:00:00Z",
                "value": "5",
                "currency": "EUR",
                "lead_id": "123456789012345",
            }
            row |= {"country": case["country"]} if case["country"] else {}
            writer.writerow(row | {HEADERS.get(case["field"], case["field"]): case["input"]})
    went = journey(file, tmp_path, {}, NOW)
    wrong = []
    for number, case in enumerate(cases):
        [event] = went.events[f"V{number}"]
        sent = event["user_data"].get(case["field"], [])
        if (case["sha256"] not in sent) if case["sha256"] else sent:
            wrong.append((case["field"], case["input"], case["country"], case["normalized"]))
    assert went.refusals == {}
    assert wrong == []
