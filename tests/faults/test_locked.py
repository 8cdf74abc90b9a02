"""Another program holds the database, as a person's browser of databases does: told, nothing lost, nothing doubled."""

from __future__ import annotations

import contextlib
import os
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from intake.commands import secrets_of
from intake.cycle import Progress, fresh_sandbox, run_cycle
from storage import database
from storage.errors import Temporary
from tests.desk import Desk, captioned, everything

ROOT = Path(__file__).resolve().parents[2]


class Browser:
    """A program that begins to change the database and lets it lie."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self._connection: sqlite3.Connection | None = None

    def lock(self) -> None:
        if self._connection is None:
            self._connection = sqlite3.connect(self._file, isolation_level=None, check_same_thread=False)
            self._connection.execute("BEGIN EXCLUSIVE")

    def let_go(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None


@pytest.fixture
def browser(tmp_path: Path) -> Iterator[Browser]:
    made = Browser(tmp_path / "data" / "shouqi.db")
    yield made
    made.let_go()


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody waits for a lock."""
    monkeypatch.setattr(database, "BUSY_SECONDS", 0)


@pytest.mark.usefixtures("impatient")
def test_a_cycle_says_who_is_in_the_way_and_the_next_one_goes_on(tmp_path: Path, browser: Browser) -> None:
    with Desk(tmp_path) as desk:
        desk.cycle()
        ids = {desk.mail(unit, everything(unit), captioned(unit)) for unit in desk.units}
        browser.lock()
        with pytest.raises(Temporary, match=r"被另一个程序锁住.*请关闭"):
            desk.cycle()
        browser.let_go()
        desk.cycle(wait=timedelta(minutes=20))
        assert set(desk.mails()) == ids
        assert len(desk.letters) == len(ids)
        assert desk.cycle(wait=timedelta(minutes=20)).posted.sent == []


@pytest.mark.usefixtures("impatient")
def test_who_only_looks_needs_no_lock(tmp_path: Path, browser: Browser) -> None:
    with Desk(tmp_path) as desk:
        id = desk.mail(desk.units[0], everything(desk.units[0]), captioned(desk.units[0]))
        desk.cycle()
        browser.lock()
        assert desk.status()[desk.units[0].code]["state"] == "complete"
        assert set(desk.mails()) == {id}


class Locking(Progress):
    """Has the database locked when a stage of the cycle begins."""

    def __init__(self, browser: Browser, name: str) -> None:
        self._browser, self._name = browser, name

    def stage(self, name: str, total: int | None = None) -> None:
        if name == self._name:
            self._browser.lock()


@pytest.mark.usefixtures("impatient")
@pytest.mark.parametrize("stage", ["收取邮件", "处理邮件", "发送信件", "写台账", "250"])
def test_locked_in_the_middle_of_a_cycle(tmp_path: Path, browser: Browser, stage: str) -> None:
    """At each stage, and after the server took a letter, before that could be written down."""
    copies: list[tuple[bytes, datetime]] = []

    def took(raw: bytes, at: datetime) -> None:
        copies.append((raw, at))
        if stage == "250":
            browser.lock()

    with Desk(tmp_path) as desk:
        desk.configure("copy_to_self = true", "copy_to_self = true\nlookup_after_seconds = 0")
        id = desk.mail(desk.units[0], everything(desk.units[0]), captioned(desk.units[0]))
        desk.server.own_mail = took
        desk.now = desk.now.replace(hour=12)
        with desk.office() as office, fresh_sandbox(office, workers=1) as sandbox, contextlib.suppress(Temporary):
            run_cycle(office, sandbox, secrets_of(office.config), desk.now, progress=Locking(browser, stage))
        assert len(desk.letters) == (stage in ("250", "写台账"))
        browser.let_go()
        for _ in range(3):
            while copies:
                desk.server.deliver(*copies.pop())
            desk.cycle(wait=timedelta(minutes=20))
        assert set(desk.mails()) == {id}
        assert [row["state"] for row in desk.outbox()] == ["sent"]
        assert len(desk.letters) == 1


@pytest.mark.long
def test_the_service_outlives_a_lock_of_more_than_thirty_seconds(tmp_path: Path, browser: Browser) -> None:
    with Desk(tmp_path, sections='\n[schedule]\npoll = "10s"\n') as desk:
        with (tmp_path / "said").open("w+", encoding="utf-8") as said:
            service = subprocess.Popen(
                [sys.executable, "-m", "intake", "run", "--now", desk.now.replace(hour=12).isoformat()],
                cwd=tmp_path, env={**os.environ, "PYTHONPATH": str(ROOT)}, stdout=said, stderr=said,
            )  # fmt: skip
            try:
                reached((tmp_path / "data" / "tracker" / "台账.xlsx").exists)
                browser.lock()
                id = desk.mail(desk.units[0], everything(desk.units[0]), captioned(desk.units[0]))
                reached(lambda: "被另一个程序锁住" in (tmp_path / "said").read_text("utf-8"))
                assert len(desk.command("status")["notices"]) == 1
                browser.let_go()
                reached(lambda: bool(desk.letters))
            finally:
                service.terminate()
                service.wait(120)
        assert "Traceback" not in (tmp_path / "said").read_text("utf-8")
        assert set(desk.mails()) == {id}
        assert len(desk.letters) == 1


def reached(what: Callable[[], bool]) -> None:
    """Wait until it is so, long enough for a machine with much other work."""
    until = time.monotonic() + 300
    while not what():
        assert time.monotonic() < until
        time.sleep(0.2)
