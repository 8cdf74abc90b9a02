"""A proxy on loopback that counts what goes over the wire between an IMAP client and its server."""

from __future__ import annotations

import re
import socket
import threading
from collections.abc import Iterator
from types import TracebackType
from typing import Self

_LITERAL = re.compile(rb"BODY\[\](?:<\d+>)? \{(\d+)\}\r\n")
"""The beginning of a mail's body in an answer (RFC 3501 section 7.4.2); header fields are not bodies."""
_LONGEST = 64
"""A match is never longer."""


class Wire:
    """While the context lasts, `port` leads to the server at `goal`."""

    def __init__(self, goal: int) -> None:
        self._goal = goal
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._lock = threading.Lock()
        self.port = self._listener.getsockname()[1]
        self.sent = self.received = 0
        """Bytes from the client to the server, and back."""
        self.bodies = self.body_bytes = 0
        """Pieces of mails that the server sent, and the bytes in them."""

    def __enter__(self) -> Self:
        threading.Thread(target=self._accept, daemon=True).start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._listener.close()

    def forget(self) -> None:
        """Count from nothing."""
        with self._lock:
            self.sent = self.received = self.bodies = self.body_bytes = 0

    @property
    def total(self) -> int:
        """Bytes in both directions."""
        return self.sent + self.received

    def _accept(self) -> None:
        while True:
            try:
                client, _ = self._listener.accept()
            except OSError:
                return  # the context is over
            server = socket.create_connection(("127.0.0.1", self._goal))
            for one in (client, server):
                one.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            threading.Thread(target=self._up, args=(client, server), daemon=True).start()
            threading.Thread(target=self._down, args=(server, client), daemon=True).start()

    def _up(self, client: socket.socket, server: socket.socket) -> None:
        for data in _read(client):
            with self._lock:
                self.sent += len(data)
            server.sendall(data)
        _end(server)

    def _down(self, server: socket.socket, client: socket.socket) -> None:
        rest = b""
        for data in _read(server):
            found = list(_LITERAL.finditer(rest + data))
            with self._lock:
                self.received += len(data)
                self.bodies += len(found)
                self.body_bytes += sum(int(one[1]) for one in found)
            rest = (rest + data)[found[-1].end() if found else 0 :][-_LONGEST:]
            client.sendall(data)
        _end(client)


def _read(source: socket.socket) -> Iterator[bytes]:
    """What comes, until the line ends."""
    while True:
        try:
            data = source.recv(1 << 16)
        except OSError:
            return
        if not data:
            return
        yield data


def _end(goal: socket.socket) -> None:
    try:
        goal.shutdown(socket.SHUT_WR)
    except OSError:
        goal.close()  # the other side was faster
