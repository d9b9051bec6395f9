"""Names whose letters an earlier program broke are put right where that is certain, and left out where letters are lost."""

import csv

import pyarrow as pa
import pytest

from importer.commands.send import check
from importer.core.normalise.broken_letters import mend, mended


def broken(text, times=1):
    for _ in range(times):
        data = text.encode()
        text = "".join(bytes([byte]).decode("cp1252", "ignore") or chr(byte) for byte in data)
    return text


@pytest.mark.parametrize("times", [1, 2, 3])
@pytest.mark.parametrize(
    "text",
    ["Müller", "José", "Věra Dvořáková", "Ayşe", "Åse", "Łukasz", "Øystein", "Françoise", "Ángel", "García", "Ștefan", "Иван", "Γιώργος",
     "L’Haÿ-les-Roses", "São João", "Jūratė", "王小明", "Großmann-Süß", "à la", "D’Arcy"],
)  # fmt: skip
def test_utf_8_read_as_windows_1252_is_undone(text, times):
    assert mended(broken(text, times)) == (text, "mojibake_repaired")


def test_a_half_broken_text_is_mended_where_it_is_broken():
    assert mended("MÃ¼ller Łódź") == ("Müller Łódź", "mojibake_repaired")


@pytest.mark.parametrize(
    "text",
    ["M�ller", "M?ller", "Ren?", "?ukasz", "J√ºrgen", "Zo√´", "M├╝ller", "K÷ln", "GarcÃ a", "Wi¶niewska", "KoŸ¿ciel", "M¸ller", "Ko³cz¹k",
     "MÃ?ller", "Ã ngel"],
)  # fmt: skip
def test_a_text_with_lost_letters_is_left_out(text):
    assert mended(text) == (None, "broken_letters")


@pytest.mark.parametrize(
    "text",
    ["Müller", "JOÃO", "IRMÃ MARIA", "“BEBÉ”", "CAFÉ™", "créée", "Haÿ", "Łódź", "Ångström", "Ðórir", "Ann", "", "?", "n/a ?", "O’Neill",
     "Nº 5", "São", "ÅSA", "Åå", "Иван", "Îles", "Ânia", "Jean–Paul", "Ann & Bob", "3 · 4", "Ann ?", "John!!!Smith???"],
)  # fmt: skip
def test_whole_texts_stay_as_they_are(text):
    assert mended(text) == (text, None)


def test_a_column_keeps_its_rows():
    column = pa.array([["Ann"], ["MÃ¼ller", "Bo"], [], ["M?ller"]], pa.list_(pa.string()))
    whole, notes = mend(column)
    assert whole.to_pylist() == [["Ann"], ["Müller", "Bo"], [], []]
    assert list(zip(notes.rows.tolist(), notes.codes.to_pylist(), strict=True)) == [
        (0, None),
        (1, "mojibake_repaired"),
        (1, None),
        (3, "broken_letters"),
    ]


def test_a_whole_column_is_no_work():
    column = pa.array([["Ann"], ["Müller"]], pa.list_(pa.string()))
    assert mend(column) == (column, None)


def test_the_report_names_what_was_mended_and_left_out(tmp_path):
    file = tmp_path / "sales.csv"
    rows = ["1,a@example.com,MÃ¼ller,Köln", "2,b@example.com,M?ller,MÃ¼nchen", "3,c@example.com,Smith,K�ln"]
    text = "".join(f"{row},2026-11-20T10:00:00Z,5,EUR\n" for row in rows)
    file.write_text("Order,Email,Last name,City,Date,Total,Currency\n" + text, encoding="utf-8")
    summary = check(file, now="2026-11-23T23:00:00Z", ledger=tmp_path / "ledger.db")
    found = list(csv.DictReader(summary.report.read_text(encoding="utf-8").splitlines()))
    assert [(row["match_keys"], row["warnings"]) for row in found] == [
        ("em+ln+ct", "ln:mojibake_repaired"),
        ("em+ct", "ln:broken_letters; ct:mojibake_repaired"),
        ("em+ln", "ct:broken_letters"),
    ]
