"""One child process as its parent sees it: started, asked, ended, and why it died.

The child lives in `intake.child`; who gets which mail is decided in `intake.sandbox`.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
import threading
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from intake import child as protocol
from intake.child import Answer, Request
from intake.readers import Reason
from storage.errors import Temporary

LARGEST_ANSWER = 48 << 20
"""Bytes of one answer; the facts of a mail are kept far below (`intake.understand.WEIGHT`)."""
START_SECONDS = 60.0
_KEPT = ("PATH", "SYSTEMROOT", "WINDIR", "LANG", "LC_ALL", "LC_CTYPE", "LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH")


@dataclass(frozen=True, slots=True)
class Limits:
    """What one mail may cost. Memory and processor time are limited where the system can (not on Windows)."""

    wall: float = 17.0
    """Seconds by the clock for one request; then the child is killed."""
    cpu: int = 12
    """Seconds of processor time for one request."""
    memory: int = 1 << 30
    """Bytes of address space of one child."""
    jobs: int = 500
    """Requests after which a child is replaced, so that leaks of libraries do not add up."""
    careful: float = 10.0
    """Seconds for one mail that is tried step by step, after the first try; what is left then counts as timed out.

    With the first try and the start of new children, a mail ends within half a minute.
    """
    step: float = 4.0
    """Seconds for one of those steps, so that one file leaves time for the others."""


class Died(Exception):
    """The child ended, or was ended, before it answered."""

    def __init__(self, reason: Reason, detail: str) -> None:
        super().__init__(reason, detail)
        self.reason: Reason = reason
        self.detail = detail


class Child:
    """One child process; used by one thread at a time, killed from any."""

    def __init__(self, limits: Limits, home: Path) -> None:
        self._limits = limits
        self._said = tempfile.TemporaryFile(dir=home)  # noqa: SIM115 - closed with the child
        command = [sys.executable, "-P", "-m", "intake.child", str(limits.memory), str(limits.cpu)]
        self._process = subprocess.Popen(
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._said,
            cwd=home,
            env=_environment(home),
        )
        self.jobs = 0
        self._lock = threading.Lock()
        self._asking = self._overran = False
        try:
            self._converse(None, START_SECONDS)
        except Died as died:
            self.close()
            raise Temporary(f"解析进程无法启动，请检查安装是否完整：{died.detail}") from died

    @property
    def pid(self) -> int:
        """Process id."""
        return self._process.pid

    @property
    def alive(self) -> bool:
        """False once the process has ended."""
        return self._process.poll() is None

    def ask(self, request: Request, wall: float) -> Answer:
        """The answer to one request; `Died` when there is none within `wall` seconds."""
        self.jobs += 1
        return self._converse(request, wall)

    def kill(self) -> None:
        """End the process now; a waiting `ask` raises `Died`."""
        self._process.kill()

    def close(self) -> None:
        """End the process and let go of its pipes; call it from the thread that asks, or when none does."""
        self.kill()
        self._process.wait()
        for stream in (self._process.stdin, self._process.stdout):
            if stream is not None:
                try:
                    stream.close()
                except BrokenPipeError:
                    continue  # a request that it did not read any more
        self._said.close()

    def _converse(self, request: Request | None, wall: float) -> Answer:
        stdin, stdout = self._process.stdin, self._process.stdout
        assert stdin is not None and stdout is not None  # noqa: S101 - both are pipes, for mypy
        watch = threading.Timer(wall, self._overrun)
        watch.daemon = self._asking = True
        watch.start()
        try:
            if request is not None:
                stdin.write(protocol.encode(request))
                stdin.flush()
            answer: Answer = protocol.decode(protocol.receive(stdout, LARGEST_ANSWER), Answer)
        except (EOFError, OSError, ValueError) as error:  # msgspec's errors are ValueErrors
            raise self._died(error) from error
        finally:
            watch.cancel()
            with self._lock:
                self._asking = False
        return answer

    def _overrun(self) -> None:
        with self._lock:  # not between two requests, when the answer came in the last moment
            if self._asking:
                self._overran = True
                self.kill()

    def _died(self, error: Exception) -> Died:
        try:
            code = self._process.wait(timeout=1)
        except subprocess.TimeoutExpired:  # it lives, but talks nonsense
            self.kill()
            code = self._process.wait()
        detail = f"exit {code}, {type(error).__name__} {_last_words(self._said)}".strip()
        if self._overran or code == -getattr(signal, "SIGXCPU", 0):
            return Died("timeout", detail)
        if code in (-getattr(signal, "SIGABRT", 0), -getattr(signal, "SIGKILL", 0)) and code:
            return Died("too-large", detail)  # allocators abort, the kernel kills
        return Died("damaged", detail)


def _environment(home: Path) -> dict[str, str]:
    """Nothing but what Python needs: no passwords of ours are in reach of a child.

    `-P` and the explicit path keep files of the spool folder from being imported as modules.
    """
    kept = {name: os.environ[name] for name in _KEPT if name in os.environ}
    return kept | {
        "PYTHONPATH": str(Path(__file__).resolve().parents[1]),
        "PYTHONUTF8": "1",
        "TMPDIR": str(home),
        "TEMP": str(home),
        "TMP": str(home),
        "RUST_BACKTRACE": "0",
    }


def _last_words(stream: IO[bytes]) -> str:
    size = stream.seek(0, os.SEEK_END)
    stream.seek(max(0, size - 300))
    return " ".join(stream.read().decode("utf-8", "replace").split())
