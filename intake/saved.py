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
from pathlib import Path

from intake.office import Campaign, Office
from rules.unit import Unit
from rules.verdict import Verdict
from storage.blobs import Blobs
from storage.durable import make_folder

RESERVED = re.compile(r"^(con|prn|aux|nul|com\d|lpt\d)(\..*)?$", re.IGNORECASE)
UNSAFE = re.compile(r'[\\/:*?"<>|\x00-\x1f\x7f]')
MAX_BYTES = 200


def safe_name(name: str) -> str:
    """A file name that every system takes and no viewer misreads.

    >>> safe_name("../a:b\\u202e.jpg")
    '.._a_b.jpg'
    >>> safe_name("CON.txt")
    '_CON.txt'
    """
    text = unicodedata.normalize("NFC", name)
    text = "".join(c for c in text if unicodedata.category(c) not in ("Cc", "Cf", "Cs", "Co", "Zl", "Zp"))
    text = UNSAFE.sub("_", text).strip().rstrip(". ")
    if RESERVED.match(text):
        text = f"_{text}"
    stem, dot, suffix = text.rpartition(".")
    if not stem or len(suffix) > 10:
        stem, dot, suffix = text, "", ""
    room = MAX_BYTES - len((dot + suffix).encode())
    while len(stem.encode()) > room:
        stem = stem[:-1]
    return (stem + dot + suffix) or "未命名"


def saved_paths(campaign: Campaign, unit: Unit, verdict: Verdict) -> dict[str, str]:
    """Where the current pieces of a unit are saved, relative to the data folder, by `File.key`."""
    base = f"files/{safe_name(campaign.notice.id)}/{safe_name(f'{unit.code} {unit.name}')}"
    paths: dict[str, str] = {}
    taken: set[str] = set()
    for one in verdict.standings:
        for file in one.files:
            if file.key in paths or not file.sha256 or file.path.startswith("超大附件/"):
                continue
            wanted = f"{base}/{safe_name(one.name)}/{safe_name(file.name)}"
            stem, dot, suffix = wanted.rpartition(".")
            path, number = wanted, 2
            while path.casefold() in taken:
                path = f"{stem}~{number}{dot}{suffix}" if dot and "/" not in suffix else f"{wanted}~{number}"
                number += 1
            taken.add(path.casefold())
            paths[file.key] = path
    return paths


def save(office: Office, campaign: Campaign, unit: Unit, verdict: Verdict) -> None:
    """Bring the unit's folder up to the verdict. What a person put or changed there is never touched."""
    wanted = saved_paths(campaign, unit, verdict)
    digests = {file.key: file.sha256 for one in verdict.standings for file in one.files}
    folder = office.data_dir / "files" / safe_name(campaign.notice.id) / safe_name(f"{unit.code} {unit.name}")
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
    shutil.copyfile(blob, target)


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
