"""Lines about pictures brought into one form before captions are read from them, and words that are no caption.

`1、图1：…`, `附件2 图1：…`, `…（图1）`, `左图：…`, `图1为…` all become `图1：…`; a run of numbers in one line
(`说明：1、…2、…`) becomes a line each.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from rules.words import NUMERAL, bare, fold, numeral

_PICTURE = r"(?:图片|照片|相片|配图|图)"
_ORDINAL = re.compile(rf"(?:^|(?<=[。；;！!:：\s]))[（(]?({NUMERAL})(?:[)）]|[、.．](?!\d))|([①-⑳])")
_LIST_BEFORE = re.compile(
    rf"^\s*(?:[（(]?{NUMERAL}[)）]?[、.．:：]?|附件\s*{NUMERAL}?\s*[:：]?)\s*(?=[（(【\[]?{_PICTURE}\s*[（(]?{NUMERAL})"
)
_SIDES = re.compile(r"^\s*[（(【]?([左右上下])(?:侧|边|方|面)?的?(?:图|照片|图片)[）)】]?\s*[:：为是]\s*")
_SIDE_NUMBER = {"左": "1", "右": "2", "上": "1", "下": "2"}
_AFTER = re.compile(rf"^\s*(.{{10,}}?)\s*[（(【]\s*(?:见|如)?{_PICTURE}\s*({NUMERAL})\s*[）)】][。.]?\s*$")
_IS = re.compile(rf"^\s*({_PICTURE})\s*({NUMERAL})(?:是|为|显示的?是?|反映的?是?|展示的?是?)[:：]?(?=.{{12}})")
_SAID_OF = re.compile(rf"^[^:：]{{0,30}}{_PICTURE}[^:：]{{0,12}}[，,;；]\s*(?:文字)?说明[:：]\s*(?=.{{8}})")
_HEADING = re.compile(
    rf"^\s*(?:[（(]?{NUMERAL}[)）]?[、.．]?\s*)?((?:特色|活动|质量月)*{_PICTURE}的?(?:文字)?(?:说明|简介|介绍))\s*$"
)
_NAMED_IN_BRACKETS = re.compile(
    rf"^\s*{_PICTURE}\s*{NUMERAL}?\s*[（(【\[]\s*([^（）()]{{1,80}}\.(?:jpe?g|png|bmp|heic))\s*[）)】\]]\s*[:：]?\s*",
    re.IGNORECASE,
)

_BLANK = re.compile(
    r"(?:x|×|某|_|\.|…|\*|-|/|□|○)*|无|略|暂无|暂缺|空|待(?:补充?|定|报|填写?|后补)|同上|如上|见(?:图|上|附件)"
    r"|(?:图片|照片|相片)?(?:文字)?(?:说明|简介|描述|内容|名称|标题)(?:文字)?"
    r"|(?:请|在此|此处|这里)+(?:填写|输入|补充|写|插入|填).*"
    r"|(?:约|大约|不超过|限)?\d+字?(?:左右|以内|以上)?(?:的)?(?:文字)?说明?|(?:文字)?说明?(?:约|限)?\d+字(?:左右|以内)?"
    r"|.{0,4}(?:活动)?(?:现场)?(?:图片|照片|图)[0-9一二三四五六七八九十]*"
)
_LONGEST_BLANK = 200
"""Characters of what may still be such words."""
_FILE_NAME = re.compile(r"\S{1,80}\.(?:jpe?g|png|bmp|heic)", re.IGNORECASE)
_RUN_OF_BLANKS = re.compile(r"[^\S\n]{9,}")
_UNFILLED = re.compile(r"[xX×＿_]{2,}|某{2,}|□{2,}")


def squeezed(text: str) -> str:
    """The text with long runs of blanks shortened: every pattern about captions steps over them in several ways.

    >>> squeezed("图1" + " " * 5000 + "说明")
    '图1        说明'
    """
    return _RUN_OF_BLANKS.sub(" " * 8, text)


def is_placeholder(text: str) -> bool:
    """True for what stands where a caption should, and is none: XXXX, 请填写说明, 待补充, 活动照片.

    >>> is_placeholder("XX月XX日，XX局在XX开展XX活动"), is_placeholder("（请在此填写50字左右说明）")
    (True, True)
    >>> is_placeholder("活动照片1"), is_placeholder("IMG_2034.jpg")
    (True, True)
    >>> is_placeholder("九月六日，工作人员在中心广场宣传XX品牌家电安全知识")
    False
    """
    core = bare(text)
    runs = _UNFILLED.findall(fold(text))
    blank = (len(core) <= _LONGEST_BLANK and _BLANK.fullmatch(core)) or _FILE_NAME.fullmatch(text.strip())
    return bool(blank) or len(runs) >= 3 or any(len(run) >= 4 for run in runs)


def untangled(line: str) -> Iterator[str]:
    """The line in the forms that `caption_lines` reads: one caption a line, its mark in front."""
    for part in _split(line):
        yield _marked(part)


def _split(line: str) -> list[str]:
    """At 1、…2、…3、… when the numbers run from 1 on, and there are two or more."""
    cuts: list[int] = []
    for match in _ORDINAL.finditer(line):
        number = numeral(match[1] or match[2])
        if number == len(cuts) + 1:
            cuts.append(match.start())
        elif not cuts and number is not None:
            return [line]  # the line itself is a later item of a list
    if len(cuts) < 2:
        return [line]
    ends = [*cuts[1:], len(line)]
    lead = [line[: cuts[0]]] if line[: cuts[0]].strip() else []
    return [*lead, *(line[start:end] for start, end in zip(cuts, ends, strict=True))]


def _marked(line: str) -> str:
    named = _NAMED_IN_BRACKETS.match(line)
    if named:
        return f"{named[1]}：{line[named.end() :]}"
    said = _SAID_OF.match(line)
    if said:
        return f"图片说明：{line[said.end() :]}"
    line = _LIST_BEFORE.sub("", line)
    side = _SIDES.match(line)
    if side:
        return f"图{_SIDE_NUMBER[side[1]]}：{line[side.end() :]}"
    after = _AFTER.match(line)
    if after:
        return f"图{after[2]}：{after[1]}"
    heading = _HEADING.match(line)
    if heading:
        return f"{heading[1]}："
    return _IS.sub(r"\1\2：", line)
