"""The body of an Outlook mail that was kept as rich text only: its words, and the HTML page that it was made of.

Outlook wraps an HTML body into rich text ([MS-OXRTFEX]): the markup stands in groups that other readers skip, and
what only they shall see stands between `\\htmlrtf` and `\\htmlrtf0`. Undone here, because links of cloud
attachments and the pictures that the body shows stand in the markup alone.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from html import escape

from intake.formats.rtf import CHARSETS, DEEP, MAX_TOKENS, PAGES, SKIPPED, TOKEN, Rtf
from intake.mail.level import Words
from intake.mail.lzfu import unpacked

_BEGINNING = 1000
"""Bytes in which a document says what it was made of: among its first ten words, with names of fonts after them."""
_FROM_HTML = re.compile(rb"\\fromhtml1(?![0-9])")
_ENDS = {"par": "\n", "row": "\n", "cell": "\t"}
_MARKUP = {
    b"par": "\r\n", b"line": "\r\n", b"tab": "\t", b"lquote": "‘", b"rquote": "’", b"ldblquote": "“",
    b"rdblquote": "”", b"bullet": "•", b"endash": "–", b"emdash": "—",
}  # fmt: skip
_SYMBOLS = {b"~": "&nbsp;", b"_": "&shy;", b"\\": "\\", b"{": "{", b"}": "}", b"\r": "\r\n", b"\n": "\r\n"}


def words_of(compressed: bytes) -> Words:
    """The words in a compressed body: `html` when it was wrapped, else `plain`; both empty when it is damaged."""
    data = unpacked(compressed)
    if not data.lstrip().startswith(b"{\\rtf"):
        return Words()
    try:
        if _FROM_HTML.search(data[:_BEGINNING]):
            return Words(html=_Wrapped(data).page())
        return Words(plain="".join(_plain(data)).strip())
    except ValueError:  # groups nested as no program nests them
        return Words()


def _plain(data: bytes) -> Iterator[str]:
    for mark in Rtf(data).marks():
        yield _ENDS.get(mark.what, mark.text)


@dataclass(frozen=True, slots=True)
class _State:
    """What a group inherits from the one around it."""

    skip: bool = False
    fonts: bool = False
    """Within the table of fonts."""
    hidden: bool = False
    """Between htmlrtf and htmlrtf0."""
    markup: bool = False
    """Within htmltag."""
    font: int = -1
    after_unicode: int = 1


@dataclass(slots=True)
class _Wrapped:
    """A page that is wrapped into rich text."""

    data: bytes
    _charset: str = "cp1252"
    _fonts: dict[int, str] = field(default_factory=dict)
    _out: list[str] = field(default_factory=list)
    _bytes: bytearray = field(default_factory=bytearray)
    _skip: int = 0
    _half: str = ""

    def page(self) -> str:
        """The HTML; ValueError when groups are nested too deep."""
        state, stack, at, optional = _State(), list[_State](), 0, False
        for _ in range(MAX_TOKENS):
            match = TOKEN.search(self.data, at)
            if match is None:
                break
            at = match.end()
            word, number, octet, symbol, brace, text = match.groups()
            if octet is None and text is None:  # text may be the second half of a character
                self._flush(state)
            if brace == b"{":
                if len(stack) >= DEEP:
                    raise ValueError("groups nested too deep")
                stack.append(state)
            elif brace == b"}":
                state = stack.pop() if stack else state
            elif symbol == b"*":
                optional = True
                continue
            elif word == b"bin":
                at += max(0, int(number or 0))
            elif word is not None:
                state = self._word(state, word, int(number) if number else None, optional=optional)
            elif octet is not None:
                self._octets(state, bytes([int(octet, 16)]))
            elif text is not None:
                self._octets(state, text)
            elif symbol is not None:
                self._add(state, _SYMBOLS.get(symbol, ""))
            optional = False
        self._flush(state)
        return "".join(self._out)

    def _word(self, state: _State, word: bytes, value: int | None, *, optional: bool) -> _State:
        if word == b"htmltag":
            return replace(state, markup=True)
        if word == b"fonttbl":
            return replace(state, fonts=True)
        if optional or word in SKIPPED or word in (b"stylesheet", b"pict"):
            return replace(state, skip=True)
        if word == b"htmlrtf":
            return replace(state, hidden=value != 0)
        if word == b"f":
            return replace(state, font=value or 0)
        if word == b"uc":
            return replace(state, after_unicode=max(0, min(value or 0, 10)))
        if word == b"ansicpg" and value is not None:
            self._charset = PAGES.get(value, f"cp{value}" if 1250 <= value <= 1258 else "cp1252")
        elif word == b"fcharset" and state.fonts:
            self._fonts[state.font] = CHARSETS.get(value or 0, self._charset)
        elif word == b"u" and value is not None:
            self._unicode(state, value & 0xFFFF)
        else:
            self._add(state, _MARKUP.get(word, ""))
        return state

    def _unicode(self, state: _State, code: int) -> None:
        pair, self._half = self._half + chr(code), ""
        if 0xD800 <= code < 0xDC00:
            self._half = chr(code)
        else:
            character = pair.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
            self._add(state, character if state.markup else escape(character))
        self._skip = state.after_unicode

    def _add(self, state: _State, text: str) -> None:
        if not (state.skip or state.fonts or state.hidden):
            self._out.append(text)

    def _octets(self, state: _State, data: bytes) -> None:
        used = min(self._skip, len(data))
        self._skip -= used
        self._bytes += data[used:]

    def _flush(self, state: _State) -> None:
        """Bytes that stand together are text in one charset; markup is in that of the document."""
        if self._bytes:
            self._half = ""
            charset = self._charset if state.markup else self._fonts.get(state.font, self._charset)
            self._add(state, self._bytes.decode(self._charset if charset == "cp1252" else charset, "replace"))
            self._bytes.clear()
