"""Alerts as the person sees them who looks after the daemon: `check` tries each way, `status` says what fails."""

from __future__ import annotations

import json
import sqlite3
from pathlib import Path

import pytest
from netease import NETEASE, FakeNetease
from promises.post_office import PostOffice


def lines(post: PostOffice, code: int = 0) -> list[str]:
    ended = post.command("check")
    assert ended.code == code, ended
    return [line for line in (ended.out + ended.err).splitlines() if "告警" in line]


def test_check_tries_each_way(post: PostOffice, tmp_path: Path) -> None:
    with FakeNetease(NETEASE()) as second:
        post.environment |= {
            "ALERT_SMTP__HOST": second.host, "ALERT_SMTP__PORT": str(second.smtp_port), "ALERT_SMTP__SECURITY": "none",
            "ALERT_SMTP__USERNAME": second.username, "ALERT_SMTP__PASSWORD": second.password,
            "ALERTS__COMMAND": json.dumps(["/bin/sh", "-c", f"cat > {tmp_path / 'told.txt'}"]),
            "ALERTS__TO": "duty@example.net",
        }  # fmt: skip
        account, command = lines(post)
        assert f"第二个发信账号 {second.host} 可用，发往 duty@example.net" in account
        assert "命令 /bin/sh 已运行，请确认收到试报" in command
        assert second.sent == []
        assert (tmp_path / "told.txt").read_text("utf-8").startswith("【试报】告警通道检查\n\n")
        second.moods.auth_refused = "535"
        post.environment["ALERTS__COMMAND"] = json.dumps(["/bin/sh", "-c", "exit 3"])
        assert "邮箱拒绝登录" in lines(post, 1)[0]
        post.environment["ALERT_SMTP__HOST"] = ""
        assert "告警命令以退出码 3 失败" in lines(post, 1)[0]


def test_check_warns_where_the_account_alone_can_tell(post: PostOffice) -> None:
    (warning,) = lines(post)
    assert "只能由本账户告警，发信中断时无法告知" in warning


@pytest.mark.parametrize(
    ("date", "side"), [("Fri, 18 Nov 2016 10:00:00 +0800", "快"), ("Sat, 18 Nov 2090 10:00:00 +0800", "慢")]
)
def test_check_compares_the_clock_with_a_server_that_names_the_time(post: PostOffice, date: str, side: str) -> None:
    post.server.moods.banner = f"mail.example.com ESMTP Exim 4.94.2 {date}"
    ended = post.command("check")
    assert ended.code == 1
    assert f"）{side}，请校准本机时钟。" in ended.out + ended.err


def test_check_says_what_the_last_letter_showed_of_the_clock(post: PostOffice) -> None:
    ahead = '["2016-11-18T12:00:00+08:00", "2016-11-18T10:00:00+08:00"]'
    with sqlite3.connect(post.place) as register:
        register.execute("INSERT INTO facts (name, value) VALUES ('server time', ?)", (ahead,))
    ended = post.command("check")
    assert ended.code == 1
    assert "本机时钟比邮件服务器快120分钟" in ended.out + ended.err


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"ALERT_SMTP__HOST": "smtp.example.net"}, "alert_smtp.from：未填写"),
        ({"ALERT_SMTP__HOST": "smtp.example.net", "ALERT_SMTP__USERNAME": "a@example.net"}, "alert_smtp.password"),
        ({"ALERT_SMTP__HOST": "smtp.example.net", "ALERT_SMTP__SECURITY": "none"}, "不加密（none）只允许用于本机"),
        ({"ALERTS__TO": "nobody"}, "不是一个邮箱地址"),
        ({"ALERTS__AFTER_MINUTES": "0"}, "必须大于"),
    ],
)
def test_what_is_missing_is_said_before_anything_is_contacted(
    post: PostOffice, changed: dict[str, str], sentence: str
) -> None:
    post.environment |= changed
    ended = post.once()
    assert (ended.code, ended.out) == (2, "")
    assert sentence in ended.err
    assert post.server.connections("imap") == []


def test_status_says_what_fails(post: PostOffice) -> None:
    post.server.moods.drop_at = "LIST"
    assert post.once().code == 1
    ended = post.command("status")
    assert "中断：自2016年11月18日（星期五）10:00起收信失败，" in ended.out
    found = json.loads(post.command("status", "--json").out)
    assert [one["edge"] for one in found["cipoa-2016"]["outages"]] == ["fetching"]
