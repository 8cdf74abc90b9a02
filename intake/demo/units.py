"""Invented units (单位) of an invented city, and rosters (名册) of them as xlsx or csv."""

from __future__ import annotations

import csv
import io
import random
from collections.abc import Sequence
from pathlib import Path

from openpyxl import Workbook

from rules.unit import Unit

OFFICE_NAME = "云岭市质量强市工作领导小组办公室"
OFFICE_ADDRESS = "zlb@yunling.example"
HEADINGS = ("代码", "单位", "简称", "类别", "联系人", "电话", "邮箱")

# no place, office or person of these names is meant; the city does not exist
_PLACES = (
    ("青岚区", "qinglan"), ("望溪区", "wangxi"), ("鹿泽县", "luze"), ("栖霞岭区", "qixialing"),
    ("丹枫县", "danfeng"), ("松涛区", "songtao"), ("碧螺县", "biluo"), ("云栖新区", "yunqi"),
    ("白石渡区", "baishidu"), ("金谷县", "jingu"), ("沐川湾区", "muchuanwan"), ("临梧县", "linwu"),
    ("雁回区", "yanhui"), ("茶坪县", "chaping"), ("银杏坝区", "yinxingba"), ("桐溪县", "tongxi"),
    ("竹海区", "zhuhai"), ("荷塘岸区", "hetangan"),
)  # fmt: skip
_KINDS = (
    ("市场监督管理局", "市场监管局", "区县局", "scj"),
    ("住房和城乡建设局", "住建局", "区县局", "zjj"),
    ("文化和旅游局", "文旅局", "区县局", "wlj"),
    ("教育体育局", "教体局", "区县局", "jtj"),
    ("卫生健康局", "卫健局", "区县局", "wjj"),
    ("农业农村局", "农业农村局", "区县局", "nyj"),
)
_OTHERS = (
    ("云岭市质量检验检测院", "市质检院", "直属单位", "zjy"),
    ("云岭恒拓轴承有限公司", "恒拓轴承", "企业", "hengtuo"),
    ("云岭晨露乳业股份有限公司", "晨露乳业", "企业", "chenlu"),
    ("云岭市特种设备安全协会", "市特设协会", "社会组织", "tsxh"),
    ("云岭瑞禾种业有限公司", "瑞禾种业", "企业", "ruihe"),
    ("云岭理工职业学院", "理工职院", "院校", "lgzy"),
)
_SURNAMES = "陆顾沈韩唐曹邓彭萧田董袁潘蒋蔡余杜叶程魏苏吕丁任卢姚钟姜崔谭廖范汪石金韦贾夏付方邹熊白孟秦邱侯江尹薛"
_GIVEN = (
    "知远",
    "若溪",
    "明朗",
    "书宁",
    "思齐",
    "景行",
    "云舒",
    "子衿",
    "安澜",
    "一鸣",
    "雨桐",
    "嘉树",
    "望舒",
    "清和",
)


def units(count: int = 12, *, seed: int = 1) -> tuple[Unit, ...]:
    """So many invented units, always the same for the same arguments; at most 114.

    The first ones mix districts and others, so that a dozen looks like a real roster. Each has one
    registered address, every third a second one.
    """
    rows = _rows()
    if not 0 < count <= len(rows):
        raise ValueError(f"count must be between 1 and {len(rows)}")
    dice = random.Random(seed)
    contacts = [surname + given for surname in _SURNAMES for given in _GIVEN]
    dice.shuffle(contacts)
    return tuple(_unit(number, rows[number - 1], contacts[number]) for number in range(1, count + 1))


def write_roster(path: Path, units: Sequence[Unit], *, encoding: str = "utf-8-sig") -> None:
    """Write the roster in the format of the file's suffix: `.xlsx`, or `.csv` in `encoding` (utf-8-sig, gbk)."""
    rows = [
        (u.code, u.name, "、".join((u.short, *u.aliases)), u.category, u.contact, u.phone, "；".join(u.addresses))
        for u in units
    ]
    if path.suffix.lower() == ".csv":
        text = io.StringIO(newline="")
        csv.writer(text).writerows([HEADINGS, *rows])
        path.write_bytes(text.getvalue().encode(encoding))
    elif path.suffix.lower() == ".xlsx":
        workbook = Workbook()
        sheet = workbook.worksheets[0]
        sheet.title = "名册"
        for row in (HEADINGS, *rows):
            sheet.append(row)
        for letter, width in zip("ABCDEFG", (8, 34, 18, 12, 10, 16, 48), strict=True):
            sheet.column_dimensions[letter].width = width
        workbook.save(path)
    else:
        raise ValueError(f"a roster is .xlsx or .csv, not {path.suffix!r}")


def _rows() -> list[tuple[str, str, str, str]]:
    """(name, short name, category, local part@domain) of every unit there is, in roster order."""
    offices = [
        (place + name, place + short, category, f"{box}@{domain}.example")
        for name, short, category, box in _KINDS
        for place, domain in _PLACES
    ]
    others = [(name, short, category, f"zhiliang@{domain}.example") for name, short, category, domain in _OTHERS]
    mixed = []
    for number in range(len(others)):
        mixed += [offices[number], others[number]]
    return [*mixed, *offices[len(others) :]]


def _unit(number: int, row: tuple[str, str, str, str], contact: str) -> Unit:
    name, short, category, address = row
    second = (f"{30451000 + 37 * number}@qqmail.example",) if number % 3 == 0 else ()
    return Unit(
        code=f"{number:03d}",
        name=name,
        short=short,
        category=category,
        contact=contact,
        phone=f"0871-5550{1000 + number}" if number % 2 else f"1380000{2000 + number}",
        addresses=(address, *second),
    )
