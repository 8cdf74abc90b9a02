"""P5: an empty poll of a large mailbox. P6: no body is fetched twice, whatever somebody does to the flags."""

from __future__ import annotations

import os
import sqlite3
import statistics
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, closing
from dataclasses import replace
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any

from imapclient import IMAPClient

from benchmarks.ready import PASSWORD
from benchmarks.speed.goal import Found
from benchmarks.speed.office import big_campaign, fill, ready_folder, servers
from benchmarks.speed.watching import checked, python, watch
from benchmarks.speed.wire import Wire
from intake.commands import secrets_of
from intake.config import load_config
from intake.demo.units import OFFICE_ADDRESS
from intake.mail import fetch, imap
from intake.office import Office, opened

TIMES = 15
"""Polls whose median is the figure."""
_LINKS = 50_000
"""Names of one file; ext4 allows 65,000."""
_TINY = b"From: a@unit.example\r\nTo: zlb@yunling.example\r\nMessage-ID: <small@unit.example>\r\n\r\nok\r\n"


def add_tiny(maildir: Path, count: int, moment: datetime) -> None:
    """Put so many small mails into a Maildir, links to a few files; their UIDs follow those that are there."""
    first, owner, seconds = maildir / "tmp" / "tiny", maildir.stat(), moment.timestamp()
    for number in range(count):
        if number % _LINKS == 0:
            first.unlink(missing_ok=True)
            first.write_bytes(_TINY)
            os.utime(first, (seconds, seconds))
            os.chown(first, owner.st_uid, owner.st_gid)
        os.link(first, maildir / "new" / f"9{number:09d}.M{number}.tiny,S={len(_TINY)}")
    first.unlink(missing_ok=True)


def know_all(database: Path, uidvalidity: int, count: int) -> None:
    """Enter mails with the UIDs 1 to `count` in an empty ledger, as if they had been fetched."""
    when = "2022-09-20 00:00:00.000000"
    with closing(sqlite3.connect(database)) as base, base:
        columns = [row[1] for row in base.execute("PRAGMA table_info(mail)")]
        given = {"sha256": "", "received_at": when, "kept_at": when, "state": "ignored", "size": len(_TINY)}
        given |= dict.fromkeys(("refs", "defects", "routing", "may_answer", "candidates", "evidence"), "[]")
        given |= dict.fromkeys(("lent", "reply_allowed", "reply_open", "asks_person", "attempts", "imported"), 0)
        given |= dict.fromkeys(("notice", "unit", "letter_id"), None)
        places = ", ".join("?" for _ in columns)
        rows = (
            tuple((given | {"id": n, "sha256": f"{n:064x}"}).get(column, "") for column in columns)
            for n in range(1, count + 1)
        )
        base.executemany(f"INSERT INTO mail VALUES ({places})", rows)  # noqa: S608 - columns of ours
        base.execute(
            "INSERT INTO mailbox (id, account, folder, uidvalidity, next_uid, on_server, current)"
            " VALUES (1, ?, ?, ?, ?, ?, 1)",
            (OFFICE_ADDRESS, "INBOX", uidvalidity, count + 1, count),
        )
        base.executemany(
            "INSERT INTO location (mailbox_id, uid, mail_id, present) VALUES (1, ?, ?, 1)",
            ((n, n) for n in range(1, count + 1)),
        )


def p5(folder: Path, mails: int) -> Iterator[Found]:
    """The empty poll: with a connection of its own, over an open line, and as a whole command, beside a bare STATUS."""
    made = big_campaign(20)
    with servers(made) as there, Wire(there.imap_port) as wire:
        add_tiny(there.maildir, mails, made.as_of)
        config = ready_folder(folder, made, there)
        with opened(load_config(config), made.as_of, working=True) as office:
            poll = partial(_poll, office, now=made.as_of)
            with _line(office) as client:
                validity = int(client.folder_status("INBOX", ["UIDVALIDITY"])[b"UIDVALIDITY"])
                know_all(folder / "data" / "shouqi.db", validity, mails)
                assert poll(client).new == 0
                open_line = [_median(partial(ask, client)) for ask in (_status, poll)]
            own_line = [_median(partial(_connected, office, ask)) for ask in (_status, poll)]
            counted = _over(office, wire)
            with _line(counted) as client:
                alone = _bytes(wire, partial(poll, client))
            sizes = [_bytes(wire, partial(_connected, counted, ask)) for ask in (_status, poll)]
        command = python("intake", "run", "--once", "--config", config, "--now", made.as_of.isoformat())
        checked(watch(command, folder / "first.log"))
        whole = checked(watch(command, folder / "whole.log"))
    what = f"empty poll of {mails:,} mails"
    yield Found(
        goal="P5", what=f"{what}, beside a bare STATUS, each with login and logout", limit="≤ 2×",
        figure=_times(own_line), met=own_line[1] <= 2 * own_line[0],
    )  # fmt: skip
    yield Found(
        goal="P5", what=f"{what}, bytes on the wire in both directions", limit="≤ 1 kB",
        figure=f"{alone}; with login and logout {sizes[1]} (a bare STATUS: {sizes[0]})", met=alone <= 1000,
    )  # fmt: skip
    yield Found(
        goal="P5", what=f"{what}, beside a bare STATUS, both over an open line", limit="", figure=_times(open_line)
    )
    yield Found(
        goal="P5", what="`run --once` with nothing new, the whole command", limit="",
        figure=f"{whole.seconds:.1f} s, {whole.cpu:.1f} CPU s, {whole.peak_mb:.0f} MB",
    )  # fmt: skip


def p6(folder: Path, mails: int, polls: int) -> Iterator[Found]:
    """Polls between which somebody reads, flags, marks and removes mails; bytes of bodies after the first poll."""
    made = big_campaign(mails)
    with servers(made) as there, Wire(there.imap_port) as wire:
        size = fill(there.maildir, made)
        with opened(load_config(ready_folder(folder, made, there)), made.as_of, working=True) as office:
            counted, poll = _over(office, wire), partial(_poll, office, now=made.as_of)
            new = _connected(counted, poll).new
            first = wire.body_bytes
            wire.forget()
            for number in range(polls):
                _meddle(there.imap_port, number)
                assert _connected(counted, poll).new == 0
    yield Found(
        goal="P6",
        what=f"bytes of bodies fetched again in {polls} polls of {new} mails; before each their flags are changed, "
        "before every fourth a mail is deleted",
        limit="0",
        figure=f"{wire.body_bytes} (by the first poll {first / size:.3f}× the size of the mails)",
        met=wire.body_bytes == 0,
    )


def _meddle(port: int, number: int) -> None:
    """What people and their programs do between two polls."""
    person = IMAPClient("127.0.0.1", port, ssl=False)
    person.login(OFFICE_ADDRESS, PASSWORD)
    person.select_folder("INBOX")
    uids = person.search(["ALL"])
    change = person.add_flags if number % 2 == 0 else person.remove_flags
    change(uids[number % 3 :: 3], [rb"\Seen", rb"\Flagged", rb"\Answered", rb"$Label1", rb"Junk"])
    if number % 4 == 3:
        person.delete_messages(uids[:1])
        person.expunge()
    person.logout()


def _over(office: Office, wire: Wire) -> Office:
    """The same office, which reaches its mailbox through the proxy."""
    settings = office.config.imap.model_copy(update={"port": wire.port})
    return replace(office, config=office.config.model_copy(update={"imap": settings}))


def _line(office: Office) -> AbstractContextManager[IMAPClient]:
    return imap.connected(office.config.imap, secrets_of(office.config)("imap"))


def _connected(office: Office, ask: Callable[[IMAPClient], Any]) -> Any:
    """What is asked over a connection of its own."""
    with _line(office) as client:
        return ask(client)


def _status(client: IMAPClient) -> Any:
    return client.folder_status("INBOX", ["UIDNEXT", "UIDVALIDITY"])


def _poll(office: Office, client: IMAPClient, now: datetime) -> fetch.Polled:
    return fetch.poll(client, office.config.imap.username, office.config.imap.folder, office.store, lambda: now)


def _bytes(wire: Wire, act: Callable[[], Any]) -> int:
    """Bytes in both directions."""
    wire.forget()
    act()
    return wire.total


def _median(act: Callable[[], Any]) -> float:
    """Seconds."""
    taken = []
    for _ in range(TIMES):
        started = time.perf_counter()
        act()
        taken.append(time.perf_counter() - started)
    return statistics.median(taken)


def _times(pair: list[float]) -> str:
    bare, ours = pair
    return f"{ours / bare:.2f}× ({ours * 1000:.2f} against {bare * 1000:.2f} ms)"
