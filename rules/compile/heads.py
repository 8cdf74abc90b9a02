"""Title, document number, issuer and addressees of a notice, and the year of dates that have none."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

import msgspec

from rules.compile.dates import Day, days
from rules.compile.hosts import before_title, host, issuer_of_title
from rules.compile.outline import Sentence
from rules.compile.page import Page
from rules.compile.signature import Row, rows_of, signature_of

NOUNS_OF_NOTICES = (
    "通知",
    "通告",
    "公告",
    "启事",
    "的函",
    "方案",
    "倡议书",
    "征稿函",
    "征集令",
    "邀请函",
    "事项说明",
    "办法",
    "细则",
    "规程",
    "章程",
    "启示",
    "通报",
    "的预通知",
    "征稿",
    "征集",
    "征文",
    "大赛",
)
"""Words a title ends with."""


_NUMBER = re.compile(r"[\u4e00-\u9fa5]{1,14}[(\[〔【]\s?(?P<year>(?:19|20)\d{2})\s?[)\]〕】](?:第)?\s?\d{1,5}号?")


_TITLE_BREAK = re.compile(r"(关于|转发|举办|开展|征集|组织|报送|做好)")


_ADDRESSED = re.compile(
    r"^(?:各|全|市直|省直|区直|县直|校内|院属|有关|相关|尊敬|亲爱|广大|机关|局属|委属|所属|校属|直属|驻|在|本|市各|区各|致|在职|[\u4e00-\u9fa5]{2,12}(?:各|局|委|处|协会|学会|公司|单位|学院|支部|同学|老师|会员|企业|部门|学校|中心|会|区))"
)


_ADDRESS_TAIL = re.compile(
    r"(?:单位|部门|同学|老师|教师|师生|员工|会员|企业|学校|学院|支部|公司|局|委|办|协会|学会|工会|科协|团委|政府|中心|朋友|同志|同仁|作者|爱好者|会|处|室|组|院|校|区|县|市|社|所|厅|部|科|站|队|馆|家长|院系|班级|团队|机构|高校|政府|街道|村|镇|家|者|人|员|们|台|司|园|户)(?:\([^)]*\))?$"
)


class Head(msgspec.Struct, frozen=True, kw_only=True):
    """What stands at the top and the bottom of a notice; empty where nothing was found."""

    title: str = ""
    number: str = ""
    issuer: str = ""
    addressees: tuple[str, ...] = ()
    signed: Day | None = None
    year: int | None = None
    year_from: str = ""
    """落款, 文号, 发布日期, 标题, 正文: where the year of dates without one comes from."""


def head(page: Page, lines: Sequence[Sentence]) -> Head:
    """Title, number, issuer, addressees, date of signature."""
    rows = [row for row in rows_of(page.text) if row[2]]
    title, title_row = _title(rows)
    own = [_NUMBER.fullmatch(line.strip("()")) for _, _, line in rows[:8]]
    number = next((found for found in own if found), None)
    cited = number or _NUMBER.search(page.text[:1500])
    addressees = _addressees(page, rows)
    signed, signer = signature_of(page, rows)
    year, source = _year(page, signed, cited, title, rows)
    opening = rows[0][2] if rows and len(rows[0][2]) <= 60 else ""
    issuer = (
        signer
        or issuer_of_title(title or opening)
        or host(page.text)
        or before_title(rows, title_row, number is not None)
    )
    return Head(
        title=_in_full(title),
        number=number[0] if number and len(number[0]) < 30 else "",
        issuer=issuer,
        addressees=tuple(addressees),
        signed=signed,
        year=year,
        year_from=source,
    )


def _title(rows: Sequence[Row]) -> tuple[str, int]:
    """The first line that ends like a title; a title over two lines is put together."""
    for at, (_, _, line) in enumerate(rows[:12]):
        if len(line) > 90 or re.search(r"[。;]|:$", line) or (_ADDRESSED.match(line) and line.endswith(":")):
            continue
        words = re.sub(r"^[-\s\d年月日:/]*(?:发布|来源)[^\u4e00-\u9fa5]*$", "", line)
        bare = re.sub(r"\([^)]*\)$|[\"”]$", "", words)
        above = rows[at - 1][2] if at else ""
        if (
            2 < len(bare) <= 6 < len(above) < 50
            and not re.search(r"[。:,;@]|^\d|来源|发布", above)
            and any(map(bare.endswith, NOUNS_OF_NOTICES))
        ):
            return above + line, at - 1  # 征集方案 on a line of its own
        if any(bare.endswith(noun) for noun in NOUNS_OF_NOTICES) and len(bare) > 6:
            before = rows[at - 1][2] if at else ""
            if (
                "关于" not in line
                and before
                and len(before) < 40
                and _TITLE_BREAK.search(before)
                and not re.search(r"[。:]", before)
            ):
                return before + line, at - 1
            return line, at
    return "", -1


def _addressees(page: Page, rows: Sequence[Row]) -> list[str]:
    """The line up to a colon at the top; several kinds of units are told apart by commas."""
    for start, _, line in rows[:10]:
        body = line
        found = re.match(r"^([^。;:]{2,160}):", body)
        if not found:
            continue
        words = found[1]
        if len(line) > len(found[0]) + 2 and not re.match(r"为|根据|按照|近日|现|经|由|在|今年", line[len(found[0]) :]):
            continue
        if re.match(r"[一二三四五六七八九十]、|\(|\d|附件|时间|来源|作者|发布|联系|邮箱|电话", words):
            continue
        parts = list(_outside(words))
        if _ADDRESSED.match(words) or all(_ADDRESS_TAIL.search(part) for part in parts):
            if re.search(
                r"如下|^(?:主办|承办|协办|指导|支持)|通知$|公告$|事项|要求|内容|主题|设置|面向|类别|分为", words
            ):
                continue
            place = start
            said = []
            for part in parts:
                at = page.text.find(part, place)
                said.append(page.quote(at, at + len(part)) if at >= 0 else part)
            return [" ".join(one.split()) if re.search(r"[A-Za-z]", one) else re.sub(r"\s+", "", one) for one in said]
    return []


def _outside(words: str) -> Iterator[str]:
    """Parts between commas that stand outside brackets."""
    depth, begin = 0, 0
    for place, sign in enumerate(words):
        depth += (sign == "(") - (sign == ")")
        if sign in ",;" and depth <= 0:
            if words[begin:place]:
                yield words[begin:place]
            begin = place + 1
    if words[begin:]:
        yield words[begin:]


def _year(
    page: Page, signed: Day | None, number: re.Match[str] | None, title: str, rows: Sequence[Row]
) -> tuple[int | None, str]:
    """The year for dates that have none, and where it comes from."""
    if signed is not None and signed.year:
        return signed.year, "落款"
    month = re.search(r"\n[^\n]{0,30}?((?:19|20)\d{2})年\d{1,2}月\n?$", page.text)
    if month:
        return int(month[1]), "落款"
    for start, end, line in rows[:8]:
        if len(line) < 60:
            for day in days(page.text, start, end):
                if day.year:
                    return day.year, "发布日期"
    if number:
        return int(number["year"]), "文号"
    said = re.search(r"(20\d{2})年?", title)
    if said:
        return int(said[1]), "标题"
    years = re.findall(r"(20\d{2})(?=年|届)", page.text)
    if years:
        return int(max(set(years), key=lambda year: (years.count(year), year))), "正文"
    return None, ""


def _of_signed_month(day: Day, head: Head) -> Day:
    """25日前: of the month of the signature, or the next when that day was over by then."""
    signed = head.signed
    if signed is None or not signed.year:
        return day
    year, month = signed.year, signed.month
    if day.day < signed.day:
        year, month = (year + 1, 1) if month == 12 else (year, month + 1)
    return msgspec.structs.replace(day, year=year, month=month, inferred=(*day.inferred, "year"))


def _in_full(title: str) -> str:
    return re.sub(r"^[-\s]+", "", title)


def with_year(day: Day, head: Head, earlier: int | None = None) -> Day:
    """The day with a year: one said just before in the sentence, else that of the notice; a month that is over by then is next year's."""
    if day.month == 0:
        return _of_signed_month(day, head)
    if day.year is not None:
        return day
    year = earlier or head.year
    if year is None:
        return day
    signed = head.signed
    if earlier is None and signed is not None and signed.year == year and signed.month - day.month > 6:
        year += 1
    return msgspec.structs.replace(day, year=year, inferred=(*day.inferred, "year"))
