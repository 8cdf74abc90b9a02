"""A raw mail file → one value: the message as understood, and its files decoded into a spool folder.

Nothing that stands in a mail makes this raise: what cannot be understood is `Unparsed` with a reason, what is
merely odd is listed in `Message.defects`. Runs in a child process under limits; memory does not grow with
the attachments (see `intake.mail.source`).
"""

from __future__ import annotations

import logging
import re
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path

import mailparser
import msgspec

from intake.mail import bounces, envelope
from intake.mail.beside import beside
from intake.mail.bodies import Body, divide
from intake.mail.choice import lines_of
from intake.mail.classify import Own, classify
from intake.mail.leaves import survey
from intake.mail.level import Leaf, Level, Words
from intake.mail.links import MAX_LINKS, find_links
from intake.mail.message import MAX_LINES, MAX_QUOTED, MAX_WORDS, Link, Message, Unparsed
from intake.mail.outlook import MAGIC, NotOutlook, Outlook
from intake.mail.precheck import refusal
from intake.mail.regrow import grow
from intake.mail.source import Source
from intake.mail.spool import Spool
from intake.mail.tree import Budget, Part, TooMuch, build
from intake.mail.unpack import Unpacker
from intake.speech import is_forward

MAX_DEFECTS = 40

logging.getLogger("mailparser").setLevel(logging.CRITICAL)  # its findings are read from its properties


class Parsed(msgspec.Struct, frozen=True, kw_only=True):
    """A mail as understood; `message.attachments` is still empty: the readers fill it from `leaves`."""

    message: Message
    leaves: tuple[Leaf, ...] = ()


def parse(raw: Path, spool: Path, own: Own | None = None) -> Parsed | Unparsed:
    """Parse the message file `raw`; its files go to the folder `spool` (made if absent).

    `own` names the loop header to keep beside the usual ones. Raises only OSError, of the disk.
    """
    try:
        with Source(raw) as source:
            reason = refusal(source)
            return Unparsed(reason=reason) if reason else _parse(source, raw, Spool(spool), own or Own())
    except OSError:
        raise
    except MemoryError:
        return Unparsed(reason="邮件太大，内存不足")
    except Exception as error:  # noqa: BLE001  # the declared boundary: one odd mail must never stop the poll
        return Unparsed(reason=f"解析出错：{type(error).__name__}")


def _parse(source: Source, raw: Path, spool: Spool, own: Own) -> Parsed | Unparsed:
    unpacker = Unpacker(spool)
    if source.read(0, len(MAGIC)) == MAGIC:
        return _outlook(source, raw, unpacker, own)
    try:
        root = grow(source.skeleton(), Budget())
    except (TooMuch, RecursionError) as error:
        reason = str(error) if isinstance(error, TooMuch) else "邮件嵌套过深"
        return Unparsed(reason=f"{reason}，未拆开（{envelope.summary(source)}）")
    level = survey(source, root)
    unpacker.take(source, level, "", 0)
    return _parsed(source, root, level, unpacker, own)


def _outlook(source: Source, raw: Path, unpacker: Unpacker, own: Own) -> Parsed | Unparsed:
    """A mail that somebody saved from Outlook and imports."""
    try:
        outlook = Outlook(raw)
    except NotOutlook as error:
        return Unparsed(reason=f"不是 Outlook 邮件，或已损坏（{error}）")
    try:
        head = re.sub(rb"(?im)^content-", b"X-Content-", outlook.headers)  # the parts they tell of are not there
        root = build(iter([head.rstrip() + b"\r\n\r\n"]), Budget())
        level = Level(words=[Words(outlook.words.text, outlook.words.html)], types=["text/plain"])
        unpacker.outlook(outlook, "", 0, damaged=False)
        return _parsed(source, root, level, unpacker, own)
    finally:
        outlook.close()


def _parsed(source: Source, root: Part, level: Level, unpacker: Unpacker, own: Own) -> Parsed:
    evidence, authors = _second_opinion(root)
    body = _bodies(level, unpacker)
    text = "\n".join(body.text[:MAX_WORDS].split("\n")[:MAX_LINES])
    cut = ["text cut"] if len(text) < len(body.text) else []
    message = envelope.message(
        root,
        own,
        other_authors=authors,
        content_types=tuple(level.types),
        text=text,
        quoted=body.quoted[:MAX_QUOTED],
        signature=body.signature[:20_000],
        links=_links(level, unpacker.enclosed, envelope.sent_at(root), is_forward(envelope.subject(root))),
        enclosed_from=tuple(unpacker.authors),
        final_recipients=bounces.reported(source, level.reports) or bounces.headed(root),
        defects=tuple(dict.fromkeys([*cut, *level.defects, *unpacker.defects, *evidence]))[:MAX_DEFECTS],
    )
    if not message.final_recipients and classify(message, own).klass == "bounce":
        others = {box.address for box in (*message.from_, *message.to, *message.cc, *message.reply_to)}
        failed = bounces.told(f"{body.text}\n{body.quoted}", others | own.addresses)
        message = msgspec.structs.replace(message, final_recipients=failed)
    words = beside(words for one in (level, *unpacker.enclosed) for words in one.words)
    leaves = (msgspec.structs.replace(leaf, beside=words.get(leaf.cid, "")) for leaf in unpacker.leaves)
    return Parsed(message=message, leaves=tuple(leaves))


def _second_opinion(root: Part) -> tuple[list[str], set[str]]:
    """What mail-parser finds wrong, as evidence for the ledger, and the authors that it reads.

    It sees our tree, in which attachments are cut to a line, so it costs little. It can fail on a mail that
    is readable otherwise; that is one more finding.
    """
    try:
        parser = mailparser.MailParser(root)
        found = [_plain(category) for category in sorted(parser.defects_categories)]
        found += [
            f"{defect['header']} header: {_plain(str(defect['reason']))}" for defect in parser.address_header_defects
        ]
        found += [f"date header: {_plain(str(defect.get('reason', '')))}" for defect in parser.date_header_defects]
        authors = {address.lower() for _, address in parser.from_ if "@" in address}
    except Exception as error:  # noqa: BLE001  # a foreign library on foreign bytes; the tree is ours and stays good
        return [f"mail-parser failed: {type(error).__name__}"], set()
    return found[:MAX_DEFECTS], authors


def _plain(words: str) -> str:
    """CharsetDecodeDefect → charset decode; one short line."""
    return re.sub(r"(?<=[a-z])(?=[A-Z])", " ", words.removesuffix("Defect")).lower().replace("\n", " ")[:120]


def _bodies(level: Level, unpacker: Unpacker) -> Body:
    """All texts of the outer level divided; texts of enclosed mails count as quoted."""
    parts = [divide(lines_of(words)) for words in level.words]
    text = _blocks(part.text for part in parts) or unpacker.outer_text
    quoted = _blocks([*(part.quoted for part in parts), *level.aside, *unpacker.quoted])
    return Body(text, _blocks(part.signature for part in parts), quoted)


def _blocks(texts: Iterable[str]) -> str:
    return "\n\n".join(text for text in texts if text)


def _links(outer: Level, enclosed: list[Level], sent: datetime | None, forwarded: bool) -> tuple[Link, ...]:
    """Cloud attachments of the mail and, like files, of the mails enclosed in it or `forwarded` below its words."""
    found: dict[str, Link] = {}
    for level in (outer, *enclosed):
        for words in level.words:
            if "http" in words.html or "http" in words.plain:
                for link in find_links(words.html, words.plain, sent, forwarded=forwarded and level is outer):
                    found.setdefault(link.facts.url, link)
    return tuple(found.values())[:MAX_LINKS]
