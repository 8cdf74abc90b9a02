"""A disk that is full under a backup, an export, the workbook, the log: told, nothing half, nothing left behind."""

from __future__ import annotations

import gzip
import hashlib
import random
import shutil
import subprocess
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zipfile import ZipFile

import pytest
import structlog

from intake.backup import MANIFEST
from intake.commands import Setting, exporting, keeping
from intake.export.archive import ZIP
from intake.logs import start_logging, tidy_logs
from intake.tracker.aside import copy_aside
from storage.errors import Temporary
from tests.desk import Desk, captioned, everything


class SmallDisk:
    """A file system of its own at a folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        folder.mkdir(exist_ok=True)
        self._mount("-t", "tmpfs", "-o", "size=64m", "tmpfs")

    def resize(self, kilobytes: int) -> None:
        """Make it so large, with all that is on it."""
        self._mount("-o", f"remount,size={kilobytes}k")

    def fill(self, room: int) -> None:
        """Leave so many bytes, in whole pages of 4 KB."""
        free = shutil.disk_usage(self.folder).free
        (self.folder / "filler").write_bytes(bytes(free - room // 4096 * 4096))

    def clear(self) -> None:
        """Take away what filled it."""
        (self.folder / "filler").unlink()

    def unmount(self) -> None:
        """Let go of it."""
        subprocess.run(["umount", "-l", str(self.folder)], check=True)  # noqa: S607  # of the system

    def _mount(self, *options: str) -> None:
        subprocess.run(["mount", *options, str(self.folder)], check=True, capture_output=True)  # noqa: S607  # same


@pytest.fixture
def disk_at() -> Iterator[Callable[[Path], SmallDisk]]:
    """Makes small disks."""
    made: list[SmallDisk] = []

    def make(folder: Path) -> SmallDisk:
        try:
            made.append(SmallDisk(folder))
        except (subprocess.CalledProcessError, FileNotFoundError):
            pytest.skip("no file system may be mounted here (needs root)")
        return made[-1]

    yield make
    for one in made:
        one.unmount()


@pytest.fixture
def disk(tmp_path: Path, disk_at: Callable[[Path], SmallDisk]) -> SmallDisk:
    """One of them."""
    return disk_at(tmp_path / "small")


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    """One unit that has answered."""
    home = tmp_path / "home"
    home.mkdir()
    with Desk(home, roster=1) as desk:
        desk.mail(desk.units[0], everything(desk.units[0]), captioned(desk.units[0]))
        desk.now = desk.now.replace(hour=12)
        desk.cycle()
        yield desk


def as_typed(desk: Desk) -> Setting:
    return Setting(desk.config, desk.now.isoformat(), json=True)


def below(folder: Path) -> dict[str, str]:
    """Every file by its path, with its digest."""
    return {
        file.relative_to(folder).as_posix(): hashlib.sha256(file.read_bytes()).hexdigest()
        for file in sorted(folder.rglob("*"))
        if file.is_file()
    }


def test_a_backup(desk: Desk, disk: SmallDisk) -> None:
    disk.resize(600)
    (disk.folder / "old.zip").write_bytes(b"the backup of last week" * 100)
    before = below(disk.folder)
    for room in (8, 60, 300, 480):  # the database does not fit, then the mails
        disk.resize(room)
        with pytest.raises(Temporary, match=r"磁盘已满.*再执行一次"):
            keeping.backup(as_typed(desk), file=disk.folder / "new.zip")
        assert below(disk.folder) == before
        assert [one.name for one in disk.folder.iterdir()] == ["old.zip"]
    disk.resize(16 << 10)
    assert keeping.backup(as_typed(desk), file=disk.folder / "new.zip") == 0
    with ZipFile(disk.folder / "new.zip") as archive:
        assert archive.testzip() is None and MANIFEST in archive.namelist()


def test_an_export(desk: Desk, disk: SmallDisk, tmp_path: Path) -> None:
    exporting.export(as_typed(desk), folder=tmp_path / "whole", check=False, zipped=True)
    whole = below(tmp_path / "whole")
    package = disk.folder / "package"
    for room in (16, 200, 400, 800):
        disk.resize(room)
        with pytest.raises(Temporary, match=r"磁盘已满.*不会重写"):
            exporting.export(as_typed(desk), folder=package, check=False, zipped=True)
        there = {path: digest for path, digest in below(package).items() if not path.startswith(".shouqi-export/")}
        assert ZIP not in there
        kept = {path: digest for path, digest in there.items() if path.startswith("报送材料")}
        assert kept.items() <= whole.items()
    disk.resize(64 << 10)
    assert exporting.export(as_typed(desk), folder=package, check=False, zipped=True) == 0
    assert exporting.export(as_typed(desk), folder=package, check=True, zipped=True) == 0
    assert set(below(package)) == set(whole)


def test_the_workbook(desk: Desk, disk_at: Callable[[Path], SmallDisk]) -> None:
    """The cycle goes on; the workbook that is there stays whole, and the next one is written when there is room."""
    tracker = desk.folder / "data" / "tracker"
    aside = tracker.rename(desk.folder / "aside")
    disk = disk_at(tracker)
    shutil.copytree(aside, tracker, dirs_exist_ok=True)
    before = below(tracker)
    size = (tracker / "台账.xlsx").stat().st_size
    id = desk.mail(desk.units[0], everything(desk.units[0])[:1], "补报。")
    for room in (0, size // 2):
        disk.fill(room)
        told = desk.cycle(wait=timedelta(days=1)).away
        disk.clear()
        assert any("台账暂时写不了（磁盘已满" in line for line in told), room
        assert below(tracker) == before
    disk.fill(size // 2)
    with pytest.raises(OSError, match="No space"):
        copy_aside(tracker / "台账.xlsx", tracker / "台账-2022-09-27.xlsx")
    disk.clear()
    assert below(tracker) == before
    assert desk.cycle(wait=timedelta(days=1)).away == []
    assert desk.mails()[id]["state"] == "processed"
    assert len(below(tracker)) > len(before)


def test_the_log(tmp_path: Path, disk_at: Callable[[Path], SmallDisk]) -> None:
    """What cannot be written is not written, and stops nothing; a closed month is packed whole or not at all."""
    disk = disk_at(tmp_path / "logs")
    start_logging(disk.folder)
    structlog.get_logger().info("before")
    old = disk.folder / "shouqi-2022-01.log"
    old.write_bytes(random.Random(1).randbytes(200_000))
    before = below(disk.folder)
    disk.fill(40_000)
    with pytest.raises(OSError, match="No space"):
        tidy_logs(disk.folder, datetime(2022, 9, 1, tzinfo=UTC), 0)
    disk.clear()
    assert below(disk.folder) == before
    disk.fill(0)
    for _ in range(500):
        structlog.get_logger().info("into the void", filler="x" * 100)
    disk.clear()
    structlog.get_logger().info("after")
    (file,) = [one for one in disk.folder.iterdir() if one != old]
    lines = file.read_text("utf-8").splitlines()
    assert '"before"' in lines[0] and '"after"' in lines[-1]
    tidy_logs(disk.folder, datetime(2022, 9, 1, tzinfo=UTC), 0)
    assert gzip.decompress((disk.folder / f"{old.name}.gz").read_bytes()) == random.Random(1).randbytes(200_000)
