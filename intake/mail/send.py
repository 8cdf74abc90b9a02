"""Sending letters: one connection for many, and every outcome told apart.

The unit's address is named first, and a letter that it refuses is abandoned before DATA: a copy to
ourselves alone would look like proof that the letter went out. Reply codes: 4yz try again later, 5yz do
not (RFC 5321, 4.2.1).
"""

from __future__ import annotations

import contextlib
import re
import smtplib
from collections.abc import Sequence
from dataclasses import dataclass
from types import TracebackType
from typing import Self

from intake.mail import marks
from intake.mail.imap import AuthRefused as AuthRefused
from intake.mail.imap import ServerSettings
from intake.mail.smtp import Hindered, connect, lost, tell

_LOGIN_WANTED = (530, 534, 535, 538)
"""Answers that are about our login, not about the letter (RFC 4954, 6)."""


@dataclass(frozen=True, slots=True)
class Sent:
    """The server took responsibility for the letter (250 after DATA)."""

    refused: tuple[str, ...] = ()
    """Copies that were not taken, each as `ADDRESS CODE TEXT`; the unit's own was."""


@dataclass(frozen=True, slots=True)
class Deferred:
    """Not now: a 4yz answer, a broken line or silence. `code` is 0 when there was no answer."""

    code: int
    text: str
    uncertain: bool = False
    """The letter was handed over in full and no answer came: it may be on its way."""
    stage: str = ""


@dataclass(frozen=True, slots=True)
class Rejected:
    """Never: a 5yz answer to the letter or to the unit's address, or at `SIZE` what the server told beforehand."""

    code: int
    text: str
    stage: str = ""


Outcome = Sent | Deferred | Rejected


class Smtp:
    """A mail server for the time of the block; connects with the first letter, again when the line dropped.

    Raises `Refused` when a person must change something: a certificate, a missing STARTTLS, a login.
    """

    def __init__(self, settings: ServerSettings, password: str, *, helo: str = "") -> None:
        self._settings = settings
        self._password = password
        self._helo = helo
        self._server: smtplib.SMTP | None = None
        self._auth_refused: AuthRefused | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        server, self._server = self._server, None
        if server is not None:
            if kind is None or issubclass(kind, Exception):  # told to end at once: no goodbye to wait for
                with contextlib.suppress(smtplib.SMTPException, OSError):
                    server.quit()
            server.close()

    def send(self, raw: bytes, mail_from: str, rcpt_to: Sequence[str]) -> Outcome:
        """Send one letter. The first of `rcpt_to` is whom it is for, the others get blind copies."""
        if not rcpt_to:
            raise ValueError("a letter needs a recipient")
        for address in (*rcpt_to, *([mail_from] if mail_from else [])):
            if not marks.is_address(address):
                return Rejected(553, f"地址不能用于发信：{self._tell(address)}", "RCPT")
        reused = self._server is not None
        outcome = self._attempt(raw, mail_from, rcpt_to)
        # a server that had hung up between two letters says nothing about the second one
        hung_up = isinstance(outcome, Deferred) and outcome.stage == "MAIL" and outcome.code in (0, 421)
        return self._attempt(raw, mail_from, rcpt_to) if reused and hung_up else outcome

    def _attempt(self, raw: bytes, mail_from: str, rcpt_to: Sequence[str]) -> Outcome:
        stage = "CONNECT"
        try:
            if self._server is None:
                self._server = self._connect()
            server = self._server
            data = _dotted(raw)
            limit = server.esmtp_features.get("size", "")  # RFC 1870: 0 or nothing is no limit
            if limit.isdigit() and 0 < int(limit) < len(data):
                told = f"信件 {len(data) >> 10} KB，超过发件服务器的上限 {int(limit) >> 10} KB"
                return Rejected(552, told, "SIZE")
            stage = "MAIL"
            size = [f"SIZE={len(raw)}"] if server.has_extn("size") else []
            code, text = server.mail(mail_from, size)
            if code != 250:
                return self._give_up("MAIL", code, text)
            refused = []
            stage = "RCPT"
            for number, address in enumerate(rcpt_to):
                code, text = server.rcpt(address)
                if code in (250, 251):
                    continue
                if number == 0 or code == 421:
                    return self._give_up("RCPT", code, text)
                refused.append(f"{address} {code} {self._tell(text)}")
            stage = "DATA"
            code, text = server.docmd("DATA")
            if code != 354:
                return self._give_up("DATA", code, text)
            stage = "BODY"
            server.send(data)
            code, text = server.getreply()
            if 200 <= code < 300:
                return Sent(tuple(refused))
            return self._give_up("BODY", code, text)
        except Hindered as hindrance:
            if 500 <= hindrance.code < 600:
                return Rejected(hindrance.code, hindrance.text, hindrance.stage)
            return Deferred(hindrance.code, hindrance.text, stage=hindrance.stage)
        except (smtplib.SMTPException, OSError) as error:
            self._drop()
            return Deferred(0, f"与发件服务器的连接中断（{lost(error)}）", stage == "BODY", stage)

    def _give_up(self, stage: str, code: int, text: bytes) -> Outcome:
        """Leave the letter, and the connection ready for the next one."""
        server = self._server
        if code == 421 or code < 200 or server is None:  # 421: the server is closing the channel (RFC 5321, 3.8)
            self._drop()
        else:
            try:
                server.rset()
            except (smtplib.SMTPException, OSError):
                self._drop()
        said = self._tell(text)
        if stage == "MAIL" and code in _LOGIN_WANTED:
            raise AuthRefused(f"发件服务器要求登录或不接受登录信息（{code} {said}）。请核对 [smtp] 的帐号和密码。")
        if 500 <= code < 600:
            return Rejected(code, said, stage)
        uncertain = stage == "BODY" and not 400 <= code < 500
        return Deferred(max(code, 0), said, uncertain, stage)

    def _connect(self) -> smtplib.SMTP:
        if self._auth_refused is not None:
            raise self._auth_refused
        try:
            return connect(self._settings, self._password, self._helo)
        except AuthRefused as error:
            self._auth_refused = error
            raise

    def _drop(self) -> None:
        server, self._server = self._server, None
        if server is not None:
            server.close()

    def _tell(self, said: bytes | str) -> str:
        return tell(said, self._settings.username, self._password)


def _dotted(raw: bytes) -> bytes:
    """Lines end with CRLF, a line's first dot is doubled (RFC 5321, 4.5.2), the end is marked."""
    lines = re.sub(rb"\r\n|\r|\n", b"\r\n", raw)
    lines = re.sub(rb"(?m)^\.", b"..", lines)
    return lines + (b"" if lines.endswith(b"\r\n") else b"\r\n") + b".\r\n"
