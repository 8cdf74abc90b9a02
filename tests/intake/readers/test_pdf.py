"""PDF: text, pictures with their captions, scans, encryption, damage."""

from __future__ import annotations

import pytest

from rules.facts import TextFacts, Unreadable
from tests.intake.readers.samples import Measure, Samples

PICTURE = b"q 300 0 0 200 100 400 cm /I Do Q "
LOCK = b"/ID[<00><00>]/Encrypt<</Filter/Standard/V 1/R 2/Length 40/P -4/O<" + b"41" * 32 + b">/U<" + b"42" * 32 + b">>>"


def words(text: bytes, height: int = 780) -> bytes:
    return b"BT /F 14 Tf 60 %d Td (%s) Tj ET " % (height, text)


def test_text_pages_and_pictures(measure: Measure) -> None:
    page = words(b"Opening in the hall", 620) + PICTURE + words(b"Figure 1: the opening", 380)
    kind, reading = measure(Samples.pdf([words(b"Quality Month report"), page], Samples.picture()), "总结.pdf")
    facts = reading.facts
    assert kind == "pdf" and isinstance(facts, TextFacts)
    assert (facts.pages, facts.scanned, facts.headings[0]) == (2, False, "Quality Month report")
    (picture,) = facts.pictures
    assert (picture.width, picture.height) == (400, 300)
    assert (picture.before, picture.after) == ("Opening in the hall", "Figure 1: the opening")


def test_scan(measure: Measure) -> None:
    facts = measure(Samples.pdf([PICTURE, PICTURE], Samples.picture()), "a.pdf")[1].facts
    assert isinstance(facts, TextFacts) and facts.scanned and facts.characters == 0


WHOLE = b"q 595 0 0 842 0 0 cm /I Do Q "


@pytest.mark.parametrize(
    ("pages", "scanned"),
    [
        ([WHOLE + words(b"Scanned by CamScan", 20), WHOLE], True),
        ([WHOLE, WHOLE + words(b"Made by a scanner", 20), words(b"A typed page")], True),
        ([WHOLE, words(b"A typed page"), words(b"Another one")], False),
        ([WHOLE + words(b"A slide whose background is a picture", 400)], False),
        ([PICTURE + words(b"Figure 1", 380)], False),
    ],
)
def test_pages_that_are_pictures(measure: Measure, pages: list[bytes], scanned: bool) -> None:
    facts = measure(Samples.pdf(pages, Samples.picture()), "a.pdf")[1].facts
    assert isinstance(facts, TextFacts) and facts.scanned is scanned and facts.pages == len(pages)
    assert facts.pictures[0].format == "JPEG" and facts.pictures[0].size == len(Samples.picture())


def test_without_its_end_it_is_read_as_far_as_it_goes(measure: Measure) -> None:
    data = Samples.pdf([words(b"First page")])
    for end, cut in ((len(data), False), (len(data) - 6, True)):
        facts = measure(data[:end], "a.pdf")[1].facts
        assert isinstance(facts, TextFacts) and (facts.text, facts.truncated) == ("First page", cut)


def test_blank_page_is_no_scan(measure: Measure) -> None:
    facts = measure(Samples.pdf([b""]), "a.pdf")[1].facts
    assert isinstance(facts, TextFacts) and not facts.scanned


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (Samples.pdf([words(b"secret")], encrypt=LOCK), "encrypted"),
        (Samples.pdf([words(b"cut")])[:300], "damaged"),
        (b"%PDF-1.7\n" + bytes(500), "damaged"),
    ],
)
def test_refused(measure: Measure, data: bytes, reason: str) -> None:
    kind, reading = measure(data, "a.pdf")
    assert kind == "pdf" and isinstance(reading.facts, Unreadable) and reading.facts.reason == reason
