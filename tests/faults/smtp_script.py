"""An SMTP server that follows a script: at each of nine points it can answer as told, hang up, or fall silent."""

from __future__ import annotations

import contextlib
import socket
import ssl
import struct
import threading
from collections.abc import Callable, Iterator
from types import TracebackType
from typing import Self

STAGES = ("CONNECT", "EHLO", "AUTH", "MAIL", "RCPT", "DATA", "BODY", "DOT", "QUIT")
"""`BODY` is the first line after 354, `DOT` the end of the letter."""
DROP, RESET, STALL = "drop", "reset", "stall"
KEEP = "keep "
"""Before another fault at `DOT`: the letter was taken all the same (`keep drop`, `keep stall`)."""


class ScriptedSmtp:
    """`faults` maps a stage to an answer (`451 4.3.0 later`), `drop`, `reset` or `stall`; it may be changed any time.

    `take` gets every letter for which the server took responsibility, with its recipients. `heard` is every line of
    commands that came, `wrapped` the TLS context of an implicit TLS port.
    """

    def __init__(
        self, take: Callable[[bytes, tuple[str, ...]], None], *, wrapped: ssl.SSLContext | None = None
    ) -> None:
        self.faults: dict[str, str] = {}
        self.heard: list[str] = []
        self.connections = 0
        self._take = take
        self._wrapped = wrapped
        self._over = threading.Event()
        self._open: list[socket.socket] = []
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = int(self._listener.getsockname()[1])

    def __enter__(self) -> Self:
        threading.Thread(target=self._accept, daemon=True).start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._over.set()
        self._listener.close()

    def _accept(self) -> None:
        with contextlib.suppress(OSError):  # closed: the test is over
            while True:
                client, _ = self._listener.accept()
                self.connections += 1
                threading.Thread(target=self._serve, args=(client,), daemon=True).start()

    def _serve(self, client: socket.socket) -> None:
        with contextlib.suppress(OSError, _Over), client, contextlib.ExitStack() as stack:
            if self._wrapped is not None:
                client = stack.enter_context(self._wrapped.wrap_socket(client, server_side=True))
            self._converse(client, client.makefile("rb"))

    def _converse(self, client: socket.socket, lines: Iterator[bytes]) -> None:
        self._answer(client, "CONNECT", "220 mx.yunling.example ESMTP")
        rcpt: list[str] = []
        for raw in lines:
            line = raw.decode("ascii", "replace").strip()
            self.heard.append(line)
            word, _, rest = line.partition(" ")
            match word.upper():
                case "EHLO" | "HELO":
                    self._answer(client, "EHLO", "250-mx.yunling.example\r\n250-8BITMIME\r\n250 AUTH PLAIN LOGIN")
                case "AUTH":
                    self._answer(client, "AUTH", "235 2.7.0 welcome")
                case "MAIL":
                    rcpt.clear()
                    self._answer(client, "MAIL", "250 ok")
                case "RCPT":
                    if self._answer(client, "RCPT", "250 ok"):
                        rcpt.append(rest.partition(":")[2].partition(" ")[0].strip("<>"))
                case "DATA":
                    if self._answer(client, "DATA", "354 go on"):
                        self._letter(client, lines, tuple(rcpt))
                case "QUIT":
                    self._answer(client, "QUIT", "221 bye")
                    return
                case _:  # RSET
                    client.sendall(b"250 ok\r\n")

    def _letter(self, client: socket.socket, lines: Iterator[bytes], rcpt: tuple[str, ...]) -> None:
        pieces: list[bytes] = []
        for line in lines:
            if not pieces and "BODY" in self.faults and not self._answer(client, "BODY", ""):
                return
            if line == b".\r\n":
                raw = b"".join(piece[1:] if piece.startswith(b".") else piece for piece in pieces)
                if "DOT" not in self.faults or self.faults["DOT"].startswith(KEEP):
                    self._take(raw, rcpt)
                self._answer(client, "DOT", "250 2.0.0 queued")
                return
            pieces.append(line)

    def _answer(self, client: socket.socket, stage: str, usual: str) -> bool:
        """Say what the script says; True when that was the usual."""
        fault = self.faults.get(stage, "").removeprefix(KEEP)
        if fault == STALL:
            self._over.wait(600)
        if fault in (DROP, RESET, STALL):
            if fault == RESET:
                client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            raise _Over
        if fault or usual:
            client.sendall(f"{fault or usual}\r\n".encode())
        if fault.startswith("421") or (fault and stage in ("CONNECT", "BODY")):
            raise _Over  # the server closes the channel (RFC 5321, 3.8)
        return not fault


class _Over(Exception):
    """The server hangs up."""
