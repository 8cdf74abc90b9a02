"""What the words beside a cloud link tell: name, size and end of validity, in every form that webmail writes. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta, timezone
from urllib.parse import parse_qs, unquote, urlsplit

from intake.mail.names import base_name
from rules.kinds import told_suffix

BEIJING = timezone(timedelta(hours=8))
"""The clock of every Chinese mail service."""
PHRASE = re.compile(r"超大附件|云附件|中转站|文件快递|网盘附件|大文件附件")
URL = re.compile(r"https?://[^\s<>\"'（）()，。；、！\u3000-\u303f\uff00-\uffef\u4e00-\u9fff]{4,2000}", re.IGNORECASE)
BUTTON = re.compile(
    r"[\s\[\]【】>》]*(?:(?:进入|点击|立即|打开|前往|直接|普通|极速|此处|这里)*(?:下载|查看|预览|打开|转存|收藏|另存|保存)(?:页面|到微云|到网盘|文件|附件|地址|链接)*"
    r"|download|open|preview|链接|https?://\S*)[\s:：>》]*$",
    re.IGNORECASE,
)
_SIZE = re.compile(
    r"(?<![\w.,])(\d{1,3}(?:[,，]\d{3}){1,4}(?:\.\d{1,3})?|\d{1,12}(?:\.\d{1,3})?)\s*(bytes?|字节|[KMGT]i?B?|B|兆)(?![A-Za-z])",
    re.IGNORECASE,
)
_UNITS = {"b": 0, "字": 0, "k": 1, "m": 2, "兆": 2, "g": 3, "t": 4}
_CLOCK = r"(?:\s*[T\s]?\s*(\d{1,2})[:：时](\d{1,2})(?:[:：](\d{1,2}))?)?"
_DATE = re.compile(rf"(20\d\d)\s*[-年/.]\s*(\d{{1,2}})\s*[-月/.]\s*(\d{{1,2}})\s*日?{_CLOCK}")
_YEARLESS = re.compile(rf"(?<![\d年./-])(\d{{1,2}})月(\d{{1,2}})日{_CLOCK}")
_SPAN = re.compile(
    r"(?:有效期|有效时间|保存|保留|有效|剩余)\s*(?:期限)?\s*[:：为至]?\s*(\d{1,3})\s*(天|日|小时)(?!\s*\d)"
    r"|(\d{1,3})\s*(天|日|小时)(?:之?[后内])?\s*(?:自动)?(?:到期|过期|失效|有效|内有效)"
)
_EXPIRY = re.compile(r"到期|过期|失效|有效(?=[期时至到]|[^\u4e00-\u9fff]|$)|截止|expire", re.IGNORECASE)
_BEGUN = re.compile(r"上传|发送|创建|发件|日期")
"""A date beside these words is when the file was put there."""
_SUFFIXED = r"[^:：<>\"“”|\t/]{0,150}?\.[A-Za-z0-9]{1,8}"
_NAMED = re.compile(rf"(?:^|[\s:：>】])([^\s:：<>()（）|]{_SUFFIXED})\s*[（(\t ]\s*\d")
_FILE = re.compile(r"([^\s:：<>()（）\"'“”|/][^:：<>\"“”|\t/]{0,150}?\.[A-Za-z][A-Za-z0-9]{1,7})(?![A-Za-z0-9_./])")
_ALONE = re.compile(
    r"[\s\d、.*·●■\-]*(?:[^:：。，；]{0,16}[:：]\s*)?[“\"《]?([^\s:：<>\"“”|，。；！？][^:：<>\"“”|\t，。；！？]{0,150}?\.[A-Za-z][A-Za-z0-9]{1,7})"
    r"[”\"》]?(?:\s*[（(\[\t ].*)?"
)
"""A line that holds hardly more than a file's name."""
_GLUED = re.compile(
    r"(\.(?:mp4|mp3|7z|m4[av]|3gp|[a-z]{2,4}x?))(?=\d[\d.,]*\s*(?:[KMGT]i?B?|bytes?)(?![A-Za-z]))", re.IGNORECASE
)
_LEAD = re.compile(r"^.{0,20}?(?:来自中转站|超大附件|云附件|文件快递|中转站)[】\])）]?\s*[:：]?\s*")
_CODE = re.compile(r"(?:提取码|访问码|密码|口令)\s*[:：]?\s*([A-Za-z0-9]{4,8})(?![A-Za-z0-9])")
_SHARED = re.compile(r"分享的文件[:：]?\s*([^\s].{0,150}?)\s*(?:链接|$)|分享了?\s*「([^「」]{1,150})」")
_LABEL = re.compile(
    r"[\s\d、.．()（）]*([^\s:：，。；！？]{2,40}?)(?:下载|分享|网盘|云盘|百度|夸克|阿里|天翼|的|链接|地址|网址|如下)*\s*[:：]\s*"
    r"(?:[（(]?(?:提取码|访问码|密码|口令).*)?"
)
"""What a bare address is said to be: 活动视频：https://…"""
_NO_LABEL = re.compile(
    r"(?:下载|分享|网盘|云盘|百度|夸克|阿里|天翼|链接|地址|网址|复制"
    r"|打开|文件|附件|超大|云|中转站|快递|[A-Za-z ])+"
)
_ENCLOSED = re.compile(r"见附件|附后|随附|已附")
_ORDINAL = re.compile(r"^\d{1,2}、\s*")
_QUERY_NAMES = ("title", "filename", "file_name", "fname", "name")
_ESCAPED = re.compile(r"%[0-9A-Fa-f]{2}")


def apart(text: str, labels: Iterable[str] = ()) -> str:
    """A line without addresses, and with a blank after each name that runs into its size: 宣传片.mp480M.

    `labels`: texts of its links.
    """
    text = URL.sub(" ", text)
    for label in labels:
        if told_suffix(label.rpartition(".")[2]):
            text = text.replace(label, f"{label} ", 1)
    return _GLUED.sub(r"\1 ", text)


def names_file(text: str) -> str:
    """The file that a line is about, when it holds hardly more than that name; else ""."""
    match = None if _ENCLOSED.search(text) else _ALONE.fullmatch(text.strip())
    return match[1] if match and told_suffix(match[1].rpartition(".")[2]) else ""


def speaks_of_file(text: str) -> bool:
    """True when a file's name stands anywhere in the line."""
    return any(told_suffix(match[1].rpartition(".")[2]) for match in _FILE.finditer(text))


def label_of(text: str) -> str:
    """What a line of words and an address says the address is, "" when it says nothing.

    >>> label_of("2. 活动视频链接： 提取码：x1y2"), label_of("链接：")
    ('活动视频', '')
    """
    match = _LABEL.fullmatch(text.strip())
    none = match is None or _NO_LABEL.fullmatch(match[1]) or BUTTON.fullmatch(match[0])
    return "" if match is None or none else match[1]


def names_in(context: list[str]) -> Iterator[str]:
    """Names that the words about a link give it, likeliest first; the first line is the link's own."""
    for pattern, lines in ((_NAMED, context), (_SHARED, context), (_FILE, context[:1])):
        for text in lines:
            match = pattern.search(text)
            if match and not _ENCLOSED.search(text):
                yield _ORDINAL.sub("", next(filter(None, match.groups()), ""))
    yield from filter(None, (*map(names_file, context[1:]), label_of(context[0])))


def names_in_address(url: str) -> Iterator[str]:
    """Names that stand in the address itself: `title=…`, or its last step."""
    try:
        parts = urlsplit(url)
        query = parse_qs(parts.query, max_num_fields=100)
    except ValueError:
        return
    for name in (*(value for key in _QUERY_NAMES for value in query.get(key, ())), unquote(parts.path)):
        if told_suffix(name.rpartition(".")[2]) and "\ufffd" not in name:
            yield name


def tidy(name: str) -> str:
    """A name as it is shown: no path, no escapes, no words of the provider before it."""
    plain = unquote(name) if _ESCAPED.search(name) else name
    plain = _LEAD.sub("", name if "\ufffd" in plain else plain)
    if told_suffix(plain.rpartition(".")[2]):
        plain = base_name(plain)
    opened = max(plain.rfind("（"), plain.rfind("("))
    if opened >= 0 and not re.search(r"[）)]", plain[opened:]):
        plain = plain[opened + 1 :]  # 宣传片（视频.mp4
    return base_name(plain) if not re.search(r"[\\/]", plain) else plain.strip()


def without_size(name: str) -> str:
    """A label such as `视频(12.5MB)` without what is no name."""
    return re.split(r"[（(]", name)[0].strip() or name if _SIZE.search(name) and re.search(r"[（(]", name) else name


def code_in(context: Iterable[str]) -> str:
    """The word that opens a net disk (提取码), "" when none is told."""
    return next((match[1] for text in context for match in (_CODE.search(text),) if match), "")


def size_words(text: str) -> str:
    """The first size in a text as it is written, "" when there is none."""
    match = _SIZE.search(text)
    return match[0] if match else ""


def size_in_bytes(text: str) -> int:
    """Bytes of a size as webmail writes it (1 K = 1024); 0 when it says none.

    >>> size_in_bytes("128.03M"), size_in_bytes("1.5 GB"), size_in_bytes("2,048 bytes"), size_in_bytes("80,960KB")
    (134249185, 1610612736, 2048, 82903040)
    """
    match = _SIZE.search(text)
    if match is None:
        return 0
    return int(float(re.sub("[,，]", "", match[1])) * 1024 ** _UNITS[match[2][0].lower()])


def moment(value: str) -> str | None:
    """Epoch seconds or milliseconds → ISO 8601 in Beijing time."""
    if not (value.isascii() and value.isdigit() and 10 <= len(value) <= 13):
        return None
    seconds = int(value) / (1000 if len(value) == 13 else 1)
    if not 1_000_000_000 <= seconds < 10_000_000_000:
        return None
    return datetime.fromtimestamp(seconds, UTC).astimezone(BEIJING).replace(microsecond=0).isoformat()


def date_in(text: str, sent: datetime | None = None) -> str | None:
    """A written date, with the time when it is told → ISO 8601; without a year the next such day after `sent`."""
    match = _DATE.search(text)
    if match is not None:
        return _iso(int(match[1]), *match.groups()[1:])
    match = _YEARLESS.search(text) if sent is not None else None
    if match is None or sent is None:
        return None
    year = sent.astimezone(BEIJING).year
    return next(
        (iso for one in (year, year + 1) for iso in (_iso(one, *match.groups()),) if iso and _after(iso, sent)), None
    )


def _is_row(text: str) -> bool:
    """A row of a table, or nothing but a date: no sentence that tells of some other day."""
    row = _SIZE.search(text) or _DATE.fullmatch(text.strip())
    return row is not None and not _BEGUN.search(text)


def _after(iso: str, sent: datetime) -> bool:
    return datetime.fromisoformat(iso) >= sent


def _iso(year: int, month: str, day: str, hour: str | None, minute: str | None, second: str | None) -> str | None:
    try:
        if hour is None or minute is None:
            return datetime(year, int(month), int(day), 23, 59, 59, tzinfo=BEIJING).isoformat()  # all of that day
        return datetime(
            year, int(month), int(day), int(hour), int(minute), int(second or 0), tzinfo=BEIJING
        ).isoformat()
    except ValueError:
        return None


def ends_in(context: list[str], sent: datetime | None) -> Iterator[str]:
    """Ends of validity that the words tell, likeliest first, ISO 8601.

    A date counts beside 到期, 有效 and the like; where such a word stands alone, as in a head of a table, the date
    beside the size counts too. So many days count from `sent` on.
    """
    said = any(_EXPIRY.search(text) for text in context)
    for wanted in (
        [text for text in context if _EXPIRY.search(text)],
        [text for text in context if said and not _EXPIRY.search(text) and _is_row(text)],
    ):
        yield from (iso for text in wanted for iso in (date_in(text, sent),) if iso)
    for text in context if sent is not None else ():
        match = _SPAN.search(text)
        if match and sent is not None:
            number, unit = int(match[1] or match[3]), match[2] or match[4]
            span = timedelta(hours=number) if unit == "小时" else timedelta(days=number)
            yield (sent.astimezone(BEIJING) + span).replace(microsecond=0).isoformat()
