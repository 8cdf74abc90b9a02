"""What the tests of the checks share: a requirement, an item, a case, each in one line."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from rules.case import Case
from rules.checks import registry
from rules.facts import Facts, ImageFacts, TableFacts, TextFacts
from rules.finding import Finding
from rules.item import Caption, Item
from rules.notice import Requirement

AT = datetime(2022, 10, 8, 1, 0, tzinfo=UTC)


def item(name: str, facts: Facts, *, size: int = 500_000, damaged: bool = False) -> Item:
    """One piece of one mail."""
    return Item(
        name=name,
        path=name,
        size=size,
        digest=name,
        facts=facts,
        mail="m",
        message_id="<m@unit.example>",
        received_at=AT,
        damaged=damaged,
    )


def jpg(width: int = 1600, height: int = 1200, format: str = "JPEG") -> ImageFacts:
    """A sound picture."""
    return ImageFacts(format=format, width=width, height=height)


def text(characters: int = 1200, format: str = "docx", **more: Any) -> TextFacts:
    """A sound document."""
    return TextFacts(format=format, text="字" * min(characters, 50), characters=characters, **more)


def run(
    kind: str,
    settings: dict[str, Any],
    *items: Item,
    captions: dict[str, Caption] | None = None,
    form: TableFacts | None = None,
    **requirement: Any,
) -> list[Finding]:
    """The findings of one check, and that they are fit to be read: a sentence, and what was expected and measured."""
    check = registry()[kind]
    asked = Requirement.model_validate({"id": "x", "name": "材料", **requirement})
    case = Case(requirement=asked, items=items, captions=captions or {}, form=form, deadline=AT)
    findings = list(check.run(check.settings.model_validate(settings), case))
    for finding in findings:
        assert finding.code in check.codes
        assert finding.says.endswith("。")
        assert finding.expected
        assert finding.measured and finding.measured == finding.measured.strip()
        assert finding.outcome != "fail" or finding.fix.endswith("。")
        assert not check.per_item or finding.about in {one.key for one in items}
    return findings


def codes(findings: list[Finding]) -> list[tuple[str, str]]:
    """(code, outcome) of each finding."""
    return [(finding.code, finding.outcome) for finding in findings]
