"""One raw mail → one value, with every attachment measured. Runs in a child process of `intake.sandbox`.

The steps that touch foreign bytes, `parse` and `read`, are arguments: where a mail has killed a child,
the parent calls `understand` itself and passes functions that do each step in a child of its own.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from intake import readers
from intake.mail.message import Attachment, Understood, Unparsed
from intake.mail.naming import is_programs_name
from intake.readers import PLACES, ROOM, Member, Reading
from rules.facts import Facts, ImageFacts, Unreadable

if TYPE_CHECKING:
    from intake.mail.level import Leaf
    from intake.mail.parse import Parsed

DECORATION, LOGO_SIDE, LOGO_BYTES = 100, 240, 50 * 1024
"""A picture in the text that no person named is a logo or a line, not material, when a side is shorter than the first
(pixels), or than the second in a file smaller than the third (bytes)."""
ARCHIVES_DEEP = 2
"""An archive within an archive is opened; one within that is not."""
_SLICE = 1 << 20

Parse = Callable[[Path, Path], "Parsed | Unparsed"]
Read = Callable[[Path, str, Path, int, int], tuple[str, Reading]]
"""`(path, name, spool, room, places)` to the kind and what was found."""


def understand(
    raw: Path, spool: Path, *, root: Path | None = None, parse: Parse | None = None, read: Read | None = None
) -> Understood:
    """Parse the mail at `raw` and read all its attachments, those inside archives too.

    Decoded files, members and thumbnails are written into `spool`; the paths in the result are
    relative to `root` (`spool` itself when not given).
    """
    parsed = (parse or _parse)(raw, spool)
    if isinstance(parsed, Unparsed):
        return parsed
    reading = _Reading(spool, root or spool, read or _read)
    attachments = [found for leaf in parsed.leaves for found in reading.leaf(leaf)]
    return msgspec.structs.replace(parsed.message, attachments=tuple(attachments))


def _parse(raw: Path, spool: Path) -> Parsed | Unparsed:
    from intake.mail.parse import parse

    return parse(raw, spool)


def _read(path: Path, name: str, spool: Path, room: int, places: int) -> tuple[str, Reading]:
    return readers.read(path, name, spool, room=room, places=places)


class _Reading:
    """The attachments of one mail while they are read: unique paths, and what may still be extracted."""

    def __init__(self, spool: Path, root: Path, read: Read) -> None:
        self._spool, self._root, self._read = spool, root, read
        self._room, self._places = ROOM, PLACES
        self._paths: set[str] = set()

    def leaf(self, leaf: Leaf) -> Iterator[Attachment]:
        """One file of the mail and the members inside it; nothing when it is decoration."""
        file = self._spool / leaf.spool
        whole = Attachment(
            name=leaf.name,
            path=self._unique(leaf.path),
            size=leaf.size,
            digest=leaf.digest,
            content_type=leaf.content_type,
            kind="",
            facts=_UNREAD,
            spool=self._relative(file),
            depth=leaf.depth,
            inline=leaf.inline,
            damaged=leaf.damaged,
            named=leaf.named,
            beside=leaf.beside,
        )
        yield from self._measured(whole, file, 0)

    def _measured(self, whole: Attachment, file: Path, archives: int) -> Iterator[Attachment]:
        places = self._places if archives < ARCHIVES_DEEP else 0
        kind, reading = self._read(file, whole.name, self._spool, self._room, places)
        facts = reading.facts
        if whole.inline and _is_decoration(whole, facts):
            return
        thumbnail = reading.thumbnail
        yield msgspec.structs.replace(
            whole,
            kind=kind,
            facts=facts,
            thumbnail=self._relative(thumbnail) if thumbnail else None,
            thumbnail_digest=digest(thumbnail) if thumbnail else None,
        )
        self._places -= len(reading.members)
        self._room -= sum(member.spool.stat().st_size for member in reading.members)
        for member in reading.members:
            yield from self._measured(self._member(whole, member), member.spool, archives + 1)

    def _member(self, archive: Attachment, member: Member) -> Attachment:
        return Attachment(
            name=member.name.rpartition("/")[2],
            path=self._unique(f"{archive.path}/{member.name}"),
            size=member.spool.stat().st_size,
            digest=digest(member.spool),
            content_type="",
            kind="",
            facts=_UNREAD,
            spool=self._relative(member.spool),
            depth=archive.depth + 1,
            damaged=archive.damaged,
        )

    def _unique(self, path: str) -> str:
        """The path itself, or with ~2, ~3 before its extension when the mail holds it already."""
        stem, dot, suffix = path.rpartition(".")
        if not dot or "/" in suffix:
            stem, suffix = path, ""
        number, unique = 1, path
        while unique in self._paths:
            number += 1
            unique = f"{stem}~{number}{dot if suffix else ''}{suffix}"
        self._paths.add(unique)
        return unique

    def _relative(self, path: Path) -> str:
        return path.relative_to(self._root).as_posix()


_UNREAD = Unreadable(reason="unsupported", detail="not read yet")


def _is_decoration(whole: Attachment, facts: Facts) -> bool:
    if not isinstance(facts, ImageFacts) or (whole.named and not is_programs_name(whole.name)):
        return False
    side = min(facts.width, facts.height)
    return side < DECORATION or (side < LOGO_SIDE and whole.size < LOGO_BYTES)


def digest(path: Path) -> str:
    """SHA-256 of a file, hex, read in slices."""
    sha = hashlib.sha256()
    with path.open("rb") as file:
        while piece := file.read(_SLICE):
            sha.update(piece)
    return sha.hexdigest()
