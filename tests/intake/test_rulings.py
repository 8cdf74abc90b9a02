"""What people write for a decision, and what it means."""

from __future__ import annotations

from datetime import date

import pytest

from intake.rulings import rulings
from rules.notice import Requirement
from storage.errors import Refused

ASKED = [
    Requirement(id=id, name=name, category="other", required=True, clause="")
    for id, name in (("summary", "活动总结"), ("photos", "特色活动图片"), ("video", "活动视频"), ("both", "名单和简历"))
]
DEADLINE = date(2022, 10, 12)


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("通过", [("accept", (), "")]),
        (" 通过。", [("accept", (), "")]),
        ("全部通过", [("accept", (), "")]),
        ("不合格", [("reject", (), "")]),
        ("退回：照片模糊，请重拍", [("reject", (), "照片模糊，请重拍")]),
        ("退回，照片模糊", [("reject", (), "照片模糊")]),
        ("退回：照片模糊；请重拍\n谢谢", [("reject", (), "照片模糊；请重拍；谢谢")]),
        ("退回 活动图片：太暗", [("reject", ("photos",), "太暗")]),
        ("通过活动总结、活动视频", [("accept", ("summary", "video"), "")]),
        ("通过（summary）", [("accept", ("summary",), "")]),
        ("活动总结：通过；特色活动图片不通过：太暗", [("accept", ("summary",), ""), ("reject", ("photos",), "太暗")]),
        ("通过 名单和简历", [("accept", ("both",), "")]),
        ("免报 活动视频\n撤销 活动总结", [("waive", ("video",), ""), ("reset", ("summary",), "")]),
    ],
)
def test_words(said: str, meant: list[tuple[str, tuple[str, ...], str]]) -> None:
    assert [(one.kind, one.requirements, one.note) for one in rulings(said, ASKED, DEADLINE)] == meant


@pytest.mark.parametrize(
    ("said", "day"),
    [
        ("延期至 2022-10-14", date(2022, 10, 14)),
        ("延期至2022年10月14日", date(2022, 10, 14)),
        ("延期到10月14号", date(2022, 10, 14)),
        ("延至 10/14", date(2022, 10, 14)),
        ("延期：20221014", date(2022, 10, 14)),
        ("延期至 2022-10-14 00:00:00", date(2022, 10, 14)),
        ("延期至 1月5日", date(2023, 1, 5)),
        ("延期至 9月1日", date(2022, 9, 1)),
        ("延期至：２０２２－１０－１４", date(2022, 10, 14)),
        ("同意延期至10月14日，已电话沟通", date(2022, 10, 14)),
        ("延期至 2022.10.14（领导已批）", date(2022, 10, 14)),
    ],
)
def test_days(said: str, day: date) -> None:
    (one,) = rulings(said, ASKED, DEADLINE)
    assert (one.kind, one.until) == ("extend", day)


@pytest.mark.parametrize(
    "said",
    ["好的", "通过电话联系了", "通过 活动", "未通过", "延期", "延期至 下周", "延期至 13月1日", "活动总结",
     "通过；再看看", "退回活动总洁", "通过，但图片请补", "免报，其余照报", "2022-10-14 00:00:00",
     "延期至 2022-10-14 18:00"],
)  # fmt: skip
def test_what_is_not_understood_decides_nothing(said: str) -> None:
    with pytest.raises(Refused):
        rulings(said, ASKED, DEADLINE)


def test_a_remark_after_the_day_is_for_the_unit() -> None:
    (one,) = rulings("延期至 10月14日，请抓紧", ASKED, DEADLINE)
    assert one.note == "请抓紧"
