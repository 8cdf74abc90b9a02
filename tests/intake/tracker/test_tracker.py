"""The workbook says what the board says, whoever reads it, and no text in it is more than text."""

from __future__ import annotations

import re
import zipfile
from datetime import datetime, timedelta
from pathlib import Path
from types import ModuleType
from typing import Any

import msgspec
import pytest
from openpyxl import load_workbook
from python_calamine import CalamineWorkbook

from intake.tracker import aside, overview
from intake.tracker.book import write_tracker
from intake.tracker.links import named
from intake.tracker.reopen import read_hand
from intake.view import MailboxCount

SHEETS = ["总览", "明细", "问题", "图片", "统计汇总", "邮件", "待办"]


@pytest.fixture(scope="module")
def written(sample: ModuleType, tmp_path_factory: pytest.TempPathFactory) -> Path:
    data = tmp_path_factory.mktemp("data")
    path = data / "tracker" / "台账.xlsx"
    result = write_tracker(sample.board(data), path)
    assert result.path == path
    assert result.note == ""
    assert result.kept == 0
    return path


def rows(path: Path, sheet: str) -> list[dict[str, Any]]:
    lines = list(load_workbook(path, data_only=True)[sheet].values)
    return [dict(zip(lines[0], line, strict=True)) for line in lines[1:]]


def texts(path: Path, sheet: str) -> str:
    found = load_workbook(path)[sheet].values
    return "\n".join(str(value) for line in found for value in line if value is not None)


def test_sheets_stand_in_the_order_of_the_contract(written: Path) -> None:
    workbook = load_workbook(written)
    assert [ws.title for ws in workbook.worksheets if ws.sheet_state == "visible"] == SHEETS
    assert workbook.active.title == "总览"
    for name in SHEETS[1:]:
        ws = workbook[name]
        assert ws.freeze_panes
        assert ws.auto_filter.ref
        assert ws.page_setup.orientation == "landscape"
        assert ws.print_title_rows == "$1:$1"


def test_a_copy_bears_the_day(written: Path) -> None:
    assert (written.parent / "台账-2022-10-10.xlsx").read_bytes() == written.read_bytes()
    assert sorted(path.name for path in written.parent.iterdir()) == ["台账-2022-10-10.xlsx", "台账.xlsx"]


def test_overview_counts_and_names_those_who_owe(written: Path) -> None:
    said = texts(written, "总览")
    for words in ("还有 2 天", "2022年10月10日 08:30", "83.3%", "一致，无遗漏", "北塘经济开发区管理委员会质量工作处"):
        assert words in said
    ws = load_workbook(written)["总览"]
    tiles = {ws.cell(3, column).value: ws.cell(4, column).value for column in range(1, 13, 2)}
    assert tiles == {"应报单位": 30, "已齐": 10, "部分": 15, "未报": 5, "逾期": 1, "待办事项": 4}
    assert len(ws._charts) == 2
    figures = {ws.cell(row, 19).value: ws.cell(row, 20).value for row in range(1, 60) if ws.cell(row, 19).value}
    assert figures == {"状态": "单位数", "已齐 10": 10, "部分 15": 15, "未报 5": 5}


def test_overview_tells_how_many_links_end(sample: ModuleType, tmp_path: Path) -> None:
    board = sample.board(tmp_path, units=3, thumbnails=0)
    others = tuple(one for one in board.todo if one.kind != "link-expiring")
    none = msgspec.structs.replace(board, todo=others)
    assert "网盘链接" not in texts(write_tracker(none, tmp_path / "台账.xlsx", day_copy=False).path, "总览")
    ending = [msgspec.structs.replace(others[0], key=f"link:{n}", kind="link-expiring") for n in range(2)]
    board = msgspec.structs.replace(board, todo=(*others, *ending))
    path = write_tracker(board, tmp_path / "另一份.xlsx", day_copy=False).path
    assert "待办事项中有 2 个网盘链接即将到期或已到期" in texts(path, "总览")


def test_a_mail_missing_from_the_ledger_is_red(sample: ModuleType, tmp_path: Path) -> None:
    board = msgspec.structs.replace(
        sample.board(tmp_path, units=3, thumbnails=0),
        mailboxes=(MailboxCount(mailbox="INBOX", on_server=9, in_ledger=7, missing=2),),
    )
    path = write_tracker(board, tmp_path / "台账.xlsx", day_copy=False).path
    ws = load_workbook(path)["总览"]
    cell = next(cell for row in ws.iter_rows() for cell in row if cell.value == "有 2 封未登记，请检查")
    assert cell.fill.fgColor.rgb.endswith("C00000")


def test_details_state_link_and_comment(written: Path) -> None:
    found = rows(written, "明细")
    assert [row["代码"] for row in found] == [f"{n:03d}" for n in range(1, 31)]
    assert found[2]["状态"] == "部分"
    assert found[2]["特色活动图片"] == "需修改 2件"
    assert found[0]["活动视频"] == "选报未报"
    assert found[7]["活动情况统计表"] == "免报 1件"
    assert found[3]["活动总结"] == "未收到"
    assert found[4]["典型案例"] == "待核 1件"
    assert found[25]["是否逾期"] == "逾期"
    assert found[3]["催报次数"] == 2
    assert found[0]["首次来信"] == datetime(2022, 9, 27, 14, 0)  # noqa: DTZ001 - cells know no zones
    ws = load_workbook(written)["明细"]
    heads = [cell.value for cell in ws[1]]
    cell = ws.cell(4, heads.index("特色活动图片") + 1)
    assert "低于通知要求的1024×768" in cell.comment.text
    assert cell.hyperlink.target == "../files/003/特色活动图片"
    assert ws.cell(4, heads.index("活动总结") + 1).hyperlink.target == "../files/003/活动总结/总结.docx"


def test_problems_give_measure_remedy_and_clause(written: Path) -> None:
    small = next(row for row in rows(written, "问题") if row["代码"] == "003" and row["结论"] == "需修改")
    assert (small["要求"], small["实测"]) == ("不低于1024×768", "640×480")
    assert small["办法"] == "请发送原图，不要截图或压缩。"
    assert small["依据"].startswith("图片为JPG格式")
    assert {row["结论"] for row in rows(written, "问题")} == {"需修改", "未收到", "待核", "提示"}


def test_pictures_are_embedded_or_said_to_be_missing(written: Path) -> None:
    found = rows(written, "图片")
    without = [row for row in found if row["缩略图"] == "无缩略图"]
    ws = load_workbook(written)["图片"]
    assert len(ws._images) == len(found) - len(without) > 10
    assert found[0]["像素"] == "2048×1536"
    assert found[0]["说明字数"] == len(found[0]["图片说明"]) - 2  # 001 counts as one word
    assert [row["结论"] for row in found if row["代码"] == "003"] == ["合格", "需修改"]
    rooted = {image.anchor._from.row for image in ws._images}
    assert rooted == {number for number, row in enumerate(found, 1) if row not in without}


def test_statistics_are_numbers_with_sums(written: Path) -> None:
    found = rows(written, "统计汇总")
    assert found[-1]["单位"] == "合计"
    column = "执法检查\n参加人数"
    assert found[2][column] == 200
    assert "约200人" in str(found[2]["数据说明"])
    numbers = [row[column] for row in found[:-1] if isinstance(row[column], int | float)]
    assert len(numbers) == 20
    assert found[-1][column] == sum(numbers)
    ws = load_workbook(written)["统计汇总"]
    heads = [cell.value for cell in ws[1]]
    assert str(ws.cell(32, heads.index(column) + 1).value).startswith("=SUM(")
    cell = ws.cell(4, heads.index(column) + 1)
    assert cell.comment is not None and "约200人" in cell.comment.text
    assert cell.fill.fgColor.rgb != ws.cell(3, heads.index(column) + 1).fill.fgColor.rgb
    assert found[0]["来源"] == "附件3.xlsx"


def test_mails_and_todo_speak_the_offices_words(written: Path) -> None:
    found = rows(written, "邮件")
    assert len(found) == 30
    assert {row["处理情况"] for row in found} == {"已处理", "无需处理", "待人工处理", "处理出错"}
    assert {"单位来信", "退信", "自动回复", "邮件列表"} <= {row["类别"] for row in found}
    assert any("发送失败：550 用户不存在" in str(row["答复"]) for row in found)
    moments = [row["收到时间"] for row in found]
    assert moments == sorted(moments, reverse=True)
    ws = load_workbook(written)["待办"]
    rules = {str(rule.sqref): rule.formula1 for rule in ws.data_validations.dataValidation}
    assert rules == {"H2:H5": "'收齐选项'!$A$2:$A$31", "I2:I5": "'收齐选项'!$B$2:$B$11"}
    assert ws.column_dimensions["A"].hidden


def test_two_libraries_read_the_same(written: Path) -> None:
    book = CalamineWorkbook.from_path(str(written))
    workbook = load_workbook(written, data_only=True)
    for name in SHEETS[1:]:
        seen = [[None if v == "" else v for v in row] for row in book.get_sheet_by_name(name).to_python()]
        meant = [list(row) for row in workbook[name].values]
        assert seen == meant, name


def test_same_board_same_bytes(sample: ModuleType, tmp_path: Path) -> None:
    board = sample.board(tmp_path)
    first = write_tracker(board, tmp_path / "a" / "台账.xlsx", day_copy=False).path.read_bytes()
    second = write_tracker(board, tmp_path / "b" / "台账.xlsx", day_copy=False).path.read_bytes()
    assert first == second


def test_no_text_becomes_formula_or_link(sample: ModuleType, tmp_path: Path) -> None:
    """Bombs in every text a unit can choose: the only formulas are our sums, no link leads outside."""
    board = sample.board(tmp_path, bombs=True)
    path = tmp_path / "tracker" / "台账.xlsx"
    for _ in range(2):  # the second time they have also been read back
        write_tracker(board, path, day_copy=False)
        with zipfile.ZipFile(path) as archive:
            names = archive.namelist()
            for name in names:
                if not name.endswith((".xml", ".rels", ".vml")):
                    continue
                xml = archive.read(name).decode()
                for formula in re.findall(r"<f>([^<]*)</f>", xml):
                    # charts name their ranges in <f> too, with the sheet in front
                    ours = r"'总览'!.*" if "/charts/" in name else r"SUM\([A-Z]+2:[A-Z]+\d+\)"
                    assert re.fullmatch(ours, formula)
                for target in re.findall(r'Target="([^"]*)" TargetMode="External"', xml):
                    assert target.startswith("../files/")
                for target in re.findall(r'TargetMode="External"[^>]*Target="([^"]*)"', xml):
                    assert target.startswith("../files/")
                assert 't="e"' not in xml
        assert not any("externalLink" in name for name in names)
        workbook = load_workbook(path)
        said = {str(v) for ws in workbook for row in ws.values for v in row if v is not None}
        assert sample.BOMBS[0] in said
        assert "图片\\u202Egpj.exe" in said
        assert max(map(len, said)) == 32_767


def test_a_long_list_of_those_who_owe_is_cut_and_says_so(
    sample: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(overview, "MOST_LISTED", 4)
    path = write_tracker(sample.board(tmp_path, thumbnails=0), tmp_path / "台账.xlsx", day_copy=False).path
    said = texts(path, "总览")
    assert "（15 家）" in said
    assert "其余 11 家见“明细”表。" in said


def test_after_the_deadline_those_who_owe_are_late(sample: ModuleType, tmp_path: Path) -> None:
    board = sample.board(tmp_path, units=6, thumbnails=0, now=sample.DEADLINE + timedelta(days=3))
    path = write_tracker(board, tmp_path / "台账.xlsx", day_copy=False).path
    assert [row["是否逾期"] for row in rows(path, "明细")] == ["否", "否", "逾期未齐", "逾期未齐", "否", "逾期未齐"]
    assert "已截止 3 天" in texts(path, "总览")


def test_copies_of_our_letters_are_not_counted_as_mail_that_came(sample: ModuleType, tmp_path: Path) -> None:
    board = sample.board(tmp_path, units=6, thumbnails=0)
    first, *others = board.mails
    looped = msgspec.structs.replace(first, klass="loop", state="ignored", unit=None)
    came = sum(mail.klass != "loop" for mail in others)
    total = len(board.mails)
    board = msgspec.structs.replace(board, mails=(looped, *others))
    path = write_tracker(board, tmp_path / "台账.xlsx", day_copy=False).path
    ws = load_workbook(path)["总览"]
    tiles = {ws.cell(5, column).value: ws.cell(6, column).value for column in range(1, 13, 2)}
    assert tiles["来件总数"] == came
    own = total - came
    assert f"以上共 {total} 封：来件 {came} 封，本系统发出信件的副本 {own} 封（不计入来件总数）。" in texts(
        path, "总览"
    )


def test_a_held_mail_says_that_its_unit_is_not_known(written: Path) -> None:
    held = next(row for row in rows(written, "邮件") if row["处理情况"] == "待人工处理")
    assert (held["单位"], held["识别依据"]) == ("（未识别）", None)


def test_long_names_of_linked_files_are_cut_and_stand_whole_in_the_comment() -> None:
    name = "9月8日，市民代表走进检验室，看样品如何接收、检测和出具报告.jpg"
    entry = named(name, "../files/1.jpg", 32.0)
    assert entry.value == "9月8日，市民代…出具报告.jpg"
    assert entry.comment == name
    assert named(name, "", 32.0).value == name
    assert named("图片1.jpg", "x", 32.0).comment == ""


def test_rows_of_lists_are_never_all_in_memory(
    sample: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """openpyxl saves sheets that hold a heading and a row of sums only; 20,000 units stay in bounds."""
    held = {}
    save = aside.save

    def saved(workbook: Any, *others: Any) -> Path:
        held.update({ws.title: len({row for row, _ in ws._cells}) for ws in workbook.worksheets})
        return save(workbook, *others)

    monkeypatch.setattr(aside, "save", saved)
    path = tmp_path / "台账.xlsx"
    write_tracker(sample.board(tmp_path), path)
    assert {name: held[name] for name in SHEETS[1:]} == {name: 1 + (name == "统计汇总") for name in SHEETS[1:]}
    assert load_workbook(path)["明细"].max_row == 31
    assert load_workbook(path, read_only=True)["明细"].max_row == 31  # what the sheet says of its size
    with zipfile.ZipFile(path) as archive:
        for part in (name for name in archive.namelist() if name.startswith("xl/worksheets/sheet")):
            numbers = [int(number) for number in re.findall(rb'<row r="(\d+)"', archive.read(part))]
            assert numbers == sorted(set(numbers)), part  # else Excel offers a repair


def test_the_drop_down_of_notices_has_all_titles(sample: ModuleType, tmp_path: Path) -> None:
    """The hidden sheet has the time of the board beside them: neither may stand in the other's place."""
    path = tmp_path / "台账.xlsx"
    titles = {"quality-month": "质量月活动", "safety": "安全月活动"}
    board = msgspec.structs.replace(sample.board(tmp_path), notices=titles)
    write_tracker(board, path)
    workbook = load_workbook(path)
    ranges = [rule.formula1 for rule in workbook["待办"].data_validations.dataValidation]
    (place,) = [one for one in ranges if "$L$" in one]
    cells = workbook["收齐选项"][place.partition("!")[2].replace("$", "")]
    assert [cell.value for (cell,) in cells] == list(titles.values())
    assert read_hand(path).written == board.as_of
