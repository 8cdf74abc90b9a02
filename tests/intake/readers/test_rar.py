"""RAR archives: version 5 packed by RAR 7 (`files/*.rar`), version 4 built here byte by byte."""

from __future__ import annotations

import struct
import zlib

import pytest

from intake.tools import importable
from rules.facts import ArchiveFacts, Unreadable
from tests.intake.readers.samples import Measure
from tests.intake.readers.stored import stored

pytestmark = pytest.mark.skipif(not importable("rarfile"), reason="needs rarfile: pip install .[archives]")
packed = pytest.mark.skipif(not importable("libarchive"), reason="needs libarchive: pip install .[archives]")


def rar4(*members: tuple[bytes, bytes], flags: int = 0, file_flags: int = 0) -> bytes:
    """Version 4, everything only stored; names are the given bytes."""

    def block(kind: int, flags: int, fields: bytes, data: bytes = b"") -> bytes:
        head = struct.pack("<BHH", kind, flags, 7 + len(fields)) + fields
        return struct.pack("<H", zlib.crc32(head) & 0xFFFF) + head + data

    out = b"Rar!\x1a\x07\x00" + block(0x73, flags, bytes(6))
    for name, data in members:
        fields = struct.pack(
            "<IIBIIBBHI", len(data), len(data), 2, zlib.crc32(data), 0x55555555, 20, 0x30, len(name), 0
        )
        out += block(0x74, 0x8000 | file_flags, fields + name, data)
    return out + block(0x7B, 0x4000, b"")


@packed
@pytest.mark.parametrize("name", ["plain.rar", "solid.rar"])
def test_version_5(measure: Measure, name: str) -> None:
    kind, reading = measure(stored(name), "材料.rar")
    assert isinstance(reading.facts, ArchiveFacts)
    assert (kind, reading.facts.members) == ("rar", ("材料/总结.txt", "材料/说明.txt"))
    assert reading.members[0].spool.read_text("utf-8").startswith("滨江区质量月活动总结")


@pytest.mark.parametrize("charset", ["gbk", "utf-8"])
def test_version_4_with_names_of_its_time(measure: Measure, charset: str) -> None:
    """Stored members need no program; names without Unicode are GBK, or UTF-8 from Unix."""
    data = rar4(("图片\\图片1.jpg".encode(charset), b"one"), ("总结.txt".encode(charset), b"two"))
    reading = measure(data, "材料.rar")[1]
    assert isinstance(reading.facts, ArchiveFacts), reading.facts
    assert reading.facts.members == ("图片/图片1.jpg", "总结.txt")
    assert [member.spool.read_bytes() for member in reading.members] == [b"one", b"two"]


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (stored("locked.rar"), "encrypted"),
        (stored("hidden.rar"), "encrypted"),
        (rar4((b"a.txt", bytes(100)), file_flags=0x04), "encrypted"),
        (rar4((b"a.txt", bytes(5000)))[:-3000], "damaged"),
        (rar4((b"a.txt", bytes(500))).replace(bytes(500), bytes(499) + b"x"), "damaged"),
        (b"Rar!\x1a\x07\x01\x00rest", "damaged"),
    ],
)
def test_refused(measure: Measure, data: bytes, reason: str) -> None:
    kind, reading = measure(data, "材料.rar")
    assert kind == "rar" and isinstance(reading.facts, Unreadable) and reading.facts.reason == reason


def test_names_lead_nowhere_and_limits_hold(measure: Measure) -> None:
    data = rar4((b"..\\..\\evil.txt", b"x"), (b"big.txt", bytes(5000)), (b"Thumbs.db", b"y"))
    facts = measure(data, "a.rar", room=1000)[1].facts
    assert isinstance(facts, ArchiveFacts)
    assert (facts.members, facts.skipped) == (("evil.txt",), ("big.txt: too large",))


@packed
def test_a_member_that_lies_about_its_size(measure: Measure) -> None:
    """The room is counted while bytes are written."""
    facts = measure(stored("plain.rar"), "a.rar", room=2000)[1].facts
    assert isinstance(facts, ArchiveFacts) and facts.skipped == ("材料/总结.txt: too large",)
