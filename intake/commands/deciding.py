"""Commands that take down what the coordinator decided. Every decision is kept in the history."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from datetime import datetime

from sqlmodel import Session, col, select

from intake import decisions
from intake.approval import decide_letter
from intake.commands import Hold, Setting, chosen, office_of, person, say, show
from intake.decisions import assign_mail, end_of, rule
from intake.office import Campaign
from intake.settle import settle
from rules.decision import RULINGS
from rules.unit import Unit
from storage import board
from storage.errors import Refused
from storage.tables import LetterRow, MailRow


def find_unit(campaigns: Sequence[Campaign], wanted: str) -> tuple[Campaign, Unit]:
    """A unit of these notices by code, name or short name. Refused when there is none, or more than one."""
    found = [
        (campaign, unit)
        for campaign in campaigns
        for unit in campaign.units.values()
        if wanted in (unit.code, unit.name, unit.short, *unit.aliases)
    ]
    if len(found) == 1:
        return found[0]
    names = "、".join(dict.fromkeys(unit.name for _, unit in found))
    if len({campaign.notice.id for campaign, _ in found}) > 1:
        ids = "、".join(dict.fromkeys(campaign.notice.id for campaign, _ in found))
        raise Refused(f"几个通知（{ids}）的名册里都有“{wanted}”。请用 --notice 写明是哪一个。")
    raise Refused(f"名册里{'有多个' if found else '没有'}“{wanted}”{names}。请用名册中的单位代码。")


def assign(setting: Setting, *, mail: str, unit: str, once: bool) -> int:
    """`assign MAIL UNIT`: the mail counts for that unit from now on, and its address is the unit's unless `once`.

    With `--notice` it also moves to another notice; without, it stays in its own.
    """
    with office_of(setting, Hold.TURN) as (office, clock):
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
            known = setting.notice or (row.notice if row.notice in office.campaigns else None)
            campaign, target = find_unit([office.campaign(known)] if known else chosen(setting, office), unit)
            confirmed = assign_mail(session, campaign, target, row, now, learn=not once, by=person())
            session.flush()
            dirty = board.dirty_units(session)
        for notice, code in dirty:
            if notice in office.campaigns and code in office.campaigns[notice].units:
                settle(office, office.campaigns[notice], code, now)
    if setting.json:
        address = row.from_address if confirmed else None
        show(
            {
                "mail": row.sha256,
                "message_id": row.message_id,
                "notice": row.notice,
                "unit": target.code,
                "confirmed_address": address,
            }
        )
    else:
        also = f"此后 {row.from_address} 的来信视为该单位登记邮箱的来信。" if confirmed else ""
        of = f"（《{campaign.notice.title}》）" if len(office.campaigns) > 1 else ""
        say(f"已计入{target.name}{of}。{also}")
    return 0


def _carry_out(setting: Setting, unit: str, act: Callable[[Session, Campaign, Unit, datetime], None]) -> Unit:
    """Find the unit, decide, and judge it anew at once."""
    with office_of(setting, Hold.TURN) as (office, clock):
        campaign, target = find_unit(chosen(setting, office), unit)
        now = clock()
        with office.database.writing() as session:
            act(session, campaign, target, now)
        settle(office, campaign, target.code, now)
    return target


def decide(setting: Setting, *, unit: str, requirement: str, decision: str, note: str) -> int:
    """`decide UNIT REQUIREMENT accept|reject|waive|reset`."""
    if decision not in RULINGS:
        raise Refused(
            f"结论写作“{decision}”，应为 accept（通过）、reject（退回）、waive（免报）或 reset（撤销先前的结论）。"
        )
    target = _carry_out(
        setting,
        unit,
        lambda session, campaign, unit, now: rule(
            session, campaign, unit, decision, requirement, now, note=note, by=person()
        ),
    )
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

    until = end_of(day, load_config(setting.config).tz)
    target = _carry_out(
        setting,
        unit,
        lambda session, campaign, unit, now: decisions.extend(
            session, campaign, unit, until, now, note=note, by=person()
        ),
    )
    if setting.json:
        show({"unit": target.code, "deadline": until.isoformat(), "note": note})
    else:
        say(f"已记录：{target.name} 延期至 {date}。")
    return 0


def outbox(setting: Setting, *, ids: list[int], decision: str) -> int:
    """`outbox approve|drop|retry ID…`."""
    with office_of(setting, Hold.TURN) as (office, clock):
        now, moved = clock(), []
        with office.database.writing() as session:
            for number in ids:
                letter = session.get(LetterRow, number)
                if letter is None:
                    raise Refused(f"信件 {number} 不存在。请看 outbox 的编号。")
                if not decide_letter(office, session, letter, decision, now, by=person()):
                    raise Refused(f"信件 {number} 已作废：该单位此后又有新材料或新结论。请看 outbox 里的新稿。")
                moved.append(letter)
    if setting.json:
        show([{"id": letter.id, "message_id": letter.message_id, "state": letter.state} for letter in moved])
    else:
        say(f"已处理 {len(moved)} 封。")
    return 0
