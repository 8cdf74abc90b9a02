"""Rich text, written here as WordPad, Word, WPS and LibreOffice write it."""

from __future__ import annotations

import pytest

from rules.facts import TextFacts, Unreadable
from tests.intake.readers.samples import Measure, Samples

HEAD = rb"{\rtf1\ansi\ansicpg936\deff0{\fonttbl{\f0\fnil\fcharset134 \'cb\'ce\'cc\'e5;}{\f1\fswiss\fcharset0 Arial;}}"


def gbk(text: str) -> bytes:
    return "".join(f"\\'{octet:02x}" for octet in text.encode("gbk")).encode()


def facts(measure: Measure, data: bytes, name: str = "总结.rtf") -> TextFacts:
    found = measure(data, name)[1].facts
    assert isinstance(found, TextFacts), found
    return found


@pytest.mark.parametrize(
    ("body", "text"),
    [
        (gbk("质量月") + rb"\par " + gbk("总结") + rb"\par}", "质量月\n总结"),
        (rb"\u36136?\u-28209?\u26376?\par}", "质量月"),
        (rb"\uc2\u36136\'d6\'ca\u37327\'c1\'bfabc\par}", "质量abc"),
        (rb"\uc1\u-10179\'3f\u-8704\'3f\par}", "😀"),
        (rb"a\tab b\line c\~d\_e\{f\}\par}", "a\tb\nc d-ef}".replace("ef}", "e{f}")),
        (rb"a{\v hidden}b{\deleted gone}c\par}", "abc"),
        (rb"{\header head}{\*\unknown x}{\info{\title t}}text\par}", "text"),
        (rb"{\field{\*\fldinst HYPERLINK x}{\fldrslt link}}\par}", "link"),
        (rb"\f1 Arial " + gbk("中文") + rb"\par}", "Arial 中文"),
        ("质量月".encode("gbk") + rb"\par}", "质量月"),
    ],
)
def test_text(measure: Measure, body: bytes, text: str) -> None:
    assert facts(measure, HEAD + body).text == text


def test_a_font_may_have_another_charset_than_the_document(measure: Measure) -> None:
    """Word on an English system: the document is 1252, the Chinese font is 134."""
    data = HEAD.replace(b"ansicpg936", b"ansicpg1252") + rb"\f0 " + gbk("总结") + rb"\f1 caf\'e9\par}"
    assert facts(measure, data).text == "总结café"


def test_headings_by_style_and_by_level(measure: Measure) -> None:
    styles = rb"{\stylesheet{\s0 Normal;}{\s1\outlinelevel0 heading 1;}{\s7 " + gbk("标题") + rb" 3;}}"
    long = gbk("今年九月，我区组织了一系列活动，共检查企业三百家，培训十二场，取得了较好的成效。")
    body = long + rb"\par\pard\s1 " + gbk("一、组织") + rb"\par\pard " + long
    body += rb"\par\pard\s7 " + gbk("二、成效") + rb"\par\pard\outlinelevel1 " + gbk("三、打算") + rb"\par}"
    assert facts(measure, HEAD + styles + body).headings == ("一、组织", "二、成效", "三、打算")


def test_table_with_two_paragraphs_in_a_cell(measure: Measure) -> None:
    body = rb"before\par\trowd\pard\intbl a\par b\cell c\cell\row\trowd\pard\intbl\cell d\cell\row\pard after\par}"
    found = facts(measure, HEAD + body)
    assert [table.rows for table in found.tables] == [(("a\nb", "c"), (None, "d"))]
    assert found.text.startswith("before\na\nb\nc") and found.text.endswith("after")


@pytest.mark.parametrize("binary", [False, True])
def test_pictures(measure: Measure, binary: bool) -> None:
    photo = Samples.picture((400, 300))
    data = rb"\bin%d " % len(photo) + photo if binary else b"\r\n".join([photo.hex().encode()])
    pict = rb"{\*\shppict{\pict\jpegblip\picw10 " + data + rb"}}{\nonshppict{\pict\wmetafile8 0102}}"
    found = facts(measure, HEAD + rb"first\par" + pict + rb"\par caption\par}")
    (picture,) = found.pictures
    assert (picture.format, picture.width, picture.height, picture.size) == ("JPEG", 400, 300, len(photo))
    assert (picture.name, picture.before, picture.after) == ("图片1", "first", "caption")


def test_a_cut_file_is_read_as_far_as_it_goes(measure: Measure) -> None:
    found = facts(measure, HEAD + rb"text\par more")
    assert found.truncated and found.text == "text\nmore"
    assert not facts(measure, HEAD + rb"text\par}").truncated


def test_called_doc_and_nested_too_deep(measure: Measure) -> None:
    assert facts(measure, HEAD + rb"text\par}", "总结.doc").format == "rtf"
    deep = measure(rb"{\rtf1" + b"{" * 5000, "a.rtf")[1].facts
    assert isinstance(deep, Unreadable) and deep.reason == "damaged"
