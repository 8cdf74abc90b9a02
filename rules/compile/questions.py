"""What a person must settle before the draft is used: each question with the answer that is assumed meanwhile."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from rules.compile.deadlines import ENOUGH, Due, vague_dues
from rules.compile.draft import Channel, Draft, Question
from rules.compile.heads import Head
from rules.compile.outline import Sentence
from rules.compile.page import Page
from rules.compile.scope import Given
from rules.compile.thing import Thing


def questions(
    draft: Draft, top: Head, due: Due | None, lines: Sequence[Sentence], given: Given, made: Sequence[Thing], loose: Sequence[str], ways: Sequence[Channel], page: Page
) -> Iterator[Question]:  # fmt: skip
    """All questions about a draft, the deadline's first."""
    yield from _about_deadline(draft, top, due, lines)
    if not draft.mailbox:
        yield Question(path="mailbox", asks="通知中没有找到收件邮箱，材料发到哪里？", proposed="")
    elif len(draft.mailboxes) > 1:
        yield Question(path="mailbox", asks=f"有 {len(draft.mailboxes)} 个邮箱，以哪个为准？", proposed=draft.mailbox)
    if draft.mailbox not in re.sub(r"\s", "", page.text):
        asked = f"邮箱地址中的 @ 缺失或改写，按 {draft.mailbox} 理解，对吗？"
        yield Question(path="mailbox", asks=asked, proposed=draft.mailbox)
    others = [way for way in ways if way not in ("email", "unknown")]
    if draft.mailbox and others:
        yield Question(
            path="channel",
            asks=f"除邮箱外还提到其他报送方式（{'、'.join(_CHANNELS[w] for w in others)}），是否只核对邮件？",
            proposed="只核对邮件",
        )
    if not draft.items:
        yield Question(path="items", asks="没有看出要求报送哪些材料，请补写。", proposed="")
    yield from _about_items(draft, given, made)
    for words in dict.fromkeys(loose):
        yield Question(path="items", asks=f"“{' '.join(words.split())}”是对哪一项的要求？", proposed="不作核对")
    for sentence in lines:
        if (
            "附件" in sentence.text
            and re.search(r"模板|样式|格式|要求|方案", sentence.text)
            and re.search(r"见附件", sentence.text)
        ):
            yield Question(
                path="items",
                asks="部分要求写在附件中，正文没有，请核对附件。",
                proposed="按正文",
                clause=page.quote(sentence.start, sentence.end),
            )
            break


def _about_deadline(draft: Draft, top: Head, due: Due | None, lines: Sequence[Sentence]) -> Iterator[Question]:
    clause = draft.deadline_clause
    if due is None:
        said = next(iter(vague_dues(lines)), None)
        if said:
            yield Question(
                path="deadline", asks=f"“{said[1]}”没有写明具体日期，截止到哪一天？", proposed="", clause=said[0].text
            )
        else:
            yield Question(path="deadline", asks="没有找到报送截止日期，截止到哪一天？", proposed="")
        return
    day = due.day
    if day.year is None:
        yield Question(path="deadline", asks="截止日期没有写年份，是哪一年？", proposed="", clause=clause)
    elif "year" in day.inferred:
        yield Question(
            path="deadline",
            asks=f"年份由{top.year_from or '上文'}推得：{day.year}，是否正确？",
            proposed=str(day.year),
            clause=clause,
        )
    if "month" in day.inferred:
        yield Question(
            path="deadline", asks="只写了几日，月份由落款推得，是否正确？", proposed=day.iso(), clause=clause
        )
    if due.weight < ENOUGH:
        yield Question(
            path="deadline", asks="通知没有明说这是报送期限，是否按此日期？", proposed=day.iso(), clause=clause
        )
    if "lost" in day.inferred:
        yield Question(
            path="deadline", asks="日期中的“年”“月”丢失，推得如下，是否正确？", proposed=day.iso(), clause=clause
        )
    if "day" in day.inferred:
        yield Question(
            path="deadline", asks="只写到月底（年底），按最后一天计，是否正确？", proposed=day.iso(), clause=clause
        )
    if day.workday_end:
        yield Question(path="deadline", asks="“下班前”按几点计？", proposed="当日 24 时", clause=clause)
    if len(draft.deadlines) > 1:
        yield Question(
            path="deadline",
            asks=f"通知中有几个期限（{'、'.join(draft.deadlines)}），总的截止日期是哪一个？",
            proposed=draft.deadline,
            clause=clause,
        )


def _about_items(draft: Draft, given: Given, made: Sequence[Thing]) -> Iterator[Question]:
    for number, (item, thing) in enumerate(zip(draft.items, made, strict=True), start=1):
        path = f"items[{number}]"
        asked: set[str] = set()
        for owner, limit in given:
            if owner is thing and limit.doubt and limit.doubt not in asked:
                asked.add(limit.doubt)
                rule = item.rules.get(limit.field)
                yield Question(
                    path=f"{path}.{limit.field}",
                    asks=f"“{item.name}”{limit.doubt}",
                    proposed=_proposed(limit.field, limit.value),
                    clause=rule.clause if rule else "",
                )
        unsure = [field for field, rule in item.rules.items() if rule.confidence < 0.8 and not asked]
        if unsure:
            yield Question(
                path=path,
                asks=f"“{item.name}”的{'、'.join(_FIELDS.get(f, f) for f in unsure)}由上下文推得，是否正确？",
                proposed="按所列",
                clause=item.clause,
            )
        if item.both_formats:
            yield Question(
                path=f"{path}.formats",
                asks=f"“{item.name}”是几种格式都要，还是任选其一？",
                proposed="都要",
                clause=item.clause,
            )
        if item.category in ("form", "stat_table"):
            shown = f"“{item.annex or item.name}”未提供空表，是否附上以便逐格核对？"
            yield Question(path=f"{path}.form", asks=shown, proposed="不逐格核对", clause=item.clause)
        if item.only_for:
            words = "、".join(item.only_for)
            asks = f"“{item.name}”是否只要求“{words}”报送？"
            yield Question(path=f"{path}.only_for", asks=asks, proposed=f"只要求{words}", clause=item.clause)
        if item.audience:
            yield Question(
                path=path,
                asks=f"“{item.name}”是否只要求“{item.audience}”报送？",
                proposed="各单位都要",
                clause=item.clause,
            )


def word_of_field(field: str) -> str:
    """The Chinese word for a field of an item.

    >>> word_of_field("min_dpi")
    '最低分辨率'
    """
    return _FIELDS.get(field, field)


def _proposed(field: str, value: object) -> str:
    return (
        f"约 {value:g} 字"
        if isinstance(value, float) and field.endswith(("exact", "approx"))
        else f"{_FIELDS.get(field, field)} {value:g}"
        if isinstance(value, float)
        else str(value)
    )


_FIELDS = {
    "formats": "格式", "count_min": "最少件数", "count_max": "最多件数", "min_width": "最小宽度", "min_height": "最小高度", "max_width": "最大宽度", "max_height": "最大高度",
    "min_long_side": "最短长边", "min_side_px": "最短边", "min_megapixels": "最低像素", "min_dpi": "最低分辨率", "min_mb": "最小文件", "max_mb": "最大文件",
    "caption_chars_min": "说明最少字数", "caption_chars_max": "说明最多字数", "caption_chars_exact": "说明字数", "words_min": "最少字数", "words_max": "最多字数", "words_approx": "字数",
    "duration_s_min": "最短时长", "duration_s_max": "最长时长", "stamp": "盖章", "scan": "扫描件", "signature": "签字", "naming": "命名",
}  # fmt: skip
"""Words for the fields of an item."""
_CHANNELS: dict[Channel, str] = {
    "email": "邮箱", "website": "网站或平台", "qq": "QQ 群", "qr": "扫码", "wechat": "微信", "cloud": "网盘", "usb": "U 盘或光盘", "hand": "当面送交", "paper": "邮寄或纸质", "unknown": "",
}  # fmt: skip
