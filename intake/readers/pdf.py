"""PDF: the text of its pages, its pictures, and whether it is only a scan. By pdfium."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from intake.prose import LIMIT, clean, text_facts
from intake.readers import Given, Reading, Refused, reads
from rules.facts import Picture

if TYPE_CHECKING:
    from pypdfium2 import PdfDocument

MAX_PAGES = 300
MAX_PICTURES = 100
MAX_OBJECTS = 5000
"""Page objects that are searched for pictures, per page."""
BESIDE = 60
"""Points above and below a picture (2 cm) in which its caption is looked for."""


@reads("pdf")
def read_pdf(path: Path, given: Given) -> Reading:
    """Text and pictures of the first `MAX_PAGES` pages."""
    import pypdfium2

    try:
        document = pypdfium2.PdfDocument(str(path))
    except pypdfium2.PdfiumError as error:
        if "password" in str(error).lower() or "security" in str(error).lower():
            raise Refused("encrypted", str(error)) from error
        raise Refused("damaged", str(error)) from error
    try:
        return _read(document)
    finally:
        document.close()


def _read(document: PdfDocument) -> Reading:
    pages = len(document)
    if not pages:
        raise Refused("damaged", "no pages")
    paragraphs: list[str] = []
    pictures: list[Picture] = []
    characters, scanned_pages = 0, 0
    truncated = pages > MAX_PAGES
    for number in range(min(pages, MAX_PAGES)):
        page = document[number]
        words = page.get_textpage()
        lines = [line.strip() for line in clean(words.get_text_bounded()).split("\n")]
        lines = [line for line in lines if line]
        found = list(_pictures(page, words, number, MAX_PICTURES - len(pictures)))
        words.close()
        page.close()
        paragraphs += lines
        pictures += found
        characters += sum(map(len, lines))
        scanned_pages += bool(found) and not lines
        if characters > LIMIT:
            truncated = True
            break
    facts = text_facts(
        "pdf",
        paragraphs,
        pages=pages,
        pictures=tuple(pictures),
        truncated=truncated,
        scanned=scanned_pages > 0 and not paragraphs,
    )
    return Reading(facts=facts)


def _pictures(page: Any, words: Any, number: int, room: int) -> Iterator[Picture]:  # pypdfium2 is untyped
    """Pictures of one page with their pixels, and the lines of text right above and below them."""
    from pypdfium2 import PdfiumError
    from pypdfium2.raw import FPDF_PAGEOBJ_IMAGE

    seen = 0
    for at, thing in enumerate(page.get_objects(max_depth=4)):
        if at >= MAX_OBJECTS or seen >= room:
            return
        if thing.type != FPDF_PAGEOBJ_IMAGE:
            continue
        seen += 1
        try:
            width, height = thing.get_px_size()
            _, bottom, _, top = thing.get_bounds()
            below = words.get_text_bounded(bottom=bottom - BESIDE, top=bottom)
            above = words.get_text_bounded(bottom=top, top=top + BESIDE)
        except PdfiumError:
            continue  # a broken picture within a page that can be read
        yield Picture(
            name=f"第{number + 1}页图{seen}",
            format="",
            width=width,
            height=height,
            before=_line(above, -1),
            after=_line(below, 0),
        )


def _line(text: str, which: int) -> str:
    lines = [line.strip() for line in clean(text).split("\n") if line.strip()]
    return lines[which][:1000] if lines else ""
