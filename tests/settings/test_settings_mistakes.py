"""Every mistake is one Chinese sentence that names where, which key, what to do; never a secret, never a traceback."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from intake.errors import WrongConfiguration
from program.sections import is_loopback
from program.settings import load_settings


def sentence(tmp_path: Path, text: str | bytes = "", **environment: str) -> str:
    path = tmp_path / "config.toml"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    with pytest.raises(WrongConfiguration) as caught:
        load_settings(path, environment, tmp_path)
    said = caught.value.sentence
    assert said.endswith("。")
    assert "\n" not in said
    assert caught.value.__cause__ is None
    return said


IN_FILE = [
    ("[mailbox]\nhots = 'x'", ["config.toml", "mailbox.hots", "mailbox.host"]),
    ("[mail]\nhost = 'x'", ["config.toml", " mail ", "请删除或改正"]),
    ("dta = 'x'", ["config.toml", " dta ", "是否应为 data"]),
    ("host = 'x'", ["config.toml", " host "]),
    ("mailbox = 'x'", ["config.toml", " mailbox "]),
    ("[data]\nx = 1", ["config.toml", " data "]),
    ("[mailbox.port]\nx = 1", ["config.toml", "mailbox.port"]),
    ("[mailbox]\nport = 'abc'", ["config.toml", "mailbox.port", "整数"]),
    ("[mailbox]\nport = 0", ["mailbox.port", "不能小于 1"]),
    ("[mailbox]\nport = 70000", ["mailbox.port", "不能大于 65535"]),
    ("[mailbox]\npoll_seconds = 0", ["mailbox.poll_seconds", "必须大于 0"]),
    ("[mailbox]\nsecurity = 'ssl'", ["mailbox.security", "tls", "starttls"]),
    ("[mailbox]\nhost = 'imap.example.cn'\nsecurity = 'none'", ["mailbox.security", "只允许用于本机", "tls"]),
    ("[smtp]\nhost = 'smtp.example.cn'\nsecurity = 'none'", ["smtp.security", "只允许用于本机"]),
    ("[mailbox]\npassword = 'a'\npassword_file = 'b'", ["mailbox.password", "password_file", "只能设置一项"]),
    ("[limits]\nper_day = -1", ["limits.per_day", "不能小于 0"]),
    ("[outbox]\nmode = 'off'", ["outbox.mode", "send", "hold"]),
    ("[digest]\nto = 'a@example.cn,b@example.cn'", ["digest.to", "列表"]),
    ("[digest]\nto = ['nobody']", ["digest.to", "邮箱地址"]),
    ("[calendar]\nrest = ['元旦']", ["calendar.rest", "日期"]),
    ("campaign = 'nowhere'", ["campaign", "nowhere", "campaign.toml", "cipoa-2016"]),
    ("campaign = 3", ["campaign"]),
    ("[mailbox]\nhost = 5", ["mailbox.host", "文字"]),
    ("[mailbox]\nport = true", ["mailbox.port", "整数"]),
    ("[mailbox]\nport = 99.5", ["mailbox.port", "整数"]),
    ("[mailbox]\ntimeout_seconds = inf", ["mailbox.timeout_seconds", "数字"]),
    ("[mailbox]\nsent = 'perhaps'", ["mailbox.sent", "只能是 true 或 false"]),
    ("[mailbox]\nfolders = ['INBOX', 3]", ["mailbox.folders", "文字"]),
    ("[limits]\ngap_seconds = -1", ["limits.gap_seconds", "不能小于 0"]),
    ("[letters]\napprove = 'some'", ["letters.approve", "first 3 of each kind"]),
    ("[alert_smtp]\nport = 70000", ["alert_smtp.port", "不能大于 65535"]),
    ("[calendar]\nwork = [2027-01-01T08:00:00]", ["calendar.work", "日期"]),
    ("data = 3", ["config.toml", " data", "路径"]),
    ("[mailbox\nhost = 'x'", ["config.toml", "第1行", "TOML"]),
    ("[mailbox]\nhost = imap", ["config.toml", "第2行"]),
    ("a = 'x", ["config.toml", "TOML"]),
    ("[outbox]\nmode = '发送'".encode("gb18030"), ["config.toml", "UTF-8"]),
]


@pytest.mark.parametrize(("text", "named"), IN_FILE, ids=[str(number) for number in range(len(IN_FILE))])
def test_a_mistake_in_the_file(tmp_path: Path, text: str | bytes, named: list[str]) -> None:
    said = sentence(tmp_path, text)
    assert [word for word in named if word not in said] == []


IN_ENVIRONMENT = [
    ({"INTAKE_MAILBOX__HOTS": "x"}, ["环境变量 INTAKE_MAILBOX__HOTS", "INTAKE_MAILBOX__HOST"]),
    ({"INTAKE_MAIL__HOST": "x"}, ["环境变量 INTAKE_MAIL__HOST"]),
    ({"INTAKE_MAILBOX": "x"}, ["环境变量 INTAKE_MAILBOX "]),
    ({"INTAKE_": "x"}, ["环境变量 INTAKE_ "]),
    ({"INTAKE_PORT": "1"}, ["环境变量 INTAKE_PORT"]),
    ({"INTAKE_mailbox__host": "x"}, ["环境变量 INTAKE_mailbox__host"]),
    ({"INTAKE_MAILBOX_HOST": "x"}, ["环境变量 INTAKE_MAILBOX_HOST", "INTAKE_MAILBOX__HOST"]),
    ({"INTAKE_SMTP__SENDER": "x"}, ["环境变量 INTAKE_SMTP__SENDER"]),
    ({"INTAKE_MAILBOX__PORT": "abc"}, ["环境变量 INTAKE_MAILBOX__PORT", "整数"]),
    ({"INTAKE_MAILBOX__HOST": "a.cn", "INTAKE_MAILBOX__SECURITY": "none"}, ["环境变量 INTAKE_MAILBOX__SECURITY"]),
    ({"INTAKE_CAMPAIGN": '["cipoa-2016", "nowhere"]'}, ["环境变量 INTAKE_CAMPAIGN", "nowhere"]),
    ({"INTAKE_DIGEST__TO": "nobody"}, ["环境变量 INTAKE_DIGEST__TO"]),
]


@pytest.mark.parametrize(
    ("environment", "named"), IN_ENVIRONMENT, ids=[" ".join(environment) for environment, _ in IN_ENVIRONMENT]
)
def test_a_mistake_in_the_environment(tmp_path: Path, environment: dict[str, str], named: list[str]) -> None:
    said = sentence(tmp_path, "", **environment)
    assert [word for word in named if word not in said] == []


def test_a_variable_that_only_resembles_ours_is_left_alone(tmp_path: Path) -> None:
    load_settings(None, {"INTAKER_X": "1", "MY_INTAKE_HOST": "2", "intake_x": "3"}, tmp_path)


def test_a_secret_in_the_wrong_place_is_not_repeated(tmp_path: Path) -> None:
    for text in ("[mailbox]\nport = 'hunter2'", "[mailbox]\nsecurity = 'hunter2'", "[limits]\nper_day = 'hunter2'"):
        assert "hunter2" not in sentence(tmp_path, text)


def test_a_named_file_must_be_there(tmp_path: Path) -> None:
    with pytest.raises(WrongConfiguration) as caught:
        load_settings(tmp_path / "other.toml", {}, tmp_path)
    assert "other.toml" in caught.value.sentence
    assert "intake init" in caught.value.sentence


def test_a_folder_instead_of_a_file(tmp_path: Path) -> None:
    with pytest.raises(WrongConfiguration, match="无法读取"):
        load_settings(tmp_path, {}, tmp_path)


@pytest.mark.parametrize(
    ("host", "loopback"),
    [
        ("localhost", True),
        ("LOCALHOST.", True),
        ("127.0.0.1", True),
        ("127.8.9.1", True),
        ("::1", True),
        ("[::1]", True),
        ("localhost.example.cn", False),
        ("127.0.0.1.example.cn", False),
        ("0.0.0.0", False),
        ("10.0.0.1", False),
        ("imap.vip.126.com", False),
    ],
)
def test_what_counts_as_this_machine(tmp_path: Path, host: str, loopback: bool) -> None:
    assert is_loopback(host) is loopback
    text = f"[mailbox]\nhost = '{host}'\nsecurity = 'none'"
    if not loopback:
        assert "mailbox.security" in sentence(tmp_path, text)


FILLED = {
    "INTAKE_MAILBOX__HOST": "imap.example.cn",
    "INTAKE_MAILBOX__USERNAME": "office@example.cn",
    "INTAKE_MAILBOX__PASSWORD": "p",
    "INTAKE_SMTP__HOST": "smtp.example.cn",
    "INTAKE_SMTP__USERNAME": "office@example.cn",
}


def test_a_filled_configuration_lacks_nothing(tmp_path: Path) -> None:
    load_settings(None, FILLED, tmp_path).need("mailbox", "smtp")
    without_login = FILLED | {"INTAKE_SMTP__USERNAME": "", "INTAKE_SMTP__FROM": "office@example.cn"}
    load_settings(None, without_login, tmp_path).need("mailbox", "smtp")


@pytest.mark.parametrize(
    ("changes", "named"),
    [
        ({"INTAKE_MAILBOX__HOST": ""}, "mailbox.host"),
        ({"INTAKE_MAILBOX__USERNAME": "", "INTAKE_SMTP__PASSWORD": "p"}, "mailbox.username"),
        ({"INTAKE_MAILBOX__PASSWORD": ""}, "mailbox.password"),
        ({"INTAKE_SMTP__HOST": ""}, "smtp.host"),
        ({"INTAKE_SMTP__USERNAME": "another@example.cn"}, "smtp.password"),
        ({"INTAKE_SMTP__USERNAME": "another", "INTAKE_SMTP__PASSWORD": "p"}, "smtp.from"),
        ({"INTAKE_SMTP__FROM": "协会秘书处 <office@example.cn>"}, "smtp.from"),
        ({"INTAKE_SMTP__FROM": "office@example.cn\r\nRCPT TO:<a@example.cn>"}, "smtp.from"),
        ({"INTAKE_SMTP__FROM": "秘书处@example.cn"}, "smtp.from"),
    ],
)
def test_what_a_command_needs_is_asked_for_by_name(tmp_path: Path, changes: dict[str, str], named: str) -> None:
    settings = load_settings(None, FILLED | changes, tmp_path)
    with pytest.raises(WrongConfiguration) as caught:
        settings.need("mailbox", "smtp")
    assert named in caught.value.sentence
    assert "请" in caught.value.sentence


SECRETS = [
    ({"INTAKE_MAILBOX__PASSWORD_FILE": "absent.txt"}, "absent.txt"),
    ({"INTAKE_MAILBOX__PASSWORD_FILE": "empty.txt"}, "空"),
    ({"INTAKE_MAILBOX__PASSWORD_FILE": "binary.txt"}, "UTF-8"),
    ({"INTAKE_MAILBOX__PASSWORD_COMMAND": "/nonexistent/program"}, "命令无法运行"),
    ({"INTAKE_MAILBOX__PASSWORD_COMMAND": f'{sys.executable} -c "print(1/0)"'}, "退出码 1"),
    ({"INTAKE_MAILBOX__PASSWORD_COMMAND": f'{sys.executable} -c ""'}, "没有输出"),
]


@pytest.mark.parametrize(("environment", "named"), SECRETS, ids=[named for _, named in SECRETS])
def test_a_secret_that_cannot_be_had(tmp_path: Path, environment: dict[str, str], named: str) -> None:
    (tmp_path / "empty.txt").touch()
    (tmp_path / "binary.txt").write_bytes(b"\xff\xfe\x00")
    settings = load_settings(None, environment, tmp_path)
    with pytest.raises(WrongConfiguration) as caught:
        settings.mailbox.secret()
    assert named in caught.value.sentence
    assert "mailbox.password_" in caught.value.sentence
