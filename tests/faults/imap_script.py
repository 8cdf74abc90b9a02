"""A real IMAP server with its manners taken away: at each stage it answers as told, hangs up or falls silent."""

from __future__ import annotations

import contextlib
import re
import socket
import struct
from collections.abc import Callable

from tests.faults.listener import Listener

GREETING = "GREETING"
STAGES = {
    "CAPABILITY": r"CAPABILITY",
    "LOGIN": r"LOGIN ",
    "ID": r"ID ",
    "EXAMINE": r"EXAMINE ",
    "LIST": r"LIST ",
    "SEARCH": r"UID SEARCH (?!.*HEADER)",
    "LOOK-UP": r"UID SEARCH .*HEADER",
    "HEADERS": r"UID FETCH .*(RFC822\.SIZE|HEADER)",
    "BODY": r"UID FETCH .*BODY\.PEEK\[\]",
    "IDLE": r"IDLE",
    "LOGOUT": r"LOGOUT",
}
"""Name of a stage, and the client's command that begins it."""
DROP, RESET, STALL = b"drop", b"reset", b"stall"
Alter = Callable[[bytes], bytes]


class Unmannerly(Listener):
    """Stands between the client and a real server. `faults` maps a stage to `DROP`, `RESET`, `STALL`, to what is said
    in the place of the answer (`TAG` stands for the tag of the command), or to a function that alters the answer;
    it may be changed at any time. `heard` is every line that came from the client."""

    def __init__(self, port: int) -> None:
        super().__init__()
        self.faults: dict[str, bytes | Alter] = {}
        self.heard: list[bytes] = []
        self.target = port

    def serve(self, client: socket.socket) -> None:
        """Let the client and the real server converse."""
        with contextlib.suppress(OSError), client, socket.create_connection(("127.0.0.1", self.target)) as server:
            self._converse(client, server)

    def _converse(self, client: socket.socket, server: socket.socket) -> None:
        said = server.makefile("rb")
        greeting = said.readline()
        if GREETING in self.faults:
            if not self._misbehave(client, GREETING, b"", lambda: greeting):
                return
        else:
            client.sendall(greeting)
        for line in client.makefile("rb"):
            self.heard.append(line)
            tag, _, command = line.partition(b" ")
            text = command.decode("ascii", "replace")
            stage = next((name for name, form in STAGES.items() if re.match(form, text, re.IGNORECASE)), "")

            def answer(line: bytes = line, tag: bytes = tag) -> bytes:
                server.sendall(line)
                pieces = [said.readline()]
                while pieces[-1] and not pieces[-1].startswith((tag + b" ", b"+ ")):
                    if literal := re.search(rb"\{(\d+)\}\r\n$", pieces[-1]):
                        pieces.append(said.read(int(literal[1])))
                    pieces.append(said.readline())
                return b"".join(pieces)

            if stage in self.faults:
                if not self._misbehave(client, stage, tag, answer):
                    return
            else:
                client.sendall(answer())

    def _misbehave(self, client: socket.socket, stage: str, tag: bytes, answer: Callable[[], bytes]) -> bool:
        """Do as told; False when the line is over."""
        fault = self.faults[stage]
        if not isinstance(fault, bytes):
            client.sendall(fault(answer()))
            return True
        if fault == STALL:
            self.over.wait(600)
        if fault in (DROP, RESET, STALL):
            if fault == RESET:
                client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            return False
        client.sendall(fault.replace(b"TAG", tag) + b"\r\n")
        return True
