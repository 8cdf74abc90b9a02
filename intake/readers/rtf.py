"""Rich text (rtf, and what is called doc and is rtf): text, headings, tables, pictures."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

from intake.formats.page import Enough, Page
from intake.formats.rtf import Mark, Rtf
from intake.readers import Given, Reading, reads
from intake.readers.image import measure_bytes
from rules.facts import Picture


@reads("rtf")
def read_rtf(path: Path, given: Given) -> Reading:
    """Text in any charset that the document or its fonts declare; deleted and hidden words are left out."""
    document, page = Rtf(path.read_bytes()), Page()
    with suppress(Enough):
        for mark in document.marks():
            _add(page, mark)
    return Reading(facts=page.facts("rtf", truncated=document.cut))


def _add(page: Page, mark: Mark) -> None:
    if mark.what == "text":
        page.text(mark.text)
    elif mark.what == "picture":
        page.picture(_picture(mark.data))
    elif mark.what == "par":
        page.end_paragraph(heading=mark.heading, in_table=mark.in_table)
    elif mark.what == "cell":
        page.end_cell(heading=mark.heading)
    else:
        page.end_row()


def _picture(data: bytes) -> Picture:
    format, width, height = measure_bytes(data) or ("", 0, 0)
    return Picture(name="", format=format, width=width, height=height, size=len(data))
