"""Mutated mails and files, hour after hour: `python -m benchmarks.fuzz mail|docx|pdf|… [--seconds 3600] [--seed 1]`.

`mail` drives the whole line (parse, read, take, judge, compose) on a data folder of its own, a kind of file its reader;
both in the sandbox's children, as the service does. What is odd in a new way becomes a seed of further mutations. The
same seed gives the same inputs as long as the answers are the same.

It must hold: the answer is a declared value that goes through JSON and comes back equal, within the limits of time and
memory, and no mistake of ours is recorded. What breaks this is written to `--keep`, and the exit status is 1.
"""

from __future__ import annotations

import argparse
import hashlib
import random
import re
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Hashable
from contextlib import ExitStack
from datetime import timedelta
from pathlib import Path
from typing import Protocol

import msgspec

from benchmarks.campaign import AS_OF, Campaign, Truth
from benchmarks.hostile import CORPUS
from benchmarks.mutations import mutated_file, mutated_mail
from benchmarks.ready import write_folder
from intake.child import Measured, Read
from intake.children import Child, Died, Limits
from intake.config import load_config
from intake.demo.units import units
from intake.mail.keep import keep_stream
from intake.mail.message import Message, Understood
from intake.office import Office, opened
from intake.process import process
from intake.readers import PLACES, ROOM
from intake.sandbox import Job, Sandbox
from rules.facts import Facts, Unreadable
from storage import board, inbox

SLOWEST = 10.0
"""Seconds for one mail or file; those that are bombs by intent are made elsewhere."""
POOL = 3000
"""Seeds that are kept."""
AT_ONCE = 20
"""Mails that are delivered together; what breaks is sought among them."""
FRESH = 400
"""Mails of one data folder."""


class Target(Protocol):
    """Something that is fed."""

    seeds: list[bytes]
    at_once: int

    def mutate(self, data: bytes, dice: random.Random) -> bytes:
        """Another input made from one."""
        ...

    def feed(self, inputs: list[bytes]) -> list[tuple[Hashable, str]]:
        """For each input what the answer looks like, and what is wrong with it, "" when nothing is."""
        ...

    def close(self) -> None:
        """Let go of everything."""
        ...


class FileTarget:
    """One reader. The child that runs it is replaced when it dies."""

    at_once = 1

    def __init__(self, kind: str, folder: Path) -> None:
        from tests.intake.readers.test_reading import SEEDS

        self.name, self.folder = f"a.{kind}", folder
        self.seeds = [SEEDS[kind]]
        self.mutate: Callable[[bytes, random.Random], bytes] = mutated_file
        self._child: Child | None = None
        self._limits = Limits(wall=SLOWEST, cpu=int(SLOWEST))
        (folder / "home").mkdir()

    def feed(self, inputs: list[bytes]) -> list[tuple[Hashable, str]]:
        return [self._one(data) for data in inputs]

    def _one(self, data: bytes) -> tuple[Hashable, str]:
        path = self.folder / "x"
        path.write_bytes(data)
        child = self._child = self._child or Child(self._limits, self.folder / "home")
        try:
            answer = child.ask(Read(str(path), self.name, str(self.folder), ROOM, PLACES), SLOWEST)
        except Died as died:
            self.close()
            # running out of memory is a declared end, told as `too-large`
            return ("died", died.reason), "" if died.reason == "too-large" else f"{died.reason}: {died.detail}"
        finally:
            for made in self.folder.glob("x.*"):
                made.unlink()
        if child.jobs >= self._limits.jobs:
            self.close()
        if not isinstance(answer, Measured):
            return "failed", str(answer)
        facts = answer.reading.facts
        return (answer.kind, _looks(facts), len(answer.reading.members)), _round_trip(facts, Facts)

    def close(self) -> None:
        if self._child is not None:
            self._child.close()
            self._child = None


class MailTarget:
    """The whole line, from raw bytes to verdict and letter."""

    at_once = AT_ONCE

    def __init__(self, folder: Path) -> None:
        self.folder, self.fed = folder, 0
        self.seeds = [path.read_bytes() for path in sorted(CORPUS.glob("*.eml"))]
        self.mutate: Callable[[bytes, random.Random], bytes] = mutated_mail
        self.roster = units(12)
        # the corpus writes from elsewhere; here it comes from registered units, so that it is judged and answered
        froms = [unit.addresses[0].encode() for unit in self.roster]
        for number, raw in enumerate(list(self.seeds)):
            address = re.search(rb"(?m)^From:[^\r\n]*?([\w.+-]+@[\w.-]+)", raw)
            if address:
                self.seeds.append(raw.replace(address[1], froms[number % len(froms)]))
        self._sandbox = Sandbox(1, folder / "spool", Limits(wall=SLOWEST, cpu=int(SLOWEST)))
        self._stack = ExitStack()
        self._office: Office | None = None

    def feed(self, inputs: list[bytes]) -> list[tuple[Hashable, str]]:
        office = self._opened()
        keys = [self._keep(office, raw) for raw in inputs]
        found = {}
        with office.database.reading() as session:
            jobs = [Job(key, office.blobs.path(key), self.folder / "looked" / key) for key in dict.fromkeys(keys)]
        for job, understood in self._sandbox.understand_many(jobs):
            found[job.key] = _looks(understood), _round_trip(understood, type(understood))
        began = time.monotonic()
        process(office, self._sandbox, AS_OF)
        slow = time.monotonic() - began > SLOWEST
        answers: list[tuple[Hashable, str]] = []
        with office.database.reading() as session:
            (campaign,) = office.campaigns.values()
            errors = [row.error for row in board.boards(session, campaign.notice.id).values() if row.error]
            for key in keys:
                row = inbox.find_mail(session, key)
                looks, wrong = found[key]
                if row is None or row.state == "received" or not row.reason:
                    wrong = wrong or "the mail has no end"
                elif "程序" in row.reason or "解析" in row.reason:
                    wrong = wrong or row.reason
                answers.append(
                    ((looks, row and row.state, row and row.klass), wrong or "; ".join(errors) or "slow" * slow)
                )
        return answers

    def _opened(self) -> Office:
        self.fed += self.at_once
        if self._office is None or self.fed > FRESH:
            self._stack.close()
            self.fed = self.at_once
            folder = Path(tempfile.mkdtemp(dir=self.folder))
            made = Campaign(units=self.roster, mails=(), truth=Truth(units={}, mails={}))
            config = write_folder(folder, made, imap_port=9, smtp_port=9)
            self._office = self._stack.enter_context(opened(load_config(config), AS_OF))
        return self._office

    def _keep(self, office: Office, raw: bytes) -> str:
        digest, size = keep_stream([raw], office.store)
        with office.database.writing() as session:
            if inbox.find_mail(session, digest) is None:
                at = AS_OF - timedelta(days=2)
                inbox.own(session, sha256=digest, size=size, received_at=at, kept_at=AS_OF)
        return digest

    def close(self) -> None:
        self._sandbox.close()
        self._stack.close()


def _looks(value: Understood | Facts) -> Hashable:
    """What an answer looks like, coarsely: two answers that look the same came, by and large, the same way."""
    if isinstance(value, Message):
        files = tuple(
            sorted({(file.kind, file.damaged, file.inline, _looks(file.facts)) for file in value.attachments}, key=str)
        )
        sizes = tuple(len(words).bit_length() for words in (value.text, value.quoted, value.signature))
        return (
            value.defects,
            value.from_doubtful,
            len(value.from_),
            len(value.links),
            files,
            sizes,
            value.content_types,
        )
    if isinstance(value, Unreadable):
        return (value.reason, re.sub(r"[\d'\"].*", "", value.detail)[:60], value.format)
    return (type(value).__name__, len(msgspec.json.encode(value)).bit_length(), getattr(value, "truncated", None))


def _round_trip(value: object, kind: object) -> str:
    again = msgspec.json.decode(msgspec.json.encode(value), type=kind)
    return "" if again == value else "comes back from JSON as something else"


def target_of(name: str, folder: Path) -> Target:
    """`mail`, or the kind of a file that has a sample."""
    return MailTarget(folder) if name == "mail" else FileTarget(name, folder)


def fuzz(
    target: Target, *, seed: int = 1, seconds: float = 3600.0, most: int = 1 << 60, keep: Path
) -> tuple[int, list[str]]:
    """Feed a target until the time or the number of inputs is used up: how many, and what was found, one line each."""
    pool, seen, found = list(target.seeds), set[Hashable](), Counter[str]()
    began, number = time.monotonic(), 0
    while time.monotonic() - began < seconds and number < most:
        inputs = []
        for _ in range(target.at_once):
            dice = random.Random(f"fuzz/{seed}/{number}")
            inputs.append(target.mutate(dice.choice(pool if dice.random() < 0.7 else target.seeds), dice))
            number += 1
        for data, (looks, wrong) in zip(inputs, target.feed(inputs), strict=True):
            if wrong:
                kind = re.sub(r"[0-9a-f]{6,}|\d+", "#", wrong)[:200]
                found[kind] += 1
                if found[kind] == 1:
                    keep.mkdir(parents=True, exist_ok=True)
                    path = keep / hashlib.sha256(data).hexdigest()[:16]
                    path.write_bytes(data)
                    print(f"{path}: {wrong[-1500:]}", file=sys.stderr)
            elif looks not in seen:
                seen.add(looks)
                pool.append(data)
                if len(pool) > POOL:
                    pool.pop(len(target.seeds))
    return number, [f"{count} × {kind}" for kind, count in found.most_common()]


def main() -> int:
    """Feed one target; 1 when something was found."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("target", help="mail, or a kind of file: docx, xlsx, pdf, jpg …")
    parser.add_argument("--seconds", type=float, default=3600)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--keep", type=Path, default=Path(".fuzz"), help="folder for what was found")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="shouqi-fuzz-") as folder:
        target = target_of(options.target, Path(folder))
        try:
            fed, found = fuzz(target, seed=options.seed, seconds=options.seconds, keep=options.keep / options.target)
        finally:
            target.close()
    print(f"{options.target}: {fed} inputs in {options.seconds:.0f} s, {len(found)} kinds of faults")
    print(*found, sep="\n")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
