"""Sends a small file with one trouble to an independent Graph API and judges each of its entries (cases/README.md)."""

import csv
import json
import logging
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from typing import Any

from fake_graph import DATASET, TOKEN, FakeGraph

import importer
from importer.errors import CapiImportError
from importer.results import exit_code

CASES = Path(__file__).parent / "cases"
NOW = "2026-11-23T23:00:00Z"
REPEATED = ("--map", "--status")
FLAGS = ("--accept-mapping", "--already-hashed", "--all-sheets", "--ldu")
KEYS = ("em", "ph", "fn", "ln", "ct", "st", "zp", "db", "ge", "country", "external_id", "lead_id")
HASHES = {"em_raw": "em", "ph_raw": "ph", "em_raws": "em", "ph_raws": "ph"}
IN_CLEAR = ("lead_id",)

ASKED = 2
"""The exit code of a run that stops before it sends anything."""

RIGHT, ACCEPTED, MISSED, WRONG = "right", "accepted", "missed", "silently wrong"


@dataclass
class Went:
    """One run of `send`: its exit code, the rows of its report, what arrived, all that was told, and what was warned of."""

    code: int
    rows: list[dict] = field(default_factory=list)
    events: dict[str, dict] = field(default_factory=dict)
    told: str = ""
    said: tuple[str, ...] = ()


@dataclass(frozen=True)
class Verdict:
    """What became of one entry of a case, and why it is not right."""

    entry: str
    grade: str
    why: str = ""


def cases(folder: Path = CASES) -> list[str]:
    return sorted(path.parent.name for path in folder.glob("*/case.json"))


def case_of(name: str, folder: Path = CASES) -> dict:
    return json.loads((folder / name / "case.json").read_text(encoding="utf-8"))


def judged(name: str, tmp_path: Path, folder: Path = CASES) -> list[Verdict]:
    """Send the case's file, and judge every entry and the run."""
    case = case_of(name, folder)
    source = next((folder / name).glob("input.*"))
    went = run(source, case["options"], tmp_path)
    found = [judge(entry, wanted, went, case.get("accept", [])) for entry, wanted in case["expected"].items()]
    return [*found, *([judge_run(case["run"], went)] if "run" in case else [])]


def run(source: Path, options: list[str], tmp_path: Path) -> Went:
    """Send a file with a fresh ledger and `--now`, as a user would."""
    report = tmp_path / "report.csv"
    with FakeGraph() as graph, _told() as said:
        graph.on("GET", DATASET, {"id": DATASET, "is_consolidated_container": True})
        try:
            summary = importer.send(
                source,
                dataset=DATASET,
                token=TOKEN,
                graph_url=graph.url,
                now=NOW,
                ledger=tmp_path / "ledger.db",
                report=report,
                **as_keywords(options),
            )
        except CapiImportError as error:
            return Went(error.exit_code, told=f"{error} {' '.join(said)}", events=_by_id(graph.events))
        told = f"{json.dumps(summary.as_json(), ensure_ascii=False)} {' '.join([*summary.advice, *said])}"
        rows = list(csv.DictReader(report.read_text(encoding="utf-8").splitlines()))
        return Went(exit_code(summary), rows, _by_id(graph.events), told, tuple(said))


def as_keywords(options: list[str]) -> dict[str, Any]:
    """Return options of the command line as those of the function."""
    found: dict[str, Any] = {}
    left = iter(options)
    for name in left:
        key = name.removeprefix("--").replace("-", "_")
        value = True if name in FLAGS else next(left)
        found[key] = (*found.get(key, ()), value) if name in REPEATED else value
    return found


def judge(entry: str, wanted: dict, went: Went, always: list[str]) -> Verdict:
    """Return the grade of one entry of `expected`."""
    accept = {*always, *wanted.get("accept", [])}
    rows = _rows_of(entry, went.rows)
    events = _events_of(entry, rows, went.events)
    if len(events) > 1:
        return Verdict(entry, WRONG, f"{len(events)} events")
    if not events:
        return Verdict(entry, *_unsent(wanted, rows, accept, went))
    if "or" in wanted and not any(_faults(wanted["or"], events[0])):
        return Verdict(entry, RIGHT)
    if wanted.get("status", "accepted") != "accepted":
        return Verdict(entry, ACCEPTED if "accepted" in accept else WRONG, f"sent, and should be {wanted['status']}")
    return Verdict(entry, *_sent(wanted, events[0], rows, accept, went))


def judge_run(wanted: dict, went: Went) -> Verdict:
    """Return the grade of what is wanted of the whole run."""
    if "events" in wanted and len(went.events) != wanted["events"]:
        return Verdict("run", WRONG, f"{len(went.events)} events instead of {wanted['events']}")
    if "exit" in wanted and went.code != wanted["exit"]:
        return Verdict("run", MISSED, f"exit {went.code} instead of {wanted['exit']}")
    arrived = {_order_of(event) for event in went.events.values()}
    if set(wanted.get("unless_sent", ["never"])) <= arrived or "says" not in wanted:
        return Verdict("run", RIGHT)
    if any(word.casefold() in went.told.casefold() for word in wanted["says"]):
        return Verdict("run", RIGHT)
    return Verdict("run", MISSED, f"says none of {wanted['says']}")


def _sent(wanted: dict, event: dict, rows: list[dict], accept: set[str], went: Went) -> tuple[str, str]:
    """Return the grade of a sale that was sent, and why."""
    wrong, missing = _faults(wanted, event)
    if wrong:
        return WRONG, "; ".join(wrong)
    warnings = " ".join(row["warnings"] for row in rows)
    told = all(f"{key}:" in warnings for key in missing)
    if missing:
        why = f"{', '.join(missing)} left out" + ("" if told else ", without a word")
        return ACCEPTED if told and "dropped-with-warning" in accept else MISSED, why
    if wanted.get("warned") and not warnings and not went.said:
        return MISSED, "not told"
    return RIGHT, ""


def _unsent(wanted: dict, rows: list[dict], accept: set[str], went: Went) -> tuple[str, str]:
    """Return the grade of a row that was not sent, and why."""
    if went.code == ASKED:
        return ACCEPTED if "asked" in accept else MISSED, f"asked: {went.told}"
    became = {row["status"] for row in rows} or {"no-row"}
    why = ", ".join(f"{row['status']} {row['reason']} {row['warnings']}".strip() for row in rows) or "no row"
    if wanted.get("status") == "not_sent" or became == {wanted.get("status", "accepted")}:
        return RIGHT, why
    fair = became <= accept and all(row["reason"] for row in rows)
    return ACCEPTED if fair or "not-sent" in accept else MISSED, why


def _faults(wanted: dict, event: dict) -> tuple[list[str], list[str]]:
    """Return what an event says wrongly, and the keys that it lacks."""
    custom, people = event.get("custom_data", {}), event["user_data"]
    flat = {"opt_out": False} | event | custom
    flat["content_ids"] = custom.get("content_ids") or [item["id"] for item in custom.get("contents", [])]
    wrong, missing = [], []
    if "time" in wanted and event["event_time"] != datetime.fromisoformat(wanted["time"]).timestamp():
        wrong.append(f"time {datetime.fromtimestamp(event['event_time'])} instead of {wanted['time']}")  # noqa: DTZ006
    if "value_any" in wanted and custom.get("value") not in wanted["value_any"]:
        wrong.append(f"value {custom.get('value')} instead of one of {wanted['value_any']}")
    wrong += [
        f"{name} {flat.get(name)} instead of {wanted[name]}"
        for name in ("value", "currency", "event_name", "action_source", "opt_out", "content_ids")
        if name in wanted and flat.get(name) != wanted[name]
    ]
    for key, hashes in _wanted_keys(wanted):
        sent = _as_list(people.get(key, []))
        if set(sent) - hashes - _second_forms(key, wanted) or len(sent) != len(set(sent)):
            wrong.append(f"{key} is not {wanted.get(key, 'as given')}")
        elif not sent:
            missing.append(key)
    wrong += [f"{key} sent" for key in wanted.get("absent", []) if people.get(key)]
    return wrong, missing


def _wanted_keys(wanted: dict) -> Iterator[tuple[str, set[str]]]:
    """Yield each key with the hashes that may arrive, of which one is enough."""
    for key in KEYS:
        if key in wanted:
            values = _as_list(wanted[key])
            yield key, {value if key in IN_CLEAR else sha256(value.encode()).hexdigest() for value in values}
    for name, key in HASHES.items():
        if name in wanted:
            yield key, set(_as_list(wanted[name]))


def _second_forms(key: str, wanted: dict) -> set[str]:
    """Return the hashes of cities in a-z, which Meta recommends and which go beside those as they are written."""
    cities = [_unaccented(value) for value in _as_list(wanted["ct"])] if key == "ct" else []
    return {sha256(value.encode()).hexdigest() for value in cities}


def _unaccented(text: str) -> str:
    apart = unicodedata.normalize("NFKD", text.translate(str.maketrans({"ß": "ss", "ł": "l", "ı": "i", "ø": "o"})))
    return "".join(char for char in apart if not unicodedata.combining(char))


def _as_list(values: Any) -> list[str]:
    return [str(value) for value in (values if isinstance(values, list) else [values])]


def _rows_of(entry: str, rows: list[dict]) -> list[dict]:
    if entry.startswith("row "):
        return [row for row in rows if row["row"] == entry.removeprefix("row ")]
    return [row for row in rows if row["order_id"] == entry]


def _events_of(entry: str, rows: list[dict], events: dict[str, dict]) -> list[dict]:
    found = {row["event_id"] for row in rows} & events.keys()
    if not entry.startswith("row "):
        found |= {name for name, event in events.items() if _order_of(event) == entry}
    return [events[name] for name in sorted(found)]


def _order_of(event: dict) -> str | None:
    return event.get("custom_data", {}).get("order_id")


def _by_id(events: list[dict]) -> dict[str, dict]:
    assert len({event["event_id"] for event in events}) == len(events), "an event arrived twice"
    return {event["event_id"]: event for event in events}


@contextmanager
def _told() -> Iterator[list[str]]:
    """Collect what the run says while it goes."""
    said: list[str] = []

    class Handler(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            said.append(record.getMessage())

    handler, log = Handler(logging.WARNING), logging.getLogger("importer")
    log.addHandler(handler)
    try:
        yield said
    finally:
        log.removeHandler(handler)
