"""One full cycle: fetch → process → send what is due → save files → tracker. Whatever is away is tried next time."""

from __future__ import annotations

import shutil
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

import structlog
from imapclient import IMAPClient

from intake.approval_mail import ask_coordinator
from intake.halt import first_look
from intake.hand import take_decisions
from intake.interrupted import resolve
from intake.keys import KeyRing, Lookup, ask_dns
from intake.logins import guarded
from intake.mail import fetch, imap
from intake.mail.wire import away
from intake.office import Campaign, Office
from intake.post import Posted, post
from intake.process import process
from intake.reminding import queue_reminders
from intake.reports.due import queue_reports
from intake.reports.watch import watch
from intake.sandbox import Limits, Sandbox
from intake.take import Taken
from intake.tracker import Written
from intake.tracking import track
from intake.upkeep import upkeep
from rules.remind import Reminder
from storage import inbox
from storage.errors import Refused, Temporary, said

log = structlog.get_logger()

WITHHELD = "有 {} 封邮件收件服务器交不出来，已跳过，其余照常处理，下次再取。请登录网页邮箱查看这些邮件。"


class Progress:
    """Where long work tells how far it is; the screen decides what to draw. This one draws nothing."""

    def stage(self, name: str, total: int | None = None) -> None:
        """A new stage began; `total` when it is known."""

    def step(self, done: int, total: int | None = None) -> None:
        """`done` pieces of the stage are through."""


@dataclass(slots=True)
class Report:
    """What one cycle did."""

    fetched: int = 0
    taken: list[Taken] = field(default_factory=list)
    posted: Posted = field(default_factory=Posted)
    reminders: list[Reminder] = field(default_factory=list)
    reports: int = 0
    """Letters to the coordinator: morning mail, phone list, closing report."""
    unreachable: str = ""
    """Why the mailbox could not be read, "" when it could."""
    asked: int = 0
    """Questions to the coordinator about letters that wait for her."""
    decided: int = 0
    """Decisions taken from the coordinator's cells."""
    answered: int = 0
    """Words in her cells that could not be carried out; the tracker says why."""
    tracker: list[Written] = field(default_factory=list)
    away: list[str] = field(default_factory=list)
    """What could not be reached, each a line for people."""
    refused: list[str] = field(default_factory=list)
    """What said no for good: a wrong password, a missing folder."""
    seconds: float = 0.0

    @property
    def reminded(self) -> int:
        """How many reminders were written."""
        return len(self.reminders)

    @property
    def changed(self) -> bool:
        """True when the service has something to say about the cycle: mails, decisions, letters."""
        return bool(
            self.fetched
            or self.decided
            or self.answered
            or self.taken
            or self.posted.sent
            or self.posted.failed
            or self.reminded
        )


def run_cycle(
    office: Office,
    sandbox: Sandbox,
    secrets: Callable[[str], str],
    now: datetime,
    *,
    stop: Callable[[], bool] = lambda: False,
    progress: Progress | None = None,
    send: bool = True,
    remind_of: Sequence[Campaign] | None = None,
) -> Report:
    """Do everything that is due at `now`. `secrets("imap")` and `secrets("smtp")` give the passwords.

    Without `send` the letters are prepared and stay in the outbox. `remind_of`: the notices of which units are
    reminded, None = all.
    """
    report, progress, began = Report(), progress or Progress(), time.monotonic()
    heard = take_decisions(office, now)
    report.decided, report.answered = heard.decided, heard.answered
    polled = _poll(office, secrets, now, report, stop, progress)
    progress.stage("处理邮件", _waiting(office))
    report.taken = process(office, sandbox, now, stop=stop, progress=lambda done: progress.step(done))
    if polled and not stop():
        report.reminders = queue_reminders(office, now, remind_of)
    looked = not stop() and first_look(office, now, complete=polled)
    if looked:
        report.asked = ask_coordinator(office, now)
    if not stop():
        watch(office, now, unreachable=report.unreachable)
        report.reports = queue_reports(office, now, polled=polled, track=lambda: _tracked(office, now, report))
    if send and not stop():
        progress.stage("发送信件")
        report.posted = _post(office, secrets, now, report, stop, progress, reports_only=not looked)
    progress.stage("写台账")
    _track(office, now, report)
    report.seconds = time.monotonic() - began
    upkeep(office, now, report.seconds)
    return report


def _poll(
    office: Office,
    secrets: Callable[[str], str],
    now: datetime,
    report: Report,
    stop: Callable[[], bool],
    progress: Progress,
) -> bool:
    """Fetch, and clear up unfinished letters over the same connection. True when the mailbox was read through."""
    settings = office.config.imap
    progress.stage("收取邮件")
    try:
        password = secrets("imap")
        with guarded(office, "imap", password, now) as worked, imap.connected(settings, password) as client:
            worked()
            polled = fetch.poll(
                client, settings.username, settings.folder, office.store, lambda: now, stop, progress.step
            )
            report.fetched = polled.new
            if polled.withheld:
                report.away.append(WITHHELD.format(polled.withheld))
            if polled.complete:  # else we were told to stop
                _look_up(office, client, now, report, stop)
            return polled.complete
    except Temporary as error:
        report.unreachable = str(error)
        report.away.append(report.unreachable)
    except Refused as error:
        report.unreachable = str(error)
        report.refused.append(report.unreachable)
    return False


def _look_up(office: Office, client: IMAPClient, now: datetime, report: Report, stop: Callable[[], bool]) -> None:
    """What became of interrupted letters. When the mailbox fails here, its mails were read through all the same."""
    try:
        with away(f"收件服务器 {office.config.imap.host} "):
            resolve(office, client, now, stop=stop)
    except (Temporary, Refused) as error:
        report.away.append(f"有信件是否发出尚未核实：{error}")


def _post(
    office: Office,
    secrets: Callable[[str], str],
    now: datetime,
    report: Report,
    stop: Callable[[], bool],
    progress: Progress,
    *,
    reports_only: bool,
) -> Posted:
    posted = Posted()
    try:
        posted = post(office, secrets("smtp"), now, stop=stop, progress=progress.step, reports_only=reports_only)
    except Refused as error:
        report.refused.append(str(error))
    if posted.away:
        report.away.append(posted.away)
    return posted


def _waiting(office: Office) -> int:
    with office.database.reading() as session:
        return inbox.waiting_count(session)


def _track(office: Office, now: datetime, report: Report) -> None:
    """The tracker comes last and never stops the mail: what hinders it is told, and tried next time."""
    try:
        report.tracker = track(office, now, changed_only=True)
    except OSError as error:
        where = f"：{error.filename}" if error.filename else ""
        report.away.append(f"台账暂时写不了（{said(error)}{where}）。请检查磁盘空间和目录权限，稍后会自动重试。")


def _tracked(office: Office, now: datetime, report: Report) -> list[Written]:
    """The tracker written now, for a letter to carry it; [] when it cannot be."""
    _track(office, now, report)
    return report.tracker


def fresh_sandbox(office: Office, workers: int = 2, lookup: Lookup = ask_dns) -> Sandbox:
    """A sandbox on an emptied spool folder. `lookup`: how the keys of signatures are found."""
    shutil.rmtree(office.spool, ignore_errors=True)
    imap = office.config.imap
    keys = KeyRing(lookup, imap.authserv_id) if imap.dkim else None
    return Sandbox(workers=workers, spool=office.spool, limits=Limits(), keys=keys)
