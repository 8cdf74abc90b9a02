"""Single phrases, as notices word them: what each one makes of a date, a limit or a demand."""

from __future__ import annotations

from typing import Any

import pytest

from rules.compile.assemble import compile_notice

HEADS = {
    "photo": "关于征集摄影作品的通知\n请将作品发至a@b.cn。\n",
    "video": "关于征集短视频作品的通知\n请将作品发至a@b.cn。\n",
    "article": "关于开展征文活动的通知\n请将作品发至a@b.cn。\n",
}
LIMITS: list[tuple[str, str, dict[str, Any]]] = [
    ("photo", "照片像素须在1000万以上。", {"min_megapixels": 10}),
    ("photo", "图片分辨率为300dpi，文件大小不小于5M。", {"min_dpi": 300, "min_mb": 5}),
    ("photo", "单张照片大小为2MB—10MB，最长边不低于3500像素。", {"min_mb": 2, "max_mb": 10, "min_long_side": 3500}),
    ("photo", "作品尺寸不小于3000像素×2000像素。", {"min_width": 3000, "min_height": 2000}),
    ("photo", "图片须为jpg/jpeg格式，宽度不低于1920像素。", {"min_width": 1920, "formats": ("jpg",)}),
    ("photo", "照片大小控制在1M到5M之间。", {"min_mb": 1, "max_mb": 5}),
    ("photo", "像素为300DPI以上。", {"min_dpi": 300}),
    ("photo", "每位作者限投5幅（含组照）。", {"count_max": 5}),
    ("photo", "投稿数量不限，组照每组不超过8张。", {"count_max": 8}),
    ("photo", "每幅作品配50—100字说明。", {"caption_chars_min": 50, "caption_chars_max": 100}),
    ("photo", "每张照片需附简要文字说明，字数50字左右。", {"caption_chars_exact": 50}),
    ("photo", "图片说明不超过30字。", {"caption_chars_max": 30}),
    ("photo", "文件容量3MB以上，短边像素不低于2000。", {"min_mb": 3, "min_side_px": 2000}),
    ("photo", "每单位报送照片不少于5张、不超过10张。", {"count_min": 5, "count_max": 10}),
    ("photo", "照片要求1024*768像素以上。", {"min_width": 1024, "min_height": 768}),
    (
        "photo",
        "图片的分辨率要达到1920×1080或以上，原图大小不得低于2M。",
        {"min_width": 1920, "min_height": 1080, "min_mb": 2},
    ),
    ("photo", "图像文件不小于3MB，像素不低于2400万像素。", {"min_mb": 3, "min_megapixels": 24}),
    ("photo", "不接受低于2M的照片。", {"min_mb": 2}),
    ("video", "视频时长控制在3—5分钟。", {"duration_s_min": 180, "duration_s_max": 300}),
    ("video", "片长不超过8分钟，采用MP4、MOV或AVI格式。", {"duration_s_max": 480, "formats": ("mp4", "mov", "avi")}),
    ("video", "视频长度5分钟左右。", {}),
    (
        "video",
        "作品时长1分钟以上、3分钟以内，画质1080P及以上。",
        {"duration_s_min": 60, "duration_s_max": 180, "min_width": 1920, "min_height": 1080},
    ),
    ("video", "视频码率不低于10Mbps，大小不超过1.5G。", {"max_mb": 1536}),
    ("video", "时长为60秒至180秒。", {"duration_s_min": 60, "duration_s_max": 180}),
    ("video", "时长不少于30秒，不多于2分钟30秒。", {"duration_s_min": 30, "duration_s_max": 150}),
    ("video", "分辨率1920×1080（横屏）或1080×1920（竖屏），帧率25帧/秒。", {"min_width": 1920, "min_height": 1080}),
    ("video", "4K或1080P，mp4封装。", {"min_width": 1920, "min_height": 1080, "formats": ("mp4",)}),
    ("article", "字数800—1500字。", {"words_min": 800, "words_max": 1500}),
    ("article", "篇幅在3000字以内。", {"words_max": 3000}),
    ("article", "每篇不少于1000字，不超过3000字。", {"words_min": 1000, "words_max": 3000}),
    ("article", "字数以1500字左右为宜。", {"words_approx": 1500}),
    ("article", "字数原则上控制在2000字以内。", {"words_max": 2000}),
    ("article", "每人限投1篇，作品请用Word文档，A4纸，四号宋体。", {"count_max": 1, "formats": ("doc", "docx")}),
    ("article", "字数要求：1200字以上。", {"words_min": 1200}),
    ("article", "作品字数不限。", {}),
    ("article", "字数：不超2500字", {"words_max": 2500}),
    ("article", "全文（含标点）1500字以下。", {"words_max": 1500}),
    ("video", "时长一般为3至5分钟，最长不超过15分钟。", {"duration_s_min": 180, "duration_s_max": 900}),
    ("video", "各单位组织拍摄，届时上报2—4个短视频。", {"count_min": 2, "count_max": 4}),
    ("video", "可使用PPT配合讲解。", {}),
    ("photo", "每单位报送3—5张主题鲜明、构图完整的照片。", {"count_min": 3, "count_max": 5}),
    ("photo", "照片须为JPG格式，不小于3M，入选作者另须提供TIFF格式。", {"formats": ("jpg",), "min_mb": 3}),
    ("photo", "不得低于300像素。", {"min_dpi": 300}),
    ("photo", "每单位择优选送5幅上报。", {"count_min": 5, "count_max": 5}),
    ("photo", "每幅作品保存为“作品名.jpg”。", {"naming": "作品名"}),
    ("video", "微视频时长不超过60秒，微电影时长不超过300秒。", {}),
    ("photo", "每人限投3组。", {}),
    ("photo", "如能将作品以PNG格式提交更佳。", {}),
    ("video", "路演材料（含PPT，均为MP4格式）。", {"formats": ("mp4",)}),
    ("article", "报送纸质版征文一份。", {}),
    ("video", "视频限时4分钟，不超过300MB。", {"duration_s_max": 240, "max_mb": 300}),
    ("video", "选手脱稿讲解，时限为4分钟。", {}),
    ("video", "课件若插入视频请使用WMV格式。", {}),
    ("article", "字数应在2千字到5千字之间。", {"words_min": 2000, "words_max": 5000}),
    ("article", "体裁是散文、诗歌的，字数在2000字以内；体裁是评论的，字数在3000字以上。", {}),
    ("photo", "每人可提交书法、绘画、摄影等作品1至3幅。", {}),
    ("photo", "作品80件收满截止。", {}),
    ("article", "字数控制在1800字左右。", {"words_approx": 1800}),
    ("article", "随笔800字以上、小说1600字以上。", {}),
    ("article", "请以“老街”为题，写一篇文章，不超过900字。", {"words_max": 900}),
    ("article", "论文不超过6000字，摘要300字以内。", {"words_max": 6000}),
    ("article", "摘要300字以内，全文不超过6000字。", {"words_max": 6000}),
    ("photo", "散文每篇不超过1200字。", {}),
]
DEADLINES = [
    ("请于2022年10月12日前将总结报送至a@b.cn。", "2022-10-12"),
    ("报名截止时间：2023年5月6日17:00。", "2023-05-06T17:00"),
    ("征集时间：2023年5月1日至2023年6月30日。作品发至a@b.cn", "2023-06-30"),
    ("二、征集时间\n2023年5月1日—6月30日\n三、投稿", "2023-06-30"),
    ("三、活动时间\n2023年5月1日—6月30日\n四、参与方式：作品发至a@b.cn", "2023-06-30"),
    ("作品征集从即日起开始，至2021年9月30日结束。", "2021-09-30"),
    ("自通知发布之日起至2021年9月30日止，", "2021-09-30"),
    ("投稿截止日期为2020年12月31日24时。", "2020-12-31T24:00"),
    ("请各单位在9月10日（星期五）下班前报送。\n某局\n2021年9月1日", "2021-09-10"),
    ("截止到2019年8月15日。", "2019-08-15"),
    ("征稿截止：2019-8-15", "2019-08-15"),
    ("收稿截止时间：2019.8.15", "2019-08-15"),
    ("以上材料请于8月20日17：30前发送到邮箱a@b.cn。\n某局\n2021年8月1日", "2021-08-20T17:30"),
    ("请务必于2020年3月5日中午12:00之前提交", "2020-03-05T12:00"),
    ("（一）征集阶段（2022年3月—5月20日）。各单位报送作品。\n（二）评审阶段（6月1日—6月20日）。", "2022-05-20"),
    ("1.作品报送：2022年5月1日-5月31日。2.评审：6月。", "2022-05-31"),
    ("作品报送时间为2021年4月10日至4月25日，评选时间为5月上旬。", "2021-04-25"),
    ("活动时间：9月1日—10月31日；投稿截止：10月15日。\n某局\n2021年8月1日", "2021-10-15"),
    ("请于11月底前报送。\n某局\n2021年8月1日", "2021-11-30"),
    ("逾期不报的视为放弃，时间截止2021年8月5日。", "2021-08-05"),
    ("各校于12月25日前将材料交教育局。\n某局\n2021年12月1日", "2021-12-25"),
    ("请于1月10日前将总结报送a@b.cn。\n某局\n2021年12月20日", "2022-01-10"),
    ("请于20日前报送。\n某局\n2021年12月5日", "2021-12-20"),
    ("投稿时间：截至2018年5月31日", "2018-05-31"),
    ("时间：即日起—2022年6月10日", "2022-06-10"),
    ("征文时间：2022年6月10日截止。", "2022-06-10"),
    (
        "一、征集时间\n歌词截止至2023年12月31日。曲谱截止至2024年1月31日（歌词选定后面向社会进行谱曲征集）。",
        "2023-12-31",
    ),
    ("3、征稿时间：2019年7月18日；截稿时间：2020年5月31日。", "2020-05-31"),
    ("请于7月30日前报送a@b.cn。\n江州市文化局\n二〇〇八年七月一日", "2008-07-30"),
    ("二、时间\n（一）启动征集：2023年2月1日—3月20日\n（二）评选：2023年4月", "2023-03-20"),
    ("一、寻找时间\n从即日起至4月20日。\n某局\n2021年3月1日", "2021-04-20"),
    ("发布时间：2022-02-02  截稿时间：2022-02-02  阅读量：88次\n二、征集时间\n即日起至2022年3月9日", "2022-03-09"),
    ("各参赛单位请于2021年6月18日（以邮件发出时间为准）前提交作品。", "2021-06-18"),
    ("凡于2021年6月18日24：00前发送至邮箱的作品均有效。", "2021-06-18T24:00"),
    ("作品提交时间：2021年3月1日00:00—4月30日24:00", "2021-04-30T24:00"),
    ("活动于2021年5月1日启动，作品征集至2021年7月31日结束，8月评审，9月公布。", "2021-07-31"),
    ("本次征集活动自2020年5月20日开始，2020年6月20日截稿。", "2020-06-20"),
    ("请将回执于4月8日下午5:00前传真或发邮件至会务组。\n某局\n2020年4月1日", "2020-04-08T17:00"),
    ("征集期限：2020年4月1日至5月1日", "2020-05-01"),
    ("一、报名时间：3月1日-3月20日\n二、作品提交：4月1日-4月30日，发送至a@b.cn\n2022年2月20日", "2022-04-30"),
    ("定于2022年9月20日举办活动。请于9月10日前将报名表发至a@b.cn。", "2022-09-10"),
    ("二0二二年十月十二日前报送材料", "2022-10-12"),
    ("2022年 10 月 12 日 前报送材料", "2022-10-12"),
    ("请于２０２２年１０月１２日前报送材料", "2022-10-12"),
    ("征集时间为期一个月，2022年6月1日至6月30日。", "2022-06-30"),
    ("起止时间：2022年6月1日——2022年6月30日", "2022-06-30"),
    ("征稿日期：2013年7月1日—2013年9月30日(以当地邮戳为准)", "2013-09-30"),
    ("来稿请于2013年9月30日以前寄至编辑部或发至a@b.cn", "2013-09-30"),
    ("参赛者须在2013年9月30日之前投稿", "2013-09-30"),
    ("本次大赛征稿时间从2016年6月1日起，截稿时间为2016年9月10日。", "2016-09-10"),
    ("上报时间：2016年9月10日前。", "2016-09-10"),
    ("投稿起止日期：2016年9月10日起至10月10日止。", "2016-10-10"),
    ("我局将于2016年9月召开会议，请于2016年8月10日前反馈。", "2016-08-10"),
    ("2016年8月10日前，将申报材料报送至我局。", "2016-08-10"),
    ("报送时限：8月10日12时前。\n2016年8月1日", "2016-08-10T12:00"),
    ("请贵单位于2016年8月10日前函复我办。", "2016-08-10"),
    ("请于本月25日前将表格报送。\n某局\n2016年8月10日", "2016-08-25"),
    ("请于2021年7月16日（周五）上午10点前反馈", "2021-07-16T10:00"),
    ("征集时间：2021年7月16日～8月16日。", "2021-08-16"),
    ("2021.7.16-2021.8.16 投稿", "2021-08-16"),
    ("（四）截止时间\n2021年8月16日\n（五）联系方式", "2021-08-16"),
    ("征集活动截止日期延长至2021年9月16日。", "2021-09-16"),
]
ITEMS: list[tuple[str, list[tuple[str, str]]]] = [
    (
        "请各单位将活动总结（含图片、视频等电子材料）、统计表于10月20日前发至a@b.cn。",
        [("summary", "活动总结"), ("stat_table", "统计表")],
    ),
    (
        "请将参赛作品、报名表、身份证复印件、承诺书打包发送至a@b.cn。",
        [("other", "参赛作品"), ("form", "报名表"), ("other", "身份证复印件"), ("form", "承诺书")],
    ),
    ("各单位要及时报送活动信息、图片和总结，邮箱：a@b.cn。", [("photo", "图片"), ("summary", "总结")]),
    (
        "报送材料包括：申报书、项目总结报告、相关证明材料、项目图片（5张以上）。",
        [("form", "申报书"), ("summary", "项目总结报告"), ("other", "证明材料"), ("photo", "项目图片")],
    ),
    (
        "请提交以下材料：（1）推荐表；（2）个人简历；（3）代表作3篇；（4）获奖证书复印件。",
        [("form", "推荐表"), ("article", "个人简历"), ("article", "代表作"), ("other", "获奖证书复印件")],
    ),
    ("请填写附件2《情况统计表》并于5月1日前反馈。\n附件：1.实施方案\n2.情况统计表", [("stat_table", "情况统计表")]),
    (
        "请于9月5日前将参会回执发至会务组邮箱a@b.cn，论文全文于9月20日前提交。",
        [("form", "参会回执"), ("article", "论文")],
    ),
    (
        "作品须附作者简介（200字以内）、近照1张。摄影大赛投稿邮箱a@b.cn",
        [("photo", "摄影作品"), ("article", "作者简介"), ("photo", "近照")],
    ),
    (
        "请各地报送不少于3个典型案例，每个案例1500字左右，附3-5张高清图片，发至a@b.cn。",
        [("case", "典型案例"), ("photo", "高清图片")],
    ),
    (
        "作品要求：图片清晰，像素不低于500万，JPG格式；每张图片附文字说明（包括时间、地点、人物，50字以内）。征集摄影作品",
        [("photo", "摄影作品")],
    ),
    ("征集短视频：时长不超过3分钟，画幅16:9，分辨率不低于1280×720，MP4格式，不大于200MB。", [("video", "短视频")]),
    ("各单位于每季度末报送工作进展情况，邮箱a@b.cn", [("summary", "工作进展情况")]),
    (
        "请报送单位LOGO（AI或PSD格式）、宣传片（不超过5分钟）、单位简介（500字）及照片10张至a@b.cn。",
        [("other", "单位LOGO"), ("video", "宣传片"), ("article", "单位简介"), ("photo", "照片")],
    ),
    (
        "各县区报送优秀论文2—3篇、优秀案例1—2个，并填写汇总表，于3月1日前报市教科所。",
        [("article", "优秀论文"), ("case", "优秀案例"), ("stat_table", "汇总表")],
    ),
]


@pytest.mark.parametrize(("kind", "words", "expected"), LIMITS)
def test_limits(kind: str, words: str, expected: dict[str, Any]) -> None:
    item = compile_notice(HEADS[kind] + words).items[0]
    assert {field: rule.value for field, rule in item.rules.items()} == expected


@pytest.mark.parametrize(("words", "expected"), DEADLINES)
def test_deadlines(words: str, expected: str) -> None:
    assert compile_notice(words).deadline == expected


@pytest.mark.parametrize(("words", "expected"), ITEMS)
def test_items(words: str, expected: list[tuple[str, str]]) -> None:
    assert [(item.category, item.name) for item in compile_notice(words).items] == expected


@pytest.mark.parametrize(
    "words",
    [
        "请于10月中旬前将总结报送a@b.cn。",
        "请于每月10日前将报表报送a@b.cn。",
        "请在收到通知后24小时内将名单报送a@b.cn。",
        "请于下周五前将名单报送a@b.cn。",
        "活动定于2022年9月15日举行，作品发至a@b.cn。",
        "拍摄时间为2020年1月1日以后，作品发至a@b.cn。",
        "自2022年1月1日起施行。",
        "征集时间：2020年2月15日至疫情结束。作品发至a@b.cn。",
        "请于每年9月10日前将报表报送a@b.cn。",
        "时间：2024-01-02 16:22来源：宣传部\n作品提交至指定邮箱。",
    ],
)
def test_no_deadline(words: str) -> None:
    draft = compile_notice(words)
    assert not draft.deadline
    assert any(question.path == "deadline" for question in draft.questions)


@pytest.mark.parametrize(
    "words",
    [
        "评选一等奖3幅，奖金2000元。",
        "版面尺寸210mm×297mm。",
        "纸质材料一式3份。",
        "第12页附件2。",
        "组织讲座5场，发放资料2000份。",
    ],
)
def test_no_limit(words: str) -> None:
    (item,) = compile_notice(HEADS["photo"] + words).items
    assert not item.rules


@pytest.mark.parametrize(
    ("words", "subject", "naming"),
    [
        ("邮件主题：摄影大赛+姓名。", "摄影大赛+姓名", None),
        ("邮件标题格式为“单位-姓名-作品名”。", "单位-姓名-作品名", None),
        ("邮件主题请以“姓名+电话”命名。", "姓名+电话", None),
        ("发送至a@b.cn（主题注明：摄影投稿）。", "摄影投稿", None),
        ("作品文件名统一为：作者姓名+作品名称+联系电话。", "", "作者姓名+作品名称+联系电话"),
        ("照片命名格式：姓名_题目_电话。", "", "姓名_题目_电话"),
        ("请在邮件主题栏注明“投稿”字样。", "投稿", None),
        ("压缩文件名为“单位名称+姓名”。", "", "单位名称+姓名"),
        ("投稿邮件以“作品名称-姓名-电话”为主题。", "作品名称-姓名-电话", None),
        ("邮件及附件均命名为“学院+姓名”。", "学院+姓名", "学院+姓名"),
        ("作品以姓名-题目.jpg命名。", "", "姓名-题目"),
        ("命名形式：邮件以“部门-姓名-春之声”命名。", "部门-姓名-春之声", None),
        ("投至a@b.cn，邮件名称标明：老街吉祥物征集稿。", "老街吉祥物征集稿", None),
        ("活动主题为“老街的春天”，作品发至a@b.cn。", "", None),
        ("发送至a@b.cn（邮件名：科普讲解报名）。", "科普讲解报名", None),
        ("投稿邮件请注明“2023年‘质量月’活动主题”，发至a@b.cn。", "2023年‘质量月’活动主题", None),
        ("电子版发至a@b.cn，邮件标题须注明系部、专业、姓名及联系方式。", "系部、专业、姓名及联系方式", None),
        ("邮件备注为“宣传作品（系部）”。", "宣传作品(系部)", None),
        ("请将视频发至a@b.cn，邮件名称及压缩包命名原则“学院+姓名+风采展”。", "学院+姓名+风采展", None),
        ("来稿发至a@b.cn，邮件“主题”栏注明“秋征文”。", "秋征文", None),
        ("照片发至a@b.cn，请以“作品名+作者+电话”署名。", "", "作品名+作者+电话"),
        ("来稿请在主题栏注明“老街故事”字样。", "老街故事", None),
        ("文件名统一由《姓名.部门.题目》组成。", "", "姓名.部门.题目"),
        ("作品电子版（格式：学院+姓名）发送至邮箱。", "", "学院+姓名"),
        ("文章发送至a@b.cn投稿，标题中请注明“家风”征文作品。", "家风征文作品", None),
    ],
)
def test_names(words: str, subject: str, naming: str | None) -> None:
    draft = compile_notice(HEADS["photo"] + words)
    assert draft.subject_rule == subject
    assert draft.items[0].value("naming") == naming


def test_the_length_of_a_film_is_not_laid_on_courseware() -> None:
    draft = compile_notice("关于征集优秀课件的通知\n请将课件发至a@b.cn。\n视频时长不超过10分钟，大小不超过20M。")
    assert [(item.category, dict(item.rules)) for item in draft.items] == [("other", {})]


def test_a_number_for_all_kinds_together_is_laid_on_none() -> None:
    draft = compile_notice(
        "关于征集公益广告的通知\n一、类别及格式\n（1）平面类：JPG格式，系列作品不超过3幅。\n（2）视频类：MP4格式，不超过5分钟。\n"
        "二、各县报送作品不少于5件，发至a@b.cn。"
    )
    assert [(item.value("count_min"), item.value("count_max")) for item in draft.items] == [(None, 3), (None, None)]


def test_a_list_mark_behind_an_address_is_no_part_of_it() -> None:
    assert compile_notice("1.投稿邮箱：wenhua@b.cn2.投稿时请注明：童诗+姓名。").mailbox == "wenhua@b.cn"


def test_a_signed_promise_is_signed_itself() -> None:
    draft = compile_notice("请填写登记表，并请作者签署承诺书，一并发至a@b.cn。")
    assert {item.name: item.value("signature") for item in draft.items} == {"登记表": None, "承诺书": True}


def test_a_letter_by_post_has_no_mail_subject() -> None:
    assert not compile_notice("请将意见寄至某路5号（邮编310000），并注明“办法意见”字样。\n或发至a@b.cn。").subject_rule


def test_list_points_that_begin_with_their_work() -> None:
    draft = compile_notice(
        "关于征集廉政文化作品的通知\n一、作品要求\n1、漫画作品要主题鲜明。\n2、摄影作品要贴近生活。\n3、诗歌、小小说作品要观点鲜明，字数限于600字以内。\n"
        "二、发至a@b.cn。"
    )
    told = [(item.category, item.required, item.value("words_max")) for item in draft.items]
    assert told == [("other", False, None), ("photo", False, None), ("article", False, 600)]


def test_what_is_sealed_are_all_forms_of_the_row() -> None:
    draft = compile_notice(
        "请将“教学质量奖登记表”（附件6）和“兼职人员评先项目审批表”（附件4）报送a@b.cn，纸质稿需加盖公章。"
    )
    assert [item.value("stamp") for item in draft.items] == [True, True]


def test_a_count_before_several_owners_of_one_noun() -> None:
    (item,) = compile_notice("各市推荐1—2个市、县或校典型案例，发至a@b.cn。").items
    assert (item.value("count_min"), item.value("count_max")) == (1, 2)


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (
            "二、时间\n1.2019年9月10日至2019年10月15日为作品征集上传时间。\n2.2019年10月16日至19日对作品进行初选。"
            "\n3.2019年10月20日上报江州市文联参加评选。",
            "2019-10-15",
        ),
        (
            "一、请有意参加9月17日在植物园展示的单位填写信息表，于2022年8月24日前将电子版发送至a@b.cn。"
            "\n二、请各单位于2022年10月10日前将总结发送到a@b.cn。",
            "2022-08-24",
        ),
        (
            "征集时间为2021年3月20日至4月24日。其中，作品报送时间为4月20日至4月24日下午五点前，发至a@b.cn。",
            "2021-04-24T17:00",
        ),
    ],
)
def test_the_day_of_sending_among_phases(words: str, expected: str) -> None:
    assert compile_notice(f"关于征集的通知\n{words}\n电子邮箱：a@b.cn").deadline == expected


@pytest.mark.parametrize(
    ("words", "expected"),
    [("请各单位于615日前报送", "2022-06-15"), ("请于1015日之前报送", "2022-10-15"), ("请于112日前报送", "")],
)
def test_a_date_that_lost_its_month_sign(words: str, expected: str) -> None:
    """615日 can only be the 15th of June; 112日 may be two days and is left to a person."""
    assert compile_notice(f"各单位：\n{words}总结，邮箱：a@b.cn。\n清河市科协\n2022年5月6日").deadline == expected


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("邮件标题请按照“报送支部+联系方式”格式填写", "报送支部+联系方式"),
        ("请以“XX学院评选材料”命名邮件", "XX学院评选材料"),
    ],
)
def test_a_subject_behind_words_that_lead_to_it(words: str, expected: str) -> None:
    assert compile_notice(f"各学院：\n请将登记表发至a@b.cn，{words}。").subject_rule == expected


def test_one_name_for_documents_and_mails() -> None:
    draft = compile_notice("关于征文的通知\n征文发至a@b.cn。文档及邮件主题以：“家风+姓名+标题”命名。")
    assert draft.subject_rule == draft.items[0].value("naming") == "家风+姓名+标题"


@pytest.mark.parametrize(
    "words",
    ["自通知下发之日起至2024年9月19日", "自下发通知之日起至2024年9月19日", "自本公告发布之日起至2024年9月19日"],
)
def test_from_the_day_of_the_notice(words: str) -> None:
    draft = compile_notice(f"关于书画比赛的通知\n三、时间安排\n（一）作品征集\n{words}。\n作品发至a@b.cn。")
    assert draft.deadline == "2024-09-19"


def test_numbers_of_groups_kinds_and_names_count_no_pieces() -> None:
    draft = compile_notice(
        "关于摄影、书法作品征集的通知\n一、作品要求\n（一）摄影作品：JPG格式，每组组照最少4幅、最多8幅，每人限投5幅，命名为“主题+5-10字的描述”。"
        "\n（二）书法作品：竖幅，作品背面需标注“名称+姓名+电话”。\n二、摄影、书法两项作品，每人限报一项，发至a@b.cn。"
    )
    assert {item.name: {f: r.value for f, r in item.rules.items()} for item in draft.items} == {
        "摄影作品": {"formats": ("jpg",), "count_max": 5, "naming": "主题+5-10字的描述"},
        "书法作品": {},
    }


def test_an_original_or_its_scan_asks_for_no_scan() -> None:
    draft = compile_notice("各单位：\n请将活动反馈表（原件或扫描、复印件）发至a@b.cn。")
    assert [(item.name, item.value("scan")) for item in draft.items] == [("活动反馈表", None)]


def test_a_part_of_the_pieces_is_not_their_number() -> None:
    draft = compile_notice(
        "各单位：\n请将推荐表一式3份、1000字左右事迹材料、生活照片3张（含1张全家福）和3分钟以内（至少有一段副歌）的演唱视频发至a@b.cn。"
    )
    assert {item.name: {f: r.value for f, r in item.rules.items()} for item in draft.items} == {
        "推荐表": {},
        "事迹材料": {"words_approx": 1000},
        "生活照片": {"count_min": 3, "count_max": 3},
        "演唱视频": {"duration_s_max": 180},
    }


def test_two_numbers_in_a_row() -> None:
    (item,) = compile_notice("各单位：\n请将活动照片一两张发至a@b.cn。").items
    assert (item.value("count_min"), item.value("count_max")) == (1, 2)


def test_a_format_of_films_holds_for_all_kinds_of_films() -> None:
    draft = compile_notice(
        "短视频征集令\n一、作品要求\n（一）格式\n1.视频格式：仅接受MP4格式。\n（二）时长\n1.常规短视频：15-50秒；\n2.延展类视频：1-3分钟。\n作品发至a@b.cn。"
    )
    assert [item.value("formats") for item in draft.items] == [("mp4",), ("mp4",)]


def test_what_is_only_welcome_counts_nothing() -> None:
    (item,) = compile_notice(
        "关于征集吉祥物的通知\n提供吉祥物三视图，鼓励提交吉祥物应用场景图（总数建议3-5张），发至a@b.cn。"
    ).items
    assert item.value("count_min") is None


def test_what_goes_to_a_website_only_is_not_mailed() -> None:
    draft = compile_notice("请各单位通过活动网站补充完善活动信息，包括活动照片、新闻报道链接。\n总结材料发至a@b.cn。")
    assert [item.category for item in draft.items] == ["summary"]


def test_the_length_of_a_text_is_not_laid_on_the_form_named_before() -> None:
    draft = compile_notice("须填报《家庭推荐表》（一式3份），事迹简介要真实精炼（300字以内），发至a@b.cn。")
    assert [item.value("words_max") for item in draft.items if item.category == "form"] == [None]
