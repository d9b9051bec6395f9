"""Private folders: gone at the end and after a kill, and nobody else's folder with them."""

import os
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from importer.private_files import PREFIX, PrivateFolder

MAKE = "import sys; from importer.private_files import PrivateFolder; made = PrivateFolder(); print(made.path, flush=True); sys.stdin.read()"


@pytest.fixture
def temporary(tmp_path, monkeypatch):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    return tmp_path


def test_a_folder_is_for_its_owner_only_and_goes_at_the_end(temporary):
    with PrivateFolder() as folder:
        assert folder.stat().st_mode & 0o777 == 0o700
        (folder / "sales.csv").write_text("x", encoding="utf-8")
    assert list(temporary.iterdir()) == []


def test_what_a_killed_run_left_goes_and_a_living_run_keeps_its_own(temporary):
    with subprocess.Popen(
        [sys.executable, "-c", MAKE], stdout=subprocess.PIPE, stdin=subprocess.PIPE, text=True
    ) as run:
        left = Path(run.stdout.readline().strip())
        with PrivateFolder():
            assert left.is_dir()
        run.kill()
        run.wait()
        with PrivateFolder():
            assert not left.exists()


@pytest.mark.parametrize("name", ["capi-import-demo", "capi-import-reports", f"{PREFIX}mine", f"{PREFIX}12345678.csv"])
def test_a_folder_of_the_users_stays_whatever_it_is_called(temporary, name):
    (temporary / name).mkdir()
    (temporary / name / "report.csv").write_text("x", encoding="utf-8")
    with PrivateFolder():
        pass
    assert (temporary / name / "report.csv").exists()


@pytest.mark.skipif(os.name == "nt", reason="modes of POSIX")
def test_a_folder_that_others_may_read_is_none_of_ours(temporary):
    (temporary / f"{PREFIX}abcd1234").mkdir(mode=0o755)
    with PrivateFolder():
        pass
    assert (temporary / f"{PREFIX}abcd1234").is_dir()
