"""Read back from the trace of a run: nothing relies on what a power cut could still take away."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.faults.office import Office
from tests.faults.order import TRACED, calls, violations
from tests.faults.program import why_not

pytestmark = pytest.mark.skipif(bool(why_not()), reason=why_not())


MAILS = 9


def traced(office: Office, *more: str) -> list[str]:
    """The calls of a run."""
    log = office.folder / "trace"
    whole = ("-f", "-y", "-s", "100000", "-o", str(log), "-e", f"trace={','.join(TRACED)}")
    office.program.run(*office.run, strace=(*whole, *more))
    return log.read_text("utf-8", "replace").splitlines()


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    """Three units, whose mails wait."""
    with Office(tmp_path_factory.mktemp("order"), roster=3) as office:
        office.small_mails(MAILS)
        office.now = office.now.replace(hour=12)
        yield office


@pytest.fixture(scope="module")
def raw(office: Office) -> list[str]:
    """The trace of a run that fetches, takes and answers all mails; each line begins with its thread."""
    lines = traced(office)
    assert len(office.server.sent) == 3
    return lines


@pytest.fixture(scope="module")
def trace(raw: list[str]) -> list[str]:
    """Its calls."""
    return list(calls(raw))


def test_nothing_relies_on_what_is_not_yet_durable(trace: list[str]) -> None:
    assert sum("/blobs/" in line for line in trace if line.startswith("rename")) > MAILS
    assert sum('"mail FROM' in line for line in trace) == 3
    assert violations(trace) == []


@pytest.mark.parametrize(
    ("left_out", "told"),
    [
        (("fsync", ".eml>)"), "before its bytes were synced"),
        (("fsync", "/blobs/"), "was durable"),
        (("fsync", "/blobs>)"), "was durable"),
        (("fsync", "/journal.jsonl>)"), "before the journal was synced"),
        (("fdatasync", ".db-wal>)"), "before the commit that marks the letter"),
    ],
)
def test_a_sync_that_is_left_out_is_found(trace: list[str], left_out: tuple[str, str], told: str) -> None:
    call, where = left_out
    rest = [line for line in trace if not (line.startswith(call) and where in line)]
    assert len(rest) < len(trace)
    assert any(told in one for one in violations(rest))


def test_a_journal_that_comes_after_its_pages_is_found(trace: list[str]) -> None:
    late = [line for line in trace if "/journal.jsonl>" not in line]
    for line in trace:
        if "/journal.jsonl>" in line:
            late.append('pwrite64(7</x/shouqi.db-wal>, "", 0, 0) = 0')
            late.append(line)
    assert any("before the journal" in one for one in violations(late))


@pytest.mark.parametrize(
    ("call", "where"),
    [("fsync", "/data/blobs>"), pytest.param("rename", "/data/blobs/", marks=pytest.mark.long)],
)
def test_what_a_killed_run_left_is_made_durable_by_the_next(
    office: Office, raw: list[str], call: str, where: str
) -> None:
    main = raw[0].partition(" ")[0]  # strace counts the calls of each thread for itself
    own = [line for line in calls(line for line in raw if line.startswith(f"{main} ")) if line.startswith(f"{call}(")]
    found = [k for k, line in enumerate(own, start=1) if where in line]
    office.put_back("")
    first = traced(office, "-e", f"inject={call}:signal=KILL:when={found[-1]}")
    assert any("killed by SIGKILL" in line for line in first)
    assert violations([*calls(first), *calls(traced(office))]) == []
