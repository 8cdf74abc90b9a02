"""A connection to the office's SMTP server: encrypted, checked, logged in. Or why not.

RFC 5321, RFC 3207 (STARTTLS), RFC 4954 (AUTH), RFC 8314 (never fall back to plain text).
"""

from __future__ import annotations

import ipaddress
import smtplib
import socket
import ssl

from intake.mail.imap import AuthRefused, ServerSettings, tls_context
from intake.mail.wire import distrust, veiled
from storage.errors import Refused, said

_MOST_TEXT = 300
_MECHANISMS = ("PLAIN", "LOGIN", "CRAM-MD5")
_NOT_THIS_MECHANISM = (500, 501, 502, 503, 504)


class Hindered(Exception):
    """No connection this time. `code` is the server's answer, 0 when there was none."""

    def __init__(self, code: int, text: str, stage: str) -> None:
        super().__init__(f"{stage}: {code} {text}")
        self.code = max(code, 0)
        self.text = text
        self.stage = stage


def connect(settings: ServerSettings, password: str, helo: str = "") -> smtplib.SMTP:
    """A server that is ready for MAIL.

    Raises `Hindered` when it is away or says no to everybody, `Refused` when a person must change a setting,
    `AuthRefused` when it does not take the login. A server without AUTH gets no password: it will say itself
    whether it takes letters without one.
    """
    if settings.security == "none" and not _is_loopback(settings.host):
        raise Refused(f'发件服务器 {settings.host} 不在本机，不能不加密。请用 security = "tls" 或 "starttls"。')
    server: smtplib.SMTP | None = None
    try:
        server = _open(settings)
        _greet(server, helo)
        if settings.security == "starttls":
            _encrypt(server, settings, helo)
        if settings.username and server.has_extn("auth"):
            _log_in(server, settings, password)
        ready, server = server, None
        return ready
    except ssl.SSLCertVerificationError as error:
        raise Refused(
            f"发件服务器 {settings.host} 的证书未通过校验（{distrust(error)}）。"
            "请核对服务器名称；单位自建证书请填写 ca_file。"
        ) from None
    except smtplib.SMTPResponseException as error:
        stage = "EHLO" if isinstance(error, smtplib.SMTPHeloError) else "CONNECT"
        raise Hindered(error.smtp_code, tell(error.smtp_error, settings.username, password), stage) from None
    except (smtplib.SMTPException, OSError) as error:
        raise Hindered(0, f"连不上发件服务器 {settings.host}（{lost(error)}）", "CONNECT") from None
    finally:
        if server is not None:
            server.close()


def _open(settings: ServerSettings) -> smtplib.SMTP:
    name = "localhost"  # else the library asks the name service for ours, which can take seconds; EHLO has another
    if settings.security == "tls":
        return smtplib.SMTP_SSL(
            settings.host,
            settings.port,
            local_hostname=name,
            timeout=settings.timeout_seconds,
            context=tls_context(settings.ca_file),
        )
    return smtplib.SMTP(settings.host, settings.port, local_hostname=name, timeout=settings.timeout_seconds)


def _greet(server: smtplib.SMTP, helo: str) -> None:
    """EHLO with our name or address literal (RFC 5321, 4.1.4), HELO where that is not understood."""
    name = helo or _literal(server.sock)
    code, _ = server.ehlo(name)
    if 200 <= code < 300:
        return
    code, text = server.helo(name)
    if not 200 <= code < 300:
        raise smtplib.SMTPHeloError(code, text)


def _encrypt(server: smtplib.SMTP, settings: ServerSettings, helo: str) -> None:
    """STARTTLS or nothing: what a man in the middle took out of the answer does not make us speak plainly."""
    if server.has_extn("starttls"):
        try:
            server.starttls(context=tls_context(settings.ca_file))
        except smtplib.SMTPResponseException as error:
            if not 500 <= error.smtp_code < 600:
                raise
        else:
            _greet(server, helo)
            return
    raise Refused(f'发件服务器 {settings.host} 不支持 STARTTLS，未发送密码和信件。请改用 security = "tls"。')


def _log_in(server: smtplib.SMTP, settings: ServerSettings, password: str) -> None:
    """One try with the first mechanism both know; the library would try the password with each of them."""
    offered = server.esmtp_features.get("auth", "").upper().split()
    server.user, server.password = settings.username, password
    for mechanism in (one for one in _MECHANISMS if one in offered):
        authenticate = getattr(server, f"auth_{mechanism.lower().replace('-', '_')}")
        try:
            server.auth(mechanism, authenticate)
        except smtplib.SMTPAuthenticationError as error:
            code, told = error.smtp_code, tell(error.smtp_error, settings.username, password)
            if code in _NOT_THIS_MECHANISM:
                continue
            if 500 <= code < 600:
                raise AuthRefused(
                    f"发件服务器 {settings.host} 拒绝登录（{code} {told}）。"
                    "请核对帐号和密码；QQ、163 邮箱须填“授权码”。"
                ) from None
            raise Hindered(code, told, "AUTH") from None
        return
    raise AuthRefused(f"发件服务器 {settings.host} 没有可用的登录方式（{' '.join(offered)}）。")


def lost(error: Exception) -> str:
    """Why a line broke, in Chinese. The library hides a timeout behind a server that hung up."""
    causes = [error, error.__context__]
    if any(isinstance(one, TimeoutError) for one in causes):
        return "没有按时应答"
    if isinstance(error, socket.gaierror):
        return "域名解析失败，请核对服务器名称和网络"
    if isinstance(error, ssl.SSLError):
        return f"建立不了加密连接：{error.reason}，请核对 port 与 security 是否相符"
    if isinstance(error, smtplib.SMTPServerDisconnected):
        return "对方断开了连接"
    return said(error) if isinstance(error, OSError) else "应答不合规范"


def tell(words: bytes | str, username: str, password: str) -> str:
    """What the server said, as one short line without our secrets.

    >>> tell(b"5.7.8 bad \\r\\n secret", "me", "secret")
    '5.7.8 bad    ***'
    """
    if isinstance(words, bytes):
        try:
            text = words.decode("utf-8")
        except UnicodeDecodeError:
            text = words.decode("gb18030", "replace")
    else:
        text = words
    text = veiled(text, username, password)
    return "".join(c if c.isprintable() else " " for c in text)[:_MOST_TEXT].strip()


def _is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False


def _literal(sock: socket.socket | None) -> str:
    """Our own address as EHLO takes it, like `[192.0.2.1]` or `[IPv6:2001:db8::1]`."""
    if sock is None:
        return "localhost"
    address = ipaddress.ip_address(sock.getsockname()[0].partition("%")[0])
    return f"[{'IPv6:' if address.version == 6 else ''}{address}]"
