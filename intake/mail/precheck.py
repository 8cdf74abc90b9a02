"""Is a message small and plain enough for a parser? Asked of the bytes, before any parser sees them.

The other limits (parts, levels, header sizes) hold while the tree grows: see `intake.mail.tree`.
"""

from __future__ import annotations

from intake.mail.source import Source

MAX_SIZE = 200_000_000
"""Bytes of a whole mail; attachments pass in slices, so they cost no memory."""
MAX_SKELETON = 60_000_000
"""Bytes that the parser must hold: everything that is not cut-out base64."""
MAX_LINES = 1_000_000
"""Lines that the parser must hold; a flood of blank lines costs far more than its bytes."""


def refusal(source: Source) -> str:
    """Why a message must not be parsed, in Chinese; "" when it may be."""
    if source.size == 0:
        return "邮件内容为空"
    if source.size > MAX_SIZE:
        return f"邮件有{source.size / 1e6:.0f}MB，超过{MAX_SIZE // 1_000_000}MB"
    if source.skeleton_size > MAX_SKELETON:
        return f"邮件除附件外有{source.skeleton_size / 1e6:.0f}MB，超过{MAX_SKELETON // 1_000_000}MB"
    if source.count_lines(MAX_LINES) > MAX_LINES:
        return f"邮件超过{MAX_LINES // 10_000}万行"
    return ""
