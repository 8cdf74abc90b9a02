"""The first schema: its tables were created as they were; there is nothing before it to come from."""

from __future__ import annotations

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Nothing: data folders begin here."""
