import pyarrow as pa
from raws import binding, raw

from importer.core.customer_join import PREFIX, customers_of, joined, with_customers

PEOPLE = pa.table(
    {"Id": ["7", "8", "7", None], "Mail": ["a@example.com", "b@example.com", "late@example.com", "x@example.com"]}
)


def test_customers_come_beside_the_rows_that_name_them():
    sales = raw({"id": ["1", "2", "3", "4"], "customer": ["8", "7", "9", None]})
    found = joined(sales, customers_of(PEOPLE, "Id", "customer"))
    assert found.column(PREFIX + "Mail").to_pylist() == ["b@example.com", "a@example.com", None, None]
    assert found.schema.names[: len(sales.schema.names)] == sales.schema.names


def test_numbers_and_text_of_one_id_are_the_same_id():
    sales = raw({"id": ["1"], "customer": pa.array([7], pa.int64())})
    assert joined(sales, customers_of(PEOPLE, "Id", "customer")).column(PREFIX + "Mail").to_pylist() == [
        "a@example.com"
    ]


def test_the_sales_own_columns_come_first():
    sales = binding(raw({"email": ["x"]}), columns={"em": ["email"]})
    people = binding(
        raw({"Mail": ["x"], "Tel": ["y"], "total": ["1"]}), columns={"em": ["Mail"], "ph": "Tel", "value": "total"}
    )
    both = with_customers(sales, people)
    assert both.columns["em"].names == ("email", PREFIX + "Mail")
    assert both.columns["ph"].names == (PREFIX + "Tel",)
    assert "value" not in both.columns
