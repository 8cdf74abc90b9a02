"""What the coordinator writes into 人工结论 and 处理, as decisions: 通过, 退回, 免报, 撤销, 延期至 a day.

    通过                      everything of the unit that came
    通过 活动总结、典型案例    these requirements; also 活动总结：通过
    退回：照片模糊，请重拍     with a note, which the unit reads
    退回 活动图片：照片模糊
    延期至 2022-10-14         also 10月14日, 10-14
    免报 活动视频；通过        several, with ； or a line each

A cell that is not understood as a whole decides nothing: half a decision would be a guess.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from datetime import date

import msgspec

from rules.notice import Requirement
from storage.errors import Refused

WORDS = {
    "reject": ("退回", "不通过", "不合格", "重报"),
    "accept": ("通过", "合格", "认可"),
    "waive": ("免报", "不用报", "免于报送"),
    "reset": ("撤销", "撤回决定"),
    "extend": ("延期至", "延期到", "延至", "延期"),
}
"""Kinds of decision, and how people write them; the longer of two that begin alike stands first."""

_WORD = "|".join(word for words in WORDS.values() for word in words)
_FIRST = re.compile(rf"({_WORD})\s*(.*)", re.DOTALL)
_LAST = re.compile(rf"(.+?)[\s:：,，]*({_WORD})(?:[:：,，](.*))?", re.DOTALL)
_AHEAD = re.compile(rf"(?:全部|各项|都|均|已|同意|准予|予以|请)+(?={_WORD})")
_BREAK = re.compile(r"[;；\n]+")
_NAMES = re.compile(r"[、,，/\s]+|和|及")
_MARKS = " \t“”\"'（）()《》【】[]。.!！"
_DAY = re.compile(r"(?:(\d{4})[-/.年])?(\d{1,2})[-/.月](\d{1,2})[日号]?(?:\s*0{1,2}:00(?::00)?)?")
_NOTED = re.compile(r"(.+?)(?:[，,（(]|[：:](?!\d))(.*)", re.DOTALL)
_BUT = re.compile(r"\s*(?:但|不过|除|只|仅|可是|然而|其余|其他)")
"""How a remark begins that takes back a part of what was said before it."""
_SOLID = re.compile(r"(\d{4})(\d{2})(\d{2})")


class Ruling(msgspec.Struct, frozen=True, kw_only=True):
    """One decision as it was written."""

    kind: str
    """accept, reject, waive, reset, extend."""
    requirements: tuple[str, ...] = ()
    """Ids; empty for all that it can mean."""
    note: str = ""
    until: date | None = None


def rulings(text: str, asked: Sequence[Requirement], deadline: date) -> list[Ruling]:
    """The decisions in one cell. The year of `deadline` completes a day without one.

    Refused, with what she can do about it, when a part of the cell is not understood.
    """
    found: list[Ruling] = []
    for part in _parts(text):
        one = _ruling(part, asked, deadline)
        if one is None and found and found[-1].note:  # the note itself has a semicolon or a second line
            found[-1] = msgspec.structs.replace(found[-1], note=f"{found[-1].note}；{part}")
        elif one is None and _DAY.fullmatch(part.strip(_MARKS)):
            raise Refused(f"只写了日期。要延期请写 延期至 {part.strip(_MARKS).partition(' ')[0]}")
        elif one is None:
            raise Refused(f"未能理解“{part[:40]}”。请写 通过、退回、免报、撤销 或 延期至 日期；其他说明请写在别的列")
        else:
            found.append(one)
    return found


def is_ruling(text: str) -> bool:
    """True for words that this module reads, well or badly written."""
    return _FIRST.match(text.strip(_MARKS)) is not None


def _parts(text: str) -> Iterator[str]:
    for part in _BREAK.split(text):
        if part.strip(_MARKS):
            yield _AHEAD.sub("", part.strip()) if _AHEAD.match(part.strip()) else part.strip()


def _ruling(part: str, asked: Sequence[Requirement], deadline: date) -> Ruling | None:
    first = _FIRST.fullmatch(part.strip(_MARKS))
    if first is not None:
        kind, rest = _kind(first[1]), first[2].strip()
        if kind == "extend":
            day, note = _noted(rest)
            return Ruling(kind=kind, until=_day(day, deadline), note=note)
        named, colon, note = _cut(rest)
        ids = _requirements(named, asked) if named.strip(_MARKS) else ()
        if ids is None and rest[:1] in "，,":  # 退回，照片模糊
            ids, note, colon = (), rest[1:], rest[:1]
            if kind in ("accept", "waive") and _BUT.match(note):
                raise Refused(
                    f"“{note.strip()[:20]}”与“{first[1]}”合不到一起。请分开写，例如 通过 活动总结；退回 活动图片：太暗"
                )
        if ids is None:
            raise Refused(_unknown(named, asked))
        return Ruling(kind=kind, requirements=ids, note=note.strip() if colon else "")
    last = _LAST.fullmatch(part.strip(_MARKS))
    if last is None or _kind(last[2]) == "extend":
        return None
    ids = _requirements(last[1], asked)
    return Ruling(kind=_kind(last[2]), requirements=ids, note=(last[3] or "").strip()) if ids else None


def _kind(word: str) -> str:
    return next(kind for kind, words in WORDS.items() if word in words)


def _cut(rest: str) -> tuple[str, str, str]:
    found = re.search("[:：]", rest)
    return (rest, "", "") if found is None else (rest[: found.start()], found[0], rest[found.end() :])


def _requirements(named: str, asked: Sequence[Requirement]) -> tuple[str, ...] | None:
    """The ids of the requirements that are named; None when one of the names is none, or fits several."""
    whole = _one(named.strip(_MARKS + ",，:："), asked)
    if whole is not None:  # its name may hold 和 or a comma itself
        return (whole,)
    ids = [_one(name.strip(_MARKS), asked) for name in _NAMES.split(named) if name.strip(_MARKS)]
    return tuple(id for id in ids if id is not None) if ids and None not in ids else None


def _one(name: str, asked: Sequence[Requirement]) -> str | None:
    exact = [one.id for one in asked if name in (one.id, one.name.strip())]
    near = exact or [one.id for one in asked if len(name) > 1 and (name in one.name or one.name.strip() in name)]
    return near[0] if len(near) == 1 else None


def _unknown(named: str, asked: Sequence[Requirement]) -> str:
    known = "、".join(one.name for one in asked)
    return f"通知里没有唯一的“{named.strip(_MARKS)[:40]}”。请写全称：{known}；附言请写在冒号后面"


def _noted(rest: str) -> tuple[str, str]:
    """The day as it is written, and a remark after it: 10月18日，已电话沟通."""
    found = _NOTED.fullmatch(rest.strip(_MARKS + ":："))
    return (found[1], found[2].strip(_MARKS)) if found is not None and found[1].strip() else (rest, "")


def _day(text: str, deadline: date) -> date:
    """The day that is meant; without a year, the one nearest to the deadline."""
    plain = unicodedata.normalize("NFKC", text).strip(_MARKS + ":：")
    found = _SOLID.fullmatch(plain) or _DAY.fullmatch(plain)
    if found is None:
        raise Refused(f"没有看懂日期“{plain[:20]}”。请写作 延期至 2022-10-14 的样子" if plain else "请写明延期到哪一天")
    years = [int(found[1])] if found[1] else [deadline.year + n for n in (-1, 0, 1)]
    days = [day for year in years if (day := _date(year, int(found[2]), int(found[3]))) is not None]
    if not days:
        raise Refused(f"没有“{plain[:20]}”这一天。请核对日期")
    return min(days, key=lambda day: abs(day - deadline))


def _date(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None
