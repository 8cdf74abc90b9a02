"""What one cycle costs: seconds, memory of all processes, an empty poll, `--help`.

    python -m benchmarks.cost [--mails 300] [--seed 1] [--server dovecot|embedded] [--keep FOLDER]

A campaign (`benchmarks.campaign`) is put on a mail server on loopback; `run --once` then runs three times as a
process of its own, as a user would start it: the second finds the copies of the letters, the third nothing.
Memory is the sum over the whole process tree, looked at every 50 ms: PSS where Linux tells it, so that shared
pages count once, else RSS.
"""

from __future__ import annotations

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

from benchmarks.campaign import NOTICE, Campaign, campaign
from intake.demo.server import MailServer
from intake.demo.units import OFFICE_ADDRESS, OFFICE_NAME, write_roster

PASSWORD = "benchmark"  # noqa: S105 - of a mailbox that lives as long as this run
_SAMPLE_SECONDS = 0.05
_ROOT = Path(__file__).parents[1]


@dataclass(frozen=True, slots=True, kw_only=True)
class Ran:
    """One command that was run and watched."""

    seconds: float
    peak_mb: float | None
    processes: int
    """Most processes alive at once."""
    status: int
    output: str


def watch(command: list[str], log: Path) -> Ran:
    """Run a command to its end, beside its `log`, which gets stdout and stderr."""
    surroundings = {**os.environ, "PYTHONPATH": str(_ROOT)}
    with log.open("wb") as out:
        started = time.perf_counter()
        process = subprocess.Popen(command, cwd=log.parent, env=surroundings, stdout=out, stderr=subprocess.STDOUT)
        watcher = _Watcher(process.pid)
        watcher.start()
        status = process.wait()
        seconds = time.perf_counter() - started
        watcher.done.set()
        watcher.join()
    return Ran(
        seconds=seconds,
        peak_mb=watcher.peak / 1e6 if watcher.peak else None,
        processes=watcher.processes,
        status=status,
        output=log.read_text("utf-8", "replace"),
    )


class _Watcher(threading.Thread):
    """Looks at the memory of a process and all below it until told that it is done."""

    def __init__(self, pid: int) -> None:
        super().__init__(name="memory watcher", daemon=True)
        self.pid = pid
        self.peak = 0
        self.processes = 0
        self.done = threading.Event()

    def run(self) -> None:
        while not self.done.wait(_SAMPLE_SECONDS):
            sizes = [memory(pid) for pid in tree(self.pid)]
            self.peak = max(self.peak, sum(sizes))
            self.processes = max(self.processes, len(sizes))


def tree(pid: int) -> Iterator[int]:
    """A process and all its descendants, from /proc; the process alone where there is none."""
    yield pid
    for children in Path(f"/proc/{pid}/task").glob("*/children"):
        try:
            listed = children.read_text("ascii").split()
        except OSError:
            continue  # it ended while we looked
        for child in listed:
            yield from tree(int(child))


def memory(pid: int) -> int:
    """Bytes of memory of one process: PSS, else RSS, else 0 (ended, or no Linux)."""
    try:
        for line in Path(f"/proc/{pid}/smaps_rollup").read_text("ascii").splitlines():
            if line.startswith("Pss:"):
                return int(line.split()[1]) * 1024
    except OSError:
        pass  # ended, not ours, or an older kernel: try the next file
    try:
        return int(Path(f"/proc/{pid}/statm").read_text("ascii").split()[1]) * 4096
    except OSError:
        return 0


CONFIG = """
timezone = "Asia/Shanghai"
data_dir = "data"

[[notice]]
file = {notice}
roster = "roster.xlsx"

[office]
name = "{office}"
address = "{address}"

[imap]
host = "127.0.0.1"
port = {imap_port}
security = "none"
username = "{address}"
password = "file:password.txt"
folder = "INBOX"

[smtp]
host = "127.0.0.1"
port = {smtp_port}
security = "none"
username = "{address}"
password = "file:password.txt"
copy_to_self = true

[replies]
mode = "send"
per_hour = 1000
not_older_than = "30d"
"""


def write_folder(folder: Path, made: Campaign, *, imap_port: int, smtp_port: int) -> Path:
    """A ready folder for that campaign; returns the path of its config.toml. Password: `PASSWORD`."""
    write_roster(folder / "roster.xlsx", made.units)
    (folder / "password.txt").write_text(PASSWORD, "ascii")
    config = folder / "config.toml"
    config.write_text(
        CONFIG.format(
            notice=f"'{NOTICE}'",
            office=OFFICE_NAME,
            address=OFFICE_ADDRESS,
            imap_port=imap_port,
            smtp_port=smtp_port,
        ),
        "utf-8",
    )
    return config


def main() -> int:
    """Measure and print a table; exit status 1 when a run failed."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--mails", type=int, default=300)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--server", choices=("dovecot", "embedded"), help="default: Dovecot where it is installed")
    parser.add_argument("--keep", type=Path, help="folder to leave data and logs in")
    options = parser.parse_args()
    with ExitStack() as stack:
        folder = options.keep or Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="shouqi-cost-")))
        folder.mkdir(parents=True, exist_ok=True)
        return _measure(folder.resolve(), campaign(options.mails, options.seed), options.server, stack)


def _measure(folder: Path, made: Campaign, server: str | None, stack: ExitStack) -> int:
    name, imap_port, smtp, total = _serve(made, server, stack)
    config = write_folder(folder, made, imap_port=imap_port, smtp_port=smtp.smtp_port)
    program = [sys.executable, "-m", "intake"]
    cycle = [*program, "run", "--once", "--config", str(config), "--now", made.as_of.isoformat()]
    first = watch(cycle, folder / "first.log")
    letters = len(smtp.sent)
    second = watch(cycle, folder / "second.log")
    third = watch(cycle, folder / "third.log")
    helps = [watch([*program, "--help"], folder / "help.log").seconds for _ in range(5)]
    rows = [
        ("server", name),
        ("mails", f"{len(made.mails)}, {total / 1e6:.0f} MB, {total / len(made.mails) / 1e6:.2f} MB each"),
        ("first cycle", f"{first.seconds:.1f} s, {_mb(first)}, {first.processes} processes"),
        ("letters", f"{letters}, then {len(smtp.sent) - letters} more in the later cycles"),
        ("second cycle (own copies)", f"{second.seconds:.2f} s, {_mb(second)}"),
        ("third cycle (empty poll)", f"{third.seconds:.2f} s, {_mb(third)}"),
        ("--help", f"{statistics.median(helps):.2f} s (median of {len(helps)})"),
    ]
    for label, value in rows:
        print(f"{label:<28} {value}")
    for label, ran in (("first", first), ("second", second), ("third", third)):
        if ran.status:
            print(f"the {label} cycle ended with status {ran.status}:\n{ran.output[-3000:]}", file=sys.stderr)
    return 1 if first.status or second.status or third.status else 0


def _serve(made: Campaign, server: str | None, stack: ExitStack) -> tuple[str, int, MailServer, int]:
    """Start the servers and deliver everything: (name, IMAP port, SMTP side, bytes delivered)."""
    dovecot = None
    if server != "embedded":
        # a fixture of the tests, so it is imported only here; it knows POSIX only
        try:
            from tests.dovecot import Dovecot, why_not
        except ImportError as error:
            reason: str | None = str(error)
        else:
            reason = why_not()
            dovecot = None if reason else stack.enter_context(Dovecot(user=OFFICE_ADDRESS, password=PASSWORD))
        if server == "dovecot" and reason:
            raise SystemExit(reason)
    mail = stack.enter_context(
        MailServer(
            address=OFFICE_ADDRESS,
            password=PASSWORD,
            clock=lambda: made.as_of,
            own_mail=dovecot.deliver if dovecot else None,
        )
    )
    deliver = dovecot.deliver if dovecot else mail.deliver
    total = 0
    for one in made.mails:
        raw = one.make()
        total += len(raw)
        deliver(raw, one.received_at)
    name = "Dovecot" if dovecot else "embedded (pymap)"
    return name, dovecot.imap_port if dovecot else mail.imap_port, mail, total


def _mb(ran: Ran) -> str:
    return "memory not measured" if ran.peak_mb is None else f"peak {ran.peak_mb:.0f} MB"


if __name__ == "__main__":
    sys.exit(main())
