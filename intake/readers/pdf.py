"""PDF: the text of its pages, its pictures, and whether it is only a scan. By pdfium."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from intake.formats.prose import LIMIT, clean, text_facts
from intake.formats.seal import has_seal
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

COVERED = 0.6
"""Part of a page; pictures that cover more of it are the page."""
WATERMARK = 20
"""Characters on a page that is a picture, such as the name of the scanner's program."""
SEALED_PAGES = 5
"""Scanned pages that are looked at for a red seal."""
RENDERED = 320
"""Pixels of the longer side of a page that is looked at."""
_FORMATS = {"DCTDecode": "JPEG", "JPXDecode": "JPEG2000", "CCITTFaxDecode": "TIFF", "JBIG2Decode": "JBIG2"}


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
        return _read(document, _is_cut(path))
    finally:
        document.close()


def _is_cut(path: Path) -> bool:
    """pdfium mends a file without its end and shows the pages that are left."""
    with path.open("rb") as file:
        file.seek(max(0, path.stat().st_size - 4096))
        return b"%%EOF" not in file.read()


def _read(document: PdfDocument, cut: bool) -> Reading:
    pages = len(document)
    if not pages:
        raise Refused("damaged", "no pages")
    paragraphs: list[str] = []
    pictures: list[Picture] = []
    characters = scanned_pages = looked = 0
    truncated = cut or pages > MAX_PAGES
    seal = False
    for number in range(min(pages, MAX_PAGES)):
        page = document[number]
        words = page.get_textpage()
        lines = [line.strip() for line in clean(words.get_text_bounded()).split("\n")]
        lines = [line for line in lines if line]
        found, covered = _pictures(page, words, number, MAX_PICTURES - len(pictures))
        words.close()
        # a scanner's program may write its name below the picture of the page
        scanned_page = bool(found) and (not lines or (covered > COVERED and sum(map(len, lines)) <= WATERMARK))
        if scanned_page and not seal and scanned_pages < SEALED_PAGES:
            seal = _sealed(page)
        page.close()
        looked = number + 1
        paragraphs += lines
        pictures += found
        characters += sum(map(len, lines))
        scanned_pages += scanned_page
        if characters > LIMIT:
            truncated = True
            break
    facts = text_facts(
        "pdf",
        paragraphs,
        pages=pages,
        pictures=tuple(pictures),
        truncated=truncated,
        scanned=scanned_pages > 0 and (not paragraphs or 2 * scanned_pages > looked),
        seal=seal,
    )
    return Reading(facts=facts)


def _sealed(page: Any) -> bool:  # pypdfium2 is untyped
    """Render the page small and look for a red seal; a page that cannot be rendered shows none."""
    from pypdfium2 import PdfiumError

    width, height = page.get_size()
    if not 0 < max(width, height) < 20_000:
        return False
    try:
        return has_seal(page.render(scale=RENDERED / max(width, height)).to_pil())
    except (PdfiumError, ValueError, MemoryError):
        return False


def _pictures(page: Any, words: Any, number: int, room: int) -> tuple[list[Picture], float]:  # pypdfium2 is untyped
    """Pictures of one page with the lines of text right above and below them, and how much of it they cover."""
    from pypdfium2 import PdfiumError
    from pypdfium2.raw import FPDF_PAGEOBJ_IMAGE

    found: list[Picture] = []
    covered = 0.0
    for at, thing in enumerate(page.get_objects(max_depth=4)):
        if at >= MAX_OBJECTS or len(found) >= room:
            break
        if thing.type != FPDF_PAGEOBJ_IMAGE:
            continue
        try:
            width, height = thing.get_px_size()
            left, bottom, right, top = thing.get_bounds()
            below = words.get_text_bounded(bottom=bottom - BESIDE, top=bottom)
            above = words.get_text_bounded(bottom=top, top=top + BESIDE)
        except PdfiumError:
            continue  # a broken picture within a page that can be read
        covered += max(0.0, right - left) * max(0.0, top - bottom)
        found.append(
            Picture(
                name=f"第{number + 1}页图{len(found) + 1}",
                format=_format(thing),
                width=width,
                height=height,
                size=_size(thing),
                before=_line(above, -1),
                after=_line(below, 0),
            )
        )
    area = page.get_width() * page.get_height()
    return found, covered / area if area > 0 else 0.0


def _format(thing: Any) -> str:
    """JPEG where the bytes of the photo were kept; "" for pixels without a file of their own."""
    filters = thing.get_filters()
    return next((_FORMATS[name] for name in filters if name in _FORMATS), "")


def _size(thing: Any) -> int:
    """Bytes of the picture within the file."""
    from pypdfium2.raw import FPDFImageObj_GetImageDataRaw

    return max(0, int(FPDFImageObj_GetImageDataRaw(thing, None, 0)))


def _line(text: str, which: int) -> str:
    lines = [line.strip() for line in clean(text).split("\n") if line.strip()]
    return lines[which][:1000] if lines else ""
