"""A schema, a token, a task or a list of corrections that is a device, a pipe, a folder, a socket or huge: read as far as needed, or refused."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import threading
from pathlib import Path

import pytest

import importer
from importer import small_files
from importer.errors import CapiImportError
from importer.settings import read_access

SALES = "Order,Date,Email,Total,Currency\n1,2026-11-20T10:00:00Z,a@example.com,5.00,EUR\n"
NOW = "2026-11-23T23:00:00Z"
SECONDS = 120


@pytest.fixture(autouse=True)
def here(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    Path("sales.csv").write_text(SALES, encoding="utf-8")
    return tmp_path


def schema(path):
    importer.check("sales.csv", schema=str(path), now=NOW, ledger="ledger.db")


def token(path):
    read_access({"token_file": str(path)})


def task(path):
    result = importer.task(str(path))
    assert not result.success
    raise CapiImportError(result.items[0]["error"])


def edits(path):
    importer.check("sales.csv", edits=str(path), now=NOW, ledger="ledger.db")


READ = pytest.mark.parametrize("read", [schema, token, task, edits])


def told(read, path) -> str:
    """The one sentence with which a file is refused."""
    with pytest.raises(CapiImportError) as caught:
        read(path)
    text = str(caught.value)
    assert "\n" not in text
    return text


def limited(code: str, *arguments: str, memory: int = 2 << 30) -> subprocess.CompletedProcess[str]:
    """Run the program in a process with so much memory."""
    bound = (
        f"import resource; resource.setrlimit(resource.RLIMIT_AS, ({memory}, {memory}))\n" if os.name == "posix" else ""
    )
    return subprocess.run(
        [sys.executable, "-c", bound + code, *arguments], capture_output=True, text=True, timeout=SECONDS, check=False
    )


COMMANDS = [
    ("check", "sales.csv", "--schema"),
    ("send", "sales.csv", "--dataset", "1001", "--graph-url", "http://127.0.0.1:9", "--token-file"),
    ("task",),
    ("check", "sales.csv", "--edits"),
]


@pytest.mark.skipif(not Path("/dev/zero").exists(), reason="no such device here")
@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: command[0])
def test_a_device_without_end_is_read_no_further_than_such_a_file_goes(command) -> None:
    done = limited("from importer.__main__ import main; main()", *command, "/dev/zero")
    assert done.returncode == 2
    assert "holds more than" in done.stdout + done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.skipif(not Path("/dev/zero").exists(), reason="no such device here")
def test_a_standard_input_without_end_is_read_no_further() -> None:
    with Path("/dev/zero").open("rb") as zero:
        done = subprocess.run(
            [sys.executable, "-m", "importer", "task", "-"],
            stdin=zero,
            capture_output=True,
            timeout=SECONDS,
            check=False,
        )
    assert done.returncode == 2
    assert b"Standard input holds more than" in done.stdout


@READ
def test_a_file_of_10_gigabytes_is_not_read_whole(read) -> None:
    with Path("huge").open("wb") as file:
        file.truncate(10 << 30)
    assert "holds more than" in told(read, "huge")


@READ
@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no named pipes here")
def test_a_pipe_that_nobody_writes_is_not_waited_for_without_end(read, monkeypatch) -> None:
    monkeypatch.setattr(small_files, "PIPE_SECONDS", 0.05)
    os.mkfifo("pipe")
    assert "is a pipe into which nothing was written" in told(read, "pipe")


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no named pipes here")
def test_what_a_pipe_brings_is_read() -> None:
    os.mkfifo("pipe")
    content = json.dumps({"task": "list_pixels", "pad": "x" * 300_000}).encode()
    writer = threading.Thread(target=Path("pipe").write_bytes, args=(content,))
    writer.start()
    assert small_files.read_small(Path("pipe")) == content
    writer.join()


@READ
def test_a_folder_is_refused(read) -> None:
    Path("folder").mkdir()
    assert "cannot be read" in told(read, "folder")


@READ
@pytest.mark.skipif(not hasattr(socket, "AF_UNIX"), reason="no such sockets here")
def test_a_socket_is_refused(read) -> None:
    with socket.socket(socket.AF_UNIX) as one:
        one.bind("socket")
        assert "cannot be read" in told(read, "socket")


@READ
def test_an_empty_device_is_an_empty_file(read) -> None:
    assert told(read, os.devnull)


@READ
def test_bytes_that_are_no_text_are_refused(read) -> None:
    Path("bytes").write_bytes(b"\xff\xfe\x00\xd8" * 50)
    assert told(read, "bytes")


def test_a_file_of_profiles_of_10_gigabytes_is_not_read_whole() -> None:
    with Path("capi-import.toml").open("wb") as file:
        file.truncate(10 << 30)
    with pytest.raises(CapiImportError, match="holds more than"):
        importer.check("sales.csv", profile="x", now=NOW)
