"""What answers everything gets no more than two letters: another instance of this program, and robots without marks."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from email.message import EmailMessage
from pathlib import Path

import msgspec
import pytest

from benchmarks.others import CHINA
from intake.demo import materials as m
from intake.demo.clients import compose
from intake.demo.units import OFFICE_ADDRESS, units
from rules.unit import Unit
from tests.desk import Desk, letter

RUNG = datetime(2022, 10, 9, 9, 1, tzinfo=CHINA)
"""A reminder goes to everybody."""
MOST = 2
OTHER = "zjb@linshan.example"


def test_two_offices_that_are_each_other_s_unit_fall_silent(tmp_path: Path) -> None:
    (one, *_), (two, *_) = units(1), units(2)
    mine = [msgspec.structs.replace(one, addresses=(OTHER,))]
    theirs = [msgspec.structs.replace(two, addresses=(OFFICE_ADDRESS,))]
    (tmp_path / "a").mkdir()
    (tmp_path / "b").mkdir()
    with Desk(tmp_path / "a", roster=mine) as a, Desk(tmp_path / "b", roster=theirs, address=OTHER) as b:
        a.now = b.now = RUNG
        b.mail(theirs[0], [m.summary(two, 1)])  # somebody there sent something by hand: the first answer
        moved = {a.address: 0, b.address: 0}
        for _ in range(6):
            for here, there in ((a, b), (b, a)):
                here.cycle(wait=timedelta(minutes=11))
                new = [sent for sent in here.server.sent if there.address in sent.rcpt_to][moved[here.address] :]
                moved[here.address] += len(new)
                for sent in new:
                    there.server.deliver(b"Return-Path: <%s>\r\n" % sent.mail_from.encode() + sent.raw, there.now)
        assert 1 <= moved[a.address] <= MOST and 1 <= moved[b.address] <= MOST
        with a.office() as office:
            from intake.ledger import all_mail_rows

            foreign = [row for row in all_mail_rows(office) if row.from_address == OTHER]
        assert {(row.klass, row.state) for row in foreign} == {("loop", "ignored")}
        assert a.todo() == [] or {kind for kind, _ in a.todo()} <= {"unsure"}


def _vacation(number: int, said: EmailMessage) -> tuple[str, str]:
    return "我在休假", "您好，我正在休假，10月20日返回，急事请致电办公室。"


def _changing(number: int, said: EmailMessage) -> tuple[str, str]:
    return f"暂时离开（{number}）", f"您好，这是第 {number} 封。今天不在办公室，材料由同事办理，明日处理。"


def _promising(number: int, said: EmailMessage) -> tuple[str, str]:
    return f"来信收悉 {number}", f"您好，来信已收到，如有需要请见附件说明，请查收。编号 {number}。"


def _asking(number: int, said: EmailMessage) -> tuple[str, str]:
    return f"客服 {number}", "您好，请问有什么可以帮您？请回复数字选择服务。"


def _quoting(number: int, said: EmailMessage) -> tuple[str, str]:
    body = said.get_body(("plain",))
    assert body is not None
    quoted = "".join(f"> {line}\n" for line in str(body.get_content()).splitlines())
    return f"Re: {said['Subject']}", f"您的邮件我已看到。\n\n在 2022年10月9日，办公室 写道：\n{quoted}"


def _echoing(number: int, said: EmailMessage) -> tuple[str, str]:
    body = said.get_body(("plain",))
    assert body is not None
    return str(said["Subject"]), str(body.get_content())


ROBOTS: dict[str, Callable[[int, EmailMessage], tuple[str, str]]] = {
    "vacation": _vacation,
    "changing": _changing,
    "promising": _promising,
    "asking": _asking,
    "quoting": _quoting,
    "echoing": _echoing,
}


def _answer(desk: Desk, unit: Unit, number: int, said: EmailMessage, kind: str, *, stranger: bool) -> None:
    """A plain mail with a Message-ID of its own, no In-Reply-To and no mark, as the worst robots write."""
    subject, text = ROBOTS[kind](number, said)
    raw = compose(
        "foxmail",
        from_=(unit.contact, f"robot-of-{unit.code}@qqmail.example" if stranger else unit.addresses[0]),
        to=OFFICE_ADDRESS,
        subject=subject,
        text=text,
        date=desk.now,
        message_id=f"<{kind}{number}.{unit.code}@robot.example>",
    )
    desk.server.deliver(raw, desk.now)


@pytest.mark.parametrize("extra", ["", 'unregistered = "reply"\nacknowledge_questions = true\n'], ids=["usual", "all"])
def test_robots_without_marks_fall_silent(tmp_path: Path, extra: str) -> None:
    with Desk(tmp_path, roster=2 * len(ROBOTS), extra=extra) as desk:
        desk.now = RUNG
        robots = {address: unit for unit in desk.units for address in unit.addresses}
        robots |= {f"robot-of-{unit.code}@qqmail.example": unit for unit in desk.units}
        answered = 0
        for _ in range(6):
            desk.cycle(wait=timedelta(minutes=11))
            said = [(sent.rcpt_to[0], letter(sent.raw)) for sent in desk.server.sent]
            for number, (to, one) in enumerate(said[answered:], start=answered):
                position = desk.units.index(robots[to])
                kind = list(ROBOTS)[position % len(ROBOTS)]
                _answer(desk, robots[to], number, one, kind, stranger=position >= len(ROBOTS))
            answered = len(said)
        counts = {unit.code: sum(robots[to] == unit for to, _ in said) for unit in desk.units}
        assert all(1 <= count <= MOST for count in counts.values()), counts
        assert len(desk.cycle(wait=timedelta(hours=5)).posted.sent) == 0
