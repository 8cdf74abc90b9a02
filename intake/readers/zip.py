"""Zip archives: listed with names as their writer meant them, members extracted under our own names."""

from __future__ import annotations

import re
import zipfile
import zlib
from pathlib import Path

from intake.package import directory, is_regular, legacy_charset, name_of
from intake.readers import Given, Member, Reading, Refused, reads
from rules.facts import ArchiveFacts

MAX_ENTRIES = 20_000
LISTED = 1000
"""Names that are kept of what was extracted, and of what was left out."""
_SLICE = 1 << 18
_CONTROLS = re.compile("[\x00-\x1f\x7f\u200e\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")
_RUBBISH = re.compile(r"(^|/)(__MACOSX|\.DS_Store|Thumbs\.db|desktop\.ini|\._[^/]*)(/|$)", re.IGNORECASE)


@reads("zip", largest=500 << 20)
def read_zip(path: Path, given: Given) -> Reading:
    """Extract what fits into the room that is left; the rest is named in `skipped` with its reason.

    Nothing is written under a name from the archive, so `..`, absolute names and links lead nowhere.
    """
    if not given.places:
        raise Refused("unsupported", "an archive nested too deep, or too many members in this mail")
    members: list[Member] = []
    skipped: list[str] = []
    reasons: list[str] = []
    room = given.room
    with directory(path, entries=MAX_ENTRIES) as archive:
        charset = legacy_charset(archive.infolist())
        for entry in archive.infolist():
            name = clean_name(name_of(entry, charset))
            if entry.is_dir() or not name or _RUBBISH.search(name):
                continue
            target = given.spool / f"{path.name}.{len(members) + 1}"
            reason = "too many members" if len(members) >= given.places else _extract(archive, entry, target, room)
            if reason:
                reasons.append(reason)
                if len(skipped) < LISTED:
                    skipped.append(f"{name}: {reason}")
                continue
            room -= target.stat().st_size
            members.append(Member(name=name, spool=target))
    if reasons and not members:
        _refuse(reasons)
    names = tuple(member.name for member in members[:LISTED])
    facts = ArchiveFacts(format="zip", members=names, skipped=tuple(skipped))
    return Reading(facts=facts, members=tuple(members))


def clean_name(name: str) -> str:
    """A member's name as data: no drive, no root, no `..`, no controls.

    >>> clean_name("C:\\\\报送\\\\照片.jpg".replace("\\\\", "/")), clean_name("../../etc/./passwd")
    ('报送/照片.jpg', 'etc/passwd')
    """
    parts = [part.strip() for part in _CONTROLS.sub("", name).split("/")]
    if parts and re.fullmatch("[A-Za-z]:", parts[0]):
        parts = parts[1:]
    return "/".join(part[:255] for part in parts if part not in ("", ".", ".."))[:1000]


def _extract(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, target: Path, room: int) -> str:
    """Write one member; the reason why not, "" when it was written."""
    if entry.flag_bits & 1:
        return "encrypted"
    if not is_regular(entry):
        return "link"
    if entry.file_size > room:
        return "too large"
    done = 0
    try:
        with archive.open(entry) as source, target.open("wb") as out:
            while done <= room and (piece := source.read(_SLICE)):
                done += len(piece)
                out.write(piece)
    except NotImplementedError:
        reason = "unsupported compression"
    except (zipfile.BadZipFile, zlib.error, EOFError, ValueError, RuntimeError) as error:
        reason = f"damaged ({type(error).__name__})"
    else:
        reason = "too large" if done > room else ""
    if reason:
        target.unlink(missing_ok=True)
    return reason


def _refuse(reasons: list[str]) -> None:
    """Nothing could be extracted: the archive as a whole is what its members are."""
    if "encrypted" in reasons:
        raise Refused("encrypted", "password protected archive")
    if "too large" in reasons or "too many members" in reasons:
        raise Refused("too-large", "members exceed the limits of one mail")
    if "unsupported compression" in reasons:
        raise Refused("unsupported", "compression method")
    raise Refused("damaged", "; ".join(reasons[:3]))
