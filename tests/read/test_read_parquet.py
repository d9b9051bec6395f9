from __future__ import annotations

import datetime as dt
import decimal

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from importer.errors import FileError
from importer.read import open_export


@pytest.fixture
def stored(tmp_path):
    def write_and_open(columns, names=None, **options):
        table = columns if isinstance(columns, pa.Table) else pa.table(columns, names=names)
        path = tmp_path / "export.parquet"
        pq.write_table(table, path, **options)
        return open_export(path)

    return write_and_open


MOMENT = dt.datetime(2026, 10, 5, 14, 12)  # noqa: DTZ001 - the column's type has the zone
KEPT = [
    pa.array([decimal.Decimal("12.50"), None]),
    pa.array([dt.date(2026, 10, 5), None]),
    pa.array([MOMENT, None], pa.timestamp("us")),
    pa.array([MOMENT, None], pa.timestamp("ns", "Europe/Berlin")),
    pa.array([2116, None], pa.int32()),
    pa.array([2**63, None], pa.uint64()),
    pa.array([1.5, None]),
    pa.array([True, None]),
    pa.array(["01234", None]),
]


@pytest.mark.parametrize("column", KEPT, ids=lambda column: str(column.type))
def test_true_types_are_kept(stored, column):
    export = stored({"x": column})
    assert export.schema.field("x").type == column.type
    assert export.sample().column("x").equals(column)


@pytest.mark.parametrize(
    ("column", "texts"),
    [
        pytest.param(pa.array(["a", "b", "a"]).dictionary_encode(), ["a", "b", "a"], id="dictionary"),
        pytest.param(pa.array(["a", None, "c"], pa.large_string()), ["a", None, "c"], id="large string"),
        pytest.param(pa.array(["a", "", "c"]), ["a", None, "c"], id="empty text"),
        pytest.param(pa.array(["a\0b", "x", "y"]), ["ab", "x", "y"], id="zero characters"),
        pytest.param(pa.array([b"a", "ö".encode(), None]), ["a", "ö", None], id="bytes of text"),
        pytest.param(pa.array([[1, 2], None, []]), ["[1, 2]", None, "[]"], id="list"),
        pytest.param(
            pa.array([[{"e": "ö"}], None, [{"e": None}]]), ['[{"e": "ö"}]', None, '[{"e": null}]'], id="list of structs"
        ),
        pytest.param(
            pa.array([dt.time(14, 12), None, dt.time(0)], pa.time32("s")),
            ["14:12:00", None, "00:00:00"],
            id="time of day",
        ),
        pytest.param(pa.nulls(3), [None] * 3, id="nothing"),
    ],
)
def test_other_types_become_text(stored, column, texts):
    export = stored({"x": column})
    assert export.schema.field("x").type == pa.string()
    assert export.sample().column("x").to_pylist() == texts


def test_a_dictionary_of_numbers_is_numbers(stored):
    assert stored({"x": pa.array([5, 6, 5]).dictionary_encode()}).schema.field("x").type == pa.int64()


def test_bytes_that_are_no_text_are_a_fault_of_their_row(stored):
    export = stored({"x": pa.array([b"a", b"\xff\xfe", b"c"])})
    assert export.sample().column("fault").to_pylist() == [None, "bad_encoding", None]


def test_long_cells_are_cut(stored):
    export = stored({"x": pa.array(["a", "b" * 200_000])})
    assert export.sample().column("fault").to_pylist() == [None, "cell_too_long"]
    assert len(export.sample().column("x")[1].as_py()) == 100_000


def test_rows_are_numbered_through_all_row_groups(stored):
    export = stored({"x": list(range(200_000)), "row": list(range(200_000))}, row_group_size=7_000)
    batches = list(export.batches(["row [2]"], rows=65_536))
    assert [batch.num_rows for batch in batches] == [65_536, 65_536, 65_536, 3_392]
    assert all(
        batch.column("row").to_pylist() == [number + 1 for number in batch.column("row [2]").to_pylist()]
        for batch in batches
    )
    assert batches[0].column("line").equals(batches[0].column("row"))
    assert export.header_line == 0
    assert export.details == {"rows": "200,000", "row groups": "29"}
    assert export.sample(10).num_rows == 10


def test_repeated_and_dotted_names_are_kept_apart(stored):
    table = pa.Table.from_arrays([pa.array([1]), pa.array([2]), pa.array([3])], names=["email", "email", "email.x"])
    export = stored(table)
    assert export.names == ("email", "email [2]", "email.x")
    assert next(export.batches(["email [2]"])).column("email [2]").to_pylist() == [2]
    dotted = stored(pa.Table.from_arrays([pa.array([1]), pa.array([3])], names=["customers", "customers.email"]))
    assert next(dotted.batches(["customers"])).to_pylist() == [{"row": 1, "line": 1, "fault": None, "customers": 1}]
    assert next(dotted.batches(["customers.email", "customers"])).column("customers.email").to_pylist() == [3]
    assert next(dotted.batches([])).to_pylist() == [{"row": 1, "line": 1, "fault": None}]


def test_a_file_without_rows_or_with_a_foreign_name_is_fine(stored, tmp_path):
    export = stored({"x": pa.array([], pa.int64())})
    assert list(export.batches()) == []
    assert export.sample().num_rows == 0
    path = tmp_path / "named.csv"
    pq.write_table(pa.table({"x": [1]}), path)
    assert open_export(path).format == "parquet"


def test_a_file_without_or_with_too_many_columns_is_refused(stored):
    with pytest.raises(FileError, match="0 columns"):
        stored(pa.table({}))
    with pytest.raises(FileError, match="5,001 columns"):
        stored({f"c{number}": [1] for number in range(5_001)})


def test_a_struct_is_a_column_for_each_of_its_fields(stored):
    customers = [{"email": "a@example.com", "name": {"first": "Ann"}}, None, {"email": None, "name": None}]
    kind = pa.struct({"email": pa.string(), "name": pa.struct({"first": pa.string()})})
    export = stored({
        "id": [1, 2, 3],
        "customer": pa.array(customers, kind),
        "lines": pa.array([[{"sku": "x"}], None, []], pa.list_(pa.struct({"sku": pa.string()}))),
        "total": pa.array([{"amount": 5.5, "currency": "EUR"}] * 3),
    })  # fmt: skip
    assert export.headers == ("id", "customer.email", "customer.name.first", "lines", "total.amount", "total.currency")
    whole = export.sample()
    assert whole.column("customer.email").to_pylist() == ["a@example.com", None, None]
    assert whole.column("customer.name.first").to_pylist() == ["Ann", None, None]
    assert whole.column("lines").to_pylist() == ['[{"sku": "x"}]', None, "[]"]
    assert whole.column("total.amount").to_pylist() == [5.5] * 3
    (some,) = export.batches(["total.currency", "id"])
    assert some.schema.names == ["row", "line", "fault", "id", "total.currency"]
    assert some.column("total.currency").to_pylist() == ["EUR"] * 3


def test_a_parquet_file_is_not_held_in_memory_while_it_is_read(tmp_path):
    numbers = np.random.default_rng(0).integers(0, 1 << 62, (20, 100_000))
    table = pa.table({name: numbers.ravel() for name in ("order", "total")})
    path = tmp_path / "large.parquet"
    pq.write_table(table, path, row_group_size=100_000, compression=None, use_dictionary=False)
    del table
    before, most = pa.total_allocated_bytes(), 0
    for _ in open_export(path).batches(rows=10_000):
        most = max(most, pa.total_allocated_bytes() - before)
    assert most < path.stat().st_size / 4
