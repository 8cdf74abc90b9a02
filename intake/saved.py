"""Saved copies with clean names: `files/UNIT/REQUIREMENT/NAME`, what the tracker links to.

Names come from outside, so they are made safe: NFC, no separators, controls, bidi marks or reserved
device names, at most 200 bytes, `~2` when two differ only in case. The blob is the original; what lies
here is a copy (no hard link: a program that saves in place would change the original).
"""

from __future__ import annotations

import hashlib
import re
import shutil
import unicodedata
from collections.abc import Mapping
from pathlib import Path

import msgspec

from intake.office import Campaign, Office
from rules.unit import Unit
from rules.verdict import Verdict
from storage import board
from storage.blobs import Blobs
from storage.durable import make_folder

RESERVED = re.compile(r"^(con|prn|aux|nul|conin\$|conout\$|com[\d¹²³]|lpt[\d¹²³])\s*(\..*)?$", re.IGNORECASE)
"""Names of devices on Windows, also with a suffix or spaces behind."""
UNSAFE = re.compile(r'[\\/:*?"<>|\x00-\x1f\x7f]')
MAX_BYTES = 200


def safe_name(name: str, signs: int = MAX_BYTES) -> str:
    """A file name that every system takes and no viewer misreads, at most `signs` characters and `MAX_BYTES` bytes.

    >>> safe_name("a/../b:c\\u202e.jpg")
    'a_.._b_c.jpg'
    >>> safe_name("CON.txt"), safe_name(".htaccess")  # no device, and nothing that a folder hides
    ('_CON.txt', '_.htaccess')
    """
    text = unicodedata.normalize("NFC", name)
    text = "".join(c for c in text if unicodedata.category(c) not in ("Cc", "Cf", "Cs", "Co", "Zl", "Zp"))
    text = UNSAFE.sub("_", text).strip().rstrip(". ")
    if RESERVED.match(text) or text.startswith("."):
        text = f"_{text}"
    stem, dot, suffix = text.rpartition(".")
    if not stem or len(suffix) > 10:
        stem, dot, suffix = text, "", ""
    room = MAX_BYTES - len((dot + suffix).encode())
    stem = stem[: max(1, signs - len(dot + suffix))]
    while len(stem.encode()) > room:
        stem = stem[:-1]
    return ((stem if dot else stem.rstrip(". ")) + dot + suffix) or "未命名"


def saved_paths(campaign: Campaign, unit: Unit, verdict: Verdict) -> dict[str, str]:
    """Where the current pieces of a unit are saved, relative to the data folder, by `File.key`."""
    base = f"files/{safe_name(campaign.notice.id)}/{safe_name(f'{unit.code} {unit.name}')}"
    paths: dict[str, str] = {}
    taken: set[str] = set()
    for one in verdict.standings:
        for file in one.files:
            if file.key in paths or not file.sha256 or file.path.startswith("超大附件/"):
                continue
            paths[file.key] = numbered(f"{base}/{safe_name(one.name)}/{safe_name(file.name)}", taken)
    return paths


def numbered(wanted: str, taken: set[str]) -> str:
    """The path, or with `~2` before its suffix where one that differs in letter case only is taken; takes it.

    >>> taken = {"a/图.jpg"}
    >>> numbered("a/图.JPG", taken), numbered("a/图.jpg", taken), numbered("a.b/图", taken)
    ('a/图~2.JPG', 'a/图~3.jpg', 'a.b/图')
    """
    stem, dot, suffix = wanted.rpartition(".")
    path, number = wanted, 2
    while path.casefold() in taken:
        path = f"{stem}~{number}{dot}{suffix}" if dot and "/" not in suffix else f"{wanted}~{number}"
        number += 1
    taken.add(path.casefold())
    return path


def save_changed(office: Office, campaign: Campaign) -> None:
    """Bring the folders of those units up to date whose files changed; the others cost one look."""
    saved: dict[str, str] = {}
    with office.database.reading() as session:
        rows = board.boards(session, campaign.notice.id)
    for code, row in rows.items():
        if code in campaign.units and row.verdict:
            unit, verdict = campaign.units[code], msgspec.json.decode(row.verdict, type=Verdict)
            wanted = saved_paths(campaign, unit, verdict)
            digests = {file.key: file.sha256 for one in verdict.standings for file in one.files}
            listed = sorted((path, digests[key]) for key, path in wanted.items())
            state = hashlib.sha256(repr(listed).encode()).hexdigest()
            if state != row.saved or (wanted and not _folder(office, campaign, unit).is_dir()):
                _save(office, _folder(office, campaign, unit), wanted, digests)
                saved[code] = state
    if saved:
        with office.database.writing() as session:
            board.mark_saved(session, campaign.notice.id, saved)


def saved_folder(office: Office, campaign: Campaign) -> Path:
    """Where the folders of the units of a notice lie."""
    return office.data_dir / "files" / safe_name(campaign.notice.id)


def _folder(office: Office, campaign: Campaign, unit: Unit) -> Path:
    return saved_folder(office, campaign) / safe_name(f"{unit.code} {unit.name}")


def _save(office: Office, folder: Path, wanted: Mapping[str, str], digests: Mapping[str, str]) -> None:
    """Bring one unit's folder up to date. What a person put or changed there is never touched."""
    keep = {office.data_dir / path for path in wanted.values()}
    if folder.is_dir():
        for old in folder.rglob("*"):
            if old.is_file() and old not in keep and office.blobs.has(_digest(old)):
                old.unlink()  # the same bytes lie in the store; only the copy goes
    for key, path in wanted.items():
        _copy(office.blobs, digests[key], office.data_dir / path)


def _copy(blobs: Blobs, digest: str, target: Path) -> None:
    blob = blobs.path(digest)
    if not blob.is_file():
        return
    if target.is_file():
        there = _digest(target)
        if there == digest:
            return
        if not blobs.has(there):  # a person changed it: hers is kept beside ours
            target.replace(target.with_stem(f"{target.stem}（人工修改）"))
    make_folder(target.parent)
    aside = target.with_name(f".{digest[:16]}.tmp")
    try:
        shutil.copyfile(blob, aside)
        aside.replace(target)
    finally:
        aside.unlink(missing_ok=True)


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
