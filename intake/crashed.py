"""A cycle that ends in an exception nobody foresaw: the coordinator and whoever watches the machine are told.

What failed once may fail at every poll, and before anything is fetched. The alarm is on until a cycle goes well.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime

import structlog

from intake.config import ConfigFaults
from intake.office import Office
from intake.post import post
from intake.reports.alarms import CRASH, over, ring
from intake.tracking import track
from intake.upkeep import upkeep
from storage.errors import DISK_AWAY, Refused, Temporary

log = structlog.get_logger()

REMEDY = "来信原件不受影响，程序每一轮都会再试。请把数据目录下 logs 里的日志交给维护人员。"


@contextmanager
def watched(office: Office, secrets: Callable[[str], str], now: datetime) -> Iterator[None]:
    """Around a cycle: what it was not made for is told and raised on, and the next one that goes well takes it back.

    `secrets("smtp")` gives the password for the letter about it.
    """
    began = time.monotonic()
    try:
        yield
    except (Temporary, Refused, ConfigFaults):
        raise
    except Exception as error:
        if not (isinstance(error, OSError) and error.errno in DISK_AWAY):  # a full disk has an alarm of its own
            log.exception("cycle failed")
            _tell(office, secrets, now, error, time.monotonic() - began)
        raise
    if over(office, CRASH, now):
        _show(office, secrets, now, time.monotonic() - began)


def _tell(office: Office, secrets: Callable[[str], str], now: datetime, error: Exception, seconds: float) -> None:
    detail = f"处理来信和发信的一轮工作中断（{type(error).__name__}: {str(error)[:200]}）。"
    try:
        with office.database.writing() as session:
            ring(office, session, CRASH, now, what="程序出错，本轮工作没有做完", detail=detail, remedy=REMEDY)
    except Exception:
        log.exception("not told")  # what is wrong with the cycle may be wrong with the alarm
    _show(office, secrets, now, seconds)


def _show(office: Office, secrets: Callable[[str], str], now: datetime, seconds: float) -> None:
    """Letters to the coordinator, the tracker and the figures, each as far as it can be had."""
    steps: dict[str, Callable[[], object]] = {
        "letters": lambda: post(office, secrets("smtp"), now, reports_only=True),
        "tracker": lambda: track(office, now, changed_only=True),
        "figures": lambda: upkeep(office, now, seconds),
    }
    for name, step in steps.items():
        try:
            step()
        except Exception as error:  # noqa: BLE001  # the same trouble again
            log.warning("not shown", what=name, why=type(error).__name__)
