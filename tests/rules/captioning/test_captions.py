"""Which words belong to which photo."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rules.captioning.caption_lines import entries
from rules.captioning.captions import Captions, find_captions
from rules.captioning.photo_names import caption_in_name, photo_number
from rules.facts import Facts, ImageFacts, Picture, Sheet, TableFacts, TextFacts
from rules.item import Item, Text

NOON = datetime(2022, 9, 28, 4, 0, tzinfo=UTC)
PHOTO = ImageFacts(format="JPEG", width=1600, height=1200)
FAIR = "九月六日，工作人员在中心广场为群众讲解家用电器安全知识，现场发放资料二百余份。"
VISIT = "九月十二日，执法人员走进食品企业，指导企业完善质量管理制度并现场解答问题。"


def photo(name: str, *, mail: str = "a", digest: str = "", path: str = "") -> Item:
    return item(name, PHOTO, mail=mail, digest=digest, path=path)


def item(name: str, facts: Facts, *, mail: str = "a", digest: str = "", path: str = "") -> Item:
    return Item(
        name=name,
        path=path or name,
        size=1,
        digest=digest or f"{mail}{name}",
        facts=facts,
        mail=mail,
        message_id=f"<{mail}@unit.example>",
        received_at=NOON + timedelta(hours=ord(mail) - ord("a")),
    )


def body(words: str, *, mail: str = "a") -> Text:
    return Text(mail=mail, received_at=NOON + timedelta(hours=ord(mail) - ord("a")), subject="", text=words)


def paper(name: str, words: str, *, mail: str = "a", format: str = "docx", headings: tuple[str, ...] = ()) -> Item:
    return item(name, TextFacts(format=format, text=words, characters=len(words), headings=headings), mail=mail)


def words_of(captions: Captions) -> dict[str, str]:
    return {key.rpartition(":")[2]: caption.text for key, caption in captions.found.items()}


@pytest.mark.parametrize(
    "text",
    [
        f"图1：{FAIR}\n图2：{VISIT}",
        f"您好：\n照片一：{FAIR}\n照片二：{VISIT}\n联系人：周某",
        f"图片1说明：{FAIR}\n图片2说明：{VISIT}",
        f"图片说明：\n1、{FAIR}\n2、{VISIT}",
        f"图片（1）：{FAIR}\n图片（2）：{VISIT}",
        f"图２：{VISIT}\n图１：{FAIR}",
        f"图1\n{FAIR}\n\n图2\n{VISIT}",
        f"1.jpg：{FAIR}\n2.jpg：{VISIT}",
        f"1、{FAIR}\n2、{VISIT}",
        f"【图1】{FAIR}\n【图2】{VISIT}",
        f"图1：{FAIR[:20]}\n{FAIR[20:]}\n图2：{VISIT}",
        f"请查收。图1：{FAIR}图2：{VISIT}",
        f"第一张照片：{FAIR}\n第二张照片：{VISIT}",
        f"两张照片的说明如下：\n{FAIR}\n{VISIT}",
        f"图片说明：\n{FAIR}\n{VISIT}\n联系人：周某",
        f"材料见附件，图1说明：{FAIR}图2说明：{VISIT}",
        f"刚才的两张照片漏了说明，现补上：\n1、{FAIR}\n2、{VISIT}",
        f"①{FAIR}\n②{VISIT}",
        f"（1）{FAIR}\n（2）{VISIT}",
        f"1.{FAIR} 2.{VISIT}",
        f"照片说明：一、{FAIR}二、{VISIT}",
        f"两张图片的文字说明：1.{FAIR}2.{VISIT}",
        f"照片1（1.jpg）：{FAIR}\n照片2（2.jpg）：{VISIT}",
        f"图片1：1.jpg\n说明：{FAIR}\n图片2：2.jpg\n说明：{VISIT}",
        f"1、图1：{FAIR}\n2、图2：{VISIT}",
        f"附件1 总结\n附件2 图1：{FAIR}\n附件3 图2：{VISIT}",
        f"图1为{FAIR}\n图2是{VISIT}",
        f"左图：{FAIR}\n右图：{VISIT}",
        f"{FAIR}（图1）\n{VISIT}（图2）",
        f"一、总结见附件\n二、图片说明\n1.{FAIR}\n2.{VISIT}\n三、其他",
    ],
)
def test_captions_in_the_body(text: str) -> None:
    found = find_captions([photo("1.jpg"), photo("2.jpg")], [], [body(text)])
    assert words_of(found) == {"1.jpg": FAIR, "2.jpg": VISIT}
    assert found.ambiguous == frozenset()
    assert {caption.source for caption in found.found.values()} == {"body"}


def test_one_caption_stated_for_both() -> None:
    found = find_captions([photo("1.jpg"), photo("2.jpg")], [], [body(f"图1、图2：{FAIR}")])
    assert words_of(found) == {"1.jpg": FAIR, "2.jpg": FAIR}


def test_names_beat_numbers() -> None:
    sent = [photo("广场.jpg"), photo("企业.jpg")]
    found = find_captions(sent, [], [body(f"企业.jpg：{VISIT}\n广场：{FAIR}")])
    assert words_of(found) == {"广场.jpg": FAIR, "企业.jpg": VISIT}


def test_order_pairs_when_counts_are_equal() -> None:
    sent = [photo("IMG_2301.jpg"), photo("IMG_2302.jpg")]
    found = find_captions(sent, [paper("图片说明.docx", f"{FAIR}\n{VISIT}")], [])
    assert words_of(found) == {"IMG_2301.jpg": FAIR, "IMG_2302.jpg": VISIT}
    assert {caption.where for caption in found.found.values()} == {"图片说明.docx"}


def test_one_photo_one_caption() -> None:
    assert words_of(find_captions([photo("现场.jpg")], [], [body(f"图片说明：{FAIR}")])) == {"现场.jpg": FAIR}


def test_one_caption_for_two_photos_is_for_a_person() -> None:
    sent = [photo("IMG_1001.jpg"), photo("IMG_1002.jpg")]
    found = find_captions(sent, [], [body(f"图片说明：{FAIR}")])
    assert found.found == {}
    assert found.ambiguous == {photo.key for photo in sent}


def test_a_list_of_enclosures_is_no_caption() -> None:
    sent = [photo("IMG_1001.jpg"), photo("IMG_1002.jpg")]
    listed = "现报送以下材料：\n1、质量月活动总结一份\n2、典型案例两篇，活动图片2张"
    found = find_captions(sent, [], [body(listed)])
    assert (found.found, found.ambiguous) == ({}, frozenset())


def test_numbered_paragraphs_of_a_summary_are_no_captions() -> None:
    summary = paper("总结.docx", f"活动总结\n1、{FAIR}\n2、{VISIT}", headings=("活动总结",))
    assert find_captions([photo("1.jpg"), photo("2.jpg")], [summary], []).found == {}


@pytest.mark.parametrize(("format", "source"), [("txt", "text-file"), ("docx", "document")])
def test_a_file_with_the_photos_name(format: str, source: str) -> None:
    found = find_captions([photo("广场.jpg"), photo("企业.jpg")], [paper(f"广场.{format}", FAIR, format=format)], [])
    assert words_of(found) == {"广场.jpg": FAIR}
    assert [caption.source for caption in found.found.values()] == [source]


def test_beside_the_picture_in_a_document() -> None:
    pictures = tuple(
        Picture(name=f"{n}", format="JPEG", width=1, height=1, after=words)
        for n, words in enumerate((f"图1：{FAIR}", VISIT))
    )
    facts = TextFacts(format="docx", text="", characters=0, pictures=pictures)
    found = find_captions([photo("P1001.jpg"), photo("P1002.jpg")], [item("照片.docx", facts)], [])
    assert words_of(found) == {"P1001.jpg": FAIR, "P1002.jpg": VISIT}


def test_the_name_itself() -> None:
    found = find_captions([photo(f"图1：{FAIR[:-1]}.jpg"), photo("云岭区市场监管局质量月活动照片2.jpg")], [], [])
    assert [caption.text for caption in found.found.values()] == [FAIR[:-1]]


def test_a_later_mail_completes_and_corrects() -> None:
    sent = [photo("图1.jpg"), photo("图2.jpg")]
    first = body(f"图1：{FAIR}")
    assert words_of(find_captions(sent, [], [first, body(f"图2：{VISIT}", mail="b")])) == {
        "图1.jpg": FAIR,
        "图2.jpg": VISIT,
    }
    corrected = body(f"图1：{VISIT}", mail="b")
    for texts in ([first, corrected], [corrected, first]):
        assert words_of(find_captions(sent, [], texts)) == {"图1.jpg": VISIT}


def test_the_photo_sent_again_with_its_caption() -> None:
    """Byte-identical copies are one photo, whatever they are called."""
    first, again = photo("IMG_1.jpg", digest="x"), photo("活动.jpg", mail="b", digest="x")
    found = find_captions([first, again], [], [body(f"图片说明：{FAIR}", mail="b")])
    assert {caption.text for caption in found.found.values()} == {FAIR}
    assert set(found.found) == {first.key, again.key}


@pytest.mark.parametrize(
    ("name", "number"),
    [
        ("图1.jpg", 1),
        ("图片（二）.jpg", 2),
        ("3.JPG", 3),
        ("活动照片-2.jpg", 2),
        ("照片①.jpg", 1),
        ("2、广场宣传.jpg", 2),
        ("IMG_2301.jpg", None),
        ("微信图片_20220906101010.jpg", None),
        ("9月6日广场.jpg", None),
        ("图2022年.jpg", None),
    ],
)
def test_photo_number(name: str, number: int | None) -> None:
    assert photo_number(name) == number


LINES = st.lists(
    st.one_of(
        st.sampled_from(
            ["图1：", "图片说明：", "照片二", "1、", "2.jpg：", "", "附件：", FAIR, "（①）", "图1、图2：" + FAIR]
        ),
        st.text(max_size=30),
    ),
    max_size=10,
).map("\n".join)


@settings(max_examples=100)
@given(LINES, st.integers(0, 3), st.booleans())
def test_no_text_raises_and_words_are_never_made_up(text: str, photos: int, lists: bool) -> None:
    """Law: every caption consists of words of the text, and no photo has a caption and a doubt."""
    flat = "".join(text.split())
    for entry in entries(text, {"2"}, lists=lists, photos=photos):
        assert "".join(entry.text.split()) in flat
        assert entry.text.strip()
    sent = [photo(f"{n + 1}.jpg") for n in range(photos)]
    found = find_captions(sent, [], [body(text)])
    assert not found.ambiguous & found.found.keys()


@pytest.mark.parametrize(
    ("subject", "text"),
    [
        ("材料", f"现报送材料，请查收。照片说明：{FAIR}"),
        ("材料", f"刚才的照片漏了说明，补上：\n{FAIR}"),
        ("补充照片说明", f"您好！\n{FAIR}\n谢谢"),
    ],
)
def test_the_caption_of_the_only_photo_in_running_words(subject: str, text: str) -> None:
    said = Text(mail="b", received_at=NOON, subject=subject, text=text)
    assert words_of(find_captions([photo("活动照片.jpg")], [], [said])) == {"活动照片.jpg": FAIR}


def test_a_library_is_no_paper_about_pictures() -> None:
    chapters = paper(
        "市图书馆活动总结.docx", f"市图书馆活动总结\n一、{FAIR}\n二、{VISIT}", headings=("市图书馆活动总结",)
    )
    found = find_captions([photo("1.jpg"), photo("2.jpg")], [chapters], [])
    assert found.found == {} and found.ambiguous == frozenset()


@pytest.mark.parametrize(
    ("new", "text", "kept"),
    [
        ("图1（更正）.jpg", "图1已更换。", True),
        ("IMG_5521.jpg", "照片已换成大图，说明不变。", True),
        ("IMG_5521.jpg", "照片已换成大图。", False),
        ("图1.jpg", f"图1：{VISIT}", False),
    ],
)
def test_a_photo_sent_anew_keeps_the_words_of_the_one_it_replaces(new: str, text: str, kept: bool) -> None:
    sent = [photo("图1.jpg"), photo(new, mail="b")]
    captions = find_captions(sent, [], [body(f"图1：{FAIR}"), body(text, mail="b")])
    later = captions.found.get(sent[1].key)
    assert (later is not None and later.text == FAIR) is kept
    assert captions.found[sent[0].key].text == FAIR


def test_a_copy_sent_later_does_not_make_the_older_version_younger() -> None:
    old, new = photo("图1.jpg"), photo("图1.jpg", mail="b")
    copy = msgspec.structs.replace(old, mail="c", received_at=NOON + timedelta(hours=2))
    captions = find_captions([old, new, copy], [], [body(f"图1：{FAIR}")])
    assert captions.found[new.key].text == FAIR


def test_a_name_in_the_text_may_stand_alone_in_quotes_or_before_a_blank() -> None:
    sent = [photo("IMG_2034.jpg"), photo("IMG_2035.jpg")]
    for first, second in (
        ("IMG_2034 ", "IMG_2035 "),
        ("IMG_2034.jpg\n", "IMG_2035.jpg\n"),
        ("“IMG_2034.jpg”说明：", "“IMG_2035”："),
    ):
        found = find_captions(sent, [], [body(f"您好：\n{first}{FAIR}\n{second}{VISIT}")])
        assert words_of(found) == {"IMG_2034.jpg": FAIR, "IMG_2035.jpg": VISIT}


@pytest.mark.parametrize(
    "said",
    [
        "XXXXXXXX",
        "（请在此填写50字左右说明）",
        "待补充",
        "XX月XX日，XX局在XX开展XX活动",
        "无",
        "1.jpg",
        "图片说明",
        "同上",
        "活动照片1",
    ],
)
def test_a_template_that_nobody_filled_in_is_no_caption(said: str) -> None:
    found = find_captions([photo("1.jpg"), photo("2.jpg")], [], [body(f"图1：{said}\n图2：{VISIT}")])
    assert words_of(found) == {"2.jpg": VISIT}
    assert found.ambiguous == frozenset()


def test_rows_of_a_table() -> None:
    head, sent = ("序号", "图片名称", "说明"), [photo("IMG_2034.jpg"), photo("IMG_2035.jpg")]
    by_name = Sheet(name="1", rows=(head, (1, "IMG_2035.jpg", VISIT), (2, "IMG_2034.jpg", FAIR)))
    by_number = Sheet(name="1", rows=(head, (1, None, FAIR), (2, None, VISIT)))
    expected = {"IMG_2034.jpg": FAIR, "IMG_2035.jpg": VISIT}
    book = item("图片说明表.xlsx", TableFacts(format="xlsx", sheets=(by_name,)))
    assert words_of(find_captions(sent, [book], [])) == expected
    facts = TextFacts(format="docx", text="", characters=0, tables=(by_number,))
    assert words_of(find_captions([photo("图1.jpg"), photo("图2.jpg")], [item("照片.docx", facts)], [])) == {
        "图1.jpg": FAIR,
        "图2.jpg": VISIT,
    }
    form = Sheet(name="统计", rows=(("项目", "数量"), (1, "开展质量月宣传活动场次合计")))
    assert find_captions(sent, [item("统计表.xlsx", TableFacts(format="xlsx", sheets=(form,)))], []).found == {}


def test_a_folder_that_is_a_sentence() -> None:
    sent = [
        photo("IMG_1.jpg", path=f"材料.zip/图1 {FAIR[:-1]}/IMG_1.jpg"),
        photo("IMG_2.jpg", path="材料.zip/图片/IMG_2.jpg"),
    ]
    assert {c.text for c in find_captions(sent, [], []).found.values()} == {FAIR[:-1]}


@pytest.mark.parametrize(
    ("name", "words"),
    [
        (
            "2022年9月6日，云岭区市场监管局走进社区开展家电安全宣传.jpg",
            "2022年9月6日，云岭区市场监管局走进社区开展家电安全宣传",
        ),
        ("4月24日，我单位宣读节水倡议，社会反响良好.jpg", "4月24日，我单位宣读节水倡议，社会反响良好"),
        ("微信图片_20220906101010.jpg", ""),
        ("IMG_2034.jpg", ""),
        ("云岭区质量月启动仪式现场照片.jpg", ""),
    ],
)
def test_names_that_are_sentences(name: str, words: str) -> None:
    assert caption_in_name(name) == words


@pytest.mark.parametrize(
    ("below", "expected"),
    [(FAIR, FAIR), (f"图1：{FAIR}", FAIR), ("此致", ""), ("联系人：周某某 0871-5550000", ""), ("照片1", ""), ("", "")],
)
def test_the_words_below_a_photo_in_the_mail(below: str, expected: str) -> None:
    shown = msgspec.structs.replace(photo("image001.jpg"), beside=below)
    found = find_captions([shown], [], [])
    assert found.found[shown.key].text == expected if expected else found.found == {}


def test_words_below_photos_of_one_name_are_kept_apart() -> None:
    sent = [photo("image001.jpg", path="a/image001.jpg"), photo("image001.jpg", path="b/image001.jpg", digest="z")]
    sent = [msgspec.structs.replace(one, beside=words) for one, words in zip(sent, (FAIR, VISIT), strict=True)]
    found = find_captions(sent, [], [body("照片见正文")])
    assert [found.found[one.key].text for one in sent] == [FAIR, VISIT]


def test_illustrations_of_a_summary_do_not_take_a_photo_s_own_caption() -> None:
    chapter = "今年九月，我局认真组织开展质量月活动，" * 8
    pasted = (Picture(name="1.png", format="PNG", width=600, height=400, before=chapter),)
    facts = TextFacts(format="docx", text=chapter, characters=len(chapter), pictures=pasted)
    summary = item("活动总结.docx", facts)
    assert words_of(find_captions([photo("图片1.jpg")], [summary], [body(f"图片1：{FAIR}")])) == {"图片1.jpg": FAIR}
    assert words_of(find_captions([photo("图片1.jpg")], [summary], [])) == {}


def test_words_that_name_the_photo_beat_the_order_of_another_paper_in_the_same_mail() -> None:
    pasted = (Picture(name="1.png", format="PNG", width=1600, height=1200, after=VISIT),)
    case = item("典型案例.docx", TextFacts(format="docx", text=VISIT, characters=30, pictures=pasted))
    assert words_of(find_captions([photo("图片1.jpg")], [case], [body(f"图片1：{FAIR}")])) == {"图片1.jpg": FAIR}


@pytest.mark.parametrize("first", ["图片1", "图片1.jpg", "照片1"])
def test_a_table_of_captions(first: str) -> None:
    rows = (("序号", "图片名称", "文字说明"), (1, first, FAIR), (2, "图片2", VISIT))
    table = item("照片说明.xlsx", TableFacts(format="xlsx", sheets=(Sheet(name="Sheet1", rows=rows),)))
    found = words_of(find_captions([photo("图片1.jpg"), photo("图片2.jpg")], [table], []))
    assert found == {"图片1.jpg": FAIR, "图片2.jpg": VISIT}


def test_numbers_that_were_the_names_of_earlier_photos_count_those_that_came_with_the_words() -> None:
    sent = [photo("图1.jpg"), photo("图2.jpg"), photo("IMG_1.jpg", mail="b"), photo("IMG_2.jpg", mail="b")]
    found = find_captions(sent, [], [body(f"图1：{FAIR}\n图2：{VISIT}", mail="b")])
    assert [found.found[one.key].text for one in sent[2:]] == [FAIR, VISIT]
    assert sent[0].key not in found.found


def test_a_list_of_captions_ends_with_the_last_photo() -> None:
    sent = [photo("IMG_1.jpg"), photo("IMG_2.jpg")]
    said = body(f"活动图片说明如下：\n{FAIR}\n{VISIT}\n\n青石县市场监督管理局办公室")
    assert words_of(find_captions(sent, [], [said])) == {"IMG_1.jpg": FAIR, "IMG_2.jpg": VISIT}


def test_words_after_a_comma_are_the_caption_of_the_only_photo() -> None:
    found = find_captions([photo("现场.jpg")], [], [body(f"更换图2，说明：{FAIR}")])
    assert words_of(found) == {"现场.jpg": FAIR}
