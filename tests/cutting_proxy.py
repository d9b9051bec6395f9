"""A TCP proxy on this machine that breaks connections off: what a bad line does to any protocol."""

from __future__ import annotations

import socket
import struct
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress


class CuttingProxy:
    """Forwards to a port. cuts: after how many bytes from the server each of the first connections is broken off.

    at_cut: called at each cut. cut_always: every later connection breaks off after so many bytes too. dead_after: once
    so many bytes came from the clients, of all connections, no more of them reach the server.
    """

    def __init__(
        self, port: int, cuts: list[int], *, cut_always: int | None = None, dead_after: int | None = None
    ) -> None:
        self._left = dead_after
        self._target, self._cuts, self._always = port, cuts, cut_always
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = self._listener.getsockname()[1]
        self.done = 0
        self.connections = 0
        self._threads: list[threading.Thread] = []
        self.at_cut: Callable[[], None] = lambda: None
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                client, _ = self._listener.accept()
                self.connections += 1
                limit = self._cuts.pop(0) if self._cuts else self._always
                thread = threading.Thread(target=self._serve, args=(client, limit), daemon=True)
                self._threads.append(thread)
                thread.start()

    def _serve(self, client: socket.socket, limit: int | None) -> None:
        try:
            server = socket.create_connection(("127.0.0.1", self._target))
        except OSError:
            client.close()
            return
        threading.Thread(target=self._forward, args=(client, server), daemon=True).start()
        passed = 0
        with suppress(OSError):
            while data := server.recv(16_384):
                passed += len(data)
                if limit is not None and passed > limit:
                    client.sendall(data[: len(data) - (passed - limit)])
                    self.done += 1
                    server.close()  # a server with one thread could do nothing else while it sends
                    self.at_cut()
                    break
                client.sendall(data)
        with suppress(OSError):
            if limit is not None:
                client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))  # a reset, not an end
        for end in (client, server):
            with suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
            end.close()

    def _forward(self, source: socket.socket, target: socket.socket) -> None:
        with suppress(OSError):
            while data := source.recv(16_384):
                if self._left is not None:
                    data, self._left = data[: self._left], max(0, self._left - len(data))
                target.sendall(data)
                if self._left == 0:
                    self.done += 1
                    for end in (source, target):
                        end.shutdown(socket.SHUT_RDWR)
            target.shutdown(socket.SHUT_WR)

    def close(self) -> None:
        self._listener.close()
        for thread in self._threads:
            thread.join(10)


@contextmanager
def cutting_proxy(
    port: int, *cuts: int, cut_always: int | None = None, dead_after: int | None = None
) -> Iterator[CuttingProxy]:
    proxy = CuttingProxy(port, list(cuts), cut_always=cut_always, dead_after=dead_after)
    yield proxy
    proxy.close()
