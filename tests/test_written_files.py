"""No file that the program writes replaces one that it reads, by whatever name."""

from __future__ import annotations

from pathlib import Path

import pytest

import importer
from importer.commands import columns, demo, ledger
from importer.errors import FileError, UsageError
from importer.graph_sandbox import Sandbox, SandboxOptions, serve

NOW = "2026-11-23T23:00:00Z"
SALES = "order_id,customer,event_time,value,currency\nA-1,7,2026-11-20T10:00:00Z,12.50,EUR\n"
SCHEMA = 'name = "mine"\n[columns]\norder_id = "order_id"\nevent_time = "event_time"\nvalue = "value"\ncurrency = "currency"\n'
READ = {
    "sales.csv": SALES,
    "more.csv": SALES.replace("A-1", "A-2"),
    "people.csv": "customer,email\n7,ada@example.com\n",
    "token.csv": "SECRET",
    "schema.csv": SCHEMA,
    "edits.csv": "file,sheet,row,column,text\nsales.csv,,1,value,13.50\n",
    "ledger.csv": "",
}
OUTPUTS = ("report", "rejects", "save_answers")


@pytest.fixture
def here(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    for name, text in READ.items():
        Path(name).write_text(text, encoding="utf-8")
    Path("token.csv").chmod(0o600)
    Path("ledger.csv").unlink()
    importer.check("sales.csv", customers="people.csv", join_on="customer", now=NOW, report="first.csv")
    return tmp_path


def told(**more):
    files = {"customers": "people.csv", "join_on": "customer", "token_file": "token.csv", "schema": "schema.csv"}
    files |= {"edits": "edits.csv"}
    return {**files, "ledger": "ledger.csv", "dataset": "1001", "now": NOW, **more}


def other_names(name: str) -> list[str]:
    Path("sub").mkdir(exist_ok=True)
    names = [name, str(Path(name).absolute()), f"sub/../{name}"]
    if Path(name).exists():
        Path(f"hard-{name}").hardlink_to(name)
        Path(f"soft-{name}").symlink_to(name)
        names += [f"hard-{name}", f"soft-{name}"]
    return names


@pytest.mark.parametrize("name", READ)
@pytest.mark.parametrize("option", OUTPUTS)
def test_a_file_that_is_read_is_not_written(here, name: str, option: str) -> None:
    for target in other_names(name):
        before = digests_of_files(here)
        for force in (False, True):
            with pytest.raises(UsageError, match="would overwrite"):
                importer.check("sales.csv", "more.csv", force=force, **told(**{option: target}))
        with pytest.raises(UsageError, match="would overwrite"):
            importer.send(
                "sales.csv", "more.csv", graph_url="http://127.0.0.1:9", force=True, **told(**{option: target})
            )
        assert digests_of_files(here) == before


@pytest.mark.parametrize("name", READ)
def test_send_takes_another_name_than_that_of_a_file_that_is_read(here, name: str) -> None:
    with serve(Sandbox(SandboxOptions())) as running:
        for target in other_names(name):
            before = digests_of_files(here)
            given = told(report="out/report.csv", summary="out/page.html") | {"rejects": target}
            Path("out").mkdir(exist_ok=True)
            summary = importer.send("sales.csv", "more.csv", graph_url=running.url, **given)
            assert summary.rejects == Path(target).with_name(f"{Path(target).stem}-2.csv")
            summary.rejects.unlink()
            after = digests_of_files(here)
            assert {held: after[held] for held in before if held != "ledger.csv"} == {
                held: before[held] for held in before if held != "ledger.csv"
            }


def digests_of_files(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir() if path.is_file()}


@pytest.mark.parametrize("one", OUTPUTS)
@pytest.mark.parametrize("two", OUTPUTS)
def test_two_files_of_one_run_are_two(here, one: str, two: str) -> None:
    if one != two:
        with pytest.raises(UsageError, match="would overwrite"):
            importer.check("sales.csv", now=NOW, **{one: "out.csv", two: "sub/../out.csv"})


def test_the_default_report_is_no_input_either(here) -> None:
    Path("sales.csv.check.csv").write_text(SALES, encoding="utf-8")
    with pytest.raises(UsageError, match="would overwrite"):
        importer.check("sales.csv", "sales.csv.check.csv", now=NOW)
    with pytest.raises(UsageError, match="would overwrite"):
        importer.check("sales.csv", customers="sales.csv.check.csv", join_on="customer", now=NOW)
    assert Path("sales.csv.check.csv").read_text(encoding="utf-8") == SALES


@pytest.mark.parametrize("ending", ["", "-wal", "-shm", "-journal"])
def test_a_schema_is_not_saved_as_the_ledger_even_before_there_is_one(here, ending: str) -> None:
    with pytest.raises(UsageError, match="would overwrite"):
        importer.check("sales.csv", save_answers=f"sub/../new.db{ending}", ledger="new.db", now=NOW)


@pytest.mark.parametrize("ending", ["", "-wal", "-shm", "-journal", ".1001.lock", ".1001.reserve"])
@pytest.mark.parametrize("is_there", [True, False])
def test_what_lies_beside_the_ledger_is_kept_whatever_link_leads_to_it(here, ending: str, is_there: bool) -> None:
    Path("books").mkdir()
    real = Path("books/real.db")
    Path("link.csv").symlink_to(real.absolute())
    if is_there:
        real.touch()
    target = f"books/real.db{ending}"
    for name in (target, f"sub/../{target}"):
        Path("sub").mkdir(exist_ok=True)
        with pytest.raises(UsageError, match="would overwrite"):
            importer.check("sales.csv", save_answers=name, ledger="link.csv", dataset="1001", now=NOW)


def test_columns_saves_its_schema_over_nothing(here) -> None:
    before = digests_of_files(here)
    with pytest.raises(UsageError, match="would overwrite"):
        columns.columns("sales.csv", save="sub/../sales.csv")
    with pytest.raises(UsageError, match="exists already"):
        columns.columns("sales.csv", save="people.csv")
    assert digests_of_files(here) == before
    for _ in range(2):
        columns.columns("sales.csv", save="mine.toml", event_name="Purchase")
        columns.columns("sales.csv", save="mine.toml", event_name="Lead")  # replaces what it wrote itself
    Path("mine.toml").write_text("# mine", encoding="utf-8")
    with pytest.raises(UsageError, match="was changed since"):
        columns.columns("sales.csv", save="mine.toml")


def test_a_run_whose_files_differ_goes_through_and_changes_none_that_it_reads(here) -> None:
    before = digests_of_files(here)
    given = told(report="r.csv", rejects="fix.csv", summary="page.html", save_answers="answers.toml")
    with serve(Sandbox(SandboxOptions())) as running:
        importer.send("sales.csv", "more.csv", graph_url=running.url, **given)
    after = digests_of_files(here)
    assert {name: after[name] for name in before} == before
    assert {"r.csv", "fix.csv", "page.html", "answers.toml", "ledger.csv"} <= after.keys()


def test_a_demo_replaces_no_file_of_another_content_and_no_ledger(here) -> None:
    Path("ledger.db").write_bytes(b"a ledger of real sales")
    demo.demo(".")
    assert Path("ledger.db").read_bytes() == b"a ledger of real sales"
    assert demo.demo(".") == 0
    written = {path.name for path in here.iterdir() if path.suffix in (".csv", ".html", ".parquet")}
    Path("second-run.html").write_text("mine", encoding="utf-8")
    assert demo.demo(".") == 0
    now = {path.name for path in here.iterdir() if path.suffix in (".csv", ".html", ".parquet")}
    assert now == {*written, "second-run-2.html"}
    assert Path("second-run.html").read_text(encoding="utf-8") == "mine"
    Path("odoo_pos.csv").write_text("mine", encoding="utf-8")
    with pytest.raises(FileError, match="--folder"):
        demo.demo(".")
    assert Path("odoo_pos.csv").read_text(encoding="utf-8") == "mine"


def test_a_backup_of_the_ledger_leaves_the_files_beside_it(here) -> None:
    with serve(Sandbox(SandboxOptions())) as running:
        importer.send("sales.csv", graph_url=running.url, **told(ledger="copy.part"))
    held = Path("copy.part").read_bytes()

    ledger.ledger_backup("copy", "copy.part")
    assert Path("copy.part").read_bytes() == held
    assert Path("copy").stat().st_size
