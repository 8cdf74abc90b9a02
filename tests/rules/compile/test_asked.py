"""What is really asked for: rows, one of two, tables that are no word of their own, whole packets."""

from __future__ import annotations

import pytest

from rules.compile.assemble import compile_notice

OPENING = "各单位：\n"
ITEMS: list[tuple[str, list[tuple[str, str, bool]]]] = [
    (
        "请认真总结活动成效，梳理总结典型经验，提出意见建议，于6月15日前将工作总结、影像资料发至a@b.cn，并在邮件中注明联系人和联系方式。",
        [("summary", "工作总结", True), ("video", "影像资料", True)],
    ),
    (
        "请提交《讲解大赛报名表》《内容审查承诺书》盖章版扫描件，于5月6日前将表格发至a@b.cn。",
        [("form", "讲解大赛报名表", True), ("form", "内容审查承诺书", True)],
    ),
    (
        "上报材料一式四份（含《漫画报送一览表》、《授权确认书》），电子版发至a@b.cn。",
        [("stat_table", "漫画报送一览表", True), ("form", "授权确认书", True)],
    ),
    (
        "材料提交\n（1）电子版：\na.各类奖项申报表（附件2）\nb.《评优项目汇总表》（附件3）\n发至a@b.cn。",
        [("form", "类奖项申报表", True), ("form", "评优项目汇总表", True)],
    ),
    (
        "请同时提交作者授权书（附件3）和单位授权书（附件4），发至a@b.cn。",
        [("form", "作者授权书", True), ("form", "单位授权书", True)],
    ),
    (
        "请严格按照申报材料清单（附件10）整理，将登记表发至a@b.cn。",
        [("form", "登记表", True)],
    ),
    (
        "请填写第三届清河市敬业模范推选表（附后），附一寸免冠彩照，于5月6日前发至a@b.cn。",
        [("form", "第三届清河市敬业模范推选表", True), ("photo", "一寸免冠彩照", True)],
    ),
    (
        "请填写《示范单位推荐表》或《示范个人推荐表》，于5月6日前发至a@b.cn。",
        [("form", "示范单位推荐表", False), ("form", "示范个人推荐表", False)],
    ),
    (
        "请于5月6日前将推荐报告、自检表和情况统计表发至a@b.cn。评分表见附件。",
        [("summary", "推荐报告", True), ("form", "自检表", True), ("stat_table", "情况统计表", True)],
    ),
    (
        "请提交电子材料：\n（1）项目备案表及任务书（附件1、附件2）；\n（2）项目短片（3分钟以内）。\n邮箱：a@b.cn",
        [("form", "项目备案表", True), ("form", "任务书", True), ("video", "项目短片", True)],
    ),
    (
        "请填写《立项申请书》及《申报说明》（附件1、附件2），并将申请表电子版发至a@b.cn。\n附件：1.团体标准制修订项目申请书\n2.说明",
        [("form", "立项申请书", True), ("article", "申报说明", True)],
    ),
    (
        "报送推荐表、工作照或活动照2张，有条件的可同时制作事迹视频（5分钟内），发至a@b.cn。\n评选后对获奖名单进行公示。",
        [("form", "推荐表", True), ("photo", "活动照", True), ("video", "事迹视频", False)],
    ),
    (
        "请将项目申报汇总表和数据汇总表发至a@b.cn。\n附件1.项目申报汇总表.xls\n2.数据汇总表.xls\n本网如发现版权问题，请将文章和版权证明发邮件至c@d.cn。",
        [("form", "项目申报汇总表", True), ("stat_table", "数据汇总表", True)],
    ),
    (
        "填写《2020年科普作品推荐表》（附件2）或《2020年科普作品自荐表》（附件3），将推荐表或自荐表的扫描件发至a@b.cn。",
        [("form", "2020年科普作品推荐表", False), ("form", "2020年科普作品自荐表", False)],
    ),
    (
        "请报送以下材料（均需要书面材料和电子版）：推荐报告1份。每名候选人推荐表、证明材料。一张免冠证件照、一部专题片。电子版发a@b.cn。",
        [
            ("summary", "推荐报告", True),
            ("form", "名候选人推荐表", True),
            ("other", "证明材料", True),
            ("photo", "免冠证件照", True),
            ("video", "专题片", True),
        ],
    ),
    (
        "申报团队须在校级媒体上发布过两篇及以上新闻稿，将答辩PPT发至a@b.cn，一并发送《宣传情况统计表》。",
        [("other", "答辩PPT", True), ("stat_table", "宣传情况统计表", True)],
    ),
    (
        "二、申报材料\n1.2018年度“清泉服务队”申报表（见附件）；\n2.工作总结；\n3.活动图片。\n已命名的“清泉服务队”不再参选。材料发至a@b.cn。",
        [("form", "“清泉服务队”申报表", True), ("summary", "工作总结", True), ("photo", "活动图片", True)],
    ),
    (
        "二、评选条件\n及时收集和整理活动有关资料。\n三、评选程序\n各单位认真填报《先进单位申报表》，于4月28日前报办公室。邮箱：a@b.cn",
        [("form", "先进单位申报表", True)],
    ),
    (
        "请于5月6日前报送：1.登记表，贴免冠近照1张；2.活动照2张。书面材料包括以上各项。邮箱a@b.cn",
        [("form", "登记表", True), ("photo", "免冠近照", True), ("photo", "活动照", True)],
    ),
]


@pytest.mark.parametrize(("words", "expected"), ITEMS)
def test_items(words: str, expected: list[tuple[str, str, bool]]) -> None:
    draft = compile_notice(OPENING + words)
    assert [(item.category, item.name, item.required) for item in draft.items] == expected


def test_formats_of_the_whole_packet_hold_for_every_paper() -> None:
    words = "1.填写申报表；\n2.事迹材料500字左右；\n以上材料（盖章PDF版及Word版）请按“单位+电话”打包发至a@b.cn。"
    draft = compile_notice(OPENING + words)
    assert [item.value("formats") for item in draft.items] == [("pdf", "doc", "docx")] * 2
    assert [item.value("naming") for item in draft.items].count("单位+电话") == 1


def test_hours_of_service_and_numbers_of_documents_are_no_limits() -> None:
    words = "根据清高发〔2021〕130号，参与志愿服务时长不少于20小时的，报送照片3张、视频，发至a@b.cn。"
    draft = compile_notice(OPENING + words)
    rules = {item.name: {f: rule.value for f, rule in item.rules.items()} for item in draft.items}
    assert rules == {"照片": {"count_min": 3, "count_max": 3}, "视频": {}}


def test_copies_on_paper_are_no_counts() -> None:
    words = "1.将推荐表发至a@b.cn。\n2.纸质版《推荐表》（3份）、光盘（2份）快递至行政中心。"
    (item,) = compile_notice(OPENING + words).items
    assert item.value("count_min") is None


def test_one_text_in_several_lengths_is_asked() -> None:
    draft = compile_notice(OPENING + "请填写审批表，附3000字左右、1000字左右和300字左右的事迹材料，发至a@b.cn。")
    assert all(not item.rules for item in draft.items)
    assert sum("字左右" in question.asks for question in draft.questions) == 3


def test_a_stamp_is_asked_for_by_the_number_of_an_annex() -> None:
    words = (
        "提交实践报告（附件3）、加分表（附件4），发至a@b.cn。\n附件3须有实践单位盖章，若无盖章，须在盖章处写明原因。"
    )
    items = compile_notice(OPENING + words).items
    assert [(item.name, item.value("stamp")) for item in items] == [("实践报告", True), ("加分表", None)]


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (
            "请填写《申报表》，并撰写不超过3000字的申报材料，将《申报表》2份和事迹材料发至a@b.cn。",
            {"申报表": {}, "申报材料": {"words_max": 3000}, "事迹材料": {}},
        ),
        (
            "优秀班组申报材料不少于1000字，优秀干部申报材料不少于800字，发至a@b.cn。",
            {"优秀班组申报材料": {"words_min": 1000}, "优秀干部申报材料": {"words_min": 800}},
        ),
    ],
)
def test_application_texts_and_their_lengths(words: str, expected: dict[str, dict[str, int]]) -> None:
    draft = compile_notice(OPENING + words)
    assert {item.name: {f: r.value for f, r in item.rules.items()} for item in draft.items} == expected


def test_a_bare_heading_over_a_numbered_list_stays_open() -> None:
    draft = compile_notice(
        "各单位：\n评选程序：\n1、支部审议，将名单提交审定。\n2、进行公示。\n报送要求：\n1、请将登记表发至a@b.cn。"
    )
    assert [item.category for item in draft.items] == ["form"]
