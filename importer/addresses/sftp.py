"""Files from SFTP servers, whose host keys must be known: what OpenSSH's `sftp` would take, this takes."""

from __future__ import annotations

import asyncio
import getpass
import stat
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

from importer.addresses.address import last_name, shown, split_address
from importer.addresses.extras import extra
from importer.addresses.fetched_file import CHUNK, Fetched, begin_again, private_path, write, writing
from importer.addresses.patience import Patience
from importer.addresses.patterns import has_pattern, is_hidden
from importer.errors import CapiImportError, FileError, UsageError
from importer.event_loop import run

if TYPE_CHECKING:
    import asyncssh

SECONDS = 20
"""To connect, and for each answer."""
PASSWORD = "CAPI_SFTP_PASSWORD"  # noqa: S105  the name of a variable


def fetch_sftp(address: str, folder: Path, environ: Mapping[str, str]) -> list[Fetched]:
    """Bring the file, the files of a folder or of a pattern into the folder.

    UsageError: the host's key is not known, or the login is refused. FileError: no such file, or it cannot be had
    whole.
    """
    extra("asyncssh", "sftp")
    return run(_Source(address, environ).fetch(folder))


class _Source:
    """An address and how to log in there."""

    def __init__(self, address: str, environ: Mapping[str, str]) -> None:
        parts = split_address(address)
        self.place = shown(address)
        self.path = unquote(parts.path) or "/"
        self.root = self.place.removesuffix(parts.path)
        self.host = parts.hostname or ""
        home = Path(environ.get("HOME") or Path.home())
        self.known_hosts = home / ".ssh" / "known_hosts"
        config = home / ".ssh" / "config"
        self.options: dict[str, Any] = {
            "username": unquote(parts.username) if parts.username else getpass.getuser(),
            "known_hosts": str(self.known_hosts) if self.known_hosts.is_file() else b"",
            "config": [str(config)] if config.is_file() else None,
            "connect_timeout": SECONDS,
            "login_timeout": SECONDS,
            "keepalive_interval": SECONDS,
        }
        if parts.port is not None:
            self.options["port"] = parts.port
        if environ.get(PASSWORD):
            self.options["password"] = environ[PASSWORD]

    async def fetch(self, folder: Path) -> list[Fetched]:
        """Bring every file that the address stands for."""
        patience = Patience()
        while True:
            try:
                async with await self.connect() as connection, connection.start_sftp_client() as client:
                    paths = await asyncio.wait_for(self.listed(client), 2 * SECONDS)
                break
            except _broken() as error:
                if not patience.more():
                    raise self.failure(error, began=False) from error
        return [await self.bring(path, folder) for path in paths]

    async def connect(self) -> asyncssh.SSHClientConnection:
        """Log in. UsageError: the host's key or the login is refused."""
        import asyncssh  # noqa: PLC0415  an extra

        try:
            return await asyncssh.connect(self.host, **self.options)
        except asyncssh.HostKeyNotVerifiable as error:
            message = (
                f"The host key of {self.host} is not the one in {self.known_hosts}, or none is there; compare its key "
                f"with the server's owner, then put it into known_hosts (ssh-keyscan {self.host})."
            )
            raise UsageError(message) from error
        except asyncssh.PermissionDenied as error:
            message = (
                f"{self.place} refuses the login of {self.options['username']}: put its key into ~/.ssh or the agent, "
                f"or its password into {PASSWORD} in the environment."
            )
            raise UsageError(message) from error

    async def listed(self, client: asyncssh.SFTPClient) -> list[str]:
        """Return the paths of the files that the address stands for. FileError: there is none."""
        import asyncssh  # noqa: PLC0415

        try:
            if has_pattern(self.path) and not await client.exists(self.path):
                entries = await client.glob_sftpname(self.path)
            elif await client.isdir(self.path):
                base = self.path.rstrip("/")
                entries = await client.readdir(self.path)
                for entry in entries:
                    entry.filename = f"{base}/{_text(entry.filename)}"
            else:
                await client.stat(self.path)
                return [self.path]
        except (asyncssh.SFTPNoSuchFile, asyncssh.SFTPNoSuchPath) as error:
            message = f"There is no file at {self.place}; check the path."
            raise FileError(message) from error
        except asyncssh.SFTPPermissionDenied as error:
            message = f"{self.place} may not be read by {self.options['username']}; check the account's permissions."
            raise FileError(message) from error
        found = _files(entries)
        if not found:
            message = f"There is no file at {self.place}; check the path."
            raise FileError(message)
        return found

    async def bring(self, path: str, folder: Path) -> Fetched:
        """Bring one file, whole; after a cut the rest follows, and a file that changed meanwhile is begun again."""
        target, patience = private_path(folder, last_name(path, "sales")), Patience()
        known: tuple[Any, ...] | None = None
        with writing(target, self.place) as stream:
            while True:
                try:
                    async with await self.connect() as connection, connection.start_sftp_client() as client:
                        now = await _version(client, path)
                        if known not in {None, now}:
                            begin_again(stream)
                        known = now
                        async with client.open(path, "rb") as source:
                            while part := await asyncio.wait_for(source.read(CHUNK, stream.tell()), 2 * SECONDS):
                                write(stream, _bytes(part))
                        if await _version(client, path) == known and stream.tell() == known[0]:
                            break
                except _broken() as error:
                    patience.reached(stream.tell())
                    if not patience.more():
                        raise self.failure(error, began=stream.tell() > 0) from error
                    continue
                if not patience.restart():
                    message = f"{self.root}{path} changes while it is read; wait until it is written, and try again."
                    raise FileError(message)
        return Fetched(target.name, target, self.root + path)

    def failure(self, error: Exception, *, began: bool) -> CapiImportError:
        """Say what broke."""
        import asyncssh  # noqa: PLC0415

        if isinstance(error, asyncssh.SFTPPermissionDenied):
            return FileError(
                f"{self.place} may not be read by {self.options['username']}; check the account's permissions."
            )
        if isinstance(error, asyncssh.SFTPNoSuchFile):
            return FileError(f"There is no file at {self.place} any more; check the path.")
        if began:
            sentence = f"The connection to {self.place} broke off again and again; nothing was sent."
            return FileError(f"{sentence} Run the same command again.")
        return FileError(f"{self.place} cannot be reached; check the server's name, its port and the network.")


def _broken() -> tuple[type[Exception], ...]:
    """Return what a broken connection raises."""
    import asyncssh  # noqa: PLC0415

    return (OSError, asyncssh.Error, TimeoutError)


async def _version(client: asyncssh.SFTPClient, path: str) -> tuple[Any, ...]:
    """Return size and time of a file: what tells one content from the next."""
    attributes = await asyncio.wait_for(client.stat(path), SECONDS)
    return attributes.size, attributes.mtime, attributes.mtime_ns


def _files(entries: Iterable[asyncssh.SFTPName]) -> list[str]:
    """Return the regular files among entries of a folder; what is hidden is none of the user's."""
    found = []
    for entry in entries:
        path, mode = _text(entry.filename), entry.attrs.permissions
        regular = mode is None or stat.S_ISREG(mode) or stat.S_ISLNK(mode)
        if regular and not is_hidden(path.rpartition("/")[2]):
            found.append(path)
    return sorted(found)


def _text(name: str | bytes) -> str:
    return name if isinstance(name, str) else name.decode("utf-8", "surrogateescape")


def _bytes(part: str | bytes) -> bytes:
    return part if isinstance(part, bytes) else part.encode()
