"""Every program with what units do most: one file, several photos, an answer with history, a forwarded mail."""

from __future__ import annotations

from collections.abc import Iterator

from tests.mailmaker import wire
from tests.mailmaker.case import Case, Put
from tests.mailmaker.programs import PROGRAMS, Program, body, mail, named

UNITS = (
    "青禾县市场监督管理局", "滨江区工业和信息化局", "南屏市住房和城乡建设委员会", "朱镕镇人民政府", "北山高新区管委会",
    "西河县教育体育局", "石门区卫生健康委员会", "东湖生态城质量办", "喆元街道办事处", "云溪县交通运输局",
    "海门区应急管理局", "龙泉市农业农村局", "白沙县商务局", "金汤镇质量工作领导小组", "长亭区城市管理局",
    "新城区发展和改革局", "芦花乡人民政府", "赤岩县水务局",
)  # fmt: skip
PEOPLE = (
    "刘芳", "王镕", "欧阳晓囍", "赵喆", "陈垚", "孙玥", "周淼", "吴琰", "郑犇", "冯骉", "褚燚", "卫昇", "蒋堃", "沈翀",
    "韩昉", "杨旻", "朱玙", "秦祎",
)  # fmt: skip
TEXT = (
    "质量办各位同志：\n\n现将我单位“质量月”活动材料报送如下，请查收。\n"
    "图片1说明：启动仪式在政务大厅举行，①各科室、②企业代表参加。\n\n"
    "联系人：{0}　电话：0900-5550123\n{1}\n2022年10月10日"
)
HISTORY = "请各单位于10月14日17时前报送质量月活动材料。"


def cases() -> Iterator[Case]:
    """All programs, four mails each."""
    for number, (key, program) in enumerate(PROGRAMS.items()):
        unit, person = UNITS[number], PEOPLE[number]
        yield from _of(key, program, unit, person)


def _of(key: str, program: Program, unit: str, person: str) -> Iterator[Case]:
    said = TEXT.format(person, unit)
    address = f"{key.replace('-', '')}@qinghe.example"
    shown = f"{unit}{person}"

    name = f"{unit}“质量月”活动总结.docx"
    data = wire.content(f"{key}.docx")
    subject = f"报送：{unit}2022年“质量月”活动材料（总结）"
    raw = mail(
        program,
        subject=subject,
        inner=body(program, said, "1"),
        files=(named(program, name, data),),
        id=f"{key}-1",
        name=shown,
        address=address,
    )
    yield Case(
        name=f"{key}-summary",
        raw=raw,
        subject=subject,
        text=said,
        files=(Put(name, data),),
        from_name=shown,
        from_address=address,
    )

    photos = [f"图片{n}：{unit}开展进企业、进社区、进校园宣传活动现场照片及说明（{person}摄）.jpg" for n in (1, 2)]
    photos.append("IMG_20221009_153022.jpg")
    pictures = [wire.content(f"{key}{n}.jpg", 700 + n) for n in range(3)]
    files = tuple(named(program, photo, picture, "image/jpeg") for photo, picture in zip(photos, pictures, strict=True))
    puts = tuple(Put(photo, picture) for photo, picture in zip(photos, pictures, strict=True))
    raw = mail(
        program,
        subject="照片",
        inner=body(program, "照片三张，请查收。", "2"),
        files=files,
        id=f"{key}-2",
        name=shown,
        address=address,
    )
    yield Case(
        name=f"{key}-photos",
        raw=raw,
        subject="照片",
        text="照片三张，请查收。",
        files=puts,
        from_name=shown,
        from_address=address,
    )

    answer = "已按要求补充统计表，请审核。"
    table = wire.content(f"{key}.xlsx")
    raw = mail(
        program,
        subject="回复：关于报送“质量月”活动材料的通知",
        inner=body(program, answer, "3", history=HISTORY),
        files=(named(program, "附件2：统计表(盖章).xlsx", table),),
        id=f"{key}-3",
        name=shown,
        address=address,
    )
    yield Case(
        name=f"{key}-answer",
        raw=raw,
        subject="回复：关于报送“质量月”活动材料的通知",
        text=answer,
        quoted=(HISTORY,),
        files=(Put("附件2：统计表(盖章).xlsx", table),),
        from_name=shown,
        from_address=address,
    )
    yield _forward(key, program, unit, person)


def _forward(key: str, program: Program, unit: str, person: str) -> Case:
    """The mail of a colleague, enclosed as a message."""
    data = wire.content(f"{key}-inner.pdf")
    enclosed = mail(
        program,
        name=person,
        address="inner@qinghe.example",
        subject=f"{unit}典型案例",
        inner=body(program, "科室报送的案例，请转质量办。", "5"),
        files=(named(program, "典型案例（盖章扫描件）.pdf", data, "application/pdf"),),
        id=f"{key}-5",
    )
    message = wire.part([b"Content-Type: message/rfc822", b"Content-Disposition: attachment"], enclosed, "")
    raw = mail(
        program,
        name=person,
        address="outer@qinghe.example",
        subject=f"转发：{unit}典型案例",
        inner=body(program, "转发科室材料，请查收。", "4"),
        files=(message,),
        id=f"{key}-4",
    )
    return Case(
        name=f"{key}-forward",
        raw=raw,
        subject=f"转发：{unit}典型案例",
        from_name=person,
        from_address="outer@qinghe.example",
        text="转发科室材料，请查收。",
        quoted=("科室报送的案例，请转质量办。",),
        files=(Put("典型案例（盖章扫描件）.pdf", data, "转发邮件.eml/典型案例（盖章扫描件）.pdf"),),
    )
