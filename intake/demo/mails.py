"""The mails of the demo: a dozen invented units, two rounds, about thirty letters of every kind.

The demo's clock stands at 8 October 2022 (a Saturday worked in exchange for the holiday) for the first
round and at 11 October for the second; the notice `quality-month` is due on the 12th.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime

from intake.demo import machines, samples
from intake.demo import materials as m
from intake.demo.clients import Attached, compose
from intake.demo.forms import statistics
from intake.demo.story import CHINA, FIRST_NOW, SECOND_NOW, DemoMail, Story
from intake.demo.units import OFFICE_ADDRESS
from rules.unit import Unit

__all__ = ["FIRST_NOW", "SECOND_NOW", "DemoMail", "compose", "demo_mails"]

_NOTICE_ID = "<20220825.zlb.0007@yunling.example>"


def demo_mails(units: Sequence[Unit], seed: int = 1) -> tuple[DemoMail, ...]:
    """The whole story for the first twelve of `units`, in order of arrival."""
    if len(units) < 12:
        raise ValueError("the demo needs twelve units")
    story = Story(seed)
    mails = [*_first_round(story, units), *_second_round(story, units)]
    return tuple(mails)


def _first_round(story: Story, units: Sequence[Unit]) -> Iterator[DemoMail]:
    yield from _first_units(story, units)
    yield from _first_others(story, units)


def _first_units(story: Story, units: Sequence[Unit]) -> Iterator[DemoMail]:
    s = story.seed
    u = units[0]
    captions = [m.caption(u, s), m.caption(u, s + 1)]
    yield story.mail(
        "foxmail", u, f"{u.name}“质量月”活动材料", m.letter(u, m.captions_text(captions)),
        [m.summary(u, s), m.case(u, s), _photo(u, 1), _photo(u, 2), statistics(u, s)],
        about="一封齐全，图片说明在正文",
    )  # fmt: skip
    u = units[1]
    bundle = [
        (f"{u.short}材料/{file.name}", file.data)
        for file in (m.summary(u, s), m.case(u, s), _photo(u, 1), _photo(u, 2), statistics(u, s))
    ]
    notes = samples.docx("图片说明", [f"照片{number}：{m.caption(u, number)}" for number in (1, 2)])
    bundle.append((f"{u.short}材料/图片说明.docx", notes))
    yield story.mail(
        "qq", u, "质量月材料", m.letter(u), [Attached(f"{u.short}质量月材料.zip", samples.zip_gbk(bundle), m.ZIP)],
        about="压缩包，文件名为GBK，图片说明在Word",
    )  # fmt: skip
    u = units[2]
    yield story.mail(
        "163", u, f"{u.short}质量月活动总结和典型案例", m.letter(u), [m.summary(u, s), m.case(u, s)], about="三封之一"
    )
    yield story.mail(
        "163", u, f"{u.short}质量月图片", m.letter(u, m.captions_text([m.caption(u, s)])), [_photo(u, 1)],
        about="三封之二",
    )  # fmt: skip
    yield story.mail("163", u, f"{u.short}统计表", m.letter(u), [statistics(u, s)], about="三封之三，至此齐全")
    u = units[3]
    fake = m.recoded(_photo(u, 1), width=1280, format="PNG")._replace(type=m.JPEG)
    yield story.mail(
        "coremail", u, f"报送{u.short}质量月材料", m.letter(u, m.captions_text([m.caption(u, s)])),
        [m.summary(u, s), m.case(u, s), fake, statistics(u, s)],
        about="PNG改名为.jpg",
    )  # fmt: skip
    u = units[4]
    yield story.mail(
        "outlook", u, f"{u.name}质量月活动材料", m.letter(u, m.captions_text([m.caption(u, s)])),
        [m.summary(u, s), m.case(u, s), m.recoded(_photo(u, 1), width=800), statistics(u, s)],
        about="图片只有800×600",
    )  # fmt: skip
    u = units[5]
    pasted = samples.docx("活动图片", [], pictures=[(_photo(u, 1).data, m.caption(u, s))])
    yield story.mail(
        "qq", u, f"{u.short}质量月材料", m.letter(u),
        [m.summary(u, s), m.case(u, s), Attached("活动图片.docx", pasted, m.DOCX), statistics(u, s)],
        from_=("晨露质量部", u.addresses[-1]), about="图片粘贴在Word里",
    )  # fmt: skip
    u = units[6]
    yield story.mail(
        "raw-gbk", u, f"{u.short}质量月材料", m.letter(u, m.captions_text([m.caption(u, s)])),
        [m.summary(u, s), m.case(u, s), _photo(u, 1)],
        about="缺统计表；信头和附件名未编码",
    )  # fmt: skip
    u = units[7]
    yield story.mail(
        "foxmail", u, f"{u.name}报送材料", m.letter(u),
        [
            m.summary(u, s), m.case(u, s), statistics(u, s, fault="text"),
            _photo(u, 1, name=m.caption(u, 1) + ".jpg"), _photo(u, 2, name=m.caption(u, 2) + ".jpg"),
        ],
        about="统计表数字栏填了文字；图片说明在文件名",
    )  # fmt: skip
    u = units[8]
    text = m.letter(u, m.captions_text([m.caption(u, s)]) + "\n视频较大，请从附件链接下载。")
    yield story.mail(
        "qq", u, f"{u.short}质量月材料（含视频）", text,
        [m.summary(u, s), m.case(u, s), _photo(u, 1), statistics(u, s)],
        html=machines.qq_big_attachment(
            text, name="质量月宣传短片.mp4", size="183.40M", expires="2022年11月07日 10:12", key="5f2c77a1" * 4
        ),
        about="齐全，视频是超大附件链接",
    )  # fmt: skip
    u = units[9]
    yield story.mail(
        "qq", u, f"{u.name}质量月材料", m.letter(u, m.captions_text([m.caption(u, s)])),
        [m.summary(u, s), m.case(u, s), _photo(u, 1), statistics(u, s)],
        from_=("阳光总在风雨后", "719940218@qqmail.example"), about="陌生QQ邮箱，写明了单位",
    )  # fmt: skip
    u = units[10]
    upright = m.photo(u, 1, width=1600, height=1200, exif_orientation=6)
    yield story.mail(
        "iphone", u, f"{u.short}质量月材料", m.letter(u),
        [m.summary(u, s), m.case(u, s), upright, statistics(u, s)],
        about="竖拍照片，没有图片说明",
    )  # fmt: skip


def _first_others(story: Story, units: Sequence[Unit]) -> Iterator[DemoMail]:
    story.start(datetime(2022, 10, 8, 13, 2, tzinfo=CHINA))
    stranger = ("小雨", "rain_2009@mailbox.example")
    nobody = Unit(code="000", name="", addresses=(stranger[1],))
    yield story.mail(
        "iphone", nobody, "材料", "老师好，材料发您了。\n\n发自我的手机",
        [Attached("", samples.photo(1280, 960, seed=77), m.JPEG)],
        from_=stranger, about="陌生邮箱，看不出单位",
    )  # fmt: skip
    date, id_ = story.next("mx.lgzy.example")
    failed = units[11].addresses[0]
    bounce = machines.bounce(to=OFFICE_ADDRESS, failed=failed, original_id=_NOTICE_ID, date=date, message_id=id_)
    yield story.machine(bounce, date, "退信：该单位邮箱已停用")
    u = units[2]
    date, id_ = story.next("wangxi.example")
    reply = machines.auto_reply(from_=(u.contact, u.addresses[0]), to=OFFICE_ADDRESS, date=date, message_id=id_)
    yield story.machine(reply, date, "自动回复，信头有标记")
    u = units[4]
    date, id_ = story.next("luze.example")
    reply = machines.auto_reply(
        from_=(u.contact, u.addresses[0]), to=OFFICE_ADDRESS, date=date, message_id=id_, marked=False
    )
    yield story.machine(reply, date, "自动回复，只看得出主题")
    date, id_ = story.next("lists.zixun.example")
    yield story.machine(machines.newsletter(to=OFFICE_ADDRESS, date=date, message_id=id_, issue=213), date, "订阅资讯")
    u = units[0]
    date, id_ = story.next("qinglan.example")
    receipt = machines.read_receipt(
        from_=u.addresses[0], to=OFFICE_ADDRESS, original_id=_NOTICE_ID, date=date, message_id=id_
    )
    yield story.machine(receipt, date, "已读回执")
    seller = ("财税顾问小王", "wang@daikai.example")
    yield story.mail(
        "163", nobody, "代理记账优惠，量大从优", "贵公司您好，我司可代理记账、注册商标，详情请加微信咨询。",
        from_=seller, about="推销邮件",
    )  # fmt: skip


def _second_round(story: Story, units: Sequence[Unit]) -> Iterator[DemoMail]:
    s = story.seed
    story.start(datetime(2022, 10, 9, 9, 5, tzinfo=CHINA))
    u = units[3]
    yield story.mail(
        "coremail", u, f"更正：{u.short}质量月图片", m.letter(u, m.captions_text([m.caption(u, s)]), what="活动图片"),
        [_photo(u, 1)], round=2, about="更正后的JPG图片",
    )  # fmt: skip
    u = units[4]
    yield story.mail(
        "outlook", u, f"重发图片—{u.short}", m.letter(u, m.captions_text([m.caption(u, s)]), what="活动图片原图"),
        [_photo(u, 1)], round=2, about="补来原图",
    )  # fmt: skip
    u = units[5]
    yield story.mail(
        "iphone", u, f"{u.short}活动照片", m.letter(u, m.captions_text([m.caption(u, s)]), what="活动照片"),
        [_photo(u, 1)._replace(name="")], round=2, about="手机内嵌照片，没有文件名",
    )  # fmt: skip
    u = units[6]
    yield story.mail(
        "raw-gbk", u, f"补报统计表-{u.short}", m.letter(u, what="活动情况统计表"),
        [statistics(u, s, fault="total")], round=2, about="补来的统计表合计不对",
    )  # fmt: skip
    u = units[7]
    yield story.mail(
        "foxmail", u, f"更正统计表-{u.short}", m.letter(u, "原表作废，以此为准。", what="更正后的统计表"),
        [statistics(u, s)], round=2, about="更正后的统计表",
    )  # fmt: skip
    u = units[10]
    yield story.mail(
        "iphone", u, f"补充图片说明-{u.short}", m.letter(u, m.captions_text([m.caption(u, s)]), what="图片说明"),
        round=2, about="只补文字说明",
    )  # fmt: skip
    story.start(datetime(2022, 10, 10, 9, 40, tzinfo=CHINA))
    u = units[0]
    captions = [m.caption(u, s), m.caption(u, s + 1)]
    yield story.mail(
        "foxmail", u, f"{u.name}“质量月”活动材料", m.letter(u, m.captions_text(captions)),
        [m.summary(u, s), m.case(u, s), _photo(u, 1), _photo(u, 2), statistics(u, s)],
        round=2, about="怕没收到，原样重发",
    )  # fmt: skip
    u = units[2]
    text = m.letter(u, what="质量月宣传视频")
    yield story.mail(
        "163", u, f"{u.short}质量月视频", text,
        html=machines.netease_big_attachment(
            text, name="望溪质量月.mp4", size="96.20M", expires="2022年10月25日", key="Zk3x9" * 6
        ),
        round=2, about="视频走163云附件",
    )  # fmt: skip
    u = units[8]
    yield story.mail(
        "qq", u, f"{u.short}图片（压缩版）", m.letter(u, m.captions_text([m.caption(u, s)]), what="图片"),
        [m.recoded(_photo(u, 1), width=640)], round=2, about="后来的图片反而更小",
    )  # fmt: skip
    date, id_ = story.next("lists.zixun.example")
    issue = machines.newsletter(to=OFFICE_ADDRESS, date=date, message_id=id_, issue=214)
    yield story.machine(issue, date, "订阅资讯", 2)


def _photo(unit: Unit, seed: int, name: str = "") -> Attached:
    return m.photo(unit, seed, name=name)
