"""Which mails wait for an answer about one notice: a mail that answers two is answered about each, once."""

from __future__ import annotations

from collections.abc import Sequence

from sqlmodel import Session

from rules.verdict import Verdict
from storage import also
from storage.tables import AlsoRow, MailRow


class Marks:
    """The mails of one unit that its letters for one notice answer."""

    def __init__(self, session: Session, verdict: Verdict, mails: Sequence[MailRow]) -> None:
        """`mails`: all that count for it; one that only brings some files of this unit is another unit's to answer."""
        self._also = also.also_for(session, verdict.notice, verdict.unit)
        self.mails = [
            mail
            for mail in mails
            if mail.id in self._also or (mail.notice == verdict.notice and mail.unit == verdict.unit)
        ]

    def of(self, mail: MailRow) -> MailRow | AlsoRow:
        """Where it stands whether this mail waits for an answer about this notice."""
        return self._also.get(mail.id or 0, mail)

    @property
    def open(self) -> list[MailRow]:
        """Those that wait."""
        return [mail for mail in self.mails if self.of(mail).reply_open]
