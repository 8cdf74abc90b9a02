"""On what kind of machine it was measured, and how fast its disk was just then."""

from __future__ import annotations

import os
import platform
import re
import shutil
import statistics
import subprocess
import time
from pathlib import Path

PROBES = 15
"""Writes whose median is the disk's figure."""


def missing() -> list[str]:
    """What must be installed beside the pip packages, and is not."""
    needed = {"dovecot": "Dovecot (Debian: dovecot-imapd)", "mbsync": "mbsync (Debian: isync)"}
    found = [what for program, what in needed.items() if not _program(program)]
    try:
        import xlsxwriter  # noqa: F401 - only whether it is there
    except ImportError:
        found.append('XlsxWriter: pip install -e ".[dev,bench]"')
    return found


def _program(name: str) -> str | None:
    return shutil.which(name) or shutil.which(name, path="/usr/sbin:/usr/local/sbin")


def kind(folder: Path) -> str:
    """One line: processor, memory, disk, system, versions of what was measured beside us."""
    model = re.search(r"model name\s*:\s*(.+)", _text("/proc/cpuinfo"))
    total = re.search(r"MemTotal:\s*(\d+)", _text("/proc/meminfo"))
    parts = [
        f"{os.cpu_count()} cores {model[1].strip() if model else platform.processor()}",
        f"{int(total[1]) / 1e6:.0f} GB" if total else "",
        f"disk {_file_system(folder)}",
        f"{platform.system()} {platform.release().partition('-')[0]}",
        f"Python {platform.python_version()}",
        f"Dovecot {_version('dovecot')}",
        f"isync {_version('mbsync')}",
    ]
    return ", ".join(filter(None, parts))


def _version(program: str) -> str:
    path = _program(program)
    if path is None:
        return "-"
    said = subprocess.run([path, "--version"], capture_output=True, text=True, check=False).stdout
    found = re.search(r"\d+(\.\d+)+", said)
    return found[0] if found else "?"


def _file_system(folder: Path) -> str:
    """Type of the file system on which `folder` lies."""
    best = ("", "?")
    for line in _text("/proc/mounts").splitlines():
        _, place, type_, *_ = line.split()
        if folder.is_relative_to(place) and len(place) > len(best[0]):
            best = (place, type_)
    return best[1]


def _text(path: str) -> str:
    try:
        return Path(path).read_text("utf-8", "replace")
    except OSError:
        return ""


def disk_probe(folder: Path) -> float:
    """Milliseconds that 1 MB takes to be written and synced there: the median of `PROBES`."""
    content, target = os.urandom(1 << 20), folder / "probe"
    taken = []
    for _ in range(PROBES):
        started = time.perf_counter()
        with target.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        taken.append(time.perf_counter() - started)
        target.unlink()
    return statistics.median(taken) * 1000


def load() -> float:
    """How many processes wanted the processors over the last minute."""
    return os.getloadavg()[0]
