"""The words by which robots give themselves away: subjects, and the beginnings of bodies. Pure."""

from __future__ import annotations

import re

RECALL = re.compile(r"\s*(撤回|召回|邮件撤回|邮件召回|撤回邮件|recall)\s*[:：]", re.IGNORECASE)
RECALLS = re.compile(r"(?:将|要|想|希望|请求)(?:要)?撤回(?:邮件|此邮件|该邮件)|would like to recall the message", re.I)
_ANSWERS = (
    "(?:系统|外出|休假|假期|节假日|节日|请假|离开|出差)?自动(?:回复|答复|应答)"
    "|auto(?=\\s*[:：])|automatic reply|auto[ -]?reply|auto[ -]?response|out of( the)? office( auto-?reply)?"
)
_NOTICES = (
    "系统退信|退信通知|投递失败|已读回执|已读|未读|外出|不在办公室|休假|undeliverable|returned mail|read|not read"
)
_ROBOT_SUBJECT = re.compile(
    rf"\s*[\[【(（<]?\s*({_ANSWERS}|{_NOTICES})\s*([\]】)）>]|[:：]|$)|\s*系统退信\s*/", re.IGNORECASE
)
"""The robot's word, and then a colon, a closing bracket or nothing more."""
_ROBOT_WORDS_ONLY = re.compile(
    rf"\s*(?:{_ANSWERS})[\s,，。.!！|·_—–-]|.*[（(\[【]自动(?:回复|答复)[)）\]】]\s*$"
    r"|\s*(?:外出|休假|出差|请假|离开)(?:通知|[:：（(])|\s*(?:vacation|automatische antwort|autoreply)\b"
    r"|\s*[\[【]?(?:系统)?(?:退信|(?:邮件|信件)(?:发送|投递|传输)失败|投递失败|发送失败)"
    r"|\s*自動(?:回[覆復复]|答[覆復复])|\s*来自.{1,20}的自动(?:回复|答复)|\s*已?离开办公室\s*[:：]"
    r"|\s*[您你]的?(?:邮件|来信)已[被经]?(?:阅读|查看|收到|收悉)\s*$|\s*(?:邮件|信件)?已(?:送达|投递)(?:回执|通知)?\s*[:：]"
    r"|\s*(?:undeliver|returned mail|mail delivery|delivery (?:status|failure|has failed|delayed|is delayed))"
    r"|\s*(?:delivered\s*:|failure notice)",
    re.IGNORECASE,
)
"""A looser shape, for mails that bring no material."""
CALENDAR_ANSWER = re.compile(
    r"\s*(?:已?接受|谢绝|已?拒绝|已?暂定|已?取消|accepted|declined|tentative|cancell?ed)\s*[:：]", re.IGNORECASE
)
_CALLS_ITSELF_ROBOT = re.compile(
    r"(?:这|此|本)(?:是|为|封?(?:邮件|信件|来信)(?:是|为|系|由)?)(?:一封)?[^。；;\n]{0,8}(?:系统)?自动(?:回复|答复|应答|发送|发出|生成)"
    r"|^\s*[\[【(（]?\s*自动(?:回复|答复)\s*(?:[\]】)）]|[:：])|系统自动(?:回复|发送|发出|生成)[^。；;\n]{0,6}[,，。;；]?\s*请勿(?:直接)?回复"
    r"|this is an auto(?:matic|mated|-generated)|this (?:message|e-?mail) was (?:sent|generated) automatically",
    re.IGNORECASE,
)
_FAILURE = re.compile(
    r"(?:无法|未能|不能)(?:被|将.{0,6})?(?:送达|投递|发送到|递送|传送|传递)|被?退回(?:来)?了?[。，！]|投递失败|退信(?:原因|代码)"
    r"|(?:could|can) ?not (?:be )?deliver|undeliverable|delivery (?:to the following|has failed|failed|failure)"
    r"|not (?:yet )?(?:been )?delivered|did not reach the following|unable to deliver|failed recipients"
    r"|permanent(?:ly)? (?:fail|error)|(?:user|mailbox|recipient) unknown|unknown user"
    r"|no such (?:user|mailbox|recipient)"
    r"|(?:mail|message) (?:has been|is being|was) (?:returned|rejected|refused|automatically rejected)",
    re.IGNORECASE,
)
_SERVER = re.compile(
    r"(?<![\d.])(?:5[0-5]\d[\s:#-]|[45]\.\d\.\d)|failed recipients|mail delivery software"
    r"|do not re(?:ply|send)|请勿回复",
    re.IGNORECASE,
)
_BEGINNING = 3000
"""Characters of a body in which a bounce says what it is."""
_GREETING = 200
"""Characters in which an automatic answer says what it is."""


def reports_failure(text: str) -> bool:
    """True when the words report that a letter was not delivered."""
    return _FAILURE.search(text[:_BEGINNING]) is not None


def calls_itself_robot(text: str) -> bool:
    """True when the first words say that no person wrote them.

    >>> calls_itself_robot("这是一封自动回复邮件。您的来信已收到。"), calls_itself_robot("我单位建成自动回复系统。")
    (True, False)
    """
    return _CALLS_ITSELF_ROBOT.search(text[:_GREETING]) is not None


def speaks_as_server(text: str) -> bool:
    """True when a text holds the code of a mail server, or the words of one.

    >>> speaks_as_server("550 5.1.1 user unknown"), speaks_as_server("上次的信被退回了，重发一次。")
    (True, False)
    """
    return _SERVER.search(text[:_BEGINNING]) is not None


def is_robot_subject(subject: str, *, with_files: bool) -> bool:
    """True for a subject that begins as robots begin theirs. A person's answer to our letter begins with Re: or 回复.

    >>> is_robot_subject("自动回复：关于报送质量月材料的通知", with_files=False)
    True
    >>> is_robot_subject("自动回复系统建设典型案例", with_files=True)
    False
    >>> is_robot_subject("回复：自动回复：质量月材料", with_files=True)
    False
    """
    if _ROBOT_SUBJECT.match(subject):
        return True
    return not with_files and _ROBOT_WORDS_ONLY.match(subject) is not None
