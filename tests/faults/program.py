"""The program as processes that a test can trace, hinder and kill at a chosen system call, by strace."""

from __future__ import annotations

import functools
import json
import os
import re
import shutil
import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from types import TracebackType
from typing import NamedTuple, Self

ROOT = Path(__file__).resolve().parents[2]
CALLS = (
    "fsync", "fdatasync", "pwrite64", "write", "rename", "unlink", "rmdir", "mkdir", "ftruncate", "openat", "sendto",
)  # fmt: skip
"""System calls that write, rename or send. `openat` counts where it opens for writing."""
SECONDS = 240.0
"""Patience for a run that goes through; the machine may have other work."""
_CALL = re.compile(r"(?:\d+ +)?(?P<name>\w+)\((?P<rest>.*)")


STRACE = shutil.which("strace") or ""


@functools.cache
def why_not() -> str:
    """Why nothing can be traced here, "" when it can."""
    if not STRACE:
        return "strace is not installed (Debian package strace)"
    tried = subprocess.run([STRACE, "-o", os.devnull, "true"], capture_output=True, text=True, check=False)
    return "" if tried.returncode == 0 else f"strace may not trace here: {tried.stderr.strip()[:80]}"


class Point(NamedTuple):
    """Entry to the k-th call of a kind, counted in the main thread of a run."""

    call: str
    k: int


class Ran(NamedTuple):
    """How a run ended."""

    status: int
    """Exit status, negative: the signal that ended it."""
    said: str
    """Both streams."""


class Program:
    """The program, loaded and ready to be forked. Runs one at a time; use as a context manager."""

    def __init__(self, config: Path, out: Path) -> None:
        self._config, self._out = config, out
        self._pid = 0

    def __enter__(self) -> Self:
        self._warm = subprocess.Popen(
            [sys.executable, "-m", "tests.faults.warm"],
            cwd=ROOT, text=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
        )  # fmt: skip
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        if kind is not None and self._pid:
            self.kill()
        assert self._warm.stdin and self._warm.stdout
        self._warm.stdin.close()
        self._warm.wait(30)
        self._warm.stdout.close()

    def run(self, *arguments: str, strace: Sequence[str] = ()) -> Ran:
        """A run from beginning to end, under strace where options for it are given."""
        self.start(*arguments, held=bool(strace))
        if not strace:
            return self.wait()
        tracer = subprocess.Popen(
            [STRACE, *strace, "-p", str(self._pid)], stderr=subprocess.PIPE, stdout=subprocess.DEVNULL, text=True
        )
        assert tracer.stderr is not None
        with tracer.stderr:
            attached = tracer.stderr.readline()
            os.kill(self._pid, signal.SIGCONT)
            assert "attached" in attached, attached
            ran = self.wait()
            tracer.stderr.read()
        tracer.wait()
        return ran

    def start(self, *arguments: str, held: bool = False) -> None:
        """Begin a run."""
        wanted = {
            "arguments": [*arguments, "--config", str(self._config)], "folder": str(self._config.parent),
            "out": str(self._out), "held": held,
        }  # fmt: skip
        assert self._warm.stdin
        self._warm.stdin.write(json.dumps(wanted) + "\n")
        self._warm.stdin.flush()
        self._pid = self._answer()

    def kill(self) -> None:
        """End the run at once, as a power cut would; those that it started must find out themselves."""
        try:
            os.kill(self._pid, signal.SIGKILL)
        except ProcessLookupError:
            return  # it was through just before

    def kill_child(self) -> None:
        """End one of the processes that the run has started, if there is one."""
        for children in Path(f"/proc/{self._pid}/task").glob("*/children"):
            for child in children.read_text("ascii").split()[:1]:
                os.kill(int(child), signal.SIGKILL)
                return

    def wait(self) -> Ran:
        """Wait for the end of the run that was begun."""
        status = self._answer()
        self._pid = 0
        return Ran(status, self._out.read_text("utf-8", "replace"))

    def _answer(self) -> int:
        assert self._warm.stdout
        return int(self._warm.stdout.readline())

    def killed_at(self, point: Point, *arguments: str) -> Ran:
        """A run that is killed on entry to that call."""
        return self.run(*arguments, strace=_only(point.call, f"inject={point.call}:signal=KILL:when={point.k}"))

    def points(self, log: Path, *arguments: str) -> list[Point]:
        """Every point of a run that is not disturbed, in the order of its calls."""
        ran = self.run(*arguments, strace=("-o", str(log), "-e", f"trace={','.join(CALLS)}"))
        assert ran.status == 0, ran.said
        return list(points_in(log.read_text("utf-8", "replace").splitlines()))


def _only(call: str, what: str) -> tuple[str, ...]:
    return ("-o", os.devnull, "-e", f"trace={call}", "-e", what)


def points_in(lines: Sequence[str]) -> Iterator[Point]:
    """The points of a trace."""
    count: Counter[str] = Counter()
    for line in lines:
        if found := _CALL.match(line):
            name = found["name"]
            count[name] += 1
            if name != "openat" or re.search(r"O_WRONLY|O_RDWR", found["rest"]):
                yield Point(name, count[name])


def told(line: str) -> None:
    """Add a line to the file that `SHOUQI_FAULTS_LOG` names: a long run tells how far it is."""
    if name := os.environ.get("SHOUQI_FAULTS_LOG"):
        with Path(name).open("a", encoding="utf-8") as file:
            file.write(line + "\n")
