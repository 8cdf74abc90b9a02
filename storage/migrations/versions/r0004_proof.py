"""Whether a mail is its sender's."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """Columns for what was found out about the sender; nobody has looked at the mails that are there."""
    for name in ("proof", "proof_by"):
        op.add_column("mail", sa.Column(name, sa.String(), nullable=False, server_default=""))
