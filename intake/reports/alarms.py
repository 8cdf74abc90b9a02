"""Alarms to the coordinator: once when something begins to be wrong, once when it is over, kept over restarts.

An alarm that is on stands in the database under its key. More than `coordinator.alarms_per_day` letters in
24 hours are not written: what goes on and off all the time is then seen in the morning mail only.
"""

from __future__ import annotations

from datetime import datetime, timedelta

import msgspec
from sqlmodel import Session

from intake import letterwords as words
from intake.office import Office
from intake.reports.letter import REPORT, tell
from intake.reports.page import Section
from storage import board, outbox

PREFIX = "alarm:"
"""Beginning of the key under which an alarm that is on is kept, and of the `rung` of its letters."""
CRASH = "cycle"
"""Key of the alarm that a cycle broke off by a mistake of ours."""
DAY = timedelta(days=1)


class Alarm(msgspec.Struct, frozen=True, kw_only=True):
    """Something the coordinator must hear of at once."""

    what: str
    """In half a sentence, Chinese: 收件邮箱连不上. The subject of the letter."""
    detail: str = ""
    """What was found, a sentence."""
    remedy: str = ""
    """What she can do, a sentence."""
    since: datetime
    told: bool = False
    """A letter was written about it: then its end is told too."""


def ring(
    office: Office, session: Session, key: str, now: datetime, *, what: str, detail: str = "", remedy: str = ""
) -> bool:
    """Switch the alarm `key` on, and write the letter about it; False when it was on already.

    `key` names what is wrong (`mailbox`, `disk`, `breaker` …), not the occasion.
    """
    if board.known_fact(session, PREFIX + key):
        return False
    alarm = Alarm(what=what, detail=detail, remedy=remedy, since=now)
    told = _write(office, session, key, alarm, now, over=False)
    kept = msgspec.structs.replace(alarm, told=told)
    board.set_fact(session, PREFIX + key, msgspec.json.encode(kept).decode())
    return True


def silence(office: Office, session: Session, key: str, now: datetime) -> bool:
    """Switch the alarm `key` off, and tell that it is over if it was told that it began; False when it was not on."""
    kept = board.known_fact(session, PREFIX + key)
    if not kept:
        return False
    board.set_fact(session, PREFIX + key, "")
    alarm = msgspec.json.decode(kept, type=Alarm)
    if alarm.told:
        _write(office, session, key, alarm, now, over=True)
    return True


def over(office: Office, key: str, now: datetime) -> bool:
    """`silence` in a transaction of its own, with none where the alarm is not on."""
    with office.database.reading() as session:
        if not board.known_fact(session, PREFIX + key):
            return False
    with office.database.writing() as session:
        return silence(office, session, key, now)


def ringing(session: Session) -> dict[str, Alarm]:
    """The alarms that are on now, by key, the longest standing first."""
    found = {
        key.removeprefix(PREFIX): msgspec.json.decode(value, type=Alarm)
        for key, value in board.facts(session, PREFIX).items()
        if value
    }
    return dict(sorted(found.items(), key=lambda one: one[1].since))


def _write(office: Office, session: Session, key: str, alarm: Alarm, now: datetime, *, over: bool) -> bool:
    # the end of what was told is told in any case, else she would look for what is mended
    if (
        not over
        and outbox.written_since(session, now - DAY, REPORT, PREFIX) >= office.config.coordinator.alarms_per_day
    ):
        return False
    facts = {
        "what": words.clean(alarm.what),
        "detail": words.clean(alarm.detail),
        "since": words.minute(alarm.since, office.tz),
        "over": over,
    }
    remedy = words.clean(alarm.remedy)
    state = "over" if over else "on"
    written = tell(
        office,
        session,
        "alarm",
        facts,
        key=f"{PREFIX}{key}:{state}:{alarm.since.isoformat()}",
        now=now,
        tone="done" if over else "owe",
        sections=(Section(title="怎样处理", lines=(remedy,)),) if remedy and not over else (),
    )
    return written is not None
