"""Pictures among the files of a unit: photos, paper that was photographed or scanned, posters, ornaments."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from rules.captioning.photo_names import caption_in_name
from rules.item import Item
from rules.placing.found import Found, placed, set_aside
from rules.placing.lexicon import Reading
from rules.placing.looks import is_ornament
from rules.placing.vocabulary import BY_ANNEX
from rules.words import stem

if TYPE_CHECKING:
    from rules.placing.desk import Desk

_NO_PHOTO = re.compile(r"海报|宣传画|易拉宝|截图|截屏|屏幕快照|screenshot|二维码|qrcode|宣传单|电子屏", re.IGNORECASE)
_SHEET = re.compile(r"表(?:[（(][^)）]*[)）]|\d|扫描件?|照片?)*+$")
_SCAN = re.compile(r"扫描|盖章|签字|签章|红头")


def find_picture(desk: Desk, item: Item, reading: Reading) -> Found:
    """What name and size of a picture tell: a photo, a scanned paper, an ornament, a poster."""
    papers = tuple(t for t in reading.targets if t in desk.table)
    if "表" in item.name:  # 数据质量检查.jpg shows a check, no table
        papers = papers or tuple(t for t in reading.mentioned if t in desk.table)
    elif reading.word != BY_ANNEX and not reading.at_end:
        papers = ()
    if not papers and not reading.aside and _SHEET.search(stem(item.name)):
        papers = desk.table
    if papers:
        plain = len(papers) == 1 and papers[0] in reading.mentioned + reading.targets
        why = f"图片名称含“{reading.word or '表'}”，像是纸质表格的照片"
        # 登记表.jpg may be the photo of a table that nobody asked for
        return placed(papers, why, 0.7) if plain or len(papers) > 1 else Found(candidates=papers, why=why)
    scanned = tuple(t for t in reading.targets if t in desk.text)
    if scanned and _SCAN.search(item.name):
        return placed(scanned, "名称像是材料的扫描件", 0.7)
    if reading.aside in ("letter", "notice") or (reading.aside == "plan" and reading.at_end):
        return set_aside(reading.aside)
    # a sentence such as 志愿者张贴宣传海报，居民驻足观看 is the caption of a photo
    if _NO_PHOTO.search(item.name) and desk.picture and not caption_in_name(item.name):
        named = tuple(t for t in reading.targets if t in desk.picture)
        return Found(ids=named or desk.picture, why="图片文件，名称像是海报或截图", confidence=0.6, spare=True)
    if not reading.targets and is_ornament(item):
        return Found(why="像是邮件签名或装饰用的小图，不计为报送材料")
    if scanned and reading.at_end and reading.certain and not set(reading.targets) & set(desk.picture):
        return Found(candidates=(*scanned, *desk.picture), why=f"是图片，但名称写的是“{reading.word}”")
    return desk.by_type(desk.picture, reading, "图片文件")
