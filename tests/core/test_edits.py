"""Corrected cells, put into the rows as they are read."""

import datetime as dt

import pyarrow as pa
import pytest

from importer import Edit
from importer.core.edits import edited
from importer.errors import UsageError


def batch(**columns):
    return pa.RecordBatch.from_pydict({"row": pa.array([7, 8, 9], pa.int64()), **columns})


def test_only_the_cell_of_its_row_and_column_changes():
    found = edited(
        batch(a=["x", "y", None], b=["1", "2", "3"]), [Edit("f.csv", 8, "a", "new"), Edit("f.csv", 9, "b", "")]
    )
    assert found.to_pydict() == {"row": [7, 8, 9], "a": ["x", "new", None], "b": ["1", "2", None]}


def test_a_column_that_is_not_read_and_a_row_of_another_batch_change_nothing():
    before = batch(a=["x", "y", "z"])
    assert edited(before, [Edit("f.csv", 8, "other", "1"), Edit("f.csv", 99, "a", "1")]).equals(before)


@pytest.mark.parametrize(
    ("values", "text", "expected"),
    [
        (pa.array([1, 2, 3], pa.int64()), "12", 12),
        (pa.array([1.5, 2.5, 3.5]), "7.25", 7.25),
        (pa.array([dt.date(2026, 1, 1)] * 3), "2026-11-20", dt.date(2026, 11, 20)),
        (
            pa.array([dt.datetime.fromisoformat("2026-01-01")] * 3, pa.timestamp("us")),
            "2026-11-20 10:15:00",
            dt.datetime.fromisoformat("2026-11-20T10:15"),
        ),
        (pa.array([True, True, True]), "false", False),
    ],
)
def test_a_typed_column_keeps_its_type(values, text, expected):
    found = edited(batch(a=values), [Edit("f.parquet", 8, "a", text)])
    assert found.column("a").type == values.type
    assert found.column("a")[1].as_py() == expected


def test_a_text_that_is_none_of_the_columns_type_is_refused_without_the_text():
    with pytest.raises(UsageError, match="Row 8: the column a holds values of type") as refused:
        edited(batch(a=pa.array([1, 2, 3])), [Edit("f.parquet", 8, "a", "ada@example.com")])
    assert "ada" not in str(refused.value)


def test_a_repr_names_no_customer():
    assert "ada" not in repr(Edit("f.csv", 1, "Email", "ada@example.com"))
