"""The office that is measured: a Dovecot with a campaign in its mailbox, an SMTP server, and a ready folder."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from functools import lru_cache
from pathlib import Path

from benchmarks.campaign import Campaign, campaign
from benchmarks.crowd import crowd
from benchmarks.ready import PASSWORD, write_folder
from intake.demo.server import MailServer
from intake.demo.units import OFFICE_ADDRESS
from rules.unit import Unit

UNITS_PER_MAIL = 0.75
"""Makes mails of 1.3 MB on average."""
SEED = 1


@dataclass(frozen=True, slots=True)
class Servers:
    """Where the mails lie, and where letters go."""

    imap_port: int
    smtp: MailServer
    maildir: Path
    """Of Dovecot's INBOX."""
    deliver: Callable[[bytes, datetime], object]
    """Puts one more mail there."""

    def forget_copies(self) -> None:
        """Take out what was delivered one by one: the copies of our own letters."""
        for folder in ("new", "cur"):
            for mail in (self.maildir / folder).glob("*.shouqi,*"):
                mail.unlink()
        self.smtp.sent.clear()


@lru_cache(maxsize=4)
def big_campaign(mails: int) -> Campaign:
    """The campaign of so many mails of 1.3 MB."""
    return campaign(mails, SEED, crowd(max(15, round(mails * UNITS_PER_MAIL))))


@contextmanager
def servers(made: Campaign) -> Iterator[Servers]:
    """Dovecot with an empty mailbox, and an SMTP server that puts the letters to the office itself in there."""
    from tests.dovecot import Dovecot  # a fixture of the tests; it knows POSIX only

    with ExitStack() as stack:
        dovecot = stack.enter_context(Dovecot(user=OFFICE_ADDRESS, password=PASSWORD))
        smtp = MailServer(address=OFFICE_ADDRESS, password=PASSWORD, clock=lambda: made.as_of, own_mail=dovecot.deliver)
        stack.enter_context(smtp)
        yield Servers(dovecot.imap_port, smtp, dovecot.maildir, dovecot.deliver)


def fill(maildir: Path, made: Campaign) -> int:
    """Put every mail of the campaign into the Maildir, made by one process a core; returns the bytes."""
    owner = maildir.stat()
    with ProcessPoolExecutor() as pool:
        sizes = pool.map(
            _deliver, *zip(*[(len(made.mails), n, maildir) for n in range(len(made.mails))], strict=True), chunksize=10
        )
        total = sum(sizes)
    for path in (maildir / "new").iterdir():
        os.chown(path, owner.st_uid, owner.st_gid)
    return total


def _deliver(mails: int, number: int, maildir: Path) -> int:
    mail = big_campaign(mails).mails[number]
    raw, moment = mail.make(), mail.received_at.timestamp()
    path = maildir / "new" / f"{number:010d}.M{number}.bench,S={len(raw)}"
    path.write_bytes(raw)
    os.utime(path, (moment, moment))  # a Maildir's INTERNALDATE
    return len(raw)


def ready_folder(folder: Path, made: Campaign, there: Servers, everybody: Sequence[Unit] = ()) -> Path:
    """A folder with config, password and roster (of `everybody` where given); returns the path of its config.toml."""
    folder.mkdir(parents=True, exist_ok=True)
    everyone = replace(made, units=tuple(everybody) or made.units)
    config = write_folder(folder, everyone, imap_port=there.imap_port, smtp_port=there.smtp.smtp_port)
    config.write_text(config.read_text("utf-8").replace("per_hour = 1000\n", "per_hour = 100000\n"), "utf-8")
    return config
