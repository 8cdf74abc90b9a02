"""Says whether a workbook is open elsewhere, by the lock files that office programs lay beside it.

A crash leaves such a file behind, and it must not turn us away for ever. It is stale

- when it is LibreOffice's, which names host and user: this host, where no process has the workbook open
  (LibreOffice keeps it open; seen in /proc, for another user's processes that takes root);
- else, also where /proc cannot tell: when it names this host or none, is older than 12 hours and can be opened
  for writing, which Windows refuses while the program that made it still holds it.

A lock of another host counts as long as it lies there.
"""

from __future__ import annotations

import getpass
import os
import socket
from pathlib import Path
from typing import Final

STALE_SECONDS: Final = 12 * 3600.0
_LARGEST: Final = 4096
"""Bytes of a lock file that are looked at."""


def opened_by(path: Path, now: float) -> str:
    """Name of the lock file that says the workbook is open in Excel, WPS or LibreOffice; "" when none says so.

    `now` is the time of a file just written into the same folder, in seconds, so that the clock is that of the
    lock file too.
    """
    for name in (f"~${path.name}", f".~{path.name}", f".~lock.{path.name}#"):
        lock = path.with_name(name)
        if lock.exists() and not _stale(lock, path, now):
            return name
    return ""


def _stale(lock: Path, path: Path, now: float) -> bool:
    user, host = _owner(lock)
    here = host.casefold() in _names_of_this_host()
    if host and not here:
        return False
    if host and _sees_all_of(user):
        return not _held(path, lock)
    return _old(lock, now) and not _held(path, lock)


def _owner(lock: Path) -> tuple[str, str]:
    """User and host in LibreOffice's file: name, user, host, time, profile; commas and semicolons are escaped."""
    if not lock.name.startswith(".~lock."):
        return "", ""  # Excel's and WPS's hold a name to show, and no host
    try:
        with lock.open("rb") as file:
            fields = file.read(_LARGEST).decode("utf-8", "replace").split(",")
    except OSError:
        return "", ""
    return (fields[1].strip(), fields[2].strip()) if len(fields) >= 5 else ("", "")


def _names_of_this_host() -> set[str]:
    name = socket.gethostname().casefold()
    return {name, name.partition(".")[0]}


def _sees_all_of(user: str) -> bool:
    """True when /proc shows us the files of all processes of that user."""
    if not Path("/proc/self/fd").is_dir():
        return False
    try:
        return os.geteuid() == 0 or user == getpass.getuser()
    except (OSError, KeyError):  # no such user in the system's list
        return False


def _held(path: Path, lock: Path) -> bool:
    """True when a process that we can look into has the workbook or its lock open."""
    wanted = {os.path.realpath(path), os.path.realpath(lock)}
    for process in Path("/proc").glob("[0-9]*"):
        try:
            if any(os.path.realpath(handle) in wanted for handle in (process / "fd").iterdir()):
                return True
        except OSError:  # ended meanwhile, or another user's
            continue
    return False


def _old(lock: Path, now: float) -> bool:
    try:
        if now - lock.stat().st_mtime < STALE_SECONDS:
            return False
        with lock.open("r+b"):
            return True
    except FileNotFoundError:
        return True
    except OSError:
        return False
