"""A real PostgreSQL server for tests: Debian's, in a private folder, on a port of this machine, as an ordinary user.

`postgres_url` is the fixture most tests want: the address of a new, empty database, with PGPASSWORD in the environment.
Where no server is installed the tests skip and say so (`apt-get install postgresql`).
"""

from __future__ import annotations

import os
import pwd
import re
import secrets
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

NO_SERVER = "PostgreSQL is not installed (apt-get install postgresql)"
USER = "capi"


def binaries() -> Path | None:
    """The folder of initdb and pg_ctl, the newest where there are several."""
    debian = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[-3]))
    found = debian[-1] if debian else shutil.which("initdb")
    return None if found is None else Path(found).resolve().parent


def ordinary_user() -> str | None:
    """Whom the server runs as where the tests run as root, which PostgreSQL refuses; None where they do not."""
    if os.geteuid() != 0:
        return None
    known = {entry.pw_name for entry in pwd.getpwall()}
    return "postgres" if "postgres" in known else "nobody"


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


class PostgresServer:
    """A server of its own, with one user and a password; `stop(now=True)` is a crash, `start` the recovery from it."""

    def __init__(self, bin_folder: Path, *, fsync: bool = False) -> None:
        self._bin = bin_folder
        self._user = ordinary_user()
        self.folder = Path(tempfile.mkdtemp(prefix="capi-import-postgres-"))
        self.password = secrets.token_hex(8)
        self.port = free_port()
        self._data = self.folder / "data"
        if self._user is not None:
            shutil.chown(self.folder, self._user)
        password_file = self.folder / "password"
        password_file.write_text(self.password)
        if self._user is not None:
            shutil.chown(password_file, self._user)
        self._run(
            "initdb", "--no-sync", "--encoding=UTF8", "--locale=C", "--auth=scram-sha-256", f"--username={USER}",
            f"--pwfile={password_file}", "-D", str(self._data),
        )  # fmt: skip
        with (self._data / "postgresql.conf").open("a") as config:
            config.write(
                f"port = {self.port}\nlisten_addresses = '127.0.0.1'\nunix_socket_directories = '{self.folder}'\n"
                f"fsync = {'on' if fsync else 'off'}\nmax_connections = 60\n"
            )
        self.start()

    def start(self) -> None:
        self._run("pg_ctl", "-w", "-t", "60", "-D", str(self._data), "-l", str(self.folder / "log"), "start")

    def stop(self, *, now: bool = False) -> None:
        mode = "immediate" if now else "fast"
        self._run("pg_ctl", "-w", "-t", "60", "-D", str(self._data), "-m", mode, "stop")

    def remove(self) -> None:
        try:
            self.stop(now=True)
        finally:
            shutil.rmtree(self.folder, ignore_errors=True)

    def address(self, database: str = "postgres") -> str:
        return f"postgresql://{USER}@127.0.0.1:{self.port}/{database}"

    def new_database(self) -> str:
        """Make an empty database and return its address."""
        name = f"db_{secrets.token_hex(6)}"
        self.psql(f'CREATE DATABASE "{name}"')
        return self.address(name)

    def psql(self, statement: str, database: str = "postgres") -> str:
        """Run a statement as the server's own client does, and return what it prints."""
        done = self._run("psql", "-X", "-q", "-A", "-t", "-w", "-d", self.address(database), "-c", statement)
        return done.strip()

    def dump(self, address: str) -> bytes:
        """Everything that a database holds, binary columns as the bytes they stand for."""
        text = self._run("pg_dump", "--inserts", "-d", address)
        return text.encode() + b"".join(bytes.fromhex(part) for part in re.findall(r"'\\x([0-9a-f]*)'", text))

    def _run(self, program: str, *arguments: str) -> str:
        as_user = (
            []
            if self._user is None
            else ["setpriv", f"--reuid={self._user}", f"--regid={pwd.getpwnam(self._user).pw_gid}", "--clear-groups"]
        )
        done = subprocess.run(
            [*as_user, str(self._bin / program), *arguments],
            check=False,
            cwd=self.folder,
            env=os.environ | {"PGPASSWORD": self.password, "LC_ALL": "C"},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE
            if program in {"psql", "pg_dump"}
            else subprocess.DEVNULL,  # the server keeps what it inherits
            stderr=subprocess.DEVNULL if program == "pg_ctl" else subprocess.PIPE,
            text=True,
            timeout=120,
        )
        if done.returncode:
            message = f"{program} failed: {done.stderr or (self.folder / 'log').read_text()}"
            raise RuntimeError(message)
        return done.stdout or ""


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[PostgresServer]:
    """One server for all tests of a process; a test that stops it starts it again."""
    folder = binaries()
    if folder is None:
        pytest.skip(NO_SERVER)
    server = PostgresServer(folder)
    yield server
    server.remove()


@pytest.fixture
def postgres_url(postgres_server: PostgresServer, monkeypatch: pytest.MonkeyPatch) -> str:
    """The address of a new, empty database; the password is in the environment as PostgreSQL's own tools take it."""
    monkeypatch.setenv("PGPASSWORD", postgres_server.password)
    return postgres_server.new_database()
