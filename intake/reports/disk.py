"""How fast the disk of the data folder fills: one look a day, kept for four weeks, and what that leads to. Pure but
for the fact in the database. Nothing is walked through: what counts is the free room, whoever takes it.
"""

from __future__ import annotations

from datetime import date

import msgspec
from sqlmodel import Session

from storage import board

FACT = "disk-free"
WEEKS = 28
"""Days that are remembered."""
LEAST = 7
"""Days that must lie between the first and the last look: less tells nothing."""


class Forecast(msgspec.Struct, frozen=True, kw_only=True):
    """What the last weeks lead to."""

    per_day: int
    """Bytes that were taken a day, on average; negative when room was gained."""
    days_left: int | None
    """Until the disk is full at that pace; None when it is not filling."""


Looks = list[tuple[date, int]]
"""Free bytes by day, oldest first."""


def looks(session: Session) -> Looks:
    """What is remembered."""
    return msgspec.json.decode(board.known_fact(session, FACT) or "[]", type=Looks)


def look(session: Session, today: date, free: int) -> bool:
    """Remember the room of this day; False when it is remembered already."""
    known = looks(session)
    if known and known[-1][0] == today:
        return False
    kept = [one for one in known if 0 < (today - one[0]).days <= WEEKS]  # also when a clock was wrong for a while
    board.set_fact(session, FACT, msgspec.json.encode([*kept, (today, free)]).decode())
    return True


def forecast(known: Looks, free: int) -> Forecast | None:
    """None while too little is known. Room that was gained at once (a clean-up) begins the reckoning anew.

    >>> days = [(date(2022, 9, day), (100 - day) << 30) for day in range(1, 15)]
    >>> forecast(days, 86 << 30).days_left
    86
    """
    start = 0
    for number in range(1, len(known)):
        if known[number][1] > known[number - 1][1] * 1.1:
            start = number
    if len(known) - start < 2:
        return None
    (first, most), (last, least) = known[start], known[-1]
    days = (last - first).days
    if days < LEAST:
        return None
    per_day = (most - least) // days
    return Forecast(per_day=per_day, days_left=free // per_day if per_day > 0 else None)
