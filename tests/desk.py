"""A whole office for a test: real IMAP and SMTP on loopback, a real data folder, and a clock that the test sets."""

from __future__ import annotations

import email
import json
import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta
from email import policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any

from benchmarks.campaign import Campaign, Truth
from benchmarks.others import CHINA
from benchmarks.ready import PASSWORD, write_folder
from intake.commands import secrets_of
from intake.config import load_config
from intake.cycle import Report, fresh_sandbox, run_cycle
from intake.demo import materials as m
from intake.demo.clients import Attached, compose
from intake.demo.forms import statistics
from intake.demo.server import MailServer
from intake.demo.units import OFFICE_ADDRESS, units
from intake.keys import Lookup
from intake.ledger import all_letter_rows, all_mail_rows
from intake.office import Office, opened
from intake.output import mails_json, outbox_json, status_json
from intake.standing import build_board
from rules.unit import Unit

MONDAY = datetime(2022, 9, 26, 10, 0, tzinfo=CHINA)
"""A working day well before the deadline, on no rung."""


class Desk:
    """The office under test. `now` is its clock; `extra` are lines of [replies], `sections` further sections."""

    def __init__(
        self,
        folder: Path,
        *,
        roster: int | Sequence[Unit] = 3,
        extra: str = "",
        sections: str = "",
        mode: str = "send",
        address: str = OFFICE_ADDRESS,
        password: str = PASSWORD,
    ) -> None:
        self.folder, self.address = folder, address
        self.now = MONDAY
        self.units = units(roster) if isinstance(roster, int) else tuple(roster)
        self.server = MailServer(address=address, password=password, clock=lambda: self.now)
        self.extra, self.sections, self.mode = extra, sections, mode
        self.lookup: Lookup = lambda name: ""
        """What DNS tells in place of the keys of senders' domains."""
        self._count = 0

    def __enter__(self) -> Desk:
        self.server.__enter__()
        made = Campaign(units=self.units, mails=(), truth=Truth(units={}, mails={}))
        self.config = write_folder(self.folder, made, imap_port=self.server.imap_port, smtp_port=self.server.smtp_port)
        (self.folder / "password.txt").write_text(self.server.password, "utf-8")
        text = self.config.read_text("utf-8").replace("per_hour = 1000\n", "per_hour = 1000\n" + self.extra)
        text = text.replace('mode = "send"', f'mode = "{self.mode}"') + self.sections
        text = text.replace(OFFICE_ADDRESS, self.address)
        self.config.write_text(text, "utf-8")
        return self

    def __exit__(self, *error: Any) -> None:
        self.server.__exit__(None, None, None)

    def mail(
        self,
        unit: Unit,
        files: Sequence[Attached] = (),
        text: str = "现报送“质量月”活动材料，请查收。",
        *,
        subject: str = "质量月材料",
        from_: str = "",
        at: datetime | None = None,
        headers: dict[str, str] | None = None,
        through: Callable[[bytes], bytes] = lambda raw: raw,
    ) -> str:
        """Deliver a mail, after what `through` makes of it; its Message-ID."""
        self._count += 1
        at = at or self.now
        id = f"<{self._count}.{unit.code}@unit.example>"
        raw = compose(
            "foxmail",
            from_=(unit.contact, from_ or unit.addresses[0]),
            to=self.address,
            subject=subject,
            text=text,
            files=files,
            date=at,
            message_id=id,
            headers=headers,
        )
        self.deliver(through(raw), at)
        return id

    def deliver(self, raw: bytes, at: datetime) -> None:
        """Put a mail into the mailbox."""
        self.server.deliver(raw, at)

    @contextmanager
    def office(self) -> Iterator[Office]:
        """The opened data folder."""
        with opened(load_config(self.config), self.now) as office:
            yield office

    def cycle(self, *, wait: timedelta = timedelta()) -> Report:
        """One full cycle, `wait` later."""
        self.now += wait
        with self.office() as office, fresh_sandbox(office, workers=1, lookup=self.lookup) as sandbox:
            return run_cycle(office, sandbox, secrets_of(office.config), self.now)

    def command(self, *arguments: str) -> Any:
        """A command as a user starts it, in a process of its own; its JSON document."""
        return self.surrounded({}, *arguments, now=self.now)

    def surrounded(self, surroundings: Mapping[str, str], *arguments: str, now: datetime) -> Any:
        """A command with other variables of the environment, and the rehearsal clock at `now`."""
        ran = subprocess.run(
            [sys.executable, "-m", "intake", *arguments, "--now", now.isoformat(), "--json"],
            cwd=self.folder, text=True, capture_output=True, timeout=300, check=False,
            env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[1]), **surroundings},
        )  # fmt: skip
        assert ran.stdout, ran.stderr
        return json.loads(ran.stdout)

    def configure(self, old: str, new: str) -> None:
        """Change the settings file."""
        text = self.config.read_text("utf-8")
        assert old in text
        self.config.write_text(text.replace(old, new), "utf-8")

    def log(self) -> str:
        """What the program wrote into its log so far."""
        return "".join(file.read_text("utf-8") for file in sorted((self.folder / "data/logs").glob("shouqi-*.log")))

    def status(self) -> dict[str, Any]:
        """`status --json`, units by code."""
        with self.office() as office:
            (campaign,) = office.campaigns.values()
            (notice,) = status_json([build_board(office, campaign, self.now)], self.now)["notices"]
        return {unit["code"]: unit for unit in notice["units"]}

    def state(self, unit: Unit, requirement: str) -> str:
        """State of one requirement."""
        (found,) = [r for r in self.status()[unit.code]["requirements"] if r["id"] == requirement]
        return str(found["state"])

    def mails(self) -> dict[str, dict[str, Any]]:
        """`mails --json` by Message-ID, without the copies of our own letters."""
        with self.office() as office:
            rows = mails_json(all_mail_rows(office), office.tz)
        return {row["message_id"]: row for row in rows if row["class"] != "loop"}

    def outbox(self) -> list[dict[str, Any]]:
        """`outbox --json`."""
        with self.office() as office:
            return outbox_json(all_letter_rows(office), office.tz)

    def todo(self) -> list[tuple[str, str]]:
        """(kind, text) of what waits for the coordinator."""
        with self.office() as office:
            (campaign,) = office.campaigns.values()
            return [(one.kind, one.text) for one in build_board(office, campaign, self.now).todo]

    @property
    def letters(self) -> list[EmailMessage]:
        """What left, in order, parsed."""
        return [letter(sent.raw) for sent in self.server.sent]


def letter(raw: bytes) -> EmailMessage:
    """A letter as its reader's program parses it."""
    parsed = email.message_from_bytes(raw, policy=policy.default)
    assert isinstance(parsed, EmailMessage)
    return parsed


def first_line(message: EmailMessage) -> str:
    """The verdict."""
    body = message.get_body(("plain",))
    assert body is not None
    return str(body.get_content()).splitlines()[0]


def everything(unit: Unit, seed: int = 1) -> list[Attached]:
    """All that the notice asks for, in order; the caption is in the body, see `CAPTION`."""
    return [m.summary(unit, seed), m.case(unit, seed), m.photo(unit, seed, name="图1.jpg"), statistics(unit, seed)]


def captioned(unit: Unit, seed: int = 1) -> str:
    """A body with the caption of 图1."""
    return f"现报送“质量月”活动材料，请查收。\n图1：{m.caption(unit, seed)}"


def own_notice(desk: Desk, text: str) -> None:
    """Put this notice file in the place of the desk's own, as a coordinator would."""
    (desk.folder / "notice.toml").write_text(text, "utf-8")
    settings = re.sub(r"(?m)^file = '.*'$", "file = 'notice.toml'", desk.config.read_text("utf-8"))
    desk.config.write_text(settings, "utf-8")
