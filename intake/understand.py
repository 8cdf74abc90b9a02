"""One raw mail → one value, with every attachment measured. Runs in a child process of `intake.sandbox`.

The steps that touch foreign bytes, `parse` and `read`, are arguments: where a mail has killed a child,
the parent calls `understand` itself and passes functions that do each step in a child of its own.
"""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from intake import readers
from intake.mail.links import MAX_LINKS
from intake.mail.message import MAX_QUOTED, Attachment, Message, Understood, Unparsed
from intake.mail.naming import is_programs_name
from intake.readers import PLACES, ROOM, Member, Reading, weight
from rules.facts import Facts, ImageFacts, Unreadable

if TYPE_CHECKING:
    from intake.mail.level import Leaf
    from intake.mail.parse import Parsed

DECORATION, LOGO_SIDE, LOGO_BYTES = 100, 240, 50 * 1024
"""A picture in the text that no person named is a logo or a line, not material, when a side is shorter than the first
(pixels), or than the second in a file smaller than the third (bytes)."""
ARCHIVES_DEEP = 2
"""An archive within an archive is opened; one within that is not."""
WEIGHT = 12 << 20
"""Bytes of the facts of all files of one mail; the files beyond are for a person."""
MAILS = 50
"""Mails in archives that are opened."""
_MAILS = ("eml", "msg")
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
    reading = _Reading(spool, root or spool, parse or _parse, read or _read)
    attachments = [found for leaf in parsed.leaves for found in reading.leaf(leaf)]
    message = msgspec.structs.replace(parsed.message, attachments=tuple(attachments))
    return _with_enclosed(message, reading.enclosed) if reading.enclosed else message


def _parse(raw: Path, spool: Path) -> Parsed | Unparsed:
    from intake.mail.parse import parse

    return parse(raw, spool)


def _read(path: Path, name: str, spool: Path, room: int, places: int) -> tuple[str, Reading]:
    return readers.read(path, name, spool, room=room, places=places)


class _Reading:
    """The attachments of one mail while they are read: unique paths, and what may still be extracted."""

    def __init__(self, spool: Path, root: Path, parse: Parse, read: Read) -> None:
        self.enclosed: list[Message] = []
        """Mails that lay in archives and were opened."""
        self._spool, self._root, self._parse, self._read = spool, root, parse, read
        self._room, self._places, self._weight = ROOM, PLACES, WEIGHT
        self._paths: set[str] = set()

    def leaf(self, leaf: Leaf) -> Iterator[Attachment]:
        """One file of the mail and the members inside it; nothing when it is decoration."""
        file = self._spool / leaf.spool
        yield from self._measured(self._attachment(leaf, file, leaf.path), file, 0)

    def _attachment(self, leaf: Leaf, file: Path, path: str) -> Attachment:
        return Attachment(
            name=leaf.name,
            path=self._unique(path),
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

    def _measured(self, whole: Attachment, file: Path, archives: int) -> Iterator[Attachment]:
        places = self._places if archives < ARCHIVES_DEEP else 0
        kind, reading = self._read(file, whole.name, file.parent, self._room, places)
        facts = reading.facts
        if archives and kind in _MAILS:
            opened = self._opened(whole, file)
            if opened is not None:
                for found, spooled in opened:
                    yield from self._measured(found, spooled, archives)
                return
        if whole.inline and _is_decoration(whole, facts):
            return
        thumbnail = reading.thumbnail
        yield msgspec.structs.replace(
            whole,
            kind=kind,
            facts=self._light(facts, kind),
            thumbnail=self._relative(thumbnail) if thumbnail else None,
            thumbnail_digest=digest(thumbnail) if thumbnail else None,
        )
        self._places -= len(reading.members)
        self._room -= sum(member.spool.stat().st_size for member in reading.members)
        for member in reading.members:
            yield from self._measured(self._member(whole, member), member.spool, archives + 1)

    def _light(self, facts: Facts, kind: str) -> Facts:
        """The facts while they fit into what is left for the mail; else that they were too much."""
        size = weight(facts)
        if size > self._weight:
            return Unreadable(reason="too-large", detail="the files of this mail hold too much together", format=kind)
        self._weight -= size
        return facts

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

    def _opened(self, mail: Attachment, file: Path) -> list[tuple[Attachment, Path]] | None:
        """The files of a mail that lies in an archive, as those of an attached one; None when it stays a file.

        They count like members: the caps of one mail hold, however many mails it brings.
        """
        folder = file.with_name(f"{file.name}.mail")
        parsed = self._parse(file, folder)
        if isinstance(parsed, Unparsed) or not (parsed.message.from_ or parsed.leaves):
            return None
        size = sum(leaf.size for leaf in parsed.leaves)
        if len(parsed.leaves) > self._places or size > self._room or len(self.enclosed) >= MAILS:
            shutil.rmtree(folder, ignore_errors=True)
            return None
        self._places -= len(parsed.leaves)
        self._room -= size
        self.enclosed.append(parsed.message)
        return [self._inside(mail, leaf, folder) for leaf in parsed.leaves]

    def _inside(self, mail: Attachment, leaf: Leaf, folder: Path) -> tuple[Attachment, Path]:
        file = folder / leaf.spool
        found = self._attachment(leaf, file, f"{mail.path}/{leaf.path}")
        deeper, damaged = mail.depth + 1 + leaf.depth, mail.damaged or leaf.damaged
        return msgspec.structs.replace(found, depth=deeper, damaged=damaged), file

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


def _with_enclosed(message: Message, enclosed: list[Message]) -> Message:
    """The mail with words, cloud links and authors of the mails in its archives, where those of attached ones stand."""
    words = [text for each in enclosed for text in (each.subject, each.text, each.quoted) if text]
    links = {link.facts.url: link for each in (*enclosed[::-1], message) for link in each.links}
    return msgspec.structs.replace(
        message,
        quoted="\n".join(filter(None, (message.quoted, *words)))[:MAX_QUOTED],
        links=tuple(links.values())[:MAX_LINKS],
        enclosed_from=(*message.enclosed_from, *(box for each in enclosed for box in each.from_[:1])),
    )


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
