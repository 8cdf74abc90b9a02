"""Which requirement a file answers: by name, type and content, and never a guess at the unit's cost."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rules.facts import (
    ArchiveFacts,
    Facts,
    ImageFacts,
    LinkFacts,
    Picture,
    Sheet,
    TableFacts,
    TextFacts,
    Unreadable,
    VideoFacts,
)
from rules.item import Item
from rules.notice import Requirement
from rules.placing.place import Placement, place

NOON = datetime(2022, 9, 28, 4, 0, tzinfo=UTC)

ASKED = (
    Requirement(id="summary", name="“质量月”活动总结", category="summary"),
    Requirement(id="cases", name="典型案例", category="case"),
    Requirement(id="photos", name="特色活动图片", category="photo", formats=("jpg",)),
    Requirement(id="video", name="活动视频", category="video", required=False, link_counts=True),
    Requirement(id="statistics", name="活动情况统计表", category="stat_table", form="annex-3.xlsx", clause="填写附件3"),
)
FORM = TableFacts(
    format="xlsx",
    sheets=(
        Sheet(
            name="Sheet1",
            rows=(
                ("填报单位", None, "联系人", None),
                ("项目", "单位", "数量", "备注"),
                ("培训场次", "场", None, None),
            ),
        ),
    ),
)
PHOTO = ImageFacts(format="JPEG", width=1600, height=1200)
UNKNOWN = Unreadable(reason="unsupported")


def item(name: str, facts: Facts, *, mail: str = "a", path: str = "", subject: str = "") -> Item:
    return Item(
        name=name,
        path=path or name,
        size=1000,
        digest=f"{mail}/{path or name}",
        facts=facts,
        mail=mail,
        message_id=f"<{mail}@unit.example>",
        received_at=NOON,
        subject=subject,
    )


def document(*lines: str, pictures: int = 0, tables: tuple[Sheet, ...] = (), filler: int = 600) -> TextFacts:
    text = "\n".join((*lines, "活动期间组织力量深入企业，" * (filler // 13)))
    return TextFacts(
        format="docx",
        text=text,
        characters=len(text),
        headings=lines,
        pictures=tuple(Picture(name=f"{n}.jpeg", format="JPEG", width=1200, height=900) for n in range(pictures)),
        tables=tables,
    )


def one(
    name: str, facts: Facts, *others: Item, forms: Mapping[str, TableFacts] | None = None, **more: str
) -> Placement:
    return place(ASKED, [item(name, facts, **more), *others], forms=forms)[0]


@pytest.mark.parametrize(
    ("name", "facts", "expected"),
    [
        ("质量月活动总结.docx", document(), ("summary",)),
        ("云岭区局2022年工作小结.docx", document(), ("summary",)),
        ("总结及典型案例.docx", document(), ("summary", "cases")),
        ("工作总结（含典型案例）.docx", document(), ("summary", "cases")),
        ("典型案例（1）.docx", document(), ("cases",)),
        ("附件3 统计表.xlsx", FORM, ("statistics",)),
        ("附件3.xls", FORM, ("statistics",)),
        ("市统计局质量月活动总结.docx", document(), ("summary",)),
        ("市统计局典型案例.docx", document(), ("cases",)),
        ("摄影家协会典型案例.docx", document(), ("cases",)),
        ("IMG_2301.jpg", PHOTO, ("photos",)),
        ("典型案例照片.jpg", PHOTO, ("photos",)),
        ("质量月总结大会.jpg", PHOTO, ("photos",)),
        ("图2.png", ImageFacts(format="PNG", width=900, height=600), ("photos",)),
        ("质量月.mp4", VideoFacts(format="mp4"), ("video",)),
        ("活动视频.mp4", LinkFacts(provider="QQ邮箱", url="https://mail.example/f"), ("video",)),
        ("统计表照片.jpg", PHOTO, ("statistics",)),
        ("总结（盖章扫描件）.jpg", PHOTO, ("summary",)),
        ("典型案例.rar", UNKNOWN, ("cases",)),
        ("图1.jpg", Unreadable(reason="damaged", format="jpg"), ("photos",)),
        ("活动总结.doc", Unreadable(reason="encrypted", format="doc"), ("summary",)),
    ],
)
def test_name_and_type(name: str, facts: Facts, expected: tuple[str, ...]) -> None:
    placement = one(name, facts)
    assert placement.requirements == expected
    assert placement.candidates == ()
    assert placement.confidence >= 0.5
    assert placement.why


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        (document("云岭区市场监督管理局", "2022年“质量月”活动总结"), ("summary",)),
        (document("典型案例：以标准引领提升质量"), ("cases",)),
        (document("“质量月”活动总结", "一、总体情况", "二、典型案例"), ("summary", "cases")),
        (document("“质量月”活动总结", "三、经验做法", "四、总结"), ("summary",)),
        (document("质 量 月 活 动 总 结"), ("summary",)),
        (document(tables=FORM.sheets), ("statistics",)),
    ],
)
def test_content_tells_where_the_name_does_not(facts: TextFacts, expected: tuple[str, ...]) -> None:
    assert one("材料.docx", facts, forms={"statistics": FORM}).requirements == expected


def test_name_and_heading_together() -> None:
    """A file called summary that announces a case inside answers both."""
    assert one("总结.docx", document("活动总结", "典型案例一：某企业")).requirements == ("summary", "cases")


def test_name_and_title_contradict() -> None:
    placement = one("典型案例.docx", document("云岭区2022年质量月活动总结"))
    assert placement.requirements == ()
    assert set(placement.candidates) == {"summary", "cases"}


def test_names_that_may_list_or_describe_are_left_to_the_content() -> None:
    name = "活动总结 典型案例.docx"
    assert set(one(name, document()).candidates) == {"summary", "cases"}
    assert one(name, document("活动总结")).requirements == ("summary",)
    assert one(name, document("活动总结", "典型案例一：某厂")).requirements == ("summary", "cases")


@pytest.mark.parametrize(
    ("name", "facts"),
    [
        ("关于报送质量月活动总结、典型案例、图片、统计表的函.docx", document(filler=100)),
        ("关于报送质量月材料的函（盖章）.pdf", document(filler=100)),
        ("关于开展2022年质量月活动的通知.docx", document("关于开展2022年质量月活动的通知", "附件3 活动情况统计表")),
        ("1.docx", document("关于开展2022年质量月活动的通知", "典型案例")),
        ("联系人.vcf", UNKNOWN),
        ("质量月活动方案.docx", document()),
        ("图片说明.docx", document(filler=100)),
        ("image001.png", ImageFacts(format="PNG", width=120, height=60)),
        ("setup.exe", Unreadable(reason="dangerous")),
        ("材料.zip", ArchiveFacts(format="zip", members=("总结.docx",))),
    ],
)
def test_what_is_no_answer_is_left_aside_without_blame(name: str, facts: Facts) -> None:
    placement = one(name, facts)
    assert (placement.requirements, placement.candidates) == ((), ())
    assert placement.why


def test_undecided_document_may_be_whatever_is_still_missing() -> None:
    sent = [item("总结.docx", document()), item("材料.docx", document(), mail="b")]
    assert place(ASKED, sent)[1].candidates == ("cases",)


def test_unreadable_archive_may_be_everything_missing() -> None:
    sent = [item("总结.docx", document()), item("材料.rar", UNKNOWN)]
    assert place(ASKED, sent)[1].candidates == ("cases", "photos", "video", "statistics")


def test_subject_is_evidence_for_a_single_undecided_file() -> None:
    assert one("材料.docx", document(), subject="报送质量月活动总结").requirements == ("summary",)
    two = [item(f"{n}.docx", document(), subject="报送质量月活动总结") for n in ("材料", "文档")]
    assert [p.requirements for p in place(ASKED, two)] == [(), ()]


def test_folder_names_count() -> None:
    inner = one("文档1.docx", document(), path="材料.zip/典型案例/文档1.docx")
    assert inner.requirements == ("cases",)


def test_pictures_in_a_workbook_count_only_where_its_name_speaks_of_photos() -> None:
    pictures = (Picture(name="1.jpg", format="JPEG", width=1600, height=1200),)
    book = TableFacts(format="xlsx", sheets=(), pictures=pictures)
    assert place(ASKED, [item("活动图片.xlsx", book)])[0].requirements == ("photos",)
    assert "photos" not in place(ASKED, [item("活动情况统计表.xlsx", book)])[0].requirements


def test_pictures_in_a_document_answer_only_when_no_picture_file_came() -> None:
    pasted = item("活动图片.docx", document(pictures=2, filler=60))
    assert place(ASKED, [pasted])[0].requirements == ("photos",)
    assert place(ASKED, [pasted, item("图1.jpg", PHOTO)])[0].requirements == ()
    nameless = item("文档.docx", document("活动现场", pictures=2, filler=60))
    assert place(ASKED, [nameless])[0].requirements == ("photos",)


def test_the_pages_of_a_scan_are_no_photos() -> None:
    page = Picture(name="1", format="JPEG", width=1240, height=1754)
    scan = TextFacts(format="pdf", text="", characters=0, pages=1, pictures=(page,), scanned=True)
    assert one("质量月活动总结（盖章）.pdf", scan).requirements == ("summary",)
    unnamed = one("附件1.pdf", scan)
    assert (unnamed.requirements, "图片" in unnamed.why) == ((), False)
    assert one("特色活动图片.pdf", scan).requirements == ("photos",)


def test_summary_with_pictures_answers_the_photos_too_when_none_came() -> None:
    both = item("总结.docx", document("活动总结", pictures=1))
    assert place(ASKED, [both])[0].requirements == ("summary", "photos")
    assert place(ASKED, [both, item("图1.jpg", PHOTO)])[0].requirements == ("summary",)


def test_table_unlike_the_form_is_asked_about() -> None:
    other = TableFacts(format="xlsx", sheets=(Sheet(name="Sheet1", rows=(("姓名", "职务"),)),))
    assert one("人员.xlsx", other, forms={"statistics": FORM}).candidates == ("statistics",)
    assert one("人员.xlsx", other).requirements == ("statistics",)


def test_own_words_tell_two_requirements_of_one_kind_apart() -> None:
    asked = (
        Requirement(id="work", name="工作总结", category="summary"),
        Requirement(id="publicity", name="宣传总结", category="summary", keywords=("宣传小结",)),
    )
    names = ("宣传总结.docx", "工作总结.docx", "宣传小结.docx", "总结.docx")
    found = [place(asked, [item(name, document())])[0] for name in names]
    assert [p.requirements for p in found] == [("publicity",), ("work",), ("publicity",), ()]
    assert set(found[3].candidates) == {"work", "publicity"}


WORDS = st.lists(
    st.sampled_from(
        ["总结", "典型案例", "图片", "统计表", "视频", "的函", "通知", "及", "-", " ", "1", "（", "说明", "甲"]
    ),
    max_size=6,
).map("".join)
ANY_FACTS = st.one_of(
    st.just(PHOTO),
    st.just(FORM),
    st.just(VideoFacts(format="mp4")),
    st.just(UNKNOWN),
    st.builds(document, WORDS, pictures=st.integers(0, 2)),
    st.just(LinkFacts(provider="", url="https://x.example")),
)


@settings(max_examples=100)
@given(st.lists(st.tuples(WORDS, st.sampled_from(["docx", "jpg", "rar", ""]), ANY_FACTS), max_size=6))
def test_every_item_has_one_placement_and_knows_only_requirements_of_the_notice(
    sent: list[tuple[str, str, Facts]],
) -> None:
    """Law: one answer for each item, placed or with candidates but never both, with a reason, the same each time."""
    items = [item(f"{name}.{suffix}", facts, mail=str(n)) for n, (name, suffix, facts) in enumerate(sent)]
    known = {requirement.id for requirement in ASKED}
    placements = place(ASKED, items)
    assert [p.item_key for p in placements] == [i.key for i in items]
    for placement in placements:
        assert set(placement.requirements) | set(placement.candidates) <= known
        assert not (placement.requirements and placement.candidates)
        assert placement.why
    assert place(ASKED, items) == placements


def test_ten_thousand_copies_are_read_once() -> None:
    big = document("活动总结", filler=5000)
    sent = [item("总结.docx", big, mail=str(n), path="总结.docx") for n in range(10_000)]
    copies = [
        Item(
            **{f: getattr(i, f) for f in i.__struct_fields__}
            | {"digest": "same", "received_at": NOON + timedelta(seconds=n)}
        )
        for n, i in enumerate(sent)
    ]
    assert {p.requirements for p in place(ASKED, copies)} == {("summary",)}


def test_a_second_paper_in_one_document_is_seen_by_its_title_line_not_by_a_chapter() -> None:
    both = "\n".join(("活动总结", *("有关情况。" * 20 for _ in range(5)), "附：典型案例", "有关做法。" * 80))
    facts = TextFacts(format="docx", text=both, characters=len(both), headings=("活动总结",))
    assert one("质量月材料.docx", facts).requirements == ("summary", "cases")
    chapter = TextFacts(
        format="docx", text=both.replace("附：典型案例", "三、典型案例"), characters=len(both), headings=("活动总结",)
    )
    assert one("质量月材料.docx", chapter).requirements == ("summary", "cases")
    own = item("典型案例.docx", TextFacts(format="docx", text="典型案例", characters=4, headings=("典型案例",)))
    assert place(ASKED, [item("质量月材料.docx", chapter), own])[0].requirements == ("summary",)


def test_two_forms_on_two_sheets_of_one_workbook() -> None:
    names = TableFacts(format="xlsx", sheets=(Sheet(name="1", rows=(("序号", "姓名", "单位", "职务"),)),))
    asked = (*ASKED, Requirement(id="people", name="报名表", category="roster", form="附件4.xlsx"))
    book = TableFacts(format="xlsx", sheets=(*names.sheets, *FORM.sheets))
    placement = place(asked, [item("附件.xlsx", book)], forms={"statistics": FORM, "people": names})[0]
    assert set(placement.requirements) == {"statistics", "people"}


def test_a_report_of_something_else_is_not_the_returned_table() -> None:
    other = TableFacts(format="xlsx", sheets=(Sheet(name="Sheet1", rows=(("日期", "值班人"), ("10月1日", "张三"))),))
    forms = {"statistics": FORM}
    placement = one("三季度报表.xlsx", other, forms=forms)
    assert (placement.requirements, placement.candidates) == ((), ("statistics",))
    assert one("活动情况统计表.xlsx", other, forms=forms).requirements == ("statistics",)


def test_a_link_that_says_nothing_may_be_whatever_is_still_open() -> None:
    link = LinkFacts(provider="百度网盘", url="https://pan.example/s/1")
    placement = one("云附件", link, item("典型案例.docx", document()))
    assert placement.candidates == ("summary", "photos", "video", "statistics")
    assert one("IMG_1.jpg", link).candidates == ("photos",)


def test_a_summary_with_the_table_inside_answers_both() -> None:
    paper = document("云岭区局质量月活动总结", tables=FORM.sheets)
    placement = one("云岭区局质量月活动材料.docx", paper, forms={"statistics": FORM})
    assert placement.requirements == ("summary", "statistics")
