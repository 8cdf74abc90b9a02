"""Short letters to a unit that tell no verdict: a few sentences from one wording file."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, tzinfo

from intake import letterwords as words
from intake.letterparts import View
from intake.mail.letter import Answered, Kind, Letter, Office, made_letter
from rules.notice import Contact, Notice


def compose_short(
    wording: str,
    facts: Mapping[str, object],
    *,
    key: str,
    kind: Kind,
    office: Office,
    to: str,
    whom: str,
    now: datetime,
    tz: tzinfo,
    loop_token: str,
    notice: Notice | None = None,
    thread: Answered | None = None,
) -> Letter:
    """The letter of `intake/letters/WORDING.j2`: its blocks subject, verdict (the first line), opening, summary and
    closing. `whom`: how the reader is addressed."""
    local = now.astimezone(tz)
    view = View(
        tone="wait",
        verdict=office.wording.line(wording, "verdict", facts),
        unit=words.clean(whom),
        opening=office.wording.line(wording, "opening", facts),
        summary=office.wording.line(wording, "summary", facts),
        contact=words.contact_words(notice.contact if notice else Contact(), office.phone),
        closing=office.wording.line(wording, "closing", facts),
        office=words.clean(office.name),
        date=f"{local.year}年{local.month}月{local.day}日",
    )
    subject = office.wording.line(wording, "subject", facts)
    return made_letter(key, kind, office, to, subject, view, now, loop_token, (thread,) if thread else ())
