"""What the limits of a notice are laid on: the items, and what is known about which kind of limit suits which item.

`CAPTION`, `PER_SENDER` and `SIDES` are data: one line a phrase."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

import msgspec

from rules.compile.mentions import Mention
from rules.compile.outline import Sentence
from rules.compile.page import Page
from rules.compile.thing import Thing
from rules.notice import Category

CAPTION = r"说明|简介|介绍|图说|配文|文字|描述|注释|标题|题目"
"""Words that make a number of characters one for the words beside a picture."""


PARTS = (
    r"(摘要|关键词|标题|题目|题名|提要|个人简介|作者简介|作品名称|作品名)(?!页|栏)(?:(?![和及与附配])[^,。;、\d]){0,8}$"
)
"""Words that make a number of characters one for a part of a text."""


SPOKEN = r"讲解|脱稿|演讲|答辩|讲课|路演|汇报时间|提问|宣讲"
"""Words of what is spoken on a stage: its time is no length of a file."""


PER_SENDER = r"每(?:人|位|名|个?单位|家|校|个?学校|个?学院|个?部门|个?作者|个?支部|市|县|区|省|个?地区|个?项目|个?活动|个?班级|个?参赛者?|个?投稿者?|支队伍?|个?团队|队|个?集体|个?企业)|(?:各|同一)(?:单位|作者|地|市|县|区|学院|校|部门|参赛者)|单位|个人|作者|投稿者|参赛者|限"
"""Words that make a count one for each sender."""


SIDES: tuple[tuple[str, str, str], ...] = (
    ("min_long_side", r"最?长(?:的一)?边|长边|最大边", "长边不低于4000像素"),
    ("min_side_px", r"单边|最?短边|边长|任一?边|每边|一边|最小边", "单边不小于3000像素"),
    ("min_width", r"宽度?|横向", "宽度不小于1024像素"),
    ("min_height", r"高度?|纵向", "高度不小于768像素"),
)
"""Field, the words before the number, an example."""


PIECES: dict[str, frozenset[Category]] = {
    "张": frozenset({"photo", "other", "form"}), "幅": frozenset({"photo", "other"}), "组": frozenset({"photo", "other"}),
    "件": frozenset({"photo", "video", "other", "article", "case"}), "篇": frozenset({"article", "case", "summary"}),
    "部": frozenset({"video", "other"}), "条": frozenset({"video", "other", "article"}), "段": frozenset({"video"}), "支": frozenset({"video"}), "集": frozenset({"video"}),
    "个": frozenset({"case", "video", "other", "photo"}), "份": frozenset({"summary", "case", "form", "stat_table", "roster", "article", "video", "other"}),
    "套": frozenset({"other", "form"}), "首": frozenset({"article", "other"}), "项": frozenset({"case", "other"}), "例": frozenset({"case"}), "则": frozenset({"other", "article", "case"}),
    "款": frozenset({"other"}), "副": frozenset({"other"}), "封": frozenset({"article"}), "本": frozenset({"other"}), "枚": frozenset({"other"}), "期": frozenset({"other"}),
}  # fmt: skip
"""What a measure word can count."""


_DOCUMENTS: frozenset[Category] = frozenset({"summary", "case", "article", "form", "stat_table", "roster", "other"})


ACCEPTS: dict[str, frozenset[Category]] = {
    "size": frozenset({"photo", "video", "other"}), "p": frozenset({"video"}), "pixels": frozenset({"photo", "other"}), "megapixels": frozenset({"photo", "other"}),
    "dpi": frozenset({"photo", "other"}), "mb": frozenset({"photo", "video", "other", "article", "case", "summary", "form"}), "seconds": frozenset({"video", "other"}),
    "chars": frozenset({"article", "summary", "case", "other", "form"}),
    "picture": frozenset({"photo", "other"}), "film": frozenset({"video", "other"}), "sound": frozenset({"other", "video"}), "document": _DOCUMENTS,
}  # fmt: skip
"""Which kinds of items can have which kind of limit."""


PIXELS_FIRST: dict[str, Category] = {
    "size": "photo",
    "pixels": "photo",
    "megapixels": "photo",
    "dpi": "photo",
    "picture": "photo",
    "seconds": "video",
    "film": "video",
    "p": "video",
}


class Limit(msgspec.Struct, frozen=True, kw_only=True):
    """One field of an item, with the words it comes from."""

    field: str
    value: float | str | bool | tuple[str, ...]
    sentence: int
    soft: bool = False
    """Only advised: 一般, 原则上, 左右."""
    sure: bool = True
    """False: the number's item or meaning was chosen among several."""
    both: bool = False
    """Of formats: all of them are wanted."""
    doubt: str = ""
    """What must be asked about it."""
    firm: bool = False
    """最长不超过15分钟: the last word, whatever is usual."""


class Loose(msgspec.Struct, frozen=True, kw_only=True):
    """A quantity that belongs to no item: to be asked."""

    text: str
    sentence: int


class Scope(msgspec.Struct, kw_only=True):
    """Everything there is to choose from."""

    page: Page
    lines: Sequence[Sentence]
    things: Sequence[Thing]
    mentions: Sequence[Mention]
    contest: bool


Given = list[tuple[Thing, Limit]]


def words_near(text: str, sentence: Sentence, start: int, end: int, reach: int) -> str:
    """The words around, not beyond the next full stop or semicolon."""
    left = re.split(r"[;。]", text[max(sentence.start, start - reach) : start])[-1]
    right = re.split(r"[;。,]", text[end : min(sentence.end, end + 16)])[0]
    return left + text[start:end] + right


_BROKEN = frozenset({"min_mb", "max_mb", "min_megapixels", "duration_s_min", "duration_s_max", "min_dpi"})
"""Fields whose number need not be whole."""


def _is_absurd(limit: Limit) -> bool:
    """Nothing, or half a picture: signs were lost, or it was another kind of number."""
    value = limit.value
    return (
        isinstance(value, int | float)
        and not isinstance(value, bool)
        and (value <= 0 or value > 10_000_000 or (limit.field not in _BROKEN and value != int(value)))
    )


def strongest(given: Iterable[tuple[Thing, Limit]], thing: Thing) -> dict[str, Limit]:
    """One limit for each field of an item: formats are joined, of numbers the first sure one stays."""
    best: dict[str, Limit] = {}
    for owner, limit in given:
        if owner is not thing or _is_absurd(limit):
            continue
        known = best.get(limit.field)
        if known is None:
            best[limit.field] = limit
        elif limit.field == "formats":
            joined = tuple(dict.fromkeys((*known.value, *limit.value)))  # type: ignore[misc]  # formats are tuples
            best["formats"] = msgspec.structs.replace(known, value=joined, both=known.both or limit.both)
        elif limit.field == "naming" and limit.value != known.value:
            best["naming"] = msgspec.structs.replace(known, value=f"{known.value}|{limit.value}")
        elif (limit.sure and not known.sure) or (limit.firm and not known.firm):
            best[limit.field] = limit
    return best
