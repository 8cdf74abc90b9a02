"""A cycle of the service that breaks off by a mistake of ours: told by letter, by the doctor and in the figures."""

from __future__ import annotations

import queue
import sqlite3
import threading
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from intake.commands import secrets_of
from intake.config import load_config
from intake.crashed import watched
from intake.cycle import Report
from intake.doctor_quick import quick
from intake.logs import start_logging
from intake.reports.alarms import ring
from intake.turns import bell
from intake.worker import serve
from tests.desk import Desk, captioned, everything

HERS = "zhuren@yunling.example"
SECTIONS = f"""
[coordinator]
address = "{HERS}"

[schedule]
poll = "1h"
idle = false
quiet_period = "0s"
"""
Next = Callable[[], Report]


@contextmanager
def service(desk: Desk) -> Iterator[Next]:
    """The service in a thread; calling what it yields rings for a further cycle, and gives its report."""
    reports, stop = queue.SimpleQueue[Report](), threading.Event()

    def run() -> None:
        with desk.office() as office:
            serve(office, secrets_of(office.config), lambda: desk.now, stop, reports.put)

    start_logging(load_config(desk.config).logs_folder)
    thread = threading.Thread(target=run)
    thread.start()
    try:
        reports.get(timeout=120)

        def further() -> Report:
            bell(load_config(desk.config)).touch()
            return reports.get(timeout=120)

        yield further
    finally:
        stop.set()
        thread.join(60)


def faults(desk: Desk) -> list[str]:
    return [line.detail for line in quick(load_config(desk.config), desk.now) if line.ok == "fail"]


def alarms(desk: Desk) -> list[str]:
    """Subjects of the alarms that she got."""
    return [subject for one in desk.letters if (subject := str(one["Subject"])).startswith("警报")]


def plant(file: Path, statement: str) -> None:
    """Change the database behind the program's back."""
    with closing(sqlite3.connect(file, timeout=60)) as connection:
        connection.execute(statement)
        connection.commit()


def test_it_is_told_everywhere_once_and_taken_back_by_the_next_good_cycle(tmp_path: Path) -> None:
    with Desk(tmp_path, sections=SECTIONS) as desk:
        unit, file = desk.units[0], tmp_path / "data" / "shouqi.db"
        desk.mail(unit, everything(unit), captioned(unit))
        figures = tmp_path / "data" / "metrics.prom"
        with service(desk) as further:
            assert faults(desk) == []
            plant(file, "update board set verdict = '{' || verdict")
            for _ in range(2):
                (told,) = further().away
                assert "本轮出错（" in told
            (fault,) = faults(desk)
            assert "本轮工作没有做完" in fault
            assert 'shouqi_alarms{key="cycle"} 1' in figures.read_text("utf-8")
            assert alarms(desk) == ["警报：程序出错，本轮工作没有做完"]
            plant(file, "update board set verdict = substr(verdict, 2)")
            assert further().away == []
            assert faults(desk) == []
            assert 'key="cycle"' not in figures.read_text("utf-8")
            further()
        assert [kind for kind, _ in desk.todo()] == []
        assert [subject.partition("：")[0] for subject in alarms(desk)] == ["警报", "警报解除"]


def crash(desk: Desk) -> None:
    """A cycle that breaks off."""
    with (
        desk.office() as office,
        pytest.raises(ZeroDivisionError),
        watched(office, secrets_of(office.config), desk.now),
    ):
        raise ZeroDivisionError


def test_with_mode_off_nothing_leaves(tmp_path: Path) -> None:
    with Desk(tmp_path, sections=SECTIONS) as desk:
        with desk.office() as office, office.database.writing() as session:
            ring(office, session, "mailbox", desk.now, what="收件邮箱连不上")
        desk.configure('mode = "send"', 'mode = "off"')
        crash(desk)
        assert (desk.letters, [row["state"] for row in desk.outbox()]) == ([], ["waiting"])


def test_one_that_breaks_off_at_every_poll_writes_the_workbook_once(tmp_path: Path) -> None:
    with Desk(tmp_path) as desk:
        crash(desk)
        book = tmp_path / "data" / "tracker" / "台账.xlsx"
        before = book.stat().st_mtime_ns
        crash(desk)
        assert book.stat().st_mtime_ns == before
