"""Which letters to the coordinator are due: the morning mail, the phone list of the last day, the closing report.

Each is known by a key with its day or deadline, so that it is written once; one that was missed (a day off, the
service down) is written at the next chance while it still means something.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

from intake.calendar import around
from intake.letterparts import Tone
from intake.mail.build import Attachment
from intake.office import Campaign, Office
from intake.reminding import not_to_remind
from intake.reports.alarms import ringing
from intake.reports.closing import closing_facts, closing_sections
from intake.reports.figures import owing
from intake.reports.letter import REPORT, tell
from intake.reports.morning import fresh, morning_facts, morning_sections
from intake.reports.phones import phones_facts, phones_sections, ringable
from intake.standing import build_board
from intake.tracker import Written
from intake.view import Board
from rules.remind import Workdays
from storage import outbox

DAILY = "daily:"
"""Beginning of the `rung` of morning mails."""
STALE = timedelta(days=30)
"""So long after a deadline no closing report is written any more: the service was started for something else."""
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def queue_reports(office: Office, now: datetime, *, polled: bool, track: Callable[[], Sequence[Written]]) -> int:
    """Write what is due now; returns how many letters. `track` writes the tracker, for the morning mail to carry it.

    While the mailbox cannot be read nobody is called silent: phone list and closing report wait.
    """
    local, schedule = now.astimezone(office.tz), office.config.schedule
    calendar = around(office.config, local.date())
    if not office.config.coordinator.address or not calendar.is_workday(local.date()):
        return 0
    number = 0
    if local.time() >= office.config.coordinator.report_at:
        number += _morning(office, now, track)
        if polled:
            number += sum(_closing(office, campaign, now) for campaign in office.campaigns.values())
    if polled and local.time() >= schedule.remind_at:
        number += sum(_phones(office, campaign, calendar, now) for campaign in office.campaigns.values())
    return number


def since_last(office: Office, now: datetime) -> datetime:
    """From when on the next morning mail tells what came: the last one, else the day before the first start."""
    with office.database.reading() as session:
        last = outbox.newest_of(session, REPORT, DAILY)
    return last.created_at if last is not None else min(office.since, now) - timedelta(days=1)


def _morning(office: Office, now: datetime, track: Callable[[], Sequence[Written]]) -> bool:
    key = f"{DAILY}{now.astimezone(office.tz).date()}"
    with office.database.reading() as session:
        if outbox.newest_of(session, REPORT, key) is not None:
            return False
        alarmed = bool(ringing(session))
    since = since_last(office, now)
    boards = [build_board(office, campaign, now) for campaign in office.campaigns.values()]
    if not alarmed and not fresh(boards, since) and not any(map(_open, boards)):
        return False
    attachments, big = _workbooks(office, now, track())
    with office.database.writing() as session:
        facts = morning_facts(boards, since, attached=bool(attachments), big=big)
        sections = morning_sections(boards, since)
        written = tell(office, session, "morning", facts, key=key, now=now, sections=sections, attachments=attachments)
    return written is not None


def _open(board: Board) -> bool:
    """True while anything may still come in time."""
    dues = (one.due for row in board.units for one in row.verdict.standings if one.due)
    return board.as_of <= max((board.notice.deadline, *dues))


def _workbooks(office: Office, now: datetime, written: Sequence[Written]) -> tuple[list[Attachment], str]:
    """The trackers that go with the letter, and where those lie that are too big."""
    most, room = office.config.coordinator.attachment_mb << 20, 0
    attachments, big = [], []
    for one in written:
        size = one.path.stat().st_size
        room += size
        if room > most:
            big.append(str(one.path))
        else:
            name = f"{one.path.stem}-{now.astimezone(office.tz):%Y-%m-%d}{one.path.suffix}"
            attachments.append(Attachment(name=name, content_type=XLSX, data=one.path.read_bytes()))
    return attachments, "、".join(big)


def _closing(office: Office, campaign: Campaign, now: datetime) -> bool:
    deadline = campaign.notice.deadline
    key = f"closing:{campaign.notice.id}:{deadline.astimezone(office.tz).date()}"
    with office.database.reading() as session:
        if not deadline < now < deadline + STALE or outbox.newest_of(session, REPORT, key) is not None:
            return False
    board = build_board(office, campaign, now)
    with office.database.writing() as session:
        tone: Tone = "owe" if owing(board) else "done"
        sections = closing_sections(board)
        facts, id = closing_facts(board), campaign.notice.id
        written = tell(office, session, "closing", facts, key=key, now=now, tone=tone, sections=sections, notice=id)
    return written is not None


def _phones(office: Office, campaign: Campaign, calendar: Workdays, now: datetime) -> bool:
    key = f"phones:{campaign.notice.id}:{now.astimezone(office.tz).date()}"
    with office.database.reading() as session:
        if outbox.newest_of(session, REPORT, key) is not None:
            return False
        waits = not_to_remind(office, session, campaign, now)
    board = build_board(office, campaign, now)
    rows = ringable(owing(board), board, calendar)
    if not rows:
        return False
    with office.database.writing() as session:
        facts, sections, id = phones_facts(board, rows), phones_sections(rows, waits), campaign.notice.id
        written = tell(office, session, "phones", facts, key=key, now=now, tone="owe", sections=sections, notice=id)
    return written is not None
