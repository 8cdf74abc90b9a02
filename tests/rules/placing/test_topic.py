"""What is plainly about something else waits for a person; what may be ours is never doubted for its name alone."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from rules.facts import ArchiveFacts, Facts, ImageFacts, Sheet, TableFacts, TextFacts, Unreadable
from rules.item import Item, Text
from rules.judge import judge
from rules.notice import Notice, Requirement
from rules.placing.topic import Topic
from rules.unit import Unit
from rules.verdict import Verdict

NOON = datetime(2022, 9, 28, 4, 0, tzinfo=UTC)
UNIT = Unit(code="01", name="云岭区水务局")
PROSE = "本单位深入一线开展宣传服务活动，发放资料，接受咨询，取得良好成效，得到群众好评。\n"


def notice(title: str = "关于组织开展2022年“质量月”活动的通知", **more: object) -> Notice:
    return Notice(
        id="n",
        title=title,
        deadline=datetime(2022, 10, 12, 15, 59, 59, tzinfo=UTC),
        requirement=(
            Requirement(id="summary", name="活动总结", category="summary", formats=("docx",)),
            Requirement(id="cases", name="典型案例", category="case"),
            Requirement(id="photos", name="特色活动图片", category="photo"),
            Requirement(id="table", name="活动情况统计表", category="stat_table", form="annex.xlsx"),
        ),
        **more,
    )


FORM = TableFacts(format="xlsx", sheets=(Sheet(name="1", rows=(("活动", "场次"), ("培训", None), ("展览", None))),))


def document(title: str, text: str = PROSE * 8) -> TextFacts:
    return TextFacts(format="docx", text=f"{title}\n{text}", characters=len(text), headings=(title,))


def item(name: str, facts: Facts, subject: str = "材料") -> Item:
    return Item(name=name, path=name, size=9, digest=name, facts=facts, mail="m", message_id="<m@unit.example>",
                received_at=NOON, subject=subject)  # fmt: skip


def mail(*items: Item, subject: str = "材料", text: str = "请查收。", about: Notice | None = None) -> Verdict:
    words = Text(mail="m", received_at=NOON, subject=subject, text=text)
    return judge(about or notice(), UNIT, items, [words], forms={"table": FORM})


def states(verdict: Verdict) -> dict[str, str]:
    return {s.id: s.state for s in verdict.standings}


@pytest.mark.parametrize(
    ("name", "title"),
    [
        ("党建工作总结.docx", "2022年党建工作总结"),
        ("总结.docx", "云岭区水务局安全生产月活动总结"),
        ("安全生产月总结.docx", "活动总结"),
        ("年度工作总结.docx", "2022年度工作总结"),
        ("总结.docx", "食品安全宣传周活动总结"),
        ("三季度工作总结.docx", "三季度工作总结"),
    ],
)
def test_a_summary_of_something_else_is_nobody_s_answer_until_a_person_looked(name: str, title: str) -> None:
    assert states(mail(item(name, document(title))))["summary"] == "unsure"


@pytest.mark.parametrize(
    ("name", "title", "text"),
    [
        ("工作总结.docx", "工作总结", PROSE * 8),
        ("活动总结.docx", "云岭区水务局活动总结", PROSE * 8),
        ("总结.docx", "9月份活动总结", PROSE * 8),
        ("云岭区生态环境局总结.docx", "云岭区生态环境局工作总结", PROSE * 8),
        ("总结.docx", "云岭区消防救援大队活动总结", PROSE * 8),
        ("总结.docx", "实验室开放日活动总结", PROSE * 8),
        ("党建引领质量提升总结.docx", "活动总结", PROSE * 8),
        ("年度工作总结.docx", "工作总结", "我局认真开展质量月活动。" + PROSE * 8),
    ],
)
def test_what_may_be_ours_is_not_doubted(name: str, title: str, text: str) -> None:
    assert states(mail(item(name, document(title, text))))["summary"] == "ok"


def test_a_case_may_be_about_anything_in_our_field_a_photo_belongs_to_its_mail() -> None:
    case = document("食品安全监管典型案例", "严把食品安全关。" + PROSE * 8)
    assert states(mail(item("食品安全典型案例.docx", case)))["cases"] == "ok"
    photo = item("三季度消防演练照片.jpg", ImageFacts(format="JPEG", width=1600, height=1200))
    assert states(mail(photo))["photos"] == "unsure"
    assert states(mail(photo, text="现报送质量月活动照片。"))["photos"] == "ok"


def test_what_the_notice_itself_speaks_of_is_ours() -> None:
    fire = notice("关于报送2023年消防安全月活动材料的通知")
    assert states(mail(item("消防总结.docx", document("消防安全月活动总结")), about=fire))["summary"] == "ok"
    assert states(mail(item("总结.docx", document("质量月活动总结")), about=fire))["summary"] == "unsure"
    water = notice("关于报送节水宣传周活动材料的通知")
    assert states(mail(item("总结.docx", document("节约用水宣传周活动总结")), about=water))["summary"] == "ok"
    plain = notice("关于报送材料的通知", topic=("禁毒宣传",))
    assert states(mail(item("禁毒总结.docx", document("禁毒宣传工作总结")), about=plain))["summary"] == "ok"
    nothing = notice("关于报送材料的通知")
    assert Topic.of(nothing).words == ()
    assert states(mail(item("党建总结.docx", document("党建总结")), about=nothing))["summary"] == "ok"


@pytest.mark.parametrize(
    ("title", "words", "roots"),
    [
        ("关于组织开展全市质量月活动的通知", ("质量月",), ("质量",)),
        ("关于报送2023年全国节能宣传周活动材料的通知", ("节能宣传周",), ("节能",)),
        ("关于开展“质量月”和“质量强市”活动的通知", ("质量月", "质量强市"), ("质量", "质量强市")),
        ("关于报送9月份材料的通知", (), ()),
    ],
)  # fmt: skip
def test_the_words_of_a_notice(title: str, words: tuple[str, ...], roots: tuple[str, ...]) -> None:
    topic = Topic.of(notice(title))
    assert (topic.words, topic.roots) == (words, roots)


def test_a_mail_with_another_matter_brings_nothing_and_blames_nobody() -> None:
    duty = TableFacts(format="xlsx", sheets=(Sheet(name="1", rows=(("日期", "值班人"), ("10月1日", "王五"))),))
    stray = mail(item("值班表.xlsx", duty), subject="国庆值班安排表")
    assert (stray.strays, stray.came, stray.state) == (("m",), False, "missing")
    assert set(states(stray).values()) == {"missing"}
    ours = mail(item("值班表.xlsx", duty), subject="质量月材料")
    assert (ours.strays, states(ours)["table"]) == ((), "unsure")
    assert mail(subject="材料").strays == ()


def test_an_archive_that_holds_nothing_is_told_with_the_remedy() -> None:
    for facts in (ArchiveFacts(format="zip", members=()), Unreadable(reason="damaged", format="zip")):
        for one in mail(item("材料.zip", facts)).standings:
            (finding,) = one.findings
            assert (one.state, finding.code, finding.outcome) == ("problem", "unreadable", "fail")
            assert "材料.zip" in finding.says and finding.fix
    unopened = Unreadable(reason="unsupported", format="rar", missing="unar")
    assert set(states(mail(item("材料.rar", unopened))).values()) == {"unsure"}


@pytest.mark.parametrize(
    "line", ["典型案例：推行首席质量官", "典型经验：厂区中水回用", "二、典型案例", "附件2 典型案例"]
)
def test_a_case_below_a_plain_line_of_the_summary_counts_unless_one_came(line: str) -> None:
    both = item("活动总结.docx", document("质量月活动总结", f"{PROSE * 4}{line}\n{PROSE * 4}"))
    assert states(mail(both))["cases"] == "ok"
    bare = item("活动总结.docx", document("质量月活动总结", f"{PROSE * 4}{line}\n三、打算\n{PROSE * 4}"))
    assert states(mail(bare))["cases"] == ("missing" if line.startswith("二") else "ok")
    own = mail(both, item("典型案例.docx", document("典型案例")))
    assert [f.name for s in own.standings if s.id == "cases" for f in s.files] == ["典型案例.docx"]


def test_a_paper_written_into_the_mail_is_told_and_never_called_missing() -> None:
    written = mail(text=f"各位领导：\n云岭区水务局质量月活动总结\n{PROSE * 8}")
    (finding,) = next(s for s in written.standings if s.id == "summary").findings
    assert (finding.code, finding.outcome) == ("wrong-format", "fail")
    assert "DOCX" in finding.fix
    assert states(written) == {"summary": "problem", "cases": "missing", "photos": "missing", "table": "missing"}
    follows = mail(text=f"现将我局质量月活动开展情况总结如下：\n{PROSE * 8}")
    assert states(follows)["summary"] == "problem"
    long = mail(subject="质量月材料", text=PROSE * 8)
    assert states(long)["summary"] == "unsure"
    letter = mail(text="现将我局质量月活动总结、典型案例报上，请查收。\n" + PROSE)
    assert states(letter)["summary"] == "missing"
