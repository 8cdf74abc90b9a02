"""Letters to the coordinator on real servers: morning mail, phone list, closing report, what the watch sees."""

from __future__ import annotations

import io
import json
import re
from collections.abc import Iterator
from datetime import datetime
from email.message import EmailMessage
from pathlib import Path

import openpyxl
import pytest

from benchmarks.others import CHINA
from intake.commands import Setting
from intake.commands.deciding import decide, extend
from intake.commands.reporting import report
from intake.demo import materials as m
from intake.demo.clients import compose
from intake.demo.units import OFFICE_ADDRESS
from intake.reports.alarms import ringing
from tests.desk import Desk, captioned, everything, first_line

HER = "jbr@office.example"
SECTIONS = f'\n[schedule]\nreminders = []\n\n[coordinator]\naddress = "{HER}"\nreport_at = "08:30"\n'


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    """An office of three units with a coordinator, started on a Monday at ten."""
    with Desk(tmp_path, roster=3, sections=SECTIONS) as running:
        yield running


def at(day: int, hour: int = 8, minute: int = 35, month: int = 10) -> datetime:
    return datetime(2022, month, day, hour, minute, tzinfo=CHINA)


def hers(desk: Desk, *moments: datetime) -> list[EmailMessage]:
    """A cycle at each moment; the letters to her."""
    before = len(desk.letters)
    for moment in moments:
        desk.now = moment
        desk.cycle()
    return [one for one in desk.letters[before:] if str(one["To"]) == HER]


def subjects(letters: list[EmailMessage]) -> list[str]:
    return [re.split("[：:]", str(one["Subject"]))[0] for one in letters]


def text(letter: EmailMessage) -> str:
    part = letter.get_body(("plain",))
    assert part is not None
    return str(part.get_content())


def change(desk: Desk, old: str, new: str) -> None:
    settings = desk.config.read_text("utf-8")
    assert old in settings
    desk.config.write_text(settings.replace(old, new), "utf-8")


def test_the_morning_mail_over_a_weekend_tells_all_since_friday_with_the_tracker(desk: Desk) -> None:
    unit = desk.units[0]
    assert subjects(hers(desk, at(23, month=9), at(23, 12, month=9))) == ["晨报"]  # a Friday
    desk.mail(unit, everything(unit), captioned(unit), at=at(24, 11, month=9))
    assert hers(desk, at(24, month=9), at(24, 12, month=9), at(25, month=9), at(26, 8, 0, month=9)) == []
    (letter,) = hers(desk, at(26, month=9), at(26, 9, month=9))
    assert letter["Auto-Submitted"] == "auto-generated" and letter["X-Shouqi-Loop"]
    told = text(letter)
    assert "自9月23日08:35以来收到来件 1 封" in told
    assert re.search(rf"{unit.name}　已齐", told)
    assert "尚缺材料单位（2 家）" in told and desk.units[1].phone in told
    assert re.search(r"服务器 \d+ 封，已登记 \d+ 封，一致", told)
    (book,) = letter.iter_attachments()
    assert str(book.get_filename()).endswith("2022-09-26.xlsx")
    data = book.get_payload(decode=True)
    assert isinstance(data, bytes)
    assert openpyxl.load_workbook(io.BytesIO(data)).sheetnames[0] == "总览"
    assert hers(desk, at(27, month=9)) and hers(desk, at(1), at(5), at(7)) == []  # the week off


def test_a_tracker_that_is_too_big_is_named(desk: Desk) -> None:
    change(desk, 'report_at = "08:30"', 'report_at = "08:30"\nattachment_mb = 0')
    (letter,) = hers(desk, at(27, month=9))
    assert list(letter.iter_attachments()) == []
    assert "台账较大" in text(letter) and "台账.xlsx" in text(letter)


def test_the_phone_list_of_the_last_day_in_letter_and_workbook(desk: Desk) -> None:
    complete, partial, late = desk.units
    desk.mail(complete, everything(complete), captioned(complete), at=at(10))
    desk.mail(partial, [m.summary(partial, 1)], at=at(10))
    hers(desk, at(10, 9), at(11, 9))
    setting = Setting(config=desk.config, now=at(11, 10).isoformat(), json=True)
    extend(setting, unit=late.code, date="2022-10-14", note="")
    letters = hers(desk, at(12, 8, 59), at(12, 9, 1), at(12, 15))
    (phones,) = [one for one in letters if "电话催报名单" in str(one["Subject"])]
    assert first_line(phones) == "今天截止，尚缺 1 家"
    assert partial.phone in text(phones) and partial.contact in text(phones)
    assert "延期" not in text(phones)
    assert complete.name not in text(phones) and late.name not in text(phones)
    (todo,) = [line for kind, line in desk.todo() if kind == "phone"]
    assert partial.phone in todo
    (phones,) = [one for one in hers(desk, at(13, 9, 5), at(14, 9, 5)) if "电话催报名单" in str(one["Subject"])]
    assert late.phone in text(phones) and partial.name not in text(phones)
    assert "中延期或期限另定的材料报送今天截止" in text(phones)


def test_the_closing_report_comes_once_after_the_deadline(desk: Desk, capsys: pytest.CaptureFixture[str]) -> None:
    complete, partial, silent = desk.units
    desk.mail(complete, everything(complete), captioned(complete), at=at(10))
    hers(desk, at(10, 9), at(12, 20))
    desk.mail(partial, [m.summary(partial, 1)], at=at(13, 7))
    letters = [one for one in hers(desk, at(13), at(13, 12), at(14)) if "通报" in str(one["Subject"])]
    (letter,) = letters
    assert first_line(letter) == "应报 3 家，已报 2 家，报送率 66.7%"
    told = re.sub(r"\s+", "", text(letter))
    assert "按时1家、逾期1家" in told and "按时率33.3%" in told
    assert "未报单位名单（1家）" in told and silent.phone in told
    capsys.readouterr()
    assert report(Setting(config=desk.config, now=desk.now.isoformat(), json=True), kind="closing") == 0
    (notice,) = json.loads(capsys.readouterr().out)["notices"]
    assert notice["figures"]["rate"] == "66.7%"
    assert [one["code"] for one in notice["missing"]] == [silent.code]
    assert notice["missing"][0]["phone"] == silent.phone
    assert notice["late"] == [partial.code]
    assert set(notice["classes"]) == {unit.category for unit in desk.units}


def test_who_was_given_more_time_is_named_with_it(desk: Desk, capsys: pytest.CaptureFixture[str]) -> None:
    desk.cycle()
    longer, over, _ = desk.units
    extend(
        Setting(config=desk.config, now=desk.now.isoformat(), json=True), unit=longer.code, date="2022-10-18", note=""
    )
    (letter,) = [one for one in hers(desk, at(13), at(13, 12)) if "通报" in str(one["Subject"])]
    told = re.sub(r"\s+", "", text(letter))
    assert f"{longer.phone}全部（时限延至2022年10月18日（星期二））" in told
    assert f"{over.phone}全部（" not in told
    capsys.readouterr()
    assert report(Setting(config=desk.config, now=desk.now.isoformat(), json=True), kind="closing") == 0
    (notice,) = json.loads(capsys.readouterr().out)["notices"]
    until = {one["code"]: one["open_until"] for one in notice["missing"]}
    assert until[longer.code] == "2022-10-18T23:59:59+08:00" and until[over.code] is None


def test_who_is_excused_is_not_asked(desk: Desk, capsys: pytest.CaptureFixture[str]) -> None:
    desk.cycle()
    excused = desk.units[0]
    setting = Setting(config=desk.config, now=desk.now.isoformat(), json=True)
    for one in desk.status()[excused.code]["requirements"]:
        if one["required"]:
            decide(setting, unit=excused.code, requirement=one["id"], decision="waive", note="")
    capsys.readouterr()
    assert report(setting, kind="closing") == 0
    (notice,) = json.loads(capsys.readouterr().out)["notices"]
    assert (notice["figures"]["asked"], notice["figures"]["excused"], notice["excused"]) == (2, 1, [excused.code])
    assert report(setting, kind="daily") == 0
    assert json.loads(capsys.readouterr().out)["notices"][0]["figures"]["missing"] == 2


def test_a_closing_report_waits_while_the_mailbox_is_away(desk: Desk) -> None:
    hers(desk, at(12, 20))
    change(desk, f"port = {desk.server.imap_port}", "port = 1")
    assert "通报" not in "".join(str(one["Subject"]) for one in hers(desk, at(13)))
    change(desk, "port = 1\n", f"port = {desk.server.imap_port}\n")
    assert "报送情况通报" in subjects(hers(desk, at(13, 15)))


def test_a_mailbox_that_stays_away_alarms_once_and_its_return_too(desk: Desk) -> None:
    hers(desk, at(27, 10, month=9))
    change(desk, f"port = {desk.server.imap_port}", "port = 1")
    quiet = hers(desk, at(27, 10, 30, month=9))
    alarms = hers(desk, at(27, 11, 10, month=9), at(27, 11, 20, month=9), at(27, 14, month=9))
    change(desk, "port = 1\n", f"port = {desk.server.imap_port}\n")
    back = hers(desk, at(27, 15, month=9), at(27, 16, month=9))
    assert (subjects(quiet), subjects(alarms), subjects(back)) == ([], ["警报"], ["警报解除"])
    assert "收件邮箱连不上" in str(alarms[0]["Subject"])


def test_disk_and_held_mails_alarm(desk: Desk) -> None:
    raw = compose(
        "foxmail",
        from_=("小丁", "who@mail.example"),
        to=OFFICE_ADDRESS,
        subject="请问",
        text="请问材料还能再补吗？",
        date=at(26, 11, month=9),
        message_id="<who@mail.example>",
    )
    desk.server.deliver(raw, at(26, 11, month=9))
    change(desk, 'report_at = "08:30"', 'report_at = "08:30"\ndisk_free_mb = 1000000000\nheld = "1d"')
    hers(desk, at(27, 10, month=9), at(27, 16, month=9))
    with desk.office() as office, office.database.reading() as session:
        assert "disk" in ringing(session)
    change(desk, "disk_free_mb = 1000000000", "disk_free_mb = 0")
    hers(desk, at(28, 12, month=9))
    with desk.office() as office, office.database.reading() as session:
        kinds = set(ringing(session))
    assert "disk" not in kinds
    assert desk.mails()["<who@mail.example>"]["state"] == "held"
    assert "held" in kinds


def test_no_coordinator_no_reports(tmp_path: Path) -> None:
    with Desk(tmp_path, roster=2, sections="\n[schedule]\nreminders = []\n") as desk:
        assert hers(desk, at(27, month=9), at(12, 9, 5), at(13)) == []
        assert desk.letters == []
