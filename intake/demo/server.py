"""A mail server in this process: IMAP (pymap, in memory) and SMTP (aiosmtpd) on loopback, for the demo and tests.

Real protocols over real sockets, nothing to install beside the pip packages of the `demo` extra. Both
servers live in one thread with a loop of its own. Never meant for anything but loopback: there is no TLS.
"""

from __future__ import annotations

import asyncio
import logging
import threading
from argparse import Namespace
from collections.abc import Callable, Coroutine
from datetime import UTC, datetime
from functools import partial
from types import TracebackType
from typing import Any, Self, TypeVar, cast

from proxyprotocol.reader import ProxyProtocolReader
from proxyprotocol.sock import SocketInfo
from pymap.backend.dict import Config, DictBackend, Login
from pymap.backend.dict.mailbox import MailboxData
from pymap.concurrent import Subsystem
from pymap.imap import IMAPServer
from pymap.parsing.message import AppendMessage
from pymap.user import Passwords, UserMetadata
from pysasl.hashing import BuiltinHash

from intake.demo.sink import Received, Sink

__all__ = ["MailServer", "Received"]

_T = TypeVar("_T")
_START_SECONDS = 10.0
_STOP_SECONDS = 5.0


class _Config(Config):
    """pymap's settings without its look-up of the machine's name, which can take seconds without a network."""

    @property
    def greeting(self) -> bytes:
        return b"Server ready"


class MailServer:
    """IMAP and SMTP on free loopback ports while the context lasts; one empty mailbox, `INBOX`.

    `address` is the office's own address: what is sent to it by SMTP lands in the INBOX, as a copy to
    oneself does; or wherever `own_mail` puts it, when the mailbox is on another server. `clock` gives the
    INTERNALDATE of such mail. `refusals` maps an address to the SMTP answer
    its RCPT gets (`550 5.1.1 …`), for tests of undeliverable letters; it may be changed at any time.

    >>> with MailServer(address="office@example.org", password="secret") as server:
    ...     server.deliver(b"Subject: hello\\r\\n\\r\\nhi\\r\\n", datetime(2022, 10, 8, tzinfo=UTC))
    ...     server.imap_port > 0 and server.smtp_port > 0
    101
    True
    """

    host = "127.0.0.1"

    def __init__(
        self,
        *,
        address: str,
        user: str = "",
        password: str,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
        own_mail: Callable[[bytes, datetime], object] | None = None,
    ) -> None:
        self.address = address.lower()
        self.user = user or address
        self.password = password
        self.clock = clock
        self.own_mail = own_mail
        self.imap_port = 0
        self.smtp_port = 0
        self.sent: list[Received] = []
        self.refusals: dict[str, str] = {}
        self._ready = threading.Event()
        self._failure: BaseException | None = None
        self._thread = threading.Thread(target=self._main, name="demo mail server", daemon=True)
        self._loop: asyncio.AbstractEventLoop | None = None
        self._stop: asyncio.Event | None = None
        self._config: _Config | None = None
        self._inbox: MailboxData | None = None

    def __enter__(self) -> Self:
        self._thread.start()
        if not self._ready.wait(_START_SECONDS):
            raise TimeoutError("the demo mail server did not start")
        if self._failure is not None:
            raise RuntimeError("the demo mail server did not start") from self._failure
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._loop is not None and self._stop is not None and self._thread.is_alive():
            self._loop.call_soon_threadsafe(self._stop.set)
        self._thread.join(_STOP_SECONDS)
        if self._thread.is_alive():
            raise TimeoutError("the demo mail server did not stop")

    def deliver(self, raw: bytes, received_at: datetime) -> int:
        """Put a mail into the INBOX with that INTERNALDATE (aware) and return its UID."""
        if received_at.tzinfo is None:
            raise ValueError("received_at must be aware")
        return self._run(self._append(raw, received_at))

    def remove(self, uid: int) -> None:
        """Take a mail out of the INBOX, as if another program had deleted it. Unknown UIDs are let be."""
        self._run(self._expunge(uid))

    @property
    def flags(self) -> dict[int, frozenset[str]]:
        """Permanent flags by UID: tests hold that reading never changes one."""
        return self._run(self._read_flags())

    # -- inside the thread ------------------------------------------------------------------------------

    def _main(self) -> None:
        try:
            asyncio.run(self._serve())
        except BaseException as error:  # noqa: BLE001 - boundary of the thread: told to __enter__, which raises it
            self._failure = error
        finally:
            self._ready.set()

    async def _serve(self) -> None:
        # pymap logs a traceback for every client that hangs up at the wrong moment
        logging.getLogger("mail.log").setLevel(logging.ERROR)
        self._loop = asyncio.get_running_loop()
        self._stop = asyncio.Event()
        imap = await self._start_imap()
        sink = Sink(user=self.user, password=self.password, refusals=self.refusals, take=self._take)
        smtp = await self._loop.create_server(partial(sink.session, self._loop), self.host, 0)
        self.imap_port = imap.sockets[0].getsockname()[1]
        self.smtp_port = smtp.sockets[0].getsockname()[1]
        self._ready.set()
        try:
            await self._stop.wait()
        finally:
            imap.close()
            smtp.close()
            await _end_connections()

    async def _start_imap(self) -> asyncio.Server:
        arguments = Namespace(passlib_cfg=None, proxy_protocol=None)
        config = _Config(
            arguments,
            host=self.host,
            port=0,
            demo_data=False,
            demo_user=self.user,
            demo_password=self.password,
            tls_enabled=False,
            reject_dnsbl=False,
            # one invented account in memory: the usual half million rounds would only slow every login down
            hash_context=BuiltinHash(rounds=1000),
            cpu_subsystem=Subsystem.for_asyncio(),
        )
        config.apply_context()
        login = Login(config)
        backend = DictBackend(login, config)
        password = await Passwords(config).hash_password(self.password)
        await login.demo_user_identity.set(UserMetadata(config, self.user, password=password))
        self._config = config
        async with login.demo_user_identity.new_session() as session:
            self._inbox = await session.mailbox_set.get_mailbox("INBOX")
        server = IMAPServer(backend.login, config)

        async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, info: SocketInfo) -> None:
            await server(reader, cast(asyncio.StreamWriter, _Gathered(writer)), info)

        proxy = ProxyProtocolReader(config.proxy_protocol)
        return await asyncio.start_server(proxy.get_callback(answer), self.host, 0)

    async def _append(self, raw: bytes, received_at: datetime) -> int:
        inbox, _ = self._box()
        message = await inbox.append(AppendMessage(raw, received_at, frozenset()), recent=True)
        return message.uid

    async def _take(self, mail: Received) -> None:
        self.sent.append(mail)
        if self.address not in (address.lower() for address in mail.rcpt_to):
            return
        # final delivery writes the envelope sender on top (RFC 5321 section 4.4)
        raw = f"Return-Path: <{mail.mail_from}>\r\n".encode() + mail.raw
        if self.own_mail is not None:
            self.own_mail(raw, self.clock())
        else:
            await self._append(raw, self.clock())

    async def _expunge(self, uid: int) -> None:
        inbox, _ = self._box()
        await inbox.delete([uid])

    async def _read_flags(self) -> dict[int, frozenset[str]]:
        inbox, _ = self._box()
        return {
            message.uid: frozenset(str(flag) for flag in message.permanent_flags) async for message in inbox.messages()
        }

    def _box(self) -> tuple[MailboxData, _Config]:
        if self._inbox is None or self._config is None:
            raise RuntimeError("the demo mail server is not running")
        # pymap finds its locks by context, and a call from another thread comes with that thread's context
        self._config.apply_context()
        return self._inbox, self._config

    def _run(self, work: Coroutine[Any, Any, _T]) -> _T:
        if self._loop is None or not self._thread.is_alive():
            work.close()
            raise RuntimeError("the demo mail server is not running")
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(_START_SECONDS)


class _Gathered:
    """A stream writer that sends a response whole.

    pymap writes a response in many small pieces; a client that looks in between, as imapclient does during
    IDLE, takes half a line for a broken connection. Other servers do not do that.
    """

    def __init__(self, writer: asyncio.StreamWriter) -> None:
        self._writer = writer
        self._pieces: list[bytes] = []

    def write(self, data: bytes) -> None:
        self._pieces.append(bytes(data))

    async def drain(self) -> None:
        self._writer.write(b"".join(self._pieces))
        self._pieces.clear()
        await self._writer.drain()

    def close(self) -> None:
        self._writer.close()


async def _end_connections() -> None:
    """Cancel what still talks to a client and let it close its socket."""
    rest = [task for task in asyncio.all_tasks() if task is not asyncio.current_task()]
    for task in rest:
        task.cancel()
    if rest:
        await asyncio.wait(rest, timeout=1.0)
