"""What a letter says, as values: both parts of a letter, text and HTML, lay out the same view.

Everything that came from outside (file names, sentences that quote them) is made harmless here, once.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo
from typing import Literal

from rules.finding import Finding
from rules.notice import Contact, Notice
from rules.verdict import Standing, Verdict

Tone = Literal["owe", "wait", "done"]
"""What colours the first line: something is owed, a person must look, all is in."""

_WEEKDAYS = "一二三四五六日"
_STRANGERS = ("unknown-sender", "unverified-sender")
_MOST_NAMES = 12
_NAME = 120
"""Characters of a file name that are shown."""
_SENTENCE = 600


@dataclass(frozen=True, slots=True, kw_only=True)
class Point:
    """One thing that is the matter, and how to mend it."""

    says: str
    rule: str
    """Measured against wanted, when `says` does not tell it already."""
    fix: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One requirement that needs words."""

    mark: str
    tone: Tone
    name: str
    state: str
    found: str
    points: tuple[Point, ...]
    clause: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Accepted:
    """One line of the receipt."""

    requirement: str
    name: str
    size: str
    digest: str
    received: str


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    """A whole letter, in the order in which it is read."""

    tone: Tone
    verdict: str
    """The first line."""
    unit: str
    opening: str
    summary: str
    entries: tuple[Entry, ...] = ()
    fine: str = ""
    excused: str = ""
    optional: str = ""
    tips: tuple[str, ...] = ()
    strangers: tuple[str, ...] = ()
    unplaced: str = ""
    receipt: tuple[Accepted, ...] = ()
    deadline: str = ""
    contact: tuple[str, ...] = ()
    closing: str = ""
    office: str = ""
    date: str = ""


def clean(text: str, limit: int = _SENTENCE) -> str:
    """One harmless line: no line breaks, controls, direction marks or half characters; not clickable; not endless.

    >>> clean("报告\\u202egpj.exe\\r\\nBcc: x@y.example")
    '报告gpj.exe Bcc: x@y.example'
    """
    kept = "".join(
        " " if c.isspace() else "" if unicodedata.category(c) in ("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp") else c
        for c in text[: limit * 4]
    )
    line = re.sub(r" {2,}", " ", kept).strip().replace("://", "：//")
    return line if len(line) <= limit else f"{line[: limit * 2 // 3]}…{line[-(limit // 3) :]}"


def day(moment: datetime, tz: tzinfo) -> str:
    """A date for people, like 2022年10月12日（星期三）, in the office's time zone."""
    local = moment.astimezone(tz)
    return f"{local.year}年{local.month}月{local.day}日（星期{_WEEKDAYS[local.weekday()]}）"


def minute(moment: datetime, tz: tzinfo) -> str:
    """A time for people, like 10月8日09:12, in the office's time zone."""
    local = moment.astimezone(tz)
    return f"{local.month}月{local.day}日{local:%H:%M}"


def last_day(deadline: datetime, tz: tzinfo) -> datetime:
    """The deadline in the office's zone; midnight belongs to the day that ends."""
    return (deadline - timedelta(microseconds=1)).astimezone(tz)


def days_left(deadline: datetime, now: datetime, tz: tzinfo) -> int:
    """Calendar days from today to the last day; 0 is today, negative after it."""
    return (last_day(deadline, tz).date() - now.astimezone(tz).date()).days


def deadline_words(deadline: datetime, now: datetime, tz: tzinfo, *, done: bool = False) -> str:
    """The deadline, and unless everything is in, how much time is left."""
    end = last_day(deadline, tz)
    hour = "" if (end + timedelta(minutes=1)).date() > end.date() else f"{deadline.astimezone(tz):%H:%M}"
    words = f"{day(end, tz)}{hour}"
    if done:
        return words
    left = days_left(deadline, now, tz)
    if now > deadline:
        return f"{words}，已过截止时间{f' {-left} 天' if left else ''}"
    return f"{words}，{f'还有 {left} 天' if left else '今天截止'}"


def title(notice: Notice) -> str:
    """《title》（number), as offices cite a notice."""
    name = clean(notice.title)
    cited = name if "《" in name else f"《{name}》"
    return f"{cited}（{clean(notice.number)}）" if notice.number else cited


def contact_words(contact: Contact, phone: str) -> tuple[str, ...]:
    """Whom to ring up; the office's own phone stands in when the notice names none."""
    parts = [
        f"联系人：{clean(contact.name)}" if contact.name else "",
        f"电话：{clean(contact.phone or phone)}" if contact.phone or phone else "",
        f"传真：{clean(contact.fax)}" if contact.fax else "",
    ]
    return tuple(part for part in parts if part)


def tone_of(verdict: Verdict) -> Tone:
    """Owed before waiting before done."""
    return "owe" if verdict.owed else "wait" if verdict.open else "done"


def verdict_line(verdict: Verdict) -> str:
    """The first line of every letter about a verdict."""
    tone = tone_of(verdict)
    if tone == "owe":
        return f"尚缺 {len(verdict.owed)} 项"
    return f"已收到，待核 {len(verdict.open)} 项" if tone == "wait" else "已齐"


def counted(verdict: Verdict) -> str:
    """How the required items stand, in one half sentence."""
    required = [s for s in verdict.standings if s.required]
    number = {
        state: sum(s.state == state for s in required) for state in ("ok", "problem", "missing", "unsure", "waived")
    }
    parts = [
        (number["ok"], "已合格"),
        (number["waived"], "免报"),
        (number["problem"], "需修改"),
        (number["missing"], "未收到"),
        (number["unsure"], "待人工核对"),
    ]
    return f"应报 {len(required)} 项：" + "，".join(f"{word} {n} 项" for n, word in parts if n)


def entries(verdict: Verdict, notice: Notice, *, owed_only: bool = False) -> tuple[Entry, ...]:
    """The requirements that need words: owed first, then waiting for a person, then optional ones in trouble."""
    chosen: list[Standing] = list(verdict.owed)
    if not owed_only:
        chosen += [s for s in verdict.open if s.state == "unsure"]
        chosen += [s for s in verdict.standings if not s.required and s.state in ("problem", "unsure")]
    return tuple(_entry(standing, notice) for standing in chosen)


def _entry(standing: Standing, notice: Notice) -> Entry:
    mark, state = {
        "missing": ("✗", "未收到"),
        "problem": ("✗", "需修改"),
        "unsure": ("？", "待人工核对"),
    }[standing.state]
    told = [f for f in standing.findings if f.outcome != "pass" and f.code not in _STRANGERS]
    owed = standing.required and standing.state != "unsure"
    return Entry(
        mark=mark,
        tone="owe" if owed else "wait",
        name=clean(standing.name),
        state=state if standing.required else f"选报，{state.replace('需', '建议')}",
        found=names(file.name for file in standing.files),
        points=_points(told, hide_missing=standing.state == "missing"),
        clause=_clause(standing, notice) if owed or any(f.outcome == "fail" for f in told) else "",
    )


def _clause(standing: Standing, notice: Notice) -> str:
    said = next((f.clause for f in standing.findings if f.clause), "")
    ours = next((r.clause for r in notice.requirements if r.id == standing.id), "")
    return clean(said or ours)


def _points(findings: Iterable[Finding], *, hide_missing: bool = False) -> tuple[Point, ...]:
    """Faults first, then doubts, then remarks; what is said word for word twice is said once."""
    rank = {"fail": 0, "unsure": 1, "note": 2}
    points: list[Point] = []
    for finding in sorted(findings, key=lambda f: rank[f.outcome]):
        bare = hide_missing and finding.code == "missing"  # the state beside the name says it already
        point = Point(says="" if bare else _says(finding), rule=_rule(finding), fix=clean(finding.fix))
        if point not in points and any((point.says, point.rule, point.fix)):
            points.append(point)
    return _share_fixes(points)


def _share_fixes(points: Sequence[Point]) -> tuple[Point, ...]:
    """The same remedy for several files is told once, after the last of them."""
    return tuple(
        Point(says=point.says, rule=point.rule, fix="")
        if point.says and any(point.fix == later.fix for later in points[n + 1 :])
        else point
        for n, point in enumerate(points)
    )


def _says(finding: Finding) -> str:
    said, name = clean(finding.says), clean(finding.file, _NAME)
    return said if not name or name in said else f"“{name}”：{said}"


def _rule(finding: Finding) -> str:
    """Measured against wanted, unless the sentences tell both already."""
    expected, measured = clean(finding.expected), clean(finding.measured)
    told = _dense(finding.says + finding.fix)
    numbers = re.findall(r"\d+", _dense(expected))
    wanted_told = all(one in told for one in numbers) if numbers else _dense(expected) in told
    if wanted_told and (_dense(measured) in told or measured in ("无", "没有", "0")):
        return ""
    both = [f"实际：{measured}" if measured else "", f"要求：{expected}" if expected else ""]
    return f"{'；'.join(one for one in both if one)}。" if expected else ""


def _dense(text: str) -> str:
    """Without blanks, and with one way to write "times"."""
    return re.sub(r"\s", "", clean(text)).replace("x", "×").replace("*", "×")


def names(files: Iterable[str]) -> str:
    """File names in one line; a long list is cut with its count."""
    cleaned = list(dict.fromkeys(clean(name, _NAME) for name in files))
    if len(cleaned) <= _MOST_NAMES:
        return "、".join(cleaned)
    return f"{'、'.join(cleaned[:_MOST_NAMES])} 等 {len(cleaned)} 个文件"


def fine(verdict: Verdict) -> str:
    """What is in order, in one line."""
    return "、".join(clean(s.name) for s in verdict.standings if s.state == "ok")


def excused(verdict: Verdict) -> str:
    """What the unit need not bring."""
    return "、".join(clean(s.name) for s in verdict.standings if s.state == "waived")


def optional(verdict: Verdict) -> str:
    """What would be welcome and did not come."""
    return "、".join(clean(s.name) for s in verdict.standings if not s.required and s.state == "missing")


def tips(verdict: Verdict) -> tuple[str, ...]:
    """Remarks on what is in order."""
    points = _points(
        f
        for s in verdict.standings
        if s.state == "ok"
        for f in s.findings
        if f.outcome == "note" and f.code not in _STRANGERS
    )
    return tuple("".join((p.says, p.rule, p.fix)) for p in points)


def strangers(verdict: Verdict) -> tuple[str, ...]:
    """What came from addresses that are not the unit's registered ones."""
    said = [f for s in verdict.standings for f in s.findings if f.code in _STRANGERS and f.outcome != "pass"]
    return tuple("".join((p.says, p.fix)) for p in _points(said))


def unplaced(verdict: Verdict, told: Iterable[Entry]) -> str:
    """Files that answer nothing, less those that an entry speaks of already."""
    spoken = "".join(point.says for entry in told for point in entry.points)
    return names(u.name for u in verdict.unplaced if clean(u.name, _NAME) not in spoken)


def receipt(verdict: Verdict, tz: tzinfo) -> tuple[Accepted, ...]:
    """Every file that counts, so that the unit can keep the letter as proof."""
    return tuple(
        Accepted(
            requirement=clean(standing.name),
            name=clean(file.name, _NAME),
            size=size_words(file.size),
            digest=file.sha256[:16],
            received=minute(file.received_at, tz),
        )
        for standing in verdict.standings
        if standing.state == "ok"
        for file in standing.files
    )


def size_words(size: int) -> str:
    """Bytes as people read them; a link has no size.

    >>> size_words(0), size_words(900), size_words(412_345), size_words(3_500_000)
    ('—', '900 字节', '403 KB', '3.3 MB')
    """
    if not size:
        return "—"
    if size < 1024:
        return f"{size} 字节"
    return f"{size / 1024:.0f} KB" if size < 1024 * 1024 else f"{size / 1024 / 1024:.1f} MB"
