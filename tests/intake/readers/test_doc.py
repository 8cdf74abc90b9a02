"""Word's binary documents: `files/report.doc` was saved by LibreOffice, the others are built here."""

from __future__ import annotations

import struct

import pytest

from rules.facts import TextFacts, Unreadable
from tests.intake.readers.samples import Measure, Samples
from tests.intake.readers.stored import stored

LOCKED = bytes(10) + b"\0\1"


def word(text: str, *, compressed: bool = False, deleted: tuple[int, int] = (0, 0), summary: bytes = b"") -> bytes:
    """A document of one piece; characters from `deleted[0]` to `deleted[1]` are marked as deleted."""
    body = text.encode("cp1252" if compressed else "utf-16-le")
    wide = 1 if compressed else 2
    start = 1024
    size = -(-(start + len(body)) // 512) * 512
    document = bytearray(size + 512)
    document[start : start + len(body)] = body
    # one page of character properties: before, within and after the deletion
    places = [start, start + deleted[0] * wide, start + deleted[1] * wide, start + len(body)]
    struct.pack_into("<4I", document, size, *places)
    document[size + 16 : size + 19] = bytes((0, 100, 0))
    document[size + 200 : size + 204] = struct.pack("<BHB", 3, 0x0800, 1)
    document[size + 511] = 3
    place = start * 2 | 0x40000000 if compressed else start
    pieces = struct.pack("<II", 0, len(text)) + struct.pack("<HIH", 0, place, 0)
    table = b"\x02" + struct.pack("<I", len(pieces)) + pieces
    bte = struct.pack("<III", start, start + len(body), size // 512)
    struct.pack_into("<HH", document, 0, 0xA5EC, 0x00C1)
    struct.pack_into("<i", document, 0x4C, len(text))
    struct.pack_into("<II", document, 0x9A + 8 * 33, 0, len(table))
    struct.pack_into("<II", document, 0x9A + 8 * 12, len(table), len(bte))
    streams = {"WordDocument": bytes(document), "0Table": table + bte}
    return Samples.ole(**streams, **({"\x05SummaryInformation": summary} if summary else {}))


def summary(*properties: tuple[int, int, int]) -> bytes:
    """A set of properties: number, type, and four bytes of value."""
    places = [8 + 8 * len(properties) + 8 * number for number in range(len(properties))]
    head = b"".join(struct.pack("<II", name, place) for (name, _, _), place in zip(properties, places, strict=True))
    values = b"".join(struct.pack("<II", kind, value) for _, kind, value in properties)
    return bytes(44) + struct.pack("<III", 48, 8 + len(head) + len(values), len(properties)) + head + values


def facts(measure: Measure, data: bytes, name: str = "总结.doc") -> TextFacts:
    found = measure(data, name)[1].facts
    assert isinstance(found, TextFacts), found
    return found


@pytest.mark.parametrize(("name", "kind"), [("总结.doc", "doc"), ("总结.wps", "wps"), ("总结.docx", "doc")])
def test_report(measure: Measure, name: str, kind: str) -> None:
    found = facts(measure, stored("report.doc"), name)
    assert found.format == kind
    assert found.headings == ("滨江区质量月活动总结", "一、组织领导", "二、典型案例")
    assert "今年九月，我区围绕“质量”主题，组织宣传和培训（共12场），检查企业300家。" in found.text
    assert "成立领导小组，明确分工。😀 English words, €100." in found.text
    assert "隐藏的话" not in found.text


def test_table(measure: Measure) -> None:
    (table,) = facts(measure, stored("report.doc")).tables
    assert table.rows == (("项目", "数量", "备注"), ("检查企业", "300", None), ("培训", None, "12场\n另有线上课"))


def test_pictures_have_their_real_size_and_the_words_beside_them(measure: Measure) -> None:
    pictures = facts(measure, stored("report.doc")).pictures
    assert [(p.name, p.format, p.width, p.height) for p in pictures] == [
        ("图片1", "JPEG", 640, 480),
        ("图片2", "PNG", 320, 200),
    ]
    assert pictures[0].before == "现场宣传" and pictures[0].after == "图1 活动现场，工作人员向群众讲解。"
    assert pictures[1].after == "图2 培训会场。"


def test_floating_pictures_stand_at_their_anchor_and_letterheads_do_not_count(measure: Measure) -> None:
    """The header holds a logo, a text box stands before the photo."""
    found = facts(measure, stored("floating.doc"))
    assert found.text == "第一段\n框前\n现场\n图1 浮动图片说明\n文本框里的字"
    (picture,) = found.pictures
    assert (picture.format, picture.width, picture.height) == ("JPEG", 640, 480)
    assert (picture.before, picture.after) == ("现场", "图1 浮动图片说明")


def test_one_byte_a_character(measure: Measure) -> None:
    assert facts(measure, word("Report “2022” €5\rSecond\r", compressed=True)).text == "Report “2022” €5\nSecond"


def test_deleted_words_are_left_out(measure: Measure) -> None:
    assert facts(measure, word("留下删去留下\r", deleted=(2, 4))).text == "留下留下"


def test_fields_show_their_result(measure: Measure) -> None:
    text = 'a\x13 HYPERLINK "x" \x14链接\x15b\x13PAGE\x15c\x0b d\x1ee\r'
    assert facts(measure, word(text)).text == "a链接bc\n d-e"


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (Samples.ole(WordDocument=LOCKED), "encrypted"),
        (Samples.ole(WordDocument=bytes(20)), "damaged"),
        (Samples.ole(WordDocument=b"\xec\xa5\xc1\0" + bytes(2000)), "damaged"),
        (stored("report.doc")[:9000], "damaged"),
    ],
)
def test_refused(measure: Measure, data: bytes, reason: str) -> None:
    found = measure(data, "总结.doc")[1].facts
    assert isinstance(found, Unreadable) and (found.reason, found.format) == (reason, "doc")


def test_a_piece_table_that_goes_round_and_round_ends(measure: Measure) -> None:
    """A hundred thousand pieces that all name the same text."""
    count = 100_000
    body = "字" * 2000
    pieces = (
        struct.pack(f"<{count + 1}I", *range(0, 2000 * (count + 1), 2000)) + struct.pack("<HIH", 0, 1024, 0) * count
    )
    table = b"\x02" + struct.pack("<I", len(pieces)) + pieces
    document = bytearray(1024 + 4000)
    document[1024:] = body.encode("utf-16-le")
    struct.pack_into("<HH", document, 0, 0xA5EC, 0x00C1)
    struct.pack_into("<i", document, 0x4C, 1 << 30)
    from intake.formats.worddoc import WordFile

    struct.pack_into("<II", document, 0x9A + 8 * 33, 0, len(table))
    word = WordFile(bytes(document), {"0Table": table})
    assert sum(len(paragraph.text) for paragraph in word.paragraphs()) < 10_000_000 and word.truncated


@pytest.mark.parametrize(
    ("properties", "pages"),
    [
        (((1, 2, 936), (14, 3, 7)), 7),
        (((13, 0x101E, 0x7FFFFFFF), (14, 3, 7)), 7),  # a vector that says it has two thousand million strings
        (((14, 5, 7),), 0),
        (((14, 3, 0xFFFFFFFF),), 0),
        (((15, 3, 7),), 0),
    ],
)
def test_pages_as_word_counted_them(measure: Measure, properties: tuple[tuple[int, int, int], ...], pages: int) -> None:
    assert facts(measure, word("text", summary=summary(*properties))).pages == pages


def test_a_summary_that_is_cut(measure: Measure) -> None:
    assert facts(measure, word("text", summary=summary((14, 3, 7))[:50])).pages == 0
