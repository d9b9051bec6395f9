from __future__ import annotations

import gzip
import zipfile

import pytest

from importer.errors import FileError, UsageError

PLAIN = "email,value\na@example.com,5\nb@example.com,7\n"
NAMES = {"email", "value", "order-id", "product-name", "buyer-email", "total", "date"}


def known(cells):
    return sum(cell.casefold() in NAMES for cell in cells)


def records(export, **options):
    return [row for batch in export.batches(**options) for row in batch.to_pylist()]


def values(export):
    return [tuple(row.values())[3:] for row in records(export)]


def lines(export):
    return [row["line"] for row in records(export)]


TWO = [("a@example.com", "5"), ("b@example.com", "7")]


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        pytest.param(PLAIN.encode(), TWO, id="plain"),
        pytest.param(PLAIN.strip().encode(), TWO, id="no line break at the end"),
        pytest.param(PLAIN.replace("\n", "\r\n").encode(), TWO, id="CRLF"),
        pytest.param(PLAIN.replace("\n", "\r").encode(), TWO, id="CR only"),
        pytest.param(PLAIN.encode("utf-8-sig"), TWO, id="UTF-8 with BOM"),
        pytest.param(PLAIN.encode("utf-16"), TWO, id="UTF-16 LE with BOM"),
        pytest.param(b"\xfe\xff" + PLAIN.encode("utf-16-be"), TWO, id="UTF-16 BE with BOM"),
        pytest.param(PLAIN.encode("utf-16-le"), TWO, id="UTF-16 LE without BOM"),
        pytest.param(PLAIN.encode("utf-16-be"), TWO, id="UTF-16 BE without BOM"),
        pytest.param(PLAIN.encode("utf-32"), TWO, id="UTF-32 with BOM"),
        pytest.param(PLAIN.replace(",", ";").encode(), TWO, id="semicolon"),
        pytest.param(PLAIN.replace(",", "\t").encode(), TWO, id="tab"),
        pytest.param(PLAIN.replace(",", "|").encode(), TWO, id="pipe"),
        pytest.param(PLAIN.replace(",", "^").encode(), TWO, id="caret"),
        pytest.param(b"sep=;\r\n" + PLAIN.replace(",", ";").encode(), TWO, id="sep line of Excel"),
        pytest.param(b"sep=:\n" + PLAIN.replace(",", ":").encode(), TWO, id="sep line with another char"),
        pytest.param(PLAIN.replace("\n", "\n\n").encode(), TWO, id="blank lines between"),
        pytest.param(b"\n\n" + PLAIN.encode(), TWO, id="blank lines before"),
        pytest.param(PLAIN.replace("value", "value,").replace("5", "5,").encode(), [("a@example.com", "5", None), ("b@example.com", "7", None)], id="trailing delimiter"),
        pytest.param(PLAIN.replace("a@example.com", "a@exa\0mple.com").encode(), TWO, id="zero characters"),
        pytest.param(gzip.compress(PLAIN.encode()), TWO, id="gzip"),
        pytest.param(b'customer;amount\n"M\xfcller";12,50\nBr\xe9sil;13,50\n', [("Müller", "12,50"), ("Brésil", "13,50")], id="Windows-1252, decimal commas"),
        pytest.param(b"name,value\n\x80 \x81 M\xfcller,5\n", [("€ \x81 Müller", "5")], id="a byte that Windows-1252 leaves undefined"),
        pytest.param("id,name\n01234,  Ada \n", [("01234", "  Ada ")], id="zeros and blanks stay"),
        pytest.param("id,name\nNA,null\n", [("NA", "null")], id="no word is taken for nothing"),
        pytest.param('a,b\n"",\n', [(None, None)], id="empty cells are null"),
        pytest.param("email\na@example.com\nb@example.com\n", [("a@example.com",), ("b@example.com",)], id="one column"),
        pytest.param('email\n"a@example.com, b@example.com"\nc@example.com\n', [("a@example.com, b@example.com",), ("c@example.com",)], id="one column with commas"),
        pytest.param("id\tname\n" + "1\tDoe, Jane\n" * 40, [("1", "Doe, Jane")] * 40, id="tab with a comma in each row"),
        pytest.param("id;name;amount\n" + "1;x;12,50\n" * 40, [("1", "x", "12,50")] * 40, id="semicolon with decimal commas"),
        pytest.param("id,items\n" + "1,name:a|sku:b|quantity:1\n" * 40, [("1", "name:a|sku:b|quantity:1")] * 40, id="comma with packed items"),
        pytest.param('id,note\n1,"a;b;c;d"\n2,"x;y;z;w"\n', [("1", "a;b;c;d"), ("2", "x;y;z;w")], id="comma with semicolons in quotes"),
    ],
)  # fmt: skip
def test_awkward_files_are_read_right(opened, data, expected):
    assert values(opened(data)) == expected


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (PLAIN, [2, 3]),
        ("\n\nTitle\n\n" + PLAIN, [6, 7]),
        ("sep=,\n" + PLAIN, [3, 4]),
        ('email,note\na@b.co,"one\ntwo"\n\nb@b.co,"x\r\ny\rz"\nc@b.co,x\n', [2, 5, 8]),
        ('email,"the\nnote"\na@b.co,x\n', [3]),
    ],
)
def test_lines_are_those_of_an_editor(opened, data, expected):
    assert lines(opened(data)) == expected


def test_an_unclosed_quote_is_a_fault_of_its_line_only(opened):
    export = opened('id,name,value\n1,Ada,5\n2,"Bob,6\n3,"Cy, Jr",7\n4,Dan,8\n')
    assert [(row["row"], row["line"], row["fault"], row["id"]) for row in records(export)] == [
        (1, 2, None, "1"),
        (2, 3, "unclosed_quote", "2"),
        (3, 4, None, "3"),
        (4, 5, None, "4"),
    ]


def test_ragged_rows_are_padded_cut_or_at_fault(opened):
    export = opened("a,b,c\n1\n1,2,3,,\n1,2,3,4\n1,2,3\n")
    assert [tuple(row.values())[2:] for row in records(export)] == [
        (None, "1", None, None),
        (None, "1", "2", "3"),
        ("too_many_cells", "1", "2", "3"),
        (None, "1", "2", "3"),
    ]


def test_footers_are_records(opened):
    export = opened('email,value\na@b.co,5\n\n"Grand Totals (1 records)"\nCopyright (c) 2026\n')
    assert [(row["line"], row["email"]) for row in records(export)] == [
        (2, "a@b.co"),
        (4, "Grand Totals (1 records)"),
        (5, "Copyright (c) 2026"),
    ]


def test_a_tab_file_with_lone_quotes_has_no_quoting(opened):
    export = opened(
        'order-id\tproduct-name\tbuyer-email\n1\t"Best" mug\ta@b.co\n2\t5" pipe\tb@b.co\n3\t"Odd\tc@b.co\n', known=known
    )
    assert values(export) == [("1", '"Best" mug', "a@b.co"), ("2", '5" pipe', "b@b.co"), ("3", '"Odd', "c@b.co")]
    assert export.details["quoting"] == "none"


def test_a_lone_quote_far_behind_the_sample_is_still_seen(opened):
    export = opened("id\tname\n" + "1\tplain\n" * 100_000 + '2\t"lone\n')
    assert values(export)[-1] == ("2", '"lone')


def test_a_tab_file_with_quoted_cells_has_quoting(opened):
    export = opened('id\tnote\n1\t"two\nlines"\n2\t"say ""hi"""\n')
    assert values(export) == [("1", "two\nlines"), ("2", 'say "hi"')]


@pytest.mark.parametrize(
    ("header", "row", "delimiter"),
    [
        ("customer,email,2024,2025,2026", "Ada,a@b.co,5,6,7", "comma"),
        ("Date, Time, Name, Gross,", "6/4/2016, 10:00:00, Ada, 5.00,", "comma"),
        ("Bestellnummer;Name, Vorname;Betrag", "12-3;Müller, Ada;116,99 €", "semicolon"),
        ("注文番号,氏名,金額", "1,山田,500", "comma"),
        ("value", "5,50", "none (one column)"),
        ("value\n\nNummer,Name,Betrag", "12-3,Ada,5", "comma"),
    ],
)
def test_the_delimiter_is_found(opened, header, row, delimiter):
    def knows(cells):
        return sum(cell in ("customer", "email", "value") for cell in cells)

    assert opened(f"{header}\n{row}\n{row}\n", known=knows).details["delimiter"] == delimiter


def test_one_late_byte_makes_the_whole_file_windows_1252(opened):
    export = opened(b"id,name\n" + b"1,plain\n" * 100_000 + b"2,Stra\xdfe\n")
    assert export.details["encoding"] == "Windows-1252"
    assert values(export)[-1] == ("2", "Straße")


def test_one_damaged_byte_among_good_ones_is_a_fault_of_its_row(opened):
    data = "id,name\n1,Köln\n2,Łódź\n3,Zoë\n".encode().replace("ł".encode(), b"")
    export = opened(data.replace("ö".encode(), b"\xc3"))
    assert export.details["encoding"] == "UTF-8"
    assert [row["fault"] for row in records(export)] == ["bad_encoding", None, None]


@pytest.mark.parametrize(
    ("encoding", "name"),
    [("mac-roman", "Müller"), ("cp1251", "Иванов"), ("cp932", "山田"), ("utf-16", "Müller"), ("latin-1", "Müller")],
)
def test_a_named_encoding_is_used(opened, encoding, name):
    assert values(opened(f"name,value\n{name},5\n".encode(encoding), encoding=encoding)) == [(name, "5")]


def test_what_a_named_encoding_cannot_decode_is_a_fault_of_its_row(opened):
    export = opened("name,value\n山田,5\n".encode("cp932") + b"\x81\xff,6\nAda,7\n", encoding="cp932")
    assert [(row["fault"], row["value"]) for row in records(export)] == [
        (None, "5"),
        ("bad_encoding", "6"),
        (None, "7"),
    ]


@pytest.mark.parametrize("name", ["klingon", "rot13", "hex", "", "a\0b"])
def test_an_encoding_that_python_does_not_know_is_an_error_of_usage(opened, name):
    if name == "":
        assert values(opened(PLAIN, encoding=name)) == TWO
        return
    with pytest.raises(UsageError, match="encoding"):
        opened(PLAIN, encoding=name)


def test_repeated_empty_and_reserved_headers_have_names(opened):
    export = opened("email,email,,row,value,\na,b,c,d,5,\n")
    assert export.headers == ("email", "email", "", "row", "value", "")
    assert export.names == ("email", "email [2]", "column 3", "row [2]", "value", "column 6")
    assert list(records(export)[0]) == ["row", "line", "fault", *export.names]


def test_title_lines_are_a_preamble(opened):
    export = opened(
        'Example Company\nSales by Customer Detail\n"January 1, 2025 - August 31, 2026"\n\n'
        ',Date,Transaction Type,Num,Qty,Amount\nAcme Ltd,,,,,\n,06/04/2025,Invoice,1041,1,765.00\nTotal for Acme Ltd,,,,,"$17,833.00"\n'
    )
    assert (export.header_line, export.preamble, export.description_line) == (5, (1, 2, 3), None)
    assert export.names[0] == "column 1"
    assert lines(export) == [6, 7, 8]


def test_a_row_that_describes_the_columns_is_no_record(opened):
    export = opened(
        "Order ID,Order Status,Order Amount,Created Time\nPlatform unique order ID.,Order status,Total paid.,Creation time.\n"
        "576461234567890123,Completed,$22.99,09/22/2026 10:15:30 AM\n"
    )
    assert export.description_line == 2
    assert [row["line"] for row in records(export)] == [3]


def test_a_header_without_rows_is_an_export_without_rows(opened):
    export = opened("email,value\n")
    assert records(export) == []
    assert export.sample().num_rows == 0
    assert export.sample().schema.names == ["row", "line", "fault", "email", "value"]


def test_only_the_wanted_columns_are_delivered(opened):
    export = opened("a,b,c\n1,2,3\n4,5\n")
    assert records(export, columns=["c"]) == [
        {"row": 1, "line": 2, "fault": None, "c": "3"},
        {"row": 2, "line": 3, "fault": None, "c": None},
    ]
    assert records(export, columns=[])[1] == {"row": 2, "line": 3, "fault": None}
    with pytest.raises(KeyError, match="no column 'd'"):
        export.batches(columns=["d"])


def test_batches_hold_as_many_rows_as_asked_and_can_be_read_again(opened):
    export = opened("id,name\n" + "".join(f"{number},x\n" for number in range(100_000)))
    for _ in range(2):
        sizes = [batch.num_rows for batch in export.batches(rows=30_000)]
        assert sizes == [30_000, 30_000, 30_000, 10_000]
    rows = [row for batch in export.batches(rows=30_000) for row in batch.column("row").to_pylist()]
    assert rows == list(range(1, 100_001))
    assert export.sample(5).num_rows == 5


def test_a_zip_archive_of_one_file_is_read_whatever_else_the_system_put_in(opened, tmp_path):
    path = tmp_path / "packed.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.mkdir("folder")
        archive.writestr("folder/../../etc/sales.csv", PLAIN)
        archive.writestr("__MACOSX/._sales.csv", "x")
        archive.writestr(".DS_Store", "x")
    export = opened(path.read_bytes(), "export.zip")
    assert values(export) == TWO
    assert export.details["compression"] == "zip"


def test_a_file_of_too_many_columns_is_refused(opened):
    with pytest.raises(FileError, match="5,000 columns"):
        opened("a," * 1_000_000 + "\n1,2\n")
    with pytest.raises(FileError, match="5,000 columns"):
        opened("a," * 5_001 + "\n1,2\n")


def test_cells_of_megabytes_are_cut(opened):
    export = opened(f'id,note\n1,{"x" * 3_000_000}\n2,"{"y" * 3_000_000}"\n3,z\n')
    assert [(row["fault"], len(row["note"])) for row in records(export)] == [("cell_too_long", 100_000)] * 2 + [
        (None, 1)
    ]


def test_nothing_personal_is_in_the_repr(opened):
    assert "a@example.com" not in repr(opened(PLAIN))
