"""What was understood of a notice, as values: every rule with its clause, every doubt as a question with a proposed answer."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

import msgspec

from rules.notice import Category

Channel = Literal["email", "website", "qq", "qr", "wechat", "cloud", "usb", "hand", "paper", "unknown"]


class Question(msgspec.Struct, frozen=True, kw_only=True):
    """Something a person must settle. `path` is the field, `proposed` what the draft assumes until then."""

    path: str
    asks: str
    proposed: str
    clause: str = ""


class Rule(msgspec.Struct, frozen=True, kw_only=True):
    """One field of one item."""

    value: Any
    clause: str
    """The words of the notice, verbatim, with the number in them."""
    soft: bool = False
    """Advised only: nothing may be rejected on it."""
    confidence: float = 1.0


class DraftItem(msgspec.Struct, frozen=True, kw_only=True):
    """One thing that is asked for; `rules` by the field names of the notice schema."""

    name: str
    category: Category
    required: bool
    clause: str
    rules: Mapping[str, Rule] = {}
    deadline: str | None = None
    both_formats: bool = False
    """True: all formats together are wanted, not any of them."""
    annex: str = ""
    """Name of the blank form among the annexes."""
    annex_number: int = 0
    """Its number, 0 when it has none."""
    only_for: tuple[str, ...] = ()
    """Classes of units it is asked of, in the words of the notice; of all when empty."""
    audience: str = ""
    """Other words that restrict it to some senders; a person must say what they mean."""
    confidence: float = 1.0

    def value(self, field: str) -> Any:
        """What a field says; None when the notice says nothing."""
        rule = self.rules.get(field)
        return rule.value if rule is not None else None


class DraftContact(msgspec.Struct, frozen=True, kw_only=True):
    """Whom a unit may ask; "" where nothing is said."""

    name: str = ""
    phone: str = ""
    fax: str = ""
    org: str = ""


class Draft(msgspec.Struct, frozen=True, kw_only=True):
    """The proposal for a whole notice. Dates as `YYYY-MM-DD[THH:MM]`, `--MM-DD` without a year; "" where nothing was found."""

    title: str = ""
    number: str = ""
    issuer: str = ""
    addressees: tuple[str, ...] = ()
    deadline: str = ""
    deadlines: tuple[str, ...] = ()
    deadline_clause: str = ""
    mailbox: str = ""
    mailboxes: tuple[str, ...] = ()
    channel: Channel = "unknown"
    contact: DraftContact = DraftContact()
    subject_rule: str = ""
    items: tuple[DraftItem, ...] = ()
    questions: tuple[Question, ...] = ()
    confidence: Mapping[str, float] = {}
