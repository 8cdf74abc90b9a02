"""Who may be asked and who signs, in the ways offices write it."""

from __future__ import annotations

import re

import pytest

from rules.compile.assemble import compile_notice

ASKED = "关于报送的通知\n请于2022年9月1日前将总结报送a@b.cn。\n"
BODY = "各有关单位：\n为做好工作，请于2022年10月12日前将总结报送a@b.cn。\n"


@pytest.mark.parametrize(
    ("words", "name", "phone"),
    [
        ("联系人：王芳\n电话：0571-88881111\n传真：0571-88882222", "王芳", "0571-88881111"),
        ("联系人及电话：王芳 0571-88881111", "王芳", "0571-88881111"),
        ("（联系人：王芳，联系电话：88881111；邮箱：a@b.cn）", "王芳", "88881111"),
        ("联 系 人：王 芳　李小明\n联系电话：（0571）88881111", "王芳、李小明", "0571-88881111"),
        ("联系方式：王老师，13812345678", "王老师", "13812345678"),
        ("咨询电话：0571-88881111、88881112", "", "0571-88881111"),
        ("联系人：综合科 王芳，88881111", "王芳", "88881111"),
        ("联系人：市文联 王芳；手机：138-1234-5678", "王芳", "138-1234-5678"),
        ("王芳（办公室）：0571-88881111", "王芳", "0571-88881111"),
        ("电话:0571-88881111转8012 联系人:欧阳明", "欧阳明", "0571-88881111转8012"),
        ("投稿咨询：0571-88881111（王女士）", "王女士", "0571-88881111"),
        ("五、联系人\n王芳：0571-88881111；李明：0571-88881112", "王芳", "0571-88881111"),
    ],
)
def test_contacts(words: str, name: str, phone: str) -> None:
    contact = compile_notice(ASKED + words).contact
    assert (contact.name, contact.phone) == (name, phone)


def test_a_date_and_a_mailbox_are_no_telephone() -> None:
    contact = compile_notice("联系方式：\n2022年10月12日\n13800001111@163.com").contact
    assert contact.phone == ""


@pytest.mark.parametrize(
    ("text", "issuer"),
    [
        ("关于报送总结的通知\n" + BODY + "江州市统计局（盖章）\n2022年9月1日", "江州市统计局(盖章)"),
        ("关于报送总结的通知\n" + BODY + "江州市统计局\n2022 年 9 月 1 日\n责任编辑：张三\n打印 关闭", "江州市统计局"),
        ("江州市人民政府办公室关于报送总结的通知\n" + BODY, "江州市人民政府办公室"),
        ("征集公告\n来源：江州日报社 发布时间：2022-08-01\n现征集摄影作品，发至a@b.cn。", "江州日报社"),
        ("摄影大赛征稿\n主办单位：江州市文联\n承办单位：江州市摄影家协会\n投稿a@b.cn。", "江州市文联"),
        ("近日，江州市生态环境局启动海报征集活动。作品请于2022年9月1日前发至a@b.cn。", "江州市生态环境局"),
        ("江州大学图书馆第三届读书节征文通知\n各学院：\n请于2022年9月1日前发至a@b.cn。", "江州大学图书馆"),
        (
            "关于举办比赛的通知\n" + BODY + "江州大学工会\n江州大学妇委会\n二〇二二年八月一日",
            "江州大学工会、江州大学妇委会",
        ),
        ("关于举办比赛的通知\n请报名。联系人：张三。 江州集团工会委员会 2022年8月1日", "江州集团工会委员会"),
    ],
)
def test_issuers(text: str, issuer: str) -> None:
    found = compile_notice(text).issuer
    assert re.sub(r"\s", "", found).replace("（", "(").replace("）", ")") == issuer
