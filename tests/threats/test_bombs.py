"""Threat: bombs that ask for far more time or memory than they have bytes. Facts 7, 9, 10, 11 and 15 of the mail line.

Each ends as a value with its reason, within half a minute, and costs the parent next to nothing; the next mail goes on.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest

from intake import readers, understand
from intake.children import LARGEST_ANSWER
from intake.mail.message import Message, Unparsed
from intake.sandbox import Job, Limits, Sandbox
from rules.facts import ImageFacts, TextFacts, Unreadable
from tests.desk import Desk, everything
from tests.intake.mails_made import write_mail
from tests.intake.readers.samples import Samples
from tests.threats import bombs

ROOT = Path(__file__).resolve().parents[2]
LONG = bool(os.environ.get("SHOUQI_BOMBS"))
"""All bombs under the limits of the service (`make hostile`); else the quick ones, and under shorter limits."""
SHORT = Limits(wall=60, cpu=2, careful=120, step=60)
"""Little processor time, and patience with a busy machine."""
LIGHT = 10 << 20
"""Bytes of what one mail brings to the parent."""
PARENT = 300
"""MB of memory."""
GOOD = {"总结.txt": "滨江区质量月活动总结".encode("gbk"), "图1.jpg": Samples.picture()}


def chosen(names: Iterable[str]) -> list[str]:
    """The bombs that this run sets off."""
    return [name for name in names if LONG or name not in bombs.SLOW]


@pytest.fixture(scope="module")
def sandbox(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sandbox]:
    with Sandbox(1, tmp_path_factory.mktemp("home"), Limits() if LONG else SHORT) as running:
        yield running


@pytest.mark.parametrize("name", chosen(bombs.NAMES))
def test_a_bomb_ends_as_a_value(name: str, sandbox: Sandbox, tmp_path: Path) -> None:
    (tmp_path / "raw.eml").write_bytes(bombs.mail(name))
    after = write_mail(tmp_path, "good", GOOD)
    jobs = [Job("bomb", tmp_path / "raw.eml", tmp_path / "a"), Job("good", after, tmp_path / "b")]
    began = time.monotonic()
    (_, answer), (_, good) = sandbox.understand_many(jobs)
    assert not LONG or time.monotonic() - began < 40  # of both mails, and of the children that start for them
    assert isinstance(good, Message) and [type(file.facts) for file in good.attachments] == [TextFacts, ImageFacts]
    if isinstance(answer, Unparsed):
        assert answer.reason and "程序" not in answer.reason
        return
    assert sum(readers.weight(file.facts) for file in answer.attachments) <= understand.WEIGHT
    if name in bombs.REFUSED:
        bomb = answer.attachments[0].facts
        assert isinstance(bomb, Unreadable) and bomb.reason == bombs.REFUSED[name]


def test_what_an_answer_may_weigh_fits_into_it() -> None:
    assert readers.HEAVIEST <= understand.WEIGHT < LARGEST_ANSWER / 2


def test_the_facts_of_one_file_are_limited(tmp_path: Path) -> None:
    """Little in the file, 90 MB in the facts."""
    (tmp_path / "x").write_bytes(bombs.one_text_in_all(3000))
    kind, reading = readers.read(tmp_path / "x", "统计表.xlsx", tmp_path)
    assert kind == "xlsx" and isinstance(reading.facts, Unreadable) and reading.facts.reason == "too-large"
    assert "words and cells" in reading.facts.detail


def test_the_facts_of_one_mail_are_limited(tmp_path: Path) -> None:
    """Each file alone is sound; those beyond the limit are left to a person, the first ones are read."""
    raw = write_mail(tmp_path, "flood", {f"{n}.txt": bombs.words("通知", 3) for n in range(6)} | GOOD)
    found = understand.understand(raw, tmp_path / "spool")
    assert isinstance(found, Message)
    kinds = [type(file.facts) for file in found.attachments]
    assert kinds == [TextFacts] * 4 + [Unreadable] * 2 + [TextFacts, ImageFacts]


def measured(desk: Desk, *arguments: str) -> float:
    """Run a command as a user does; the most MB of memory that its own process had (its children not counted)."""
    code = (
        "import sys\nfrom intake.cli import main\ntry:\n    main()\nfinally:\n    "
        "print(next(s.split()[1] for s in open('/proc/self/status') if s.startswith('VmHWM')), file=sys.stderr)"
    )
    ran = subprocess.run(
        [sys.executable, "-c", code, *arguments, "--now", desk.now.isoformat(), "--json"],
        cwd=desk.folder, env={**os.environ, "PYTHONPATH": str(ROOT)}, text=True, capture_output=True, check=True,
    )  # fmt: skip
    return int(ran.stderr.split()[-1]) / 1024


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="needs /proc")
def test_bombs_among_good_mails_through_the_whole_line(tmp_path: Path) -> None:
    """The real program: all listed with a reason, the good mail answered, the parent stays small."""
    names = chosen(bombs.WHOLE_LINE)
    with Desk(tmp_path) as desk:
        unit, other = desk.units[:2]
        (tmp_path / "mails").mkdir()
        for number, name in enumerate(names):
            raw = bombs.mail(name).replace(b"binjiang@unit.example", unit.addresses[0].encode())
            (tmp_path / "mails" / f"{number}.eml").write_bytes(raw.replace(b": bomb", b": bomb %d" % number))
        desk.mail(other, everything(other))
        desk.now = desk.now.replace(hour=12)
        parent = max(measured(desk, "import", "mails", "--reply"), measured(desk, "run", "--once"))
        rows = [row for row in desk.command("mails") if row["class"] != "loop"]  # most have no Message-ID
        todo = [text for _, text in desk.todo()]
        assert len(rows) == len(names) + 1
        assert all(row["state"] != "received" and row["reason"] for row in rows)
        assert not [row["reason"] for row in rows if "程序" in row["reason"]]
        for row in rows:
            if row["state"] in ("held", "stuck"):
                assert any(row["subject"] in text for text in todo), row
        assert desk.status()[other.code]["state"] == "incomplete"  # the caption is missing, all else was read
        assert {str(letter["To"]) for letter in desk.letters} >= {other.addresses[0]}
    assert parent < PARENT
