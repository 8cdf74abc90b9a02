"""Connecting to the office mailbox: TLS verified, ID after LOGIN, and errors told apart.

A connection cut during LOGIN raises the same class as a wrong password; only the server's own
word is taken for a wrong password, so that a bad line never locks the account.
"""

from __future__ import annotations

import imaplib
import socket
import ssl
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, Protocol

import structlog
from imapclient import IMAPClient
from imapclient.exceptions import IMAPClientError, LoginError

from intake import __version__
from intake.mail.wire import answered, away, is_busy, understood, veiled
from storage.errors import Refused, Temporary

log = structlog.get_logger()


class ServerSettings(Protocol):
    """The part of the configuration that a connection needs, to either kind of server."""

    @property
    def host(self) -> str: ...
    @property
    def port(self) -> int: ...
    @property
    def security(self) -> str: ...
    @property
    def username(self) -> str: ...
    @property
    def ca_file(self) -> str: ...
    @property
    def timeout_seconds(self) -> float: ...


class AuthRefused(Refused):
    """The server does not take our login. Nothing is tried again at once, so that the account is not locked."""


def tls_context(ca_file: str) -> ssl.SSLContext:
    """Certificates and host names are always checked; `ca_file` adds the office's own authority."""
    context = ssl.create_default_context()
    if ca_file:
        context.load_verify_locations(Path(ca_file))
    return context


def _open(imap: ServerSettings) -> IMAPClient:
    if imap.security == "tls":
        return IMAPClient(
            imap.host, imap.port, ssl=True, ssl_context=tls_context(imap.ca_file), timeout=imap.timeout_seconds
        )
    client = IMAPClient(imap.host, imap.port, ssl=False, timeout=imap.timeout_seconds)
    try:
        if imap.security == "starttls":
            _encrypt(client, imap)
    except BaseException:
        hang_up(client)
        raise
    return client


def _encrypt(client: IMAPClient, imap: ServerSettings) -> None:
    """STARTTLS or nothing; what was said before it is forgotten, since anybody may have said it (RFC 3501, 6.2.1)."""
    if b"STARTTLS" not in client.capabilities():
        raise Refused(f'收件服务器 {imap.host} 不支持 STARTTLS，未发送密码。请改用 security = "tls"。')
    client.starttls(tls_context(imap.ca_file))
    client._imap.untagged_responses = {}


def _login(client: IMAPClient, imap: ServerSettings, password: str) -> None:
    try:
        client.login(imap.username, password)
    except LoginError as error:
        if isinstance(error.__context__, imaplib.IMAP4.abort):
            raise Temporary(f"登录时与收件服务器 {imap.host} 的连接中断。稍后会自动重试。") from error
        answer = error.__context__ or error
        said_no = isinstance(next(iter(answer.args), ""), bytes)  # a BAD and nonsense imaplib tells in its own words
        if not said_no or is_busy(answered(answer)):
            told = veiled(answered(answer), imap.username, password)  # some repeat what they did not understand
            raise Temporary(f"收件服务器 {imap.host} 暂时不能登录（{told}）。稍后会自动重试。") from None
        raise AuthRefused(
            f"收件服务器 {imap.host} 拒绝登录（帐号 {imap.username}）。请核对密码；QQ、163 邮箱须填“授权码”。"
        ) from error


@contextmanager
def connected(imap: ServerSettings, password: str) -> Iterator[IMAPClient]:
    """A logged-in connection. Raises Temporary when the server is away, Refused when it says no."""
    with away(f"收件服务器 {imap.host}:{imap.port} "):
        with understood():
            client = _open(imap)
        try:
            with understood():
                _ready(client, imap, password)
            yield client
        except (KeyboardInterrupt, SystemExit):
            hang_up(client)  # the server may be the one that keeps us waiting: no goodbye
            raise
        except BaseException:
            _close(client)
            raise
        else:
            _close(client)


def _ready(client: IMAPClient, imap: ServerSettings, password: str) -> None:
    # imapclient turns imaplib's debugging on, which formats every literal twice (5x the CPU)
    client._imap.debug = 0
    client.normalise_times = False  # INTERNALDATE stays aware
    plain = getattr(client, "socket", lambda: None)()
    if isinstance(plain, socket.socket):
        plain.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    _login(client, imap, password)
    if client.has_capability("ID"):
        _introduce(client)


def _introduce(client: IMAPClient) -> None:
    """ID (RFC 2971); 163 and 126 refuse SELECT without it. Whoever does not care may say so."""
    try:
        client.id_({"name": "shouqi", "version": __version__, "vendor": "shouqi"})
    except imaplib.IMAP4.abort:
        raise
    except IMAPClientError as error:
        log.info("ID refused", why=str(error))


def _close(client: IMAPClient) -> None:
    try:
        client.logout()
    except Exception:  # noqa: BLE001  # whatever the server makes of the goodbye, the mails are read
        hang_up(client)


def hang_up(client: IMAPClient) -> None:
    """End the connection without a word: whatever is on its way is not waited for."""
    with suppress(OSError, IMAPClientError):  # the line is dead already; only the socket has to be given back
        client.shutdown()


@understood()
def examine(client: IMAPClient, folder: str) -> dict[bytes, Any]:
    """Open the folder read-only (EXAMINE, RFC 3501 6.3.2): no flag can change. Refused when it does not exist.

    The answer has `UIDVALIDITY` and `EXISTS`, and usually `UIDNEXT`, all of them numbers.
    """
    try:
        answer = _examined(client, folder)
    except imaplib.IMAP4.abort:
        raise
    except IMAPClientError as error:
        if "UNSAFE LOGIN" in str(error).upper():
            raise Refused(
                f"邮箱服务商不让本程序读取邮箱（{answered(error)}）。"
                "请在网页邮箱的设置中开启 IMAP 服务，密码处填“授权码”；仍不行的，请联系邮箱服务商。"
            ) from error
        there = [name for _, _, name in client.list_folders()]
        if is_busy(str(error)) or " BAD " in str(error) or folder.upper() in (name.upper() for name in there):
            raise Temporary(f"邮箱里的文件夹“{folder}”暂时打不开（{answered(error)}）。稍后会自动重试。") from error
        names = "、".join(sorted(there)[:20])
        raise Refused(f"邮箱里打不开文件夹“{folder}”（{answered(error)}）。现有文件夹：{names}。") from error
    return {**answer, b"UIDVALIDITY": int(answer[b"UIDVALIDITY"]), b"EXISTS": int(answer[b"EXISTS"])}


def _examined(client: IMAPClient, folder: str) -> dict[bytes, Any]:
    try:
        answer: dict[bytes, Any] = client.select_folder(folder, readonly=True)
    except IMAPClientError as error:
        if "UNSAFE LOGIN" not in str(error).upper():
            raise
        _introduce(client)  # wanted, though ID was not among the capabilities
        answer = client.select_folder(folder, readonly=True)
    return answer
