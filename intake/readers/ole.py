"""OLE containers: what old Office files have in common, and those among them that nobody reads here.

Encrypted ones are told apart, since another remedy helps there.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from intake.readers import Given, Reading, Refused, reads

MAGIC = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_FIB_FLAGS = 0x0A
_ENCRYPTED = 0x0100
_CUT = frozenset(
    (
        "incomplete OLE stream",
        "incomplete OLE sector",
        "OLE sector index out of range",
        "incorrect OLE FAT, sector index out of range",
        "OLE stream size is less than declared",
    )
)
"""What olefile notes, and goes on, when a stream ends before its time."""


@reads("msg", "ole")
def read_ole(path: Path, given: Given) -> Reading:
    """Always refuses: encrypted where a password is set, else unsupported."""
    refuse_if_encrypted(path)
    raise Refused("unsupported", "an OLE container without a document that is read")


def streams(path: Path, names: Iterable[str]) -> dict[str, bytes]:
    """Those of the streams that are there, whole; encrypted containers and cut streams are refused."""
    import olefile

    refuse_if_encrypted(path)
    with olefile.OleFileIO(str(path)) as ole:
        found = {name: ole.openstream(name).read() for name in names if ole.exists(name)}
        for _, message in ole.parsing_issues:
            if str(message) in _CUT:
                raise Refused("damaged", str(message))
    return found


def refuse_if_ole(path: Path) -> None:
    """For docx and the like: an OLE container in place of the zip is the encrypted form ([MS-OFFCRYPTO] 2.3)."""
    with path.open("rb") as file:
        if file.read(8) == MAGIC:
            refuse_if_encrypted(path)
            raise Refused("damaged", "OLE container without a document")


def refuse_if_encrypted(path: Path) -> None:
    """Raise `Refused` when the OLE container is encrypted or its directory cannot be read."""
    import olefile

    try:
        with olefile.OleFileIO(str(path)) as ole:
            if ole.exists("EncryptedPackage") or ole.exists("EncryptedSummary"):
                raise Refused("encrypted", "password protected Office file")
            if ole.exists("WordDocument"):  # [MS-DOC] 2.5.2: FibBase, bit fEncrypted
                flags = ole.openstream("WordDocument").read(_FIB_FLAGS + 2)[_FIB_FLAGS:]
                if int.from_bytes(flags, "little") & _ENCRYPTED:
                    raise Refused("encrypted", "password protected Word file")
    except Refused:
        raise
    except Exception as error:  # olefile raises many kinds on damaged directories
        raise Refused("damaged", f"{type(error).__name__}: {error}"[:200]) from error
