"""Figures for monitoring, logs that are kept, and a disk whose filling is foreseen, over a year on the test's clock."""

from __future__ import annotations

import gzip
import logging
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from prometheus_client.parser import text_string_to_metric_families

from intake.config import load_config
from intake.doctor_quick import quick
from intake.logs import MonthlyFile, start_logging, tidy_logs
from intake.reports.alarms import ringing
from intake.reports.watch import watch
from tests.desk import Desk, captioned, everything

GB = 1 << 30


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    with Desk(tmp_path, roster=2) as running:
        yield running


def figures(desk: Desk) -> dict[tuple[str, ...], float]:
    """Each sample by its name and the values of its labels."""
    text = (desk.folder / "data/metrics.prom").read_text("utf-8")
    found = {}
    for family in text_string_to_metric_families(text):
        assert family.documentation and family.type == "gauge"
        for sample in family.samples:
            found[(sample.name.removeprefix("shouqi_"), *sample.labels.values())] = sample.value
    return found


def test_figures_after_each_cycle(desk: Desk) -> None:
    unit = desk.units[0]
    desk.mail(unit, everything(unit), captioned(unit))
    desk.mail(unit, [], "请看附件", from_="x@elsewhere.example", subject="材料")
    desk.cycle()
    desk.cycle(wait=timedelta(minutes=11))
    found = figures(desk)
    assert (found["mails", "processed"], found["mails", "held"], found["mails", "stuck"]) == (1, 1, 0)
    assert found["todo", "held"] == 1 and found["letters", "failed"] == 0
    assert found["letters", "sent"] == len(desk.letters) == 1
    assert found["last_poll_timestamp_seconds",] == found["last_cycle_timestamp_seconds",] == desk.now.timestamp()
    assert found["last_poll_age_seconds",] == 0 and found["cycle_seconds",] > 0 and found["disk_free_bytes",] > 0
    assert found["alarms", ""] == 0 and ("disk_days_left",) not in found
    polled = desk.now.timestamp()
    desk.configure(f"port = {desk.server.imap_port}", "port = 9")  # away
    desk.cycle(wait=timedelta(hours=2))
    found = figures(desk)
    assert found["last_poll_timestamp_seconds",] == polled and found["last_poll_age_seconds",] == 7200
    assert found["alarms", "mailbox"] == 1
    assert not list((desk.folder / "data").glob(".metrics*"))


def test_a_folder_in_the_place_of_the_figures_hinders_no_mail(desk: Desk) -> None:
    (desk.folder / "data/metrics.prom/x").mkdir(parents=True)
    desk.mail(desk.units[0], everything(desk.units[0]))
    desk.cycle()
    assert [row["state"] for row in desk.mails().values()] == ["processed"]


@dataclass
class Room:
    """A disk that the test fills."""

    free: int

    def __call__(self, folder: Path) -> int:
        return self.free


def live(desk: Desk, room: Room, *, days: int, a_day: int) -> set[str]:
    """So many days, two looks each, with so many bytes taken a day; the alarms about the disk at their end."""
    with desk.office() as office:
        for _ in range(days):
            desk.now += timedelta(days=1)
            room.free -= a_day
            for hour in (0, 6):  # the second look of a day changes nothing
                watch(office, desk.now + timedelta(hours=hour), unreachable="", room=room)
        with office.database.reading() as session:
            return {key for key in ringing(session) if key.startswith("disk")}


def test_a_year_of_days(desk: Desk) -> None:
    """Nothing that was ever kept goes away, and the disk is alarmed of in time."""
    desk.configure("[replies]", '[coordinator]\naddress = "jbr@office.example"\n\n[replies]')
    desk.mail(desk.units[0], everything(desk.units[0]))
    desk.cycle()
    kept = {path for path in (desk.folder / "data/blobs").rglob("*") if path.is_file()}
    room = Room(200 * GB)
    assert live(desk, room, days=300, a_day=GB // 2) == set()
    room.free = 400 * GB  # a person made room
    assert live(desk, room, days=60, a_day=GB // 2) == set()
    assert live(desk, room, days=30, a_day=8 * GB) == {"disk-days"}
    with desk.office() as office, office.database.reading() as session:
        alarm = ringing(session)["disk-days"]
    assert alarm.what.startswith("磁盘约 ") and "不会自动删除" in alarm.remedy
    assert any(line.what == "磁盘用量" for line in quick(load_config(desk.config), desk.now))
    room.free = 900 * GB
    assert live(desk, room, days=1, a_day=0) == set()
    assert {path for path in (desk.folder / "data/blobs").rglob("*") if path.is_file()} >= kept
    desk.cycle()
    assert [str(one["Subject"]) for one in desk.letters if "磁盘约" in str(one["Subject"])]


def unpacked(file: Path) -> str:
    return gzip.decompress(file.read_bytes()).decode()


def event(handler: MonthlyFile, at: datetime, text: str) -> None:
    record = logging.LogRecord("shouqi", logging.INFO, "", 0, text, None, None)
    record.created = at.timestamp()
    handler.emit(record)


def test_logs_of_a_year_are_kept_and_compressed(tmp_path: Path) -> None:
    handler, now = MonthlyFile(tmp_path), datetime(2022, 1, 15, tzinfo=UTC)
    for day in range(365):
        event(handler, now + timedelta(days=day), f"day {day}")
        tidy_logs(tmp_path, now + timedelta(days=day), 0)
    handler.close()
    names = sorted(path.name for path in tmp_path.iterdir())
    months = [f"2022-{month:02}" for month in range(1, 13)]
    assert names == [f"shouqi-{one}.log.gz" for one in months] + ["shouqi-2023-01.log"]
    text = "".join(unpacked(tmp_path / name) for name in names[:-1])
    text += (tmp_path / names[-1]).read_text()
    assert text.split("\n")[:-1] == [f"day {day}" for day in range(365)]
    tidy_logs(tmp_path, datetime(2023, 1, 20, tzinfo=UTC), 60)
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        "shouqi-2022-11.log.gz", "shouqi-2022-12.log.gz", "shouqi-2023-01.log",
    ]  # fmt: skip


def test_what_came_after_a_month_was_compressed_is_added(tmp_path: Path) -> None:
    handler = MonthlyFile(tmp_path)
    for text in ("first", "late"):
        event(handler, datetime(2022, 1, 31, 23, tzinfo=UTC), text)
        handler.close()
        tidy_logs(tmp_path, datetime(2022, 2, 10, tzinfo=UTC), 0)
    (only,) = tmp_path.iterdir()
    assert unpacked(only) == "first\nlate\n"


def test_a_log_that_cannot_be_written_says_nothing(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    start_logging(tmp_path)
    (tmp_path / f"shouqi-{datetime.now(UTC):%Y-%m}.log").mkdir()
    logging.getLogger("shouqi").info("x")
    assert capsys.readouterr() == ("", "")
    start_logging(tmp_path / "other")
