"""The autumn of `benchmarks.several` on a real mail server: `python -m benchmarks.several_play [--size 25] [--seed 1]`.

Every cycle is `run --once` in a process of its own. What is counted must be 0 but for the doubts; exit status 1 else.
"""

from __future__ import annotations

import argparse
import io
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections import Counter
from contextlib import redirect_stdout
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from benchmarks.campaign import NOTICE
from benchmarks.ready import CONFIG, PASSWORD
from benchmarks.several import LAW, ROUNDS, THEMES, Autumn, autumn
from intake.cli import app
from intake.demo.server import MailServer
from intake.demo.units import OFFICE_ADDRESS, OFFICE_NAME, write_roster

_ROOT = Path(__file__).parents[1]
QUIET = timedelta(minutes=15)
REMIND = datetime(2022, 9, 28, 9, 5, tzinfo=ROUNDS[0].tzinfo)
"""A working day after the first rung of the quality month."""


@dataclass(slots=True)
class Figures:
    """What came of it. Each list names what is wrong."""

    mails: int = 0
    doubts: int = 0
    letters: int = 0
    reminders: int = 0
    wrong: list[str] = field(default_factory=list)
    """Mails that went elsewhere than they were meant for."""
    blamed: list[str] = field(default_factory=list)
    """Material that came and does not count, or is asked for although it came."""
    twice: list[str] = field(default_factory=list)
    """Mails answered more than once for one notice, units reminded twice of one rung."""
    routed: Counter[str] = field(default_factory=Counter)
    """Mails by what told their notice."""
    seconds: float = 0.0


class Play:
    """One office in a folder."""

    def __init__(self, folder: Path, made: Autumn, server: MailServer, *, here: bool) -> None:
        """`here`: commands run in this process, which is quicker, instead of as a user gives them."""
        self.folder, self.made, self.server, self.here = folder, made, server, here
        notices = ""
        shutil.copy(NOTICE.with_name("annex-3.xlsx"), folder)
        for theme in THEMES:
            (folder / f"{theme.id}.toml").write_text(theme.toml(), "utf-8")
            write_roster(folder / f"{theme.id}.xlsx", made.rosters[theme.id])
            notices += f'[[notice]]\nfile = "{theme.id}.toml"\nroster = "{theme.id}.xlsx"\n\n'
        text = CONFIG.format(
            notice="''", office=OFFICE_NAME, address=OFFICE_ADDRESS, imap_port=server.imap_port,
            smtp_port=server.smtp_port,
        )  # fmt: skip
        head, _, rest = text.partition("[[notice]]")
        (folder / "password.txt").write_text(PASSWORD, "ascii")
        (folder / "config.toml").write_text(head + notices + rest[rest.index("[office]") :], "utf-8")

    def command(self, now: datetime, *arguments: str) -> Any:
        """A command; its JSON document."""
        words = [*arguments, "--config", str(self.folder / "config.toml"), "--now", now.isoformat(), "--json"]
        if self.here:
            with redirect_stdout(io.StringIO()) as out:
                status = app(words, prog_name="shouqi", standalone_mode=False)
            if status:
                raise RuntimeError(f"{arguments}: exit status {status}")
            return json.loads(out.getvalue())
        ran = subprocess.run(
            [sys.executable, "-m", "intake", *words],
            cwd=self.folder, text=True, capture_output=True, check=False,
            env={**os.environ, "PYTHONPATH": str(_ROOT)},
        )  # fmt: skip
        if ran.returncode:
            raise RuntimeError(f"{arguments}: {ran.stderr or ran.stdout}")
        return json.loads(ran.stdout)

    def newest(self) -> dict[tuple[str, str], str]:
        """Message-IDs of our newest letters, by notice and unit."""
        rows = self.command(ROUNDS[-1], "outbox")
        return {(row["notice"], row["unit"]): row["message_id"] for row in rows if row["state"] == "sent"}

    def go(self) -> Figures:
        """All rounds, then the reckoning."""
        figures, began = Figures(), time.perf_counter()
        for number, (moment, mails) in enumerate(zip(ROUNDS, self.made.mails, strict=True)):
            if number == len(ROUNDS) - 1:  # the law week is put off, and the first rung of the quality month fires
                (self.folder / f"{LAW.id}.toml").write_text(LAW.toml("2022-11-16"), "utf-8")
                self.command(REMIND, "run", "--once")
            letters = self.newest() if any(mail.reply_to for mail in mails) else {}
            for mail in mails:
                self.server.deliver(mail.make(letters.get((mail.reply_to, mail.unit.code), "")), mail.at)
            self.command(moment, "run", "--once")
            self.command(moment + QUIET, "run", "--once")
            self.command(moment + 2 * QUIET, "run", "--once")
        self._reckon(figures, ROUNDS[-1] + 2 * QUIET)
        figures.seconds = time.perf_counter() - began
        return figures

    def _reckon(self, figures: Figures, now: datetime) -> None:
        rows = {row["message_id"]: row for row in self.command(now, "mails")}
        outbox = self.command(now, "outbox")
        about = {row["message_id"]: row for row in outbox}
        truth = {mail.id: mail for mails in self.made.mails for mail in mails}
        for id, mail in truth.items():
            row = rows[id]
            figures.mails += 1
            figures.doubts += row["state"] == "held"
            figures.routed[row["routed_by"] if row["state"] != "held" else "待人工"] += 1
            right = row["state"] == "held" if mail.person else set(row["notices"]) == set(mail.answers)
            if not right and row["state"] != "held":
                figures.wrong.append(f"{mail.about} {id}: {row['notices']} for {mail.answers}, {row['routed_by']}")
            if not mail.person and row["state"] == "processed" and row["unit"] != mail.unit.code:
                figures.wrong.append(f"{mail.about} {id}: unit {row['unit']}")
            answers = Counter(about[one]["notice"] for one in row["letters"])
            figures.twice += [f"{id} about {notice}" for notice, count in answers.items() if count > 1]
        figures.letters = sum(row["state"] == "sent" for row in outbox)
        self._blame(figures, now, {id for id in truth if rows[id]["state"] == "held"}, outbox)

    def _blame(self, figures: Figures, now: datetime, held: set[str], outbox: list[dict[str, Any]]) -> None:
        came = self.made.brought(len(ROUNDS) - 1)
        came -= {
            (notice, mail.unit.code, one)
            for mails in self.made.mails for mail in mails if mail.id in held
            for notice, one in mail.brings
        }  # fmt: skip
        for notice in self.command(now, "status")["notices"]:
            for unit in notice["units"]:
                for one in unit["requirements"]:
                    key = (notice["id"], unit["code"], one["id"])
                    if (one["state"] in ("ok", "unsure")) != (key in came):
                        figures.blamed.append(f"{key}: {one['state']}, came: {key in came}")
        at: dict[tuple[str, str, str], datetime] = {}
        for mail in (mail for mails in self.made.mails for mail in mails):
            for id, one in mail.brings:
                at.setdefault((id, mail.unit.code, one), mail.at)
        reminded: Counter[tuple[str, str, str]] = Counter()
        for row in outbox:
            if row["kind"] == "reminder" and row["state"] != "dropped":
                figures.reminders += 1
                reminded[(row["notice"], row["unit"], row["due"][:10])] += 1
                theme = next(theme for theme in THEMES if theme.id == row["notice"])
                due = datetime.fromisoformat(row["due"])
                if all(at.get((theme.id, row["unit"], one), due) < due for one in theme.requirements):
                    figures.blamed.append(f"{row['unit']} was reminded of {theme.id}")
        figures.twice += [f"reminder {key}" for key, count in reminded.items() if count > 1]


def play(folder: Path, size: int, seed: int = 1, *, here: bool = False) -> Figures:
    """The autumn in this folder, which must be empty. `here`: see `Play`."""
    made = autumn(size, seed)
    with MailServer(address=OFFICE_ADDRESS, password=PASSWORD, clock=lambda: ROUNDS[-1]) as server:
        return Play(folder, made, server, here=here).go()


def main() -> int:
    """Print the figures; 1 when one that must be 0 is not, or more than 5 % of the mails are in doubt."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--size", type=int, default=25, help="units of each roster")
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="shouqi-several-") as folder:
        found = play(Path(folder), options.size, options.seed)
    for name in ("mails", "doubts", "letters", "reminders", "wrong", "blamed", "twice", "routed", "seconds"):
        print(f"{name:10} {getattr(found, name)}")  # what it is for
    return 1 if found.wrong or found.blamed or found.twice or found.doubts > 0.05 * found.mails else 0


if __name__ == "__main__":
    sys.exit(main())
