"""Commands about a notice that changes while it runs: what changed, whom it touches, judging everything again."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from datetime import datetime, tzinfo
from pathlib import Path
from typing import Any

from intake import words
from intake.commands import Hold, Setting, chosen, office_of, person, say, secrets_of, show
from intake.commands.notices import zone_of
from intake.decisions import note_deed
from intake.noticefile import amended_by, any_notice, is_notice_file
from intake.notices import LoadedNotice, load_notice
from intake.noticetext import notice_text
from intake.office import Campaign, Office
from intake.output import moment
from intake.post import post
from intake.replay import Replayed, UnitOutcome, campaign_for, rehearse
from intake.settle import settle
from rules.changes import Change, changes
from rules.rewritten import notice_toml
from rules.shift import Shift
from storage.errors import Refused, Temporary


def diff(setting: Setting, old: str, new: str) -> int:
    """`notice diff OLD NEW`: what changed, and with a data folder at hand who is affected."""
    zone = zone_of(setting)
    before = any_notice(old, zone)
    after = any_notice(new, zone, before)
    found = changes(before.notice, after.notice, zone, _other_forms(before, after))
    replayed = _affected(setting, after) if setting.config.is_file() else None
    if setting.json:
        document = {"old": old, "new": new, "changes": [_change_json(one) for one in found]}
        show(document | ({"affected": _replay_json(replayed, zone)} if replayed else {}))
        return 0
    _tell_changes(found)
    if replayed is not None:
        say()
        _tell_units(replayed, zone)
    return 0


def _other_forms(before: LoadedNotice, after: LoadedNotice) -> set[str]:
    return {id for id, form in after.forms.items() if id in before.forms and before.forms[id] != form}


def _affected(setting: Setting, loaded: LoadedNotice) -> Replayed | None:
    """None when the settings have other notices only, or nothing came yet."""
    with office_of(setting, Hold.LOOK) as (office, clock):
        try:
            campaign = campaign_for(chosen(setting, office), loaded)
        except Refused:
            return None
        replayed = rehearse(office, campaign, clock())
    return replayed if replayed.units else None


def amend(setting: Setting, file: str, old: str, out: Path | None) -> int:
    """`notice compile FILE --amends OLD`: the old notice file as the later notice changes it."""
    zone = zone_of(setting)
    if not is_notice_file(old):
        raise Refused(f"--amends 应指明正在使用的通知文件（.toml），而不是 {old}。")
    before = load_notice(old, zone, Path.cwd())
    after = amended_by(before, notice_text(file), zone)
    found = changes(before.notice, after.notice, zone)
    if out is not None:
        remarks = ("由原通知文件按后来的通知修改而成，请逐项核对：", *(one.says for one in found))
        out.write_text(notice_toml(after.notice, zone, remarks), encoding="utf-8", newline="\n")
        _copy_forms(before, after, out.parent)
    if setting.json:
        show({"old": old, "file": file, "changes": [_change_json(one) for one in found]})
        return 0
    _tell_changes(found)
    if out is not None:
        say(f"已写入 {out}。请核对后执行 shouqi replay {out} 看看影响哪些单位。")
    return 0


def _copy_forms(before: LoadedNotice, after: LoadedNotice, folder: Path) -> None:
    """The blank forms lie beside the notice file that names them."""
    for requirement in after.notice.requirements:
        if requirement.form and not (folder / requirement.form).exists():
            shutil.copyfile(before.folder / requirement.form, folder / requirement.form)


def replay(setting: Setting, notice: str | None, send: bool) -> int:
    """`replay [NOTICE]`: judge everything received again, without sending or changing anything; `--send` does it."""
    if send and notice is not None:
        raise Refused(
            "--send 只用于现行通知。新的通知文件请先放到配置所指的位置，shouqi run 会自动启用并告知有关单位。"
        )
    with office_of(setting, Hold.ALONE if send else Hold.LOOK) as (office, clock):
        loaded = None
        if notice is not None:
            running = chosen(setting, office)
            base = LoadedNotice(notice=running[0].notice, forms=running[0].forms, folder=Path.cwd())
            loaded = any_notice(notice, office.tz, base if len(running) == 1 else None)
        campaign = campaign_for(chosen(setting, office), loaded)
        replayed = rehearse(office, campaign, clock())
        sent = _carry_out(office, campaign, replayed, clock()) if send else []
    renamed = loaded is not None and loaded.notice.id != replayed.notice
    if setting.json:
        show(_replay_json(replayed, office.tz) | {"file": str(campaign.file), "sent": sent})
        return 0
    done = f"发出 {len(sent)} 封信" if send else "没有发信，没有改动数据（演练）"
    say(f"按{f' {notice} ' if notice else '现行通知'}重新核对已收到的全部材料，{done}。")
    if notice is not None:
        _tell_changes(replayed.changes)
    say()
    _tell_units(replayed, office.tz)
    if notice is not None:
        say()
        say(f"启用：核对无误后，用它替换 {campaign.file}（空表放在旁边），再执行 shouqi run 或 run --once。")
        say("届时有来信的单位全部重新核对，只给上面列出的单位各发一封信；催报改按新的期限。")
    if renamed and loaded is not None:
        say(
            f"注意：新文件的 id 是“{loaded.notice.id}”，请改为“{replayed.notice}”，否则会当作另一个通知，已收材料不计。"
        )
    return 0


def _carry_out(office: Office, campaign: Campaign, replayed: Replayed, now: datetime) -> list[str]:
    """Judge all units again for good, tell those for whom something changed, and send."""
    for one in replayed.units:
        settle(office, campaign, one.code, now, again=True)
    with office.database.writing() as session:
        told = f"{len(replayed.units)} 个单位，{len(replayed.touched)} 个受影响"
        note_deed(session, campaign.notice.id, "replay", now, person(), note=told)
    posted = post(office, secrets_of(office.config)("smtp"), now)
    if posted.away:
        raise Temporary(posted.away)
    return posted.sent


def _tell_changes(found: Sequence[Change]) -> None:
    if not found:
        say("两份通知的要求没有不同。")
    for one in found:
        say(f"· {one.says}")
        if one.kind in ("id", "renamed"):
            say("  （代号改变后，已收材料或人工结论会对不上，请改回原来的代号。）")


def _tell_units(replayed: Replayed, tz: tzinfo) -> None:
    touched = replayed.touched
    letters = sum(len(one.letters) for one in touched)
    say(f"有来信的单位 {len(replayed.units)} 个，受影响 {len(touched)} 个，将发出 {letters} 封信：")
    for one in touched:
        say(f"  {one.name}：{_state(one.before)} → {_state(one.after)}")
        for shift in one.shifts:
            say(f"    {_shift_words(shift, tz)}")
        for letter in one.letters:
            say(f"    发信：{letter.to}《{letter.subject}》")
    if not touched:
        say("  没有。")
    say(
        f"其余 {len(replayed.units) - len(touched)} 个不受影响；尚无来信的 {replayed.silent} 个不发信，催报按期限进行。"
    )


def _state(state: str) -> str:
    return words.UNIT[state][0] if state else "尚未核对"


def _shift_words(shift: Shift, tz: tzinfo) -> str:
    states = {key: word for key, (word, _) in words.REQUIREMENT.items()}
    was = states[shift.before] if shift.before else "不要求"
    now = states[shift.after] if shift.after else "不要求"
    parts = [f"{was} → {now}" if was != now else now, *shift.why[:3]]
    if shift.due[0] and shift.due[1] and shift.due[0] != shift.due[1]:
        parts.append(f"期限 {shift.due[0].astimezone(tz):%m-%d %H:%M} → {shift.due[1].astimezone(tz):%m-%d %H:%M}")
    if shift.late[0] != shift.late[1]:
        parts.append("按逾期计" if shift.late[1] else "不再按逾期计")
    return f"{shift.name}：{'；'.join(parts)}"


def _change_json(one: Change) -> dict[str, Any]:
    return {key: getattr(one, key) for key in one.__struct_fields__}


def _replay_json(replayed: Replayed, tz: tzinfo) -> dict[str, Any]:
    return {
        "notice": replayed.notice,
        "changes": [_change_json(one) for one in replayed.changes],
        "counts": {
            "units": len(replayed.units),
            "affected": len(replayed.touched),
            "letters": sum(len(one.letters) for one in replayed.units),
            "silent": replayed.silent,
        },
        "units": [_unit_json(one, tz) for one in replayed.touched],
    }


def _unit_json(one: UnitOutcome, tz: tzinfo) -> dict[str, Any]:
    return {
        "code": one.code,
        "unit": one.name,
        "before": one.before or None,
        "after": one.after,
        "requirements": [
            {
                "id": shift.requirement,
                "name": shift.name,
                "before": shift.before,
                "after": shift.after,
                "why": list(shift.why),
                "late": list(shift.late),
                "deadline": [moment(due, tz) for due in shift.due],
            }
            for shift in one.shifts
        ],
        "letters": [{"kind": letter.kind, "to": letter.to, "subject": letter.subject} for letter in one.letters],
    }
