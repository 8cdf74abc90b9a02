"""What we are held against: mbsync, as a measured command."""

from __future__ import annotations

from pathlib import Path

from benchmarks.ready import PASSWORD
from benchmarks.speed.watching import Ran, checked, watch
from intake.demo.units import OFFICE_ADDRESS

_RC = """
FSync {fsync}
IMAPStore far
Host 127.0.0.1
Port {port}
User {user}
Pass {password}
SSLType None
AuthMechs LOGIN

MaildirStore near
Path {folder}/mail/
Inbox {folder}/mail/inbox
SubFolders Verbatim

Channel all
Far :far:
Near :near:
Patterns INBOX
Create Near
Sync Pull
SyncState *
"""


def mbsync(folder: Path, imap_port: int, *, fsync: bool) -> Ran:
    """Fetch the whole mailbox into an empty `folder`; `fsync` as shipped, or without."""
    (folder / "mail").mkdir(parents=True)
    rc = folder / "mbsyncrc"
    rc.write_text(
        _RC.format(
            fsync="yes" if fsync else "no", port=imap_port, user=OFFICE_ADDRESS, password=PASSWORD, folder=folder
        ),
        "utf-8",
    )
    return checked(watch(["mbsync", "-q", "-c", str(rc), "all"], folder / "log"))
