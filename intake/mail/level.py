"""What one message consists of, as values: its words in the forms they came in, its files, what was odd.

A level is one message; a mail that is enclosed in another is a level of its own.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Protocol

import msgspec

from intake.mail.tree import Part

_CID = re.compile(r"cid:([^\"'\s>)]{1,300})", re.IGNORECASE)


class Leaf(msgspec.Struct, frozen=True, kw_only=True):
    """One file of a mail, decoded to disk."""

    name: str
    path: str
    """Place inside the mail, unique: `转发邮件.eml/总结.docx`."""
    size: int
    digest: str
    """SHA-256 of the decoded bytes, hex."""
    content_type: str
    """As declared, lower case."""
    spool: str
    """File name of the decoded bytes inside the spool folder; made by us."""
    depth: int = 0
    """0 in the mail itself, +1 for each mail around it."""
    inline: bool = False
    """Shown within the HTML body."""
    damaged: bool = False
    """The transfer encoding was cut or dirty; the bytes that came were kept."""
    named: bool = True
    """False when the mail gave no name."""
    cid: str = ""
    """Content-ID without brackets."""
    beside: str = ""
    """The words below it where the HTML body shows it."""


@dataclass(slots=True)
class Words:
    """One text of a body in the forms it came in; either may be empty."""

    plain: str = ""
    html: str = ""


@dataclass(slots=True)
class FilePart:
    """A leaf that is a file or a mail: what the tree says about it. `uu` is the payload of an uuencoded file."""

    part: Part
    content_type: str
    name: str
    suffix: str
    cid: str
    attachment: bool
    damaged: bool
    uu: str = ""


@dataclass(slots=True)
class Level:
    """Everything of one message, one level of forwarding."""

    words: list[Words] = field(default_factory=list)
    aside: list[str] = field(default_factory=list)
    """Texts that are not the author's: headers quoted in a bounce."""
    files: list[FilePart] = field(default_factory=list)
    types: list[str] = field(default_factory=list)
    reports: list[Part] = field(default_factory=list)
    """Parts of type message/delivery-status."""
    defects: list[str] = field(default_factory=list)

    @property
    def shown(self) -> set[str]:
        """Content-IDs that the HTML refers to."""
        return {match.strip("<>") for words in self.words for match in _CID.findall(words.html)}


@dataclass(slots=True)
class Packed:
    """A file inside a winmail.dat or an Outlook message."""

    name: str = ""
    folder: str = ""
    """Path of the forwarded messages around it, "" at the top."""
    content_type: str = "application/octet-stream"
    cid: str = ""


class Package(Protocol):
    """A container of files with a text of its own, open for reading."""

    damaged: bool

    def contents(self) -> Iterator[tuple[Packed, Iterator[bytes]]]:
        """Each file inside and its bytes in slices."""
