"""What units say of what they sent before: every sentence here was made up, as offices write them."""

from __future__ import annotations

import time

import pytest

from rules.ledger.statements import statements

SAID = """
以此件为准|prefer
请以此件为准。|prefer
原表作废，以此为准。|void prefer
以本次报送的为准，谢谢！|prefer
请以附件为准|prefer
以最后一次报送的材料为准|prefer
统计表以今天这份为准|prefer
如与此前报送不一致，以本次为准|prefer
若有重复，以最新一封邮件为准|prefer
请采用本次报送的版本|prefer
请按新附件统计|prefer
以修改后的总结为准|prefer
以“总结终稿.docx”为准|prefer
选用图1和图3|prefer
保留图1、2，其余不用|prefer
典型案例2作废|void
仍以前一封邮件为准|keep
以第一次报送的为准|keep
以9月28日发送的材料为准|keep
上一封作废|void
上一封邮件作废，请以本邮件为准。|void prefer
前一封邮件请忽略|void
请忽略前一封|void
请忽略上一封邮件，以此封为准|void prefer
此前报送的材料全部作废|void
之前发的总结不用了|void
昨天发送的统计表作废|void
请删除我局9月28日发来的典型案例|void
原统计表作废|void
“总结.docx”作废|void
图2不要了|void
刚才那封邮件请勿使用|void
旧版总结停用|void
申请撤回上一封邮件|withdraw
现申请撤回我局昨天报送的典型案例|withdraw
请撤回总结|withdraw
我单位特申请撤回典型案例，请予批准|withdraw
因数据有误，申请撤回统计表|withdraw
请将我局报送的图2撤回|withdraw
云岭区市场监督管理局申请撤回此前报送的全部材料|withdraw
烦请把“总结.docx”撤回|withdraw
申请撤回|withdraw
请撤下第二张照片|withdraw
更正：统计表|replace
现更正如下，请查收|replace
现将统计表更正后重新报送|replace
更换图2|replace
请将图2更换为附件中的照片|replace
附件为更正后的统计表|replace
我局更换了活动照片，见附件|replace
照片更换一下|replace
统计表数据更正，请查收|replace
请用附件替换之前的总结|replace
替换上次的典型案例|replace
昨天的统计表发错了，现重新报送|faulty
上一封邮件附件发错，重发|faulty
之前报送的统计表有误|faulty
总结发错了|faulty
统计表中数据有误，现重新上报|faulty
刚才发错附件了|faulty
"""
SILENT = """
无需撤回上一封邮件
上一封邮件不作废
之前的材料没有作废
不必更换照片
并非更正，只是补充典型案例
如需更换照片请告知
如果统计表有误，请及时联系我们
如有错误请指正
能否撤回上一封邮件？
请问需要更正统计表吗
是否以此件为准？
督促企业召回缺陷产品12批次
图1：执法人员督促商家更换不合格电子秤，现场撤下过期食品若干
IMG_2031.jpg：工作人员撤下过期的宣传图片
指导商户更正价格标签
督促商家将虚假宣传图片撤下
过期许可证作废
以贵办通知为准
以纸质盖章件为准
以实际发生数为准
> 上一封作废，以此件为准
补报典型案例一篇
重发一次，怕没收到
现报送质量月活动总结，请查收
照片说明有误，更正为：九月六日在广场开展宣传活动
联系电话更正为0871-5550000
他们说“上一封作废”，我们不清楚
严禁以次充好，以质量为准绳
照片两张，说明附后
召回率达到100%
单位名称更正为云岭区市场监管局
活动以宣传标准知识为主
企业主动召回问题产品并更换标签
收回过期食品5公斤
材料不要求盖章
附件较大，不用下载即可查看
下发责令改正通知书12份
共检查企业50家，责令改正3家，无效投诉0件
请勿回复本邮件
如无问题不用回复
统计表没有填错
照片不对外公布
删除了两张不清晰的照片，其余见附件
"""
SUBJECTS = """
更正：滨江局统计表|replace
滨江区市场监督管理局更正统计表|replace
滨江局质量月材料（以此件为准）|prefer
滨江局质量月统计表（更正版）|replace
关于更换质量月照片的函|replace
撤回: 滨江局报送质量月材料|withdraw
回复：更正统计表|
转发：以此件为准|
滨江局报送质量月活动总结|
补报典型案例|
"""


def lines(table: str) -> list[str]:
    return [line for line in table.strip().split("\n") if line]


@pytest.mark.parametrize("line", lines(SAID))
def test_said(line: str) -> None:
    sentence, _, acts = line.partition("|")
    assert [one.act for one in statements("", f"您好：\n{sentence}\n云岭区市场监督管理局")] == acts.split()


@pytest.mark.parametrize("sentence", lines(SILENT))
def test_silent(sentence: str) -> None:
    assert statements("", f"您好：\n{sentence}\n此致") == ()


@pytest.mark.parametrize("line", lines(SUBJECTS))
def test_subjects(line: str) -> None:
    subject, _, acts = line.partition("|")
    assert [one.act for one in statements(subject, "")] == acts.split()


@pytest.mark.parametrize(
    ("sentence", "files", "pictures", "previous", "day"),
    [
        ("“总结.docx”作废", ("总结.docx",), (), False, None),
        ("请撤下图2", (), (2,), False, None),
        ("请撤下第三张照片", (), (3,), False, None),
        ("请忽略前一封", (), (), True, None),
        ("9月28日报送的统计表作废", (), (), False, (9, 28)),
        ("申请撤回此前报送的全部材料", (), (), False, None),
    ],
)
def test_what_is_meant(
    sentence: str, files: tuple[str, ...], pictures: tuple[int, ...], previous: bool, day: tuple[int, int] | None
) -> None:
    one = statements("", sentence)[0]
    assert (one.files, one.pictures, one.previous, one.day) == (files, pictures, previous, day)
    assert one.words in sentence


def test_hostile_words_cost_little() -> None:
    """Patterns repeat no repetition: long lines of the words they look for are read in time."""
    started = time.process_time()
    for word in ("局", "撤回", "请将", "以此", "前一封", "请请局局", "如有", "（", "图1.jpg"):
        statements(word * 500, (word * 60 + "，") * 300)
    assert time.process_time() - started < 5
