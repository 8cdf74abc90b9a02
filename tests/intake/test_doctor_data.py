"""`doctor --data` finds what does not agree, each thing by itself; `doctor --quick` whether the service is at work."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import msgspec
import pytest

from intake.commands import Setting, keeping
from intake.config import load_config
from intake.doctor_data import data
from intake.doctor_quick import quick
from intake.halt import FACT, Halt
from storage import board
from storage.blobs import Blobs
from tests.desk import Desk, everything


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    with Desk(tmp_path_factory.mktemp("desk")) as desk:
        desk.mail(desk.units[0], everything(desk.units[0])[:2])
        desk.cycle()
        desk.cycle(wait=timedelta(minutes=20))
        yield desk


def faults(desk: Desk) -> dict[str, str]:
    """What is wrong and how it is told, with its remedy."""
    return {line.what: line.detail + line.remedy for line in data(load_config(desk.config)) if line.ok != "ok"}


def sql(statement: str) -> Callable[[Path], None]:
    def run(folder: Path) -> None:
        with closing(sqlite3.connect(folder / "shouqi.db")) as raw:
            raw.execute(statement)
            raw.commit()
        (folder / "shouqi.db-seal").unlink()  # it would tell of any change; here the others shall

    return run


def changed(name: str) -> Callable[[Path], None]:
    """The bytes of the blob that this query names are others."""

    def run(folder: Path) -> None:
        with closing(sqlite3.connect(folder / "shouqi.db")) as raw:
            (digest,) = raw.execute(name).fetchone()
        path = Blobs(folder / "blobs").path(digest)
        path.write_bytes(path.read_bytes() + b"x")

    return run


def torn(folder: Path) -> None:
    lines = (folder / "journal.jsonl").read_bytes().splitlines(keepends=True)
    lines[3] = lines[3].replace(b"[", b"(", 1)
    (folder / "journal.jsonl").write_bytes(b"".join(lines))


BREAKS: dict[str, tuple[Callable[[Path], None], set[str]]] = {
    "raw mail": (changed("select sha256 from mail"), {"邮件原件"}),
    "attachment": (changed("select digest from piece"), {"附件"}),
    "letter": (changed("select raw from letter where state = 'sent'"), {"信件原文"}),
    "journal": (torn, {"日志"}),
    "older database": (sql("delete from letter"), {"日志", "数据库"}),
    "letter state": (sql("update letter set sent_at = null"), {"日志", "状态"}),
    "mail state": (sql("update mail set state = 'lost'"), {"日志", "状态"}),
    "uid": (sql("update mailbox set next_uid = 1"), {"日志", "邮箱位置"}),
    "reference": (sql("update location set mail_id = 999"), {"日志", "数据库"}),
}


@pytest.mark.parametrize("name", BREAKS)
def test_each_fault_is_found_and_no_other(desk: Desk, name: str) -> None:
    folder = desk.folder / "data"
    kept = {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    assert faults(desk) == {}
    break_it, wanted = BREAKS[name]
    try:
        break_it(folder)
        found = faults(desk)
        assert set(found) == wanted
        assert all("请" in told or "可由" in told for told in found.values())
        assert keeping.doctor(Setting(desk.config, desk.now.isoformat(), json=True), data=True) == 2
    finally:
        for path in (folder / "shouqi.db-wal", folder / "shouqi.db-shm"):
            path.unlink(missing_ok=True)
        for path, content in kept.items():
            path.write_bytes(content)
    assert faults(desk) == {}


def test_what_nothing_refers_to_is_told_and_harmless(desk: Desk) -> None:
    Blobs(desk.folder / "data" / "blobs").write(b"a draft", desk.folder / "data" / "spool")
    (line,) = [line for line in data(load_config(desk.config)) if line.what == "无人引用的文件"]
    assert (line.ok, line.detail[:3]) == ("ok", "1 个")
    assert keeping.doctor(Setting(desk.config, desk.now.isoformat(), json=False), data=True) == 0


def test_quick_says_by_its_status_whether_the_service_is_at_work(desk: Desk) -> None:
    def status(late: timedelta) -> int:
        return keeping.doctor(Setting(desk.config, (desk.now + late).isoformat(), json=True), quick=True)

    assert status(timedelta(minutes=5)) == 0
    assert status(timedelta(hours=1)) == 2
    config = load_config(desk.config)
    (told,) = [line for line in quick(config, desk.now + timedelta(hours=1)) if line.ok == "fail"]
    assert told.what == "收信"
    assert "服务可能已停止" in told.remedy
    with desk.office() as office, office.database.writing() as session:
        before = board.known_fact(session, FACT) or ""
        halt = Halt(cause="breaker", since=desk.now, what="发信已停", detail="退信过多")
        board.set_fact(session, FACT, msgspec.json.encode(halt).decode())
    assert status(timedelta(minutes=5)) == 2
    with desk.office() as office, office.database.writing() as session:
        board.set_fact(session, FACT, before)
    assert status(timedelta(minutes=5)) == 0
