"""Outlook .msg files ([MS-OXMSG]): their headers, words and files, messages within messages too.

Outlook saves and forwards mails so. The container is OLE, read by olefile; what the properties mean is read here,
because names and bodies in GBK must be decoded by our own ladder and a damaged property must not cost the files.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from intake.mail.charset import decode, one_line
from intake.mail.level import Packed
from intake.mail.names import base_name
from intake.mail.richtext import words_of
from intake.mail.tnef import label_of

MAGIC = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
MAX_FILES = 500
MAX_NESTING = 5
MAX_WORDS = 4_000_000
"""Bytes of one text property that are read."""
_SLICE = 256 * 1024

_SUBJECT, _HEADERS, _TEXT, _HTML, _RICH, _MESSAGE_ID = 0x0037, 0x007D, 0x1000, 0x1013, 0x1009, 0x1035
_SENDER, _SENDER_SMTP, _SENDER_ADDRESS = 0x0C1A, 0x5D01, 0x0C1F
_AUTHOR, _AUTHOR_SMTP, _AUTHOR_ADDRESS = 0x0042, 0x5D02, 0x0065
_TO, _IN_REPLY_TO = 0x0E04, 0x1042
_LONG_NAME, _SHORT_NAME, _DISPLAY, _CID, _TYPE = 0x3707, 0x3704, 0x3001, 0x3712, 0x370E
_CODEPAGE, _INTERNET_CODEPAGE = 0x3FFD, 0x3FDE
_STRING8, _UNICODE, _BINARY = 0x1E, 0x1F, 0x102

Storage = tuple[str, ...]


class NotOutlook(ValueError):
    """The file is no message of Outlook, or too broken to hold anything."""


@dataclass(slots=True)
class Words:
    """Texts of one message."""

    subject: str = ""
    text: str = ""
    html: str = ""


class Outlook:
    """An open .msg file. Raises NotOutlook on opening; use `close` when done."""

    def __init__(self, path: Path) -> None:
        self.damaged = False
        self.files: list[tuple[Packed, Storage]] = []
        self.enclosed: list[Words] = []
        """Texts of the messages within this one."""
        import olefile

        try:
            self._ole: Any = olefile.OleFileIO(str(path))
        except Exception as error:  # olefile raises many kinds on damaged directories
            raise NotOutlook(type(error).__name__) from error
        try:
            self._entries = {tuple(entry) for entry in self._ole.listdir(streams=True, storages=True)}
            if ("__properties_version1.0",) not in self._entries:
                raise NotOutlook("no message properties")
            self.words = self._message((), "", 0)
            self.headers = self._headers()
        except NotOutlook:
            self.close()
            raise
        except Exception as error:
            self.close()
            raise NotOutlook(type(error).__name__) from error

    def close(self) -> None:
        """Release the file."""
        self._ole.close()

    def contents(self) -> Iterator[tuple[Packed, Iterator[bytes]]]:
        """Each file inside and its bytes in slices."""
        for packed, place in self.files:
            yield packed, self._slices(place)

    def _slices(self, place: Storage) -> Iterator[bytes]:
        try:
            with self._ole.openstream(list(place)) as stream:
                while piece := stream.read(_SLICE):
                    yield piece
        except OSError:  # a chain of sectors that leads nowhere; the bytes so far are kept
            self.damaged = True

    def _message(self, place: Storage, folder: str, nesting: int) -> Words:
        codepage = self._codepage(place, _CODEPAGE)
        words = Words(
            subject=one_line(self._text(place, _SUBJECT, codepage)),
            text=self._text(place, _TEXT, codepage).replace("\r\n", "\n"),
            html=self._text(place, _HTML, self._codepage(place, _INTERNET_CODEPAGE) or codepage),
        )
        if not words.html:  # Outlook keeps the page of many a mail wrapped into rich text only
            rich = words_of(self._bytes((*place, f"__substg1.0_{_RICH:04X}{_BINARY:04X}")))
            words.html, words.text = rich.html, words.text or rich.plain
        for storage in self._attachments(place):
            self._attachment(storage, folder, codepage, nesting)
        return words

    def _attachments(self, place: Storage) -> list[Storage]:
        depth = len(place)
        found = [
            entry
            for entry in self._entries
            if len(entry) == depth + 1 and entry[:depth] == place and entry[-1].startswith("__attach_version1.0_")
        ]
        return sorted(found)[:MAX_FILES]

    def _attachment(self, place: Storage, folder: str, codepage: str, nesting: int) -> None:
        names = [self._text(place, each, codepage) for each in (_LONG_NAME, _SHORT_NAME, _DISPLAY)]
        name = next((base for base in map(base_name, names) if base), "")
        within = (*place, "__substg1.0_3701000D")
        if within in self._entries:
            if (*within, "__properties_version1.0") in self._entries and nesting < MAX_NESTING:
                inside = f"{folder}/{name or '转发邮件'}.msg".lstrip("/")
                self.enclosed.append(self._message(within, inside, nesting + 1))
            return
        data = (*place, "__substg1.0_37010102")
        if data in self._entries and len(self.files) < MAX_FILES:
            kind = one_line(self._text(place, _TYPE, codepage)).lower() or "application/octet-stream"
            cid = one_line(self._text(place, _CID, codepage)).strip("<>")
            self.files.append((Packed(name, folder, kind, cid), data))

    def _text(self, place: Storage, prop: int, codepage: str) -> str:
        """A text property, "" when absent: UTF-16, bytes in the message's code page, or HTML as bytes."""
        for kind in (_UNICODE, _STRING8, _BINARY):
            stream = (*place, f"__substg1.0_{prop:04X}{kind:04X}")
            if stream not in self._entries:
                continue
            data = self._bytes(stream)
            if kind == _UNICODE:
                return data.decode("utf-16-le", "replace").replace("\0", "")
            return decode(data, codepage).text.replace("\0", "")
        return ""

    def _bytes(self, stream: Storage) -> bytes:
        """The bytes of a property, b"" when it is absent or cannot be read."""
        if stream not in self._entries:
            return b""
        try:
            with self._ole.openstream(list(stream)) as file:
                data: bytes = file.read(MAX_WORDS)
        except OSError:
            self.damaged = True
            return b""
        return data

    def _codepage(self, place: Storage, prop: int) -> str:
        """A code page among the fixed properties (16 bytes each, behind a header), as a charset label."""
        try:
            with self._ole.openstream([*place, "__properties_version1.0"]) as stream:
                data: bytes = stream.read(256 * 1024)
        except OSError:
            return ""
        for position in range(24 if place else 32, len(data) - 15, 16):
            tag, _flags, value = struct.unpack_from("<III", data, position)
            if tag == prop << 16 | 3:
                return label_of(value)
        return ""

    def _headers(self) -> bytes:
        """The headers the mail came with; where Outlook kept none (a mail of its own), the few that it knows."""
        codepage = self._codepage((), _CODEPAGE)
        kept = self._text((), _HEADERS, codepage)
        if ":" in kept:
            return kept.encode("utf-8", "surrogateescape")
        made = []
        for name, *addresses in ((_AUTHOR, _AUTHOR_SMTP, _AUTHOR_ADDRESS), (_SENDER, _SENDER_SMTP, _SENDER_ADDRESS)):
            mailbox = next((a for a in (self._text((), each, codepage) for each in addresses) if "@" in a), "")
            if mailbox:
                shown = one_line(self._text((), name, codepage)).replace('"', "").replace("\\", "")
                made.append(f'From: "{shown}" <{one_line(mailbox)}>')
                break
        made.append(f"To: {one_line(self._text((), _TO, codepage))}")
        made += [
            f"{header}: {one_line(self._text((), prop, codepage))}"
            for header, prop in (("Subject", _SUBJECT), ("Message-ID", _MESSAGE_ID), ("In-Reply-To", _IN_REPLY_TO))
        ]
        return "\r\n".join(made).encode("utf-8", "replace")


def headers_of(path: Path) -> bytes:
    """The headers of an Outlook message; b"" when it is none."""
    try:
        outlook = Outlook(path)
    except NotOutlook:
        return b""
    outlook.close()
    return outlook.headers
