"""What changed between two notices, limit by limit, in the words of the coordinator."""

from __future__ import annotations

import difflib
from collections.abc import Collection, Iterator
from datetime import datetime, timedelta, tzinfo
from typing import Any, Literal

import msgspec

from rules.limitwords import CATEGORIES, limits_of
from rules.notice import Notice, Requirement

Kind = Literal[
    "id", "title", "number", "issuer", "addressees", "deadline", "mailbox", "contact", "subject", "topic",
    "added", "dropped", "renamed", "name", "required", "audience", "category", "limit", "form", "clause",
]  # fmt: skip


class Change(msgspec.Struct, frozen=True, kw_only=True):
    """One thing that is different."""

    kind: Kind
    requirement: str = ""
    """Id in the new notice, of a dropped requirement in the old one; "" for the notice as a whole."""
    path: str
    """Where it stands in the notice file: `deadline`, `photos.checks.count.max`."""
    before: str
    after: str
    says: str
    """One sentence for people, Chinese."""


def changes(old: Notice, new: Notice, tz: tzinfo, forms: Collection[str] = ()) -> tuple[Change, ...]:
    """Every difference, the deadline first. `forms`: ids whose blank form has another content under the same name."""
    pairs, added, dropped = paired(old, new)
    return (
        *_whole(old, new, tz),
        *(one for before, after in pairs for one in _requirement(before, after, old, new, tz, forms)),
        *(_added(one, tz) for one in added),
        *(_dropped(one) for one in dropped),
    )


def paired(
    old: Notice, new: Notice
) -> tuple[list[tuple[Requirement, Requirement]], list[Requirement], list[Requirement]]:
    """Requirements that are the same one: by id, else by name, else the only one of its category on both sides."""
    left, right = list(old.requirements), list(new.requirements)
    pairs: dict[str, Requirement] = {}
    for same in (_same_id, _same_name, _only_one):
        for after in right:
            before = None if after.id in pairs else next((b for b in left if same(b, after, left, right, pairs)), None)
            if before is not None:
                pairs[after.id] = before
                left.remove(before)
    matched = [(pairs[one.id], one) for one in right if one.id in pairs]
    return matched, [one for one in right if one.id not in pairs], left


def _same_id(before: Requirement, after: Requirement, *_: Any) -> bool:
    return before.id == after.id and (before.category == after.category or _alike(before.name, after.name))


def _same_name(before: Requirement, after: Requirement, *_: Any) -> bool:
    return before.category == after.category and _alike(before.name, after.name)


def _only_one(
    before: Requirement,
    after: Requirement,
    left: list[Requirement],
    right: list[Requirement],
    pairs: dict[str, Requirement],
) -> bool:
    olds = [one for one in left if one.category == after.category]
    news = [one for one in right if one.category == after.category and one.id not in pairs]
    return before.category == after.category and after.category != "other" and len(olds) == len(news) == 1


def _alike(one: str, other: str) -> bool:
    return one in other or other in one or difflib.SequenceMatcher(None, one, other).ratio() >= 0.6


def _whole(old: Notice, new: Notice, tz: tzinfo) -> Iterator[Change]:
    if old.deadline != new.deadline:
        word = "推迟" if new.deadline > old.deadline else "提前"
        before, after = moment_words(old.deadline, tz), moment_words(new.deadline, tz)
        says = f"截止时间由{before}{word}到{after}。"
        yield Change(kind="deadline", path="deadline", before=before, after=after, says=says)
    plain: tuple[tuple[Kind, str, str, str, str], ...] = (
        ("id", "id", "通知代号", old.id, new.id),
        ("title", "title", "标题", old.title, new.title),
        ("number", "number", "文号", old.number, new.number),
        ("issuer", "issuer", "发文单位", old.issuer, new.issuer),
        ("addressees", "addressees", "主送", "、".join(old.addressees), "、".join(new.addressees)),
        ("mailbox", "contact.address", "收件邮箱", old.contact.address, new.contact.address),
        ("contact", "contact.name", "联系人", old.contact.name, new.contact.name),
        ("contact", "contact.phone", "联系电话", old.contact.phone, new.contact.phone),
        ("contact", "contact.fax", "传真", old.contact.fax, new.contact.fax),
        ("subject", "subject_rule", "邮件主题的规定", old.subject_rule, new.subject_rule),
        ("topic", "subject_keywords", "主题词", "、".join(old.subject_keywords), "、".join(new.subject_keywords)),
        ("topic", "topic", "活动的其他名称", "、".join(old.topic), "、".join(new.topic)),
    )
    for kind, path, label, before, after in plain:
        if before != after:
            yield Change(kind=kind, path=path, before=before, after=after, says=_replaced(label, before, after))


def _replaced(label: str, before: str, after: str) -> str:
    if not before:
        return f"{label}：原未写，现为“{after}”。"
    return f"{label}由“{before}”改为“{after}”。" if after else f"{label}不再写明（原为“{before}”）。"


def _requirement(
    before: Requirement, after: Requirement, old: Notice, new: Notice, tz: tzinfo, forms: Collection[str]
) -> Iterator[Change]:
    name = after.name

    def change(kind: Kind, path: str, was: str, now: str, says: str) -> Change:
        place = f"{after.id}.{path}"
        return Change(kind=kind, requirement=after.id, path=place, before=was, after=now, says=f"“{name}”{says}")

    if before.id != after.id:
        yield change("renamed", "id", before.id, after.id, f"的代号由 {before.id} 改为 {after.id}。")
    if before.name != after.name:
        yield change("name", "name", before.name, after.name, f"原名“{before.name}”。")
    if before.required != after.required:
        words = {True: "必报", False: "选报"}
        was, now = words[before.required], words[after.required]
        yield change("required", "required", was, now, f"由{was}改为{now}。")
    if before.only_for != after.only_for:
        was, now = _audience(before), _audience(after)
        yield change("audience", "only_for", was, now, f"的报送范围由{was}改为{now}。")
    if before.category != after.category:
        was, now = CATEGORIES[before.category], CATEGORIES[after.category]
        yield change("category", "category", was, now, f"的类别由{was}改为{now}。")
    own = (before.deadline or old.deadline, after.deadline or new.deadline)
    if own[0] != own[1] and own != (old.deadline, new.deadline):
        was, now = (moment_words(one, tz) for one in own)
        word = "推迟" if own[1] > own[0] else "提前"
        yield change("deadline", "deadline", was, now, f"的截止时间由{was}{word}到{now}。")
    limits, limited = limits_of(before), limits_of(after)
    for path in dict.fromkeys((*limits, *limited)):
        was, now = limits.get(path, ""), limited.get(path, "")
        if was != now:
            says = f"：{was}，改为{now}。" if was and now else f"增加要求：{now}。" if now else f"取消要求：{was}。"
            yield change("form" if path == "form" else "limit", path, was, now, says)
    if before.form == after.form and after.id in forms:
        yield change("form", "form", before.form or "", after.form or "", "的空表内容有改动。")
    old_words, new_words = _words(before), _words(after)
    if old_words.keys() != new_words.keys():
        was = "".join(words for key, words in old_words.items() if key not in new_words)
        now = "".join(words for key, words in new_words.items() if key not in old_words)
        says = f"的原文改为：{now}" if now else f"的原文不再有：{was}"
        yield change("clause", "clause", was, now, says)


def _words(requirement: Requirement) -> dict[str, str]:
    """The sentences behind it; blanks between signs make no difference."""
    return {"".join(one.split()): one for one in (requirement.clause, *requirement.clauses.values()) if one}


def _audience(requirement: Requirement) -> str:
    return "、".join(requirement.only_for) or "全部单位"


def _added(one: Requirement, tz: tzinfo) -> Change:
    told = [f"类别{CATEGORIES[one.category]}", "必报" if one.required else "选报", *limits_of(one).values()]
    told += [f"截止{moment_words(one.deadline, tz)}"] if one.deadline else []
    told += [f"只要求{_audience(one)}"] if one.only_for else []
    after = "；".join(told)
    says = f"新增“{one.name}”（{after}）。"
    return Change(kind="added", requirement=one.id, path=one.id, before="", after=after, says=says)


def _dropped(one: Requirement) -> Change:
    says = f"不再要求“{one.name}”。"
    return Change(kind="dropped", requirement=one.id, path=one.id, before=one.name, after="", says=says)


def moment_words(moment: datetime, tz: tzinfo) -> str:
    """A deadline for people: 2022年10月12日, with the clock where it is not the end of the day."""
    local = moment.astimezone(tz)
    whole = (local + timedelta(minutes=1)).date() > local.date()
    return f"{local.year}年{local.month}月{local.day}日{'' if whole else f'{local:%H:%M}'}"
