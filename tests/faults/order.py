"""Reads a trace of system calls back: was everything made durable before the step that relies on it?

What a power cut may take away is what no fsync has confirmed. So a blob is durable when its bytes were synced before
it was renamed into place, and its folder, and that folder's own entry, after it. A transaction is committed when the
write-ahead log is synced; by then all blobs that it names must be durable and its line must stand in the journal,
synced where the line tells of letters, decisions or facts. And the server may hear of a letter only after the commit
that marks it as being sent.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from storage.journal import SYNCED

TRACED = ("fsync", "fdatasync", "pwrite64", "write", "rename", "mkdir", "sendto")
_CALL = re.compile(r"(?P<name>\w+)\((?:\d+<(?P<file>[^>]*)>)?(?P<rest>.*)\) += (?P<result>-?\d+)")
_BROKEN_OFF = "<unfinished ...>"
_RESUMED = re.compile(r"^<\.\.\. \w+ resumed>")
_PATHS = re.compile(r'"([^"]*)"')
_DIGEST = re.compile(r"[0-9a-f]{64}")
_LETTER = re.compile(r'\[\\"letter\\",\[(\d+)\],\{\\"state\\":\\"sending\\"')


@dataclass
class Order:
    """What is durable at this point of the trace."""

    synced: set[str] = field(default_factory=set)
    """Files whose bytes are."""
    unsure: dict[str, set[str]] = field(default_factory=dict)
    """Names that were made in a folder since it was synced."""
    blobs: set[str] = field(default_factory=set)
    """Digests that were put in place."""
    line: str = ""
    """The newest line of the journal, "" once it is committed."""
    line_synced: bool = True
    begun: bool = False
    """Pages were written since the last commit."""
    told: bool = True
    """The letter that is under way was handed over."""

    def step(self, name: str, file: str, rest: str) -> Iterator[str]:
        """Take in one call; yields what was done too early."""
        if name in ("fsync", "fdatasync"):
            yield from self._sync(file)
        elif name == "mkdir":
            self._made(_PATHS.findall(rest)[0])
        elif name == "rename":
            source, goal = _PATHS.findall(rest)
            if "/blobs/" in goal:
                self.blobs.add(goal.rpartition("/")[2])
                if source not in self.synced:
                    yield f"{goal} was put in place before its bytes were synced"
            self._made(goal)
        elif name in ("write", "pwrite64"):
            self.synced.discard(file)
            yield from self._write(file, rest)
        elif name == "sendto" and '"mail FROM' in rest:
            if self.told or self.begun:
                yield "MAIL FROM before the commit that marks the letter"
            self.told = True
        elif name == "sendto" and " STORE " in rest:
            yield "the mailbox was changed"

    def _made(self, path: str) -> None:
        folder, _, name = path.rpartition("/")
        self.unsure.setdefault(folder, set()).add(name)

    def _sync(self, file: str) -> Iterator[str]:
        self.synced.add(file)
        self.unsure.pop(file, None)
        if file.endswith("journal.jsonl"):
            self.line_synced = True
        if file.endswith(".db-wal") and self.begun:
            named = self.blobs & set(_DIGEST.findall(self.line))
            yield from (f"committed before the blob {digest} was durable" for digest in named if self._doubtful(digest))
            if not self.line_synced:
                yield f"committed before the journal was synced: {self.line[:80]}"
            if _LETTER.search(self.line):
                self.told = False
            self.begun, self.line = False, ""

    def _doubtful(self, digest: str) -> bool:
        """True when the blob's name, or that of its folder, could still be lost."""
        return any(
            name == digest or (name == digest[:2] and folder.endswith("/blobs")) or name == "blobs"
            for folder, names in self.unsure.items()
            for name in names
        )

    def _write(self, file: str, rest: str) -> Iterator[str]:
        if file.endswith(".db-wal"):
            self.begun = True
        elif file.endswith("/journal.jsonl"):
            if self.begun:
                yield f"pages were written before the journal: {rest[:80]}"
            self.line = rest
            self.line_synced = not any(f'[\\"{table}\\",' in rest for table in SYNCED)


def calls(lines: Iterable[str]) -> Iterator[str]:
    """The calls of all threads, each where it ended: the system may have carried it out as late as that."""
    begun: dict[str, str] = {}
    for line in lines:
        thread, _, said = line.partition(" ")
        said = said.lstrip()
        if said.endswith(_BROKEN_OFF):
            begun[thread] = said.removesuffix(_BROKEN_OFF).rstrip()
        else:
            resumed = _RESUMED.match(said)
            yield begun.pop(thread, "") + said[resumed.end() :] if resumed else said


def violations(lines: Sequence[str]) -> list[str]:
    """What was done before that on which it relies was durable. `lines`: the `calls` of a trace with whole strings."""
    order, found = Order(), list[str]()
    for number, line in enumerate(lines, start=1):
        call = _CALL.match(line)
        if call is not None and int(call["result"]) >= 0:
            found += [f"{number}: {one}" for one in order.step(call["name"], call["file"] or "", call["rest"])]
    return found
