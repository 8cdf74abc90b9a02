"""What a unit's words changed in its ledger, resolved to pieces: taken out, put in, doubted."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Literal

import msgspec

from rules.item import Item
from rules.ledger.phrases import Act

Slot = tuple[str, str]
"""A requirement id and an `Item.key`; the id is "" for a piece that answers none."""


class Retired(msgspec.Struct, frozen=True, kw_only=True):
    """Why a piece no longer counts."""

    state: Literal["withdrawn", "superseded"]
    act: Act
    words: str
    """What the unit said."""
    mail: str
    at: datetime


class Doubt(msgspec.Struct, frozen=True, kw_only=True):
    """Something was said about a requirement's pieces that a person must read."""

    words: str
    at: datetime


class Retirements(msgspec.Struct, frozen=True, kw_only=True):
    """What all mails of one unit say, resolved."""

    retired: Mapping[Slot, Retired] = {}
    preferred: Mapping[Slot, Retired] = {}
    """Pieces that took the place of others by the unit's word, with that word."""
    doubts: Mapping[str, tuple[Doubt, ...]] = {}
    """By requirement id."""

    def of(self, id: str) -> tuple[dict[str, Retired], dict[str, Retired]]:
        """What was taken out of one requirement and what was put in, each by `Item.key`."""
        return (
            {key: word for (target, key), word in self.retired.items() if target == id},
            {key: word for (target, key), word in self.preferred.items() if target == id},
        )


NOTHING_SAID = Retirements()


def still_live(sent: Sequence[Item], retired: Mapping[str, Retired], preferred: Mapping[str, Retired]) -> list[Item]:
    """What may still count. A mere copy of a replaced file does not bring it back while what replaced it is there."""
    live = [item for item in sent if item.key not in retired]
    heirs = {preferred[item.key].mail for item in live if item.key in preferred}
    old = {item.digest for item in sent if item.key in retired and retired[item.key].mail in heirs}
    return [item for item in live if item.digest not in old or item.key in preferred]
