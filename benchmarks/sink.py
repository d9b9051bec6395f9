"""A Graph API that takes everything at once: what `send` costs beside the network. Counts the events that came.

python benchmarks/sink.py [FILE]     FILE: every request's body is kept there, one a line
"""

import asyncio
import sys
from pathlib import Path

MARK = b'{"event_id":"'


class Connection(asyncio.Protocol):
    """HTTP/1.1 with Content-Length, kept alive; of a body only the number of its events is looked at."""

    events = 0
    kept = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = transport
        self.parts: list[bytes] = []
        self.size = 0
        self.wanted = -1

    def data_received(self, data: bytes) -> None:
        self.parts.append(data)
        self.size += len(data)
        if self.wanted < 0:
            whole = b"".join(self.parts)
            head, found, _ = whole.partition(b"\r\n\r\n")
            if not found:
                return
            lengths = [line for line in head.lower().split(b"\r\n") if line.startswith(b"content-length:")]
            self.wanted = len(head) + 4 + (int(lengths[0].split(b":")[1]) if lengths else 0)
        if self.size >= self.wanted:
            self.answer(b"".join(self.parts))

    def answer(self, request: bytes) -> None:
        count = request.count(MARK)
        Connection.events += count
        if Connection.kept is not None and count:
            Connection.kept.write(request.partition(b"\r\n\r\n")[2] + b"\n")
            Connection.kept.flush()
        body = b'{"events_received":%d,"messages":[],"fbtrace_id":"A"}' % count
        if request.startswith(b"GET"):
            body = b'{"id":"1","name":"sink","is_consolidated_container":true,"events":%d}' % Connection.events
        self.transport.write(  # type: ignore[attr-defined]
            b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%s" % (len(body), body)
        )
        self.parts, self.size, self.wanted = [], 0, -1


async def main() -> None:
    if len(sys.argv) > 1:
        Connection.kept = Path(sys.argv[1]).open("ab")
    server = await asyncio.get_running_loop().create_server(Connection, "127.0.0.1", 0)
    print(server.sockets[0].getsockname()[1], flush=True)
    await asyncio.get_running_loop().run_in_executor(None, sys.stdin.read)


if __name__ == "__main__":
    asyncio.run(main())
