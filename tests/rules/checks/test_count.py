"""count: just enough, too few, too many."""

from __future__ import annotations

import pytest

from tests.rules.checks.bench import codes, item, jpg, run, text


@pytest.mark.parametrize(
    ("number", "settings", "expected"),
    [
        (1, {"min": 1, "max": 2}, []),
        (2, {"min": 1, "max": 2}, []),
        (3, {"min": 1, "max": 2}, [("too-many", "fail")]),
        (1, {"min": 2}, [("too-few", "fail")]),
        (0, {"min": 2}, []),
        (9, {"min": 2}, []),
        (9, {}, []),
    ],
)
def test_table(number: int, settings: dict[str, int], expected: list[tuple[str, str]]) -> None:
    items = [item(f"{n}.jpg", jpg()) for n in range(number)]
    assert codes(run("count", settings, *items, category="photo")) == expected


def test_one_document_may_hold_several_cases() -> None:
    found = run("count", {"min": 2}, item("案例.docx", text()), category="case")
    assert codes(found) == [("too-few", "unsure")]


def test_what_is_wanted_is_told() -> None:
    (found,) = run("count", {"min": 3}, item("1.jpg", jpg()), category="photo")
    assert (found.measured, found.fix) == ("1 张", "请再补报 2 张。")
