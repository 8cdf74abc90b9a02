"""Settings: everything that is wrong is told at once, in Chinese, and no message ever shows a password."""

from __future__ import annotations

import codecs
from datetime import date, time, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from intake.config import Config, ConfigFaults, load_config
from intake.config_keys import keys

ROOT = Path(__file__).parents[2]
MINIMAL = """
[[notice]]
file = "n.toml"
roster = "r.xlsx"
[office]
name = "云岭市质量办"
address = "zlb@yunling.example"
[imap]
host = "imap.yunling.example"
username = "zlb@yunling.example"
password = "env:PW"
[smtp]
host = "smtp.yunling.example"
"""


def write(folder: Path, text: str, encoding: str = "utf-8") -> Path:
    path = folder / "config.toml"
    path.write_bytes(text.encode(encoding))
    return path


def faults(folder: Path, text: str) -> dict[str, str]:
    """What is wrong, by key path."""
    with pytest.raises(ConfigFaults) as caught:
        load_config(write(folder, text))
    return {fault.path: f"{fault.found}|{fault.expected}|{fault.remedy}" for fault in caught.value.faults}


def test_the_example_is_valid_and_shows_every_key() -> None:
    text = (ROOT / "config.example.toml").read_text("utf-8")
    config = load_config(ROOT / "config.example.toml")
    assert config.office.address == "zlb@yunling.example"
    section = ""
    shown, uncommented = set(), []
    for line in text.splitlines():
        if line.startswith("["):
            section = line.strip("[] ")
        elif line and not line.startswith("#"):
            key, _, rest = line.partition("=")
            shown.add(f"{section}.{key.strip()}" if section else key.strip())
            if "#" not in rest:
                uncommented.append(key)
    assert shown == set(keys(Config, {"base"}))
    assert uncommented == []


def test_the_example_states_the_defaults(tmp_path: Path) -> None:
    example, minimal = load_config(ROOT / "config.example.toml"), load_config(write(tmp_path, MINIMAL))
    for section in ("storage", "schedule", "replies", "timezone", "data_dir"):
        assert getattr(example, section) == getattr(minimal, section)
    own = {"host", "username", "password"}
    for server in ("imap", "smtp"):
        shipped = getattr(example, server).model_dump(exclude=own)
        assert shipped == getattr(minimal, server).model_dump(exclude=own)


def test_every_key_has_its_line_in_the_docs() -> None:
    text = (ROOT / "docs" / "settings.md").read_text("utf-8")
    documented = {line.split("`")[1] for line in text.splitlines() if line.startswith("| `")}
    assert documented == set(keys(Config, {"base"}))


def test_values_become_what_they_mean(tmp_path: Path) -> None:
    config = load_config(
        write(
            tmp_path,
            MINIMAL
            + """
[schedule]
poll = "30s"
quiet_period = "0m"
remind_at = 09:30:00
tracker_at = ["8:05", "17:00"]
holidays = [2027-02-15]
workdays = ["2027-02-20"]
[replies]
not_older_than = "2 d"
""",
        )
    )
    schedule = config.schedule
    assert (schedule.poll, schedule.quiet_period) == (timedelta(seconds=30), timedelta())
    assert (schedule.remind_at, schedule.tracker_at) == (time(9, 30), (time(8, 5), time(17, 0)))
    assert (schedule.holidays, schedule.workdays) == ((date(2027, 2, 15),), (date(2027, 2, 20),))
    assert config.replies.not_older_than == timedelta(days=2)
    assert config.tz.key == "Asia/Shanghai"


def test_paths_start_at_the_folder_of_the_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "office").mkdir()
    (tmp_path / "office" / "ca.pem").touch()
    text = 'data_dir = "数据"\n' + MINIMAL.replace("[smtp]", 'ca_file = "ca.pem"\n[smtp]')
    write(tmp_path / "office", text)
    monkeypatch.chdir(tmp_path)
    config = load_config(Path("office/config.toml"))
    base = tmp_path / "office"
    assert config.base == base
    assert config.data_path == base / "数据"
    assert config.database_url == f"sqlite:///{(base / '数据' / 'shouqi.db').as_posix()}"
    assert config.blobs_dir == base / "数据" / "blobs"
    assert config.imap.ca_file == str(base / "ca.pem")
    assert config.resolve("r.xlsx") == base / "r.xlsx"
    assert config.resolve(str(tmp_path / "r.xlsx")) == tmp_path / "r.xlsx"


@pytest.mark.parametrize("security, imap, smtp", [("tls", 993, 465), ("starttls", 143, 587), ("none", 143, 25)])
def test_the_usual_port_of_each_security(tmp_path: Path, security: str, imap: int, smtp: int) -> None:
    text = MINIMAL.replace("imap.yunling.example", "127.0.0.1").replace("smtp.yunling.example", "localhost")
    text = text.replace('host = "', f'security = "{security}"\nhost = "')
    config = load_config(write(tmp_path, text))
    assert (config.imap.port, config.smtp.port) == (imap, smtp)


def test_smtp_logs_in_as_imap_does_unless_told_otherwise(tmp_path: Path) -> None:
    same = load_config(write(tmp_path, MINIMAL)).smtp
    assert (same.username, same.password) == ("zlb@yunling.example", "env:PW")
    none = load_config(write(tmp_path, MINIMAL + 'username = ""\n')).smtp
    assert (none.username, none.password) == ("", "")
    other = load_config(write(tmp_path, MINIMAL + 'username = "x"\npassword = "file:pw"\n')).smtp
    assert (other.username, other.password) == ("x", "file:pw")


def test_all_faults_at_once(tmp_path: Path) -> None:
    text = """
timezone = "Beijing"
data_dir = 3
[[notice]]
file = "n.toml"
rooster = "r.xlsx"
[office]
name = ""
address = "张三@x"
[imap]
host = "imap.yunling.example"
security = "none"
port = "abc"
username = "u"
password = "env:PW"
timeout_seconds = 0
[smtp]
hots = "x"
copy_to_self = "yes"
ca_file = "nothing.pem"
mail_from = "x"
[storage]
database = "mysql://x"
blobs = "{datadir}/blobs"
[schedule]
poll = "0s"
quiet_period = 10
reminders = ["3"]
remind_at = "25:00"
holidays = [20217600]
timezone = "Asia/Shanghai"
[replies]
mode = "auto"
per_hour = 0
xyz = 1
"""
    found = faults(tmp_path, text)
    assert set(found) == {
        "timezone", "data_dir", "notice[1].roster", "notice[1].rooster", "office.name", "office.address",
        "imap.security", "imap.port", "imap.timeout_seconds", "smtp.hots", "smtp.host", "smtp.copy_to_self",
        "smtp.ca_file", "smtp.mail_from", "storage.database", "storage.blobs", "schedule.poll",
        "schedule.quiet_period", "schedule.reminders[1]", "schedule.remind_at", "schedule.holidays[1]",
        "schedule.timezone", "replies.mode", "replies.per_hour", "replies.xyz",
    }  # fmt: skip
    assert "roster" in found["notice[1].rooster"]
    assert "host" in found["smtp.hots"]
    assert "第一个 [节] 之前" in found["schedule.timezone"]
    assert "abc" in found["imap.port"] and "整数" in found["imap.port"]
    assert "127.0.0.1" in found["imap.security"]
    assert "10m" in found["schedule.quiet_period"]
    assert "{datadir}" in found["storage.blobs"]


@pytest.mark.parametrize("written", ['["7d", "7d"]', '["0d", "1d", "+1d", "1d"]'])
def test_a_rung_is_written_once(tmp_path: Path, written: str) -> None:
    found = faults(tmp_path, MINIMAL + f"[schedule]\nreminders = {written}\n")
    assert set(found) == {"schedule.reminders"}
    assert "每一档只写一次" in found["schedule.reminders"]


def test_a_section_left_out_and_no_notice(tmp_path: Path) -> None:
    assert set(faults(tmp_path, "notice = []")) == {"notice", "office", "imap", "smtp"}


def test_a_notice_listed_twice_and_one_written_as_a_table(tmp_path: Path) -> None:
    twice = MINIMAL + '[[notice]]\nfile = "n.toml"\nroster = "q.xlsx"\n'
    assert "n.toml" in faults(tmp_path, twice)["notice"]
    config = load_config(write(tmp_path, MINIMAL.replace("[[notice]]", "[notice]")))
    assert [reference.file for reference in config.notice] == ["n.toml"]


def test_a_day_cannot_be_off_and_on(tmp_path: Path) -> None:
    text = MINIMAL + "[schedule]\nholidays = [2027-02-15]\nworkdays = [2027-02-15]\n"
    assert "写的是 [2027-02-15]|" in faults(tmp_path, text)["schedule.workdays"]


def test_what_was_found_is_shown_as_it_was_written(tmp_path: Path) -> None:
    text = MINIMAL.replace("[imap]", '[imap]\nauthserv_id = "a b"') + '[replies]\napprove_below = "0.9"\nhours = true\n'
    found = faults(tmp_path, text)
    assert "一个服务器名" in found["imap.authserv_id"]
    assert "写的是 “0.9”|数字" in found["replies.approve_below"]
    assert "写的是 true|" in found["replies.hours"]


SECRET = "hunter2-授权码"
PLAINTEXT = {
    "plain": MINIMAL.replace("env:PW", SECRET),
    "with a wrong reference": MINIMAL.replace("env:PW", f"env:{SECRET}!"),
    "under a wrong key": MINIMAL.replace("password", "pasword").replace("env:PW", SECRET),
    "for smtp": MINIMAL + f'password = "{SECRET}"\n',
    "as a table": MINIMAL.replace('password = "env:PW"', f'password = {{ value = "{SECRET}" }}'),
    "in a list of sections": MINIMAL.replace('password = "env:PW"', "").replace(
        "[imap]", f'[[imap]]\npassword = "{SECRET}"'
    ),
    "without quotes": MINIMAL.replace('"env:PW"', SECRET),
    "with a quote left out": MINIMAL.replace('env:PW"', SECRET),
    "in the database address": MINIMAL
    + f'[storage]\ndatabase = "postgresql+psycopg://shouqi:{SECRET}@db.example/shouqi"\n',
    "as a parameter": MINIMAL + f'[storage]\ndatabase = "postgresql+psycopg://db.example/x?password={SECRET}"\n',
}


@pytest.mark.parametrize("text", PLAINTEXT.values(), ids=PLAINTEXT.keys())
def test_a_password_in_the_file_is_refused_and_never_shown(tmp_path: Path, text: str) -> None:
    assert SECRET in text
    with pytest.raises(ConfigFaults) as caught:
        load_config(write(tmp_path, text))
    for shown in (str(caught.value), repr(caught.value)):
        assert "hunter2" not in shown and "授权码！" not in shown
    error: BaseException | None = caught.value
    while error is not None:
        assert "hunter2" not in f"{error} {error!r} {error.args}"
        error = error.__cause__


def test_a_refused_password_says_what_to_write(tmp_path: Path) -> None:
    found = faults(tmp_path, PLAINTEXT["plain"])
    assert set(found) == {"imap.password"}
    assert 'password = "env:SHOUQI_IMAP_PASSWORD"' in found["imap.password"]
    assert "空" in faults(tmp_path, MINIMAL.replace("env:PW", ""))["imap.password"]


def test_references_are_not_in_the_representation(tmp_path: Path) -> None:
    config = load_config(write(tmp_path, MINIMAL))
    assert "env:PW" not in repr(config)
    assert config.imap.password == "env:PW"


@pytest.mark.parametrize(
    "encoding, says", [("gbk", "GBK"), ("utf-16", "UTF-16"), ("utf-16-le", "UTF-16"), ("gb18030", "GBK")]
)
def test_other_encodings_are_told_with_the_remedy(tmp_path: Path, encoding: str, says: str) -> None:
    with pytest.raises(ConfigFaults, match=says) as caught:
        load_config(write(tmp_path, MINIMAL, encoding))
    assert "另存为" in str(caught.value) and "UTF-8" in str(caught.value)


def test_a_byte_order_mark_is_accepted(tmp_path: Path) -> None:
    path = tmp_path / "config.toml"
    path.write_bytes(codecs.BOM_UTF8 + MINIMAL.encode())
    assert load_config(path).office.name == "云岭市质量办"


def test_files_that_are_not_there(tmp_path: Path) -> None:
    with pytest.raises(ConfigFaults, match="找不到配置文件"):
        load_config(tmp_path / "config.toml")
    with pytest.raises(ConfigFaults, match="文件夹"):
        load_config(tmp_path)
    (tmp_path / "config.toml.txt").write_text("x")
    with pytest.raises(ConfigFaults, match=r"config\.toml\.txt"):
        load_config(tmp_path / "config.toml")
    (tmp_path / "empty.toml").write_text(" \n")
    with pytest.raises(ConfigFaults, match="空的"):
        load_config(tmp_path / "empty.toml")


@pytest.mark.parametrize(
    "line, place, says",
    [
        ("poll = 2m", "第 13 行第 9 列（poll = …）", "双引号"),
        ("poll = “2m”", "第 13 行第 8 列（poll = …）", "全角"),
        ("poll ＝ 2", "第 13 行第 6 列", "全角"),
        ('data_dir = "D:\\材料"', "第 13 行第 17 列（data_dir = …）", "反斜杠"),
        ("poll", "第 13 行第 5 列", "等号"),
        ('username = "a"\nusername = "b"', "第 14 行第 15 列（username = …）", "两次"),
        ("[office]", "第 13 行第 8 列", "两次"),
        ("ports = [1", "第 14 行末尾", "方括号"),
    ],
)
def test_syntax_is_told_with_line_and_column(tmp_path: Path, line: str, place: str, says: str) -> None:
    (path, words), *more = faults(tmp_path, MINIMAL.strip() + f"\n{line}\n").items()
    assert not more
    assert (path, says in words) == (place, True), words


@settings(max_examples=100)
@given(st.binary(max_size=200) | st.text(max_size=200).map(str.encode))
def test_any_bytes_give_faults_not_tracebacks(tmp_path_factory: pytest.TempPathFactory, data: bytes) -> None:
    """Whatever stands in the file, the answer is a list of faults."""
    path = tmp_path_factory.getbasetemp() / "any.toml"
    path.write_bytes(data)
    with pytest.raises(ConfigFaults) as caught:
        load_config(path)
    assert caught.value.faults and str(caught.value)


@pytest.mark.parametrize("written", ["taken", "taken/data"])
def test_a_file_in_the_place_of_the_data_folder_is_a_fault(tmp_path: Path, written: str) -> None:
    (tmp_path / "taken").touch()
    with pytest.raises(ConfigFaults, match=r"data_dir：写的是 “taken.*taken 是一个文件，应为一个文件夹。请"):
        load_config(write(tmp_path, f'data_dir = "{written}"\n' + MINIMAL))


def test_faults_are_told_as_a_person_would(tmp_path: Path) -> None:
    with pytest.raises(ConfigFaults) as caught:
        load_config(write(tmp_path, MINIMAL.replace("[smtp]", 'security = "ssl"\nport = "993"\n[smtp]\nhots = 1')))
    assert [str(fault) for fault in caught.value.faults] == [
        "smtp.hots：不认识的键，应为下列之一：host、security、port、username、password、ca_file、timeout_seconds、"
        "copy_to_self、mail_from、lookup_after_seconds。是否想写 host？",
        "imap.security：写的是 “ssl”，应为下列之一：tls、starttls、none。",
        "imap.port：写的是 “993”，应为整数。",
    ]
