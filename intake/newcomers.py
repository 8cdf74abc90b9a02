"""A notice that was not in the settings before: mails that nobody could place may be for it, and are taken again.

What was counted for another notice stays there: a person moves it (`assign MAIL UNIT --notice ID`). A notice that
is taken out loses nothing either: its mails, verdicts and letters stay as they are, and count again when it is back.
"""

from __future__ import annotations

import json

from sqlmodel import col, or_, select

from intake import speech
from intake.office import Office
from storage import board
from storage.tables import MailRow

_KNOWN = "notices"
"""The fact that holds the ids of the last run."""


def take_again(office: Office) -> int:
    """Put back what waits for a person, and what plainly had another matter, when a notice is new; how many mails."""
    with office.database.writing() as session:
        known, ids = board.known_fact(session, _KNOWN), sorted(office.campaigns)
        if known == json.dumps(ids):
            return 0
        board.set_fact(session, _KNOWN, json.dumps(ids))
        if known is None or set(ids) <= set(json.loads(known)):
            return 0
        stray = (col(MailRow.state) == "processed") & (col(MailRow.reply_why) == speech.STRAY)
        rows = session.exec(select(MailRow).where(or_(col(MailRow.state) == "held", stray))).all()
        for mail in rows:
            if mail.notice and mail.unit and mail.state == "processed":
                board.touch(session, mail.notice, mail.unit)
            mail.state, mail.reason = "received", "配置中加入了新的通知，重新认定"
            session.add(mail)
        return len(rows)
