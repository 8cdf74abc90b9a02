"""Which of four notices a mail answers: two run with much in common, one is of the year before, one has ended."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

import pytest

from rules.facts import Sheet, TableFacts
from rules.item import Item
from rules.notice import Notice
from rules.routing.decide import RULES, Contender, Route, Words, decide
from rules.routing.signs import Signs

NOW = datetime(2022, 9, 26, 2, tzinfo=UTC)
FORM = TableFacts(
    format="xlsx",
    sheets=(Sheet(name="1", rows=(("序号", "开展活动", "参加人数"), ("1", "讲座", ""), ("2", "检查", ""))),),
)
OTHER_FORM = TableFacts(format="xlsx", sheets=(Sheet(name="1", rows=(("序号", "宣传品", "发放份数", "媒体报道"),)),))


def notice(id: str, title: str, number: str, days: int, *words: str) -> Notice:
    deadline = (NOW + timedelta(days=days)).isoformat()
    return Notice.model_validate(
        {
            "id": id,
            "title": title,
            "number": number,
            "deadline": deadline,
            "subject_keywords": words,
            "requirement": [{"id": "summary", "name": "活动总结", "category": "summary"}],
        }
    )


QUALITY = notice("q22", "关于组织开展2022年“质量月”活动的通知", "云质办〔2022〕9号", 16, "质量月")
FORMER = notice("q21", "关于组织开展2021年“质量月”活动的通知", "云质办〔2021〕7号", -350, "质量月")
SAFETY = notice("s22", "关于报送2022年“安全生产月”活动总结的通知", "云安办〔2022〕3号", -20)
WATER = notice("w22", "关于做好节水宣传周活动的通知", "云水〔2022〕31号", 40)
ALL = (QUALITY, FORMER, SAFETY, WATER)
SIGNS = Signs(ALL, {"q22": {"t": FORM}, "w22": {"t": OTHER_FORM}})


def told(
    subject: str = "材料",
    body: str = "请查收。",
    *files: str,
    thread: str | None = None,
    history: str = "",
    knows: str = "q22 q21 s22 w22",
    owes: str = "q22 q21 s22 w22",
    forms: Mapping[str, frozenset[str]] | None = None,
) -> Route:
    contenders = [
        Contender(id=one.id, title=one.title, closes=one.deadline, knows=one.id in knows, owes=one.id in owes)
        for one in ALL
    ]
    said = Words(
        subject=subject, body=body, history=history, files={name: (name,) for name in files}, forms=forms or {}
    )
    return decide(SIGNS, contenders, said, thread, NOW)


@pytest.mark.parametrize(
    ("subject", "body", "files", "wanted", "rule"),
    [
        ("质量月材料", "请查收。", ["总结.docx"], "q22", "subject"),
        ("材料", "请查收。", ["质量月总结.docx", "图1.jpg"], "q22", "files"),
        ("材料", "现将“安全生产月”活动材料报上，请查收。", ["总结.docx"], "s22", "body"),
        ("转发：材料", "请查收。", ["总结.docx"], "w22", "history"),
        ("云质办[2022]9号材料", "请查收。", ["总结.docx"], "q22", "subject"),
        ("云质办（2021）7号 补报", "请查收。", ["总结.docx"], "q21", "subject"),
        ("2021年质量月补报材料", "请查收。", ["质量月总结.docx"], "q21", "files"),
        ("质量月材料", "请查收。", ["2021年质量月总结.docx"], "q21", None),
        ("节水活动材料", "请查收。", ["总结.docx"], "w22", "part"),
        ("质量月材料", "结合安全生产月活动，我局开展质量月活动，现报送总结。", ["总结.docx"], "q22", "subject"),
        ("质量月、安全生产月总结", "请查收。", ["总结.docx", "图1.jpg"], None, None),
        ("材料", "质量月和节水宣传周材料一并报上。", ["总结1.docx", "总结2.docx"], None, None),
        ("质量月材料", "质量月和节水宣传周材料一并报上。", ["总结1.docx", "总结2.docx"], None, None),
        ("质量月材料", "请查收。", ["安全生产月总结.docx"], None, None),
        ("材料", "请查收。", ["质量月和安全生产月总结.docx"], None, None),
        ("材料", "请查收。", ["质量月总结.docx", "节水宣传周总结.docx", "图1.jpg"], None, None),
        ("材料", "请查收。", ["总结.docx"], None, None),
    ],
)  # fmt: skip
def test_words(subject: str, body: str, files: list[str], wanted: str | None, rule: str | None) -> None:
    found = told(subject, body, *files, history="主题：节水宣传周材料" if rule == "history" else "")
    assert found.notice == wanted, found
    assert not found.shares
    if rule is not None:
        assert found.by == RULES[rule]
    assert found.notice is not None or found.candidates


def test_each_file_that_names_its_own_goes_to_its_own() -> None:
    found = told("两项材料", "请查收。", "质量月/总结.docx", "节水宣传周/总结.docx", "节水宣传周/图1.jpg")
    assert found.notice == "q22"
    assert found.shares == {"节水宣传周/总结.docx": "w22", "节水宣传周/图1.jpg": "w22"}
    assert found.by == RULES["split"]


@pytest.mark.parametrize(
    ("subject", "body", "files", "wanted"),
    [
        ("回复：材料", "见附件。", ["总结.docx"], "q22"),
        ("回复：材料", "", [], "q22"),
        ("回复：质量月材料", "质量月和节水宣传周的材料都在附件。", ["总结1.docx", "总结2.docx"], None),
        ("回复：质量月材料", "见附件。", ["节水宣传周总结.docx"], None),
        ("节水宣传周材料", "见附件。", ["总结.docx"], None),
        ("节水宣传周材料", "见附件。", ["节水宣传周总结.docx"], "w22"),
    ],
)
def test_a_reply_to_our_letter(subject: str, body: str, files: list[str], wanted: str | None) -> None:
    assert told(subject, body, *files, thread="q22").notice == wanted


def test_a_reply_that_brings_both_is_split_with_the_letters_notice_first() -> None:
    found = told("回复：材料", "见附件。", "节水宣传周总结.docx", "质量月总结.docx", thread="q22")
    assert (found.notice, found.shares) == ("q22", {"节水宣传周总结.docx": "w22"})


def test_the_reply_to_a_letter_of_last_year_is_of_last_year() -> None:
    assert told("回复：质量月材料", "见附件。", "质量月总结.docx", thread="q21").notice == "q21"


def test_a_filled_in_form_names_its_notice() -> None:
    filled = TableFacts(
        format="xlsx",
        sheets=(Sheet(name="1", rows=(("序号", "开展活动", "参加人数"), ("1", "讲座", 40), ("2", "检查", 3))),),
    )
    item = Item(
        name="表.xlsx", path="表.xlsx", size=1, digest="", facts=filled, mail="", message_id="", received_at=NOW
    )
    forms = {"表.xlsx": SIGNS.filled_form(item)}
    assert forms == {"表.xlsx": frozenset({"q22"})}
    assert told("材料", "请查收。", "表.xlsx", forms=forms).notice == "q22"


def test_what_nothing_names_goes_by_roster_and_by_what_is_owed() -> None:
    assert told("材料", "请查收。", "总结.docx", knows="w22").by == RULES["roster"]
    assert told("材料", "请查收。", "总结.docx", owes="w22").notice == "w22"
    assert told("材料", "更正后的总结，请查收。", "总结.docx", owes="w22").notice is None
    assert told("材料", "请查收。", "总结.docx", knows="q21 w22").by == RULES["running"]


def test_the_evidence_is_told() -> None:
    assert told("质量月材料", "请查收。", "质量月总结.docx", thread="q22").evidence == (
        "所回复的邮件：《关于组织开展2022年“质量月”活动的通知》",
        "主题：《关于组织开展2022年“质量月”活动的通知》",
        "附件 质量月总结.docx：《关于组织开展2022年“质量月”活动的通知》",
    )
