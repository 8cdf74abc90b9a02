"""Web pages (html), and such in one file (mht): what office systems export under names like doc and xls.

Text, headings and tables by the same linear scan as the bodies of mails; pictures are elsewhere and not fetched.
"""

from __future__ import annotations

import binascii
import html
import quopri
import re
from contextlib import suppress
from pathlib import Path

from intake.formats.page import Enough, Page
from intake.mail.charset import decode
from intake.mail.markup import Tag, attributes, tokens
from intake.readers import Given, Reading, Refused, reads

MAX_BYTES = 4 << 20
"""Read of one file; the rest is left out and the facts say `truncated`."""
_CHARSET = re.compile(rb"""charset\s*=\s*["']?([A-Za-z0-9_.:-]{2,40})""", re.IGNORECASE)
_BOUNDARY = re.compile(rb"""boundary\s*=\s*(?:"([^"\r\n]{1,200})"|([^\s;"]{1,200}))""", re.IGNORECASE)
_ENCODING = re.compile(rb"content-transfer-encoding:\s*([\w-]+)", re.IGNORECASE)
_BLANKS = re.compile(r"[\s\u200b\ufeff]+")
_HEADINGS = frozenset(("h1", "h2", "h3", "h4", "h5", "h6", "caption"))
_PARAGRAPHS = _HEADINGS | {"p", "div", "li", "dt", "dd", "body", "blockquote", "pre", "center", "section", "article"}
_UNSEEN = frozenset(("head", "title", "textarea", "xml", "o:documentproperties"))


@reads("html", "mht")
def read_html(path: Path, given: Given) -> Reading:
    """The words that a browser would show, as paragraphs and tables."""
    with path.open("rb") as file:
        data = file.read(MAX_BYTES + 1)
    cut = len(data) > MAX_BYTES
    data = _page_of(data[:MAX_BYTES]) if given.kind == "mht" else data[:MAX_BYTES]
    declared = _CHARSET.search(data[:4096])
    text = decode(data, declared[1].decode("ascii") if declared else "").text
    writer = _Writer()
    with suppress(Enough):
        for token in tokens(text):
            if isinstance(token, str):
                writer.text(token)
            else:
                writer.tag(token)
    return Reading(facts=writer.page.facts(given.kind, truncated=cut))


class _Writer:
    """The page while the scan goes on."""

    def __init__(self) -> None:
        self.page = Page()
        self._tables = 0
        self._cell = False
        self._heading = False
        self._unseen = ""
        self._span = 1

    def text(self, raw: str) -> None:
        """Words between tags."""
        if not self._unseen:
            self.page.text(_BLANKS.sub(" ", html.unescape(raw)))

    def tag(self, tag: Tag) -> None:
        """A tag that opens or closes something."""
        if self._unseen:
            self._unseen = "" if tag.closing and tag.name == self._unseen else self._unseen
            return
        if tag.name in _UNSEEN:
            self._unseen = "" if tag.closing else tag.name
        elif tag.name == "br":
            self.page.text("\n")
        elif tag.name in ("td", "th"):
            self._end_cell()
            if not tag.closing:
                span = attributes(tag.attributes).get("colspan", "1")
                self._cell, self._span = True, int(span) if span.isdecimal() and len(span) < 4 else 1
        elif tag.name == "tr":
            self._end_cell()
            self.page.end_row()
        elif tag.name == "table":
            self._table(tag.closing)
        elif tag.name in _PARAGRAPHS:
            self.page.end_paragraph(heading=self._heading, in_table=self._cell)
            self._heading = tag.name in _HEADINGS and not tag.closing

    def _end_cell(self) -> None:
        if self._cell:
            self.page.end_cell(span=self._span)
        self._cell = False

    def _table(self, closing: bool) -> None:
        """Tables within tables only arrange the page; their cells are those of the inner one."""
        self._end_cell()
        self._tables = max(0, self._tables + (-1 if closing else 1))
        self.page.end_paragraph()


def _page_of(data: bytes) -> bytes:
    """The first HTML part of a MIME file (RFC 2557), decoded."""
    boundary = _BOUNDARY.search(data[:16_384])
    mark = b"--" + (boundary[1] or boundary[2]) if boundary else b""
    for part in data.split(mark, 50) if mark else [data]:
        head, gap, body = part.replace(b"\r\n", b"\n").lstrip(b"\n").partition(b"\n\n")
        if not gap or b"text/html" not in head.lower():
            continue
        encoding = _ENCODING.search(head)
        name = encoding[1].lower() if encoding else b""
        if name == b"base64":
            try:
                body = binascii.a2b_base64(body)
            except binascii.Error as error:
                raise Refused("damaged", "base64 of the page is cut") from error
        elif name == b"quoted-printable":
            body = quopri.decodestring(body)
        charset = _CHARSET.search(head)
        return (b'<meta charset="' + charset[1] + b'">' if charset else b"") + body
    raise Refused("damaged", "no page in it")
