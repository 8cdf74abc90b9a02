"""Blobs: written once, whole or not at all, found under their digest."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from storage.blobs import Blobs
from storage.errors import Temporary


def test_a_kept_file_is_found_under_its_digest_and_gone_from_the_spool(tmp_path: Path) -> None:
    source, digest = tmp_path / "a", hashlib.sha256(b"content").hexdigest()
    source.write_bytes(b"content")
    blobs = Blobs(tmp_path / "blobs")
    path = blobs.keep(source, digest)
    assert path.read_bytes() == b"content" == blobs.read(digest)
    assert blobs.has(digest)
    assert not source.exists()


def test_keeping_the_same_content_twice_changes_nothing(tmp_path: Path) -> None:
    blobs = Blobs(tmp_path / "blobs")
    first = blobs.write(b"x", tmp_path / "spool")
    inode = blobs.path(first).stat().st_ino
    assert blobs.write(b"x", tmp_path / "spool") == first
    assert blobs.path(first).stat().st_ino == inode
    again = tmp_path / "again"
    again.write_bytes(b"x")
    blobs.keep(again, first)
    assert not again.exists()
    assert blobs.path(first).stat().st_ino == inode


def test_the_store_is_readable_by_its_owner_alone(tmp_path: Path) -> None:
    blobs = Blobs(tmp_path / "blobs")
    digest = blobs.write(b"x", tmp_path / "spool")
    assert blobs.path(digest).parent.stat().st_mode & 0o077 == 0


def spooled(folder: Path, *contents: bytes) -> list[tuple[Path, str]]:
    """Files, each with its digest."""
    found = []
    for number, content in enumerate(contents):
        source = folder / f"{number}.eml"
        source.write_bytes(content)
        found.append((source, hashlib.sha256(content).hexdigest()))
    return found


@pytest.mark.parametrize("early", [0, 2, 5])
def test_several_are_kept_together_however_many_were_synced_before(tmp_path: Path, early: int) -> None:
    blobs, files = Blobs(tmp_path / "blobs"), spooled(tmp_path, b"a", b"b", b"c", b"d", b"e")
    for source, _ in files[:early]:
        blobs.sync_early(source)
    blobs.keep_all(files)
    assert [blobs.read(digest) for _, digest in files] == [b"a", b"b", b"c", b"d", b"e"]
    assert not any(source.exists() for source, _ in files)


def test_the_same_content_twice_among_several_is_one_blob(tmp_path: Path) -> None:
    blobs, files = Blobs(tmp_path / "blobs"), spooled(tmp_path, b"a", b"b", b"a")
    for source, _ in files:
        blobs.sync_early(source)
    blobs.keep_all(files)
    assert sorted(path.read_bytes() for path in blobs.all()) == [b"a", b"b"]
    assert not any(source.exists() for source, _ in files)


def test_nothing_to_keep_makes_nothing(tmp_path: Path) -> None:
    Blobs(tmp_path / "blobs").keep_all([])
    assert list(tmp_path.rglob("??/*")) == []


@pytest.mark.parametrize("early", [False, True])
def test_one_that_is_lost_keeps_the_others_from_nothing_but_this_time(tmp_path: Path, *, early: bool) -> None:
    blobs, files = Blobs(tmp_path / "blobs"), spooled(tmp_path, b"a", b"b", b"c")
    files[1][0].unlink()
    if early:
        for source, _ in files:
            blobs.sync_early(source)
    with pytest.raises(Temporary, match=r"1\.eml"):
        blobs.keep_all(files)
    assert blobs.all() == []  # what was not synced is not in place
    rest = [files[0], files[2]]
    blobs.keep_all(rest)
    assert [blobs.read(digest) for _, digest in rest] == [b"a", b"c"]


def test_what_a_killed_program_left_half_done_is_finished(tmp_path: Path) -> None:
    """Killed between two renames: one of three is in place, and nobody knows whether its folder was synced."""
    first, files = Blobs(tmp_path / "blobs"), spooled(tmp_path, b"a", b"b", b"c")
    first.keep_all(files[:1])
    files[0][0].write_bytes(b"a")  # fetched again
    again = Blobs(tmp_path / "blobs")
    again.keep_all(files)
    assert [again.read(digest) for _, digest in files] == [b"a", b"b", b"c"]
    assert not any(source.exists() for source, _ in files)


@pytest.mark.parametrize("digest", ["", "../../etc/passwd", "A" * 64, "0" * 63, "0" * 65])
def test_a_path_never_leaves_the_store(tmp_path: Path, digest: str) -> None:
    with pytest.raises(ValueError, match="SHA-256"):
        Blobs(tmp_path).path(digest)
