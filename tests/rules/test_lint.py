"""A notice file: everything that is wrong is told at once, each with its place and, where there is one, the remedy."""

from __future__ import annotations

import datetime as dt
import tomllib
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import rules
from rules.lint import parse_notice

TZ = ZoneInfo("Asia/Shanghai")
SHIPPED = Path(rules.__file__).with_name("notices")
HEAD = 'id = "n"\ntitle = "通知"\ndeadline = 2022-10-12\n'
PHOTOS = '[[requirement]]\nid = "photos"\nname = "图片"\ncategory = "photo"\nformats = ["jpg"]\n'


def faults(text: str) -> dict[str, str]:
    """Path to what was found, expected and advised, in one text."""
    notice, found = parse_notice(tomllib.loads(text), TZ)
    assert (notice is None) == bool(found)
    return {fault.path: f"{fault.found}|{fault.expected}|{fault.remedy}" for fault in found}


def test_the_notice_that_is_shipped() -> None:
    text = (SHIPPED / "quality-month.toml").read_text("utf-8")
    notice, found = parse_notice(tomllib.loads(text), TZ)
    assert found == ()
    assert notice is not None
    assert notice.deadline == dt.datetime(2022, 10, 12, 23, 59, 59, tzinfo=TZ)
    assert [r.category for r in notice.requirements] == ["summary", "case", "photo", "video", "stat_table"]
    assert [r.required for r in notice.requirements] == [True, True, True, False, True]
    assert notice.contact.phone and notice.contact.fax
    words = (SHIPPED / "quality-month.txt").read_text("utf-8")
    for requirement in notice.requirements:
        assert requirement.clause and requirement.clause in words
    for requirement in notice.requirements:
        assert requirement.form is None or (SHIPPED / requirement.form).is_file()


@pytest.mark.parametrize(
    ("written", "moment"),
    [
        ("2022-10-12", dt.datetime(2022, 10, 12, 23, 59, 59, tzinfo=TZ)),
        ('"2022-10-12"', dt.datetime(2022, 10, 12, 23, 59, 59, tzinfo=TZ)),
        ("2022-10-12T17:00:00", dt.datetime(2022, 10, 12, 17, tzinfo=TZ)),
        ("2022-10-12T09:00:00Z", dt.datetime(2022, 10, 12, 17, tzinfo=TZ)),
    ],
)
def test_deadlines(written: str, moment: dt.datetime) -> None:
    notice, found = parse_notice(tomllib.loads(HEAD.replace("2022-10-12", written) + PHOTOS), TZ)
    assert notice is not None and found == ()
    assert notice.deadline == moment
    assert notice.deadline.tzinfo is not None


@pytest.mark.parametrize("written", ['"10月12日"', "20221012", "17:00:00", "true", "[2022]"])
def test_what_is_no_deadline(written: str) -> None:
    assert list(faults(HEAD.replace("2022-10-12", written) + PHOTOS)) == ["deadline"]


@pytest.mark.parametrize(
    ("text", "path", "says"),
    [
        (HEAD, "requirement", "[[requirement]]"),
        (HEAD + "requirement = []\n", "requirement", "[[requirement]]"),
        (HEAD + PHOTOS.replace("[[requirement]]", "[requirement]"), "requirement", "[[requirement]]"),
        (HEAD.replace('title = "通知"\n', "") + PHOTOS, "title", "没有填写"),
        ('requirements = "x"\n' + HEAD + PHOTOS, "requirements", "是否想写 requirement？"),
        (HEAD + PHOTOS + "reqiured = true\n", "requirement[1].reqiured", "是否想写 required？"),
        (HEAD + PHOTOS + 'required = "true"\n', "requirement[1].required", "true 或 false"),
        (HEAD + PHOTOS.replace('"photo"', '"pohto"'), "requirement[1].category", "下列之一"),
        (HEAD + PHOTOS.replace('"photos"', '"图片"'), "requirement[1].id", "小写英文字母"),
        (HEAD + PHOTOS.replace('"图片"', "3"), "requirement[1].name", "文字"),
        (HEAD + PHOTOS.replace('["jpg"]', '["jpg格式"]'), "requirement[1].formats[1]", "扩展名"),
        (HEAD + PHOTOS.replace('["jpg"]', '"jpg"'), "requirement[1].formats", "列表"),
        (HEAD + PHOTOS + PHOTOS, "requirement[2].id", "与 requirement[1] 重复"),
        (HEAD + PHOTOS + "checks.image-sise = {}\n", "requirement[1].checks.image-sise", "是否想写 image-size？"),
        (HEAD + PHOTOS + "checks.count = 2\n", "requirement[1].checks.count", "一组设置"),
        (HEAD + PHOTOS + "checks.count = { mim = 1 }\n", "requirement[1].checks.count.mim", "是否想写 min？"),
        (HEAD + PHOTOS + 'checks.count = { min = "1" }\n', "requirement[1].checks.count.min", "整数"),
        (HEAD + PHOTOS + "checks.count = { min = 3, max = 2 }\n", "requirement[1].checks.count", "min 不大于 max"),
        (
            HEAD + PHOTOS + "checks.image-size = { min_width = -1 }\n",
            "requirement[1].checks.image-size.min_width",
            "不小于 1",
        ),
        (HEAD + PHOTOS + 'form = "../表.xlsx"\n', "requirement[1].form", "一个文件名"),
        (HEAD + PHOTOS + "checks.table = {}\n", "requirement[1].form", "空白表"),
        (HEAD + PHOTOS + '[contact]\nphon = "1"\n', "contact.phon", "是否想写 phone？"),
    ],
)
def test_each_fault(text: str, path: str, says: str) -> None:
    found = faults(text)
    assert list(found) == [path]
    assert says in found[path]


def test_all_faults_at_once() -> None:
    text = HEAD.replace("2022-10-12", '"soon"') + "nmber = 1\n" + PHOTOS + "checks.cuont = {}\n" + PHOTOS
    assert set(faults(text)) == {"deadline", "nmber", "requirement[1].checks.cuont", "requirement[2].id"}


def test_formats_may_be_written_with_dot_and_capitals() -> None:
    notice, _ = parse_notice(tomllib.loads(HEAD + PHOTOS.replace('"jpg"', '".JPG", "Png"')), TZ)
    assert notice is not None
    assert notice.requirements[0].formats == ("jpg", "png")


JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-9, 9) | st.text(max_size=4) | st.dates(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["id", "min", "count", "x"]), inner),
    max_leaves=8,
)


@given(st.dictionaries(st.sampled_from(["id", "title", "deadline", "contact", "requirement", "y"]), JSON))
@settings(max_examples=100, deadline=None)
def test_whatever_was_written_is_a_notice_or_faults(data: dict[str, Any]) -> None:
    notice, found = parse_notice(data, TZ)
    assert (notice is None) == bool(found)
    assert all(fault.path and (fault.expected or fault.remedy) for fault in found)


@given(JSON)
@settings(max_examples=60, deadline=None)
def test_whatever_a_requirement_is(one: Any) -> None:
    data = {
        "id": "n",
        "title": "t",
        "deadline": dt.date(2022, 10, 12),
        "requirement": [one, {"checks": one, "formats": one}],
    }
    assert parse_notice(data, TZ)[0] is None
