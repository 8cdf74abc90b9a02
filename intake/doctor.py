"""`doctor`: everything that must be right before the service runs, really tried, one line each with its remedy.

Nothing is changed: the mailbox is only opened read-only, no letter is sent, and what is written to see whether a
folder can be written is taken away again. No line ever shows a password.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Literal

import msgspec

from intake.calendar import workdays
from intake.config import Config, ConfigFaults, NoticeRef, load_config
from intake.doctor_machine import Line, account, database, folders, optional, refusal
from intake.doctor_notices import names, together
from intake.files_in import decode, read_bytes
from intake.notices import LoadedNotice, load_notice
from intake.secrets import exposed, reveal
from intake.units.roster import load_roster
from intake.wording import wording_of
from rules.classes import class_doubts
from rules.faults import Fault
from rules.remind import rungs
from storage.errors import Refused, Temporary

__all__ = ["Line", "examine"]

SHOWN = 20
"""Warnings of one roster that are listed one by one."""
_LOOK_BACK = timedelta(days=120)


def examine(config_path: Path, now: datetime | str | None = None, only: str | None = None) -> Iterator[Line]:
    """Examine everything in turn; each line is there as soon as it is known.

    `now` is the rehearsal clock (ISO 8601 text is read in the office's time zone); None is the real one. `only`: id,
    title or number of the one notice that is looked at.
    """
    try:
        config = load_config(config_path)
    except ConfigFaults as error:
        yield from _failures("配置文件", error)
        return
    yield from _settings(config_path, config)
    try:
        moment = _moment(now, config)
    except ValueError:
        yield Line(ok="fail", what="时钟", detail=f"--now 写作 {now}", remedy="请写成 2022-10-10T09:00+08:00 的样子。")
        return
    yield _clock(moment, config, rehearsal=now is not None)
    references = [one for one in config.notice if only is None or names(config, one, only)]
    if not references:
        yield Line(ok="fail", what="通知", detail=f"配置里没有通知“{only}”", remedy="请用 shouqi status 所列的代号。")
    for reference in references:
        yield from _notice(config, reference.file, moment)
        yield from _roster(config.resolve(reference.roster))
        yield from _classes(config, reference)
    yield from together(config)
    yield from folders(config)
    yield from _letters(config)
    yield from database(config)
    yield from optional()
    yield from _servers(config, moment)
    yield from account()


def _moment(now: datetime | str | None, config: Config) -> datetime:
    if now is None:
        return datetime.now(config.tz)
    moment = datetime.fromisoformat(now) if isinstance(now, str) else now
    return (moment if moment.tzinfo else moment.replace(tzinfo=config.tz)).astimezone(config.tz)


def _settings(path: Path, config: Config) -> Iterator[Line]:
    if decode(read_bytes(path, "配置文件"), path, "配置文件", gbk=False).bom:
        yield Line(
            ok="warn",
            what="配置文件",
            detail=f"{path} 开头带有 BOM 标记，可以使用",
            remedy="其他工具可能不认；另存时编码请选“UTF-8”而不是“带 BOM 的 UTF-8”。",
        )
    yield Line(ok="ok", what="配置文件", detail=f"{path} 无误，{len(config.notice)} 个通知")


def _clock(moment: datetime, config: Config, *, rehearsal: bool) -> Line:
    shown = f"{moment:%Y-%m-%d %H:%M}（{config.timezone}）"
    if rehearsal:
        return Line(ok="ok", what="时钟", detail=f"演练时间 {shown}")
    if moment.year < 2024:  # no release of this program is older: the battery of the board is empty
        return Line(ok="fail", what="时钟", detail=f"现在是 {shown}，不可能", remedy="请校准本机时间。")
    return Line(ok="ok", what="时钟", detail=f"现在是 {shown}")


def _notice(config: Config, file: str, moment: datetime) -> Iterator[Line]:
    try:
        loaded = load_notice(file, config.tz, config.base)
    except ConfigFaults as error:
        yield from _failures("通知", error)
        return
    notice = loaded.notice
    deadline = notice.deadline.astimezone(config.tz)
    required = sum(requirement.required for requirement in notice.requirements)
    detail = (
        f"《{notice.title}》{len(notice.requirements)} 项要求（必报 {required} 项），截止 {deadline:%Y-%m-%d %H:%M}"
    )
    if moment > notice.deadline:
        yield Line(ok="warn", what="通知", detail=f"{detail}，已过", remedy="如通知已结束，可从配置中删去。")
    else:
        left = (deadline.date() - moment.date()).days
        yield Line(ok="ok", what="通知", detail=f"{detail}，还有 {left} 天")
    for id, form in loaded.forms.items():
        size = "、".join(f"{sheet.name} {len(sheet.rows)} 行" for sheet in form.sheets)
        yield Line(ok="ok", what="空白表", detail=f"{notice.requirement(id).name}：{size}")
    yield from _calendar(config, loaded)


def _letters(config: Config) -> Iterator[Line]:
    wording = wording_of(config.letters_folder)
    for fault in wording.faults:
        remedy = "请改正；改正之前用内置模板。要从头改起，请删去该文件后执行 shouqi letters --write。"
        yield Line(ok="fail", what="信件模板", detail=str(fault), remedy=remedy)
    if wording.own:
        yield Line(ok="ok", what="信件模板", detail=f"用本单位的 {'、'.join(wording.own)}")


def _calendar(config: Config, loaded: LoadedNotice) -> Iterator[Line]:
    schedule, notice = config.schedule, loaded.notice
    deadlines = {notice.deadline: ""}
    for requirement in notice.requirements:
        last = requirement.deadline or notice.deadline
        deadlines.setdefault(last, f"（{requirement.name}，{last.astimezone(config.tz):%m-%d} 截止）")
    ends = [last.astimezone(config.tz).date() for last in deadlines]
    days, warnings = workdays(schedule.holidays, schedule.workdays, min(ends) - _LOOK_BACK, max(ends))
    for warning in warnings:
        head, _, remedy = warning.partition("。")
        yield Line(ok="warn", what="工作日", detail=head, remedy=remedy)
    for last, of in deadlines.items():
        try:
            steps = rungs(last, schedule.reminders, days, schedule.remind_at, config.tz)
        except ValueError:
            yield Line(ok="fail", what="催报", detail="截止前两个月内没有工作日", remedy="请检查 schedule.holidays。")
            return
        dates = "、".join(f"{step.fires_at:%m-%d %H:%M}" for step in steps)
        yield Line(ok="ok", what="催报", detail=f"{dates or '不催报'}{of}")


def _roster(path: Path) -> Iterator[Line]:
    try:
        roster = load_roster(path)
    except ConfigFaults as error:
        yield from _failures("名册", error)
        return
    reachable = sum(bool(unit.addresses) for unit in roster.units)
    detail = f"{path.name}：{len(roster.units)} 个单位，{reachable} 个有邮箱"
    yield Line(ok="ok", what="名册", detail=detail)
    for warning in roster.warnings[:SHOWN]:
        yield _line("warn", "名册", warning)
    if len(roster.warnings) > SHOWN:
        yield Line(
            ok="warn", what="名册", detail=f"另有 {len(roster.warnings) - SHOWN} 处提醒", remedy="请先改正以上各处。"
        )


def _servers(config: Config, moment: datetime) -> Iterator[Line]:
    from intake.doctor_mail import try_imap, try_smtp

    for what, settings, attempt in (("收信", config.imap, try_imap), ("发信", config.smtp, try_smtp)):
        if warning := exposed(settings.password, config.base):
            head, _, remedy = warning.partition("。")
            yield Line(ok="warn", what=what, detail=head, remedy=remedy)
        try:
            password = reveal(settings.password, config.base, settings.username) if settings.username else ""
        except ConfigFaults as error:
            yield from _failures(f"{what}密码", error)
            continue
        try:
            for ok, detail, remedy in attempt(config, password, moment):
                yield Line(ok=ok, what=what, detail=detail, remedy=remedy)
        except (Temporary, Refused) as error:
            yield refusal(what, error)


def _classes(config: Config, reference: NoticeRef) -> Iterator[Line]:
    """Where the notice and the roster speak of different classes of units."""
    try:
        loaded = load_notice(reference.file, config.tz, config.base)
        roster = load_roster(config.resolve(reference.roster))
    except ConfigFaults:
        return  # told already
    for doubt in class_doubts(loaded.notice.requirements, roster.units):
        yield Line(
            ok="warn", what="类别", detail=doubt.rstrip("。"), remedy="请核对通知文件的 only_for 和名册的“类别”一栏。"
        )


def _failures(what: str, error: ConfigFaults) -> Iterator[Line]:
    name = f"{error.file.name} " if error.file is not None else ""
    for fault in error.faults:
        line = _line("fail", what, fault)
        yield msgspec.structs.replace(line, detail=f"{name}{line.detail}")


def _line(ok: Literal["warn", "fail"], what: str, fault: Fault) -> Line:
    place = f"{fault.path}：" if fault.path else ""
    detail = f"{place}{fault.told}"
    return Line(ok=ok, what=what, detail=detail, remedy=fault.remedy or "请改正后再检查一次。")
