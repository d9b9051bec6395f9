"""One run to several datasets: by store or by id, each with its own token and ledger key; one that dies stops alone."""

import csv
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

import importer
from importer.errors import AccessError, UsageError
from importer.graph_sandbox import Sandbox, SandboxOptions, serve
from importer.graph_sandbox.graph_errors import GraphError, error_body
from importer.graph_sandbox.request import json_response

NOW = "2026-11-23T23:00:00Z"
DATASETS = """
[store.Berlin]
dataset = "1001"
token_file = "berlin.token"

[store."Paris Nord"]
dataset = "1002"
token_env = "PARIS_TOKEN"
"""


@pytest.fixture
def here(here, monkeypatch):
    monkeypatch.setenv("PARIS_TOKEN", "of-paris")
    (here / "berlin.token").write_text("of-berlin\n", encoding="utf-8")
    (here / "datasets.toml").write_text(DATASETS, encoding="utf-8")
    return here


class Meta(Sandbox):
    """A sandbox that keeps which token sent to which dataset; `refusing` answers some of the requests."""

    def __init__(self, refusing=lambda dataset, number: None):
        self.asked = []

        def refuse(request):
            if request.method != "POST":
                return None
            dataset = request.path.split("/")[-2]
            self.asked.append((dataset, request.headers["authorization"].removeprefix("Bearer ")))
            return refusing(dataset, sum(name == dataset for name, _ in self.asked))

        super().__init__(SandboxOptions(refuse=(refuse,)), clock=lambda: 1_795_474_800)


def dead(dataset, number, *, of="1002", after=0):
    if dataset == of and number > after:
        return json_response(400, error_body(GraphError(190, message="The token has expired."), "en", "Adead"))
    return None


def export(*stores, name="sales.csv", header="Store"):
    lines = [f"Order ID,Date,Email,Total,Currency,{header}"]
    lines += [f"{n},2026-11-20T10:00:00Z,b{n}@example.com,{n + 1},EUR,{store}" for n, store in enumerate(stores)]
    Path(name).write_text("\n".join(lines) + "\n", encoding="utf-8")
    return name


def send(running, *files, **options):
    told = {"dataset_column": "Store", "datasets": "datasets.toml", "now": NOW, "graph_url": running.url} | options
    return importer.send(*(files or ("sales.csv",)), **told)


def rows(summary):
    with Path(summary.report).open(encoding="utf-8") as lines:
        return list(csv.DictReader(lines))


def told(summary):
    return [(row["dataset"], row["status"]) for row in rows(summary)]


def test_each_store_goes_to_its_dataset_with_its_token_in_one_run_and_one_report(here):
    export("Berlin", "Paris Nord", "BERLIN ", "paris nord")
    meta = Meta()
    with serve(meta) as running:
        summary = send(running)
        again = send(running, report="again.csv")
    assert told(summary) == [("1001", "accepted"), ("1002", "accepted"), ("1001", "accepted"), ("1002", "accepted")]
    assert list(rows(summary)[0])[-1] == "dataset"
    assert set(meta.asked) == {("1001", "of-berlin"), ("1002", "of-paris")}
    assert [len(meta.events(dataset)) for dataset in ("1001", "1002")] == [2, 2]
    assert [row["status"] for row in rows(again)] == ["duplicate"] * 4
    assert summary.as_json()["dataset"] == ["1001", "1002"]
    assert summary.value["EUR"] == 10
    newest, first = importer.runs()
    assert (first.dataset, newest.dataset) == (("1001", "1002"),) * 2
    assert first.rows["accepted"] == 4
    importer.runs(first.run, audit="audit.jsonl")
    lines = [json.loads(line) for line in Path("audit.jsonl").read_text(encoding="utf-8").splitlines()]
    assert sorted(line["dataset"] for line in lines) == ["1001", "1001", "1002", "1002"]


def test_check_says_the_same_without_tokens_network_or_ledger(here, monkeypatch):
    export("Berlin", "Hamburg", "Paris Nord")
    Path("berlin.token").unlink()
    monkeypatch.delenv("PARIS_TOKEN")
    summary = importer.check("sales.csv", dataset_column="store", datasets="datasets.toml", now=NOW)
    assert told(summary) == [("1001", "ready"), ("", "invalid"), ("1002", "ready")]
    assert summary.as_json()["dataset"] == ["1001", "1002"]
    assert not (here / "state" / "capi-import" / "ledger.db").exists()


def test_an_unknown_store_is_invalid_and_named_and_a_blank_one_takes_the_named_dataset(here):
    export("Berlin", "Hamburg", "", "eve@example.com")
    (here / "all.token").write_text("of-all", encoding="utf-8")
    with serve(Meta()) as running:
        without = rows(send(running))
        named = rows(send(running, dataset="1003", token_file="all.token"))
    assert [(row["status"], row["reason"], row["field"]) for row in without] == [
        ("accepted", "", ""),
        ("invalid", "unknown_store", "dataset"),
        ("invalid", "missing_store", "dataset"),
        ("invalid", "unknown_store", "dataset"),
    ]
    assert "(Hamburg)" in without[1]["message"]
    assert "eve" not in without[3]["message"]
    assert (named[2]["dataset"], named[2]["status"]) == ("1003", "accepted")


def test_a_token_that_dies_in_the_middle_stops_its_dataset_only(here):
    export(*["Berlin", "Paris Nord"] * 30)
    meta = Meta(lambda dataset, number: dead(dataset, number, after=2))
    with serve(meta) as running:
        summary = send(running, batch_size=10, concurrency=1)
    status = [(row["dataset"], row["status"], row["reason"]) for row in rows(summary)]
    assert status.count(("1001", "accepted", "")) == 30
    assert status.count(("1002", "accepted", "")) == 20
    assert status.count(("1002", "unsent", "run_stopped")) == 10
    assert any(notice.startswith("Dataset 1002: ") for notice in summary.notices)
    assert len(meta.events("1002")) == 20
    with serve(Meta()) as running_again:
        again = send(running_again, ledger=importer.state_folders.default_ledger(), report="again.csv")
    assert {row["status"] for row in rows(again)} == {"accepted"}  # another port is another Meta


def test_with_the_token_renewed_the_same_command_sends_the_rest(here):
    export(*["Berlin", "Paris Nord"] * 5)
    meta = Meta(lambda dataset, number: dead(dataset, number) if meta.is_dead else None)
    meta.is_dead = True
    with serve(meta) as running:
        first = told(send(running))
        meta.is_dead = False
        second = told(send(running))
    assert [status for _, status in first] == ["accepted", "unsent"] * 5
    assert [status for _, status in second] == ["duplicate", "accepted"] * 5
    assert (len(meta.events("1001")), len(meta.events("1002"))) == (5, 5)


def test_where_every_token_is_dead_the_run_stops_and_says_why(here):
    export("Berlin", "Paris Nord")
    with (
        serve(Meta(lambda dataset, number: dead(dataset, number, of=dataset))) as running,
        pytest.raises(AccessError) as error,
    ):
        send(running)
    assert [row["status"] for row in rows(error.value.summary)] == ["unsent"] * 2


def test_by_the_command_line_a_dead_dataset_makes_exit_code_1(here):
    export("Berlin", "Paris Nord")
    with serve(Meta(dead)) as running:
        done = subprocess.run(
            [
                sys.executable, "-m", "importer", "send", "sales.csv", "--dataset-column", "Store", "--datasets",
                "datasets.toml", "--now", NOW, "--graph-url", running.url, "--json",
            ],
            capture_output=True, text=True, check=False, env=os.environ,
        )  # fmt: skip
    assert done.returncode == 1, done.stderr
    summary = json.loads(done.stdout)
    assert (summary["rows"]["accepted"], summary["rows"]["unsent"]) == (1, 1)
    assert "Dataset 1002" in done.stderr
    assert not {"of-berlin", "of-paris"} & set((done.stdout + done.stderr).split())


def test_without_a_file_of_stores_the_column_holds_dataset_ids(here):
    export("1001", "1002", "n1", "1001", header="Dataset")
    meta = Meta()
    with serve(meta) as running:
        summary = send(running, dataset_column="Dataset", datasets=None, token="one")
    assert told(summary) == [("1001", "accepted"), ("1002", "accepted"), ("", "invalid"), ("1001", "accepted")]
    assert set(meta.asked) == {("1001", "one"), ("1002", "one")}


GATEWAY = "DATA_SET_ID,EVENT_NAME,EVENT_TIME,EMAIL,VALUE,CURRENCY,ORDER_ID\n" + "".join(
    f"{dataset},Purchase,2026-11-20 10:00:00,g{n}@example.com,5,EUR,G{n}\n"
    for n, dataset in enumerate((1001, 1002, 1001))
)


def test_a_gateway_file_names_its_datasets_itself(here):
    Path("gateway.csv").write_text(GATEWAY, encoding="utf-8")
    meta = Meta()
    with serve(meta) as running:
        options = {"now": NOW, "timezone": "UTC", "graph_url": running.url}
        checked = importer.check("gateway.csv", **options)
        assert told(checked) == [("1001", "ready"), ("1002", "ready"), ("1001", "ready")]
        one = importer.check("gateway.csv", dataset="1001", **options)
        assert [row["reason"] for row in rows(one)] == ["", "other_dataset", ""]
        assert "(1002)" in rows(one)[1]["message"]
        dropped = importer.check("gateway.csv", dataset="1001", map=["DATA_SET_ID=-"], **options)
        assert [row["status"] for row in rows(dropped)] == ["ready"] * 3
        sent = importer.send("gateway.csv", token="one", **options)
    assert told(sent) == [("1001", "accepted"), ("1002", "accepted"), ("1001", "accepted")]
    assert sent.as_json()["dataset"] == ["1001", "1002"]


def test_one_receipt_number_of_two_stores_is_two_sales_also_as_lines(here):
    header = "Order ID,Date,Email,Item,Quantity,Line total,Currency,Store\n"
    lines = "".join(
        f"7,2026-11-20T10:00:00Z,ada@example.com,{item},1,{price},EUR,{store}\n"
        for item, price, store in [("x", 3, "Berlin"), ("x", 3, "Paris Nord"), ("y", 4, ""), ("y", 5, "Berlin")]
    )
    Path("lines.csv").write_text(header + lines, encoding="utf-8")
    meta = Meta()
    with serve(meta) as running:
        summary = send(running, "lines.csv", rows="line")
    assert [dataset for dataset, _ in told(summary)] == ["1001", "1002", "1002", "1001"]
    values = {
        dataset: [event["custom_data"]["value"] for event in meta.events(dataset)] for dataset in ("1001", "1002")
    }
    assert values == {"1001": [8], "1002": [7]}


def test_a_refund_is_looked_up_in_its_own_dataset(here):
    export("Berlin", "Paris Nord", header="Store,Status")
    text = (
        Path("sales.csv")
        .read_text(encoding="utf-8")
        .replace("Berlin\n", "Berlin,paid\n")
        .replace("Nord\n", "Nord,paid\n")
    )
    Path("sales.csv").write_text(text, encoding="utf-8")
    Path("later.csv").write_text(text.replace("Nord,paid", "Nord,refunded"), encoding="utf-8")
    with serve(Meta()) as running:
        send(running)
        later = send(running, "later.csv")
    assert [row["reason"] for row in rows(later)] == ["earlier_run", "refunded_after_acceptance"]
    assert [one.dataset for one in importer.runs(refunds=True).refunds] == ["1002"]


def test_the_workbook_and_parquet_have_the_column_too(here):
    import openpyxl
    import pyarrow.parquet as pq

    export("Berlin", "Paris Nord")
    for name in ("r.parquet", "r.xlsx"):
        importer.check("sales.csv", dataset_column="Store", datasets="datasets.toml", now=NOW, report=name)
    assert pq.read_table("r.parquet").column("dataset").to_pylist() == ["1001", "1002"]
    sheet = openpyxl.load_workbook("r.xlsx")["Rows"]
    assert [row[-1] for row in sheet.iter_rows(values_only=True)][:3] == ["dataset", "1001", "1002"]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("[store.Berlin]\n", "dataset must be the digits of its id"),
        ('[store.Berlin]\ndataset = "12a"\n', "dataset must be the digits of its id"),
        ('[store.Berlin]\ndataset = "1"\ntoken = "secret"\n', "a token does not stand here"),
        ('[store.Berlin]\ndataset = "1"\ntoken_file = "nowhere"\n', "nowhere cannot be read"),
        ('[store.Berlin]\ndataset = "1"\ntoken_env = "NO_SUCH"\n', "the environment has no NO_SUCH"),
        ('[store.Berlin]\ndataset = "1"\ntokenfile = "x"\n', "the key tokenfile is not known"),
        ('[store.Berlin]\ndataset = "1"\n', "the store Berlin has no token"),
        ('[store.Berlin]\ndataset = "1"\n[store.berlin]\ndataset = "2"\n', "differ in case or blanks only"),
        ('[stores.Berlin]\ndataset = "1"\n', "holds stores and nothing else"),
        ("[store.Berlin\n", "is not valid TOML"),
        ('[store.Berlin]\nprofile = "b"\n', "There is no capi-import.toml"),
    ],
)
def test_what_is_wrong_with_the_file_of_stores_is_told_in_one_sentence(here, text, words):
    export("Berlin")
    Path("datasets.toml").write_text(text, encoding="utf-8")
    with pytest.raises(UsageError) as error:
        importer.send(
            "sales.csv", dataset_column="Store", datasets="datasets.toml", now=NOW, graph_url="http://127.0.0.1:9"
        )
    assert words in str(error.value)
    assert "secret" not in str(error.value)


def test_a_stores_profile_gives_its_dataset_and_token_and_may_not_read_rows_in_another_way(here):
    export("Berlin")
    Path("datasets.toml").write_text('[store.Berlin]\nprofile = "berlin"\n', encoding="utf-8")
    profile = '[profile.berlin]\ndataset = "1009"\ntoken_file = "berlin.token"\ncurrency = "EUR"\n'
    Path("capi-import.toml").write_text(profile, encoding="utf-8")
    meta = Meta()
    with serve(meta) as running:
        with pytest.raises(UsageError, match="its profile berlin says another currency"):
            send(running)
        assert told(send(running, currency="EUR")) == [("1009", "accepted")]
    assert meta.asked == [("1009", "of-berlin")]


def test_what_does_not_go_together_is_told(here):
    export("Berlin")
    with pytest.raises(UsageError, match="goes with --dataset-column"):
        importer.check("sales.csv", datasets="datasets.toml", now=NOW)
    with pytest.raises(UsageError, match="has no column Shop to route by"):
        importer.check("sales.csv", dataset_column="Shop", datasets="datasets.toml", now=NOW)
    with pytest.raises(UsageError, match="Say which dataset"):
        importer.send("sales.csv", token="t", now=NOW)


# ---------------------------------------------------------------------- check --online, watch, prepare


class Asked(Sandbox):
    """A sandbox that keeps which token asked about which dataset; a token in `dead` is refused."""

    def __init__(self, *expired):
        self.asked = []

        def refuse(request):
            if request.method != "GET":
                return None
            token = request.headers["authorization"].removeprefix("Bearer ")
            self.asked.append((request.path.split("/")[-1], token))
            if token in expired:
                return json_response(400, error_body(GraphError(190, message="The token has expired."), "en", "Adead"))
            return None

        super().__init__(SandboxOptions(refuse=(refuse,)), clock=lambda: 1_795_474_800)


def check_online(running, **options):
    told = {"dataset_column": "Store", "datasets": "datasets.toml", "now": NOW, "graph_url": running.url, "force": True}
    return importer.check("sales.csv", online=True, **told | options)


def test_check_online_asks_for_each_dataset_that_occurs_with_its_own_token(here):
    export("Berlin", "Berlin")
    meta = Asked()
    with serve(meta) as running:
        summary = check_online(running)
        assert meta.asked == [("1001", "of-berlin")]
        assert any("Meta takes the token and knows dataset 1001" in notice for notice in summary.notices)
        export("Berlin", "Paris Nord", "Berlin")
        both = check_online(running)
    assert meta.asked[1:] == [("1001", "of-berlin"), ("1002", "of-paris")]
    assert any("dataset 1001" in notice and "dataset 1002" in notice for notice in both.notices)


def test_check_online_says_which_dataset_is_wrong_and_tries_a_dead_token_once(here):
    export("Berlin", "Paris Nord")
    with serve(Asked("of-paris")) as running, pytest.raises(AccessError, match="Dataset 1002: ") as error:
        check_online(running)
    assert "1001" not in str(error.value)
    export("1001", "1002", "1003", header="Dataset")
    meta = Asked("one")
    with serve(meta) as running, pytest.raises(AccessError, match="Dataset 1001: "):
        check_online(running, dataset_column="Dataset", datasets=None, token="one")
    assert meta.asked == [("1001", "one")]


def test_check_online_without_a_token_says_so_before_anything_is_read(here):
    export("Berlin")
    with pytest.raises(UsageError, match="API key is required"):
        importer.check("sales.csv", online=True, dataset_column="Store", now=NOW)


WATCHED = """[profile.stores]
folder = "inbox"
dataset_column = "Store"
datasets = "datasets.toml"
timezone = "UTC"
"""


def test_watch_routes_as_send_does_by_a_profile_and_a_store_that_is_added_sends_the_rest(here):
    Path("capi-import.toml").write_text(WATCHED, encoding="utf-8")
    Path("inbox").mkdir()
    export("Berlin", "Paris Nord", "Hamburg", name="inbox/sales.csv")
    meta = Meta()
    with serve(meta) as running:
        options = {"settle": 0.05, "once": True, "graph_url": running.url, "now": NOW}
        assert importer.watch(**options).exit_code == 1  # Hamburg is not known
        assert set(meta.asked) == {("1001", "of-berlin"), ("1002", "of-paris")}
        assert importer.watch(**options).imported == ()
        added = DATASETS + '[store.Hamburg]\ndataset = "1002"\ntoken_env = "PARIS_TOKEN"\n'
        Path("datasets.toml").write_text(added, encoding="utf-8")
        done = importer.watch(**options)
    assert [path.name for path in done.imported] == ["sales.csv"]
    assert [len(meta.events(dataset)) for dataset in ("1001", "1002")] == [1, 2]


def test_watch_says_at_once_what_is_wrong_with_its_stores(here):
    Path("inbox").mkdir()
    Path("datasets.toml").write_text('[store.Berlin]\ndataset = "1001"\n', encoding="utf-8")
    with pytest.raises(UsageError, match="the store Berlin has no token"):
        importer.watch("inbox", dataset_column="Store", datasets="datasets.toml", once=True)


def test_prepare_and_deliver_are_for_one_dataset_and_say_so(here):
    export("Berlin")
    with pytest.raises(UsageError, match="prepare is for one dataset and takes neither --dataset-column"):
        importer.prepare("sales.csv", out="out", dataset_column="Store", datasets="datasets.toml", now=NOW)
    importer.prepare("sales.csv", out="out", now=NOW)
    Path("capi-import.toml").write_text(WATCHED, encoding="utf-8")
    with pytest.raises(UsageError, match="deliver is for one dataset"):
        importer.deliver("out", dataset="1001", token="one", profile="stores")
    Path("gateway.csv").write_text(GATEWAY, encoding="utf-8")
    with pytest.raises(UsageError, match=r"gateway\.csv names a dataset for each row \(DATA_SET_ID\)"):
        importer.prepare("gateway.csv", out="gateway", now=NOW, timezone="UTC")
    done = importer.prepare("gateway.csv", out="gateway", now=NOW, timezone="UTC", dataset="1001")
    assert done.ended == {"invalid": 1}
