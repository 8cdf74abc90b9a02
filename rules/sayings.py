"""The findings that `judge` itself makes: nothing came, a link came, a stranger sent it, it came late."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import msgspec

from rules.facts import ArchiveFacts, LinkFacts, Unreadable
from rules.finding import Finding, Outcome
from rules.item import Item
from rules.kinds import is_archive, words_of_formats
from rules.notice import Requirement
from rules.verdict import Standing

_ABSENCE = frozenset({"caption-missing"})
"""Faults that are no fault of the unit while we cannot pair the words that are there."""


def missing_finding(requirement: Requirement) -> Finding:
    """Nothing came for it; a fault only where the notice demands it."""
    name = requirement.name
    if not requirement.required:
        return Finding(code="missing", outcome="note", says=f"未收到“{name}”（不作硬性要求）。")
    return Finding(
        code="missing",
        outcome="fail",
        says=f"尚未收到“{name}”。",
        fix=f"请补报“{name}”{_format_words(requirement)}。",
    )


def class_finding(requirement: Requirement, category: str) -> Finding:
    """It is asked of some classes of units only, and the roster does not tell whether this unit is one of them."""
    known = f"名册中的类别是“{category}”" if category else "名册中没有写明贵单位的类别"
    return Finding(
        code="class-unknown",
        outcome="unsure",
        says=f"“{requirement.name}”只要求{'、'.join(requirement.only_for)}报送，{known}，是否须报由经办人确认。",
        expected="、".join(requirement.only_for),
        measured=category or "未写类别",
        office="请在名册的“类别”一栏写明，或用 decide 作出结论。",
    )


def typed_finding(requirement: Requirement) -> Finding:
    """The table seems to stand in the words of a mail: a person looks before it is called missing."""
    name = requirement.name
    return Finding(
        code="missing",
        outcome="unsure",
        says=f"未收到“{name}”的附件，信中似有表内数字，已留待人工核对。",
        fix=f"请以附件报送“{name}”{_format_words(requirement)}。",
        expected="附件",
        measured="信中文字",
    )


def late_finding(standing: Standing, due: datetime, *, met: bool) -> Finding:
    """It was met, or (not `met`) first answered, only after the deadline."""
    arrived = max((file.received_at for file in standing.files), default=due)
    return Finding(
        code="late",
        outcome="note",
        says=f"“{standing.name}”在截止时间之后才{'报齐' if met else '收到'}。",
        expected=moment(due, due),
        measured=moment(arrived, due),
    )


def spared(finding: Finding) -> Finding:
    """Words came that nobody can pair with a photo: a person looks, the unit is not blamed."""
    if finding.code not in _ABSENCE or finding.outcome != "fail":
        return finding
    return msgspec.structs.replace(
        finding,
        outcome="unsure",
        says=f"收到了图片文字说明，但未能确认哪一段对应“{finding.file.rpartition('/')[2]}”，正由经办人核对。",
        fix="如方便，请在说明前写明图片文件名。",
    )


def link_finding(item: Item, link: LinkFacts, requirement: Requirement, now: datetime | None = None) -> Finding:
    """A cloud attachment: its presence is known, its content is not. One that has ended brings nothing any more."""
    ended = now is not None and link.expires is not None and not item.fetched and _end(link.expires, now) <= now
    until = (
        f"，链接{'已于' if ended else '有效期至'}{_day(link.expires)}{'到期' if ended else ''}" if link.expires else ""
    )
    size = f"（{link.size_text}）" if link.size_text else ""
    provider = link.provider or "网盘"
    counted = requirement.link_counts and not ended
    fix = "请重新报送，尽量以邮件附件发送。" if ended else "请尽量以邮件附件报送；如文件过大，请与经办人联系。"
    return Finding(
        code="by-link",
        outcome="note" if counted else "unsure",
        says=f"“{item.name}”{size}以{provider}链接报送，文件本身不在邮件中{until}。",
        fix="" if counted else fix,
        file=item.path,
        measured=f"{'已过期，' if ended else ''}有效期至{_day(link.expires)}" if link.expires else "未写明有效期",
        about=item.key,
    )


def _end(expires: str, now: datetime) -> datetime:
    """When a link ends, aware; a date without a time means all of that day."""
    end = datetime.fromisoformat(expires)
    end = end if "T" in expires else end.replace(hour=23, minute=59, second=59)
    return end if end.tzinfo else end.replace(tzinfo=now.tzinfo)


def _day(expires: str) -> str:
    """An ISO date or date-time as it is written in the office: 2022年11月10日09:00."""
    moment = datetime.fromisoformat(expires)
    clock = f"{moment:%H:%M}" if "T" in expires and (moment.hour, moment.minute) != (23, 59) else ""
    return f"{moment.year}年{moment.month}月{moment.day}日{clock}"


def written_finding(requirement: Requirement, *, clear: bool) -> Finding:
    """A paper that stands in the words of a mail; not `clear`: long words that may be it, so a person looks."""
    name = requirement.name
    told = "写在邮件正文里，没有附件" if clear else "未见附件，邮件正文较长，可能就是该材料，正由经办人核对"
    return Finding(
        code="wrong-format" if clear else "missing",
        outcome="unsure" if not clear else "fail" if requirement.required else "note",
        says=f"“{name}”{told}。",
        fix=f"请将“{name}”以附件发送{_format_words(requirement)}，内容不必重写。",
        expected="附件",
        measured="邮件正文",
    )


def only_unit_can_open(item: Item) -> bool:
    """True for what nobody on our side can open or find anything in: a password, a broken or empty archive."""
    facts = item.facts
    if isinstance(facts, Unreadable):
        broken = facts.reason in ("damaged", "empty") and (is_archive(facts.format) or is_archive(item.suffix))
        return facts.reason == "encrypted" or broken
    return isinstance(facts, ArchiveFacts) and not facts.members and not facts.skipped


def maybe_finding(item: Item, name: str, *, locked: bool = False) -> Finding:
    """Something came that might be what is asked under `name`: a person looks.

    `locked`: nothing else came for a required material, so only the unit can help, by removing the password.
    """
    if isinstance(item.facts, Unreadable):
        code = "encrypted" if item.facts.reason == "encrypted" else "unreadable"
        reason = "设有密码，无法打开" if code == "encrypted" else "无法打开"
        says = f"收到“{item.name}”，但{reason}，其中是否有“{name}”待核实。"
        fix = "请去掉密码后重新发送。" if code == "encrypted" else "请检查文件后重新发送，也可改用常用格式。"
    elif isinstance(item.facts, ArchiveFacts) and not item.facts.skipped:
        code = "unreadable"
        says = f"收到“{item.name}”，但压缩包里没有文件，未收到“{name}”。"
        fix = "请检查压缩包后重新发送，也可直接以附件发送各份材料。"
    elif isinstance(item.facts, LinkFacts):
        code = "by-link"
        says = f"收到{item.facts.provider or '网盘'}链接“{item.name}”，其中是否有“{name}”待核实。"
        fix = f"请尽量以邮件附件报送“{name}”。"
    else:
        code = "missing"
        says = f"收到“{item.name}”，但未能确认是否为“{name}”，正由经办人核对。"
        fix = f"如方便，请在文件名中写明“{name}”后重发。"
    outcome: Outcome = "fail" if locked else "unsure"
    return Finding(code=code, outcome=outcome, says=says, fix=fix, file=item.path, about=item.key)


def taken_back_finding(words: str, item: Item, *, required: bool) -> Finding:
    """The unit took back all there was: a person asks, nobody is blamed. `words`: what the unit said."""
    return Finding(
        code="withdrawn",
        outcome="unsure" if required else "note",
        says=f"来信写有“{words}”，“{item.name}”不再计入，尚无其他材料，正由经办人核对。",
        fix="如有新的材料，请直接报送；如仍用原件，请回信说明。",
        file=item.path,
        measured="已撤回",
        about=item.key,
    )


def unclear_finding(words: str, name: str) -> Finding:
    """The unit said something about its files, and nobody can tell which one it meant."""
    return Finding(
        code="version-unclear",
        outcome="unsure",
        says=f"来信写有“{words}”，未能确认“{name}”以哪一件为准，正由经办人核对。",
        fix="请回信写明所指的文件名称。",
    )


def by_word_finding(words: str, taken: Item, sound: Item) -> Finding:
    """By the unit's word a faulty file counts where a sound one had come before."""
    return Finding(
        code="by-word",
        outcome="note",
        says=f"按来信“{words}”采用了“{taken.name}”；先前的“{sound.name}”合格。",
        fix=f"如仍用“{sound.name}”，回信说明即可。",
        file=taken.path,
        about=taken.key,
    )


def sender_findings(current: Sequence[Item]) -> list[Finding]:
    """Who sent what counts, where it was not the registered address."""
    findings = []
    for trust, code in (("unknown", "unknown-sender"), ("unverified", "unverified-sender")):
        names = [item.name for item in current if item.trust == trust]
        if not names:
            continue
        listed = "、".join(f"“{name}”" for name in names)
        unknown = trust == "unknown"
        says = (
            f"{listed}由未登记的邮箱发来，暂按贵单位报送计入，请确认。"
            if unknown
            else f"{listed}的来件邮箱未通过核验，待核实后计入。"
        )
        findings.append(
            Finding(
                code=code,
                outcome="note" if unknown else "unsure",
                says=says,
                fix="请用登记邮箱回信确认，或用登记邮箱重新发送。",
            )
        )
    return findings


def moment(when: datetime, like: datetime) -> str:
    """A time for people, in the time zone that the deadline is written in."""
    local = when.astimezone(like.tzinfo)
    return f"{local.year}年{local.month}月{local.day}日{local:%H:%M}"


def _format_words(requirement: Requirement) -> str:
    return f"（{words_of_formats(requirement.formats)} 格式）" if requirement.formats else ""
