"""File and environment, lists, relative paths, secrets: what is loaded is what was written."""

from __future__ import annotations

import json
import os
import sys
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from intake.errors import WrongConfiguration
from program import bundled
from program.settings import Settings, load_settings
from program.sources import as_list

FULL = """
data = "mails"
campaign = "mine"
[mailbox]
host = "imap.example.cn"
username = "office@example.cn"
password = "from-file"
folders = "INBOX"
[smtp]
host = "smtp.example.cn"
username = "Office@example.cn"
[storage]
url = "sqlite:///db/register.sqlite"
[calendar]
rest = [2027-01-01]
"""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    folder = tmp_path / "office"
    (folder / "mine").mkdir(parents=True)
    (folder / "mine" / "campaign.toml").touch()
    path = folder / "config.toml"
    path.write_text(FULL, "utf-8")
    return path


def load(file: Path, **environment: str) -> Settings:
    return load_settings(file, environment, file.parent.parent)


def test_relative_paths_of_the_file_start_at_the_file(file: Path) -> None:
    settings = load(file)
    assert settings.data == file.parent / "mails"
    assert settings.campaign == (file.parent / "mine",)
    assert settings.storage.url == f"sqlite:///{file.parent}/db/register.sqlite"
    assert settings.mailbox.folders == ("INBOX",)
    assert settings.calendar.rest == (date(2027, 1, 1),)


def test_relative_paths_of_the_environment_start_at_the_current_folder(file: Path) -> None:
    here = file.parent.parent
    settings = load(
        file,
        INTAKE_DATA="other",
        INTAKE_STORAGE__URL="sqlite:///register.sqlite",
        INTAKE_MAILBOX__PASSWORD_FILE="secret.txt",
        INTAKE_CAMPAIGN="office/mine",
    )
    assert settings.data == here / "other"
    assert settings.storage.url == f"sqlite:///{here}/register.sqlite"
    assert settings.mailbox.password_file == str(here / "secret.txt")
    assert settings.campaign == (here / "office" / "mine",)


@pytest.mark.parametrize(
    "url",
    [
        "sqlite:////var/lib/intake/register.sqlite",
        "sqlite:///:memory:",
        "sqlite://",
        "postgresql://office@db.example.cn/intake",
        "postgresql+psycopg://office@db.example.cn/intake",
    ],
)
def test_other_urls_stay_as_they_are(file: Path, url: str) -> None:
    assert load(file, INTAKE_STORAGE__URL=url).storage.url == url


def test_without_file_and_environment_all_defaults_hold(tmp_path: Path) -> None:
    settings = load_settings(None, {}, tmp_path)
    assert settings.campaign == (bundled.templates() / "cipoa-2016",)
    assert settings.data == tmp_path / "data"
    assert settings.storage.url == f"sqlite:///{tmp_path}/data/register.sqlite"
    assert (settings.limits.per_connection, settings.limits.per_quarter_hour, settings.limits.per_hour) == (10, 20, 60)
    assert (settings.limits.per_day, settings.limits.gap_seconds) == (100, 15)
    assert (settings.limits.per_address_per_hour, settings.limits.per_address_per_day) == (2, 5)
    assert (settings.outbox.mode, settings.outbox.backlog) == ("send", "hold")


def test_config_toml_of_the_current_folder_is_found(file: Path) -> None:
    assert load_settings(None, {}, file.parent).mailbox.host == "imap.example.cn"


@pytest.mark.parametrize(("written", "expected"), [("true", True), ("No", False), ("1", True), ("off", False)])
def test_a_switch_of_the_environment(file: Path, written: str, expected: bool) -> None:
    assert load(file, INTAKE_DIGEST__SEND=written).digest.send is expected


def test_a_day_may_be_text(file: Path) -> None:
    assert load(file, INTAKE_CALENDAR__WORK='["2027-02-07"]').calendar.work == (date(2027, 2, 7),)


CONTRACT = {
    "INTAKE_MAILBOX__HOST": ("127.0.0.1", lambda s: s.mailbox.host, "127.0.0.1"),
    "INTAKE_MAILBOX__PORT": ("1143", lambda s: s.mailbox.port, 1143),
    "INTAKE_MAILBOX__SECURITY": ("starttls", lambda s: s.mailbox.security, "starttls"),
    "INTAKE_MAILBOX__USERNAME": ("u", lambda s: s.mailbox.username, "u"),
    "INTAKE_MAILBOX__PASSWORD": ("p", lambda s: s.mailbox.secret(), "p"),
    "INTAKE_MAILBOX__FOLDERS": ('["INBOX", "入盟"]', lambda s: s.mailbox.folders, ("INBOX", "入盟")),
    "INTAKE_SMTP__HOST": ("::1", lambda s: s.smtp.host, "::1"),
    "INTAKE_SMTP__PORT": ("1025", lambda s: s.smtp.port, 1025),
    "INTAKE_SMTP__SECURITY": ("starttls", lambda s: s.smtp.security, "starttls"),
    "INTAKE_SMTP__USERNAME": ("", lambda s: s.smtp.username, ""),
    "INTAKE_SMTP__PASSWORD": ("q", lambda s: s.smtp_secret(), "q"),
    "INTAKE_SMTP__FROM": ("a@example.cn", lambda s: s.sender, "a@example.cn"),
    "INTAKE_STORAGE__URL": ("sqlite:////r", lambda s: s.storage.url, "sqlite:////r"),
    "INTAKE_DATA": ("/d", lambda s: s.data, Path("/d")),
    "INTAKE_CAMPAIGN": ('["cipoa-2016"]', lambda s: s.campaign[0].name, "cipoa-2016"),
    "INTAKE_OUTBOX__MODE": ("hold", lambda s: s.outbox.mode, "hold"),
    "INTAKE_OUTBOX__BACKLOG": ("send", lambda s: s.outbox.backlog, "send"),
    "INTAKE_LIMITS__PER_CONNECTION": ("0", lambda s: s.limits.per_connection, 0),
    "INTAKE_LIMITS__PER_QUARTER_HOUR": ("1", lambda s: s.limits.per_quarter_hour, 1),
    "INTAKE_LIMITS__PER_HOUR": ("2", lambda s: s.limits.per_hour, 2),
    "INTAKE_LIMITS__PER_DAY": ("3", lambda s: s.limits.per_day, 3),
    "INTAKE_LIMITS__GAP_SECONDS": ("0.5", lambda s: s.limits.gap_seconds, 0.5),
    "INTAKE_LIMITS__PER_ADDRESS_PER_HOUR": ("4", lambda s: s.limits.per_address_per_hour, 4),
    "INTAKE_LIMITS__PER_ADDRESS_PER_DAY": ("6", lambda s: s.limits.per_address_per_day, 6),
    "INTAKE_DIGEST__TO": ("Liu@example.cn", lambda s: s.digest.to, ("liu@example.cn",)),
}


@pytest.mark.parametrize("name", CONTRACT)
def test_each_variable_of_the_contract_overrides(file: Path, name: str) -> None:
    value, read, expected = CONTRACT[name]
    assert read(load(file, **{name: value})) == expected


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("INBOX", ["INBOX"]),
        ("", []),
        ("[]", []),
        ('["a","b"]', ["a", "b"]),
        ("[Gmail]/All Mail", ["[Gmail]/All Mail"]),
        ("草稿,箱", ["草稿,箱"]),
    ],
)
def test_a_list_is_json_or_one_plain_value(written: str, expected: list[str]) -> None:
    assert as_list(written) == expected


@given(st.lists(st.text()))
def test_every_json_list_comes_back_whole(values: list[str]) -> None:
    assert as_list(json.dumps(values)) == values


@given(st.text(min_size=1))
def test_every_plain_value_is_a_list_of_itself_or_json(value: str) -> None:
    found = as_list(value)
    assert found == [value] or found == json.loads(value)


def test_the_secret_of_the_environment_replaces_every_kind_in_the_file(file: Path) -> None:
    file.write_text(FULL.replace('password = "from-file"', 'password_command = "false"'), "utf-8")
    assert load(file, INTAKE_MAILBOX__PASSWORD="mine").mailbox.secret() == "mine"


def test_a_password_changed_in_the_file_counts_at_the_next_sign_in(file: Path) -> None:
    settings = load(file)
    assert settings.mailbox.secret() == "from-file"
    file.write_text(FULL.replace("from-file", "changed"), "utf-8")
    assert settings.mailbox.secret() == "changed"
    file.write_text("[mailbox\nhalf written", "utf-8")
    assert settings.mailbox.secret() == "from-file"


def test_a_password_of_the_environment_is_not_looked_up_in_the_file(file: Path) -> None:
    settings = load(file, INTAKE_MAILBOX__PASSWORD="mine")
    assert settings.mailbox.secret() == "mine"


def test_smtp_uses_the_mailbox_secret_only_for_the_same_account(file: Path) -> None:
    assert load(file).smtp_secret() == "from-file"
    assert load(file, INTAKE_SMTP__USERNAME="another@example.cn").smtp_secret() == ""
    assert load(file, INTAKE_SMTP__PASSWORD="own").smtp_secret() == "own"


def test_the_sender_is_the_account_unless_said_otherwise(file: Path) -> None:
    assert load(file).sender == "Office@example.cn"
    assert load(file, INTAKE_SMTP__USERNAME="").sender == "office@example.cn"


def test_a_secret_from_a_file_is_read_anew_each_time(file: Path) -> None:
    secret = file.parent / "code.txt"
    secret.write_text("first\nsecond line\n", "utf-8")
    settings = load(file, INTAKE_MAILBOX__PASSWORD_FILE=str(secret))
    assert settings.mailbox.secret() == "first"
    secret.write_text("\ufeffsecond\r\n", "utf-8")
    assert settings.mailbox.secret() == "second"


@pytest.mark.parametrize("form", ["line", "json"])
def test_a_secret_from_a_command(file: Path, form: str) -> None:
    words = [sys.executable, "-c", "print('from command')"]
    line = f'{words[0]} -c "{words[2]}"' if form == "line" else json.dumps(words)
    assert load(file, INTAKE_MAILBOX__PASSWORD_COMMAND=line).mailbox.secret() == "from command"


def test_a_secret_from_the_keyring(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import keyring

    held = {("intake", "office@example.cn"): "from keyring"}
    monkeypatch.setattr(keyring, "get_password", lambda service, user: held.get((service, user)))
    settings = load(file, INTAKE_MAILBOX__PASSWORD_KEYRING="intake")
    assert settings.mailbox.secret() == "from keyring"
    held.clear()
    with pytest.raises(WrongConfiguration, match=r"mailbox\.password_keyring.*keyring set intake office@example\.cn"):
        settings.mailbox.secret()


def test_no_secret_shows_in_any_repr(file: Path) -> None:
    command = [sys.executable, "-c", "print('hidden-word')"]
    settings = load(file, INTAKE_SMTP__PASSWORD="hidden-word", INTAKE_MAILBOX__PASSWORD_COMMAND=json.dumps(command))
    for shown in (repr(settings), str(settings), repr(settings.smtp), repr(settings.mailbox), f"{settings.smtp}"):
        assert "hidden-word" not in shown


def test_the_environment_of_the_process_is_the_default(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in os.environ if name.startswith("INTAKE_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("INTAKE_MAILBOX__HOST", "imap.of.the.process.example.cn")
    assert load_settings(file).mailbox.host == "imap.of.the.process.example.cn"
