"""One mail as a value: what the parser understood, and what it did not. Made in a child process.

Words are those of RFC 5322 (`message_id`, `in_reply_to` …). Nothing here is trusted: names and texts
come from outside.
"""

from __future__ import annotations

from datetime import datetime
from typing import Literal

import msgspec

from rules.facts import Facts, LinkFacts

MAX_WORDS, MAX_LINES = 100_000, 5000
"""Characters and lines of the new words of a mail that are kept; patterns of many kinds look at each line."""
MAX_QUOTED = 200_000
"""Characters of quoted words that are kept."""

MailClass = Literal["person", "bounce", "auto-reply", "list", "machine", "loop", "receipt", "complaint"]


class Address(msgspec.Struct, frozen=True, kw_only=True):
    """A mailbox of RFC 5322: display name (decoded) and address (lower case)."""

    name: str = ""
    address: str = ""


class Attachment(msgspec.Struct, frozen=True, kw_only=True):
    """One file that carries material, also from inside archives, forwarded mails and winmail.dat."""

    name: str
    """Base name, decoded, controls removed; a stable one is made up when the mail gives none."""
    path: str
    """Place inside the mail: `材料.zip/图片1.jpg`. Unique within the mail."""
    size: int
    digest: str
    """SHA-256 of the decoded bytes."""
    content_type: str
    """As declared, lower case."""
    kind: str
    """What the content is, by signature: lower-case extension such as jpg, docx, xlsx, zip; "" unknown."""
    facts: Facts
    spool: str
    """Path of the decoded bytes, relative to the job's spool folder."""
    thumbnail: str | None = None
    """Path of a small JPEG, relative to the job's spool folder."""
    thumbnail_digest: str | None = None
    depth: int = 0
    """0 in the mail itself, +1 for each archive or forwarded mail around it."""
    inline: bool = False
    """Shown within the HTML body (a pasted picture)."""
    damaged: bool = False
    """The transfer encoding was cut or dirty; the bytes that came were kept."""
    named: bool = True
    """False when the mail gave no name."""
    beside: str = ""
    """The words below it where the HTML body shows it."""


class Link(msgspec.Struct, frozen=True, kw_only=True):
    """A cloud attachment announced in the body."""

    name: str
    facts: LinkFacts


ProofResult = Literal["pass", "fail", "none", "unknown"]


class Signed(msgspec.Struct, frozen=True, kw_only=True):
    """What our own check of its DKIM signatures found, `intake.mail.signed`."""

    result: ProofResult
    """unknown: the key could not be asked for."""
    domain: str = ""
    """Who signed."""
    why: str = ""
    """Why it did not pass, Chinese."""


class Message(msgspec.Struct, frozen=True, kw_only=True):
    """One parsed mail."""

    message_id: str
    """With angle brackets; "" when absent or unusable."""
    subject: str
    """Decoded, one line."""
    from_: tuple[Address, ...] = ()
    """All mailboxes of all From headers; exactly one in a sound mail."""
    from_doubtful: bool = False
    """Parsers disagree on the sender, or there is not exactly one."""
    sender: Address | None = None
    reply_to: tuple[Address, ...] = ()
    to: tuple[Address, ...] = ()
    cc: tuple[Address, ...] = ()
    date: str = ""
    """The Date header as it stands; shown, never trusted."""
    received: datetime | None = None
    """Time of the topmost Received header, UTC; cross-check of INTERNALDATE."""
    in_reply_to: str = ""
    references: tuple[str, ...] = ()
    headers: tuple[tuple[str, str], ...] = ()
    """Headers that matter for classing and answering: lower-case name, unfolded decoded value, in order."""
    content_types: tuple[str, ...] = ()
    """Content types of all parts in order, lower case, with `; report-type=…` for multipart/report."""
    text: str = ""
    """Body of the outer level as plain text: new words only."""
    quoted: str = ""
    """Quoted history and forwarded text that was cut off from `text`."""
    signature: str = ""
    """Signature block cut off from `text` (below "-- ", or 发自我的手机)."""
    attachments: tuple[Attachment, ...] = ()
    links: tuple[Link, ...] = ()
    enclosed_from: tuple[Address, ...] = ()
    """Authors of the mails that are attached to it."""
    defects: tuple[str, ...] = ()
    """What was wrong with the mail, one short English phrase each, for the ledger."""
    final_recipients: tuple[tuple[str, str], ...] = ()
    """Of a bounce: (address, status such as 5.1.1)."""
    signed: Signed | None = None
    """None when the signatures were not checked."""

    def header(self, name: str) -> tuple[str, ...]:
        """All values of a header, lower-case name, in order."""
        return tuple(value for key, value in self.headers if key == name)

    @property
    def author(self) -> Address:
        """The one From mailbox, or an empty address."""
        return self.from_[0] if self.from_ else Address()


class Unparsed(msgspec.Struct, frozen=True, kw_only=True):
    """A mail that could not be parsed at all, and why; it is held for a person, never dropped."""

    reason: str


Understood = Message | Unparsed
