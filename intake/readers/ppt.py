"""Old presentations (ppt, and dps of WPS Office, which writes the same): the text of the slides, their pictures."""

from __future__ import annotations

import struct
from contextlib import suppress
from pathlib import Path

from intake.formats.officeart import blip_at
from intake.formats.page import Enough, Page
from intake.formats.pptdoc import ENCRYPTED, Line, Slides
from intake.readers import Given, Reading, Refused, reads
from intake.readers.ole import streams

_DOCUMENT, _USER, _PICTURES = "PowerPoint Document", "Current User", "Pictures"


@reads("ppt", "dps")
def read_ppt(path: Path, given: Given) -> Reading:
    """Slides as pages, titles as headings; notes and masters are left out."""
    found = streams(path, (_DOCUMENT, _USER, _PICTURES))
    if _DOCUMENT not in found:
        raise Refused("unsupported", "an OLE container without a presentation")
    user, pictures = found.get(_USER, b""), found.get(_PICTURES, b"")
    if int.from_bytes(user[12:16], "little") == ENCRYPTED:
        raise Refused("encrypted", "password protected presentation")
    try:
        slides = Slides(found[_DOCUMENT], user)
        page = _page(slides, pictures)
    except (struct.error, IndexError, ValueError) as error:
        raise Refused("damaged", f"{type(error).__name__}: {error}") from error
    if not len(slides):
        raise Refused("damaged", "no slides")
    return Reading(facts=page.facts(given.kind, pages=len(slides)))


def _page(slides: Slides, pictures: bytes) -> Page:
    page = Page()
    with suppress(Enough):
        for slide in slides:
            for line in slide:
                _add(page, line, pictures)
    return page


def _add(page: Page, line: Line, pictures: bytes) -> None:
    if line.place is not None:
        page.picture(blip_at(pictures, line.place))
        return
    for text in line.text.replace("\x0b", "\n").split("\r"):
        page.text(text)
        page.end_paragraph(heading=line.title)
