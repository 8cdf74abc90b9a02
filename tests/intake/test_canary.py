"""Passwords are nowhere but where the settings say: a canary is looked for in everything that the program leaves.

All commands run as a user starts them, in processes of their own; what they print, write, send and show in the
process list is searched for the password in every spelling that a mail server knows.
"""

from __future__ import annotations

import base64
import os
import signal
import socket
import stat
import subprocess
import sys
import threading
import time
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from urllib.parse import quote

import pytest

from intake.demo.units import OFFICE_ADDRESS
from tests.desk import Desk, captioned, everything

RIGHT, WRONG, URL = (f"Canary+{name}-9f3b" for name in ("right", "wrong", "url"))
"""Of both servers (one from a file, one from the environment), a wrong one, one where none may stand."""
ROOT = Path(__file__).parents[2]


def spellings(password: str) -> Iterator[bytes]:
    """As it stands, and as LOGIN, PLAIN and URLs write it."""
    yield from (password.encode(), password.encode("utf-16-le"))
    yield quote(password).encode()
    for code in (password, f"\0{OFFICE_ADDRESS}\0{password}", f"{OFFICE_ADDRESS}\0{password}"):
        yield base64.b64encode(code.encode()).rstrip(b"=")


FORBIDDEN = {one: name for name in (RIGHT, WRONG, URL) for one in spellings(name)}


def leaks(data: bytes) -> set[str]:
    return {name for one, name in FORBIDDEN.items() if one in data}


def contents(folder: Path) -> Iterator[tuple[str, bytes]]:
    """Every file below, those inside zips and workbooks too; the password file itself is the one place for it."""
    for path in folder.rglob("*"):
        if not path.is_file() or path.name == "password.txt":
            continue
        yield str(path), path.read_bytes()
        if zipfile.is_zipfile(path):
            with zipfile.ZipFile(path) as archive:
                yield from ((f"{path}/{name}", archive.read(name)) for name in archive.namelist())


class Watched:
    """Commands, and everything they printed or showed."""

    def __init__(self, desk: Desk) -> None:
        self.desk, self.seen = desk, b""

    def start(self, *arguments: str) -> subprocess.Popen[bytes]:
        environ = {**os.environ, "PYTHONPATH": str(ROOT), "SHOUQI_SMTP_PASSWORD": RIGHT, "PYTHONASYNCIODEBUG": "1"}
        return subprocess.Popen(
            [sys.executable, "-X", "dev", "-m", "intake", *arguments, "--now", self.desk.now.isoformat()],
            cwd=self.desk.folder, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, env=environ, umask=0,
        )  # fmt: skip

    def run(self, *arguments: str) -> int:
        """Its exit status; its words are kept."""
        process = self.start(*arguments)
        words, _ = process.communicate(timeout=300)
        self.seen += words
        return process.returncode

    def clean(self) -> None:
        assert leaks(self.seen) == set(), self.seen.decode("utf-8", "replace")
        for name, data in contents(self.desk.folder):
            assert leaks(data) == set(), name
        for letter in self.desk.server.sent:
            assert leaks(letter.raw) == set()


@pytest.fixture
def watched(tmp_path: Path) -> Iterator[Watched]:
    with Desk(tmp_path, password=RIGHT) as desk:
        head, _, tail = desk.config.read_text("utf-8").rpartition('"file:password.txt"')
        desk.config.write_text(f'{head}"env:SHOUQI_SMTP_PASSWORD"{tail}', "utf-8")
        yield Watched(desk)


def test_a_campaign_from_end_to_end(watched: Watched) -> None:
    desk = watched.desk
    unit = desk.units[0]
    desk.mail(unit, everything(unit), captioned(unit))
    assert watched.run("run", "--once") == 0, watched.seen.decode()
    desk.now += timedelta(minutes=11)
    assert watched.run("run", "--once", "--json") == 0
    assert watched.run("doctor") in (0, 2) and watched.run("status", "--json") == 0
    assert watched.run("backup", "b.zip") == watched.run("export", "out") == watched.run("rebuild") == 0
    assert desk.server.sent
    watched.clean()
    private(desk.folder)


def private(folder: Path) -> None:
    """The processes had umask 0, as some systems give their services: others can read nothing all the same."""
    if os.name != "posix":
        return
    for path in [folder / "b.zip", *(folder / "data").rglob("*"), *(folder / "out").rglob("*")]:
        assert stat.S_IMODE(path.stat().st_mode) & 0o077 == 0, path


@pytest.mark.long
def test_refused_away_and_killed(watched: Watched) -> None:
    desk = watched.desk
    (desk.folder / "password.txt").write_text(WRONG, "utf-8")
    assert watched.run("run", "--once", "--json") == 2
    assert watched.run("doctor") == 2
    (desk.folder / "password.txt").write_text(RIGHT, "utf-8")
    before = desk.config.read_text("utf-8")
    desk.configure('security = "none"', 'security = "tls"')  # a server that does not speak it
    assert watched.run("run", "--once", "--json") == 3
    desk.config.write_text(before.replace('host = "127.0.0.1"', 'host = "localhost.invalid"', 1), "utf-8")
    desk.configure('security = "none"', 'security = "tls"')
    assert watched.run("run", "--once") == 3
    desk.config.write_text(before, "utf-8")
    service = watched.start("run")
    for _ in range(600):
        if (desk.folder / "data" / "shouqi.db").exists() and desk.mails() == {}:
            break
        time.sleep(0.1)
    listed = subprocess.run(["ps", "-eo", "args"], capture_output=True, check=True)  # noqa: S607  # the system's own
    assert b"intake run" in listed.stdout
    watched.seen += listed.stdout
    service.send_signal(signal.SIGKILL)
    watched.seen += service.communicate(timeout=60)[0]
    watched.clean()


@contextmanager
def echoing() -> Iterator[int]:
    """A server that answers every line with BAD and the line itself; its port."""
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def serve() -> None:
            while True:
                try:
                    line, _ = listener.accept()
                except OSError:
                    return
                with line, line.makefile("rb") as said:
                    line.sendall(b"* OK [CAPABILITY IMAP4rev1] hello\r\n")
                    for one in said:
                        tag = one.split(b" ")[0]
                        answer = b"OK" if b"CAPABILITY" in one else b"BAD what is"
                        line.sendall(
                            b"* OK you said "
                            + one.strip()
                            + b"\r\n"
                            + tag
                            + b" "
                            + answer
                            + b" "
                            + one.strip()
                            + b"\r\n"
                        )

        threading.Thread(target=serve, daemon=True).start()
        yield listener.getsockname()[1]


def test_a_server_that_says_it_back(watched: Watched) -> None:
    desk = watched.desk
    (desk.folder / "password.txt").write_text(WRONG, "utf-8")
    with echoing() as port:
        desk.configure(f"port = {desk.server.imap_port}", f"port = {port}")
        assert watched.run("run", "--once", "--json") in (2, 3)
        assert watched.run("doctor") == 2
    watched.clean()


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("[storage]", f'[storage]\ndatabase = "postgresql+psycopg://shouqi:{URL}@db.example/shouqi"'),
        pytest.param('password = "file:password.txt"', f'password = "{URL}"', marks=pytest.mark.long),
        pytest.param(
            'password = "file:password.txt"',
            f'password = "file:password.txt"\npasswort = "{URL}"',
            marks=pytest.mark.long,
        ),
    ],
)
def test_a_password_in_the_settings_is_refused_and_not_repeated(watched: Watched, old: str, new: str) -> None:
    desk = watched.desk
    text = desk.config.read_text("utf-8")
    desk.config.write_text(text.replace(old, new, 1) if old in text else f"{text}\n{new}\n", "utf-8")
    assert watched.run("status", "--json") == watched.run("doctor") == 2
    assert leaks(watched.seen) == set()
