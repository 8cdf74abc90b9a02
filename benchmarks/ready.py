"""A ready folder on loopback servers: config, password, roster. For tests, plays and measurements."""

from __future__ import annotations

from pathlib import Path

from benchmarks.campaign import NOTICE, Campaign
from intake.demo.units import OFFICE_ADDRESS, OFFICE_NAME, write_roster

PASSWORD = "benchmark"  # noqa: S105 - of a mailbox that lives as long as one run

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
