"""What a run writes survives the next run, and what somebody changed survives every run."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

import importer
from importer.errors import UsageError
from importer.graph_sandbox import Sandbox, SandboxOptions, serve
from importer.results.files_db import FileKind, Standing, kind_of, remember, standing
from importer.results.output_files import Output, Overwrite, next_free

NOW = "2026-11-23T23:00:00Z"
SALES = (
    "order_id,email,event_time,value,currency\n"
    "A-1,ada@example.com,2026-11-20T10:00:00Z,12.50,EUR\n"
    "A-2,bob@example.com,,20,EUR\n"
    "A-3,eve@example.com,2026-11-21T10:00:00Z,,EUR\n"
)
HEADERS = (
    b"file,sheet,row,line,status,field,reason,message,warnings,order_id,event_id,event_name,event_time,value,currency"
)


@pytest.fixture
def here(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    Path("sales.csv").write_text(SALES, encoding="utf-8")
    return tmp_path


@pytest.fixture
def graph_url():
    with serve(Sandbox(SandboxOptions())) as running:
        yield running.url


@pytest.fixture
def send(here, graph_url):
    def run(*files, **options):
        given = {"dataset": "1001", "token": "any", "graph_url": graph_url, "now": NOW, "ledger": "l.db"}
        return importer.send(*files, **(given | options))

    return run


def names(pattern="*"):
    return sorted(path.name for path in Path().glob(pattern) if path.is_file())


def test_send_gives_report_rejects_and_summary_the_next_free_number_and_says_so(send, caplog) -> None:
    first = send("sales.csv", rejects="fix.csv", summary="page.html")
    before = {name: Path(name).read_bytes() for name in names()}
    Path("fix.csv").write_text("mended", encoding="utf-8")
    second = send("sales.csv", rejects="fix.csv", summary="page.html")
    third = send("sales.csv", rejects="fix.csv", summary="page.html")
    assert [run.report.name for run in (first, second, third)] == [
        *("sales.csv.report.csv", "sales.csv.report-2.csv", "sales.csv.report-3.csv"),
    ]
    assert [run.rejects.name for run in (first, second, third)] == ["fix.csv", "fix-2.csv", "fix-3.csv"]
    assert [run.page.name for run in (first, second, third)] == ["page.html", "page-2.html", "page-3.html"]
    assert Path("fix.csv").read_text(encoding="utf-8") == "mended"
    assert Path("sales.csv.report.csv").read_bytes() == before["sales.csv.report.csv"]
    assert Path("page.html").read_bytes() == before["page.html"]
    assert "fix.csv is there already; this run's is fix-2.csv." in caplog.text


def test_check_writes_its_own_report_and_leaves_that_of_send(send) -> None:
    sent = send("sales.csv")
    told = sent.report.read_bytes()
    for _ in range(2):
        assert importer.check("sales.csv", now=NOW).report == Path("sales.csv.check.csv")
    assert sent.report.read_bytes() == told
    assert names("sales.csv.*") == ["sales.csv.check.csv", "sales.csv.report.csv"]


@pytest.mark.parametrize("option", ["report", "rejects", "summary", "save_answers"])
def test_check_replaces_what_it_wrote_and_refuses_what_somebody_changed_or_brought(here, option) -> None:
    ending = {"summary": "html", "save_answers": "toml"}.get(option, "csv")
    target = Path(f"out.{ending}")
    importer.check("sales.csv", now=NOW, **{option: target})
    importer.check("sales.csv", now=NOW, **{option: target})
    written = target.read_bytes()
    for mine in (written + b"\n", b"", b"mine"):
        target.write_bytes(mine)
        with pytest.raises(UsageError, match=r"was changed since this program wrote it; .*--force"):
            importer.check("nowhere.csv", now=NOW, **{option: target})  # before anything is read
        assert target.read_bytes() == mine
    foreign = target.with_stem("foreign")
    foreign.write_bytes(written)  # even of the same content
    with pytest.raises(UsageError, match=r"is not by this program; .*--force"):
        importer.check("nowhere.csv", now=NOW, **{option: foreign})
    importer.check("sales.csv", now=NOW, force=True, **{option: foreign})
    importer.check("sales.csv", now=NOW, **{option: foreign})  # now it is its own


def test_a_link_to_a_file_is_somebody_elses_and_dangling_ones_are_taken(send) -> None:
    Path("precious.csv").write_text("precious", encoding="utf-8")
    Path("fix.csv").symlink_to("precious.csv")
    Path("sales.csv.report.csv").symlink_to("nowhere.csv")
    with pytest.raises(UsageError, match="is not by this program"):
        importer.check("sales.csv", now=NOW, rejects="fix.csv")
    summary = send("sales.csv", rejects="fix.csv")
    assert (summary.rejects.name, summary.report.name) == ("fix-2.csv", "sales.csv.report-2.csv")
    assert Path("precious.csv").read_text(encoding="utf-8") == "precious"


def test_saved_answers_of_a_weekly_run_are_kept_and_the_same_ones_are_not_written_twice(send) -> None:
    send("sales.csv", save_answers="mine.toml")
    send("sales.csv", save_answers="mine.toml")
    assert names("*.toml") == ["mine.toml"]
    Path("mine.toml").write_text("# mine", encoding="utf-8")
    send("sales.csv", save_answers="mine.toml")
    assert names("*.toml") == ["mine-2.toml", "mine.toml"]
    assert Path("mine.toml").read_text(encoding="utf-8") == "# mine"


def test_a_page_of_stored_reports_replaces_its_own_only(send) -> None:
    send("sales.csv")
    importer.report("sales.csv.report.csv")
    assert importer.report("sales.csv.report.csv").page == Path("sales.csv.report.html")
    Path("sales.csv.report.html").write_text("mine", encoding="utf-8")
    with pytest.raises(UsageError, match="was changed since"):
        importer.report("sales.csv.report.csv")
    assert Path("sales.csv.report.html").read_text(encoding="utf-8") == "mine"
    importer.report("sales.csv.report.csv", force=True)


# --- own files among the inputs


def everything_of_a_week(send):
    send("sales.csv", rejects="fix.csv", summary="page.html", save_answers="mine.toml")
    send("sales.csv", report="book.xlsx", rejects="fix.xlsx")
    send("sales.csv", report="rows.parquet", rejects="fix.parquet")
    importer.check("sales.csv", now=NOW)


@pytest.mark.parametrize("known", [True, False])
def test_the_programs_own_files_among_the_inputs_are_said_and_left_out(send, caplog, known) -> None:
    everything_of_a_week(send)
    if not known:
        Path("state/capi-import/files.db").unlink()
        for name in names("fix*"):
            Path(name).unlink()  # what cannot be told from a fixed one is read again
        Path("mine.toml").unlink()
    caplog.clear()
    Path("new.csv").write_text(SALES.replace("A-", "B-"), encoding="utf-8")
    summary = send(*[path for path in sorted(Path().glob("*.*")) if not path.name.startswith("l.db")])
    assert summary.files == ("new.csv", "sales.csv")
    assert "Not read, since this program wrote them: " in caplog.text
    assert "book.xlsx (report)" in caplog.text


@pytest.mark.parametrize("name", ["sales.csv.report.csv", "book.xlsx", "rows.parquet", "page.html", "mine.toml"])
def test_an_own_file_alone_is_refused_in_a_sentence(send, name) -> None:
    everything_of_a_week(send)
    for run in (send, importer.check):
        with pytest.raises(UsageError, match=f"{name} is a .* of this program, not an export"):
            run(name)


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_a_report_that_a_spreadsheet_saved_again_is_no_input_either(send, delimiter) -> None:
    send("sales.csv")
    text = Path("sales.csv.report.csv").read_text(encoding="utf-8").replace(",", delimiter)
    Path("again.csv").write_text(text, encoding="utf-8-sig")
    with pytest.raises(UsageError, match="is a report of this program"):
        send("again.csv")


def test_rejects_that_nobody_fixed_are_left_out_and_fixed_ones_are_read(send) -> None:
    send("sales.csv", rejects="fix.csv")
    assert send("sales.csv", "fix.csv").files == ("sales.csv",)
    assert send("fix.csv").files == ("fix.csv",)  # alone they do no harm
    fixed = (
        Path("fix.csv")
        .read_text(encoding="utf-8")
        .replace("bob@example.com,,", "bob@example.com,2026-11-21T10:00:00Z,")
    )
    Path("fix.csv").write_text(fixed, encoding="utf-8")
    summary = send("sales.csv", "fix.csv", rejects="fix.csv")
    assert summary.files == ("sales.csv", "fix.csv")
    assert summary.accepted == 1
    assert Path("fix.csv").read_text(encoding="utf-8") == fixed


def test_rejects_with_unsent_rows_are_read_as_they_are(here) -> None:
    Path("fix.csv").write_text(SALES, encoding="utf-8")
    remember(Path("fix.csv"), Path("fix.csv"), FileKind.UNSENT)
    assert importer.check("sales.csv", "fix.csv", now=NOW).files == ("sales.csv", "fix.csv")


# --- files.db


def damaged(db: Path) -> None:
    db.write_bytes(b"no database at all" * 100)


def gone(db: Path) -> None:
    db.unlink()


def a_folder(db: Path) -> None:
    db.unlink()
    db.mkdir()


def half(db: Path) -> None:
    db.write_bytes(db.read_bytes()[:5000])


def other_columns(db: Path) -> None:
    with sqlite3.connect(db) as connection:
        connection.execute("DROP TABLE files")
        connection.execute("CREATE TABLE files (name TEXT)")


@pytest.mark.parametrize("trouble", [damaged, gone, a_folder, half, other_columns])
def test_a_run_goes_on_whatever_became_of_files_db(send, trouble) -> None:
    send("sales.csv")
    trouble(Path("state/capi-import/files.db"))
    assert send("sales.csv").report.name == "sales.csv.report-2.csv"
    assert importer.check("sales.csv", now=NOW).report.is_file()
    summary = importer.check("sales.csv", now=NOW, force=True)
    assert summary.report == Path("sales.csv.check.csv")
    if trouble in (damaged, gone, half):  # a new one was begun
        importer.check("sales.csv", now=NOW)


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_state_folder_that_cannot_be_written_is_told_and_no_more(send, caplog) -> None:
    Path("state/capi-import").mkdir(parents=True, mode=0o500)
    assert send("sales.csv").report.is_file()
    assert "files.db" in caplog.text


def test_a_state_folder_that_is_a_file_is_told_and_no_more(send, caplog) -> None:
    Path("state").write_text("", encoding="utf-8")
    remember(Path("sales.csv"), Path("sales.csv"), FileKind.REPORT)
    assert "cannot be noted" in caplog.text
    assert standing(Path("sales.csv")) is Standing.FOREIGN


def test_files_db_is_for_its_owner_only(send) -> None:
    send("sales.csv")
    assert Path("state/capi-import/files.db").stat().st_mode & 0o077 == 0


def test_a_name_that_is_no_text_is_known_again(here) -> None:
    path = Path(os.fsdecode(b"caf\xe9.csv"))
    path.write_bytes(b"x")
    remember(path, path, FileKind.REPORT)
    assert standing(path) is Standing.OWN
    assert kind_of(path) is FileKind.REPORT


def test_several_processes_note_their_files_at_once(here) -> None:
    script = (
        "import sys; from pathlib import Path; from importer.results.files_db import FileKind, remember\n"
        "for number in range(20):\n"
        "    path = Path(f'{sys.argv[1]}-{number}.csv'); path.write_text(str(path))\n"
        "    remember(path, path, FileKind.REPORT)\n"
    )
    env = os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)}
    runs = [subprocess.Popen([sys.executable, "-c", script, str(number)], env=env) for number in range(4)]
    assert [run.wait() for run in runs] == [0] * 4
    for number in range(4):
        assert {standing(Path(f"{number}-{place}.csv")) for place in range(20)} == {Standing.OWN}


# --- the moment a file takes its place


def written(path: Path, content: bytes, overwrite: Overwrite) -> Path:
    output = Output(path, FileKind.REPORT, overwrite)
    output.stream.write(content)
    output.sync()
    output.publish()
    return output.path


def test_two_runs_at_once_never_take_one_name(here) -> None:
    barrier = threading.Barrier(8)

    def run(number: int) -> Path:
        output = Output(Path("fix.csv"), FileKind.REJECTS, Overwrite.NEVER)
        output.stream.write(str(number).encode())
        output.sync()
        barrier.wait()
        output.publish()
        return output.path

    with ThreadPoolExecutor(8) as pool:
        places = list(pool.map(run, range(8)))
    assert sorted(path.name for path in places) == ["fix-2.csv", *(f"fix-{n}.csv" for n in range(3, 9)), "fix.csv"]
    assert [int(path.read_text()) for path in places] == list(range(8))


def test_a_name_that_a_living_run_will_take_is_not_free(here) -> None:
    output = Output(Path("fix.csv"), FileKind.REJECTS, Overwrite.NEVER)
    assert next_free(Path("fix.csv")) == Path("fix-2.csv")
    output.discard()
    assert next_free(Path("fix.csv")) == Path("fix.csv")
    Path("fix.csv.0123abcd.part").write_text("of a killed run", encoding="utf-8")
    assert next_free(Path("fix.csv")) == Path("fix.csv")


@pytest.mark.parametrize("overwrite", [Overwrite.NEVER, Overwrite.OWN])
def test_a_file_that_came_meanwhile_is_left_and_said(here, caplog, overwrite) -> None:
    output = Output(Path("out.csv"), FileKind.REPORT, overwrite)
    Path("out.csv").write_text("mine", encoding="utf-8")
    output.publish()
    assert output.path == Path("out-2.csv")
    assert Path("out.csv").read_text(encoding="utf-8") == "mine"
    assert "out.csv stands there since; what was written is out-2.csv." in caplog.text


def test_a_disk_without_hard_links_replaces_nothing_either(here, monkeypatch) -> None:
    def refuse(*args, **options):
        raise PermissionError(1, "Operation not permitted")

    monkeypatch.setattr(os, "link", refuse)
    assert written(Path("out.csv"), b"1", Overwrite.NEVER) == Path("out.csv")
    assert written(Path("out.csv"), b"2", Overwrite.NEVER) == Path("out-2.csv")
    assert Path("out.csv").read_bytes() == b"1"
    assert names("*.part") == []


@pytest.mark.parametrize("step", ["remember", "replace"])
def test_a_run_killed_as_its_file_takes_its_place_leaves_the_old_or_the_new_one_and_knows_it(here, step) -> None:
    written(Path("out.csv"), b"old", Overwrite.OWN)
    script = (
        "import os, sys; from pathlib import Path; from importer.results import output_files as o\n"
        "real = {'remember': o.remember, 'replace': Path.replace}[sys.argv[1]]\n"
        "def then_die(*a, **k):\n    real(*a, **k); os.kill(os.getpid(), 9)\n"
        "if sys.argv[1] == 'remember':\n    o.remember = then_die\nelse:\n    Path.replace = then_die\n"
        "out = o.Output(Path('out.csv'), o.FileKind.REPORT, o.Overwrite.OWN)\n"
        "out.stream.write(b'new'); out.sync(); out.publish()\n"
    )
    env = os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)}
    assert subprocess.run([sys.executable, "-c", script, step], env=env, check=False).returncode == -9
    assert Path("out.csv").read_bytes() == (b"new" if step == "replace" else b"old")
    assert standing(Path("out.csv")) is Standing.OWN
    written(Path("out.csv"), b"newer", Overwrite.OWN)
    assert names("out*") == ["out.csv"]
