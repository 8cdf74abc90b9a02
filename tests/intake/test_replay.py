"""`notice diff`, `notice compile --amends` and `replay`: what changes, whom it touches; nothing is sent or changed."""

from __future__ import annotations

import hashlib
import json
import tomllib
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from intake.cli import app
from rules.lint import parse_notice
from storage.errors import Refused
from tests.desk import Desk, captioned, everything, own_notice
from tests.intake.test_amended import LATER, NOTICE, sent

DELAY = """关于延长“质量月”活动材料报送时间的补充通知
各区县、各部门：
经研究，“质量月”活动材料报送截止时间由2022年10月12日延长至2022年10月19日。活动照片数量由1至2张调整为3至5张，其他要求不变。
云岭市质量强市工作领导小组办公室
2022年10月10日
"""


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    with Desk(tmp_path, roster=4) as running:
        own_notice(running, NOTICE)
        for unit, files in zip(running.units, ((0, 2), (2,), (0,)), strict=False):
            running.mail(unit, [everything(unit)[n] for n in files], captioned(unit))
        running.cycle(wait=timedelta(minutes=10))
        yield running


Shouqi = Callable[..., Any]


@pytest.fixture
def shouqi(desk: Desk, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Shouqi:
    """The command line in the desk's folder; with `json=True` the document, else the text."""
    monkeypatch.chdir(desk.folder)

    def call(*words: str, json_: bool = True) -> Any:
        capsys.readouterr()
        more = ["--config", str(desk.config), "--now", desk.now.isoformat(), *(["--json"] if json_ else [])]
        app([*words, *more], standalone_mode=False)
        out = capsys.readouterr().out
        return json.loads(out) if json_ else out

    return call


def state_of(desk: Desk) -> dict[str, str]:
    """Digests of everything in the data folder that could have been changed."""
    with desk.office() as office, office.database.reading() as session:
        rows = [
            str(row)
            for table in ("mail", "piece", "board", "letter", "decision", "meta")
            for row in session.connection().exec_driver_sql(f"select * from {table}")  # noqa: S608  # our own names
        ]
    files = {str(path): path for path in (desk.folder / "data").rglob("*") if path.is_file()}
    kept = {name: hashlib.sha256(path.read_bytes()).hexdigest() for name, path in files.items() if "blobs" in name}
    return kept | {"database": hashlib.sha256("\n".join(rows).encode()).hexdigest()}


def test_replay_tells_what_would_happen_and_run_does_just_that(desk: Desk, shouqi: Shouqi) -> None:
    before, letters = state_of(desk), len(desk.letters)
    (desk.folder / "new.toml").write_text(LATER, "utf-8")
    told = shouqi("replay", "new.toml")
    assert state_of(desk) == before
    assert len(desk.letters) == letters
    _, owing, also, _ = desk.units
    assert told["counts"] == {"units": 3, "affected": 2, "letters": 2, "silent": 1}
    assert [one["code"] for one in told["units"]] == [owing.code, also.code]
    assert told["changes"][0]["kind"] == "deadline"
    assert told["units"][0]["requirements"][0]["deadline"][1].startswith("2022-10-19T23:59")
    text = shouqi("replay", "new.toml", json_=False)
    assert "没有改动数据" in text
    assert str(desk.folder / "notice.toml") in text
    own_notice(desk, LATER)
    desk.cycle(wait=timedelta(hours=1))
    real = [(one["To"], one["Subject"]) for one in desk.letters[letters:]]
    assert real == [(one["letters"][0]["to"], one["letters"][0]["subject"]) for one in told["units"]]


def test_replay_of_the_notice_in_force_changes_nothing(desk: Desk, shouqi: Shouqi) -> None:
    assert shouqi("replay")["units"] == []
    assert "受影响 0 个" in shouqi("replay", json_=False)


def test_after_a_corrected_rule_send_tells_those_whose_verdict_changed(desk: Desk, shouqi: Shouqi) -> None:
    """A verdict that an earlier program gave wrongly: judged again it is another, and the unit hears of it once."""
    complete, letters = desk.units[0], len(desk.letters)
    with desk.office() as office, office.database.writing() as session:
        session.connection().exec_driver_sql(
            'update board set verdict = replace(verdict, \'"state":"ok"\', \'"state":"problem"\') where unit = ?',
            (complete.code,),
        )
    assert [one["code"] for one in shouqi("replay")["units"]] == [complete.code]
    assert len(desk.letters) == letters
    desk.now += timedelta(hours=1)
    assert len(shouqi("replay", "--send")["sent"]) == 1
    assert desk.letters[-1]["To"] == complete.addresses[0]
    assert shouqi("replay", "--send")["sent"] == []
    with pytest.raises(Refused, match="只用于现行通知"):
        shouqi("replay", "new.toml", "--send")


def test_diff_of_a_supplementary_notice_in_words_tells_who_is_affected(desk: Desk, shouqi: Shouqi) -> None:
    (desk.folder / "delay.txt").write_bytes(DELAY.encode("gbk"))
    before = state_of(desk)
    found = shouqi("notice", "diff", "notice.toml", "delay.txt")
    says = [one["says"] for one in found["changes"]]
    assert says[0] == "截止时间由2022年10月12日推迟到2022年10月19日。"
    assert "“活动照片”：至多 2 件，改为至多 5 件。" in says
    assert not any("不再要求" in one for one in says)
    affected = {one["code"]: one["after"] for one in found["affected"]["units"]}
    assert affected == {
        desk.units[0].code: "incomplete",
        desk.units[1].code: "incomplete",
        desk.units[2].code: "incomplete",
    }
    assert state_of(desk) == before


def test_compile_amends_keeps_ids_and_what_is_not_mentioned(desk: Desk, shouqi: Shouqi) -> None:
    (desk.folder / "delay.txt").write_text(DELAY, "utf-8")
    shouqi("notice", "compile", "delay.txt", "--amends", "notice.toml", "-o", "new.toml")
    text = (desk.folder / "new.toml").read_text("utf-8")
    old, _ = parse_notice(tomllib.loads(NOTICE), desk.now.tzinfo)  # type: ignore[arg-type]  # the desk's clock is aware
    new, faults = parse_notice(tomllib.loads(text), desk.now.tzinfo)  # type: ignore[arg-type]
    assert old is not None
    assert new is not None, faults
    assert (new.id, [r.id for r in new.requirements]) == (old.id, ["summary", "photos"])
    assert new.requirement("summary") == old.requirement("summary")
    assert new.requirement("photos").checks == {"count": {"min": 3, "max": 5}}
    assert "由1至2张调整为3至5张" in new.requirement("photos").clauses["count"]
    assert text.startswith("# 由原通知文件")
    own_notice(desk, text)
    desk.cycle(wait=timedelta(hours=1))
    assert {code: len(lines) for code, lines in sent(desk).items()} == {unit.code: 2 for unit in desk.units[:3]}


def test_a_notice_with_another_id_is_told(desk: Desk, shouqi: Shouqi) -> None:
    (desk.folder / "new.toml").write_text(LATER.replace('"quality-month-2022"', '"other"'), "utf-8")
    assert "请改为“quality-month-2022”" in shouqi("replay", "new.toml", json_=False)
    assert "请改回原来的代号" in shouqi("notice", "diff", "notice.toml", "new.toml", json_=False)
