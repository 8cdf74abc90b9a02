"""Killed in an upgrade, a rebuild or a backup at any call: the next start is right, the command can be run again."""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
import zipfile
from collections.abc import Iterator, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from storage.changes import all_rows
from storage.database import open_database
from storage.journal import Journal
from storage.tables import SCHEMA_VERSION
from tests.faults.office import Office, State, differences
from tests.faults.program import Point, told, why_not
from tests.storage.schemas.make import FOLDER

POINTS = int(os.environ.get("SHOUQI_COMMAND_POINTS", "2"))
"""Kill points for each command."""

pytestmark = pytest.mark.skipif(bool(why_not()), reason=why_not())


def spread(points: Sequence[Point]) -> Iterator[Point]:
    """So many of them, evenly over the run."""
    for n in range(min(POINTS, len(points))):
        yield points[(2 * n + 1) * len(points) // (2 * min(POINTS, len(points)))]


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Office, State]]:
    """Three units that were answered, kept as `done`."""
    with Office(tmp_path_factory.mktemp("commands"), roster=3) as office:
        office.small_mails(6)
        office.now = office.now.replace(hour=12)
        for _ in range(2):
            assert office.program.run(*office.run).status == 0
        office.keep("done")
        yield office, office.come_to()


def command(office: Office, *words: str) -> tuple[str, ...]:
    return *words, "--json", "--now", office.now.isoformat()


def answer(office: Office, *words: str) -> Any:
    """What a command says as JSON, and that it went well."""
    ran = office.program.run(*command(office, *words))
    assert ran.status == 0, ran.said
    return json.loads(ran.said)


@pytest.mark.parametrize("schema", range(1, SCHEMA_VERSION))
@pytest.mark.long
def test_an_upgrade(office: tuple[Office, State], schema: int) -> None:
    desk, _ = office
    desk.put_back("")
    desk.data.mkdir()
    shutil.copy(FOLDER / f"{schema}.db", desk.data / "shouqi.db")
    desk.keep(f"schema{schema}")
    wanted = answer(desk, "mails")
    desk.put_back(f"schema{schema}")
    for point in spread(desk.program.points(desk.folder / "trace", *command(desk, "mails"))):
        desk.put_back(f"schema{schema}")
        ran = desk.program.killed_at(point, *command(desk, "mails"))
        told(f"upgrade of {schema} {point.call} {point.k}: {ran.status}")
        assert answer(desk, "mails") == wanted, point
        (kept,) = desk.data.glob(f"shouqi-schema{schema}-*.db")
        with closing(sqlite3.connect(kept)) as old:
            assert old.execute("select value from meta where key='schema'").fetchone() == (str(schema),), point
        base = open_database(f"sqlite:///{desk.data / 'shouqi.db'}")
        with base.reading() as session:
            rows = {row: columns for one in all_rows(session) for row, columns in one.items()}
        base.close()
        assert Journal(desk.data / "journal.jsonl").read() == rows, point


@pytest.mark.long
def test_a_rebuild(office: tuple[Office, State]) -> None:
    desk, wanted = office
    desk.put_back("done")
    for point in spread(desk.program.points(desk.folder / "trace", *command(desk, "rebuild"))):
        desk.put_back("done")
        ran = desk.program.killed_at(point, *command(desk, "rebuild"))
        told(f"rebuild {point.call} {point.k}: {ran.status}")
        shown = desk.program.run(*command(desk, "status"))
        assert shown.status == 0 or "shouqi rebuild" in shown.said, point
        answer(desk, "rebuild")
        assert differences(desk.come_to() | {"sent": wanted["sent"]}, wanted) == [], point


@pytest.mark.long
def test_a_backup(office: tuple[Office, State], tmp_path: Path) -> None:
    desk, wanted = office
    desk.put_back("done")
    for n, point in enumerate(
        spread(desk.program.points(desk.folder / "trace", *command(desk, "backup", str(tmp_path / "whole.zip"))))
    ):
        target = tmp_path / f"{n}.zip"
        ran = desk.program.killed_at(point, *command(desk, "backup", str(target)))
        told(f"backup {point.call} {point.k}: {ran.status}")
        if not target.exists():
            answer(desk, "backup", str(target))
        with zipfile.ZipFile(target) as archive:
            assert archive.testzip() is None
        assert differences(desk.come_to() | {"sent": wanted["sent"]}, wanted) == [], point
