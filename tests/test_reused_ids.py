"""An order id that comes again: the same sale, one that was amended or corrected, or another sale that bears it."""

import csv
import sqlite3
from collections import Counter
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import importer
from importer.graph_sandbox import Sandbox, SandboxOptions, serve

NOW = "2026-11-23T23:00:00Z"
CLOCK = 1_795_474_800.0
HEADER = "Order ID,Date,Email,Phone,First Name,Last Name,Zip,Country,Total,Currency\n"
ADA, BO = "ada@example.com,", "bo@example.org,"
ADAS_PHONE = "ada.l@example.net,+12025550101"
NOBODY = ","


@pytest.fixture
def here(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    for name in ("CAPI_LEDGER", "CAPI_GRAPH_URL"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("CAPI_LEDGER", "ledger.db")
    (tmp_path / "till.toml").write_text(SCHEMA, encoding="utf-8")
    return tmp_path


@pytest.fixture
def either(here, place, monkeypatch):
    """The table holds with either ledger."""
    monkeypatch.setenv("CAPI_LEDGER", str(place))
    return here


SCHEMA = """
name = "till"
[identify]
headers = ["Order ID"]
[columns]
order_id = "Order ID"
event_time = "Date"
em = "Email"
ph = "Phone"
fn = "First Name"
ln = "Last Name"
zp = "Zip"
country = "Country"
value = "Total"
currency = "Currency"
[match]
minimum_keys = "meta"
"""
"""A row is an order, and a customer may be known by name and place only."""


def sale(order="17", day=20, hour=10, *, customer=ADA, total="12.50", currency="EUR"):
    return f"{order},2026-11-{day}T{hour:02}:00:00Z,{customer},Ada,Lovelace,12345,US,{total},{currency}\n"


def write(name, *rows):
    Path(name).write_text(HEADER + "".join(rows), encoding="utf-8")


def rows_of(summary):
    return list(csv.DictReader(Path(summary.report).read_text(encoding="utf-8").splitlines()))


def told(row):
    return row["status"], row["reason"], [note for note in row["warnings"].split("; ") if note.startswith("order_id")]


@pytest.fixture
def graph():
    return Sandbox(SandboxOptions(), clock=lambda: CLOCK)


@pytest.fixture
def url(graph):
    with serve(graph) as running:
        yield running.url


def options(url, **others):
    known = {"dataset": "1001", "now": NOW, "graph_url": url, "report": "r.csv"}
    return known | {"schema": "till.toml"} | others


def sent(url, *files, **others):
    return rows_of(importer.send(*files, token="any", **options(url, **others)))


def checked(url, *files, **others):
    return rows_of(importer.check(*files, **options(url, **others)))


DUPLICATE, AMENDED = ("duplicate", "earlier_run", []), ("duplicate", "amended", [])
UNSURE, ANOTHER = ("duplicate", "earlier_run", ["order_id:other_day"]), ("accepted", "", ["order_id:reused"])
TABLE = [
    pytest.param({}, {}, DUPLICATE, id="shares, same, same"),
    pytest.param({}, {"hour": 18}, DUPLICATE, id="shares, same day at another hour, same"),
    pytest.param({}, {"customer": NOBODY}, DUPLICATE, id="none, same, same"),
    pytest.param({"customer": NOBODY}, {}, DUPLICATE, id="none before, same, same"),
    pytest.param({"customer": NOBODY}, {"customer": NOBODY}, DUPLICATE, id="none twice, same, same"),
    pytest.param({}, {"total": "15.00"}, AMENDED, id="shares, same, other"),
    pytest.param({}, {"currency": "USD"}, AMENDED, id="shares, same, other currency"),
    pytest.param({}, {"customer": NOBODY, "total": "15"}, AMENDED, id="none, same, other"),
    pytest.param({"customer": NOBODY}, {"total": "15"}, AMENDED, id="none before, same, other"),
    pytest.param({}, {"day": 21}, DUPLICATE, id="shares, other, same"),
    pytest.param({}, {"day": 21, "total": "15"}, ANOTHER, id="shares, other, other"),
    pytest.param({}, {"day": 21, "customer": NOBODY}, UNSURE, id="none, other, same"),
    pytest.param({}, {"day": 21, "customer": NOBODY, "total": "15"}, UNSURE, id="none, other, other"),
    pytest.param({"customer": NOBODY}, {"day": 21, "total": "15"}, UNSURE, id="none before, other, other"),
    pytest.param({}, {"customer": BO}, ANOTHER, id="none shared, same, same"),
    pytest.param({}, {"customer": BO, "day": 21, "total": "15"}, ANOTHER, id="none shared, other, other"),
    pytest.param(
        {"customer": "ada@example.com,+12025550101"}, {"customer": ADAS_PHONE}, DUPLICATE, id="shares the phone alone"
    ),
    pytest.param({}, {"customer": '"bo@example.org;ada@example.com",'}, DUPLICATE, id="shares one of two addresses"),
]


@pytest.mark.parametrize(("before", "after", "expected"), TABLE)
def test_what_an_id_that_comes_again_in_another_run_means(either, graph, url, before, after, expected):  # noqa: PLR0917
    write("one.csv", sale(**before))
    write("two.csv", sale(**after))
    [first] = sent(url, "one.csv")
    [would_be] = checked(url, "two.csv")
    [second] = sent(url, "two.csv")
    assert first["status"] == "accepted"
    assert told(second) == expected
    assert told(would_be) == ((*(("ready",) if expected == ANOTHER else expected[:1]), *expected[1:]))
    assert would_be["event_id"] == second["event_id"]
    events = graph.events("1001")
    assert len(events) == (2 if expected == ANOTHER else 1)
    assert len({event["event_id"] for event in events}) == len(events)
    if expected == AMENDED:
        assert "12.5 EUR in one.csv on 2026-11-23" in second["message"]
        assert "15 EUR here" in second["message"] or "12.5 USD here" in second["message"]
        assert second["field"] == "value"
    [third] = sent(url, "two.csv")
    assert third["status"] == "duplicate"


@pytest.mark.parametrize(("before", "after", "expected"), TABLE)
@pytest.mark.parametrize("files", [1, 2])
def test_it_means_the_same_within_a_run(here, graph, url, before, after, expected, files):  # noqa: PLR0917
    write("one.csv", sale(**before), *([sale(**after)] if files == 1 else []))
    write("two.csv", sale(**after))
    names = ["one.csv", "two.csv"][:files]
    would_be, done = checked(url, *names)[-1], sent(url, *names)[-1]
    reason = {"earlier_run": "same_file" if files == 1 else "other_file"}.get(expected[1], expected[1])
    assert told(done) == (expected[0], reason, expected[2])
    assert told(would_be) == (("ready" if expected == ANOTHER else expected[0]), reason, expected[2])
    assert would_be["event_id"] in ("", done["event_id"])
    assert len({event["event_id"] for event in graph.events("1001")}) == (2 if expected == ANOTHER else 1)


def test_a_shop_whose_receipt_numbers_start_again_each_day_sends_every_day(either, graph, url):
    days = {
        day: [
            sale(
                f"{receipt:03}",
                day,
                9 + receipt % 8,
                customer=f"customer{day}-{receipt}@example.com,",
                total=f"{receipt + day}.90",
            )
            for receipt in range(1, 31)
        ]
        for day in range(10, 20)
    }
    for day, rows in days.items():
        write(f"till-{day}.csv", *rows)
    for day in list(days)[:3]:
        assert {row["status"] for row in sent(url, f"till-{day}.csv")} == {"accepted"}
    names = [f"till-{day}.csv" for day in days]
    write("month.csv", *(row for rows in days.values() for row in rows))
    expected = Counter(duplicate=90, accepted=210)
    assert Counter(row["status"] for row in checked(url, "month.csv")) == Counter(duplicate=90, ready=210)
    assert Counter(row["status"] for row in sent(url, "month.csv")) == expected
    assert {row["status"] for row in sent(url, *names)} == {"duplicate"}
    assert len(graph.sales("1001")) == graph.summary().received == 300
    assert len({event["event_id"] for event in graph.events("1001")}) == 300


def test_regulars_of_a_till_that_starts_again_buy_for_other_amounts_and_are_all_sent(here, graph, url):
    write("till.csv", *(sale("7", day, customer=ADA, total=f"{day}.10") for day in range(10, 20)))
    assert Counter(row["status"] for row in sent(url, "till.csv")) == Counter(accepted=10)
    assert Counter(row["status"] for row in sent(url, "till.csv")) == Counter(duplicate=10)
    assert graph.summary().received == 10


def test_one_id_on_thousands_of_sales_takes_no_longer_than_any_other(here, graph, url):
    """Sales under one id are not compared in pairs: six thousand would be eighteen million."""
    write(
        "till.csv", *(sale("1", 10 + n % 10, customer=f"c{n}@example.com,", total=f"{n}.10") for n in range(1, 6_001))
    )
    assert Counter(row["status"] for row in sent(url, "till.csv")) == Counter(accepted=6_000)
    assert Counter(row["status"] for row in checked(url, "till.csv")) == Counter(duplicate=6_000)
    assert Counter(row["status"] for row in sent(url, "till.csv")) == Counter(duplicate=6_000)


def test_what_meta_refuses_takes_no_other_sale_of_its_id_along(here, url, graph):
    graph.options = SandboxOptions(poison=lambda event: event["custom_data"]["value"] == 13.0)
    write("one.csv", sale(total="13.00"), sale(total="13.00", hour=11), sale(customer=BO, total="14.00"))
    assert [row["status"] for row in sent(url, "one.csv")] == ["rejected", "rejected", "accepted"]
    write("two.csv", sale(total="13.00"), sale(customer=BO, total="14.00"))
    assert [row["status"] for row in sent(url, "two.csv")] == ["rejected", "duplicate"]


def test_lines_of_another_order_under_a_used_id_are_sent_together_with_one_id(here, graph, url):
    header = "Order ID,Date,Email,Item,Quantity,Line Total,Currency\n"
    Path("one.csv").write_text(header + f"9,2026-11-20T10:00:00Z,{ADA}A,1,5,EUR\n".replace(",,", ","), encoding="utf-8")
    assert [row["status"] for row in sent(url, "one.csv", map=("Line Total=value",), schema=None)] == ["accepted"]
    line = f"9,2026-11-21T10:00:00Z,{BO}{{}},1,{{}},EUR\n".replace(",,", ",")
    Path("two.csv").write_text(header + line.format("A", 5) + line.format("B", 7), encoding="utf-8")
    rows = sent(url, "two.csv", map=("Line Total=value",), rows="line", schema=None)
    assert [told(row) for row in rows] == [ANOTHER, ANOTHER]
    assert len({row["event_id"] for row in rows}) == 1
    assert rows[0]["event_id"] == graph.events("1001")[-1]["event_id"]


def test_the_day_is_the_shops_own_not_utcs(here, graph, url):
    """Both evenings lie on one day of UTC; without an e-mail or phone on one side, only the day tells the sales apart."""
    header = "Order ID,Date,Email,First Name,Last Name,Zip,Country,Total,Currency\n"
    names = "Ada,Lovelace,12345,US"
    Path("one.csv").write_text(header + f"5,2026-11-19 20:00:00,,{names},12.50,USD\n", encoding="utf-8")
    Path("two.csv").write_text(header + f"5,2026-11-20 12:00:00,,{names},19.00,USD\n", encoding="utf-8")
    Path("till.toml").write_text(SCHEMA.replace('ph = "Phone"\n', ""), encoding="utf-8")
    zone = {"timezone": "America/Los_Angeles"}
    assert [row["status"] for row in sent(url, "one.csv", **zone)] == ["accepted"]
    assert [told(row) for row in sent(url, "two.csv", **zone)] == [UNSURE]


# ---------------------------------------------------------------------- without an order id

NO_ID = "Date,Email,Phone,First Name,City,Country,Total,Currency\n"
PURCHASE = "2026-11-20T10:00:00Z,ada@example.com,+12025550101,Ada,Berlin,DE,12.50,EUR\n"


def test_a_sale_without_an_id_is_not_sent_again_for_a_column_a_country_or_ldu(here, graph, url):
    Path("one.csv").write_text(NO_ID + PURCHASE, encoding="utf-8")
    assert [row["status"] for row in sent(url, "one.csv", schema=None)] == ["accepted"]
    Path("more.csv").write_text("Birthday,Zip," + NO_ID + "1990-01-02,12345," + PURCHASE, encoding="utf-8")
    Path("less.csv").write_text("Date,Phone,Total,Currency\n2026-11-20T11:00:00+01:00,+12025550101,12.5,EUR\n")
    Path("mail.csv").write_text("Date,Email,Total,Currency\n2026-11-20T10:00:00Z,Ada@Example.com,12.50,EUR\n")
    for file, others in [("more.csv", {}), ("less.csv", {"country": "US"}), ("mail.csv", {"ldu": True})]:
        for run in (checked, sent):
            assert [told(row) for row in run(url, file, schema=None, **others)] == [DUPLICATE], file
    assert graph.summary().received == 1


def test_another_instant_amount_currency_or_customer_is_another_sale(here, graph, url):
    Path("one.csv").write_text(
        NO_ID
        + PURCHASE
        + PURCHASE.replace("10:00", "10:01")
        + PURCHASE.replace("12.50", "12.51")
        + PURCHASE.replace("EUR", "USD")
        + PURCHASE.replace("ada@example.com,+12025550101", "bo@example.org,+12025550102"),
        encoding="utf-8",
    )
    rows = sent(url, "one.csv", schema=None)
    assert [told(row) for row in rows] == [("accepted", "", [])] * 5
    assert len({row["event_id"] for row in rows}) == 5
    assert {row["status"] for row in sent(url, "one.csv", schema=None)} == {"duplicate"}


def test_one_person_whose_keys_come_in_turns_is_one_within_a_file(here, graph, url):
    both = "2026-11-20T10:00:00Z,ada@example.com,+12025550101,Ada,Berlin,DE,12.50,EUR\n"
    phone = both.replace("ada@example.com", "")
    mail = both.replace("+12025550101", "")
    Path("one.csv").write_text(NO_ID + both + phone + mail, encoding="utf-8")
    assert [row["status"] for row in sent(url, "one.csv", schema=None)] == ["accepted", "duplicate", "duplicate"]


# ---------------------------------------------------------------------- an older ledger


def test_an_entry_of_an_older_ledger_is_a_duplicate_whatever_its_amount(here, graph, url):
    write("one.csv", sale())
    sent(url, "one.csv")
    with sqlite3.connect("ledger.db") as connection:
        keys = connection.execute("SELECT dataset, n, min_time, max_time, at, keys FROM batch").fetchall()
    for file in here.glob("ledger.db*"):
        file.unlink()
    old = sqlite3.connect("ledger.db")
    old.executescript(
        """CREATE TABLE run (id INTEGER PRIMARY KEY, dataset TEXT NOT NULL, files TEXT NOT NULL,
            started INTEGER NOT NULL, ended INTEGER, pid INTEGER NOT NULL);
        CREATE TABLE batch (id INTEGER PRIMARY KEY, run INTEGER NOT NULL REFERENCES run (id), dataset TEXT NOT NULL,
            file TEXT NOT NULL, state INTEGER NOT NULL, n INTEGER NOT NULL, min_time INTEGER NOT NULL,
            max_time INTEGER NOT NULL, at INTEGER NOT NULL, trace TEXT, keys BLOB NOT NULL);
        CREATE INDEX batch_by_time ON batch (dataset, state, max_time);
        PRAGMA user_version = 1;
        INSERT INTO run VALUES (1, '1001', '[]', 1795474800, 1795474800, 1);"""
    )
    old.executemany("INSERT INTO batch VALUES (1, 1, ?, 'old.csv', 1, ?, ?, ?, ?, NULL, ?)", keys)
    old.commit()
    old.close()
    write("two.csv", sale(day=21, customer=BO, total="99"))
    assert [told(row) for row in checked(url, "two.csv")] == [DUPLICATE]
    assert [told(row) for row in sent(url, "two.csv")] == [DUPLICATE]


# ---------------------------------------------------------------------- against the table, as it is written

PEOPLE = {
    "a": "a@example.com,",
    "p": ",+12025550101",
    "ap": "a@example.com,+12025550101",
    "b": "b@example.org,",
    "": ",",
}
SALES = st.tuples(
    st.sampled_from(["1", "2"]), st.integers(20, 21), st.sampled_from(sorted(PEOPLE)), st.sampled_from(["5.00", "6.00"])
)


def same(before, after):
    """The table of the issue, for one pair of sales."""
    if before[0] != after[0]:
        return False
    shares, none = bool({*before[2]} & {*after[2]}), not before[2] or not after[2]
    day, amount = before[1] == after[1], before[3] == after[3]
    return (shares or none) if day else (none or (shares and amount))


@settings(max_examples=12)
@given(st.lists(st.lists(SALES, min_size=1, max_size=8), min_size=1, max_size=3))
def test_files_and_runs_agree_with_the_table(tmp_path_factory, runs):
    folder = tmp_path_factory.mktemp("table")
    (folder / "till.toml").write_text(SCHEMA, encoding="utf-8")
    graph = Sandbox(SandboxOptions(), clock=lambda: CLOCK)
    kept = []
    with serve(graph) as running:
        for number, sales in enumerate(runs):
            file = folder / f"{number}.csv"
            rows = [sale(order, day, customer=PEOPLE[who], total=total) for order, day, who, total in sales]
            file.write_text(HEADER + "".join(rows), encoding="utf-8")
            expected = []
            for one in sales:
                is_new = not any(same(before, one) for before in kept)
                expected.append("accepted" if is_new else "duplicate")
                kept += [one] if is_new else []
            told_ = {"ledger": folder / "ledger.db", "report": folder / "r.csv", "schema": str(folder / "till.toml")}
            ready = [row["status"].replace("ready", "accepted") for row in checked(running.url, file, **told_)]
            done = sent(running.url, file, **told_)
            assert [row["status"] for row in done] == ready == expected
            assert {row["value"] for row in done} <= {"5", "6", "5.00", "6.00"}
    assert graph.summary().received == len(kept)
    assert sum(Decimal(str(event["custom_data"]["value"])) for event in graph.events("1001")) == sum(
        Decimal(one[3]) for one in kept
    )
