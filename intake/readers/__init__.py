"""The folder is the registry: every module here declares readers with `@reads`, no list elsewhere.

A reader is one function from a file to what was measured in it. It runs in a child process
(`intake.sandbox`), because it interprets bytes that strangers wrote.

>>> registry()["jpg"].run.__module__
'intake.readers.image'
"""

from __future__ import annotations

import errno
import importlib
import pkgutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Literal

import msgspec

from intake.detect import detect, suffix_of
from intake.formats.package import TooLarge
from intake.formats.prose import clean
from intake.formats.volumes import WHY, is_marked_so, is_named_so
from rules.facts import Facts, Unreadable

Reason = Literal["damaged", "encrypted", "too-large", "timeout", "unsupported", "empty", "dangerous"]

LARGEST = 100 << 20
"""Bytes of a file that a reader opens unless it declares another limit."""
ROOM = 200 << 20
"""Bytes that may be extracted from the archives of one mail."""
PLACES = 500
"""Members that may be extracted from the archives of one mail."""
HEAVIEST = 6 << 20
"""Bytes of the facts of one file; whoever judges it holds them in memory, with those of all other files of the unit."""
_OUR_FAULT = frozenset((errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EMFILE, errno.ENFILE))

# Windows runs these, or a script host does, when they are opened by a double click.
DANGEROUS = frozenset(
    (
        *("exe", "scr", "com", "pif", "bat", "cmd", "js", "jse", "vbs", "vbe", "wsf", "wsh", "ps1", "sh"),
        *("lnk", "msi", "msp", "jar", "hta", "cpl", "dll", "reg", "chm", "apk", "elf", "macho"),
    )
)


class Given(msgspec.Struct, frozen=True, kw_only=True):
    """What a reader is told beside the path of the file."""

    name: str
    """Name as the sender wrote it; data, never a path."""
    kind: str
    """One of the kinds the reader declared."""
    spool: Path
    """Folder where thumbnails and members may be written, under names that begin with the file's own."""
    room: int = ROOM
    """Bytes that may still be extracted."""
    places: int = PLACES
    """Members that may still be extracted; 0 where archives are not opened any more."""


class Member(msgspec.Struct, frozen=True, kw_only=True):
    """A file that was extracted from an archive."""

    name: str
    """Place inside the archive, with forward slashes, cleaned of `..` and the like."""
    spool: Path


class Reading(msgspec.Struct, frozen=True, kw_only=True):
    """What a reader found."""

    facts: Facts
    thumbnail: Path | None = None
    members: tuple[Member, ...] = ()


class Refused(Exception):
    """The file cannot be read, for a reason that its sender or the coordinator can act on."""

    def __init__(self, reason: Reason, detail: str = "", missing: str = "") -> None:
        super().__init__(reason, detail, missing)
        self.reason: Reason = reason
        self.detail = detail
        self.missing = missing
        """Name of the optional tool (`intake.tools`) that would have read it."""


@dataclass(frozen=True, slots=True)
class Reader:
    """One declared reader."""

    run: Callable[[Path, Given], Reading]
    largest: int


_registered: dict[str, Reader] = {}

Run = Callable[[Path, Given], Reading]


def reads(*kinds: str, largest: int = LARGEST) -> Callable[[Run], Run]:
    """Declare the reader of some kinds; files above `largest` bytes are refused before it sees them."""

    def register(run: Run) -> Run:
        for kind in kinds:
            if kind in _registered and _registered[kind].run is not run:
                raise ValueError(f"two readers for {kind!r}")
            _registered[kind] = Reader(run, largest)
        return run

    return register


@cache
def registry() -> Mapping[str, Reader]:
    """All declared readers by kind; imports every module of this folder once.

    The modules import their heavy libraries within the functions, so this stays cheap.
    """
    for module in sorted(pkgutil.iter_modules(__path__), key=lambda m: m.name):
        importlib.import_module(f"{__name__}.{module.name}")
    return _registered


def read(path: Path, name: str, spool: Path, *, room: int = ROOM, places: int = PLACES) -> tuple[str, Reading]:
    """Tell the kind of a file by its content and measure it.

    Never raises on content: a file that cannot be read gives `Unreadable`. Only OSError about our
    own disk or limits (full, read-only, too many open files) goes through: the file is not to blame.
    """
    size = path.stat().st_size
    if size == 0:
        return "", _refusal("empty", "", "")
    kind = ""
    try:
        kind = detect(path, name)
        return kind, _measure(path, size, Given(name=name, kind=kind, spool=spool, room=room, places=places))
    except Refused as refused:
        if refused.reason == "damaged" and is_named_so(name):  # nobody packed it badly, the other parts are missing
            return kind, _refusal("unsupported", kind, WHY)
        return kind, _refusal(refused.reason, kind, refused.detail, refused.missing)
    except TooLarge as large:
        return kind, _refusal("too-large", kind, str(large))
    except MemoryError:
        return kind, _refusal("too-large", kind, "out of memory")
    except BaseException as error:  # declared boundary: libraries raise anything on foreign bytes
        if not isinstance(error, Exception) and type(error).__name__ != "PanicException":
            raise  # Rust libraries panic with a BaseException of their own; all others are not about the file
        if isinstance(error, OSError) and error.errno in _OUR_FAULT:
            raise
        if is_named_so(name):
            return kind, _refusal("unsupported", kind, WHY)
        return kind, _refusal("damaged", kind, f"{type(error).__name__}: {error}")


def weight(facts: Facts) -> int:
    """Bytes that facts take where they are stored."""
    return len(msgspec.json.encode(facts))


def _measure(path: Path, size: int, given: Given) -> Reading:
    if given.kind in DANGEROUS or suffix_of(given.name) in DANGEROUS:
        raise Refused("dangerous", "programs and scripts are not opened")
    reader = registry().get(given.kind)
    if reader is None:
        raise Refused("unsupported", "no reader")
    if size > reader.largest:
        raise Refused("too-large", f"{size} bytes, limit {reader.largest}")
    if is_marked_so(path, given.kind):
        raise Refused("unsupported", WHY)
    reading = reader.run(path, given)
    if weight(reading.facts) > HEAVIEST:
        raise Refused("too-large", f"more than {HEAVIEST} bytes of words and cells")
    return reading


def _refusal(reason: Reason, kind: str, detail: str, missing: str = "") -> Reading:
    return Reading(facts=Unreadable(reason=reason, detail=clean(detail)[:300], format=kind, missing=missing))
