"""The list of annexes at the end of a notice: 附件：1. … 2. …"""

from __future__ import annotations

import re
from collections.abc import Iterator

import msgspec

from rules.compile.page import Page

_START = re.compile(r"(?:^|\n|。)附[件表]\d{0,2}(?:\([^)]{0,6}\))?[:.、]?")
_STOP = re.compile(
    r"^\n?(?:[\u4e00-\u9fa5“”]{4,30}(?:局|厅|部|委|办公室|委员会|会|院|处|中心|公司|组)$|[\u4e00-\u9fa5]{2,14}:|[^\n]{0,24}(?:19|20)\d{2}年\d|二[〇零])|联系|电话|邮箱|。"
)


class Annex(msgspec.Struct, frozen=True, kw_only=True):
    """One annex, with its place in the page's tidy text."""

    number: int
    name: str
    start: int
    end: int


def annexes(page: Page) -> tuple[Annex, ...]:
    """The annexes of the list, in order.

    >>> from rules.compile.page import read_page
    >>> [a.name for a in annexes(read_page("请报送。\\n附件：1.报名表\\n2.承诺书\\n清河县教育局\\n2022年8月1日"))]
    ['报名表', '承诺书']
    """
    found = list(_START.finditer(page.text))
    lists = [(_is_numbered(page.text, start.end()), list(_entries(page, start.end()))) for start in found]
    return tuple(max(lists, key=lambda one: (one[0], len(one[1])), default=(False, []))[1])


def _is_numbered(text: str, start: int) -> bool:
    """附件：1.……2.…… is the list itself; 附件1 alone on a line opens the annex printed behind it."""
    return bool(re.match(r"\n?1[.、]", text[start : start + 4]))


def _entries(page: Page, start: int) -> Iterator[Annex]:
    place, number = start, 0
    text = page.text
    for line in text[start : start + 1500].split("\n")[:16]:
        stop = place + len(line)
        if (number and _STOP.match(line)) or len(line) > 160:
            return
        if "。" in line[:-1] and number:
            return
        cuts = list(
            re.finditer(
                r"(?:^(?:附件)?\(?([1-9]\d?)(?:[.、:)]\s*|(?=[\u4e00-\u9fa5《“]))|(?<=[;,、\u4e00-\u9fa5》)”cfx])(?:附件)?\(?([1-9]\d?)[.、:)])(?!(?!(?:19|20)\d{2}年)[\d年月日])",
                line,
            )
        )
        pieces = [
            (cut.end(), cuts[n + 1].start() if n + 1 < len(cuts) else len(line)) for n, cut in enumerate(cuts)
        ] or [(0, len(line))]
        if cuts and cuts[0].start() > 8:
            pieces.insert(0, (0, cuts[0].start()))
        for begin, end in pieces:
            name = line[begin:end].strip(";,.、:。 ")
            if len(name) >= 2 and not re.fullmatch(r"[\d\W]+", name):
                number += 1
                at = place + line.find(name, begin)
                clean = re.sub(r"\.(?:docx?|xlsx?|pdf|rar|zip|wps)$", "", name).strip("《》")
                yield Annex(number=number, name=clean, start=at, end=at + len(name))
        if not line and number:
            return
        place = stop + 1
