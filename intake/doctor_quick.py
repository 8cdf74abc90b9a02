"""What a monitoring program asks every few minutes: is the service at work? No login, no network."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from datetime import datetime, timedelta
from typing import Literal

import msgspec
from sqlalchemy import func
from sqlmodel import select

from intake.config import Config
from intake.doctor_machine import Line, database, folders
from intake.reports import disk
from intake.reports.alarms import CRASH, ringing
from intake.reports.watch import free_room
from storage.database import open_database
from storage.tables import MailboxRow

PATIENCE = timedelta(minutes=15)
"""How long a poll may be late at least: one that brings hundreds of mails takes its time."""


def quick(config: Config, now: datetime) -> Iterator[Line]:
    """Folders, disk, database, the last poll, alarms that are on. Sending that is stopped and a cycle
    that breaks off are faults here."""
    yield from folders(config)
    usable = True
    for line in database(config):
        stopped = line.what == "发信"
        yield msgspec.structs.replace(line, ok="fail") if stopped else line
        usable = usable and (stopped or line.ok == "ok")
    if not usable:
        return
    with closing(open_database(config.database_url)) as opened, opened.reading() as session:
        polled = session.exec(select(func.max(MailboxRow.polled_at))).one()
        alarms, known = ringing(session), disk.looks(session)
    limit = max(PATIENCE, 3 * config.schedule.poll)
    remedy = "服务可能已停止，或连不上邮箱。请看服务是否在运行，并执行 shouqi doctor。"
    if polled is None:
        yield Line(ok="fail", what="收信", detail="还没有收取过", remedy=remedy)
    else:
        late = now - polled > limit
        detail = f"最近一次 {polled.astimezone(config.tz):%Y-%m-%d %H:%M}"
        yield Line(ok="fail" if late else "ok", what="收信", detail=detail, remedy=remedy if late else "")
    free = free_room(config.data_path)
    pace = disk.forecast(known, free)
    if pace is not None and pace.days_left is not None:
        detail = f"近几周每天约少 {pace.per_day >> 20} MB，约 {pace.days_left} 天后写满"
        short = pace.days_left < config.coordinator.disk_days
        yield Line(
            ok="warn" if short else "ok", what="磁盘用量", detail=detail, remedy="请扩大磁盘或清理。" if short else ""
        )
    for key, alarm in alarms.items():
        ok: Literal["fail", "warn"] = "fail" if key == CRASH else "warn"
        yield Line(ok=ok, what="警报", detail=f"{alarm.what}。{alarm.detail}", remedy=alarm.remedy)
