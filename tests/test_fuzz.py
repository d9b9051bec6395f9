"""Whatever comes in, changed at random: a result, or a CapiImportError with one sentence; nothing else, and little memory.

A budget is a number of cases, each from its own seed; seeds that once failed are in `fuzz_seeds.json` and come first.
Workbooks have a loop of their own, by their XML (`read/test_read_hostile_workbooks.py`).
"""

from __future__ import annotations

import copy
import gzip
import io
import json
import random
import subprocess
import sys
import tempfile
import tomllib
import zipfile
from collections.abc import Callable, Iterable
from dataclasses import asdict
from datetime import UTC, datetime
from functools import cache, partialmethod
from pathlib import Path
from typing import Any
from unittest import mock

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import xlwt
from fake_graph import DATASET, TOKEN, FakeGraph, FakeResponse
from odf import opendocument, table
from odf import text as odf_text

import importer
from importer.core.plan import read_plan
from importer.core.replies import verdict
from importer.errors import CapiImportError, NeedsAnswer
from importer.graph.reader import Reader
from importer.read import open_export
from importer.schema_files import FOLDER
from importer.schema_text import plan_text

SAVED: dict[str, list[int]] = json.loads((Path(__file__).parent / "fuzz_seeds.json").read_text(encoding="utf-8"))
"""Target -> seeds that failed once."""
SOME_MEMORY = 4 << 30
SECRET = "fuzz.person"
NOW = "2026-11-23T23:00:00Z"
SNIPPETS = (
    *(b'"', b"'", b"\0", b",", b";", b"\t", b"\n", b"\r", b"\r\n", b'"""', b"\xff", b"\xff\xfe", b"\xef\xbb\xbf"),
    *(
        b"\xc3",
        b"\xf0\x9f\x98\x80",
        b"\xe2\x80\xae",
        b"=1+1",
        b"1e999",
        b"-0",
        b"9" * 40,
        b"[[[[",
        b"{{{{",
        b"]]",
        b"}",
    ),
    *(b"NaN", b"null", b"true", b"\\u0000", b"\\ud800", b"\x1b[31m", b"PAR1", b"PK\x03\x04"),
)


def mutated(data: bytes, chance: random.Random, most: int = 6) -> bytes:
    """The bytes with up to so many changes: a byte, a piece left out, doubled or moved, a snippet, a number, the end."""
    text = bytearray(data)
    for _ in range(chance.randint(1, most)):
        at, size = chance.randrange(len(text) + 1), chance.randint(1, 40)
        match chance.randrange(7):
            case 0:
                text[at : at + 1] = bytes([chance.randrange(256)])
            case 1:
                del text[at : at + size]
            case 2:
                text[at:at] = text[at : at + size] * chance.choice((1, 2, 200))
            case 3:
                text[at:at] = chance.choice(SNIPPETS) * chance.choice((1, 1, 3, 500))
            case 4:
                piece, to = text[at : at + size], chance.randrange(len(text) + 1)
                del text[at : at + size]
                text[to:to] = piece
            case 5:
                text[at : at + 4] = chance.choice((0, 1, 2**31 - 1, 2**32 - 1, 2**31)).to_bytes(4, "little")
            case _:
                if chance.random() < 0.2:
                    del text[at:]
    return bytes(text)


def mutated_inside(data: bytes, chance: random.Random) -> bytes:
    """The archive with up to three changes in its largest part, which its checksum then fits."""
    stream = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as whole_archive, zipfile.ZipFile(stream, "w") as archive:
        largest = max(whole_archive.infolist(), key=lambda part: part.file_size).filename
        for name in whole_archive.namelist():
            part = whole_archive.read(name)
            archive.writestr(name, mutated(part, chance, most=3) if name == largest else part)
    return stream.getvalue()


# ---------------------------------------------------------------------- what is changed

ROWS = [
    {
        "Order ID": f"O-{n}",
        "Date": "2026-11-20T10:00:00Z",
        "Email": f"{SECRET}{n}@example.com",
        "Total": f"{n}.50",
        "Name": "Müller",
    }
    for n in range(60)
]
CSV = "\n".join([",".join(ROWS[0]), *(",".join(row.values()) for row in ROWS)]).encode()


def as_zip() -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("sales.csv", CSV)
    return stream.getvalue()


def as_parquet(**options: Any) -> bytes:
    stream = io.BytesIO()
    columns = {name: [row[name] for row in ROWS] for name in ROWS[0]}
    typed = {
        "n": list(range(60)),
        "at": [datetime(2026, 11, 20, tzinfo=UTC)] * 60,
        "l": [["a"]] * 60,
        "s": [{"x": 1}] * 60,
    }
    pq.write_table(pa.table(columns | typed), stream, **options)
    return stream.getvalue()


def as_xls() -> bytes:
    book = xlwt.Workbook()
    sheet = book.add_sheet("S")
    for number, cells in enumerate([list(ROWS[0]), *(list(row.values()) for row in ROWS)]):
        for place, cell in enumerate(cells):
            sheet.write(number, place, cell)
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def as_ods() -> bytes:
    book, sheet = opendocument.OpenDocumentSpreadsheet(), table.Table(name="S")
    for cells in [list(ROWS[0]), *(list(row.values()) for row in ROWS[:10])]:
        line = table.TableRow()
        for cell in cells:
            filled = table.TableCell(valuetype="string")
            filled.addElement(odf_text.P(text=cell))
            line.addElement(filled)
        sheet.addElement(line)
    book.spreadsheet.addElement(sheet)
    stream = io.BytesIO()
    book.write(stream)
    return stream.getvalue()


FILES: dict[str, Callable[[], bytes]] = {
    "csv": lambda: CSV,
    "utf16": lambda: CSV.decode().encode("utf-16"),
    "gz": lambda: gzip.compress(CSV, mtime=0),
    "zip": as_zip,
    "parquet": lambda: as_parquet(compression="none"),
    "parquet-packed": lambda: as_parquet(compression="zstd", data_page_version="2.0", write_page_index=True),
    "xls": as_xls,
    "ods": as_ods,
}
SCHEMAS = sorted((entry for entry in FOLDER.iterdir() if entry.name.endswith(".toml")), key=lambda entry: entry.name)
OWN_SCHEMA = b"""
name = "mine"
[identify]
headers = ["Order ID", "Email"]
[columns]
order_id = "Order ID"
event_time = "Date"
em = { all = ["Email", "E-Mail"] }
ln = "Name"
value = "Total"
[custom]
note = "Name"
[orders]
rows = "lines"
total = "sum"
[match]
minimum_keys = "meta"
external_id = "raw"
[time]
order = "dmy"
[money]
currency = "EUR"
decimal = "."
[event]
name = "Purchase"
channel = "store"
[[sale]]
column = "Name"
sale = ["M*"]
[[rule]]
column = "value"
max = 50
message = "too much"
"""
VALUES: tuple[Any, ...] = (
    *(None, True, False, 0, -1, 1, 5, 2**31, 2**63, 2**64, -(2**63) - 1, 10**400, 0.5, -0.0, 1e308, 5e-324, 1795302000),
    *(
        "",
        " ",
        "x",
        "x" * 5_000,
        "\0",
        "\x1b[31m",
        "\u202e",
        "😀",
        "ß",
        "1e999",
        "NaN",
        "2026-11-20",
        "9999-12-31T23:59:59Z",
    ),
    *(
        "0001-01-01",
        "a@b.c",
        "+1 202 555 0133",
        "[]",
        '[{"value":1}]',
        "https://[",
        "javascript:x",
        "0" * 64,
        "CustomEvent",
    ),
    *([], [[]], [None], [1, "x", None], {}, {"": None}, {"a": {"b": [1]}}, [[[[[[[[]]]]]]]], [{}] * 30),
)
TASK = {
    "task": "validate_event",
    "email": "ada@example.com",
    "phone": "+12025550133",
    "value": 5,
    "currency": "EUR",
    "eventTime": 1795302000,
    "actionSource": "physical_store",
    "contentIds": ["A"],
    "orderId": "7",
    "country": "DE",
    "isAlreadyHashed": False,
    "fbc": "fb.1.1795168800000.abc",
}
META = {
    "event_name": "Purchase",
    "event_time": 1795302000,
    "action_source": "physical_store",
    "user_data": {"em": ["ada@example.com"], "ph": "+12025550133", "lead_id": 123456789012345},
    "custom_data": {"value": 5, "currency": "EUR", "contents": [{"id": "A", "quantity": 1}], "content_ids": ["A"]},
    "data_processing_options": ["LDU"],
    "original_event_data": {"event_name": "Lead", "event_time": 1795302000},
}
ANSWERS = (
    {"events_received": 5, "messages": [], "fbtrace_id": "Aok"},
    {
        "error": {
            "message": "Invalid parameter $['data'][3]['custom_data']",
            "type": "OAuthException",
            "code": 100,
            "error_subcode": 2804003,
            "is_transient": False,
            "error_user_title": "t",
            "error_user_msg": "m",
            "error_data": {"blame_field_specs": [["data", 3]]},
            "fbtrace_id": "Aerr",
        }
    },
)
COUNTS = {"data": [{"start_time": "2026-11-20T10:00:00+0000", "data": [{"value": "Purchase", "count": 5}]}]}
READ = {
    "dataset": {
        "id": DATASET,
        "name": "Shops",
        "is_consolidated_container": True,
        "creation_time": "2026-01-01T10:00:00+0000",
    },
    "stats": COUNTS,
    "quality": {"offline": [{"event_name": "Purchase", "composite": {"score": 7, "coverage": {"em": 80}}}]},
    "list": {
        "data": [{"id": "1001", "name": "Shops", "last_fired_time": "2026-11-20T10:00:00+0000"}],
        "paging": {"cursors": {"before": "a", "after": "b"}, "next": "https://graph.facebook.com/v25.0/x"},
    },
}
HEADERS = (
    {},
    {"Retry-After": "5"},
    {"X-Business-Use-Case-Usage": '{"1":[{"type":"x","estimated_time_to_regain_access":3,"call_count":10}]}'},
    {"X-Ad-Account-Usage": '{"acc_id_util_pct":100,"reset_time_duration":100}'},
    {"X-App-Usage": '{"call_count":28,"total_time":25,"total_cputime":25}'},
)


@cache
def whole(name: str) -> bytes:
    return FILES[name]()


def changed(data: Any, chance: random.Random) -> Any:
    """The JSON value with some members replaced, renamed, added or left out, anywhere in it."""
    found = copy.deepcopy(data)
    for _ in range(chance.randint(1, 4)):
        place = found
        while isinstance(place, dict | list) and place:
            key = chance.choice(list(place)) if isinstance(place, dict) else chance.randrange(len(place))
            if isinstance(place[key], dict | list) and place[key] and chance.random() < 0.6:
                place = place[key]
                continue
            match chance.randrange(4):
                case 0 if isinstance(place, dict):
                    place[chance.choice(("", "x", "data", "events", "value", key + "x"))] = chance.choice(VALUES)
                case 1:
                    del place[key]
                case _:
                    place[key] = copy.deepcopy(chance.choice(VALUES))
            break
    return found


# ---------------------------------------------------------------------- what takes it


def read_file(name: str, chance: random.Random, folder: Path) -> None:
    path = folder / f"sales.{name.partition('-')[0]}"
    is_archive = name in {"zip", "ods"} and chance.random() < 0.8
    path.write_bytes((mutated_inside if is_archive else mutated)(whole(name), chance))
    rows = [row for batch in open_export(path).batches() for row in batch.column("row").to_pylist()]
    assert rows == list(range(1, len(rows) + 1))


def check_file(name: str, chance: random.Random, folder: Path) -> None:
    path = folder / f"sales.{name.partition('-')[0]}"
    path.write_bytes(mutated(whole(name), chance))
    report = folder / "report.csv"
    summary = importer.check(path, now=NOW, timezone="UTC", currency="EUR", ledger=folder / "ledger.db", report=report)
    assert summary.total == len(report.read_bytes().splitlines()) - 1


def read_schema(_: str, chance: random.Random, folder: Path) -> None:
    """A schema's bytes are changed, or its tables and values; a file is read by what is left, written as TOML again."""
    text = OWN_SCHEMA if chance.random() < 0.7 else chance.choice(SCHEMAS).read_text(encoding="utf-8").encode()
    path = folder / "mine.toml"
    if chance.random() < 0.4:
        path.write_bytes(mutated(text, chance, most=2))
    else:
        plan = read_plan(changed(tomllib.loads(text.decode()), chance), "mine.toml")
        path.write_text(plan_text(plan), encoding="utf-8")
    (folder / "sales.csv").write_bytes(CSV)
    importer.check(
        folder / "sales.csv",
        schema=str(path),
        now=NOW,
        timezone="UTC",
        currency="EUR",
        ledger=folder / "ledger.db",
        report=folder / "report.csv",
    )


def run_task(_: str, chance: random.Random, folder: Path) -> None:
    whole_input = changed(TASK, chance)
    if chance.random() < 0.6:
        events = [changed(META, chance) for _ in range(chance.randint(1, 3))]
        whole_input |= {"task": "validate_event", "events": chance.choice((events, json.dumps(events), [TASK]))}
    whole_input["demoMode"] = True
    if whole_input.get("task") not in ("validate_event", None):
        whole_input["task"] = chance.choice(("validate_event", "list_pixel", 5))
    path = folder / "task.json"
    content = json.dumps(whole_input).encode()
    path.write_bytes(mutated(content, chance) if chance.random() < 0.3 else content)
    result = importer.task(path, now=NOW)
    for item in result.items:
        assert item["success"] or "\n" not in item["error"]
    json.dumps(result.as_json())


def judge_answer(_: str, chance: random.Random, _folder: Path) -> None:
    answer = changed(chance.choice(ANSWERS), chance)
    body = json.dumps(answer).encode()
    if chance.random() < 0.4:
        body = mutated(body, chance)
    headers = dict(chance.choice(HEADERS))
    for name, value in headers.items():
        if chance.random() < 0.7:
            headers[name] = mutated(value.encode(), chance).decode("latin-1")
    found = verdict(chance.choice((200, 400, 403, 413, 429, 500, 503, 204, 302, 999)), headers, body, 5)
    assert found is not None


def read_pixels(_: str, chance: random.Random, _folder: Path) -> None:
    """What is asked of Meta: lists of datasets, one dataset, its counts and its quality."""
    told = {name: changed(answer, chance) for name, answer in READ.items()}
    told["next"] = {"data": []}
    at_once = partialmethod(Reader.__init__, sleep=_no_time)
    with FakeGraph() as graph, mock.patch.object(Reader, "__init__", at_once):
        graph.on(
            "GET",
            "act_1/adspixels",
            lambda asked: FakeResponse(200, told["next" if "after" in asked.query else "list"]),
        )
        graph.on("GET", DATASET, told["dataset"])
        graph.on("GET", f"{DATASET}/stats", told["stats"])
        graph.on("GET", "dataset_quality", told["quality"])
        options = {"token": TOKEN, "graph_url": graph.url, "now": NOW}
        for one in importer.pixels("act_1", **options):
            json.dumps(asdict(one))
        json.dumps(importer.pixel(DATASET, **options).as_json())


async def _no_time(_seconds: float) -> None:
    """Wait for nothing between two tries."""


TARGETS: dict[str, tuple[Callable[[str, random.Random, Path], None], int, int]] = {
    **{f"read {name}": (read_file, 60, 600) for name in FILES},
    "check csv": (check_file, 15, 100),
    "check parquet": (check_file, 15, 100),
    "read schema": (read_schema, 40, 400),
    "run task": (run_task, 150, 1_500),
    "judge answer": (judge_answer, 2_000, 20_000),
    "read pixels": (read_pixels, 25, 150),
}
"""Target -> what takes it, the cases of every run, and those of a thorough one."""


def play(target: str, seeds: Iterable[int], folder: Path) -> int:
    """Try each seed and return how many came to a result; whatever fails names its seed."""
    take, *_ = TARGETS[target]
    name, results = target.rpartition(" ")[2], 0
    for seed in seeds:
        with tempfile.TemporaryDirectory(dir=folder) as place:
            try:
                take(name, random.Random(f"{target} {seed}"), Path(place))
                results += 1
            except CapiImportError as error:
                _check_sentence(error, seed)
            except BaseException as error:
                error.add_note(f'seed {seed} of "{target}": add it to fuzz_seeds.json')
                raise
    return results


def _check_sentence(error: CapiImportError, seed: int) -> None:
    """One sentence without a customer; of questions one each."""
    text = str(error)
    assert text, seed
    assert isinstance(error, NeedsAnswer) or "\n" not in text, (seed, text)
    assert SECRET not in text, (seed, text)


@pytest.mark.parametrize("target", TARGETS)
def test_what_is_changed_at_random_is_read_or_refused_in_a_sentence(target: str, tmp_path: Path) -> None:
    _, cases, _ = TARGETS[target]
    play(target, SAVED.get(target, []), tmp_path)
    assert play(target, range(cases), tmp_path) > 0


@pytest.mark.slow
@pytest.mark.timeout(1_800)
@pytest.mark.parametrize("target", TARGETS)
def test_much_that_is_changed_at_random_is_read_or_refused_in_little_memory(target: str, tmp_path: Path) -> None:
    """In a process of its own, whose memory ends at four gigabytes."""
    _, cases, thorough = TARGETS[target]
    code = f"""
import sys
sys.path[:0] = [{str(Path(__file__).parent)!r}]
import test_fuzz
try:
    import resource
    resource.setrlimit(resource.RLIMIT_AS, ({SOME_MEMORY}, {SOME_MEMORY}))
except ImportError:
    pass
print(test_fuzz.play({target!r}, range({cases}, {thorough}), test_fuzz.Path({str(tmp_path)!r})))
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-3_000:]
    assert int(done.stdout.split()[-1])


def test_saved_seeds_are_of_targets_that_there_are() -> None:
    assert SAVED.keys() <= TARGETS.keys()
