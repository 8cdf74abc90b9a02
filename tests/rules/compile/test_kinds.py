"""What a call for works collects: kinds of work, what is only spoken of, limits of a work under another name."""

from __future__ import annotations

from typing import Any

import pytest

from rules.compile.assemble import compile_notice


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (
            "关于开展“春天的故事”主题征文的通知\n1.字数1000字以内，配2-3张照片（JPG格式，每张大于1M）。\n2.作品发至a@b.cn。",
            {"征文": {"words_max": 1000}, "照片": {"count_min": 2, "count_max": 3, "formats": ("jpg",), "min_mb": 1}},
        ),
        (
            "微课设计与创作大赛\n微课以视频为主要载体，格式为mp4、swf，时长在8分钟以内，同时还必须包含教学设计、学习单。"
            "\n制作手法不限，主要形式可以是讲授视频，也可以是使用PPT录制的视频。作品发至a@b.cn。",
            {"微课": {"formats": ("mp4", "swf"), "duration_s_max": 480}, "教学设计": {}, "学习单": {}},
        ),
        (
            "关于征集“我的日记”作品的通知\n作品可为诗歌、散文、纪实等，每篇作品可配照片不超过4张（照片为JPG格式）。"
            "\n作品发至a@b.cn。",
            {"诗歌、散文": {}, "照片": {"count_max": 4, "formats": ("jpg",)}},
        ),
        (
            "清河市廉洁文化作品征集启事\n一、作品要求\n（一）书法作品（含硬笔书法）要以警句为主。\n（二）摄影作品要紧扣主题，须提供不低于2M的jpg格式文件。"
            "\n二、绘画作品报送原稿，发至a@b.cn。",
            {"书法作品": {}, "摄影作品": {"min_mb": 2, "formats": ("jpg",)}},
        ),
        (
            "关于开展“山河新声”音视频征集活动的通知\n音频作品2分钟以内，格式为MP3；视频作品5分钟以内，格式为MP4。作品发至a@b.cn。",
            {
                "音频": {"duration_s_max": 120, "formats": ("mp3",)},
                "视频": {"duration_s_max": 300, "formats": ("mp4",)},
            },
        ),
        (
            "“灯塔杯”文学大赛征稿\n投稿邮箱：a@b.cn\n征稿要求：\n诗歌3首以内，总行120以内。\n散文1篇以内\n小小说1500字以内\n任选一种体裁。",
            {"诗歌": {"count_max": 3}, "散文": {"count_max": 1}, "小小说": {"words_max": 1500}},
        ),
        (
            "市总工会开展系列优秀作品征集活动。\n作品可采取诗歌、书法、摄影、音频、视频等多种形式。其中，音频作品：MP3格式，不超过15M。视频作品MP4格式，时长不超过10分钟。摄影作品JPG格式。文字作品2000字以内。作品发至a@b.cn。",
            {
                "音频作品": {"formats": ("mp3",), "max_mb": 15},
                "视频作品": {"formats": ("mp4",), "duration_s_max": 600},
                "摄影作品": {"formats": ("jpg",)},
                "文字作品": {"words_max": 2000},
            },
        ),
        (
            "关于举办家书读书活动的通知\n一、参评作品要求\n（一）征文作品要求\n字数控制在1000～2500字之间（说明：少于1000字不予参评）。\n（二）家书作品要求\n1.字数800—2000字。\n2.需附图片一到四张。\n三、作品发至a@b.cn。",
            {
                "征文作品": {"words_min": 1000, "words_max": 2500},
                "家书作品": {"words_min": 800, "words_max": 2000},
                "图片": {"count_min": 1, "count_max": 4},
            },
        ),
        (
            "“文化馆故事”征文·摄影·短视频征集\n【征文】 内容：讲文化馆的故事。字数3000字以内。\n"
            "【摄影】 内容：记录活动。作品需附文字说明，JPG格式，大小不超过40M。\n"
            "【短视频】 时长3分钟以内。作品发至a@b.cn。",
            {
                "征文": {"words_max": 3000},
                "摄影": {"formats": ("jpg",), "max_mb": 40},
                "文字说明": {},
                "短视频": {"duration_s_max": 180},
            },
        ),
        (
            "“路上瞬间”作品征集活动\n征集要求：（一）征文类包括诗歌、散文，2000字以内；（二）摄影作品类须为原创，JPG格式。\n"
            "作品发至a@b.cn。",
            {"征文类": {"words_max": 2000}, "摄影作品": {"formats": ("jpg",)}},
        ),
        (
            "“文明随手拍”征集活动\n拍摄形式为照片或视频。\n第一类：文明行为。\n第二类：不文明行为。\n"
            "照片为JPG格式，视频2分钟以内，发至a@b.cn。",
            {"照片": {"formats": ("jpg",)}, "视频": {"duration_s_max": 120}},
        ),
        (
            "关于举办微课比赛的通知\n每部作品提交3个材料。\n1.微课为MP4格式，采用H.264（MPEG-4 Part10）编码。\n"
            "作品和教学设计（教案）发至a@b.cn。",
            {"微课": {"formats": ("mp4",)}, "教学设计": {}},
        ),
        (
            "关于举办廉洁文化活动的通知\n一、作品报送要求\n1.征文作品\n字数2000字左右，Word格式。\n2.平面设计作品\n一件作品图片不超过三张，JPG格式。\n3.作品于5月6日前发至a@b.cn。",
            {
                "征文作品": {"words_approx": 2000, "formats": ("doc", "docx")},
                "平面设计作品": {"count_max": 3, "formats": ("jpg",)},
            },
        ),
        (
            "关于“我身边的老物件”微视频征集活动的通知\n一、作品内容\n①讲述老物件背后的故事；\n②与家乡有关的人物、故事。\n二、时长2—6分钟，MP4格式，发至a@b.cn。",
            {"微视频": {"duration_s_min": 120, "duration_s_max": 360, "formats": ("mp4",)}},
        ),
    ],
)
def test_kinds_of_work(words: str, expected: dict[str, dict[str, Any]]) -> None:
    draft = compile_notice(words)
    assert {item.name: {f: rule.value for f, rule in item.rules.items()} for item in draft.items} == expected


def test_a_length_for_each_genre_is_a_question_not_a_limit() -> None:
    draft = compile_notice(
        "关于开展征文活动的通知\n小说不超过8000字、散文不超过3000字、诗歌不超过60行。作品发至a@b.cn。"
    )
    assert not draft.items[0].rules
    assert {"8000字", "3000字"} <= {word for q in draft.questions for word in ("8000字", "3000字") if word in q.asks}


@pytest.mark.parametrize(
    ("words", "names"),
    [
        (
            "关于征集“云台山”形象标识的公告\n作品须附创作说明（300字以内）。投稿内容包括作品、登记表和设计说明，发至a@b.cn。",
            ["标识", "创作说明", "登记表"],
        ),
        (
            "关于征集形象标识的公告\n作品可用于旗帜、PPT模版。作品一经选中，作者须提供PSD源文件和身份证复印件。作品发至a@b.cn。",
            ["标识"],
        ),
        (
            "关于开展“档案记忆”征文活动的通知\n征文可写所见所闻，提出改进工作的意见和建议，2000字以内。\n征文\n发至a@b.cn。",
            ["征文"],
        ),
        (
            "“香山杯”文创品设计大赛\n作品范围包括但不限于文具、小件工艺品、玩具。作品发至a@b.cn，附作品简介（创意、材料、设计说明等）。",
            ["文创品", "作品简介"],
        ),
        (
            "关于举办“课堂新声”比赛的通知\n参赛者录制视频或音频。视频时长5分钟以内。作品及报名表发至a@b.cn。",
            ["视频", "音频", "报名表"],
        ),
        (
            "“字里行间”家书征集\n一、作品类别\n（一）书信征稿。写一封书信，600字以内。\n（二）优秀家书捐赠。包括：\n（1）红色家书：革命年代的家书；\n（2）传承家书：讲家训的家书；\n（3）清廉家书：讲廉洁的家书。\n二、发至a@b.cn，照片要清晰。",
            ["书信征稿", "优秀家书捐赠"],
        ),
        (
            "“集团理念”征集活动\n作品形式：标语+释义。\n三、投稿说明\n每家提供一条以上作品，发至a@b.cn。",
            ["标语", "释义"],
        ),
        (
            "一、征集内容\n征集下列形式的宣传资料：\n1.标语：短而有力。\n2.漫画：纸上墙上均可。\n3.短片：五分钟以内。\n二、作品发至a@b.cn。",
            ["标语", "漫画", "短片"],
        ),
        (
            "关于开展校史照片征集活动的通知\n一、征集内容\n1.校园风光照片；\n2.师生活动照片；\n3.毕业合影照片。\n二、照片发至a@b.cn，附文字说明。",
            ["照片", "文字说明"],
        ),
        (
            "关于征集书法、绘画作品的启事\n一、作品要求\n1.书法绘画作品尺寸：\n（1）正方形作品：25厘米；\n（2）长方形作品：50厘米。\n二、作品发至a@b.cn。",
            ["书法、绘画"],
        ),
        (
            "“绿动”儿童绘画作品征集活动\n作品拍照后发至a@b.cn，每张图片不超过3MB，附作品说明，内容包括作品名称、作者简介、内容简介，200字以内。",
            ["绘画", "作品说明"],
        ),
        (
            "关于开展资助微电影征集活动的通知\n1.微电影以视频为展示形式，包括宣传片、纪录片、公益广告等。\n2.作品和登记表发至a@b.cn。",
            ["微电影", "登记表"],
        ),
        (
            "“青峰山之旅”文艺作品大赛\n一、征稿体裁：散文游记；摄影作品。\n二、电子文本发至a@b.cn。",
            ["散文", "摄影作品"],
        ),
        (
            "关于开展“朗读月”优秀作品征集活动的通知\n四、材料清单\n朗读者简介及照片、推荐书目及推荐理由、读后感（300—500字）和朗读音频。\n五、上述材料发至a@b.cn。",
            ["朗读者简介", "照片", "推荐理由", "读后感", "朗读音频"],
        ),
        (
            "各工会小组：\n学院工会决定组织“守望”教职工征文比赛。\n文章用Word格式，可附相关图片、音频和视频素材。\n征文原稿发至a@b.cn。",
            ["征文", "图片", "音频", "视频"],
        ),
    ],
)
def test_in_a_call_for_works_nothing_is_asked_that_is_only_spoken_of(words: str, names: list[str]) -> None:
    assert [item.name for item in compile_notice(words).items] == names


def test_numbers_under_the_heading_of_prizes_count_when_each_sender_is_meant() -> None:
    words = (
        "关于举办“进步杯”摄影展览的通知\n一、奖项设置：一等奖2名。\n"
        "（一）摄影作品每人限交5幅，组照可视为1幅。\n二、作品发至a@b.cn。"
    )
    assert compile_notice(words).items[0].value("count_max") == 5
    assert compile_notice(words).items[0].value("count_min") is None


def test_a_name_in_black_brackets_goes_on_behind_them() -> None:
    draft = compile_notice("关于征集摄影作品的通知\n作品发至a@b.cn，邮件命名：【秋之声】姓名-院系-作品名称。")
    assert draft.subject_rule == "【秋之声】姓名-院系-作品名称"


def test_limits_of_a_work_under_another_name() -> None:
    words = (
        "“绿动”儿童绘画作品征集活动\n每人仅可投稿一组作品，单张或者组图（组图不得超过四张）。"
        "作品可扫描，每张图片不超过3MB，发至a@b.cn。"
    )
    (item,) = compile_notice(words).items
    assert {field: rule.value for field, rule in item.rules.items()} == {"count_max": 4, "max_mb": 3}


def test_do_not_exceed_is_a_most() -> None:
    (item,) = compile_notice("关于开展征文活动的通知\n征文字数请勿超过2000字，每单位至少推荐2篇，发至a@b.cn。").items
    assert {field: rule.value for field, rule in item.rules.items()} == {"words_max": 2000, "count_min": 2}


def test_quoted_parts_joined_by_plus_signs_are_one_name() -> None:
    draft = compile_notice("关于征集老照片的通知\n照片命名格式为：“时间”+“事件”名称+拍摄者，发至a@b.cn。")
    assert draft.items[0].value("naming") == "“时间”+“事件”名称+拍摄者"


def test_every_item_quotes_something() -> None:
    draft = compile_notice("关于征集书画、摄影作品的启事\n摄影作品发至a@b.cn，书法作品原件请邮寄。")
    assert all(item.clause for item in draft.items)
