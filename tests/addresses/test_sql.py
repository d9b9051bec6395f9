"""SQL, against real PostgreSQL and SQLite."""

import sqlite3
import stat
from datetime import UTC, date, datetime
from decimal import Decimal
from urllib.parse import urlsplit

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from cutting_proxy import cutting_proxy

from importer.addresses import fetch
from importer.addresses.databases import database, require_connection
from importer.addresses.numerics import require_types
from importer.addresses.patience import Patience
from importer.errors import FileError, UsageError

POSTGRES = pytest.importorskip("adbc_driver_postgresql", reason="the extra sql-postgres is not installed")
SQLITE = pytest.importorskip("adbc_driver_sqlite", reason="the extra sql-sqlite is not installed")


@pytest.fixture(autouse=True)
def _no_pauses(monkeypatch):
    monkeypatch.setattr(Patience.__init__, "__defaults__", (lambda _seconds: None,))


@pytest.fixture
def lite(tmp_path):
    """A SQLite database of sales, open for more statements; its address is the second."""
    path = tmp_path / "till.db"
    with sqlite3.connect(path) as connection:
        connection.execute("create table sales (id integer, total real, day text, note text)")
        rows = [(n, n + 0.5, "2026-11-20 10:00:00", None) for n in range(1, 4)]
        connection.executemany("insert into sales values (?, ?, ?, ?)", rows)
    yield connection, f"sqlite:///{path}"
    connection.close()


def table(query, connection, folder):
    (found,) = fetch(f"sql:{query}", folder / "spool", {}, connection)
    assert found.name == "sql"
    assert stat.S_IMODE(found.path.stat().st_mode) == 0o600
    assert not list(found.path.parent.glob("raw*"))
    return pq.read_table(found.path)


def refused(query, connection, folder, kind=UsageError):
    with pytest.raises(kind) as error:
        fetch(f"sql:{query}", folder / "spool", {}, connection)
    assert [path for path in (folder / "spool").rglob("*") if path.is_file()] == []
    return str(error.value)


def test_rows_of_sqlite_keep_their_types(lite, tmp_path):
    got = table("SELECT * FROM sales ORDER BY id", lite[1], tmp_path)
    assert got.schema.types[:3] == [pa.int64(), pa.float64(), pa.string()]
    assert got.to_pylist()[0] == {"id": 1, "total": 1.5, "day": "2026-11-20 10:00:00", "note": None}


def test_a_column_of_sqlite_whose_type_shows_late_is_read_all_the_same(lite, tmp_path):
    lite[0].execute("create table late (total numeric, note text)")
    lite[0].executemany("insert into late values (?, null)", [(n,) for n in range(70_000)])
    lite[0].execute("insert into late values (12.5, 'late')")
    lite[0].commit()
    got = table("select * from late", lite[1], tmp_path)
    assert got.schema.types == [pa.float64(), pa.string()]
    assert got.slice(69_999).to_pylist() == [{"total": 69_999.0, "note": None}, {"total": 12.5, "note": "late"}]


def test_sqlite_is_never_written(lite, tmp_path):
    assert "would write" in refused("DELETE FROM sales RETURNING id", lite[1], tmp_path)
    assert lite[0].execute("select count(*) from sales").fetchone() == (3,)


def test_what_sqlite_lacks_is_told_by_name(lite, tmp_path):
    assert refused("SELECT * FROM nope", lite[1], tmp_path).startswith("There is no table nope at sqlite:///till.db")
    assert refused("SELECT nope FROM sales", lite[1], tmp_path).startswith("There is no column nope")
    syntax = refused("SELEC 'ada@example.com'", lite[1], tmp_path)
    assert "not valid SQL" in syntax
    assert "ada" not in syntax
    assert "There is no database" in refused("SELECT 1", f"sqlite:///{tmp_path}/no.db", tmp_path)
    (tmp_path / "other.db").write_bytes(b"no database at all" * 100)
    assert "cannot answer" in refused("SELECT 1", f"sqlite:///{tmp_path}/other.db", tmp_path, FileError)


def test_columns_of_one_name_are_told_apart_whatever_the_others_are_called(lite, tmp_path):
    got = table("SELECT 1 AS a, 'x' AS a, 'y' AS a_2, 2 AS a", lite[1], tmp_path)
    assert got.column_names == ["a", "a_2", "a_2_2", "a_3"]
    assert got.to_pylist() == [{"a": 1, "a_2": "x", "a_2_2": "y", "a_3": 2}]


def test_rows_of_postgresql_keep_their_types(postgres_server, postgres_url, tmp_path):
    name = urlsplit(postgres_url).path[1:]
    postgres_server.psql(
        "create table sales (id bigint, total numeric(10,2), at timestamptz, day date, paid boolean, note text);"
        "insert into sales values (7, 1234.5, '2026-11-20 10:00:00+01', '2026-11-20', true, 'x'), (8, null, null, null, null, null)",
        name,
    )
    got = table("select * from sales order by id", postgres_url, tmp_path)
    assert got.schema.types == [
        pa.int64(),
        pa.decimal128(10, 2),
        pa.timestamp("us", "UTC"),
        pa.date32(),
        pa.bool_(),
        pa.string(),
    ]
    first, second = got.to_pylist()
    assert first == {
        "id": 7, "total": Decimal("1234.50"), "at": datetime(2026, 11, 20, 9, tzinfo=UTC), "day": date(2026, 11, 20), "paid": True,
        "note": "x",
    }  # fmt: skip
    assert second["total"] is None


def test_a_number_without_declared_digits_is_exact_and_never_a_text(postgres_server, postgres_url, tmp_path):
    name = urlsplit(postgres_url).path[1:]
    postgres_server.psql(
        "create table sales (a numeric, b numeric, c numeric);"
        "insert into sales values (1.234, 1e30, 'NaN'), (-12345678.9, 0.00000000000000000001, 5), (null, -1, 'Infinity')",
        name,
    )
    got = table("select * from sales", postgres_url, tmp_path)
    assert got.schema.types == [pa.decimal128(11, 3), pa.decimal256(51, 20), pa.decimal128(1, 0)]
    assert got.column("a").to_pylist() == [Decimal("1.234"), Decimal("-12345678.900"), None]
    assert got.column("b").to_pylist() == [Decimal(10) ** 30, Decimal("1e-20"), Decimal(-1)]
    assert got.column("c").to_pylist() == [None, Decimal(5), None]


def test_money_whose_unit_only_the_server_knows_is_refused(postgres_url, tmp_path):
    sentence = refused("select 12.50::numeric::money as total", postgres_url, tmp_path, FileError)
    assert "CAST(total AS numeric) AS total" in sentence


def test_a_driver_that_does_not_say_the_types_is_refused():
    with pytest.raises(UsageError, match=r"adbc-driver-postgresql 1\.13 or newer"):
        require_types(pa.schema([pa.field("total", pa.string())]))


def test_two_columns_of_one_name_stay_two(postgres_url, tmp_path):
    assert table("select 1 as a, 2 as a", postgres_url, tmp_path).to_pylist() == [{"a": 1, "a_2": 2}]


def test_an_answer_without_rows_has_its_columns(postgres_url, tmp_path):
    got = table("select 1.5::numeric as a, 'x' as b where false", postgres_url, tmp_path)
    assert (got.num_rows, got.column_names) == (0, ["a", "b"])


def test_postgresql_is_never_written(postgres_server, postgres_url, tmp_path):
    name = urlsplit(postgres_url).path[1:]
    postgres_server.psql("create table sales (id bigint); insert into sales values (1)", name)
    assert "would write" in refused("delete from sales returning id", postgres_url, tmp_path)
    assert postgres_server.psql("select count(*) from sales", name) == "1"


def test_what_postgresql_lacks_is_told_by_name_and_quotes_no_value(postgres_url, tmp_path):
    assert refused("select * from nope", postgres_url, tmp_path).startswith(
        "There is no table nope at postgresql://127.0.0.1:"
    )
    assert refused("select nope from pg_class", postgres_url, tmp_path).startswith("There is no column nope")
    assert "not valid SQL" in refused("selec 1", postgres_url, tmp_path)
    assert "ada" not in refused("select 'ada@example.com'::int", postgres_url, tmp_path, FileError)
    assert "ada" not in refused(
        "select 'ada@example.com'::int from generate_series(1, 3)", postgres_url, tmp_path, FileError
    )


def test_a_login_that_is_refused_is_told(postgres_server, postgres_url, tmp_path, monkeypatch):
    monkeypatch.setenv("PGPASSWORD", "wrong-pass")
    sentence = refused("select 1", postgres_url, tmp_path)
    assert "refuses the login" in sentence
    assert "PGPASSWORD" in sentence
    assert "wrong-pass" not in sentence
    monkeypatch.delenv("PGPASSWORD")
    monkeypatch.setenv("HOME", str(tmp_path))
    assert "refuses the login" in refused("select 1", postgres_url, tmp_path)
    monkeypatch.setenv("PGPASSWORD", postgres_server.password)
    assert "There is no database nope" in refused("select 1", postgres_server.address("nope"), tmp_path)
    assert "cannot be reached" in refused("select 1", "postgresql://till@127.0.0.1:1/sales", tmp_path, FileError)


def test_a_query_that_is_cut_is_asked_again_from_its_first_row(postgres_server, postgres_url, tmp_path):
    query = "select i as id, md5(i::text) as note from generate_series(1, 200000) i"
    whole = table(query, postgres_url, tmp_path)
    with cutting_proxy(postgres_server.port, 100_000_000, 2_000_000, 100_000_000, 5_000_000) as proxy:
        got = table(query, postgres_url.replace(str(postgres_server.port), str(proxy.port)), tmp_path)
    assert proxy.done == 2
    assert got.equals(whole)


def test_a_query_that_is_cut_for_good_is_told(postgres_server, postgres_url, tmp_path):
    query = "select i as id, md5(i::text) as note from generate_series(1, 200000) i"
    with cutting_proxy(postgres_server.port, cut_always=1_000_000) as proxy:
        address = postgres_url.replace(str(postgres_server.port), str(proxy.port))
        assert "nothing was sent" in refused(query, address, tmp_path, FileError)


@pytest.mark.parametrize(
    "told", ["postgresql://till:hush@host/db", "snowflake://account/db?token=hush", "bigquery://p?password=hush"]
)
def test_a_password_in_the_connection_is_refused_without_repeating_it(told):
    with pytest.raises(UsageError, match="must not hold a password") as error:
        require_connection(told, {})
    assert "hush" not in str(error.value)


def test_the_connection_may_be_the_name_of_a_variable():
    assert (
        require_connection("TILL_DB", {"TILL_DB": "postgresql://till:hush@host/db"}) == "postgresql://till:hush@host/db"
    )
    with pytest.raises(UsageError, match="--connection NOPE is neither an address"):
        require_connection("NOPE", {})
    with pytest.raises(UsageError, match="needs --connection"):
        require_connection(None, {})


def test_what_has_no_driver_is_told(tmp_path):
    with pytest.raises(UsageError, match="There is no driver for oracle"):
        database("oracle://host/db", {})
    with pytest.raises(UsageError, match="needs a query"):
        fetch("sql: ", tmp_path, {}, "sqlite:///x")


def test_a_driver_that_is_not_installed_names_its_extra(monkeypatch):
    monkeypatch.setitem(__import__("sys").modules, "adbc_driver_snowflake", None)
    with pytest.raises(UsageError, match=r"pip install 'capi-import\[sql-snowflake\]'"):
        database("snowflake://till@account/db/schema", {})
