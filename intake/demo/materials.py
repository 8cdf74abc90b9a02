"""What an invented unit has to report: its summary, case, photos with captions. Words first, files from them."""

from __future__ import annotations

import random
from collections.abc import Sequence

from intake.demo import samples
from intake.demo.clients import Attached
from rules.unit import Unit

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
JPEG = "image/jpeg"
PNG = "image/png"
ZIP = "application/x-zip-compressed"
TXT = "text/plain"
TNEF = "application/ms-tnef"

_OPENINGS = (
    "质量开放日活动如期举行，市民代表走进检验室，看样品如何接收、检测和出具报告",
    "技术人员来到生产车间，就关键工序的质量控制点与班组长逐项核对并现场答疑",
    "工作人员在社区广场摆放展板，向居民讲解家用计量器具的辨别方法和维权途径",
    "质量知识竞赛决赛举行，六支代表队围绕标准、计量、认证等内容展开角逐",
    "青年志愿者走进校园，结合身边实例为学生讲解文具和玩具的安全标识",
    "企业首席质量官交流会召开，与会代表介绍各自推行全员质量改进的做法",
)
_WORKS = (
    "成立工作专班，制定实施方案，把任务分解到科室，每周调度一次进度。",
    "组织专家组走访重点企业，梳理质量管理难点，逐户提出改进建议并跟踪落实。",
    "开展计量器具免费检定服务，覆盖农贸市场、加油站和社区卫生服务中心。",
    "举办标准化培训班，围绕标准制修订程序和团体标准管理作专题辅导。",
    "利用电子屏、公众号和宣传栏播放公益短片，营造人人关注质量的氛围。",
    "畅通投诉举报渠道，对群众反映的问题限时办结并回访满意度。",
)
_RESULTS = (
    "通过活动，企业主体责任意识进一步增强，群众对质量工作的知晓度明显提高。",
    "下一步，将固化好的做法，完善长效机制，持续推动质量提升行动走深走实。",
    "存在的不足是宣传形式还不够丰富，基层技术力量仍显薄弱，将在今后工作中改进。",
)
_CASE_TITLES = ("首席质量官带出零缺陷班组", "一张检测报告缩短三天", "小微企业质量体检进园区", "放心计量走进农贸市场")


def caption(unit: Unit, seed: int) -> str:
    """A caption of about 50 characters (between 40 and 65), for a photo of that unit."""
    dice = random.Random(f"caption/{unit.code}/{seed}")
    return f"9月{dice.randrange(2, 29)}日，{unit.short}{dice.choice(_OPENINGS)}。"


def long_caption(unit: Unit, seed: int) -> str:
    """A caption far over 80 characters."""
    return (
        caption(unit, seed)
        + "活动现场气氛热烈，参加人员纷纷表示收获很大，"
        + "希望今后多组织这样贴近生产和生活的质量宣传活动，让质量意识深入人心。"
    )


def summary(unit: Unit, seed: int, name: str = "") -> Attached:
    """The activity summary as a Word file of about 500 characters."""
    dice = random.Random(f"summary/{unit.code}/{seed}")
    works = dice.sample(_WORKS, 5)
    paragraphs = [
        f"按照通知要求，{unit.name}紧扣活动主题，周密部署，精心组织，扎实开展2022年“质量月”各项活动，现将有关情况总结如下。",
        "一、加强组织领导",
        f"{unit.short}高度重视，主要负责人亲自动员，{works[0]}{works[1]}",
        "二、突出活动重点",
        f"活动期间，共组织各类活动{dice.randrange(5, 16)}场，参与群众{dice.randrange(300, 2600)}人次。{works[2]}",
        f"{works[3]}{works[4]}此外，还{dice.choice(_OPENINGS)}，收到良好效果。",
        "三、取得的成效和下一步打算",
        *_RESULTS,
        f"{unit.name}",
        "2022年9月30日",
    ]
    title = f"{unit.name}2022年“质量月”活动总结"
    return Attached(name or f"{unit.short}质量月活动总结.docx", samples.docx(title, paragraphs), DOCX)


def case(unit: Unit, seed: int, name: str = "") -> Attached:
    """A typical case as a Word file of about 300 characters."""
    dice = random.Random(f"case/{unit.code}/{seed}")
    topic = dice.choice(_CASE_TITLES)
    paragraphs = [
        f"——{unit.name}质量提升典型案例",
        f"【背景】辖区一家企业产品合格率长期徘徊在{dice.randrange(88, 94)}%左右，客户投诉时有发生，"
        f"{unit.short}主动上门服务。",
        f"【做法】一是{dice.choice(_WORKS)}二是推行“班前讲质量、班中查质量、班后评质量”，让一线职工参与改进。"
        "三是请来检测机构的工程师驻点两周，从来料检验、过程控制到出厂检验逐一诊断，列出问题清单并限期整改。",
        f"【成效】经过三个月努力，产品一次合格率提高到{dice.randrange(97, 100)}%，返工成本下降两成，"
        "客户满意度大幅提升，相关做法已在同行业企业中推广。",
        "【启示】质量提升要靠制度，更要靠人；服务企业既要送政策，也要送技术、送方法。",
    ]
    return Attached(name or f"典型案例-{topic}.docx", samples.docx(f"典型案例：{topic}", paragraphs), DOCX)


def photo(
    unit: Unit,
    seed: int,
    *,
    name: str = "",
    width: int = 1600,
    height: int = 1200,
    quality: int = 88,
    noise: int = 12,
    exif_orientation: int | None = None,
    format: str = "JPEG",
) -> Attached:
    """A photo of an activity, about 0.3 MB at the usual size. `seed` tells the photos of a unit apart."""
    data = samples.photo(
        width,
        height,
        seed=seed * 1000 + int(unit.code),
        quality=quality,
        noise=noise,
        exif_orientation=exif_orientation,
        format=format,
    )
    return Attached(name or f"活动照片{seed % 10}.jpg", data, JPEG if format == "JPEG" else PNG)


def recoded(file: Attached, *, width: int, format: str = "JPEG", name: str = "") -> Attached:
    """The same photo at another width or in another format; its name stays unless another is given."""
    data = samples.recode(file.data, width=width, format=format)
    return Attached(name or file.name, data, JPEG if format == "JPEG" else PNG)


def captions_text(captions: Sequence[str]) -> str:
    """The captions as units write them in a mail or file, numbered like the photos."""
    if len(captions) == 1:
        return f"图片说明：{captions[0]}"
    return "图片说明：\n" + "\n".join(f"照片{number}：{text}" for number, text in enumerate(captions, 1))


def letter(unit: Unit, extra: str = "", *, what: str = "“质量月”活动有关材料") -> str:
    """The body of a covering mail, with a signature that names unit and person."""
    middle = f"\n{extra}\n" if extra else "\n"
    signature = f"联系人：{unit.contact}\n电话：{unit.phone}\n{unit.name}"
    return f"您好！\n现将{unit.name}{what}报上，请查收。{middle}\n{signature}"
