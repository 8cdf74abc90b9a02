"""The folder of an archive package while it is brought up to date.

Each file is written aside and renamed into its place, the manifest last. What is already right is left alone; what a
person changed is kept under another name; what is no longer wanted moves to `以前版本`. While a run is under way, a
hidden folder in the package holds the unfinished files and a journal of what was put in, so that the next run knows
the work of one that was broken off.
"""

from __future__ import annotations

import hashlib
import os
import shutil
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Final

from msgspec.structs import replace

from intake.export.contents import EARLIER
from intake.export.manifest import JSON, SUMS, Entry, Manifest, digest_of, read_manifest, read_sums, sums_bytes
from intake.saved import numbered
from storage.blobs import Blobs
from storage.durable import sync_file, sync_folder
from storage.errors import Refused

WORK: Final = ".shouqi-export"
"""The hidden folder of a run that is under way."""
IGNORED: Final = frozenset({".ds_store", "thumbs.db", "desktop.ini"})
"""What systems put into folders by themselves."""
_SLICE: Final = 1 << 20


@dataclass(slots=True)
class Counts:
    """What became of the files of a package."""

    added: int = 0
    replaced: int = 0
    unchanged: int = 0
    moved: int = 0
    """To `以前版本`, or to another place."""
    kept: list[str] = field(default_factory=list)
    """Files that a person had changed, under their new names."""
    lost: list[str] = field(default_factory=list)
    """Materials and mails whose stored bytes are missing or damaged."""


class Package:
    """A claimed folder. `claim` makes one; `finish` concludes the run."""

    def __init__(self, root: Path, old: Manifest | None) -> None:
        self.root = root
        self.before = old
        """The manifest as it was found."""
        self.counts = Counts()
        self.old = {entry.path: entry for entry in old.files if entry.path} if old is not None else {}
        self._work = root / WORK
        self._ours: dict[str, set[str]] = {path: {entry.sha256} for path, entry in self.old.items()}
        for name in (JSON, SUMS):
            if (root / name).is_file() and old is not None:
                self._ours[name] = {digest_of(root / name)}
        self._journal = self._work / "journal"
        if self._journal.is_file():
            for path, digest in _journal_lines(self._journal):
                self._ours.setdefault(path, set()).add(digest)

    def keep(self, entry: Entry, blobs: Blobs) -> Entry | None:
        """Put the stored bytes of a material or mail into their place; None when they are missing or damaged."""
        blob = blobs.path(entry.sha256)
        size = blob.stat().st_size if blob.is_file() else -1

        def copied(aside: Path) -> None:
            if size < 0 or _copy(blob, aside) != entry.sha256:
                raise _Damaged

        try:
            self.put(entry.path, entry.sha256, copied)
        except _Damaged:
            self.counts.lost.append(entry.path)
            return None
        return _sized(entry, size if size >= 0 else (self.root / entry.path).stat().st_size)

    def document(self, entry: Entry, build: Callable[[Path], None]) -> Entry:
        """Build a document anew unless the one that is there was made from the same `source`."""
        known = self.old.get(entry.path)
        target = self.root / entry.path
        if (
            known is not None
            and known.source == entry.source
            and target.is_file()
            and digest_of(target) == known.sha256
        ):
            self.counts.unchanged += 1
            return known
        aside = self.scratch(f"made{Path(entry.path).suffix}")
        build(aside)
        digest, size = digest_of(aside), aside.stat().st_size
        self.put(entry.path, digest, aside.replace)
        return _sized(entry, size, digest)

    def scratch(self, name: str) -> Path:
        """A path for something unfinished, on the same file system as the package."""
        return self._work / name

    def put(self, path: str, digest: str, fill: Callable[[Path], object]) -> None:
        """Bring one file into its place; what is there with the same content stays untouched."""
        target = self.root / path
        there = digest_of(target) if target.is_file() and not target.is_symlink() else ""
        if there == digest:
            self.counts.unchanged += 1
            return
        aside = self.scratch(f"{digest[:16]}.tmp")
        fill(aside)
        sync_file(aside)
        target.parent.mkdir(parents=True, exist_ok=True)
        if os.path.lexists(target) and there not in self._ours.get(path, ()):
            self.counts.kept.append(self._set_aside(target))
        with self._journal.open("a", encoding="utf-8") as journal:
            journal.write(f"{digest}  {path}\n")
            journal.flush()
            os.fsync(journal.fileno())
        aside.replace(target)
        sync_folder(target.parent)
        self._ours.setdefault(path, set()).add(digest)
        if there:
            self.counts.replaced += 1
        else:
            self.counts.added += 1

    def retire(self, wanted: Iterable[Entry]) -> list[Entry]:
        """Take away what an earlier run put in and nobody wants at its place any more; returns what stays as earlier.

        The only copy of some content moves to `以前版本`; a file that a person changed stays where it is.
        """
        names = {entry.path for entry in wanted} | {JSON, SUMS}
        contents = {entry.sha256 for entry in wanted}
        taken = {name.casefold() for name in names}
        kept: list[Entry] = []
        for path, digests in list(self._ours.items()):
            target = self.root / path
            if path in names or not target.is_file() or (digest := digest_of(target)) not in digests:
                continue
            known = self.old.get(path)
            if digest in contents or known is None or known.kind == "document":
                target.unlink()
                self.counts.moved += 1
            elif path.startswith(f"{EARLIER}/"):
                taken.add(path.casefold())
                kept.append(known)
            else:
                place = numbered(f"{EARLIER}/{path}", taken)
                self.put(place, digest, partial(_copy, target))
                target.unlink()
                self.counts.added -= 1
                self.counts.moved += 1
                kept.append(_moved(known, place))
            _remove_empty(target.parent, self.root)
        return kept

    def finish(self, manifest: bytes, digests: dict[str, str]) -> None:
        """Write both manifests, last of all, and close the journal."""
        before = self.counts.added, self.counts.replaced, self.counts.unchanged
        digest = hashlib.sha256(manifest).hexdigest()
        sums = sums_bytes({**digests, JSON: digest}.items())
        self.put(JSON, digest, lambda aside: aside.write_bytes(manifest))
        self.put(SUMS, hashlib.sha256(sums).hexdigest(), lambda aside: aside.write_bytes(sums))
        self.counts.added, self.counts.replaced, self.counts.unchanged = before

    def replace_zip(self, name: str, aside: Path) -> None:
        """Put the finished zip into its place; it stands in no manifest, for it holds the manifest."""
        sync_file(aside)
        aside.replace(self.root / name)
        sync_folder(self.root)

    def close(self) -> None:
        """Remove the hidden folder: the run is concluded."""
        shutil.rmtree(self._work)

    def _set_aside(self, target: Path) -> str:
        """Rename what a person put or changed there; returns its new path."""
        number = 1
        while True:
            mark = "（人工修改）" if number == 1 else f"（人工修改{number}）"
            place = target.with_name(f"{target.stem}{mark}{target.suffix}")
            if not os.path.lexists(place):
                target.rename(place)
                return place.relative_to(self.root).as_posix()
            number += 1


class _Damaged(Exception):
    """The stored bytes are not what their name says."""


def claim(root: Path, notice: str) -> Package:
    """Take the folder for the package of this notice. Refused when it holds anything that is not such a package."""
    if root.exists() and not root.is_dir():
        raise Refused(f"{root} 是一个文件，不是文件夹。请另指定一个文件夹。")
    root.mkdir(parents=True, exist_ok=True)
    old, work = read_manifest(root), root / WORK
    begun = work / "notice"
    holds = old.notice if old is not None else begun.read_text("utf-8") if begun.is_file() else None
    others = sorted(p.name for p in root.iterdir() if p.name.lower() not in IGNORED and p.name != WORK)
    if holds is None and others:
        raise Refused(
            f"文件夹 {root} 里已有别的内容（如“{others[0]}”），又没有收齐的清单。请导出到一个新的或空的文件夹。"
        )
    if holds not in (None, notice):
        raise Refused(f"文件夹 {root} 里是通知 {holds} 的归档包。请为通知 {notice} 另指定一个文件夹。")
    work.mkdir(exist_ok=True)
    for left in work.iterdir():
        if left.suffix == ".tmp":  # of a run that was broken off
            left.unlink()
    aside = work / "notice.tmp"
    aside.write_text(notice, "utf-8")
    aside.replace(begun)
    return Package(root, old)


def _journal_lines(journal: Path) -> list[tuple[str, str]]:
    return [(path, digest) for path, digest in read_sums(journal.read_bytes()).items() if digest]


def _copy(source: Path, target: Path) -> str:
    """Copy piece by piece; returns the digest of what was copied."""
    digest = hashlib.sha256()
    with source.open("rb") as file, target.open("wb") as copy:
        while piece := file.read(_SLICE):
            digest.update(piece)
            copy.write(piece)
    return digest.hexdigest()


def _sized(entry: Entry, size: int, digest: str = "") -> Entry:
    return replace(entry, size=size, sha256=digest or entry.sha256)


def _moved(entry: Entry, path: str) -> Entry:
    return replace(entry, path=path, state="superseded" if entry.kind == "material" else "", verdict="")


def _remove_empty(folder: Path, root: Path) -> None:
    while folder != root and not any(folder.iterdir()):
        folder.rmdir()
        folder = folder.parent
