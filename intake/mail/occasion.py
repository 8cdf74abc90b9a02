"""What the gates of an automatic answer must know beside the mail itself."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from intake.mail.message import MailClass


@dataclass(frozen=True, slots=True, kw_only=True)
class Occasion:
    """What the gates must know beside the mail. What the caller does not know keeps its default."""

    received_at: datetime
    """INTERNALDATE, aware."""
    now: datetime
    klass: MailClass = "person"
    own_addresses: frozenset[str] = frozenset()
    """Every address of the office, lower case: its letters' From, aliases, logins."""
    own_message_id_domain: str = ""
    registered: bool = False
    """The letter would go to a registered address of a unit."""
    sender_known: bool = True
    """The mail itself came from such an address."""
    unregistered: Literal["hold", "reply"] = "hold"
    has_new_files: bool = False
    """The mail brings material: attachments or links."""
    server_writes_return_path: bool = False
    """The mailbox's server puts a Return-Path on every mail, so that a missing one means something."""
    authserv_id: str = ""
    """Whose Authentication-Results are believed (RFC 8601, 2.5); "" = servers under the domain of an own address."""
    junk_folder: bool = False
    first_start: datetime | None = None
    """Mail from before the service's first start is not answered; None = it is."""
    not_older_than: timedelta | None = None
    same_as_last: bool = False
    """Nothing has changed since the last letter to this unit."""
    sent_today: int = 0
    """Letters to this recipient in the last 24 hours."""
    per_sender_per_day: int = 4
    sent_this_hour: int = 0
    """Letters of the whole service in the last hour."""
    per_hour: int = 60
    mode: Literal["send", "approve", "off"] = "send"
