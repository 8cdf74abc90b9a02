"""Mutated mails among good ones: `python -m benchmarks.hostile [--bad 10000] [--good 100] [--seed 1]`.

A campaign of good mails (`benchmarks.campaign`) lies in the mailbox among mails that were made unsound
(`benchmarks.mutations`): copies of the corpus, and of what further registered units would send. `run --once` then runs
as a user starts it. What is wrong is counted and told, exit status 1 when anything is:

- every good mail, its unit and its letter stand as without the bad ones;
- every bad mail is in the ledger, in a final state, with its reason, and none of them is `stuck` for a mistake of ours;
- no letter goes to an address that is not registered;
- the parent stays below 300 MB, no mail holds up the others for more than half a minute.
"""

from __future__ import annotations

import argparse
import hashlib
import io
import json
import os
import random
import sqlite3
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, redirect_stdout
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import islice
from pathlib import Path
from typing import Any

from imapclient import IMAPClient

from benchmarks.campaign import AS_OF, Campaign, Truth, campaign
from benchmarks.mutations import mutated_mail
from benchmarks.others import LAST_AFTERNOON, OPENS
from benchmarks.ready import PASSWORD, write_folder
from intake.cli import app
from intake.demo.server import MailServer
from intake.demo.units import OFFICE_ADDRESS, units

_ROOT = Path(__file__).parents[1]
CORPUS = _ROOT / "tests" / "mails"
VICTIMS = 20
"""Registered units of which only mutated mails come."""
LONGEST, MOST_MEMORY = 30.0, 300.0
"""Seconds without a mail concluded; MB of the parent."""
QUIET = timedelta(minutes=15)
_LOOK = 0.2
_SMALL = 200_000
"""Bytes of a victim's mail that is mutated; what is larger only costs disk."""


@dataclass(slots=True)
class Figures:
    """What came of it; everything in `wrong` is a fault."""

    good: int = 0
    bad: int = 0
    states: Counter[str] = field(default_factory=Counter)
    """Bad mails by what became of them."""
    letters: int = 0
    to_victims: int = 0
    cycles: list[float] = field(default_factory=list)
    """Seconds of each cycle."""
    median: float = 0.0
    """Milliseconds a mail, from one conclusion to the next."""
    processor: float = 0.0
    """Milliseconds of processor time a mail of the first cycle, all processes, letters and tracker included."""
    longest: float = 0.0
    parent_mb: float = 0.0
    tracker_mb: float = 0.0
    wrong: list[str] = field(default_factory=list)


def bad_mails(count: int, roster: Sequence[Any], seed: int) -> Iterator[tuple[bytes, datetime]]:
    """Mutated mails with the times of their arrival, the same for the same arguments."""
    corpus = [path.read_bytes() for path in sorted(CORPUS.glob("*.eml"))]
    made = (mail.make() for mail in _mails_of(roster, seed))
    theirs = list(islice((raw for raw in made if len(raw) < _SMALL), max(5, min(60, count // 20))))
    for number in range(count):
        dice = random.Random(f"hostile/{seed}/{number}")
        moment = OPENS + dice.random() * (LAST_AFTERNOON - OPENS)
        yield mutated_mail(dice.choice(theirs if theirs and dice.random() < 0.2 else corpus), dice), moment


def _mails_of(roster: Sequence[Any], seed: int) -> list[Any]:
    """What these units would send in a campaign of their own."""
    chosen = {unit.code for unit in roster}
    return [mail for mail in campaign(200, seed).mails if mail.truth.unit in chosen]


class _Watch(threading.Thread):
    """Looks at the ledger and at the memory of one process while it works."""

    def __init__(self, pid: int, ledger: Path) -> None:
        super().__init__(daemon=True)
        self.pid, self.ledger = pid, ledger
        self.parent_mb = self.longest = 0.0
        self.spans: list[tuple[float, int]] = []
        """Seconds, and mails concluded meanwhile."""
        self.done = threading.Event()

    def run(self) -> None:
        concluded, since = 0, time.monotonic()
        while not self.done.wait(_LOOK):
            self.parent_mb = max(self.parent_mb, _resident(self.pid))
            waiting, now_concluded = self._look()
            now = time.monotonic()
            if now_concluded > concluded:
                self.spans.append((now - since, now_concluded - concluded))
                self.longest = max(self.longest, now - since)
                concluded, since = now_concluded, now
            elif not concluded or not waiting:
                since = now  # it is still fetching, or has gone on to the letters

    def _look(self) -> tuple[int, int]:
        try:
            with sqlite3.connect(f"file:{self.ledger}?mode=ro", uri=True, timeout=5) as base:
                found = base.execute("SELECT count(*) FILTER (WHERE state = 'received'), count(*) FROM mail").fetchone()
        except sqlite3.Error:
            return 0, 0  # not made yet
        return found[0], found[1] - found[0]

    @property
    def median(self) -> float:
        """Milliseconds a mail."""
        each = sorted(seconds / count for seconds, count in self.spans for _ in range(count))
        return 1000 * each[len(each) // 2] if each else 0.0


def served(port: int) -> set[str]:
    """Digests of all mails as the server hands them out: Dovecot mends line ends and zero bytes."""
    found = set()
    with IMAPClient("127.0.0.1", port, use_uid=True, ssl=False) as client:
        client.login(OFFICE_ADDRESS, PASSWORD)
        client.select_folder("INBOX", readonly=True)
        uids = client.search()
        for start in range(0, len(uids), 50):
            answer = client.fetch(uids[start : start + 50], ["BODY.PEEK[]"])
            found |= {hashlib.sha256(data[b"BODY[]"]).hexdigest() for data in answer.values()}
    return found


def _resident(pid: int) -> float:
    """Most MB of memory that a process has had; 0 when it is gone."""
    try:
        lines = Path(f"/proc/{pid}/status").read_text("ascii", "replace").splitlines()
    except OSError:
        return 0.0
    return next((int(line.split()[1]) / 1024 for line in lines if line.startswith("VmHWM:")), 0.0)


class Play:
    """One office in a folder, and everything that is delivered to it."""

    def __init__(self, folder: Path, made: Campaign, bad: set[str], out: MailServer) -> None:
        """`bad`: the digests of the bad mails."""
        self.folder, self.made, self.out, self.bad = folder, made, out, bad
        self.figures = Figures(good=len(made.mails), bad=len(self.bad))
        self.now = made.as_of

    def asked(self, command: str) -> Any:
        """The JSON document of a command that only looks; given in this process, which is quicker."""
        words = [command, "--config", str(self.folder / "config.toml"), "--now", self.now.isoformat(), "--json"]
        with redirect_stdout(io.StringIO()) as out:
            app(words, prog_name="shouqi", standalone_mode=False)
        return json.loads(out.getvalue())

    def run(self) -> None:
        """`run --once` as a user gives it."""
        words = [sys.executable, "-m", "intake", "run", "--once", "--now", self.now.isoformat(), "--json"]
        figures, log = self.figures, self.folder / "run.log"
        with log.open("ab") as out:
            process = subprocess.Popen(
                words, cwd=self.folder, stdout=out, stderr=out, env={**os.environ, "PYTHONPATH": str(_ROOT)}
            )
            watch = _Watch(process.pid, self.folder / "data" / "shouqi.db")
            watch.start()
            began, before = time.monotonic(), os.times()
            status = process.wait()
            watch.done.set()
            watch.join()
        after = os.times()
        used = after.children_user + after.children_system - before.children_user - before.children_system
        figures.cycles.append(time.monotonic() - began)
        figures.processor = figures.processor or 1000 * used / (figures.good + figures.bad)
        figures.parent_mb = max(figures.parent_mb, watch.parent_mb)
        figures.longest, figures.median = max(figures.longest, watch.longest), figures.median or watch.median
        if status:
            figures.wrong.append(f"run --once: exit status {status}: {log.read_text('utf-8', 'replace')[-2000:]}")

    def go(self, cycles: int) -> Figures:
        """So many cycles, the later ones with nothing new but copies of letters, and the reckoning."""
        for _ in range(cycles):
            self.run()
            self.now += QUIET
        self._reckon(self.asked("status"), self.asked("mails"), self.asked("outbox"))
        return self.figures

    def _reckon(self, status: dict[str, Any], mails: list[dict[str, Any]], outbox: list[dict[str, Any]]) -> None:
        # the truth about a campaign lies with the tests
        from tests.campaign_truth import differences

        figures, wrong = self.figures, self.figures.wrong
        listed = {row["sha256"]: row for row in mails}
        for digest in self.bad:
            row = listed.get(digest)
            if row is None or row["state"] == "received" or not row["reason"]:
                wrong.append(f"bad mail {digest[:12]}: {row and (row['state'], row['reason'])}")
                continue
            figures.states[row["state"]] += 1
            if "程序" in row["reason"] or "解析出错" in row["reason"]:
                wrong.append(f"bad mail {digest[:12]} {row['subject'][:40]!r}: {row['reason']}")
        good = {unit.code for unit in self.made.units}
        theirs = {code: unit for code, unit in self.made.truth.units.items() if code in good}
        registered = {one for unit in units(len(good) + VICTIMS) for one in unit.addresses}
        to = [sent.rcpt_to[0] for sent in self.out.sent if sent.rcpt_to]
        figures.letters = len(to)
        own = {one for unit in self.made.units for one in unit.addresses}
        figures.to_victims = sum(one in registered - own for one in to)
        wrong += [f"a letter went to {one}" for one in sorted(set(to) - registered)]
        wrong += [f"{row['id']}: {row['state']} {row['last_error']}" for row in outbox if row["state"] != "sent"]
        letters = [sent.raw for sent in self.out.sent if sent.rcpt_to and sent.rcpt_to[0] in own]
        made = Campaign(
            units=self.made.units, mails=self.made.mails, truth=Truth(units=theirs, mails=self.made.truth.mails)
        )
        alone = [row for row in mails if row["sha256"] not in self.bad]
        wrong += differences(made, status, alone, letters, timedelta(days=30))
        book = self.folder / "data" / "tracker" / "台账.xlsx"
        figures.tracker_mb = book.stat().st_size / 1e6 if book.exists() else 0.0
        wrong += [] if book.exists() else ["there is no tracker"]
        wrong += [f"parent had {figures.parent_mb:.0f} MB"] if figures.parent_mb > MOST_MEMORY else []
        wrong += [f"{figures.longest:.0f} s without a mail"] if figures.longest > LONGEST else []


def play(folder: Path, good: int, bad: int, seed: int = 1, cycles: int = 3) -> Figures:
    """Deliver everything in the order of arrival, and let the program run. On Dovecot where it is installed."""
    made = campaign(good, seed)
    roster = units(len(made.units) + VICTIMS, seed=seed)
    hostile = list(bad_mails(bad, roster[len(made.units) :], seed))
    with ExitStack() as stack:
        dovecot = None
        from tests.dovecot import Dovecot, why_not

        if why_not() is None:
            dovecot = stack.enter_context(Dovecot(user=OFFICE_ADDRESS, password=PASSWORD))
        out = stack.enter_context(
            MailServer(
                address=OFFICE_ADDRESS,
                password=PASSWORD,
                clock=lambda: AS_OF,
                own_mail=dovecot.deliver if dovecot else None,
            )
        )
        deliver = dovecot.deliver if dovecot else out.deliver
        own = set()
        everything = [(mail.received_at, mail.make) for mail in made.mails]
        everything += [(moment, lambda raw=raw: raw) for raw, moment in hostile]  # type: ignore[misc]  # bound now
        for number, (moment, make) in sorted(enumerate(everything), key=lambda one: one[1][0]):
            raw = make()
            deliver(raw, moment)
            if number < len(made.mails):
                own.add(hashlib.sha256(raw).hexdigest())
        port = dovecot.imap_port if dovecot else out.imap_port
        whole = Campaign(units=roster, mails=(), truth=Truth(units={}, mails={}))
        write_folder(folder, whole, imap_port=port, smtp_port=out.smtp_port)
        return Play(folder, made, served(port) - own, out).go(cycles)


def main() -> int:
    """Print the figures; 1 when anything is wrong."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--bad", type=int, default=10_000)
    parser.add_argument("--good", type=int, default=100)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--keep", type=Path, help="folder to leave everything in")
    options = parser.parse_args()
    with ExitStack() as stack:
        folder = options.keep or Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="shouqi-hostile-")))
        folder.mkdir(parents=True, exist_ok=True)
        figures = play(folder.resolve(), options.good, options.bad, options.seed)
    for name in Figures.__slots__:
        if name != "wrong":
            print(f"{name:12} {getattr(figures, name)}")
    print(*figures.wrong, sep="\n")
    return 1 if figures.wrong else 0


if __name__ == "__main__":
    sys.exit(main())
