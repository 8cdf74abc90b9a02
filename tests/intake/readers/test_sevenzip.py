"""7z archives, packed by another program (`files/*.7z`)."""

from __future__ import annotations

import pytest

from intake.tools import importable
from rules.facts import ArchiveFacts, Unreadable
from tests.intake.readers.samples import Measure
from tests.intake.readers.stored import stored

pytestmark = pytest.mark.skipif(not importable("libarchive"), reason="needs libarchive: pip install .[archives]")


def test_members(measure: Measure) -> None:
    kind, reading = measure(stored("plain.7z"), "材料.7z")
    assert isinstance(reading.facts, ArchiveFacts)
    assert (kind, reading.facts.members) == ("7z", ("材料/总结.txt", "材料/说明.txt"))
    assert reading.members[0].spool.read_text("utf-8").startswith("滨江区质量月活动总结")


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (stored("locked.7z"), "encrypted"),
        (stored("hidden.7z"), "encrypted"),
        (stored("plain.7z")[:150], "damaged"),
        (b"7z\xbc\xaf\x27\x1crest", "damaged"),
    ],
)
def test_refused(measure: Measure, data: bytes, reason: str) -> None:
    kind, reading = measure(data, "材料.7z")
    assert kind == "7z" and isinstance(reading.facts, Unreadable) and reading.facts.reason == reason


def test_limits(measure: Measure) -> None:
    facts = measure(stored("plain.7z"), "a.7z", room=2000)[1].facts
    assert isinstance(facts, ArchiveFacts)
    assert (facts.members, facts.skipped) == (("材料/说明.txt",), ("材料/总结.txt: too large",))
    assert isinstance(measure(stored("plain.7z"), "a.7z", places=0)[1].facts, Unreadable)
