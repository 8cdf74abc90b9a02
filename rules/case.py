"""What a check may weigh: one requirement of one unit, with everything that was placed there."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

import msgspec

from rules.facts import TableFacts
from rules.item import Caption, Item, Text
from rules.notice import Requirement


class Case(msgspec.Struct, frozen=True, kw_only=True):
    """Values only; a check reads it and returns findings."""

    requirement: Requirement
    items: tuple[Item, ...]
    """The pieces that currently answer this requirement and could be read, in order of arrival."""
    others: tuple[Item, ...] = ()
    """Everything else this unit sent."""
    texts: tuple[Text, ...] = ()
    captions: Mapping[str, Caption] = {}
    """Caption found for a photo, by `Item.key`."""
    form: TableFacts | None = None
    """The office's blank form of this requirement, when the notice names one."""
    unit_names: tuple[str, ...] = ()
    """All names of the unit; () when it is not known."""
    deadline: datetime
    """The last moment that is in time, aware."""
