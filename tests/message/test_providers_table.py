"""Providers: which row a host meets, which domains are public, what links and refusals mean."""

# ruff: noqa: E501 - the samples are what servers write

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as some

from intake import providers
from intake.providers import cloud_service, decode_reply, is_public_domain, provider_of, refusal


@pytest.mark.parametrize(
    ("said", "name", "needs_id"),
    [
        ("imap.vip.126.com", "网易VIP 126邮箱", True),
        ("secretariat@vip.126.com", "网易VIP 126邮箱", True),
        ("smtp.163.com", "网易163邮箱", True),
        ("IMAP.Yeah.net.", "网易yeah邮箱", True),
        ("imap.qiye.163.com", "网易企业邮箱", True),
        ("hz.imap.qiye.163.com", "网易企业邮箱", True),
        ("imap.qq.com", "QQ邮箱", False),
        ("a@foxmail.com", "QQ邮箱", False),
        ("imap.exmail.qq.com", "腾讯企业邮箱", False),
        ("imap.qiye.aliyun.com", "阿里企业邮箱", False),
        ("imap.aliyun.com", "阿里邮箱", False),
        ("imap.vip.sina.com", "新浪VIP邮箱", False),
        ("imap.sohu.com", "搜狐邮箱", False),
        ("imap.139.com", "139邮箱", False),
        ("smtp-mail.outlook.com", "Microsoft邮箱", False),
        ("imap.gmail.com", "Gmail", False),
        ("imap.example.cn", "邮箱", False),
        ("evil163.com", "邮箱", False),
        ("imap.vip.126.com.evil.example.com", "邮箱", False),
        ("", "邮箱", False),
    ],
)
def test_provider(said: str, name: str, needs_id: bool) -> None:
    row = provider_of(said)
    assert (row.name, row.needs_id) == (name, needs_id)
    assert row.remedy.endswith("。")


def test_each_host_and_domain_stands_once() -> None:
    hosts = [host for row in providers.PROVIDERS for host in (row.imap_host, row.smtp_host)]
    domains = [domain for row in providers.PROVIDERS for domain in row.domains]
    assert len(set(hosts)) == len(hosts)
    assert len(set(domains)) == len(domains)
    assert all(provider_of(host).name in [row.name for row in providers.PROVIDERS] for host in hosts)


@pytest.mark.parametrize(
    "domain",
    [
        "163.com",
        "126.com",
        "vip.126.com",
        "qq.com",
        "foxmail.com",
        "sina.com",
        "sina.cn",
        "sohu.com",
        "139.com",
        "189.cn",
        "gmail.com",
        "outlook.com",
        "yahoo.com.cn",
        "QQ.com",
        "a@qq.com",
    ],
)
def test_public(domain: str) -> None:
    assert is_public_domain(domain)


@pytest.mark.parametrize("domain", ["unit-a.example.cn", "mail.163.com.example.cn", "tsinghua.example.edu.cn", ""])
def test_not_public(domain: str) -> None:
    assert not is_public_domain(domain)


LINKS = [
    (
        '<a href="http://mail.qq.com/cgi-bin/ftnExs_download?k=1&amp;t=exs_ftn_download&amp;code=2">进入下载页面</a>',
        "QQ邮箱超大附件",
    ),
    (
        '<span class="qqmailbgattach" downloadlink="https://wx.mail.qq.com/ftn/download?func=3&key=1&code=2">a.docx</span>',
        "QQ邮箱超大附件",
    ),
    ("进入下载页面：http://mail.qq.com/cgi-bin/ftnExs_download?k=1", "QQ邮箱超大附件"),
    ('<a href="https://exmail.qq.com/cgi-bin/ftnExs_download?k=1">x</a>', "腾讯企业邮箱超大附件"),
    (
        '<div id="divNeteaseBigAttach"><a href="https://mail.163.com/large-attachment-download/index.html?p=1">x</a></div>',
        "网易邮箱超大附件",
    ),
    ('<a href="//mail.126.com/large-attachment-download/index.html?file=1">x</a>', "网易邮箱超大附件"),
    ('<a href="https://dashi.163.com/html/cloud-attachment-download/?key=1">x</a>', "网易邮箱大师云附件"),
    ('<a href="https://edisk.qiye.163.com/api/biz/attachment/download?identity=1">x</a>', "网易企业邮箱云附件"),
    ('<a href="http://mail.sina.com.cn/filecenter/download.php?id=1">x</a>', "新浪邮箱超大附件"),
    ("https://pan.baidu.com/s/1abc", "百度网盘"),
    ("<style>#divNeteaseBigAttach a{color:red} .qqmailbgattach{}</style><p>x</p>", ""),  # styles only
    ('<div id="divNeteaseBigAttach_bak"></div><p>您好</p>', ""),
    ('<img src="https://mail.163.com/large-attachment-download/icon.png">', ""),
    ('<a href="http://evil.example.com/mail.qq.com/cgi-bin/ftnExs_download">x</a>', ""),
    ('<a href="http://mail.qq.com/help">帮助</a>', ""),
    ("https://evilpan.baidu.com.example.com/s/1", ""),
    ("", ""),
]


@pytest.mark.parametrize(("body", "service"), LINKS)
def test_cloud_link(body: str, service: str) -> None:
    assert cloud_service(body) == service


REFUSALS = [
    (450, "MI:SFQ 163 smtp1", "pause", False), (554, "MI:SFQ", "pause", False), (451, "MI:DMC", "reconnect", False), (550, "RP:DRC", "reconnect", False),
    (450, "RP:QRC", "pause", False), (554, "MI:STC", "tomorrow", False), (550, "RP:TRC", "tomorrow", False), (452, "RP:RCL", "setup", True),
    (452, "too much recipient", "setup", True), (451, "DT:SPM 163 smtp11", "slow", False),
    (554, "DT:SPM 163 smtp11,x 1480000000,please see http://mail.163.com/help/help_spam_16.htm?ip=192.0.2.1", "campaign", True),
    (550, "DT:SPM", "campaign", True), (554, "DT:SUM", "setup", True), (550, "MI:NHD", "setup", True), (500, "Error: bad syntax", "setup", True),
    (421, "MI:CEL", "reconnect", False), (421, "HL:ICC", "pause", False), (421, "HL:REP", "pause", False), (550, "HL:IHU", "blocked", False),
    (554, "DT:RBL", "blocked", False), (554, "IP in blacklist", "blocked", False), (550, "Invalid User: x", "recipient", True),
    (550, "User suspended", "recipient", True), (552, "Requested mail action aborted: exceeded mailsize limit", "setup", True),
    (554, "Illegal Attachment", "setup", True), (451, "Requested action aborted: local error in processing", "retry", False),
    (535, "Error: authentication failed", "signin", False), (550, "User has no permission", "signin", False), (550, "用户无权登陆", "signin", False),
    (535, "Login Fail. Please enter your authorization code to login.", "signin", False),
    (535, "Login fail. Account is abnormal, service is not open, password is incorrect, login frequency limited, or system is busy.", "signin", False),
    (451, "too much fail authentication", "signin", False), (554, "IP is rejected, smtp auth error limit exceed", "signin", False),
    (501, "mail from address must be same as authorization user", "setup", True), (553, "Mail from must equal authorized user", "setup", True),
    (553, "Envolope sender mismatch with login user..", "setup", True), (550, "Mailbox unavailable or access denied", "slow", False),
    (550, "Connection frequency limited", "slow", False), (550, "Domain frequency limited", "slow", False), (550, "Connection denied", "slow", False),
    (550, "Mail content denied", "campaign", True), (550, "Spam is embedded in the email", "campaign", True), (550, "Suspected spam ip", "campaign", True),
    (550, "Mailbox not found", "recipient", True), (501, "Bad address syntax", "recipient", True), (552, "Message too large", "setup", True),
    (454, "Transient reject by behaviour spam at RCPT:too frequently sending", "slow", False), (554, "Reject by behaviour spam at DATA", "campaign", True),
    (553, "5.7.1 SENDER REJECT", "blocked", False), (535, "5.7.0 Invalid state", "signin", False), (451, "4.3.2 Internal server error", "retry", False),
    (550, "Too many connect", "reconnect", False), (421, "Service not available", "retry", False), (450, "Requested mail action not taken: mailbox unavailable", "retry", False),
    (552, "5.2.2 mailbox full", "retry", False), (550, "5.1.1 no such user", "recipient", True), (550, "odd words", "recipient", True),
    (452, "odd words", "retry", False), (530, "Authentication required", "signin", False), (421, "", "reconnect", False), (0, "", "retry", False),
]  # fmt: skip


@pytest.mark.parametrize(("code", "text", "meaning", "permanent"), REFUSALS)
def test_refusal(code: int, text: str, meaning: str, permanent: bool) -> None:
    found = refusal(code, text, "smtp.vip.126.com")
    assert (found.meaning, found.permanent) == (meaning, permanent)
    assert (found.wait_seconds > 0) is not permanent
    assert found.remedy.endswith("。")


def test_waits() -> None:
    assert refusal(450, "MI:SFQ").wait_seconds >= 900
    assert refusal(451, "DT:SPM").wait_seconds >= 120
    assert refusal(421, "HL:ICC").wait_seconds >= 3600


def test_the_provider_names_the_remedy_of_a_sign_in() -> None:
    assert "授权码" in refusal(535, "Error: authentication failed", "smtp.vip.126.com").remedy
    assert "OAuth" in refusal(535, "5.7.139 Authentication unsuccessful", "smtp.office365.com").remedy


@pytest.mark.parametrize("data", ["用户无权登陆".encode("gbk"), "用户无权登陆".encode()])
def test_replies_in_gbk(data: bytes) -> None:
    assert decode_reply(data) == "用户无权登陆"


@given(some.integers(-1, 999), some.text(max_size=100), some.text(max_size=30))
def test_any_refusal(code: int, text: str, host: str) -> None:
    found = refusal(code, text, host)
    assert found.permanent is (found.meaning in ("campaign", "setup", "recipient"))
