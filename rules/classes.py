"""Classes of units (高校, 县区, 企业): the words of notices and of rosters for them, and who is meant by which."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping, Sequence

from rules.notice import Requirement
from rules.unit import Unit

CLASSES: tuple[tuple[str, str, str], ...] = (
    ("高职院校", r"高职高专|高职院校|职业院校|职业技术院校|中职学校|职业学校|技工院校", "各职业院校"),
    ("高校", r"高校|高等学校|高等院校|普通高校|本科院校|大专院校|大中专院校|大学", "各高等学校"),
    ("中小学", r"中小学校?|中学|小学", "各中小学校"),
    ("幼儿园", r"幼儿园", "各幼儿园"),
    ("学校", r"学校|院校", "各学校"),
    (
        "县区",
        r"县\(市、?区\)|县\(区、?市\)|县\(区\)|区\(县\)|县市区|县区|区县|区市县|市县区|旗县区|县、市、区",
        "各县（市、区）",
    ),
    ("市州", r"市\(州、?盟?\)|市州|州市|地市|设区市|盟市", "各市（州）"),
    ("乡镇街道", r"乡镇\(街道\)|乡\(镇\)|乡镇街道|乡镇|镇街|街道办事处|街道", "各乡镇（街道）"),
    ("村社区", r"村\(社区\)|村\(居\)|村居|社区|行政村", "各村（社区）"),
    (
        "部门",
        r"(?:市|省|区|县|州)(?:直|级)(?:有关|各)?(?:部门|单位|机关)|直属(?:单位|机构)|委办局|有关部门|部门",
        "市直各部门",
    ),
    ("企业", r"企业|集团公司|公司", "各国有企业"),
    ("医院", r"医院|医疗卫生机构|医疗机构|卫生院", "各医疗机构"),
    ("科研院所", r"科研院所|科研机构|研究院所", "各科研院所"),
    ("协会", r"行业协会|协会|学会|商会|社会组织|社会团体", "各行业协会"),
    ("园区", r"产业园区|园区|开发区|高新区", "各园区"),
    ("金融机构", r"金融机构|银行|保险机构", "各金融机构"),
    ("事业单位", r"事业单位", "各事业单位"),
)
"""Class, the words for it, an example; narrower classes first."""
QUALIFIERS = r"(?:国有|民营|中央|骨干|重点|规上|规模以上|工业|服务业|外资|上市|民办|公办|省属|市属|区属|驻市)*"
"""What narrows a class: 国有企业, 民办高校."""
_CLASS = [(name, re.compile(rf"(?:{pattern})$")) for name, pattern, _ in CLASSES]
_SPLIT = re.compile(r"[、,，;；/\s]+")


def class_of(word: str) -> str:
    """The class that a word stands for; the word itself, tidied, where it is none of the known ones.

    >>> class_of("各高等学校"), class_of("县（市、区）"), class_of("市级部门"), class_of("直管户")
    ('高校', '县区', '部门', '直管户')
    """
    bare = _bare(word)
    return next((name for name, pattern in _CLASS if pattern.search(bare)), bare)


def _bare(word: str) -> str:
    text = re.sub(r"\s+", "", word).replace("（", "(").replace("）", ")")
    return re.sub(r"^(?:各有关|各|全市|全省|全体|所有|有关)|类$", "", text)


def asked_of(only_for: Collection[str], category: str) -> bool | None:
    """Is a unit of this class (类别 of the roster, several allowed) among those a requirement is asked of?

    None: that cannot be told, since the roster gives no class or a wider one.

    >>> asked_of(["高校"], "高等院校"), asked_of(["高校"], "县区"), asked_of(["高校"], ""), asked_of([], "")
    (True, False, None, True)
    >>> asked_of(["民办高校"], "高校"), asked_of(["企业"], "事业单位、企业")
    (None, True)
    """
    if not only_for:
        return True
    mine = [one for one in (category, *_SPLIT.split(category)) if one.strip()]
    if not mine:
        return None
    found = [_one(wanted, own) for wanted in only_for for own in mine]
    return True if True in found else None if None in found else False


def _one(wanted: str, own: str) -> bool | None:
    asked, mine = _bare(wanted), _bare(own)
    if asked == mine or asked in mine:
        return True
    if mine in asked:
        return None  # the roster says no more than 高校 where 民办高校 are asked
    if class_of(wanted) != class_of(own):
        return False
    known = {name for name, _, _ in CLASSES}
    return True if class_of(wanted) in known and _plain(asked) and _plain(mine) else None


def _plain(bare: str) -> bool:
    """The word says the class and nothing narrower: 高等学校, but not 民办高校."""
    return any(re.fullmatch(pattern, bare) for _, pattern, _ in CLASSES) or bare in {name for name, _, _ in CLASSES}


def in_roster_words(only_for: Iterable[str], categories: Iterable[str], told: Mapping[str, str]) -> tuple[str, ...]:
    """The classes of a notice in the words of the roster; one that the roster does not have stays as it is.

    `told`: what a person said, by the word of the notice.

    >>> in_roster_words(["高校", "乡镇"], ["高等院校", "县区"], {})
    ('高等院校', '乡镇')
    """
    known = list(dict.fromkeys(categories))
    found: dict[str, None] = {}
    for word in only_for:
        said = next((theirs for ours, theirs in told.items() if class_of(ours) == class_of(word)), "")
        same = [said] if said else [one for one in known if one and asked_of([word], one)]
        found.update(dict.fromkeys(same or [word]))
    return tuple(found)


def class_doubts(requirements: Iterable[Requirement], units: Sequence[Unit]) -> list[str]:
    """What does not fit between the classes of a notice and those of a roster, each a sentence for the coordinator."""
    asked = {one.id: one for one in requirements if one.only_for}
    if not asked:
        return []
    doubts = []
    classes = list(dict.fromkeys(unit.category for unit in units if unit.category))
    listed = "、".join(classes) or "没有类别一栏"
    for one in asked.values():
        for word in one.only_for:
            if not any(asked_of([word], category) is not False for category in classes):
                doubts.append(f"“{one.name}”只要求“{word}”报送，名册的类别里没有（现有：{listed}）。")
    words = tuple(dict.fromkeys(word for one in asked.values() for word in one.only_for))
    left = [category for category in classes if asked_of(words, category) is False]
    if left:
        doubts.append(f"名册里的“{'、'.join(left)}”，通知分类要求时没有提到。")
    unknown = [
        unit.name for unit in units if any(asked_of(one.only_for, unit.category) is None for one in asked.values())
    ]
    if unknown:
        shown = "、".join(unknown[:5]) + (f"等 {len(unknown)} 个单位" if len(unknown) > 5 else "")
        doubts.append(f"{shown}看不出属于哪一类，有关材料待人工确认，不算缺报。")
    return doubts
