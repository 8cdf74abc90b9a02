"""Is an archive package as its manifest says? Missing, changed and extra files, of a folder or of a zip."""

from __future__ import annotations

import hashlib
import os
import unicodedata
import zipfile
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import msgspec

from intake.export.archive import ZIP
from intake.export.folder import IGNORED, WORK
from intake.export.manifest import JSON, SUMS, Manifest, digest_of, read_sums
from storage.errors import Refused


@dataclass(slots=True)
class Checked:
    """What was found; nothing in it is good."""

    path: Path
    files: int = 0
    """Files that the manifest names."""
    missing: list[str] = field(default_factory=list)
    changed: list[str] = field(default_factory=list)
    extra: list[str] = field(default_factory=list)
    unfinished: bool = False
    """A run was broken off."""

    @property
    def sound(self) -> bool:
        """True when the package is exactly what its manifest says."""
        return not (self.missing or self.changed or self.extra or self.unfinished)


def verify(path: Path) -> Checked:
    """Check a package: a folder, with the zip in it, or such a zip alone. Refused when it is neither."""
    if path.is_file():
        return _verify_zip(path)
    if not (path / SUMS).is_file():
        if (path / WORK).is_dir():
            return Checked(path=path, unfinished=True)
        raise Refused(f"{path} 里没有 {SUMS}，不是收齐的归档包。请核对路径。")
    here = {_spelled(name): path / name for name in _walk(path)}
    sums = (path / SUMS).read_bytes()
    found = _compare(path, sums, set(here) - {SUMS, ZIP}, lambda name: digest_of(here[name]))
    if not _agrees(sums, (path / JSON).read_bytes() if (path / JSON).is_file() else None):
        found.changed.append(SUMS)
    found.unfinished = (path / WORK).is_dir()
    if ZIP in here:
        _compare_zip(here[ZIP], sums, found)
    return found


def packages(path: Path) -> list[Path]:
    """The packages of several notices, one folder each, where `path` holds these; none where it is a package itself."""
    if not path.is_dir() or (path / SUMS).is_file() or (path / WORK).is_dir():
        return []
    return sorted(one for one in path.iterdir() if (one / SUMS).is_file() or (one / WORK).is_dir())


def zip_is_sound(root: Path) -> bool:
    """True when the zip of the package is whole and holds the manifest that lies beside it, and what that says."""
    found = Checked(path=root)
    try:
        _compare_zip(root / ZIP, (root / SUMS).read_bytes(), found)
    except OSError:  # there is none, or no manifest yet
        return False
    return found.sound


def _compare_zip(path: Path, sums: bytes, found: Checked) -> None:
    """Add what is wrong with the zip of a folder: the zip as a whole, or what is in it."""
    try:
        inside = _verify_zip(path)
        with zipfile.ZipFile(path) as file:
            same = file.read(SUMS) == sums
    except Refused:
        same, inside = False, None
    if inside is None or not same:
        found.changed.append(ZIP)
        return
    for told, names in ((found.missing, inside.missing), (found.changed, inside.changed), (found.extra, inside.extra)):
        told += [f"{ZIP} 中的 {name}" for name in names]


def _verify_zip(path: Path) -> Checked:
    try:
        with zipfile.ZipFile(path) as file:
            names = {_spelled(one.filename) for one in file.infolist() if not one.is_dir()}
            if SUMS not in names:
                raise Refused(f"{path} 里没有 {SUMS}，不是收齐的归档包。请核对路径。")
            return _compare(path, file.read(SUMS), names - {SUMS}, lambda name: _digest_in(file, name))
    except (zipfile.BadZipFile, zlib.error) as error:
        raise Refused(f"{path} 不是完好的 zip 文件（{error}）。请用 export 重新导出。") from error


def _digest_in(file: zipfile.ZipFile, name: str) -> str:
    try:
        digest = hashlib.sha256()
        with file.open(name) as member:
            while piece := member.read(1 << 20):
                digest.update(piece)
        return digest.hexdigest()
    except (zipfile.BadZipFile, zlib.error, EOFError):  # the member is damaged
        return ""


def _compare(path: Path, sums: bytes, names: set[str], digest: Callable[[str], str]) -> Checked:
    wanted = {_spelled(name): told for name, told in read_sums(sums).items()}
    return Checked(
        path=path,
        files=len(wanted),
        missing=sorted(wanted.keys() - names),
        changed=sorted(name for name in wanted.keys() & names if digest(name) != wanted[name]),
        extra=sorted(names - wanted.keys()),
    )


def _agrees(sums: bytes, manifest: bytes | None) -> bool:
    """True when both manifests name the same files; one that is gone or broken is told by its own line."""
    if manifest is None:
        return True
    try:
        files = msgspec.json.decode(manifest, type=Manifest).files
    except msgspec.DecodeError:
        return True
    return {one.path: one.sha256 for one in files if one.path}.items() <= read_sums(sums).items()


def _walk(root: Path) -> Iterator[str]:
    """Every file below the folder; what a link points to is not followed."""
    for folder, folders, files in os.walk(root):
        here = Path(folder)
        folders[:] = [name for name in folders if here != root or name != WORK]
        links = [name for name in folders if (here / name).is_symlink()]
        for name in (*files, *links):
            if name.lower() not in IGNORED:
                yield (here / name).relative_to(root).as_posix()


def _spelled(name: str) -> str:
    """macOS gives names back decomposed."""
    return unicodedata.normalize("NFC", name)
