from __future__ import annotations

import errno
import os
import stat
import sys

import pytest

from importer.errors import FileError, UsageError
from importer.private_files import create_private
from importer.results.output_files import Output, check_target

needs_posix = pytest.mark.skipif(sys.platform == "win32", reason="permissions as POSIX has them")
needs_user = pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may write anywhere")


def test_a_file_stands_under_its_name_only_when_published(tmp_path):
    output = Output(tmp_path / "report.csv")
    output.stream.write(b"a\n")
    output.sync()
    assert not (tmp_path / "report.csv").exists()
    output.publish()
    assert [path.name for path in tmp_path.iterdir()] == ["report.csv"]
    assert (tmp_path / "report.csv").read_bytes() == b"a\n"


def test_a_discarded_file_leaves_the_older_one(tmp_path):
    (tmp_path / "report.csv").write_text("old")
    output = Output(tmp_path / "report.csv")
    output.stream.write(b"new")
    output.discard()
    assert [path.read_text() for path in tmp_path.iterdir()] == ["old"]


@needs_posix
def test_only_the_owner_may_read_it_from_the_start_and_in_place_of_an_open_one(tmp_path):
    (tmp_path / "report.csv").touch(mode=0o644)
    output = Output(tmp_path / "report.csv")
    modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in tmp_path.iterdir()}
    output.publish()
    assert {mode for name, mode in modes.items() if name != "report.csv"} == {0o600}
    assert stat.S_IMODE((tmp_path / "report.csv").stat().st_mode) == 0o600


@needs_posix
def test_a_link_in_its_place_is_replaced_and_what_it_led_to_is_not(tmp_path):
    (tmp_path / "precious").write_text("precious")
    (tmp_path / "report.csv").symlink_to(tmp_path / "precious")
    Output(tmp_path / "report.csv").publish()
    assert (tmp_path / "precious").read_text() == "precious"
    assert not (tmp_path / "report.csv").is_symlink()


def test_a_missing_folder_is_named(tmp_path):
    with pytest.raises(FileError, match=r"The folder .*missing does not exist; create it"):
        Output(tmp_path / "missing" / "report.csv")


def test_a_file_that_stands_where_a_folder_should_is_no_crash(tmp_path):
    (tmp_path / "file").touch()
    with pytest.raises(FileError, match="does not exist"):
        Output(tmp_path / "file" / "report.csv")


def test_a_folder_of_that_name_is_refused_before_anything_is_written(tmp_path):
    (tmp_path / "report.csv").mkdir()
    with pytest.raises(FileError, match="is a folder"):
        Output(tmp_path / "report.csv")
    assert len(list(tmp_path.iterdir())) == 1


@needs_user
def test_a_folder_that_may_not_be_written_to_is_named(tmp_path):
    tmp_path.chmod(0o500)
    with pytest.raises(FileError, match="may not be written to"):
        Output(tmp_path / "report.csv")


@pytest.mark.parametrize("number", [errno.EACCES, errno.EPERM, errno.EROFS])
def test_a_disk_that_refuses_is_a_sentence_and_not_a_number(tmp_path, monkeypatch, number):
    def refuse(*_):
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr("importer.results.output_files.os.open", refuse)
    with pytest.raises(FileError, match="may not be written to; give another path"):
        Output(tmp_path / "report.csv")


def test_a_name_too_long_for_the_disk_is_a_sentence(tmp_path):
    with pytest.raises(FileError, match=r"cannot be written .*give another path"):
        Output(tmp_path / f"{'x' * 300}.csv")


def test_a_place_taken_in_the_meantime_leaves_the_new_file_beside_it(tmp_path):
    output = Output(tmp_path / "report.csv")
    output.stream.write(b"new")
    (tmp_path / "report.csv").mkdir()
    with pytest.raises(FileError, match=r"the new file lies in .*\.part"):
        output.publish()
    (part,) = (path for path in tmp_path.iterdir() if path.is_file())
    assert part.read_bytes() == b"new"


@pytest.mark.parametrize("name", ["report.csv", "REPORT.CSV", "report.parquet", "report.xlsx", "a.b.csv"])
def test_the_three_endings_are_taken(tmp_path, name):
    check_target(tmp_path / name, [tmp_path / "sales.csv"])


@pytest.mark.parametrize("name", ["report", "report.xls", "report.csv.gz", ".csv", "report.json"])
def test_another_ending_is_refused_with_the_three_named(tmp_path, name):
    with pytest.raises(UsageError, match=r"\.csv, \.parquet or \.xlsx"):
        check_target(tmp_path / name, [])


def test_an_input_is_never_overwritten(tmp_path, monkeypatch):
    source = tmp_path / "sales.csv"
    source.touch()
    (tmp_path / "hard.csv").hardlink_to(source)
    (tmp_path / "sub").mkdir()
    monkeypatch.chdir(tmp_path)
    names = [source, tmp_path / "sub" / ".." / "sales.csv", tmp_path / "hard.csv", type(source)("sales.csv")]
    if sys.platform != "win32":
        (tmp_path / "soft.csv").symlink_to(source)
        names.append(tmp_path / "soft.csv")
    for name in names:
        with pytest.raises(UsageError, match="would overwrite"):
            check_target(name, [tmp_path / "other.csv", source])


def test_two_outputs_of_one_name_are_refused_before_either_exists(tmp_path):
    with pytest.raises(UsageError, match="would overwrite"):
        check_target(tmp_path / "out.csv", [tmp_path / "." / "out.csv"])


def test_a_private_file_is_never_one_that_exists(tmp_path):
    with create_private(tmp_path / "schema.toml") as file:
        file.write(b"first")
    with pytest.raises(FileExistsError):
        create_private(tmp_path / "schema.toml")
    assert (tmp_path / "schema.toml").read_bytes() == b"first"
