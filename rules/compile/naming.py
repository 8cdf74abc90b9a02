"""Names that files, folders and mails must bear: 命名为“单位+姓名+题目”, 邮件主题注明“…”."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Literal

import msgspec

_OPEN, _CLOSE = "“\"'‘《【[", "”\"'’》】]"
_IN_QUOTES = r"(?:[“\"'‘《【\[])(?P<q>(?<=“)[^“”\n]{2,60}(?=”)|(?<=[\"'‘《【\[])[^“”\"'‘’《》】\]\n]{2,60}(?=[\"'’》】\]]))[”\"'’》】\]]"
_CHAIN = r"(?P<c>(?![\u4e00-\u9fa5]{0,4}[照按以为]“)(?:(?:【[^【】\n]{1,20}】)?\(?[\u4e00-\u9fa5A-Za-z0-9、/“”《》()]{1,24}\)?|【[^【】\n]{1,20}】)(?:[+＋_\-]+(?:[\u4e00-\u9fa5A-Za-z0-9、/“”《》]{1,16}(?:\([^()]{1,14}\))?))+)"
_EITHER = rf"(?:(?!【[^【】\n]{{1,20}}】[+＋\u4e00-\u9fa5]{{2}}|“[^“”\n]{{1,20}}”[+＋]){_IN_QUOTES}|{_CHAIN})"
"""A name in quotation marks, or parts joined by plus signs; 【投稿】+姓名 is the second."""

RULES: tuple[tuple[Literal["file", "mail", "unclear"], str, str], ...] = (
    (
        "mail",
        rf"邮件(?:名|主题|标题)?(?:及|和|与|、)(?:附件|压缩包|文件)(?:名)?[^“\"。;+]{{0,6}}(?:命名为|为|:){_EITHER}",
        "邮件及附件均命名为“X”",
    ),
    ("mail", rf"邮件[^,。;“]{{0,4}}以{_IN_QUOTES}为(?:邮件)?(?:主题|标题)", "邮件以“X”为主题"),
    (
        "mail",
        rf"(?:邮件|邮箱|电子邮件)(?:的)?(?:主题|标题|名称|名|题目|主旨|备注)(?:栏|处|及(?:文件|附件|压缩包|文档|作品)(?:名称|名|包)?)?[^“\"。;]{{0,14}}?(?:注明|标注|标明|写明|注|写|为|:|命名为|格式|以|按|请|填写)[^“\"。;]{{0,8}}?{_EITHER}",
        "邮件主题注明“X”",
    ),
    ("mail", rf"邮件[^,。;“]{{0,12}}(?:标注|注明|标明|写明){_IN_QUOTES}", "邮件投稿请标注“X”"),
    ("mail", rf"邮件[^,。;“]{{0,4}}以{_EITHER}(?:的?(?:格式|形式|方式))?(?:进行)?(?:命名|为名)", "邮件以“X”命名"),
    ("mail", rf"以{_IN_QUOTES}(?:为题|为名)?命名(?:的)?邮件", "以“X”命名邮件"),
    ("mail", rf"投稿(?:标题|主题)[^“\"。;]{{0,6}}?[:为]{_EITHER}", "投稿标题：X"),
    (
        "mail",
        rf"(?:[“\"]?(?:主题|标题)[”\"]栏|主题栏?|标题栏)(?:处|中|里)?(?:统一)?(?:请)?(?:注明|标注|标明|写明|命名为|格式为){_EITHER}",
        "主题注明“X”",
    ),
    ("mail", rf"以{_IN_QUOTES}为(?:邮件|邮箱)(?:主题|标题|题|名)", "以“X”为邮件主题"),
    (
        "mail",
        rf"邮件(?:名称?|主题|标题)?(?:[及和与、][^,。;“]{{1,8}}?)?(?:统一)?命名(?:格式|方式|形式|原则|规则)?(?:为|:|(?=[“\"])){_EITHER}",
        "邮件命名：X",
    ),
    (
        "file",
        rf"(?:按照?|以(?![上下内外及])){_EITHER}(?:的?(?:格式|方式|形式|名称))?(?:统一)?(?:打包|压缩|整理)",
        "按“X”打包",
    ),
    ("file", rf"(?:压缩|打包)(?:后|并)?(?:统一)?(?:署名|标注|注明)(?:为)?{_EITHER}", "压缩后署名“X”"),
    (
        "file",
        rf"(?:(?<!已)(?<!被)命名|取名|重命名)[^“\"。;+]{{0,16}}?(?:为|:|以|按照?|是|即|如|(?=[“\"]))[^“\"。;+]{{0,4}}?{_EITHER}",
        "统一命名为“X”",
    ),
    (
        "file",
        rf"(?:以(?![上下内外及])|用|按照?|采用)(?:文件名)?[:]?{_EITHER}[^,。;]{{0,8}}?(?:的?(?:格式|方式|形式|规则|样式|要求)?(?:统一)?(?:进行|来|予以)?(?:命名|署名|作为[^,。;]{{0,6}}名|(?<!作)为[^,。;]{{0,6}}名))",
        "以“X”命名",
    ),
    (
        "file",
        rf"(?:文件|文件夹|压缩包|压缩文件|文档|图片|照片|作品|视频|附件|打包|word|电子版)(?:的)?(?:名称|名|命名|标题|文件名)(?:格式|方式|统一)?(?:请)?(?:为|:|须|应|以|注明|标注|标明|写明|按|格式|如){{1,3}}{_EITHER}",
        "文件名：X",
    ),
    (
        "file",
        r"(?:保存|存储|另存|存)为[“《](?P<q>[^“”《》。\n]{2,40})\.(?:jpe?g|png|docx?|pdf|mp4)[”》](?P<c>(?!))?",
        "保存为“X.jpg”",
    ),
    ("file", rf"(?:文件|作品|图片|照片)名(?:称)?[^,。;《“]{{0,6}}由{_EITHER}(?:等)?组成", "文件名由“X”组成"),
    (
        "file",
        rf"(?:压缩(?:包|文件)|文件夹|文件|图片|照片|作品)上?(?:需|请|应|须)?[^,。;“]{{0,6}}(?:注明|标注|标明|写明){_EITHER}",
        "压缩包上注明“X”",
    ),
    ("file", rf"(?:命名|文件名)[^,。;]{{0,10}}?(?:格式|规则|方式|要求|形式)?(?:为|:|是){_EITHER}", "命名格式：X"),
    ("file", rf"(?:电子版|电子稿|扫描件|表|文件|文档)\((?:文件|命名)?格式(?:为|:){_EITHER}\)", "电子版（格式：X）"),
    ("file", rf"(?:视频|作品|文件|照片)[^,。;“]{{0,6}}以{_IN_QUOTES}为(?:标题|名称|题)", "视频以“X”为标题"),
    (
        "unclear",
        rf"(?:并|请|须|需|邮件中?|[,。;])[^,。;“]{{0,6}}(?:注明|标注|标明)(?:为|:)?{_IN_QUOTES}(?:字样)?",
        "并注明“X”",
    ),
    (
        "unclear",
        rf"(?<!活动)(?<!大赛)(?<!比赛)(?<!征文)(?<!征集)(?<!宣传)(?<!年度)(?<!本次)(?:标题|主题)(?:格式)?[:为]{_EITHER}",
        "（标题：X）",
    ),
    (
        "mail",
        rf"投稿(?:时|邮件|人)?(?:请|须|需)?(?:注明|标注|备注):?{_CHAIN}(?P<q>(?!))?",
        "投稿时请注明：X",
    ),
    (
        "mail",
        r"邮件(?:的)?(?:主题|标题|名称|名)(?:栏|处)?(?:(?:请|须|需|应|统一)?(?:注明|标注|标明|写明|填写|为):?|:)(?:(?P<q>(?!))|(?P<c>[\u4e00-\u9fa5A-Za-z0-9、]{4,30}))(?=[),。;\n]|$)",
        "邮件名称标明：X",
    ),
    (
        "unclear",
        r"(?:主题|标题)(?:栏|处)?(?:请|须|需|应)?(?:注明|标注|标明|写明):?(?:(?P<q>(?!))|(?P<c>[\u4e00-\u9fa5A-Za-z0-9]{3,20}))(?=[),。;\n]|$)",
        "主题注明：摄影投稿",
    ),
)
"""What the name is for, the phrase, an example."""
_COMPILED = tuple((what, re.compile(pattern, re.IGNORECASE)) for what, pattern, _ in RULES)


class Naming(msgspec.Struct, frozen=True, kw_only=True):
    """A pattern with its place; `what` is the file or the mail's subject."""

    what: Literal["file", "mail"]
    pattern: str
    start: int
    end: int
    both: bool = False
    """The same pattern is asked for file and subject."""


def namings(text: str, start: int, end: int) -> Iterator[Naming]:
    """Naming patterns between two places of the text.

    >>> [(n.what, n.pattern) for n in namings("邮件主题注明“摄影大赛”，照片以“姓名+题目”命名", 0, 40)]
    [('mail', '摄影大赛'), ('file', '姓名+题目')]
    """
    taken: list[tuple[int, int]] = []
    found: list[Naming] = []
    for what, pattern in _COMPILED:
        for match in pattern.finditer(text, start, end):
            group = "q" if match["q"] else "c"
            span = match.span(group)
            if any(a < span[1] and span[0] < b for a, b in taken):
                continue
            words = _clean(match[group] + _run_on(text, match.end(), end) if group == "q" else match[group])
            if what != "mail" and _ON_THE_WORK.search(text, max(start, match.start() - 12), span[0]):
                continue
            if what == "unclear" and not re.search(r"邮件|邮箱|@|发送|发至|投稿", text[start:end]):
                continue
            if not words or (re.search(r"通知|大赛$", words) and group == "q" and what == "file"):
                continue
            if (
                what == "mail"
                and "命名" not in match[0]
                and group == "q"
                and re.search(r"文件名|压缩包名", text[max(start, match.start() - 12) : match.start()])
            ):
                continue
            taken.append(span)
            head = text[max(start, match.start() - 6) : span[0]]
            both = bool(
                re.search(
                    r"邮件(?:名|主题|标题)?(?:及|和|与|、)(?:文件|附件|压缩包)|(?:主题|标题)[^,]{0,3}(?:及|和|与|、)[^,]{0,4}(?:文件|附件|压缩包|文档|作品)|(?:文件|附件|压缩包|文档)(?:名称?)?(?:及|和|与|、)邮件",
                    head,
                )
            )
            found.append(
                Naming(
                    what="file" if what == "file" else "mail",
                    pattern=words,
                    start=match.start(),
                    end=match.end(),
                    both=both,
                )
            )
    yield from sorted(found, key=lambda one: one.start)


_ON_THE_WORK = re.compile(r"背面|信封|右[上下]角|左[上下]角|画面|片头|片尾|封面|首页|扉页|页眉")
"""Where words are written on the work itself: they name no file."""
_RUN_ON = re.compile(r"[\u4e00-\u9fa5]{0,4}(?:作品|稿件|投稿|征文|应征稿)(?=[,。;)\n]|$)")


def _run_on(text: str, place: int, end: int) -> str:
    """注明“家风”征文作品: the words behind the quotation belong to the name."""
    found = _RUN_ON.match(text, place, end)
    return found[0] if found else ""


def _clean(words: str) -> str:
    words = re.sub(r"^(?:的|为|以|按照?|请|统一|格式|:|注明|标注|标明|写明|写|命名)+[“\"]?", "", words.strip())
    words = re.sub(r"(?:的?(?:格式|形式|样式|字样|命名|进行)|的方式)+$", "", words)
    if words.count("“") != words.count("”"):
        words = words.replace("“", "").replace("”", "")
    whole = not re.fullmatch(r"“[^“”]*”[^“”].*|.*[^“”]“[^“”]*”", words)  # “时间”+“事件”+拍摄者 keeps its marks
    return words.strip("“”\"'" if whole else "\"'")
