"""Presentations (pptx, pptm, also from WPS): the text of the slides in order, tables, pictures.

Read with expat straight from the zip, like `docx`. ECMA-376 part 1, sections 19 (slides) and 21 (DrawingML).
"""

from __future__ import annotations

import posixpath
import zipfile
from contextlib import suppress
from pathlib import Path

from intake.formats.package import document, main_part, parse_xml, relations, slices
from intake.formats.page import Enough, Page
from intake.readers import Given, Reading, Refused, reads
from intake.readers.image import picture_in
from intake.readers.ole import refuse_if_ole

MAX_SLIDES = 500
_TITLES = frozenset(("title", "ctrTitle"))


@reads("pptx", "pptm")
def read_pptx(path: Path, given: Given) -> Reading:
    """Slides as pages, titles as headings; notes, masters and hidden slides are left out."""
    refuse_if_ole(path)
    page = Page()
    with document(path) as package:
        slides = _slides(package)
        with suppress(Enough):
            for part in slides[:MAX_SLIDES]:
                _read_slide(package, part, page)
    if not slides:
        raise Refused("damaged", "no slides")
    return Reading(facts=page.facts(given.kind, pages=len(slides), truncated=len(slides) > MAX_SLIDES))


def _slides(package: zipfile.ZipFile) -> list[str]:
    """Parts of the slides in the order of the presentation."""
    main = main_part(package)
    targets, order = relations(package, main), list[str]()

    def start(tag: str, attributes: dict[str, str]) -> None:
        if tag.endswith(" sldId"):
            ids = [value for key, value in attributes.items() if key.endswith("/relationships id")]
            order.extend(targets[id][0] for id in ids if id in targets)

    parse_xml(slices(package, main), start)
    return [part for part in order if part in package.namelist()]


def _read_slide(package: zipfile.ZipFile, part: str, page: Page) -> None:
    targets = {id: target for id, (target, _) in relations(package, part).items()}
    slide = _Slide(page, package, targets)
    parse_xml(slices(package, part), slide.start, slide.end, slide.data)


class _Slide:
    """One slide while expat walks through it."""

    def __init__(self, page: Page, package: zipfile.ZipFile, targets: dict[str, str]) -> None:
        self._page, self._package, self._targets = page, package, targets
        self._hidden = self._title = self._in_text = False
        self._tables = 0
        self._continued = False

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        """An element begins."""
        name = tag.rpartition(" ")[2]
        if name == "sld":
            self._hidden = attributes.get("show") in ("0", "false")
        if self._hidden:
            return
        if name == "t":
            self._in_text = True
        elif name == "br":
            self._page.text("\n")
        elif name == "ph":
            self._title = attributes.get("type", "") in _TITLES
        elif name == "tbl":
            self._tables += 1
        elif name == "tc":
            # a merged cell is followed by empty ones, each marked
            self._continued = any(attributes.get(key) in ("1", "true") for key in ("hMerge", "vMerge"))
        elif name == "blip":
            embedded = (value for key, value in attributes.items() if key.endswith("/relationships embed"))
            target = self._targets.get(next(embedded, ""), "")
            if target:
                self._page.picture(picture_in(self._package, target, posixpath.basename(target)))

    def end(self, tag: str) -> None:
        """An element ends."""
        name = tag.rpartition(" ")[2]
        if self._hidden:
            return
        if name == "t":
            self._in_text = False
        elif name == "p" and tag.endswith("/main p"):
            self._page.end_paragraph(heading=self._title, in_table=self._tables > 0)
        elif name in ("sp", "graphicFrame"):
            self._title = False
        elif name == "tc":
            self._page.end_cell(continued=self._continued)
        elif name == "tr":
            self._page.end_row()
        elif name == "tbl":
            self._tables = max(0, self._tables - 1)
            self._page.end_paragraph()

    def data(self, text: str) -> None:
        """Characters."""
        if self._in_text and not self._hidden:
            self._page.text(text)
