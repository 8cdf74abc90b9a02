"""Commands that take down what the coordinator decided. Every decision is kept in the history."""

from __future__ import annotations

import datetime as dt

from sqlmodel import col, select

from intake.commands import Setting, office_of, say, show
from intake.decisions import assign_mail, move_letter
from intake.office import Campaign, Office
from intake.settle import settle
from rules.unit import Unit
from storage import board
from storage.errors import Refused
from storage.tables import DecisionRow, LetterRow, MailRow

DECISIONS = ("accept", "reject", "waive")


def find_unit(office: Office, wanted: str) -> tuple[Campaign, Unit]:
    """A unit by code, name or short name. Refused when there is none, or more than one."""
    found = [
        (campaign, unit)
        for campaign in office.campaigns.values()
        for unit in campaign.units.values()
        if wanted in (unit.code, unit.name, unit.short, *unit.aliases)
    ]
    if len(found) != 1:
        names = "、".join(unit.name for _, unit in found)
        raise Refused(f"名册里{'有多个' if found else '没有'}“{wanted}”{names}。请用名册中的单位代码。")
    return found[0]


def assign(setting: Setting, *, mail: str, unit: str, once: bool) -> int:
    """`assign MAIL UNIT`: the mail counts for that unit from now on, and its address is the unit's unless `once`."""
    with office_of(setting, working=True) as (office, clock):
        campaign, target = find_unit(office, unit)
        now = clock()
        with office.database.writing() as session:
            rows = session.exec(
                select(MailRow).where(
                    (col(MailRow.message_id) == mail) | col(MailRow.sha256).startswith(mail, autoescape=True)
                )
            ).all()
            if len(rows) != 1:
                raise Refused(
                    f"{'有多封' if rows else '没有'}邮件符合“{mail}”。请用 mails 列出的 Message-ID 或 SHA-256。"
                )
            row = rows[0]
            confirmed = assign_mail(session, campaign, target, row, now, learn=not once)
            session.flush()
            dirty = board.dirty_units(session)
        for notice, code in dirty:
            if notice in office.campaigns and code in office.campaigns[notice].units:
                settle(office, office.campaigns[notice], code, now)
    if setting.json:
        address = row.from_address if confirmed else None
        show({"mail": row.sha256, "message_id": row.message_id, "unit": target.code, "confirmed_address": address})
    else:
        also = f"此后 {row.from_address} 的来信视为该单位登记邮箱的来信。" if confirmed else ""
        say(f"已计入{target.name}。{also}")
    return 0


def _decide(setting: Setting, unit: str, kind: str, *, requirement: str = "", value: str = "", note: str = "") -> Unit:
    with office_of(setting, working=True) as (office, clock):
        campaign, target = find_unit(office, unit)
        if requirement and requirement not in {r.id for r in campaign.notice.requirements}:
            known = "、".join(f"{r.id}（{r.name}）" for r in campaign.notice.requirements)
            raise Refused(f"通知里没有要求“{requirement}”。现有：{known}。")
        now = clock()
        with office.database.writing() as session:
            session.add(
                DecisionRow(
                    at=now,
                    kind=kind,
                    notice=campaign.notice.id,
                    unit=target.code,
                    requirement=requirement,
                    value=value,
                    note=note,
                )
            )
            board.touch(session, campaign.notice.id, target.code)
        settle(office, campaign, target.code, now)
    return target


def decide(setting: Setting, *, unit: str, requirement: str, decision: str, note: str) -> int:
    """`decide UNIT REQUIREMENT accept|reject|waive`."""
    if decision not in DECISIONS:
        raise Refused(f"结论写作“{decision}”，应为 accept（通过）、reject（退回）或 waive（免报）。")
    target = _decide(setting, unit, decision, requirement=requirement, note=note)
    if setting.json:
        show({"unit": target.code, "requirement": requirement, "decision": decision, "note": note})
    else:
        say(f"已记录：{target.name} {requirement} {decision}。")
    return 0


def extend(setting: Setting, *, unit: str, date: str, note: str) -> int:
    """`extend UNIT DATE`: the unit's own deadline, to the end of that day."""
    try:
        day = dt.date.fromisoformat(date)
    except ValueError:
        raise Refused(f"日期写作“{date}”，应如 2022-10-14。") from None
    from intake.config import load_config

    tz = load_config(setting.config).tz
    until = dt.datetime.combine(day, dt.time(23, 59, 59), tz)
    target = _decide(setting, unit, "extend", value=until.isoformat(), note=note)
    if setting.json:
        show({"unit": target.code, "deadline": until.isoformat(), "note": note})
    else:
        say(f"已记录：{target.name} 延期至 {date}。")
    return 0


def outbox(setting: Setting, *, ids: list[int], decision: str) -> int:
    """`outbox approve|drop|retry ID…`."""
    with office_of(setting, working=True) as (office, clock):
        now, moved = clock(), []
        with office.database.writing() as session:
            for number in ids:
                letter = session.get(LetterRow, number)
                if letter is None:
                    raise Refused(f"信件 {number} 不存在。请看 outbox 的编号。")
                move_letter(session, letter, decision, now)
                moved.append(letter)
    if setting.json:
        show([{"id": letter.id, "message_id": letter.message_id, "state": letter.state} for letter in moved])
    else:
        say(f"已处理 {len(moved)} 封。")
    return 0
