"""What belongs into the archive package of one notice: every material under unit and requirement, every raw mail.

Where a file lies follows from the board alone, so a second run finds the same places: what is in force in
`报送材料/UNIT/REQUIREMENT`, earlier versions below it in `以前版本`, what nobody could place in `未归类`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Final

from intake.export.manifest import Entry, State
from intake.saved import numbered, safe_name
from intake.view import Board, MailRow, UnitRow
from rules.verdict import Standing

MATERIALS: Final = "报送材料"
MAILS: Final = "来信原件"
EARLIER: Final = "以前版本"
UNPLACED: Final = "未归类"
UNSETTLED: Final = "未定单位"
_FOLDERS: Final[Mapping[str, tuple[State, str]]] = {
    "superseded": ("superseded", EARLIER),
    "withdrawn": ("withdrawn", "已撤回"),
    "pending": ("pending", "待核实"),
}
_UNIT, _REQUIREMENT, _FILE = 40, 24, 80
"""Characters of the parts of a path: together with a folder of usual depth they stay below the 260 of Windows."""


def contents(board: Board, *, alone: bool) -> tuple[Entry, ...]:
    """Every material and mail of the notice, in the order of the roster. `alone`: no other notice is running."""
    mails = {mail.sha256: mail for mail in board.mails}
    taken: set[str] = set()
    return (*_materials(board, mails, taken), *_mails(board, taken, alone=alone))


def _materials(board: Board, mails: Mapping[str, MailRow], taken: set[str]) -> Iterator[Entry]:
    folders: set[str] = set()
    for row in board.units:
        home = numbered(f"{MATERIALS}/{safe_name(f'{row.unit.code} {row.unit.name}', _UNIT)}", folders)
        places: set[str] = set()
        for standing in row.verdict.standings:
            place = numbered(f"{home}/{safe_name(standing.name, _REQUIREMENT)}", places)
            yield from _standing(board, row, standing, place, mails, taken)
        for piece in row.verdict.unplaced:
            if piece.key.partition(":")[0] not in row.verdict.strays:
                sent = mails.get(piece.key.partition(":")[0])
                came = sent.received_at if sent is not None else None
                yield _entry(
                    board, row, None, f"{home}/{UNPLACED}", "unplaced", (piece.name, piece.sha256, piece.key, 0),
                    piece.why, came, mails, taken,
                )  # fmt: skip


def _standing(
    board: Board, row: UnitRow, standing: Standing, place: str, mails: Mapping[str, MailRow], taken: set[str]
) -> Iterator[Entry]:
    """The files in force, oldest first, so that a new one does not change the number of an old one; then the others."""
    there: set[str] = set()
    for file in sorted(standing.files, key=lambda file: file.received_at):
        state: State = "link" if _is_link(file.key) else "current"
        told = (file.name, file.sha256, file.key, file.size)
        there.add(file.sha256)
        yield _entry(board, row, standing, place, state, told, file.why, file.received_at, mails, taken)
    for version in standing.history:
        if version.state in _FOLDERS and version.sha256 not in there and not _is_link(version.key):
            there.add(version.sha256)
            told = (version.name, version.sha256, version.key, version.size)
            state, folder = _FOLDERS[version.state]
            yield _entry(
                board, row, standing, f"{place}/{folder}", state, told, version.why, version.received_at, mails, taken
            )


def _entry(
    board: Board,
    row: UnitRow,
    standing: Standing | None,
    folder: str,
    state: State,
    told: tuple[str, str, str, int],
    why: str,
    came: datetime | None,
    mails: Mapping[str, MailRow],
    taken: set[str],
) -> Entry:
    """`told`: name, digest, key and size of the piece."""
    name, digest, key, size = told
    mail = mails.get(key.partition(":")[0])
    if _is_link(key):
        state = "link"
    return Entry(
        path="" if state == "link" else numbered(f"{folder}/{safe_name(name, _FILE)}", taken),
        sha256="" if state == "link" else digest,
        size=size,
        kind="material",
        name=name,
        unit=row.unit.code,
        unit_name=row.unit.name,
        requirement=standing.id if standing is not None else "",
        requirement_name=standing.name if standing is not None else "",
        state=state,
        verdict=standing.state if standing is not None and state in ("current", "link") else "",
        why=why,
        mail=mail.message_id if mail is not None else "",
        mail_sha256=key.partition(":")[0],
        sender=mail.from_address if mail is not None else "",
        received_at=_iso(came, board),
    )


def _is_link(key: str) -> bool:
    """A cloud attachment: the file itself is not in the mail."""
    return key.partition(":")[2].startswith("超大附件/")


def _mails(board: Board, taken: set[str], *, alone: bool) -> Iterator[Entry]:
    """The mails of this notice as they came; advertisements, bounces and our own letters are no part of an archive."""
    units = {row.unit.code: row.unit for row in board.units}
    counted = {key: row.unit for row in board.units for key in _counted(row)}
    for mail in board.mails:
        ours = board.notice.id in mail.notices or (not mail.notices and alone) or mail.sha256 in counted
        if not ours or (mail.state == "ignored" and mail.sha256 not in counted):
            continue
        # the code is one of the roster of the first notice that the mail answers
        own = units.get(mail.unit or "") if mail.notices[:1] in ((), (board.notice.id,)) else None
        unit = own or counted.get(mail.sha256)
        home = safe_name(f"{unit.code} {unit.name}", _UNIT) if unit is not None else UNSETTLED
        came = mail.received_at.astimezone(board.tz)
        name = safe_name(f"{came:%Y%m%d-%H%M} {mail.subject or '（无主题）'}", _FILE - 4) + ".eml"
        yield Entry(
            path=numbered(f"{MAILS}/{home}/{name}", taken),
            sha256=mail.sha256,
            size=0,
            kind="mail",
            name=mail.subject,
            unit=unit.code if unit is not None else "",
            unit_name=unit.name if unit is not None else "",
            verdict=mail.state,
            why=mail.reason,
            mail=mail.message_id,
            mail_sha256=mail.sha256,
            sender=mail.from_address,
            received_at=_iso(mail.received_at, board),
        )


def _counted(row: UnitRow) -> Iterator[str]:
    """Digests of the mails that brought any of the unit's files."""
    for standing in row.verdict.standings:
        for key in (*(file.key for file in standing.files), *(version.key for version in standing.history)):
            yield key.partition(":")[0]


def _iso(moment: datetime | None, board: Board) -> str:
    return moment.astimezone(board.tz).isoformat(timespec="seconds") if moment is not None else ""
