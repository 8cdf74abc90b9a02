"""The main job on a real Dovecot, as a user runs it: the standing of every unit, every mail, every letter."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from benchmarks.campaign import campaign
from benchmarks.ready import PASSWORD, write_folder
from intake.demo.server import MailServer
from intake.demo.units import OFFICE_ADDRESS
from tests.campaign_truth import differences
from tests.dovecot import Dovecot, why_not

ROOT = Path(__file__).resolve().parent.parent
NOT_OLDER_THAN = timedelta(days=30)


def shouqi(config: Path, *arguments: str, now: str) -> Any:
    """Run a command as a process of its own; its JSON document."""
    command = [sys.executable, "-m", "intake", *arguments, "--config", str(config), "--now", now, "--json"]
    ran = subprocess.run(command, capture_output=True, text=True, cwd=config.parent, timeout=300, check=False,
                         env={**os.environ, "PYTHONPATH": str(ROOT)})  # fmt: skip
    assert ran.returncode == 0, ran.stderr
    return json.loads(ran.stdout)


def test_a_campaign_on_dovecot(tmp_path: Path) -> None:
    if reason := why_not():
        pytest.skip(reason)
    made = campaign(100, seed=7)
    now = made.as_of.isoformat()
    with Dovecot(user=OFFICE_ADDRESS, password=PASSWORD) as box:
        server = MailServer(address=OFFICE_ADDRESS, password=PASSWORD, own_mail=box.deliver, clock=lambda: made.as_of)
        with server as out:
            for mail in made.mails:
                box.deliver(mail.make(), mail.received_at)
            config = write_folder(tmp_path, made, imap_port=box.imap_port, smtp_port=out.smtp_port)
            first = shouqi(config, "run", "--once", now=now)
            letters = [sent.raw for sent in out.sent]
            again = shouqi(config, "run", "--once", now=now)
            third = shouqi(config, "run", "--once", now=now)
        status = shouqi(config, "status", now=now)
        mails = shouqi(config, "mails", now=now)
        outbox = shouqi(config, "outbox", now=now)
    assert differences(made, status, mails, letters, NOT_OLDER_THAN) == []
    assert first["fetched"] == len({mail.make() for mail in made.mails})
    # the second run finds nothing but the copies of our own letters, and answers none of them
    assert again["processed"] == {"ignored": len(letters)}
    assert again["sent"] == third["sent"] == []
    assert third["fetched"] == 0
    assert {letter["state"] for letter in outbox} == {"sent"}
    (count,) = status["mailboxes"]
    assert count["missing"] == 0
    assert count["on_server"] == count["in_ledger"] == len(made.mails) + len(letters)
    assert list((tmp_path / "data" / "tracker").glob("台账.xlsx"))
