"""How a command is stopped: by SIGTERM or Ctrl-C at the next safe point, or broken off after a while."""

from __future__ import annotations

import os
import signal
import threading
from types import FrameType

GRACE = 5.0
"""Seconds that the work has, after a stop was asked for, to reach its next safe point; then it is broken off."""


def stop_on_signals() -> threading.Event:
    """SIGTERM and Ctrl-C ask for a stop at the next safe point; after `GRACE`, or a second time, they end the work."""
    stop = threading.Event()

    def ask(number: int, frame: FrameType | None) -> None:
        if stop.is_set():
            raise KeyboardInterrupt
        stop.set()
        os.write(2, "正在停止，请稍候……\n".encode())  # a handler may interrupt a write to sys.stderr
        if hasattr(signal, "setitimer"):  # not on Windows: there the time limits of the servers end a long wait
            signal.setitimer(signal.ITIMER_REAL, GRACE)

    def end(number: int, frame: FrameType | None) -> None:
        raise KeyboardInterrupt

    for name, action in (("SIGINT", ask), ("SIGTERM", ask), ("SIGBREAK", ask), ("SIGALRM", end)):
        if hasattr(signal, name):  # SIGBREAK is Windows', SIGALRM the others'
            signal.signal(getattr(signal, name), action)
    return stop


def disarm() -> None:
    """The work has ended: nothing is broken off any more."""
    if hasattr(signal, "setitimer"):
        signal.setitimer(signal.ITIMER_REAL, 0)
