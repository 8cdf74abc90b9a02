"""Connecting to the office mailbox: TLS verified, ID after LOGIN, and errors told apart.

A connection cut during LOGIN raises the same class as a wrong password; only the server's own
word is taken for a wrong password, so that a bad line never locks the account.
"""

from __future__ import annotations

import imaplib
import socket
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Protocol

from imapclient import IMAPClient
from imapclient.exceptions import IMAPClientError, LoginError

from intake import __version__
from storage.errors import Refused, Temporary, said


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


@contextmanager
def away(what: str) -> Iterator[None]:
    """Translate the many ways in which a line breaks into `Temporary`, certificates into `Refused`."""
    try:
        yield
    except (Temporary, Refused):
        raise
    except ssl.SSLCertVerificationError as error:
        raise Refused(
            f"{what}的证书未通过校验（{error.verify_message}）。请核对服务器名称；单位自建证书请填写 ca_file。"
        ) from error
    except socket.gaierror as error:
        raise Temporary(f"找不到{what.strip()}（域名解析失败）。请检查服务器名称和网络，稍后会自动重试。") from error
    except ConnectionRefusedError as error:
        raise Temporary(f"连不上{what.strip()}（对方拒绝连接）。请核对服务器名称和端口，稍后会自动重试。") from error
    except TimeoutError as error:
        raise Temporary(f"{what}没有按时应答。请检查网络，稍后会自动重试。") from error
    except ssl.SSLError as error:
        raise Temporary(
            f"与{what}建立不了加密连接（{error.reason}）。请核对端口与 security 是否相符，稍后会自动重试。"
        ) from error
    except (imaplib.IMAP4.abort, ConnectionError, EOFError, OSError) as error:
        if isinstance(error, OSError) and error.filename is not None:  # a file of ours, not the line
            raise Temporary(f"读写“{error.filename}”失败（{said(error)}）。请检查路径、权限和磁盘空间。") from error
        told = said(error) if isinstance(error, OSError) else error
        raise Temporary(f"与{what}的连接中断（{told}）。稍后会自动重试。") from error
    except imaplib.IMAP4.error as error:
        raise Temporary(f"{what}拒绝了请求（{error}）。稍后会自动重试。") from error


def _open(imap: ServerSettings) -> IMAPClient:
    if imap.security == "tls":
        return IMAPClient(
            imap.host, imap.port, ssl=True, ssl_context=tls_context(imap.ca_file), timeout=imap.timeout_seconds
        )
    client = IMAPClient(imap.host, imap.port, ssl=False, timeout=imap.timeout_seconds)
    if imap.security == "starttls":
        if b"STARTTLS" not in client.capabilities():
            client.shutdown()
            raise Refused(f'收件服务器 {imap.host} 不支持 STARTTLS，未发送密码。请改用 security = "tls"。')
        client.starttls(tls_context(imap.ca_file))
    return client


def _login(client: IMAPClient, imap: ServerSettings, password: str) -> None:
    try:
        client.login(imap.username, password)
    except LoginError as error:
        if isinstance(error.__context__, imaplib.IMAP4.abort):
            raise Temporary(f"登录时与收件服务器 {imap.host} 的连接中断。稍后会自动重试。") from error
        text = str(error).upper()
        if "[UNAVAILABLE]" in text or "[INUSE]" in text or "[SERVERBUG]" in text:  # RFC 5530
            raise Temporary(f"收件服务器 {imap.host} 暂时不能登录。稍后会自动重试。") from error
        raise AuthRefused(
            f"收件服务器 {imap.host} 拒绝登录（帐号 {imap.username}）。请核对密码；QQ、163 邮箱须填“授权码”。"
        ) from error


@contextmanager
def connected(imap: ServerSettings, password: str) -> Iterator[IMAPClient]:
    """A logged-in connection. Raises Temporary when the server is away, Refused when it says no."""
    with away(f"收件服务器 {imap.host}:{imap.port} "):
        client = _open(imap)
        try:
            # imapclient turns imaplib's debugging on, which formats every literal twice (5x the CPU)
            client._imap.debug = 0
            client.normalise_times = False  # INTERNALDATE stays aware
            plain = getattr(client, "socket", lambda: None)()
            if isinstance(plain, socket.socket):
                plain.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            _login(client, imap, password)
            if client.has_capability("ID"):  # RFC 2971; 163 and 126 refuse SELECT without it
                client.id_({"name": "shouqi", "version": __version__, "vendor": "shouqi"})
            yield client
        except (KeyboardInterrupt, SystemExit):
            client.shutdown()  # the server may be the one that keeps us waiting: no goodbye
            raise
        except BaseException:
            _close(client)
            raise
        else:
            _close(client)


def _close(client: IMAPClient) -> None:
    try:
        client.logout()
    except (IMAPClientError, imaplib.IMAP4.error, OSError):
        client.shutdown()  # the line is dead already; the socket only has to be given back


def examine(client: IMAPClient, folder: str) -> dict[bytes, Any]:
    """Open the folder read-only (EXAMINE, RFC 3501 6.3.2): no flag can change. Refused when it does not exist."""
    try:
        answer: dict[bytes, Any] = client.select_folder(folder, readonly=True)
    except imaplib.IMAP4.abort:
        raise
    except IMAPClientError as error:
        names = "、".join(sorted(name for _, _, name in client.list_folders())[:20])
        raise Refused(f"邮箱里打不开文件夹“{folder}”（{error}）。现有文件夹：{names}。") from error
    return answer
