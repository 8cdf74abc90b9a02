"""Messages saved from Outlook: attached to a mail, within one another, or imported on their own."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from intake.mail.outlook import NotOutlook, Outlook, headers_of
from intake.mail.parse import Parsed, parse
from tests.intake.mail import msg_file as msg
from tests.intake.mail.raw_mail import attached, content, mixed, part, read, text

DATA = random.Random(3).randbytes(9000)
SMALL = b"%PDF-1.4 " + bytes(range(256))
SUBJECT, BODY, HTML, HEADERS, NAME, ADDRESS = 0x0037, 0x1000, 0x1013, 0x007D, 0x0042, 0x5D02
WORDS = {SUBJECT: "转发：质量月材料", BODY: "请查收附件。\r\n质量科", NAME: "李四", ADDRESS: "li@example.com"}


def plain(codec: str = "") -> bytes:
    """A message with two files, in UTF-16 or in a code page."""
    files = msg.attached("总结.docx", DATA, codec=codec), msg.attached("统计表.pdf", SMALL, codec=codec)
    return msg.container(msg.message(WORDS, *files, codec=codec))


@pytest.mark.parametrize("codec", ["", "gbk"])
@pytest.mark.parametrize("kind", [b"application/vnd.ms-outlook", b"application/octet-stream"])
def test_attached_to_a_mail(codec: str, kind: bytes, tmp_path: Path) -> None:
    raw = mixed(text("见附件"), attached('filename="旧信.msg"'.encode(), plain(codec), kind))
    parsed = read(raw, tmp_path)
    assert [(leaf.path, leaf.depth) for leaf in parsed.leaves] == [
        ("旧信.msg/总结.docx", 1),
        ("旧信.msg/统计表.pdf", 1),
    ]
    assert [content(leaf, tmp_path) for leaf in parsed.leaves] == [DATA, SMALL]
    assert parsed.message.text == "见附件"
    assert parsed.message.quoted == "转发：质量月材料\n请查收附件。\n质量科"


def test_the_code_page_of_the_message_counts(tmp_path: Path) -> None:
    data = msg.container(
        msg.message({SUBJECT: "質量月"}, msg.attached("總結報告.docx", DATA, codec="big5"), codec="big5")
    )
    parsed = read(mixed(attached(b"filename=a.msg", data)), tmp_path)
    assert (parsed.leaves[0].name, parsed.message.quoted) == ("總結報告.docx", "質量月")


def test_unnamed_by_its_type(tmp_path: Path) -> None:
    raw = mixed(text("见附件"), part([b"Content-Type: application/vnd.ms-outlook"], plain()))
    assert [leaf.path for leaf in read(raw, tmp_path).leaves] == ["附件1.msg/总结.docx", "附件1.msg/统计表.pdf"]


def test_messages_within(tmp_path: Path) -> None:
    inner = msg.message({SUBJECT: "里面", BODY: "里面的话"}, msg.attached("内.docx", DATA), inner=True)
    outer = msg.container(msg.message(WORDS, msg.enclosed("里面", inner), msg.attached("外.pdf", SMALL)))
    parsed = read(mixed(text("x"), attached(b"filename=a.msg", outer)), tmp_path)
    assert [(leaf.path, leaf.depth) for leaf in parsed.leaves] == [("a.msg/里面.msg/内.docx", 2), ("a.msg/外.pdf", 1)]
    assert parsed.message.quoted.endswith("里面\n里面的话")


def test_pictures_that_the_page_shows(tmp_path: Path) -> None:
    photo = b"\xff\xd8\xff" + DATA * 9
    page = "<html><meta charset=utf-8><p>见图</p><img src='cid:a@x'><img src='cid:b@x'></html>".encode()
    files = (
        msg.attached("image001.png", b"\x89PNG" + DATA, cid="a@x", kind="image/png"),
        msg.attached("image002.jpg", photo, cid="b@x", kind="image/jpeg"),
    )
    parsed = read(mixed(attached(b"filename=a.msg", msg.container(msg.message({HTML: page}, *files)))), tmp_path)
    assert [(leaf.name, leaf.inline) for leaf in parsed.leaves] == [("image002.jpg", True)]
    assert "见图" in parsed.message.quoted


def opened(data: bytes, folder: Path) -> Parsed:
    """A .msg file as a mail of its own."""
    (folder / "a.msg").write_bytes(data)
    found = parse(folder / "a.msg", folder / "spool")
    assert isinstance(found, Parsed)
    return found


def test_a_mail_of_its_own(tmp_path: Path) -> None:
    found = opened(plain("gbk"), tmp_path)
    assert (found.message.author.name, found.message.author.address) == ("李四", "li@example.com")
    assert (found.message.subject, found.message.text) == ("转发：质量月材料", "请查收附件。\n质量科")
    assert [(leaf.path, leaf.depth) for leaf in found.leaves] == [("总结.docx", 0), ("统计表.pdf", 0)]


def test_the_headers_it_came_with_count(tmp_path: Path) -> None:
    kept = (
        "Received: by mx; Wed, 12 Oct 2022 17:58:03 +0800\r\nFrom: =?gb2312?B?1cXI/Q==?= <zhang@example.com>\r\n"
        'Message-ID: <7@example.com>\r\nContent-Type: multipart/mixed;\r\n boundary="x"\r\nSubject: a\r\n\r\n'
    )
    found = opened(msg.container(msg.message(WORDS | {HEADERS: kept})), tmp_path)
    assert (found.message.author.name, found.message.message_id) == ("张三", "<7@example.com>")
    assert found.message.received is not None and found.message.received.hour == 9
    assert found.message.text == "请查收附件。\n质量科"
    assert b"<7@example.com>" in headers_of(tmp_path / "a.msg")


def test_what_is_no_message_stays_a_file(tmp_path: Path) -> None:
    word = msg.container({"WordDocument": DATA})
    (tmp_path / "a.msg").write_bytes(word)
    with pytest.raises(NotOutlook):
        Outlook(tmp_path / "a.msg")
    assert headers_of(tmp_path / "a.msg") == b""
    for data in (word, b"not OLE at all", word[:700]):
        (leaf,) = read(mixed(attached(b"filename=a.msg", data)), tmp_path).leaves
        assert leaf.path == "a.msg" and content(leaf, tmp_path) == data


def test_random_damage_never_raises(tmp_path: Path) -> None:
    """Law: any OLE bytes give a message, or the file itself."""
    inner = msg.message({SUBJECT: "里面"}, msg.attached("内.docx", DATA), inner=True)
    sound = msg.container(msg.message(WORDS, msg.enclosed("里面", inner), msg.attached("外.pdf", SMALL)))
    for seed in range(150):
        dice = random.Random(seed)
        data = bytearray(sound)
        for _ in range(dice.randint(1, 9)):
            data[dice.randrange(8, len(data))] = dice.randrange(256)
        cut = bytes(data[: dice.randrange(600, len(data) + 1)])
        assert read(mixed(text("x"), attached(b"filename=a.msg", cut)), tmp_path).message.text == "x"
        (tmp_path / "b.msg").write_bytes(cut)
        assert parse(tmp_path / "b.msg", tmp_path / "spool")
