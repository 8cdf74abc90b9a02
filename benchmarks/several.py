"""An autumn with three notices in one office: who sends what for which, told in every way in which units tell it.

    made = autumn(size=25)          # units of each roster; three rosters that overlap
    made.mails                      # in rounds; `Sent.answers` is what each is for, `Sent.person` that nobody can tell
    made.brought(round)             # (notice, unit, requirement) that must count by then

One notice has ended, one runs, one has just begun; all want a summary and photos, and two of them the same units.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import cycle
from typing import Literal

from benchmarks.others import CHINA
from intake.demo import materials as m
from intake.demo import samples
from intake.demo.clients import STYLES, Attached, compose
from intake.demo.forms import statistics
from intake.demo.units import OFFICE_ADDRESS, units
from rules.unit import Unit

FIRST = datetime(2022, 9, 13, 10, 0, tzinfo=CHINA)
SECOND = datetime(2022, 9, 26, 10, 0, tzinfo=CHINA)
THIRD = datetime(2022, 9, 28, 10, 0, tzinfo=CHINA)
ROUNDS = (FIRST, SECOND, THIRD)
"""When the mails of each round have come. The first is before anything but the safety month runs out."""
Way = Literal["subject", "number", "files", "titles", "body", "form", "forward", "folder", "roster", "stranger"]
WAYS: tuple[Way, ...] = (
    "subject", "files", "titles", "body", "subject", "number", "forward", "folder", "subject", "form", "stranger",
)  # fmt: skip
"""How a mail tells its notice; subjects are the usual way."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Theme:
    """One notice."""

    id: str
    word: str
    number: str
    title: str
    deadline: str
    table: bool = False
    """It asks for the filled-in form too."""

    @property
    def requirements(self) -> tuple[str, ...]:
        """Their ids."""
        return ("summary", "photos", "statistics") if self.table else ("summary", "photos")

    def toml(self, deadline: str = "") -> str:
        """The notice file."""
        asked = [("summary", "活动总结", "summary", ""), ("photos", "活动照片", "photo", "")]
        asked += [("statistics", "活动情况统计表", "stat_table", 'form = "annex-3.xlsx"')] if self.table else []
        head = f'id = "{self.id}"\ntitle = "{self.title}"\nnumber = "{self.number}"\n'
        head += f"deadline = {deadline or self.deadline}\n"
        parts = [f'[[requirement]]\nid = "{i}"\nname = "{n}"\ncategory = "{c}"\n{more}\n' for i, n, c, more in asked]
        return "\n".join((head, *parts))


QUALITY = Theme(
    id="quality-2022", word="质量月", number="云质办〔2022〕9号", title="关于组织开展2022年“质量月”活动的通知",
    deadline="2022-10-12", table=True,
)  # fmt: skip
SAFETY = Theme(
    id="safety-2022", word="安全生产月", number="云安办〔2022〕3号", title="关于报送2022年“安全生产月”活动情况的通知",
    deadline="2022-09-16",
)  # fmt: skip
LAW = Theme(
    id="law-2022", word="法治宣传周", number="云法办〔2022〕21号", title="关于做好2022年法治宣传周活动的通知",
    deadline="2022-11-10",
)  # fmt: skip
THEMES = (QUALITY, SAFETY, LAW)


@dataclass(slots=True, kw_only=True)
class Sent:
    """One mail with the truth about it."""

    id: str
    unit: Unit
    at: datetime
    answers: tuple[str, ...]
    """Notices it brings something for; the first files' first."""
    brings: frozenset[tuple[str, str]]
    """(notice, requirement)."""
    person: bool = False
    """Nobody can tell: a person must say."""
    reply_to: str = ""
    """Notice of the letter of ours that it answers."""
    about: str = ""
    make: Callable[[str], bytes] = field(repr=False)
    """Its bytes, given the Message-ID of the letter that it replies to, "" for none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Autumn:
    """Rosters by notice, and the mails of each round."""

    rosters: Mapping[str, tuple[Unit, ...]]
    mails: tuple[tuple[Sent, ...], ...]

    def brought(self, until: int) -> set[tuple[str, str, str]]:
        """(notice, unit, requirement) that came up to this round, and of which nobody is in doubt."""
        return {
            (notice, mail.unit.code, requirement)
            for mails in self.mails[: until + 1]
            for mail in mails
            if not mail.person
            for notice, requirement in mail.brings
        }


def autumn(size: int = 25, seed: int = 1) -> Autumn:
    """The same for the same arguments. Each roster shares more than half of its units with each other one."""
    everybody = units(size * 8 // 5, seed=seed)
    step = (len(everybody) - size) // 2
    rosters = {theme.id: everybody[n * step : n * step + size] for n, theme in enumerate(THEMES)}
    post = _Post(random.Random(f"several/{seed}"))
    first = [*_each(post, SAFETY, rosters[SAFETY.id][2:], FIRST)]
    second = [*_each(post, QUALITY, rosters[QUALITY.id], SECOND)]
    shared = [unit for unit in rosters[QUALITY.id] if unit in rosters[LAW.id]]
    both, doubted = shared[-max(2, size // 5) :], shared[: 2 + size // 12]
    rest = [unit for unit in rosters[LAW.id] if unit not in (*both, *doubted)]
    second += [*_each(post, LAW, tuple(rest), SECOND)]
    second += [post.of_two(unit, (QUALITY, LAW), SECOND) for unit in both]
    second += [post.of_two(unit, (SAFETY, LAW), SECOND) for unit in rosters[SAFETY.id][:2] if unit in rosters[LAW.id]]
    second += [post.doubtful(unit, SECOND, n) for n, unit in enumerate(doubted)]
    third = [post.reply(unit, QUALITY, THIRD) for unit in rosters[QUALITY.id]]
    third += [post.reply(unit, LAW, THIRD, other=QUALITY) for unit in both[:2]]
    return Autumn(
        rosters=rosters, mails=tuple(tuple(sorted(one, key=lambda s: s.at)) for one in (first, second, third))
    )


def _each(post: _Post, theme: Theme, roster: tuple[Unit, ...], until: datetime) -> Iterator[Sent]:
    for unit, way in zip(roster, cycle(WAYS), strict=False):
        yield post.usual(unit, theme, way if way != "form" or theme.table else "subject", until)


class _Post:
    """Makes mails, each with a Message-ID of its own."""

    def __init__(self, dice: random.Random) -> None:
        self.dice, self.count = dice, 0

    def usual(self, unit: Unit, theme: Theme, way: Way, until: datetime) -> Sent:
        """All that one notice asks for but, now and then, the photo; told in this way."""
        named = theme.word if way in ("files", "folder", "stranger") else ""
        photo = way == "form" or self.dice.random() < 0.8
        files = [_summary(unit, theme, named, titled=way == "titles")]
        files += [_photo(unit, theme, "")] if photo else []
        files += [statistics(unit, 1, name="附件.xlsx")] if theme.table else []
        if way == "folder":
            files = [
                Attached("材料.zip", samples.zip_gbk((f"{theme.word}材料/{f.name}", f.data) for f in files), m.ZIP)
            ]
        subject = {"subject": f"{theme.word}活动材料", "number": f"{theme.number}报送材料"}.get(way, "报送材料")
        subject = f"转发：{theme.word}材料" if way == "forward" else subject
        body = f"现将“{theme.word}”活动材料报上，请查收。" if way == "body" else "材料见附件，请查收。"
        brings = {(theme.id, one) for one in theme.requirements if one != "photos" or photo}
        from_ = f"2{unit.code}77{self.count}@qqmail.example" if way == "stranger" else ""
        subject = f"{unit.name}{subject}" if way == "stranger" else subject
        return self._sent(unit, until, (theme.id,), brings, subject, body, files, about=way, from_=from_)

    def of_two(self, unit: Unit, themes: tuple[Theme, Theme], until: datetime) -> Sent:
        """The material for two notices in one mail, every file by its name."""
        files = [
            one for theme in themes for one in (_summary(unit, theme, theme.word), _photo(unit, theme, theme.word))
        ]
        brings = {(theme.id, one) for theme in themes for one in ("summary", "photos")}
        ids = tuple(theme.id for theme in themes)
        return self._sent(unit, until, ids, brings, "报送两项活动材料", "材料见附件，请查收。", files, about="two")

    def doubtful(self, unit: Unit, until: datetime, number: int) -> Sent:
        """What nobody can place: two notices and unnamed files, or nothing at all."""
        files = [_summary(unit, QUALITY, ""), _photo(unit, LAW, "")]
        words = ("请查收。", "现将质量月和法治宣传周材料一并报上，请查收。")[number % 2]
        return self._sent(unit, until, (), set(), "材料", words, files, about="doubt", person=True)

    def reply(self, unit: Unit, theme: Theme, until: datetime, other: Theme | None = None) -> Sent:
        """An answer to our letter: a further photo without a word, or one that brings another notice's file too."""
        files = [_photo(unit, theme, theme.word if other else "", number=2)]
        brings = {(theme.id, "photos")}
        if other is not None:
            files.append(statistics(unit, 1, name=f"{other.word}统计表.xlsx"))
            brings.add((other.id, "statistics"))
        answers = (theme.id, *((other.id,) if other else ()))
        sent = self._sent(unit, until, answers, brings, "回复：材料", "补报，见附件。", files, about="reply")
        sent.reply_to = theme.id
        return sent

    def _sent(
        self, unit: Unit, until: datetime, answers: tuple[str, ...], brings: set[tuple[str, str]], subject: str,
        body: str, files: list[Attached], *, about: str, person: bool = False, from_: str = "",
    ) -> Sent:  # fmt: skip
        self.count += 1
        id = f"<several.{self.count}.{unit.code}@unit.example>"
        at = until - timedelta(minutes=20 + 3 * self.count % 180)
        style = STYLES[self.count % len(STYLES)]

        def make(letter: str) -> bytes:
            return compose(
                style, from_=(unit.contact, from_ or unit.addresses[0]), to=OFFICE_ADDRESS, subject=subject,
                text=f"{body}\n{unit.name}", files=files, date=at, message_id=id,
                headers={"In-Reply-To": letter, "References": letter} if letter else None,
            )  # fmt: skip

        return Sent(
            id=id, unit=unit, at=at, answers=answers, brings=frozenset(brings), person=person, about=about, make=make
        )


def _summary(unit: Unit, theme: Theme, named: str, *, titled: bool = False) -> Attached:
    title = f"{unit.name}2022年“{theme.word}”活动总结" if titled else "工作总结"
    lines = [
        f"按照通知要求，{unit.name}周密部署，精心组织，现将有关情况总结如下。",
        f"一是加强领导，{unit.short}主要负责人亲自动员，成立专班；二是突出重点，共组织活动{5 + int(unit.code) % 9}场。",
        "三是注重实效，群众知晓度明显提高。下一步将完善长效机制，持续推进。",
    ]
    return Attached(f"{named}总结.docx", samples.docx(title, [*lines, unit.name]), m.DOCX)


def _photo(unit: Unit, theme: Theme, named: str, number: int = 1) -> Attached:
    seed = 10 * (1 + THEMES.index(theme)) + number
    return m.photo(unit, seed, name=f"{named}图{number}.jpg", width=1024, height=768, noise=0)
