"""file-size: 1 MB is 1024 × 1024 bytes."""

from __future__ import annotations

import pytest

from rules.facts import LinkFacts
from tests.rules.checks.bench import codes, item, jpg, run

MB = 1024 * 1024


@pytest.mark.parametrize(
    ("size", "settings", "expected"),
    [
        (MB, {"min_mb": 1.0}, []),
        (MB - 1, {"min_mb": 1.0}, [("file-too-small", "fail")]),
        (10 * MB, {"max_mb": 10.0}, []),
        (10 * MB + 1, {"max_mb": 10.0}, [("file-too-large", "fail")]),
        (1, {}, []),
    ],
)
def test_table(size: int, settings: dict[str, float], expected: list[tuple[str, str]]) -> None:
    assert codes(run("file-size", settings, item("图.jpg", jpg(), size=size))) == expected


def test_the_size_of_a_link_is_not_measured() -> None:
    link = LinkFacts(provider="QQ邮箱", url="https://mail.example/x")
    assert run("file-size", {"min_mb": 1.0}, item("片.mp4", link, size=0)) == []
