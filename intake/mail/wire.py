"""What goes wrong on the line to the mailbox, told apart: the line, the server's no, and what nobody understands."""

from __future__ import annotations

import base64
import imaplib
import socket
import ssl
from collections.abc import Iterator
from contextlib import contextmanager

from storage.errors import Refused, Temporary, said

_MOST_TEXT = 200
"""Signs of a server's words that are told on."""


@contextmanager
def away(what: str) -> Iterator[None]:
    """Translate the many ways in which a line breaks into `Temporary`, certificates into `Refused`."""
    try:
        yield
    except (Temporary, Refused):
        raise
    except ssl.SSLCertVerificationError as error:
        raise Refused(
            f"{what.strip()} 的证书未通过校验（{distrust(error)}）。请核对服务器名称；单位自建证书请填写 ca_file。"
        ) from error
    except socket.gaierror as error:
        raise Temporary(f"找不到{what.strip()}（域名解析失败）。请检查服务器名称和网络，稍后会自动重试。") from error
    except ConnectionRefusedError as error:
        raise Temporary(f"连不上{what.strip()}（对方拒绝连接）。请核对服务器名称和端口，稍后会自动重试。") from error
    except TimeoutError as error:
        raise Temporary(f"{what}没有按时应答。请检查网络，稍后会自动重试。") from error
    except ssl.SSLError as error:
        raise Temporary(
            f"与{what}建立不了加密连接（{error.reason}）。请核对端口与 security 是否相符，稍后会自动重试。"
        ) from error
    except (imaplib.IMAP4.abort, ConnectionError, EOFError, OSError) as error:
        if isinstance(error, OSError) and error.filename is not None:  # a file of ours, not the line
            raise Temporary(f"读写“{error.filename}”失败（{said(error)}）。请检查路径、权限和磁盘空间。") from error
        told = said(error) if isinstance(error, OSError) else answered(error)
        raise Temporary(f"与{what}的连接中断（{told}）。稍后会自动重试。") from error
    except imaplib.IMAP4.error as error:
        raise Temporary(f"{what}拒绝了请求（{answered(error)}）。稍后会自动重试。") from error


_DISTRUST = {
    9: "还未生效，请核对本机时间",
    10: "已过期",
    18: "不是受信任的机构签发的",
    19: "不是受信任的机构签发的",
    20: "不是受信任的机构签发的",
    21: "不是受信任的机构签发的",
    23: "已被吊销",
    62: "不是发给这个服务器名称的",
    64: "不是发给这个服务器地址的",
}
"""By OpenSSL's X509_V_ERR codes."""


def distrust(error: ssl.SSLCertVerificationError) -> str:
    """Why a certificate does not hold."""
    return _DISTRUST.get(error.verify_code, error.verify_message)


def answered(error: BaseException) -> str:
    """What the server said, as one short line; the libraries add bytes signs and advice to programmers.

    >>> answered(imaplib.IMAP4.error(b"[LIMIT] enough"))
    '[LIMIT] enough'
    """
    first = next(iter(error.args), "")
    text = first.decode("utf-8", "replace") if isinstance(first, bytes) else str(first)
    line = text.partition("\n")[0].removeprefix("b'").rstrip("'\r")
    return "".join(c if c.isprintable() else " " for c in line)[:_MOST_TEXT]


@contextmanager
def understood() -> Iterator[None]:
    """What the library cannot make sense of is the server's nonsense and no mistake of ours: the line is given up.

    A literal of 100 GB is nonsense too.
    """
    try:
        yield
    except OSError:
        raise  # a certificate that does not hold is a ValueError too
    except (ArithmeticError, AttributeError, LookupError, MemoryError, TypeError, ValueError) as error:
        raise imaplib.IMAP4.abort(f"应答不合规范：{type(error).__name__} {error}") from error


def is_busy(answer: str) -> bool:
    """True when a NO is about the server and not about what was asked (RFC 5530).

    >>> is_busy("[UNAVAILABLE] later"), is_busy("Too many simultaneous connections")
    (True, True)
    >>> is_busy("password is incorrect, or system is busy")
    False
    """
    text = answer.upper()
    if any(f"[{code}]" in text for code in ("UNAVAILABLE", "INUSE", "SERVERBUG", "LIMIT")):
        return True
    said = ("TOO MANY", "TEMPORAR", "TRY AGAIN", "TRY LATER", "SYSTEM BUSY", "SERVER BUSY", "繁忙", "稍后")
    ours = ("AUTHENTICATIONFAILED", "PASSWORD", "密码")
    return any(word in text for word in said) and not any(word in text for word in ours)


def veiled(text: str, username: str, password: str) -> str:
    """What a server said without our password, as it stands, as LOGIN quotes it and as PLAIN and LOGIN code it.

    >>> veiled('BAD LOGIN me "se\\\\cret"', "me", "se\\cret")
    'BAD LOGIN me "***"'
    """
    if not password:
        return text
    quoted = password.replace("\\", "\\\\").replace('"', '\\"')
    coded = (base64.b64encode(one.encode()).decode() for one in (password, f"\0{username}\0{password}"))
    for secret in (quoted, password, *coded):
        text = text.replace(secret, "***")
    return text
