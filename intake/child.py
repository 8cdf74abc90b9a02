"""The child process: interprets foreign bytes and answers with data. Started by `intake.sandbox` only.

Requests come on stdin and answers go to stdout, each as four bytes of length and MessagePack. What
libraries print goes to stderr. The process ends when stdin ends, whatever it is doing, so that it
never outlives its parent.
"""

from __future__ import annotations

import errno
import os
import queue
import signal
import sys
import threading
import traceback
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

import msgspec

from intake.mail.message import Message, Unparsed
from intake.proving import Verified, Verify
from intake.readers import Reading

if TYPE_CHECKING:
    from intake.mail.parse import Parsed

FILE_SIZE = 512 << 20
"""Bytes a child may write into one file."""
DISK = frozenset((errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EIO))


class Whole(msgspec.Struct, frozen=True, tag="whole"):
    """Parse a mail and read all it carries; answered by `Understanding`."""

    raw: str
    spool: str


class Parse(msgspec.Struct, frozen=True, tag="parse"):
    """Only parse it; answered by `Parts`."""

    raw: str
    spool: str


class Read(msgspec.Struct, frozen=True, tag="read"):
    """Read one file; answered by `Measured`."""

    path: str
    name: str
    spool: str
    room: int
    places: int


class Scale(msgspec.Struct, frozen=True, tag="scale"):
    """Write a picture as a small JPEG to `goal`, its longer side at most `side` pixels; answered by `Scaled`."""

    path: str
    goal: str
    side: int


class Scaled(msgspec.Struct, frozen=True, tag="scaled"):
    """It was written."""


class Ready(msgspec.Struct, frozen=True, tag="ready"):
    """First word of a child: everything is imported."""


class Understanding(msgspec.Struct, frozen=True, tag="understanding"):
    """Exactly one of the two."""

    message: Message | None = None
    unparsed: Unparsed | None = None


class Parts(msgspec.Struct, frozen=True, tag="parts"):
    """The parser's result, encoded; decoded with `decode_parsed`, so that only careful mode imports its type."""

    parsed: bytes = b""
    unparsed: Unparsed | None = None


class Measured(msgspec.Struct, frozen=True, tag="measured"):
    """The kind of one file and what was found in it."""

    kind: str
    reading: Reading


class Failed(msgspec.Struct, frozen=True, tag="failed"):
    """An exception came out of the step: our own mistake, or the disk's (`disk`)."""

    detail: str
    disk: bool = False


Request = Whole | Parse | Read | Scale | Verify
Answer = Ready | Understanding | Parts | Measured | Scaled | Verified | Failed


def encode(value: object) -> bytes:
    """One message with its length in front."""
    data = msgspec.msgpack.encode(value, enc_hook=str)
    return len(data).to_bytes(4, "big") + data


def decode(data: bytes, type: Any) -> Any:  # msgspec takes unions, for which Python 3.11 has no type
    """The value of one message, without its length."""
    return msgspec.msgpack.decode(data, type=type, dec_hook=lambda kind, value: kind(value))


def receive(stream: IO[bytes], largest: int) -> bytes:
    """One message, without its length; EOFError when the stream ends or the message is longer than allowed."""
    head = stream.read(4)
    length = int.from_bytes(head, "big")
    if len(head) < 4 or length > largest:
        raise EOFError
    data = stream.read(length)
    if len(data) < length:
        raise EOFError
    return data


def answer(request: Request) -> Answer:
    """Do what is asked."""
    if isinstance(request, Read):
        from intake.readers import read

        path, spool = Path(request.path), Path(request.spool)
        kind, reading = read(path, request.name, spool, room=request.room, places=request.places)
        return Measured(kind, reading)
    if isinstance(request, Scale):
        from intake.formats.scaled import scale

        scale(Path(request.path), Path(request.goal), request.side)
        return Scaled()
    if isinstance(request, Verify):
        from intake.mail.dkim_check import check_file

        return Verified(check_file(Path(request.raw), request.author, request.keys, request.at))
    if isinstance(request, Parse):
        from intake.mail.parse import parse

        parsed = parse(Path(request.raw), Path(request.spool))
        if isinstance(parsed, Unparsed):
            return Parts(unparsed=parsed)
        return Parts(parsed=msgspec.msgpack.encode(parsed, enc_hook=str))
    from intake.understand import understand

    understood = understand(Path(request.raw), Path(request.spool))
    if isinstance(understood, Unparsed):
        return Understanding(unparsed=understood)
    return Understanding(message=understood)


def decode_parsed(parts: Parts) -> Parsed | Unparsed:
    """What `intake.mail.parse.parse` returned in the child."""
    from intake.mail.parse import Parsed

    if parts.unparsed is not None:
        return parts.unparsed
    parsed: Parsed = decode(parts.parsed, Parsed)
    return parsed


def _guarded(request: Request) -> bytes:
    try:
        return encode(answer(request))
    except Exception as error:  # noqa: BLE001 - declared boundary: whatever goes wrong is told as data
        disk = isinstance(error, OSError) and error.errno in DISK
        text = f"{type(error).__name__}: {error}\n{traceback.format_exc(limit=-6)}"
        return encode(Failed(text[:4000].encode("utf-8", "replace").decode(), disk))


def _limit(memory: int) -> None:
    """Memory, core dumps and file sizes, where the system can limit them."""
    try:
        import resource
    except ImportError:  # Windows: only the parent's clock limits a child
        return
    for kind, value in (
        (resource.RLIMIT_AS, memory),
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_FSIZE, FILE_SIZE),
    ):
        hard = resource.getrlimit(kind)[1]
        soft = value if hard == resource.RLIM_INFINITY else min(value, hard)
        try:
            resource.setrlimit(kind, (soft, hard))
        except (ValueError, OSError) as error:  # macOS refuses some of them
            print(f"limit {kind} not set: {error}", file=sys.stderr)  # noqa: T201 - the parent keeps stderr


def _allow_cpu(seconds: int) -> None:
    """Renew the limit of processor time for the next request; beyond it the system ends the process."""
    try:
        import resource
    except ImportError:
        return
    used = resource.getrusage(resource.RUSAGE_SELF)
    hard = resource.getrlimit(resource.RLIMIT_CPU)[1]
    wanted = int(used.ru_utime + used.ru_stime) + 1 + seconds
    soft = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
    resource.setrlimit(resource.RLIMIT_CPU, (soft, hard))


def _listen(stream: IO[bytes], requests: queue.SimpleQueue[bytes]) -> None:
    while True:
        try:
            requests.put(receive(stream, 1 << 20))
        except (EOFError, OSError):
            os._exit(0)


def main(memory: int, cpu: int) -> None:
    """Answer requests until stdin ends."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches the whole group; the parent decides
    stdin, stdout = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb")
    with Path(os.devnull).open("rb") as nothing:
        os.dup2(nothing.fileno(), 0)
    os.dup2(2, 1)
    from intake import understand  # noqa: F401 - imported before Ready, so that a broken installation is told
    from intake.mail import parse  # noqa: F401 - same
    from intake.readers import registry

    registry()
    _limit(memory)
    requests: queue.SimpleQueue[bytes] = queue.SimpleQueue()
    threading.Thread(target=_listen, args=(stdin, requests), daemon=True).start()
    stdout.write(encode(Ready()))
    stdout.flush()
    while True:
        request = decode(requests.get(), Request)
        _allow_cpu(cpu)
        stdout.write(_guarded(request))
        stdout.flush()


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]))
