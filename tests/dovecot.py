"""A real Dovecot on a free loopback port, with its own configuration, Maildir and user, for the main-job tests."""

from __future__ import annotations

import grp
import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import Self

_START_SECONDS = 10.0

_CONFIG = """
base_dir = {root}/run
state_dir = {root}/state
log_path = {root}/dovecot.log
protocols = imap
listen = 127.0.0.1
ssl = no
disable_plaintext_auth = no
auth_mechanisms = plain login
default_internal_user = {internal}
default_internal_group = {group}
default_login_user = {login}
first_valid_uid = 1
first_valid_gid = 1
mail_uid = {uid}
mail_gid = {gid}
mail_home = {root}/home
mail_location = maildir:{root}/home/Maildir
mail_fsync = never
passdb {{
  driver = passwd-file
  args = scheme=PLAIN username_format=%u {root}/users
}}
userdb {{
  driver = static
  args = uid={uid} gid={gid} home={root}/home
}}
service imap-login {{
  chroot =
  inet_listener imap {{
    port = {port}
  }}
  inet_listener imaps {{
    port = 0
  }}
}}
service anvil {{
  chroot =
}}
service stats {{
  chroot =
}}
"""


def why_not() -> str | None:
    """Why no Dovecot can be started here, or None when it can."""
    if _program() is None:
        return "Dovecot is not installed (Debian package dovecot-imapd)"
    return None


class Dovecot:
    """Runs while the context lasts. As root the mailbox belongs to `nobody`, else to whoever runs the tests."""

    host = "127.0.0.1"

    def __init__(self, *, user: str = "zlb@yunling.example", password: str) -> None:
        self.user = user
        self.password = password
        self.imap_port = 0
        self.delivered = 0
        self._root = Path()
        self._process: subprocess.Popen[bytes] | None = None
        self._owner = pwd.getpwnam("nobody") if os.geteuid() == 0 else pwd.getpwuid(os.geteuid())

    def __enter__(self) -> Self:
        # not pytest's tmp_path: its parents are closed to other users, and Dovecot's processes are others
        self._root = Path(tempfile.mkdtemp(prefix="shouqi-dovecot-"))
        try:
            self._root.chmod(0o755)
            self._make_mailbox()
            self._start()
        except BaseException:
            self._stop()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stop()

    @property
    def maildir(self) -> Path:
        """The INBOX: a Maildir with `new`, `cur` and `tmp`."""
        return self._root / "home" / "Maildir"

    @property
    def log(self) -> str:
        """What Dovecot has logged so far."""
        path = self._root / "dovecot.log"
        return path.read_text("utf-8", "replace") if path.exists() else ""

    def deliver(self, raw: bytes, received_at: datetime) -> Path:
        """Put a mail into the Maildir, as a delivery agent does. The file's mtime is its INTERNALDATE."""
        moment = received_at.timestamp()  # refuses nothing: aware times only are used in this project
        self.delivered += 1
        # names begin with one counter of ten digits, so that UIDs follow the order of delivery
        name = f"{self.delivered:010d}.M{self.delivered}P{os.getpid()}.shouqi,S={len(raw)}"
        temporary = self.maildir / "tmp" / name
        temporary.write_bytes(raw)
        if os.geteuid() == 0:
            os.chown(temporary, self._owner.pw_uid, self._owner.pw_gid)
        os.utime(temporary, (moment, moment))
        final = self.maildir / "new" / name
        temporary.rename(final)
        return final

    def _make_mailbox(self) -> None:
        home = self._root / "home"
        for folder in (home, self.maildir, *(self.maildir / part for part in ("new", "cur", "tmp"))):
            folder.mkdir()
            if os.geteuid() == 0:
                os.chown(folder, self._owner.pw_uid, self._owner.pw_gid)
        (self._root / "users").write_text(f"{self.user}:{{PLAIN}}{self.password}\n", "ascii")

    def _start(self) -> None:
        program = _program()
        if program is None:
            raise RuntimeError(why_not())
        self.imap_port = _free_port()
        root_runs = os.geteuid() == 0
        config = self._root / "dovecot.conf"
        config.write_text(
            _CONFIG.format(
                root=self._root,
                port=self.imap_port,
                uid=self._owner.pw_uid,
                gid=self._owner.pw_gid,
                internal="dovecot" if root_runs else self._owner.pw_name,
                group="dovecot" if root_runs else grp.getgrgid(self._owner.pw_gid).gr_name,
                login="dovenull" if root_runs else self._owner.pw_name,
            ),
            "ascii",
        )
        with (self._root / "stderr").open("wb") as complaints:
            self._process = subprocess.Popen(
                [program, "-F", "-c", str(config)],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=complaints,
                start_new_session=True,
            )
        self._await_login()

    def _await_login(self) -> None:
        end = time.monotonic() + _START_SECONDS
        while time.monotonic() < end:
            if self._process is not None and self._process.poll() is not None:
                break
            with suppress(OSError), socket.create_connection((self.host, self.imap_port), 1) as connection:
                connection.settimeout(2)
                connection.recv(1024)
                connection.sendall(f"a LOGIN {self.user} {self.password}\r\n".encode("ascii"))
                # its processes that check passwords start after the one that greets
                if b"a OK" in connection.recv(4096):
                    return
            time.sleep(0.05)
        complaint = (self._root / "stderr").read_text("utf-8", "replace")
        raise RuntimeError(f"Dovecot did not start: {complaint} {self.log}")

    def _stop(self) -> None:
        process, self._process = self._process, None
        if process is not None:
            process.terminate()
            try:
                process.wait(5)
            except subprocess.TimeoutExpired:
                # the master answers SIGTERM at once unless something is very wrong; its children are its session
                os.killpg(process.pid, signal.SIGKILL)
                process.wait(5)
        shutil.rmtree(self._root, ignore_errors=True)


def _program() -> str | None:
    return shutil.which("dovecot") or shutil.which("dovecot", path="/usr/sbin:/usr/local/sbin")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
