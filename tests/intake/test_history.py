"""The audit trail: every way of deciding leaves who, what and when, in the journal too, and nothing is taken out."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from intake.demo import materials as m
from storage.journal import Journal
from tests.desk import Desk, everything, own_notice
from tests.intake.test_cli import Office
from tests.intake.test_hand import write

KINDS = {
    *("assign", "accept", "extend", "waive", "letter-drop", "letter-approve"),
    *("resume", "import", "notice", "roster", "replay", "rebuild"),
}
EML = b"From: a@b.example\r\nSubject: x\r\nDate: Mon, 26 Sep 2022 10:00:00 +0800\r\n\r\nx\r\n"


@pytest.fixture
def office(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Iterator[Office]:
    with Desk(tmp_path, roster=3, mode="approve") as desk:
        yield Office(desk, monkeypatch, capsys)


def test_every_way_of_deciding(office: Office) -> None:
    desk = office.desk

    def command(*words: str) -> Any:
        """Its JSON document."""
        return office(*words, "--now", desk.now.isoformat(), "--json").document

    first, second, third = desk.units
    desk.mail(first, everything(first))
    desk.mail(second, everything(second))
    desk.mail(third, [m.photo(third, 1, name="图1.jpg")], "见附件", subject="材料", from_="x@elsewhere.example")
    desk.cycle()
    desk.cycle(wait=timedelta(minutes=11))
    held = next(id for id, row in desk.mails().items() if row["from"]["address"] == "x@elsewhere.example")
    letters = [str(one["id"]) for one in desk.outbox()]
    command("assign", held, third.code)
    command("decide", first.code, "summary", "accept", "--note", "已看")
    command("extend", second.code, "2022-10-20")
    command("outbox", "drop", letters[0])
    command("outbox", "approve", letters[1])
    write(desk, third.name, "人工结论", "免报", sheet="明细")
    command("run", "--once")
    command("resume")
    (desk.folder / "a.eml").write_bytes(EML)
    command("import", "a.eml")
    names = "\n".join(f"{unit.code},{unit.name},{unit.addresses[0]}" for unit in desk.units[:2])
    (desk.folder / "roster.csv").write_text(f"代码,单位,邮箱\n{names}\n", "utf-8")  # a unit less
    desk.configure("roster.xlsx", "roster.csv")
    given = re.findall(r"(?m)^file = '(.*)'$", desk.config.read_text("utf-8"))[0]
    shutil.copy(Path(given).parent / "annex-3.xlsx", desk.folder)
    own_notice(desk, Path(given).read_text("utf-8").replace("max = 2", "max = 3"))
    command("run", "--once")
    command("replay", "--send")
    before = command("history")
    command("rebuild")
    after = command("history")
    assert after[: len(before)] == before
    assert KINDS - {row["kind"] for row in after} == set()
    assert all(row["by"] and row["at"] for row in after)
    assert {row["by"].partition("（")[0] for row in after} >= {"命令", "配置"}
    journal = Journal(desk.folder / "data/journal.jsonl").read()
    kept = [str((columns or {})["kind"]) for (table, _), columns in journal.items() if table == "decision"]
    assert sorted(kept) == sorted(row["kind"] for row in after)
