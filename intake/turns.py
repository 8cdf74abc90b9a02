"""Who may change the data folder: one run or one service at a time, and single decisions between its cycles."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock, Timeout

from intake.config import Config
from storage.durable import make_folder
from storage.errors import Temporary

TURN_SECONDS = 300.0
"""How long a decision waits for the service's present cycle, which may be reading hundreds of mails."""


@contextmanager
def alone(config: Config) -> Iterator[None]:
    """Hold the data folder for ourselves: one working instance at a time. Temporary when another one runs.

    A one-time run also takes its `turn`; the service takes it for each cycle, so that decisions are heard meanwhile.
    """
    busy = f"另一个 shouqi 正在使用数据目录 {config.data_path}。请等它结束，或先停止那个服务。"
    with _held(config, ".lock", 0, busy):
        yield


@contextmanager
def turn(config: Config, *, wait: float = TURN_SECONDS) -> Iterator[None]:
    """Change the data folder while nobody else does: cycles of the service and single decisions take turns.

    Waits up to `wait` seconds for the present cycle to end; Temporary when it does not.
    """
    busy = f"收齐正在处理邮件，等了 {wait:.0f} 秒仍未轮到（数据目录 {config.data_path}）。请过几分钟再试。"
    with _held(config, ".turn", wait, busy):
        yield


@contextmanager
def backing_up(config: Config) -> Iterator[None]:
    """One backup of a data folder at a time, beside whatever else runs. Temporary while another one is made."""
    with _held(config, ".backup", 0, f"数据目录 {config.data_path} 正在备份。请等那一次结束后再试。"):
        yield


def bell(config: Config) -> Path:
    """Touched after each decision: the running service then looks at once instead of at its next poll."""
    return config.data_path / ".bell"


@contextmanager
def _held(config: Config, name: str, wait: float, busy: str) -> Iterator[None]:
    make_folder(config.data_path)
    lock = FileLock(config.data_path / name)
    try:
        lock.acquire(timeout=wait)
    except Timeout as error:
        raise Temporary(busy) from error
    try:
        yield
    finally:
        lock.release()
