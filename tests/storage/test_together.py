"""Several writings as one transaction: one that fails takes back its own part alone, the whole takes back all of it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import event

from storage import board
from storage.database import Database, open_database


@pytest.fixture
def base(tmp_path: Path) -> Iterator[Database]:
    opened = open_database(f"sqlite:///{tmp_path / 'x.db'}", journal=tmp_path / "journal.jsonl")
    yield opened
    opened.close()


def put(base: Database, *keys: str) -> None:
    with base.writing() as session:
        for key in keys:
            board.set_fact(session, f"t:{key}", "1")


def stored(base: Database) -> str:
    """The facts that are committed, which the journal must tell too, and no others."""
    with base.reading() as session:
        found = sorted(key[2:] for key in board.facts(session, "t:"))
    assert base.journal is not None
    told = sorted(key[0][2:] for (table, key), row in base.journal.read().items() if table == "meta" and row)
    assert [key for key in told if len(key) == 1] == found
    return "".join(found)


def test_all_that_is_written_together_is_one_commit(base: Database) -> None:
    commits: list[object] = []
    event.listen(base._writing, "commit", commits.append)
    with base.together():
        put(base, "a")
        put(base, "b")
        assert commits == []
    assert len(commits) == 1
    assert stored(base) == "ab"


def test_one_that_fails_takes_back_its_own_part_alone(base: Database) -> None:
    with base.together():
        put(base, "a")
        with pytest.raises(ZeroDivisionError), base.writing() as session:
            board.set_fact(session, "t:b", "1")
            session.flush()
            _ = 1 / 0
        put(base, "c")
    assert stored(base) == "ac"


def test_an_exception_that_leaves_the_block_takes_back_everything(base: Database) -> None:
    with pytest.raises(ZeroDivisionError), base.together():
        put(base, "a")
        _ = 1 / 0
    assert stored(base) == ""
    put(base, "b")
    assert stored(base) == "b"


def test_a_block_within_another_is_a_part_of_it(base: Database) -> None:
    with base.together():
        put(base, "a")
        with base.together():
            put(base, "b")
        with pytest.raises(ZeroDivisionError), base.together():
            put(base, "c")
            _ = 1 / 0
        put(base, "d")
    assert stored(base) == "abd"


@pytest.mark.parametrize("whole", [False, True])
def test_a_writing_within_one_that_fails_is_taken_back_with_it(base: Database, whole: bool) -> None:
    def nested() -> None:
        with pytest.raises(ZeroDivisionError), base.writing() as session:
            board.set_fact(session, "t:a", "1")
            put(base, "b")
            _ = 1 / 0

    if whole:
        with base.together():
            nested()
    else:
        nested()
    put(base, "c")
    assert stored(base) == "c"


def test_what_was_written_so_far_is_read_before_the_commit_and_by_nobody_else(base: Database, tmp_path: Path) -> None:
    other = open_database(f"sqlite:///{tmp_path / 'x.db'}")
    with base.together():
        put(base, "a")
        with base.reading() as session:
            assert set(board.facts(session, "t:")) == {"t:a"}
        with other.reading() as session:
            assert board.facts(session, "t:") == {}
    other.close()
    assert stored(base) == "a"


def test_nothing_written_leaves_the_journal_as_it_was(base: Database) -> None:
    assert base.journal is not None
    before = base.journal.path.read_bytes()
    with base.together():
        pass
    with base.together(), base.reading() as session:
        board.facts(session, "")
    assert base.journal.path.read_bytes() == before
