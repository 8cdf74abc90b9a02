"""Mailboxes, telephone numbers and the people behind them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

import msgspec

from rules.compile.outline import Sentence
from rules.compile.page import Page

BOXES: tuple[tuple[str, str], ...] = (
    (r"(?<![A-Za-z0-9._+\-])[A-Za-z0-9][A-Za-z0-9._+\-]{0,63}[ ]?@[ ]?[A-Za-z0-9][A-Za-z0-9\-]{0,62}(?:[ ]?\.[ ]?[A-Za-z0-9\-]{1,62}){1,6}", "zlb@example.gov.cn"),
    (r"(?<![A-Za-z0-9._+\-])[A-Za-z0-9][A-Za-z0-9._+\-]{0,63}[ ]?(?:#|\(at\)|\[at\]|\(#\))[ ]?[A-Za-z0-9\-]+(?:\.[A-Za-z0-9\-]+)*\.(?:com|cn|net|org)", "zlb#example.com（# 代替 @）"),
    (r"(?<=[:为至到箱])[A-Za-z0-9][A-Za-z0-9._\-]{3,30}[ ](?:qq|163|126|139|sina|sohu|foxmail|aliyun|yeah|gmail|outlook|hotmail)\.(?:com|net|cn)(?![A-Za-z0-9])", "邮箱:zlb2022 163.com（丢失 @）"),
)  # fmt: skip
"""Ways of writing an address; the example shows one."""
SENDING = r"发送|发至|发到|发往|投稿|报送|提交|报至|上报|传至|反馈|收件|投递|接收|指定邮箱|专用邮箱|征集邮箱|投稿邮箱|报名邮箱|电子版|电子稿|作品|材料|邮件|发邮|回执"
"""Words beside the box that material goes to."""
PHONES = (
    r"(?<!\d)1[3-9]\d(?:[- ]?\d{4}){2}(?!\d)|400-?\d{3,4}-?\d{3,4}"
    r"|(?<!\d)(?:0\d{2,3}-?)?(?:\d{4} \d{4}|\d{7,8})(?:-\d{1,5}|转\d{1,5})?(?![\d年月日号@])|(?<!\d)\d{5,6}(?![\d年月日号@.])"
)
_PHONE = re.compile(rf"(?:\(?\+?86\)?-?)?((?:\(0\d{{2,3}}\)-?)?(?:{PHONES}))")
_LABELS = {
    "name": r"(?:工作|业务|材料|活动|会务|报名|具体|咨询)?联系人(?:员)?(?:姓名)?(?:及(?:联系)?(?:电话|方式))?|联络员|联络人|收件人|咨询人|负责人",
    "phone": r"(?:联系|咨询|办公|固定|值班|服务|投稿|报名)?(?:电话|热线|手机)(?:号码)?|联系方式|电联|[Tt][Ee][Ll]|(?:投稿|报名|业务|活动|赛事)?咨询(?=:)",
    "fax": r"(?:电话)?/?传真(?:电话)?|[Ff][Aa][Xx]",
}
"""Labels before a name, a telephone and a fax number."""
_SURNAMES = (
    "洪赖植丘揭糜竺习王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾肖萧田董袁潘于蒋蔡余杜叶程苏魏吕丁任沈姚卢姜崔钟谭陆"
    "汪范金石廖贾夏韦付傅方白邹孟熊秦邱江尹薛闫阎段雷侯龙史陶黎贺顾毛郝龚邵万钱严覃武戴莫孔向汤常温康施文牛樊葛邢安齐易乔"
    "伍庞颜倪庄聂章鲁岳翟殷詹申欧耿关兰焦俞左柳甘祝包宁尚符舒阮柯纪梅童凌毕单季裴霍涂成苗谷盛曲翁冉骆蓝路游辛靳管柴蒙鲍华"
    "喻祁蒲房滕屈饶解牟艾尤阳时穆农司卓古吉缪简车项连芦麦褚娄窦戚岑景党宫费卜冷晏席卫米柏宗瞿桂全佟应臧闵苟邬边卞姬师和"
    "仇栾隋商刁沙荣巫寇桑郎甄丛仲虞敖巩明佘池查麻苑迟邝官封谈匡鞠惠荆乐冀郁胥南班储原栗燕楚鄢劳谌奚皮粟冼蔺楼盘满闻位厉"
    "仝区郜海阚花权强帅屠豆朴盖练廉禹井祖漆巴丰支卿国狄平计索宣晋相初门云容敬来扈晁芮都普阙浦戈伏鹿薄邸雍辜羊阿乌母裘亓修邰赫杭况那宿鲜印逯隆茹诺战慕危玉银亢嵇公"
)
_TITLE = r"(?:老师|同志|先生|女士|主任|科长|处长|警官|秘书|干事|主编|编辑|经理|部长|同学|校长|助理|专员|小姐|医生|工)"
_NAME = re.compile(rf"([{_SURNAMES}](?:{_TITLE}|[\u4e00-\u9fa5·]{{1,3}}(?:{_TITLE})?)|[\u4e00-\u9fa5]{_TITLE})")
_NOT_NAME = re.compile(r"电话|邮|传真|手机|地址|联系|单位|方式|部门|办公|科室|学院|姓名|咨询|微信|及|号码")


class Box(msgspec.Struct, frozen=True, kw_only=True):
    """An address in the text, and how surely material goes there."""

    address: str
    start: int
    end: int
    weight: int


class Person(msgspec.Struct, frozen=True, kw_only=True):
    """Whom a unit may ask. Empty strings where the notice says nothing."""

    name: str = ""
    phone: str = ""
    fax: str = ""
    start: int = 0
    end: int = 0


def boxes(page: Page, lines: Sequence[Sentence]) -> tuple[Box, ...]:
    """Every address once, those that material is sent to first."""
    best: dict[str, Box] = {}
    for pattern, _ in BOXES:
        for found in re.finditer(pattern, page.text):
            address = re.sub(r"\s", "" if re.search(r"[@#(\[]", found[0]) else "@", found[0])
            address = re.sub(r"#|\(at\)|\[at\]|\(#\)", "@", address).rstrip(".-")
            address = re.sub(r"^(?:[Ee]-?mail|mailto|MAIL|QQ)(?=[a-z0-9]{3})", "", address)
            address = re.sub(
                r"(?<=\.(?:com|edu|gov|org|net))\d$|(?<=\.cn)\d$", "", address
            )  # a list mark that stuck to it
            weight = _box_weight(page.text, found.start(), lines)
            key = address.lower()
            if key not in best or best[key].weight < weight:
                best[key] = Box(address=address, start=found.start(), end=found.end(), weight=weight)
    return tuple(sorted(best.values(), key=lambda box: (-box.weight, box.start)))


def _box_weight(text: str, place: int, lines: Sequence[Sentence]) -> int:
    sentence = next((s for s in lines if s.start <= place < s.end), None)
    begin = max(sentence.start if sentence else 0, place - 60)
    before = text[begin:place]
    weight = 0
    near = re.findall(SENDING, before)
    weight += 2 * min(3, len(near))
    if re.search(
        r"(?:发送?(?:至|到|往)|投稿(?:邮箱|信箱|至|地址)|报送?至|提交至|指定邮箱|专用邮箱|邮箱|信箱|E-?mail)[^,。;@]{0,20}$",
        before,
        re.I,
    ):
        weight += 2
    if sentence and any(re.search(r"投稿|报送|提交|征集|参与|申报|报名|方式|办法", head) for head in sentence.heads):
        weight += 1
    if re.search(r"(?:咨询|监督|举报|投诉|纪检|技术支持|客服|发票)[^,。;]{0,12}$", before):
        weight -= 4
    return weight


def person(page: Page, box: Box | None) -> Person:
    """The contact beside the mailbox, else the first one."""
    people = list(_people(page))
    if not people:
        return Person()
    full = [one for one in people if one.name and one.phone] or [one for one in people if one.name] or people
    if box is not None and len(full) > 1:
        behind = [one for one in full if one.start <= box.start <= one.end + 120]
        if behind:
            return behind[-1]
    return full[0]


def _people(page: Page) -> Iterator[Person]:
    """One person for each label 联系人, each telephone without one, each name with a number in brackets."""
    text = page.text
    marks = sorted(
        (found.start(), kind, found.end())
        for kind, pattern in _LABELS.items()
        for found in re.finditer(rf"(?:{pattern})(?:\([^)]*\))?[:;是为]?", text)
    )
    name = phone = fax = ""
    start = end = -1
    for place, kind, after in marks:
        if kind == "name":
            if phone and not name and place - end < 60:  # 联系电话：… 联系人：…
                name = _names(page, after)
                end = place
                continue
            if name or phone:
                yield Person(name=name, phone=phone, fax=fax, start=start, end=end)
            name, phone, fax = _names(page, after), "", ""
            start = end = place
            if not phone and (
                ahead := re.search(
                    r"(?<![\d-])((?:0\d{2,3}-?)?\d{7,8}|1[3-9]\d{9})[,、;:]?$", text[max(0, place - 18) : place]
                )
            ):
                phone = _tidy(ahead[1])  # 0571-88881111，联系人：王芳
            near = text[after : after + 40].lstrip("\n:")
            beside = _PHONE.search(re.sub(r"(邮编|邮政编码|编码):?\d{6}", "", near.split("\n")[0])) if name else None
            if beside and "@" not in near[beside.end() : beside.end() + 2]:
                phone = _tidy(beside[1])
        elif kind == "phone":
            number = _number(text, after)
            if number and place - end > 160 and (name or phone):
                yield Person(name=name, phone=phone, fax=fax, start=start, end=end)
                name, phone, fax, start = "", "", "", place
            if number and not phone:
                phone, start = number, start if start >= 0 else place
            if not name and number:
                name = _before(text, place) or _name_at(page, after)
            if number:
                end = place
        elif not fax:
            fax = _number(text, after)
            if fax and not phone and re.match(r"电话/传真", text[place : place + 5]):
                phone = fax
    if name or phone:
        yield Person(name=name, phone=phone, fax=fax, start=start, end=end)
    else:
        for found in re.finditer(
            rf"{_NAME.pattern}(?:\([^()\d]{{1,10}}\))?[,、:(]{{0,2}}(?:电话:?)?({PHONES})(?!\d*@)", text
        ):
            if _NOT_NAME.search(found[1]):
                continue
            yield Person(name=found[1], phone=_tidy(found[2]), start=found.start(), end=found.end())


def _number(text: str, place: int) -> str:
    line = text[place : place + 40].lstrip("\n").split("\n")[0]
    found = _PHONE.search(line)
    return _tidy(found[1]) if found and "@" not in line[: found.end() + 1] else ""


def _tidy(number: str) -> str:
    number = number.strip()
    return number.lstrip("(").replace(")", "-").replace("--", "-") if number.startswith("(0") else number.strip("()")


def _names(page: Page, place: int) -> str:
    """Names behind 联系人: one or several, side by side or with 、 between."""
    text = page.text
    stop = min(len(text), place + 40)
    place += len(text[place:stop]) - len(text[place:stop].lstrip("\n:"))
    words = page.spaced(place, stop)
    words = re.split(r"[\n;。()\d]|电话|手机|联系|邮箱|传真|地址|[Tt]el", words)[0]
    words = re.sub(r"(?<![\u4e00-\u9fa5])([\u4e00-\u9fa5]) +([\u4e00-\u9fa5])(?![\u4e00-\u9fa5])", r"\1\2", words)
    names: list[str] = []
    spare = ""
    for part in re.split(r"[,、/ ]|和|及", words):
        if len(part) > 8 or _NOT_NAME.search(part):
            part = re.split(r"办公室|科|处|部|中心", part)[-1] if re.search(r"办公室|科|处|部|中心", part) else ""
        desk = re.fullmatch(rf"[\u4e00-\u9fa5]{{1,8}}[科处部室办馆社]({_NAME.pattern})", part)
        if desk and not _NAME.fullmatch(part):
            part = desk[1]  # 联系人：校史科王芳
        if _NAME.fullmatch(part):
            names.append(part)
        elif names and part:
            break
        elif re.fullmatch(r"[\u4e00-\u9fa5·]{2,4}", part) and not re.search(
            r"学校|[中小大]学|公司|协会|中心|学会", part
        ):
            spare = spare or part  # a rare surname, or an office: 综合科 王芳
    if not names and spare:
        names = [spare]
    if not names:  # 张 三: a name spread over two columns
        squeezed = words.replace(" ", "")
        found = _NAME.match(squeezed)
        return found[1] if found and len(squeezed) <= 6 else ""
    if all(len(name) == 1 for name in names):
        return "".join(names)
    return "、".join(name for name in names if len(name) > 1)


def _before(text: str, place: int) -> str:
    """A name right before its telephone: 李老师，电话…"""
    found = re.search(
        rf"([{_SURNAMES}][\u4e00-\u9fa5]{{0,2}}{_TITLE}?)[,、;: ]?(?:联系)?$", text[max(0, place - 8) : place]
    )
    return found[1] if found and re.search(_TITLE, found[1]) else ""


def _name_at(page: Page, place: int) -> str:
    """联系方式：张老师 0571-…"""
    line = page.text[place : place + 40].lstrip("\n:").split("\n")[0]
    number = _PHONE.search(line)
    if number is None:
        return ""
    before = re.search(rf"(?:^|[:,、(\u4e00-\u9fa5]){_NAME.pattern}(?:[,、:(]|电话|联系)*$", line[: number.start()])
    behind = re.match(
        rf"\((?P<row>[{_SURNAMES}]{_TITLE}(?:、[{_SURNAMES}]{_TITLE})+)\)|\({_NAME.pattern}\)|[,、 ](?P<n>[{_SURNAMES}]{_TITLE})(?=[,。;)\n]|$)",
        line[number.end() :],
    )
    found = before or behind
    return next((said for said in found.groups() if said), "") if found else ""
