"""A cycle with nothing new leaves the workbook alone; whatever would change a word in it has it written."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path

import msgspec
import pytest
from openpyxl import load_workbook

from benchmarks.others import CHINA
from intake import tracking
from intake.demo import materials as m
from intake.demo.clients import compose
from intake.demo.machines import qq_big_attachment
from intake.demo.units import OFFICE_ADDRESS
from intake.standing import build_board
from intake.tracker import book as writer
from intake.view import Board
from storage import board
from tests.desk import Desk, captioned, everything
from tests.intake.test_hand import write

LINK = qq_big_attachment("见附件。", name="短片.mp4", size="183.40M", expires="2022年10月07日 10:12", key="5f2c")


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    """Something owed, something complete, and a workbook in its place."""
    with Desk(tmp_path, roster=4, sections='\n[letters]\nfolder = "letters"\n') as running:
        (tmp_path / "letters").mkdir()
        unit, other = running.units[:2]
        running.mail(unit, everything(unit), captioned(unit))
        sender = (other.contact, other.addresses[0])
        film = compose(
            "qq", from_=sender, to=OFFICE_ADDRESS, subject="宣传短片", text="见附件。", html=LINK, date=running.now,
            message_id="<film@unit.example>",
        )  # fmt: skip
        running.deliver(film, running.now)
        running.cycle(wait=timedelta(minutes=10))
        running.cycle(wait=timedelta(hours=1))  # copies of our own letters
        yield running


def book(desk: Desk) -> Path:
    return desk.folder / "data" / "tracker" / "台账.xlsx"


def written_by(desk: Desk, *, wait: timedelta = timedelta(minutes=2)) -> bool:
    """True when a cycle wrote the workbook."""
    before = book(desk).stat().st_mtime_ns if book(desk).is_file() else 0
    report = desk.cycle(wait=wait)
    written = book(desk).stat().st_mtime_ns != before
    assert [one.note == "没有变化" for one in report.tracker] == [not written]
    return written


def test_nothing_new_leaves_workbook_and_journal_alone(desk: Desk) -> None:
    journal = desk.folder / "data" / "journal.jsonl"
    assert not written_by(desk)
    before = journal.stat().st_size
    assert not written_by(desk)
    assert journal.stat().st_size == before


def _mail(desk: Desk) -> None:
    desk.mail(desk.units[2], [m.summary(desk.units[2], 1)])


def _save(desk: Desk) -> None:
    workbook = load_workbook(book(desk))
    workbook.properties.lastModifiedBy = "何主任"
    workbook.save(book(desk))


def _decided(desk: Desk) -> None:
    desk.command("extend", desk.units[3].code, "2022-10-20")


def _gone(desk: Desk) -> None:
    book(desk).unlink()


def _torn(desk: Desk) -> None:
    book(desk).write_bytes(b"PK torn")


def _copy_gone(desk: Desk) -> None:
    next(book(desk).parent.glob("台账-2022-*.xlsx")).unlink()


def _opened(desk: Desk) -> None:
    (book(desk).parent / "~$台账.xlsx").write_bytes(b"\x03abc")


def _settings(desk: Desk) -> None:
    desk.configure("[office]\n", '[office]\nphone = "0871-55501234"\n')


def _phone(desk: Desk) -> None:
    roster = desk.folder / "roster.xlsx"
    workbook = load_workbook(roster)
    workbook.active.cell(3, 6).value = "0871-60000000"
    workbook.save(roster)


def _template(desk: Desk) -> None:
    (desk.folder / "letters" / "reply.j2").write_text("{% block subject %}{{", "utf-8")


def _killed(desk: Desk) -> None:
    """The workbook was written and nobody noted from what."""
    with desk.office() as office, office.database.writing() as session:
        for key in board.facts(session, "drawn:"):
            board.drop_fact(session, key)


def _folder(desk: Desk) -> None:
    (folder,) = (desk.folder / "data" / "files").glob(f"*/{desk.units[0].code} *")
    folder.rename(desk.folder / "elsewhere")


@pytest.mark.parametrize(
    "happens",
    [
        _mail,
        _decided,
        _save,
        _gone,
        _torn,
        _copy_gone,
        _opened,
        _settings,
        _phone,
        _template,
        _killed,
        _folder,
    ],
    ids=[
        "mail",
        "decision",
        "saved",
        "gone",
        "torn",
        "copy-gone",
        "opened",
        "settings",
        "roster",
        "template",
        "killed",
        "folder",
    ],
)
def test_whatever_changes_has_it_written(desk: Desk, happens: Callable[[Desk], None]) -> None:
    assert not written_by(desk)
    happens(desk)
    before = {one: one.stat().st_mtime_ns for one in book(desk).parent.glob("台账*.xlsx")}
    desk.cycle(wait=timedelta(minutes=2))
    assert {one: one.stat().st_mtime_ns for one in book(desk).parent.glob("台账*.xlsx")} != before


def test_the_command_always_writes(desk: Desk) -> None:
    assert not written_by(desk)
    before = book(desk).stat().st_mtime_ns
    desk.command("tracker")
    assert book(desk).stat().st_mtime_ns != before


def test_while_it_is_open_elsewhere_it_is_tried_again_and_written_when_it_is_free(desk: Desk) -> None:
    lock = book(desk).parent / "~$台账.xlsx"
    lock.write_bytes(b"\x03abc")
    (made,) = desk.cycle(wait=timedelta(minutes=2)).tracker
    assert made.path != book(desk)
    (unchanged,) = desk.cycle(wait=timedelta(minutes=2)).tracker
    assert (unchanged.path, unchanged.note) == (made.path, f"没有变化。{made.note}")
    assert "正被打开" in desk.cycle(wait=timedelta(minutes=10)).tracker[0].note
    lock.unlink()
    assert written_by(desk)
    assert not written_by(desk)


@pytest.mark.parametrize("opened", [False, True], ids=["free", "opened"])
def test_what_she_decides_while_it_is_written_is_carried_out(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, *, opened: bool
) -> None:
    """She saves once the board is built, or, with the workbook open, when ours goes beside it."""
    module, name = (writer, "opened_by") if opened else (tracking, "build_board")
    usual: Callable[..., object] = getattr(module, name)

    def meanwhile(*args: object) -> object:
        found = usual(*args)
        monkeypatch.undo()
        write(desk, desk.units[3].code, "人工结论", "免报", sheet="明细")
        return found

    if opened:
        _opened(desk)
    _mail(desk)
    monkeypatch.setattr(module, name, meanwhile)
    desk.cycle(wait=timedelta(minutes=2))
    assert desk.status()[desk.units[3].code]["state"] == "missing"
    assert desk.cycle(wait=timedelta(minutes=2)).decided == 1
    assert desk.status()[desk.units[3].code]["state"] == "complete"
    assert desk.cycle(wait=timedelta(minutes=2)).decided == 0


@pytest.mark.parametrize(
    "moment",
    ["10-09T00:00", "10-09T08:30", "10-09T09:00", "10-04T10:12", "10-07T10:12", "10-13T00:00:00.000001"],
    ids=["day", "hour", "reminders", "link-soon", "link", "deadline"],
)
def test_what_the_clock_changes_is_written(desk: Desk, moment: str) -> None:
    then = datetime.fromisoformat(f"2022-{moment}").replace(tzinfo=CHINA)
    desk.now = then - timedelta(minutes=1)
    for _ in range(3):  # reminders, and then their copies
        desk.cycle()
    assert not written_by(desk, wait=timedelta())
    desk.now = then
    assert written_by(desk, wait=timedelta())


def test_until_that_moment_the_board_says_the_same(desk: Desk) -> None:
    """The law behind it: from one moment to the next the board is the same but for its time."""
    with desk.office() as office:
        (campaign,) = office.campaigns.values()
        at, last, moments = desk.now, desk.now + timedelta(days=9), 0
        while at < last:
            first = build_board(office, campaign, at)
            assert first.until is not None and first.until > at
            for part in (0.01, 0.5, 0.99):
                between = at + (first.until - at) * part
                assert _told(build_board(office, campaign, between)) == _told(first)
            at, moments = first.until, moments + 1
        assert moments > 20


def _told(one: Board) -> Board:
    return msgspec.structs.replace(one, as_of=datetime(2022, 1, 1, tzinfo=CHINA), until=None)
