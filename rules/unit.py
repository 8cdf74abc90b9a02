"""A unit (单位) of the roster (名册)."""

from __future__ import annotations

import msgspec


class Unit(msgspec.Struct, frozen=True, kw_only=True):
    """One row of the roster. `code` is its identity; the row order of the roster is kept by the caller."""

    code: str
    name: str
    short: str = ""
    aliases: tuple[str, ...] = ()
    """Further names it is known by."""
    category: str = ""
    contact: str = ""
    phone: str = ""
    addresses: tuple[str, ...] = ()
    """Registered mail addresses, lower case; letters go to the first one that is deliverable."""
    superior: str = ""
    """Mail address that reminders in vain are copied to (抄送); "" when the roster names none."""
