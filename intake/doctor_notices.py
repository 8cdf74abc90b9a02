"""What the doctor finds when all notices are seen together: an id used twice, names that tell nothing apart."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations

from intake.config import Config, ConfigFaults, NoticeRef
from intake.doctor_machine import Line
from intake.notices import load_notice
from intake.office import load_campaigns
from rules.routing.signs import Signs


def names(config: Config, reference: NoticeRef, wanted: str) -> bool:
    """True when this is the notice of that id, title or number; one that cannot be read is never left out."""
    try:
        notice = load_notice(reference.file, config.tz, config.base).notice
    except ConfigFaults:
        return True
    return wanted in (notice.id, notice.title, notice.number)


def together(config: Config) -> Iterator[Line]:
    """What only shows when all notices are seen together."""
    try:
        campaigns = load_campaigns(config)
    except ConfigFaults as error:
        for fault in error.faults:
            if fault.path.startswith("notice["):
                yield Line(ok="fail", what="通知", detail=f"{fault.path}：{fault.told}", remedy=fault.remedy)
        return
    signs = Signs([one.notice for one in campaigns.values()], {id: one.forms for id, one in campaigns.items()})
    for one, other in combinations(campaigns.values(), 2):
        if signs.alike(one.notice.id, other.notice.id):
            yield Line(
                ok="warn",
                what="通知",
                detail=f"《{one.notice.title}》和《{other.notice.title}》名称和年份都相同，来信分不清属于哪一个",
                remedy="请在通知文件的 subject_keywords 中各写几个对方没有的词。",
            )
