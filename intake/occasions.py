"""What the gates of answering must know of a mail and its moment, put together from settings and ledger."""

from __future__ import annotations

from datetime import datetime

from intake import speech
from intake.mail import marks
from intake.mail.message import Message
from intake.mail.occasion import Occasion
from intake.office import Office
from storage.tables import MailRow


def occasion_of(office: Office, mail: MailRow, message: Message, now: datetime, *, registered: bool) -> Occasion:
    """The occasion of one mail; `registered`: the letter would go to a registered address."""
    replies = office.config.replies
    return Occasion(
        own_addresses=office.own.addresses,
        own_message_id_domain=office.domain,
        klass=mail.klass,  # type: ignore[arg-type]  # a MailClass, stored as text
        received_at=mail.received_at,
        now=now,
        registered=registered,
        sender_known=mail.trust in ("registered", "unproven"),
        unregistered=replies.unregistered,
        has_new_files=not speech.brings_nothing(message),
        server_writes_return_path=office.config.imap.writes_return_path,
        junk_folder=marks.is_junk_folder(office.config.imap.folder),
        not_older_than=replies.not_older_than,
        authserv_id=office.config.imap.authserv_id,
        mode=replies.mode,
    )
