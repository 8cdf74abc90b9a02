"""Small phrases of letters: dates, sizes, names of files, made harmless. Pure; the clock is an argument."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from datetime import datetime, timedelta, tzinfo

from rules.notice import Contact, Notice

NAME = 120
"""Characters of a file name that are shown."""
SENTENCE = 600
_WEEKDAYS = "一二三四五六日"
_MOST_NAMES = 12
_INVISIBLE = ("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp")
"""Unicode categories: controls, direction marks and zero widths, surrogates, private use, unassigned, separators."""


def clean(text: str, limit: int = SENTENCE) -> str:
    """One harmless line: no line breaks, controls, direction marks or half characters; not clickable; not endless.

    What looks like an encoded word (RFC 2047) is broken up too: the library would decode it when a header is
    set, line breaks included.

    >>> clean("报告\\u202egpj.exe\\r\\nBcc: x@y.example")
    '报告gpj.exe Bcc: x@y.example'
    >>> clean("=?utf-8?q?a=0D=0ABcc:_x@y.example?=")
    '= ?utf-8?q?a=0D=0ABcc:_x@y.example?='
    """
    kept = "".join(
        " " if c.isspace() else "" if unicodedata.category(c) in _INVISIBLE else c for c in text[: limit * 4]
    )
    line = re.sub(r" {2,}", " ", kept).strip().replace("://", "：//").replace("=?", "= ?")
    if len(line) <= limit:
        return line
    tail = limit // 3
    return f"{line[: limit - tail - 1]}…{line[-tail:] if tail else ''}"


def day(moment: datetime, tz: tzinfo) -> str:
    """A date for people, like 2022年10月12日（星期三）, in the office's time zone."""
    local = moment.astimezone(tz)
    return f"{local.year}年{local.month}月{local.day}日（星期{_WEEKDAYS[local.weekday()]}）"


def minute(moment: datetime, tz: tzinfo) -> str:
    """A time for people, like 10月8日09:12, in the office's time zone."""
    local = moment.astimezone(tz)
    return f"{local.month}月{local.day}日{local:%H:%M}"


def last_day(deadline: datetime, tz: tzinfo) -> datetime:
    """The deadline in the office's zone; midnight belongs to the day that ends."""
    return (deadline - timedelta(microseconds=1)).astimezone(tz)


def days_left(deadline: datetime, now: datetime, tz: tzinfo) -> int:
    """Calendar days from today to the last day; 0 is today, negative after it."""
    return (last_day(deadline, tz).date() - now.astimezone(tz).date()).days


def until(deadline: datetime, now: datetime, tz: tzinfo) -> str:
    """By when, as a sentence says it: 10月12日前（含当日）, 10月12日17:00前, 今天内."""
    end = last_day(deadline, tz)
    today = days_left(deadline, now, tz) == 0
    date = "今天" if today else f"{end.month}月{end.day}日"
    if not _whole_day(end):
        return f"{date}{deadline.astimezone(tz):%H:%M}前"
    return "今天内" if today else f"{date}前（含当日）"


def _whole_day(end: datetime) -> bool:
    return (end + timedelta(minutes=1)).date() > end.date()


def deadline_words(deadline: datetime, now: datetime, tz: tzinfo, *, done: bool = False) -> str:
    """The deadline, and unless everything is in, how much time is left."""
    end = last_day(deadline, tz)
    hour = "" if _whole_day(end) else f"{deadline.astimezone(tz):%H:%M}"
    words = f"{day(end, tz)}{hour}"
    if done:
        return words
    left = days_left(deadline, now, tz)
    if now > deadline:
        return f"{words}，已过截止时间{f' {-left} 天' if left else ''}"
    return f"{words}，{f'还有 {left} 天' if left else '今天截止'}"


def title(notice: Notice) -> str:
    """《title》（number), as offices cite a notice."""
    name = clean(notice.title)
    cited = name if "《" in name else f"《{name}》"
    return f"{cited}（{clean(notice.number)}）" if notice.number else cited


def contact_words(contact: Contact, phone: str) -> tuple[str, ...]:
    """Whom to ring up; the office's own phone stands in when the notice names none."""
    parts = [
        f"联系人：{clean(contact.name)}" if contact.name else "",
        f"电话：{clean(contact.phone or phone)}" if contact.phone or phone else "",
        f"传真：{clean(contact.fax)}" if contact.fax else "",
    ]
    return tuple(part for part in parts if part)


def names(files: Iterable[str]) -> str:
    """File names in one line; a long list is cut with its count."""
    cleaned = list(dict.fromkeys(clean(name, NAME) for name in files))
    if len(cleaned) <= _MOST_NAMES:
        return "、".join(cleaned)
    return f"{'、'.join(cleaned[:_MOST_NAMES])} 等 {len(cleaned)} 个文件"


def size_words(size: int) -> str:
    """Bytes as people read them; a link has no size.

    >>> size_words(0), size_words(900), size_words(412_345), size_words(3_500_000)
    ('—', '900 字节', '403 KB', '3.3 MB')
    """
    if not size:
        return "—"
    if size < 1024:
        return f"{size} 字节"
    return f"{size / 1024:.0f} KB" if size < 1024 * 1024 else f"{size / 1024 / 1024:.1f} MB"
