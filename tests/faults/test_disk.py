"""A disk that is full, a database that is locked or damaged: told in one line, nothing lost, and it recovers."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from tests.desk import Desk, captioned, everything

ROOT = Path(__file__).resolve().parents[2]
TOGETHER = (2, 4, 8) if os.environ.get("SHOUQI_SHARES") else (4,)
"""How many workers are started at the same moment."""


def start(desk: Desk, *words: str, limit: int | None = None) -> subprocess.Popen[str]:
    prepare: Callable[[], None] | None = None
    if limit is not None:
        resource = pytest.importorskip("resource")

        def prepare() -> None:
            resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))

    return subprocess.Popen(
        [sys.executable, "-m", "intake", *(words or ("run", "--once")), "--now", desk.now.isoformat()],
        cwd=desk.folder, env={**os.environ, "PYTHONPATH": str(ROOT)}, preexec_fn=prepare,  # no threads
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip


def run(desk: Desk, *words: str, limit: int | None = None) -> tuple[int, str]:
    process = start(desk, *words, limit=limit)
    _, err = process.communicate(timeout=60)
    assert "Traceback" not in err
    return process.returncode, err


@pytest.mark.long
def test_files_cannot_grow(tmp_path: Path) -> None:
    with Desk(tmp_path) as desk:
        ids = {desk.mail(unit, everything(unit), captioned(unit)) for unit in desk.units}
        desk.now = desk.now.replace(hour=12)
        for limit in (3_000, 120_000, 400_000):  # the database, then mails, then attachments do not fit
            status, err = run(desk, limit=limit)
            assert (status, err.count("\n")) == (3, 1), err
            assert "磁盘" in err
            assert desk.server.sent == []
        assert run(desk) == (0, "")
        assert set(desk.mails()) == ids
        assert {unit["state"] for unit in desk.status().values()} == {"complete"}
        assert len(desk.letters) == len(ids)


@pytest.mark.long
def test_folders_that_are_files(tmp_path: Path) -> None:
    with Desk(tmp_path) as desk:
        desk.now = desk.now.replace(hour=12)
        assert run(desk) == (0, "")
        for number, name in enumerate(("tracker", "spool", "blobs")):
            unit, place, aside = desk.units[number], tmp_path / "data" / name, tmp_path / f"{name}-aside"
            if place.exists():
                place.rename(aside)
            place.write_text("in the way")
            id = desk.mail(unit, everything(unit), captioned(unit))
            status, err = run(desk)
            assert (status, err.count("\n")) == (3, 1), err
            assert "收件服务器" not in err
            place.unlink()
            if aside.exists():
                aside.rename(place)
            assert run(desk) == (0, "")
            assert desk.mails()[id]["state"] == "processed"
        desk.now = desk.now.replace(hour=13)
        assert run(desk) == (0, "")
        assert len(desk.letters) == 3


def test_a_lock_of_three_seconds_is_waited_for(tmp_path: Path) -> None:
    with Desk(tmp_path) as desk:
        run(desk)
        desk.mail(desk.units[0], everything(desk.units[0]), captioned(desk.units[0]))
        with closing(sqlite3.connect(tmp_path / "data" / "shouqi.db", isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            process = start(desk)
            time.sleep(3)
            assert process.poll() is None
            other.execute("ROLLBACK")
        _, err = process.communicate(timeout=120)
        assert (process.returncode, err) == (0, "")
        assert len(desk.mails()) == 1


@pytest.mark.parametrize("workers", TOGETHER)
@pytest.mark.long
def test_workers_started_together_answer_once(tmp_path: Path, workers: int) -> None:
    with Desk(tmp_path) as desk:
        ids = {desk.mail(unit, everything(unit), captioned(unit)) for unit in desk.units}
        desk.now = desk.now.replace(hour=12)
        started = [start(desk) for _ in range(workers)]
        ended = [(*process.communicate(timeout=300), process.returncode) for process in started]
        for _, err, status in ended:
            assert (status, err) == (0, "") or (status == 3 and err.count("\n") == 1 and "另一个 shouqi" in err), err
        assert any(status == 0 for *_, status in ended)
        assert set(desk.mails()) == ids
        assert len(desk.letters) == len({one["Message-ID"] for one in desk.letters}) == len(desk.units)
