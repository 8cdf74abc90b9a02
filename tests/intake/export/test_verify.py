"""The checker: each thing that is not as the manifest says is one line, and the status says that there is one."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest

from intake.export.archive import ZIP
from intake.export.manifest import JSON, SUMS
from intake.export.verify import verify
from storage.errors import Refused
from tests.desk import Desk


def test_missing_changed_and_extra_files(desk: Desk, package: Path) -> None:
    assert desk.command("export", str(package), "--verify")["ok"] is True
    first, second = sorted((package / "报送材料").rglob("*.docx"))[:2]
    first.unlink()
    with second.open("ab") as file:
        file.write(b"x")
    (package / "多.txt").write_text("x", "utf-8")
    told = desk.command("export", str(package), "--verify")
    assert told["ok"] is False
    assert told["missing"] == [first.relative_to(package).as_posix()]
    assert told["changed"] == [second.relative_to(package).as_posix()]
    assert told["extra"] == ["多.txt"]


def test_a_manifest_that_was_changed_and_one_that_leads_elsewhere(package: Path) -> None:
    sums = (package / SUMS).read_bytes()
    (package / SUMS).write_bytes(b"".join(sums.splitlines(keepends=True)[:-1]))
    found = verify(package)
    assert SUMS in found.changed
    assert len(found.extra) == 1
    (package / SUMS).write_bytes(sums + b"0" * 64 + b"  ../../etc/passwd\n")
    assert verify(package).missing == ["0" * 64 + "  ../../etc/passwd"]


def test_a_zip_that_is_damaged_or_of_another_day(package: Path) -> None:
    data = bytearray((package / ZIP).read_bytes())
    data[len(data) // 2] ^= 255
    (package / ZIP).write_bytes(data)
    (damaged,) = verify(package / ZIP).changed
    assert verify(package).changed == [f"{ZIP} 中的 {damaged}"]
    with zipfile.ZipFile(package / ZIP, "w") as file:
        file.writestr(SUMS, "0" * 64 + "  甲.txt\n")
    assert verify(package).changed == [ZIP]
    assert verify(package / ZIP).missing == ["甲.txt"]
    (package / ZIP).write_bytes(b"PK no more")
    assert verify(package).changed == [ZIP]
    with pytest.raises(Refused, match="zip"):
        verify(package / ZIP)


def test_a_zip_that_is_damaged_is_packed_anew(desk: Desk, package: Path) -> None:
    whole = (package / ZIP).read_bytes()
    for damaged in (
        whole[: len(whole) // 2],
        bytes(255 - one if n == len(whole) // 2 else one for n, one in enumerate(whole)),
    ):
        (package / ZIP).write_bytes(damaged)
        assert not verify(package).sound
        desk.command("export", str(package))
        assert verify(package).sound
        assert (package / ZIP).read_bytes() == whole
    with zipfile.ZipFile(package / ZIP, "a") as file:
        file.writestr("多.txt", "x")
    assert verify(package).extra == [f"{ZIP} 中的 多.txt"]
    desk.command("export", str(package), "--no-zip")
    assert not (package / ZIP).exists()


def test_what_is_no_package(tmp_path: Path, package: Path) -> None:
    with pytest.raises(Refused, match="不是收齐的归档包"):
        verify(tmp_path)
    (package / JSON).unlink()
    assert verify(package).missing == [JSON]


def test_a_link_is_not_followed(package: Path, tmp_path: Path) -> None:
    (tmp_path / "else").mkdir()
    (tmp_path / "else" / "inside.txt").write_text("x", "utf-8")
    (package / "link").symlink_to(tmp_path / "else")
    assert verify(package).extra == ["link"]
