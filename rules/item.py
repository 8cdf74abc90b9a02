"""The pieces a unit sent: files (`Item`), words (`Text`), captions found for photos (`Caption`)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Literal

import msgspec

from rules.facts import Facts

Trust = Literal["registered", "unproven", "unknown", "unverified"]
"""Who sent it: the unit's registered address; that address, but not verified where other mails of the unit were; an
address we do not know; one that failed verification."""
TIERS: Mapping[Trust, int] = {"registered": 0, "unproven": 1, "unknown": 2, "unverified": 3}
"""A lower tier is trusted more; what a higher one sent or said never displaces it."""


class Item(msgspec.Struct, frozen=True, kw_only=True):
    """One file of one mail, with what was measured in it.

    Identity of the piece is `key`; identity of the content is `digest`.
    """

    name: str
    """Base name as decoded, for people; never used as a path."""
    path: str
    """Place inside the mail, like `材料.zip/图片1.jpg`."""
    size: int
    digest: str
    """SHA-256 of the content, hex; of the URL for a link."""
    facts: Facts
    mail: str
    """SHA-256 of the raw mail."""
    message_id: str
    received_at: datetime
    """INTERNALDATE, UTC."""
    trust: Trust = "registered"
    subject: str = ""
    thumbnail: str | None = None
    """Digest of a small JPEG of the picture, when there is one."""
    damaged: bool = False
    """The transfer encoding was cut or dirty."""
    fetched: bool = False
    """A link whose file a person has already taken care of; its end does not matter any more."""
    beside: str = ""
    """The words below the picture where the mail's body shows it."""

    @property
    def key(self) -> str:
        """Unique among all pieces of a unit."""
        return f"{self.mail}:{self.path}"

    @property
    def suffix(self) -> str:
        """Lower-case extension without the dot, "" when there is none."""
        stem, dot, suffix = self.name.partition("（提取码：")[0].rpartition(".")  # the code that opens a net disk
        return suffix.lower().strip() if dot and stem else ""


def distinct(items: Iterable[Item]) -> list[Item]:
    """In order of arrival, the same file from the same kind of sender once."""
    first: dict[tuple[str, str, str], Item] = {}
    for item in sorted(items, key=lambda item: (item.received_at, item.mail)):
        first.setdefault((item.path, item.digest, item.trust), item)
    return list(first.values())


class Text(msgspec.Struct, frozen=True, kw_only=True):
    """The words of one mail: where captions and explanations may stand."""

    mail: str
    received_at: datetime
    subject: str
    text: str
    """Body as plain text, quoted history and signature cut off: the sender's own words."""
    handed_on: str = ""
    """Words of the mail that this one hands on (转发): captions may stand there, but nobody speaks in them now."""
    trust: Trust = "registered"

    @property
    def all_words(self) -> str:
        """Own words and those handed on."""
        return f"{self.text}\n\n{self.handed_on}" if self.handed_on else self.text


class Caption(msgspec.Struct, frozen=True, kw_only=True):
    """The words that belong to one photo, and where they were found."""

    text: str
    source: Literal["body", "document", "beside-picture", "file-name", "text-file"]
    where: str = ""
    """The file or mail they stood in, for the letter."""
