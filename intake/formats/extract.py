"""Members of an archive, written out under our own names and within what is left for one mail.

What every kind of archive has in common: names as data, rubbish left out, caps on bytes and members counted
while they are written (declared sizes may lie), and one verdict on an archive of which nothing came out.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path

from intake.detect import is_rubbish
from intake.readers import Given, Member, Reading, Refused
from rules.facts import ArchiveFacts

LISTED = 1000
"""Names that are kept of what was extracted, and of what was left out."""
MAX_ENTRIES = 20_000
"""Entries of one archive that are looked at."""
SLICE = 1 << 18
"""Bytes that are unpacked at once."""
_CONTROLS = re.compile("[\x00-\x1f\x7f\u200e\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")


class Skipped(Exception):
    """This member cannot be taken out: "encrypted", "damaged (…)", "unsupported compression" …"""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class Extraction:
    """The members of one archive while they are written out.

    Nothing is written under a name from the archive, so `..`, absolute names and links lead nowhere.
    """

    def __init__(self, path: Path, given: Given) -> None:
        if not given.places:
            raise Refused("unsupported", "an archive nested too deep, or too many members in this mail")
        self._given, self._stem, self._room = given, path.name, given.room
        self.members: list[Member] = []
        self.skipped: list[str] = []
        self.reasons: list[str] = []

    def wanted(self, name: str) -> str:
        """The name as data, "" for folders and for what archivers and systems add by themselves."""
        clean = clean_name(name)
        return "" if not clean or name.endswith("/") or is_rubbish(clean) else clean

    def take(self, name: str, declared: int, pieces: Iterable[bytes]) -> None:
        """Write one member, of which `declared` bytes are announced (0 when not told); or note why not."""
        target = self._given.spool / f"{self._stem}.{len(self.members) + 1}"
        if len(self.members) >= self._given.places:
            self.skip(name, "too many members")
            return
        if declared > self._room:
            self.skip(name, "too large")
            return
        done = 0
        try:
            with target.open("wb") as out:
                for piece in pieces:
                    done += len(piece)
                    if done > self._room:
                        raise Skipped("too large")
                    out.write(piece)
        except Skipped as skipped:
            target.unlink(missing_ok=True)
            self.skip(name, skipped.reason)
            return
        self._room -= done
        self.members.append(Member(name=name, spool=target))

    def skip(self, name: str, reason: str) -> None:
        """A member that is left out, with its reason."""
        self.reasons.append(reason)
        if len(self.skipped) < LISTED:
            self.skipped.append(f"{name}: {reason}")

    def discard(self) -> None:
        """Take back everything, for another attempt by other means."""
        for member in self.members:
            self._room += member.spool.stat().st_size
            member.spool.unlink(missing_ok=True)
        self.members, self.skipped, self.reasons = [], [], []

    def reading(self) -> Reading:
        """What came of it; raises `Refused` when there were members and none could be extracted."""
        if self.reasons and not self.members:
            _refuse(self.reasons)
        names = tuple(member.name for member in self.members[:LISTED])
        facts = ArchiveFacts(format=self._given.kind, members=names, skipped=tuple(self.skipped))
        return Reading(facts=facts, members=tuple(self.members))


def clean_name(name: str) -> str:
    """A member's name as data: no drive, no root, no `..`, no controls.

    >>> clean_name("C:\\\\报送\\\\照片.jpg".replace("\\\\", "/")), clean_name("../../etc/./passwd")
    ('报送/照片.jpg', 'etc/passwd')
    """
    parts = [part.strip() for part in _CONTROLS.sub("", name).split("/")]
    if parts and re.fullmatch("[A-Za-z]:", parts[0]):
        parts = parts[1:]
    return "/".join(part[:255] for part in parts if part not in ("", ".", ".."))[-1000:].lstrip("/")


def _refuse(reasons: list[str]) -> None:
    """Nothing could be extracted: the archive as a whole is what its members are."""
    if "encrypted" in reasons:
        raise Refused("encrypted", "password protected archive")
    if "too large" in reasons or "too many members" in reasons:
        raise Refused("too-large", "members exceed the limits of one mail")
    if "unsupported compression" in reasons:
        raise Refused("unsupported", "compression method")
    raise Refused("damaged", "; ".join(reasons[:3]))
