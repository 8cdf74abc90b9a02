"""How settings are written down: durations, times, days, addresses, references to secrets; as pydantic types.

Each refuses with a sentence of its own, in Chinese: what is expected, with an example.
"""

from __future__ import annotations

import ipaddress
import re
from datetime import date, datetime, time, timedelta
from typing import Annotated, Any
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, BeforeValidator, StrictBool, StrictInt, StringConstraints
from pydantic_core import PydanticCustomError

_UNITS = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days"}
_DURATION = re.compile(r"([0-9]{1,6})\s*([smhd])")
_TIME = re.compile(r"([01]?[0-9]|2[0-3]):([0-5][0-9])(?::([0-5][0-9]))?")
_ADDRESS = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@(?:[A-Za-z0-9-]{1,63}\.)+[A-Za-z0-9-]{2,63}")
_REFERENCE = re.compile(r"(?:env:[A-Za-z_][A-Za-z0-9_]*|file:\S.*|keyring:\S.*)")
_PLACEHOLDER = re.compile(r"\{[^}]*\}")
_RUNG = re.compile(r"[0-9]{1,3}d|\+[1-9][0-9]{0,2}d")
REFERENCE_EXPECTED = "env:环境变量名、file:文件路径 或 keyring:服务名"


def refused(expected: str) -> PydanticCustomError:
    """The error of a value that is written wrongly; `expected` says how it should look."""
    # not as a template: braces in the sentence are no placeholders
    return PydanticCustomError("written", "{expected}", {"expected": expected})


def is_address(text: str) -> bool:
    """True for a plain mail address, `local@domain`, without name and brackets.

    >>> is_address("zlb@yunling.example"), is_address("zlb@yunling"), is_address("张三@yunling.example")
    (True, False, False)
    """
    return _ADDRESS.fullmatch(text) is not None


def is_loopback(host: str) -> bool:
    """True when the host is this machine.

    >>> is_loopback("localhost"), is_loopback("127.0.0.5"), is_loopback("::1"), is_loopback("imap.example.com")
    (True, True, True, False)
    """
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host.lower() == "localhost"


def is_reference(value: object) -> bool:
    """True for a reference to a secret: `env:NAME`, `file:PATH`, `keyring:SERVICE`."""
    return isinstance(value, str) and _REFERENCE.fullmatch(value) is not None


def _duration(value: Any) -> Any:
    match = _DURATION.fullmatch(value.strip().lower()) if isinstance(value, str) else None
    if match is None:
        raise refused('时长，数字加单位 s（秒）m（分）h（时）d（天），例如 "10m"')
    return timedelta(**{_UNITS[match[2]]: int(match[1])})


def _positive(value: timedelta) -> timedelta:
    if value <= timedelta():
        raise refused('大于零的时长，例如 "2m"')
    return value


def _time(value: Any) -> Any:
    if isinstance(value, time) and value.tzinfo is None:  # TOML's own local time, 09:00:00
        return value
    match = _TIME.fullmatch(value.strip()) if isinstance(value, str) else None
    if match is None:
        raise refused('时刻，24 小时制，例如 "09:00"')
    return time(int(match[1]), int(match[2]), int(match[3] or 0))


def _hours(value: Any) -> Any:
    if value is None or value == "":
        return None
    first, dash, last = (
        value.replace("—", "-").replace("－", "-").partition("-") if isinstance(value, str) else ("", "", "")
    )
    parts = [_TIME.fullmatch(one.strip()) for one in (first, last)]
    expected = refused('上班到下班的时刻，例如 "08:30-18:00"；空为不限')
    if not dash or None in parts:
        raise expected
    begin, end = (_time(one) for one in (first, last))
    if begin >= end:
        raise expected
    return begin, end


def _day(value: Any) -> Any:
    if isinstance(value, date) and not isinstance(value, datetime):
        return value
    try:
        return date.fromisoformat(value)
    except (TypeError, ValueError):
        raise refused("日期，例如 2027-02-15") from None


def _address(value: str) -> str:
    if not is_address(value):
        raise refused("一个邮箱地址，例如 zlb@example.gov.cn")
    return value


def _address_or_none(value: str) -> str:
    return _address(value) if value else value


def _reference(value: Any) -> Any:
    if value != "" and not is_reference(value):
        raise refused(f"{REFERENCE_EXPECTED}；密码本身不能写在配置文件里")
    return value


def _rung(value: Any) -> Any:
    if not isinstance(value, str) or _RUNG.fullmatch(value) is None:
        raise refused('截止日前的工作日数，例如 "3d"，截止当日写 "0d"，截止之后写 "+1d"')
    return value


def _zone(value: str) -> str:
    try:
        ZoneInfo(value)
    except (KeyError, ValueError, OSError):  # ZoneInfoNotFoundError is a KeyError; a folder's name gives an OSError
        raise refused("时区名称，例如 Asia/Shanghai") from None
    return value


def _template(value: str) -> str:
    unknown = [word for word in _PLACEHOLDER.findall(value) if word != "{data_dir}"]
    if unknown:
        raise refused(f"只用占位符 {{data_dir}} 的文字（不认识 {unknown[0]}）")
    return value


def _host(value: str) -> str:
    if "://" in value or "/" in value or "@" in value or any(c.isspace() for c in value):
        raise refused("服务器名称，不带 https:// 和端口，例如 imap.example.com")
    return value


Duration = Annotated[timedelta, BeforeValidator(_duration)]
"""`30s`, `10m`, `1h`, `7d`; zero is allowed."""
Interval = Annotated[Duration, AfterValidator(_positive)]
"""A duration above zero."""
TimeOfDay = Annotated[time, BeforeValidator(_time)]
"""`09:00`, in the office's time zone."""
Hours = Annotated[tuple[time, time] | None, BeforeValidator(_hours)]
"""`08:30-18:00`, in the office's time zone; "" for no limit."""
Day = Annotated[date, BeforeValidator(_day)]
"""`2027-02-15`, as a TOML date or as text; never a number, which pydantic would take for seconds."""
MailAddress = Annotated[str, AfterValidator(_address)]
EnvelopeSender = Annotated[str, AfterValidator(lambda text: text if text == "<>" else _address_or_none(text))]
MailAddressOrNone = Annotated[str, AfterValidator(_address_or_none)]
SecretReference = Annotated[str, BeforeValidator(_reference)]
"""`env:NAME`, `file:PATH`, `keyring:SERVICE`; "" where no password is needed. Never the secret itself."""
RungName = Annotated[str, BeforeValidator(_rung)]
Template = Annotated[str, AfterValidator(_template)]
"""Text in which `{data_dir}` stands for the data folder."""
Zone = Annotated[str, AfterValidator(_zone)]
Host = Annotated[str, StringConstraints(min_length=1, strip_whitespace=True), AfterValidator(_host)]
Flag = StrictBool
Count = StrictInt
