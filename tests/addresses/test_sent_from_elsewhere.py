"""`send` and `check` of addresses, the whole way: the right sales, each once, and no secret anywhere."""

import sqlite3
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from s3_server import BUCKET

import importer
from importer.addresses.patience import Patience
from importer.errors import FileError, UsageError
from importer.graph_sandbox import Sandbox, SandboxOptions, serve

NOW = "2026-11-23T23:00:00Z"
DATASET = "1001"
HEADER = "Order ID,Date,Email,Total,Currency,Status\n"


def rows(*orders):
    lines = [f"A{order},2026-11-20T10:00:00Z,ada.{order}@example.com,12.50,EUR,paid\n" for order in orders]
    return (HEADER + "".join(lines)).encode()


@pytest.fixture
def graph(tmp_path, monkeypatch):
    monkeypatch.setattr(Patience.__init__, "__defaults__", (lambda _seconds: None,))
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    monkeypatch.setenv("TMPDIR", str(tmp_path / "temporary"))
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "temporary"))
    (tmp_path / "temporary").mkdir()
    (tmp_path / "state").mkdir()
    made = Sandbox(SandboxOptions(), clock=lambda: 1_795_474_800.0)
    with serve(made) as running:
        made.url = running.url
        yield made
    assert list((tmp_path / "temporary").iterdir()) == []


def send(graph, *files, **options):
    return importer.send(*files, dataset=DATASET, token="tok", graph_url=graph.url, now=NOW, **options)


def sent(graph):
    return sorted((event["custom_data"]["order_id"], event["custom_data"]["value"]) for event in graph.events(DATASET))


@pytest.fixture
def s3(s3_server, monkeypatch):
    for name, value in s3_server.environ().items():
        monkeypatch.setenv(name, value)
    return s3_server


def test_a_folder_of_a_bucket_is_sent_file_by_file(graph, s3):
    s3.put("week/01.csv", rows(1))
    s3.put("week/02.csv", rows(2, 3))
    summary = send(graph, f"s3://{BUCKET}/week/")
    assert [order for order, _ in sent(graph)] == ["A1", "A2", "A3"]
    assert list(summary.files) == [f"s3://{BUCKET}/week/01.csv", f"s3://{BUCKET}/week/02.csv"]
    assert summary.report == Path("week.report.csv")
    assert {line.split(",")[0] for line in Path("week.report.csv").read_text().splitlines()[1:]} == {"01.csv", "02.csv"}
    assert send(graph, f"s3://{BUCKET}/week/0[12].csv").rows["duplicate"] == 3


def test_a_report_goes_to_a_bucket_and_never_over_another(graph, s3):
    Path("sales.csv").write_bytes(rows(1))
    address = f"s3://{BUCKET}/reports/week.csv"
    first, second = send(graph, "sales.csv", report=address), send(graph, "sales.csv", report=address)
    assert (first.report, second.report) == (address, f"s3://{BUCKET}/reports/week-2.csv")
    assert first.as_json()["report"] == address
    assert b"accepted" in s3.get("reports/week.csv")
    assert b"duplicate" in s3.get("reports/week-2.csv")
    assert first.outcomes.num_rows == 1
    assert not list(Path().glob("*.report.csv"))


def test_a_bucket_that_cannot_take_the_report_is_told_before_anything_is_sent(graph, s3):
    Path("sales.csv").write_bytes(rows(1))
    with pytest.raises(FileError, match="There is no bucket s3://no-bucket"):
        send(graph, "sales.csv", report="s3://no-bucket/report.csv")
    with pytest.raises(UsageError, match="a report goes to a path, or to s3://"):
        send(graph, "sales.csv", report="https://files.example.com/report.csv")
    with pytest.raises(UsageError, match="must end in"):
        send(graph, "sales.csv", report=f"s3://{BUCKET}/report.pdf")
    assert sent(graph) == []


def test_this_programs_reports_in_a_bucket_are_no_exports(graph, s3):
    s3.put("mixed/sales.csv", rows(1))
    Path("other.csv").write_bytes(rows(9))
    send(graph, "other.csv", report=f"s3://{BUCKET}/mixed/report.csv")
    assert list(send(graph, f"s3://{BUCKET}/mixed/").files) == [f"s3://{BUCKET}/mixed/sales.csv"]


def test_the_query_of_an_address_stands_in_no_file(graph, web_server, tmp_path, capfd):
    web_server.content = rows(1, 2)
    summary = send(graph, web_server.address, summary="page.html")
    assert summary.rows["accepted"] == 2
    written = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert {"sales.csv.report.csv", "page.html", "ledger.db"} <= {path.name for path in written}
    assert not [path for path in written if b"hush" in path.read_bytes()]
    assert "hush" not in repr(summary) + str(summary.as_json()) + "".join(capfd.readouterr())


def test_after_a_line_that_was_cut_for_good_the_same_command_completes(graph, web_server):
    web_server.content, web_server.cuts = rows(*range(1, 200)), [5_000] + [0] * 20
    with pytest.raises(FileError, match="nothing was sent"):
        send(graph, web_server.address)
    assert sent(graph) == []
    web_server.cuts = [5_000]
    assert send(graph, web_server.address).rows["accepted"] == 199
    assert len(sent(graph)) == 199


def test_amounts_of_a_database_are_exact(graph, postgres_server, postgres_url):
    postgres_server.psql(
        'create table sales ("Order ID" bigint, "Date" timestamptz, "Email" text, "Total" numeric, "Currency" text);'
        "insert into sales values (7001, '2026-11-20 10:00+00', 'ada@example.com', 1.23, 'EUR'),"
        "(7002, '2026-11-20 10:00+00', 'bo@example.com', 1234567.8, 'EUR')",
        urlsplit(postgres_url).path[1:],
    )
    summary = send(graph, "sql:select * from sales", connection=postgres_url)
    assert sent(graph) == [("7001", 1.23), ("7002", 1234567.8)]
    assert summary.report == Path("sql.report.csv")


def test_columns_and_check_take_addresses_too(graph, tmp_path):
    with sqlite3.connect(tmp_path / "till.db") as database:
        database.execute(
            'create table sales ("Order ID" text, "Date" text, "Email" text, "Total" real, "Currency" text)'
        )
        database.execute("insert into sales values ('A1', '2026-11-20T10:00:00Z', 'ada@example.com', 2.5, 'EUR')")
    database.close()
    found = importer.columns("sql:select * from sales", connection=f"sqlite:///{tmp_path}/till.db")
    assert (found.file, found.format) == ("sql", "parquet")
    summary = importer.check("sql:select * from sales", connection=f"sqlite:///{tmp_path}/till.db", now=NOW)
    assert (summary.rows["ready"], summary.report) == (1, Path("sql.check.csv"))
    (tmp_path / "two").mkdir()
    for name in "ab":
        (tmp_path / "two" / f"{name}.csv").write_bytes(rows(1))
    with pytest.raises(UsageError, match="columns looks at one file, and these are 2"):
        importer.columns("two")
