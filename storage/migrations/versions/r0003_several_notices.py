"""Mails that answer several notices, and what told so."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Columns for the route of a mail, and the table of its further notices."""
    op.add_column("mail", sa.Column("routed_by", sa.String(), nullable=False, server_default=""))
    for name in ("routing", "may_answer"):
        op.add_column("mail", sa.Column(name, sa.String(), nullable=False, server_default="[]"))
    op.add_column("piece", sa.Column("notice", sa.String(), nullable=True))
    op.create_table(
        "also",
        sa.Column("mail_id", sa.Integer(), sa.ForeignKey("mail.id"), primary_key=True),
        sa.Column("notice", sa.String(), primary_key=True),
        sa.Column("unit", sa.String(), nullable=False),
        sa.Column("reply_allowed", sa.Boolean(), nullable=False),
        sa.Column("reply_why", sa.String(), nullable=False),
        sa.Column("reply_open", sa.Boolean(), nullable=False),
        sa.Column("letter_id", sa.Integer(), sa.ForeignKey("letter.id"), nullable=True),
    )
    op.create_index("ix_also_unit", "also", ["unit"])
    op.create_index("ix_also_letter_id", "also", ["letter_id"])
