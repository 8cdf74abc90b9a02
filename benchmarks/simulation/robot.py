"""A unit: sends what its habit is, then does what the letters say, no more; it knows nothing else of the program."""

from __future__ import annotations

import random
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Literal

from benchmarks import pieces
from benchmarks.others import domain
from benchmarks.pieces import Piece
from benchmarks.simulation import days
from benchmarks.simulation.habits import Habit
from benchmarks.simulation.letters import Letter
from benchmarks.simulation.mending import MATERIALS, caption_only, material, understood
from intake.demo import machines, samples
from intake.demo import materials as m
from intake.demo.clients import STYLES, Attached, compose
from intake.demo.units import OFFICE_ADDRESS
from rules.notice import Category
from rules.unit import Unit

Kind = Literal["material", "question", "thanks", "machine"]
BY_NAME: Mapping[str, Category] = {name: category for category, name in MATERIALS.items()}


@dataclass(frozen=True, slots=True, kw_only=True)
class Mail:
    """What a unit sends."""

    at: datetime
    message_id: str
    raw: bytes
    unit: str
    kind: Kind


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """A unit rings up the coordinator."""

    at: datetime
    unit: str
    topic: Literal["extend", "waive", "puzzled"]
    about: str
    """The new deadline, or the category of the material."""


Step = Mail | Call


OUTAGE = days.at(date(2022, 10, 9), 9, 35)
"""No letter can leave then, reminders have been due since nine."""
_CAPTION = "9月16日，工作人员在社区广场摆放展板，向居民讲解家用计量器具的辨别方法和维权途径。"
"""One that says nothing of a unit."""


class Robot:
    """One unit. What it does comes back as steps, each with its time."""

    def __init__(self, unit: Unit, habit: Habit, *, seed: int, first: datetime, deadline: datetime) -> None:
        self.unit, self.habit = unit, habit
        self.letters: list[Letter] = []
        self.dice = random.Random(f"robot/{unit.code}/{seed}")
        self._seed = 1 + self.dice.randrange(8)
        self._style = self.dice.choice([style for style in STYLES if style != "raw-gbk"])
        self._first, self._deadline = first, deadline
        self._flaws: dict[Category, frozenset[str]] = dict(habit.flaws)
        self._sent: set[Category] = set()
        self._reminders = 0
        self._count = 0
        self._busy: datetime | None = None
        """Something of ours is on its way until then: what a letter says meanwhile is known."""
        self._rang = False
        self._waits_for_call = False

    # -- of its own accord --------------------------------------------------------------------------------

    def begin(self) -> Iterator[Step]:
        """What the unit does without being told."""
        habit = self.habit
        match habit.start:
            case "prompt":
                opening = self._first + timedelta(days=1 + self.dice.random() * self._room())
                moment = days.in_office(opening + timedelta(hours=self.dice.random() * 8))
            case "last afternoon":
                moment = days.at(self._deadline.date(), 13) + timedelta(minutes=self.dice.randrange(8 * 60))
            case "outage":
                moment = OUTAGE
            case "reminded" | "late" | "never":
                return
        if habit.waives:
            yield Call(at=moment - timedelta(minutes=20), unit=self.unit.code, topic="waive", about=habit.waives)
        sending = list(self._first_sending(moment))
        yield from sending
        if habit.twice:
            yield from self._first_sending(days.in_office(moment + timedelta(days=1)))

    def _room(self) -> float:
        """Within how many days of the start the prompt ones send."""
        return max((self._deadline - self._first).days - 8, 1) * 0.7

    def _first_sending(self, moment: datetime, letter: Letter | None = None) -> Iterator[Mail]:
        habit = self.habit
        wanted = [c for c in MATERIALS if c not in habit.forgets and c != habit.waives]
        if habit.stranger == "unnamed":
            wanted = ["photo"]  # what else it sends has the unit's name in it
        sent = [self._piece(category) for category in wanted]
        if habit.film:
            sent.append((pieces.film_link if habit.film == "link" else pieces.film_file)(self.unit, self._seed))
        groups = [sent[number :: habit.mails] for number in range(habit.mails)]
        for number, group in enumerate(groups):
            gap = timedelta(hours=1, minutes=5) if habit.hours else timedelta(minutes=4)
            yield self._mail(moment + number * gap, group, letter, stranger=habit.stranger)

    # -- reading ------------------------------------------------------------------------------------------

    def read(self, letter: Letter) -> Iterator[Step]:
        """What the unit does about a letter."""
        self.letters.append(letter)
        yield from self._courtesies(letter)
        owed = {BY_NAME[name]: words for name, words in letter.owed(BY_NAME).items()}
        if letter.done or not owed:
            return
        if not letter.is_reply:
            self._reminders += 1
            if not self._sent and self._reminders < self.habit.reminders:
                return
        if self.habit.start == "late" and letter.at < self._deadline:
            return
        if self._waits_for_call or (self._busy is not None and letter.at < self._busy):
            return
        yield from self._act(letter, owed)

    def rung_back(self, at: datetime) -> Iterator[Step]:
        """The coordinator has answered the question by phone."""
        if self._waits_for_call:
            self._waits_for_call = False
            yield from self._first_sending(days.in_office(at + timedelta(hours=1)), self.letters[-1])

    def _act(self, letter: Letter, owed: Mapping[Category, str]) -> Iterator[Step]:
        habit = self.habit
        when = self._soon(letter.at)
        if habit.asks and not self._sent:
            self._waits_for_call = True
            yield self._words(
                when, letter, "请问活动情况统计表里的“参与人数”是否包括线上参加的人员？盼复。", "question"
            )
            return
        if habit.extends and not self._rang:
            self._rang = True
            yield Call(at=letter.at + timedelta(minutes=50), unit=self.unit.code, topic="extend", about=habit.extends)
            last = datetime.fromisoformat(habit.extends)
            yield from self._first_sending(days.at(last.date(), 15), letter)
            return
        if not self._sent and habit.start in ("reminded", "late"):
            yield from self._first_sending(when, letter)
            return
        mended = []
        for category, words in owed.items():
            piece = self._mended(category, words)
            if piece is None:
                yield Call(at=when, unit=self.unit.code, topic="puzzled", about=MATERIALS[category])
            else:
                mended.append(piece)
        if mended:
            yield self._mail(when, mended, letter)

    def _mended(self, category: Category, words: str) -> Piece | None:
        """What the letter asks for; None when it cannot be understood."""
        flaws = self._flaws.get(category, frozenset())
        if category not in self._sent:
            return self._piece(category)
        known = understood(flaws, words)
        if not known and "未收到" not in words.splitlines()[0]:
            return None
        self._flaws[category] = flaws - known if known else frozenset()
        return caption_only(self.unit, self._seed) if flaws == {"bare"} else self._piece(category)

    def _soon(self, at: datetime) -> datetime:
        """When it gets round to it: within the hour towards the end, else within the next days."""
        if self._deadline - at < timedelta(days=2):
            return at + timedelta(minutes=15 + self.dice.randrange(50))
        return days.in_office(at + timedelta(hours=1 + self.dice.random() * 30))

    def _courtesies(self, letter: Letter) -> Iterator[Step]:
        """What comes back by itself, or out of good manners."""
        habit, unit = self.habit, self.unit
        sender = (unit.contact, letter.to)
        if habit.vacation in ("marked", "subject"):
            at, id = letter.at + timedelta(seconds=20), self._id(letter.to)
            raw = machines.auto_reply(
                from_=sender, to=OFFICE_ADDRESS, date=at, message_id=id, marked=habit.vacation == "marked"
            )
            yield Mail(at=at, message_id=id, raw=raw, unit=unit.code, kind="machine")
        elif habit.vacation == "unmarked":
            text = "您好，您的邮件已收到。我近期外出培训，10月17日返回，急事请致电办公室。"
            yield self._words(letter.at + timedelta(seconds=20), None, text, "machine")
        if habit.receipts:
            at, id = letter.at + timedelta(minutes=9), self._id(letter.to)
            raw = machines.read_receipt(
                from_=letter.to, to=OFFICE_ADDRESS, original_id=letter.message_id, date=at, message_id=id
            )
            yield Mail(at=at, message_id=id, raw=raw, unit=unit.code, kind="machine")
        if habit.thanks:
            yield self._words(letter.at + timedelta(minutes=7), letter, "收到，谢谢！", "thanks")

    # -- writing ------------------------------------------------------------------------------------------

    def _piece(self, category: Category) -> Piece:
        self._sent.add(category)
        return material(category, self.unit, self._seed, self._flaws.get(category, frozenset()))

    def _words(self, at: datetime, letter: Letter | None, text: str, kind: Kind) -> Mail:
        subject = "邮件已收到" if letter is None else f"回复：{letter.subject}"
        address = self.unit.addresses[0] if letter is None else letter.to
        return self._compose(at, letter, address, subject, text, (), None, kind)

    def _mail(self, at: datetime, sent: Sequence[Piece], letter: Letter | None, *, stranger: str = "") -> Mail:
        unit = self.unit
        self._busy = max(at, self._busy or at)
        what = "和".join(piece.what for piece in sent)
        words = "\n".join(piece.words for piece in sent if piece.words)
        text = m.letter(unit, words, what=f"质量月{what}")
        address, subject = letter.to if letter else unit.addresses[0], f"{unit.short}报送质量月{what}"
        if letter is not None:
            subject = f"回复：{letter.subject}"
        if stranger:
            address = f"19{unit.code}88{unit.code}@qqmail.example"
        if stranger == "unnamed":
            text, subject = f"您好，质量月材料发您了，请查收。\n图片说明：{_CAPTION}", "质量月材料"
        html = next((piece.html(text) for piece in sent if piece.html), None)
        return self._compose(at, letter, address, subject, text, self._files(sent), html, "material")

    def _files(self, sent: Iterable[Piece]) -> list[Attached]:
        files = [file for piece in sent for file in piece.files()]
        if self.habit.wrapped == "zip":
            packed = samples.zip_gbk((file.name, file.data) for file in files)
            return [Attached(f"{self.unit.short}质量月材料.zip", packed, m.ZIP)]
        return files

    def _compose(
        self,
        at: datetime,
        letter: Letter | None,
        address: str,
        subject: str,
        text: str,
        files: Sequence[Attached],
        html: str | None,
        kind: Kind,
    ) -> Mail:
        id = self._id(address)
        headers = {}
        if letter is not None:
            known = (*letter.references, letter.message_id)
            headers = {"In-Reply-To": letter.message_id, "References": "\r\n ".join(known[-10:])}
            text += f"\n\n------------------ 原始邮件 ------------------\n发件人: {OFFICE_ADDRESS}\n{letter.text}"
        raw = compose(
            self._style,
            from_=(self.unit.contact, address),
            to=OFFICE_ADDRESS,
            subject=subject,
            text=text,
            html=html,
            files=files,
            date=at,
            message_id=id,
            headers=headers,
        )
        return Mail(at=at, message_id=id, raw=raw, unit=self.unit.code, kind=kind)

    def _id(self, address: str) -> str:
        self._count += 1
        return f"<u{self.unit.code}.{self._count}@{domain(address)}>"
