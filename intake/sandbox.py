"""The parent's side: long-lived child processes that understand mails, under limits of time and memory.

A mail that kills its child is tried once more, alone and step by step, so that one poisonous attachment
becomes `Unreadable` and the rest of the mail goes on. The parent itself interprets no foreign bytes.
"""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor, wait
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Self

from intake import child as protocol
from intake.child import Answer, Failed, Measured, Parse, Parts, Read, Request, Scale, Scaled, Understanding, Whole
from intake.children import Child, Died, Limits
from intake.detect import suffix_of
from intake.keys import KeyRing
from intake.mail.message import Understood, Unparsed
from intake.proving import question, with_answer
from intake.readers import Reading, Reason
from intake.understand import understand
from rules.facts import Unreadable
from storage.errors import Temporary

if TYPE_CHECKING:
    from intake.mail.parse import Parsed

__all__ = ["Abandoned", "Job", "Limits", "Sandbox"]

_WHY: dict[Reason, str] = {
    "timeout": "解析超过时间限制",
    "too-large": "解析超过内存限制",
    "damaged": "解析进程异常退出",
}


@dataclass(frozen=True, slots=True)
class Job:
    """One mail to understand."""

    key: str
    raw: Path
    spool: Path
    """A folder of this job's own for decoded files; made when missing. Paths in the answer are relative to it."""
    at: datetime | None = None
    """When the mail came, aware; without it, and without keys, its signatures are not checked."""


class Abandoned(Exception):
    """Nobody waits for the answer any more."""


class Sandbox:
    """A few children that work ahead of whoever takes their answers. Use as a context manager.

    `spool`: for the children's own files; they start when first needed. `keys`: where keys of signatures are found.
    """

    def __init__(self, workers: int, spool: Path, limits: Limits, keys: KeyRing | None = None) -> None:
        self._workers, self._keys = max(1, workers), keys
        self._home = spool.absolute()
        self._limits = limits
        self._lock = threading.Lock()
        self._idle: list[Child] = []
        self._busy: set[Child] = set()
        self._closing = False
        self._pool: ThreadPoolExecutor | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """End all children, at once; unfinished mails are simply not answered."""
        with self._lock:
            self._closing = True
            for child in self._busy:
                child.kill()
        if self._pool is not None:
            self._pool.shutdown(wait=True, cancel_futures=True)
        self.rest()

    def rest(self) -> None:
        """End the children that have nothing to do, each some 40 MB; others start when there is work."""
        while self._idle:
            self._idle.pop().close()

    @property
    def pids(self) -> tuple[int, ...]:
        """Process ids of the children that live now."""
        with self._lock:
            return tuple(child.pid for child in (*self._idle, *self._busy))

    def understand_many(self, jobs: Iterable[Job]) -> Iterator[tuple[Job, Understood]]:
        """Understand mails in the order given, one after the other; see `understand_ready`."""
        yield from (one for ready in self.understand_ready(jobs) for one in ready)

    def understand_ready(self, jobs: Iterable[Job]) -> Iterator[list[tuple[Job, Understood]]]:
        """Understand mails in the order given, up to four per worker ahead of the taker, who gets all that are ready.

        Raises `Temporary` when the disk is full. When the taker stops early, what is under way is ended.
        """
        if self._pool is None:
            self._pool = ThreadPoolExecutor(self._workers, thread_name_prefix="sandbox")
        ahead: deque[tuple[Job, Future[Understood]]] = deque()
        abandoned = threading.Event()
        try:
            for job in jobs:
                ahead.append((job, self._pool.submit(self._understand, job, abandoned)))
                if len(ahead) >= 4 * self._workers:
                    yield _ready(ahead)
            while ahead:
                yield _ready(ahead)
        finally:
            self._abandon([future for _, future in ahead], abandoned)

    def scale(self, picture: Path, goal: Path, side: int) -> bool:
        """Write a picture as a small JPEG to `goal`; False when it cannot be shown. Raises `Temporary` as above."""
        try:
            answer = self._ask(Scale(str(picture), str(goal), side), self._limits.wall, threading.Event())
        except Died:
            return False
        return isinstance(answer, Scaled)

    def _abandon(self, futures: list[Future[Understood]], abandoned: threading.Event) -> None:
        running = [future for future in futures if not future.cancel()]
        if running:
            with self._lock:
                abandoned.set()
                for child in self._busy:
                    child.kill()
            wait(running)

    def _understand(self, job: Job, abandoned: threading.Event) -> Understood:
        began = time.monotonic()
        understood = self._parsed(job, abandoned)
        late = time.monotonic() - began > self._limits.wall  # the half minute of a mail is used up
        asked = question(understood, job.raw.absolute(), job.at, self._keys, late=late)
        if asked is None:
            return understood
        try:
            answer = self._ask(asked, self._limits.step, abandoned) if asked.keys else None
        except Died:
            answer = None
        return with_answer(understood, asked, answer)

    def _parsed(self, job: Job, abandoned: threading.Event) -> Understood:
        job.spool.mkdir(parents=True, exist_ok=True)
        raw, spool = job.raw.absolute(), job.spool.absolute()
        try:
            answer = self._ask(Whole(str(raw), str(spool)), self._limits.wall, abandoned)
        except Died:
            return self._carefully(raw, spool, abandoned)
        if isinstance(answer, Understanding):
            understood = answer.message or answer.unparsed
            if understood is not None:
                return understood
        return self._carefully(raw, spool, abandoned)

    def _carefully(self, raw: Path, spool: Path, abandoned: threading.Event) -> Understood:
        """Once more, each step as a request of its own, in a folder of its own."""
        until = time.monotonic() + self._limits.careful
        again = spool / "again"
        again.mkdir(exist_ok=True)

        def ask(request: Request) -> Answer:
            wall = min(self._limits.wall, self._limits.step, until - time.monotonic())
            if wall <= 0:
                raise Died("timeout", "the time for this mail is used up")
            return self._ask(request, wall, abandoned)

        def parse(raw: Path, folder: Path) -> Parsed | Unparsed:
            try:
                answer = ask(Parse(str(raw), str(folder)))
            except Died as died:
                return Unparsed(reason=f"{_WHY[died.reason]}（{died.detail}）")
            if isinstance(answer, Parts):
                return protocol.decode_parsed(answer)
            return Unparsed(reason=f"程序出错：{answer.detail if isinstance(answer, Failed) else answer}")

        def read(path: Path, name: str, folder: Path, room: int, places: int) -> tuple[str, Reading]:
            try:
                answer = ask(Read(str(path), name, str(folder), room, places))
            except Died as died:
                facts = Unreadable(reason=died.reason, detail=died.detail, format=suffix_of(name))
                return "", Reading(facts=facts)
            if isinstance(answer, Measured):
                return answer.kind, answer.reading
            return "", Reading(facts=Unreadable(reason="damaged", detail=str(answer)[:500], format=suffix_of(name)))

        return understand(raw, again, root=spool, parse=parse, read=read)

    def _ask(self, request: Request, wall: float, abandoned: threading.Event) -> Answer:
        """One request to a child that is free or new; a child that died is not used again."""
        child = self._borrow(abandoned)
        healthy = False
        try:
            answer = child.ask(request, wall)
            healthy = child.jobs < self._limits.jobs
        except Died as died:
            if self._closing or abandoned.is_set():
                raise Abandoned from died
            raise
        finally:
            self._give_back(child, healthy)
        if isinstance(answer, Failed) and answer.disk:
            raise Temporary("磁盘已满或只读，邮件原件已保存，稍后会自动继续处理。请清理磁盘。")
        return answer

    def _borrow(self, abandoned: threading.Event) -> Child:
        with self._lock:
            child = self._idle.pop() if self._idle else None
        if child is not None and not child.alive:
            child.close()
            child = None
        if child is None:
            self._home.mkdir(parents=True, exist_ok=True)
            child = Child(self._limits, self._home)
        with self._lock:
            stopped = self._closing or abandoned.is_set()
            if not stopped:
                self._busy.add(child)
        if stopped:
            child.close()
            raise Abandoned
        return child

    def _give_back(self, child: Child, healthy: bool) -> None:
        with self._lock:
            self._busy.discard(child)
            if healthy and not self._closing:
                self._idle.append(child)
                return
        child.close()


def _ready(ahead: deque[tuple[Job, Future[Understood]]]) -> list[tuple[Job, Understood]]:
    """The first one, waited for, and those behind it that are understood by then."""
    ready = [ahead.popleft()]
    while ahead and ahead[0][1].done() and ahead[0][1].exception() is None:
        ready.append(ahead.popleft())
    return [(job, future.result()) for job, future in ready]
