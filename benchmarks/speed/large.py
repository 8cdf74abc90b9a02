"""P4: one mail of 100 MB, at fetching, parsing and reading."""

from __future__ import annotations

import base64
import json
import random
from collections.abc import Iterator
from pathlib import Path

from benchmarks.campaign import AS_OF
from benchmarks.speed.goal import Found
from benchmarks.speed.office import big_campaign, ready_folder, servers
from benchmarks.speed.watching import Ran, checked, python, watch
from intake.demo.units import OFFICE_ADDRESS

LINE = 57
"""Bytes that make a base64 line of 76."""


def huge_mail(size: int) -> bytes:
    """A mail of `size` bytes with one film in it."""
    head = (
        f"From: a@unit.example\r\nTo: {OFFICE_ADDRESS}\r\nSubject: film\r\n"
        "Message-ID: <huge@unit.example>\r\nMIME-Version: 1.0\r\n"
        'Content-Type: multipart/mixed; boundary="part"\r\n\r\n'
        "--part\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n"
        '宣传视频见附件。\r\n--part\r\nContent-Type: video/mp4; name="film.mp4"\r\n'
        'Content-Disposition: attachment; filename="film.mp4"\r\nContent-Transfer-Encoding: base64\r\n\r\n'
    ).encode()
    block = base64.encodebytes(random.Random(4).randbytes(LINE * 10_000)).replace(b"\n", b"\r\n")
    return head + block * (size // len(block)) + b"\r\n--part--\r\n"


def p4(folder: Path, size: int) -> Iterator[Found]:
    """Peak of all processes with one huge mail, above the peak of the same cycle with a small one."""
    made = big_campaign(20)
    runs: list[tuple[Ran, dict[str, float]]] = []
    small = min(made.mails, key=lambda mail: len(mail.make()))
    for name, raw in (("small", small.make()), ("huge", huge_mail(size))):
        with servers(made) as there:
            there.deliver(raw, AS_OF)
            config = ready_folder(folder / name, made, there)
            steps = python("benchmarks.speed.steps", config, AS_OF.isoformat(), "cycle")
            ran = checked(watch(steps, folder / name / "log"))
        stages = json.loads(ran.output.splitlines()[-1])["stages"]
        ends = [at for _, at, _ in stages[1:]]
        runs.append(
            (ran, {stage: ran.peak_between(at, end) for (stage, at, _), end in zip(stages, ends, strict=False)})
        )
    (idle, before), (busy, after) = runs
    told = ", ".join(f"{stage} {mb - before[stage]:+.0f}" for stage, mb in after.items())
    above = (busy.peak_mb or 0) - (idle.peak_mb or 0)
    yield Found(
        goal="P4",
        what=f"one mail of {size / 1e6:.0f} MB: most memory of all processes above a cycle with one small mail",
        limit="≤ 40 MB",
        figure=f"{above:.0f} MB ({busy.peak_mb:.0f} against {idle.peak_mb:.0f})",
        rounds=f"by stage: {told}",
        met=above <= 40,
    )
