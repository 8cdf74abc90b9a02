"""An office under fire: its data folder can be put back, and what it has come to be compared with what it should."""

from __future__ import annotations

import hashlib
import re
import shutil
from collections import Counter
from collections.abc import Sequence
from contextlib import ExitStack
from datetime import datetime
from pathlib import Path
from typing import Any

from openpyxl import load_workbook

from benchmarks.ready import PASSWORD
from intake import doctor_data
from intake.commands import secrets_of
from intake.config import load_config
from intake.cycle import Progress, fresh_sandbox, run_cycle
from intake.demo.clients import Attached
from intake.demo.units import OFFICE_ADDRESS
from intake.ledger import all_letter_rows, all_mail_rows
from intake.output import mails_json, outbox_json, status_json
from intake.standing import build_board
from rules.unit import Unit
from tests.desk import Desk, captioned, everything, letter
from tests.dovecot import Dovecot, why_not
from tests.faults.program import Program

PASSING = ("attempts", "last_error", "uid", "uidvalidity", "as_of", "mailboxes", "alarms")
"""Columns that tell of the way and not of the end."""
SHEETS = ("总览", "明细", "问题", "图片", "统计汇总", "待办")
"""Sheets of the tracker without the list of mails: how many copies of our letters were seen depends on the way."""

State = dict[str, Any]


class Office(Desk):
    """A desk on Dovecot, where it is installed, with its program ready to run."""

    def __init__(self, folder: Path, *, roster: int = 6, dovecot: bool = True) -> None:
        super().__init__(folder, roster=roster)
        self._dovecot = Dovecot(user=OFFICE_ADDRESS, password=PASSWORD) if dovecot and not why_not() else None
        self._stack = ExitStack()
        self._kept: list[bytes] = []

    def __enter__(self) -> Office:
        with self._stack:
            if self._dovecot is not None:
                self._stack.enter_context(self._dovecot)
                self.server.own_mail = self._dovecot.deliver
            super().__enter__()
            self._stack.push(super().__exit__)
            if self._dovecot is not None:
                self.configure(f"port = {self.server.imap_port}", f"port = {self._dovecot.imap_port}")
            self.configure("copy_to_self = true", "copy_to_self = true\nlookup_after_seconds = 0")
            self.program = self._stack.enter_context(Program(self.config, self.folder / "said.txt"))
            self._stack = self._stack.pop_all()
        return self

    def __exit__(self, *error: Any) -> None:
        self._stack.__exit__(*error)

    def deliver(self, raw: bytes, at: datetime) -> None:
        """Put a mail into the mailbox."""
        if self._dovecot is not None:
            self._dovecot.deliver(raw, at)
        else:
            super().deliver(raw, at)
        self._kept.append(raw)

    def small_mails(self, number: int) -> None:
        """Mails of all units in turn, each with one piece of what the notice asks."""
        for n in range(number):
            unit = self.units[n % len(self.units)]
            files = everything(unit, n + 1)
            self.mail(unit, files[n // len(self.units) % 4 :][:1], captioned(unit, n + 1))

    def take(self, number: int) -> None:
        """Fetch and take so many mails, and judge no unit yet: the moment before the letters."""
        taking = _Taking()
        with self.office() as office, fresh_sandbox(office) as sandbox:
            secrets = secrets_of(office.config)
            run_cycle(office, sandbox, secrets, self.now, stop=lambda: taking.taken == number, progress=taking)

    def cheap_mails(self, units: Sequence[Unit], each: int) -> None:
        """Mails that cost little to make and to read: a short text as a file."""
        for unit in units:
            for n in range(each):
                text = f"{unit.name}第{n + 1}份“质量月”活动总结。" + "活动有序开展，职工积极参加。" * 40
                self.mail(unit, [Attached(f"总结{n + 1}.txt", text.encode(), "text/plain")], subject=f"总结{n + 1}")

    @property
    def run(self) -> tuple[str, ...]:
        """One full cycle, as arguments."""
        return "run", "--once", "--json", "--now", self.now.isoformat()

    @property
    def data(self) -> Path:
        """The data folder."""
        return self.folder / "data"

    def keep(self, name: str) -> None:
        """Set this moment of the data folder by, under a name."""
        shutil.copytree(self.data, self.folder / f"kept-{name}", dirs_exist_ok=True)

    def put_back(self, name: str) -> None:
        """Go back to a moment of the data folder, "" = none there yet; what was sent since then is forgotten."""
        shutil.rmtree(self.data, ignore_errors=True)
        if name:
            shutil.copytree(self.folder / f"kept-{name}", self.data)
        self.server.sent.clear()
        if self._dovecot is not None:
            for place in ("new", "cur"):
                for file in sorted((self._dovecot.maildir / place).iterdir()):
                    if int(file.name.partition(".")[0]) > len(self._kept):
                        file.unlink()
        else:
            for uid in self.server.flags:
                if uid > len(self._kept):
                    self.server.remove(uid)

    def come_to(self) -> State:
        """What the office has come to: its JSON, the letters, the saved files, the tracker, and the doctor's word."""
        with self.office() as office:
            boards = [build_board(office, campaign, self.now) for campaign in office.campaigns.values()]
            mails = [row for row in mails_json(all_mail_rows(office), office.tz) if row["class"] != "loop"]
            found: State = {
                "status": status_json(boards, self.now),
                "mails": mails,
                "outbox": outbox_json(all_letter_rows(office), office.tz),
            }
        found["sent"] = sorted(_told(sent.raw) for sent in self.server.sent)
        found["files"] = _tree(self.data / "files")
        found["tracker"] = _cells(self.data / "tracker" / "台账.xlsx")
        found["doctor"] = [line.detail for line in doctor_data.data(load_config(self.config)) if line.ok == "fail"]
        names = _names(found["outbox"])
        return {key: _without(value, names) for key, value in found.items()}


class _Taking(Progress):
    """Counts the mails that are taken."""

    taken = 0
    _under_way = False

    def stage(self, name: str, total: int | None = None) -> None:
        self._under_way = name == "处理邮件"

    def step(self, done: int, total: int | None = None) -> None:
        if self._under_way:
            self.taken = done


def differences(found: State, wanted: State) -> list[str]:
    """Where two states differ, each place as one line."""
    return list(_differences(found, wanted, ""))[:6]


def _differences(found: Any, wanted: Any, where: str) -> Any:
    if isinstance(found, dict) and isinstance(wanted, dict):
        for key in {**found, **wanted}:
            yield from _differences(found.get(key), wanted.get(key), f"{where}/{key}")
    elif isinstance(found, list) and isinstance(wanted, list) and len(found) == len(wanted):
        for n, (one, other) in enumerate(zip(found, wanted, strict=True)):
            yield from _differences(one, other, f"{where}/{n}")
    elif found != wanted:
        yield f"{where}: {str(found)[:160]} instead of {str(wanted)[:160]}"


def _told(raw: bytes) -> tuple[str, str]:
    parsed = letter(raw)
    body = parsed.get_body(("plain",))
    assert body is not None
    return str(parsed["To"]), re.sub(r"<[^>]+@[^>]+>", "<id>", str(body.get_content()))


def _names(outbox: list[dict[str, Any]]) -> dict[str, str]:
    """Names for the letters that are the same in every office: their ids hold a secret of the data folder."""
    seen: Counter[str] = Counter()
    names = {}
    for one in outbox:
        name = f"{one['kind']} {one['unit']} {one['to']}"
        seen[name] += 1
        names[one["message_id"]] = f"{name} {seen[name]}"
    return names


def _without(value: Any, names: dict[str, str]) -> Any:
    if isinstance(value, dict):
        return {key: _without(one, names) for key, one in value.items() if key not in PASSING}
    if isinstance(value, list):
        return [_without(one, names) for one in value]
    return names.get(value, value) if isinstance(value, str) else value


def _tree(folder: Path) -> dict[str, str]:
    return {
        file.relative_to(folder).as_posix(): hashlib.sha256(file.read_bytes()).hexdigest()
        for file in sorted(folder.rglob("*"))
        if file.is_file()
    }


def _counts_copies(row: tuple[Any, ...]) -> bool:
    return any(word in str(row[0]) for word in ("@", "邮件处理情况", "本系统发出信件的副本"))


def _cells(path: Path) -> dict[str, list[list[Any]]]:
    book = load_workbook(path, read_only=True)
    try:
        return {
            name: [list(row) for row in book[name].iter_rows(values_only=True) if not _counts_copies(row)]
            for name in SHEETS
            if name in book.sheetnames
        }
    finally:
        book.close()
