"""Notices with their blank forms: loaded whole, or refused with everything that is wrong."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from openpyxl import Workbook

from intake.config import ConfigFaults
from intake.notices import builtins, load_notice, notice_path

TZ = ZoneInfo("Asia/Shanghai")
ROOT = Path(__file__).parents[2]
NOTICE = """
id = "quality-month-2022"
title = "质量月活动"
deadline = 2022-10-12
[[requirement]]
id = "summary"
name = "活动总结"
category = "summary"
[[requirement]]
id = "statistics"
name = "活动情况统计表"
category = "stat_table"
form = "annex-3.xlsx"
"""


def write_form(path: Path) -> None:
    workbook = Workbook()
    workbook.worksheets[0].append(["项目", "数量"])
    workbook.worksheets[0].append(["活动场次", None])
    workbook.save(path)


def write(folder: Path, text: str = NOTICE) -> str:
    (folder / "n.toml").write_text(text, "utf-8")
    return "n.toml"


def test_the_form_lies_beside_the_notice_not_beside_the_settings(tmp_path: Path) -> None:
    (tmp_path / "notices").mkdir()
    write_form(tmp_path / "notices" / "annex-3.xlsx")
    write(tmp_path / "notices")
    loaded = load_notice("notices/n.toml", TZ, tmp_path)
    assert loaded.folder == tmp_path / "notices"
    assert loaded.notice.deadline == datetime(2022, 10, 12, 23, 59, 59, tzinfo=TZ).replace(
        microsecond=loaded.notice.deadline.microsecond
    )
    assert set(loaded.forms) == {"statistics"}
    assert loaded.forms["statistics"].sheets[0].rows[0] == ("项目", "数量")


@pytest.mark.parametrize(
    "content, says",
    [
        (None, "旁没有 annex-3.xlsx"),
        (b"PK\x03\x04broken", "读不出来"),
        ("一段文字\n".encode() * 9, "里没有表格|读不出来"),
    ],
)
def test_a_form_that_is_of_no_use(tmp_path: Path, content: bytes | None, says: str) -> None:
    if content is not None:
        (tmp_path / "annex-3.xlsx").write_bytes(content)
    with pytest.raises(ConfigFaults, match=says) as caught:
        load_notice(write(tmp_path), TZ, tmp_path)
    assert [fault.path for fault in caught.value.faults] == ["requirement[2].form"]


def test_every_fault_of_the_notice_with_its_path(tmp_path: Path) -> None:
    text = NOTICE.replace('id = "summary"', 'id = "Summary!"').replace("2022-10-12", '"soon"') + "reqiured = true\n"
    with pytest.raises(ConfigFaults) as caught:
        load_notice(write(tmp_path, text), TZ, tmp_path)
    paths = {fault.path for fault in caught.value.faults}
    assert {"deadline", "requirement[1].id", "requirement[2].reqiured"} <= paths
    assert caught.value.file == tmp_path / "n.toml"


def test_a_notice_in_gbk_and_one_that_is_not_there(tmp_path: Path) -> None:
    (tmp_path / "n.toml").write_bytes(NOTICE.encode("gbk"))
    with pytest.raises(ConfigFaults, match="GBK"):
        load_notice("n.toml", TZ, tmp_path)
    with pytest.raises(ConfigFaults, match="找不到通知文件"):
        load_notice("m.toml", TZ, tmp_path)


def test_the_shipped_notice_is_found_by_its_name_and_by_its_path(tmp_path: Path) -> None:
    assert "quality-month" in builtins()
    shipped = load_notice("builtin:quality-month", TZ, tmp_path)
    assert shipped == load_notice("rules/notices/quality-month.toml", TZ, ROOT)
    assert shipped.forms
    assert notice_path("builtin:quality-month", tmp_path) == ROOT / "rules" / "notices" / "quality-month.toml"


def test_a_builtin_that_is_none_names_those_that_are(tmp_path: Path) -> None:
    with pytest.raises(ConfigFaults, match="builtin:quality-month"):
        load_notice("builtin:quality-moon", TZ, tmp_path)
