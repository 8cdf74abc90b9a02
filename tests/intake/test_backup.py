"""A backup made while others write, unpacked elsewhere, is the same office; and it is written whole or not at all."""

from __future__ import annotations

import hashlib
import json
import shutil
import threading
import zipfile
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from intake.backup import MANIFEST, backup, scratch
from intake.commands import Setting, exporting, keeping
from intake.config import load_config
from intake.doctor_data import data
from intake.ledger import all_letter_rows, all_mail_rows
from intake.office import opened
from intake.output import mails_json, outbox_json, status_json
from intake.standing import build_board
from intake.turns import alone, backing_up
from storage import board
from storage.errors import Refused, Temporary
from tests.desk import Desk, captioned, everything


def shown(config: Path, desk: Desk) -> dict[str, Any]:
    """What status, mails and outbox give as JSON."""
    with opened(load_config(config), desk.now) as office:
        boards = [build_board(office, campaign, desk.now) for campaign in office.campaigns.values()]
        return {
            "status": status_json(boards, desk.now),
            "mails": mails_json(all_mail_rows(office), office.tz),
            "outbox": outbox_json(all_letter_rows(office), office.tz),
        }


def test_a_backup_beside_the_running_service_is_the_same_office_elsewhere(tmp_path: Path) -> None:
    home, away, file = tmp_path / "home", tmp_path / "away", tmp_path / "all.zip"
    home.mkdir()
    with Desk(home) as desk:
        one, two, _ = desk.units
        desk.mail(one, everything(one), captioned(one))
        desk.mail(two, everything(two)[:2])
        desk.cycle()
        desk.cycle(wait=timedelta(minutes=20))
        before = shown(desk.config, desk)
        with alone(load_config(desk.config)):  # as the service does
            assert keeping.backup(Setting(desk.config, desk.now.isoformat(), json=True), file=file) == 0
        with zipfile.ZipFile(file) as archive:
            archive.extractall(away)
        assert shown(away / "config.toml", desk) == before
        assert {line.ok for line in data(load_config(away / "config.toml"))} == {"ok"}
        for member in json.loads((away / MANIFEST).read_text("utf-8"))["files"]:
            assert hashlib.sha256((away / member["path"]).read_bytes()).hexdigest() == member["sha256"]
        assert file.stat().st_mode & 0o077 == 0
        assert not (away / "password.txt").exists()  # a person puts it back
        shutil.copy(home / "password.txt", away)
        desk.config = away / "config.toml"
        sent = len(desk.letters)
        desk.cycle()
        assert len(desk.letters) == sent


def test_the_copy_is_of_one_moment_while_somebody_writes(tmp_path: Path) -> None:
    """Database and journal of the backup agree, although both grow without pause meanwhile."""
    home, away, file = tmp_path / "home", tmp_path / "away", tmp_path / "all.zip"
    home.mkdir()
    with Desk(home) as desk:
        desk.mail(desk.units[0], everything(desk.units[0])[:1])
        desk.cycle()
        enough = threading.Event()

        def write() -> None:
            with desk.office() as office:
                for number in range(10_000):
                    with office.database.writing() as session:
                        board.set_fact(session, "count", str(number))
                    if enough.is_set():
                        return

        writer = threading.Thread(target=write)
        writer.start()
        try:
            with desk.office() as office:
                backup(office, desk.config, file, desk.now)
        finally:
            enough.set()
            writer.join()
        with zipfile.ZipFile(file) as archive:
            archive.extractall(away)
        assert {line.ok for line in data(load_config(away / "config.toml"))} == {"ok"}


def test_what_is_there_already_is_not_overwritten(tmp_path: Path) -> None:
    with Desk(tmp_path) as desk, desk.office() as office:
        (tmp_path / "old.zip").write_bytes(b"mine")
        with pytest.raises(Refused, match="已存在"):
            backup(office, desk.config, tmp_path / "old.zip", desk.now)
        assert (tmp_path / "old.zip").read_bytes() == b"mine"
        with pytest.raises(Refused, match="不存在"):
            backup(office, desk.config, tmp_path / "nowhere" / "a.zip", desk.now)
        assert not list(tmp_path.glob(".shouqi-*"))


def test_what_a_killed_backup_left_is_tidied_up_and_nothing_else(tmp_path: Path) -> None:
    """Only the folder that is certainly ours, and never under a backup that is under way."""
    with Desk(tmp_path) as desk, desk.office() as office:
        with scratch(office, tmp_path) as left:
            strange = tmp_path / ".shouqi-backup-0123"
        for folder in (left, strange):
            folder.mkdir()
            (folder / "backup.zip").write_bytes(b"half")
        with backing_up(office.config), pytest.raises(Temporary, match="正在备份"):
            backup(office, desk.config, tmp_path / "all.zip", desk.now)
        assert left.exists()
        backup(office, desk.config, tmp_path / "all.zip", desk.now)
        assert (tmp_path / "all.zip").is_file()
        assert [one.name for one in tmp_path.glob(".shouqi-*")] == [strange.name]


def test_a_twin_restored_from_a_backup_has_a_scratch_folder_of_its_own(tmp_path: Path) -> None:
    (tmp_path / "first").mkdir()
    with Desk(tmp_path / "first") as desk:
        with desk.office():
            pass
        shutil.copytree(tmp_path / "first", tmp_path / "twin")
        there = load_config(tmp_path / "twin" / desk.config.name)
        with desk.office() as office, opened(there, desk.now) as twin:
            assert office.instance == twin.instance
            with scratch(office, tmp_path) as ours, scratch(twin, tmp_path):
                assert ours.is_dir()


@pytest.mark.parametrize("place", ["data", "data/blobs", "data/files/新", "data/spool", "data/neu", "letters", "link"])
def test_neither_backup_nor_export_goes_where_the_program_keeps_things_itself(tmp_path: Path, place: str) -> None:
    with Desk(tmp_path, sections='\n[letters]\nfolder = "letters"\n') as desk:
        (tmp_path / "letters").mkdir()
        desk.cycle()
        (tmp_path / "link").symlink_to(tmp_path / "data" / "blobs")
        before = sorted(tmp_path.rglob("*"))
        setting, goal = Setting(desk.config, desk.now.isoformat(), json=True), tmp_path / place
        with pytest.raises(Refused, match=r"不能备份到.*请另选"):
            keeping.backup(setting, file=goal / "all.zip")
        with pytest.raises(Refused, match=r"不能导出到.*请另选"):
            exporting.export(setting, folder=goal / "package", check=False, zipped=True)
        assert [one for one in sorted(tmp_path.rglob("*")) if one not in before and "logs" not in one.parts] == []
