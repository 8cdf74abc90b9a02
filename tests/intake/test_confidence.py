"""How sure we are of a reply: the least sure thing counts, and all that is unclear is told."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from benchmarks import sample_letters as sample
from intake.confidence import DOUBTS, weigh
from intake.units.identify import SEVERAL
from rules.verdict import Unplaced, Verdict
from storage.tables import MailRow

NOW = datetime(2022, 10, 8, tzinfo=UTC)
SURE = sample.verdict(sample.SUMMARY, sample.BAD_PHOTOS)
UNPLACED = Unplaced(name="扫描.pdf", sha256="0" * 64, key="k", why="不能确定", candidates=("summary", "case"))


def mail(**known: Any) -> MailRow:
    return MailRow(sha256="0", size=1, received_at=NOW, kept_at=NOW, **known)


@pytest.mark.parametrize(
    ("verdict", "row", "value"),
    [
        (SURE, mail(), 1.0),
        (SURE, mail(asks_person=True), 0.9),
        (sample.verdict(sample.UNSURE_TABLE), mail(), 0.8),
        (sample.verdict(sample.SUMMARY, unplaced=(UNPLACED,)), mail(), 0.7),
        (SURE, mail(candidates='["other"]'), 0.6),
        (SURE, mail(identified_by=SEVERAL), 0.6),
        (SURE, mail(trust="unknown"), 0.5),
        (SURE, mail(trust="unverified"), 0.3),
        (sample.verdict(sample.UNSURE_TABLE), mail(trust="unknown", asks_person=True), 0.5),
    ],
)
def test_the_least_sure_thing_counts(verdict: Verdict, row: MailRow, value: float) -> None:
    assert weigh(verdict, [mail(), row]).value == value


def test_all_that_is_unclear_is_told() -> None:
    found = weigh(sample.verdict(sample.UNSURE_TABLE), [mail(trust="unknown")])
    assert found.why == ("发件邮箱不是登记邮箱", "有材料需要人工核对")


def test_least_sure_first_and_in_the_docs() -> None:
    values = [doubt.confidence for doubt in DOUBTS]
    assert values == sorted(set(values))
    page = (Path(__file__).resolve().parents[2] / "docs" / "letters.md").read_text(encoding="utf-8")
    for doubt in DOUBTS:
        assert f"| {doubt.confidence} | {doubt.why} |" in page
