"""Quantities with their bounds: 不少于800字, 2—5M, 长边不低于4000像素, 3分钟以内, 各1张, 300dpi.

`BEFORE`, `BEHIND` and `UNITS` are the data: one line a phrase.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Literal

import msgspec

from rules.tables.numbers import to_number

Family = Literal["chars", "pixels", "megapixels", "size", "dpi", "mb", "seconds", "count", "p"]
Bound = Literal["min", "max", "about", "soft-max", "exact"]

BEFORE: tuple[tuple[Bound, str, str], ...] = (
    ("min", r"(?:不接受|不接收|不收|谢绝)(?:低于|小于|少于)", "不接受低于2M的照片"),
    ("soft-max", r"(?:一般|原则上|建议|尽量|最好|宜)(?:应|要)?(?:控制在|不超过|不多于|不大于|不要超过|以)", "一般不超过2000字"),
    ("min", r"不(?:得|能|可|应|要)?(?:少于|小于|低于|短于)|不(?:得)?(?:少|小|低)于|至少(?:要?达到|有|提供|报送|推荐|推报|提交|上报|选送|组织)?|最少|最低|不下于|≥|>=|>|大于等于|(?<!不)(?<!不得)(?<!不能)(?<!勿)(?:大于|高于|多于|超过|超出|达到)|下限", "不少于800字"),
    ("max", r"不(?:得|能|可|应|要|许)?(?:超过|超出|多于|大于|高于|长于|超|逾)|限(?:报|投|送|交|制在|在|为|定|时长?)?|勿(?:超过|超出|超|多于)|最多(?:可(?:报送|提交|投稿|推荐|报|提供|上传)?|不超过|报|投稿)?|至多|不超|≤|<=|<|(?<!不)(?<!不得)(?:少于|小于|低于|短于)|(?:应|须|需|请)?控制在|上限|不高于", "不超过3张"),
    ("about", r"大约|约为|约|近", "约500字"),
)  # fmt: skip
"""Words right before the number."""

BEHIND: tuple[tuple[Bound, str, str], ...] = (
    ("min", r"(?:\([^)]{0,8}\))?(?:及|或|\()?(?:以上|更高|起)\)?|(?:及|或)更高", "1920×1080以上"),
    ("max", r"(?:\([^)]{0,8}\))?(?:及|或|之)?(?:以内|以下|之内|内(?!容)|封顶|为限)", "20字以内"),
    ("about", r"左右|上下|为宜|为佳|上下浮动", "50字左右"),
)
"""Words right behind the unit."""

UNITS: tuple[tuple[Family, str, float, str], ...] = (
    ("chars", r"万(?:个)?字(?!节)", 10_000, "1万字"),
    ("chars", r"千(?:个)?字(?!节)", 1_000, "2千字"),
    ("chars", r"(?:个)?(?:汉|中文)?字(?!节|幕|体|号|样|段|数|迹|画|〔|\[)(?:符)?", 1, "800字"),
    ("megapixels", r"万(?:像素|象素)", 0.01, "800万像素"),
    ("megapixels", r"(?:百万像素|MP(?![34A-Za-z]))", 1, "8MP"),
    ("dpi", r"(?:dpi|ppi|DPI|PPI|Dpi|dip|DIP|PI(?![A-Za-z])|像素/英寸|象素/英寸|点/英寸|像素每英寸)", 1, "300dpi"),
    ("pixels", r"(?:像素|象素|px|PX|Px|pixels?|pix)(?:点)?", 1, "3000像素"),
    ("mb", r"(?:[Kk][Bb]?(?![A-Za-z0-9])|千字节)", 1 / 1000, "300KB"),
    ("mb", r"(?:[Mm][Bb]?(?![A-Za-z0-9/²³])|兆(?:字节)?(?!帕|瓦))", 1, "5MB"),
    ("mb", r"[Gg][Bb]?(?![A-Za-z0-9+/]|网络|技术|时代|智慧|应用|基站|通信|手机|信号|赋能|产业)", 1024, "1G"),
    ("seconds", r"小时", 3600, "1小时"),
    ("seconds", r"(?:分钟|min(?:s|utes?)?(?![a-z])|分(?=\d{1,2}秒)|分(?=[,。;、)]|以内|之内|以上|左右|$))", 60, "5分钟"),
    ("seconds", r"(?:秒钟?|[sS](?:ec)?(?![A-Za-z0-9]))", 1, "30秒"),
    ("count", r"(?:张|幅|件|篇|个|份|部|条|段|组|套|首|项|例|则|支|本|副|封|名|人|款|枚|集|期)(?:[/(、](?:张|幅|件|篇|个|份|部|条|段|组|套|首|项|例|则|支)\)?)*", 1, "3张"),
)  # fmt: skip
"""Family, the unit, how many of the family's measure one is (characters, pixels, MB, seconds, pieces), an example."""

NOT_A_LIMIT = re.compile(
    r"奖金|奖励|\d元|万元|一等奖|二等奖|三等奖|优秀奖|入围奖|特等奖|奖项|名额|评选出?|评出|遴选|择优(?:评|选(?!送|报)|推(?!荐))|选出|[收招额]满|设(?:立|置)?[一二三特优]|一式[^、]{0,6}$"
)
"""Words in the same clause after which a number of pieces is no limit for what is sent: prizes, money, copies on paper."""
NOT_A_MEASURE = re.compile(
    r"码率|码流|比特率|bps|mm|毫米|厘米|cm|英寸|奖金|万元|(?:服务|志愿|工作|培训|学习|累计|总|实践|劳动|参与)[^,;。]{0,4}时[长间数]"
)
"""Words beside a number after which it is no limit of size, length or time: bit rates, paper, money, hours of service."""
_DIGITS = r"\d{1,3}(?:,\d{3}){1,3}(?=字)|\d{1,9}(?:\.\d{1,4})?"
_CN = r"[一二两三四五六七八九十百千]{1,8}(?:万)?|[半]"
_NUM = rf"(?:{_DIGITS}|{_CN})"
_UNIT = "|".join(f"(?P<u{n}>{pattern})" for n, (_, pattern, _, _) in enumerate(UNITS))
_UNIT_BARE = "|".join(pattern for _, pattern, _, _ in UNITS)
_BEFORE = "|".join(f"(?P<b{n}>{pattern})" for n, (_, pattern, _) in enumerate(BEFORE))
_BEHIND = "|".join(f"(?P<e{n}>{pattern})" for n, (_, pattern, _) in enumerate(BEHIND))
_AMOUNT = re.compile(
    rf"(?:(?P<before>{_BEFORE})[为在到:]?)?(?:约|一)?(?P<each>各|每)?"
    rf"(?<![\dA-Za-z.])(?P<n>{_NUM})(?P<wide>万(?!像素|象素|个?字))?(?:[ ]?(?P<unit1>张|幅|件|篇|个|份|部|条|分钟|分|秒|[KkMmGg][Bb]?|兆|[千万]?字|像素)?(?:以上|及以上)?(?P<dash>-+|至|到|或(?=[^秒分字]{1, 4}[张幅件篇个份]))(?:[^\S\n]*)(?P<max>不超过|最多)?(?P<m>{_NUM}))?[ ]?"
    rf"(?:{_UNIT})(?P<behind>{_BEHIND})?"
)
_SECONDS = re.compile(rf"(?P<n>\d{{1,2}})秒(?P<behind>{_BEHIND})?")
_SIDES = re.compile(
    rf"(?:(?P<before>{_BEFORE})[为在到:]?)?(?<![\d.])(?P<w>\d{{2,5}})(?P<uw>像素|px|PX)?(?:\((?:宽|长|高|横)\))?[ ]?[×xX*✕✖﹡＊╳][ ]?(?P<h>\d{{2,5}})(?:\((?:宽|长|高|竖)\))?"
    rf"(?P<unit>[ ]?(?:像素|象素|px|PX|Px|pixels?|dpi|DPI|P|p)?)(?![\d×xX*]|mm|毫米|厘米|cm|CM|MM|m(?![a-z]))(?P<behind>{_BEHIND})?"
)
_P = re.compile(
    rf"(?:(?P<before>{_BEFORE})[为在到:]?)?(?<![\d×xX*])(?P<p>480|540|576|720|1080|1440|2160)[ ]?[PpiI](?![A-Za-z])(?P<behind>{_BEHIND})?"
)
_LEAD = re.compile(
    rf"(?P<lead>最?长边|单边|最?短边|边长|宽度?|高度?|像素|象素|分辨率|字数)(?:[^\d,。;×〔\[]{{0,3}}?)(?:(?P<before>{_BEFORE})[为在到:]?)?[为在]?(?P<n>\d{{2,8}})(?P<wide>万)?(?:[-至到](?P<m>\d{{2,6}}))?"
    rf"(?![\d.,]*(?:{_UNIT_BARE})|[\d×xX*✕✖.年:]|mm|cm|毫米|厘米|米)(?P<behind>{_BEHIND})?"
)
"""Where the unit comes first: 像素不低于1000万, 长边3000以上, 分辨率300."""
_ABOUT = {"一两": (1.0, 2.0), "两三": (2.0, 3.0), "三四": (3.0, 4.0), "三五": (3.0, 5.0), "四五": (4.0, 5.0)}
"""Two numbers in a row: 一两张."""
_WIDTHS = {480: 854, 540: 960, 576: 720, 720: 1280, 1080: 1920, 1440: 2560, 2160: 3840}


class Amount(msgspec.Struct, frozen=True, kw_only=True):
    """One quantity in the text. Sizes have two numbers: `low` by `high` pixels."""

    family: Family
    start: int
    end: int
    low: float | None = None
    high: float | None = None
    bound: Bound = "exact"
    """exact: the bare number; with a range both `low` and `high` are set and bound is exact."""
    each: bool = False
    unit: str = ""
    lost: bool = False
    """The sign between the two numbers was lost and put back: 200500字."""


def amounts(text: str, start: int = 0, end: int | None = None) -> Iterator[Amount]:
    """Every quantity between two places of the text, in order of their kinds; prizes and money are left out.

    >>> [(a.family, a.low, a.high, a.bound) for a in amounts("不少于800字，2-5M，约50字，1024×768像素以上")]
    [('chars', 800.0, None, 'min'), ('mb', 2.0, 5.0, 'exact'), ('chars', 50.0, None, 'about'), ('size', 1024.0, 768.0, 'min')]
    """
    stop = len(text) if end is None else end
    last = start
    # 1024×768像素 is one size, not also 768 pixels; 5分30秒 one duration
    for one in sorted(
        [*_sides(text, start, stop), *_leading(text, start, stop), *_plain(text, start, stop)],
        key=lambda a: (a.start, -a.end),
    ):
        if one.start >= last:
            last = one.end
            yield one


def clause_around(text: str, start: int, end: int, first: int, last: int) -> str:
    """The words between the commas around a stretch."""
    begin = max([text.rfind(sign, first, start) for sign in ",。;\n"] + [first - 1]) + 1
    stops = [place for sign in ",。;\n" if (place := text.find(sign, end, last)) >= 0]
    return text[begin : min([*stops, last])]


def _plain(text: str, start: int, stop: int) -> Iterator[Amount]:
    for found in _AMOUNT.finditer(text, start, stop):
        number = next(n for n in range(len(UNITS)) if found[f"u{n}"])
        family, _, factor, _ = UNITS[number]
        low, high = _value(found["n"], found["wide"]), _value(found["m"], None)
        if low is None or _is_other(text, found, family, start, stop):
            continue
        lost = False
        if family == "chars" and high is None and len(found["n"]) in (6, 8) and found["n"].isdigit():
            half = len(found["n"]) // 2
            first, second = int(found["n"][:half]), int(found["n"][half:])
            if 0 < first < second:
                low, high, lost = float(first), float(second), True
        scale, first_scale = factor, factor
        if found["unit1"] and high is not None:
            first_scale = _scale(found["unit1"], family, factor)
        low = low * first_scale
        if family == "mb" and factor == 1 / 1000:
            low, high = round(low, 4), None if high is None else round(high * scale, 4)
        elif high is not None:
            high *= scale
        if family == "count" and high is None and text[found.start("n") - 1 : found.end("n")] in _ABOUT:
            low, high = _ABOUT[text[found.start("n") - 1 : found.end("n")]]
        bound, last = _bound(found), found.end()
        tail = _SECONDS.match(text, last, stop) if family == "seconds" and factor == 60 else None
        if tail:
            low, last = low + int(tail["n"]), tail.end()
            bound = bound if bound != "exact" else _bound(tail)
        if high is not None:
            bound = "exact"
        yield Amount(
            family=family,
            start=found.start(),
            end=last,
            low=low,
            high=high,
            bound=bound,
            each=bool(found["each"]),
            unit=found[f"u{number}"],
            lost=lost,
        )


def _is_other(text: str, found: re.Match[str], family: Family, start: int, stop: int) -> bool:
    """The number counts prizes, money, paper or bit rates."""
    if family == "count":
        return bool(NOT_A_LIMIT.search(clause_around(text, found.start("n"), found.end(), start, stop)))
    before = re.split(r"[,;。]", text[max(start, found.start() - 8) : found.start()])[-1]
    around = before + text[found.end() : min(stop, found.end() + 4)]
    return family != "dpi" and bool(NOT_A_MEASURE.search(around))


def _sides(text: str, start: int, stop: int) -> Iterator[Amount]:
    for found in _SIDES.finditer(text, start, stop):
        yield Amount(
            family="size", start=found.start(), end=found.end(), low=float(found["w"]), high=float(found["h"]),
            bound=_bound(found), unit=found["unit"].strip(),
        )  # fmt: skip
    for found in _P.finditer(text, start, stop):
        lines = int(found["p"])
        yield Amount(
            family="p", start=found.start(), end=found.end(), low=float(_WIDTHS[lines]), high=float(lines), bound=_bound(found), unit="P"
        )  # fmt: skip


def _leading(text: str, start: int, stop: int) -> Iterator[Amount]:
    for found in _LEAD.finditer(text, start, stop):
        low, high = float(found["n"]), float(found["m"]) if found["m"] else None
        family: Family = "pixels"
        if found["lead"] == "字数":
            family, low = "chars", low * (10_000 if found["wide"] else 1)
        elif found["wide"]:
            family, low = "megapixels", low / 100
        elif (found["lead"] == "分辨率" and low <= 1200) or (
            found["lead"] in ("像素", "象素") and low in (72, 150, 200, 300, 350, 600)
        ):
            family = "dpi"
        bound = "exact" if high is not None else _bound(found)
        yield Amount(family=family, start=found.start("n"), end=found.end(), low=low, high=high, bound=bound)


def _bound(found: re.Match[str]) -> Bound:
    said = found.groupdict()
    for number, (bound, _, _) in enumerate(BEFORE):
        if said.get(f"b{number}"):
            behind = next((b for n, (b, _, _) in enumerate(BEHIND) if said.get(f"e{n}")), None)
            return behind if behind == "about" or (bound == "about" and behind in ("min", "max")) else bound
    for number, (bound, _, _) in enumerate(BEHIND):
        if said.get(f"e{number}"):
            return bound
    return "exact"


def _scale(unit: str, family: Family, factor: float) -> float:
    """What the unit behind the first number of a range is worth: 30秒-5分钟, 500K-2M."""
    for other, pattern, value, _ in UNITS:
        if other == family and re.fullmatch(pattern, unit):
            return value
    return 60 if family == "seconds" and unit == "分" else factor


def _value(text: str | None, wide: str | None) -> float | None:
    if not text:
        return None
    if text == "半":
        return 0.5
    number = to_number(text)
    if number is None:
        return None
    return number.value * (10_000 if wide else 1)
