"""What the coordinator should know is where she looks: 总览, `status`, doctor."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import openpyxl
import pytest

from intake.doctor import examine
from intake.output import status_json
from intake.standing import build_board
from tests.desk import Desk, everything, own_notice
from tests.intake.test_amended import NOTICE

FAR = NOTICE.replace("2022-10-12", "2039-10-12")


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    with Desk(tmp_path, roster=1) as running:
        own_notice(running, NOTICE)
        yield running


def shown(desk: Desk) -> tuple[str, list[str], list[str]]:
    """The words of 总览, the warnings of `status --json`, the details of doctor's warnings."""
    (written,) = desk.cycle().tracker
    sheet = openpyxl.load_workbook(written.path)["总览"]
    words = "\n".join(str(cell.value) for row in sheet.iter_rows() for cell in row if cell.value is not None)
    with desk.office() as office:
        (campaign,) = office.campaigns.values()
        (notice,) = status_json([build_board(office, campaign, desk.now)], desk.now)["notices"]
    told = [line.detail for line in examine(desk.config, desk.now) if line.ok == "warn"]
    return words, notice["warnings"], told


def test_a_year_without_known_holidays_is_told_everywhere(desk: Desk) -> None:
    assert shown(desk)[1] == []
    own_notice(desk, FAR)
    overview, status, doctor = shown(desk)
    assert "注意：2039 年的放假安排尚未内置" in overview
    assert any("2039 年" in one for one in status)
    assert any("2039 年" in one for one in doctor)


def test_days_of_the_office_s_own_end_the_warning(desk: Desk) -> None:
    own_notice(desk, FAR)
    with desk.config.open("a", encoding="utf-8") as settings:
        settings.write("\n[schedule]\nholidays = [2039-10-03]\n")
    assert shown(desk)[1] == []


def test_classes_that_do_not_meet_are_told(desk: Desk) -> None:
    own_notice(desk, NOTICE.replace('category = "summary"', 'category = "summary"\nonly_for = ["高校"]'))
    overview, status, doctor = shown(desk)
    assert any("“活动总结”只要求“高校”报送，名册的类别里没有" in one for one in status)
    assert "只要求“高校”报送" in overview
    assert any("只要求“高校”报送" in one for one in doctor)


def test_material_under_another_id_of_the_same_notice_is_not_lost_in_silence(desk: Desk) -> None:
    desk.mail(desk.units[0], everything(desk.units[0])[:1])
    assert shown(desk)[1] == []
    own_notice(desk, NOTICE.replace('"quality-month-2022"', '"quality-month-new"'))
    (warning,) = shown(desk)[1]
    assert "请把通知文件的 id 改回“quality-month-2022”" in warning
