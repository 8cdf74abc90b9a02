"""The blind copies of our letters in the office mailbox, known by their Message-ID."""

from __future__ import annotations

from email.parser import BytesHeaderParser
from typing import Any

from imapclient import IMAPClient
from imapclient.exceptions import IMAPClientAbortError, IMAPClientError

from intake.mail.imap import examine
from intake.mail.wire import understood

MESSAGE_ID = "BODY.PEEK[HEADER.FIELDS (MESSAGE-ID)]"
"""What to ask for, so that `message_id_of` finds it in the answer."""
NEWEST = 200
"""Most mails that are read over for one letter; its copy is among the newest."""


@understood()
def carried(client: IMAPClient, folder: str, message_id: str) -> bool:
    """True when a mail with this Message-ID lies in the folder: our copy of a letter whose fate was unclear.

    What the server finds is read over, since some take such a search for "all". One that cannot search headers
    is asked for the newest mails.
    """
    examine(client, folder)
    try:
        found = client.search(["HEADER", "Message-ID", message_id])
    except IMAPClientAbortError:
        raise
    except IMAPClientError:
        found = client.search(["ALL"])
    answer = client.fetch(sorted(found)[-NEWEST:], [MESSAGE_ID]) if found else {}
    return any(message_id_of(data) == message_id for data in answer.values())


def message_id_of(data: dict[bytes, Any]) -> str:
    """The Message-ID in the answer to a FETCH of `MESSAGE_ID`, "" when there is none."""
    header = BytesHeaderParser().parsebytes(data.get(b"BODY[HEADER.FIELDS (MESSAGE-ID)]") or b"")
    return str(header.get("Message-ID", "")).strip()
