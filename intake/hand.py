"""Decisions that the coordinator wrote into 待办: 归属单位 and 处理 take effect in the next cycle.

The workbook is only read when it changed since we wrote it, so an idle poll costs nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path

import structlog
from sqlmodel import Session

from intake import halt
from intake.decisions import assign_mail, ignore_mail, mark_done, move_letter
from intake.office import Campaign, Office
from intake.tracker import read_hand
from rules.unit import Unit
from storage import board, inbox
from storage.errors import Refused
from storage.tables import LetterRow

log = structlog.get_logger()

LETTER_WORDS = {"同意": "approve", "不发": "drop"}


def tracker_path(office: Office, campaign: Campaign) -> Path:
    """Where the tracker of this notice lies."""
    name = "台账.xlsx" if len(office.campaigns) == 1 else f"台账-{campaign.notice.id}.xlsx"
    return office.data_dir / "tracker" / name


def remember(office: Office, campaign: Campaign) -> None:
    """Note what the workbook looks like now that we know what it says."""
    with office.database.writing() as session:
        board.set_fact(session, f"tracker:{campaign.notice.id}", _look(tracker_path(office, campaign)))


def unread(office: Office, campaign: Campaign) -> bool:
    """True when somebody saved the workbook since we wrote it, and what it says was not read yet."""
    with office.database.reading() as session:
        known = board.known_fact(session, f"tracker:{campaign.notice.id}")
    return known is not None and _look(tracker_path(office, campaign)) not in ("", known)


def _look(path: Path) -> str:
    if not path.is_file():
        return ""
    found = path.stat()
    return f"{found.st_mtime_ns}:{found.st_size}"


def take_decisions(office: Office, now: datetime) -> int:
    """Carry out what she wrote since we last wrote the workbooks; returns how many decisions there were."""
    number = 0
    for campaign in office.campaigns.values():
        if not unread(office, campaign):
            continue
        for key, cells in read_hand(tracker_path(office, campaign)).todo.items():
            number += _carry_out(office, campaign, key, cells, now)
        remember(office, campaign)
    return number


def _carry_out(office: Office, campaign: Campaign, key: str, cells: Mapping[str, str], now: datetime) -> bool:
    """One row of 待办. What cannot be done is logged, and the row stays for her."""
    unit, word = cells.get("归属单位", "").strip(), cells.get("处理", "").strip()
    if not unit and not word:
        return False
    try:
        with office.database.writing() as session:
            if key == f"alarm:{halt.ALARM}":
                return word == "同意" and halt.resume(office, session, now) is not None
            return _apply(session, campaign, key, _unit(campaign, unit), word, now)
    except Refused as error:
        log.warning("decision not possible", key=key, why=str(error))
        return False


def _unit(campaign: Campaign, wanted: str) -> Unit | None:
    if not wanted:
        return None
    found = [u for u in campaign.units.values() if wanted in (u.name, u.code, u.short, *u.aliases)]
    if len(found) != 1:
        raise Refused(f"名册里没有唯一的“{wanted}”。")
    return found[0]


def _apply(session: Session, campaign: Campaign, key: str, unit: Unit | None, word: str, now: datetime) -> bool:
    kind, _, rest = key.partition(":")
    if kind == "letter" and word in LETTER_WORDS:
        letter = session.get(LetterRow, int(rest))
        if letter is None:
            raise Refused(f"信件 {rest} 不存在。")
        move_letter(session, letter, LETTER_WORDS[word], now)
        return True
    mail = inbox.find_mail(session, rest) if kind in ("mail", "sender", "others", "ask") else None
    if mail is not None and unit is not None:
        if mail.unit != unit.code or mail.trust != "registered" or kind == "others":
            assign_mail(session, campaign, unit, mail, now)
            return True
        return False
    if mail is not None and kind == "mail" and word == "忽略":
        ignore_mail(session, mail, now)
        return True
    if word in ("忽略", "已处理"):
        mark_done(session, campaign, key, word, now)
        return True
    return False
