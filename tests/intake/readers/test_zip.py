"""Archives: names, rubbish, links, passwords, bombs."""

from __future__ import annotations

import io
import struct
import zipfile
from pathlib import Path

import pytest

from rules.facts import ArchiveFacts, Unreadable
from tests.intake.readers.samples import Measure, Samples


def listed(measure: Measure, data: bytes, **limits: int) -> ArchiveFacts:
    facts = measure(data, "材料.zip", **limits)[1].facts
    assert isinstance(facts, ArchiveFacts), facts
    return facts


@pytest.mark.parametrize("charset", ["gbk", "utf-8", "gb18030"])
def test_names_without_a_flag(measure: Measure, charset: str) -> None:
    names = ["材料/图片1.jpg", "填写说明.txt", "倪萍.txt"]
    data = Samples.zip(*[(name.encode(charset), b"x") for name in names])
    assert listed(measure, data).members == tuple(names)


def test_one_name_that_is_sound_in_both_charsets(measure: Measure) -> None:
    """图片 in GBK is valid UTF-8 for ͼƬ."""
    assert listed(measure, Samples.zip(("图片1.jpg".encode("gbk"), b"x"))).members == ("图片1.jpg",)


def test_flagged_names_and_backslashes(measure: Measure) -> None:
    data = Samples.zip(("图片.jpg", b"x"), ("附件\\总结.txt".encode("gbk"), b"y"))
    assert listed(measure, data).members == ("图片.jpg", "附件/总结.txt")


def test_members_are_the_bytes(measure: Measure, tmp_path: Path) -> None:
    reading = measure(Samples.zip(("a.txt", b"one"), ("b/a.txt", b"two")), "a.zip")[1]
    assert [(member.name, member.spool.read_bytes()) for member in reading.members] == [
        ("a.txt", b"one"),
        ("b/a.txt", b"two"),
    ]
    assert {member.spool.parent for member in reading.members} == {tmp_path}


@pytest.mark.parametrize("name", ["../../evil.txt", "/etc/evil.txt", "C:\\evil.txt", "a/../../evil.txt", "./evil.txt"])
def test_names_lead_nowhere(measure: Measure, tmp_path: Path, name: str) -> None:
    data = Samples.zip((name.encode(), b"x"))
    reading = measure(data, "a.zip")[1]
    (member,) = reading.members
    assert member.name.endswith("evil.txt") and ".." not in member.name and not member.name.startswith("/")
    assert member.spool.parent == tmp_path
    assert not list(tmp_path.parent.rglob("evil*"))


def test_rubbish_and_links_are_left_out(measure: Measure) -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name in ("__MACOSX/._图.jpg", "材料/.DS_Store", "Thumbs.db", "~$总结.docx", "材料/", "图.jpg"):
            archive.writestr(name, "" if name.endswith("/") else "x")
        link = zipfile.ZipInfo("链接")
        link.external_attr = 0o120777 << 16
        archive.writestr(link, "/etc/passwd")
    facts = listed(measure, out.getvalue())
    assert (facts.members, facts.skipped) == (("图.jpg",), ("链接: link",))


def test_limits(measure: Measure, tmp_path: Path) -> None:
    data = Samples.zip(("大", bytes(5000)), ("小", b"x"), ("中", bytes(900)))
    facts = listed(measure, data, room=1000)
    assert (facts.members, facts.skipped) == (("小", "中"), ("大: too large",))
    facts = listed(measure, data, places=1)
    assert (facts.members, facts.skipped) == (("大",), ("小: too many members", "中: too many members"))
    refused = measure(data, "a.zip", places=0)[1].facts
    assert isinstance(refused, Unreadable) and refused.reason == "unsupported"


def test_lying_size_is_stopped_while_reading(measure: Measure, tmp_path: Path) -> None:
    """The directory says 10 bytes, the stream holds 10 MB."""
    data = bytearray(Samples.zip(("炸弹", bytes(10 << 20))))
    for signature, offset in ((b"PK\x03\x04", 22), (b"PK\x01\x02", 24)):
        at = data.find(signature)
        data[at + offset : at + offset + 4] = (10).to_bytes(4, "little")
    facts = measure(bytes(data), "a.zip", room=1 << 20)[1].facts
    assert isinstance(facts, Unreadable) and facts.reason in ("damaged", "too-large")
    assert sum(path.stat().st_size for path in tmp_path.iterdir()) < 1 << 20


def damaged() -> bytes:
    data = bytearray(Samples.zip(("a.txt", bytes(range(256)) * 40)))
    data[60:80] = bytes(20)
    return bytes(data)


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (Samples.zip(("a.txt", b"x"), flag=1), "encrypted"),
        (Samples.zip(("a.txt", bytes(5000)))[:-30], "damaged"),
        (damaged(), "damaged"),
        (Samples.zip(*[(str(n), b"") for n in range(20_001)]), "too-large"),
    ],
)
def test_refused(measure: Measure, data: bytes, reason: str) -> None:
    kind, reading = measure(data, "a.zip")
    assert kind == "zip" and isinstance(reading.facts, Unreadable) and reading.facts.reason == reason


def test_empty_archive(measure: Measure) -> None:
    assert listed(measure, Samples.zip()).members == ()


def test_a_cut_archive_is_not_taken_for_the_one_within(measure: Measure) -> None:
    """The end of the outer archive is gone, the inner one, stored as it is, has its own."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as archive:
        archive.writestr("图片.zip", Samples.zip(("a.txt", b"x")))
        archive.writestr("总结.txt", bytes(3000))
    facts = measure(out.getvalue()[:2000], "材料.zip")[1].facts
    assert isinstance(facts, Unreadable) and facts.reason == "damaged", facts


def test_zip64(measure: Measure) -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive, archive.open("a.txt", "w", force_zip64=True) as member:
        member.write(b"one")
    data = bytearray(out.getvalue())
    end = data.rindex(b"PK\x05\x06")
    count, length, start = struct.unpack_from("<HII", data, end + 10)
    record = struct.pack("<4sQHHIIQQQQ", b"PK\x06\x06", 44, 45, 45, 0, 0, count, count, length, start)
    locator = struct.pack("<4sIQI", b"PK\x06\x07", 0, end, 1)
    struct.pack_into("<HHII", data, end + 8, 0xFFFF, 0xFFFF, 0xFFFFFFFF, 0xFFFFFFFF)
    data[end:end] = record + locator
    assert listed(measure, bytes(data)).members == ("a.txt",)
    struct.pack_into("<QQ", data, end + 24, 30_000, 30_000)
    facts = measure(bytes(data), "a.zip")[1].facts
    assert isinstance(facts, Unreadable) and facts.reason == "too-large"
