"""Which notice does a mail answer? One place for the question, for one notice or several at once."""

from __future__ import annotations

from collections.abc import Mapping

from intake.mail.message import Message
from intake.office import Campaign


def route(campaigns: Mapping[str, Campaign], message: Message, thread: str | None) -> tuple[Campaign | None, str]:
    """The notice, or None with the reason a person reads.

    `thread` is the notice of the letter that the mail replies to, if any: the strongest evidence.
    """
    if thread is not None and thread in campaigns:
        return campaigns[thread], "回复了我们的来信"
    if len(campaigns) == 1:
        return next(iter(campaigns.values())), "只有一个通知"
    words = " ".join((message.subject, *(a.path for a in message.attachments), message.text[:500]))
    named = [c for c in campaigns.values() if any(word in words for word in _keywords(c))]
    if len(named) == 1:
        return named[0], "提到了通知的主题词"
    registered = [c for c in (named or campaigns.values()) if c.index.knows(message.author.address)]
    if len(registered) == 1:
        return registered[0], "发件人只在这个通知的名册中"
    titles = "、".join(c.notice.title for c in (named or campaigns.values()))
    return None, f"不能确定属于哪个通知（{titles}）"


def _keywords(campaign: Campaign) -> tuple[str, ...]:
    notice = campaign.notice
    return notice.subject_keywords or (notice.title, *((notice.number,) if notice.number else ()))
