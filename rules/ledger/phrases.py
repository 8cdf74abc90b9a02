"""How units speak of what they sent before: the words of `statements` as data.

Everything is matched within one clause (what stands between two commas), folded to half-width signs without
blanks. No pattern repeats a repetition, so a hostile mail costs no more than a long one.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Literal

Act = Literal["prefer", "keep", "replace", "faulty", "void", "withdraw"]
"""prefer: this mail's files count (以此件为准). keep: earlier ones do (仍以前一封为准). replace: these files take
the place of earlier ones (更正, 更换). faulty: what came before is wrong (发错了). void: it no longer counts (作废,
请忽略). withdraw: it is taken back (撤回)."""

VERBS: Mapping[Act, re.Pattern[str]] = {
    "withdraw": re.compile(r"撤回|召回|收回|撤下|撤销|撤稿|抽回|撤掉"),
    "void": re.compile(
        r"作废|无效|废止|废除|失效|不作数|不算数?|停用|不再(?:使用|采用|有效)|不予采用|不采用|弃用|忽略|无视|(?:删除|删掉|删去)(?!了)"
        r"|请?勿(?:再)?(?:使用|采用|用)|别用|废弃|取消|不用(?:理会|管|看)|不要(?:再)?(?:使用|采用|用|看|了)|不用了|不需要了"
    ),
    "prefer": re.compile(
        r"以(?P<what>[^,;]{1,40}?)(?:的?(?:内容|版本|数据))?为(?:最终)?(?:准|据)"
        r"|(?:选用|采用|保留|只用|就用|使用)(?=图|照片|第[^,;]{1,6}[张幅])|(?:请)?(?:按照?|采用|使用|改用)(?=[此这本新后最附修更])"
    ),
    "faulty": re.compile(
        r"有误|[发传填报写弄搞放附寄]错|[错误](?:发|传|报|填)|存在错误|有错误?|不对(?![外内应称等口])|不准确"
    ),
    "replace": re.compile(r"更正|更换|替换|订正|勘误|改正|纠正|调换|置换|改报|换(?:成|为|用|一下|下|一[张份个])"),
}
"""The verb of an act. In one clause only the first that is found counts, in this order."""

POLITE = re.compile(
    r"您好|你好|各位|老师|领导|抱歉|对不起|不好意思|非常|麻烦|烦请|劳烦|敬请|恳请|务请|请贵[办局处委]|请您?|望|特此|特|现将?|兹|予以?|给予|申请"
    r"|请求|需要?|想要?|拟|决定|帮忙|帮我们?|协助|将|把|对|先|再|一并|同时|故|因此|所以|由于|经核[实对]?|另外?|即|已|全部|附件[中为是]?|是|为"
    r"|(?:我们?|本|该)(?:[局委办处院厅站所科县区市]|单位|公司|中心)?|关于|因[\u4e00-\u9fff]{1,12}?(?=现|需|申请|请|故|特|拟)|并|且|[以]?便|统一"
    r"|[:：、_—\-.()（）【】\[\]<>“”\"'《》]|\d{1,2}[.、)）](?!\d)"
)
"""What may stand before the verb or the object without changing who acts."""
UNIT = re.compile(r"[\u4e00-\u9fff]{2,24}?(?:局|委|委员会|办公室|院|处|中心|公司|单位|政府|厅|站|所)(?:关于)?")
"""The unit's own name before the verb."""
BETWEEN = re.compile(
    r"(?:予以|给予|应|已经?|现|全部|均|都|一律|即|同时|自动|按|作|视为|视同|做|申请|先|需要?|进行|是|就|可以?|特|重新|请|有误|了|吧|的?数据|,)$"
)
"""What may stand between an object and the verb after it."""
TAIL = re.compile(
    r"(?:处理|掉|即可|了|吧|为盼|为荷|谢谢|感谢|哦|的?(?:函|请示|申请|报告|通知)|如下|[!.~:：)）】\]、_—\-]|见附件|请查收|查收|重新报送|重新上报|重报|并重新?报送?)$"
)
"""What may follow without changing the object."""

PREVIOUS = re.compile(
    r"(?:上|前)面?[一1]?(?:封|份邮件|个邮件|个附件|次|邮件|信)|(?:刚才|刚刚|方才)(?:那|的|发|报|寄|邮件)"
)
"""The mail before this one."""
EARLIER = re.compile(
    r"(?:之|此|以|先|早)前|前面|前(?:期|几封|两封|三封|述|些)|早先|早些时候|原(?:先|来|报|有|始|邮件|文件|材料|附件|件|表|稿|版|图|照"
    r"|总结|案例|统计表|视频|典型)|旧|(?:第[一1]|首)次|[昨前今][天日晚]|上周|星期|周[一二三四五六日]|上午|中午|下午|早上|晚上|最初|当时"
    r"|已经?(?:发|报|寄|上报|提交|报送)|(?:发|报|寄|提交|报送|发送|上报)(?:过|来|去|出|给|了)?的|\d{1,2}月\d{1,2}[日号]"
)
"""What came before this mail."""
DAY = re.compile(r"(\d{1,2})月(\d{1,2})[日号]")
EVERYTHING = re.compile(r"所有|全部|整套|全套|一切|各项")
WHEN = re.compile(
    r"(?:刚才|刚刚|方才|[昨前今][天日晚]|上午|中午|下午|早上|晚上|之前|此前|先前|上次|前次|不慎|不小心|误)+$"
)
"""Mere times before a verb: 昨天发错附件了."""
INSIDE = re.compile(r"(?:中|里|内)(?:的?(?:数据|数字|个别|部分|一[处项]|几处|多处|内容|格式|合计|填报))?$")
"""A part of a file: 统计表中数据有误."""
THIS = re.compile(
    r"^(?:[本此这](?!前|外|单位)|附件|附表|附后|随信|随函|新)|最新|最后|最终|修改[后版稿]|更正|修订|更新|更换|新[版稿件表的报发]|后[一面发者报来]"
    r"|(?<!前)[本此这][一]?(?:次|件|封|份|稿|版|表|邮件|信|文件|附件|材料)|第[二三四五六七八][次封份版稿]|现[在报发]|重[新发报]|补[发报]|改[后过]"
)
"""What this mail brings."""
GENERIC = re.compile(r"材料|文件|附件|邮件|来?信|资料|内容|东西|版本?|件|稿|次|封|份|的$")
"""Words for whatever was sent."""
OTHER_AUTHORITY = re.compile(
    r"通知|纸质|盖章|签章|实际|贵[办局处委单]|审[定核]|上级|官方|系统|平台|统计局|会议|电话|口径|标准|公告|现场|合同|法|令|事实|企业"
)
"""In 以…为准: what is no mail of the unit."""
OUTSIDE = re.compile(
    r"企业|商户|商家|商店|经营者|店铺|产品|商品|广告|缺陷|批次|市场(?!监)|网站|消费者|群众|许可|执照|证书|公文|文书|决定书|处罚|案件|投诉|申诉|不合格|过期"
    r"|督促|责令|指导|监督(?!管理)|检查|违法|虚假|标签|密码|岗位"
)
"""What a unit tells of its work, not of its mails."""
NOT_FILES = re.compile(
    r"说明|文字|简介|介绍|电话|联系|单位名称|落款|邮箱|地址|主题|标题|名称|文件名|题目|姓名|手机|号码|日期|时间|错别字|署名|通知|要求|称呼|章$"
)
"""Objects whose correction leaves the files as they are."""

NEGATED = re.compile(
    r"(?:不|无需|无须|毋须|毋需|毋庸|未|没有?|并非|并不|非|勿|别|莫|免于?|并未)"
    r"(?:用|要|必|需要?|曾|有|会|能|可|予|是|予以|作|进行|申请|再|应|得|对(?:材料|附件)?)*+(?:作)?$"
)
"""Right before the verb: the clause says that it is not so."""
ASKED = re.compile(r"[?？吗]|能否|可否|是否|请问|怎么|如何|要不要|需不需要|可不可以|能不能|行不行|呢$")
CONDITION = re.compile(r"如果|如(?:需|要|有|发现|存在|确需|能|前述)|若|倘|假如|要是|万一|一旦|的话|凡")
HARMLESS_CONDITION = re.compile(r"(?:如|若)[^,]{0,14}(?:不一致|出入|不符|不同|冲突|重复|多[次份封]|[两几]份|差异|矛盾)")
"""如与此前不一致，以此件为准: the condition is met by saying so."""
CAPTION_LINE = re.compile(
    r"[▲△●■·*(（\[【]*(?:图片|照片|相片|图|附图)[^:：]{0,16}[:：].{12}|.{1,60}\.(?:jpe?g|png)[”\"》)]*[:：]",
    re.IGNORECASE,
)
"""A line that tells what a picture shows: its words are about the work."""
