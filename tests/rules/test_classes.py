"""Classes of units: who is meant by which words, and what follows for a unit of another or of no known class."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from rules.classes import CLASSES, asked_of, class_doubts, class_of
from rules.compile.assemble import compile_notice
from rules.decision import Decision
from rules.judge import judge
from rules.notice import Notice, Requirement
from rules.unit import Unit

NOTICE = Notice(
    id="n",
    title="通知",
    deadline=datetime(2022, 10, 12, 23, 59, 59, tzinfo=ZoneInfo("Asia/Shanghai")),
    requirement=(
        Requirement(id="summary", name="总结", category="summary"),
        Requirement(id="cases", name="案例", category="case", only_for=("高校",)),
    ),
)


def unit(category: str) -> Unit:
    return Unit(code="A", name="云岭学院", category=category)


def states(category: str, *decisions: Decision) -> dict[str, tuple[str, bool]]:
    verdict = judge(NOTICE, unit(category), [], decisions=decisions)
    assert verdict.state == "missing"
    assert [one.id for one in verdict.owed if one.id == "cases"] == (["cases"] if category == "高等院校" else [])
    return {one.id: (one.state, one.asked) for one in verdict.standings}


@pytest.mark.parametrize(("name", "pattern", "example"), CLASSES)
def test_every_class_knows_its_example(name: str, pattern: str, example: str) -> None:
    assert class_of(example) == name
    assert pattern


def test_the_right_class_owes_it_another_does_not_and_an_unknown_one_is_not_blamed() -> None:
    assert states("高等院校")["cases"] == ("missing", True)
    assert states("县区")["cases"] == ("missing", False)
    assert states("")["cases"] == ("unsure", True)
    said = next(one for one in judge(NOTICE, unit(""), []).standings if one.id == "cases").findings
    assert [(f.code, f.outcome) for f in said] == [("class-unknown", "unsure")]


def test_a_person_settles_it_for_a_unit_of_unknown_class() -> None:
    waived = Decision(kind="waive", requirement="cases", at=datetime(2022, 10, 1, tzinfo=UTC))
    assert states("", waived)["cases"] == ("waived", True)


@pytest.mark.parametrize(
    ("asked", "own", "answer"),
    [
        ("市直部门", "市级部门", True),
        ("各县（市、区）", "县区", True),
        ("县(市、区)", "区县", True),
        ("企业", "国有企业", True),
        ("国有企业", "企业", None),
        ("重点企业", "民营企业", None),
        ("高校", "中小学", False),
        ("成员单位", "成员单位", True),
        ("成员单位", "其他", False),
    ],
)
def test_words_of_a_notice_and_of_a_roster(asked: str, own: str, answer: bool | None) -> None:
    assert asked_of([asked], own) is answer


def test_what_does_not_fit_is_told() -> None:
    units = [unit("县区"), unit("企业"), unit("")]
    told = class_doubts(NOTICE.requirements, units)
    assert told[0] == "“案例”只要求“高校”报送，名册的类别里没有（现有：县区、企业）。"
    assert told[1].startswith("名册里的“县区、企业”")
    assert "云岭学院看不出属于哪一类" in told[2]
    assert class_doubts(NOTICE.requirements[:1], units) == []
    assert class_doubts(NOTICE.requirements, [unit("高等院校")]) == []


HEAD = "关于报送材料的通知\n各县区、各高校：\n请于2023年11月30日前将材料发至a@b.example。\n"


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (
            "各高校报送活动总结和典型案例；各县区报送活动总结、统计表。",
            {"活动总结": (), "典型案例": ("高校",), "统计表": ("县区",)},
        ),
        ("请各县区、各高校报送活动总结。", {"活动总结": ()}),
        (
            "（一）高校：报送活动总结、照片3张。\n（二）县区：报送典型案例。",
            {"活动总结": ("高校",), "照片": ("高校",), "典型案例": ("县区",)},
        ),
        ("请各单位报送活动总结。其中，各国有企业还需报送视频1个。", {"活动总结": (), "视频": ("国有企业",)}),
        ("请报送活动总结，介绍高校好的做法。", {"活动总结": ()}),
    ],
)
def test_the_compiler_proposes_whom_something_is_asked_of(text: str, found: dict[str, tuple[str, ...]]) -> None:
    draft = compile_notice(HEAD + text)
    assert {item.name: item.only_for for item in draft.items} == found
    asked = [one for one in draft.questions if one.path.endswith("only_for")]
    assert len(asked) == sum(bool(words) for words in found.values())
