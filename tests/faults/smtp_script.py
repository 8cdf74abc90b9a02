"""An SMTP server that follows a script: at each of nine points it can answer as told, hang up, or fall silent."""

from __future__ import annotations

import contextlib
import socket
import ssl
import struct
from collections.abc import Callable, Iterator

from tests.faults.listener import Listener

STAGES = ("CONNECT", "EHLO", "AUTH", "MAIL", "RCPT", "DATA", "BODY", "DOT", "QUIT")
"""`BODY` is the first line after 354, `DOT` the end of the letter."""
DROP, RESET, STALL = "drop", "reset", "stall"
KEEP = "keep "
"""Before another fault at `DOT`: the letter was taken all the same (`keep drop`, `keep stall`)."""


class ScriptedSmtp(Listener):
    """`faults` maps a stage to an answer (`451 4.3.0 later`), `drop`, `reset` or `stall`; it may be changed any time.

    `take` gets every letter for which the server took responsibility, with its recipients. `heard` is every line of
    commands that came, `wrapped` the TLS context of an implicit TLS port.
    """

    def __init__(
        self, take: Callable[[bytes, tuple[str, ...]], None], *, wrapped: ssl.SSLContext | None = None
    ) -> None:
        super().__init__()
        self.faults: dict[str, str] = {}
        self.heard: list[str] = []
        self._take = take
        self._wrapped = wrapped

    def serve(self, client: socket.socket) -> None:
        """One client, encrypted where the port is."""
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
            self.over.wait(600)
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
