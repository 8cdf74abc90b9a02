"""Rosters of any size: the invented city's own 114 units, and then the offices of its 2,000 invented towns."""

from __future__ import annotations

from itertools import product

from intake.demo.units import units
from rules.unit import Unit

_FIRST = "青望鹿栖丹松碧云白金沐临雁茶银桐竹荷兰枫梅柳杏桃榆槐柏杉樟楠禾麦稻菱芦苇泉涧湖屿岛汀洲渡桥塘堰圩墩坪坞浦岸"
_SECOND = "安平和宁康泰丰裕华兴盛隆昌顺祥瑞福寿喜乐明亮光辉远达通利济惠仁义礼智信诚廉正"
_OFFICES = (
    ("市场监督管理所", "市场监管所", "scs"),
    ("规划建设办公室", "规建办", "gjb"),
    ("文化服务中心", "文化中心", "whz"),
    ("中心小学", "中心小学", "xx"),
    ("卫生院", "卫生院", "wsy"),
    ("农业技术推广站", "农技站", "njz"),
    ("供销合作社", "供销社", "gxs"),
    ("敬老院", "敬老院", "jly"),
    ("自来水厂", "水厂", "sc"),
    ("司法所", "司法所", "sfs"),
)
_CITY = 114
"""Units of `intake.demo.units`."""


def crowd(count: int) -> tuple[Unit, ...]:
    """So many units, at most 20,254, no two of one name or address; the same each time."""
    towns = product(range(len(_OFFICES)), range(len(_FIRST)), range(len(_SECOND)))
    more = [_unit(number, *town) for number, town in zip(range(_CITY + 1, count + 1), towns, strict=False)]
    made = (*units(min(count, _CITY)), *more)
    if len(made) != count:
        raise ValueError(f"count must be at most {len(made)}")
    return made


def _unit(number: int, office: int, first: int, second: int) -> Unit:
    town = f"{_FIRST[first]}{_SECOND[second]}镇"
    name, short, box = _OFFICES[office]
    return Unit(
        code=f"{number:03d}",
        name=town + name,
        short=town + short,
        category="乡镇单位",
        contact=f"{_FIRST[second % len(_FIRST)]}{_SECOND[first % len(_SECOND)]}",
        phone=f"0871-6{number:07d}",
        addresses=(f"{box}@town-{first}-{second}.example",),
    )
