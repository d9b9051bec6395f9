"""SFTP, against a real server (asyncssh's) on this machine."""

import asyncio
import signal
import socket
import stat
import threading
import time

import pytest
from cutting_proxy import cutting_proxy

from importer.addresses import fetch
from importer.addresses.patience import Patience
from importer.errors import FileError, UsageError

asyncssh = pytest.importorskip("asyncssh", reason="asyncssh is not installed (the extra sftp brings it)")

BIG = b"".join(b"%08d,old,ada@example.com\n" % row for row in range(400_000))
NEW = b"".join(b"%08d,new,ada@example.com\n" % row for row in range(400_000))
USER, PASSWORD = "till", "made-up-pass"


@pytest.fixture(autouse=True)
def _no_pauses(monkeypatch):
    monkeypatch.setattr(Patience.__init__, "__defaults__", (lambda _seconds: None,))


class Login(asyncssh.SSHServer):
    def begin_auth(self, username):
        return True

    def password_auth_supported(self):
        return True

    def validate_password(self, username, password):
        return (username, password) == (USER, PASSWORD)


class Server:
    """An SFTP server of one folder, its host key, and a user's home that knows both. port: on 127.0.0.1."""

    def __init__(self, folder):
        self.root, self.home = folder / "root", folder / "home"
        self.root.mkdir()
        (self.home / ".ssh").mkdir(parents=True)
        self.host_key = asyncssh.generate_private_key("ssh-ed25519")
        user_key = asyncssh.generate_private_key("ssh-ed25519")
        user_key.write_private_key(str(self.home / ".ssh" / "id_ed25519"))
        self.allowed = folder / "authorized_keys"
        user_key.write_public_key(str(self.allowed))
        self.loop, ready = asyncio.new_event_loop(), threading.Event()
        self.thread = threading.Thread(target=self._run, args=(ready,))
        self.thread.start()
        assert ready.wait(30)
        self.know(self.port)

    def _run(self, ready):
        asyncio.set_event_loop(self.loop)
        root = str(self.root)
        self.listener = self.loop.run_until_complete(
            asyncssh.listen(
                "127.0.0.1",
                0,
                server_factory=Login,
                server_host_keys=[self.host_key],
                authorized_client_keys=str(self.allowed),
                sftp_factory=lambda connection: asyncssh.SFTPServer(connection, chroot=root),
            )
        )
        self.port = self.listener.get_port()
        ready.set()
        self.loop.run_forever()
        self.loop.run_until_complete(self.loop.shutdown_asyncgens())
        self.loop.close()

    def know(self, port, key=None):
        line = (key or self.host_key).export_public_key().decode().strip()
        hosts = self.home / ".ssh" / "known_hosts"
        hosts.write_text(f"[127.0.0.1]:{port} {line}\n")

    def address(self, path, port=None):
        return f"sftp://{USER}@127.0.0.1:{port or self.port}/{path}"

    def environ(self, **more):
        return {"HOME": str(self.home), **more}

    def close(self):
        async def stop():
            self.listener.close()
            for task in asyncio.all_tasks() - {asyncio.current_task()}:
                task.cancel()

        asyncio.run_coroutine_threadsafe(stop(), self.loop).result(10)
        self.loop.call_soon_threadsafe(self.loop.stop)
        self.thread.join()


@pytest.fixture
def server(tmp_path_factory, monkeypatch):
    made = Server(tmp_path_factory.mktemp("sftp"))
    monkeypatch.setenv("HOME", str(made.home))
    monkeypatch.delenv("SSH_AUTH_SOCK", raising=False)
    yield made
    made.close()


def files_in(folder):
    return [path for path in folder.rglob("*") if path.is_file()]


def test_a_file_is_brought_with_the_users_own_key(server, tmp_path):
    (server.root / "in").mkdir()
    (server.root / "in" / "sales.csv").write_bytes(b"a,b\n1,2\n")
    (found,) = fetch(server.address("in/sales.csv"), tmp_path, server.environ())
    assert (found.name, found.path.read_bytes()) == ("sales.csv", b"a,b\n1,2\n")
    assert found.address == server.address("in/sales.csv")
    assert stat.S_IMODE(found.path.stat().st_mode) == 0o600


def test_a_folder_is_its_files_and_a_pattern_those_that_match(server, tmp_path):
    for name in ("01.csv", "02.csv", "x.csv", ".hidden"):
        (server.root / name).write_text(name)
    (server.root / "sub").mkdir()
    (server.root / "sub" / "03.csv").write_text("3")
    environ = server.environ()
    assert [one.name for one in fetch(server.address(""), tmp_path, environ)] == ["01.csv", "02.csv", "x.csv"]
    assert [one.name for one in fetch(server.address("0*.csv"), tmp_path, environ)] == ["01.csv", "02.csv"]
    assert [one.address for one in fetch(server.address("sub/"), tmp_path, environ)] == [server.address("sub/03.csv")]
    with pytest.raises(FileError, match="There is no file at"):
        fetch(server.address("*.parquet"), tmp_path, environ)


def test_a_path_with_blanks_is_one(server, tmp_path):
    (server.root / "week 48.csv").write_text("x")
    (found,) = fetch(server.address("week%2048.csv"), tmp_path, server.environ())
    assert found.name == "week 48.csv"


def test_a_missing_file_is_told(server, tmp_path):
    with pytest.raises(FileError, match=r"There is no file at sftp://till@127.0.0.1:\d+/no.csv; check the path"):
        fetch(server.address("no.csv"), tmp_path, server.environ())


@pytest.mark.parametrize("known", ["none", "other"])
def test_a_host_whose_key_is_not_known_gets_nothing(server, tmp_path, known):
    if known == "none":
        (server.home / ".ssh" / "known_hosts").unlink()
    else:
        server.know(server.port, asyncssh.generate_private_key("ssh-ed25519"))
    (server.root / "sales.csv").write_text("x")
    with pytest.raises(UsageError, match=r"host key of 127.0.0.1 .*\.ssh/known_hosts"):
        fetch(server.address("sales.csv"), tmp_path, server.environ(CAPI_SFTP_PASSWORD=PASSWORD))
    assert not files_in(tmp_path)


def test_a_password_comes_from_its_variable_only(server, tmp_path):
    (server.root / "sales.csv").write_text("x")
    (server.home / ".ssh" / "id_ed25519").unlink()
    with pytest.raises(UsageError, match=r"refuses the login of till: .* CAPI_SFTP_PASSWORD in the environment"):
        fetch(server.address("sales.csv"), tmp_path, server.environ())
    with pytest.raises(UsageError, match="refuses the login") as error:
        fetch(server.address("sales.csv"), tmp_path, server.environ(CAPI_SFTP_PASSWORD="wrong-pass"))
    assert "wrong-pass" not in str(error.value)
    (found,) = fetch(server.address("sales.csv"), tmp_path, server.environ(CAPI_SFTP_PASSWORD=PASSWORD))
    assert found.path.read_text() == "x"


def test_cuts_are_resumed(server, tmp_path):
    (server.root / "sales.csv").write_bytes(BIG)
    with cutting_proxy(server.port, 100_000_000, 3_000_000, 4_000_000) as proxy:
        server.know(proxy.port)
        (found,) = fetch(server.address("sales.csv", proxy.port), tmp_path, server.environ())
    assert proxy.done == 2
    assert found.path.read_bytes() == BIG


def test_a_file_that_changes_under_way_is_never_mixed(server, tmp_path):
    path = server.root / "sales.csv"
    path.write_bytes(BIG)
    with cutting_proxy(server.port, 100_000_000, 3_000_000) as proxy:

        def change():
            path.write_bytes(NEW[:-24])

        proxy.at_cut = change
        server.know(proxy.port)
        (found,) = fetch(server.address("sales.csv", proxy.port), tmp_path, server.environ())
    assert found.path.read_bytes() == NEW[:-24]


def test_a_file_that_is_still_being_written_is_told(server, tmp_path):
    path, stop = server.root / "sales.csv", threading.Event()
    path.write_bytes(BIG)

    def grow():
        while not stop.is_set():
            with path.open("ab") as stream:
                stream.write(b"more\n")
            time.sleep(0.001)

    writer = threading.Thread(target=grow)
    writer.start()
    try:
        with pytest.raises(FileError, match="changes while it is read; wait until it is written"):
            fetch(server.address("sales.csv"), tmp_path, server.environ())
    finally:
        stop.set()
        writer.join()
    assert not files_in(tmp_path)


def test_a_line_that_is_cut_for_good_is_told_and_leaves_nothing(server, tmp_path):
    (server.root / "sales.csv").write_bytes(BIG)
    with cutting_proxy(server.port, 100_000_000, 3_000_000, cut_always=1_000) as proxy:
        server.know(proxy.port)
        with pytest.raises(FileError, match="broke off again and again; nothing was sent"):
            fetch(server.address("sales.csv", proxy.port), tmp_path, server.environ())
    assert not files_in(tmp_path)


def test_no_server_is_told(server, tmp_path):
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    with pytest.raises(FileError, match=f"sftp://till@127.0.0.1:{port}/a.csv cannot be reached"):
        fetch(server.address("a.csv", port), tmp_path, server.environ())


def test_it_works_inside_a_running_event_loop(server, tmp_path):
    (server.root / "sales.csv").write_text("x")

    async def notebook():
        return fetch(server.address("sales.csv"), tmp_path, server.environ())

    assert asyncio.run(notebook())[0].name == "sales.csv"


def test_an_interruption_does_not_wait_for_the_server(server, tmp_path, monkeypatch):
    monkeypatch.setattr("importer.addresses.sftp.SECONDS", 600)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        main = threading.main_thread().ident
        timer = threading.Timer(1, signal.pthread_kill, (main, signal.SIGINT))
        timer.start()
        with pytest.raises(KeyboardInterrupt):
            fetch(server.address("sales.csv", silent.getsockname()[1]), tmp_path, server.environ())
        timer.join()
