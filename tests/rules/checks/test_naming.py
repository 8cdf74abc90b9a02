"""naming: the unit's name and the number of parts; the right name is proposed."""

from __future__ import annotations

from typing import Any

import pytest

from rules.case import Case
from rules.checks.naming import NamingSettings, naming
from rules.finding import Finding
from rules.notice import Requirement
from tests.rules.checks.bench import AT, codes, item, jpg

NAMES = ("清河县市场监督管理局", "清河县局")


def run(name: str, **settings: Any) -> list[Finding]:
    """Findings about one file of a known unit."""
    asked = Requirement.model_validate({"id": "x", "name": "图片", "category": "photo"})
    case = Case(requirement=asked, items=(item(name, jpg()),), unit_names=NAMES, deadline=AT)
    return list(naming(NamingSettings(**settings), case))


@pytest.mark.parametrize(
    ("name", "pattern", "expected"),
    [
        ("清河县市场监督管理局+质量开放日.jpg", "单位+题目", []),
        ("清河县局-质量开放日.jpg", "单位+题目", []),
        ("质量开放日.jpg", "单位+题目", [("naming", "note")]),
        ("清河县局.jpg", "单位+题目", [("naming", "note")]),
        ("张三_题目.jpg", "姓名+题目", []),
        ("DSC01.jpg", "姓名+题目+电话", [("naming", "note")]),
        ("张三-题目.jpg", "单位+姓名+题目|姓名+题目", []),
    ],
)
def test_table(name: str, pattern: str, expected: list[tuple[str, str]]) -> None:
    assert codes(run(name, pattern=pattern)) == expected


def test_the_right_name_is_proposed() -> None:
    (found,) = run("DSC01.jpg", pattern="单位+题目", strict=True)
    assert found.outcome == "fail"
    assert "清河县市场监督管理局+题目.jpg" in found.fix
