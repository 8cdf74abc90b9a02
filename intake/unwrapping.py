"""The lines of a PDF page put together again: a line ends where the page ends, not where the sentence does."""

from __future__ import annotations

import re
import unicodedata

_FOOTER = re.compile(r"^[—–―\-·\s]*\d{1,3}[—–―\-·\s]*$|^第?\s*\d{1,3}\s*页?\s*[/／,，]?\s*(?:共\s*\d{1,3}\s*页)?$")
"""Numbers of pages that stand alone on a line."""
_ENDS = re.compile(r"[。;；:：!！?？]$")
_BEGINS = re.compile(
    r"^(?:[一二三四五六七八九十]{1,3}[、.．]|[（(][一二三四五六七八九十\d]{1,3}[)）]|\d{1,2}[.．、)）](?!\d)|[①-⑳•●■]|附件|附表|抄送|联系人)"
)
_SLACK = 5
"""A full line may be this much shorter, in half widths: signs that must not begin a line take their neighbour down."""


def unwrapped(text: str) -> str:
    """The text with the paragraphs in one line each, and without page numbers.

    >>> unwrapped("关于报送材料的通知\\n请各单位于10月12日前将总结发送至zlb@yun\\nling.example。\\n— 1 —\\n一、总结")
    '关于报送材料的通知\\n请各单位于10月12日前将总结发送至zlb@yunling.example。\\n一、总结'
    """
    lines = [line.strip() for line in text.split("\n") if not _FOOTER.match(line.strip()) or not line.strip()]
    widths = sorted(_width(line) for line in lines if line)
    if not widths:
        return text
    full = widths[int(len(widths) * 0.9)] if len(widths) > 20 else widths[-1]
    joined: list[str] = []
    open_line = False
    for line in lines:
        if open_line and line and not _BEGINS.match(line):
            joined[-1] += _between(joined[-1], line) + line
        else:
            joined.append(line)
        open_line = bool(line) and full - _SLACK <= _width(line) and not _ENDS.search(line)
    return "\n".join(joined)


def _between(before: str, after: str) -> str:
    """A blank between two English words; none in an address or among Chinese signs."""
    words = before[-1:].isascii() and before[-1:].isalpha() and after[:1].isascii() and after[:1].isalpha()
    broken = "@" in before[-30:].rsplit(" ", 1)[-1] or "@" in after.split(" ", 1)[0]
    return " " if words and not broken else ""


def _width(line: str) -> int:
    """In half widths."""
    return sum(2 if unicodedata.east_asian_width(sign) in "WFA" else 1 for sign in line)
