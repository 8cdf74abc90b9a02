"""Unix archives: tar, plain and packed; single packed files; cut ones and bombs."""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import tarfile
from collections.abc import Callable

import pytest

from rules.facts import ArchiveFacts, Unreadable
from tests.intake.readers.samples import Measure

MEMBERS = (("材料/总结.txt", b"one" * 500), ("../图片.jpg", b"two"))


def tar(charset: str = "utf-8") -> bytes:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w", format=tarfile.GNU_FORMAT, encoding=charset) as archive:
        for name, data in MEMBERS:
            entry = tarfile.TarInfo(name)
            entry.size = len(data)
            archive.addfile(entry, io.BytesIO(data))
        link = tarfile.TarInfo("链接")
        link.type, link.linkname = tarfile.SYMTYPE, "/etc/passwd"
        archive.addfile(link)
    return out.getvalue()


@pytest.mark.parametrize(
    ("kind", "pack"), [("tar", bytes), ("gz", gzip.compress), ("bz2", bz2.compress), ("xz", lzma.compress)]
)
@pytest.mark.parametrize("charset", ["utf-8", "gbk"])
def test_members(measure: Measure, kind: str, pack: Callable[[bytes], bytes], charset: str) -> None:
    found, reading = measure(pack(tar(charset)), "材料.dat")
    assert found == kind and isinstance(reading.facts, ArchiveFacts), reading.facts
    assert reading.facts == ArchiveFacts(format=kind, members=("材料/总结.txt", "图片.jpg"), skipped=("链接: link",))
    assert [member.spool.read_bytes() for member in reading.members] == [data for _, data in MEMBERS]


def test_one_packed_file(measure: Measure) -> None:
    reading = measure(gzip.compress("总结".encode()), "总结.txt.gz")[1]
    assert [member.name for member in reading.members] == ["总结.txt"]


@pytest.mark.parametrize("charset", ["utf-8", "gbk"])
def test_the_name_that_gzip_keeps(measure: Measure, charset: str) -> None:
    data = gzip.compress(b"x")
    kept = data[:3] + b"\x08" + data[4:10] + "总结.txt".encode(charset) + b"\0" + data[10:]
    assert [member.name for member in measure(kept, "照片.jpg")[1].members] == ["总结.txt"]


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (gzip.compress(tar())[:60], "damaged"),
        (lzma.compress(tar())[:-40], "damaged"),
        (gzip.compress(bytes(50 << 20)), "too-large"),
        (tar()[:600], "damaged"),
    ],
    ids=["cut-gz", "cut-xz", "bomb", "cut-tar"],  # gzip writes the time: the bytes are no stable names
)
def test_refused(measure: Measure, data: bytes, reason: str) -> None:
    facts = measure(data, "a.tgz")[1].facts
    assert isinstance(facts, Unreadable) and facts.reason == reason, facts
