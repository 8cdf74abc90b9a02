"""A bad line to a mail server: a proxy that cuts or stalls after so many bytes of what the server says."""

from __future__ import annotations

import contextlib
import socket
import struct
import threading

from tests.faults.listener import Listener


class BadLine(Listener):
    """Passes on what both say; after `limit` bytes of the server's it is cut (`rst`: hard) or stalls."""

    def __init__(self, port: int) -> None:
        super().__init__()
        self._target = port
        self.limit: int | None = None
        self.rst = self.stalls = False
        self.said = b""
        """What came from the server in the newest connection."""
        self._clients: list[socket.socket] = []

    def cut_all(self) -> None:
        """Every connection of this moment ends; later ones are as before."""
        clients, self._clients = self._clients, []
        for client in clients:
            with contextlib.suppress(OSError):  # it had ended already
                client.shutdown(socket.SHUT_RDWR)

    def serve(self, client: socket.socket) -> None:
        """Carry what both say."""
        self._clients.append(client)
        self.said = b""
        limit, rst, stalls = self.limit, self.rst, self.stalls
        with client, socket.create_connection(("127.0.0.1", self._target)) as server:
            pump = threading.Thread(target=_pump, args=(client, server), daemon=True)
            pump.start()
            try:
                while data := server.recv(65536):
                    passed = data if limit is None else data[: limit - len(self.said)]
                    self.said += passed
                    client.sendall(passed)
                    if len(passed) < len(data):
                        break
            except OSError:
                return  # the client has hung up
            if stalls:
                self.over.wait(60)
            if rst:
                # the pump lets go of the socket first: closed under a waiting recv it would stay open
                client.shutdown(socket.SHUT_RD)
                pump.join()
                client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            else:
                with contextlib.suppress(OSError):  # cut already
                    client.shutdown(socket.SHUT_RDWR)


def _pump(source: socket.socket, goal: socket.socket) -> None:
    try:
        while data := source.recv(65536):
            goal.sendall(data)
        goal.shutdown(socket.SHUT_WR)
    except OSError:
        return  # the other direction has ended the connection
