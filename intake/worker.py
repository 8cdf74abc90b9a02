"""The service: a cycle whenever the clock or the server says so, until it is told to stop.

apscheduler knows the hours of the day only: its jobs put a word into a queue, the work is done by this one thread.
Polls are counted on the clock that nobody can set: with one set back by a day the next would come a day late.
IDLE (RFC 2177) in a thread of its own wakes the worker as soon as a mail comes in.
"""

from __future__ import annotations

import queue
import threading
import time
from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path

import structlog
from apscheduler.schedulers.background import BackgroundScheduler
from apscheduler.triggers.cron import CronTrigger
from imapclient import IMAPClient

from intake.config import ConfigFaults
from intake.crashed import watched
from intake.cycle import Report, fresh_sandbox, run_cycle
from intake.logins import guarded
from intake.mail import imap
from intake.mail.wire import understood
from intake.office import Office
from intake.sandbox import Sandbox
from intake.turns import bell, turn
from storage.errors import Refused, Temporary

log = structlog.get_logger()

IDLE_SECONDS = 9 * 60
"""IDLE is renewed well before the 29 minutes of RFC 2177; many providers cut earlier."""
FIRST_RETRY_SECONDS = 1.0
RETRY_SECONDS = 60.0
"""A line that broke is opened again at once; the pauses double up to this while it does not last."""
REFUSED_SECONDS = 30 * 60.0
"""Longest pause after a server refused us: a wrong password tried at every poll gets the account locked."""
CLOCK_SET_SECONDS = 30.0
"""A system clock that moves by more between two looks was set."""


def serve(
    office: Office,
    secrets: Callable[[str], str],
    clock: Callable[[], datetime],
    stop: threading.Event,
    told: Callable[[Report], None],
) -> None:
    """Run until `stop` is set. Each cycle's report goes to `told`; a server that is away is only told.

    After a refusal (a wrong password) the pauses grow up to half an hour.
    """
    wake: queue.SimpleQueue[str] = queue.SimpleQueue()
    scheduler = _clock(office, wake)
    looks = (_listener(bell(office.config)), _clock_watch(scheduler))
    poll = office.config.schedule.poll.total_seconds()
    idler = threading.Thread(target=_idle, args=(office, secrets, clock, wake, stop), daemon=True, name="idle")
    scheduler.start()
    if office.config.schedule.idle:
        idler.start()
    try:
        with turn(office.config):
            fresh = fresh_sandbox(office)
        with fresh as sandbox:
            refused = 0
            while not stop.is_set():
                report = _cycle(office, sandbox, secrets, clock(), stop)
                _tell(told, report)
                refused = refused + 1 if report.refused else 0
                pause = min(poll * (2**refused - 1), REFUSED_SECONDS)
                _wait(wake, stop, pause, poll, looks)
    finally:
        stop.set()
        scheduler.shutdown(wait=False)


def _cycle(
    office: Office,
    sandbox: Sandbox,
    secrets: Callable[[str], str],
    now: datetime,
    stop: threading.Event,
) -> Report:
    """One cycle that cannot end the service: what went wrong is logged, told, and tried again at the next poll."""
    try:
        with turn(office.config), watched(office, secrets, now):
            return run_cycle(office, sandbox, secrets, now, stop=stop.is_set)
    except Temporary as error:
        return Report(away=[str(error)])
    except (Refused, ConfigFaults) as error:
        return Report(refused=[str(error)])
    except Exception as error:  # noqa: BLE001  # logged where it is told
        return Report(away=[f"本轮出错（{type(error).__name__}: {error}），邮件原件不受影响，下一轮会再试。"])


def _tell(told: Callable[[Report], None], report: Report) -> None:
    try:
        told(report)
    except OSError as error:  # the terminal is gone; the mails are not
        log.warning("nobody listens", why=str(error))


def _clock(office: Office, wake: queue.SimpleQueue[str]) -> BackgroundScheduler:
    schedule = office.config.schedule
    scheduler = BackgroundScheduler(
        timezone=office.tz, job_defaults={"coalesce": True, "misfire_grace_time": 3600, "max_instances": 1}
    )
    for moment in (*schedule.tracker_at, schedule.remind_at, office.config.coordinator.report_at):
        trigger = CronTrigger(hour=moment.hour, minute=moment.minute, timezone=office.tz)
        scheduler.add_job(wake.put, trigger, args=["clock"])
    return scheduler


def _listener(file: Path) -> Callable[[], bool]:
    """A look whether `file` was touched since the last one: then the tracker is to show what was decided."""

    def touched() -> int:
        try:
            return file.stat().st_mtime_ns
        except OSError:  # nobody ever decided anything
            return 0

    last = touched()

    def look() -> bool:
        nonlocal last
        before, last = last, touched()
        return before != last

    return look


def _clock_watch(scheduler: BackgroundScheduler) -> Callable[[], bool]:
    """A look whether the system's clock was set, or the machine slept, since the last one: what is due is seen at
    once, and the hours of the day are reckoned anew."""

    def offset() -> float:
        return time.time() - time.monotonic()

    last = offset()

    def look() -> bool:
        nonlocal last
        before, last = last, offset()
        if abs(last - before) < CLOCK_SET_SECONDS:
            return False
        log.warning("clock was set", by=round(last - before))
        for job in scheduler.get_jobs():
            job.reschedule(job.trigger)
        return True

    return look


def _wait(
    wake: queue.SimpleQueue[str],
    stop: threading.Event,
    pause: float,
    poll: float,
    looks: Sequence[Callable[[], bool]],
) -> None:
    """Wait until something is due, at least `pause` and at most `poll` seconds where that is longer; what is said
    meanwhile is one cycle. `stop` ends the waiting, each of `looks` tells when it sees something.
    """
    due, began = False, time.monotonic()
    while not stop.is_set() and (not due or time.monotonic() < began + pause):
        seen = [look() for look in looks]
        due = due or any(seen) or time.monotonic() >= began + poll
        try:
            wake.get(timeout=0.5)
            due = True
        except queue.Empty:
            continue
    while not wake.empty():
        wake.get()


def _idle(
    office: Office,
    secrets: Callable[[str], str],
    clock: Callable[[], datetime],
    wake: queue.SimpleQueue[str],
    stop: threading.Event,
) -> None:
    """Wake the worker when the server announces a new mail. A broken line is opened again; polling goes on anyway."""
    pause = FIRST_RETRY_SECONDS
    while not stop.is_set():
        began = time.monotonic()
        try:
            password = secrets("imap")
            with (
                guarded(office, "imap", password, clock()) as worked,
                imap.connected(office.config.imap, password) as client,
            ):
                worked()
                if not client.has_capability("IDLE"):
                    log.info("no IDLE on this server, polling only")
                    return
                imap.examine(client, office.config.imap.folder)
                _listen(client, wake, stop)
        except (Refused, ConfigFaults) as error:
            log.warning("IDLE refused", why=str(error))
            stop.wait(REFUSED_SECONDS)
        except Temporary as error:
            log.info("IDLE line lost", why=str(error))
            stop.wait(pause)
        except Exception:
            log.exception("IDLE failed")  # the mails come by polling all the same
            stop.wait(RETRY_SECONDS)
        lasted = time.monotonic() - began > 2 * RETRY_SECONDS
        pause = FIRST_RETRY_SECONDS if lasted else min(2 * pause, RETRY_SECONDS)


@understood()
def _listen(client: IMAPClient, wake: queue.SimpleQueue[str], stop: threading.Event) -> None:
    """Wake the worker at once, for what came while nobody listened, and then for each mail that is announced."""
    waited = 0.0
    client.idle()
    log.info("IDLE line open")
    wake.put("mail")
    try:
        while not stop.is_set() and waited < IDLE_SECONDS:
            answers = client.idle_check(timeout=1)
            waited += 1
            if any(isinstance(answer, tuple) and len(answer) > 1 and answer[1] == b"EXISTS" for answer in answers):
                wake.put("mail")
    finally:
        client.idle_done()
