"""Cloud attachments (超大附件): files that a mail only announces by a link, with name, size and expiry.

Nothing is downloaded. A link counts when it stands outside quoted history; the same file, which webmail shows
two to four times (icon, name, button), is reported once.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta, timezone
from urllib.parse import parse_qs, urlsplit

from intake.mail.bodies import divide
from intake.mail.charset import visible
from intake.mail.markup import Anchor, Line, html_lines, text_lines
from intake.mail.message import Link
from rules.facts import LinkFacts

UNKNOWN = "外链附件(未识别来源)"
_BEIJING = timezone(timedelta(hours=8))
MAX_LINKS = 100

_PROVIDERS: tuple[tuple[str, re.Pattern[str]], ...] = tuple(
    (name, re.compile(pattern, re.IGNORECASE))
    for name, pattern in (
        ("腾讯企业邮箱", r"(?:[\w-]+\.)*exmail\.qq\.com/(?:cgi-bin/ftnExs_download|ftn/download)\b"),
        ("QQ邮箱", r"(?:[\w-]+\.)*mail\.qq\.com/(?:cgi-bin/ftnExs_download|ftn/download)\b"),
        ("网易企业邮箱", r"edisk\.qiye\.163\.com/api/biz/attachment/download|fs\.qiye\.163\.com/fs/display"),
        ("邮箱大师", r"dashi\.163\.com/html/cloud-attachment-download"),
        ("网易邮箱", r"(?:[\w-]+\.)*mail\.(?:163|126|yeah)\.(?:com|net)/large-attachment-download/"),
        ("网易邮箱", r"fs\.(?:163|126|yeah)\.(?:com|net)/fs/display|u\.163\.com/\w"),
        ("天翼云盘", r"download\.cloud\.189\.cn/file/downloadFile|cloud\.189\.cn/(?:t/|web/share|s/)\S"),
        ("新浪邮箱", r"(?:[\w-]+\.)*mail\.sina\.com(?:\.cn)?/filecenter/download"),
        ("OneDrive", r"1drv\.ms/\S|onedrive\.live\.com/\S+"),
        ("Google Drive", r"drive\.google\.com/(?:file/d/|open\?|uc\?)\S"),
        ("百度网盘", r"(?:pan|yun)\.baidu\.com/(?:s/|share/)\S"),
        ("阿里云盘", r"(?:www\.)?(?:aliyundrive|alipan)\.com/s/\S"),
        ("夸克网盘", r"pan\.quark\.cn/s/\S"),
        ("腾讯微云", r"share\.weiyun\.com/\w"),
        ("123云盘", r"(?:www\.)?123(?:pan|684|865|912)\.(?:com|cn)/s/\S"),
        ("移动云盘", r"(?:caiyun|yun)\.139\.com/(?:m/i\?|w/|link/|shareweb/)\S"),
        ("企业微信微盘", r"drive\.weixin\.qq\.com/s\?\S"),
        ("坚果云", r"(?:www\.)?jianguoyun\.com/p/\S"),
        ("迅雷云盘", r"pan\.xunlei\.com/s/\S"),
        ("蓝奏云", r"(?:[\w-]+\.)?lanzou\w{0,2}\.com/\w"),
    )
)
_ADVERTS = re.compile(r"bigattach-mailmaster-download|mailmaster", re.IGNORECASE)
_PHRASE = re.compile(r"超大附件|云附件|中转站|文件快递|网盘附件")
_URL = re.compile(r"https?://[^\s<>\"'（）()，。；、！\u3000-\u303f\uff00-\uffef\u4e00-\u9fff]{4,2000}", re.IGNORECASE)
_BUTTON = re.compile(
    r"[\s\[\]【】>》]*(?:(?:进入|点击|立即|打开|前往|直接|普通|极速)*(?:下载|查看|预览|打开|转存|收藏|另存|保存)(?:页面|到微云|到网盘|文件|附件|地址|链接)*"
    r"|download|open|preview|链接|https?://\S*)[\s:：>》]*$",
    re.IGNORECASE,
)
_SIZE = re.compile(r"(?<![\w.])(\d{1,9}(?:\.\d{1,3})?)\s*(bytes?|字节|[KMGT]i?B?|B)(?![A-Za-z])", re.IGNORECASE)
_UNITS = {"b": 0, "字": 0, "k": 1, "m": 2, "g": 3, "t": 4}
_DATE = re.compile(
    r"(20\d\d)\s*[-年/.]\s*(\d{1,2})\s*[-月/.]\s*(\d{1,2})\s*日?(?:\s*[T\s]?\s*(\d{1,2})[:：时](\d{1,2})(?:[:：](\d{1,2}))?)?"
)
_DAYS = re.compile(
    r"(?:有效期|保存|保留|有效|有效时间)\s*[:：为]?\s*(\d{1,3})\s*天|(\d{1,3})\s*天(?:后|内)?\s*(?:到期|过期|失效|有效|内有效)"
)
_EXPIRY = re.compile(r"到期|过期|失效|有效|截止|expire", re.IGNORECASE)
_NAMED = re.compile(r"(?:^|[\s:：>】])([^\s:：<>()（）|][^:：<>()（）|\t]{0,150}\.[A-Za-z0-9]{1,8})\s*[（(\t ]\s*\d")
_FILE = re.compile(r"([^\s:：<>()（）\"'“”|/][^:：<>\"“”|\t/]{0,150}?\.[A-Za-z][A-Za-z0-9]{1,7})(?![\w./])")
_LEAD = re.compile(r"^.{0,20}?(?:来自中转站|超大附件|云附件)\s*[:：]?\s*")
_CODE = re.compile(r"(?:提取码|访问码|密码)\s*[:：]?\s*([A-Za-z0-9]{4,8})")
_SHARED = re.compile(r"分享的文件[:：]?\s*([^\s].{0,150}?)\s*(?:链接|$)")


@dataclass(slots=True)
class _Found:
    """What the mail says about one URL, gathered from all its mentions."""

    provider: str
    url: str
    names: list[str] = field(default_factory=list)
    sizes: list[str] = field(default_factory=list)
    expiries: list[str] = field(default_factory=list)
    days: list[int] = field(default_factory=list)
    """Days of validity from the sending on."""
    code: str = ""


def find_links(html: str, text: str, sent: datetime | None = None) -> tuple[Link, ...]:
    """Cloud attachments announced in a body, in order, at most `MAX_LINKS`; HTML first, it tells more.

    `sent`: when the mail was written, for links that are valid for so many days; without it their end is unknown.
    """
    found: dict[str, _Found] = {}
    for lines in (html_lines(html) if html else [], text_lines(text) if text else []):
        live = [line for line in divide(lines).lines if line.text.strip() or line.anchors]
        signed = next((at for at, line in enumerate(live) if line.text.strip() == "--"), len(live))
        for position, line in enumerate(live):
            if position > signed and not _is_block(live, position):
                continue  # webmail puts its block below the signature; anything else there is the sender's own
            for anchor in (*line.anchors, *_bare(line)):
                _consider(found, anchor, live, position)
    return tuple(_link(entry, sent) for entry in list(found.values())[:MAX_LINKS])


def _is_block(lines: list[Line], position: int) -> bool:
    """Below a signature: the words or the size that webmail writes stand beside."""
    around = lines[max(0, position - 4) : position + 4]
    return any(_PHRASE.search(line.text) or _SIZE.search(line.text) for line in around)


def _bare(line: Line) -> Iterator[Anchor]:
    known = {anchor.url for anchor in line.anchors}
    for match in _URL.finditer(line.text[:20000]):
        url = html.unescape(match[0]).rstrip(".,;:!")
        if url not in known:
            yield Anchor(url, {})


def _consider(found: dict[str, _Found], anchor: Anchor, lines: list[Line], position: int) -> None:
    url = html.unescape(anchor.url.strip())
    if not url.lower().startswith(("http://", "https://")) or len(found) >= MAX_LINKS * 2:
        return
    if any(_ADVERTS.search(anchor.attributes.get(key, "")) for key in ("id", "class", "href")):
        return
    provider = _provider(url) or (UNKNOWN if _announced(lines, position, url) else "")
    if not provider:
        return
    entry = found.setdefault(url, _Found(provider, url))
    _learn(entry, anchor, _context(lines, position))


def _provider(url: str) -> str:
    place = url.split("://", 1)[1]
    return next((name for name, pattern in _PROVIDERS if pattern.match(place)), "")


def _announced(lines: list[Line], position: int, url: str) -> bool:
    """The generic rule: the words 超大附件, 云附件 … stand in the same block, and no known link does."""
    try:
        parts = urlsplit(url)
    except ValueError:  # a bracket in the host
        return False
    if len(parts.path) <= 1 and not parts.query:
        return False
    window = lines[max(0, position - 3) : position + 1]
    if not any(_PHRASE.search(line.text) for line in window):
        return False
    around = lines[max(0, position - 3) : position + 4]
    return not any(_provider_of(anchor) for line in around for anchor in (*line.anchors, *_bare(line)))


def _provider_of(anchor: Anchor) -> str:
    url = html.unescape(anchor.url.strip())
    return _provider(url) if "://" in url else ""


def _context(lines: list[Line], position: int) -> list[str]:
    """Words about a link: its own line, then those above and below up to the next other link."""
    mine = {anchor.url for anchor in lines[position].anchors}
    texts = [lines[position].text]
    for step in (1, -1):
        for other in range(position + step, position + step * 4, step):
            if not 0 <= other < len(lines):
                break
            if any(anchor.url not in mine for anchor in (*lines[other].anchors, *_bare(lines[other])) if mine):
                break
            if not mine and _URL.search(lines[other].text):
                break
            texts.append(lines[other].text)
    return [text[:2000] for text in texts]


def _learn(entry: _Found, anchor: Anchor, context: list[str]) -> None:
    told = anchor.attributes
    names = [told.get(key, "") for key in ("file-name", "filename", "download", "data-filename")]
    names += [anchor.text, told.get("title", "")]
    names += [match[1] for text in context for match in (_NAMED.search(_URL.sub(" ", text)),) if match]
    names += [match[1] for text in context for match in (_SHARED.search(text),) if match]
    names += [match[1] for text in context[:2] for match in (_FILE.search(_URL.sub(" ", text)),) if match]
    entry.names += [
        name for name in (_LEAD.sub("", visible(name)) for name in names) if name and not _BUTTON.fullmatch(name)
    ]
    size = told.get("file-size", "") or told.get("filesize", "")
    entry.sizes += [f"{size} bytes"] if size.isascii() and size.isdigit() else []
    entry.sizes += [match[0] for text in (told.get("alt", ""), *context) for match in (_SIZE.search(text),) if match]
    for value in (told.get("expired", ""), told.get("expiretime", ""), *_query(entry.url, "expired")):
        entry.expiries += [iso for iso in (_moment(value) or _date(value),) if iso]
    entry.expiries += [iso for text in context if _EXPIRY.search(text) for iso in (_date(text),) if iso]
    entry.days += [int(match[1] or match[2]) for text in context for match in (_DAYS.search(text),) if match]
    code = next((match[1] for text in context for match in (_CODE.search(text),) if match), "")
    entry.code = entry.code or code


def _query(url: str, name: str) -> list[str]:
    try:
        return parse_qs(urlsplit(url).query, max_num_fields=100).get(name, [])
    except ValueError:
        return []


def _moment(value: str) -> str | None:
    """Epoch seconds or milliseconds → ISO 8601 in Beijing time."""
    if not (value.isascii() and value.isdigit() and 10 <= len(value) <= 13):
        return None
    seconds = int(value) / (1000 if len(value) == 13 else 1)
    if not 1_000_000_000 <= seconds < 10_000_000_000:
        return None
    return datetime.fromtimestamp(seconds, UTC).astimezone(_BEIJING).replace(microsecond=0).isoformat()


def _date(text: str) -> str | None:
    """A written date, with the time when it is told → ISO 8601; the year must stand there."""
    match = _DATE.search(text)
    if match is None:
        return None
    try:
        year, month, day = int(match[1]), int(match[2]), int(match[3])
        if match[4] is None:
            return datetime(year, month, day, 23, 59, 59, tzinfo=_BEIJING).isoformat()  # to the end of that day
        return datetime(year, month, day, int(match[4]), int(match[5]), int(match[6] or 0), tzinfo=_BEIJING).isoformat()
    except ValueError:
        return None


def size_in_bytes(text: str) -> int:
    """Bytes of a size as webmail writes it (1 K = 1024); 0 when it says none.

    >>> size_in_bytes("128.03M"), size_in_bytes("1.5 GB"), size_in_bytes("2048 bytes")
    (134249185, 1610612736, 2048)
    """
    match = _SIZE.search(text)
    if match is None:
        return 0
    return int(float(match[1]) * 1024 ** _UNITS[match[2][0].lower()])


def _link(entry: _Found, sent: datetime | None) -> Link:
    with_suffix = [name for name in entry.names if re.search(r"\.[A-Za-z0-9]{1,8}$", name)]
    name = (with_suffix or entry.names or ["云附件"])[0]
    stated = _SIZE.search(name)
    if stated and re.search(r"[（(]", name) and not with_suffix:
        name = re.split(r"[（(]", name)[0].strip() or name
    exact = [size for size in entry.sizes if size.endswith("bytes")]
    size = (exact or entry.sizes or [""])[0]
    note = f"（提取码：{entry.code}）" if entry.code and "pwd=" not in entry.url else ""
    expires = entry.expiries[0] if entry.expiries else None
    if expires is None and entry.days and sent is not None:
        end = sent.astimezone(_BEIJING) + timedelta(days=entry.days[0])
        expires = end.replace(microsecond=0).isoformat()
    facts = LinkFacts(provider=entry.provider, url=entry.url, expires=expires, size_text=size, size=size_in_bytes(size))
    return Link(name=name[:200] + note, facts=facts)
