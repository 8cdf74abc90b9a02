"""Passwords: found where the settings say, and every way of not finding them told without showing anything."""

from __future__ import annotations

import os
import sys
import types
from pathlib import Path

import pytest

from intake.config import ConfigFaults
from intake.secrets import SecretMissing, exposed, reveal
from storage.errors import Temporary

CANARY = "canary-7f3a"


def test_from_the_environment(tmp_path: Path) -> None:
    assert reveal("env:PW", tmp_path, "u", {"PW": f" {CANARY}\n"}) == CANARY
    with pytest.raises(SecretMissing, match="环境变量 PW 没有设置"):
        reveal("env:PW", tmp_path, "u", {})
    with pytest.raises(SecretMissing, match="空"):
        reveal("env:PW", tmp_path, "u", {"PW": " "})


def test_from_a_file_beside_the_settings(tmp_path: Path) -> None:
    (tmp_path / "pw").write_bytes(b"\xef\xbb\xbf" + CANARY.encode() + b"\r\n")
    assert reveal("file:pw", tmp_path, "u") == CANARY
    assert reveal(f"file:{tmp_path / 'pw'}", Path("/nowhere"), "u") == CANARY


@pytest.mark.skipif(not Path("/proc/self/mem").exists(), reason="needs a file that fails with EIO")
def test_a_disk_that_does_not_give_the_file_is_no_matter_of_rights(tmp_path: Path) -> None:
    with pytest.raises(Temporary, match="磁盘"):
        reveal("file:/proc/self/mem", tmp_path, "u")


@pytest.mark.parametrize(
    "content, says",
    [(None, "找不到"), (b"", "空"), (b"a\nb\n", "2 行"), (b"x" * 5000, "太大"), (b"\xff\xfea\x00", "UTF-16")],
)
def test_files_that_hold_no_password(tmp_path: Path, content: bytes | None, says: str) -> None:
    if content is not None:
        (tmp_path / "pw").write_bytes(content)
    with pytest.raises(ConfigFaults, match=says):
        reveal("file:pw", tmp_path, "u")


def test_no_reference_is_no_password(tmp_path: Path) -> None:
    assert reveal("", tmp_path, "u") == ""


def test_what_is_no_reference_is_never_repeated(tmp_path: Path) -> None:
    with pytest.raises(SecretMissing) as caught:
        reveal(CANARY, tmp_path, "u")
    assert CANARY not in f"{caught.value} {caught.value!r}"


@pytest.mark.skipif(os.name != "posix", reason="file modes of POSIX")
def test_a_file_that_others_can_read_is_told(tmp_path: Path) -> None:
    path = tmp_path / "pw"
    path.write_text(CANARY)
    path.chmod(0o640)
    assert "0640" in exposed("file:pw", tmp_path) and f"chmod 600 {path}" in exposed("file:pw", tmp_path)
    path.chmod(0o600)
    assert exposed("file:pw", tmp_path) == ""
    assert exposed("file:nothing", tmp_path) == ""
    assert exposed("env:PW", tmp_path) == ""


def test_a_keyring_that_is_not_installed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "keyring", None)
    with pytest.raises(SecretMissing, match="没有安装 keyring"):
        reveal("keyring:shouqi", tmp_path, "u")


def test_from_the_keyring(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    # stands in for the optional package, whose real backends need a desktop session
    class KeyringError(Exception):
        pass

    vault = {("shouqi", "zlb@yunling.example"): CANARY}

    def get_password(service: str, username: str) -> str | None:
        if service == "locked":
            raise KeyringError
        return vault.get((service, username))

    errors = types.ModuleType("keyring.errors")
    errors.KeyringError = KeyringError  # type: ignore[attr-defined]  # a module made by hand
    package = types.ModuleType("keyring")
    package.get_password = get_password  # type: ignore[attr-defined]  # same
    monkeypatch.setitem(sys.modules, "keyring", package)
    monkeypatch.setitem(sys.modules, "keyring.errors", errors)
    assert reveal("keyring:shouqi", tmp_path, "zlb@yunling.example") == CANARY
    with pytest.raises(SecretMissing, match="keyring set shouqi other"):
        reveal("keyring:shouqi", tmp_path, "other")
    with pytest.raises(SecretMissing, match="不可用"):
        reveal("keyring:locked", tmp_path, "u")
