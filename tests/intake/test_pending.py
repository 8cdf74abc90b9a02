"""A stranger's version never displaces the unit's own: it waits, she is told what it would change, she decides."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from intake.commands import Setting
from intake.commands.deciding import assign, decide
from intake.demo import materials as m
from intake.demo.clients import Attached
from tests.desk import Desk
from tests.intake.test_hand import write

QUIET = timedelta(minutes=10)
PRIVATE = "8812345@qqmail.example"


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    with Desk(tmp_path, roster=2) as running:
        yield running


def send(desk: Desk, seed: int, *, own: bool, forged: bool = False) -> str:
    """A summary by the unit's own address or a stranger's; each seed is another text. Its Message-ID."""
    unit = desk.units[0]
    summary: Attached = m.summary(unit, seed, f"活动总结{seed}.docx")
    return desk.mail(
        unit,
        [summary],
        subject=f"{unit.name}质量月材料{seed}",
        from_="" if own or forged else PRIVATE,
        headers={"Authentication-Results": "mx.office.example; dmarc=fail"} if forged else None,
    )


def summary(desk: Desk) -> dict[str, Any]:
    """The requirement, of `status --json`."""
    unit = desk.status()[desk.units[0].code]
    return next(r for r in unit["requirements"] if r["category"] == "summary")


def standing(desk: Desk) -> tuple[list[str], dict[str, str]]:
    """Names that count, and the state of every version by name."""
    one = summary(desk)
    return [f["name"] for f in one["files"]], {v["name"]: v["state"] for v in one["history"]}


@pytest.mark.parametrize("forged", [False, True])
@pytest.mark.parametrize("own_first", [False, True])
def test_either_order(desk: Desk, forged: bool, own_first: bool) -> None:
    for own in (own_first, not own_first):
        send(desk, 1 if own else 2, own=own, forged=forged and not own)
        desk.cycle(wait=QUIET)
        only = not own and not own_first
        assert standing(desk)[0] == ["活动总结2.docx" if only else "活动总结1.docx"]
    assert standing(desk) == (["活动总结1.docx"], {"活动总结1.docx": "current", "活动总结2.docx": "pending"})
    ((kind, text),) = desk.todo()
    assert kind == "unknown-sender"
    assert "“活动总结2.docx”待核实、未计入，现用“活动总结1.docx”" in text


@pytest.mark.parametrize("own_first", [False, True])
def test_the_same_file_is_the_units_own_whoever_sent_it_first(desk: Desk, own_first: bool) -> None:
    for own in (own_first, not own_first):
        send(desk, 1, own=own)
        desk.cycle(wait=QUIET)
    one = summary(desk)
    assert [f["name"] for f in one["files"]] == ["活动总结1.docx"]
    assert "unknown-sender" not in {f["code"] for f in one["findings"]}


def test_assigning_his_mail_takes_his_version(desk: Desk) -> None:
    send(desk, 1, own=True)
    desk.cycle(wait=QUIET)
    id = send(desk, 2, own=False)
    desk.cycle(wait=QUIET)
    setting = Setting(config=desk.config, now=desk.now.isoformat(), json=True)
    assign(setting, mail=id, unit=desk.units[0].code, once=True)
    assert standing(desk)[0] == ["活动总结2.docx"]
    assert desk.todo() == []


def test_accepting_the_requirement_takes_what_had_come_until_then(desk: Desk) -> None:
    send(desk, 1, own=True)
    desk.now += QUIET
    send(desk, 2, own=False)
    desk.cycle(wait=QUIET)
    desk.now += QUIET
    setting = Setting(config=desk.config, now=desk.now.isoformat(), json=True)
    decide(setting, unit=desk.units[0].code, requirement=summary(desk)["id"], decision="accept", note="")
    assert standing(desk)[0] == ["活动总结2.docx"]
    desk.now += QUIET
    send(desk, 3, own=False)
    desk.cycle(wait=QUIET)
    assert standing(desk) == (
        ["活动总结2.docx"],
        {"活动总结1.docx": "superseded", "活动总结2.docx": "current", "活动总结3.docx": "pending"},
    )


def test_what_she_calls_settled_is_not_asked_again(desk: Desk) -> None:
    send(desk, 1, own=True)
    send(desk, 2, own=False)
    desk.cycle(wait=QUIET)
    write(desk, PRIVATE, "处理", "忽略")
    desk.cycle(wait=QUIET)
    assert desk.todo() == []
    assert standing(desk)[0] == ["活动总结1.docx"]
