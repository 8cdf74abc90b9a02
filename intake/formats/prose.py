"""Text found in files, made ready to be weighed: cleaned, cut to a limit, with its headings."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from rules.facts import Picture, Sheet, TextFacts

LIMIT = 1_000_000
"""Characters of text that are kept."""
HEADINGS = 30
SHORT = 40
"""Characters of a line that may still be a heading."""

_UNWANTED = re.compile("[\x00-\x08\x0b-\x1f\x7f\ufffe\uffff\ud800-\udfff]")
_ANNEX = re.compile(r"附\s*[件录表]?\s*[0-9一二三四五六七八九十]*\s*[:：]?")
_SENTENCE = ("。", "；", "，", "、", ";", ",", "：", ":")


def clean(text: str) -> str:
    """Text without control characters and lone surrogates, so that it goes through JSON and XML.

    >>> clean("年度\\x0b总结\\ud800")
    '年度总结'
    """
    return _UNWANTED.sub("", text.replace("\r\n", "\n").replace("\r", "\n").replace("\xa0", " "))


def count(text: str) -> int:
    """Characters that are not white space.

    >>> count("质量 月\\n总结")
    5
    """
    return len("".join(text.split()))


def headings(paragraphs: Sequence[str], styled: Iterable[str] = ()) -> tuple[str, ...]:
    """Lines that look like headings, in order: those in `styled`, and the short ones at the very top.

    A line like 附件2 above the title is not one.

    >>> headings(["附件2", "滨江区质量月活动总结", "今年九月，我区开展了一系列活动。", "一、组织"], ["一、组织"])
    ('滨江区质量月活动总结', '一、组织')
    """
    wanted = set(styled)
    top = [line for line in paragraphs[:8] if line.strip() and not _ANNEX.fullmatch(line.strip())][:3]
    for line in top:
        if len(line.strip()) > SHORT or line.strip().endswith(_SENTENCE) or "。" in line:
            break
        wanted.add(line)
    found: dict[str, None] = {}
    for line in paragraphs:
        if line in wanted and line.strip() and len(found) < HEADINGS:
            found.setdefault(" ".join(line.split())[:200])
    return tuple(found)


def text_facts(
    format: str,
    paragraphs: Sequence[str],
    *,
    styled: Iterable[str] = (),
    pages: int = 0,
    pictures: tuple[Picture, ...] = (),
    tables: tuple[Sheet, ...] = (),
    truncated: bool = False,
    scanned: bool = False,
    seal: bool = False,
) -> TextFacts:
    """Facts of a document from its cleaned paragraphs, cut off at `LIMIT` characters."""
    text = "\n".join(paragraphs)
    return TextFacts(
        format=format,
        text=text[:LIMIT],
        characters=count(text),
        headings=headings(paragraphs, styled),
        pages=pages,
        pictures=pictures,
        tables=tables,
        truncated=truncated or len(text) > LIMIT,
        scanned=scanned,
        seal=seal,
    )
