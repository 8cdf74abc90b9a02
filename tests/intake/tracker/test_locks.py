"""A lock file that a crash left behind does not turn the tracker away for ever; a living one always does."""

from __future__ import annotations

import getpass
import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from intake.tracker.locks import STALE_SECONDS, opened_by

LIBREOFFICE = ".~lock.台账.xlsx#"
linux = pytest.mark.skipif(not Path("/proc/self/fd").is_dir(), reason="needs /proc")


@pytest.fixture
def path(tmp_path: Path) -> Path:
    made = tmp_path / "台账.xlsx"
    made.touch()
    return made


def lay(path: Path, name: str, *, host: str = "", hours: float = 0.0) -> float:
    """Lay a lock file that is so old; returns the time now."""
    lock = path.with_name(name)
    lock.write_text(f",{getpass.getuser()},{host},12.10.2022 09:12,file:///profile;" if host else "", encoding="utf-8")
    now = lock.stat().st_mtime
    os.utime(lock, (now - hours * 3600, now - hours * 3600))
    return now


@linux
def test_libreoffices_lock_of_this_host_is_stale_when_nobody_has_the_file_open(path: Path) -> None:
    now = lay(path, LIBREOFFICE, host=socket.gethostname())
    assert opened_by(path, now) == ""


@linux
def test_a_process_that_has_the_file_open_keeps_the_lock_alive(path: Path) -> None:
    now = lay(path, LIBREOFFICE, host=socket.gethostname(), hours=100)
    script = "import sys; f = open(sys.argv[1], 'rb'); print('open', flush=True); sys.stdin.read()"
    command = [sys.executable, "-c", script, str(path)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        process.stdout.readline()
        assert opened_by(path, now) == LIBREOFFICE
        process.communicate()
    assert opened_by(path, now) == ""


def test_a_lock_of_another_host_counts_however_old(path: Path) -> None:
    now = lay(path, LIBREOFFICE, host="elsewhere.example", hours=1000)
    assert opened_by(path, now) == LIBREOFFICE


@pytest.mark.parametrize("name", ["~$台账.xlsx", ".~台账.xlsx", LIBREOFFICE])
def test_a_lock_without_host_counts_for_twelve_hours(path: Path, name: str) -> None:
    now = lay(path, name, hours=STALE_SECONDS / 3600 - 0.1)
    assert opened_by(path, now) == name
    now = lay(path, name, hours=STALE_SECONDS / 3600 + 0.1)
    assert opened_by(path, now) == ""
