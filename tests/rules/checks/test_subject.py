"""subject: fixed words and the unit's name; a note at most, and one only."""

from __future__ import annotations

import msgspec
import pytest

from rules.case import Case
from rules.checks.subject import SubjectSettings, subject
from rules.finding import Finding
from rules.notice import Requirement
from tests.rules.checks.bench import AT, codes, item, text

NAMES = ("清河县市场监督管理局", "清河县局")


def run(pattern: str, *subjects: str) -> list[Finding]:
    """Findings about mails with those subjects."""
    items = tuple(msgspec.structs.replace(item(f"{n}.docx", text()), subject=said) for n, said in enumerate(subjects))
    asked = Requirement.model_validate({"id": "x", "name": "总结"})
    return list(
        subject(SubjectSettings(pattern=pattern), Case(requirement=asked, items=items, unit_names=NAMES, deadline=AT))
    )


@pytest.mark.parametrize(
    ("pattern", "said", "expected"),
    [
        ("质量月材料", "报送质量月材料", []),
        ("质量月材料", "总结", [("subject", "note")]),
        ("单位名称+质量月材料", "清河县局：质量月材料", []),
        ("单位名称+质量月材料", "质量月材料", [("subject", "note")]),
        ("姓名+联系电话", "张三 13800000000", []),
        ("姓名+联系电话", "", [("subject", "note")]),
    ],
)
def test_table(pattern: str, said: str, expected: list[tuple[str, str]]) -> None:
    assert codes(run(pattern, said)) == expected


def test_one_right_mail_is_enough_and_the_right_subject_is_proposed() -> None:
    assert run("单位+材料", "无", "清河县局材料") == []
    (found,) = run("单位+材料", "无", "又")
    assert "清河县市场监督管理局+材料" in found.fix


def test_nothing_about_nothing() -> None:
    assert run("材料") == []
