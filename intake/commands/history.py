"""`history`: every decision there ever was, by command, cell, mail or setting."""

from __future__ import annotations

from intake import words
from intake.commands import Hold, Setting, chosen_id, office_of, say, show
from intake.output import moment
from storage import board


def history(setting: Setting) -> int:
    """Oldest first; with `--notice` those about that notice and about all of them."""
    with office_of(setting, Hold.LOOK) as (office, _):
        only = chosen_id(setting, office)
        with office.database.reading() as session:
            rows = board.deeds(session, only)
    if setting.json:
        show(
            [
                {
                    "at": moment(row.at, office.tz),
                    "by": row.by,
                    "kind": row.kind,
                    "notice": row.notice,
                    "unit": row.unit,
                    "requirement": row.requirement,
                    "mail": row.mail,
                    "value": row.value,
                    "note": row.note,
                }
                for row in rows
            ]
        )
        return 0
    for row in rows:
        word = words.DEED.get(row.kind, (row.kind, ""))[0]
        about = "　".join(part for part in (row.unit, row.requirement, row.mail[:12], row.value, row.note) if part)
        say(f"{row.at.astimezone(office.tz):%Y-%m-%d %H:%M}　{row.by or '—'}　{word}　{about}".rstrip("　"))
    return 0
