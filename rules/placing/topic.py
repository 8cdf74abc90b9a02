"""Is a file, or a whole mail, about this notice or plainly about something else?

Only plain words decide: a name or title that names another campaign or another office matter, while nothing names
ours. A plain 工作总结 names nothing and stays what it is. What is about something else waits for a person.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

import msgspec

from rules.facts import TableFacts, TextFacts
from rules.item import Item, Text
from rules.notice import Category, Notice
from rules.placing.looks import first_cells
from rules.words import fold, stem

_CAMPAIGN = r"([\u4e00-\u9fff]{2,12}?(?<![一二三四五六七八九十本当全半每上下今去明前后整两几数])[月周日节])"
_EVENT = re.compile(
    _CAMPAIGN + r"[”\"》]?(?:系列|主题|宣传|集中)*(?:活动|行动|总结|小结|工作|情况|启动|宣传|现场|照片|图片|案例)"
)
"""安全生产月活动, 食品安全宣传周总结."""
_NO_EVENT = re.compile(r"(?:开放|体验|咨询|接待|服务|工作|活动|集中|培训|回访|走访|生|假|休息|星期|周末)日$")
"""Days that any campaign may have."""
_QUOTED = re.compile(r"[“\"《]([^”\"》]{2,16})[”\"》]")
_IN_TITLE = re.compile(r"[\u4e00-\u9fff]{2,8}?[月周](?=[”\"》]|活动|宣传|主题)")
_OPENING = re.compile(r"^.*(?:组织|开展|举办|做好|报送|关于|全[市省县区国]|年度?)")
_ENDING = re.compile(r"(?:宣传|主题|科普|推广|服务|教育|系列|活动)*[月周日节年季]?(?:活动)?$")
_UNLIKE = re.compile(
    r"党建|党史|党日|党支部|党费|党风廉政|廉政|主题教育|意识形态|精神文明|文明城市|创文|创卫|爱国卫生|禁毒|扫黑|信访|保密|征兵|双拥"
    r"|计划生育|消防|防汛|抗旱|防疫|疫情|核酸|乡村振兴|扶贫|值班|财务|预算|决算|报销|发票|工资|采购|招聘|考勤|体检"
    r"|年度考核|绩效|资产|社保|职称|述职|运动会|春节|住房公积金|公车|公务用车|会议回执|参会"
)
"""Matters of every office that are no part of another campaign."""
_NEAR = re.compile(
    r"安全生产|食品安全|法治|普法|环保|生态环境|平安建设|综治|知识产权|消费维权|消费者权益|节能|防灾减灾"
    r"|年度工作(?=总结)|年终(?=.{0,4}总结)|(?:上|下)?半年(?=.{0,6}总结)|季度(?=.{0,6}总结)"
)
"""Matters that a case or a photo of this campaign may well show; a summary named so is another campaign's."""
_OFFICE = re.compile(
    r"[\u4e00-\u9fff]{2,12}?(?:局|委员会|办公室|[总支大]队|中心|集团|公司|学院|医院|银行|协会|学会|(?<!全)科(?![普技学])|处)"
)
"""生态环境局, 消防救援支队: what an office is called says nothing about its paper."""
_TITLE = 40
"""Characters of a line that may be a title."""


class Topic(msgspec.Struct, frozen=True, kw_only=True):
    """What a notice is about. Without words nothing is ever called foreign."""

    words: tuple[str, ...]
    """Names of the campaign: 质量月."""
    roots: tuple[str, ...]
    """What they are made of: 质量 of 质量月, 节水 of 节水宣传周."""
    notice: str
    """Everything the notice says of itself; what stands here is not foreign."""

    @classmethod
    def of(cls, notice: Notice) -> Topic:
        """From `topic`, `subject_keywords` and the title."""
        title = fold(notice.title)
        found = [*notice.topic, *notice.subject_keywords, *_QUOTED.findall(notice.title)]
        found += [_OPENING.sub("", match) or match for match in _IN_TITLE.findall(title)]
        words = tuple(dict.fromkeys(word for word in map(fold, found) if len(word) >= 2))
        roots = tuple(dict.fromkeys(root for word in words if len(root := _ENDING.sub("", word)) >= 2))
        said = [notice.title, notice.number, *words]
        said += [text for r in notice.requirements for text in (r.name, r.clause, *r.keywords)]
        return cls(words=words, roots=roots, notice=fold("\n".join(said)))

    def named_in(self, *texts: str) -> bool:
        """Ours by its whole name."""
        folded = fold("\n".join(texts))
        return any(word in folded for word in self.words)

    def touched_in(self, *texts: str) -> bool:
        """Ours at least by what it is made of; 高质量 is a word of its own."""
        folded = fold("\n".join(texts))
        return any(re.search(f"(?<!高){re.escape(root)}", folded) for root in self.roots)

    def hinted_in(self, *texts: str) -> bool:
        """As `touched_in`, but what offices are called says nothing."""
        return self.touched_in(*(_OFFICE.sub("_", fold(text)) for text in texts))

    def other_in(self, text: str, *, summary: bool = True) -> str:
        """The other matter that a name or title plainly names, "" when none. `summary`: it is one of a summary."""
        folded = fold(text)
        if not self.words or self.touched_in(folded):
            return ""
        folded = _OFFICE.sub("_", folded)
        events = [m for m in _EVENT.finditer(folded) if not _NO_EVENT.search(m[1]) and not self._longer(m[1])]
        found = [*events, *_UNLIKE.finditer(folded), *(_NEAR.finditer(folded) if summary else ())]
        return next((match[0] for match in found if match[0] not in self.notice), "")

    def _longer(self, text: str) -> bool:
        """节约用水宣传周 is 节水宣传周 written out: every sign of ours, in order."""
        return any(re.search(".*".join(map(re.escape, root)), text) for root in self.roots)


def foreign(topic: Topic, item: Item, category: Category, mail: Sequence[str]) -> str:
    """The other matter a file is plainly about, "" when it may well be ours. `mail`: the words around the file."""
    summary = category not in ("case", "photo", "video")
    facts = item.facts
    lines = [stem(item.name), *titles_of(item)]
    other = next((found for line in lines if (found := topic.other_in(line, summary=summary))), "")
    if not other or topic.touched_in(*lines) or topic.named_in(item.path):
        return ""
    if isinstance(facts, TextFacts) and facts.characters >= 100:
        ours = topic.named_in(facts.text) if summary else topic.touched_in(facts.text)
    else:  # a picture, or what nobody can read: only the mail tells
        ours = topic.named_in(item.beside, *mail)
    return "" if ours else other


def titles_of(item: Item) -> list[str]:
    """The first lines of a document, or of a table, that may be its title."""
    facts = item.facts
    if isinstance(facts, TableFacts):
        return list(first_cells(facts.sheets))[:4]
    if not isinstance(facts, TextFacts):
        return []
    opening = [line.strip() for line in facts.text[:1000].split("\n") if line.strip()][:2]
    return [line for line in (*facts.headings[:1], *opening) if len(line) <= _TITLE]


def is_stray(topic: Topic, text: Text, items: Sequence[Item]) -> bool:
    """A mail that plainly has another matter and never names ours; `items`: all it brought."""
    said = [text.subject, text.text, text.handed_on]
    said += [words for item in items for words in (item.path, *titles_of(item))]
    said += [item.facts.text for item in items if isinstance(item.facts, TextFacts)]
    if not topic.words or topic.named_in(*said) or topic.touched_in(text.subject):
        return False
    named = [any(topic.other_in(line) for line in (stem(i.name), *titles_of(i))) for i in items]
    return bool(topic.other_in(text.subject)) or (bool(named) and all(named))
