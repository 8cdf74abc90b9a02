"""How a story of mails is told: the demo's clock, one mail of it, and who hands out times and Message-IDs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from typing import Literal

from intake.demo.clients import Attached, Style, compose
from intake.demo.units import OFFICE_ADDRESS
from rules.unit import Unit

CHINA = timezone(timedelta(hours=8), "CST")
FIRST_NOW = datetime(2022, 10, 8, 16, 30, tzinfo=CHINA)
"""When the first cycle of the demo runs: everything of round 1 has come."""
SECOND_NOW = datetime(2022, 10, 11, 10, 0, tzinfo=CHINA)
"""When the second cycle runs: one working day before the deadline."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DemoMail:
    """One mail of the story."""

    raw: bytes
    received_at: datetime
    round: Literal[1, 2]
    about: str
    """What is worth seeing in it, Chinese, one phrase."""


class Story:
    """Hands out times and Message-IDs one after the other."""

    def __init__(self, seed: int) -> None:
        self.seed = seed
        self._count = 0
        self._clock = datetime(2022, 10, 8, 8, 31, tzinfo=CHINA)

    def start(self, moment: datetime) -> None:
        """Go on from this moment."""
        self._clock = moment

    def next(self, domain: str) -> tuple[datetime, str]:
        """Time and Message-ID of the next mail."""
        self._count += 1
        self._clock += timedelta(minutes=17, seconds=11)
        return self._clock, f"<{self.seed}.{self._count:04d}.{self._clock:%Y%m%d%H%M%S}@{domain}>"

    def mail(
        self,
        style: Style,
        unit: Unit,
        subject: str,
        text: str,
        files: Sequence[Attached] = (),
        *,
        about: str,
        from_: tuple[str, str] | None = None,
        html: str | None = None,
        round: Literal[1, 2] = 1,
    ) -> DemoMail:
        """A mail of a unit; from its first registered address unless told otherwise."""
        from_ = from_ or (unit.contact, unit.addresses[0])
        date, message_id = self.next(from_[1].rpartition("@")[2])
        raw = compose(
            style,
            from_=from_,
            to=OFFICE_ADDRESS,
            subject=subject,
            text=text,
            html=html,
            files=files,
            date=date,
            message_id=message_id,
        )
        return DemoMail(raw=raw, received_at=date, round=round, about=about)

    def machine(self, raw: bytes, date: datetime, about: str, round: Literal[1, 2] = 1) -> DemoMail:
        """A mail that is made already."""
        return DemoMail(raw=raw, received_at=date, round=round, about=about)
