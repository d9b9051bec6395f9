# ruff: noqa: DTZ001, DTZ007  a cell of a spreadsheet has no zone
"""The rows to fix come back in the form of their export, and once fixed they are the same sales as in a fixed export."""

from __future__ import annotations

import codecs
import csv
import datetime as dt
import gzip
from decimal import Decimal
from pathlib import Path

import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from odf.opendocument import OpenDocumentSpreadsheet
from odf.table import Table, TableCell, TableRow
from odf.text import P

import importer
from importer.graph_sandbox import Sandbox, SandboxOptions, serve

OPTIONS = {"now": "2026-11-23T23:00:00Z", "timezone": "Europe/Berlin", "country": "DE"}
HEADER = ("Bestellnr", "Vorname", "Nachname", "E-Mail", "Telefon", "Datum", "Betrag", "Währung", "Notiz")
NAMES = (("Jörg", "Müller"), ("Änne", "Groß"), ("Max", "Weiß"), ("Eva", "Schön"), ("Uwe", "Köhler"))
MENDED = {3: ("Datum", "14.11.2026 10:30"), 7: ("Betrag", "1.212,50"), 11: ("Datum", "04.11.2026 10:00")}
"""Row -> the column that is wrong, and its right cell."""
WRONG = {3: "", 7: "zwölf", 11: "31.11.2026 10:00"}


def sales(cells: dict[int, str]) -> list[tuple[str, ...]]:
    """Return the header and 20 sales, of which some have other cells."""
    rows = [HEADER]
    for number in range(20):
        first, last = NAMES[number % 5]
        amount = f"1.2{number:02},50" if number % 3 else f"{number + 5},90"
        row = {
            **dict(zip(HEADER, ("", first, last, f"k{number}@example.de", f"0151 12345{number:02}"), strict=False)),
            "Bestellnr": f"R-{number:03}",
            "Datum": f"{13 + number % 9:02}.11.2026 1{number % 10}:30",
            "Betrag": amount,
            "Währung": "EUR",
            "Notiz": '"Chef" sagt ja' if number == 7 else "",
        }
        if number in cells:
            row[MENDED[number][0]] = cells[number]
        rows.append(tuple(row[name] for name in HEADER))
    return rows


BROKEN, WHOLE = sales(WRONG), sales({row: cell for row, (_, cell) in MENDED.items()})


def quoted_where_needed(cell: str) -> str:
    return '"' + cell.replace('"', '""') + '"' if '"' in cell else cell


def text_of(rows, delimiter: str, end: str = "\r\n", quoted=quoted_where_needed) -> str:
    return "".join(delimiter.join(map(quoted, row)) + end for row in rows)


def everywhere(cell: str) -> str:
    return '"' + cell.replace('"', '""') + '"'


FORMS = {
    "semicolon.csv": lambda rows: text_of(rows, ";").encode("cp1252"),
    "quoted.csv": lambda rows: text_of(rows, ";", quoted=everywhere).encode("cp1252"),
    "declared.csv": lambda rows: ("sep=;\r\n" + text_of(rows, ";")).encode("cp1252"),
    "packed.csv.gz": lambda rows: gzip.compress(text_of(rows, ";").encode("cp1252")),
    "tab.tsv": lambda rows: text_of(rows, "\t", "\n").encode(),
    "marks-are-text.tsv": lambda rows: text_of(rows, "\t", quoted=str).encode(),
    "utf16.txt": lambda rows: codecs.BOM_UTF16_LE + text_of(rows, "\t").encode("utf-16-le"),
    "big-endian.txt": lambda rows: codecs.BOM_UTF16_BE + text_of(rows, "\t").encode("utf-16-be"),
    "marked.csv": lambda rows: codecs.BOM_UTF8 + text_of(rows, "|").encode(),
    "plain.csv": lambda rows: text_of(rows, ";", "\n").encode(),
    "macintosh.csv": lambda rows: text_of(rows, ";", "\r").encode("mac-roman"),
}
GIVEN = {"macintosh.csv": {"encoding": "mac-roman"}}


@pytest.fixture
def here(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    return tmp_path


def told(report: Path) -> dict[str, dict[str, str]]:
    """Return what the report says of each order."""
    kept = ("status", "reason", "warnings", "event_id", "event_time", "value", "currency", "match_keys")
    with report.open(encoding="utf-8", newline="") as file:
        return {line["order_id"]: {name: line[name] for name in kept} for line in csv.DictReader(file)}


def wanted() -> dict[str, dict[str, str]]:
    """Return what a run says of the fixed rows in an export that was right from the start."""
    Path("whole.csv").write_bytes(FORMS["semicolon.csv"](WHOLE))
    lines = told(importer.check("whole.csv", **OPTIONS, force=True).report)
    return {f"R-{number:03}": lines[f"R-{number:03}"] for number in MENDED}


def mend(text: str, delimiter: str) -> str:
    """Put the right cells into the rejects, as somebody would in an editor."""
    for row, (column, cell) in MENDED.items():
        found = next(line for line in text.splitlines() if f"R-{row:03}" in line)
        cells = found.split(delimiter)
        place = HEADER.index(column)
        cells[place] = everywhere(cell) if cells[place].startswith('"') else cell
        text = text.replace(found, delimiter.join(cells))
    return text


@pytest.mark.parametrize("name", FORMS)
def test_fixed_rejects_of_a_text_file_are_the_same_sales(here, name: str) -> None:
    Path(name).write_bytes(FORMS[name](BROKEN))
    options = OPTIONS | GIVEN.get(name, {})
    rejects = importer.check(name, **options, rejects="fix.csv").rejects
    content, packed = rejects.read_bytes(), FORMS[name](BROKEN)
    whole = gzip.decompress(packed) if name.endswith(".gz") else packed
    codec = {"utf16.txt": "utf-16-le", "big-endian.txt": "utf-16-be", "macintosh.csv": "mac-roman"}.get(
        name, "utf-8" if name in ("tab.tsv", "marks-are-text.tsv", "marked.csv", "plain.csv") else "cp1252"
    )
    text, before = content.decode(codec), whole.decode(codec)
    delimiter = "|" if "|" in before else ";" if ";" in before else "\t"
    end = "\r\n" if "\r\n" in before else before[-1]
    mine = dict(line.split(delimiter, 1) for line in before.split(end) if delimiter in line)
    lines = [line for line in text.split(end) if line]
    assert len(lines) == 4 + (name == "declared.csv")
    for line in lines:  # every line begins as that of the export, byte for byte
        key, _, rest = line.partition(delimiter)
        if line != "sep=;":
            assert rest.startswith(mine[key])
    rejects.write_bytes(mend(text, delimiter).encode(codec))
    assert told(importer.check(rejects, **options).report) == wanted()


def test_a_character_that_the_encoding_lacks_makes_the_whole_file_utf_8(here) -> None:
    Path("a.csv").write_bytes(FORMS["semicolon.csv"](BROKEN))
    polish = [[*row[:2], "Łęcki", *row[3:]] if place else row for place, row in enumerate(BROKEN)]
    Path("b.csv").write_bytes(text_of(polish, ";").replace("R-", "S-").encode("utf-8"))
    rejects = importer.check("a.csv", "b.csv", **OPTIONS, rejects="fix.csv").rejects
    content = rejects.read_bytes()
    assert content.startswith(codecs.BOM_UTF8 + b"Bestellnr;Vorname")
    assert content.count(codecs.BOM_UTF8) == 1
    text = content.decode("utf-8-sig")
    assert (text.count("Łęcki"), text.count("Köhler") + text.count("Weiß") + text.count("Schön")) == (3, 2)


# --- workbooks and Parquet


def typed(rows):
    """Return the rows with true dates and numbers, as a spreadsheet has them; what is neither stays text."""
    found = [list(rows[0])]
    for row in rows[1:]:
        cells = list(row)
        try:
            cells[5] = dt.datetime.strptime(row[5], "%d.%m.%Y %H:%M")
        except ValueError:
            cells[5] = row[5] or None
        try:
            cells[6] = float(row[6].replace(".", "").replace(",", "."))
        except ValueError:
            cells[6] = row[6]
        found.append([cell if cell != "" else None for cell in cells])
    return found


def workbook(path: Path, rows) -> None:
    book = openpyxl.Workbook()
    book.active.title = "Verkäufe 2026"
    for row in typed(rows):
        book.active.append(row)
    book.save(path)


def ods(path: Path, rows) -> None:
    document = OpenDocumentSpreadsheet()
    table = Table(name="Verkäufe")
    for row in typed(rows):
        line = TableRow()
        for value in row:
            if isinstance(value, dt.datetime):
                cell = TableCell(valuetype="date", datevalue=value.isoformat())
            elif isinstance(value, float):
                cell = TableCell(valuetype="float", value=str(value))
            else:
                cell = TableCell(valuetype="string") if value else TableCell()
            if value:
                cell.addElement(P(text=str(value)))
            line.addElement(cell)
        table.addElement(line)
    document.spreadsheet.addElement(table)
    document.save(str(path))


def parquet(path: Path, rows) -> None:
    columns = dict(zip(HEADER, map(list, zip(*typed(rows)[1:], strict=True)), strict=True))
    dates = [value if isinstance(value, dt.datetime) else None for value in columns["Datum"]]
    amounts = [Decimal(str(value)) if isinstance(value, float) else None for value in columns["Betrag"]]
    texts = {name: pa.array(values, pa.string()) for name, values in columns.items() if name not in ("Datum", "Betrag")}
    found = texts | {"Datum": pa.array(dates, pa.timestamp("us")), "Betrag": pa.array(amounts, pa.decimal128(12, 2))}
    pq.write_table(pa.table({name: found[name] for name in HEADER}), path)


WRITERS = {"sales.xlsx": workbook, "sales.ods": ods, "sales.parquet": parquet}


def mend_workbook(path: Path) -> None:
    book = openpyxl.load_workbook(path)
    for row in book.active.iter_rows(min_row=2):
        column, cell = MENDED[int(row[0].value.removeprefix("R-"))]
        place = HEADER.index(column)
        row[place].value = typed([HEADER, ("",) * place + (cell,) + ("",) * (8 - place)])[1][place]
    book.save(path)


def mend_parquet(path: Path) -> None:
    table = pq.ParquetFile(path).read()
    rows = table.to_pylist()
    for row in rows:
        column, cell = MENDED[int(row["Bestellnr"].removeprefix("R-"))]
        right = typed([HEADER, ("",) * 5 + ((cell, "") if column == "Datum" else ("", cell)) + ("", "")])[1]
        value = right[5] if column == "Datum" else Decimal(str(right[6])).quantize(Decimal("0.01"))
        row[column] = str(value) if table.schema.field(column).type == pa.string() else value
    pq.write_table(pa.Table.from_pylist(rows, schema=table.schema), path)


def mend_csv(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    right = {"14.11.2026 10:30": "2026-11-14 10:30:00", "1.212,50": "1212.5", "04.11.2026 10:00": "2026-11-04 10:00:00"}
    text = mend(text, ",")
    for german, iso in right.items():
        text = text.replace(german, iso)
    path.write_text(text, encoding="utf-8")


MENDERS = {".xlsx": mend_workbook, ".parquet": mend_parquet, ".csv": mend_csv}


@pytest.mark.parametrize("ending", MENDERS)
@pytest.mark.parametrize("name", WRITERS)
def test_fixed_rejects_of_a_workbook_or_parquet_are_the_same_sales(here, name: str, ending: str) -> None:
    WRITERS[name](Path(name), BROKEN)
    rejects = importer.check(name, **OPTIONS, rejects=f"fix{ending}").rejects
    MENDERS[ending](rejects)
    assert told(importer.check(rejects, **OPTIONS).report) == wanted()


def test_rejects_of_a_workbook_stand_on_a_sheet_of_its_name_with_true_dates_and_amounts(here) -> None:
    workbook(Path("sales.xlsx"), BROKEN)
    rejects = importer.check("sales.xlsx", **OPTIONS, sheet="Verkäufe 2026", rejects="fix.xlsx").rejects
    book = openpyxl.load_workbook(rejects)
    header, *rows = book["Verkäufe 2026"].iter_rows(values_only=True)
    found = {row[0]: dict(zip(header, row, strict=True)) for row in rows}
    assert found["R-007"]["Datum"] == dt.datetime(2026, 11, 20, 17, 30)
    assert found["R-003"]["Betrag"] == 8.9
    assert found["R-011"]["Betrag"] == 1211.5
    assert found["R-011"]["Datum"] == "31.11.2026 10:00"


# --- the two added columns


def test_rejects_of_fixed_rejects_have_the_exports_columns_and_one_reason(here) -> None:
    Path("sales.csv").write_bytes(FORMS["semicolon.csv"](BROKEN))
    importer.check("sales.csv", **OPTIONS, rejects="fix.csv")
    text = (
        Path("fix.csv")
        .read_text(encoding="cp1252")
        .replace("31.11.2026 10:00", "04.11.2026 10:00")
        .replace("zwölf", "12,50")
    )
    Path("fix.csv").write_text(text, encoding="cp1252")
    importer.check("fix.csv", **OPTIONS, rejects="again.csv")
    again = Path("again.csv").read_text(encoding="cp1252").splitlines()
    assert again[0] == text.splitlines()[0]
    assert again[1:] == [line for line in text.splitlines() if "R-003" in line]


def test_columns_of_the_same_names_in_an_export_of_its_own_are_its_own(here) -> None:
    rows = ["order_id,email,event_time,value,currency,reason,message"]
    rows += [
        f"A-{n},k{n}@example.de,2026-11-20T10:00:00Z,{n + 1}.50,EUR,{'refunded' if n % 2 else ''}," for n in range(9)
    ]
    Path("sales.csv").write_text("\n".join(rows), encoding="utf-8")
    headers = [column.header for column in importer.columns("sales.csv").columns]
    assert headers == rows[0].split(",")


def test_the_same_headers_in_two_weeks_and_fixed_rejects_go_together(here) -> None:
    with serve(Sandbox(SandboxOptions())) as running:
        options = OPTIONS | {"dataset": "1001", "token": "any", "graph_url": running.url, "ledger": "l.db"}
        Path("sales.csv").write_bytes(FORMS["semicolon.csv"](BROKEN))
        first = importer.send("sales.csv", **options, rejects="fix.csv")
        text = first.rejects.read_text(encoding="cp1252")
        first.rejects.write_text(mend(text, ";"), encoding="cp1252")
        second = importer.send("sales.csv", "fix.csv", **options, rejects="fix.csv")
    assert (first.rows["accepted"], second.rows["accepted"], second.rows["invalid"]) == (17, 3, 3)
    assert second.rejects.name == "fix-2.csv"
