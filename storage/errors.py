"""The errors that callers must tell apart.

Exception
 ├─ Temporary      a server, the disk or the database is away: nothing changed state, try again later
 ├─ Refused        asked and denied for good: a wrong password, a folder that does not exist
 └─ DataTooNew     the data folder was written by a newer program
"""

from __future__ import annotations

import errno

DISK_FULL = (errno.ENOSPC, errno.EDQUOT, errno.EROFS)
"""What the system says when nothing more can be written: nobody's fault, and it passes."""


class Temporary(Exception):
    """Something outside is away or busy. The message is Chinese, one line, with the remedy."""


class Refused(Exception):
    """Something outside said no, and will say no again until a person changes something."""


class DataTooNew(Exception):
    """The data folder belongs to a newer version of the program; nothing was touched."""
