"""Who is written to, and how much: the settings of answers and of letters to the coordinator and to superiors."""

from __future__ import annotations

from datetime import time, timedelta
from typing import Annotated, Literal

from pydantic import Field

from intake.config_servers import Section
from intake.written import (
    Count,
    Flag,
    Hours,
    Interval,
    MailAddress,
    MailAddressOrNone,
    TimeOfDay,
)


class CoordinatorConfig(Section):
    """Whom the program itself writes to: reports and alarms."""

    address: MailAddressOrNone = ""
    """Where they go; "" is nowhere."""
    name: str = ""
    """How she is addressed; "" is 经办人."""
    report_at: TimeOfDay = time(8, 30)
    """When the morning mail leaves on working days; the closing report follows the same hour."""
    attachment_mb: Annotated[Count, Field(ge=0, le=50)] = 5
    """The tracker goes with the morning mail up to that size; 0 is never."""
    unreachable: Interval = timedelta(hours=1)
    """How long the mailbox may be away before she is alarmed."""
    disk_free_mb: Annotated[Count, Field(ge=0)] = 1000
    """Less free room on the disk of the data folder alarms her."""
    disk_days: Annotated[Count, Field(ge=0)] = 30
    """A disk that will be full sooner, at the pace of the last weeks, alarms her; 0 is never."""
    held: Interval = timedelta(days=2)
    """How long a mail may wait for her before she is alarmed."""
    alarms_per_day: Annotated[Count, Field(ge=1)] = 10
    """Letters about something that begins to be wrong, in 24 hours."""


class SuperiorConfig(Section):
    """Who gets an open copy (抄送) of reminders to units that were reminded in vain."""

    after: Annotated[Count, Field(ge=0, le=20)] = 0
    """After so many reminders the next ones are copied; 0 is never."""
    address: MailAddressOrNone = ""
    """For all units; the roster's own column and `by_class` go first."""
    by_class: dict[str, MailAddress] = Field(default_factory=dict)
    """By 类别 of the roster."""


class RepliesConfig(Section):
    """Whether and how much we answer."""

    mode: Literal["send", "approve", "off"] = "send"
    approve_first: Annotated[Count, Field(ge=0)] = 0
    """So many replies of each notice wait for a person before the others leave by themselves."""
    approve_below: Annotated[float, Field(strict=True, ge=0, le=1)] = 0.0
    """Replies whose confidence (`intake.confidence`) is below this wait for a person."""
    hours: Hours = None
    """From when to when, on working days, answers leave; None is round the clock."""
    unregistered: Literal["hold", "reply"] = "hold"
    per_sender_per_day: Annotated[Count, Field(ge=1)] = 4
    per_unit_per_day: Annotated[Count, Field(ge=1)] = 3
    """Answers a day of one notice for each of its units on average; more stops sending."""
    per_hour: Annotated[Count, Field(ge=1)] = 60
    not_older_than: Interval = timedelta(days=7)
    acknowledge_questions: Flag = False
    """A unit that asks something is told that a person will answer."""
    full_mailbox: Annotated[Count, Field(ge=0)] = 20
    """As many mails older than that, and more than half of all: at first start a person looks before letters leave.
    0 = never."""

    @property
    def chooses(self) -> bool:
        """True when not every letter waits in approve mode, but some replies."""
        return bool(self.approve_first or self.approve_below)
