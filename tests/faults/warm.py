"""The program, loaded once and forked for every run: the `main` of `python -m intake` without its second of imports.

    python -m tests.faults.warm

One request a line on stdin, as JSON: `arguments`, `folder` to run in, `out` where both streams go, `held`: stop the
process before its first step, for a tracer to take hold of it. Answers with its process id, and with its exit status
(negative: the signal) when it has ended.
"""

from __future__ import annotations

import importlib
import json
import os
import signal
import sys
from typing import Any

LOADED = ("running", "keeping", "showing")


def run(wanted: dict[str, Any]) -> None:
    """Be the program, in a session of its own; does not return."""
    os.setsid()
    os.chdir(wanted["folder"])
    out = os.open(wanted["out"], os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    for stream in (1, 2):
        os.dup2(out, stream)
    os.close(out)
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    sys.argv = ["shouqi", *wanted["arguments"]]
    if wanted["held"]:
        os.kill(os.getpid(), signal.SIGSTOP)
    from intake.cli import main

    main()


def serve() -> None:
    """Fork a run for every line on stdin, until it is closed."""
    for name in LOADED:
        importlib.import_module(f"intake.commands.{name}")
    for line in sys.stdin:
        wanted = json.loads(line)
        pid = os.fork()
        if pid == 0:
            run(wanted)
        if wanted["held"]:
            os.waitpid(pid, os.WUNTRACED)
        print(pid, flush=True)  # noqa: T201  # the answer
        _, status = os.waitpid(pid, 0)
        print(os.waitstatus_to_exitcode(status), flush=True)  # noqa: T201  # the answer


if __name__ == "__main__":
    serve()
