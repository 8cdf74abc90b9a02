"""A letter as a value, and its bytes: head, text and HTML from one view."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal

from intake import letterwords as words
from intake.letterparts import View
from intake.mail.build import Attachment, Head, build, thread_headers
from intake.reports.page import Page
from intake.wording import BUILT_IN, Wording

Kind = Literal["reply", "reminder", "hold-notice", "limit-notice", "question-notice", "report"]
"""`LetterRow.kind`; a report is a letter to the coordinator."""

_SUBJECT = 60
"""Characters of a subject; more is cut off in every list of mails."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Office:
    """What stands at the head and foot of our letters."""

    name: str
    address: str
    domain: str
    """Right-hand side of our Message-IDs."""
    phone: str = ""
    wording: Wording = BUILT_IN
    """The templates."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answered:
    """What a letter needs to know of a mail it answers."""

    message_id: str
    references: tuple[str, ...]
    subject: str
    received_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """A letter ready to be sent. `message_id` follows from `key` alone."""

    key: str
    kind: Kind
    message_id: str
    to: str
    subject: str
    raw: bytes
    cc: str = ""
    """Who gets an open copy."""


def message_id_of(key: str, domain: str) -> str:
    """The Message-ID that a letter with this key always has."""
    return f"<{hashlib.sha256(key.encode()).hexdigest()[:32]}@{domain}>"


def made_letter(
    key: str,
    kind: Kind,
    office: Office,
    to: str,
    subject: str,
    view: View | Page,
    now: datetime,
    loop_token: str,
    answered: Sequence[Answered],
    attachments: Sequence[Attachment] = (),
    pictures: Mapping[str, bytes] | None = None,
    cc: str = "",
) -> Letter:
    """The letter whose words are in `view`, with its bytes; `answered`: the mails that it continues.

    `pictures`: JPEGs that the HTML part shows, by Content-ID.
    """
    text, html = office.wording.lay_out(view)
    letter = Letter(
        key=key,
        kind=kind,
        message_id=message_id_of(key, office.domain),
        to=to,
        subject=words.clean(subject, _SUBJECT),
        raw=b"",
        cc=cc,
    )
    raw = build(
        Head(
            from_name=words.clean(office.name),
            from_address=office.address,
            to=to,
            cc=cc,
            subject=letter.subject,
            date=now,
            message_id=letter.message_id,
            thread=thread_headers([(mail.message_id, mail.references) for mail in answered]),
            auto_submitted="auto-generated" if kind in ("reminder", "report") else "auto-replied",
            loop_token=loop_token,
        ),
        text=text,
        html=html,
        boundary=f"=_shouqi_{hashlib.sha256(f'boundary:{key}'.encode()).hexdigest()[:32]}",
        attachments=attachments,
        pictures=pictures or {},
    )
    return replace(letter, raw=raw)
