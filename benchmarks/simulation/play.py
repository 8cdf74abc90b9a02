"""The simulation itself: from event to event on a fast clock. The program is polled only where something can happen."""

from __future__ import annotations

import heapq
import itertools
import random
import time
import zipfile
from collections.abc import Callable, Iterable, Sequence
from datetime import date, datetime, timedelta
from pathlib import Path

from openpyxl import load_workbook
from openpyxl.utils.exceptions import InvalidFileException

from benchmarks.campaign import requirement_ids
from benchmarks.others import CHINA, DEADLINE
from benchmarks.simulation import days
from benchmarks.simulation.coordinator import Coordinator, rows
from benchmarks.simulation.habits import Habit, assigned
from benchmarks.simulation.letters import Letter
from benchmarks.simulation.office import REMIND_AT, Service
from benchmarks.simulation.record import Delivered, Look, Record, Sheet
from benchmarks.simulation.robot import Call, Mail, Robot, Step
from intake.demo import machines
from intake.demo.units import OFFICE_ADDRESS, units

FIRST, LAST = date(2022, 9, 1), date(2022, 10, 19)
"""Seven weeks, with Mid-Autumn and the National Day holidays, and two weekends that are worked."""
POLL = timedelta(minutes=20)
"""How far apart the polls are at least. The program's own are two minutes apart; those between find nothing."""
BACK_OFF = timedelta(hours=5)
"""How long after an outage letters may still be waiting for their next try."""
SHEETS = {"总览", "明细", "问题", "图片", "邮件", "待办"}


class Play:
    """One simulation."""

    def __init__(self, folder: Path, habits: Sequence[Habit], *, first: date, last: date, seed: int) -> None:
        self._dice = random.Random(f"play/{seed}")
        self._opening = days.at(first, 8)
        members = dict(assigned(units(len(habits)), habits))
        self._robots = {
            unit.code: Robot(unit, habit, seed=seed, first=self._opening, deadline=DEADLINE)
            for unit, habit in members.items()
        }
        self._owner = {address: unit.code for unit in members for address in unit.addresses}
        self._refused = {u.addresses[0] for u, habit in members.items() if habit.dead == "first refused"}
        bouncing = {"first bounced": slice(1), "all bounced": slice(None)}
        self._bouncing = {
            address for u, habit in members.items() for address in u.addresses[bouncing.get(habit.dead, slice(0))]
        }
        self.record = Record(
            units={unit.code: unit for unit in members},
            habits={unit.code: habit for unit, habit in members.items()},
            dead=frozenset(self._refused | self._bouncing),
            deadline=DEADLINE,
            first=self._opening,
            last=days.at(last, 23),
        )
        self._heap: list[tuple[datetime, int, Callable[[], None]]] = []
        self._number = itertools.count()
        self._woken: set[datetime] = set()
        self._senders: dict[str, str] = {}
        """Unit by the address of each mail's sender, as the coordinator would find out by phone."""
        self._seen = 0
        self.service = Service(folder, list(members), self._opening)
        self._coordinator = Coordinator(
            self.service,
            codes={unit.name: unit.code for unit in members},
            owner=self._name_of,
            ids=requirement_ids(),
            ring=self._ring,
        )

    def run(self) -> Record:
        """From the first morning to the last evening."""
        began = time.perf_counter()
        with self.service:
            self.service.server.refusals.update(dict.fromkeys(self._refused, "550 5.1.1 User unknown"))
            self._plan()
            while self._heap:
                at, _, event = heapq.heappop(self._heap)
                self.service.now = at
                event()
            self._close()
        self.record.seconds = time.perf_counter() - began
        return self.record

    # -- the plan -----------------------------------------------------------------------------------------

    def _plan(self) -> None:
        for day in days.days(self.record.first.date(), self.record.last.date()):
            self._on(days.at(day, 8, 30), self._morning)
            self._on(days.at(day, REMIND_AT), self._remind)
            self._wake(days.at(day, 13))
        for robot in self._robots.values():
            self._take(robot.begin())
        for start, hours, line, limit in self._outages():
            self._on(start, lambda line=line, limit=limit: self._break(line, limit))  # type: ignore[misc]  # bound now
            self._on(start + timedelta(hours=hours), lambda line=line: self._mend(line))  # type: ignore[misc]  # same
        for moment in (days.at(date(2022, 9, 20), 12, 7), days.at(date(2022, 10, 8), 9, 50)):
            self._on(moment, self._restart)
        for moment in (days.at(date(2022, 9, 28), 15, 17), days.at(DEADLINE.date(), 16, 13)):
            self._on(moment, self._kill)

    def _outages(self) -> list[tuple[datetime, float, str, int]]:
        """Start, hours, whose line, after how many bytes of the server's it is cut."""
        cut = self._dice.randrange(200, 700)
        return [
            (days.at(date(2022, 9, 14), 9, 30), 5.5, "imap", 0),
            (days.at(date(2022, 9, 21), 9, 10), 3.0, "imap", 900 + cut),
            (days.at(date(2022, 9, 28), 8, 45), 4.0, "both", 0),
            (days.at(date(2022, 10, 9), 8, 50), 2.0, "smtp", 0),
            (days.at(date(2022, 10, 11), 8, 55), 1.0, "smtp", cut),
        ]

    def _on(self, at: datetime, event: Callable[[], None]) -> None:
        if self.record.first <= at <= self.record.last:
            heapq.heappush(self._heap, (at, next(self._number), event))

    def _wake(self, at: datetime) -> None:
        """Poll at the first moment of the grid after `at`."""
        midnight = datetime.combine(at.date(), datetime.min.time(), CHINA)
        slot = midnight + POLL * ((at - midnight) // POLL + 1)
        if slot not in self._woken:
            self._woken.add(slot)
            self._on(slot, self._cycle)

    def _take(self, steps: Iterable[Step]) -> None:
        for step in steps:
            if isinstance(step, Mail):
                self._on(step.at, lambda step=step: self._deliver(step))  # type: ignore[misc]  # bound now
            else:
                self._on(step.at, lambda step=step: self._call(step))  # type: ignore[misc]  # bound now

    # -- events -------------------------------------------------------------------------------------------

    def _deliver(self, mail: Mail) -> None:
        self.service.server.deliver(mail.raw, mail.at)
        sender = mail.raw.partition(b"Return-Path: <")[2].partition(b">")[0].decode()
        self._senders[sender] = mail.unit
        self.record.delivered.append(Delivered(at=mail.at, message_id=mail.message_id, unit=mail.unit, kind=mail.kind))
        self._wake(mail.at)
        self._wake(mail.at + POLL)

    def _bounce(self, letter: Letter) -> None:
        id = f"<bounce.{len(self.record.delivered)}@mx.relay.example>"
        now = self.service.now
        raw = machines.bounce(
            to=OFFICE_ADDRESS, failed=letter.to, original_id=letter.message_id, date=now, message_id=id
        )
        self.service.server.deliver(raw, now)
        self.record.delivered.append(Delivered(at=now, message_id=id, unit=None, kind="machine"))
        self._wake(now)

    def _call(self, call: Call) -> None:
        self.record.calls.append(call)
        self._do(lambda: self._coordinator.called(call.unit, call.topic, call.about))
        self._wake(call.at)

    def _cycle(self) -> None:
        report = self.service.cycle()
        self.record.cycles += 1
        if report.refused:
            self.record.complaints.append(f"{self.service.now:%m-%d %H:%M} refused: {report.refused}")
        sent = self.service.server.sent[self._seen :]
        self._seen += len(sent)
        letters = [Letter(at=self.service.now, raw=one.raw, rcpt_to=one.rcpt_to) for one in sent]
        if any(not letter.is_reply for letter in letters):
            self._look()
        for letter in letters:
            self._arrive(letter)
        if report.posted.held_back:
            self._wake(self.service.now)

    def _arrive(self, letter: Letter) -> None:
        """A letter is in its reader's mailbox, or in nobody's."""
        self.record.letters.append(letter)
        code = self._owner.get(letter.to)
        if letter.to in self._bouncing:
            self._on(self.service.now + timedelta(minutes=3), lambda: self._bounce(letter))
        elif code is not None:
            self._take(self._robots[code].read(letter))

    def _morning(self) -> None:
        self._cycle()
        look = self._look()
        sheet, todo = _read(self.service.tracker, look)
        self.record.sheets.append(sheet)
        if todo and days.works(self.service.now.date()):
            self._do(lambda: self._coordinator.morning(todo))
            self._wake(self.service.now)

    def _remind(self) -> None:
        self._cycle()
        if days.works(self.service.now.date()):
            self._look()

    def _look(self) -> Look:
        look = Look(at=self.service.now, status=self.service.command("status"))
        self.record.looks.append(look)
        return look

    def _ring(self, code: str) -> None:
        self._take(self._robots[code].rung_back(self.service.now))

    def _name_of(self, address: str) -> str:
        return self.record.units[self._senders[address]].name

    def _do(self, act: Callable[[], None]) -> None:
        try:
            act()
        except Exception as error:  # noqa: BLE001  # told by the referee; the campaign goes on
            self.record.complaints.append(f"{self.service.now:%m-%d %H:%M} {type(error).__name__}: {error}")

    # -- what goes wrong ----------------------------------------------------------------------------------

    def _lines(self, name: str) -> list[str]:
        return ["imap", "smtp"] if name == "both" else [name]

    def _break(self, name: str, limit: int) -> None:
        self.record.outages += 1
        for line in self._lines(name):
            getattr(self.service, line).limit = limit
        moment = self.service.now
        while moment < self.service.now + timedelta(hours=6):  # it goes on trying
            self._wake(moment)
            moment += POLL * 2

    def _mend(self, name: str) -> None:
        for line in self._lines(name):
            getattr(self.service, line).limit = None
        for number in range(int(BACK_OFF / POLL)):
            self._wake(self.service.now + number * POLL)

    def _restart(self) -> None:
        self.record.restarts += 1
        self.service.stop()
        self.service.start()

    def _kill(self) -> None:
        self.record.restarts += 1
        self.service.kill(0.7 + self._dice.random() * 2)
        for number in range(3):
            self._wake(self.service.now + number * POLL)

    def _close(self) -> None:
        for number in (1, 2):  # the second finds the copies of what the first one sent
            self.service.now = self.record.last + number * POLL
            self._cycle()
        self._look()
        self.record.mails = self.service.command("mails")
        self.record.on_server = self.service.on_server()


def _read(path: Path, look: Look) -> tuple[Sheet, list[dict[str, str]]]:
    """The tracker as somebody reads it who opens the file: states, and what waits."""
    try:
        workbook = load_workbook(path, read_only=True)
        lacking = SHEETS - set(workbook.sheetnames)
        states = {row["代码"]: row["状态"] for row in rows(workbook["明细"])}
        todo = list(rows(workbook["待办"]))
        workbook.close()
    except (OSError, KeyError, ValueError, zipfile.BadZipFile, InvalidFileException) as error:
        return Sheet(look=look, states={}, fault=f"{type(error).__name__}: {error}"), []
    return Sheet(look=look, states=states, fault=f"sheets missing: {lacking}" if lacking else ""), todo
