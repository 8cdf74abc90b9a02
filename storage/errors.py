"""The errors that callers must tell apart.

Exception
 ├─ Temporary      a server, the disk or the database is away: nothing changed state, try again later
 ├─ Refused        asked and denied for good: a wrong password, a folder that does not exist
 └─ DataTooNew     the data folder was written by a newer program
"""

from __future__ import annotations

import errno
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

_SAID = {
    errno.EACCES: "没有权限",
    errno.EPERM: "没有权限",
    errno.EROFS: "磁盘是只读的",
    errno.ENOSPC: "磁盘已满",
    errno.EDQUOT: "磁盘配额已用完",
    errno.EIO: "磁盘出错",
    errno.ENOENT: "找不到",
    errno.EEXIST: "已有同名的文件",
    errno.ENOTDIR: "路径中有一段不是文件夹",
    errno.EISDIR: "这是一个文件夹",
    errno.ENAMETOOLONG: "名称太长",
    errno.EBUSY: "正被占用",
    errno.ECONNREFUSED: "对方拒绝连接",
    errno.ECONNRESET: "对方断开了连接",
    errno.EPIPE: "对方断开了连接",
    errno.ETIMEDOUT: "没有应答",
    errno.ENETUNREACH: "网络不通",
    errno.EHOSTUNREACH: "网络不通",
}
DISK_FULL = (errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EFBIG, errno.EMFILE, errno.ENFILE)
"""What the system says when nothing more can be written or opened: nobody's fault, and it passes."""
DISK_AWAY = (*DISK_FULL, errno.EIO)
"""The same, and what it says when the disk itself fails."""


def said(error: OSError) -> str:
    """What the system said, in Chinese where it is one of the usual things.

    >>> said(PermissionError(13, "Permission denied"))
    '没有权限'
    """
    return _SAID.get(error.errno or 0) or error.strerror or str(error)


class Temporary(Exception):
    """Something outside is away or busy. The message is Chinese, one line, with the remedy."""


class Refused(Exception):
    """Something outside said no, and will say no again until a person changes something."""


class DataTooNew(Exception):
    """The data folder belongs to a newer version of the program; nothing was touched."""


@contextmanager
def on_disk(where: Path, then: str = "稍后会自动重试。") -> Iterator[None]:
    """Every OSError of the block is the disk's: `Temporary`, with what a person can do about it.

    `then`: what happens after that, a sentence in Chinese.
    """
    try:
        yield
    except OSError as error:
        if error.errno in DISK_FULL:
            raise Temporary(f"磁盘已满或只读，暂时不能保存（{where}）。请清理磁盘，{then}") from error
        what = error.filename or where
        raise Temporary(f"读写“{what}”失败（{said(error)}）。请检查路径、权限和磁盘，{then}") from error
