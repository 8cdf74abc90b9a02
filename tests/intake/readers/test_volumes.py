"""Parts of archives that were split to pass the limits of a mail: kept for a person, never called broken."""

from __future__ import annotations

import struct
import zlib
from pathlib import Path

import pytest

from intake.formats.volumes import is_marked_so
from rules.facts import ArchiveFacts, Unreadable
from tests.intake.readers.samples import Measure, Samples
from tests.intake.readers.stored import stored

RAR4, RAR5 = b"Rar!\x1a\x07\x00", b"Rar!\x1a\x07\x01\x00"
ZIP = Samples.zip(("总结.txt", b"words" * 900))


def rar4(flags: int) -> bytes:
    """Signature and main header."""
    head = struct.pack("<BHH", 0x73, flags, 13) + bytes(6)
    return RAR4 + struct.pack("<H", zlib.crc32(head) & 0xFFFF) + head


def rar5(*numbers: int) -> bytes:
    """Signature and main header; each number is below 128, so one byte."""
    head = bytes([len(numbers), *numbers])
    return RAR5 + struct.pack("<I", zlib.crc32(head)) + head


def last_volume() -> bytes:
    """A zip whose end tells that it is the third of three disks."""
    end = ZIP.rindex(b"PK\x05\x06")
    return ZIP[: end + 4] + struct.pack("<HH", 2, 2) + ZIP[end + 8 :]


@pytest.mark.parametrize(
    ("kind", "data", "expected"),
    [
        ("rar", rar4(0x0001), True),
        ("rar", rar4(0x0008), False),
        ("rar", rar5(1, 0, 1), True),
        ("rar", rar5(1, 1, 5, 1), True),
        ("rar", rar5(1, 1, 5, 4), False),
        ("rar", rar5(1, 0, 4), False),
        ("rar", rar5(2, 0, 1), False),
        ("rar", RAR5 + b"\xff" * 90, False),
        ("zip", ZIP, False),
        ("zip", last_volume(), True),
        ("zip", b"PK\x07\x08" + ZIP[:90], True),
        ("zip", ZIP[:90], False),
        ("7z", rar4(1), False),
    ],
)
def test_what_the_archive_says(tmp_path: Path, kind: str, data: bytes, expected: bool) -> None:
    (tmp_path / "a").write_bytes(data)
    assert is_marked_so(tmp_path / "a", kind) is expected


@pytest.mark.parametrize(
    ("name", "data", "reason"),
    [
        ("材料.zip.001", ZIP[:90], "unsupported"),
        ("材料.7z.001", stored("plain.7z")[:100], "unsupported"),
        ("材料.rar", rar4(1) + bytes(300), "unsupported"),
        ("材料.z01", b"PK\x07\x08" + ZIP[:90], "unsupported"),
        ("材料.zip", last_volume(), "unsupported"),
        ("材料.zip", ZIP[:90], "damaged"),
    ],
)
def test_one_part_alone(measure: Measure, name: str, data: bytes, reason: str) -> None:
    facts = measure(data, name)[1].facts
    assert isinstance(facts, Unreadable) and facts.reason == reason, facts


def test_the_only_part_of_a_split_archive_is_opened(measure: Measure) -> None:
    facts = measure(ZIP, "材料.zip.001")[1].facts
    assert isinstance(facts, ArchiveFacts) and facts.members == ("总结.txt",)
