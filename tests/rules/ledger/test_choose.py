"""Which pieces count: the law of rules/ledger/choose.py, by table and by property."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rules.facts import Unreadable
from rules.finding import Finding, Outcome
from rules.item import Item, Trust
from rules.ledger.choose import choose
from rules.ledger.weighed import Choice, Limits, Weighed, limits_of
from rules.notice import Requirement

NOON = datetime(2022, 9, 28, 4, 0, tzinfo=UTC)
ONE = Limits(least=1, most=1, strict=True)
ONE_BY_NATURE = Limits(least=1, most=1)
PHOTOS = Limits(least=1, most=2, strict=True)
ANY = Limits()
OUTCOMES: dict[str, tuple[Outcome, ...]] = {"good": (), "doubtful": ("unsure",), "bad": ("fail", "unsure")}


def piece(
    name: str, quality: str = "good", *, hour: int = 0, trust: Trust = "registered", digest: str = "", mail: str = ""
) -> Weighed:
    item = Item(
        name=name,
        path=name,
        size=1,
        digest=digest or f"{name}{quality}{hour}",
        facts=Unreadable(reason="empty"),
        mail=mail or f"{hour:04d}{trust}",
        message_id="<m@unit.example>",
        received_at=NOON + timedelta(hours=hour),
        trust=trust,
    )
    said = tuple(Finding(code=f"x-{o}", outcome=o, says=f"{o}。", file=name) for o in OUTCOMES[quality])
    return Weighed(item=item, findings=said)


def names(choice: Choice) -> list[str]:
    return [p.item.name for p in choice.current]


def state(choice: Choice, limits: Limits) -> int:
    """0 missing, 1 problem, 2 unsure, 3 ok: as `judge` would say it."""
    if not choice.current:
        return 0
    if any(p.rank == 0 for p in choice.current) or len(choice.current) < limits.least:
        return 1
    if limits.strict and limits.most is not None and len(choice.current) > limits.most:
        return 1
    return 2 if any(p.rank == 1 for p in choice.current) else 3


@pytest.mark.parametrize(
    ("pieces", "limits", "current", "codes"),
    [
        # single file: the newest sound one
        ([piece("总结.docx"), piece("工作总结.docx", hour=1)], ONE, ["工作总结.docx"], ["too-many"]),
        ([piece("总结.docx"), piece("工作总结.docx", hour=1)], ONE_BY_NATURE, ["工作总结.docx"], []),
        ([piece("总结.docx"), piece("总结（修改版）.docx", hour=1)], ONE, ["总结（修改版）.docx"], []),
        # a worse later file is told about and not taken
        ([piece("总结.docx"), piece("总结.docx", "bad", hour=1)], ONE, ["总结.docx"], ["x-fail"]),
        (
            [piece("总结.docx"), piece("新总结.docx", "doubtful", hour=1)],
            ONE,
            ["总结.docx"],
            ["x-unsure"],
        ),
        # a better later file replaces silently
        ([piece("总结.docx", "bad"), piece("总结2.docx", hour=1)], ONE, ["总结2.docx"], []),
        ([piece("图1.png", "bad"), piece("图1.jpg", hour=1)], PHOTOS, ["图1.jpg"], []),
        # both bad: the newest is spoken of
        ([piece("总结.docx", "bad"), piece("总结.docx", "bad", hour=1)], ONE, ["总结.docx"], []),
        # later mails complete
        ([piece("图1.jpg"), piece("图2.jpg", hour=1)], PHOTOS, ["图1.jpg", "图2.jpg"], []),
        (
            [piece("案例1.docx"), piece("案例2.docx"), piece("案例3.docx", hour=1)],
            ANY,
            ["案例1.docx", "案例2.docx", "案例3.docx"],
            [],
        ),
        # the bad photo beside the good one in the same mail was meant to count: the unit hears of it
        ([piece("图1.jpg"), piece("图2.jpg", "bad")], PHOTOS, ["图1.jpg", "图2.jpg"], []),
        # until a later mail brings another sound one, or when there was no room for it anyway
        ([piece("图1.jpg"), piece("图2.jpg", "bad"), piece("图3.jpg", hour=1)], PHOTOS, ["图1.jpg", "图3.jpg"], []),
        ([piece("图1.jpg"), piece("图2.jpg"), piece("图3.jpg", "bad")], PHOTOS, ["图1.jpg", "图2.jpg"], ["x-fail"]),
        # a bad one that comes later than what is in order is only told about
        ([piece("图1.jpg"), piece("图2.jpg", "bad", hour=1)], PHOTOS, ["图1.jpg"], ["x-fail"]),
        # not enough good ones: hear about the bad
        (
            [piece("图1.jpg"), piece("图2.jpg", "bad")],
            Limits(least=2, most=2, strict=True),
            ["图1.jpg", "图2.jpg"],
            [],
        ),
        # too many in one mail
        ([piece(f"图{n}.jpg") for n in "123"], PHOTOS, ["图1.jpg", "图2.jpg", "图3.jpg"], []),
        # too many over several mails: newest first
        (
            [piece("图1.jpg"), piece("图2.jpg"), piece("图3.jpg", hour=1)],
            PHOTOS,
            ["图1.jpg", "图3.jpg"],
            ["too-many"],
        ),
        # a later mail that alone overshoots does not spoil what was in order
        ([piece("图1.jpg"), *(piece(f"新{n}.jpg", hour=1) for n in "123")], PHOTOS, ["图1.jpg"], ["too-many"]),
        # nameless camera names are not versions
        ([piece("image0.jpg"), piece("image0.jpg", hour=1)], PHOTOS, ["image0.jpg", "image0.jpg"], []),
    ],
)
def test_table(pieces: list[Weighed], limits: Limits, current: list[str], codes: list[str]) -> None:
    choice = choose(pieces, limits)
    assert names(choice) == current
    assert [note.code for note in choice.notes] == codes
    assert all(note.outcome == "note" for note in choice.notes)


def test_two_bad_versions_leave_the_newer() -> None:
    choice = choose([piece("总结.docx", "bad"), piece("总结.docx", "bad", hour=1)], ONE)
    assert [p.item.received_at for p in choice.current] == [NOON + timedelta(hours=1)]


def test_same_name_in_two_folders_of_one_mail_is_two_files() -> None:
    pieces = [piece("1.jpg", digest="x"), piece("1.jpg", digest="y")]
    assert len(choose(pieces, PHOTOS).current) == 2


def test_same_bytes_under_a_better_name() -> None:
    pieces = [piece("图1.dat", "bad", digest="x"), piece("图1.jpg", hour=1, digest="x")]
    assert names(choose(pieces, PHOTOS)) == ["图1.jpg"]


@pytest.mark.parametrize(("trust", "code"), [("unknown", "unknown-sender"), ("unverified", "unverified-sender")])
def test_outsiders_never_displace(trust: Trust, code: str) -> None:
    outsider = piece("总结.docx", hour=5, trust=trust)
    choice = choose([piece("总结.docx", "doubtful"), outsider], ONE)
    assert choice.current[0].item.trust == "registered"
    assert [note.code for note in choice.notes] == [code]
    assert choose([outsider], ONE).current == (outsider,)
    kept = choose([piece("总结.docx", "bad"), outsider], ONE)
    assert (kept.current[0].item.trust, kept.waiting) == ("registered", (outsider,))
    assert choose([outsider, piece("总结.docx", "bad", hour=6)], ONE).waiting == (outsider,)


def test_outsiders_complete() -> None:
    two = Limits(least=2, most=2, strict=True)
    choice = choose([piece("图1.jpg"), piece("图2.jpg", hour=1, trust="unknown")], two)
    assert names(choice) == ["图1.jpg", "图2.jpg"]


def test_limits() -> None:
    photo = Requirement(id="p", name="图片", category="photo", checks={"count": {"min": 1, "max": 2}})
    assert limits_of(photo) == PHOTOS
    assert limits_of(Requirement(id="s", name="总结", category="summary")) == ONE_BY_NATURE
    assert limits_of(Requirement(id="c", name="案例", category="case")) == ANY


PIECES = st.lists(
    st.builds(
        piece,
        st.sampled_from(["图1.jpg", "图2.jpg", "图3.png", "总结（修改）.docx", "总结.docx", "image0.jpg"]),
        st.sampled_from(["good", "doubtful", "bad"]),
        hour=st.integers(0, 5),
        trust=st.sampled_from(["registered", "registered", "unknown", "unverified"]),
    ),
    max_size=8,
    unique_by=lambda p: p.item.digest,
)
LIMITS = st.sampled_from([ONE, ONE_BY_NATURE, PHOTOS, ANY, Limits(least=2), Limits(least=2, most=3, strict=True)])


@settings(max_examples=100)
@given(PIECES, LIMITS, st.randoms(use_true_random=False))
def test_copies_and_order_change_nothing(pieces: list[Weighed], limits: Limits, dice: Random) -> None:
    """Law: duplicates in later mails are idempotent; the order in which mails are listed does not matter."""
    base = choose(pieces, limits)
    copies = [
        Weighed(item=_later(p.item, 10 + n), findings=p.findings) for n, p in enumerate(pieces) if dice.random() < 0.5
    ]
    assert choose([*pieces, *copies], limits) == base
    by_mail: dict[str, list[Weighed]] = {}
    for p in pieces:
        by_mail.setdefault(p.item.mail, []).append(p)
    mails = list(by_mail.values())
    dice.shuffle(mails)
    assert choose([p for group in mails for p in group], limits) == base


@settings(max_examples=100)
@given(PIECES, LIMITS, st.sampled_from(["图1.jpg", "图9.jpg", "image0.jpg"]))
def test_a_sound_file_never_lowers_and_a_bad_one_never_spoils(pieces: list[Weighed], limits: Limits, name: str) -> None:
    """Law: a sound file in a mail of its own never lowers the state; a faulty one never turns ok into a problem.

    Where strangers' files had counted, the unit's own come first again, doubtful and faulty ones too.
    """
    before = state(choose(pieces, limits), limits)
    sound = choose([*pieces, piece(name, hour=9)], limits)
    strangers = any(p.item.trust != "registered" for p in pieces)
    assert state(sound, limits) >= (min(before, 1) if strangers else before)
    faulty = state(choose([*pieces, piece(name, "bad", hour=9)], limits), limits)
    assert before < 3 or faulty == 3 or strangers
    assert before < 2 or faulty >= 2 or strangers


@settings(max_examples=100)
@given(PIECES, LIMITS)
def test_what_counts_is_what_was_sent(pieces: list[Weighed], limits: Limits) -> None:
    """Law: every piece at most once, in order of arrival, none made up; and something counts when anything came."""
    current = choose(pieces, limits).current
    assert len({p.item.digest for p in current}) == len(current)
    assert set(current) <= set(pieces)
    assert [p.item.received_at for p in current] == sorted(p.item.received_at for p in current)
    assert bool(current) == bool(pieces)


def _later(item: Item, hours: int) -> Item:
    fields = {name: getattr(item, name) for name in item.__struct_fields__}
    return Item(**fields | {"mail": f"{hours:04d}", "received_at": NOON + timedelta(hours=hours)})
