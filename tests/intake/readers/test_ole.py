"""OLE containers: told apart, encrypted and cut ones too."""

from __future__ import annotations

import pytest

from rules.facts import Unreadable
from tests.intake.readers.samples import Measure, Samples

LOCKED = bytes(10) + b"\0\1"


@pytest.mark.parametrize(
    ("data", "name", "kind", "reason"),
    [
        (Samples.ole(WordDocument=LOCKED), "总结.doc", "doc", "encrypted"),
        (Samples.ole(PowerPoint__Document=b"x", EncryptedSummary=b"y"), "汇报.ppt", "ppt", "encrypted"),
        (Samples.ole(EncryptedPackage=b"x", EncryptionInfo=b"y"), "总结.docx", "docx", "encrypted"),
        (Samples.ole(EncryptedPackage=b"x", EncryptionInfo=b"y"), "统计表.xlsx", "xlsx", "encrypted"),
        (Samples.ole(EncryptedPackage=b"x", EncryptionInfo=b"y"), "材料", "ole", "encrypted"),
        (Samples.ole(Something=b"x"), "a.bin", "ole", "unsupported"),
        (Samples.ole(WordDocument=bytes(12))[:700], "总结.doc", "doc", "damaged"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "总结.doc", "doc", "damaged"),
    ],
)
def test_table(measure: Measure, data: bytes, name: str, kind: str, reason: str) -> None:
    found, reading = measure(data, name)
    assert isinstance(reading.facts, Unreadable)
    assert (found, reading.facts.reason, reading.facts.format) == (kind, reason, kind)
