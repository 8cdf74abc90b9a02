"""The command remind: what is due now leaves; the dry run shows the whole calendar that is ahead."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime, tzinfo
from itertools import groupby
from typing import Any

from intake.commands import Hold, Setting, chosen, office_of, say, secrets_of, show
from intake.cycle import fresh_sandbox, run_cycle
from intake.office import Office
from intake.output import moment
from intake.reminder_plan import DayOff, Plan, Planned, preview
from rules.remind import Rung


def remind(setting: Setting, *, dry_run: bool) -> int:
    """`remind` and `remind --dry-run`."""
    with office_of(setting, Hold.LOOK if dry_run else Hold.ALONE) as (office, clock):
        if dry_run:
            return _dry_run(setting, office, clock())
        wanted = chosen(setting, office)
        with fresh_sandbox(office) as sandbox:  # what came in the meantime may be what is owed
            report = run_cycle(office, sandbox, secrets_of(office.config), clock(), remind_of=wanted)
    queued = report.reminders
    if setting.json:
        rows = [{"unit": one.unit, "rung": one.rung.name, "owed": list(one.owed)} for one in queued]
        show({"queued": rows, "sent": report.posted.sent})
    else:
        say(f"到期催报 {len(queued)} 封，发出信件 {len(report.posted.sent)} 封。")
    for line in (*report.refused, *report.away):
        sys.stderr.write(line + "\n")
    return 2 if report.refused else 3 if report.away else 0


def _dry_run(setting: Setting, office: Office, now: datetime) -> int:
    plan = preview(replace(office, campaigns={one.notice.id: one for one in chosen(setting, office)}), now)
    if setting.json:
        show(plan_json(plan, office.tz))
        return 0
    for note in plan.notes:
        sys.stderr.write(note + "\n")
    titles = {id: campaign.notice.title for id, campaign in office.campaigns.items()}
    lines = [*_rungs(plan, titles, office.tz), *_links(plan, office.tz)]
    for _, text in sorted(lines, key=lambda one: one[0]):
        say(text)
    if not lines:
        say("此后没有需要发出的催报。")
    off = _spans(plan.days_off)
    if off:
        say("其间不发催报的日子和调休上班日：" + "；".join(off) + "。")
    return 0


def _rungs(plan: Plan, titles: dict[str, str], tz: tzinfo) -> Iterator[tuple[datetime, str]]:
    """Each rung that is ahead or overdue to be sent, with those who would get it by today's standing."""
    found: dict[tuple[datetime, str, str, datetime], list[Planned]] = {
        (rung.fires_at, id, rung.name, rung.deadline): [] for id, rung in plan.rungs
    }
    for one in plan.reminders:
        if one.deadline is not None:
            found.setdefault((one.fires_at, one.notice, one.rung, one.deadline), []).append(one)
    for (at, notice, rung, deadline), units in found.items():
        head = f"《{titles[notice]}》" if len(titles) > 1 else ""
        by = deadline.astimezone(tz)
        text = f"{at.astimezone(tz):%Y-%m-%d %H:%M}　{head}第 {rung} 档（{by:%m-%d} 截止）：{len(units)} 家"
        yield at, "\n".join((text, *map(_unit, units)))


def _links(plan: Plan, tz: tzinfo) -> Iterator[tuple[datetime, str]]:
    for one in plan.reminders:
        if one.deadline is None:
            yield one.fires_at, f"{one.fires_at.astimezone(tz):%Y-%m-%d %H:%M}　链接到期提醒\n{_unit(one)}"


def _unit(one: Planned) -> str:
    waits = f"　（{one.waits}，处理之前不催）" if one.waits else ""
    return f"  {one.name}  {one.to or '（没有可用邮箱，请电话联系）'}  尚缺：{'、'.join(one.owed)}{waits}"


def _spans(days: Sequence[DayOff]) -> list[str]:
    """Days in a row with one reason as one span: 10-01至10-07 国庆节放假."""
    spans = []
    for _, group in groupby(enumerate(days), key=lambda one: (one[1].day.toordinal() - one[0], one[1].why)):
        run = [day for _, day in group]
        last = f"至{run[-1].day:%m-%d}" if len(run) > 1 else ""
        spans.append(f"{run[0].day:%m-%d}{last} {run[0].why}")
    return spans


def plan_json(plan: Plan, tz: tzinfo) -> dict[str, Any]:
    """`remind --dry-run --json`."""
    return {
        "warnings": list(plan.notes),
        "rungs": [{"notice": id, **_rung_json(rung, tz)} for id, rung in plan.rungs],
        "days_off": [{"date": one.day.isoformat(), "why": one.why, "works": one.works} for one in plan.days_off],
        "reminders": [
            {
                "notice": one.notice,
                "rung": one.rung,
                "deadline": moment(one.deadline, tz),
                "at": moment(one.fires_at, tz),
                "unit": one.unit,
                "name": one.name,
                "to": one.to,
                "owed": list(one.owed),
                "waits": one.waits,
            }
            for one in plan.reminders
        ],
    }


def _rung_json(rung: Rung, tz: tzinfo) -> dict[str, Any]:
    return {"rung": rung.name, "deadline": moment(rung.deadline, tz), "at": moment(rung.fires_at, tz)}
