"""Wrong configuration, refused servers, missing files: one sentence with the remedy, the code of the contract."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Sequence
from pathlib import Path

import pytest
from promises.nursery import Ended, Nursery
from promises.post_office import A, PostOffice

from program import bundled

SETUP = {"MAILBOX__HOST": "127.0.0.1", "MAILBOX__USERNAME": "a@example.com", "MAILBOX__PASSWORD": "SECRETSECRET"}
SETUP |= {"MAILBOX__SECURITY": "none", "MAILBOX__PORT": "1", "SMTP__HOST": "127.0.0.1", "SMTP__PORT": "1"}
SETUP |= {"SMTP__SECURITY": "none", "SMTP__USERNAME": "a@example.com", "LOG__LEVEL": "error"}


def one_sentence(ended: Ended, code: int, *words: str) -> None:
    assert ended.code == code, ended
    assert ended.out == ""
    assert "Traceback" not in ended.err
    (line,) = ended.err.splitlines()
    assert line.endswith("。"), line
    assert all(word in line for word in words), line
    assert "SECRETSECRET" not in line


WRONG: dict[str, tuple[dict[str, str], Sequence[str]]] = {
    "an unknown variable": ({"MAILBOX__HOSTT": "x"}, ["INTAKE_MAILBOX__HOSTT"]),
    "a port that is none": ({"MAILBOX__PORT": "imap"}, ["INTAKE_MAILBOX__PORT", "整数"]),
    "a port out of range": ({"SMTP__PORT": "70000"}, ["INTAKE_SMTP__PORT", "65535"]),
    "no encryption to elsewhere": ({"MAILBOX__HOST": "imap.example.com"}, ["none", "tls"]),
    "a mode that is none": ({"OUTBOX__MODE": "SECRETSECRET"}, ["INTAKE_OUTBOX__MODE", "send", "hold"]),
    "an unknown campaign": ({"CAMPAIGN": "nowhere"}, ["INTAKE_CAMPAIGN", "cipoa-2016"]),
    "no host": ({"MAILBOX__HOST": ""}, ["mailbox.host"]),
    "no secret": ({"MAILBOX__PASSWORD": ""}, ["mailbox.password", "授权码"]),
    "two secrets": ({"MAILBOX__PASSWORD_FILE": "x"}, ["只能设置一项"]),
    "a database that is none": ({"STORAGE__URL": "oracle://x"}, ["storage.url"]),
    "an address that is none": ({"DIGEST__TO": "nobody"}, ["INTAKE_DIGEST__TO"]),
}


@pytest.mark.parametrize("name", WRONG)
def test_a_wrong_setting_is_one_sentence_before_anything_is_contacted(
    nursery: Nursery, tmp_path: Path, name: str
) -> None:
    changes, words = WRONG[name]
    environment = SETUP | {"DATA": str(tmp_path / "data"), "STORAGE__URL": f"sqlite:///{tmp_path}/r.sqlite"} | changes
    ended = nursery.run("run", "--once", folder=tmp_path, environment=environment)
    one_sentence(ended, 2, *words)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("[mailbox]\nhosst = 'x'\n", ["config.toml", "hosst"]),
        ("[mailbox\n", ["config.toml"]),
        ("[mailbox]\nport = 'x'\n", ["config.toml", "mailbox.port"]),
        ("[letter]\n", ["config.toml", "letter"]),
    ],
)
def test_a_wrong_file_is_one_sentence_that_names_file_and_key(
    nursery: Nursery, tmp_path: Path, text: str, words: list[str]
) -> None:
    (tmp_path / "config.toml").write_text(text, "utf-8")
    one_sentence(nursery.run("status", folder=tmp_path, environment={}), 2, *words)


def test_a_secret_that_cannot_be_read_is_named(post: PostOffice) -> None:
    post.form(A)
    for section in ("MAILBOX", "SMTP"):
        post.environment |= {f"{section}__PASSWORD": "", f"{section}__PASSWORD_FILE": "nowhere.txt"}
        one_sentence(post.once(), 2, f"{section.lower()}.password_file", "nowhere.txt")
        del post.environment[f"{section}__PASSWORD_FILE"]
        post.environment[f"{section}__PASSWORD"] = post.server.password
    assert post.server.commands == []


@pytest.mark.parametrize("key", ["DATA", "STORAGE__URL"])
def test_a_folder_that_cannot_be_made_is_one_sentence(post: PostOffice, key: str) -> None:
    post.form(A)
    (post.folder / "file").write_bytes(b"")
    place = str(post.folder / "file" / "data")
    post.environment[key] = place if key == "DATA" else f"sqlite:///{place}/r.sqlite"
    one_sentence(post.once(), 1, place)
    checked = post.command("check")
    assert (checked.code, "Traceback" in checked.err) == (1, False)
    assert place in checked.out
    assert post.server.sent == []


def test_a_named_file_must_be_there(nursery: Nursery, tmp_path: Path) -> None:
    for words in (("--config", "x.toml", "status"), ("status", "--config", "x.toml")):
        one_sentence(nursery.run(*words, folder=tmp_path, environment={}), 2, "x.toml", "intake init")


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ('id = "cipoa-2016"', "", ["campaign.toml", "id"]),
        ("deadline = 2016-12-02T17:00:00+08:00", "deadline = 2016-12-02T17:00:00", ["campaign.toml", "deadline"]),
        ("[form]", "[form", ["campaign.toml", "TOML"]),
        ('office = "', 'offiice = "', ["campaign.toml", "offi"]),
    ],
)
def test_a_broken_campaign_is_one_sentence(
    post: PostOffice, tmp_path: Path, old: str, new: str, words: list[str]
) -> None:
    copy = tmp_path / "campaign"
    shutil.copytree(bundled.campaigns()["cipoa-2016"], copy)
    text = (copy / "campaign.toml").read_text("utf-8")
    assert old in text
    (copy / "campaign.toml").write_text(text.replace(old, new, 1), "utf-8")
    post.environment["CAMPAIGN"] = str(copy)
    one_sentence(post.once(), 2, *words)
    assert post.server.commands == []


def test_a_broken_template_is_named_at_start_once_and_all_other_letters_go(post: PostOffice, tmp_path: Path) -> None:
    copy = tmp_path / "templates"
    shutil.copytree(bundled.templates(), copy)
    letter = copy / "common" / "letters" / "reminder.txt"
    whole = letter.read_text("utf-8")
    letter.write_text(whole + "\n{{ nobody_knows_this }}\n", "utf-8")
    post.environment["CAMPAIGN"] = str(copy / "cipoa-2016")
    post.form(A)
    for minute in (0, 5):  # no reminder is due, now or then
        ended = post.once(minute)
        assert ended.code == 1, ended
        assert ended.err.count("reminder.txt") == 1
        assert f"第{len(whole.splitlines()) + 2}行" in ended.err
    assert [letter.kind for letter in post.letters()] == ["acknowledgement"]
    letter.write_text(whole, "utf-8")
    assert post.once(10).code == 0


def test_missing_templates_are_named_and_cost_no_mail(post: PostOffice, tmp_path: Path) -> None:
    copy = tmp_path / "templates"
    shutil.copytree(bundled.templates(), copy)
    (copy / "common" / "letters" / "acknowledgement.txt").unlink()
    post.environment["CAMPAIGN"] = str(copy / "cipoa-2016")
    post.form(A)
    ended = post.once()
    assert "Traceback" not in ended.err
    assert ended.code == 2
    assert "acknowledgement.txt" in ended.err
    assert post.server.commands == []
    shutil.copy(bundled.templates() / "common" / "letters" / "acknowledgement.txt", copy / "common" / "letters")
    assert post.nursery.run(
        "run", "--once", "--now", "2016-11-18T12:00:00+08:00", folder=post.folder, environment=post.environment
    ).code == 0  # fmt: skip
    post.audit()


@pytest.mark.parametrize("protocol", ["imap", "smtp"])
def test_a_refused_sign_in_leaves_the_other_half(post: PostOffice, protocol: str) -> None:
    post.form(A)
    assert post.nursery.run(
        "run", "--once", "--now", "2016-11-18T09:30:00+08:00", folder=post.folder,
        environment=post.environment | {"OUTBOX__MODE": "hold"},
    ).code == 0  # fmt: skip
    key = "MAILBOX" if protocol == "imap" else "SMTP"
    post.environment[f"{key}__PASSWORD"] = "SECRETSECRET"
    ended = post.once()
    assert ended.code == 1
    assert ended.out.startswith("收到新邮件 0 封")
    assert ended.out.count("\n") == 1
    assert f"{'收信' if protocol == 'imap' else '发信'}：邮箱拒绝登录" in ended.err
    assert "授权码" in ended.err
    assert "SECRETSECRET" not in ended.out + ended.err
    assert len(post.server.sent) == (1 if protocol == "imap" else 0)


def test_nobody_there_is_one_sentence_a_half(post: PostOffice) -> None:
    post.form(A)
    assert post.nursery.run(
        "run", "--once", "--now", "2016-11-18T09:30:00+08:00", folder=post.folder,
        environment=post.environment | {"OUTBOX__MODE": "hold"},
    ).code == 0  # fmt: skip
    post.environment |= {"MAILBOX__PORT": "1", "SMTP__PORT": "1"}
    ended = post.once()
    assert ended.code == 1
    assert "Traceback" not in ended.err
    assert [line[:3] for line in ended.err.splitlines()] == ["收信：", "发信："]
    assert ended.err.count("连接不上邮件服务器") == 2


def test_a_register_of_a_newer_program_is_refused_untouched(post: PostOffice, tmp_path: Path) -> None:
    with sqlite3.connect(post.place) as register:
        register.execute("UPDATE alembic_version SET version_num = '9999'")
        register.commit()
        register.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    before = post.place.read_bytes()
    post.form(A)
    commands = (("run", "--once"), ("status",), ("held", "list"), ("adopt",), ("export", str(tmp_path / "a.xlsx")))
    for words in commands:
        one_sentence(post.command(*words), 1, "升级本程序")
    assert post.place.read_bytes() == before
    assert post.server.commands == []
    assert post.server.sent == []


def test_a_file_that_is_no_register_is_refused_untouched(post: PostOffice) -> None:
    post.place.write_bytes(b"This is a letter of my grandmother. " * 200)
    before = post.place.read_bytes()
    one_sentence(post.once(), 1, "登记库")
    assert post.place.read_bytes() == before


@pytest.mark.parametrize(
    "words",
    [
        ("run", "--now", "2016-11-18T10:00:00+08:00"),
        ("run", "--once", "--now", "2016-11-18T10:00:00"),
        ("run", "--once", "--now", "tomorrow"),
        ("run", "--twice"),
        ("read",),
        ("read", "--json", "nowhere.docx"),
        ("held", "decide", "ABCDEF"),
        ("export",),
        ("export", "a.xlsx", "--campaign", "nowhere"),
        ("letter", "preview", "love-letter"),
        ("dance",),
        ("held", "dance"),
        ("status", "more"),
        ("roster", "load", "nowhere.xlsx"),
        ("status", "--config"),
    ],
)
def test_wrong_usage_is_told_with_code_two(post: PostOffice, words: tuple[str, ...]) -> None:
    one_sentence(post.command(*words), 2, "--help")
    assert post.server.commands == []


def test_a_roster_that_is_none_is_told(post: PostOffice) -> None:
    (post.folder / "名册.xlsx").write_bytes(b"this is no workbook")
    one_sentence(post.command("roster", "load", "名册.xlsx"), 2, "名册.xlsx", ".xlsx")


def test_a_reference_that_does_not_exist_is_told(post: PostOffice) -> None:
    for words in (("held", "show", "ABCDEF"), ("held", "decide", "ABCDEF", "是"), ("held", "retry", "ABCDEF")):
        one_sentence(post.command(*words), 2, "ABCDEF", "intake held list")


def test_help_needs_nothing(nursery: Nursery, tmp_path: Path) -> None:
    ended = nursery.run("--help", folder=tmp_path, environment={"MAILBOX__HOSTT": "wrong"})
    assert (ended.code, ended.err) == (0, "")
    assert "收信、登记、答复" in ended.out
    assert nursery.run("--version", folder=tmp_path, environment={}).out == "intake 0.1.0\n"
