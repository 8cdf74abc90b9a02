"""Writing to the coordinator: one way for every letter, through the outbox like all others, each exactly once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Final

from sqlmodel import Session

from intake import letterwords as words
from intake.letterparts import Tone
from intake.mail.build import Attachment
from intake.mail.letter import made_letter
from intake.mail.message import Message
from intake.mailing import enqueue
from intake.office import Office
from intake.reports.page import Page, Section
from storage.tables import LetterRow

REPORT: Final = "report"
"""`LetterRow.kind` of every letter to the coordinator."""


def tell(
    office: Office,
    session: Session,
    wording: str,
    facts: Mapping[str, object],
    *,
    key: str,
    now: datetime,
    tone: Tone = "wait",
    sections: Sequence[Section] = (),
    attachments: Sequence[Attachment] = (),
    notice: str | None = None,
) -> LetterRow | None:
    """Put a letter to `coordinator.address` into the outbox, worded by `letters/{wording}.j2`.

    None when there is no coordinator, when the office sends no letters at all, or when the same `key` was
    written before. Such a letter never waits for approval.
    """
    coordinator = office.config.coordinator
    if not coordinator.address or office.config.replies.mode == "off":
        return None
    letter = made_letter(
        f"{office.instance}:{REPORT}:{key}",
        REPORT,
        office.letterhead,
        coordinator.address,
        office.letterhead.wording.line(wording, "subject", facts),
        page(office, wording, facts, tone, sections, now),
        now,
        office.instance,
        (),
        attachments,
    )
    return enqueue(office, session, letter, due=now, now=now, notice=notice, rung=key)


def page(
    office: Office, wording: str, facts: Mapping[str, object], tone: Tone, sections: Sequence[Section], now: datetime
) -> Page:
    """The page of such a letter, also for the screen."""
    local = now.astimezone(office.tz)
    return Page(
        tone=tone,
        verdict=office.letterhead.wording.line(wording, "verdict", facts),
        greeting=words.clean(office.config.coordinator.name) or "经办人",
        opening=office.letterhead.wording.line(wording, "opening", facts),
        sections=tuple(sections),
        closing=office.letterhead.wording.line(wording, "closing", facts),
        office=words.clean(office.config.office.name),
        date=f"{local.year}年{local.month}月{local.day}日",
    )


def fate_of_her_answer(message: Message) -> tuple[str, str]:
    """State and reason of a mail that answers such a letter: no submission; files in it wait for a person."""
    if message.attachments or message.links:
        return "held", "回复了程序给经办人的信，其中的附件没有计入任何单位"
    return "ignored", "回复了程序给经办人的信，不是报送"
