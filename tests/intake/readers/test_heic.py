"""Photos of iPhones (`files/*.heic`): measured upright, decoded where pillow-heif is installed."""

from __future__ import annotations

from pathlib import Path

import pytest

from intake.readers.heic import size_told
from intake.tools import importable
from rules.facts import ImageFacts, Unreadable
from tests.intake.readers.samples import Measure
from tests.intake.readers.stored import FILES, stored

decodes = pytest.mark.skipif(not importable("pillow_heif"), reason="needs pillow-heif: pip install .[heic]")


@pytest.mark.parametrize(("name", "size"), [("plain.heic", (320, 200)), ("turned.heic", (200, 320))])
def test_size_is_told_by_the_header(name: str, size: tuple[int, int]) -> None:
    assert size_told(FILES / name) == size


def test_cut_headers_tell_nothing(tmp_path: Path) -> None:
    data = stored("turned.heic")
    for end in range(0, 500, 7):
        (tmp_path / "x").write_bytes(data[:end])
        assert size_told(tmp_path / "x") in (None, (200, 320), (320, 200))


@decodes
@pytest.mark.parametrize(("name", "size"), [("plain.heic", (320, 200)), ("turned.heic", (200, 320))])
@pytest.mark.parametrize("called", ["IMG_0001.HEIC", "照片.jpg"])
def test_decoded(measure: Measure, name: str, size: tuple[int, int], called: str) -> None:
    kind, reading = measure(stored(name), called)
    facts = reading.facts
    assert kind == "heic" and isinstance(facts, ImageFacts), facts
    assert (facts.format, facts.width, facts.height) == ("HEIF", *size)
    assert facts.dhash and reading.thumbnail is not None


@decodes
@pytest.mark.parametrize("keep", [0.3, 0.6, 0.95])
def test_cut_photo(measure: Measure, keep: float) -> None:
    data = stored("plain.heic")
    facts = measure(data[: int(len(data) * keep)], "a.heic")[1].facts
    assert isinstance(facts, Unreadable) and facts.reason == "damaged"
