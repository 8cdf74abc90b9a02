"""Requirements of one kind told apart by names, folders, numbers, titles, forms; and what is no answer at all."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from rules.facts import Facts, ImageFacts, Picture, Sheet, TableFacts, TextFacts, VideoFacts
from rules.item import Item, Text
from rules.judge import judge
from rules.notice import Notice, Requirement
from rules.placing.place import place
from rules.placing.rivals import Rivals
from rules.unit import Unit
from rules.verdict import Standing
from tests.rules.placing.test_place import NOON, document, item

PHOTO = ImageFacts(format="JPEG", width=1600, height=1200)
SCREEN = ImageFacts(format="PNG", width=1080, height=2340)
SCAN = TextFacts(format="pdf", text="", characters=0, scanned=True, pages=2)
PICTURES = tuple(Picture(name=f"{n}.jpeg", format="JPEG", width=1200, height=900) for n in range(4))
SHOWN = TextFacts(format="docx", text="图片", characters=2, headings=("图片",), pictures=PICTURES)


def asked(id: str, name: str, category: str, **more: object) -> Requirement:
    return Requirement.model_validate({"id": id, "name": name, "category": category, **more})


ASKED = (
    asked("report", "计量工作总结", "summary"),
    asked("cases", "典型案例", "case"),
    asked("start", "启动仪式照片", "photo", formats=["jpg"]),
    asked("check", "现场检查照片", "photo", formats=["jpg"]),
    asked("video", "宣传视频", "video", link_counts=True),
    asked("census", "计量器具普查统计表", "stat_table", form="附件2.xlsx", clause="填写附件2"),
    asked("work", "民生计量工作情况表", "stat_table", form="附件3.xlsx", clause="填写附件3"),
)
TWO_CASES = (asked("one", "典型案例一", "case"), asked("two", "典型案例二", "case"))
TWO_THEMES = (asked("quality", "质量提升典型案例", "case"), asked("service", "计量服务典型案例", "case"))


def table(*rows: tuple[str | int | None, ...]) -> TableFacts:
    return TableFacts(format="xlsx", sheets=(Sheet(name="Sheet1", rows=rows),))


CENSUS = (("器具名称", "数量"), ("电子秤", 30), ("加油机", 5), ("血压计", 7))
WORK = (("工作项目", "完成情况"), ("集贸市场检查", 3), ("加油站检查", 2), ("医疗机构检查", 1))
BOTH = TableFacts(format="xlsx", sheets=table(*CENSUS).sheets + table(*WORK).sheets)
FORMS = {"census": table(*CENSUS), "work": table(*WORK)}


def where(requirements: tuple[Requirement, ...], name: str, facts: Facts, path: str = "", subject: str = "") -> str:
    """Requirement ids, or the candidates after a question mark, or a dash."""
    found = place(requirements, [item(name, facts, path=path, subject=subject)], forms=FORMS)[0]
    assert found.why
    return ",".join(found.requirements) or ("?" + ",".join(sorted(found.candidates)) if found.candidates else "-")


@pytest.mark.parametrize(
    ("name", "facts", "path", "subject", "expected"),
    [
        ("启动仪式.jpg", PHOTO, "", "", "start"),
        ("质量月启动1.jpg", PHOTO, "", "", "start"),
        ("启动仪式现场.jpg", PHOTO, "", "", "start"),
        ("现场检查2.jpg", PHOTO, "", "", "check"),
        ("执法人员检查加油站.jpg", PHOTO, "", "", "check"),
        ("1.jpg", PHOTO, "材料.zip/启动仪式照片/1.jpg", "", "start"),
        ("1.jpg", PHOTO, "材料.zip/2.现场检查/1.jpg", "", "check"),
        ("IMG_1.jpg", PHOTO, "", "报送启动仪式照片", "start"),
        ("IMG_1.jpg", PHOTO, "", "报送照片", "?check,start"),
        ("照片.jpg", PHOTO, "", "", "?check,start"),
        ("启动仪式照片.docx", SHOWN, "", "", "start"),
        ("照片.docx", SHOWN, "", "", "?check,start"),
        ("启动仪式及现场检查照片.docx", SHOWN, "", "", "start,check"),
        ("1.xlsx", table(*CENSUS), "", "", "census"),
        ("附件3.xlsx", table(*CENSUS), "", "", "census"),
        ("统计表.xlsx", table(*WORK), "", "", "work"),
        (
            "汇总.xlsx",
            TableFacts(format="xlsx", sheets=table(*CENSUS).sheets + table(*WORK).sheets),
            "",
            "",
            "census,work",
        ),
        ("附件2.pdf", SCAN, "", "", "census"),
        ("附件3.jpg", PHOTO, "", "", "work"),
        ("附件2、附件3扫描.pdf", SCAN, "", "", "census,work"),
        ("普查表.jpg", PHOTO, "", "", "census"),
        ("附件3：情况表.jpg", PHOTO, "", "", "work"),
        ("表.jpg", PHOTO, "", "", "?census,work"),
        ("计量数据检查.jpg", PHOTO, "", "", "check"),
        ("视频.mp4", VideoFacts(format="mp4"), "", "", "video"),
        ("总结.docx", document("计量工作总结"), "", "", "report"),
    ],
)
def test_told_apart(name: str, facts: Facts, path: str, subject: str, expected: str) -> None:
    assert where(ASKED, name, facts, path, subject) == expected


@pytest.mark.parametrize(
    ("requirements", "name", "title", "expected"),
    [
        (TWO_CASES, "典型案例一.docx", "典型案例", "one"),
        (TWO_CASES, "案例2.docx", "典型案例", "two"),
        (TWO_CASES, "材料.docx", "典型案例（二）", "two"),
        (TWO_CASES, "典型案例.docx", "典型案例", "?one,two"),
        (TWO_THEMES, "质量提升案例.docx", "典型案例", "quality"),
        (TWO_THEMES, "典型案例.docx", "典型案例：计量服务进万家", "service"),
        (TWO_THEMES, "典型案例.docx", "典型案例", "?quality,service"),
    ],
)
def test_two_of_a_kind(requirements: tuple[Requirement, ...], name: str, title: str, expected: str) -> None:
    assert where(requirements, name, document(title)) == expected


def test_nothing_is_told_apart_by_what_both_have() -> None:
    rivals = Rivals(ASKED)
    assert list(rivals.groups(["report", "start", "check"])) == [("start", "check")]
    assert rivals.pick(("start", "check"), "照片") == ()
    assert rivals.pick(("start", "check"), "活动现场") == ()


@pytest.mark.parametrize(
    "name", ["目录.docx", "材料清单.docx", "红头文件.pdf", "请示.docx", "报送函.docx", "封面.docx"]
)
def test_what_goes_with_the_material_is_set_aside(name: str) -> None:
    assert where(ASKED, name, document("有关材料", filler=100)) == "-"


def test_a_short_report_that_only_covers_the_summary_is_looked_at() -> None:
    title = "关于报送计量工作总结的报告"
    assert where(ASKED, f"{title}.docx", document(title, filler=100)) == "?report"
    assert where(ASKED, f"{title}.docx", document(title, filler=1500)) == "report"


def test_posters_and_screenshots_are_no_photos_unless_nothing_else_came() -> None:
    one = (asked("photos", "特色活动图片", "photo", formats=["jpg"]),)
    told = item("9月6日，志愿者张贴宣传海报，居民驻足观看.jpg", PHOTO)
    assert [found.requirements for found in place(one, [item("图1.jpg", PHOTO), told])] == [("photos",)] * 2
    photo, poster, screen = item("图1.jpg", PHOTO), item("宣传海报.jpg", PHOTO), item("屏幕截图.png", SCREEN)
    together = place(one, [photo, poster, screen])
    assert [found.requirements for found in together] == [("photos",), (), ()]
    assert [found.candidates for found in together] == [(), ("photos",), ("photos",)]
    # alone: of the wrong format it is told so, else a person looks
    assert place(one, [screen])[0].requirements == ("photos",)
    assert place(one, [poster])[0].candidates == ("photos",)
    assert place(one, [item("签到表.jpg", PHOTO)])[0].candidates == ()


DEADLINE = datetime(2022, 10, 12, tzinfo=UTC)
UNIT = Unit(code="01", name="青石县市场监督管理局")
CAPTIONED = (
    asked("start", "启动仪式照片", "photo", formats=["jpg"], checks={"caption": {}}),
    asked("check", "现场检查照片", "photo", formats=["jpg"], checks={"caption": {}, "count": {"min": 2}}),
    asked("census", "计量器具普查统计表", "stat_table"),
    asked("work", "民生计量工作情况表", "stat_table"),
)
FAIR = "九月六日，工作人员在中心广场启动质量月系列宣传活动。"
VISIT = "九月十二日，执法人员到加油站检查加油机铅封情况。"
MARKET = "九月十五日，技术人员到集贸市场检定在用电子秤。"


def standings(*sent: Item, words: str = "", later: str = "") -> dict[str, Standing]:
    notice = Notice(id="n", title="通知", deadline=DEADLINE, requirement=CAPTIONED)
    said = [Text(mail="a", received_at=NOON, subject="", text=words)]
    said += [Text(mail="b", received_at=NOON + timedelta(days=1), subject="", text=later)]
    return {one.id: one for one in judge(notice, UNIT, sent, said).standings}


def test_captions_of_one_requirement_cast_no_doubt_on_the_photos_of_another() -> None:
    rows = (("序号", "图片名称", "文字说明"), (1, "启动仪式1", FAIR))
    found = standings(
        item("启动仪式1.jpg", PHOTO),
        item("启动仪式说明表.xlsx", table(*rows)),
        item("现场检查1.jpg", PHOTO),
        item("现场检查2.jpg", PHOTO),
        item("现场检查2.txt", TextFacts(format="txt", text=VISIT, characters=len(VISIT))),
    )
    assert found["start"].state == "ok"
    codes = [(f.code, f.outcome, f.file) for f in found["check"].findings]
    assert codes == [("caption-missing", "fail", "现场检查1.jpg")]


def test_one_list_of_captions_for_the_photos_of_both() -> None:
    sent = [item(name, PHOTO) for name in ("启动仪式.jpg", "现场检查1.jpg", "现场检查2.jpg")]
    words = f"启动仪式.jpg：{FAIR}\n现场检查1.jpg：{VISIT}\n现场检查2.jpg：{MARKET}"
    assert [one.state for one in standings(*sent, words=words).values()][:2] == ["ok", "ok"]


def test_pictures_in_a_document_are_not_counted_as_files() -> None:
    found = standings(item("现场检查照片.docx", SHOWN))["check"]
    assert [finding.code for finding in found.findings] == ["only-in-document"]


@pytest.mark.parametrize(
    ("later", "expected"),
    [
        ("计量器具普查统计表有误，暂不要使用", ("unsure", "ok")),
        ("请撤回情况表", ("ok", "unsure")),
        ("原表作废", ("unsure", "unsure")),
        ("现场检查照片已更换", ("ok", "ok")),
    ],
)
def test_words_about_one_of_two_tables(later: str, expected: tuple[str, str]) -> None:
    found = standings(item("普查统计表.xlsx", table(*CENSUS)), item("情况表.xlsx", table(*WORK)), later=later)
    assert (found["census"].state, found["work"].state) == expected


def test_a_sentence_that_lists_nothing_names_one_requirement() -> None:
    name = "启动仪式2：9月8日，市场监管局深入加油站检查加油机铅封.jpg"
    assert where(ASKED, name, PHOTO) == "start"
