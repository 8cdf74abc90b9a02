"""The office under test: real servers behind lines that can break, a real folder, the cycle and the commands."""

from __future__ import annotations

import contextlib
import io
import json
import os
import subprocess
import sys
import time
from collections.abc import Sequence
from contextlib import ExitStack
from datetime import datetime
from email import message_from_bytes
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from imapclient import IMAPClient

from benchmarks.campaign import Campaign, Truth
from benchmarks.ready import PASSWORD, write_folder
from intake.cli import app
from intake.commands import secrets_of
from intake.config import load_config
from intake.cycle import Report, fresh_sandbox, run_cycle
from intake.demo.server import MailServer
from intake.demo.units import OFFICE_ADDRESS
from intake.logs import start_logging
from intake.office import Office, opened
from intake.sandbox import Sandbox
from intake.turns import alone
from rules.unit import Unit
from tests.faults.line import BadLine

PER_DAY, PER_HOUR = 4, 60
APPROVED_FIRST = 2
"""So many replies wait for the coordinator before any leaves by itself."""
RUNGS = ("7d", "3d", "1d", "0d", "+1d")
REMIND_AT = 9
_SETTINGS = f"""per_hour = {PER_HOUR}
per_sender_per_day = {PER_DAY}
approve_first = {APPROVED_FIRST}

[schedule]
idle = false
quiet_period = "10m"
reminders = {json.dumps(RUNGS)}
remind_at = "{REMIND_AT:02d}:00"
tracker_at = ["08:30"]
"""


class Service:
    """The program on its folder. `now` is its clock, and that of the mail server."""

    def __init__(self, folder: Path, units: Sequence[Unit], now: datetime) -> None:
        self.folder, self.now = folder, now
        self._units = tuple(units)
        self._servers = ExitStack()
        self._running = ExitStack()

    def __enter__(self) -> Self:
        self.server = self._servers.enter_context(
            MailServer(address=OFFICE_ADDRESS, password=PASSWORD, clock=lambda: self.now)
        )
        self.imap = self._servers.enter_context(BadLine(self.server.imap_port))
        self.smtp = self._servers.enter_context(BadLine(self.server.smtp_port))
        made = Campaign(units=self._units, mails=(), truth=Truth(units={}, mails={}))
        self.config = write_folder(self.folder, made, imap_port=self.imap.port, smtp_port=self.smtp.port)
        text = self.config.read_text("utf-8").replace('"30d"', '"7d"').replace("per_hour = 1000\n", "")
        self.config.write_text(text + _SETTINGS, "utf-8")
        start_logging(self.folder / "data" / "logs")
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()
        self._servers.close()

    @property
    def tracker(self) -> Path:
        """The workbook."""
        return self.folder / "data" / "tracker" / "台账.xlsx"

    def start(self) -> None:
        """Open everything, as the service does when it starts."""
        self._config = load_config(self.config)
        self._office: Office = self._running.enter_context(opened(self._config, self.now))
        self._sandbox: Sandbox = self._running.enter_context(fresh_sandbox(self._office))

    def stop(self) -> None:
        """Let go of everything."""
        self._running.close()

    def cycle(self) -> Report:
        """One round, as the service does it. It holds the folder only meanwhile, so that commands can come between."""
        with alone(self._config):
            secrets = secrets_of(self._config)
            return run_cycle(self._office, self._sandbox, secrets, self.now)

    def kill(self, seconds: float) -> None:
        """A process of its own runs a round and is killed (SIGKILL) after so long; then the service starts again."""
        self.stop()
        command = [sys.executable, "-m", "intake", "run", "--once", "--config", str(self.config)]
        process = subprocess.Popen(
            [*command, "--now", self.now.isoformat()],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])},
        )
        time.sleep(seconds)
        process.kill()
        process.wait()
        self.start()

    def command(self, *words: str) -> Any:
        """What a person types; the JSON document it prints. ValueError when it does not end with status 0."""
        out = io.StringIO()
        with contextlib.redirect_stdout(out):
            said = [*words, "--config", str(self.config), "--now", self.now.isoformat(), "--json"]
            status = app(said, prog_name="shouqi", standalone_mode=False)
        if status:
            raise ValueError(f"{' '.join(words)} ended with status {status}")
        return json.loads(out.getvalue())

    def on_server(self) -> list[str]:
        """Message-IDs of everything in the mailbox, past the program and past its line."""
        with IMAPClient("127.0.0.1", self.server.imap_port, ssl=False) as client:
            client.login(OFFICE_ADDRESS, PASSWORD)
            client.select_folder("INBOX", readonly=True)
            heads = client.fetch(client.search("ALL"), ["BODY.PEEK[HEADER]"])
        return [str(message_from_bytes(head[b"BODY[HEADER]"])["Message-ID"]).strip() for head in heads.values()]
