"""The servers in the settings: the mailbox that is read, and the one that sends."""

from __future__ import annotations

import re
from typing import Annotated, Any, ClassVar, Literal

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    ValidationInfo,
    field_validator,
    model_validator,
)

from intake.written import (
    Count,
    EnvelopeSender,
    Flag,
    Host,
    SecretReference,
    is_loopback,
    refused,
)

Security = Literal["tls", "starttls", "none"]
Port = Annotated[Count, Field(ge=1, le=65535)]
Seconds = Annotated[float, Field(strict=True, gt=0, le=3600)]


class Section(BaseModel):
    """A table of the settings file: closed, frozen."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Server(Section):
    """Where a server is, how it is spoken to, and as whom."""

    usual_ports: ClassVar[dict[str, int]]
    """By `security`."""

    host: Host
    security: Security = "tls"
    port: Port
    """By default the usual port of the protocol and `security`."""
    username: str
    password: SecretReference = Field(repr=False)
    ca_file: str = ""
    """Own certificate authority, PEM; absolute after loading, "" when there is none."""
    timeout_seconds: Seconds = 60.0

    @model_validator(mode="before")
    @classmethod
    def _usual_port(cls, data: Any) -> Any:
        if isinstance(data, dict) and "port" not in data:
            security = data.get("security", "tls")
            usual = cls.usual_ports.get(security) if isinstance(security, str) else None
            return {**data, "port": usual or cls.usual_ports["tls"]}
        return data

    @field_validator("security")
    @classmethod
    def _plain_only_here(cls, value: str, info: ValidationInfo) -> str:
        host = info.data.get("host")
        if value == "none" and host is not None and not is_loopback(host):
            raise refused('"tls" 或 "starttls"；"none"（不加密）只能用于本机 127.0.0.1')
        return value


class ImapConfig(Server):
    """The mailbox that units write to. It is only ever read."""

    usual_ports = {"tls": 993, "starttls": 143, "none": 143}
    username: Annotated[str, Field(min_length=1)]
    folder: Annotated[str, Field(min_length=1)] = "INBOX"
    authserv_id: str = ""
    """Name under which this server writes Authentication-Results (RFC 8601); "" when not known."""
    dkim: Flag = True
    """Check the signatures of senders' domains ourselves (RFC 6376) where that server has not; asks DNS."""
    writes_return_path: Flag = False
    """It puts a Return-Path on every mail, so that a missing one is a mark of a machine."""

    @field_validator("authserv_id")
    @classmethod
    def _one_name(cls, value: str) -> str:
        if not re.fullmatch(r"[A-Za-z0-9._-]*", value):
            raise refused("一个服务器名，例如 mx.example.gov.cn；不知道就留空")
        return value


class SmtpConfig(Server):
    """The server that sends our letters. An empty `username` means: no login."""

    usual_ports = {"tls": 465, "starttls": 587, "none": 25}
    copy_to_self: Flag = True
    mail_from: EnvelopeSender = ""
    """Envelope sender; "" is `office.address`, "<>" the null sender (RFC 3834, 3.3)."""
    lookup_after_seconds: Annotated[float, Field(strict=True, ge=0, le=86400)] = 15.0
    """How long to wait for our blind copy before an interrupted letter is sent again."""
