"""Sentences of a notice with the headings they stand under: 一、 （一） 1. ①, and bare lines that end like a heading."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Sequence

import msgspec

from rules.compile.page import Page

MARKERS: tuple[tuple[str, str], ...] = (
    (r"[一二三四五六七八九十]{1,3}[、.,:]|第[一二三四五六七八九十]{1,3}[条章、]", "一、"),
    (r"\([一二三四五六七八九十]{1,3}\)[、.]?", "（一）"),
    (
        r"\d{1,2}(?:[、)]|\.(?!\d)|\.(?=(?:19|20)\d{2}年))|\d{1,2}(?=[\u4e00-\u9fa5]{4})(?![年月日号时点分个张篇件份名人家条期场次字元届位所岁级万亿千百类种大幅组套])",
        "1.",
    ),
    (r"\(\d{1,2}\)[、.]?", "（1）"),
    (r"[①-⑳]", "①"),
    (r"[a-hA-H][.、)](?=[\u4e00-\u9fa5《“])", "a.报名表"),
    (r"(?:[-•●■◆★▲*√✓☆◎◇□▶►➤]|[\u2600-\u27bf\U0001f300-\U0001faff])\ufe0f?[ ]?", "•"),
)
"""List marks from the highest level to the lowest."""
_ENDS = re.compile(r"[。;!?\n]")
# 三、 right behind a full stop is a new line that got lost
_MARK_INSIDE = re.compile(
    r"(?<=[。;:!?])(?=(?:[一二三四五六七八九十]{1,3}、|\([一二三四五六七八九十]{1,3}\)|\d{1,2}、|\d{1,2}[.)](?!\d)|\(\d{1,2}\)|[①-⑳]))"
)
_MARK_SPACED = re.compile(
    r"(?:[一二三四五六七八九十]{1,3}、|\([一二三四五六七八九十]{1,3}\)|\d{1,2}[.、](?!\d))(?=[\u4e00-\u9fa5“《])"
)
_BARE = re.compile(r"^(?:[\u4e00-\u9fa5“”]{2,14}):?$")
_BARE_NOT = re.compile(
    r"^(?:各|有关|全|尊敬)|(?:办公室|委员会|协会|学会|局|厅|部|院|处|科|团委|公司|大学|中心|总会|工会|附件)$"
)
_ANNEX_BEGINS = re.compile(r"^附[件表]\d{0,2}(?:-\d)?:?$")
_INTRO = re.compile(r"([^,。;:]{0,20}(?:材料|内容|资料|包括|如下|以下|要求))[^,。;:]{0,6}:$")
"""The end of a line that a list follows: 请报送以下材料："""


class Sentence(msgspec.Struct, frozen=True, kw_only=True):
    """One sentence, with its place in the page's tidy text."""

    start: int
    end: int
    text: str
    """Without the list mark and without the sign that ends it."""
    number: int
    line: int
    level: int | None
    """Level of the list mark the sentence begins with; None when it begins with none."""
    heads: tuple[str, ...]
    """Labels of the headings and list points it stands under, outermost first; its own list point included."""
    paragraph: int
    """Number of the list point or paragraph; sentences of one point share it."""
    points: tuple[int, ...] = ()
    """`paragraph` of every list point it stands under, outermost first; its own included."""
    label: str = ""
    """The short beginning up to a colon or full stop, when this sentence opens a line."""


class Point(msgspec.Struct, frozen=True, kw_only=True):
    """A heading that is open while the text is read."""

    level: float
    label: str
    paragraph: int


def sentences(page: Page) -> tuple[Sentence, ...]:
    """All sentences of the page, in order."""
    found: list[Sentence] = []
    stack: list[Point] = []
    paragraph = 0
    # a bare line is a heading between numbered ones, or the only kind of heading there is
    numbered = bool(re.search(r"(?:^|\n)(?:一、|\(一\)|1[.、])", page.text))
    rows = list(_lines(page.text))
    for line, (start, end) in enumerate(rows):
        for part, (begin, stop) in enumerate(_parts(page, start, end)):
            level, after = _mark(page.text, begin, stop)
            opens = level is not None or part == 0
            if opens:
                paragraph += 1
                label = _label(page.text[after:stop])
                bare = level is None and bool(_BARE.match(page.text[begin:stop])) and not _BARE_NOT.search(label)
                intro = level is None and _INTRO.search(page.text[begin:stop])
                if intro and not bare:
                    while stack and stack[-1].level >= 1.9:
                        stack.pop()
                    stack.append(Point(level=1.9, label=intro[1], paragraph=paragraph))
                elif level is not None or bare:
                    depth = (
                        float(level) if level is not None else _depth(page.text, rows[line + 1 : line + 2], numbered)
                    )
                    while stack and stack[-1].level >= depth:
                        stack.pop()
                    stack.append(Point(level=depth, label=label, paragraph=paragraph))
            for number, (first, last) in enumerate(_split(page.text, after, stop)):
                text = page.text[first:last]
                opening = opens and number == 0
                found.append(
                    Sentence(
                        start=first,
                        end=last,
                        text=text,
                        number=len(found),
                        line=line,
                        level=level if opening else None,
                        heads=tuple(point.label for point in stack),
                        paragraph=paragraph,
                        points=tuple(dict.fromkeys((*(point.paragraph for point in stack), paragraph))),
                        label=_label(text) if opening else "",
                    )
                )
    return tuple(found)


def body(page: Page, lines: tuple[Sentence, ...]) -> tuple[Sentence, ...]:
    """The sentences of the notice itself, without the annexes printed behind it (附件1 alone on a line).

    A text in which the mailbox stands only there is taken as a whole.
    """
    several = {a.line for a, b in itertools.pairwise(lines) if a.line == b.line}
    cut = next(
        (
            s.number
            for s in lines
            if s.line not in several and s.number > 5 and s.start > len(page.text) * 0.3 and _ANNEX_BEGINS.match(s.text)
        ),
        None,
    )
    if cut is None or (not any("@" in s.text for s in lines[:cut]) and any("@" in s.text for s in lines[cut:])):
        return lines
    return lines[:cut]


def _lines(text: str) -> Iterator[tuple[int, int]]:
    start = 0
    for line in text.split("\n"):
        if line:
            yield start, start + len(line)
        start += len(line) + 1


def _parts(page: Page, start: int, end: int) -> Iterator[tuple[int, int]]:
    """A line, cut where a list mark stands behind a full stop, or behind a space where line breaks got lost."""
    inside = {found.start() for found in _MARK_INSIDE.finditer(page.text, start, end)}
    spaced = {found.start() for found in _MARK_SPACED.finditer(page.text, start, end) if found.start() - 1 in page.gaps}
    cuts = [start, *sorted(inside | spaced), end]
    yield from ((a, b) for a, b in itertools.pairwise(cuts) if a < b)


def _depth(text: str, following: Sequence[tuple[int, int]], numbered: bool) -> float:
    """Level of a heading without a list mark: above the list that begins right below it, else the lowest."""
    for start, end in following:
        level, _ = _mark(text, start, end)
        if level and re.match(r"[\(]?[1一]\)?[、.)]?(?!\d)|①", text[start:end]):
            return level - 0.5
    return 5.5 if numbered else -0.5


def _mark(text: str, start: int, end: int) -> tuple[int | None, int]:
    for level, (pattern, _) in enumerate(MARKERS):
        found = re.compile(pattern).match(text, start, end)
        if found:
            return level, found.end()
    return None, start


def _label(text: str) -> str:
    """The beginning up to a colon, comma or full stop outside brackets."""
    boxed = re.match(r"【[^【】]{1,12}】", text)
    if boxed:
        return boxed[0]
    depth = 0
    for place, sign in enumerate(text[:41]):
        depth += (sign == "(") - (sign == ")")
        if depth <= 0 and sign in "。:,;!?" and place > 1:
            return text[:place]
    return text if len(text) <= 40 else text[:20]


def _split(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Sentences of one line; a stop inside quotation marks or brackets does not end one."""
    depth, begin = 0, start
    for place in range(start, end):
        sign = text[place]
        if sign in "(《“":
            depth += 1
        elif sign in ")》”":
            depth = max(0, depth - 1)
        elif _ENDS.match(sign) and (depth == 0 or place - begin > 400):
            if place > begin:
                yield begin, place
            begin = place + 1
            depth = 0
    if begin < end:
        yield begin, end
