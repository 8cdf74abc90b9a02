"""The bytes of mails over the line, a piece at a time, and one piece ahead.

The server is asked for the next piece as soon as one has come: it reads on, and the line carries, while we hash and
write. There is never more than one command under way. A server that ignores partial fetches sends a mail in one piece.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import suppress
from typing import Any

from imapclient import IMAPClient
from imapclient.exceptions import IMAPClientAbortError, IMAPClientError
from imapclient.response_parser import parse_fetch_response

from intake.mail.wire import answered, understood

CHUNK = 2 << 20
"""Bytes asked for at once: most mails take one round trip."""


class Gone(Exception):
    """The server no longer has this UID: somebody removed it between listing and fetching."""


class Withheld(Exception):
    """The server has this mail and says no, or hands out nothing: the others are not to suffer from it."""


class Stopped(Exception):
    """We were told to stop in the middle of a mail; what came of it so far is thrown away."""


class Download:
    """Mails of the folder that is open. Nothing else may be asked while it has `asked` for something, see `rest`."""

    def __init__(self, client: IMAPClient, stop: Callable[[], bool]) -> None:
        self._client, self._stop = client, stop
        self._asked: tuple[int, int] | None = None
        """UID and offset of the piece that is on its way."""
        self._tag: bytes | None = None

    def body(self, uid: int, size: int, then: int | None) -> Iterator[bytes]:
        """The raw mail in pieces of at most CHUNK bytes; `then` is the UID that will be asked for next.

        Announced sizes can be wrong: it ends with a piece that is short, and one that is short too early is followed
        up until nothing comes.
        """
        offset = 0
        while True:
            if offset and self._stop():  # a large mail over a slow line
                raise Stopped
            piece, whole = self._piece(uid, offset)
            if not piece and not offset and size:
                raise Withheld("服务器交出的是空邮件")
            offset += len(piece)
            through = whole or not piece or (len(piece) < CHUNK and offset >= size)
            if not through:
                self._ask(uid, offset)
            elif then is not None:
                self._ask(then, 0)
            yield piece
            if through:
                return

    def rest(self) -> None:
        """Let come what was asked for and is not wanted any more, so that the line is free."""
        if self._asked is not None:
            with suppress(Gone, Withheld):
                self._piece(*self._asked)

    @understood()
    def _piece(self, uid: int, offset: int) -> tuple[bytes, bool]:
        """What the server has from `offset` on, and whether that was the whole mail: some ignore partial fetches."""
        try:
            answer = self._answer(uid, offset)
        except IMAPClientAbortError:
            raise
        except IMAPClientError as error:  # RFC 3501, 6.4.5: NO - "can't fetch that data"
            raise Withheld(answered(error)) from error
        if uid not in answer:
            raise Gone
        data = answer[uid]
        whole = offset == 0 and f"BODY[]<{offset}>".encode() not in data
        piece = data.get(b"BODY[]" if whole else f"BODY[]<{offset}>".encode())
        if piece is None and offset:  # NIL is no end: behind the last byte there is an empty string
            raise Withheld("服务器没有交出邮件的后一段")
        piece = piece or b""
        if not isinstance(piece, bytes):
            raise TypeError(f"BODY[] is {piece!r}")
        return piece, whole

    def _ask(self, uid: int, offset: int) -> None:
        # the two halves of `IMAPClient.fetch`, which waits between them
        item = f"(BODY.PEEK[]<{offset}.{CHUNK}>)"
        self._tag = self._client._imap._command("UID", "FETCH", str(uid), item)
        self._asked = (uid, offset)

    def _answer(self, uid: int, offset: int) -> dict[int, dict[bytes, Any]]:
        if self._asked != (uid, offset):
            self.rest()
            self._ask(uid, offset)
        self._asked = None
        imap = self._client._imap
        kind, data = imap._command_complete("FETCH", self._tag)
        self._client._checkok("fetch", kind, data)
        _, data = imap._untagged_response(kind, data, "FETCH")
        return dict(parse_fetch_response(data))
