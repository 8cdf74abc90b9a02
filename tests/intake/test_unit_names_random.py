"""Thousands of namings made at random by rules that are not the program's: none to a wrong unit, hardly one missed."""

from __future__ import annotations

import random
import re

from intake.units.unit_names import Names
from tests.intake.name_roster import UNITS

NAMES = Names(UNITS)
WRAPS = [
    "{}",
    "{}质量月活动总结",
    "【{}】报送材料",
    "2022年{}质量月材料",
    "关于{}质量月活动情况的报告",
    "{}-统计表",
    "（{}）总结",
    "{}：报送",
    "报送{}材料",
    "1.{}活动总结",
    "{}典型案例",
    "{}总结(修改版)",
    "{}_总结",
    "落款：{}",
    "附件3：{}统计表",
    "转发：{}材料",
    "{}2022年总结",
]
OLD = str.maketrans(
    "滨区县镇场监业学医卫农财务办处会国质检验电开发应运广总", "濱區縣鎮場監業學醫衛農財務辦處會國質檢驗電開發應運廣總"
)
BODIES = [
    "监督管理/监管",
    "市场监督管理/市监",
    "委员会/委",
    "住房和城乡建设/住建",
    "人力资源和社会保障/人社",
    "发展和改革/发改",
    "卫生健康/卫健",
    "文化和旅游/文旅",
    "工业和信息化/工信",
    "城市管理综合执法/城管",
    "疾病预防控制/疾控",
    "妇幼保健/妇保",
    "股份有限公司/公司",
    "有限责任公司/公司",
    "集团有限公司/集团",
    "街道办事处/街道",
    "镇人民政府/镇",
    "居民委员会/居委会",
]
OURS = ("滨江", "东江", "江东", "河东", "河西", "望溪", "青云", "望江")
THEIRS = ["西湾", "滨海", "临川", "东湖", "新江", "江南", "河北", "东滨江", "江滨", "大河东", "青山", "望川"]


def spoken(name: str, dice: random.Random) -> str:
    """A name as somebody in a hurry writes it."""
    if dice.random() < 0.5 and not name.startswith(("国家", "青岩市滨江高新")):
        named_city = re.match(r"青岩市(?=[\u4e00-\u9fff]{2,3}[区县])", name)
        name = (
            name.removeprefix("青岩市")
            if named_city
            else name.replace("青岩市", "青岩" if dice.random() < 0.3 else "市", 1)
        )
    for pair in dice.sample(BODIES, dice.randrange(0, 9)):
        long, _, short = pair.partition("/")
        name = name.replace(long, short)
    if dice.random() < 0.2:
        name = re.sub("第(.{1,2})中学", r"\1中", name)
    if dice.random() < 0.2:
        name = name.translate(OLD)
    if dice.random() < 0.2:
        cut = dice.randrange(1, len(name))
        name = f"{name[:cut]}\u3000{name[cut:]}"
    return name


def plain(text: str) -> list[str]:
    """Codes of the units plainly named."""
    return [one.code for one in NAMES.find(text) if one.plain]


def test_two_thousand_namings() -> None:
    dice = random.Random(2022)
    missed = []
    for _ in range(2000):
        unit = dice.choice(UNITS)
        text = dice.choice(WRAPS).format(spoken(unit.name, dice))
        found = plain(text)
        assert set(found) <= {unit.code}, (text, found)
        if not found:
            missed.append(text)
    assert len(missed) <= 10, missed


def test_two_thousand_names_of_others() -> None:
    """The same bodies in other places are not ours."""
    dice = random.Random(1012)
    for _ in range(2000):
        unit = dice.choice(UNITS)
        inside = [root for root in OURS if root in unit.name]
        if inside and dice.random() < 0.7:
            name = unit.name.replace(dice.choice(inside), dice.choice(THEIRS))
        elif "青岩市" in unit.name:
            name = unit.name.replace("青岩市", dice.choice(THEIRS) + "市")
        else:
            continue
        text = dice.choice(WRAPS).format(name)
        assert plain(text) == [], text
