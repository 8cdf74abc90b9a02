"""Laws of the compiler: no text makes it raise, quotations are verbatim, every number stands in the words quoted."""

from __future__ import annotations

import random
import time
import tomllib
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from rules.compile.amounts import amounts
from rules.compile.assemble import compile_notice
from rules.compile.draft import Draft
from rules.compile.page import read_page
from rules.compile.schema import NUMBERS, draft_json
from rules.compile.written import draft_toml
from rules.lint import parse_notice
from tests.rules.compile.labelled import NAMES, text_of

_WORDS = """
请于 2022年10月12日 10月底前 二〇二二年 报送 活动总结 照片 2—5张 不少于800字 jpg格式 、 ， 。 ； ： （ ）
《 》 “ ” 一、 （一） 1. ①
附件： 联系人： 电话： 0571-88880000 zlb@example.cn 邮箱 前 每人 不超过 3件 1024×768 像素 300dpi 5MB 分钟 以内
命名为 + 单位 盖章
如有 一等奖 关于 通知 ３ 万 1080P 或 - 和
"""
_PIECES = (*_WORDS.split(), "\n", " ", "\u3000")


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.one_of(st.text(max_size=400), st.lists(st.sampled_from(_PIECES), max_size=60).map("".join)))
def test_no_text_makes_it_raise_and_the_laws_hold(text: str) -> None:
    hold(text, compile_notice(text))


@pytest.mark.parametrize("name", NAMES)
def test_the_laws_hold_for_damaged_notices(name: str) -> None:
    chance = random.Random(name)
    text = text_of(name)
    for _ in range(3):
        damaged = "".join(sign for sign in text if chance.random() > 0.05)
        hold(damaged, compile_notice(damaged))
        cut = text[: chance.randrange(len(text))]
        hold(cut, compile_notice(cut))


@pytest.mark.parametrize(
    "piece",
    [
        "一",
        "1",
        "a",
        "（",
        "“质量月",
        "照片",
        "姓名+",
        "2022年10月12日至",
        "jpg、png和",
        "联系人：",
        "不超过",
        "3×",
        "1-",
        "附件：1.报名表 ",
    ],
)
def test_hostile_text_takes_no_longer_than_it_is_long(piece: str) -> None:
    """Seconds at the very most; a pattern that backtracks would take hours."""
    began = time.perf_counter()
    compile_notice(piece * (30_000 // len(piece)))
    assert time.perf_counter() - began < 60


def hold(text: str, draft: Draft) -> None:
    """Quotations are verbatim; every number of a limit stands in the words quoted for it; the file can be read back."""
    for item in draft.items:
        assert item.clause in text
        for field, rule in item.rules.items():
            assert rule.clause and rule.clause in text, (field, rule)
            if field in NUMBERS:
                assert rule.value in _numbers(rule.clause), (field, rule)
    assert draft.deadline_clause in text
    data = tomllib.loads(draft_toml(draft))
    notice, faults = parse_notice(data, ZoneInfo("Asia/Shanghai"))
    missing = {fault.path for fault in faults}
    assert notice is not None or missing <= {"deadline", "requirement"}, faults
    assert draft_json(draft)["items"] is not None


def _numbers(clause: str) -> set[float]:
    page = read_page(clause)
    return {number for a in amounts(page.text) for number in (a.low, a.high) if number is not None}
