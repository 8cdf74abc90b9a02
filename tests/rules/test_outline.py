"""The outline of a verdict says of what is owed, and until when, just what the whole verdict says."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import get_args

import msgspec
import pytest

from rules.finding import Finding
from rules.outline import Outline
from rules.verdict import File, RequirementState, Standing, Unplaced, Verdict

DEADLINE = datetime(2022, 10, 12, 15, 59, 59, tzinfo=UTC)


def standing(id: str, state: RequirementState, *, required: bool = True, due: datetime | None = None) -> Standing:
    file = File(name=f"{id}.jpg", sha256="a" * 64, size=9, message_id="<m@x>", key="m:1", received_at=DEADLINE)
    fault = Finding(code="too-few", outcome="fail", says="只有一张", fix="请补一张")
    return Standing(
        id=id,
        name=f"材料{id}",
        category="photo",
        required=required,
        state=state,
        files=(file,),
        findings=(fault,),
        due=due,
    )


def outline(verdict: Verdict) -> Outline:
    return msgspec.json.decode(msgspec.json.encode(verdict), type=Outline)


@pytest.mark.parametrize("required", [True, False])
@pytest.mark.parametrize("state", get_args(RequirementState))
def test_it_owes_what_the_verdict_owes(state: RequirementState, required: bool) -> None:
    whole = Verdict(notice="n", unit="U1", standings=(standing("p", state, required=required), standing("q", "ok")))
    short = outline(whole)
    assert [one.id for one in short.owed] == [one.id for one in whole.owed]
    assert bool(short.owed) == (required and state in ("missing", "problem"))


def test_what_it_keeps_is_as_in_the_verdict() -> None:
    own = DEADLINE - timedelta(days=3)
    stray = Unplaced(name="x", sha256="b" * 64, key="k", why="")
    parts = (standing("p", "problem", due=own), standing("q", "missing"))
    whole = Verdict(notice="n", unit="U1", standings=parts, unplaced=(stray,), mails=("<m@x>",), basis="b")
    short = outline(whole)
    assert (short.notice, short.unit) == ("n", "U1")
    for mine, its in zip(short.standings, whole.standings, strict=True):
        assert (mine.id, mine.name, mine.required, mine.state, mine.due) == (
            its.id, its.name, its.required, its.state, its.due
        )  # fmt: skip
        assert [(f.name, f.sha256, f.key) for f in mine.files] == [(f.name, f.sha256, f.key) for f in its.files]


def test_an_outline_that_is_stored_comes_back_equal_and_without_the_words() -> None:
    short = outline(Verdict(notice="n", unit="U1", standings=(standing("p", "problem", due=DEADLINE),)))
    stored = msgspec.json.encode(short)
    assert msgspec.json.decode(stored, type=Outline) == short
    assert "只有一张" not in stored.decode()


def test_a_verdict_stored_without_due_or_keys_still_tells() -> None:
    old = '{"id": "p", "name": "P", "category": "photo", "required": true, "state": "missing"}'
    (owed,) = msgspec.json.decode(f'{{"notice": "n", "unit": "U1", "standings": [{old}]}}', type=Outline).owed
    assert (owed.due, owed.files) == (None, ())
