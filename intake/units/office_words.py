"""How offices shorten one another's names: data for `intake.units.name_forms`, in that module's canonical spelling."""

from __future__ import annotations

import re


def _either(*lines: str) -> str:
    """Words as alternatives of a pattern, each once."""
    return "|".join(dict.fromkeys(" ".join(lines).split()))


SAME = {
    "市场监督管理": "市场监管",
    "监督管理": "监管",
    "居民委员会": "居委",
    "村民委员会": "村委",
    "管理委员会": "管委",
    "居委会": "居委",
    "村委会": "村委",
    "管委会": "管委",
    "管理委": "管委",
    "委员会": "委",
    "街道办事处": "街道办",
    "办公室": "办",
    "人民政府": "政府",
    "有限责任公司": "公司",
    "股份有限公司": "公司",
    "有限公司": "公司",
}
"""Spellings that mean the same wherever they stand; text and roster are both brought to the right-hand one."""

GROUPS: tuple[tuple[str, ...], ...] = tuple(
    tuple(line.split())
    for line in (
        "市场监管 市监 市场 市场监督 市场管理",
        "发展和改革 发展改革 发改",
        "工业和信息化 工业信息化 工信",
        "人力资源和社会保障 人力资源社会保障 人力社保 人社",
        "住房和城乡建设 住房城乡建设 住建",
        "规划和自然资源 规划自然资源 规划资源 规自 规资",
        "自然资源和规划 自然资源规划 自然资源 自规 资规",
        "生态环境 环保",
        "农业农村 农业",
        "文化和旅游 文化旅游 文旅",
        "文化广电和旅游 文化广电旅游 文广旅 文旅",
        "教育和体育 教育体育 教体",
        "卫生健康 卫健",
        "应急管理 应急",
        "城市管理综合执法 城市管理执法 城管执法 综合执法 城管",
        "城市管理 城管",
        "交通运输 交通 交运",
        "退役军人事务 退役军人",
        "科学技术 科技",
        "医疗保障 医保",
        "国有资产监管 国资监管 国资",
        "机关事务管理 机关事务",
        "政务服务数据管理 政务服务和数据管理 政务数据 政数",
        "政务服务管理 政务服务 政务",
        "行政审批服务 行政审批",
        "特种设备监督检验技术研究 特种设备监督检验 特种设备检验检测 特种设备检验 特检 特设",
        "产品质量监督检验技术研究 产品质量监督检验 产品质量检验 质量监督检验 质检",
        "质量检验检测 质量检测 质检",
        "计量监督检定科学研究 计量监督检定测试 计量监督检定 计量科学研究 计量检定 计量",
        "特殊教育 特教",
        "标准化研究 标准",
        "食品药品检验 食药检验 药品检验 药检",
        "药品检验 药检",
        "疾病预防控制 疾控",
        "妇幼保健 妇保",
        "总工会 工会",
        "妇女联合会 妇联",
        "工商业联合会 工商联",
        "残疾人联合会 残联",
        "科学技术协会 科协",
    )
)
"""Beginnings of what a body does, the full one first. Any of them may stand for another before the same ending."""

ENDINGS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("街道办", ("街道", "街办", "街")),
    ("镇政府", ("镇",)),
    ("乡政府", ("乡",)),
    ("街道", ("街道办", "街办", "街")),
    ("社区居委", ("社区", "居委")),
    ("村村委", ("村委", "村")),
    ("中学校", ("中学",)),
    ("职业技术学院", ("职业学院", "职院")),
    ("职业教育中心", ("职教中心",)),
    ("外国语学校", ("外国语", "外语学校")),
    ("实验小学", ("实小",)),
    ("中心小学", ("中心校",)),
    ("高级中学", ("高中",)),
    ("特殊教育学校", ("特教学校", "特校")),
    ("中医医院", ("中医院",)),
    ("经济技术开发区管委", ("经济技术开发区", "经济开发区管委", "经开区管委", "经开区", "开发区管委", "开发区")),
    ("高新技术产业开发区管委", ("高新技术产业开发区", "高新技术开发区", "高新区管委", "高新区")),
    ("区管委", ("区",)),
    ("集团公司", ("集团", "公司", "")),
    ("公司", ("",)),
    ("研究院", ("院",)),
    ("研究所", ("所",)),
)
"""Endings that are said shorter; each row on its own, so an ending may shrink more than once."""

_COMMON = _either(
    "监管 财政 教育 教体 民政 司法 审计 统计 商务 税务 水务 水利 林业 信访 公安 体育 人民 中医 实验 市 区 县",
    "职业 外国语 机关 党校 政府 团 经济 技术 开发 经开 高新 产业 科学 研究 服务 管理 监督 检验 检测 检定 测试",
    "卫生 健康 文化 旅游 交通 建设 环境 数据 中心",
    *(" ".join(group) for group in GROUPS),
)
_SORTS = _either(
    "局 委 办 厅 院 所 站 中心 医院 中学 中学校 小学 幼儿园 学校 学院 高中 初中 初级中学 高级中学 中心校 党校",
    "实小 特校 中 小 幼 镇 乡 街道 街道办 区 政府 管委 分局",
)
GENERIC = re.compile(rf"(?:{_COMMON}|第?[一二三四五六七八九十\d]+)*(?:{_SORTS})?")
"""A whole name of only such words is borne by one body in every district: alone it tells nothing."""

ORDINAL = re.compile(r"第?([一二三四五六七八九十百]+|\d{1,3})(人民医院|医院|中学|小学|幼儿园|中)")
ORDINAL_SHORT = {
    "人民医院": ("第{}医院", "{}院"),
    "医院": ("{}院",),
    "中学": ("{}中",),
    "小学": ("{}小",),
    "幼儿园": ("{}幼",),
    "中": ("第{}中学",),
}
"""第一中学 is 一中, in Chinese or Arabic numerals."""

_BELOW = _either(
    "分局 分公司 子公司 分院 分校 附属 附小 附中 支队 大队 中队 特设院 质检院 计量院 研究院 研究所 监管所",
    "管理所 派出所 事务中心 服务中心 检测中心 稽查队 执法队 协会 学会 商会 联合会 公司 居委 村委 社区 卫生院",
    "幼儿园 中学 小学 学校 医院",
)
SUBORDINATE = re.compile(
    rf"[\u4e00-\u9fff]{{0,8}}?(?:{_BELOW}|检[验测定][\u4e00-\u9fff]{{0,6}}?[院所])"
    r"|[\u4e00-\u9fff]{1,5}[所站队院店厂](?![\u4e00-\u9fff])"
)
"""What may follow a name and make it part of another's: 市场监管局 + 特设院, 集团 + 物业公司."""

_DOING = _either(
    "走进 深入 开展 组织 举办 联合 报送 上报 提交 关于 以及 总结 活动 材料 对 在 到 与 和 及 向 为 的 赴 给",
    "参加 调研 检查 指导 宣传 推荐 帮扶 慰问 服务企业 : , 。 - _",
)
VERBAL = re.compile(rf"{_DOING}|质量(?![检监])|20\d\d")
"""Words between a name and such an ending that show that both stand for themselves: XX局走进第一中学."""

TRAIL = {
    "局": "部长面势域限里级",
    "委": "员托派任内",
    "办": "理法事公学案班",
    "街": "道头区边景坊舞上1234567890",
    "镇": "长区上定静里",
    "乡": "长村镇下间土愁音亲",
    "村": "长民庄落镇里",
    "区": "域长间别内划块位",
    "中": "学心国小间期央层秋午",
    "小": "学组时区型微",
    "幼": "儿",
    "院": "长内士落校子",
    "所": "有以在长谓属",
    "县": "长城域",
    "社区": "卫工",
}
"""Characters after a short name that make it another word: 滨江局 in 滨江局部地区."""

_OPENING = _either(
    "由 自 报送 上报 报 呈 关于 年 月 日 的 代 为 送 附 我 和 与 及 暨 发件人 单位 名称 材料 部门 总结 通知",
    "案例 情况 统计表 表 照片 图片 视频 联合 : 邮件 转发 回复 主题 申报 推荐 填报 落款 版 稿 [0-9a-z]",
)
BEFORE = re.compile(rf"(?:{_OPENING})$")
"""What may stand before a name that does not say its place; anything else may be the place of another body."""

OTHER_PLACE = re.compile(r"[新老大小东西南北上下前后]$")
"""Before a district: it is part of another district's name."""

_CLOSING = _either(
    "报送 上报 呈报 提交 填报 申报 推荐 质量 材料 总结 活动 关于 的 统计 典型 案例 照片 图 视频 第 附件 情况",
    "汇报 方案 信息 回复 回执 报告 年度 表 全套 资料 文件 开展 [0-9a-z.:,，。、;]",
)
AFTER = re.compile(rf"(?:{_CLOSING}|$)")
"""What may follow a name of two characters."""

_TOWARDS = _either(
    "致 向 报送至 报至 呈报 呈 抄送 抄报 主送 转交 转给 交给 发给 发至 送至 给 参加 配合 协助 根据 按照 依据",
    "赴 走进 深入 参观 邀请 接受 迎接 响应 感谢 学习 对接 联系 在 经 受到 收到 收悉 贯彻 落实 请 收件人",
    "收件人:",
)
SPOKEN_BEFORE = re.compile(rf"(?:{_TOWARDS})$")
"""Before a name: the words speak of that unit, it does not name itself."""

_THEIRS = _either(
    "组织的 举办的 开展的 牵头 领导 来我 到我 莅临 赴我 指导下 统一部署 要求 印发 转发 下发 收$ 启$",
    "[^。]{0,40}的通知",
)
SPOKEN_AFTER = re.compile(rf"(?:{_THEIRS})")
"""After a name: the same."""
