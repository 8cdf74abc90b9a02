"""The mails written by hand are what the named clients write: they parse, and the odd parts are odd."""

from __future__ import annotations

import email
import email.header
import email.message
from datetime import UTC, datetime
from urllib.parse import unquote_to_bytes

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from intake.demo.clients import STYLES, Style, compose

WHEN = datetime(2022, 10, 8, 1, 0, tzinfo=UTC)
NAME = "附件3 质量月活动情况统计表（朱镕基）.xlsx"
DATA = bytes(range(256)) * 40


def made(style: Style, *, name: str = NAME, type_: str = "application/pdf", **more: str) -> email.message.Message:
    return email.message_from_bytes(
        compose(
            style,
            from_=("青岚区市场监管局", "scj@qinglan.example"),
            to="zlb@yunling.example",
            subject=more.get("subject", "关于报送质量月活动材料的报告（镕）"),
            text=more.get("text", "您好！\n材料见附件。"),
            html=more.get("html"),
            files=[(name, DATA, type_)],
            date=WHEN,
            message_id="<1@qinglan.example>",
        )
    )


def words(value: str) -> bytes:
    """The bytes of all encoded-words of a header, joined before anybody decodes them."""
    return b"".join(
        part if isinstance(part, bytes) else part.encode("utf-8", "surrogateescape")
        for part, _ in email.header.decode_header(value)
    )


@pytest.mark.parametrize("style", STYLES)
def test_every_client_carries_text_and_file_unharmed(style: Style) -> None:
    message = made(style)
    parts = [part for part in message.walk() if not part.is_multipart()]
    assert not message.defects
    text = parts[0].get_payload(decode=True)
    assert isinstance(text, bytes)
    assert "材料见附件" in text.decode("utf-8" if b"\xe6\x9d\x90" in text else "gb18030")
    assert parts[-1].get_payload(decode=True) == DATA
    assert message["Message-ID"] == "<1@qinglan.example>"
    assert message["Return-Path"] == "<scj@qinglan.example>"


@pytest.mark.parametrize("style", [style for style in STYLES if style != "raw-gbk"])
def test_subject_comes_back_from_its_encoded_words(style: Style) -> None:
    data = words(made(style)["Subject"])
    assert data.decode("utf-8" if style in ("coremail", "iphone", "plain") else "gb18030").endswith("（镕）")


def test_foxmail_calls_gbk_characters_gb2312_and_quotes_the_sender() -> None:
    message = made("foxmail")
    assert message["Subject"].startswith("=?gb2312?B?")
    assert message["From"].startswith('"=?gb2312?B?')
    with pytest.raises(UnicodeDecodeError):
        words(message["Subject"]).decode("gb2312")


def test_163_cuts_words_in_the_middle_of_a_character() -> None:
    lines = made("163", subject="关于报送质量月活动有关材料的情况报告及补充说明")["Subject"].split()
    assert len(lines) > 1
    with pytest.raises(UnicodeDecodeError):
        words(lines[0]).decode("gbk")


def test_qq_puts_the_name_in_both_places_and_outlook_in_segments() -> None:
    qq = list(made("qq").walk())[-1]
    assert str(qq.get_param("name")).startswith("=?gb18030?B?")
    assert str(qq.get_param("filename", header="content-disposition")).startswith("=?gb18030?B?")
    raw = list(made("outlook").walk())[-1]["Content-Disposition"]
    assert "filename*0*=gb2312''" in raw and "filename*1*=" in raw
    segments = [piece.partition("=")[2] for piece in raw.replace("\r\n", "").split(";")[1:]]
    assert not any(segment.endswith(("%", "%D", "%C", "%B")) for segment in segments)
    value = "".join(segments)
    assert unquote_to_bytes(value.partition("''")[2]).decode("gbk") == NAME


def test_raw_client_writes_bytes_above_127_into_headers() -> None:
    raw = compose(
        "raw-gbk", from_=("青岚", "a@b.example"), to="c@d.example", subject="统计表", text="正文",
        files=[(NAME, DATA, "application/pdf")], date=WHEN, message_id="<2@b.example>",
    )  # fmt: skip
    assert NAME.encode("gbk") in raw
    assert b"Subject: " + "统计表".encode("gbk") in raw


def test_iphone_shows_an_unnamed_photo_inline() -> None:
    part = list(made("iphone", name="", type_="image/jpeg").walk())[-1]
    assert part.get_content_disposition() == "inline"
    assert part.get_filename() is None


@given(
    style=st.sampled_from(STYLES),
    subject=st.text(st.characters(codec="gbk", exclude_categories=("Cc", "Cs", "Co")), max_size=60),
    text=st.text(st.characters(codec="gbk", exclude_categories=("Cc", "Cs", "Co")), max_size=200),
)
@settings(max_examples=60, deadline=None)
def test_any_words_give_a_sound_mail(style: Style, subject: str, text: str) -> None:
    """Law: whatever the words, the mail has one text part and one file, and the file is unharmed."""
    message = made(style, subject=subject, text=text)
    leaves = [part for part in message.walk() if not part.is_multipart()]
    assert leaves[0].get_content_maintype() == "text"
    assert leaves[-1].get_payload(decode=True) == DATA
