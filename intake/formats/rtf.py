"""Rich Text Format, read for its text: control words and groups as RTF 1.9.1 tells, without any layout.

Bytes written as `\\'hh` are in the charset of the current font, else of the document (`\\ansicpg936` is GBK); they are
collected until something else comes, because a Chinese character is two of them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import NamedTuple

DEEP = 1000
"""Groups within groups."""
MAX_TOKENS = 3_000_000
"""Words, braces and runs of text; a report with pictures has some hundred thousand."""
TOKEN = re.compile(rb"\\([a-zA-Z]{1,32})(-?[0-9]{1,10})? ?|\\'([0-9a-fA-F]{2})|\\([^a-zA-Z'])|([{}])|([^\\{}\r\n]+)")
SKIPPED = frozenset(
    b"colortbl info header headerl headerr headerf footer footerl footerr footerf footnote annotation ftnsep ftnsepc"
    b" listtext pntext pntxta pntxtb fldinst nonshppict themedata colorschememapping datastore latentstyles objdata"
    b" xmlnstbl rsidtbl generator listtable listoverridetable revtbl bkmkstart bkmkend pgptbl template filetbl".split()
)
_KEPT = frozenset(b"shppict shpinst shptxt fldrslt ud upr".split())
"""Destinations marked as optional that hold what a reader sees."""
_CHARACTERS = {
    b"tab": "\t", b"line": "\n", b"emdash": "—", b"endash": "–", b"bullet": "•", b"lquote": "‘", b"rquote": "’",
    b"ldblquote": "“", b"rdblquote": "”", b"emspace": " ", b"enspace": " ", b"cell": "", b"nestcell": "",
}  # fmt: skip
_SYMBOLS = {b"~": " ", b"_": "-", b"\\": "\\", b"{": "{", b"}": "}"}
CHARSETS = {134: "gb18030", 136: "big5", 128: "cp932", 129: "cp949", 0: "cp1252", 204: "cp1251"}
PAGES = {936: "gb18030", 54936: "gb18030", 950: "big5", 932: "cp932", 949: "cp949", 65001: "utf-8"}
_SAID = frozenset((b"u", b"par", b"sect", b"page", b"cell", b"row", *_CHARACTERS))
_CHANGES = SKIPPED | {
    *(b"fonttbl", b"stylesheet", b"pict", b"ansicpg", b"fcharset", b"f", b"uc", b"v", b"deleted"),
    *(b"outlinelevel", b"s", b"intbl", b"pard", b"plain"),
}
_RESET = {b"pard": {"level": 9, "style": 0, "in_table": False}, b"plain": {"hidden": False, "font": -1}}


class Mark(NamedTuple):
    """What happens at one place of the text."""

    what: str
    """text, par, cell, row, picture"""
    text: str = ""
    data: bytes = b""
    heading: bool = False
    in_table: bool = False


@dataclass(frozen=True, slots=True)
class _State:
    """What a group inherits from the one around it."""

    into: str = "text"
    """text, skip, fonts, styles, picture"""
    font: int = -1
    after_unicode: int = 1
    hidden: bool = False
    level: int = 9
    style: int = 0
    in_table: bool = False


@dataclass(slots=True)
class Rtf:
    """One document; `marks` is taken once."""

    data: bytes
    cut: bool = False
    """True when groups are still open where the reading ended."""
    _charset: str = "cp1252"
    _fonts: dict[int, str] = field(default_factory=dict)
    _headings: set[int] = field(default_factory=set)
    _bytes: bytearray = field(default_factory=bytearray)
    _hex: bytearray = field(default_factory=bytearray)
    _name: bytearray = field(default_factory=bytearray)
    _skip: int = 0
    """Characters that follow a Unicode one for readers that know none."""
    _half: str = ""
    """First half of a surrogate pair."""
    _words: list[str] = field(default_factory=list)
    """Text that is not told yet."""

    def marks(self) -> Iterator[Mark]:
        """Text, ends of paragraphs, cells and rows, and pictures, in order; ValueError when it is no RTF."""
        state, stack, at, optional = _State(), list[_State](), 0, False
        for _ in range(MAX_TOKENS):
            match = TOKEN.search(self.data, at)
            if match is None:
                break
            at = match.end()
            word, number, octet, symbol, brace, text = match.groups()
            if octet is None and text is None and self._bytes:  # Word writes "体" in GBK as \\'cce, half of it plain
                self._flush(state)
            if len(self._words) > 10_000:
                yield self._told()
            if brace == b"{":
                if len(stack) >= DEEP:
                    raise ValueError("groups nested too deep")
                stack.append(state)
            elif brace == b"}":
                yield from self._closed(state)
                state = stack.pop() if stack else state
                if not stack:
                    break
            elif symbol == b"*":
                optional = True
                continue
            elif word is not None:
                value = int(number) if number is not None else None
                if word == b"bin" and value is not None:
                    if state.into == "picture":
                        self._hex += self.data[at : at + max(0, value)].hex().encode()
                    at += max(0, value)
                elif optional and word not in _KEPT:
                    state = replace(state, into={b"stylesheet": "styles"}.get(word, "skip"))
                else:
                    state = self._control(state, word, value)
                    if word in _SAID or state.into == "styles":
                        yield from self._said(state, word, value)
            elif octet is not None:
                self._octet(state, octet)
            elif symbol is not None or text is not None:
                if symbol in (b"\r", b"\n") and state.into == "text":
                    yield from self._ended("par", state)
                self._plain(state, symbol, text)
            optional = False
        self.cut = bool(stack)
        self._flush(state)
        yield self._told()

    def _control(self, state: _State, word: bytes, value: int | None) -> _State:
        """What a word changes in the state."""
        if word not in _CHANGES:
            return state
        if word in SKIPPED:
            return replace(state, into="skip")
        if word in (b"fonttbl", b"stylesheet", b"pict"):
            self._hex.clear()
            into = {b"fonttbl": "fonts", b"stylesheet": "styles", b"pict": "picture"}[word]
            return replace(state, into=into if state.into != "skip" else "skip")
        if word == b"ansicpg" and value is not None:
            self._charset = PAGES.get(value, f"cp{value}" if 1250 <= value <= 1258 else "cp1252")
        elif word == b"fcharset" and state.into == "fonts":
            self._fonts[state.font] = CHARSETS.get(value or 0, self._charset)
        elif word == b"f":
            return replace(state, font=value or 0)
        elif word == b"uc":
            return replace(state, after_unicode=max(0, min(value or 0, 10)))
        elif word in (b"v", b"deleted"):
            return replace(state, hidden=value != 0)
        elif word == b"outlinelevel":
            return replace(state, level=value if value is not None else 9)
        elif word == b"s":
            return replace(state, style=value or 0)
        elif word == b"intbl":
            return replace(state, in_table=True)
        elif word in _RESET:
            return replace(state, **_RESET[word])  # type: ignore[arg-type]  # the fields of that type
        return state

    def _said(self, state: _State, word: bytes, value: int | None) -> Iterator[Mark]:
        """What a word puts into the text."""
        if state.into == "styles" and word == b"outlinelevel" and (value or 0) < 9:
            self._headings.add(state.style)
        if state.into != "text" or state.hidden:
            return
        if word == b"u" and value is not None:
            self._skip = state.after_unicode
            self._unicode(value & 0xFFFF)
        elif word in (b"par", b"sect", b"page"):
            yield from self._ended("par", state)
        elif word in (b"cell", b"row"):
            yield from self._ended(word.decode(), state)
        elif word in _CHARACTERS:
            self._words.append(_CHARACTERS[word])

    def _ended(self, what: str, state: _State) -> Iterator[Mark]:
        """A paragraph, cell or row is over; its words come first."""
        yield self._told()
        heading = state.level < 9 or state.style in self._headings
        yield Mark(what, heading=heading, in_table=state.in_table)

    def _told(self) -> Mark:
        text = "".join(self._words)
        self._words.clear()
        return Mark("text", text)

    def _unicode(self, code: int) -> None:
        pair, self._half = self._half + chr(code), ""
        if 0xD800 <= code < 0xDC00:
            self._half = chr(code)
        else:
            self._words.append(pair.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace"))

    def _octet(self, state: _State, octet: bytes) -> None:
        if self._skip:
            self._skip -= 1
        elif state.into == "text" and not state.hidden:
            self._bytes.append(int(octet, 16))
        elif state.into == "styles":
            self._name.append(int(octet, 16))

    def _plain(self, state: _State, symbol: bytes | None, text: bytes | None) -> None:
        plain = text if text is not None else _SYMBOLS.get(symbol or b"", "").encode()
        if state.into == "picture":
            self._hex += plain
        elif state.into == "styles":
            self._name += plain
        elif state.into == "text" and not state.hidden:
            used, self._skip = min(self._skip, len(plain)), max(0, self._skip - len(plain))
            self._bytes += plain[used:]
            self._flush(state)

    def _closed(self, state: _State) -> Iterator[Mark]:
        """A group ends: a picture or the name of a style is complete."""
        if state.into == "picture" and self._hex:
            digits = bytes(self._hex).translate(None, b" \t\r\n")
            self._hex.clear()
            try:
                data = bytes.fromhex(digits[: len(digits) & ~1].decode("ascii"))
            except ValueError:
                return  # a picture that is no picture
            yield self._told()
            yield Mark("picture", data=data)
        elif state.into == "styles":
            name = self._name.decode(self._charset, "replace").strip(" ;").lower()
            if name.startswith(("heading", "title", "subtitle", "标题")):
                self._headings.add(state.style)
            self._name.clear()

    def _flush(self, state: _State) -> None:
        if self._bytes:
            self._half = ""
            charset = self._fonts.get(state.font, self._charset)
            text = self._bytes.decode(self._charset if charset == "cp1252" else charset, "replace")
            self._bytes.clear()
            self._words.append(text)
