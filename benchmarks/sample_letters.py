"""Makes pictures of sample letters: `python -m benchmarks.render_letters DIR [NAME… | shown]`.

Each letter is written as .eml, .txt and .html, and drawn as a telephone (360 pixels) and a screen
(1000 pixels) show it. Needs Chromium; where it is not installed the letters are written without pictures.
The campaign is invented.
"""

from __future__ import annotations

import email
import email.policy
import hashlib
import io
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import msgspec
from PIL import Image, ImageDraw

from intake.mail.compose import compose_hold_notice, compose_reminder, compose_reply
from intake.mail.letter import Answered, Kind, Letter, Office
from intake.mail.short import compose_short
from rules.finding import Finding
from rules.notice import Contact, Notice, Requirement
from rules.unit import Unit
from rules.verdict import File, RequirementState, Standing, Unplaced, Verdict

WIDTHS = (360, 1000)
_TALL = 4000
_MARGIN = 16

TZ = ZoneInfo("Asia/Shanghai")
OFFICE = Office(
    name="云岭市质量强市工作领导小组办公室",
    address="zlb@yunling.example",
    domain="yunling.example",
    phone="0900-5550100",
)
NOTICE = Notice.model_validate(
    {
        "id": "quality-month-2022",
        "title": "关于报送2022年“质量月”活动材料的通知",
        "number": "云质办〔2022〕18号",
        "deadline": datetime(2022, 10, 12, 23, 59, 59, tzinfo=TZ),
        "contact": Contact(name="周敏", phone="0900-5550123", fax="0900-5550124"),
        "requirement": (
            Requirement(
                id="summary",
                name="活动总结",
                category="summary",
                clause="各单位应认真总结活动开展情况，形成书面总结，于10月12日前报送。",
            ),
            Requirement(
                id="case", name="典型案例", category="case", clause="每个单位至少报送1个典型案例，1500字左右。"
            ),
            Requirement(
                id="photos",
                name="特色活动图片",
                category="photo",
                clause="特色活动图片1至2张，JPG格式，像素不低于1024×768，每张附50字文字说明。",
            ),
            Requirement(
                id="statistics",
                name="活动情况统计表",
                category="stat_table",
                clause="填写《“质量月”活动情况统计表》（附件3），加盖公章后一并报送。",
            ),
            Requirement(
                id="video", name="活动视频", category="video", required=False, clause="有条件的单位可报送活动视频。"
            ),
        ),
    }
)
UNIT = Unit(code="qinghe", name="清河区市场监督管理局", addresses=("zhijian@qinghe.example",))
NOW = datetime(2022, 10, 8, 9, 30, tzinfo=TZ)
CLAUSES = {requirement.id: requirement.clause for requirement in NOTICE.requirements}


def piece(name: str, size: int, *, at: datetime = NOW, caption: str | None = None) -> File:
    """A file that counts."""
    digest = hashlib.sha256(name.encode("utf-8", "replace")).hexdigest()
    return File(name=name, sha256=digest, size=size, message_id="<m@qinghe.example>", caption=caption, received_at=at)


def standing(
    id: str, state: RequirementState, *files: File, findings: tuple[Finding, ...] = (), late: bool = False
) -> Standing:
    """One requirement of the sample notice."""
    asked = NOTICE.requirement(id)
    return Standing(
        id=id,
        name=asked.name,
        category=asked.category,
        required=asked.required,
        state=state,
        files=files,
        findings=findings,
        late=late,
    )


def verdict(*standings: Standing, unplaced: tuple[Unplaced, ...] = ()) -> Verdict:
    """A verdict with every requirement; those not given are missing."""
    given = {one.id: one for one in standings}
    whole = tuple(given.get(r.id) or missing(r.id) for r in NOTICE.requirements)
    came = ("<m@qinghe.example>",) if any(one.files for one in whole) or unplaced else ()
    return Verdict(notice=NOTICE.id, unit=UNIT.code, standings=whole, unplaced=unplaced, mails=came)


def missing(id: str) -> Standing:
    """Nothing came for it."""
    asked = NOTICE.requirement(id)
    finding = Finding(
        code="missing",
        outcome="fail" if asked.required else "note",
        says=f"尚未收到“{asked.name}”。",
        fix=f"请补报“{asked.name}”。" if asked.required else "",
        clause=asked.clause,
    )
    return standing(id, "missing", findings=(finding,))


SUMMARY = standing("summary", "ok", piece("清河区质量月活动总结.docx", 46_080))
CASE = standing("case", "ok", piece("典型案例：老字号的质量坚守.docx", 38_912))
TABLE = standing("statistics", "ok", piece("附件3 活动情况统计表（清河区）.xlsx", 15_360))
PHOTOS = standing("photos", "ok", piece("图片1.jpg", 3_355_443), piece("图片2.jpg", 2_936_012))
VIDEO = standing("video", "ok", piece("质量月纪实.mp4", 48_234_496))


def small(file: str, measured: str) -> Finding:
    """A picture with too few pixels."""
    return Finding(
        code="too-small",
        outcome="fail",
        says=f"“{file}”的尺寸为{measured}，小于要求的1024×768像素。",
        fix="请发送相机或手机拍摄的原图，不要用截图或聊天软件转发的压缩图。",
        file=file,
        expected="不小于1024×768像素",
        measured=measured,
        clause=CLAUSES["photos"],
    )


def caption_missing(file: str) -> Finding:
    """A picture without words."""
    return Finding(
        code="caption-missing",
        outcome="fail",
        says=f"“{file}”没有文字说明。",
        fix="请为每张图片附50字左右的文字说明，写在邮件正文中，注明图片文件名。",
        file=file,
        expected="每张50字左右",
        measured="无",
        clause=CLAUSES["photos"],
    )


def photo(seed: int) -> bytes:
    """A small invented picture: hills below a sky, with a banner."""
    picture = Image.new("RGB", (240, 180))
    pen = ImageDraw.Draw(picture)
    for row in range(180):
        pen.line([(0, row), (240, row)], fill=(120 + row // 3, 165 + row // 4, 215 - row // 6))
    for n, tone in enumerate(((92, 128, 96), (70, 104, 74), (52, 84, 58))):
        high = 84 + 26 * n
        ridge = [(x, high + 14 * ((x * (seed + n + 3) // 37) % 3)) for x in range(0, 260, 20)]
        pen.polygon([(0, 180), *ridge, (240, 180)], fill=tone)
    pen.rectangle([50, 120, 190, 146], fill=(186, 38, 34))
    out = io.BytesIO()
    picture.save(out, "JPEG", quality=72)
    return out.getvalue()


PHOTOS_SEEN = {hashlib.sha256(data).hexdigest(): data for data in (photo(1), photo(4))}


def seen(name: str, size: int, number: int) -> File:
    """A photo that counts, with its thumbnail."""
    return msgspec.structs.replace(piece(name, size), thumbnail=list(PHOTOS_SEEN)[number])


BAD_PHOTOS = standing(
    "photos",
    "problem",
    seen("微信图片_20221007101512.jpg", 88_200, 0),
    seen("微信图片_20221007101530.jpg", 92_160, 1),
    findings=(
        small("微信图片_20221007101512.jpg", "800×600像素"),
        small("微信图片_20221007101530.jpg", "720×540像素"),
        caption_missing("微信图片_20221007101530.jpg"),
    ),
)
BAD_TABLE = standing(
    "statistics",
    "problem",
    piece("统计表.xlsx", 12_288),
    findings=(
        Finding(
            code="table-total-wrong",
            outcome="fail",
            says="“统计表.xlsx”中“合计”与各行之和不一致。",
            fix="请核对“参加活动人数”一列后重新报送。",
            file="统计表.xlsx",
            expected="合计 1 286",
            measured="合计 1 268",
            clause=CLAUSES["statistics"],
        ),
    ),
)
UNSURE_TABLE = standing(
    "statistics",
    "unsure",
    piece("统计表扫描件.pdf", 1_228_800),
    findings=(
        Finding(
            code="stamp-unseen",
            outcome="unsure",
            says="“统计表扫描件.pdf”是扫描件，表内数字正由经办人核对。",
            fix="如方便，请同时报送Excel格式的统计表。",
            file="统计表扫描件.pdf",
        ),
    ),
)
STRANGER = Finding(
    code="unknown-sender",
    outcome="note",
    says="“清河区质量月活动总结.docx”由未登记的邮箱发来，暂按贵单位报送计入，请确认。",
    fix="请用登记邮箱回信确认，或用登记邮箱重新发送。",
)
LATE = Finding(
    code="late",
    outcome="note",
    says="“活动总结”在截止时间之后才收到。",
    expected="2022年10月12日23:59",
    measured="2022年10月14日09:30",
)
SHORT_CAPTION = Finding(
    code="caption-too-short",
    outcome="note",
    says="“图片1.jpg”的文字说明为12字，偏短。",
    fix="如方便，请补充到50字左右。",
    file="图片1.jpg",
    expected="50字左右",
    measured="12字",
)


def mail(subject: str = "清河区质量月活动材料", at: datetime = NOW) -> Answered:
    """A mail of the sample unit."""
    return Answered(message_id="<m@qinghe.example>", references=(), subject=subject, received_at=at)


def reply(value: Verdict, *mails: Answered, now: datetime = NOW + timedelta(minutes=10), key: str = "reply") -> Letter:
    """The answer to the sample unit."""
    return compose_reply(
        key=key,
        office=OFFICE,
        notice=NOTICE,
        unit=UNIT,
        to=UNIT.addresses[0],
        verdict=value,
        answered=mails or (mail(),),
        now=now,
        tz=TZ,
        loop_token="sample",  # noqa: S106  # not a password: the name of an instance
        pictures=PHOTOS_SEEN,
    )


def reminder(value: Verdict, rung: str, now: datetime, thread: Answered | None = None) -> Letter:
    """A reminder to the sample unit."""
    return compose_reminder(
        key=f"reminder-{rung}",
        office=OFFICE,
        notice=NOTICE,
        unit=UNIT,
        to=UNIT.addresses[0],
        verdict=value,
        rung=rung,
        now=now,
        tz=TZ,
        loop_token="sample",  # noqa: S106  # not a password: the name of an instance
        thread=thread,
    )


def hold() -> Letter:
    """To a sender whom nobody knows."""
    return compose_hold_notice(
        key="hold",
        office=OFFICE,
        notice=NOTICE,
        to="zhang3@mail.example",
        answered=(mail("材料"),),
        now=NOW,
        tz=TZ,
        loop_token="sample",  # noqa: S106  # not a password: the name of an instance
    )


def short(wording: str, facts: Mapping[str, object], *, kind: Kind, whom: str = UNIT.name) -> Letter:
    """A letter of a few sentences."""
    return compose_short(
        wording,
        facts,
        key=wording,
        kind=kind,
        office=OFFICE,
        to=UNIT.addresses[0],
        whom=whom,
        now=NOW,
        tz=TZ,
        loop_token="sample",  # noqa: S106  # not a password: the name of an instance
        notice=NOTICE,
    )


def day(number: int, hour: int = 9) -> datetime:
    """A moment of that October, in the office's time."""
    return datetime(2022, 10, number, hour, tzinfo=TZ)


def parts(letter: Letter) -> tuple[str, str]:
    """The text and the HTML of a letter, as a mail program decodes them."""
    message = email.message_from_bytes(letter.raw, policy=email.policy.default)
    text, html = (message.get_body((kind,)) for kind in ("plain", "html"))
    assert text is not None
    assert html is not None
    return str(text.get_content()), str(html.get_content())


SAMPLES: Mapping[str, Callable[[], Letter]] = {
    "reply-owed": lambda: reply(
        verdict(
            SUMMARY,
            CASE,
            BAD_PHOTOS,
            unplaced=(Unplaced(name="会议通知.pdf", sha256="0" * 64, key="k", why="没有对应的要求"),),
        )
    ),
    "reply-complete": lambda: reply(
        verdict(SUMMARY, CASE, PHOTOS, TABLE, VIDEO), mail(), mail(at=NOW + timedelta(hours=3))
    ),
    "reply-waiting": lambda: reply(verdict(SUMMARY, CASE, PHOTOS, UNSURE_TABLE)),
    "reply-mixed": lambda: reply(verdict(SUMMARY, BAD_PHOTOS, UNSURE_TABLE), now=day(12, 16)),
    "reply-table": lambda: reply(verdict(SUMMARY, CASE, PHOTOS, BAD_TABLE)),
    "reply-unknown-sender": lambda: reply(
        verdict(standing("summary", "ok", piece("清河区质量月活动总结.docx", 46_080), findings=(STRANGER,)))
    ),
    "reply-overdue": lambda: reply(
        verdict(
            standing("summary", "ok", piece("总结.docx", 40_960, at=day(14)), findings=(LATE,), late=True),
            PHOTOS,
            TABLE,
        ),
        now=day(14),
    ),
    "reply-complete-notes": lambda: reply(
        verdict(
            SUMMARY,
            standing("case", "waived"),
            standing(
                "photos",
                "ok",
                piece("图片1.jpg", 3_355_443, caption="开展宣传活动。"),
                findings=(SHORT_CAPTION,),
            ),
            TABLE,
        )
    ),
    "reminder-7d": lambda: reminder(verdict(), "7d", datetime(2022, 9, 28, 9, tzinfo=TZ)),
    "reminder-3d": lambda: reminder(verdict(SUMMARY, CASE, BAD_PHOTOS), "3d", day(9), mail()),
    "reminder-1d": lambda: reminder(verdict(SUMMARY, CASE, PHOTOS), "1d", day(11), mail()),
    "reminder-0d": lambda: reminder(verdict(), "0d", day(12)),
    "reminder-overdue": lambda: reminder(verdict(SUMMARY, CASE, PHOTOS), "0d", day(14), mail()),
    "hold": hold,
    "link": lambda: short(
        "link",
        {
            "title": "《关于报送2022年“质量月”活动材料的通知》（云质办〔2022〕18号）",
            "subject": "关于报送2022年“质量月”活动材料的通知",
            "listed": "“质量月纪实.mp4”10月10日10:12到期",
        },
        kind="reminder",
    ),
    "limit": lambda: short("limit", {"subject": "清河区质量月活动材料"}, kind="limit-notice"),
    "question": lambda: short(
        "question", {"subject": "关于统计表填报的问题", "when": "10月8日09:30"}, kind="question-notice"
    ),
}
