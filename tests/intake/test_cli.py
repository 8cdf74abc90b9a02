"""Every command as a user types it: one JSON document or text, the exit status of the contract, never a traceback."""

from __future__ import annotations

import json
import logging
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from intake.cli import main
from intake.commands import Setting
from intake.config import load_config
from intake.demo import materials as m
from intake.demo.play import README
from tests.desk import Desk, captioned, everything

ROOT = Path(__file__).resolve().parents[2]
NOW = "2022-09-26T12:00+08:00"


class Done(NamedTuple):
    """How a command ended."""

    status: int
    out: str
    err: str

    @property
    def document(self) -> Any:
        """The one document on stdout."""
        return json.loads(self.out)


class Office:
    """A desk with mails of every fate, and the command line in its folder."""

    def __init__(self, desk: Desk, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
        self.desk, self._patch, self._capsys = desk, monkeypatch, capsys
        monkeypatch.chdir(desk.folder)

    def __call__(self, *words: str) -> Done:
        self._patch.setattr(sys, "argv", ["shouqi", *words])
        with pytest.raises(SystemExit) as ended:
            main()
        out, err = self._capsys.readouterr()
        assert "Traceback" not in out + err
        return Done(int(ended.value.code or 0), out, err)


@pytest.fixture
def office(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Iterator[Office]:
    before = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}
    with Desk(tmp_path, roster=4) as desk:
        desk.now = desk.now.replace(hour=12)
        yield Office(desk, monkeypatch, capsys)
    for number, action in before.items():
        signal.signal(number, action)
    for handler in list(logging.getLogger().handlers):
        if "shouqi-" in str(getattr(handler, "baseFilename", "")):
            logging.getLogger().removeHandler(handler)
            handler.close()


def offsets(value: Any) -> Iterator[str]:
    """Every time in a document."""
    if isinstance(value, dict):
        for key, inner in value.items():
            if key in ("as_of", "deadline", "received_at", "due", "sent_at", "at") and inner:
                yield inner
            yield from offsets(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from offsets(inner)


def test_every_command_gives_one_document_and_text_without_it(office: Office) -> None:
    first, second, third, _ = office.desk.units
    office.desk.mail(first, everything(first), captioned(first))
    office.desk.mail(second, everything(second)[:2])
    office.desk.mail(third, [m.photo(third, 1)], "材料", subject="材料", from_="x@qqmail.example")
    assert office("run", "--once", "--json", "--now", NOW).document["fetched"] == 3
    (held,) = [row["sha256"] for row in office("mails", "--json").document if row["state"] == "held"]
    (office.desk.folder / "a.eml").write_bytes((office.desk.folder / "data/blobs" / held[:2] / held).read_bytes())
    commands = [
        ["status"],
        ["mails"],
        ["outbox"],
        ["doctor"],
        ["tracker"],
        ["remind", "--dry-run"],
        ["remind"],
        ["assign", held[:9], third.name],
        ["decide", second.code, "photos", "waive", "--note", "准"],
        ["extend", second.code, "2022-10-14"],
        ["import", "a.eml"],
        ["check", "a.eml"],
        ["run", "--once"],
    ]
    for words in commands:
        after = office(*words, "--json", "--now", NOW)
        before = office("--json", "--now", NOW, *words)
        assert (after.status, before.status, after.err, before.err) == (0, 0, "", ""), words
        for moment in (*offsets(after.document), *offsets(before.document)):
            assert datetime.fromisoformat(moment).tzinfo is not None, (words, moment)
        text = office(*words, "--now", NOW)
        assert text.status == 0 and text.out and not text.out.startswith(("{", "[")), words


def test_what_is_wrong_is_one_line_and_one_document_and_status_2(office: Office) -> None:
    folder = office.desk.folder
    (folder / "gbk.toml").write_bytes((folder / "config.toml").read_text("utf-8").encode("gbk"))
    (folder / "half.eml").write_bytes(b"PK\x03\x04 no mail at all")
    unit = office.desk.units[0].code
    wrong = {
        ("status", "--now", "gestern"): "ISO 8601",
        ("run", "--once", "--now", "2022-13-01"): "ISO 8601",
        ("status", "--config", "nix.toml"): "找不到配置文件",
        ("status", "--config", "gbk.toml"): "GBK",
        ("decide", "没有", "photos", "accept"): "没有“没有”",
        ("decide", unit, "nope", "accept"): "photos",
        ("decide", unit, "photos", "foo"): "waive",
        ("extend", unit, "14.10.2022"): "2022-10-14",
        ("assign", "zzzz", unit): "没有邮件",
        ("assign", "%", unit): "没有邮件",
        ("outbox", "drop", "99"): "不存在",
        ("check", "nix.eml"): "找不到",
        ("check", "half.eml"): "不是邮件",
        ("check", "."): "找不到",
        ("import", "nix"): "找不到",
        ("import", "half.eml"): "不是邮件",
    }
    for words, said in wrong.items():
        plain = office(*words)
        assert (plain.status, plain.out) == (2, ""), words
        assert said in plain.err and plain.err.count("\n") == 1, plain.err
        as_json = office("--json", *words)
        assert as_json.status == 2 and as_json.document == {"error": plain.err.strip(), "status": 2}, words


def test_the_rehearsal_clock_stands_still_but_runs_for_the_service(office: Office) -> None:
    """What one command makes due at a moment is due for the next command given the same moment."""
    config = load_config(office.desk.config)
    setting = Setting(office.desk.config, NOW, json=False)
    still, running = setting.clock(config), setting.clock(config, runs=True)
    assert still() == still() == datetime.fromisoformat(NOW)
    time.sleep(0.05)
    assert running() > still() == datetime.fromisoformat(NOW)


def test_a_letter_is_approved_dropped_and_retried(office: Office) -> None:
    config = office.desk.config
    config.write_text(config.read_text("utf-8").replace('mode = "send"', 'mode = "approve"'), "utf-8")
    for unit in office.desk.units[:2]:
        office.desk.mail(unit, everything(unit), captioned(unit))
    office("run", "--once", "--now", NOW)
    assert [row["state"] for row in office("outbox", "--json").document] == ["approval", "approval"]
    assert office("outbox", "approve", "1", "--json", "--now", NOW).document[0]["state"] == "waiting"
    assert office("outbox", "--json", "drop", "2", "--now", NOW).document[0]["state"] == "dropped"
    assert len(office("run", "--once", "--json", "--now", NOW).document["sent"]) == 1
    assert office("outbox", "approve", "1").status == 2
    assert office("outbox", "retry", "2", "--now", NOW).status == 0
    assert len(office("run", "--once", "--json", "--now", "2022-09-26T12:30+08:00").document["sent"]) == 1


def test_a_wrong_password_is_status_2_and_an_absent_server_status_3(office: Office) -> None:
    (office.desk.folder / "password.txt").write_text("wrong", "ascii")
    refused = office("run", "--once", "--json", "--now", NOW)
    assert refused.status == 2 and "授权码" in refused.err
    assert refused.document["refused"]
    config = office.desk.config
    text = config.read_text("utf-8").replace(f"port = {office.desk.server.imap_port}", "port = 9")
    config.write_text(text, "utf-8")
    away = office("run", "--once", "--json", "--now", NOW)
    assert away.status == 3 and away.document["away"]


def test_mails_from_the_future_an_empty_mailbox_and_a_naive_now(office: Office) -> None:
    assert office("run", "--once", "--json", "--now", "2022-09-26T12:00").document["fetched"] == 0
    unit = office.desk.units[0]
    office.desk.mail(unit, everything(unit), captioned(unit), at=office.desk.now.replace(day=29))
    assert office("run", "--once", "--json", "--now", NOW).document["processed"] == {"processed": 1}
    assert office("status", "--json", "--now", "2022-09-26T12:00").document["as_of"] == "2022-09-26T12:00:00+08:00"
    office("run", "--once", "--now", "2022-09-26T12:30+08:00")
    assert [row["state"] for row in office("outbox", "--json").document] == ["sent"]


def test_a_failure_of_ours_is_written_down_and_told_in_one_line(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("intake.commands.showing.mails_json", lambda *_: 1 / 0)
    done = office("mails", "--json")
    assert done.status == 1 and done.document["status"] == 1 and done.err.count("\n") == 1
    (report,) = office.desk.folder.glob("shouqi-error-*.txt")
    assert "ZeroDivisionError" in report.read_text("utf-8")


def test_the_demo_refuses_a_foreign_folder_and_may_run_again(tmp_path: Path) -> None:
    def demo(folder: Path) -> subprocess.CompletedProcess[bytes]:
        command = [sys.executable, "-m", "intake", "demo", str(folder), "--json"]
        return subprocess.run(command, env={**os.environ, "PYTHONPATH": str(ROOT)}, capture_output=True, check=False)

    foreign = tmp_path / "mine"
    foreign.mkdir()
    (foreign / "letter.txt").write_text("dear")
    refused = demo(foreign)
    assert refused.returncode == 2 and "别的文件" in refused.stderr.decode()
    assert [path.name for path in foreign.iterdir()] == ["letter.txt"]
    earlier = tmp_path / "demo"
    (earlier / "data").mkdir(parents=True)
    (earlier / README).write_text("by an earlier demo")
    (earlier / "data" / "old").write_text("of the earlier demo")
    again = demo(earlier)
    assert (again.returncode, again.stderr) == (0, b"")
    assert json.loads(again.stdout)["status"]["notices"][0]["counts"]["units"] == 12
    assert not (earlier / "data" / "old").exists()


def test_run_says_why_a_letter_waits(office: Office) -> None:
    desk, unit = office.desk, office.desk.units[0]
    desk.mail(unit, everything(unit)[:1], captioned(unit))
    desk.cycle(wait=timedelta(minutes=10))
    desk.mail(unit, everything(unit)[1:], captioned(unit), at=desk.now - timedelta(minutes=9))
    desk.now += timedelta(minutes=2)
    told = office("run", "--once", "--now", desk.now.isoformat()).out
    assert "另有 1 封未发：刚给该邮箱发过信，稍后一并答复。" in told
    assert "上限" not in told
