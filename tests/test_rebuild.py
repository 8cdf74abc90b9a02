"""A database that is gone or damaged is made anew: the same JSON, and nobody is answered twice."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from benchmarks.campaign import campaign
from intake.commands import Setting, deciding
from intake.config import load_config
from intake.ledger import all_letter_rows, all_mail_rows
from intake.output import mails_json, outbox_json, status_json
from intake.rebuild import rebuild
from intake.standing import build_board
from intake.turns import alone
from storage.blobs import Blobs
from storage.changes import all_rows
from storage.errors import Refused, Temporary
from storage.journal import Journal
from tests.desk import Desk, captioned, everything


def shown(desk: Desk) -> dict[str, Any]:
    """What status, mails and outbox give as JSON."""
    with desk.office() as office:
        boards = [build_board(office, campaign, desk.now) for campaign in office.campaigns.values()]
        return {
            "status": status_json(boards, desk.now),
            "mails": mails_json(all_mail_rows(office), office.tz),
            "outbox": outbox_json(all_letter_rows(office), office.tz),
        }


def decided(desk: Desk) -> None:
    """Something of each kind that only a person knows."""
    setting, codes = Setting(desk.config, desk.now.isoformat(), json=True), [unit.code for unit in desk.units]
    deciding.decide(setting, unit=codes[0], requirement="summary", decision="accept", note="已电话核实")
    deciding.decide(setting, unit=codes[1], requirement="photos", decision="waive", note="")
    deciding.extend(setting, unit=codes[2], date="2022-10-20", note="")
    (held, *_) = [mail["sha256"] for mail in desk.mails().values() if mail["state"] == "held"]
    deciding.assign(setting, mail=held, unit=codes[3], once=False)


def test_a_campaign_survives_the_loss_of_its_database(tmp_path: Path) -> None:
    made = campaign(40, seed=3)
    with Desk(tmp_path, roster=made.units) as desk:
        desk.now = made.as_of
        for mail in made.mails:
            desk.server.deliver(mail.make(), mail.received_at)
        desk.mail(
            desk.units[3], everything(desk.units[3])[2:3], "见附件。", subject="材料", from_="someone@free.example"
        )
        desk.cycle()
        decided(desk)
        desk.cycle()
        before, sent, data = shown(desk), len(desk.letters), tmp_path / "data"
        with desk.office() as office, office.database.reading() as session:
            rows = {row: columns for one in all_rows(session) for row, columns in one.items()}
        assert Journal(data / "journal.jsonl").read() == rows
        for file in data.glob("shouqi.db*"):
            file.unlink()
        with pytest.raises(Temporary, match="rebuild"):
            desk.outbox()
        with alone(load_config(desk.config)):
            assert desk.command("rebuild")["status"] == 3  # a service that runs is not disturbed
        made_anew = desk.command("rebuild")
        assert (made_anew["unread"], made_anew["kept"]) == ([], "")
        assert made_anew["letters"] == len(before["outbox"]) > 10
        assert shown(desk) == before
        report = desk.cycle()
        assert (report.fetched, report.posted.sent, len(desk.letters)) == (0, [], sent)
        assert shown(desk) == before


def test_a_damaged_database_is_kept_and_lost_files_come_back(tmp_path: Path) -> None:
    with Desk(tmp_path) as desk:
        one, two, _ = desk.units
        desk.mail(one, everything(one), captioned(one))
        desk.mail(two, everything(two)[:2])
        desk.cycle()
        desk.cycle(wait=timedelta(minutes=20))
        before, data, config = shown(desk), tmp_path / "data", load_config(desk.config)
        (data / "shouqi.db").write_bytes(b"\xff" * 8192)
        blobs = Blobs(data / "blobs")
        files = {file["sha256"] for mail in before["mails"] for file in mail["attachments"]}
        for digest in files:
            blobs.path(digest).unlink()
        with pytest.raises(Temporary, match="rebuild"):
            desk.mails()
        kept = rebuild(config, desk.now).kept
        assert (data / kept).read_bytes() == b"\xff" * 8192
        assert shown(desk) == before
        assert len(files) == 6
        assert all(blobs.has(digest) for digest in files)
        lost = before["mails"][0]["sha256"]
        blobs.path(lost).unlink()
        assert rebuild(config, desk.now).unread == (lost,)
        assert shown(desk)["mails"] == before["mails"]


def test_without_a_journal_and_a_database_nothing_is_guessed(tmp_path: Path) -> None:
    with Desk(tmp_path) as desk:
        desk.mail(desk.units[0])
        desk.cycle()
        before = shown(desk)
        (tmp_path / "data" / "journal.jsonl").unlink()
        assert rebuild(load_config(desk.config), desk.now).mails == 1  # the database is whole, and tells all
        assert shown(desk) == before
        for name in ("shouqi.db", "journal.jsonl"):
            (tmp_path / "data" / name).unlink()
        with pytest.raises(Refused, match="请从备份恢复"):
            rebuild(load_config(desk.config), desk.now)
