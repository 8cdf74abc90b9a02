"""HTML mail bodies → lines of text with the links in them, by one linear scan.

Only what a reader of the mail would see: script, style, comments and hidden blocks are dropped, block elements
end lines. Each line knows how deep in the blocks it stands and whether it is inside marked-up quotation.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from dataclasses import dataclass, field

MAX_HTML = 2_000_000
"""Characters of HTML that are looked at."""

_NAME = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9:_-]{0,40})")
_ATTRIBUTE = re.compile(r"""([^\s"'=<>/]{1,60})\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]*))""")
_RAW = {name: re.compile(rf"</{name}\b", re.IGNORECASE) for name in ("script", "style", "title", "textarea")}
_BLANKS = re.compile(r"[ \t\r\n\f\v\xa0\u200b\ufeff]+")  # the ideographic space stays: it is a letter's width
_BLOCKS = frozenset(
    re.findall(
        r"\w+",
        "html body div table tbody thead tfoot tr td th ul ol blockquote center section article header footer form"
        " fieldset pre dl includetail",
    )
)
_BREAKS = _BLOCKS | frozenset(["p", "br", "li", "h1", "h2", "h3", "h4", "h5", "h6", "hr", "dd", "dt", "address"])
_CELLS = frozenset(["td", "th"])
_QUOTE_CLASS = re.compile(r"(?:^|\s)(?:gmail_quote|gmail_extra|yahoo_quoted|protonmail_quote|ntes_not_fresh_quote)")
_QUOTE_IDS = frozenset(["isReplyContent", "original-content", "isForwardContent", "OLK_SRC_BODY_SECTION"])
_HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)


@dataclass(slots=True)
class Anchor:
    """An element that leads somewhere: `href`, or the `downloadlink` of webmail blocks."""

    url: str
    """HTML-unescaped."""
    attributes: dict[str, str]
    text: str = ""


@dataclass(slots=True)
class Line:
    """One visible line of a body."""

    text: str = ""
    depth: int = 0
    """Block elements around it; 0 in plain text."""
    quoted: bool = False
    """Inside a blockquote or another element that marks history."""
    floor: int = 0
    """The fewest block elements that were open at any time since the line before."""
    anchors: list[Anchor] = field(default_factory=list)
    pictures: list[str] = field(default_factory=list)
    """Content-IDs of enclosed pictures that are shown right before `text`."""


@dataclass(slots=True)
class Tag:
    """One start or end tag; `attributes` is their raw text."""

    name: str
    closing: bool
    attributes: str


def tokens(source: str) -> Iterator[str | Tag]:
    """Text runs (still escaped) and tags, in order; content of script, style and comments left out."""
    position, comments, quotes = 0, True, True
    size = len(source)
    while position < size:
        start = source.find("<", position)
        if start < 0:
            break
        if start > position:
            yield source[position:start]
        if source.startswith("<!--", start):
            end = source.find("-->", start + 4) if comments else -1
            comments = end >= 0
            position = end + 3 if end >= 0 else start + 4
            continue
        match = _NAME.match(source, start)
        if match is None and source[start + 1 : start + 2] not in ("!", "?"):
            yield "<"
            position = start + 1
            continue
        end = source.find(">", start)
        if end < 0:
            position = start + 1
            break
        if match is None:
            position = end + 1
            continue
        if quotes and source.count('"', start, end) % 2:  # ">" inside a quoted value
            closing = source.find('"', end)
            quotes = closing >= 0
            end = source.find(">", closing) if closing >= 0 else end
            if end < 0:
                break
        name = match[2].lower()
        yield Tag(name, bool(match[1]), source[match.end() : end])
        position = end + 1
        if name in _RAW and not match[1]:
            over = _RAW[name].search(source, position)
            if over is None and name == "script":
                return
            position = over.start() if over else position
    if position < size:
        yield source[position:]


def attributes(raw: str) -> dict[str, str]:
    """Attributes of a tag by lower-case name, unescaped; the first of each name."""
    found: dict[str, str] = {}
    for match in _ATTRIBUTE.finditer(raw):
        found.setdefault(match[1].lower(), html.unescape(match[2] or match[3] or match[4] or "").strip())
    return found


class _Page:
    """The state of the scan: open blocks, the current line, where quotation and hidden blocks began."""

    def __init__(self) -> None:
        self.lines: list[Line] = []
        self._stack: list[str] = []
        self._line = Line()
        self._floor = 0
        self._quoted_from = 0
        self._hidden_from = 0
        self._open: Anchor | None = None
        self._preformatted = 0
        self._row = 0

    def text(self, raw: str) -> None:
        if self._hidden_from:
            return
        first, *more = raw.split("\n") if self._preformatted else (raw,)
        self._words(first)
        for line in more:
            self._break(always=True)
            self._words(line)

    def _words(self, raw: str) -> None:
        text = _BLANKS.sub(" ", html.unescape(raw))
        if not self._line.text:
            text = text.lstrip()
        if self._line.text.endswith((" ", "\t")):
            text = text.lstrip(" ")
        if not text:
            return
        if not self._line.text:
            self._line.depth, self._line.quoted = len(self._stack), bool(self._quoted_from)
        self._line.text += text
        if self._open is not None:
            self._open.text += text

    def tag(self, tag: Tag) -> None:
        if tag.name in _CELLS and not tag.closing and not self._line.text:
            self._resume()
        if tag.name in _CELLS and self._line.text and len(self._line.text) < 2000:
            self._line.text = self._line.text.rstrip() + "\t"  # the cells of a row stay one line
        elif tag.name in ("p", "div") and self._line.text.endswith("\t"):
            pass  # the first paragraph of a cell
        elif tag.name in _BREAKS and not (tag.closing and tag.name in _CELLS):
            self._break(always=tag.name == "br")
        if tag.name == "pre":
            self._preformatted = max(0, self._preformatted + (-1 if tag.closing else 1))
        if tag.closing:
            self._close(tag.name)
            return
        found = attributes(tag.attributes) if tag.attributes else {}
        if tag.name in _BLOCKS:
            self._push(tag.name, found)
        if tag.name == "img" and found.get("src", "").lower().startswith("cid:") and not self._hidden_from:
            self._break()
            self._line.depth, self._line.quoted = len(self._stack), bool(self._quoted_from)
            self._line.pictures.append(found["src"][4:].strip("<>"))
        url = found.get("href") or found.get("downloadlink") or ""
        if url and not self._hidden_from:
            anchor = Anchor(url, found)
            if not self._line.text:
                self._line.depth, self._line.quoted = len(self._stack), bool(self._quoted_from)
            self._line.anchors.append(anchor)
            self._open = anchor

    def _resume(self) -> None:
        """A cell begins: the last line of the cell before it, which a paragraph ended, goes on."""
        if len(self.lines) > self._row and self.lines[-1].text and self.lines[-1].depth <= len(self._stack) + 2:
            self._line = self.lines.pop()

    def _push(self, name: str, found: dict[str, str]) -> None:
        self._stack.append(name)
        if name == "tr":
            self._row = len(self.lines)
        marked = name == "blockquote" or found.get("id") in _QUOTE_IDS or _QUOTE_CLASS.search(found.get("class", ""))
        if marked and not self._quoted_from:
            self._quoted_from = len(self._stack)
        if not self._hidden_from and name != "body" and _HIDDEN.search(found.get("style", "")):
            self._hidden_from = len(self._stack)

    def _close(self, name: str) -> None:
        if name in ("a", "span"):
            self._open = None
        if name not in _BLOCKS or name not in self._stack[-50:]:
            return
        while self._stack.pop() != name:
            pass
        self._floor = min(self._floor, len(self._stack))
        if len(self._stack) < self._quoted_from:
            self._quoted_from = 0
        if len(self._stack) < self._hidden_from:
            self._hidden_from = 0

    def _break(self, always: bool = False) -> None:
        if self._line.text.strip() or self._line.anchors or self._line.pictures or always:
            self._line.text = self._line.text.strip()
            if not (self._line.text or self._line.anchors or self._line.pictures):
                self._line.depth, self._line.quoted = len(self._stack), bool(self._quoted_from)
            self._line.floor, self._floor = self._floor, len(self._stack)
            self.lines.append(self._line)
            self._line = Line()

    def finish(self) -> list[Line]:
        self._break()
        return self.lines


def html_lines(source: str) -> list[Line]:
    """The visible lines of an HTML body, with their links."""
    page = _Page()
    for token in tokens(source[:MAX_HTML]):
        if isinstance(token, str):
            page.text(token)
        else:
            page.tag(token)
    return page.finish()


def text_lines(source: str) -> list[Line]:
    """The lines of a plain text body."""
    return [Line(text.rstrip()) for text in source.splitlines()]
