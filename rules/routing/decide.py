"""Which notice does a mail answer? The evidence in the order of its strength, and what follows when it disagrees. Pure.

    1. every file names its own notice, and they are several    each file to its own
    2. files, subject and thread name one notice, none another  that one
    3. the letter of ours that it replies to
    4. subject, then the sentence that says what is sent, then the mail it quotes
    5. a part of a name, the roster that holds the sender, what still runs and what the unit still owes

Two pieces of evidence of 1 to 4 that disagree are left to a person, and so is a mail that names two notices while a
file of it names none. docs/units.md tells it for people.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from itertools import pairwise

import msgspec

from rules.routing.signs import Hits, Signs

GRACE = timedelta(days=45)
"""So long after its last deadline a notice still gets mails that do not name it."""
_SENDS = re.compile(r"报送|上报|报上|报来|附件|附上|见附|发送|提交|呈报|材料|查收|补报|总结|照片|图片|统计表|案例")
_AGAIN = re.compile(r"更正|补充|修改|修订|替换|更新|重新|重报|改正|为准|作废|撤回|上次|前次|此前|之前")
"""Words by which a mail speaks of what came before: it need not be for the notice where something is still owed."""

RULES: Mapping[str, str] = {
    "only": "只有一个通知",
    "thread": "回复了我们的来信",
    "split": "信中有几个通知的材料，按文件分别计入",
    "files": "附件写明通知",
    "subject": "主题写明通知",
    "body": "正文写明通知",
    "history": "引用的邮件写明通知",
    "part": "主题或附件提到通知的一部分名称",
    "roster": "发件人只在这个通知的名册中",
    "running": "只有这个通知还在进行",
    "owes": "该单位只有这个通知的材料未齐",
    "person": "经办人指定",
}
"""`Route.by`, Chinese, for people."""


class Contender(msgspec.Struct, frozen=True, kw_only=True):
    """What is known of one notice beside its signs."""

    id: str
    title: str
    closes: datetime
    """The last deadline in it, aware."""
    knows: bool = False
    """The sender, or the unit that he names, is in its roster."""
    owes: bool = True
    """That unit has not sent everything."""
    runs: bool = True
    """In the settings now; else one that was there before."""


class Words(msgspec.Struct, frozen=True, kw_only=True):
    """What a mail says, place by place."""

    subject: str = ""
    body: str = ""
    """The sender's own words."""
    history: str = ""
    """The mail that he quotes or hands on."""
    files: Mapping[str, tuple[str, ...]] = {}
    """Path, name and title lines of every file that carries material, by path."""
    forms: Mapping[str, frozenset[str]] = {}
    """The notices whose blank form a file is, by path."""


class Route(msgspec.Struct, frozen=True, kw_only=True):
    """Which notice, or why none."""

    notice: str | None
    by: str
    """A value of `RULES`, or why a person must say."""
    shares: Mapping[str, str] = {}
    """Notices of the files that answer another one than the mail does, by path."""
    evidence: tuple[str, ...] = ()
    """What names which notice, Chinese."""
    candidates: tuple[str, ...] = ()
    """Ids it may be, the likeliest first, when `notice` is None."""


def decide(
    signs: Signs, contenders: Sequence[Contender], said: Words, thread: str | None, received_at: datetime
) -> Route:
    """`thread`: the notice of the letter of ours, or of the earlier mail, that it replies to."""
    return _Case(signs, contenders, said, thread, received_at).decided()


class _Case:
    """One mail before anything is decided."""

    def __init__(
        self,
        signs: Signs,
        contenders: Sequence[Contender],
        said: Words,
        thread: str | None,
        received_at: datetime,
    ) -> None:
        self.signs, self.said, self.received_at = signs, said, received_at
        self.all = {one.id: one for one in contenders}
        self.thread = thread if thread in self.all else None
        named = [signs.read(*texts).notices for texts in said.files.values()]
        self._dated = frozenset(id for ids in named if len(ids) == 1 for id in ids)
        self.subject = self._settled(signs.read(said.subject))
        self.body = self._settled(signs.read(*_sending(said.body)))
        self.history = self._settled(signs.read(said.history))
        self.files = {path: self._file(path, texts) for path, texts in said.files.items()}

    def decided(self) -> Route:
        """The route, with all evidence."""
        found = self._by_files() if any(self.files.values()) else self._by_words()
        if found.notice is None and not found.candidates:
            ranked = sorted(self.all.values(), key=lambda one: (not one.knows, not self._running(one), not one.owes))
            found = msgspec.structs.replace(found, candidates=tuple(one.id for one in ranked if one.runs))
        return msgspec.structs.replace(found, evidence=tuple(dict.fromkeys(self._told())))

    def _by_files(self) -> Route:
        certain = [next(iter(ids)) for ids in self.files.values() if len(ids) == 1]
        named = list(dict.fromkeys(certain))
        plain = len(certain) == len(self.files)
        if len(named) > 1 and plain:
            first = self.thread if self.thread in named else named[0]
            shares = {path: id for path, ids in self.files.items() if (id := next(iter(ids))) != first}
            return Route(notice=first, by=RULES["split"], shares=shares)
        if len(named) != 1 or any(len(ids) > 1 for ids in self.files.values()):
            both = dict.fromkeys([*named, *(id for ids in self.files.values() for id in sorted(ids))])
            return self._doubt(both, "附件分属几个通知，有的没有写明")
        one = named[0]
        spoken = self.subject | self._spoken()
        if self.subject - {one} and one not in self.subject:
            return self._doubt([one, *sorted(self.subject)], "主题和附件写的通知不同")
        if self.thread not in (None, one) and one not in self.subject:
            return self._doubt([one, self.thread or one], "回复的是一个通知的来信，附件写的是另一个")
        if spoken - {one} and not plain:
            return self._doubt([one, *sorted(spoken - {one})], "信中提到几个通知，有的附件没有写明")
        return Route(notice=one, by=RULES["files"])

    def _by_words(self) -> Route:
        spoken = self._spoken()
        brings = bool(self.files)
        if len(self.subject) > 1:
            return self._doubt(sorted(self.subject), "主题提到几个通知")
        first = next(iter(self.subject), None) or self.thread
        if self.thread is not None and first != self.thread:
            return self._doubt([self.thread, first or ""], "回复的是一个通知的来信，主题写的是另一个")
        if first is not None and spoken - {first} and brings:
            return self._doubt([first, *sorted(spoken - {first})], "信中提到几个通知，附件没有写明")
        if first is not None:
            return Route(notice=first, by=RULES["thread" if self.thread else "subject"])
        if len(spoken) > 1:
            return self._doubt(sorted(spoken), "正文提到几个通知")
        for ids, rule in ((spoken, "body"), (self.history, "history"), (self._parts(), "part")):
            if len(ids) == 1:
                return Route(notice=next(iter(ids)), by=RULES[rule])
        return self._by_standing(brings)

    def _by_standing(self, brings: bool) -> Route:
        """Nothing names a notice: who is asked by which, what still runs, what is still owed."""
        here = [one for one in self.all.values() if one.runs]
        mine = [one for one in here if one.knows]
        if len(mine) == 1:
            return Route(notice=mine[0].id, by=RULES["roster"])
        running = [one for one in (mine or here) if self._running(one)]
        if len(running) == 1:
            return Route(notice=running[0].id, by=RULES["running"])
        owing = [one for one in running if one.owes] if mine else []
        again = _AGAIN.search(f"{self.said.subject}\n{self.said.body}\n{' '.join(self.said.files)}")
        if len(owing) == 1 and brings and not again:
            return Route(notice=owing[0].id, by=RULES["owes"])
        return self._doubt((), "不能确定属于哪个通知")

    def _doubt(self, ids: Sequence[str] | Mapping[str, None], why: str) -> Route:
        ordered = tuple(dict.fromkeys(id for id in ids if id in self.all))
        titles = "".join(f"《{self.all[id].title}》" for id in ordered or tuple(self.all) if self.all[id].runs)
        return Route(notice=None, by=f"{why}，可能是：{titles}" if titles else why, candidates=ordered)

    def _file(self, path: str, texts: Sequence[str]) -> frozenset[str]:
        named = self._settled(self.signs.read(*texts))
        form = self.said.forms.get(path, frozenset())
        if len(form) == 1 and len(named) <= 1 and not named - form:
            return form
        return (named & form or named) if named else frozenset()

    def _settled(self, hits: Hits) -> frozenset[str]:
        """Of the notices of one series the one that is meant; those of different ones stay side by side."""
        left, found = [id for id in self.all if id in hits.notices], frozenset[str]()
        while left:
            words = set(self.signs.topics[left[0]].words)
            series = frozenset(id for id in left if id == left[0] or words & set(self.signs.topics[id].words))
            found |= self._of_series(series)
            left = [id for id in left if id not in series]
        return found

    def _of_series(self, ids: frozenset[str]) -> frozenset[str]:
        """By the year where another place of the mail tells it, else a file, the thread, or what still runs."""
        ids = self.signs.of_year(ids, self.said.subject, *_sending(self.said.body)) if len(ids) > 1 else ids
        running = frozenset(id for id in ids if self._running(self.all[id]))
        configured = frozenset(id for id in ids if self.all[id].runs)
        choices = (ids, ids & self._dated, ids & {self.thread}, running, configured)
        return next((choice for choice in choices if len(choice) == 1), ids)

    def _running(self, one: Contender) -> bool:
        return one.runs and self.received_at <= one.closes + GRACE

    def _spoken(self) -> frozenset[str]:
        """The notices whose material the body says to send; one that is only mentioned beside the other is none."""
        if len(self.body) < 2:
            return self.body
        both = any(self._side_by_side(line) for line in _sending(self.said.body))
        return self.body if both or not self.body & (self.subject | {self.thread}) else self.body & self.subject

    def _side_by_side(self, line: str) -> bool:
        """质量月和安全生产月材料 sends both; 结合安全生产月，我局开展质量月活动 does not."""
        parts = [
            self._settled(self.signs.read(part)) for part in re.split(r"[和与及跟、,，;；]|以及|还有|并|同时", line)
        ]
        named = [part for part in parts if part]
        return any(one != other for one, other in pairwise(named)) and "结合" not in line

    def _parts(self) -> frozenset[str]:
        hits = self.signs.part_of(self.said.subject, *(text for texts in self.said.files.values() for text in texts))
        return self._settled(hits)

    def _told(self) -> Iterator[str]:
        if self.thread is not None:
            yield f"所回复的邮件：《{self.all[self.thread].title}》"
        for place, ids in (("主题", self.subject), ("正文", self.body), ("引用的邮件", self.history)):
            yield from (f"{place}：《{self.all[id].title}》" for id in sorted(ids))
        for path, ids in self.files.items():
            how = "空白表" if self.said.forms.get(path) == ids else "附件"
            yield from (f"{how} {path}：《{self.all[id].title}》" for id in sorted(ids))


def _sending(body: str) -> list[str]:
    """The sentences that say what is sent; captions and reports say much else."""
    sentences = [part.strip() for part in re.split(r"[。\n！!？?]", body[:3000]) if part.strip()]
    return [part for part in sentences if _SENDS.search(part) and len(part) <= 80][:8]
