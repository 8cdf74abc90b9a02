"""The manifest of an archive package: what lies in it, where it came from, and the digest of every file.

`manifest.json` tells all of it; `MANIFEST.sha256` has a line a file, as `sha256sum -c` reads it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from pathlib import Path
from typing import Final, Literal

import msgspec

from storage.errors import Refused

JSON: Final = "manifest.json"
SUMS: Final = "MANIFEST.sha256"
FORMAT: Final = "shouqi-export-1"
State = Literal["", "current", "superseded", "withdrawn", "pending", "unplaced", "link"]
"""Of a material: the version in force, an earlier one, one taken back, one that waits for a person, one that answers
no requirement, one that is only announced by a link. "" for mails and documents."""


class Entry(msgspec.Struct, frozen=True, kw_only=True):
    """One file of the package; for a material that came only as a link, `path` and `sha256` are ""."""

    path: str
    """Relative to the package, with forward slashes."""
    sha256: str
    size: int
    """Bytes."""
    kind: Literal["material", "mail", "document"]
    name: str
    """The original name, exactly as it came; never a path. Of a mail: its subject."""
    unit: str = ""
    """Code."""
    unit_name: str = ""
    requirement: str = ""
    """Id."""
    requirement_name: str = ""
    state: State = ""
    verdict: str = ""
    """Of a material in force: the state of its requirement (ok, problem, unsure …). Of a mail: its state."""
    why: str = ""
    """Why it has that state, for the coordinator."""
    mail: str = ""
    """Message-ID of the mail it came with."""
    mail_sha256: str = ""
    sender: str = ""
    """Address the mail came from."""
    received_at: str = ""
    """ISO 8601 with offset."""
    source: str = ""
    """Of a document: a print of what it was made from; the same print needs no new document."""


class Manifest(msgspec.Struct, frozen=True, kw_only=True):
    """The whole package."""

    format: str = FORMAT
    notice: str
    """Id of the notice."""
    title: str
    office: str
    as_of: str
    """When something in it changed last, ISO 8601."""
    files: tuple[Entry, ...]


def read_manifest(folder: Path) -> Manifest | None:
    """The manifest of a package; None when there is none. Refused when it cannot be understood."""
    path = folder / JSON
    if not path.is_file():
        return None
    try:
        found = msgspec.json.decode(path.read_bytes(), type=Manifest)
    except msgspec.DecodeError as error:
        raise Refused(f"{path} 不是收齐写的清单（{error}）。请导出到另一个空文件夹。") from error
    if found.format != FORMAT:
        raise Refused(f"{path} 的格式是 {found.format}，本版本只认 {FORMAT}。请导出到另一个空文件夹。")
    return found


def json_bytes(manifest: Manifest) -> bytes:
    """`manifest.json`, indented for people."""
    return msgspec.json.format(msgspec.json.encode(manifest), indent=1)


def sums_bytes(digests: Iterable[tuple[str, str]]) -> bytes:
    """`MANIFEST.sha256` of (path, digest) pairs. Our names hold no line break and no backslash, so none is escaped.

    >>> sums_bytes([("甲.txt", "00")]).decode()
    '00  甲.txt\\n'
    """
    return "".join(f"{digest}  {path}\n" for path, digest in sorted(digests)).encode()


def read_sums(data: bytes) -> dict[str, str]:
    """Digest by path. A line that is none of ours stands under its own text with the digest ""."""
    found: dict[str, str] = {}
    for line in data.decode("utf-8", "replace").splitlines():
        digest, between, path = line.partition("  ")
        if between and len(digest) == 64 and path and not path.startswith("/") and ".." not in path.split("/"):
            found[path] = digest
        elif line.strip():
            found[line] = ""
    return found


def digest_of(path: Path) -> str:
    """SHA-256 of a file, in hex, read piece by piece."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def digest_of_value(value: object) -> str:
    """A print of a value that may go into JSON."""
    return hashlib.sha256(msgspec.json.encode(value, enc_hook=str)).hexdigest()
