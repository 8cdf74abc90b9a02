"""Carrying out what the coordinator decided, by command or in her cells of the tracker. Each decision is kept."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, time, tzinfo

from sqlmodel import Session

from intake.office import Campaign
from rules.unit import Unit
from storage import also, board, inbox
from storage.errors import Refused
from storage.tables import DecisionRow, MailRow


def assign_mail(
    session: Session, campaign: Campaign, unit: Unit, mail: MailRow, now: datetime, *, learn: bool = True, by: str = ""
) -> bool:
    """The mail, all of it, counts for `unit` here from now on; wherever it counted before wants a new verdict.

    With `learn` its address counts as the unit's own from then on, see `may_confirm`; True when it does.
    """
    if mail.state not in ("held", "processed", "ignored"):
        raise Refused(f"这封邮件的状态是 {mail.state}，还不能指定单位。")
    _touch_all(session, mail)
    confirms = learn and may_confirm(campaign, mail)
    here = (mail.notice, mail.unit) == (campaign.notice.id, unit.code)
    told = here and mail.letter_id is not None  # a confirmed sender alone is no news to the unit
    mail.state, mail.unit, mail.notice = "processed", unit.code, campaign.notice.id
    mail.trust, mail.identified_by = "registered", "人工指定"
    mail.reason, mail.candidates = f"计入{unit.name}（人工指定）", "[]"
    mail.reply_open = mail.reply_allowed and not told
    mail.may_answer = "[]"
    session.add(mail)
    address = mail.from_address if confirms else ""
    note_deed(session, campaign.notice.id, "assign", now, by, unit=unit.code, mail=mail.sha256, value=address)
    session.flush()
    if confirms:
        inbox.confirm_sender(session, campaign.notice.id, unit.code, address)
    board.touch(session, campaign.notice.id, unit.code)
    return confirms


def route_mail(session: Session, campaign: Campaign, mail: MailRow, now: datetime, *, by: str = "") -> None:
    """The mail answers this notice: it is taken anew, so that roster and files tell the rest."""
    if mail.state not in ("held", "processed", "ignored"):
        raise Refused(f"这封邮件的状态是 {mail.state}，还不能指定通知。")
    _touch_all(session, mail)
    note_deed(session, campaign.notice.id, "route", now, by, mail=mail.sha256)
    mail.state, mail.reason, mail.reply_open = "received", f"改按《{campaign.notice.title}》处理（人工指定）", False
    session.add(mail)


def may_confirm(campaign: Campaign, mail: MailRow) -> bool:
    """Whether assigning this mail tells whose its address is.

    Not where the address is registered already, the sender is doubtful or a machine, or he sent it for another.
    """
    known = not mail.from_address or campaign.index.knows(mail.from_address)
    return not known and mail.trust != "unverified" and mail.klass == "person" and not mail.lent


def confirmed_unit(session: Session, campaigns: Mapping[str, Campaign], campaign: Campaign, address: str) -> str | None:
    """The unit whose address the coordinator confirmed this one to be: for this notice, else for another one.

    A decision for another notice holds only for the unit of the same code and name.
    """
    rows = board.confirmed(session, address)
    here = next((row.unit for row in rows if row.notice == campaign.notice.id), None)
    if here is not None:
        return here
    for row in rows:
        other = campaigns.get(row.notice or "")
        there = other.units.get(row.unit) if other is not None else None
        mine = campaign.units.get(row.unit)
        if there is not None and mine is not None and there.name == mine.name:
            return mine.code
    return None


def _touch_all(session: Session, mail: MailRow) -> None:
    """Wherever the mail counted wants a new verdict; its files belong together again."""
    places: set[tuple[str | None, str]] = {(None, mail.unit)} if mail.unit else set()
    if mail.id is not None:
        places |= also.unshare(session, mail.id)
    for notice, code in places:
        if (at := notice or mail.notice) is not None:
            board.touch(session, at, code)


def ignore_mail(session: Session, mail: MailRow, now: datetime, *, by: str = "") -> None:
    """The mail concerns nobody; it stays in the ledger."""
    _touch_all(session, mail)
    mail.state, mail.reason, mail.unit, mail.reply_open = "ignored", "经办人：与报送无关", None, False
    session.add(mail)
    note_deed(session, mail.notice, "ignore", now, by, mail=mail.sha256)


def mark_done(session: Session, campaign: Campaign, key: str, word: str, now: datetime, *, by: str = "") -> None:
    """A thing to do is done: it leaves 待办. `key` is its `Todo.key`."""
    note_deed(session, campaign.notice.id, "done", now, by, value=key, note=word)


def rule(
    session: Session,
    campaign: Campaign,
    unit: Unit,
    kind: str,
    requirement: str,
    now: datetime,
    *,
    note: str = "",
    by: str = "",
    seen: datetime | None = None,
) -> None:
    """accept, reject, waive or reset one requirement of a unit, which wants a new verdict.

    `seen`: up to when she knew what had come, where that is not `now`.
    """
    if requirement not in {r.id for r in campaign.notice.requirements}:
        known = "、".join(f"{r.id}（{r.name}）" for r in campaign.notice.requirements)
        raise Refused(f"通知里没有要求“{requirement}”。现有：{known}。")
    row = note_deed(session, campaign.notice.id, kind, now, by, unit=unit.code, note=note)
    row.requirement, row.seen = requirement, seen
    board.touch(session, campaign.notice.id, unit.code)


def end_of(day: date, tz: tzinfo) -> datetime:
    """The last second of a day: a deadline that is given as a day lasts so long."""
    return datetime.combine(day, time(23, 59, 59), tz)


def extend(
    session: Session, campaign: Campaign, unit: Unit, until: datetime, now: datetime, *, note: str = "", by: str = ""
) -> None:
    """The unit's own deadline."""
    note_deed(session, campaign.notice.id, "extend", now, by, unit=unit.code, value=until.isoformat(), note=note)
    board.touch(session, campaign.notice.id, unit.code)


def note_deed(
    session: Session,
    notice: str | None,
    kind: str,
    now: datetime,
    by: str,
    *,
    unit: str = "",
    mail: str = "",
    value: str = "",
    note: str = "",
) -> DecisionRow:
    """Keep who (`by`) decided what and when; of no notice where it concerns all."""
    row = DecisionRow(at=now, by=by, kind=kind, notice=notice, unit=unit, mail=mail, value=value, note=note)
    session.add(row)
    return row
