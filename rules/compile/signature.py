"""The end of a notice: the offices that sign it and the date."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from rules.compile.dates import Day, days
from rules.compile.page import Page

ORGANS = (
    "妇委会", "妇工委", "关工委", "日报", "晚报", "晨报", "网", "平台", "频道", "委会", "理事会", "秘书处", "执委会", "筹备组", "工作组", "学生处", "研究生会", "教工会", "联谊会", "志愿者协会", "杂志",
    "慈善会", "慈善总会", "红十字会", "记协", "侨联", "工商联", "社区", "居委会", "村委会", "办公室", "网信办", "安委办", "联席会议", "专班", "委办", "府办", "政府办", "爱卫办", "文明办", "创建办", "双创办", "河长办", "农办", "委员会", "人民政府", "管理局", "监督局", "监管局", "局", "厅", "委", "部", "学会", "协会", "联合会", "总工会", "工会", "工委", "团委", "党委",
    "研究会", "促进会", "商会", "联盟", "基金会", "学院", "大学", "学校", "中学", "小学", "医院", "图书馆", "博物馆", "文化馆", "科技馆", "美术馆", "馆",
    "研究室", "综合室", "教研室", "中心", "研究院", "研究所", "院", "处", "科", "公司", "集团", "报社", "杂志社", "编辑部", "出版社", "电视台", "广播电台", "融媒体中心", "总站", "站", "社",
    "组委会", "领导小组", "指挥部", "总会", "分会", "支部", "党支部", "法院", "检察院", "公安局", "支队", "总队", "大队", "银行", "保护区", "景区", "司", "署", "街道办事处", "镇政府", "党组", "妇联", "文联", "科协", "残联", "作协", "部门", "教务部", "学生会",
)  # fmt: skip
"""What names of offices end with."""


ORGAN = re.compile(rf"(?:{'|'.join(sorted(ORGANS, key=len, reverse=True))})(?:\([^)]*\))?$")


Row = tuple[int, int, str]


def rows_of(text: str) -> Iterator[Row]:
    """Every line with its place in the text: start, end, words."""
    start = 0
    for line in text.split("\n"):
        yield start, start + len(line), line
        start += len(line) + 1


_INLINE = re.compile(r"[。;,\d]([\u4e00-\u9fa5“”()]{4,30})(?=(?:19|20)\d{2}年|二[〇零0oO])[^。]{6,14}$")
"""A signature that a web page has run into the last line."""


def signature_of(page: Page, rows: Sequence[Row]) -> tuple[Day | None, str]:
    """The last line that is a date, and the offices in the lines above it or before it in the same line."""
    alone: Day | None = None
    for at in range(len(rows) - 1, -1 if len(rows) == 1 else 0, -1):
        start, end, line = rows[at]
        inline = _INLINE.search(line) if at == len(rows) - 1 else None
        if (
            inline
            and ORGAN.search(inline[1])
            and len(days_in := list(days(page.text, start + inline.end(1), end))) == 1
        ):
            return days_in[0], inline[1]
        if len(line) > 60 or at < len(rows) * 0.3:
            continue
        found = list(days(page.text, start, end))
        damaged = re.fullmatch(
            r"[二〇零一三四五六七八九]{2,5}年[一二三四五六七八九十]{1,2}月[一二三四五六七八九十]{1,3}日?", line
        )
        month = re.fullmatch(
            r"(.{0,30}?)(?:20\d{2}|二[〇零][一二][〇零一二三四五六七八九])年(?:\d{1,2}|[一二三四五六七八九十]{1,2})月",
            line,
        )
        if (damaged and len(found) != 1) or month:
            return None, _signers(page, rows, at)
        if len(found) != 1 or found[0].ranged:
            continue
        rest = line[: found[0].start - start] + line[found[0].end - start :]
        if not rest and (said := _signers(page, rows, at)):
            return found[0], said
        if not rest and at > len(rows) / 2:
            alone = alone or found[0]
        if not rest and (at == len(rows) - 1 or len(rows) - at <= 2) and not ORGAN.search(rows[-1][2]):
            return found[0], ""
        if ORGAN.search(rest) and len(rest) <= 40 and "," not in rest:
            return found[0], page.spaced(start, start + len(rest)) if line.startswith(rest) else rest
    for at, (start, end, line) in enumerate(rows[1:], start=1):  # the date stands above the office
        if (
            at > len(rows) * 0.5
            and at + 1 < len(rows)
            and len(list(days(page.text, start, end))) == 1
            and len(line) <= 12
        ):
            begin, stop, below = rows[at + 1]
            if 4 <= len(below) <= 40 and ORGAN.search(below) and not re.search(r"[,。;:]|附件", below):
                return next(days(page.text, start, end)), page.spaced(begin, stop)
    for start, end, line in reversed(rows[-4:]):  # unsigned date: an office alone on one of the last lines
        if 3 <= len(line) <= 30 and ORGAN.search(line) and not re.search(r"[,。;:]|附件|\d\.|^[各全]|^有关", line):
            return alone, page.spaced(start, end)
    return alone, ""


def _signers(page: Page, rows: Sequence[Row], at: int) -> str:
    said: list[str] = []
    for start, end, line in reversed(rows[max(0, at - 6) : at]):
        if len(line) > 50 or not ORGAN.search(line) or re.search(r"[。;:,@]|附件|^\d", line):
            break
        said.insert(0, " ".join(page.spaced(start, end).split()))
    return "、".join(said)
