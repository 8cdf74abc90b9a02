"""The tables. One row, one fact; everything derived can be computed anew from raw mails and decisions.

All times are stored as UTC and come back aware.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Index, UniqueConstraint
from sqlmodel import Field, SQLModel

from storage.utctime import UtcTime

SCHEMA_VERSION = 5
"""Raised with every change of a table, together with a file in `storage/migrations/versions` that makes the change."""


MAIL_STATES = ("received", "processed", "ignored", "held", "stuck")
LETTER_STATES = ("waiting", "approval", "sending", "sent", "failed", "dropped")


class MailboxRow(SQLModel, table=True):
    """One generation (UIDVALIDITY) of one folder of one account (RFC 3501, 2.3.1.1)."""

    __tablename__ = "mailbox"
    __table_args__ = (UniqueConstraint("account", "folder", "uidvalidity"),)

    id: int | None = Field(default=None, primary_key=True)
    account: str
    folder: str
    uidvalidity: int
    next_uid: int = 1
    """Every UID below this one has been looked at."""
    on_server: int = 0
    """EXISTS at the last poll."""
    current: bool = True
    """False once the server gave the folder a new UIDVALIDITY."""
    polled_at: datetime | None = Field(default=None, sa_type=UtcTime)


class LocationRow(SQLModel, table=True):
    """Where a mail lies on the server: the key account + folder + UIDVALIDITY + UID."""

    __tablename__ = "location"
    __table_args__ = (UniqueConstraint("mailbox_id", "uid"), Index("ix_location_present", "mailbox_id", "present"))

    id: int | None = Field(default=None, primary_key=True)
    mailbox_id: int = Field(foreign_key="mailbox.id")
    uid: int
    mail_id: int = Field(foreign_key="mail.id", index=True)
    present: bool = True
    """False once somebody removed it from the server; the mail itself stays ours."""


class MailRow(SQLModel, table=True):
    """One mail, by the digest of its raw bytes. It is ours from the moment this row is committed."""

    __tablename__ = "mail"

    id: int | None = Field(default=None, primary_key=True)
    sha256: str = Field(unique=True)
    size: int
    message_id: str = Field(default="", index=True)
    received_at: datetime = Field(sa_type=UtcTime, index=True)
    """INTERNALDATE."""
    kept_at: datetime = Field(sa_type=UtcTime)
    state: str = Field(default="received", index=True)
    reason: str = "已保存原件，等待处理"
    klass: str = ""
    from_name: str = ""
    from_address: str = Field(default="", index=True)
    subject: str = ""
    text: str = ""
    """The sender's own words."""
    handed_on: str = ""
    """The words of a mail that this one hands on."""
    refs: str = "[]"
    """References, then In-Reply-To, as a JSON list."""
    defects: str = "[]"
    notice: str | None = None
    """The notice it answers; of several that of its first files, see `AlsoRow`."""
    routed_by: str = ""
    """How the notice was told."""
    routing: str = "[]"
    """Everything that named a notice, as a JSON list."""
    may_answer: str = "[]"
    """Ids of the notices it may answer where nobody could tell, the likeliest first, as a JSON list."""
    unit: str | None = Field(default=None, index=True)
    identified_by: str = ""
    trust: str = "registered"
    proof: str = ""
    """pass, fail, none, unknown: whether it is its sender's (`intake.mail.verification`); "" when nobody looked."""
    proof_by: str = ""
    """Who found that, and what."""
    candidates: str = "[]"
    evidence: str = "[]"
    """Every place where a unit was named, as a JSON list."""
    lent: bool = False
    """Handed on, or sent on behalf of another unit: it tells nothing about the sender's own unit."""
    reply_allowed: bool = False
    reply_why: str = ""
    reply_open: bool = False
    """Waits for an answer: set when the mail is taken, cleared in the transaction that writes the letter."""
    asks_person: bool = False
    """A question, or words only: a person should read it."""
    letter_id: int | None = Field(default=None, foreign_key="letter.id", index=True)
    attempts: int = 0
    imported: bool = False
    """Came by `import`, not from the mailbox: never answered unless asked."""


class PieceRow(SQLModel, table=True):
    """One file of one mail, with its facts as JSON."""

    __tablename__ = "piece"
    __table_args__ = (UniqueConstraint("mail_id", "path"),)

    id: int | None = Field(default=None, primary_key=True)
    mail_id: int = Field(foreign_key="mail.id", index=True)
    seq: int
    path: str
    name: str
    size: int
    digest: str = Field(index=True)
    content_type: str = ""
    kind: str = ""
    facts: str
    thumbnail: str | None = None
    damaged: bool = False
    unit: str | None = Field(default=None, index=True)
    """The unit it counts for, where that is not the unit of its mail."""
    trust: str | None = None
    """Trust in its sender for that unit."""
    notice: str | None = None
    """The notice it answers, where that is not the notice of its mail."""
    beside: str = ""
    """The words below the picture in the body that shows it."""


class AlsoRow(SQLModel, table=True):
    """A further notice that some files of a mail answer: its unit there, and whether it waits for an answer to that."""

    __tablename__ = "also"

    mail_id: int = Field(primary_key=True, foreign_key="mail.id")
    notice: str = Field(primary_key=True)
    unit: str = Field(index=True)
    reply_allowed: bool = False
    reply_why: str = ""
    reply_open: bool = False
    letter_id: int | None = Field(default=None, foreign_key="letter.id", index=True)


class BoardRow(SQLModel, table=True):
    """The last verdict of one unit of one notice; `dirty` asks for a new one."""

    __tablename__ = "board"

    notice: str = Field(primary_key=True)
    unit: str = Field(primary_key=True)
    dirty: bool = Field(default=True, index=True)
    verdict: str = ""
    verdict_digest: str = ""
    judged_at: datetime | None = Field(default=None, sa_type=UtcTime)
    saved: str = ""
    """What the folder of saved files holds, as a digest of names and contents; nothing is written while it agrees."""
    error: str = ""
    """Why the last attempt to judge failed by our own mistake; the unit stays dirty."""


class OutlineRow(SQLModel, table=True):
    """What a cycle looks at of a verdict (`rules.outline`), apart from it: the verdicts of 20,000 units are 300 MB."""

    __tablename__ = "outline"

    notice: str = Field(primary_key=True)
    unit: str = Field(primary_key=True)
    outline: str = ""


class LetterRow(SQLModel, table=True):
    """One letter, in one of `LETTER_STATES`."""

    __tablename__ = "letter"
    __table_args__ = (Index("ix_letter_state_tried_at", "state", "tried_at"),)

    id: int | None = Field(default=None, primary_key=True)
    key: str = Field(unique=True)  # what the letter answers; the same key can never be written twice
    kind: str
    message_id: str = Field(unique=True)
    notice: str | None = None
    unit: str | None = Field(default=None, index=True)
    rung: str = ""
    to: str = Field(index=True)
    cc: str = ""
    """Who gets an open copy (抄送), "" for nobody."""
    subject: str
    raw: str
    """Digest of the composed letter."""
    verdict_digest: str = ""
    state: str = "waiting"
    attempts: int = 0
    created_at: datetime = Field(sa_type=UtcTime)
    due: datetime = Field(sa_type=UtcTime)
    tried_at: datetime | None = Field(default=None, sa_type=UtcTime)
    sent_at: datetime | None = Field(default=None, sa_type=UtcTime, index=True)
    last_error: str = ""


class DecisionRow(SQLModel, table=True):
    """What a person decided, in order; never changed, never deleted."""

    __tablename__ = "decision"

    id: int | None = Field(default=None, primary_key=True)
    at: datetime = Field(sa_type=UtcTime)
    seen: datetime | None = Field(default=None, sa_type=UtcTime)
    """Up to when the workbook told what had come, where it was decided in its cells."""
    by: str = ""
    """Who: the name that the office program or the system gave, with the way it came by."""
    kind: str
    """accept, reject, waive, reset, extend, assign, route, ignore, done, letter-…, notice, roster, replay; of no
    notice: resume, import, rebuild."""
    notice: str | None = None
    unit: str = ""
    requirement: str = ""
    mail: str = ""
    value: str = Field(default="", index=True)
    """Of an assignment: the address that was confirmed with it."""
    note: str = ""


class ContactRow(SQLModel, table=True):
    """An address that letters do not reach, as a bounce told us."""

    __tablename__ = "contact"

    address: str = Field(primary_key=True)
    undeliverable: str
    since: datetime = Field(sa_type=UtcTime)


class MetaRow(SQLModel, table=True):
    """Small facts about the data folder itself: schema version, instance id, first start."""

    __tablename__ = "meta"

    key: str = Field(primary_key=True)
    value: str
