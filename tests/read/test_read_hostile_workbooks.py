"""Workbooks made to harm, or changed at random: read rightly or refused with one sentence, in little time and memory."""

from __future__ import annotations

import datetime as dt
import io
import random
import subprocess
import sys
import time
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from importer.errors import FileError
from importer.read import calamine_workbook, open_export, reader_process
from importer.read.xml_parts import HarmfulXmlError, read_xml

ROOT = Path(__file__).resolve().parents[2]
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
RELATED = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"
START = '<?xml version="1.0" encoding="UTF-8"?>\n'


def cell(place: str, text: str) -> str:
    return f'<c r="{place}" t="inlineStr"><is><t>{text}</t></is></c>'


ROWS = (
    f'<row r="1">{cell("A1", "email")}{cell("B1", "total")}</row>'
    f'<row r="2">{cell("A2", "ada@example.com")}<c r="B2"><v>5</v></c></row>'
)


def sheet(rows: str = ROWS, before: str = "", prolog: str = "") -> str:
    return f'{START}{prolog}<worksheet xmlns="{MAIN}">{before}<sheetData>{rows}</sheetData></worksheet>'


def write(path: Path, **changed: str | bytes) -> Path:
    """A workbook of literal XML; `sheet`, `book`, `strings` and `relations` change its parts."""
    parts = {
        "[Content_Types].xml": f'{START}<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
        '<Default Extension="xml" ContentType="application/xml"/></Types>',
        "_rels/.rels": f'{START}<Relationships xmlns="{PACKAGE}"><Relationship Id="r1" Type="{RELATED}/officeDocument" '
        'Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": changed.get(
            "book",
            f'{START}<workbook xmlns="{MAIN}" xmlns:r="{RELATED}"><sheets><sheet name="S" sheetId="1" r:id="r1"/></sheets></workbook>',
        ),
        "xl/_rels/workbook.xml.rels": changed.get(
            "relations",
            f'{START}<Relationships xmlns="{PACKAGE}"><Relationship Id="r1" Type="{RELATED}/worksheet" '
            f'Target="worksheets/sheet1.xml"/><Relationship Id="r2" Type="{RELATED}/sharedStrings" Target="sharedStrings.xml"/>'
            "</Relationships>",
        ),
        "xl/sharedStrings.xml": changed.get("strings", f'{START}<sst xmlns="{MAIN}"><si><t>email</t></si></sst>'),
        "xl/worksheets/sheet1.xml": changed.get("sheet", sheet()),
    }
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in parts.items():
            archive.writestr(name, text)
    return path


def with_row(row: str) -> str:
    return sheet(ROWS + row)


def strings(attributes: str) -> str:
    return f'{START}<sst xmlns="{MAIN}" {attributes}><si><t>email</t></si></sst>'


LAUGHS = '<!DOCTYPE x [<!ENTITY a "haha"><!ENTITY b "' + "&a;" * 10 + '"><!ENTITY c "' + "&b;" * 10 + '">]>'
OUTSIDE = '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/hostname">]>'

REFUSED = {
    "a place beyond every sheet": {"sheet": with_row('<row r="3"><c r="ZZZZZZ99999999"><v>1</v></c></row>')},
    "the same in single quotes": {"sheet": with_row("<row r='3'><c r='ZZZZZZ99999999'><v>1</v></c></row>")},
    "the last cell of a sheet in single quotes": {
        "sheet": with_row("<row r='1048576'><c r='XFD1048576'><v>1</v></c></row>")
    },
    "a place written with a character's number": {"sheet": with_row('<row><c r="&#88;FD1048576"><v>1</v></c></row>')},
    "a place with blanks around the sign": {"sheet": with_row('<row r = "3"><c r\n=\n"XFD1048576"><v>1</v></c></row>')},
    "a place of many letters": {"sheet": with_row(f'<row r="3"><c r="{"Z" * 5000}{"9" * 5000}"><v>1</v></c></row>')},
    "more texts than memory holds": {"strings": strings('count="4294967295" uniqueCount="4294967295"')},
    "more texts still": {"strings": strings("uniqueCount='18446744073709551615'")},
    "entities that grow": {"sheet": sheet(ROWS.replace("<v>5</v>", "<v>&c;</v>"), prolog=LAUGHS)},
    "an entity from outside": {"sheet": sheet(ROWS.replace(">total<", ">&a;<"), prolog=OUTSIDE)},
    "entities in the workbook's part": {
        "book": f'{START}{LAUGHS}<workbook xmlns="{MAIN}" xmlns:r="{RELATED}"><sheets><sheet name="&c;" sheetId="1" r:id="r1"/></sheets></workbook>'
    },
    "deep nesting before the cells": {"sheet": sheet(before="<a>" * 200_000 + "</a>" * 200_000)},
    "an endless tag": {"sheet": sheet(before=f'<a b="{"x" * 6_000_000}"/>')},
    "a sheet that is no XML": {"sheet": "\0\1\2" * 100},
    "a table without an end of rows": {
        "sheet": with_row('<row r="99999999"><c r="A99999999"><v>1</v></c></row>'),
    },
}
READ = {
    "a huge dimension": {"sheet": sheet(before='<dimension ref="A1:XFD1048576"/>')},
    "a dimension that is none": {"sheet": sheet(before='<dimension ref="ZZZZZZ99999999:A1"/>')},
    "a dimension in single quotes": {"sheet": sheet(before="<dimension ref='?'></dimension>")},
    "attributes in single quotes": {"sheet": sheet().replace('"', "'")},
    "a million hidden columns": {"sheet": sheet(before='<cols><col min="3" max="4294967295" hidden="1"/></cols>')},
    "a wrong number of texts": {"strings": strings('count="0" uniqueCount="0"')},
    "a format of endless digits": {"sheet": sheet(before=f'<sheetFormatPr baseColWidth="{"9" * 5000}"/>')},
}


def rows(path: Path) -> list[dict[str, object]]:
    return [row for batch in open_export(path).batches() for row in batch.to_pylist()]


@pytest.mark.parametrize("kind", REFUSED)
def test_a_workbook_made_to_harm_is_refused_with_one_sentence(tmp_path, capfd, kind):
    path = write(tmp_path / "harm.xlsx", **REFUSED[kind])
    started = time.monotonic()
    with pytest.raises(FileError) as refused:
        rows(path)
    assert time.monotonic() - started < 20
    assert str(refused.value).startswith("harm.xlsx ")
    assert str(refused.value).endswith(".")
    assert "\n" not in str(refused.value)
    assert not any(words in str(refused.value) for words in ("haha", "ada@", "ZZZ"))
    assert capfd.readouterr() == ("", "")


@pytest.mark.parametrize("kind", READ)
def test_an_odd_workbook_is_read_as_it_is(tmp_path, kind):
    assert [(row["email"], row["total"]) for row in rows(write(tmp_path / "odd.xlsx", **READ[kind]))] == [
        ("ada@example.com", 5)
    ]


@pytest.mark.parametrize("kind", ["a place beyond every sheet", "more texts than memory holds"])
def test_the_program_ends_with_two_and_one_sentence(tmp_path, kind):
    path = write(tmp_path / "harm.xlsx", **REFUSED[kind])
    ended = subprocess.run(
        [sys.executable, "-m", "importer", "check", path, "--report", tmp_path / "report.csv"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert ended.returncode == 2
    assert "harm.xlsx" in ended.stderr
    assert "panicked" not in ended.stderr
    assert "Traceback" not in ended.stderr


@pytest.mark.skipif(not reader_process.LIMITED, reason="the system enforces no limit of memory")
def test_what_needs_more_memory_than_its_size_explains_ends_the_reader_alone(tmp_path, monkeypatch):
    monkeypatch.setattr(reader_process, "_LEAST_BYTES", 200 << 20)
    with pytest.raises(FileError, match="made to harm"):
        rows(write(tmp_path / "harm.xlsx", sheet=with_row('<row r="900000"><c r="AX900000"><v>1</v></c></row>')))


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such limit")
def test_what_takes_more_time_than_its_size_explains_ends_the_reader_alone(tmp_path, monkeypatch):
    monkeypatch.setattr(reader_process, "_LEAST_SECONDS", 0)
    monkeypatch.setattr(reader_process, "_BYTES_A_SECOND", 1 << 40)
    many = "".join(f"<row>{cell('A' + str(row), 'x' * 50)}</row>" for row in range(3, 400_000))
    with pytest.raises(FileError, match="made to harm"):
        rows(write(tmp_path / "slow.xlsx", sheet=with_row(many)))


def test_where_memory_has_no_limit_every_cell_is_looked_at_first(tmp_path, monkeypatch):
    def never(*_: object) -> None:
        pytest.fail("the reader was started")

    monkeypatch.setattr(calamine_workbook, "LIMITED", False)
    path = write(tmp_path / "good.xlsx")
    assert len(rows(path)) == 1
    monkeypatch.setattr(calamine_workbook, "reader_process", never)
    with pytest.raises(FileError, match="too many cells"):
        rows(write(tmp_path / "harm.xlsx", **REFUSED["the last cell of a sheet in single quotes"]))


def test_hidden_rows_are_found_however_they_are_written(tmp_path):
    hidden = ROWS.replace('<row r="2">', "<row hidden = '&#49;' r='2'>")
    assert "1 hidden row is read" in str(open_export(write(tmp_path / "a.xlsx", sheet=sheet(hidden))).notices)
    wide = sheet(hidden).replace("UTF-8", "UTF-16").encode("utf-16")
    parts = calamine_workbook.check_archive(write(tmp_path / "b.xlsx", sheet=wide))
    assert parts["xl/worksheets/sheet1.xml"].rows == {2}


def test_an_odd_dimension_beside_hidden_rows_takes_nothing_else_with_it(tmp_path):
    between = '<dimension ref="?"/><sheetViews/><cols><col min="2" max="2" hidden="1"/></cols>'
    hidden = sheet(ROWS.replace('<row r="2">', '<row r="2" hidden="1">'), before=between)
    export = open_export(write(tmp_path / "a.xlsx", sheet=hidden))
    assert export.sample().column("email").to_pylist() == ["ada@example.com"]
    assert ["hidden row" in notice or "hidden columns" in notice for notice in export.notices] == [True, True]


def test_the_reader_hands_over_cells_and_nothing_else():
    import pickle

    times = [dt.date(2026, 10, 5), dt.datetime(2026, 10, 5), dt.time(1), dt.timedelta(1)]  # noqa: DTZ001  as cells are
    good = pickle.dumps(("read", [["a", 1.5, True, None, *times]]))
    assert reader_process._Cells(io.BytesIO(good)).load()[0] == "read"
    with pytest.raises(pickle.UnpicklingError):
        reader_process._Cells(io.BytesIO(pickle.dumps(subprocess.Popen))).load()


class Quiet:
    wanted = ()

    def element(self, *_: object) -> None: ...


def test_xml_is_read_in_linear_time_and_flat_memory():
    class Endless(io.RawIOBase):
        left = 64 << 20

        def read(self, size: int = -1) -> bytes:
            self.left -= size
            return b"x" * size if self.left > 0 else b""

    class Tag(Endless):
        begun = False

        def read(self, size: int = -1) -> bytes:
            first, self.begun = not self.begun, True
            return b'<a b="' if first else super().read(size)

    started = time.monotonic()
    with pytest.raises(HarmfulXmlError):
        read_xml(Tag(), Quiet())
    assert time.monotonic() - started < 10


SNIPPETS = [
    b'r="ZZ99999"',
    b"<!DOCTYPE a>",
    b"&#0;",
    b"&x;",
    b"<v>",
    b"</row>",
    b'"',
    b"'",
    b"\0",
    b"\xff",
    b"1e999",
    b"-1",
    b"<row>",
]


def mutated(path: Path, chance: random.Random) -> Iterator[tuple[str, bytes]]:
    """The parts of a workbook, one of them changed in some places."""
    with zipfile.ZipFile(path) as archive:
        parts = {name: bytearray(archive.read(name)) for name in archive.namelist()}
    text = parts[chance.choice([name for name in parts if name.startswith("xl/")])]
    for _ in range(chance.randint(1, 4)):
        at, size = chance.randrange(max(len(text), 1)), chance.randint(0, 30)
        kind = chance.randrange(5)
        if kind == 0:
            text[at : at + 1] = bytes([chance.randrange(256)])
        elif kind == 1:
            del text[at : at + size]
        elif kind == 2:
            text[at:at] = chance.choice(SNIPPETS) * chance.choice([1, 1, 300])
        elif kind == 3:
            text[at:at] = text[at : at + size] * chance.choice([1, 50])
        else:
            digits = [place for place, byte in enumerate(text) if 48 <= byte <= 57]
            if digits:
                text[(at := chance.choice(digits)) : at + 1] = chance.choice([b"0", b"4294967296", b"-9", b"9" * 30])
    return ((name, bytes(text)) for name, text in parts.items())


def check_mutations(folder: Path, seeds: range) -> int:
    """Read a changed workbook for each seed and return how many were read; what goes wrong names its seed."""
    whole = write(
        folder / "whole.xlsx",
        sheet=sheet(
            ROWS.replace(cell("A1", "email"), '<c r="A1" t="s"><v>0</v></c>'),
            before='<dimension ref="A1:B2"/><cols><col min="1" max="2" hidden="0"/></cols>',
        ),
    )
    good = 0
    for seed in seeds:
        path = folder / "changed.xlsx"
        with zipfile.ZipFile(path, "w") as archive:
            for name, data in mutated(whole, random.Random(seed)):
                archive.writestr(name, data)
        started = time.monotonic()
        try:
            good += bool(rows(path))
        except FileError as error:
            assert "ada@" not in str(error), seed  # noqa: PT017  either is right
        except BaseException as error:
            error.add_note(f"seed {seed}")
            raise
        assert time.monotonic() - started < 30, seed
    return good


def test_changed_workbooks_are_read_or_refused(tmp_path):
    assert 10 < check_mutations(tmp_path, range(60)) < 60


@pytest.mark.slow
def test_many_changed_workbooks_are_read_or_refused(tmp_path):
    assert check_mutations(tmp_path, range(60, 1_000)) > 100
