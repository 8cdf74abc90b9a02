"""The page docs/notice.md, written from the grammar's own data: every phrase family that is understood, with an example."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from rules import classes
from rules.compile import (
    amend,
    amounts,
    audience,
    channels,
    dates,
    deadlines,
    formats,
    hosts,
    naming,
    nouns,
    outline,
    people,
    scope,
)
from rules.notice import Category

_WHAT = {"before": "日期前", "behind": "日期后", "sentence": "同句", "heading": "标题", "label": "条目名"}
_BOUND = {
    "min": "下限",
    "max": "上限",
    "about": "约数，不作硬性核对",
    "soft-max": "一般要求，不作硬性核对",
    "exact": "确数",
}
_FAMILY = {
    "chars": "字数", "pixels": "像素", "megapixels": "总像素", "size": "宽×高", "dpi": "每英寸点数",
    "mb": "文件大小（MB）", "seconds": "时长（秒）", "count": "件数", "p": "视频规格",
}  # fmt: skip
_STATES = {"stamp": "盖章", "scan": "扫描件", "signature": "签字"}
_CATEGORY: dict[Category, str] = {
    "summary": "总结、报告", "case": "案例", "photo": "图片", "video": "视频", "stat_table": "统计表",
    "form": "表格", "roster": "名单", "article": "文章", "other": "其他",
}  # fmt: skip


def handbook() -> str:
    """The whole page."""
    return "\n".join(_lines()) + "\n"


def examples() -> Iterator[tuple[str, str, str]]:
    """Every phrase of the tables that stand for themselves: family, pattern, example. A test holds them together."""
    for pattern, example in (*dates.SHAPES, *dates.TAILS, *dates.VAGUE):
        yield "date", pattern, example
    for _, pattern, example in (*amounts.BEFORE, *amounts.BEHIND):
        yield "bound", pattern, example
    for _, pattern, _, example in amounts.UNITS:
        yield "unit", pattern, example
    for _, pattern, example in (*formats.STATES, *channels.CHANNELS, *scope.SIDES):
        yield "phrase", pattern, example
    for _, pattern, example in classes.CLASSES:
        yield "class", pattern, example
    for pattern, example in (*people.BOXES, *outline.MARKERS, *hosts.HOSTS, *audience.AUDIENCES, amend.FORMER):
        yield "sign", pattern, example


def _lines() -> Iterator[str]:
    yield "# 通知里的话，程序认得哪些"
    yield ""
    yield "本页由 `rules/compile` 里的词表自动写成（`python -m rules.compile.handbook`），测试保证两者一致。"
    yield "`shouqi notice compile 通知.docx -o notice.toml` 按这些说法拟定报送要求：每项引用原文，拿不准的列为“待确认”，"
    yield "约数和“一般”“原则上”一类的话不作硬性核对。增加一种说法：在词表里加一行，并在测试里加一例。"
    yield from _table("日期", ("写法",), ((example,) for _, example in dates.SHAPES))
    yield from _table("起止日期的后半", ("写法",), ((example,) for _, example in dates.TAILS))
    yield ""
    yield f"时刻：17:00、17时30分、24时、中午12点、{'、'.join(dates.PARTS_OF_DAY)} 加几点；“下班前”按当日结束计并待确认。"
    yield "没有年份的，依次按落款、发布日期、文号、标题、正文推定，并待确认；推不出的留给人填。"
    yield from _table("交给人定的时间", ("说法",), ((example,) for _, example in dates.VAGUE))
    yield from _table(
        "哪个日期是报送期限",
        ("位置", "例", "分量"),
        ((_WHAT[place], example, f"{weight:+d}") for place, _, weight, example in deadlines.CUES),
    )
    yield ""
    yield f"分量合计 {deadlines.ENOUGH} 以上算作期限；只够 {deadlines.MAYBE} 的，没有更好的日期时采用并待确认。"
    yield from _table("邮箱", ("写法",), ((example,) for _, example in people.BOXES))
    yield from _table("没有落款时的发文单位", ("说法",), ((example,) for _, example in hosts.HOSTS))
    yield from _table("报送渠道", ("渠道", "例"), ((channel, example) for channel, _, example in channels.CHANNELS))
    yield from _table("条目编号", ("编号",), ((example,) for _, example in outline.MARKERS))
    yield from _words("材料的名称：作品", nouns.WORKS)
    yield from _words("材料的名称：表、报告、名单、附件", nouns.PAPERS)
    yield ""
    yield f"泛指作品：{'、'.join(nouns.GENERIC_WORK)}；泛指全部材料：{'、'.join(nouns.GENERIC_ALL)}。"
    yield "没有收进词表、以“表”字结尾的表格（推选表、自检表）也认；评分表、分配表、日程表一类不认。"
    yield f"{'、'.join(nouns.SCENES)} 与 {'、'.join(nouns.PORTRAITS)} 各算一项；“《甲表》或《乙表》”任报其一。"
    yield "一句话里按体裁（小说、散文……）分别规定字数的，不定字数，列为待确认。"
    yield from _table("数量前的说法", ("例", "意思"), ((e, _BOUND[b]) for b, _, e in amounts.BEFORE))
    yield from _table("数量后的说法", ("例", "意思"), ((e, _BOUND[b]) for b, _, e in amounts.BEHIND))
    yield from _table("单位", ("例", "量"), ((e, _FAMILY[f]) for f, _, _, e in amounts.UNITS))
    yield ""
    yield "宽×高写作 1024×768、1920*1080、1280x720；“分辨率300”“像素不低于1000万”“长边3000以上”单位在前也认。"
    yield "奖金、名额、版面毫米、码率、一式几份、页码、文号、电话都不是要求。"
    yield from _table("量的是哪一边", ("例", "字段"), ((e, f"`{f}`") for f, _, e in scope.SIDES))
    yield ""
    yield f"格式：{'、'.join(dict.fromkeys(e.upper() for value in formats.WORDS.values() for e in value))}；Word 指 DOC 和 DOCX。"
    yield "“和”“及”“同时”连着的几种格式都要；“或”“均可”“/”任选其一。"
    yield from _table("盖章、扫描、签字", ("例", "要求"), ((e, _STATES[s]) for s, _, e in formats.STATES))
    yield from _table("只要求几类单位的", ("写法",), ((example,) for _, example in audience.AUDIENCES))
    yield from _table("单位的类别", ("类别", "例"), ((name, example) for name, _, example in classes.CLASSES))
    yield from _table(
        "文件名和邮件主题", ("例", "用于"), ((e, "邮件" if w != "file" else "文件") for w, _, e in naming.RULES)
    )
    yield from ("", "## 后来的通知：补充、延期、重发", "")
    yield f"有“{'”“'.join(example for _, example in amend.SUPPLEMENTS)}”一类说法的，按补充通知办：没有提到的照旧；其余按整份重发办。"
    yield f"“{amend.FORMER[1]}”只取改后的数。`notice compile 后来的通知 --amends 原通知.toml` 在原通知文件上修改，代号不变；"
    yield "`notice diff` 逐项列出不同，`replay` 演练影响哪些单位。"


def _table(title: str, heads: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> Iterator[str]:
    yield from ("", f"## {title}", "", f"| {' | '.join(heads)} |", f"|{' --- |' * len(heads)}")
    for row in rows:
        yield f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in row)} |"


def _words(title: str, words: Mapping[Category, tuple[str, ...]]) -> Iterator[str]:
    yield from _table(title, ("类别", "词"), ((_CATEGORY[key], "、".join(value)) for key, value in words.items()))


if __name__ == "__main__":
    print(handbook(), end="")  # noqa: T201  # writes the page
