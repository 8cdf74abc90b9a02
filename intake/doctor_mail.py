"""Trying the mail servers as the service will use them: same connection, same login, same folder; nothing changes."""

from __future__ import annotations

import smtplib
import socket
import ssl
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Literal

from imapclient import IMAPClient

from intake.config import Config
from intake.config_servers import SmtpConfig
from intake.mail.imap import connected, examine
from intake.mail.smtp import Hindered, connect
from intake.mail.wire import away

Tried = tuple[Literal["ok", "warn", "fail"], str, str]
"""How it went, what was seen, what to do."""

CLOCK_MAY_DIFFER = timedelta(minutes=5)


def try_imap(config: Config, password: str, now: datetime) -> Iterator[Tried]:
    """Connect, log in, open the folder read-only. Raises Temporary or Refused, with the remedy."""
    imap = config.imap
    with connected(imap, password) as client, away(f"收件服务器 {imap.host} "):
        line = _line_of(getattr(client, "socket", lambda: None)())
        folder = examine(client, imap.folder)
        exists = int(folder[b"EXISTS"])
        yield "ok", f"{imap.host}:{imap.port} {line}，登录成功，文件夹 {imap.folder} 有 {exists} 封邮件", ""
        if config.schedule.idle and not client.has_capability("IDLE"):
            yield "ok", "服务器不支持 IDLE，新邮件靠定时查询发现", ""
        newest = _newest(client, exists)
        if newest is not None and newest > now + CLOCK_MAY_DIFFER:
            yield (
                "warn",
                f"最新一封邮件到达于 {newest.astimezone(config.tz):%Y-%m-%d %H:%M}，晚于本机时间",
                "请校准本机时间；使用 --now 演练时可不理会。",
            )


def try_smtp(config: Config, password: str, now: datetime) -> Iterator[Tried]:
    """Connect and log in; no letter is sent. Raises Refused, with the remedy."""
    smtp = config.smtp
    try:
        server = connect(smtp, password)
    except Hindered as error:
        yield _hindrance(error, smtp)
        return
    line, login = _line_of(server.sock), server.has_extn("auth")
    try:
        server.quit()
    except (smtplib.SMTPException, OSError):
        server.close()  # it hung up after the login: nothing was left to do but to say goodbye
    if smtp.username and not login:
        yield "warn", f"{smtp.host}:{smtp.port} {line}，服务器不要求登录", "如发信被拒，请核对端口，或问邮箱管理员。"
    else:
        yield "ok", f"{smtp.host}:{smtp.port} {line}，{'登录成功' if smtp.username else '不登录'}", ""
    sender = smtp.mail_from if "@" in smtp.mail_from else config.office.address
    if "@" in smtp.username and smtp.username.lower() != sender.lower():
        yield (
            "warn",
            f"登录帐号 {smtp.username} 与发件地址 {sender} 不同",
            "多数邮箱只准以登录帐号发信；如发信被拒，请改为一致。",
        )


def _hindrance(error: Hindered, smtp: SmtpConfig) -> Tried:
    if error.code == 0:
        return "fail", error.text, "请核对 [smtp] 的 host、port、security，以及本机能否上网。"
    remedy = "请稍后再试。" if error.code < 500 else "请把这句答复告诉邮箱管理员。"
    return "fail", f"发件服务器 {smtp.host} 答复：{error.code} {error.text}", remedy


def _newest(client: IMAPClient, exists: int) -> datetime | None:
    if not exists:
        return None
    uids = client.search(["UID", "*"])
    answer = client.fetch(uids, ["INTERNALDATE"]) if uids else {}
    dates = [data.get(b"INTERNALDATE") for data in answer.values()]
    return max((date for date in dates if isinstance(date, datetime) and date.tzinfo is not None), default=None)


def _line_of(connection: object) -> str:
    if isinstance(connection, ssl.SSLSocket):
        return f"加密（{connection.version()}）"
    return "未加密（仅限本机）" if isinstance(connection, socket.socket) else "已连接"
