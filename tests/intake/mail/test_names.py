"""File names from raw header bytes, in every form clients have been seen to write."""

from __future__ import annotations

import base64
from urllib.parse import quote, quote_from_bytes

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from intake.mail.names import base_name, given_name, given_suffix, parameters, type_of
from intake.mail.naming import UniquePaths, made_up

NAME = "关于质量月活动的工作总结（终稿）.docx"
GBK, UTF8 = NAME.encode("gbk"), NAME.encode()


def b64(data: bytes, charset: str) -> bytes:
    """One encoded word."""
    return b"=?" + charset.encode() + b"?B?" + base64.b64encode(data) + b"?="


def pieces(data: bytes, size: int, form: bytes, label: bytes = b"") -> bytes:
    """RFC 2231 segments of `size` bytes each, cut without regard to characters."""
    out = []
    for number, start in enumerate(range(0, len(data), size)):
        body = quote_from_bytes(data[start : start + size]).encode()
        out.append(form % number + b"=" + (label if number == 0 else b"") + body)
    return b"; ".join(out)


FORMS = {
    "raw utf-8": b'filename="' + UTF8 + b'"',
    "raw gbk": b'filename="' + GBK + b'"',
    "raw gbk, no quotes": b"filename=" + GBK,
    "word": b'filename="' + b64(GBK, "gb2312") + b'"',
    "word, no quotes": b"filename=" + b64(GBK, "gb18030"),
    "words cut within a character": b'filename="' + b64(GBK[:9], "gb2312") + b"\r\n " + b64(GBK[9:], "gb2312") + b'"',
    "word folded inside": b'filename="' + b64(UTF8, "utf-8")[:30] + b"\r\n\t" + b64(UTF8, "utf-8")[30:] + b'"',
    "rfc 2231": b"filename*=UTF-8''" + quote(NAME).encode(),
    "rfc 2231, gbk under gb2312": b"filename*=gb2312''" + quote_from_bytes(GBK).encode(),
    "rfc 2231 in quotes": b"filename*=\"UTF-8''" + quote(NAME).encode() + b'"',
    "rfc 2231 without charset": b"filename*=" + quote(NAME).encode(),
    "rfc 2231 with empty charset": b"filename*=''" + quote(NAME).encode(),
    "continued": pieces(UTF8, 7, b"filename*%d*", b"utf-8''"),
    "continued, gbk cut within characters": pieces(GBK, 5, b"filename*%d*", b"gbk''"),
    "continued, cut within an escape": b"; ".join(
        b"filename*%d*=%s%s" % (n, b"" if n else b"gb2312''", quote_from_bytes(GBK).encode()[n * 37 : n * 37 + 37])
        for n in range(9)
    ),
    "continued, no charset": pieces(GBK, 5, b"filename*%d*"),
    "continued with raw bytes": b'filename*0="' + GBK[:9] + b'"; filename*1="' + GBK[9:] + b'"',
    "better extended name": b"filename=\"????.docx\"; filename*=UTF-8''" + quote(NAME).encode(),
    "worse plain name first": b"filename=attachment.bin; filename*=UTF-8''" + quote(NAME).encode(),
    "percent": b'filename="' + quote(NAME).encode() + b'"',
    "percent, gbk": b'filename="' + quote_from_bytes(GBK).encode() + b'"',
    "extended value in a plain name": b"filename=\"UTF-8''" + quote(NAME).encode() + b'"',
    "encoded twice": b'filename="' + b64(b64(UTF8, "utf-8"), "utf-8") + b'"',
    "word inside extended": b"filename*=UTF-8''" + quote_from_bytes(b64(GBK, "gbk")).encode(),
    "windows path": b'filename="C:\\Users\\zl\\' + GBK + b'"',
    "windows path, escaped": b'filename="C:\\\\Users\\\\' + UTF8 + b'"',
    "unix path": b'filename="../../etc/' + UTF8 + b'"',
    "no closing quote": b'filename="' + UTF8,
    "blanks around": b'FileName = "' + UTF8 + b'" ',
    "cut word": b"filename=" + b64(UTF8, "utf-8")[:-2],
}


@pytest.mark.parametrize("form", FORMS)
def test_the_name_is_read(form: str) -> None:
    assert given_name(b"attachment; " + FORMS[form], b"application/octet-stream") == NAME


def test_an_empty_filename_leaves_the_name_of_the_type() -> None:
    assert given_name(b'attachment; filename=""', b'application/msword; name="' + GBK + b'"') == NAME
    assert given_name(b"attachment", b"application/msword; name*=UTF-8''" + quote(NAME).encode()) == NAME
    assert given_name(b"", b"application/msword", NAME.encode()) == NAME


def test_no_name_is_no_name() -> None:
    assert given_name(b"attachment", b"application/pdf") == ""
    assert given_name(b'attachment; filename="????.doc"', b"application/msword") == ""
    assert given_suffix(b'attachment; filename="????.doc"', b"application/msword") == "doc"
    assert given_name(b'attachment; filename=".."', b"") == ""


def test_plain_names_are_left_alone() -> None:
    assert given_name(b'attachment; filename="50% done.txt"', b"") == "50% done.txt"
    assert given_name('attachment; filename="进度50%20终.txt"'.encode(), b"") == "进度50%20终.txt"
    assert given_name(b"attachment; filename=a;b c.doc; size=3", b"") == "a;b c.doc"
    assert given_name(b'attachment; filename="a \\"b\\".txt"', b"") == 'a "b".txt'


def test_a_gbk_character_that_ends_in_a_backslash_does_not_eat_the_quote() -> None:
    name = "质量月活动总结誠.doc"  # the last character ends in 0x5C in GBK
    raw = name.encode("gbk")
    assert b"\\" in raw
    assert given_name(b'attachment; filename="' + raw + b'"; size=1', b"") == name


def test_what_hides_the_true_suffix_is_removed() -> None:
    assert base_name("报表\u202excod.exe") == "报表xcod.exe"
    assert base_name("a\r\nb\x00.txt") == "a b .txt"
    assert len(base_name("长" * 500 + ".docx")) == 200
    assert base_name("长" * 500 + ".docx").endswith(".docx")


def test_made_up_names() -> None:
    assert made_up("image/jpeg", b"", 1) == "图片1.jpg"
    assert made_up("application/octet-stream", b"%PDF-1.4", 3) == "附件3.pdf"
    assert made_up("application/octet-stream", b"?", 1, "doc") == "附件1.doc"


def test_parameters_and_type() -> None:
    assert parameters(b'text/plain; charset="utf-8"; a=1; a=2') == {"charset": b"utf-8", "a": b"1"}
    assert type_of(b" Text / HTML; x") == "text/html"
    assert type_of(b"nonsense") == ""


def test_paths_are_unique() -> None:
    paths = UniquePaths()
    assert [paths.take("", "A.jpg"), paths.take("", "a.JPG"), paths.take("x", "a.jpg"), paths.take("", "a.jpg")] == [
        "A.jpg",
        "a (2).JPG",
        "x/a.jpg",
        "a (3).jpg",
    ]
    assert len({paths.take("", f"b{'' if n % 2 else ' (2)'}.txt") for n in range(50)}) == 50


@given(st.binary(max_size=400), st.binary(max_size=100))
@settings(max_examples=100, deadline=None)
def test_any_header_gives_a_usable_name_or_none(disposition: bytes, content_type: bytes) -> None:
    """Law: a name is one base name without controls, whatever the header holds."""
    name = given_name(b"attachment; filename" + disposition, content_type, disposition)
    assert "/" not in name and "\\" not in name
    name.encode()
    assert not any(ord(char) < 32 for char in name) and len(name) <= 200


@given(st.text(st.characters(min_codepoint=0x4E00, max_codepoint=0x9FA5), min_size=4, max_size=30), st.integers(1, 9))
@settings(max_examples=50, deadline=None)
def test_continuations_come_back_wherever_they_are_cut(stem: str, size: int) -> None:
    """Law: RFC 2231 segments are joined as bytes, so any cut gives the same name."""
    name = f"{stem}.docx"
    for charset in ("utf-8", "gb18030"):
        raw = pieces(name.encode(charset), size, b"filename*%d*", charset.encode() + b"''")
        assert given_name(b"attachment; " + raw, b"") == name
