"""The SMTP side of the embedded mail server: keeps what is sent, refuses whom it is told to (RFC 5321)."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any

from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session


@dataclass(frozen=True, slots=True, kw_only=True)
class Received:
    """One message the SMTP side took, with its envelope (RFC 5321)."""

    mail_from: str
    rcpt_to: tuple[str, ...]
    raw: bytes


class Sink:
    """What aiosmtpd calls for each message (its handler protocol); `take` gets every message that was accepted."""

    def __init__(
        self, *, user: str, password: str, refusals: Mapping[str, str], take: Callable[[Received], Awaitable[None]]
    ) -> None:
        self._login = LoginPassword(user.encode(), password.encode())
        self._refusals = refusals
        self._take = take

    def session(self, loop: asyncio.AbstractEventLoop) -> SMTP:
        """The protocol of one connection. A login is offered but not demanded."""
        return SMTP(
            self,
            hostname="localhost",
            data_size_limit=None,
            auth_require_tls=False,
            authenticator=self._authenticate,
            loop=loop,
        )

    async def handle_RCPT(
        self, smtp: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        """Answer one recipient."""
        refusal = self._refusals.get(address.lower())
        if refusal is not None:
            return refusal
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, smtp: SMTP, session: Session, envelope: Envelope) -> str:
        """Take the message."""
        raw = envelope.original_content or b""
        await self._take(Received(mail_from=envelope.mail_from or "", rcpt_to=tuple(envelope.rcpt_tos), raw=raw))
        return "250 OK"

    def _authenticate(
        self, server: SMTP, session: Session, envelope: Envelope, mechanism: str, data: Any
    ) -> AuthResult:
        right = data == self._login
        return AuthResult(success=right, handled=right)
