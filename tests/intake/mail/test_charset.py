"""Charsets that lie, that nobody knows, that are missing; encoded words; one line."""

from __future__ import annotations

import base64
import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from intake.mail.charset import codec, decode
from intake.mail.encoded import decode_header

WORDS = "质量月活动总结：各单位认真组织，共开展宣传活动三十余场。"


GB_LABELS = re.findall(
    r"\S+",
    "gb2312 GBK cp936 x-gbk gb_2312-80 euc-cn GB2312_CHARSET cp-936 gb18030 ms936 windows-936 'gb2312' x-euc-cn"
    " EUC_GB2312_CN gb2312//ignore",
)


@pytest.mark.parametrize("label", GB_LABELS)
def test_every_label_of_the_family_is_gb18030(label: str) -> None:
    assert codec(label) == "gb18030"
    assert decode("囧镕喆".encode("gb18030"), label) == ("囧镕喆", "declared")


def test_other_labels() -> None:
    assert codec("utf8") == codec("UTF-8") == "utf-8"
    assert codec("iso-8859-8-i") == "iso8859-8"
    assert codec("hz-gb-2312") == "hz"
    assert codec("big5") == "cp950"


@pytest.mark.parametrize(
    "label", ["zlib", "idna", "punycode", "unicode_escape", "x-unknown", "", "\x00", "rot13", "a" * 999]
)
def test_codecs_that_are_no_charsets_are_refused(label: str) -> None:
    assert codec(label) is None


@pytest.mark.parametrize("label", ["", "x-unknown", "us-ascii", "utf-8", "iso-8859-1", "windows-1252"])
@pytest.mark.parametrize("real", ["gb18030", "utf-8"])
def test_chinese_under_a_wrong_or_missing_label(label: str, real: str) -> None:
    assert decode(WORDS.encode(real), label).text == WORDS


def test_utf8_under_a_gb_label() -> None:
    assert decode(WORDS.encode(), "gb2312").text == WORDS


def test_the_ladder_tells_its_step() -> None:
    assert decode(WORDS.encode()).step == "utf-8"
    assert decode(WORDS.encode()[:-1]) == (WORDS[:-1], "utf-8-cut")
    assert decode(WORDS.encode("gbk")).step == "gb18030"
    assert decode(b"plain").step == "ascii"
    assert decode("Müller, Größe".encode("latin-1")) == ("Müller, Größe", "cp1252")
    assert decode("Привет".encode("koi8-r"), "koi8-r") == ("Привет", "declared")
    assert decode("中文測試".encode("big5"), "big5") == ("中文測試", "declared")


def test_a_short_name_of_rare_characters() -> None:
    assert decode("喆.doc".encode("gbk")).text == "喆.doc"
    assert decode("Größe “Müller”, 5 €.doc".encode("cp1252")).text == "Größe “Müller”, 5 €.doc"


def test_one_damaged_byte_does_not_turn_a_text_into_rubbish() -> None:
    data = bytearray((WORDS * 3).encode("gbk"))
    data[10] = 0xFF
    text = decode(bytes(data), "gb2312").text
    assert text.endswith(WORDS)


def test_the_second_label_counts_when_the_first_says_nothing() -> None:
    assert decode("繁體".encode("big5"), "x-unknown", "big5") == ("繁體", "meta")


def test_a_byte_order_mark_is_no_text() -> None:
    assert decode(b"\xef\xbb\xbf" + WORDS.encode(), "utf-8").text == WORDS
    assert decode(b"\xef\xbb\xbf" + WORDS.encode()).text == WORDS


def test_hz_is_decoded_with_and_without_a_label() -> None:
    data = "总结 2022".encode("hz")
    assert decode(data, "hz-gb-2312").text == "总结 2022"
    assert decode(data).text == "总结 2022"
    assert decode(b"a ~{ b").text == "a ~{ b"


@given(
    st.binary(max_size=300),
    st.sampled_from(["", "gb2312", "utf-8", "utf-7", "hz", "big5", "utf-16", "iso-2022-jp", "?"]),
)
@settings(max_examples=100, deadline=None)
def test_any_bytes_become_text_that_can_be_stored(data: bytes, label: str) -> None:
    """Law: decoding never raises and its outcome can be written as UTF-8."""
    decode(data, label).text.encode()
    decode_header(data).encode()


@given(st.text(st.characters(min_codepoint=0x4E00, max_codepoint=0x9FA5), min_size=8, max_size=60))
@settings(max_examples=60, deadline=None)
def test_a_true_label_is_always_believed(words: str) -> None:
    """Law: text under its own label comes back."""
    assert decode(words.encode(), "utf-8").text == words
    assert decode(words.encode("gb18030"), "gb18030").text == words


def word(data: bytes, charset: str = "gb2312", encoding: str = "B") -> bytes:
    """One encoded word."""
    return b"=?" + charset.encode() + b"?" + encoding.encode() + b"?" + base64.b64encode(data) + b"?="


def test_adjacent_words_are_joined_as_bytes() -> None:
    data = WORDS.encode("gbk")
    assert decode_header(word(data[:7]) + b"\r\n " + word(data[7:])) == WORDS
    assert decode_header(word(data[:7]) + word(data[7:])) == WORDS


def test_blanks_vanish_only_between_two_words() -> None:
    first = word("总结".encode("gbk"))
    assert decode_header(b"Re: " + first + b"\r\n 2022 " + first + b" end") == "Re: 总结 2022 总结 end"


def test_controls_inside_a_word_become_one_blank() -> None:
    assert decode_header(b"=?utf-8?q?a=0D=0ABcc:=20x=00y?=") == "a Bcc: x y"


def test_words_as_lenient_readers_take_them() -> None:
    assert decode_header(b"=?gb2312?B?uaTX\r\n 99fc\r\n veE=?=") == "工作总结"
    assert decode_header(b"=?GB2312?B?uaTX99fcveE?=") == "工作总结"
    assert decode_header(b"=?utf-8*zh?B?5bel5L2c?=") == "工作"
    assert decode_header(b"=?utf-8?B?5bel5L2c5oC7") == "工作总"
    assert decode_header("=?x-unknown?B?5bel5L2c?=") == "工作"
    assert decode_header("原样 text".encode("gbk")) == "原样 text"


@pytest.mark.parametrize("name", ["图片1.jpg", "图片.zip"])
def test_gbk_that_happens_to_be_utf8(name: str) -> None:
    raw = name.encode("gbk")
    assert raw.decode("utf-8") != name  # no error: the bytes are both
    assert decode(raw) == (name, "gb18030")
    assert decode_header(raw) == name


@pytest.mark.parametrize("name", ["Müller", "résumé Łódź", "Ελλάδα", "Привет", "ơư Việt Nam", "שלום", "café"])
def test_other_alphabets_in_utf8_stay(name: str) -> None:
    assert decode(name.encode("utf-8")) == (name, "utf-8")
