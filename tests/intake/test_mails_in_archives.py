"""Mails that a unit packed into a zip: opened like attached ones, under the caps of one mail."""

from __future__ import annotations

from pathlib import Path

import pytest

from intake import understand
from intake.mail.message import Attachment, Message
from tests.intake.mail import msg_file as msg
from tests.intake.mail.raw_mail import attached, mixed, text
from tests.intake.readers.samples import Samples

SUMMARY, PHOTO = "工作总结。".encode() * 20, Samples.picture((640, 480))
HEAD = (
    "From: 李四 <li@street.example.com>\r\nTo: zhang@example.com\r\nSubject: 河西街道材料\r\nMIME-Version: 1.0\r\n"
).encode()


def file(name: str, data: bytes) -> bytes:
    return attached(f'filename="{name}"'.encode(), data)


def inner(*files: bytes, words: str = "见附件") -> bytes:
    """A mail of another unit, with files."""
    return mixed(text(words), *files, head=HEAD, boundary="=_inner")


def read(folder: Path, data: bytes, name: str = "材料.zip") -> Message:
    (folder / "raw.eml").write_bytes(mixed(text("各街道材料打包报送"), file(name, data)))
    found = understand.understand(folder / "raw.eml", folder / "spool")
    assert isinstance(found, Message)
    return found


def places(message: Message) -> list[tuple[str, int, str]]:
    return [(one.path, one.depth, one.kind) for one in message.attachments]


def content(attachment: Attachment, folder: Path) -> bytes:
    return (folder / "spool" / attachment.spool).read_bytes()


def test_eml_in_a_zip(tmp_path: Path) -> None:
    link = "https://mail.163.com/large-attachment-download/index.html?p=a&file=b"
    mail = inner(
        file("总结.txt", SUMMARY), file("图片1.jpg", PHOTO), words=f"从网易163邮箱发来的超大附件\r\n视频.mp4\r\n{link}"
    )
    found = read(tmp_path, Samples.zip(("一/河西.eml", mail), ("说明.txt", b"x")))
    assert places(found) == [
        ("材料.zip", 0, "zip"),
        ("材料.zip/一/河西.eml/总结.txt", 2, "txt"),
        ("材料.zip/一/河西.eml/图片1.jpg", 2, "jpg"),
        ("材料.zip/说明.txt", 1, "txt"),
    ]
    assert [content(one, tmp_path) for one in found.attachments[1:3]] == [SUMMARY, PHOTO]
    assert found.attachments[2].thumbnail and (tmp_path / "spool" / found.attachments[2].thumbnail).exists()
    assert found.text == "各街道材料打包报送"
    assert "河西街道材料" in found.quoted and "超大附件" in found.quoted
    assert [box.address for box in found.enclosed_from] == ["li@street.example.com"]
    assert [one.facts.url for one in found.links] == [link]


def test_msg_in_a_zip(tmp_path: Path) -> None:
    mail = msg.container(msg.message({0x0037: "河西材料", 0x1000: "请查收"}, msg.attached("总结.txt", SUMMARY)))
    found = read(tmp_path, Samples.zip(("河西.msg", mail)))
    assert places(found)[1:] == [("材料.zip/河西.msg/总结.txt", 2, "txt")]
    assert "河西材料\n请查收" in found.quoted


def test_a_zip_within_the_mail_in_a_zip_and_no_deeper(tmp_path: Path) -> None:
    deepest = Samples.zip(("b.txt", SUMMARY))
    mail = inner(file("内.zip", Samples.zip(("a.txt", SUMMARY), ("又.eml", inner(file("更内.zip", deepest))))))
    paths = [path for path, _, _ in places(read(tmp_path, Samples.zip(("甲.eml", mail))))]
    assert paths == [
        "材料.zip",
        "材料.zip/甲.eml/内.zip",
        "材料.zip/甲.eml/内.zip/a.txt",
        "材料.zip/甲.eml/内.zip/又.eml/更内.zip",
    ]


@pytest.mark.parametrize("cap", ["PLACES", "ROOM", "MAILS"])
def test_the_caps_of_one_mail_hold(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, cap: str) -> None:
    """The second mail stays a file when its contents would pass a cap."""
    mail = inner(file("a.txt", b"1" * 50), file("b.txt", b"2" * 50))
    enough_for_one = {"PLACES": 2 + 2 + 1, "ROOM": 2 * len(mail) + 100 + 99, "MAILS": 1}
    monkeypatch.setattr(understand, cap, enough_for_one[cap])
    found = read(tmp_path, Samples.zip(("一.eml", mail), ("二.eml", mail)))
    assert [path for path, _, _ in places(found)] == [
        "材料.zip",
        "材料.zip/一.eml/a.txt",
        "材料.zip/一.eml/b.txt",
        "材料.zip/二.eml",
    ]
    assert content(found.attachments[3], tmp_path) == mail


def test_what_is_no_mail_stays_a_file(tmp_path: Path) -> None:
    found = read(tmp_path, Samples.zip(("a.eml", "只是文字".encode()), ("b.msg", msg.container({"x": b"y"}))))
    assert [path for path, _, _ in places(found)] == ["材料.zip", "材料.zip/a.eml", "材料.zip/b.msg"]
