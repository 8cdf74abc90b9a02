"""What the coordinator is alarmed about: the mailbox, the disk, letters that do not leave, mails that wait too long.

Looked at once a cycle. Each condition switches its alarm on and off; `alarms` sees to it that each is told once.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Collection, Iterator
from datetime import datetime, timedelta
from pathlib import Path

import msgspec
from sqlalchemy import ColumnElement
from sqlmodel import Session, col, func, select

from intake import letterwords as words
from intake.caps import WAITS
from intake.halt import REFUSED_ALARM
from intake.office import Office
from intake.reports import disk
from intake.reports.alarms import ring, ringing, silence
from storage.tables import BoardRow, LetterRow, MailboxRow, MailRow

RELIEF = 1.2
"""The disk must have that many times the wanted room again before the alarm is over, else it would flicker."""
FILLING = "disk-days"
"""Key of the alarm that the disk is going to be full."""
STUCK_TRIES, STUCK_AFTER = 3, timedelta(hours=2)
"""A letter that was tried so often, or that the server did not take at all, does not leave by itself after so long."""


class Condition(msgspec.Struct, frozen=True, kw_only=True):
    """One thing that was looked at; `wrong` says whether its alarm is on."""

    key: str
    wrong: bool
    what: str = ""
    detail: str = ""
    remedy: str = ""


def free_room(folder: Path) -> int:
    """Free bytes on the disk of a folder."""
    return shutil.disk_usage(folder).free


def watch(office: Office, now: datetime, *, unreachable: str, room: Callable[[Path], int] = free_room) -> int:
    """Ring and silence; returns how many alarms changed. `unreachable`: why the mailbox could not be read, or "".

    `room`: free bytes on the disk of a folder.
    """
    free, today = room(office.data_dir), now.astimezone(office.tz).date()
    with office.database.reading() as session:
        known = disk.looks(session)
    if not known or known[-1][0] != today:
        with office.database.writing() as session:
            disk.look(session, today, free)
    with office.database.reading() as session:
        on = ringing(session)
        conditions = _conditions(office, session, now, unreachable, free, on)
        found = [one for one in conditions if one.wrong != (one.key in on)]
    for one in found:
        with office.database.writing() as session:
            if one.wrong:
                ring(office, session, one.key, now, what=one.what, detail=one.detail, remedy=one.remedy)
            else:
                silence(office, session, one.key, now)
    return len(found)


def _conditions(
    office: Office, session: Session, now: datetime, unreachable: str, free: int, on: Collection[str]
) -> Iterator[Condition]:
    yield _mailbox(office, session, now, unreachable, on="mailbox" in on)
    yield _disk(office, free, on="disk" in on)
    yield _filling(office, session, free, on=FILLING in on)
    yield _letters(session, now, refused=REFUSED_ALARM in on)
    yield _broken(session)
    yield _held(office, session, now)


def _mailbox(office: Office, session: Session, now: datetime, why: str, *, on: bool) -> Condition:
    last = session.exec(select(func.max(MailboxRow.polled_at))).one()
    reached = max(last, office.since) if last is not None else office.since
    return Condition(
        key="mailbox",
        wrong=bool(why) and (on or now - reached >= office.config.coordinator.unreachable),
        what="收件邮箱连不上",
        detail=f"自{words.minute(reached, office.tz)}以来没有能读取收件邮箱。原因：{why}",
        remedy="在此期间的来信不会丢失，恢复后照常处理；请检查网络、服务器和邮箱密码，可运行 shouqi doctor 逐项检查。",
    )


def _filling(office: Office, session: Session, free: int, *, on: bool) -> Condition:
    found, wanted = disk.forecast(disk.looks(session), free), office.config.coordinator.disk_days
    days = found.days_left if found is not None else None
    per_day = found.per_day >> 20 if found is not None else 0
    return Condition(
        key=FILLING,
        wrong=days is not None and days < wanted * (RELIEF if on else 1),
        what=f"磁盘约 {days} 天后写满",
        detail=f"近几周数据目录所在磁盘每天约少 {per_day} MB，现剩 {free >> 20} MB。",
        remedy="请扩大磁盘，或把别的内容移走；来信原件和日志不会自动删除。",
    )


def _disk(office: Office, room: int, *, on: bool) -> Condition:
    free, wanted = room >> 20, office.config.coordinator.disk_free_mb
    return Condition(
        key="disk",
        wrong=free < wanted * (RELIEF if on else 1),
        what="磁盘快满了",
        detail=f"数据目录 {office.data_dir} 所在磁盘只剩 {free} MB（少于 {wanted} MB 即提醒）。",
        remedy="磁盘写满后程序会停止收信（邮件仍在服务器上，不会丢失），请尽快清理。",
    )


def _letters(session: Session, now: datetime, *, refused: bool) -> Condition:
    # while the server refuses us an alarm of its own says why letters wait, and no recipient is to blame
    open_states = ("sending",) if refused else ("sending", "waiting")
    stuck = session.exec(
        select(LetterRow).where(
            (col(LetterRow.state) == "failed")
            | (
                col(LetterRow.state).in_(open_states)
                & ((col(LetterRow.attempts) >= STUCK_TRIES) | _unheard(now))
                & (col(LetterRow.created_at) <= now - STUCK_AFTER)
            )
        )
    ).all()
    named = "、".join(dict.fromkeys(f"{one.to}（{one.last_error or '没有应答'}）" for one in stuck[:5]))
    return Condition(
        key="letters",
        wrong=bool(stuck),
        what=f"有 {len(stuck)} 封信没有发出",
        detail=f"收件人：{named}{'等' if len(stuck) > 5 else ''}。",
        remedy="请电话联系对方或改正邮箱，再在台账“待办”该行的“处理”中选“重发”或“不发”，"
        "也可用 shouqi outbox retry 或 drop 加编号。",
    )


def _unheard(now: datetime) -> ColumnElement[bool]:
    """Letters that no try was counted for, because the server was away; those that a cap keeps back are none."""
    known = ("", *WAITS.values())
    return (col(LetterRow.due) <= now - STUCK_AFTER) & col(LetterRow.last_error).not_in(known)


def _broken(session: Session) -> Condition:
    mails = session.exec(select(func.count()).where(MailRow.state == "stuck")).one()
    units = session.exec(select(func.count()).where(BoardRow.error != "")).one()
    parts = [f"{mails} 封来信" if mails else "", f"{units} 家单位的材料" if units else ""]
    return Condition(
        key="stuck",
        wrong=bool(mails or units),
        what="有来信或材料处理出错",
        detail=f"程序处理{'、'.join(part for part in parts if part)}时出错，原件都已保存。",
        remedy="请看台账“待办”，并交维护人员处理；在此期间不向有关单位催报。",
    )


def _held(office: Office, session: Session, now: datetime) -> Condition:
    before = now - office.config.coordinator.held
    oldest = session.exec(
        select(func.min(MailRow.received_at), func.count()).where(
            MailRow.state == "held", col(MailRow.received_at) <= before
        )
    ).one()
    since, number = oldest
    return Condition(
        key="held",
        wrong=bool(number),
        what=f"有 {number} 封来信久未处理",
        detail=f"最早的一封是{words.minute(since, office.tz) if since else ''}收到的，不能确定属于哪个单位。",
        remedy="请在台账“待办”中选定归属单位，或选“忽略”。",
    )
