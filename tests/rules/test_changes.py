"""What changed between two notices, in the words of the coordinator."""

from __future__ import annotations

import tomllib
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from rules.changes import changes
from rules.checks import registry
from rules.limitwords import limits_of
from rules.lint import parse_notice
from rules.notice import Notice, Requirement

TZ = ZoneInfo("Asia/Shanghai")
TEXT = """
id = "n"
title = "关于报送“质量月”材料的通知"
deadline = 2022-10-12
addressees = ["各区县政府"]
contact = { name = "孙敏", phone = "1234", address = "a@yunling.example" }
subject_rule = "单位名称+质量月"

[[requirement]]
id = "summary"
name = "活动总结"
category = "summary"
clause = "报送总结"
checks.text-length = { max = 2000 }

[[requirement]]
id = "photos"
name = "活动照片"
category = "photo"
formats = ["jpg"]
clause = "照片1至2张"
checks.count = { min = 1, max = 2 }
checks.image-size = { min_width = 1024 }
"""
FILM = """
[[requirement]]
id = "video"
name = "活动视频"
category = "video"
required = false
deadline = 2022-10-20T17:00:00
only_for = ["高校"]
clause = "可报视频"
"""


def notice(text: str = TEXT) -> Notice:
    made, faults = parse_notice(tomllib.loads(text), TZ)
    assert made is not None, faults
    return made


@pytest.mark.parametrize(
    ("before", "after", "says"),
    [
        ("2022-10-12", "2022-10-19", "截止时间由2022年10月12日推迟到2022年10月19日。"),
        ("2022-10-12", "2022-10-11T17:00:00", "截止时间由2022年10月12日提前到2022年10月11日17:00。"),
        ("a@yunling", "b@yunling", "收件邮箱由“a@yunling.example”改为“b@yunling.example”。"),
        ('"各区县政府"', '"各区县政府", "各高校"', "主送由“各区县政府”改为“各区县政府、各高校”。"),
        ('subject_rule = "单位名称+质量月"', "", "邮件主题的规定不再写明（原为“单位名称+质量月”）。"),
        ("max = 2000", "max = 3000", "“活动总结”：不超过 2000 字，改为不超过 3000 字。"),
        ("max = 2 }", "max = 3 }", "“活动照片”：至多 2 件，改为至多 3 件。"),
        ("checks.image-size = { min_width = 1024 }", "", "“活动照片”取消要求：宽不低于 1024 像素。"),
        ('["jpg"]', '["jpg", "png"]', "“活动照片”：格式 JPG，改为格式 JPG 或 PNG。"),
        ("照片1至2张", "照片1到2张", "“活动照片”的原文改为：照片1到2张"),
        ('id = "photos"', 'id = "pictures"', "“活动照片”的代号由 photos 改为 pictures。"),
        ('name = "活动照片"', 'name = "现场图片"', "“现场图片”原名“活动照片”。"),
        ('clause = "报送总结"', 'clause = "报送总结"\nrequired = false', "“活动总结”由必报改为选报。"),
        (
            'clause = "报送总结"',
            'clause = "报送总结"\nonly_for = ["高校"]',
            "“活动总结”的报送范围由全部单位改为高校。",
        ),
        (
            'clause = "报送总结"',
            'clause = "报送总结"\ndeadline = 2022-10-10',
            "“活动总结”的截止时间由2022年10月12日提前到2022年10月10日。",
        ),
    ],
)  # fmt: skip
def test_one_change_is_one_sentence(before: str, after: str, says: str) -> None:
    assert before in TEXT
    assert [one.says for one in changes(notice(), notice(TEXT.replace(before, after)), TZ)] == [says]


def test_nothing_changed() -> None:
    respaced = notice(TEXT.replace("照片1至2张", "照片 1至2张"))
    assert changes(notice(), respaced, TZ) == ()


def test_a_requirement_comes_and_goes() -> None:
    (added,) = changes(notice(), notice(TEXT + FILM), TZ)
    assert (added.kind, added.requirement) == ("added", "video")
    assert added.says == "新增“活动视频”（类别视频；选报；截止2022年10月20日17:00；只要求高校）。"
    (dropped,) = changes(notice(TEXT + FILM), notice(), TZ)
    assert dropped.says == "不再要求“活动视频”。"


def test_ids_that_were_given_to_other_things_do_not_confuse() -> None:
    swapped = TEXT
    for was, now in (('"summary"\nname', '"x"\nname'), ('"photos"', '"summary"'), ('"x"\nname', '"photos"\nname')):
        swapped = swapped.replace(was, now)
    found = changes(notice(), notice(swapped), TZ)
    assert {one.kind for one in found} == {"renamed"}


def test_a_form_with_other_contents_is_a_change() -> None:
    (found,) = changes(notice(), notice(), TZ, forms=["photos"])
    assert found.says == "“活动照片”的空表内容有改动。"


def test_every_setting_of_every_check_has_words() -> None:
    samples: dict[str, Any] = {"pattern": "单位", "latin": "word", "outcome": "note", "blanks": "note"}
    for kind, check in registry().items():
        for key in check.settings.model_fields:
            one = Requirement(id="x", name="x", checks={kind: {key: samples.get(key, 1)}})
            assert all(f"{kind}.{key}" not in words for words in limits_of(one).values()), f"{kind}.{key}"
        bare = Requirement(id="x", name="x", checks={kind: {}})
        if not any(field.is_required() for field in check.settings.model_fields.values()) and kind not in (
            "count", "duration", "file-size", "image-size", "text-length",
        ):  # fmt: skip
            assert kind not in limits_of(bare).values(), kind
