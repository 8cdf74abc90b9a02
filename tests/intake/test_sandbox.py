"""Children that die, overrun, are killed or replaced; the mails come back in order all the same."""

from __future__ import annotations

import hashlib
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from intake import child as protocol
from intake.mail.message import Attachment, Message, Unparsed
from intake.sandbox import Job, Limits, Sandbox
from rules.facts import ImageFacts, TextFacts, Unreadable
from storage.errors import Temporary
from tests.intake.mails_made import hungry_xlsx, slow_jpeg, write_mail
from tests.intake.readers.samples import Samples

ROOT = Path(__file__).resolve().parents[2]
posix = pytest.mark.skipif(sys.platform == "win32", reason="needs signals and resource limits of POSIX")
linux = pytest.mark.skipif(not Path("/proc/self/environ").exists(), reason="needs /proc")
GOOD = {"总结.txt": "滨江区质量月活动总结".encode("gbk"), "图片1.jpg": Samples.picture()}
ENDLESS = slow_jpeg(6000)
PATIENT = Limits(wall=60, careful=240, step=60)
"""For a machine that is busy with other things; only the time limits differ from those of the service."""
AS_LONG_AS_ONE = 60
"""Seconds that one such mail takes at least when it is not broken off: the whole, and then the file alone."""


def jobs(folder: Path, *mails: dict[str, bytes]) -> list[Job]:
    made = []
    for number, files in enumerate(mails):
        key = f"m{number}"
        made.append(Job(key, write_mail(folder, key, files), folder / "spool" / key))
    return made


@pytest.fixture
def understood(tmp_path: Path) -> Iterator[Callable[..., list[Message | Unparsed]]]:
    """Understand mails made of files, in a sandbox with the limits given."""

    def run(*mails: dict[str, bytes], workers: int = 2, limits: Limits | None = None) -> list[Message | Unparsed]:
        with Sandbox(workers, tmp_path / "home", limits or Limits()) as sandbox:
            return [answer for _, answer in sandbox.understand_many(jobs(tmp_path, *mails))]

    yield run


def attachments(answer: Message | Unparsed) -> dict[str, Attachment]:
    assert isinstance(answer, Message), answer
    return {attachment.path: attachment for attachment in answer.attachments}


def reason(attachment: Attachment) -> str:
    assert isinstance(attachment.facts, Unreadable), attachment.facts
    return attachment.facts.reason


def wait_until(true: Callable[[], bool], seconds: float = 60.0) -> None:
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end, "it never came true"
        time.sleep(0.02)


def test_order_and_files(tmp_path: Path) -> None:
    inner = Samples.zip(("里面.txt", "内层".encode()), ("再里面.zip", Samples.zip(("a.txt", b"x"))))
    archive = Samples.zip(
        ("图片1.jpg".encode("gbk"), Samples.picture()), ("内.zip", inner), ("图片1.jpg".encode("gbk"), b"x")
    )
    wanted = jobs(tmp_path, {"材料.zip": archive, **GOOD}, *[GOOD] * 8)
    with Sandbox(2, tmp_path / "home", Limits()) as sandbox:
        answers = list(sandbox.understand_many(iter(wanted)))
    assert [job for job, _ in answers] == wanted
    assert [m.message_id for _, m in answers if isinstance(m, Message)] == [f"<m{n}@unit.example>" for n in range(9)]
    found = attachments(answers[0][1])
    assert set(found) == {
        "材料.zip", "材料.zip/图片1.jpg", "材料.zip/图片1~2.jpg", "材料.zip/内.zip", "材料.zip/内.zip/里面.txt",
        "材料.zip/内.zip/再里面.zip", "总结.txt", "图片1.jpg",
    }  # fmt: skip
    assert reason(found["材料.zip/内.zip/再里面.zip"]) == "unsupported"
    assert found["材料.zip/内.zip/里面.txt"].depth == 2
    for attachment in found.values():
        data = (wanted[0].spool / attachment.spool).read_bytes()
        assert hashlib.sha256(data).hexdigest() == attachment.digest and len(data) == attachment.size
    photo = found["材料.zip/图片1.jpg"]
    assert photo.kind == "jpg" and isinstance(photo.facts, ImageFacts) and photo.thumbnail is not None
    assert hashlib.sha256((wanted[0].spool / photo.thumbnail).read_bytes()).hexdigest() == photo.thumbnail_digest


@pytest.mark.parametrize(
    "limits",
    [
        pytest.param(Limits(wall=3, careful=60, step=3), id="by the clock"),
        pytest.param(Limits(cpu=1, wall=600, careful=240, step=60), id="by processor time", marks=posix),
    ],
)
def test_one_slow_attachment_does_not_spoil_the_mail(
    understood: Callable[..., list[Message | Unparsed]], limits: Limits
) -> None:
    first, second = understood({"毒.jpg": ENDLESS, **GOOD}, GOOD, limits=limits)
    found = attachments(first)
    assert reason(found["毒.jpg"]) == "timeout"  # unlimited, it would be read after a minute
    assert isinstance(found["总结.txt"].facts, TextFacts) and isinstance(found["图片1.jpg"].facts, ImageFacts)
    assert set(attachments(second)) == set(GOOD)


@posix
def test_one_hungry_attachment_does_not_spoil_the_mail(understood: Callable[..., list[Message | Unparsed]]) -> None:
    (answer,) = understood({"统计表.xlsx": hungry_xlsx(), **GOOD}, limits=PATIENT)
    found = attachments(answer)
    assert reason(found["统计表.xlsx"]) == "too-large"
    assert "allocation" in getattr(found["统计表.xlsx"].facts, "detail", "")
    assert isinstance(found["图片1.jpg"].facts, ImageFacts)


def test_poison_within_an_archive(understood: Callable[..., list[Message | Unparsed]]) -> None:
    archive = Samples.zip(("毒.jpg", ENDLESS), ("好.jpg", Samples.picture()))
    (answer,) = understood({"材料.zip": archive}, limits=Limits(wall=3, careful=60, step=3))
    found = attachments(answer)
    assert reason(found["材料.zip/毒.jpg"]) == "timeout"
    assert isinstance(found["材料.zip/好.jpg"].facts, ImageFacts)


def test_time_for_one_mail_is_limited_as_a_whole(understood: Callable[..., list[Message | Unparsed]]) -> None:
    slow = slow_jpeg(1500)
    files = {f"毒{number}.jpg": slow for number in range(40)}
    started = time.monotonic()
    (answer,) = understood(files, limits=Limits(wall=3, careful=6))
    assert time.monotonic() - started < 90  # 40 times three seconds without the limit for the whole mail
    assert {reason(attachment) for attachment in attachments(answer).values()} == {"timeout"}


def test_a_mail_that_cannot_be_parsed_in_time_is_told(understood: Callable[..., list[Message | Unparsed]]) -> None:
    """No time at all: the whole is tried, then the parsing alone, and the mail is recorded with the reason."""
    (answer,) = understood(GOOD, limits=Limits(wall=0.0001))
    assert isinstance(answer, Unparsed) and answer.reason.startswith("解析超过时间限制")


@posix
def test_killed_in_the_middle(tmp_path: Path) -> None:
    """Someone kills the child while it reads; the second try succeeds."""
    wanted = jobs(tmp_path, {"慢.jpg": slow_jpeg(60), **GOOD})
    with Sandbox(1, tmp_path / "home", PATIENT) as sandbox:
        killed: list[int] = []

        def kill() -> None:
            wait_until(lambda: bool(list((tmp_path / "spool").rglob("*.bin"))))
            killed.extend(sandbox.pids)
            for pid in killed:
                os.kill(pid, signal.SIGKILL)

        thread = threading.Thread(target=kill)
        thread.start()
        ((job, answer),) = sandbox.understand_many(wanted)
        thread.join()
        assert killed and not set(killed) & set(sandbox.pids)
    found = attachments(answer)
    assert all(isinstance(found[name].facts, ImageFacts) for name in ("慢.jpg", "图片1.jpg"))
    assert all((job.spool / attachment.spool).is_file() for attachment in found.values())


@posix
def test_dead_while_idle_is_noticed(tmp_path: Path) -> None:
    first, second = jobs(tmp_path, GOOD, GOOD)
    with Sandbox(1, tmp_path / "home", Limits()) as sandbox:
        list(sandbox.understand_many([first]))
        (pid,) = sandbox.pids
        os.kill(pid, signal.SIGKILL)
        os.waitid(os.P_PID, pid, os.WEXITED | os.WNOWAIT)  # it is dead, and nobody was told
        ((_, answer),) = sandbox.understand_many([second])
    assert set(attachments(answer)) == set(GOOD)
    assert not (second.spool / "again").exists()


def test_children_are_replaced_after_some_mails(tmp_path: Path) -> None:
    """One mail at a time, so that no child is under way when it is asked which ones live."""
    living: list[tuple[int, ...]] = []
    with Sandbox(1, tmp_path / "home", Limits(jobs=2)) as sandbox:
        for job in jobs(tmp_path, *[GOOD] * 4):
            list(sandbox.understand_many([job]))
            living.append(sandbox.pids)
    assert [len(pids) for pids in living] == [1, 0, 1, 0]
    assert living[0] != living[2]


def test_children_start_only_when_needed(tmp_path: Path) -> None:
    with Sandbox(2, tmp_path / "home", Limits()) as sandbox:
        assert sandbox.pids == ()
        assert list(sandbox.understand_many([])) == []
        assert sandbox.pids == ()


def test_closing_is_quick_while_children_work(tmp_path: Path) -> None:
    sandbox = Sandbox(2, tmp_path / "home", PATIENT)
    good, *rest = jobs(tmp_path, GOOD, *[{"毒.jpg": ENDLESS}] * 6)
    with sandbox:
        answers = sandbox.understand_many([good, *rest])
        next(answers)
        started = time.monotonic()
        del answers
    assert time.monotonic() - started < AS_LONG_AS_ONE
    assert sandbox.pids == ()


def test_taker_who_stops_early_leaves_nothing_running(tmp_path: Path) -> None:
    good, *rest = jobs(tmp_path, GOOD, *[{"毒.jpg": ENDLESS}] * 6)
    with Sandbox(2, tmp_path / "home", PATIENT) as sandbox:
        started = time.monotonic()
        for _ in sandbox.understand_many([good, *rest]):
            break
        assert time.monotonic() - started < AS_LONG_AS_ONE
        ((_, answer),) = sandbox.understand_many([good])
        assert isinstance(answer, Message)


@linux
def test_children_end_with_their_parent(tmp_path: Path) -> None:
    """The parent is killed while its child is busy with a mail that would take a minute."""
    (job,) = jobs(tmp_path, {"毒.jpg": ENDLESS})
    code = f"""
from pathlib import Path
from intake.sandbox import Job, Limits, Sandbox
with Sandbox(1, Path({str(tmp_path / "home")!r}), Limits(wall=60, cpu=60)) as sandbox:
    list(sandbox.understand_many([Job("x", Path({str(job.raw)!r}), Path({str(job.spool)!r}))]))
"""
    with subprocess.Popen([sys.executable, "-c", code], cwd=ROOT) as parent:
        children = Path(f"/proc/{parent.pid}/task/{parent.pid}/children")
        try:
            wait_until(lambda: bool(list(job.spool.glob("*.bin"))))
            tasks = Path(f"/proc/{parent.pid}/task")
            pids = [pid for task in tasks.iterdir() for pid in (task / "children").read_text().split()]
            assert pids, children
        finally:
            parent.kill()
    wait_until(lambda: not any(Path(f"/proc/{pid}/cmdline").exists() for pid in pids), 5)


@linux
def test_no_secret_reaches_a_child(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SHOUQI_IMAP_PASSWORD", "canary-7319")
    with Sandbox(1, tmp_path / "home", Limits()) as sandbox:
        list(sandbox.understand_many(jobs(tmp_path, GOOD)))
        (pid,) = sandbox.pids
        assert b"canary" not in Path(f"/proc/{pid}/environ").read_bytes()


@posix
def test_interrupt_is_left_to_the_parent(tmp_path: Path) -> None:
    first, second = jobs(tmp_path, GOOD, GOOD)
    with Sandbox(1, tmp_path / "home", Limits()) as sandbox:
        list(sandbox.understand_many([first]))
        pids = sandbox.pids
        os.kill(pids[0], signal.SIGINT)
        list(sandbox.understand_many([second]))
        assert sandbox.pids == pids


def test_files_of_the_spool_are_never_imported(tmp_path: Path) -> None:
    home = tmp_path / "home"
    home.mkdir()
    for name in ("msgspec.py", "struct.py", "intake.py"):
        (home / name).write_text("raise SystemExit(3)")
    with Sandbox(1, home, Limits()) as sandbox:
        ((_, answer),) = sandbox.understand_many(jobs(tmp_path, GOOD))
    assert isinstance(answer, Message)


@posix
def test_child_that_cannot_start_blames_no_mail(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "executable", "/bin/false")
    with Sandbox(1, tmp_path / "home", Limits()) as sandbox, pytest.raises(Temporary, match="无法启动"):
        list(sandbox.understand_many(jobs(tmp_path, GOOD)))


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs /dev/full")
def test_full_disk_blames_no_mail(tmp_path: Path) -> None:
    """The thumbnail goes to a device that is always full."""
    (job,) = jobs(tmp_path, {"图片1.jpg": Samples.picture()})
    job.spool.mkdir(parents=True)
    (job.spool / "0001.bin.thumb.jpg").symlink_to("/dev/full")
    with Sandbox(1, tmp_path / "home", Limits()) as sandbox, pytest.raises(Temporary, match="磁盘"):
        list(sandbox.understand_many([job]))


def test_what_libraries_print_stays_out_of_the_answers(tmp_path: Path) -> None:
    """A child whose reader writes to stdout in both ways still speaks the protocol."""
    code = """
import os
from intake import child, readers
read = readers.read
def noisy(*given, **limits):
    print("noise"); os.write(1, b"more noise")
    return read(*given, **limits)
readers.read = noisy
child.main(1 << 30, 20)
"""
    file = tmp_path / "a.txt"
    file.write_text("质量月", encoding="utf-8")
    with subprocess.Popen(
        [sys.executable, "-c", code], cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as process:
        assert process.stdin is not None and process.stdout is not None
        process.stdin.write(protocol.encode(protocol.Read(str(file), "a.txt", str(tmp_path), 1000, 10)))
        process.stdin.flush()
        answers = [protocol.decode(protocol.receive(process.stdout, 1 << 20), protocol.Answer) for _ in range(2)]
        process.stdin.close()
    assert isinstance(answers[0], protocol.Ready)
    assert isinstance(answers[1], protocol.Measured) and answers[1].kind == "txt"
