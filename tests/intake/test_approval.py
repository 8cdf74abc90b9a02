"""Letters that wait for the coordinator: which ones, what she changes in them, and drafts that time has overtaken."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from openpyxl import load_workbook
from sqlmodel import select

from intake.commands import Setting
from intake.commands.deciding import decide, outbox
from intake.demo import materials as m
from intake.tracking import track
from storage.errors import Refused
from storage.tables import DecisionRow
from tests.desk import Desk, captioned, everything, first_line
from tests.intake.test_hand import read, write

QUIET = timedelta(minutes=10)


def all_wait(desk: Desk) -> None:
    text = desk.config.read_text("utf-8").replace('mode = "send"', 'mode = "approve"')
    desk.config.write_text(text, "utf-8")


def states(desk: Desk) -> list[str]:
    return [row["state"] for row in desk.outbox()]


def history(desk: Desk) -> list[tuple[str, str]]:
    with desk.office() as office, office.database.reading() as session:
        return [(row.kind, f"{row.by}：{row.note}") for row in session.exec(select(DecisionRow))]


def body(desk: Desk, number: int = -1, kind: str = "plain") -> str:
    part = desk.letters[number].get_body((kind,))
    assert part is not None
    return str(part.get_content())


def draft(desk: Desk) -> str:
    """The words of the letter as she sees them in 待办."""
    sheet = load_workbook(desk.folder / "data" / "tracker" / "台账.xlsx")["待办"]
    rows = [[cell.value for cell in row] for row in sheet.iter_rows()]
    (head,) = [row for row in rows if "信件正文" in row]
    return next(str(row[head.index("信件正文")]) for row in rows if row is not head and row[head.index("信件正文")])


def test_the_first_replies_of_a_notice_wait_and_then_they_leave(tmp_path: Path) -> None:
    with Desk(tmp_path, extra="approve_first = 2\n") as desk:
        for unit in desk.units:
            desk.mail(unit, everything(unit), captioned(unit))
            desk.cycle(wait=QUIET)
        assert states(desk) == ["approval", "approval", "sent"]
        assert "最早的 2 封" in desk.outbox()[0]["last_error"]
        # a newer answer to a unit whose first one waits does not slip past her
        desk.mail(desk.units[0], [m.summary(desk.units[0], 9)], "更正总结，以此件为准。")
        desk.cycle(wait=QUIET)
        desk.cycle(wait=QUIET)
        assert states(desk) == ["dropped", "approval", "sent", "approval"]


def test_only_a_doubtful_reply_waits(tmp_path: Path) -> None:
    with Desk(tmp_path, extra="approve_below = 0.6\n") as desk:
        sure, doubtful = desk.units[:2]
        desk.mail(sure, everything(sure), captioned(sure))
        desk.mail(doubtful, everything(doubtful), f"{captioned(doubtful)}\n{doubtful.name}", from_="x@other.example")
        desk.cycle(wait=QUIET)
        assert [(row["unit"], row["state"]) for row in desk.outbox()] == [
            (sure.code, "sent"),
            (doubtful.code, "approval"),
        ]
        assert "把握不足（0.5）：发件邮箱不是登记邮箱" in desk.outbox()[1]["last_error"]


def test_what_she_changed_is_sent_as_changed(tmp_path: Path) -> None:
    with Desk(tmp_path) as desk:
        all_wait(desk)
        unit = desk.units[0]
        desk.mail(unit, everything(unit), captioned(unit))
        desk.cycle(wait=QUIET)
        assert draft(desk).startswith("已齐\n")
        hers = "已齐\n\n王主任：\n    材料收到了，<b>辛苦</b> & 谢谢。\n\n    总结请再发一份盖章的扫描件。"
        write(desk, unit.addresses[0], "信件正文", hers)
        with desk.office() as office:
            track(office, desk.now)  # the tracker is written anew before she is through
        assert draft(desk) == hers
        write(desk, unit.addresses[0], "处理", "修改")
        desk.cycle(wait=QUIET)
        assert [one["To"] for one in desk.letters] == [unit.addresses[0]]
        assert body(desk).replace("\r\n", "\n") == hers + "\n"
        markup = body(desk, kind="html")
        assert "&lt;b&gt;辛苦&lt;/b&gt; &amp; 谢谢" in markup and "总结请再发一份盖章的扫描件。" in markup
        assert desk.letters[-1]["In-Reply-To"] and desk.letters[-1]["X-Shouqi-Loop"]
        ((kind, note),) = history(desk)
        assert kind == "letter-edit" and note.startswith("台账（何主任）：") and "SHA-256" in note
        assert desk.todo() == []


def test_to_change_nothing_and_say_so_sends_nothing(tmp_path: Path) -> None:
    with Desk(tmp_path) as desk:
        all_wait(desk)
        unit = desk.units[0]
        desk.mail(unit, everything(unit), captioned(unit))
        desk.cycle(wait=QUIET)
        write(desk, unit.addresses[0], "处理", "修改")
        desk.cycle(wait=QUIET)
        assert states(desk) == ["approval"]
        assert "没有改动" in read(desk, unit.addresses[0], "处理结果")


def test_a_draft_overtaken_by_new_material_is_not_sent_and_she_is_told(tmp_path: Path) -> None:
    with Desk(tmp_path) as desk:
        all_wait(desk)
        unit = desk.units[0]
        summary, case, photo, table = everything(unit)
        desk.mail(unit, [summary, case])
        desk.cycle(wait=QUIET)
        desk.mail(unit, [photo, table], captioned(unit), at=desk.now)
        write(desk, unit.addresses[0], "处理", "同意")
        desk.cycle()
        desk.cycle(wait=QUIET)
        assert states(desk) == ["dropped", "approval"]
        assert desk.letters == []
        told = [text for _, text in desk.todo() if "没有发出" in text]
        assert len(told) == 1 and "编号 1" in told[0] and "编号 2" in told[0]
        setting = Setting(config=desk.config, json=False, now=desk.now.isoformat())
        with pytest.raises(Refused, match="已作废"):
            outbox(setting, ids=[1], decision="approve")
        outbox(setting, ids=[2], decision="approve")
        desk.cycle(wait=QUIET)
        assert [first_line(one) for one in desk.letters] == ["已齐"]
        write(desk, "没有发出", "处理", "已处理")
        desk.cycle(wait=QUIET)
        assert desk.todo() == []


def test_a_draft_follows_what_she_decides_meanwhile(tmp_path: Path) -> None:
    with Desk(tmp_path) as desk:
        all_wait(desk)
        unit = desk.units[0]
        summary, case, _, table = everything(unit)
        desk.mail(unit, [summary, case, table])
        desk.cycle(wait=QUIET)
        assert draft(desk).startswith("尚缺 1 项")
        setting = Setting(config=desk.config, json=False, now=desk.now.isoformat())
        decide(setting, unit=unit.code, requirement="photos", decision="waive", note="")
        desk.cycle(wait=QUIET)
        assert draft(desk).startswith("已齐")
        decide(setting, unit=unit.code, requirement="photos", decision="reject", note="")
        desk.cycle(wait=QUIET)
        outbox(setting, ids=[row["id"] for row in desk.outbox() if row["state"] == "approval"], decision="approve")
        desk.cycle(wait=QUIET)
        assert [first_line(one) for one in desk.letters] == ["尚缺 1 项"]
