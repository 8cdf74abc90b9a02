"""caption-shared: own words, the same words, not asked."""

from __future__ import annotations

from typing import Any

import pytest

from rules.finding import Finding
from rules.item import Caption
from tests.rules.checks.bench import codes, item, jpg, run

WORDS = "九月六日，工作人员在中心广场为群众讲解家用电器安全知识。"


def shared(settings: dict[str, Any], first: str, second: str, checks: dict[str, Any]) -> list[Finding]:
    sent = (item("图1.jpg", jpg()), item("图2.jpg", jpg()))
    said = {one.key: Caption(text=words, source="body") for one, words in zip(sent, (first, second), strict=True)}
    found = {key: caption for key, caption in said.items() if caption.text}
    return run("caption-shared", settings, *sent, captions=found, category="photo", checks=checks)


@pytest.mark.parametrize(
    ("first", "second", "checks", "expected"),
    [
        (WORDS, WORDS[:-1], {"caption": {}}, [("caption-missing", "fail")]),
        (WORDS, "九月十二日，工作人员走访企业。", {"caption": {}}, []),
        (WORDS, "", {"caption": {}}, []),
        (WORDS, WORDS, {}, []),
        (WORDS, WORDS, {"caption": {"required": False}}, []),
    ],
)
def test_table(first: str, second: str, checks: dict[str, Any], expected: list[tuple[str, str]]) -> None:
    found = shared({}, first, second, checks)
    assert codes(found) == expected
    assert all("共用" in finding.says and finding.about == "m:图2.jpg" for finding in found)


def test_the_notice_may_allow_it() -> None:
    assert codes(shared({"outcome": "note"}, WORDS, WORDS, {"caption": {}})) == [("caption-missing", "note")]
    assert shared({"outcome": "pass"}, WORDS, WORDS, {"caption": {}}) == []
