"""What people are shown: one value behind `status`, `mails`, `outbox`, the tracker and the morning mail.

Built once per cycle from the database by `intake.standing`; the screens only lay it out, so they cannot disagree.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, tzinfo
from pathlib import Path

import msgspec

from rules.facts import ImageFacts, TableFacts
from rules.notice import Notice
from rules.unit import Unit
from rules.verdict import Verdict


class AttachmentRow(msgspec.Struct, frozen=True, kw_only=True):
    """One file of one mail, as `mails --json` lists it."""

    name: str
    sha256: str
    size: int
    path: str
    unit: str | None = None
    """Code of the unit it counts for, where that is not the mail's."""
    notice: str | None = None
    """Id of the notice it counts for, where that is not the mail's."""


class MailRow(msgspec.Struct, frozen=True, kw_only=True):
    """One mail of the ledger: every mail ever seen is one row, in exactly one state."""

    message_id: str
    sha256: str
    mailbox: str
    uid: int | None
    uidvalidity: int | None
    received_at: datetime
    from_name: str
    from_address: str
    subject: str
    klass: str
    """person, bounce, auto-reply, list, machine, loop, receipt, complaint; "" before it was parsed."""
    state: str
    """received, processed, ignored, held, stuck."""
    reason: str
    unit: str | None
    """Code of the unit."""
    identified_by: str
    unit_name: str = ""
    """Its name in the roster of the notice; the code where the notice is no longer in the settings."""
    notices: tuple[str, ...] = ()
    """Ids of the notices it answers: of the first one `unit` is a unit."""
    routed_by: str = ""
    """How the notice was told."""
    routing: tuple[str, ...] = ()
    """Everything that named a notice."""
    may_answer: tuple[str, ...] = ()
    """Ids of the notices it may answer, where a person must say."""
    waits_in: str = ""
    """Id of the notice whose 待办 asks about it, "" when it waits for nobody."""
    trust: str = "registered"
    """registered (also a confirmed address), unproven, unknown, unverified: `rules.item.Trust`."""
    proof: str = ""
    """pass, fail, none, unknown; "" when nobody looked whether the mail is its sender's."""
    proof_by: str = ""
    """Who found that, and what."""
    evidence: tuple[str, ...] = ()
    """Every place where a unit was named."""
    attachments: tuple[AttachmentRow, ...] = ()
    letters: tuple[str, ...] = ()
    """Message-IDs of the letters that answered it."""
    no_reply: str = ""
    """Why it is not answered; "" when it is, or will be."""


class LetterRow(msgspec.Struct, frozen=True, kw_only=True):
    """One letter of the outbox."""

    id: int
    kind: str
    message_id: str
    to: str
    unit: str | None
    state: str
    attempts: int
    due: datetime
    sent_at: datetime | None
    last_error: str
    subject: str
    cc: str = ""
    notice: str | None = None
    """Id of the notice it is about."""


class UnitRow(msgspec.Struct, frozen=True, kw_only=True):
    """One unit of one notice."""

    unit: Unit
    verdict: Verdict
    first_mail: datetime | None = None
    last_mail: datetime | None = None
    replies: int = 0
    reminders: tuple[datetime, ...] = ()
    confirmed: tuple[str, ...] = ()
    """Addresses that the coordinator confirmed as the unit's."""
    undeliverable: str = ""
    """Why letters to the unit do not arrive; "" when they do."""
    saved: Mapping[str, str] = {}
    """Path of the saved copy of a piece relative to the data folder, with forward slashes, by `File.key`."""
    images: Mapping[str, ImageFacts] = {}
    """Measured picture facts by `File.key`."""
    tables: Mapping[str, TableFacts] = {}
    """Tables that currently answer a requirement, by requirement id."""


class MailboxCount(msgspec.Struct, frozen=True, kw_only=True):
    """The ledger against the server, for one mailbox. `missing` must be 0."""

    mailbox: str
    on_server: int
    in_ledger: int
    missing: int


def link_key(unit: str, digest: str) -> str:
    """`Todo.key` of a link that ends. `digest`: SHA-256 of its URL."""
    return f"link:{unit}:{digest[:16]}"


class Todo(msgspec.Struct, frozen=True, kw_only=True):
    """One thing that waits for the coordinator (待办)."""

    key: str
    """Stable identity, so that what she wrote beside it finds it again."""
    kind: str
    """alarm, unknown-sender, unsure, held, several-units, stuck, approval, failed-letter, undeliverable, link-expiring,
    question, kept-book, wording."""
    since: datetime
    unit: str
    """Unit name or "" ."""
    text: str
    """What it is about and what she can do, Chinese, for people."""
    mail: str = ""
    """SHA-256 of the mail it is about."""
    candidates: tuple[str, ...] = ()
    """Unit names it may be, best first."""
    draft: str = ""
    """The words of the letter that waits for her, which she may change."""


class Told(msgspec.Struct, frozen=True, kw_only=True):
    """What she wrote into the cells of one row for a decision, and what we said to it."""

    said: tuple[str, ...]
    """待办: 归属单位 and 处理; 明细: 人工结论."""
    answer: str = ""
    """Why it could not be carried out; "" when it was."""


class Deed(msgspec.Struct, frozen=True, kw_only=True):
    """One decision of a person, as the history shows it."""

    at: datetime
    by: str
    kind: str
    """As `DecisionRow.kind`."""
    unit: str
    """Code, "" where no unit is meant."""
    requirement: str
    """Id, "" where none is meant."""
    about: str
    """What it was about, for people: a mail, a letter, a thing to do."""
    note: str
    until: datetime | None = None


class Board(msgspec.Struct, frozen=True, kw_only=True):
    """Everything about one notice at one moment."""

    as_of: datetime
    tz: tzinfo
    notice: Notice
    office: str
    units: tuple[UnitRow, ...]
    """In the order of the roster."""
    mails: tuple[MailRow, ...]
    """Oldest first."""
    letters: tuple[LetterRow, ...]
    mailboxes: tuple[MailboxCount, ...]
    todo: tuple[Todo, ...]
    history: tuple[Deed, ...] = ()
    """Every decision, oldest first."""
    notices: Mapping[str, str] = {}
    """Titles of all notices that run, by id, in the order of the settings."""
    others: tuple[str, ...] = ()
    """Names of units that only the other notices ask: a mail that waits here may be for those."""
    told: Mapping[str, Told] = {}
    """What she wrote for decisions, by `{sheet}|{key of the row}`."""
    warnings: tuple[str, ...] = ()
    """What she should know of calendar, classes of units and notice, each a sentence."""
    forms: Mapping[str, TableFacts] = {}
    """Blank forms by requirement id."""
    data_dir: Path
    blob: str = ""
    """Unused by people; the folder of the blobs, for thumbnails: `{blob}/{digest[:2]}/{digest}`."""
    until: datetime | None = None
    """From when on it would say something else though nothing came; None where nobody asked."""
