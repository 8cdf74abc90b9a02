"""Two notices in one service: every mail goes to the one it answers, doubt goes to a person, one tracker each."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from benchmarks.campaign import NOTICE
from intake.config import ConfigFaults, load_config
from intake.doctor import examine
from intake.office import load_campaigns
from intake.output import status_json
from intake.standing import build_board
from tests.desk import Desk, captioned, everything

QUIET = timedelta(minutes=10)


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    with Desk(tmp_path) as running:
        text = NOTICE.read_text("utf-8")
        text = text.replace('id = "quality-month-2022"', 'id = "safety-month-2022"')
        text = text.replace('["质量月"]', '["安全生产月"]').replace("“质量月”", "“安全生产月”")
        (tmp_path / "safety.toml").write_text(text, "utf-8")
        shutil.copy(NOTICE.with_name("annex-3.xlsx"), tmp_path)
        config = running.config.read_text("utf-8")
        second = '[[notice]]\nfile = "safety.toml"\nroster = "roster.xlsx"\n\n[office]'
        running.config.write_text(config.replace("[office]", second), "utf-8")
        yield running


def states(desk: Desk, code: str) -> dict[str, str]:
    """State of one unit by notice."""
    with desk.office() as office:
        boards = [build_board(office, campaign, desk.now) for campaign in office.campaigns.values()]
        found = status_json(boards, desk.now)["notices"]
    return {notice["id"]: unit["state"] for notice in found for unit in notice["units"] if unit["code"] == code}


def test_each_mail_goes_to_the_notice_it_names(desk: Desk) -> None:
    first, second = desk.units[:2]
    desk.mail(first, everything(first), captioned(first), subject="报送质量月活动材料")
    desk.mail(second, everything(second), captioned(second).replace("质量月", "安全生产月"), subject="安全生产月材料")
    report = desk.cycle(wait=QUIET)
    assert states(desk, first.code) == {"quality-month-2022": "complete", "safety-month-2022": "missing"}
    assert states(desk, second.code)["quality-month-2022"] == "missing"
    assert len({written.path for written in report.tracker}) == 2


def test_a_reply_to_our_letter_belongs_to_its_notice_whatever_it_says(desk: Desk) -> None:
    unit = desk.units[0]
    summary, case, photo, table = everything(unit)
    desk.mail(unit, [summary, case, table], "材料见附件。", subject="质量月材料")
    desk.cycle(wait=QUIET)
    ours = str(desk.letters[0]["Message-ID"])
    desk.mail(unit, [photo], f"图1：{captioned(unit).split('图1：')[1]}", subject="补报", headers={"In-Reply-To": ours})
    desk.cycle(wait=QUIET)
    assert states(desk, unit.code) == {"quality-month-2022": "complete", "safety-month-2022": "missing"}


def test_a_mail_that_names_no_notice_waits_for_a_person(desk: Desk) -> None:
    unit = desk.units[0]
    id = desk.mail(unit, [everything(unit)[2]], "请查收。", subject="材料")
    desk.cycle(wait=QUIET)
    assert desk.mails()[id]["state"] == "held"
    assert desk.letters == []


def test_two_notices_of_one_name_are_a_fault(desk: Desk) -> None:
    text = (desk.folder / "safety.toml").read_text("utf-8")
    (desk.folder / "safety.toml").write_text(text.replace("safety-month-2022", "quality-month-2022"), "utf-8")
    with pytest.raises(ConfigFaults, match=r"notice\[2\]\.file：通知 safety\.toml 的 id 是“quality-month-2022”"):
        load_campaigns(load_config(desk.config))
    (line,) = [line for line in examine(desk.config, desk.now) if "id 是" in line.detail]
    assert (line.ok, line.what) == ("fail", "通知")


def test_faults_of_notices_and_rosters_are_told_at_once(desk: Desk) -> None:
    text = (desk.folder / "safety.toml").read_text("utf-8")
    (desk.folder / "safety.toml").write_text(text.replace("title =", "titel ="), "utf-8")
    (desk.folder / "roster.xlsx").unlink()
    with pytest.raises(ConfigFaults) as caught:
        load_campaigns(load_config(desk.config))
    assert [str(fault) for fault in caught.value.faults] == [
        "roster.xlsx：找不到名册。请核对文件名和所在的文件夹。",
        "safety.toml title：没有填写。这一项必填，请补上。",
        "safety.toml titel：不认识的键，应为下列之一：addressees、contact、deadline、id、issuer、number、requirement、"
        "subject_keywords、subject_rule、title、topic。是否想写 title？",
    ]
