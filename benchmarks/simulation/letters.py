"""A letter of the office as its reader has it before him: the envelope, the verdict, what is owed and why."""

from __future__ import annotations

import email
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from email import policy
from email.message import EmailMessage
from functools import cached_property

_OWED = ("未收到", "需修改")
_WAITS = ("待人工核对", "待核")
_IDS = re.compile(r"<[^<>\s]+>")


@dataclass(frozen=True, kw_only=True)
class Letter:
    """One letter that the mail server took for delivery, and when."""

    at: datetime
    raw: bytes = field(repr=False)
    rcpt_to: tuple[str, ...]

    @cached_property
    def parsed(self) -> EmailMessage:
        """As a mail program reads it."""
        found = email.message_from_bytes(self.raw, policy=policy.default)
        assert isinstance(found, EmailMessage)
        return found

    @cached_property
    def message_id(self) -> str:
        """With its angle brackets."""
        return str(self.parsed["Message-ID"]).strip()

    @cached_property
    def to(self) -> str:
        """The one address it is written to."""
        return ",".join(one.addr_spec.lower() for one in self.parsed["To"].addresses)

    @cached_property
    def subject(self) -> str:
        """As a list of mails shows it."""
        return str(self.parsed["Subject"])

    @cached_property
    def in_reply_to(self) -> tuple[str, ...]:
        """Message-IDs."""
        return tuple(_IDS.findall(str(self.parsed["In-Reply-To"] or "")))

    @cached_property
    def references(self) -> tuple[str, ...]:
        """Message-IDs, the oldest first."""
        return tuple(_IDS.findall(str(self.parsed["References"] or "")))

    @property
    def is_reply(self) -> bool:
        """True for answers, by RFC 3834; reminders and reports are `auto-generated`."""
        return str(self.parsed["Auto-Submitted"]).startswith("auto-replied")

    @cached_property
    def text(self) -> str:
        """The plain part."""
        body = self.parsed.get_body(("plain",))
        return "" if body is None else str(body.get_content())

    @property
    def verdict(self) -> str:
        """The first line."""
        return next((line.strip() for line in self.text.splitlines() if line.strip()), "")

    @property
    def done(self) -> bool:
        """The office has all it wants."""
        return self.verdict.startswith("已齐")

    def owed(self, materials: Iterable[str]) -> Mapping[str, str]:
        """What must be sent or mended, by the material's name, each with the words that stand below it."""
        return {name: words for name, state, words in _entries(self.text, materials) if state in _OWED}

    def waiting(self, materials: Iterable[str]) -> frozenset[str]:
        """What a person in the office still looks at."""
        return frozenset(name for name, state, _ in _entries(self.text, materials) if state in _WAITS)


def _entries(text: str, materials: Iterable[str]) -> Iterator[tuple[str, str, str]]:
    """(name, state, words below) of every material that has an entry of its own."""
    names = "|".join(re.escape(name) for name in materials)
    head = re.compile(rf"^\W*(?:{names})\W{{0,4}}(?:选报，)?(?:{'|'.join((*_OWED, *_WAITS))})")
    found: list[tuple[str, str, list[str]]] = []
    below = False
    for line in text.splitlines():
        if head.match(line):
            name = next(one for one in re.findall(names, line))
            state = next(one for one in (*_OWED, *_WAITS) if one in line)
            found.append((name, state, [line]))
            below = True
        elif not line.strip():
            below = False
        elif below:
            found[-1][2].append(line)
    yield from ((name, state, "\n".join(lines)) for name, state, lines in found)
