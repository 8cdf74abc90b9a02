"""Rosters as coordinators keep them: any heading, any order, any encoding, and every fault with its row."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import Workbook, load_workbook

from intake.config import ConfigFaults
from intake.demo.units import units, write_roster
from intake.units.roster import load_roster
from intake.units.roster_cells import addresses, tidy


def xlsx(path: Path, *rows: tuple[object, ...], before: tuple[str, ...] = ()) -> Path:
    workbook = Workbook()
    workbook.remove(workbook.worksheets[0])
    for title in before:
        workbook.create_sheet(title).append(["填表说明", "请勿改动"])
    sheet = workbook.create_sheet("名册")
    for row in rows:
        sheet.append(row)
    workbook.save(path)
    return path


def csv(path: Path, text: str, encoding: str = "utf-8") -> Path:
    path.write_bytes(text.encode(encoding))
    return path


@pytest.mark.parametrize(
    "name, encoding", [("r.xlsx", ""), ("r.csv", "utf-8-sig"), ("r.csv", "utf-8"), ("r.csv", "gbk")]
)
def test_every_format_gives_the_same_units(tmp_path: Path, name: str, encoding: str) -> None:
    wanted = units(30)
    write_roster(tmp_path / name, wanted, encoding=encoding or "utf-8")
    roster = load_roster(tmp_path / name)
    assert roster.units == wanted
    assert roster.warnings == ()


def test_the_content_decides_not_the_suffix(tmp_path: Path) -> None:
    write_roster(tmp_path / "r.xlsx", units(3))
    (tmp_path / "r.xlsx").rename(tmp_path / "r.csv")
    assert load_roster(tmp_path / "r.csv").units == units(3)


def test_headings_in_any_order_below_a_title(tmp_path: Path) -> None:
    path = xlsx(
        tmp_path / "r.xlsx",
        ("云岭市报送单位名册",),
        (),
        ("序号", "联系人手机号码（必填）", "E-mail", "单位 名称*", "单位类别", "单位编号", "姓名"),
        (1, 13800002001, "A@Qinglan.example", "青岚区市监局", "区县局", 7, "张　三"),
        before=("说明",),
    )
    (unit,) = load_roster(path).units
    assert (unit.code, unit.name, unit.category, unit.contact) == ("7", "青岚区市监局", "区县局", "张三")
    assert (unit.phone, unit.addresses) == ("13800002001", ("a@qinglan.example",))


def test_headings_on_two_rows_are_read_as_one(tmp_path: Path) -> None:
    path = xlsx(
        tmp_path / "r.xlsx",
        ("单位名称", "联系人", "联系方式", None),
        (None, None, "电话", "邮箱"),
        ("青岚区市监局", "张三", "0871-55501001", "a@qinglan.example"),
    )
    (unit,) = load_roster(path).units
    assert (unit.phone, unit.addresses) == ("0871-55501001", ("a@qinglan.example",))


def test_several_addresses_and_columns_of_addresses(tmp_path: Path) -> None:
    path = csv(
        tmp_path / "r.csv",
        '单位,邮箱1,邮箱2\n甲局,"a@x.example； B@x.example、c@x.example\nd@x.example",Ｅ＠x.example\n',
    )
    (unit,) = load_roster(path).units
    assert unit.addresses == ("a@x.example", "b@x.example", "c@x.example", "d@x.example", "e@x.example")


@pytest.mark.parametrize("separator", [",", "\t", ";", "，"])
def test_separators(tmp_path: Path, separator: str) -> None:
    text = separator.join(("代码", "单位", "邮箱")) + "\n" + separator.join(("1", "甲局", "a@x.example"))
    (unit,) = load_roster(csv(tmp_path / "r.csv", text)).units
    assert (unit.code, unit.name, unit.addresses) == ("1", "甲局", ("a@x.example",))


def test_a_made_code_follows_the_name_not_the_row(tmp_path: Path) -> None:
    one = load_roster(csv(tmp_path / "1.csv", "单位,邮箱\n甲局,a@x.example\n乙局,b@x.example\n")).units
    two = load_roster(csv(tmp_path / "2.csv", "单位,邮箱\n乙局,b@x.example\n甲局,a@x.example\n")).units
    assert {u.name: u.code for u in one} == {u.name: u.code for u in two}
    assert len({u.code for u in one}) == 2


def test_two_rows_of_one_unit_are_one_unit(tmp_path: Path) -> None:
    text = "代码,单位,联系人,电话,邮箱\n1,甲局,张三,111,a@x.example\n,甲局,李四,222,b@x.example\n"
    roster = load_roster(csv(tmp_path / "r.csv", text))
    (unit,) = roster.units
    assert (unit.contact, unit.phone, unit.addresses) == ("张三、李四", "111、222", ("a@x.example", "b@x.example"))
    assert [fault.path for fault in roster.warnings] == ["第 3 行 单位"]


def test_cells_merged_downwards_count_for_each_of_their_rows(tmp_path: Path) -> None:
    path = xlsx(
        tmp_path / "r.xlsx",
        ("云岭市报送单位名册",),
        ("类别", "单位", "联系人", "邮箱"),
        ("区县局", "青岚区市监局", "张三", "a@qinglan.example"),
        (None, None, "李四", "b@qinglan.example"),
        (None, "望溪区市监局", "王五", "c@wangxi.example"),
        ("企业", "云岭轴承公司", "赵六", "d@zhou.example"),
    )
    workbook = load_workbook(path)
    for cells in ("A1:D1", "A3:A5", "B3:B4"):
        workbook["名册"].merge_cells(cells)
    workbook.save(path)
    roster = load_roster(path)
    assert [(unit.name, unit.category, unit.contact, unit.addresses) for unit in roster.units] == [
        ("青岚区市监局", "区县局", "张三、李四", ("a@qinglan.example", "b@qinglan.example")),
        ("望溪区市监局", "区县局", "王五", ("c@wangxi.example",)),
        ("云岭轴承公司", "企业", "赵六", ("d@zhou.example",)),
    ]
    assert roster.warnings == ()


def test_all_faults_at_once_with_their_rows(tmp_path: Path) -> None:
    text = "代码,单位,邮箱\n1,甲局,a@x.example\n1,乙局,b@x.example\n2,甲局,c@x.example\n001,丙局,bad\n"
    with pytest.raises(ConfigFaults) as caught:
        load_roster(csv(tmp_path / "r.csv", text))
    paths = [fault.path for fault in caught.value.faults]
    assert paths[:2] == ["第 4 行 单位", "第 3 行 代码"]
    assert "第 5 行 邮箱" in paths
    assert "第 2 行“甲局”" in str(caught.value)


def test_rows_that_are_only_poor_are_warnings(tmp_path: Path) -> None:
    text = (
        "单位,电话,邮箱\n甲局,1.38E+10,a@x.example\n,注：以上为第一批,\n,,\n"
        "乙局,,zhang@qinglan\n丙局,,a@x.example\n丁局,,无\n"
    )
    roster = load_roster(csv(tmp_path / "r.csv", text))
    assert [unit.name for unit in roster.units] == ["甲局", "乙局", "丙局", "丁局"]
    assert roster.units[1].addresses == ()
    assert [(fault.path, fault.found.split("，")[0]) for fault in roster.warnings] == [
        ("第 2 行 电话", "1.38E+10"),
        ("第 3 行 单位", "空"),
        ("第 5 行 邮箱", "zhang@qinglan"),
        ("第 5 行 邮箱", "没有可用的地址"),
        ("第 7 行 邮箱", "空"),
        ("第 6 行 邮箱", "a@x.example"),
    ]


def test_a_short_name_that_two_units_have_is_told(tmp_path: Path) -> None:
    text = "单位,简称,邮箱\n甲市监局,市监局,a@x.example\n乙市监局,乙局、市监局,b@x.example\n"
    (warning,) = load_roster(csv(tmp_path / "r.csv", text)).warnings
    assert (warning.path, "第 2 行“甲市监局”" in warning.found) == ("第 3 行 简称", True)


def test_row_numbers_are_those_of_the_sheet(tmp_path: Path) -> None:
    workbook = Workbook()
    sheet = workbook.worksheets[0]
    for row, column, value in ((5, 3, "单位"), (5, 4, "邮箱"), (6, 3, "甲局"), (6, 4, "bad@")):
        sheet.cell(row, column, value)
    workbook.save(tmp_path / "r.xlsx")
    assert {fault.path for fault in load_roster(tmp_path / "r.xlsx").warnings} == {"第 6 行 邮箱"}


@pytest.mark.parametrize(
    "data, says",
    [
        ("甲局,a@x.example\n乙局,b@x.example\n".encode(), "没有表头"),
        ("单位,联系人\n甲局,张三\n".encode(), "邮箱"),
        ("单位,邮箱\n".encode(), "没有任何单位"),
        (b"", "空"),
        (b"PK\x03\x04broken", "打不开"),
        ("单位,邮箱\n".encode("utf-16"), "UTF-16"),
        (b"\xff\xff\xff\xff\xff", "无法识别"),
    ],
)
def test_files_that_are_no_roster(tmp_path: Path, data: bytes, says: str) -> None:
    (tmp_path / "r.csv").write_bytes(data)
    with pytest.raises(ConfigFaults, match=says):
        load_roster(tmp_path / "r.csv")


def test_a_missing_file_and_a_doubled_suffix(tmp_path: Path) -> None:
    csv(tmp_path / "roster.csv.txt", "单位,邮箱\n")
    with pytest.raises(ConfigFaults, match=r"roster\.csv\.txt"):
        load_roster(tmp_path / "roster.csv")
    with pytest.raises(ConfigFaults, match="找不到名册"):
        load_roster(tmp_path / "other.csv")


def test_a_lone_mark_far_below_is_told(tmp_path: Path) -> None:
    workbook = Workbook()
    sheet = workbook.worksheets[0]
    sheet.append(["单位", "邮箱"])
    sheet.append(["甲局", "a@x.example"])
    sheet.cell(1_000_000, 16_000, "x")
    workbook.save(tmp_path / "r.xlsx")
    roster = load_roster(tmp_path / "r.xlsx")
    assert [unit.name for unit in roster.units] == ["甲局"]
    assert ["范围过大" in fault.found for fault in roster.warnings] == [True]


@settings(max_examples=100)
@given(st.text(max_size=60))
def test_a_cell_never_fails_and_addresses_are_plain(text: str) -> None:
    """Whatever stands in a cell, what is taken for an address can stand in a header as it is."""
    good, _ = addresses(text)
    assert all(word.isascii() and word == word.lower() and word.count("@") == 1 for word in good)
    assert "\n" not in tidy(text)
    assert tidy(tidy(text)) == tidy(text)


def test_the_superior_s_column_is_no_address_of_the_unit(tmp_path: Path) -> None:
    path = tmp_path / "roster.csv"
    path.write_text(
        "单位,联系人,电话,电子邮箱,上级主管部门邮箱\n"
        "青岚区质监站,张三,1,a@x.example,LD@x.example；b@x.example\n望溪区质监站,李四,2,c@x.example,\n",
        "utf-8",
    )
    roster = load_roster(path)
    assert [(one.addresses, one.superior) for one in roster.units] == [
        (("a@x.example",), "ld@x.example"),
        (("c@x.example",), ""),
    ]
    assert ["抄送邮箱" in str(warning) for warning in roster.warnings] == [True]
