"""Logins that a server refused: few tries, then a long pause, remembered over restarts, so that no account is locked.

What was refused is known again by a digest of account and password (scrypt, salted with the data folder's name), never
by the password itself: as soon as the settings change, or a person says so, it is tried again at once.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from functools import cache
from typing import Literal

import msgspec
from sqlmodel import Session

from intake.mail.imap import AuthRefused
from intake.office import Office
from intake.reports.alarms import ring, silence
from storage import board
from storage.errors import Refused

Section = Literal["imap", "smtp"]
FACT = "login:"
MOST_TRIES = 3
PAUSE = timedelta(hours=6)
"""Between two tries after those; usual locks count wrong passwords within minutes or an hour."""
_NAMES: dict[Section, str] = {"imap": "收件服务器", "smtp": "发件服务器"}


class Tries(msgspec.Struct, frozen=True, kw_only=True):
    """Refused logins in a row."""

    mark: str
    number: int
    last: datetime
    why: str


@contextmanager
def guarded(office: Office, section: Section, password: str, now: datetime) -> Iterator[Callable[[], None]]:
    """Around what logs in. Refused, without any try, while the pause lasts; the block calls what it gets when the
    login worked."""
    with office.database.reading() as session:
        tries = _tries(session, section)
    if tries is not None and tries.mark != _mark(office, section, password):
        tries = None
    if tries is not None and tries.number >= MOST_TRIES and tries.last <= now < tries.last + PAUSE:
        until = (tries.last + PAUSE).astimezone(office.tz)
        raise Refused(
            f"{_server(office, section)}已 {tries.number} 次拒绝登录，为免帐号被锁，{until:%m-%d %H:%M} 之前不再尝试。"
            "请核对帐号和密码（QQ、163 邮箱须填“授权码”），改正后立即重试；密码无误的，执行 shouqi resume。"
        )
    try:
        yield cache(lambda: _worked(office, section, now))  # told after each letter, true once
    except AuthRefused as error:
        _refused(office, section, password, now, str(error), 1 + (tries.number if tries is not None else 0))
        raise


def forget(session: Session) -> None:
    """Try again at once: a person says that the logins are right."""
    for section in _NAMES:
        if board.known_fact(session, FACT + section):
            board.set_fact(session, FACT + section, "")


def _server(office: Office, section: Section) -> str:
    settings = office.config.imap if section == "imap" else office.config.smtp
    return f"{_NAMES[section]} {settings.host} "


def _tries(session: Session, section: Section) -> Tries | None:
    kept = board.known_fact(session, FACT + section)
    return msgspec.json.decode(kept, type=Tries) if kept else None


def _mark(office: Office, section: Section, password: str) -> str:
    settings = office.config.imap if section == "imap" else office.config.smtp
    account = f"{settings.host}\0{settings.port}\0{settings.username}\0{password}"
    return hashlib.scrypt(account.encode(), salt=office.instance.encode(), n=2**12, r=8, p=1, dklen=16).hex()


def _refused(office: Office, section: Section, password: str, now: datetime, why: str, number: int) -> None:
    tries = Tries(mark=_mark(office, section, password), number=number, last=now, why=why)
    with office.database.writing() as session:
        board.set_fact(session, FACT + section, msgspec.json.encode(tries).decode())
        if number >= MOST_TRIES:
            ring(office, session, FACT + section, now, what=f"{_NAMES[section]}拒绝登录", detail=why)


def _worked(office: Office, section: Section, now: datetime) -> None:
    with office.database.reading() as session:
        if _tries(session, section) is None:
            return
    with office.database.writing() as session:
        board.set_fact(session, FACT + section, "")
        silence(office, session, FACT + section, now)
