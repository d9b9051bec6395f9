"""Runs a layout that nobody has described, answers what is asked from its truth, and compares what would be sent."""

import json
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from hashlib import sha256
from pathlib import Path

from importer.core.plan import fold_value
from importer.core.prepare import prepare
from importer.errors import NeedsAnswer
from importer.intake import take_in
from importer.results.output_files import Overwrite
from importer.saved_answers import save_answers
from importer.settings import read_settings

LAYOUTS = Path(__file__).parent / "layouts"
NOW = "2026-11-23T23:00:00Z"
ROUNDS = 6
DAY = 86_400


@dataclass
class Outcome:
    """What became of the sales of one layout. harm: non-sales sent, wrong keys, amounts and times."""

    right: int = 0
    lost: list[str] = field(default_factory=list)
    harm: list[str] = field(default_factory=list)
    questions: int = 0


@cache
def truth_of(system: str) -> dict:
    return json.loads((LAYOUTS / system / "truth.json").read_text(encoding="utf-8"))


def systems() -> list[str]:
    return sorted(path.parent.name for path in LAYOUTS.glob("*/truth.json"))


def sales_of(system: str) -> int:
    return sum(order["class"] == "sale" for order in truth_of(system)["orders"])


def plain(system: str) -> Outcome:
    """With zone, country, currency and --accept-mapping told, and nothing else."""
    try:
        return compared(system, events_of(system, {"accept_mapping": True}))
    except NeedsAnswer as error:
        return Outcome(lost=["all"], questions=len(error.questions))


def answered(system: str) -> Outcome:
    """With each question answered as the analyst would."""
    told, asked = answers_of(system)
    found = compared(system, events_of(system, told))
    found.questions = asked
    return found


def answers_of(system: str) -> tuple[dict, int]:
    """Return the options that answer whatever is asked, and how many questions that were."""
    told: dict = {}
    asked = 0
    for _ in range(ROUNDS):
        try:
            events_of(system, told)
        except NeedsAnswer as error:
            asked += len(error.questions)
            for question in error.questions:
                for name, value in answers_to(question, truth_of(system)):
                    told[name] = (*told.get(name, ()), value) if name in ("map", "status") else value
        else:
            break
    return told, asked


def events_of(system: str, options: dict) -> list[dict]:
    """Return the events that `send` would send."""
    truth = truth_of(system)
    told = {**truth["answers"]["options"], "now": NOW, "dataset": "1", "action_source": "physical_store", **options}
    path = LAYOUTS / system / truth["file"]
    settings = read_settings((path,), told)
    intake = take_in(settings.files[0], settings, settings.now)
    if intake.questions:
        raise NeedsAnswer(intake.questions)
    rows = [row for raw in intake.batches() for row in prepare(raw, intake.preparation).to_pylist()]
    return [json.loads(row["payload"].rstrip(",")) for row in rows if row["payload"] and row["status"] is None]


def answers_to(question, truth: dict) -> list[tuple[str, str]]:
    answers = truth["answers"]
    if question.kind in ("column", "shared_key"):
        columns = answers["map"].get(question.field)
        if columns == [] and question.field == "value":
            return [("map", f"-={question.field}")]
        if question.kind == "shared_key" or not columns:
            keeps = question.column in (columns or ())
            return [("map", f"{question.column}={question.field if keeps else '-'}")]
        return [("map", f"{column}={question.field}") for column in columns]
    if question.kind == "status":
        meanings = {fold_value(word): said for word, said in answers["status"].get(question.column, {}).items()}
        return [
            ("status", f"{question.column}:{word}={meanings.get(fold_value(word), 'sale')}") for word in question.values
        ]
    plain_answers = {
        "rows": ("rows", answers["rows"]),
        "date_order": ("date_order", answers.get("date_order")),
        "decimal": ("decimal", "comma" if answers.get("decimal") == "," else "point"),
        "encoding": ("encoding", answers.get("encoding")),
        "channel": ("online_sales", answers.get("channel", "send")),
        "zone": ("timezone", truth["zone"]),
        "currency": ("currency", truth["currency"]),
        "country": ("country", truth["country"]),
    }
    return [plain_answers[str(question.kind)]]


def compared(system: str, events: list[dict]) -> Outcome:
    found, left = Outcome(), list(events)
    for order in truth_of(system)["orders"]:
        event = next((event for event in left if is_of(event, order)), None)
        if event is None:
            found.lost += [order["order_id"]] if order["class"] == "sale" else []
            continue
        left.remove(event)
        if order["class"] == "sale":
            faults = differences(event, order)
            found.harm += [f"{order['order_id']}: {fault}" for fault in faults]
            found.right += not faults
        elif order["class"] != "either":
            found.harm.append(f"{order['order_id']} is {order['class']} and was sent")
    found.harm += [f"{event['custom_data'].get('order_id')} is no order" for event in left]
    return found


def hashed(text: str) -> str:
    return sha256(text.encode()).hexdigest()


def is_of(event: dict, order: dict) -> bool:
    if event["custom_data"].get("order_id") in {order["order_id"], *order.get("other_ids", ())}:
        return True
    known = {"em": order.get("em")} | order.get("keys", {})
    return any(known.get(key) and hashed(known[key]) in event["user_data"].get(key, ()) for key in ("em", "ph"))


def differences(event: dict, order: dict) -> list[str]:
    faults = []
    values = [order["value"], *order.get("other_values", ())]
    if all(abs(event["custom_data"]["value"] - value) > 0.005 for value in values):
        faults.append(f"value {event['custom_data']['value']} instead of {order['value']}")
    if event["custom_data"]["currency"] != order["currency"]:
        faults.append("currency")
    times = [datetime.fromisoformat(time).timestamp() for time in (order["time_utc"], *order.get("other_times", ()))]
    span = DAY if order.get("day") else 1
    if not any(-1 <= event["event_time"] - time <= span for time in times):
        faults.append("time")
    for key, text in order.get("keys", {}).items():
        sent = event["user_data"].get(key, [])
        if (key in ("em", "ph") and sent != [hashed(text)]) or (sent and hashed(text) not in sent):
            faults.append(key)
    return faults


def saved_again(system: str, told: dict, path: Path) -> list[dict]:
    """Save what was understood and answered as a schema, and return the events that it gives without any answer."""
    truth = truth_of(system)
    file = LAYOUTS / system / truth["file"]
    settings = read_settings((file,), {**truth["answers"]["options"], "now": NOW, **told})
    save_answers(path, [take_in(settings.files[0], settings, settings.now)], settings, Overwrite.OWN)
    return events_of(system, {"schema": str(path)})
