"""What is the matter with one material, as the points of a letter: fault, measure and remedy, each said once."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from intake.letterwords import NAME, clean
from rules.finding import Finding


@dataclass(frozen=True, slots=True, kw_only=True)
class Point:
    """One thing that is the matter, and how to mend it."""

    label: str
    """问题 for a fault, 说明 where nobody is blamed."""
    says: str
    rule: str
    """Measured against wanted, when `says` does not tell it already."""
    cure: str
    """办法 for a fault, 建议 otherwise."""
    fix: str


def points_of(findings: Iterable[Finding], *, hide_missing: bool = False) -> tuple[Point, ...]:
    """Faults first, then doubts, then remarks; what is said word for word twice is said once."""
    rank = {"fail": 0, "unsure": 1, "note": 2}
    points: list[Point] = []
    for finding in sorted(findings, key=lambda f: rank[f.outcome]):
        bare = hide_missing and finding.code == "missing"  # the state beside the name says it already
        fault = finding.outcome == "fail"
        point = Point(
            label="问题" if fault else "说明",
            says="" if bare else _says(finding),
            rule=_rule(finding),
            cure="办法" if fault else "建议",
            fix=clean(finding.fix),
        )
        if point not in points and any((point.says, point.rule, point.fix)):
            points.append(point)
    return _share_fixes(points)


def _share_fixes(points: Sequence[Point]) -> tuple[Point, ...]:
    """The same remedy for several files is told once, after the last of them."""
    return tuple(
        replace(point, fix="") if point.says and any(point.fix == later.fix for later in points[n + 1 :]) else point
        for n, point in enumerate(points)
    )


def _says(finding: Finding) -> str:
    said, name = clean(finding.says), clean(finding.file.rpartition("/")[2], NAME)
    return said if not name or name in said else f"“{name}”：{said}"


def _rule(finding: Finding) -> str:
    """Measured against wanted, unless the sentences tell the numbers already."""
    expected, measured = clean(finding.expected), clean(finding.measured)
    if finding.code == "late" and measured:
        return f"收到：{measured}；截止：{expected}。"
    told = _dense(finding.says + finding.fix)
    numbers = re.findall(r"\d+", _dense(f"{expected}|{measured}"))
    if all(one in told for one in numbers) if numbers else finding.fix or _dense(expected) in told:
        return ""
    if expected and measured.startswith(("无", "没有", "未")):
        measured = ""  # the sentence has just said so
    both = [f"实际：{measured}" if measured else "", f"要求：{expected}" if expected else ""]
    return f"{'；'.join(one for one in both if one)}。"


def _dense(text: str) -> str:
    return re.sub(r"\s", "", clean(text))
