"""A command run and watched: seconds, processor time and memory of all its processes."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]
_SAMPLE_SECONDS = 0.05


@dataclass(frozen=True, slots=True, kw_only=True)
class Ran:
    """One command that was run and watched."""

    seconds: float
    cpu: float
    """Processor seconds, user and system, of the process and of all its children that it waited for."""
    peak_mb: float | None
    """Most memory of all processes at one moment: PSS where Linux tells it (shared pages count once), else RSS."""
    processes: int
    """Most processes alive at once."""
    samples: tuple[tuple[float, float], ...]
    """Memory over time: `time.monotonic()` and MB."""
    status: int
    output: str

    def peak_between(self, start: float, end: float) -> float:
        """Most memory between two moments of `time.monotonic()`, MB; 0 when nobody looked then."""
        return max((mb for at, mb in self.samples if start <= at <= end), default=0.0)


def watch(command: Sequence[str], log: Path, *, memory_too: bool = True) -> Ran:
    """Run a command to its end in the folder of `log`, which gets its stdout and stderr.

    `memory_too`: look at the memory 20 times a second, which itself takes processor time on a small machine.
    """
    surroundings = {**os.environ, "PYTHONPATH": str(ROOT)}
    with log.open("wb") as out:
        started, before = time.perf_counter(), _children_cpu()
        process = subprocess.Popen(command, cwd=log.parent, env=surroundings, stdout=out, stderr=subprocess.STDOUT)
        watcher = _Watcher(process.pid)
        if memory_too:
            watcher.start()
        status = process.wait()
        seconds, cpu = time.perf_counter() - started, _children_cpu() - before
        watcher.done.set()
        if memory_too:
            watcher.join()
    return Ran(
        seconds=seconds,
        cpu=cpu,
        peak_mb=max((mb for _, mb in watcher.samples), default=None),
        processes=watcher.processes,
        samples=tuple(watcher.samples),
        status=status,
        output=log.read_text("utf-8", "replace"),
    )


def python(module: str, *arguments: object) -> list[str]:
    """The command that runs a module of ours with this interpreter."""
    return [sys.executable, "-m", module, *map(str, arguments)]


def checked(ran: Ran) -> Ran:
    """The same; raises RuntimeError with the end of its output when it failed."""
    if ran.status:
        raise RuntimeError(f"a measured command ended with status {ran.status}:\n{ran.output[-3000:]}")
    return ran


def _children_cpu() -> float:
    used = os.times()
    return used.children_user + used.children_system


class _Watcher(threading.Thread):
    """Looks at the memory of a process and all below it until told that it is done."""

    def __init__(self, pid: int) -> None:
        super().__init__(name="memory watcher", daemon=True)
        self.pid = pid
        self.samples: list[tuple[float, float]] = []
        self.processes = 0
        self.done = threading.Event()

    def run(self) -> None:
        while not self.done.wait(_SAMPLE_SECONDS):
            sizes = [memory(pid) for pid in tree(self.pid)]
            self.processes = max(self.processes, len(sizes))
            self.samples.append((time.monotonic(), sum(sizes) / 1e6))


def tree(pid: int) -> Iterator[int]:
    """A process and all its descendants, from /proc; the process alone where there is none."""
    yield pid
    for children in Path(f"/proc/{pid}/task").glob("*/children"):
        try:
            listed = children.read_text("ascii").split()
        except OSError:
            continue  # it ended while we looked
        for child in listed:
            yield from tree(int(child))


def memory(pid: int) -> int:
    """Bytes of memory of one process: PSS, else RSS, else 0 (ended, or no Linux)."""
    try:
        for line in Path(f"/proc/{pid}/smaps_rollup").read_text("ascii").splitlines():
            if line.startswith("Pss:"):
                return int(line.split()[1]) * 1024
    except OSError:
        pass  # ended, not ours, or an older kernel: try the next file
    try:
        return int(Path(f"/proc/{pid}/statm").read_text("ascii").split()[1]) * 4096
    except OSError:
        return 0
