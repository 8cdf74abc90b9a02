"""A notice (通知) as values: what is asked, by when, and in which words.

`parse_notice` turns the data of a TOML file into a `Notice`, or tells every fault at once.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

Category = Literal["summary", "case", "photo", "video", "stat_table", "form", "roster", "article", "other"]
Identifier = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9_-]*$", max_length=60)]


class _Strict(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Contact(_Strict):
    """Whom a unit may ring up."""

    name: str = ""
    phone: str = ""
    fax: str = ""
    address: str = ""


class Requirement(_Strict):
    """One thing the notice asks for."""

    id: Identifier
    name: str = Field(min_length=1)
    category: Category = "other"
    required: bool = True
    formats: tuple[str, ...] = ()
    """Lower-case extensions without dot; empty = any. jpg stands for jpeg too."""
    clause: str = ""
    """The words of the notice that ask for it, verbatim."""
    form: str | None = None
    """File name of the office's blank form, beside the notice file."""
    keywords: tuple[str, ...] = ()
    """Words in file names and headings that point here, beside those of the category."""
    link_counts: bool = False
    """True: a cloud link answers the requirement (usual for video)."""
    only_for: tuple[str, ...] = ()
    """Classes of units (类别 of the roster) it is asked of; of all when empty. What others send for it is welcome."""
    deadline: dt.datetime | None = None
    """Where it differs from that of the notice; aware."""
    checks: Mapping[str, Mapping[str, Any]] = Field(default_factory=dict)
    """Settings by check kind; validated against the check's own settings class."""
    clauses: Mapping[str, str] = Field(default_factory=dict)
    """Words of the notice behind single checks, by check kind, where they stand elsewhere than `clause`."""


class Notice(_Strict):
    """The whole notice. `deadline` is the last moment that is in time, aware."""

    id: Identifier
    title: str = Field(min_length=1)
    number: str = ""
    issuer: str = ""
    addressees: tuple[str, ...] = ()
    """To whom it is addressed (主送), as it words it."""
    deadline: dt.datetime
    contact: Contact = Contact()
    subject_keywords: tuple[str, ...] = ()
    """Words that tell a mail for this notice from others, when several run at once."""
    topic: tuple[str, ...] = ()
    """Further names of the campaign; files that name another one and none of these wait for a person."""
    subject_rule: str = ""
    """The subject that the notice asks mails to bear, as it words it."""
    requirements: tuple[Requirement, ...] = Field(alias="requirement", min_length=1)

    def requirement(self, id: str) -> Requirement:
        """The requirement of that id; KeyError when there is none."""
        for requirement in self.requirements:
            if requirement.id == id:
                return requirement
        raise KeyError(id)
