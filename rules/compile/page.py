"""The text of a notice in one spelling, every sign of which still knows where it stood in the original.

Web pages and PDF files break lines, add spaces, and mix full-width with ASCII signs. The grammar reads the
tidy text; what is quoted is cut from the original, so a quotation is always verbatim.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

import msgspec

LIMIT = 200_000
"""Characters of a notice that are read; the rest is left out."""
_DASHES = dict.fromkeys("—–―－−‐‑─﹣~～∼〜﹏", "-")
_SAME = _DASHES | {
    "〝": "“",
    "〞": "”",
    "＂": '"',
    "○": "〇",
    "◯": "〇",
    "﹕": ":",
    "∶": ":",
    "﹐": ",",
    "｡": "。",
    "﹒": ".",
}
_CLOSING = re.compile(r"[。:;!?,、]$|(?:通知|公告|启事|的函|办公室|委员会)$")
_NEW_LINE = re.compile(
    r"(?:[一二三四五六七八九十]{1,3}、|\([一二三四五六七八九十]{1,3}\)|\(?\d{1,2}[.)、]|[①-⑳]|附件|联系|电话|传真|邮箱|[\-|*•])"
)


class Page(msgspec.Struct, frozen=True, kw_only=True):
    """`text` is tidy; `at[i]` is the place of its i-th sign in `original`; `gaps` are places after which a space stood."""

    original: str
    text: str
    at: tuple[int, ...]
    gaps: frozenset[int]

    def quote(self, start: int, end: int) -> str:
        """The original words of a stretch of the tidy text, verbatim.

        >>> page = read_page("请于 ２０２２ 年前报送")
        >>> page.text, page.quote(2, 7)
        ('请于2022年前报送', '２０２２ 年')
        """
        if start >= end:
            return ""
        return self.original[self.at[start] : self.at[end - 1] + 1]

    def spaced(self, start: int, end: int) -> str:
        """The tidy words with one space where the original had some: for names that stand side by side."""
        return "".join(self.text[i] + (" " if i in self.gaps and i + 1 < end else "") for i in range(start, end))


def read_page(original: str) -> Page:
    """Tidy up: widths, dashes, quotation marks; spaces between Chinese signs; lines that were only wrapped."""
    original = original[: _end_of_notice(original[:LIMIT])]
    signs: list[str] = []
    at: list[int] = []
    gaps: set[int] = set()
    for place, sign in enumerate(original):
        plain = _plain(sign)
        if plain == " ":
            if signs:
                gaps.add(len(signs) - 1)
        elif plain:
            if plain == "\n" and (not signs or signs[-1] == "\n"):
                continue
            if signs and len(signs) - 1 in gaps and _needs_space(signs[-1], plain):
                signs.append(" ")
                at.append(place - 1)
            signs.append(plain)
            at.append(place)
    keep = _unwrapped(original, signs, at)
    moved = {old: new for new, old in enumerate(keep)}
    return Page(
        original=original,
        text="".join(signs[i] for i in keep),
        at=tuple(at[i] for i in keep),
        gaps=frozenset(moved[g] for g in gaps if g in moved),
    )


_NEXT_PAGE = re.compile(
    r"\n\s*(?:[-·•]\s*)?(?:相关(?:新闻|阅读|链接|文章|推荐)|上一[篇条]|下一[篇条]|推荐阅读|热门推荐|延伸阅读)\s*[:：]?[^\n]{0,60}(?=\n|$)"
)


def _end_of_notice(text: str) -> int:
    """Where the lines begin that a web page sets below its article, as long as no address stands there."""
    found = _NEXT_PAGE.search(text, len(text) * 2 // 5)
    return found.start() if found and "@" not in text[found.start() :] else len(text)


def _plain(sign: str) -> str:
    """One sign in the tidy spelling; "" for what cannot be seen."""
    if sign in "\r\n\x0b\x0c\x85\u2028\u2029":
        return "\n"
    if sign in _SAME:
        return _SAME[sign]
    category = unicodedata.category(sign)
    if sign == "\t" or category == "Zs":
        return " "
    if category in ("Cf", "Cc", "Cs", "Co", "Cn"):
        return ""
    if category == "No":  # ① and ² are no digits
        return sign
    folded = unicodedata.normalize("NFKC", sign)
    return _SAME.get(folded, folded) if len(folded) == 1 else sign


def _needs_space(before: str, after: str) -> bool:
    """Between two words or numbers of ASCII signs a space tells them apart; elsewhere it is decoration."""
    return before.isascii() and after.isascii() and before.isalnum() and after.isalnum()


def _unwrapped(original: str, signs: list[str], at: list[int]) -> list[int]:
    """The places to keep: a line break goes when the text was wrapped at a fixed width and the sentence runs on."""
    breaks = [i for i, sign in enumerate(signs) if sign == "\n"]
    lines = [(start, end) for start, end in _spans(breaks, len(signs)) if end > start]
    widths = [_columns(original[at[start] : at[end - 1] + 1]) for start, end in lines]
    widest = max(widths, default=0)
    if not 36 <= widest <= 120 or sum(width >= widest - 7 for width in widths) < 3:
        return list(range(len(signs)))
    drop = set()
    for number in range(len(lines) - 1):
        (start, end), (following, stop) = lines[number], lines[number + 1]
        line, rest = "".join(signs[start:end]), "".join(signs[following : min(stop, following + 8)])
        if widths[number] >= widest - 7 and not _CLOSING.search(line) and not _NEW_LINE.match(rest):
            drop |= set(range(end, following))
    return [i for i in range(len(signs)) if i not in drop]


def _columns(line: str) -> int:
    """Width on a screen: Chinese signs take two columns."""
    return sum(2 if unicodedata.east_asian_width(sign) in "WF" else 1 for sign in line)


def _spans(breaks: list[int], length: int) -> Iterator[tuple[int, int]]:
    start = 0
    for place in breaks:
        yield start, place
        start = place + 1
    yield start, length
