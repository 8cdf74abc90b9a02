"""A red seal is seen on a pale page, not in a red picture and not where there is none."""

from __future__ import annotations

from pathlib import Path

from PIL import Image, ImageDraw

from intake.formats.seal import has_seal
from intake.readers import Given, registry
from rules.facts import ImageFacts


def page(*, seal: bool, ground: str = "white") -> Image.Image:
    """A page of text, with or without a round red seal."""
    image = Image.new("RGB", (620, 877), ground)
    draw = ImageDraw.Draw(image)
    for line in range(60, 700, 40):
        draw.line((60, line, 560, line), fill="black", width=3)
    if seal:
        draw.ellipse((380, 600, 540, 760), outline=(214, 40, 40), width=9)
    return image


def test_a_seal_on_paper() -> None:
    assert has_seal(page(seal=True))
    assert has_seal(page(seal=True, ground="#d8d6d0"))  # a phone's photo of it


def test_none() -> None:
    assert not has_seal(page(seal=False))
    assert not has_seal(Image.new("RGB", (400, 300), (200, 30, 30)))  # a red wall is no seal
    assert not has_seal(Image.new("L", (400, 300), 255))


def test_readers_tell_seal_and_density(tmp_path: Path) -> None:
    path = tmp_path / "推荐表.jpg"
    page(seal=True).save(path, "JPEG", dpi=(300, 300))
    facts = registry()["jpg"].run(path, Given(name=path.name, kind="jpg", spool=tmp_path)).facts
    assert isinstance(facts, ImageFacts)
    assert facts.seal
    assert facts.dpi == 300


def test_a_scanned_pdf(tmp_path: Path) -> None:
    path = tmp_path / "推荐表.pdf"
    page(seal=True).save(path, "PDF")
    facts = registry()["pdf"].run(path, Given(name=path.name, kind="pdf", spool=tmp_path)).facts
    assert facts.seal  # type: ignore[union-attr]  # a pdf gives text facts
