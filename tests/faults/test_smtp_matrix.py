"""Every fault at every point of an SMTP conversation: the letter arrives exactly once, or is shown as failed."""

from __future__ import annotations

import contextlib
import itertools
import os
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import pytest

from benchmarks.ready import PASSWORD
from intake.demo.units import OFFICE_ADDRESS
from intake.interrupted import BLIND_TRIES, resolve
from intake.mail import imap
from intake.office import Office
from intake.post import TRIES, Posted, post
from storage import outbox
from storage.errors import Refused
from storage.tables import LetterRow
from tests.desk import Desk, letter
from tests.faults.smtp_script import DROP, KEEP, RESET, STAGES, STALL, ScriptedSmtp

EVERY = os.environ.get("SHOUQI_LINE") == "all"
"""The short form has one code of a kind, and silence, which costs its timeout, at three places."""
FAULTS = ["421 4.3.2 closing", "451 4.3.0 later", "554 5.7.0 never", DROP]
BIG, QUOTA = "552 5.3.4 big", "552 5.2.2 sender is over quota"
MORE = ["450 4.2.0 busy", "452 4.3.1 full", "550 5.7.1 no", BIG, QUOTA, RESET]
CASES = [*itertools.product(STAGES, FAULTS + MORE if EVERY else FAULTS),
         *(() if EVERY else (("MAIL", BIG), ("MAIL", QUOTA))),
         *((stage, STALL) for stage in (STAGES if EVERY else ("EHLO", "DATA", "DOT"))),
         *(("DOT", KEEP + fault) for fault in (DROP, RESET, STALL))]  # fmt: skip
OF_THE_LETTER = ("RCPT", "DATA", "BODY", "DOT")
"""A 5yz here is about the letter; at MAIL only what is about its size."""
PATIENCE, TIMEOUT = 30.0, 1.0
"""Seconds for a server that answers, and for one that has fallen silent."""


@dataclass
class Outgoing:
    """An office with letters to send, a scripted server, and a clock."""

    office: Office
    server: ScriptedSmtp
    desk: Desk
    now: datetime
    arrived: list[str] = field(default_factory=list)
    """Message-IDs of what the server took for the unit, each time."""
    then: dict[str, str] = field(default_factory=dict)
    """Faults that begin once it took a letter."""
    count: int = 0

    def write(self) -> str:
        """A reminder in the outbox, due now; its Message-ID."""
        self.count += 1
        id, unit = f"<{self.count}@shouqi.yunling.example>", self.desk.units[0]
        raw = f"From: {OFFICE_ADDRESS}\r\nTo: {unit.addresses[0]}\r\nMessage-ID: {id}\r\n\r\n.\r\nx\r\n".encode()
        (notice,) = self.office.campaigns
        row = LetterRow(
            key=id, kind="reminder", message_id=id, notice=notice, unit=unit.code, to=unit.addresses[0], subject="催报",
            raw=self.office.blobs.write(raw, self.office.spool), created_at=self.now, due=self.now,
        )  # fmt: skip
        with self.office.database.writing() as session:
            outbox.enqueue(session, row)
        return id

    def round(self, wait: timedelta = timedelta()) -> Posted:
        """What a cycle does about letters, `wait` later."""
        self.now += wait
        self.desk.now = self.now
        if self.states() & {"sending"}:
            with imap.connected(self.office.config.imap, PASSWORD) as client:
                resolve(self.office, client, self.now)
        with contextlib.suppress(Refused):  # a login that was refused
            return post(self.office, PASSWORD, self.now)
        return Posted()

    def states(self) -> set[str]:
        with self.office.database.reading() as session:
            return {one.state for one in outbox.all_letters(session)}

    def settle(self) -> None:
        """Enough cycles with a server in order."""
        self.server.faults.clear()
        self.setting(copy_to_self=True, timeout_seconds=PATIENCE)
        for _ in range(3):
            if self.states() & {"waiting", "sending"}:
                self.round(timedelta(hours=7))

    def row(self, id: str) -> LetterRow:
        with self.office.database.reading() as session:
            (row,) = [one for one in outbox.all_letters(session) if one.message_id == id]
        return row

    def setting(self, **values: object) -> None:
        self.office.config.smtp.__dict__.update(values)  # frozen for everybody else

    def take(self, raw: bytes, rcpt: tuple[str, ...]) -> None:
        self.server.faults.update(self.then)
        if self.desk.units[0].addresses[0] in rcpt:
            self.arrived.append(str(letter(raw)["Message-ID"]))
        if OFFICE_ADDRESS in rcpt:
            self.desk.server.deliver(raw, self.now)


@pytest.fixture(scope="module")
def outgoing(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Outgoing]:
    with Desk(tmp_path_factory.mktemp("letters")) as desk, contextlib.ExitStack() as stack:
        made: list[Outgoing] = []
        server = stack.enter_context(ScriptedSmtp(lambda raw, rcpt: made[0].take(raw, rcpt)))
        head, _, tail = desk.config.read_text("utf-8").partition("[smtp]")
        tail = tail.replace(f"port = {desk.server.smtp_port}", f"port = {server.port}")
        tail = tail.replace("copy_to_self = true", "copy_to_self = true\nlookup_after_seconds = 0")
        desk.config.write_text(f"{head}[smtp]{tail}", "utf-8")
        made.append(Outgoing(stack.enter_context(desk.office()), server, desk, desk.now))
        yield made[0]


@pytest.fixture(autouse=True)
def _well_again(outgoing: Outgoing) -> Iterator[None]:
    """Each case begins with a server in order, nothing due, and a clean slate for logins."""
    yield
    outgoing.settle()
    outgoing.arrived.clear()


@pytest.mark.parametrize(("stage", "fault"), CASES, ids=[f"{stage}-{fault[:10]}" for stage, fault in CASES])
def test_delivered_once_or_shown_as_failed(outgoing: Outgoing, stage: str, fault: str) -> None:
    outgoing.setting(timeout_seconds=TIMEOUT if STALL in fault else PATIENCE)
    outgoing.server.faults[stage] = fault
    id = outgoing.write()
    posted = outgoing.round()
    never = fault.startswith("5") and (stage in OF_THE_LETTER or (stage, fault) == ("MAIL", BIG))
    first = outgoing.row(id)
    if stage != "QUIT":
        assert first.state == ("failed" if never else "sending" if first.state == "sending" else "waiting")
        assert first.last_error and first.last_error.isprintable()
        assert posted.away or never or (stage == "AUTH" and fault.startswith("5"))
    outgoing.settle()
    assert outgoing.arrived == ([] if never else [id])
    assert outgoing.row(id).state == ("failed" if never else "sent")
    if never:
        assert fault[:3] in outgoing.row(id).last_error
    kinds = [kind for kind, text in outgoing.desk.todo() if fault[:3] in text] if never else []
    assert ("failed-letter" in kinds) == never


@pytest.mark.parametrize(
    ("stage", "fault"),
    [
        ("RCPT", "451 4.3.0 later"),
        ("DOT", DROP),
        ("DATA", RESET),
    ],
)
def test_a_fault_that_never_ends_is_shown_in_the_end(outgoing: Outgoing, stage: str, fault: str) -> None:
    outgoing.server.faults[stage] = fault
    id = outgoing.write()
    began = outgoing.now
    while outgoing.row(id).state != "failed":
        assert outgoing.now - began < timedelta(days=30)
        outgoing.round(timedelta(hours=5))
    assert outgoing.now - began > timedelta(days=4)  # RFC 5321, 4.5.4.1
    assert (outgoing.row(id).attempts, outgoing.arrived) == (TRIES, [])


@pytest.mark.parametrize(
    ("stage", "fault", "told"),
    [
        ("CONNECT", DROP, "对方断开了连接"),
        ("CONNECT", "554 5.7.1 no", "拒绝服务（554 5.7.1 no）"),
        ("MAIL", "553 5.1.8 frozen", "拒绝服务（553 5.1.8 frozen）"),
    ],
)
def test_a_server_that_is_away_or_refuses_us_for_weeks_costs_the_letter_nothing(
    outgoing: Outgoing, stage: str, fault: str, told: str
) -> None:
    outgoing.server.faults[stage] = fault
    id = outgoing.write()
    for _ in range(2 * TRIES):
        assert told in outgoing.round(timedelta(hours=5)).away
    assert (outgoing.row(id).state, outgoing.row(id).attempts) == ("waiting", 0)


def test_without_copies_a_repeat_has_the_same_message_id_and_there_are_few(outgoing: Outgoing) -> None:
    outgoing.setting(copy_to_self=False)
    outgoing.server.faults["DOT"] = KEEP + DROP
    id = outgoing.write()
    for _ in range(20):
        outgoing.round(timedelta(hours=5))
    assert outgoing.arrived == [id] * BLIND_TRIES
    assert outgoing.row(id).state == "failed"
    assert "不知是否已送达" in outgoing.row(id).last_error


def test_a_copy_that_is_late_is_waited_for(outgoing: Outgoing) -> None:
    outgoing.server.faults["DOT"] = DROP
    id = outgoing.write()
    outgoing.round()
    outgoing.server.faults.clear()
    assert outgoing.round(timedelta(seconds=20)).sent == []  # it may still be on its way
    unit = outgoing.desk.units[0]
    outgoing.take(f"Message-ID: {id}\r\n\r\nx\r\n".encode(), (unit.addresses[0], OFFICE_ADDRESS))
    outgoing.round(timedelta(hours=1))
    assert (outgoing.row(id).state, outgoing.arrived) == ("sent", [id])


@pytest.mark.parametrize("stage", ["CONNECT", "MAIL", "DOT"])
def test_silence_costs_one_timeout_and_not_a_hundred(outgoing: Outgoing, stage: str) -> None:
    outgoing.setting(timeout_seconds=TIMEOUT)
    outgoing.server.faults[stage] = STALL
    ids = [outgoing.write() for _ in range(100 if EVERY else 20)]
    before = outgoing.server.connections
    assert "没有按时应答" in outgoing.round().away
    assert outgoing.server.connections == before + 1
    outgoing.settle()
    assert sorted(outgoing.arrived) == sorted(ids)


def test_a_letter_that_always_breaks_the_line_holds_no_other_up(outgoing: Outgoing) -> None:
    outgoing.server.faults["DATA"] = DROP
    poison = outgoing.write()
    outgoing.round()
    outgoing.server.faults.clear()
    others = [outgoing.write() for _ in range(3)]
    outgoing.round(timedelta(hours=5))
    assert outgoing.arrived == [*others, poison]


def test_while_it_refuses_us_it_is_asked_less_and_less_often(outgoing: Outgoing) -> None:
    outgoing.server.faults["MAIL"] = "553 5.1.8 frozen"
    outgoing.write()
    heard = len(outgoing.server.heard)
    for _ in range(24 * 4):
        outgoing.round(timedelta(minutes=15))
    assert 8 < sum(line.upper().startswith("MAIL") for line in outgoing.server.heard[heard:]) < 20


def test_it_is_over_when_the_server_takes_our_sender_though_a_letter_still_waits(outgoing: Outgoing) -> None:
    outgoing.write()
    outgoing.server.faults["MAIL"] = "553 5.1.8 frozen"
    outgoing.round()
    assert [kind for kind, _ in outgoing.desk.todo() if kind == "alarm"] == ["alarm"]
    outgoing.server.faults = {"RCPT": "451 4.7.1 greylisted"}
    outgoing.round(timedelta(hours=1))
    assert [kind for kind, _ in outgoing.desk.todo() if kind == "alarm"] == []


def test_a_letter_that_is_refused_at_mail_while_others_are_taken_fails_in_the_end(outgoing: Outgoing) -> None:
    """Then it is about the letter, whatever the server says; and it holds no newer one up."""
    no = {"MAIL": "552 no"}
    outgoing.server.faults = dict(no)
    poison, others = outgoing.write(), []
    outgoing.round()
    outgoing.then = no
    for _ in range(TRIES):
        outgoing.server.faults.clear()
        outgoing.now += timedelta(hours=5)
        others.append(outgoing.write())
        assert outgoing.round().sent == [others[-1]]
    outgoing.then = {}
    assert (outgoing.row(poison).state, outgoing.arrived) == ("failed", others)


def test_a_server_that_refuses_us_for_a_while_makes_no_letter_fail(outgoing: Outgoing) -> None:
    """A hundred letters and a 550 to every MAIL: one hears it each round, all leave once when it is over."""
    ids = [outgoing.write() for _ in range(100)]
    outgoing.server.faults["MAIL"] = "550 5.7.1 sender is blocked"
    heard = len(outgoing.server.heard)
    for _ in range(5):
        posted = outgoing.round(timedelta(hours=5))
        assert (posted.sent, posted.failed) == ([], [])
        assert "拒绝服务（550 5.7.1 sender is blocked）" in posted.away
    assert sum(line.upper().startswith("MAIL") for line in outgoing.server.heard[heard:]) == 5
    assert {outgoing.row(id).state for id in (ids[0], ids[-1])} == {"waiting"}
    ((_, text),) = [one for one in outgoing.desk.todo() if one[0] == "alarm"]
    assert "拒绝本邮箱发信" in text and "mail_from" in text
    outgoing.settle()
    assert sorted(outgoing.arrived) == sorted(ids)
    assert [one for one in outgoing.desk.todo() if one[0] == "alarm"] == []
