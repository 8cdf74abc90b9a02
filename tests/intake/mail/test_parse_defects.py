"""One test for each known weakness of mail programs and parsers with the mail that Chinese units send."""

from __future__ import annotations

import base64
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.intake.mail.raw_mail import HEAD, attached, content, message, mixed, nested, page, part, read, text

DOCX = b"PK\x03\x04" + bytes(range(256)) * 30
PHOTO = b"\xff\xd8\xff\xe0" + bytes(range(256)) * 300  # 77 kB: as large as a small photo
WORDS = "各位领导：现报送我单位质量月活动总结，请查收。"


def b64word(words: str, charset: str = "gb2312", codec: str = "gb18030") -> bytes:
    """One encoded word, labelled and coded independently."""
    return b"=?" + charset.encode() + b"?B?" + base64.b64encode(words.encode(codec)) + b"?="


def test_d01_a_mail_that_breaks_mail_parser_is_still_understood(tmp_path: Path) -> None:
    inner = part([b'Content-Type: multipart/alternative; boundary="never"'], b"no boundary here", "")
    raw = mixed(text(WORDS), inner, attached(b"filename=a.docx", DOCX), close=False)
    parsed = read(raw, tmp_path)
    assert parsed.message.text.startswith(WORDS)
    assert content(parsed.leaves[0], tmp_path) == DOCX
    assert "start boundary not found" in parsed.message.defects
    assert "mail-parser failed: AttributeError" in parsed.message.defects


def test_d02_gbk_characters_under_a_gb2312_label(tmp_path: Path) -> None:
    head = HEAD + b"Subject: " + b64word("朱镕喆报送囧材料") + b"\r\n"
    raw = mixed(text(WORDS), attached(b'filename="' + b64word("朱镕喆.docx") + b'"', DOCX), head=head)
    parsed = read(raw, tmp_path)
    assert parsed.message.subject == "朱镕喆报送囧材料"
    assert parsed.leaves[0].name == "朱镕喆.docx"


@pytest.mark.parametrize("label", ["x-gbk", "cp-936", "GB2312_CHARSET", "x-nobody-knows"])
def test_d03_labels_nobody_knows(label: str, tmp_path: Path) -> None:
    head = HEAD + b"Subject: " + b64word("质量月活动工作总结", label) + b"\r\n"
    assert message(head + b"\r\nx", tmp_path).subject == "质量月活动工作总结"


def test_d04_a_quoted_encoded_word_in_from_is_decoded_for_display(tmp_path: Path) -> None:
    head = HEAD.replace(b"From: zhang@example.com", b'From: "' + b64word("张三") + b'" <Zhang@Example.com>')
    found = message(head + b"\r\nx", tmp_path)
    assert (found.author.name, found.author.address, found.from_doubtful) == ("张三", "zhang@example.com", False)


def test_d05_raw_gbk_in_headers(tmp_path: Path) -> None:
    head = HEAD.replace(b"From: zhang@example.com", "From: 市场监管局 <zhang@example.com>".encode("gbk"))
    head += "Subject: 报送质量月材料\r\n".encode("gbk")
    raw = mixed(text(WORDS), attached('filename="工作总结.docx"'.encode("gbk"), DOCX), head=head)
    parsed = read(raw, tmp_path)
    assert parsed.message.author.name == "市场监管局"
    assert parsed.message.subject == "报送质量月材料"
    assert parsed.leaves[0].name == "工作总结.docx"
    assert not parsed.message.from_doubtful


def test_d06_extended_names(tmp_path: Path) -> None:
    better = b"filename=attachment.bin; filename*=UTF-8''%E6%80%BB%E7%BB%93.docx"
    segments = b"filename*0*=%D7%DC%BD; filename*1*=%E1.docx"  # no charset, cut within a character
    parsed = read(mixed(attached(better, DOCX), attached(segments, DOCX)), tmp_path)
    assert [leaf.name for leaf in parsed.leaves] == ["总结.docx", "总结.docx"]
    assert [leaf.path for leaf in parsed.leaves] == ["总结.docx", "总结 (2).docx"]


def test_d07_names_are_stable(tmp_path: Path) -> None:
    named = part(
        [
            'Content-Type: application/msword; name="总结.doc"'.encode("gbk"),
            b'Content-Disposition: attachment; filename=""',
        ],
        DOCX,
    )
    nameless = part([b"Content-Type: application/msword", b"Content-Disposition: attachment"], DOCX + b"2")
    raw = mixed(text(WORDS), named, nameless)
    first, second = read(raw, tmp_path).leaves, read(raw, tmp_path).leaves
    assert [leaf.name for leaf in first] == ["总结.doc", "附件1.doc"]
    assert [leaf.named for leaf in first] == [True, False]
    assert first == second


@pytest.mark.parametrize(
    "form",
    [
        b'filename="=?gb2312?B?uaTX99fc\r\n veE=?=.docx"',
        b'filename="%E5%B7%A5%E4%BD%9C%E6%80%BB%E7%BB%93.docx"',
        b"filename=\"UTF-8''%E5%B7%A5%E4%BD%9C%E6%80%BB%E7%BB%93.docx\"",
        b'filename="=?utf-8?B?' + base64.b64encode(b64word("工作总结.docx")) + b'?="',
    ],
)
def test_d08_four_odd_ways_to_write_a_name(form: bytes, tmp_path: Path) -> None:
    assert read(mixed(attached(form, DOCX)), tmp_path).leaves[0].name == "工作总结.docx"


def test_d09_unnamed_parts_are_files(tmp_path: Path) -> None:
    raw = mixed(
        text(WORDS),
        part([b"Content-Type: application/pdf"], b"%PDF-1.4 x"),
        part([b"Content-Type: image/jpeg"], PHOTO),
        part([b"Content-Type: image/jpeg"], PHOTO + b"2"),
        part([b"Content-Type: application/octet-stream"], b"Rar!x"),
    )
    parsed = read(raw, tmp_path)
    assert [leaf.name for leaf in parsed.leaves] == ["附件1.pdf", "图片1.jpg", "图片2.jpg", "附件2.rar"]
    assert content(parsed.leaves[1], tmp_path) == PHOTO
    assert parsed.message.text == WORDS


@pytest.mark.parametrize(
    ("header", "codec"),
    [
        (b"Content-Type: text/plain", "gbk"),
        (b"Content-Type: text/plain; charset=utf-8", "gbk"),
        (b"Content-Type: text/plain; charset=iso-8859-1", "gbk"),
        (b"Content-Type: text/plain; charset=us-ascii", "utf-8"),
        (b"Content-Type: text/plain; charset=x-gbk", "gbk"),
        (b"Content-Type: text/plain; charset=hz-gb-2312", "hz"),
        (b"X-None: 1", "gbk"),
    ],
)
@pytest.mark.parametrize("encoding", ["base64", "quoted-printable", "8bit", ""])
def test_d10_bodies_under_wrong_labels(header: bytes, codec: str, encoding: str, tmp_path: Path) -> None:
    raw = mixed(part([header], WORDS.encode(codec), encoding))
    assert message(raw, tmp_path).text == WORDS


def test_d10_the_meta_of_a_page_counts(tmp_path: Path) -> None:
    html = f'<html><head><meta charset="big5"></head><body><p>{"質量月活動"}</p></body></html>'
    raw = mixed(part([b"Content-Type: text/html"], html.encode("big5")))
    assert message(raw, tmp_path).text == "質量月活動"


def forwarded(*, close: bool = True) -> bytes:
    """A mail of another person with a file."""
    head = HEAD.replace(b"zhang@", b"li@") + b"Subject: " + b64word("材料") + b"\r\n"
    return mixed(text("里面的话"), attached('filename="内.docx"'.encode(), DOCX), head=head, boundary="in", close=close)


@pytest.mark.parametrize("encoding", ["", "base64", "quoted-printable"])
def test_d11_d12_forwarded_mails_are_opened_and_their_words_kept_apart(encoding: str, tmp_path: Path) -> None:
    outer = attached('filename="外.docx"'.encode(), DOCX + b"2")
    raw = mixed(text("外面的话"), part([b"Content-Type: message/rfc822"], forwarded(), encoding), outer)
    parsed = read(raw, tmp_path)
    assert parsed.message.text == "外面的话"
    assert "里面的话" in parsed.message.quoted and "材料" in parsed.message.quoted
    assert [(leaf.path, leaf.depth) for leaf in parsed.leaves] == [("转发邮件.eml/内.docx", 1), ("外.docx", 0)]
    assert content(parsed.leaves[0], tmp_path) == DOCX
    assert sorted(file.name for file in (tmp_path / "spool").iterdir()) == sorted(leaf.spool for leaf in parsed.leaves)


def test_d12_an_eml_file_is_opened_under_its_name(tmp_path: Path) -> None:
    raw = mixed(text("请看附件"), attached('filename="旧邮件.eml"'.encode("gbk"), forwarded()))
    assert [leaf.path for leaf in read(raw, tmp_path).leaves] == ["旧邮件.eml/内.docx"]


def test_d12_mails_within_mails(tmp_path: Path) -> None:
    raw = forwarded()
    for level in range(12):
        raw = mixed(part([b"Content-Type: message/rfc822"], raw, ""), boundary=f"b{level}")
    parsed = read(raw, tmp_path)
    assert [leaf.path.count("/") for leaf in parsed.leaves] == [8]
    assert parsed.leaves[0].name == "转发邮件.eml"


def test_d13_only_the_base_name_of_a_windows_path(tmp_path: Path) -> None:
    raw = mixed(attached('filename="C:\\Documents and Settings\\zl\\桌面\\总结.doc"'.encode("gbk"), DOCX))
    assert read(raw, tmp_path).leaves[0].name == "总结.doc"


def picture(cid: bytes, body: bytes, name: bytes = b"") -> bytes:
    """A picture inside multipart/related."""
    kind = b"Content-Type: image/jpeg" + (b'; name="' + name + b'"' if name else b"")
    return part([kind, b"Content-ID: <" + cid + b">", b"Content-Disposition: inline"], body)


def test_d14_inline_pictures(tmp_path: Path) -> None:
    html = page('<p>见图<img src="cid:logo@x"><img src="cid:big@x"><img src="cid:mid@x"></p>')
    raw = mixed(
        nested(
            html,
            picture(b"logo@x", b"\xff\xd8\xff" + b"l" * 9000),
            picture(b"mid@x", b"\xff\xd8\xff" + b"m" * 40_000, b"image001.jpg"),
            picture(b"big@x", PHOTO),
            picture(b"free@x", PHOTO + b"2", b"IMG_0001.JPG"),
            kind="related",
            boundary="rel",
        ),
        part([b"Content-Type: image/gif"], b"GIF89a1x1"),
    )
    parsed = read(raw, tmp_path)
    found = [(leaf.name, leaf.inline, leaf.cid) for leaf in parsed.leaves]
    assert found == [
        ("image001.jpg", True, "mid@x"),  # 40 kB: its pixels decide, in `understand`
        ("图片1.jpg", True, "big@x"),
        ("IMG_0001.JPG", False, "free@x"),
    ]
    assert len(list((tmp_path / "spool").iterdir())) == 3


def test_d14_a_small_picture_with_a_name_from_a_person_stays(tmp_path: Path) -> None:
    raw = mixed(page('<img src="cid:a@x">'), picture(b"a@x", b"\xff\xd8\xff" + b"x" * 5000, "活动照片.jpg".encode()))
    assert [leaf.name for leaf in read(raw, tmp_path).leaves] == ["活动照片.jpg"]


@pytest.mark.parametrize(
    ("stamp", "hour"),
    [
        (b"Wed, 12 Oct 2022 17:58:03 +0800 (CST)", 9),
        (b"Wed, 12 Oct 2022 17:58:03 CST", 9),
        (b"Wed, 12 Oct 2022 17:58:03 (CST)", 9),
        (b"Wed, 12 Oct 2022 17:58:03 GMT", 17),
    ],
)
def test_d15_the_time_comes_from_the_topmost_received(stamp: bytes, hour: int, tmp_path: Path) -> None:
    head = b"Received: by mx (x; y) with ESMTP; " + stamp + b"\r\nReceived: by a; Wed, 12 Oct 2020 01:01:01 +0800\r\n"
    raw = head + b"From: a@example.com\r\nDate: 2022-10-12 17:58:03\r\n\r\nx"
    found = message(raw, tmp_path)
    assert found.received == datetime(2022, 10, 12, hour, 58, 3, tzinfo=UTC)
    assert found.date == "2022-10-12 17:58:03"


def test_d15_no_readable_time(tmp_path: Path) -> None:
    assert message(b"Received: by mx; \xca\xae\xd4\xc2\r\nFrom: a@example.com\r\n\r\nx", tmp_path).received is None


def lines(body: bytes) -> bytes:
    """Base64 in lines of 76."""
    return base64.encodebytes(body).replace(b"\n", b"\r\n")


def octets(payload: bytes) -> bytes:
    """An attachment whose base64 is given as it stands."""
    head = b'Content-Type: application/x; name="a.bin"\r\nContent-Transfer-Encoding: base64\r\n\r\n'
    return head + payload


@pytest.mark.parametrize("size", [300, 30_001])
@pytest.mark.parametrize(
    "footer",
    [
        "\r\n----------\r\n本邮件由网关检查，未发现病毒。",
        "\r\n\r\nBest Regards\r\nScanned by Gateway",
        "\r\n=====\r\n",
    ],
)
def test_d16_a_stray_footer_below_the_data(footer: str, size: int, tmp_path: Path) -> None:
    body = bytes(index % 251 for index in range(size))
    leaf = read(mixed(octets(lines(body) + footer.encode("gbk"))), tmp_path).leaves[0]
    assert content(leaf, tmp_path) == body
    assert leaf.damaged


@pytest.mark.parametrize("cut", [1, 2, 3, 40])
def test_d16_cut_data_is_kept_and_marked(cut: int, tmp_path: Path) -> None:
    body = bytes(index % 251 for index in range(20_000))
    leaf = read(mixed(octets(lines(body).rstrip(b"\r\n=")[:-cut])), tmp_path).leaves[0]
    assert body.startswith(content(leaf, tmp_path)) and leaf.size > 19_900
    assert leaf.damaged or len(lines(body).rstrip(b"\r\n=")[:-cut].replace(b"\r\n", b"")) % 4 == 0


def test_d16_foreign_bytes_within_the_data(tmp_path: Path) -> None:
    body = bytes(index % 251 for index in range(3000))
    dirty = lines(body)
    dirty = dirty[:400] + b"!\x00" + dirty[400:]
    leaf = read(mixed(octets(dirty)), tmp_path).leaves[0]
    assert content(leaf, tmp_path) == body
    assert leaf.damaged


def test_d16_a_missing_closing_boundary_marks_the_last_file_only(tmp_path: Path) -> None:
    raw = mixed(attached(b"filename=a.bin", DOCX), attached(b"filename=b.bin", DOCX), close=False)
    assert [leaf.damaged for leaf in read(raw, tmp_path).leaves] == [False, True]


def test_d16_sound_data_is_not_marked(tmp_path: Path) -> None:
    raw = mixed(*(attached(b"filename=a.bin", DOCX[:size]) for size in (1, 2, 3, 57, 114, 5000, 7000)))
    parsed = read(raw, tmp_path)
    assert [leaf.damaged for leaf in parsed.leaves] == [False] * 7
    assert [leaf.size for leaf in parsed.leaves] == [1, 2, 3, 57, 114, 5000, 7000]


def test_d17_controls_and_line_breaks_in_decoded_words(tmp_path: Path) -> None:
    head = HEAD.replace(b"From: zhang@example.com", b"From: =?utf-8?q?a=0D=0ABcc:_x@y?= <zhang@example.com>")
    head += b"Subject: =?utf-8?q?=E6=80=BB=0D=0A=E7=BB=93=00=1B?=\r\n"
    found = message(head + b"\r\nx", tmp_path)
    assert (found.subject, found.author.name) == ("总 结", "a Bcc: x@y")


def test_d18_the_blank_between_a_word_and_plain_text_stays(tmp_path: Path) -> None:
    head = HEAD + b"Subject: " + b64word("总结") + b"\r\n 2022 " + b64word("年") + b"\r\n " + b64word("报") + b"\r\n"
    assert message(head + b"\r\nx", tmp_path).subject == "总结 2022 年报"
