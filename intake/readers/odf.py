"""OpenDocument texts and slides (odt, odp; LibreOffice, WPS): paragraphs, headings, tables, pictures.

Read with expat straight from the zip, like `docx`. OpenDocument 1.2 part 1 names the elements; workbooks (ods) are
`sheet`'s.
"""

from __future__ import annotations

import zipfile
from contextlib import suppress
from pathlib import Path

from intake.formats.grid import MAX_COLUMNS
from intake.formats.package import document, parse_xml, slices
from intake.formats.page import Enough, Page
from intake.readers import Given, Reading, Refused, reads
from intake.readers.image import picture_in

_SKIPPED = frozenset(("tracked-changes", "annotation", "notes", "forms", "note", "style", "automatic-styles"))
"""Deleted text, comments, notes, and what is no text."""
_BLANKS = {"tab": "\t", "line-break": "\n"}


@reads("odt", "odp")
def read_odf(path: Path, given: Given) -> Reading:
    """The document as its author sees it last."""
    page = Page()
    with document(path) as package:
        refuse_if_encrypted(package)
        body = _Body(page, package)
        with suppress(Enough):
            parse_xml(slices(package, "content.xml"), body.start, body.end, body.data)
    return Reading(facts=page.facts(given.kind, pages=body.pages))


def refuse_if_encrypted(package: zipfile.ZipFile) -> None:
    """OpenDocument 1.2 part 3, 3.4: the manifest names the algorithm of every encrypted part."""
    if "META-INF/manifest.xml" in package.namelist():
        manifest = b"".join(slices(package, "META-INF/manifest.xml", limit=1 << 20))
        if b"encryption-data" in manifest:
            raise Refused("encrypted", "password protected OpenDocument file")


class _Body:
    """`content.xml` while expat walks through it."""

    def __init__(self, page: Page, package: zipfile.ZipFile) -> None:
        self.pages = 0
        """Slides; 0 in a text."""
        self._page, self._package = page, package
        self._skip = self._tables = self._open = 0
        self._title = False
        self._span = 1

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        """An element begins."""
        name = tag.rpartition(" ")[2]
        if self._skip or name in _SKIPPED:
            self._skip += 1
            return
        values = {key.rpartition(" ")[2]: value for key, value in attributes.items()}
        if name in ("p", "h"):
            self._open += 1
        elif name in _BLANKS:
            self._page.text(_BLANKS[name])
        elif name == "s":
            self._page.text(" " * _number(values.get("c"), 100))
        elif name == "page":
            self.pages += 1
        elif name == "frame":
            self._title = values.get("class") == "title"
        elif name == "table":
            self._tables += 1
        elif name in ("table-cell", "covered-table-cell"):  # the latter lies under a merged one
            self._span = _number(values.get("number-columns-repeated"), MAX_COLUMNS)
        elif name == "image" and not values.get("href", ".svm").endswith(".svm"):  # previews of tables
            self._page.picture(picture_in(self._package, values["href"].removeprefix("./")))

    def end(self, tag: str) -> None:
        """An element ends."""
        if self._skip:
            self._skip -= 1
            return
        name = tag.rpartition(" ")[2]
        if name in ("p", "h"):
            self._open = max(0, self._open - 1)
            self._page.end_paragraph(heading=name == "h" or self._title, in_table=self._tables > 0)
        elif name == "frame":
            self._title = False
        elif name in ("table-cell", "covered-table-cell"):
            for _ in range(self._span):
                self._page.end_cell()
        elif name == "table-row":
            self._page.end_row()
        elif name == "table":
            self._tables = max(0, self._tables - 1)
            if not self._tables:
                self._page.end_paragraph()

    def data(self, text: str) -> None:
        """Characters."""
        if self._open and not self._skip:
            self._page.text(text)


def _number(text: str | None, largest: int) -> int:
    return max(1, min(largest, int(text))) if text and text.isdecimal() and len(text) < 8 else 1
