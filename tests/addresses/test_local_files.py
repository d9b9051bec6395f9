"""Folders and patterns."""

import pytest

from importer.addresses import local_files
from importer.errors import FileError


def named(paths):
    return [path.name for path in paths]


@pytest.fixture
def folder(tmp_path):
    for name in ("b.csv", "a.csv", "c.xlsx", ".hidden.csv", "~$c.xlsx", "Thumbs.db"):
        (tmp_path / name).write_text("x")
    (tmp_path / "sub").mkdir()
    (tmp_path / "sub" / "d.csv").write_text("x")
    return tmp_path


def test_a_folder_is_its_files_in_order_and_not_those_of_its_sub_folders(folder):
    assert named(local_files(str(folder))) == ["a.csv", "b.csv", "c.xlsx"]


def test_a_pattern_is_the_files_that_match(folder):
    assert named(local_files(f"{folder}/[ab].csv")) == ["a.csv", "b.csv"]
    assert named(local_files(f"{folder}/*/*.csv")) == ["d.csv"]


def test_a_file_whose_name_looks_like_a_pattern_is_that_file(folder):
    (folder / "sales[1].csv").write_text("x")
    (folder / "sales1.csv").write_text("x")
    assert named(local_files(f"{folder}/sales[1].csv")) == ["sales[1].csv"]


def test_nothing_to_import_is_a_sentence(folder):
    (folder / "empty").mkdir()
    with pytest.raises(FileError, match=r"empty holds no file to import; check the path"):
        local_files(f"{folder}/empty")
    with pytest.raises(FileError, match=r"No file matches .*\*\.parquet; check"):
        local_files(f"{folder}/*.parquet")


def test_a_path_of_no_file_is_left_for_the_reader_to_tell(folder):
    assert named(local_files(f"{folder}/no.csv")) == ["no.csv"]
