"""Which of the dates in a notice is the one by which material must be sent.

`CUES` is the data: words before, behind or around a date, or in the heading above it, with their weight.
A date is a deadline from `ENOUGH` upwards.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Literal

import msgspec

from rules.compile.dates import Day, days, vague
from rules.compile.outline import Sentence
from rules.compile.page import Page

ENOUGH = 3
STRONG = 6
"""From here on a date beside words of sending is a deadline beyond doubt."""
MAYBE = 1
"""From here on a date is taken when there is no better one, and asked about."""
Place = Literal["before", "behind", "sentence", "heading", "label"]

CUES: tuple[tuple[Place, str, int, str], ...] = (
    ("before", r"(?:截止|截至|截稿|截收)(?:时间|日期|期限|期|报送时间|投稿时间)?(?:[:为是到至于在]|延长至|延至|\([^)]*\))*$", 5, "截止时间：X"),
    ("before", r"(?:最迟|最晚|不晚于|不迟于|不得晚于|不得迟于|务必于|务必在|须于|应于|需于|请于|请在|统一于|限于)$", 4, "请于X前报送"),
    ("before", r"(?:于|在)$", 1, "于X前报送"),
    ("before", r"(?:即日起|自?(?:本|此)?(?:通知|公告|启事)?(?:发布|公布|印发|发文|下发|发出)(?:本)?(?:通知|公告|启事)?之日起|从现在起|自?即日|从即日起?|今日起)[,、]?(?:开始)?[,、]?(?:截?止?至|到|-+|截止到?)?$", 4, "即日起至X"),
    ("before", r"(?:报送|上报|提交|投稿|征稿|征集|收稿|交稿|来稿|投稿起止|报名|申报|推荐|征文|投递|作品(?:提交|报送|征集|上传|收集)|材料(?:报送|提交|接收)|反馈|受理|递交)"
               r"(?:作品|材料|稿件|起止|阶段|截止)?(?:时间|日期|期限|时限|阶段|期)?(?:为|:|是|自|从|\([^)]*\)|-)*+$", 4, "投稿时间：X"),
    ("before", r"(?:延期|延长|顺延|推迟|调整)(?:至|到|为)$", 5, "延期至X"),
    ("before", r"(?:活动时间|时间|日期)(?:为|:|是|自|从)*$", 2, "活动时间：X"),
    ("behind", r"^(?:\([^)]*\))?[,、]?(?:以?前|之前|为?止|截止|截稿|为截止|前后截止|内截止)", 4, "X前"),
    ("behind", r"^(?:\([^)]*\))?(?:以内|内)", 1, "X内"),
    ("behind", r"^(?:\([^)]*\))?(?:止|结束|为期限)", 3, "X结束"),
    ("before", r"(?:征集|征稿|投稿|报送|提交|报名|活动|持续)(?:作品|时间)?(?:截?至|到)$", 2, "征集至X"),
    ("behind", r"^[^。,;]{0,12}(?:截止|截稿|逾期|为准)", 2, "X（以邮戳为准）"),
    ("sentence", r"逾期|过期(?:不|未)|截止|截稿|为准", 1, "逾期不候"),
    ("sentence", r"报送|上报|发送|发至|发到|投稿|提交|递交|反馈|报至|报到|寄送|寄至|寄到|汇总|报名|传至|交至|报我|报市|报省|电子版|邮箱", 2, "报送、发送、投稿"),
    ("sentence", r"@", 2, "邮箱地址"),
    ("heading", r"(?:报送|提交|投稿|征稿|征集|交稿|收稿|来稿|申报|推荐|截止|截稿|上报|受理|收集|填报|征文|报名)[^。]{0,6}(?:时间|日期|期限|时限|要求|办法|方式|方法|须知|阶段)|截止|时间(?:要求|节点)", 2, "三、征集时间"),
    ("label", r"(?:报送|提交|投稿|征稿|征集|交稿|收稿|来稿|申报|推荐|上报|作品(?:征集|提交|投稿))[^。]{0,4}(?:阶段|时间|日期)", 3, "（一）征集阶段：X"),
    ("label", r"^(?!请)(?!.*(?:征集|投稿|征稿|报送|提交|收集|申报|推荐)(?!结果|作品展|公布|公示))(?:.*)(?:评审|评选|评比|初评|复评|终评|展示|展览|表彰|颁奖|公示|公布|启动|动员|宣传|总结|决赛|复赛|培训|报到|结果|投票|发布)", -5, "（三）评审阶段：X"),
    ("heading", r"^(?:活动|征集|参赛)?(?:起止)?(?:时间|日期)(?:安排|及方式)?$", 1, "二、活动时间"),
    ("heading", r"(?:评审|评选|表彰|颁奖|公示|展览|会议|培训|考试|比赛)[^。]{0,4}(?:时间|日期|安排)", -2, "评审时间"),
    ("before", r"(?:发布|发文|更新|成文|印发|发表|公开|录入|编辑|阅读|浏览)(?:时间|日期|于)?:?$|(?:来源|作者|发布|编辑):[^,。;]{0,16}$|^日期:?$", -6, "发布时间：X"),
    ("sentence", r"(?:发布|更新|编辑|录入)(?:时间|日期)?:?(?:19|20)\d{2}[^。]{0,40}(?:阅读|浏览|点击|来源|作者|截稿|截止)", -7, "发布时间：X 阅读量：888次"),
    ("behind", r"^(?::\d\d)?[^。,;\u4e00-\u9fa5]{0,4}(?:来源|作者|编辑|浏览|点击|阅读|字号|字体|访问量|信息来源|发布者)", -9, "X 来源："),
    ("before", r"(?:拍摄|创作|完成|发表|出生|出版|成立|毕业|自(?!即日|通知|公告|启事|发布|公布|下发|发出|印发|今|本|此|征)|从(?!即日|现在|今|发布|公布)|统计|考核|报告)(?:时间|日期|于)?[^,。;]{0,4}(?:为|:|是|在)?$", -3, "拍摄时间：X"),
    ("before", r"(?:评审|评选|展示|展览|颁奖|公示|公布|开幕|举办|举行|召开|开展|报到|开班|启动|会议|培训|考试|比赛|决赛|活动开展|集中)(?:活动)?(?:时间|日期)?(?:为|:|是|于|在|至)*$", -4, "评审时间：X"),
    ("behind", r"^(?:\([^)]*\))?(?:前|之前|前后|左右|期间|,|、|上午|下午|起|开始)?[^。,;]{0,8}(?:举办|举行|召开|开展|集中|启动|公布|公示|颁奖|评审|评选|开幕|展出|印发|出台|以来|以后|之后|起施行|发布|出生|拍摄|统一组织)", -4, "X举行"),
    ("behind", r"^(?:\([^)]*\))?为[^。,;]{0,8}(?:征集|投稿|征稿|报名|上传|提交|报送|收集)[^。,;]{0,4}(?:时间|阶段|日期|期)", 4, "X为作品征集时间"),
    ("behind", r"^(?:\([^)]*\))?[^。,;]{0,16}进行(?:初选|复选|终选|初评|复评|终评|评审|评选|遴选)|^[^。,;]{0,4}(?:上报|报送|推荐)[^。,;]{0,14}(?:参加|参评|参展|参赛)", -5, "X上报省文联参加评选"),
    ("behind", r"^(?:上午|下午|晚上?)?在[^,。;]{2,24}(?:举行|举办|展示|召开|开幕|开展|进行|集合)", -4, "X在主会场展示"),
    ("behind", r"^(?:以来|以后|后|之后|起(?!至)|出生|生效|期间|前后)", -4, "X以来"),
    ("sentence", r"如需|如有|如果|需要[^,。;]{2,14}的|拟参加|有意向", -4, "需要申请资助的……"),
    ("sentence", r"注册|登录|登陆|网上申报|网站(?:填报|申报|报名)", -2, "登录网站注册"),
    ("sentence", r"拍摄(?:时间|于)|创作时间|年龄|周岁|出生|有效期|邮戳|发票|缴费|汇款|住宿|颁奖|评审|公示|专家", -2, "拍摄时间、评审、公示"),
    ("behind", r"^(?:\([^)]*\))?[,]?(?:前|之前)?[^。;]{0,24}(?:联系人|领取|通知|告知|公布结果|反馈结果|另行|评出|完成评)", -2, "X前另行通知"),
)  # fmt: skip
"""Where to look, the words, their weight, an example in which X is the date."""

_COMPILED = tuple((place, re.compile(pattern), weight) for place, pattern, weight, _ in CUES)
_BY_MAIL = re.compile(r"@|邮箱|发送|发至|电子版|投稿|报送|提交|上报|征集|截稿")
_CONDITION = re.compile(r"如需|如有|如果|需要[^,。;]{2,14}的|拟参加|有意向")


_EVERY = re.compile(r"每(?:年|学年|学期|季度?|月|周)(?:度|的)?$")
"""每年9月10日前 comes again and is no deadline."""
_OPEN_END = re.compile(
    r"(?:\([^)]*\))?(?:起|开始)?(?:至|到|-+)(?!\d|[二今当次下]|截止)[\u4e00-\u9fa5]|[;,。、\n](?:截稿|截止|结束)(?:时间|日期)[:为]"
)
"""2020年2月15日至疫情结束, and 征稿时间：X；截稿时间：Y: the day of the beginning."""


class Due(msgspec.Struct, frozen=True, kw_only=True):
    """A date by which something must be sent."""

    day: Day
    weight: int
    sentence: Sentence
    by_mail: bool
    """The words around it, as far as the next date, speak of a mailbox or of sending."""
    boxed: bool
    """An address stands there."""


def dues(page: Page, lines: Sequence[Sentence]) -> tuple[Due, ...]:
    """All deadlines, in order of the text."""
    found: list[Due] = []
    begun: dict[int, str] = {}
    for sentence in lines:
        said = begun.get(sentence.paragraph, "")
        begun[sentence.paragraph] = said + sentence.text
        here = _with_years(days(page.text, sentence.start, sentence.end))
        for number, day in enumerate(here):
            if _is_signature(sentence, day):
                continue
            if _EVERY.search(page.text, max(sentence.start, day.start - 6), day.start) or (
                not day.ranged and _OPEN_END.match(page.text, day.end)
            ):
                continue
            weight = _weigh(page.text, sentence, day, here[number - 1] if number else None)
            if _CONDITION.search(said) and not _CONDITION.search(sentence.text):
                weight = min(weight, 9) - 6  # 需要申请资助的须填表。请于……前报送
            if day.month == 0 and weight < ENOUGH:
                continue
            if weight >= MAYBE:
                following = here[number + 1].start if number + 1 < len(here) else sentence.end
                words = page.text[here[number - 1].end if number else sentence.start : following]
                found.append(
                    Due(
                        day=day,
                        weight=weight,
                        sentence=sentence,
                        by_mail=bool(_BY_MAIL.search(words) or _BY_MAIL.search(page.text[day.end : sentence.end])),
                        boxed="@" in words,
                    )
                )
    return tuple(found)


def _with_years(found: Iterable[Day]) -> list[Day]:
    """2022年9月1日启动，10月12日前报送: the year said before in the sentence holds on."""
    last: Day | None = None
    known: list[Day] = []
    for day in found:
        if day.year is None and day.month and last is not None and last.year:
            year = last.year + (day.month < last.month)
            day = msgspec.structs.replace(day, year=year, inferred=(*day.inferred, "year"))
        known.append(day)
        last = day if day.year else last
    return known


def first_due(found: Iterable[Due]) -> Due | None:
    """The deadline a unit must meet by mail: the one with the strongest words, of equals the first."""
    every = list(found)
    sure = [due for due in every if due.weight >= ENOUGH] or [
        due for due in every if due.day.ranged or (due.by_mail and due.weight > MAYBE)
    ]
    strong = [due for due in sure if due.weight >= STRONG and due.by_mail]
    best = max(sure, key=_rank, default=None)
    if best is None or best.weight < STRONG:
        return best
    # 歌词截止至……。曲谱截止至……: of several in one list point, and of phases that a unit meets by mail, the first
    beside = [due for due in sure if due.weight >= STRONG and due.sentence.paragraph == best.sentence.paragraph]
    if best not in strong:
        return min(beside, key=_sooner)
    near = [due for due in strong if _rank(due)[0] >= _rank(best)[0] - 9]
    return min((*near, *beside), key=_sooner)


def _sooner(due: Due) -> tuple[str, bool]:
    """The earlier day; of two words on one day the one with the hour."""
    return due.day.iso().partition("T")[0], not due.day.time


def _rank(due: Due) -> tuple[int, int]:
    return min(due.weight, 9) + 2 * due.by_mail + 3 * due.boxed, -due.day.start


def _weigh(text: str, sentence: Sentence, day: Day, earlier: Day | None) -> int:
    begin = max(sentence.start, earlier.end if earlier else 0)
    before, behind = text[begin : day.start], text[day.end : sentence.end]
    places: dict[str, Iterable[str]] = {
        "before": (before,),
        "behind": (behind,),
        "sentence": (sentence.text,),
        "heading": sentence.heads,
        "label": sentence.heads[-1:],
    }
    total = 1 if day.workday_end else 0
    if day.ranged:
        total += 1
    if day.time:
        total += 1
    for place, pattern, weight in _COMPILED:
        if any(pattern.search(words) for words in places[place]):
            total += weight
    if not before and not behind and any("时间" in head or "日期" in head for head in sentence.heads):
        total += 1  # nothing but the date under its heading
    return total


def _is_signature(sentence: Sentence, day: Day) -> bool:
    """A line that is hardly more than a date: the end of the notice, or the date of the page."""
    if day.ranged or sentence.level is not None or day.time:
        return False
    rest = sentence.text[: day.start - sentence.start] + sentence.text[day.end - sentence.start :]
    if re.search(r"前|于|请|将|至|截", rest):
        return False
    if sentence.heads and re.search(r"时间|日期|截止|截稿", sentence.heads[-1]) and not rest:
        return False
    return (
        not rest
        or bool(
            re.fullmatch(
                r"[\u4e00-\u9fa5“”()]{2,40}(?:局|厅|部|委|办公室|委员会|会|院|处|科|社|中心|公司|校|学|团委|组|台|馆|队|站|所)(?:\(.*\))?",
                rest,
            )
        )
        or bool(re.fullmatch(r"[-:\s\d]*(?:发布|来源|时间|日期|发文)*[-:\s\d]*", rest))
    )


def vague_dues(lines: Sequence[Sentence]) -> Iterator[tuple[Sentence, str]]:
    """Sentences that give a deadline no machine can turn into a day, with those words."""
    for sentence in lines:
        words = vague(sentence.text)
        if words and re.search(
            r"报送|提交|上报|征集|投稿|截止|即日起|发送|反馈|报名|时间|填报", "".join(sentence.heads) + sentence.text
        ):
            yield sentence, words
