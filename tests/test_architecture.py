"""What docs/architecture.md promises: where a change is made, how often a file is read, and one name for one thing.

A change is made as a newcomer would make it, in a copy of the program, and its effect is seen in a run of that copy.
"""

from __future__ import annotations

import ast
import csv
import json
import os
import re
import shutil
import subprocess
import sys
from collections import defaultdict
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pytest
from pyarrow import csv as pacsv
from pyarrow import parquet as pq

from importer.commands.send import check
from importer.core.replies import Action, verdict
from importer.core.replies.reply_table import RULE_OF_CODE
from importer.read.byte_sources import ByteSource
from importer.read.export import Export

ROOT = Path(__file__).resolve().parents[1]
PAGE = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
NOW = "2026-11-23T23:00:00Z"
SALES = "Order,Date,Email,Total,Currency\n1,2026-11-20T10:00:00Z,ada@example.com,{value},EUR\n"
PAID = SALES.format(value="5.00")
UNPAID = SALES.format(value="")


class Copy:
    """A copy of the program to change and to run."""

    def __init__(self, folder: Path) -> None:
        self.root, self.files = folder / "copy", folder / "files"
        self.files.mkdir()
        for name in ("importer", "schemas"):
            shutil.copytree(ROOT / name, self.root / name, symlinks=True, ignore=shutil.ignore_patterns("__pycache__"))

    def append(self, name: str, text: str) -> None:
        file = self.root / name
        file.write_text(file.read_text(encoding="utf-8") + "\n" + text, encoding="utf-8")

    def insert(self, name: str, before: str, text: str) -> None:
        file = self.root / name
        source = file.read_text(encoding="utf-8")
        assert before in source
        file.write_text(source.replace(before, text + before, 1), encoding="utf-8")

    def run(self, *arguments: object) -> str:
        done = subprocess.run(
            [sys.executable, "-m", "importer", *map(str, arguments)],
            cwd=self.files,
            env={"PATH": os.environ["PATH"], "PYTHONPATH": str(self.root), "HOME": str(self.files)},
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )
        assert done.returncode in (0, 1), done.stderr  # 1: some row is invalid
        assert done.stdout, done.stderr
        return done.stdout

    def check(self, text: str, *options: object) -> list[dict[str, str]]:
        (self.files / "sales.csv").write_text(text, encoding="utf-8")
        report = self.files / "report.csv"
        self.run("check", "sales.csv", "--now", NOW, "--ledger", "ledger.db", "--report", report, *options)
        return list(csv.DictReader(report.read_text(encoding="utf-8-sig").splitlines()))


@pytest.fixture
def copy(tmp_path: Path) -> Copy:
    return Copy(tmp_path)


def only(rows: list[dict[str, str]]) -> dict[str, str]:
    (row,) = rows
    return row


# ------------------------------------------------------------------ where to change what


def test_each_place_to_change_has_a_test_here():
    table = PAGE.partition("## Where to change what")[2].partition("\n## ")[0]
    named = re.findall(r"\| `(test_\w+)` \|", table)
    assert len(named) == table.count("\n| ") - 1  # the line of titles names none
    assert all(name in globals() for name in named)


def test_a_header_and_a_status_of_a_known_export(tmp_path):
    known = (ROOT / "schemas" / "exports" / "loyalty_purchases.toml").read_text(encoding="utf-8")
    schema = tmp_path / "mine.toml"
    changed = known.replace('"Transaction Date", "Transaction Time"', '"Rung up at", "Transaction Date"')
    schema.write_text(changed.replace('sale = ["PURCHASE"', 'sale = ["BOUGHT", "PURCHASE"'), encoding="utf-8")
    file = tmp_path / "till.csv"
    file.write_text(
        "Member Number,Transaction ID,Transaction Type,Rung up at,Amount,Currency,Email\n"
        "7,1,BOUGHT,2026-11-20T10:00:00Z,5.00,USD,ada@example.com\n",
        encoding="utf-8",
    )
    summary = check(file, now=NOW, ledger=tmp_path / "ledger.db", schema=schema)
    assert only(read(summary.report))["status"] == "ready"


def test_a_new_export(copy):
    (copy.root / "schemas" / "exports" / "corner_shop.toml").write_text(
        'name = "corner_shop"\ntitle = "Corner shop"\nsource = "a test"\n'
        '[identify]\nheaders = ["Slip", "Rung up", "Taken"]\n'
        '[columns]\norder_id = ["Slip"]\nevent_time = ["Rung up"]\nvalue = ["Taken"]\nem = ["Reached at"]\n',
        encoding="utf-8",
    )
    text = "Slip,Rung up,Taken,Reached at\n1,2026-11-20T10:00:00Z,5.00,ada@example.com\n"
    row = only(copy.check(text, "--currency", "EUR"))
    assert (row["status"], row["match_keys"], row["value"]) == ("ready", "em", "5.00")
    assert "corner_shop" in copy.run("schemas")


def test_a_word_of_a_header_anywhere(copy):
    text = PAID.replace("Order,", "Zotz,")
    assert only(copy.check(text))["order_id"] == ""
    copy.insert("importer/core/understanding/lexicon/english.toml", "receipt* |", "zotz | ")
    assert only(copy.check(text))["order_id"] == "1"


def test_the_normal_form_of_a_customer_key(copy):
    text = "Order,Date,Email,Gender,Total,Currency\n1,2026-11-20T10:00:00Z,ada@example.com,Dowager,5.00,EUR\n"
    assert only(copy.check(text))["warnings"] == "ge:unknown"
    copy.append(
        "importer/core/normalise/gender.py",
        "_words = normal\n\n\ndef normal(text):\n    return ('f', None) if text == 'Dowager' else _words(text)\n",
    )
    row = only(copy.check(text))
    assert (row["match_keys"], row["warnings"]) == ("em+ge", "")


def test_a_rule_on_events(copy):
    copy.append(
        "schemas/conversion.py",
        "def _with(schema, name, test, reason):\n"
        "    checks = [*schema.columns[name].checks, pandera.Check(test, error=reason)]\n"
        "    return schema.update_column(name, checks=checks)\n\n\n"
        "EVENT = _with(EVENT, 'event_name', lambda names: names != 'Gossip', 'forbidden_event')\n"
        "MONEY = _with(MONEY, 'value', lambda values: values <= 1000, 'value_too_large')\n",
    )
    text = (
        "Order,Date,Email,Total,Currency,Event name\n"
        "1,2026-11-20T10:00:00Z,ada@example.com,1000,EUR,Purchase\n"
        "2,2026-11-20T10:00:00Z,ben@example.com,1000.01,EUR,Purchase\n"
        "3,2026-11-20T10:00:00Z,cleo@example.com,5,EUR,Gossip\n"
    )
    rows = copy.check(text)
    assert [row["status"] for row in rows] == ["ready", "invalid", "invalid"]
    assert [(row["field"], row["reason"]) for row in rows[1:]] == [
        ("value", "value_too_large"),
        ("event_name", "forbidden_event"),
    ]


def test_what_a_reply_means(monkeypatch):
    body = json.dumps({"error": {"code": 4711, "message": "Ugyldig", "type": "OAuthException"}}).encode()
    assert verdict(400, {}, body, sent=1).action is not Action.STOP
    monkeypatch.setitem(RULE_OF_CODE, 4711, "token")
    assert verdict(400, {}, body, sent=1).action is Action.STOP


def test_a_parameter_of_single_events(copy):
    copy.insert("importer/actor/parameters.py", "    phone: Name | None = None\n", "    gender: Text | None = None\n")
    copy.insert("importer/actor/event_rows.py", '    "phone": "ph",\n', '    "gender": "ge",\n')
    copy.insert("importer/options.py", '"email", "phone",', '"gender", ')
    given = ("--email", "ada@example.com", "--gender", "Female", "--value", "5", "--action-source", "email")
    assert json.loads(copy.run("event", *given, "--dry-run"))["user_data"].keys() == {"em", "ge", "country"}


def test_a_sentence(copy):
    copy.append("importer/core/reasons.py", 'REASONS["missing_value"] = "Put the price in."\n')
    assert only(copy.check(UNPAID))["message"] == "Put the price in."


def test_a_paragraph_of_the_guide(copy):
    copy.append(
        "importer/results/guide/invalid_reasons.py",
        'INVALID_REASONS["missing_value"] = INVALID_REASONS["missing_value"]._replace(means="Nobody wrote down the price.")\n',
    )
    copy.check(UNPAID, "--summary", "summary.html")
    assert "Nobody wrote down the price." in (copy.files / "summary.html").read_text(encoding="utf-8")


def test_the_page_of_the_summary(copy):
    copy.insert("importer/results/summary_page/templates/page.html.jinja", "</main>", "<p>Seen by the board.</p>")
    copy.check(PAID, "--summary", "summary.html")
    assert "<p>Seen by the board.</p>" in (copy.files / "summary.html").read_text(encoding="utf-8")


def read(report: Path | str | None) -> list[dict[str, str]]:
    return list(csv.DictReader(Path(str(report)).read_text(encoding="utf-8-sig").splitlines()))


# ------------------------------------------------------------------ how often a file is read

HEADERS = ("Order", "Date", "Email", "Total", "Currency", "Note")
LINES = 60_000


def sales(*, order_of_line) -> list[tuple[str, ...]]:
    return [
        (
            f"A{order_of_line(line)}",
            f"2026-11-{1 + line % 20:02}T10:00:00Z",
            f"p{line}@example.com",
            "5.00",
            "EUR",
            "-" * 100,
        )
        for line in range(LINES)
    ]


@pytest.fixture
def passes(tmp_path, monkeypatch):
    """How often the whole file was read as text, and the rows of how many tables were asked for."""
    size, streams = 0, 0
    chunks, batches = ByteSource.chunks, Export.batches

    def counted_chunks(source):
        nonlocal size
        for chunk in chunks(source):
            size += len(chunk)
            yield chunk

    def counted_batches(export, *arguments, **options):
        nonlocal streams
        streams += 1
        return batches(export, *arguments, **options)

    monkeypatch.setattr(ByteSource, "chunks", counted_chunks)
    monkeypatch.setattr(Export, "batches", counted_batches)

    def count(file: Path, **options: object) -> tuple[int, int]:
        check(file, now=NOW, ledger=tmp_path / "ledger.db", **options)
        return size // file.stat().st_size, streams

    return count


def written(folder: Path, rows: list[tuple[str, ...]], ending: str = "csv") -> Path:
    file = folder / f"sales.{ending}"
    if ending == "parquet":
        columns = zip(*rows, strict=True)
        pq.write_table(pa.table(dict(zip(HEADERS, map(list, columns), strict=True))), file)
    else:
        with file.open("w", encoding="utf-8", newline="") as stream:
            csv.writer(stream).writerows([HEADERS, *rows])
    return file


BEGINNING = 1
"""The beginning of these small files, read once more for its first rows, is most of them."""


def test_text_is_read_three_times_as_a_whole_and_its_beginning_once_more(tmp_path, passes):
    assert passes(written(tmp_path, sales(order_of_line=lambda line: line))) == (3 + BEGINNING, 1 + 2)


def test_text_is_read_four_times_where_order_ids_repeat_and_no_schema_says_what_a_row_is(tmp_path, passes):
    assert passes(written(tmp_path, sales(order_of_line=lambda line: line // 2))) == (4 + BEGINNING, 1 + 3)


def test_parquet_is_read_twice_and_three_times_where_order_ids_repeat(tmp_path, passes):
    rows = sales(order_of_line=lambda line: line)
    assert passes(written(tmp_path, rows, "parquet")) == (0, 1 + 2)
    rows[1] = (rows[0][0], *rows[1][1:])
    assert passes(written(tmp_path, rows, "parquet")) == (0, 1 + 2 + 1 + 3)


def test_a_customer_file_adds_one_pass_over_its_rows(tmp_path, passes):
    people = tmp_path / "people.csv"
    people.write_text("Email,Zip\nada@example.com,20001\n", encoding="utf-8")
    file = written(tmp_path, sales(order_of_line=lambda line: line))
    assert passes(file, customers=people, join_on="Email") == (3 + BEGINNING, 1 + 2 + 1 + 1)


# ------------------------------------------------------------------ one name, one thing

MODULES = [file for file in (ROOT / "importer").rglob("*.py") if "_schemas" not in file.parts]


def test_no_module_name_stands_twice():
    places = defaultdict(list)
    for file in MODULES:
        if file.name not in ("__init__.py", "__main__.py") and file.parent.name != "commands":
            places[file.stem].append(str(file.relative_to(ROOT)))
    assert {name: files for name, files in places.items() if len(files) > 1} == {}


def test_no_public_class_name_stands_twice():
    places = defaultdict(list)
    for file in MODULES:
        for node in ast.parse(file.read_text(encoding="utf-8")).body:
            if isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
                places[node.name].append(str(file.relative_to(ROOT)))
    assert {name: files for name, files in places.items() if len(files) > 1} == {}


# ------------------------------------------------------------------ types

LIBRARIES = {"__init__": pa, "compute": pc, "csv": pacsv, "parquet": pq, "types": pa.types}


@pytest.mark.parametrize("name", LIBRARIES)
def test_the_stubs_name_only_what_pyarrow_has(name):
    library = LIBRARIES[name]
    missing = []
    for node in ast.parse((ROOT / "typings" / "pyarrow" / f"{name}.pyi").read_text(encoding="utf-8")).body:
        own = [node.name] if isinstance(node, ast.FunctionDef | ast.ClassDef) else []
        own += [node.target.id] if isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name) else []
        missing += [each for each in own if not each.startswith("_") and not hasattr(library, each)]
        if isinstance(node, ast.ClassDef) and hasattr(library, node.name):
            members = [member.name for member in node.body if isinstance(member, ast.FunctionDef)]
            kind = getattr(library, node.name)
            missing += [f"{node.name}.{each}" for each in members if each != "__buffer__" and not hasattr(kind, each)]
    assert missing == []
