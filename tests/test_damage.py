"""Exports damaged at random: never a traceback, never a row without its line."""

import csv
import random
from pathlib import Path

import pytest

from importer.commands.send import check
from importer.errors import CapiImportError

SAMPLES = sorted(
    path
    for path in (Path(__file__).resolve().parents[1] / "sample_data").iterdir()
    if path.suffix in (".csv", ".txt", ".parquet", ".xlsx")
)
SNIPPETS = (b'"', b"\x00", b",", b";", b"\n", b"\r", b"\xff\xfe", b"=1+1", b'"""', b"\xc3\xa9", b"\t", b"\xe2\x80\xae")


def damaged(content: bytes, chance: random.Random) -> bytes:
    found = bytearray(content)
    for _ in range(chance.randint(1, 6)):
        place = chance.randrange(len(found)) if found else 0
        kind = chance.random()
        if kind < 0.3:
            found[place : place + 1] = bytes([chance.randrange(256)])
        elif kind < 0.5:
            del found[place : place + chance.randrange(1, 40)]
        elif kind < 0.7:
            found[place:place] = chance.choice(SNIPPETS) * chance.randint(1, 3)
        elif kind < 0.8:
            del found[place:]
        else:
            lines = bytes(found).split(b"\n")
            chance.shuffle(lines)
            found = bytearray(b"\n".join(lines))
    return bytes(found)


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(4))
def test_damaged_exports_end_in_a_report_or_a_sentence(seed, tmp_path):
    chance = random.Random(seed)
    for _ in range(40):
        sample = chance.choice(SAMPLES)
        file = tmp_path / sample.name
        file.write_bytes(damaged(sample.read_bytes(), chance))
        told = {"timezone": "UTC", "currency": "EUR", "date_order": "mdy", "now": "2026-11-23T23:00:00Z"}
        try:
            summary = check(file, report=tmp_path / "report.csv", **told)
        except CapiImportError as error:
            assert str(error)  # noqa: PT017  most damage is no error at all
            continue
        rows = list(csv.DictReader((tmp_path / "report.csv").read_text(encoding="utf-8").splitlines()))
        assert len(rows) == summary.total
        assert all(row["status"] and (row["reason"] or row["status"] == "ready") for row in rows)
