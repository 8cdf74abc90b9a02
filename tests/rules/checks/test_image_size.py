"""image-size: either orientation, just enough, just too little."""

from __future__ import annotations

from typing import Any

import pytest

from tests.rules.checks.bench import codes, item, jpg, run, text

SEED = {"min_width": 1024, "min_height": 768}


@pytest.mark.parametrize(
    ("width", "height", "settings", "expected"),
    [
        (1024, 768, SEED, []),
        (768, 1024, SEED, []),
        (1023, 768, SEED, [("too-small", "fail")]),
        (1024, 767, SEED, [("too-small", "fail")]),
        (2000, 700, SEED, [("too-small", "fail")]),
        (768, 1024, SEED | {"either_orientation": False}, [("too-small", "fail")]),
        (4001, 3000, {"max_width": 4000, "max_height": 3000}, [("too-large", "fail")]),
        (3000, 4000, {"max_width": 4000, "max_height": 3000}, []),
        (10, 2000, {"min_width": 1024}, []),
        (4000, 100, {"min_long_side": 4000}, []),
        (100, 3999, {"min_long_side": 4000}, [("too-small", "fail")]),
        (4000, 2999, {"min_side": 3000}, [("too-small", "fail")]),
        (3264, 2448, {"min_megapixels": 8}, []),
        (3000, 2000, {"min_megapixels": 8}, [("too-small", "fail")]),
    ],
)
def test_table(width: int, height: int, settings: dict[str, Any], expected: list[tuple[str, str]]) -> None:
    assert codes(run("image-size", settings, item("图.jpg", jpg(width, height)))) == expected


def test_a_document_has_no_pixels() -> None:
    assert run("image-size", SEED, item("图.docx", text())) == []


def test_both_figures_are_told() -> None:
    (found,) = run("image-size", SEED, item("图.jpg", jpg(800, 600)))
    assert "800×600" in found.says
    assert "1024×768" in found.says
