"""What the doctor finds when all notices are seen together: an id used twice, names that tell nothing apart."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import combinations

from intake.config import Config, ConfigFaults, NoticeRef
from intake.doctor_machine import Line
from intake.notices import load_notice
from intake.office import load_campaigns
from intake.superior import superior_of
from rules.routing.signs import Signs
from rules.unit import Unit


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
    yield from _copied(config, [unit for one in campaigns.values() for unit in one.units.values()])
    signs = Signs([one.notice for one in campaigns.values()], {id: one.forms for id, one in campaigns.items()})
    for one, other in combinations(campaigns.values(), 2):
        if signs.alike(one.notice.id, other.notice.id):
            yield Line(
                ok="warn",
                what="通知",
                detail=f"《{one.notice.title}》和《{other.notice.title}》名称和年份都相同，来信分不清属于哪一个",
                remedy="请在通知文件的 subject_keywords 中各写几个对方没有的词。",
            )


def _copied(config: Config, units: Sequence[Unit]) -> Iterator[Line]:
    """Copies to superiors are asked for, and nobody has one."""
    after = config.superior.after
    if after and not any(superior_of(config, unit) for unit in units):
        detail = f"superior.after = {after}，但配置和名单里都没有上级邮箱，催报不会抄送任何人"
        remedy = "请在 [superior] 中填写 address 或 by_class，或在名单中加一列“上级邮箱”；不抄送的，请写 after = 0。"
        yield Line(ok="warn", what="抄送", detail=detail, remedy=remedy)
