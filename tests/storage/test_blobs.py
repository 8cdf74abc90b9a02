"""Blobs: written once, whole or not at all, found under their digest."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from storage.blobs import Blobs


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


@pytest.mark.parametrize("digest", ["", "../../etc/passwd", "A" * 64, "0" * 63, "0" * 65])
def test_a_path_never_leaves_the_store(tmp_path: Path, digest: str) -> None:
    with pytest.raises(ValueError, match="SHA-256"):
        Blobs(tmp_path).path(digest)
