"""Who issues a notice when nobody signed it: the title, a line above it, or the office that invites in the text."""

from __future__ import annotations

import re
from collections.abc import Sequence

from rules.compile.signature import ORGAN, ORGANS, Row

HOSTS: tuple[tuple[str, str], ...] = (
    (r"(?:(?:主办单位|主办方)[:为是\n]*|主办[:为是]|\n主办\n)([^。;\n]{3,60})", "主办单位：市文联"),
    (r"(?:^|\n)[^\n]{0,24}?(?:发布单位|发布部门|发布机构|作者|发布者|发文单位|发布人):\|?([\u4e00-\u9fa5“”]{3,30}?)(?:审核|发布|时间|来源|作者|日期|编辑|浏览|点击|阅读|字体|字号|责任|[^\u4e00-\u9fa5“”]|$)", "作者：党委宣传部"),
    (r"(?:^|[,。\n])(?:由)?([\u4e00-\u9fa5“”·()、]{3,50}?)(?:共同|联合)?(?:主办|(?:决定|确定|拟|将|现|特)(?:共同|联合)?(?:在|于|以|面向|开展|举办|组织|向)|启动|发起|推出|联合)", "市文联决定举办比赛"),
    (r"由([\u4e00-\u9fa5“”·()、]{4,60}?)(?:共同|联合)?(?:主办|举办|发起|指导)", "由江州市文联主办"),
    (r"经([\u4e00-\u9fa5“”·()、]{4,60}?)(?:共同|联合)?研究,?(?:决定|同意)", "经市总工会研究，决定"),
    (r"(?:^|[,。、\n])([\u4e00-\u9fa5“”·()]{3,30}?)(?:面向|向|在)(?:全国|社会|全社会|社会各界|全市|全省|全县|全区|全校|校内外|海内外)[^,。;\n]{0,10}征集", "市农垦集团面向全国征集会歌"),
    (r"(?:^|[,。\n])([\u4e00-\u9fa5“”·()]{3,24}?)(?:近期|近日)?(?:组织)?(?:开展|举办|举行|发出|印发)[^,。;\n]{2,30}(?:活动|大赛|比赛|通知)", "市总工会开展征集活动"),
    (r"(?:来源|发布单位|发布部门|发布机构|信息来源|供稿|作者|发布者|发文单位|发布人):\|?([\u4e00-\u9fa5“”]{3,30}?)(?:发布|时间|作者|日期|编辑|浏览|点击|阅读|字体|字号|责任|[^\u4e00-\u9fa5“”]|$)", "来源：市日报社"),
    (r"(?:报送?|反馈|提交|发送|寄)(?:至|到|给|回)([\u4e00-\u9fa5“”·()]{3,30})(?:[,。;:(\n邮]|的?邮箱|电子邮箱|指定)", "报送至市教育局（联系人"),
    (r"(?:解释权|版权|使用权|知识产权)(?:均|都|全部)?归(?:属)?(?:于)?([\u4e00-\u9fa5“”·()]{3,24}?)(?:共同)?(?:所有|享有|拥有|。|\n|$)", "解释权归市文联所有"),
    (r"征集《?([\u4e00-\u9fa5]{3,24}?)(?:校歌|校徽|校训|院徽|吉祥物|标识|标志|徽标|形象|LOGO|logo|Logo|会徽|会歌|主题曲)", "征集清河县第四中学校歌"),
)  # fmt: skip
"""Where a text without signature names the office that invites, the surest first; an example of each."""
_NOT_AN_OFFICE = re.compile(
    r"(?:局|院|校|市局|省局)(?!科研|党委|团委|工会|办公室|学生|宣传|组织|人事)|我|本|会务|指定|以下|各|全体|有关|相关|主办|关于|转发|征集|在|根据|按照|为|请|凡"
)


def issuer_of_title(title: str) -> str:
    """The office a title begins with: 某市教育局关于……; "" when it begins otherwise."""
    title = re.sub(r"^\d+元\s*", "", title)
    found = re.match(r"^(?!关于|转发|印发)([\u4e00-\u9fa5“”()、]{3,40}?)(?:关于|转发|《)", title)
    if found and ORGAN.search(found[1]):
        return found[1]
    # 江陵市档案馆2022年度… and 某大学第三届…
    ends = "|".join(sorted(ORGANS, key=len, reverse=True))
    found = re.match(
        rf"^([\u4e00-\u9fa5“”]{{2,24}}?(?:{ends}))(?=(?:19|20)\d\d|第[一二三四五六七八九十\d]+[届期]|举办|开展|征集|公开|面向|诚|招募|“|《|向社会)",
        title,
    )
    if found is None:  # 清河县实验小学吉祥物设计方案征集
        found = re.match(
            rf"^([\u4e00-\u9fa5]{{2,24}}(?:{ends}))(?=[\u4e00-\u9fa5A-Za-z]{{2,12}}(?:征集|大赛|比赛))", title
        )
    return found[1] if found and not re.match(r"第|举办|开展|关于|全国|我|在|各", found[1]) else ""


def host(text: str) -> str:
    """The office that invites, named in the text: 主办单位：X; X决定开展; X面向全社会征集."""
    for pattern, _ in HOSTS:
        for found in re.finditer(pattern, text[:3000]):
            words = re.sub(r"^[\u4e00-\u9fa5“”]{0,24}(?<!自)由(?=.{4})", "", found[1])
            words = re.sub(r"^(?:\([一二三四五六七八九十\d]{1,2}\)|\d{1,2}[.、])", "", words)
            words = re.sub(r"^(?:为[^,]*,|根据[^,]*,|近日|经研究|日前|现)", "", words)
            first = re.split(r"[,,、]", words)[0] if not pattern.startswith("由") else words
            if _NOT_AN_OFFICE.match(first):
                continue
            if ORGAN.search(re.sub(r"(?:和|与).*", "", first)) or ORGAN.search(first):
                return words if len(words) < 50 else first
    return ""


def before_title(rows: Sequence[Row], title_row: int, numbered: bool) -> str:
    """The letterhead over the title; "" when there is none."""
    for _, _, line in rows[: 6 if numbered else max(0, title_row)]:
        bare = re.sub(r"文件$", "", line)
        if 4 <= len(bare) <= 30 and ORGAN.search(bare):
            return bare
    return ""
