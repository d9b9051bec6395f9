"""The command line as a user meets it: exit codes, sentences, files."""

import csv
import json
import os
import pty
import re
import select
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

import importer
from importer.cli import cli
from importer.graph_sandbox import Sandbox, SandboxOptions, World, serve

NOW = "2026-11-23T23:00:00Z"
CLOCK = 1_795_474_800.0
SALES = """Order ID,Date,Email,Phone,First Name,Total,Currency,Status
1,2026-11-20T10:00:00Z,ada.lovelace@example.com,+12025550101,Ada,12.50,EUR,paid
2,2026-11-20T11:00:00Z,bo@example.com,,Bo,7,EUR,refunded
3,2026-11-21T11:00:00Z,,,Cy,9,EUR,paid
"""


@pytest.fixture
def here(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "sales.csv").write_text(SALES, encoding="utf-8")
    return tmp_path


def run(*arguments, token="tok", **environ):  # noqa: S107
    env = {name: value for name, value in os.environ.items() if not name.startswith("CAPI_")}
    env |= {"XDG_STATE_HOME": str(Path.cwd() / "state"), "CAPI_ACCESS_TOKEN": token, **environ}
    return subprocess.run(
        [sys.executable, "-m", "importer", *arguments],
        capture_output=True,
        text=True,
        env=env,
        timeout=120,
        check=False,
    )


def report(path="sales.csv.report.csv"):
    return list(csv.DictReader(Path(path).read_text(encoding="utf-8").splitlines()))


def test_help_imports_nothing_heavy(here):
    code = "import sys; from importer.cli import cli; print(sorted({'pandas', 'pyarrow', 'httpx', 'pandera', 'rich'} & set(sys.modules)))"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout == "[]\n"


def test_no_module_hides_a_command(here):
    names = {path.stem for path in Path(importer.__file__).parent.iterdir() if path.suffix == ".py" or path.is_dir()}
    assert names & {*cli.commands, "check"} == set()
    assert all(callable(getattr(importer, name)) for name in cli.commands)


def test_check_imports_no_http(here):
    code = "import sys, importer; importer.check('sales.csv', now='2026-11-23'); print('httpx' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout == "False\n"


def test_check_needs_no_token_and_writes_no_ledger(here):
    done = run("check", "sales.csv", "--now", NOW, "--json", token="")
    summary = json.loads(done.stdout)
    assert done.returncode == 1
    assert summary["rows"] == {
        "total": 3,
        "accepted": 0,
        "ready": 1,
        "duplicate": 0,
        "skipped": 1,
        "invalid": 1,
        "rejected": 0,
        "unsent": 0,
    }
    assert [row["reason"] for row in report("sales.csv.check.csv")] == ["", "refunded", "too_broad_keys"]
    assert not list((here / "state").rglob("ledger*"))


def test_send_delivers_and_the_second_time_sends_nothing(here):
    graph = Sandbox(SandboxOptions(), clock=lambda: CLOCK)
    with serve(graph) as running:
        options = ("send", "sales.csv", "--dataset", "1001", "--now", NOW, "--graph-url", running.url, "--json")
        first, second = json.loads(run(*options).stdout), json.loads(run(*options).stdout)
    assert (first["events"], second["events"]) == ({"sent": 1, "accepted": 1}, {"sent": 0, "accepted": 0})
    assert second["rows"]["duplicate"] == 1
    assert first["value"] == {"EUR": 12.5}
    assert graph.summary().received == 1


def test_rejects_hold_the_rows_to_fix_and_can_be_imported_again(here):
    run("check", "sales.csv", "--now", NOW, "--rejects", "fixed.csv")
    fixed = report("fixed.csv")
    assert [row["Order ID"] for row in fixed] == ["3"]
    assert fixed[0]["reason"] == "too_broad_keys"
    text = (
        Path("fixed.csv")
        .read_text(encoding="utf-8")
        .replace(",,,Cy", ",cy@example.com,,Cy")
        .replace("Z,,,", "Z,cy@example.com,,")
    )
    Path("fixed.csv").write_text(text, encoding="utf-8")
    assert run("check", "fixed.csv", "--now", NOW).returncode == 0


def test_a_summary_can_be_made_again_from_the_stored_report_and_is_the_same(here):
    done = run("check", "sales.csv", "--now", NOW, "--report", "a.report.parquet", "--summary", "first.html")
    assert "first.html shows the same with charts" in done.stdout
    again = run("report", "a.report.parquet")
    assert again.returncode == 1
    assert again.stdout.startswith("1 of 3 rows ready to send (1 sale, 12.50 EUR)\n")
    assert "a.report.html shows the same with charts" in again.stdout
    assert Path("a.report.html").read_text(encoding="utf-8") == Path("first.html").read_text(encoding="utf-8")


def test_reports_of_several_runs_are_combined(here):
    for name, sales in (("one", SALES), ("two", re.sub(r"^(\d),", r"1\1,", SALES, flags=re.MULTILINE))):
        (here / f"{name}.csv").write_text(sales, encoding="utf-8")
        run("check", f"{name}.csv", "--now", NOW, "--report", f"{name}.report.parquet")
    done = run("report", "one.report.parquet", "two.report.parquet", "--summary", "both.html", "--json")
    assert json.loads(done.stdout)["rows"]["total"] == 6
    page = Path("both.html").read_text(encoding="utf-8")
    assert "2 of 6 rows ready to send" in page
    assert "two.csv" in page


def test_a_run_that_stops_leaves_a_summary_that_says_why(here):
    with serve(Sandbox(SandboxOptions(), clock=lambda: CLOCK)) as running:
        options = ("--now", NOW, "--graph-url", running.url, "--summary", "x.html")
        done = run("send", "sales.csv", "--dataset", "1001", *options, token="no-permission")
    assert done.returncode == 2
    assert [row["status"] for row in report()] == ["unsent", "skipped", "invalid"]
    page = Path("x.html").read_text(encoding="utf-8")
    assert "The run stopped early" in page
    assert "Run the same command again" in page
    assert "no-permission" not in page + done.stdout + done.stderr


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("check", "sales.csv", "--summary", "x.pdf"), "must end in .html or .htm"),
        (("check", "sales.csv", "--summary", "nowhere/x.html"), "The folder nowhere does not exist"),
        (("report", "sales.csv"), "not a report of capi-import"),
        (("report", "nope.report.parquet"), "There is no file nope.report.parquet"),
        (("report",), "Missing argument"),
        (("send", "sales.csv"), "--dataset"),
        (("check", "nope.csv"), "no file nope.csv"),
        (("check",), "Missing argument"),
        (("check", "sales.csv", "--colour"), "No such option"),
        (("check", "sales.csv", "--report", "x.txt"), "must end in .csv, .parquet or .xlsx"),
        (("check", "sales.csv", "--report", "sales.csv"), "overwrite"),
        (("check", "sales.csv", "--schema", "nope"), "no schema called nope"),
        (("send", "sales.csv", "--dataset", "1", "--graph-url", "ftp://x"), "http"),
        (("send", "sales.csv", "--dataset", "1", "--graph-url", "http://graph.example.com"), "this machine only"),
        (("send", "sales.csv", "--dataset", "1", "--webhook", "file:///etc/passwd"), "--webhook"),
        (("ledger", "forget", "--dataset", "1", "--before", "soon"), "--before"),
        (("schemas", "nope"), "no schema called nope"),
        (("check", "sales.csv", "--schema", "hubspot_deals_de"), "did you mean hubspot_deals?"),
        (("schemas", "paypal_fr"), "did you mean paypal?"),
    ],
)
def test_what_cannot_run_says_so_in_one_sentence_and_exits_2(here, arguments, words):
    done = run(*arguments)
    assert done.returncode == 2
    assert words in done.stderr
    assert "Traceback" not in done.stderr + done.stdout


@pytest.mark.parametrize(
    ("token", "dataset", "words"),
    [("dead-token", "1001", "Meta refuses the access token"), ("tok", "404", "no dataset 404: it does not exist")],
)
def test_a_dead_token_or_a_wrong_dataset_stops_before_the_file_is_read(here, token, dataset, words):
    graph = Sandbox(SandboxOptions(world=World(closed=True)), clock=lambda: CLOCK)
    with serve(graph) as running:
        where = ("--dataset", dataset, "--graph-url", running.url)
        done = run("send", "sales.csv", *where, "--now", NOW, "--ledger", "l.db", token=token)
        missing = run("send", "nope.csv", *where, token=token)
    assert done.returncode == 2
    assert words in done.stderr
    assert len(done.stderr.splitlines()) == 1
    assert "dead-token" not in done.stdout + done.stderr
    assert not {"sales.csv.report.csv", "l.db"} & {path.name for path in here.iterdir()}
    assert graph.summary().received == 0
    assert missing.stderr == "Error: There is no file nope.csv; check the path.\n"


def test_a_pyspark_that_is_installed_beside_warns_nobody(here, tmp_path):
    """pandera imports it, and it warns of newer versions of pandas."""
    words = "PySpark does not yet fully support pandas >= 3.0.0. Some features may not work correctly."
    (tmp_path / "beside" / "pyspark").mkdir(parents=True)
    warning = f"import warnings\nwarnings.warn({words!r}, FutureWarning, stacklevel=2)\nraise ImportError\n"
    (tmp_path / "beside" / "pyspark" / "__init__.py").write_text(warning)
    path = os.pathsep.join([str(Path(__file__).parents[1]), str(tmp_path / "beside")])
    done = run("check", "sales.csv", "--now", NOW, "--timezone", "UTC", "--country", "DE", PYTHONPATH=path)
    assert (done.returncode, done.stderr) == (1, "")


def test_nothing_personal_and_no_token_is_written_anywhere(here):
    graph = Sandbox(SandboxOptions(poison=frozenset({"1"})), clock=lambda: CLOCK)
    with serve(graph) as running:
        options = (
            "send",
            "sales.csv",
            "--dataset",
            "1001",
            "--now",
            NOW,
            "--graph-url",
            running.url,
            "--verbose",
            "--summary",
            "s.html",
        )
        done = run(*options, token="SECRETTOKEN", CAPI_APP_SECRET="APPSECRET")
    written = (done.stdout + done.stderr).encode()
    written += b"".join(path.read_bytes() for path in here.rglob("*") if path.is_file() and path.name != "sales.csv")
    assert report()[0]["status"] == "rejected"
    for secret in (b"SECRETTOKEN", b"APPSECRET", b"ada.lovelace", b"Lovelace", b"2025550101", b"bo@example.com"):
        assert secret not in written


def test_a_bug_is_reported_with_a_file_that_holds_no_data(here, monkeypatch):
    code = (
        "import importer.commands.send as r, sys\n"
        "def broken(*a, **k): raise RuntimeError('ada.lovelace@example.com')\n"
        "r.check = broken\n"
        "sys.argv = ['capi-import', 'check', 'sales.csv']\n"
        "from importer.cli import main; main()\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 3
    file = Path(re.search(r"file (\S+), which", done.stderr)[1])
    assert "in broken" in file.read_text()
    assert "ada.lovelace" not in file.read_text() + done.stderr
    file.unlink()


def start_slowly(here, graph_url, **how):
    rows = [f"{n},2026-11-20T10:00:00Z,p{n}@example.com,,P,5,EUR,paid" for n in range(3_000)]
    (here / "sales.csv").write_text(SALES.splitlines()[0] + "\n" + "\n".join(rows) + "\n")
    options = ["send", "sales.csv", "--dataset", "1001", "--now", NOW, "--graph-url", graph_url, "--batch-size", "50"]
    options += ["--concurrency", "1", "--ledger", "l.db"]
    process = subprocess.Popen(
        [sys.executable, "-m", "importer", *options],
        env=os.environ | {"CAPI_ACCESS_TOKEN": "t"},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        **how,
    )
    return process, options


def wait_for_first(graph, process):
    while graph.summary().received == 0 and process.poll() is None:
        time.sleep(0.05)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_signal_drains_writes_the_report_and_exits_130(here, number):
    graph = Sandbox(SandboxOptions(latency=0.4), clock=lambda: CLOCK)
    with serve(graph) as running:
        process, options = start_slowly(here, running.url)
        wait_for_first(graph, process)
        process.send_signal(number)
        _, errors = process.communicate(timeout=60)
        assert process.returncode == 130
        assert "same command again" in errors
        statuses = {row["status"] for row in report()}
        assert statuses == {"accepted", "unsent"}
        done = run(*options[:-4], "--ledger", "l.db", "--json")
    assert json.loads(done.stdout)["rows"]["unsent"] == 0
    assert graph.summary().distinct == 3_000


def test_a_hang_up_that_was_ignored_at_the_start_stays_ignored(here):
    graph = Sandbox(SandboxOptions(latency=0.02), clock=lambda: CLOCK)
    with serve(graph) as running:
        process, _ = start_slowly(here, running.url, preexec_fn=lambda: signal.signal(signal.SIGHUP, signal.SIG_IGN))
        wait_for_first(graph, process)
        process.send_signal(signal.SIGHUP)
        process.communicate(timeout=60)
    assert process.returncode == 0
    assert graph.summary().received == 3_000


def test_a_terminal_that_goes_away_ends_the_run_in_order(here):
    graph = Sandbox(SandboxOptions(latency=0.4), clock=lambda: CLOCK)
    mine, its = os.openpty()
    with serve(graph) as running:
        rows = [f"{n},2026-11-20T10:00:00Z,p{n}@example.com,,P,5,EUR,paid" for n in range(3_000)]
        (here / "sales.csv").write_text(SALES.splitlines()[0] + "\n" + "\n".join(rows) + "\n")
        options = [
            "send",
            "sales.csv",
            "--dataset",
            "1001",
            "--now",
            NOW,
            "--graph-url",
            running.url,
            "--batch-size",
            "50",
        ]
        process = subprocess.Popen(
            [sys.executable, "-m", "importer", *options, "--concurrency", "1", "--ledger", "l.db"],
            env=os.environ | {"CAPI_ACCESS_TOKEN": "t"},
            stdin=its,
            stdout=its,
            stderr=its,
            start_new_session=True,
        )
        os.close(its)
        reader = threading.Thread(target=drain, args=(mine,), daemon=True)
        reader.start()
        wait_for_first(graph, process)
        process.send_signal(signal.SIGHUP)
        assert process.wait(timeout=60) == 130
    assert {row["status"] for row in report()} == {"accepted", "unsent"}


def drain(handle):
    try:
        while os.read(handle, 65_536):
            pass
    except OSError:
        pass


def test_columns_show_shapes_and_save_a_schema_that_send_takes(here):
    done = run("columns", "sales.csv", "--save", "mine.toml")
    assert done.returncode == 0
    assert "ada" not in done.stdout
    assert "xxx.xxxxxxxx@xxxxxxx.xxx" in done.stdout
    again = run("check", "sales.csv", "--now", NOW, "--schema", "mine.toml", "--json")
    assert json.loads(again.stdout)["rows"]["ready"] == 1
    assert run("columns", "sales.csv", "--save", "mine.toml").returncode == 0  # nobody changed it
    Path("mine.toml").write_text("# mine", encoding="utf-8")
    assert run("columns", "sales.csv", "--save", "mine.toml").returncode == 2
    assert Path("mine.toml").read_text(encoding="utf-8") == "# mine"


ODD = "Order,Date,Zotz,Total,Currency,Status\n" + "".join(
    f"{order},2026-11-2{order}T10:00:00Z,{name}@example.com,{order}.00,EUR,{word}\n"
    for order, name, word in ((1, "ann", "paid"), (2, "bob", "gebongt"), (3, "cy", "cancelled"))
)
"""An address that only its cells show, and a status that nobody knows."""


def test_columns_say_how_sure_they_are_and_why_and_what_is_asked(here):
    (here / "odd.csv").write_text(ODD, encoding="utf-8")
    found = json.loads(run("columns", "odd.csv", "--json").stdout)
    by_header = {column["header"]: column for column in found["columns"]}
    assert (by_header["Total"]["field"], by_header["Total"]["confidence"]) == ("value", "certain")
    assert (by_header["Zotz"]["field"], by_header["Zotz"]["confidence"]) == ("em", "likely")
    assert "100 % of its cells are e-mail addresses" in by_header["Zotz"]["why"]
    assert [question["kind"] for question in found["questions"]] == ["column", "status"]


def test_send_asks_before_anything_is_sent_and_check_goes_on_without(here):
    (here / "odd.csv").write_text(ODD, encoding="utf-8")
    send = ("send", "odd.csv", "--dataset", "1001", "--now", NOW, "--graph-url", "http://127.0.0.1:9")
    asked = run(*send, "--json")
    assert asked.returncode == 2
    column, status = json.loads(asked.stdout)["questions"]
    assert (column["kind"], column["options"]) == ("column", ["--map Zotz=em", "--map Zotz=-"])
    assert (status["column"], status["values"], status["line"]) == ("Status", {"gebongt": 1}, 3)
    assert "--status gebongt=sale" in status["options"]
    assert "--map Zotz=em" in run(*send).stderr
    checked = run("check", "odd.csv", "--now", NOW, "--json")
    assert checked.returncode == 1
    assert [question["kind"] for question in json.loads(checked.stdout)["questions"]] == ["column", "status"]
    answered = run("check", "odd.csv", "--now", NOW, "--json", "--map", "Zotz=em", "--status", "gebongt=sale")
    assert answered.returncode == 0
    assert json.loads(answered.stdout)["rows"]["ready"] == 2


def test_what_was_answered_is_kept_as_a_schema(here):
    (here / "odd.csv").write_text(ODD, encoding="utf-8")
    told = ("--map", "Zotz=em", "--status", "gebongt=sale", "--save-answers", "odd.toml")
    assert run("check", "odd.csv", "--now", NOW, *told).returncode == 0
    again = run("check", "odd.csv", "--now", NOW, "--schema", "odd.toml", "--json")
    assert (again.returncode, json.loads(again.stdout)["rows"]["ready"]) == (0, 2)


def test_a_person_at_a_terminal_chooses_from_a_list(here):
    text = ODD.replace("T10:00:00Z", " 10:00").replace("gebongt", "paid")
    (here / "odd.csv").write_text(text, encoding="utf-8")
    master, slave = pty.openpty()
    command = [sys.executable, "-m", "importer", "check", "odd.csv", "--now", NOW, "--ledger", "l.db"]
    with subprocess.Popen(command, stdin=slave, stdout=slave, stderr=slave, close_fds=True) as process:
        os.close(slave)
        shown = _until(master, b"a value)")
        os.write(master, b"Europe/Berlin\n")
        shown += _until(master, b"a value)")
        os.write(master, b"1\n")
        shown += _until(master, b"Report")
        process.kill() if b"Report" not in shown else None
        assert process.wait(timeout=60) == 0
    os.close(master)
    assert b"In which time zone are the times in the column" in shown
    assert b"--map Zotz=em" in shown
    assert {
        (row["event_time"], row["match_keys"]) for row in report("odd.csv.check.csv") if row["status"] == "ready"
    } == {
        ("2026-11-21T09:00:00Z", "em"),
        ("2026-11-22T09:00:00Z", "em"),
    }


def _until(terminal: int, words: bytes, seconds: float = 60) -> bytes:
    """Read from a terminal until it shows the words, ends, or says nothing for long."""
    shown = b""
    while words not in shown and select.select([terminal], [], [], seconds)[0]:
        try:
            shown += os.read(terminal, 4096)
        except OSError:  # the other side is closed
            break
    return shown


def test_the_public_names_are_sorted_and_all_there():
    import importer

    assert importer.__all__ == sorted(importer.__all__)
    assert all(getattr(importer, name) is not None for name in importer.__all__)
    assert not hasattr(importer, "nothing")


def test_a_run_that_cannot_begin_leaves_nothing_behind(here):
    before = sorted(path.name for path in here.iterdir())
    done = run("check", "sales.csv", "--now", NOW, "--summary", "s.html", "--report", "nowhere/x.csv")
    assert done.returncode == 2
    assert sorted(path.name for path in here.iterdir()) == before


@pytest.mark.slow
def test_a_run_that_ends_at_once_ends_in_order(tmp_path):
    """While pandas is being imported in a thread: one in fifteen of these aborted."""
    (tmp_path / "tiny.csv").write_text("a,b\n1,2\n")
    command = [sys.executable, "-m", "importer", "check", "tiny.csv"]
    runs = [subprocess.run(command, cwd=tmp_path, capture_output=True, check=False) for _ in range(20)]
    assert {run.returncode for run in runs} == {2}
