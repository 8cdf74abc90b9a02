"""duration: just enough, too long, not told."""

from __future__ import annotations

import pytest

from rules.facts import VideoFacts
from tests.rules.checks.bench import codes, item, run


@pytest.mark.parametrize(
    ("seconds", "settings", "expected"),
    [
        (180.0, {"max_seconds": 180.0}, []),
        (180.9, {"max_seconds": 180.0}, []),
        (182.0, {"max_seconds": 180.0}, [("duration", "fail")]),
        (58.0, {"min_seconds": 60.0}, [("duration", "fail")]),
        (None, {"max_seconds": 180.0}, [("duration", "unsure")]),
    ],
)
def test_table(seconds: float | None, settings: dict[str, float], expected: list[tuple[str, str]]) -> None:
    film = item("片.mp4", VideoFacts(format="mp4", seconds=seconds))
    assert codes(run("duration", settings, film)) == expected
