"""A disk that is full, fails or is read-only: told with status 3, nothing lost, and the next run recovers by itself."""

from __future__ import annotations

import os
import random
import shutil
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.faults.office import Office, State, differences
from tests.faults.program import Point, Ran, told, why_not

TIMES = int(os.environ.get("SHOUQI_FULL", "2"))
"""How often each kind of trouble comes; `make faults` brings more."""
MAILS = 9
REFUSED = {"openat": "ENOSPC", "pwrite64": "ENOSPC", "mkdir": "ENOSPC", "rename": "ENOSPC", "fsync": "EIO",
           "fdatasync": "EIO"}  # fmt: skip
"""Calls that fail from some moment on, and with what."""
SOUND = ("status", "mails", "files", "doctor")
"""What must be as without trouble. How many letters tell a unit of it depends on what had come when it was told."""


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Office, State]]:
    """Three units whose mails wait, and what comes of them without trouble."""
    with Office(tmp_path_factory.mktemp("full"), roster=3) as office:
        office.small_mails(MAILS)
        office.now = office.now.replace(hour=12)
        assert office.program.run(*office.run).status == 0
        yield office, settled(office)


def settled(office: Office) -> State:
    """What the office has come to, without what may differ."""
    found = office.come_to()
    for unit in found["status"]["notices"][0]["units"]:
        del unit["replies"]
    for mail in found["mails"]:
        assert mail.pop("letters"), "every mail was answered"
    return {key: found[key] for key in SOUND}


def recovers(office: Office, wanted: State, ran: Ran, name: str) -> None:
    """What the troubled run said, and what the next one made of it."""
    told(f"F6 {name}: status {ran.status}")
    assert ran.status in (0, 3), ran.said
    assert "Traceback" not in ran.said
    assert ran.status == 0 or any(word in ran.said for word in ("磁盘", "数据库")), ran.said
    clean = office.program.run(*office.run)
    assert clean.status == 0, clean.said
    assert differences(settled(office), wanted) == [], name
    ids = [raw.raw.split(b"Message-ID:")[1].split()[0] for raw in office.server.sent]
    assert len(ids) == len(set(ids)), name


@pytest.mark.skipif(bool(why_not()), reason=why_not())
def test_calls_that_fail_from_some_moment_on(office: tuple[Office, State]) -> None:
    desk, wanted = office
    desk.put_back("")
    points = [one for one in desk.program.points(desk.folder / "trace", *desk.run) if one.call in REFUSED]
    kinds = sorted(REFUSED)
    dice = random.Random(6)
    for n in range(TIMES):
        call = kinds[n % len(kinds)]
        point: Point = dice.choice([one for one in points if one.call == call])
        desk.put_back("")
        error = f"inject={call}:error={REFUSED[call]}:when={point.k}+"
        ran = desk.program.run(*desk.run, strace=("-o", os.devnull, "-e", f"trace={call}", "-e", error))
        recovers(desk, wanted, ran, f"{call} {point.k} {REFUSED[call]}")


@pytest.fixture
def small_disk(office: tuple[Office, State]) -> Iterator[Path]:
    """The data folder as a file system of its own; left out where nothing may be mounted."""
    data = office[0].data
    shutil.rmtree(data, ignore_errors=True)
    office[0].put_back("")
    data.mkdir()
    if not mounted("-t", "tmpfs", "-o", "size=2m", "tmpfs", str(data)):
        pytest.skip("no file system may be mounted here (needs root)")
    try:
        yield data
    finally:
        subprocess.run(["umount", "-l", str(data)], check=True)  # noqa: S607  # of the system


def mounted(*arguments: str) -> bool:
    return not subprocess.run(["mount", *arguments], capture_output=True, check=False).returncode  # noqa: S607  # same


@pytest.mark.long
def test_a_disk_that_is_too_small_and_then_larger(office: tuple[Office, State], small_disk: Path) -> None:
    for size in ("1m", "2m", "4m"):
        mounted("-o", f"remount,size={size}", str(small_disk))
        ran = office[0].program.run(*office[0].run)
        assert ran.status == 3, ran.said
        assert "磁盘" in ran.said
    mounted("-o", "remount,size=64m", str(small_disk))
    recovers(*office, ran, "small disk")


@pytest.mark.long
def test_a_disk_that_fills_up_at_random_moments(office: tuple[Office, State], small_disk: Path) -> None:
    dice, filler = random.Random(8), small_disk / "filler"
    mounted("-o", "remount,size=24m", str(small_disk))
    for n in range(TIMES):
        for one in list(small_disk.iterdir()):
            shutil.rmtree(one) if one.is_dir() else one.unlink()
        office[0].server.sent.clear()
        office[0].program.start(*office[0].run)
        time.sleep(dice.uniform(0, 3))
        with filler.open("wb", buffering=0) as file:
            try:
                while True:
                    file.write(b"x" * 65536)
            except OSError:
                full = office[0].program.wait()
        filler.unlink()
        recovers(*office, full, f"filled {n}")


@pytest.mark.long
def test_a_disk_that_is_read_only(office: tuple[Office, State], small_disk: Path) -> None:
    mounted("-o", "remount,ro,size=24m", str(small_disk))
    first = office[0].program.run(*office[0].run)
    mounted("-o", "remount,rw,size=24m", str(small_disk))
    assert first.status == 3, first.said
    recovers(*office, first, "read-only from the beginning")
    mounted("-o", "remount,ro,size=24m", str(small_disk))
    later = office[0].program.run(*office[0].run)
    mounted("-o", "remount,rw,size=24m", str(small_disk))
    assert later.status == 3, later.said
    recovers(*office, later, "read-only later")
