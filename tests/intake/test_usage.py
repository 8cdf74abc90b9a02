"""Command lines: a wrong one is one Chinese line, options count wherever they stand, a stop is no fault of ours."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from intake.demo.units import units, write_roster

ROOT = Path(__file__).resolve().parents[2]


def shouqi(
    *words: str, folder: Path, config: str = "", stdout: int = subprocess.PIPE
) -> subprocess.CompletedProcess[str]:
    """The program as a process of its own, in `folder`."""
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "SHOUQI_CONFIG": config}
    command = [sys.executable, "-m", "intake", *words]
    return subprocess.run(
        command, cwd=folder, env=environment, stdout=stdout, stderr=subprocess.PIPE, encoding="utf-8", check=False
    )


def office(folder: Path, name: str) -> Path:
    """A folder that is ready for the commands that only look."""
    folder.mkdir()
    write_roster(folder / "roster.xlsx", units(3))
    text = (ROOT / "config.example.toml").read_text("utf-8")
    text = text.replace("rules/notices/quality-month.toml", "builtin:quality-month")
    (folder / "config.toml").write_text(text.replace("云岭市质量工作领导小组办公室", name), "utf-8")
    return folder


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("staus", "没有命令“staus”，是否想写 status？请用 shouqi --help 查看用法。"),
        ("outbox foo", "没有命令“foo”。请用 shouqi outbox --help 查看用法。"),
        ("run --onec", "没有选项 --onec，是否想写 --json 或 --once？请用 shouqi run --help 查看用法。"),
        ("status --now", "选项 --now 后面要写一个值。"),
        ("outbox --json=1", "选项 --json 不带值。"),
        ("check", "缺少参数 file：一封邮件的原件（.eml）。请用 shouqi check --help 查看用法。"),
        ("status extra", "多写了“extra”。"),
        ("outbox approve x", "参数写错了（应为数字），ids：信件编号"),
    ],
)
def test_a_wrong_command_line_is_one_chinese_line_and_status_2(tmp_path: Path, words: str, said: str) -> None:
    plain = shouqi(*words.split(), folder=tmp_path)
    assert (plain.returncode, plain.stdout) == (2, "")
    assert plain.stderr.startswith(said) and plain.stderr.count("\n") == 1, plain.stderr
    as_json = shouqi("--json", *words.split(), folder=tmp_path)
    assert as_json.returncode == 2
    assert json.loads(as_json.stdout) == {"error": plain.stderr.strip(), "status": 2}


def test_no_command_at_all_shows_the_help(tmp_path: Path) -> None:
    done = shouqi(folder=tmp_path)
    assert done.returncode == 2 and "run --once" not in done.stdout and "doctor" in done.stderr
    assert shouqi("-h", folder=tmp_path).returncode == 0


def test_the_settings_are_the_named_ones_else_those_of_the_folder_else_those_of_the_environment(tmp_path: Path) -> None:
    here, there = office(tmp_path / "这里 here", "甲办"), office(tmp_path / "there", "乙办")
    elsewhere = tmp_path / "empty"
    elsewhere.mkdir()
    of_there = str(there / "config.toml")

    def used(*words: str, folder: Path, config: str) -> bool:
        """Whether the data folder of `here` came to be, rather than that of `there`."""
        for place in (here, there):
            shutil.rmtree(place / "data", ignore_errors=True)
        assert shouqi(*words, "status", folder=folder, config=config).returncode == 0
        assert (here / "data").exists() != (there / "data").exists()
        return (here / "data").exists()

    assert used(folder=here, config=of_there)
    assert not used(folder=elsewhere, config=of_there)
    assert used("--config", "这里 here/config.toml", folder=tmp_path, config=of_there)
    assert not used("--config", of_there, folder=here, config="")


def test_a_reader_that_has_seen_enough_is_no_fault(tmp_path: Path) -> None:
    reading, writing = os.pipe()
    os.close(reading)
    done = shouqi("status", "--json", folder=office(tmp_path / "a", "甲办"), stdout=writing)
    os.close(writing)
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.skipif(os.name != "posix", reason="Windows has no SIGTERM to send")
@pytest.mark.parametrize("stop", [signal.SIGINT, signal.SIGTERM])
def test_a_stop_is_one_line_and_status_3(tmp_path: Path, stop: signal.Signals) -> None:
    folder = office(tmp_path / "a", "甲办")
    os.mkfifo(folder / "never.eml")  # opening it waits for a writer: the command is surely under way
    command = [sys.executable, "-m", "intake", "status", "--config", "never.eml"]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    with subprocess.Popen(
        command, cwd=folder, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, encoding="utf-8"
    ) as process:
        writer = os.open(folder / "never.eml", os.O_WRONLY)  # returns when the program has it open
        process.send_signal(stop)
        out, err = process.communicate(timeout=60)
        os.close(writer)
    assert (process.returncode, out) == (3, "")
    assert err.startswith("已按要求停止") and err.count("\n") == 1
