"""TLS before a real mail server: implicit or by STARTTLS, with any certificate, stripped, refused or tampered with."""

from __future__ import annotations

import contextlib
import socket
import ssl
import threading
from dataclasses import dataclass, field
from typing import Literal

from tests.faults.listener import Listener


@dataclass(frozen=True)
class Dialect:
    """What both sides say up to the encryption; `TAG` stands for the client's tag."""

    greeting: bytes
    hello: str
    """The client's command that asks what the server can do."""
    offer: bytes
    bare: bytes
    """The same without STARTTLS."""
    go: bytes


IMAP = Dialect(b"* OK hi\r\n", "CAPABILITY", b"* CAPABILITY IMAP4rev1 STARTTLS LOGINDISABLED\r\nTAG OK x\r\n",
               b"* CAPABILITY IMAP4rev1 AUTH=PLAIN\r\nTAG OK x\r\n", b"TAG OK begin\r\n")  # fmt: skip
SMTP = Dialect(b"220 mx.yunling.example\r\n", "EHLO", b"250-mx.yunling.example\r\n250 STARTTLS\r\n",
               b"250-mx.yunling.example\r\n250 AUTH PLAIN LOGIN\r\n", b"220 begin\r\n")  # fmt: skip


@dataclass
class TlsFront(Listener):
    """Listens before the server on `target`. `injected` is said in the clear in one packet with the word to begin."""

    target: int
    context: ssl.SSLContext
    dialect: Dialect
    mode: Literal["tls", "starttls", "stripped", "refused"] = "starttls"
    greeting: bytes = b""
    injected: bytes = b""
    clear: bytearray = field(default_factory=bytearray)
    """What the client said in the clear."""
    inside: bytearray = field(default_factory=bytearray)
    """What it said under encryption."""

    def __post_init__(self) -> None:
        super().__init__()

    def serve(self, client: socket.socket) -> None:
        """Begin as the mode says, then pass on what both say."""
        with contextlib.suppress(OSError), client:  # the client has gone, or does not trust us
            if self.mode != "tls" and not self._begin(client):
                return
            with (
                self.context.wrap_socket(client, server_side=True) as secure,
                socket.create_connection(("127.0.0.1", self.target)) as server,
            ):
                greeting = server.recv(65536)
                if self.mode == "tls":
                    secure.sendall(greeting)
                back = threading.Thread(target=_pump, args=(server, secure), daemon=True)
                back.start()
                while data := secure.recv(65536):
                    self.inside += data
                    server.sendall(data)
                server.shutdown(socket.SHUT_WR)
                back.join()

    def _begin(self, client: socket.socket) -> bool:
        """Talk in the clear until STARTTLS; True when the encryption begins."""
        client.sendall(self.greeting or self.dialect.greeting)
        pending = b""
        while data := client.recv(65536):
            self.clear += data
            *lines, pending = (pending + data).split(b"\r\n")
            for line in lines:
                tag, _, word = line.partition(b" ") if self.dialect is IMAP else (b"", b"", line)
                command = word.decode("ascii", "replace").upper()
                if command.startswith(self.dialect.hello):
                    offer = self.dialect.bare if self.mode == "stripped" else self.dialect.offer
                    client.sendall(offer.replace(b"TAG", tag))
                elif command.startswith("STARTTLS") and self.mode == "starttls":
                    client.sendall(self.dialect.go.replace(b"TAG", tag) + self.injected)
                    return True
                else:
                    client.sendall(tag + b" BAD no\r\n" if self.dialect is IMAP else b"502 no\r\n")
        return False


def _pump(source: socket.socket, goal: ssl.SSLSocket) -> None:
    with contextlib.suppress(OSError):  # the other direction has ended the connection
        while data := source.recv(65536):
            goal.sendall(data)
        goal.shutdown(socket.SHUT_WR)
