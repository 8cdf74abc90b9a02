"""The service as a process: woken by IDLE, alone on its folder, stopped within seconds with nothing half done."""

from __future__ import annotations

import json
import os
import queue
import signal
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from intake.config import load_config
from intake.cycle import Report
from intake.mail import imap
from intake.turns import turn
from intake.worker import _listen, serve
from storage.errors import Temporary
from tests.desk import Desk, captioned, everything
from tests.faults.line import BadLine

ROOT = Path(__file__).resolve().parents[2]
SILENCE = 60
"""Seconds that a silent server is waited for: `timeout_seconds` when nothing is set."""
SCHEDULE = '[schedule]\npoll = "1h"\nquiet_period = "0s"\n'


def until(condition: Callable[[], bool], seconds: float = 120) -> None:
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "it did not happen"
        time.sleep(0.05)


@contextmanager
def running(desk: Desk, *options: str) -> Iterator[subprocess.Popen[str]]:
    """The program in a process of its own, ended in any case."""
    process = subprocess.Popen(
        [sys.executable, "-m", "intake", "run", "--now", desk.now.isoformat(), *options], cwd=desk.folder, text=True,
        env={**os.environ, "PYTHONPATH": str(ROOT)}, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    )  # fmt: skip
    try:
        yield process
    finally:
        process.kill()
        process.communicate()


def ask_to_stop(process: subprocess.Popen[str], number: signal.Signals) -> tuple[str, str]:
    """It has to end within seconds, though the servers of this test may be silent for `SILENCE`."""
    process.send_signal(number)
    out, err = process.communicate(timeout=SILENCE / 2)
    assert "Traceback" not in out + err
    return out, err


def states(desk: Desk) -> list[str]:
    """State of every mail that is ours, read past the running service."""
    try:
        with closing(sqlite3.connect(f"file:{desk.folder}/data/shouqi.db?mode=ro", uri=True)) as connection:
            return [state for (state,) in connection.execute("select state from mail")]
    except sqlite3.OperationalError:
        return []  # not yet made


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    with Desk(tmp_path) as made:
        made.config.write_text(made.config.read_text("utf-8") + SCHEDULE, "utf-8")
        yield made


def test_idle_wakes_it_it_is_alone_and_sigterm_ends_it(desk: Desk) -> None:
    unit = desk.units[0]
    with running(desk, "--json") as service:
        until(lambda: (desk.folder / "data/tracker/台账.xlsx").exists())
        desk.mail(unit, everything(unit)[:1])  # may come before the IDLE line is open: it is seen all the same
        until(lambda: states(desk)[:1] == ["processed"])
        until(lambda: "IDLE line open" in desk.log())
        desk.mail(unit, everything(unit)[1:], captioned(unit))
        until(lambda: states(desk).count("processed") == 2)
        with running(desk, "--once") as second:
            out, err = second.communicate(timeout=120)
        assert (second.returncode, out) == (3, "") and err.count("\n") == 1 and "另一个" in err
        until(lambda: desk.outbox()[-1:] != [] and desk.outbox()[-1]["state"] == "sent")
        out, err = ask_to_stop(service, signal.SIGTERM)
        assert service.returncode == 0
        done = json.loads(out)
        assert (done["sent"], done["cycles"] > 1) == (len(desk.server.sent), True)


def test_decisions_are_heard_beside_the_running_service(tmp_path: Path) -> None:
    with Desk(tmp_path, mode="approve", sections=SCHEDULE) as desk, running(desk, "--json") as service:
        unit = desk.units[0]
        until(lambda: (desk.folder / "data/tracker/台账.xlsx").exists())
        until(lambda: "IDLE line open" in desk.log())
        desk.mail(unit, everything(unit), captioned(unit))
        until(lambda: [letter["state"] for letter in desk.outbox()] == ["approval"])
        desk.command("outbox", "approve", str(desk.outbox()[0]["id"]))
        until(lambda: desk.outbox()[0]["state"] == "sent")  # the next poll is an hour away
        desk.command("extend", unit.code, "2022-10-20")
        desk.command("tracker")
        ask_to_stop(service, signal.SIGTERM)
        assert len(desk.server.sent) == 1


def test_a_decision_waits_for_its_turn(desk: Desk) -> None:
    config = load_config(desk.config)
    with turn(config), pytest.raises(Temporary, match="等了 0 秒"), turn(config, wait=0):
        pass


def test_what_came_while_nobody_listened_wakes_it_too(desk: Desk) -> None:
    desk.mail(desk.units[0])
    wake, stop = queue.SimpleQueue[str](), threading.Event()
    with imap.connected(load_config(desk.config).imap, "benchmark") as client:
        imap.examine(client, "INBOX")
        listening = threading.Thread(target=_listen, args=(client, wake, stop))
        listening.start()
        try:
            assert wake.get(timeout=60) == "mail"
        finally:
            stop.set()
            listening.join()


@pytest.mark.parametrize("once", [True, pytest.param(False, marks=pytest.mark.long)])
def test_a_stalled_server_does_not_delay_the_stop(desk: Desk, once: bool) -> None:
    unit = desk.units[0]
    desk.mail(unit, everything(unit), captioned(unit))
    with BadLine(desk.server.imap_port) as line:
        text = desk.config.read_text("utf-8")
        desk.config.write_text(text.replace(f"port = {desk.server.imap_port}", f"port = {line.port}"), "utf-8")
        line.limit, line.stalls = 1500, True
        with running(desk, *(["--once"] if once else [])) as process:
            until(lambda: len(line.said) == 1500)
            _, err = ask_to_stop(process, signal.SIGINT)
            assert process.returncode == (3 if once else 0)
            assert "已按要求停止" in err
        line.limit = None
        assert desk.cycle().fetched == 1
        assert desk.status()[unit.code]["state"] == "complete"


def test_stopped_in_the_middle_of_processing_it_goes_on_where_it_was(desk: Desk) -> None:
    unit = desk.units[0]
    ids = {desk.mail(unit, everything(unit, seed), captioned(unit, seed)) for seed in range(25)}
    with running(desk) as service:
        until(lambda: "processed" in states(desk))
        ask_to_stop(service, signal.SIGTERM)
        assert service.returncode == 0
    assert "received" in states(desk)
    desk.cycle()
    assert set(desk.mails()) == ids
    assert {row["state"] for row in desk.mails().values()} == {"processed"}
    assert len(desk.letters) == 1


def test_neither_an_exception_nor_an_absent_server_ends_the_service(desk: Desk) -> None:
    unit = desk.units[0]
    desk.mail(unit, everything(unit), captioned(unit))
    stop, reports, tries = threading.Event(), list[Report](), iter(["bug", "wrong password", "right"])
    text = desk.config.read_text("utf-8").replace('poll = "1h"', 'poll = "10s"\nidle = false')
    desk.config.write_text(text, "utf-8")

    def secrets(section: str) -> str:
        word = next(tries, "right") if section == "imap" else "right"
        if word == "bug":
            raise ZeroDivisionError
        return word if word != "right" else "benchmark"

    def told(report: Report) -> None:
        reports.append(report)
        if len(reports) == 1:
            raise OSError("the terminal is gone")
        if report.fetched:
            stop.set()

    with desk.office() as office:
        office.config.schedule.__dict__["poll"] = office.config.schedule.poll / 20
        serve(office, secrets, lambda: desk.now, stop, told)
    assert "ZeroDivisionError" in reports[0].away[0]
    assert "授权码" in reports[1].refused[0]
    assert reports[-1].fetched == 1


def test_a_line_that_breaks_is_opened_again_and_brings_what_came_meanwhile(desk: Desk) -> None:
    with BadLine(desk.server.imap_port) as line:
        desk.configure(f"port = {desk.server.imap_port}", f"port = {line.port}")
        with running(desk):
            until(lambda: (desk.folder / "data/tracker/台账.xlsx").exists())  # the first cycle is over
            until(lambda: "IDLE line open" in desk.log())
            line.cut_all()
            desk.mail(desk.units[0])  # the next poll is an hour away
            until(lambda: states(desk) == ["processed"])
            until(lambda: desk.log().count("IDLE line open") >= 2)
