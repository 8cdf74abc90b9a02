"""An invented campaign of 30 units as a `Board`: every state, every kind of mail, and bombs in the texts."""

from __future__ import annotations

import hashlib
import random
from datetime import UTC, datetime, timedelta
from io import BytesIO
from pathlib import Path
from zoneinfo import ZoneInfo

import msgspec
from PIL import Image, ImageDraw

from intake.view import AttachmentRow, Board, Deed, LetterRow, MailboxCount, MailRow, Todo, Told, UnitRow
from rules.facts import ImageFacts, Sheet, TableFacts
from rules.finding import Finding, Outcome
from rules.notice import Contact, Notice, Requirement
from rules.unit import Unit
from rules.verdict import File, RequirementState, Standing, Unplaced, Verdict

TZ = ZoneInfo("Asia/Shanghai")
DEADLINE = datetime(2022, 10, 12, 23, 59, 59, tzinfo=TZ)
NOW = datetime(2022, 10, 10, 8, 30, tzinfo=TZ)
START = datetime(2022, 9, 20, 9, 0, tzinfo=TZ)
BOMBS = (
    '=HYPERLINK("http://evil.example/","点我")',
    "=cmd|'/c calc'!A0",
    "+1+1",
    "-2+3",
    "@SUM(1+1)",
    "\t=1+1",
    "图\x00\x07片\u202egpj.exe",
    "#REF!",
    "_x003D_1+1",
    "字" * 40_000,
    "半个\ud800字",
)
PLACES = [
    "东河",
    "西岭",
    "南浦",
    "北塘",
    "青石",
    "白杨",
    "红桥",
    "柳林",
    "双港",
    "新亭",
    "长堤",
    "平湖",
    "云台",
    "金沙",
    "银滩",
    "石桥",
    "枫林",
    "松山",
    "梅园",
    "竹溪",
    "兰亭",
    "菊潭",
    "荷塘",
    "桂园",
    "桃源",
    "杏林",
    "榆关",
    "槐庄",
    "枣园",
    "梨乡",
]
NAMES = ["陈一鸣", "林晓", "王守成", "赵平", "钱多", "孙立", "李子安", "周全", "吴双", "郑重"]
REQUIREMENTS = (
    ("summary", "活动总结", "summary", True, "请报送活动总结一篇，不超过3000字。"),
    ("case", "典型案例", "case", True, "请报送典型案例1至2个。"),
    ("photos", "特色活动图片", "photo", True, "图片为JPG格式，1至2张，像素不低于1024×768，每张附50字左右说明。"),
    ("video", "活动视频", "video", False, "欢迎报送活动视频。"),
    ("statistics", "活动情况统计表", "stat_table", True, "请填写附件3并加盖公章。"),
)
ROWS = ("宣传咨询", "执法检查", "技术服务")
COLUMNS = ("场次", "参加人数", "发放资料（份）")


def form() -> TableFacts:
    """The office's blank form."""
    blank = tuple((row, None, None, None) for row in ROWS)
    return TableFacts(format="xlsx", sheets=(Sheet(name="附件3", rows=(("项目", *COLUMNS), *blank)),))


def filled(values: list[list[str | int | float]]) -> TableFacts:
    """The form as a unit filled it."""
    rows = tuple((row, *line) for row, line in zip(ROWS, values, strict=True))
    return TableFacts(format="xlsx", sheets=(Sheet(name="附件3", rows=(("项目", *COLUMNS), *rows)),))


def thumbnail(folder: Path, seed: int) -> str:
    """Write a small JPEG among the blobs; returns its digest."""
    wide, high = ((160, 120), (120, 160), (160, 90))[seed % 3]
    picture = Image.new("RGB", (wide, high), (90 + seed * 37 % 150, 120 + seed * 53 % 120, 160))
    draw = ImageDraw.Draw(picture)
    draw.rectangle((0, high * 2 // 3, wide, high), fill=(70, 110 + seed * 13 % 60, 70))
    draw.ellipse((wide // 2, 14, wide // 2 + 26, 40), fill=(250, 230, 140))
    data = BytesIO()
    picture.save(data, "JPEG")
    digest = hashlib.sha256(data.getvalue()).hexdigest()
    path = folder / digest[:2] / digest
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data.getvalue())
    return digest


def notice() -> Notice:
    """The notice of the campaign."""
    return Notice(
        id="quality-month",
        title="关于开展2022年质量月活动的通知",
        number="滨质办〔2022〕8号",
        deadline=DEADLINE,
        contact=Contact(name="何主任", phone="022-00000000"),
        requirement=tuple(
            Requirement(
                id=id,
                name=name,
                category=category,
                required=required,
                clause=clause,
                form="annex-3.xlsx" if id == "statistics" else None,
            )
            for id, name, category, required, clause in REQUIREMENTS
        ),
    )


def finding(
    id: str,
    outcome: Outcome,
    code: str,
    says: str,
    fix: str,
    file: str,
    expected: str,
    measured: str,
    about: str = "",
) -> Finding:
    """One finding, with the clause of its requirement."""
    clause = next(words for key, _, _, _, words in REQUIREMENTS if key == id)
    return Finding(
        code=code,
        outcome=outcome,
        says=says,
        fix=fix,
        file=file,
        expected=expected,
        measured=measured,
        clause=clause,
        about=about,
    )


def board(data: Path, *, units: int = 30, bombs: bool = False, now: datetime = NOW, thumbnails: int = 40) -> Board:
    """The campaign at `now`, with its blobs written below `data`."""
    chance = random.Random(8)
    rows, mails, letters = [], [], []
    for number in range(units):
        row, its_mails, its_letters = _unit(data, number, chance, thumbnails)
        rows.append(row)
        mails += its_mails
        letters += its_letters
    mails += _strays(len(mails))
    mails.sort(key=lambda mail: mail.received_at)
    todo = _todo(mails, [row.unit.name for row in rows])
    deeds: list[Deed] = []
    told: dict[str, Told] = {}
    if bombs:
        mails += [
            _mail(
                900 + i,
                "单位",
                "x@evil.example",
                bomb,
                "person",
                "held",
                bomb,
                None,
                START + timedelta(hours=i),
                names=(bomb,),
            )
            for i, bomb in enumerate(BOMBS)
        ]
        todo += [
            Todo(key=f"bomb-{i}", kind="question", since=NOW, unit="", text=bomb, candidates=(bomb,))
            for i, bomb in enumerate(BOMBS)
        ]
        deeds = [
            Deed(at=NOW, by=bomb, kind="accept", unit="001", requirement="summary", about=bomb, note=bomb)
            for bomb in BOMBS
        ]
        told = {f"明细|{number:03d}": Told(said=(bomb,), answer=bomb) for number, bomb in enumerate(BOMBS, 1)}
        told |= {f"待办|bomb-{number}": Told(said=(bomb, bomb), answer=bomb) for number, bomb in enumerate(BOMBS)}
        rows = [_bombed(row, bomb) for row, bomb in zip(rows, BOMBS, strict=False)] + rows[len(BOMBS) :]
    held, names = len(mails), {row.unit.code: row.unit.name for row in rows}
    return Board(
        history=tuple(deeds),
        told=told,
        as_of=now,
        tz=TZ,
        notice=notice(),
        office="滨城质量工作办公室",
        units=tuple(rows),
        mails=tuple(_named(mail, names) for mail in mails),
        letters=tuple(letters),
        mailboxes=(MailboxCount(mailbox="zlb@example.gov.cn / INBOX", on_server=held, in_ledger=held, missing=0),),
        todo=tuple(todo),
        forms={"statistics": form()},
        data_dir=data,
        blob=str(data / "blobs"),
    )


def _bombed(row: UnitRow, bomb: str) -> UnitRow:

    unit = msgspec.structs.replace(row.unit, contact=bomb, phone=bomb)
    standings = list(row.verdict.standings)
    standings[0] = msgspec.structs.replace(
        standings[0],
        findings=(
            finding("summary", "fail", "wrong-format", bomb, bomb, bomb, bomb, bomb),
            *standings[0].findings,
        ),
        files=tuple(msgspec.structs.replace(file, name=bomb) for file in standings[0].files),
    )
    standings[2] = msgspec.structs.replace(
        standings[2],
        files=tuple(msgspec.structs.replace(file, name=bomb, caption=bomb) for file in standings[2].files),
    )
    tables = {"statistics": filled([[bomb, 1, 2], [3, bomb, 4], [5, 6, 7]])} if row.tables else {}
    verdict = msgspec.structs.replace(row.verdict, standings=tuple(standings))
    return msgspec.structs.replace(row, unit=unit, verdict=verdict, tables=tables)


def _named(mail: MailRow, names: dict[str, str]) -> MailRow:
    """As the ledger shows a mail that counts: with the name of its unit, for this notice."""
    if mail.unit is None:
        return mail
    return msgspec.structs.replace(mail, unit_name=names[mail.unit], notices=("quality-month",))


def _mail(
    number: int,
    name: str,
    address: str,
    subject: str,
    klass: str,
    state: str,
    reason: str,
    unit: str | None,
    at: datetime,
    *,
    names: tuple[str, ...] = (),
    letters: tuple[str, ...] = (),
) -> MailRow:
    return MailRow(
        message_id=f"<m{number}@mail.example>",
        sha256=hashlib.sha256(f"mail {number}".encode()).hexdigest(),
        mailbox="zlb@example.gov.cn / INBOX",
        uid=number + 1,
        uidvalidity=7,
        received_at=at.astimezone(UTC),
        from_name=name,
        from_address=address,
        subject=subject,
        klass=klass,
        state=state,
        reason=reason,
        unit=unit,
        notices=("quality-month",) if unit else (),
        identified_by="address" if unit else "",
        attachments=tuple(
            AttachmentRow(name=file, sha256="0" * 64, size=90_000 + 7_777 * i, path=file)
            for i, file in enumerate(names)
        ),
        letters=letters,
    )


def _unit(
    data: Path, number: int, chance: random.Random, thumbnails: int
) -> tuple[UnitRow, list[MailRow], list[LetterRow]]:
    code = f"{number + 1:03d}"
    place = PLACES[number % len(PLACES)] + ("" if number < len(PLACES) else str(number // len(PLACES)))
    name = f"{place}区市场监督管理局" if number % 3 else f"{place}经济开发区管理委员会质量工作处"
    unit = Unit(
        code=code,
        name=name,
        short=place,
        category="区局",
        contact=NAMES[number % len(NAMES)],
        phone=f"022-0000{1000 + number}",
        addresses=(f"unit{number + 1}@example.gov.cn",),
    )
    kind = ("complete", "complete", "problem", "missing", "unsure", "partial")[number % 6]
    if kind == "missing":
        standings = tuple(
            Standing(
                id=id,
                name=title,
                category=category,
                required=required,
                state="missing",
                findings=(finding(id, "fail", "missing", f"尚未收到{title}。", f"请报送{title}。", "", "1份", "0份"),)
                if required
                else (),
            )
            for id, title, category, required, _ in REQUIREMENTS
        )
        verdict = Verdict(notice="quality-month", unit=code, standings=standings)
        return (
            UnitRow(
                unit=unit,
                verdict=verdict,
                reminders=(START + timedelta(days=12), START + timedelta(days=17)),
                undeliverable="邮箱已满（5.2.2）" if number == 9 else "",
            ),
            [],
            [],
        )
    late = number == 25
    at = (
        DEADLINE + timedelta(hours=9)
        if late
        else START + timedelta(days=chance.randrange(19), hours=chance.randrange(9))
    )
    mail = _mail(
        number,
        unit.contact,
        unit.addresses[0],
        f"{place}质量月活动材料报送",
        "person",
        "processed",
        "",
        code,
        at,
        names=("总结.docx", "图片.zip", "附件3.xlsx"),
        letters=(f"<reply{number}@example.gov.cn>",),
    )
    letter = LetterRow(
        id=number,
        kind="reply",
        message_id=f"<reply{number}@example.gov.cn>",
        to=unit.addresses[0],
        unit=code,
        state="failed" if number == 4 else "sent",
        attempts=1,
        due=at,
        sent_at=None if number == 4 else at + timedelta(minutes=12),
        last_error="550 用户不存在" if number == 4 else "",
        subject="自动回复",
    )
    images: dict[str, ImageFacts] = {}
    saved: dict[str, str] = {}
    standings = tuple(
        _standing(data, code, number, kind, mail, id, title, category, required, images, saved, late, thumbnails)
        for id, title, category, required, _ in REQUIREMENTS
    )
    unplaced = (
        (
            Unplaced(
                name="说明.txt",
                sha256="1" * 64,
                key=f"{mail.sha256}:说明.txt",
                why="内容不像任何一项材料。",
                candidates=("summary",),
            ),
        )
        if number == 8
        else ()
    )
    verdict = Verdict(
        notice="quality-month", unit=code, standings=standings, unplaced=unplaced, mails=(mail.message_id,)
    )
    numbers: list[list[str | int | float]] = [[number + i, 10 * number + 5 * i, 100 + i] for i in range(3)]
    if number == 2:
        numbers[1][1] = "约200人"
    row = UnitRow(
        unit=unit,
        verdict=verdict,
        first_mail=at,
        last_mail=at,
        replies=1,
        saved=saved,
        images=images,
        reminders=(START + timedelta(days=17),) if kind == "partial" else (),
        tables={"statistics": filled(numbers)} if kind != "partial" else {},
    )
    return row, [mail], [letter]


def _standing(
    data: Path,
    code: str,
    number: int,
    kind: str,
    mail: MailRow,
    id: str,
    title: str,
    category: str,
    required: bool,
    images: dict[str, ImageFacts],
    saved: dict[str, str],
    late: bool,
    thumbnails: int,
) -> Standing:
    names = {
        "summary": ["总结.docx"],
        "case": ["典型案例.docx"],
        "photos": ["图片1.jpg", "图片2.jpg"],
        "video": [],
        "statistics": ["附件3.xlsx"],
    }[id]
    if kind == "partial" and id in ("case", "statistics"):
        names = []
    captions = (
        f"质量月期间，工作人员在{code}号社区广场为群众讲解产品质量安全知识，现场解答疑问并发放宣传资料。",
        "开放日",
    )
    files = []
    for index, name in enumerate(names):
        key = f"{mail.sha256}:{name}"
        saved[key] = f"files/{code}/{title}/{name}"
        digest = None
        if category == "photo":
            images[key] = ImageFacts(
                format="JPEG", width=2048 if index == 0 else 640, height=1536 if index == 0 else 480
            )
            if 2 * number + index < thumbnails and number % 7 != 6:
                digest = thumbnail(data / "blobs", 2 * number + index)
        files.append(
            File(
                name=name,
                sha256="2" * 64,
                size=350_000 + 999_999 * index,
                message_id=mail.message_id,
                key=key,
                path=name,
                caption=captions[index] if category == "photo" else None,
                thumbnail=digest,
                received_at=mail.received_at,
            )
        )
    state: RequirementState = "ok"
    findings: list[Finding] = []
    if not files:
        state = "missing"
        if required:
            findings.append(finding(id, "fail", "missing", f"尚未收到{title}。", f"请报送{title}。", "", "1份", "0份"))
    elif category == "photo" and kind == "problem":
        state = "problem"
        findings += [
            finding(
                id,
                "fail",
                "too-small",
                "图片2.jpg 的像素为640×480，低于通知要求的1024×768。",
                "请发送原图，不要截图或压缩。",
                "图片2.jpg",
                "不低于1024×768",
                "640×480",
                files[1].key,
            ),
            finding(
                id,
                "note",
                "caption-too-short",
                "图片2.jpg 的说明只有3个字，偏短。",
                "建议补充到50字左右。",
                "图片2.jpg",
                "50字左右",
                "3字",
                files[1].key,
            ),
        ]
    elif id == "case" and kind == "unsure":
        state = "unsure"
        findings.append(
            finding(
                id,
                "unsure",
                "unreadable",
                "典型案例.docx 未能打开，已请工作人员查看。",
                "如文件有密码，请告知。",
                "典型案例.docx",
                "可以打开",
                "未能打开",
                files[0].key,
            )
        )
    elif id == "statistics" and number == 7:
        state = "waived"
    return Standing(
        id=id,
        name=title,
        category=category,
        required=required,
        state=state,
        files=tuple(files),
        findings=tuple(findings),
        late=late and bool(files),
    )


def _strays(number: int) -> list[MailRow]:
    at = START + timedelta(days=3)
    return [
        _mail(
            500,
            "Mail Delivery",
            "mailer-daemon@mail.example",
            "系统退信",
            "bounce",
            "ignored",
            "退信，已记入单位邮箱状态",
            None,
            at,
        ),
        _mail(
            501,
            "赵平",
            "zhao@example.org",
            "外出自动回复",
            "auto-reply",
            "ignored",
            "自动回复，不再答复",
            None,
            at + timedelta(hours=2),
        ),
        _mail(
            502,
            "行业周刊",
            "news@list.example",
            "质量周刊第38期",
            "list",
            "ignored",
            "邮件列表",
            None,
            at + timedelta(hours=5),
        ),
        _mail(
            503,
            "小孙",
            "sun8@qq.example",
            "材料",
            "person",
            "held",
            "发件邮箱未登记，文中未写明单位",
            None,
            at + timedelta(days=2),
            names=("照片.jpg",),
        ),
        _mail(504, "", "bad@mail.example", "", "", "stuck", "邮件无法解析（已重试1次）", None, at + timedelta(days=4)),
    ]


def _todo(mails: list[MailRow], names: list[str]) -> list[Todo]:
    by_state = {mail.state: mail.sha256 for mail in mails}
    return [
        Todo(
            key="held:503",
            kind="held",
            since=START + timedelta(days=5),
            unit="",
            text="未登记的邮箱 sun8@qq.example 来信，附有1个文件，未写明单位。请选择归属单位，或选择“忽略”。",
            mail=by_state["held"],
            candidates=tuple(names[:2]),
        ),
        Todo(
            key="stuck:504",
            kind="stuck",
            since=START + timedelta(days=7),
            unit="",
            text="一封邮件无法解析，原信已保存，请在邮箱中查看。",
            mail=by_state["stuck"],
        ),
        Todo(
            key="unsure:005:case",
            kind="unsure",
            since=START + timedelta(days=8),
            unit=names[4 % len(names)],
            text="典型案例.docx 未能打开，请查看后填写处理意见。",
        ),
        Todo(
            key="link:011",
            kind="link-expiring",
            since=START + timedelta(days=9),
            unit=names[10 % len(names)],
            text="活动视频以超大附件链接报送，将于10月12日到期，请尽快下载。",
        ),
    ]
