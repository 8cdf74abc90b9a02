"""Files of one message level written out; enclosed mails and winmail.dat opened, level by level."""

from __future__ import annotations

import re
from collections.abc import Iterator

from intake.mail import transfer
from intake.mail.addresses import mailboxes
from intake.mail.choice import lines_of
from intake.mail.encoded import decode_header
from intake.mail.leaves import is_decoration, survey
from intake.mail.level import FilePart, Leaf, Level, Package, Words
from intake.mail.markup import html_lines
from intake.mail.message import Address
from intake.mail.names import base_name
from intake.mail.naming import UniquePaths, made_up
from intake.mail.outlook import MAGIC, NotOutlook, Outlook
from intake.mail.outlook import Words as OutlookWords
from intake.mail.precheck import refusal
from intake.mail.regrow import grow
from intake.mail.source import Source
from intake.mail.spool import Spool
from intake.mail.tnef import NotTnef, Tnef
from intake.mail.tree import Budget, TooMuch

MAX_MAILS_DEEP = 8
"""Mails within mails that are opened; what lies deeper stays a file."""
FORWARDED = "转发邮件.eml"

_TNEF_TYPES = ("application/ms-tnef", "application/vnd.ms-tnef")
_OUTLOOK_TYPES = ("application/vnd.ms-outlook", "application/x-msg")
_TNEF_NAMES = re.compile(r"win(?:mail|\d*)\.dat", re.IGNORECASE)
_HEADER = re.compile(rb"(?:\xef\xbb\xbf)?\s*(?:>?From |[A-Za-z][A-Za-z0-9-]{1,60}:[ \t])")


class Unpacker:
    """Collects the leaves of one mail over all its levels."""

    def __init__(self, spool: Spool) -> None:
        self.leaves: list[Leaf] = []
        self.quoted: list[str] = []
        """Words of enclosed mails, subject first."""
        self.enclosed: list[Level] = []
        """Enclosed mails that were opened."""
        self.authors: list[Address] = []
        """Whom these came from."""
        self.outer_text = ""
        """The body inside a winmail.dat, for a mail that has no other."""
        self.defects: list[str] = []
        self._spool = spool
        self._paths = UniquePaths()
        self._budget = Budget()

    def take(self, source: Source, level: Level, folder: str, depth: int) -> None:
        """Write the files of one level below `folder`; open what encloses more."""
        shown, made = level.shown, {"图片": 0, "附件": 0}
        for file in level.files:
            if file.content_type in ("message/rfc822", "message/global"):
                self._enclosed(source, file, folder, depth, made)
            else:
                self._file(source, file, folder, depth, shown, made)

    def _file(
        self, source: Source, file: FilePart, folder: str, depth: int, shown: set[str], made: dict[str, int]
    ) -> None:
        decoder = transfer.UUEncode() if file.uu else transfer.decoder_for(file.part)
        slices = source.slices(file.uu or file.part.text)
        spool, size, digest, head = self._spool.write(transfer.run(slices, decoder))
        if is_decoration(file, size, shown) or (size == 0 and not file.name):
            self._spool.remove(spool)
            return
        name = file.name or _number(made, file.content_type, head, file.suffix)
        leaf = Leaf(
            name=name,
            path=self._paths.take(folder, name),
            size=size,
            digest=digest,
            content_type=file.content_type,
            spool=spool,
            depth=depth,
            inline=bool(file.cid) and file.cid in shown,
            damaged=file.damaged or decoder.damaged,
            named=bool(file.name),
            cid=file.cid,
        )
        if file.content_type in _TNEF_TYPES or _TNEF_NAMES.fullmatch(name):
            opened = self._tnef(leaf)
        elif head.startswith(MAGIC) and (name.lower().endswith(".msg") or file.content_type in _OUTLOOK_TYPES):
            opened = self._msg(leaf)
        else:
            opened = name.lower().endswith(".eml") and _HEADER.match(head) is not None and self._eml(leaf)
        if opened:
            self._spool.remove(spool)
        else:
            self.leaves.append(leaf)

    def _enclosed(self, source: Source, file: FilePart, folder: str, depth: int, made: dict[str, int]) -> None:
        """A message/rfc822 part: opened where it stands when it is plain, by way of a file when it is encoded."""
        decoder = transfer.decoder_for(file.part)
        path = self._paths.take(folder, file.name or FORWARDED)
        plain = isinstance(decoder, transfer.Identity)
        pieces = iter([file.part.text.encode("utf-8", "surrogateescape")])
        if plain and depth < MAX_MAILS_DEEP and self._open(source, pieces, path, depth + 1):
            return
        named = file.name or FORWARDED
        spool, size, digest, _ = self._spool.write(transfer.run(source.slices(file.part.text), decoder))
        leaf = Leaf(
            name=named,
            path=path,
            size=size,
            digest=digest,
            content_type=file.content_type,
            spool=spool,
            depth=depth,
            damaged=file.damaged or decoder.damaged,
            named=bool(file.name),
        )
        if size == 0 or (not plain and self._eml(leaf)):
            self._spool.remove(spool)
        else:
            self.leaves.append(leaf)

    def _eml(self, leaf: Leaf) -> bool:
        """Open a mail that lies in a file of the spool; False when it cannot be opened and stays a file."""
        if leaf.depth >= MAX_MAILS_DEEP:
            self.defects.append("enclosed mail too deep, kept as a file")
            return False
        with Source(self._spool.folder / leaf.spool) as source:
            if refusal(source):
                return False
            return self._open(source, source.skeleton(), leaf.path, leaf.depth + 1)

    def _open(self, source: Source, pieces: Iterator[bytes], path: str, depth: int) -> bool:
        try:
            root = grow(pieces, self._budget)
        except (TooMuch, RecursionError):
            self.defects.append("enclosed mail too complex, kept as a file")
            return False
        level = survey(source, root)
        self.enclosed.append(level)
        self.quoted.append(_words(decode_header(root.raw("subject")), level))
        self.authors += mailboxes(root.raw("from"))[:1]
        self.take(source, level, path, depth)
        return True

    def _tnef(self, leaf: Leaf) -> bool:
        """Open a winmail.dat; False when it is none or holds nothing but what we cannot read."""
        try:
            tnef = Tnef(self._spool.folder / leaf.spool)
        except NotTnef:
            return False
        try:
            self.package(tnef, leaf.path, leaf.depth + 1, damaged=leaf.damaged, html=tnef.html)
            self.enclosed.append(Level(words=[Words(tnef.text, tnef.html)]))
            text = tnef.text or "\n".join(line.text for line in html_lines(tnef.html))
        finally:
            tnef.close()
        if leaf.depth == 0:
            self.outer_text = self.outer_text or text.strip()
        if not tnef.files and not text.strip():
            self.defects.append("winmail.dat holds nothing readable")
            return not tnef.damaged
        return True

    def _msg(self, leaf: Leaf) -> bool:
        """Open a message of Outlook; False when it is none, and then it stays a file."""
        try:
            outlook = Outlook(self._spool.folder / leaf.spool)
        except NotOutlook:
            return False
        try:
            self._quote(outlook.words)
            self.outlook(outlook, leaf.path, leaf.depth + 1, damaged=leaf.damaged)
        finally:
            outlook.close()
        return True

    def outlook(self, outlook: Outlook, folder: str, depth: int, *, damaged: bool) -> None:
        """The files of an Outlook message, and the words of the messages within it."""
        self.package(outlook, folder, depth, damaged=damaged, html=outlook.words.html)
        self._quote(*outlook.enclosed)

    def _quote(self, *messages: OutlookWords) -> None:
        for each in messages:
            level = Level(words=[Words(each.text, each.html)])
            self.enclosed.append(level)
            self.quoted.append(_words(each.subject, level))

    def package(self, package: Package, folder: str, depth: int, *, damaged: bool = False, html: str = "") -> None:
        """The files of a container below `folder`, small pictures that its HTML shows left out."""
        made, shown = {"图片": 0, "附件": 0}, Level(words=[Words(html=html)]).shown
        for file, slices in package.contents():
            spool, size, digest, head = self._spool.write(slices)
            if is_decoration(file, size, shown):
                self._spool.remove(spool)
                continue
            name = file.name or _number(made, file.content_type, head, "")
            leaf = Leaf(
                name=name,
                path=self._paths.take(f"{folder}/{file.folder}".strip("/"), name),
                size=size,
                digest=digest,
                content_type=file.content_type,
                spool=spool,
                depth=depth + (file.folder.count("/") + 1 if file.folder else 0),
                inline=bool(file.cid) and file.cid in shown,
                damaged=damaged or package.damaged,
                named=bool(file.name),
                cid=file.cid,
            )
            self.leaves.append(leaf)


def _number(made: dict[str, int], content_type: str, head: bytes, suffix: str) -> str:
    """The next made-up name of its kind at this level."""
    word = made_up(content_type, head, 0, suffix)[:2]
    made[word] += 1
    return base_name(made_up(content_type, head, made[word], suffix))


def _words(subject: str, level: Level) -> str:
    lines = [line.text for words in level.words for line in lines_of(words)]
    return "\n".join([subject, *lines]).strip()
