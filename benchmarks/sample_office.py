"""A whole invented office in a folder, without servers: mails as rows and files as facts, settled by the program.

What its letters say is what the program's own judging, deciding and reporting say.
"""

from __future__ import annotations

import hashlib
import json
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import msgspec
from sqlmodel import Session, select

from benchmarks.campaign import NOTICE, Campaign, Truth
from benchmarks.ready import write_folder
from benchmarks.sample_letters import photo
from intake.config import load_config
from intake.demo.forms import BLANK, Fault, statistics
from intake.demo.units import units
from intake.mail.letter import Kind, Letter
from intake.office import Office, opened
from intake.readers import read
from intake.settle import settle
from rules.facts import Facts, ImageFacts, LinkFacts, TextFacts
from rules.unit import Unit
from storage.tables import LetterRow, LocationRow, MailboxRow, MailRow, PieceRow

HER = '\n[coordinator]\naddress = "heming@yunling.example"\nname = "何主任"\n'


@dataclass(frozen=True, slots=True)
class Sent:
    """A file that a unit sends."""

    name: str
    size: int
    facts: Facts
    thumbnail: bytes = b""


def document(name: str, characters: int = 1480, *, scanned: bool = False) -> Sent:
    """A Word file, or the scan of a page."""
    if scanned:
        return Sent(name, 1_228_800, TextFacts(format="pdf", text="", characters=0, pages=1, scanned=True, seal=True))
    return Sent(name, 46_080, TextFacts(format="docx", text=name.partition(".")[0], characters=characters))


def picture(name: str, width: int, height: int, seed: int, *, format: str = "JPEG") -> Sent:
    """A photo."""
    facts = ImageFacts(format=format, width=width, height=height, dhash=f"{seed * 0x1357_9BDF_2468_ACE1 % 2**64:016x}")
    return Sent(name, width * height * 2 // 3, facts, photo(seed))


def table(unit: Unit, fault: Fault = "") -> Sent:
    """The form, filled in."""
    made = statistics(unit, 1, fault=fault)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / made.name
        path.write_bytes(made.data)
        return Sent(made.name, len(made.data), read(path, made.name, Path(folder))[1].facts)


def link(name: str, ends: datetime, size: int = 734_003_200) -> Sent:
    """A cloud attachment (超大附件)."""
    url = f"https://drive.example/{hashlib.sha256(name.encode()).hexdigest()[:12]}"
    facts = LinkFacts(provider="QQ邮箱超大附件", url=url, expires=ends.isoformat(), size=size)
    return Sent(name, size, facts)


class SampleOffice:
    """The office in its folder; `config` are further sections of the settings."""

    def __init__(self, folder: Path, number: int, config: str = "") -> None:
        self.folder, self.units = folder, units(number)
        made = Campaign(units=self.units, mails=(), truth=Truth(units={}, mails={}))
        (folder / "notice.toml").write_text(NOTICE.read_text("utf-8"), "utf-8")
        (folder / BLANK.name).write_bytes(BLANK.read_bytes())
        self.path = write_folder(folder, made, imap_port=993, smtp_port=465)
        self.configure(f"file = '{NOTICE}'", "file = 'notice.toml'")
        self.path.write_text(self.path.read_text("utf-8") + config, "utf-8")

    def configure(self, old: str, new: str, file: str = "config.toml") -> None:
        """Change a settings or notice file."""
        text = (self.folder / file).read_text("utf-8")
        if old not in text:
            raise ValueError(f"{file} does not hold {old!r}")
        (self.folder / file).write_text(text.replace(old, new), "utf-8")

    @contextmanager
    def open(self, now: datetime) -> Iterator[Office]:
        """The opened data folder."""
        with opened(load_config(self.path), now) as office:
            yield office

    def brings(
        self,
        number: int,
        at: datetime,
        *files: Sent,
        text: str = "现报送“质量月”活动材料，请查收。",
        asks: bool = False,
    ) -> None:
        """A mail of the unit with this number came, was understood and settled."""
        unit = self.units[number]
        with self.open(at) as office:
            (campaign, *_) = office.campaigns.values()
            with office.database.writing() as session:
                mail = self._mail(session, unit, at, text)
                mail.notice, mail.unit, mail.state, mail.reason = campaign.notice.id, unit.code, "processed", "已登记"
                mail.reply_allowed = mail.reply_open = not asks
                mail.asks_person = asks
                for seq, file in enumerate(files):
                    session.add(_piece(office, mail, seq, file))
            settle(office, campaign, unit.code, at)

    def held(self, at: datetime, sender: str) -> None:
        """A mail of nobody knows whom."""
        with self.open(at) as office, office.database.writing() as session:
            mail = self._mail(session, None, at, "材料见附件。", sender)
            mail.state, mail.reason = "held", "发件邮箱没有登记，信中也没有写明单位"

    def _mail(self, session: Session, unit: Unit | None, at: datetime, text: str, sender: str = "") -> MailRow:
        name = f"{unit.code if unit else sender}:{at.isoformat()}"
        digest = hashlib.sha256(name.encode()).hexdigest()
        mail = MailRow(
            sha256=digest,
            size=8_000,
            message_id=f"<{digest[:12]}@unit.example>",
            received_at=at,
            kept_at=at,
            klass="person",
            from_address=unit.addresses[0] if unit else sender,
            subject="“质量月”活动材料",
            text=text,
        )
        session.add(mail)
        session.flush()
        box = session.exec(select(MailboxRow)).first() or MailboxRow(
            account="zlb@yunling.example", folder="INBOX", uidvalidity=1
        )
        box.on_server, box.polled_at = box.on_server + 1, at
        session.add(box)
        session.flush()
        assert box.id is not None  # just stored
        assert mail.id is not None  # just stored
        session.add(LocationRow(mailbox_id=box.id, uid=box.on_server, mail_id=mail.id))
        return mail

    def letters(self, now: datetime, kind: Kind, *, rung: str = "") -> Sequence[Letter]:
        """What was written of this kind, oldest first."""
        with self.open(now) as office, office.database.reading() as session:
            rows = session.exec(select(LetterRow).where(LetterRow.kind == kind).order_by(LetterRow.id))  # type: ignore[arg-type]  # a column
            return [_letter(office, row) for row in rows if row.rung.startswith(rung)]


def _piece(office: Office, mail: MailRow, seq: int, file: Sent) -> PieceRow:
    is_link = isinstance(file.facts, LinkFacts)
    assert mail.id is not None  # just stored
    return PieceRow(
        mail_id=mail.id,
        seq=seq,
        path=file.name,
        name=file.name,
        size=0 if is_link else file.size,
        digest=hashlib.sha256(f"{mail.sha256}:{file.name}".encode()).hexdigest(),
        kind=json.loads(msgspec.json.encode(file.facts))["kind"],
        facts=msgspec.json.encode(file.facts).decode(),
        thumbnail=office.blobs.write(file.thumbnail, office.spool) if file.thumbnail else None,
    )


def _letter(office: Office, row: LetterRow) -> Letter:
    return Letter(
        key=row.key,
        kind=row.kind,  # type: ignore[arg-type]  # a Kind, stored as text
        message_id=row.message_id,
        to=row.to,
        subject=row.subject,
        raw=office.blobs.read(row.raw),
        cc=row.cc,
    )
