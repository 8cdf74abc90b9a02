"""A database that is damaged at rest is told before anything is answered from it, and rebuild brings all of it back."""

from __future__ import annotations

import os
import random
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from benchmarks.campaign import campaign
from intake.config import load_config
from intake.failures import conclude
from intake.rebuild import rebuild
from storage.seal import ENDING
from tests.desk import Desk, everything
from tests.faults.program import told as told_in_log
from tests.test_rebuild import decided, shown

FLIPS = int(os.environ.get("SHOUQI_FLIPS", "5"))
"""How many single bytes are changed, each in a file of its own; `make faults` changes more."""

Shown = dict[str, Any]


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Desk, Shown]]:
    """A campaign with decisions, and what it shows. Its data is kept beside as `sound`."""
    folder, made = tmp_path_factory.mktemp("damage"), campaign(30, seed=5)
    with Desk(folder, roster=made.units) as desk:
        desk.now = made.as_of
        for mail in made.mails:
            desk.deliver(mail.make(), mail.received_at)
        stranger = desk.units[3]
        desk.mail(stranger, everything(stranger)[2:3], "见附件。", subject="材料", from_="someone@free.example")
        desk.cycle()
        decided(desk)
        desk.cycle()
        before = shown(desk)
        shutil.copytree(folder / "data", folder / "sound")
        yield desk, before


def damaged(desk: Desk, harm: Callable[[Path], object]) -> Shown | str:
    """What is shown of a database that was harmed, or the line that tells of the harm."""
    data = desk.folder / "data"
    shutil.rmtree(data)
    shutil.copytree(desk.folder / "sound", data)
    harm(data / "shouqi.db")
    try:
        return shown(desk)
    except Exception as error:  # noqa: BLE001  # as the program ends: one line and a status
        assert conclude(error, desk.now) == 3, error
        return str(error)


def test_a_changed_byte_is_never_a_wrong_answer(office: tuple[Desk, Shown]) -> None:
    desk, sound = office
    dice, told = random.Random(10), 0
    for _ in range(FLIPS):
        where, bit = dice.randrange((desk.folder / "sound" / "shouqi.db").stat().st_size), 1 << dice.randrange(8)

        def flip(file: Path, where: int = where, bit: int = bit) -> None:
            content = bytearray(file.read_bytes())
            content[where] ^= bit
            file.write_bytes(content)

        found = damaged(desk, flip)
        if isinstance(found, str):
            told += 1
        else:
            assert found == sound, f"byte {where}, bit {bit}"
    told_in_log(f"F10: {told} of {FLIPS} single bytes told, the others changed nothing that is shown")


HARMS: dict[str, Callable[[Path], object]] = {
    "empty": lambda file: file.write_bytes(b""),
    "gone": Path.unlink,
    "half": lambda file: os.truncate(file, file.stat().st_size // 2),
    "a page short": lambda file: os.truncate(file, file.stat().st_size - 4096),
    "a few bytes short": lambda file: os.truncate(file, file.stat().st_size - 100),
    "longer": lambda file: os.truncate(file, file.stat().st_size + 4096),
    "zeros in the middle": lambda file: _write(file, file.stat().st_size // 2, b"\0" * 8192),
    "another file": lambda file: file.write_bytes(b"\xff" * 65536),
}


def _write(file: Path, where: int, what: bytes) -> None:
    with file.open("r+b") as target:
        target.seek(where)
        target.write(what)


@pytest.mark.parametrize("sealed", [True, False])
@pytest.mark.parametrize("name", HARMS)
def test_a_file_that_is_not_whole_is_told(office: tuple[Desk, Shown], name: str, sealed: bool) -> None:
    def harm(file: Path) -> None:
        if not sealed:  # as after a kill
            file.with_name(file.name + ENDING).unlink()
        HARMS[name](file)

    found = damaged(office[0], harm)
    if not (name == "longer" and not sealed):  # pages beyond the end are nothing to SQLite
        assert isinstance(found, str)
        assert "shouqi rebuild" in found


def test_rebuild_brings_everything_back(office: tuple[Desk, Shown]) -> None:
    desk, sound = office
    for name in ("gone", "zeros in the middle"):
        assert isinstance(damaged(desk, HARMS[name]), str)
        made = rebuild(load_config(desk.config), desk.now)
        assert (made.unread, bool(made.kept)) == ((), name != "gone")
        assert shown(desk) == sound
        assert shown(desk) == sound  # sealed by now
