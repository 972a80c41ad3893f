"""One row a mail provider: hosts, domains, what its IMAP wants first, how its folders are named, what to tell
a person whose sign-in is refused; the links its large attachments become; how its refusals read.

Promises: frozen data and pure look-ups; an unknown host gets a neutral row. Nothing is fetched.
Source: provider facts, parts A1, A2, A6, B and C3.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from intake.refusals import Meaning, Refusal, decode_reply, read_refusal, read_words

__all__ = ["PROVIDERS", "Meaning", "Provider", "Refusal", "cloud_service", "decode_reply", "is_public_domain",
           "provider_of", "read_words", "refusal"]  # fmt: skip

_NETEASE_REMEDY = (
    "请登录网页邮箱，在“设置—POP3/SMTP/IMAP”中开启IMAP/SMTP服务，将收取范围设为“收取全部邮件”，"
    "并使用授权码（不是登录密码）；仍被拒绝时，关闭服务后重新开启并新建授权码。"
)
_QQ_REMEDY = "请登录网页邮箱，在“设置—账号”中开启IMAP/SMTP服务，使用16位授权码，并将收取范围设为“全部”。"
_CLIENT_REMEDY = "请在邮箱设置中开启IMAP/SMTP服务，并使用客户端专用密码。"
_CODE_REMEDY = "请在网页邮箱设置中开启IMAP/SMTP服务，并使用授权码。"
_OAUTH_REMEDY = "该邮箱只接受OAuth登录，本程序不支持，请改用其他邮箱。"
_GMAIL_REMEDY = "请开启两步验证并使用应用专用密码。"
_REMEDY = "请核对主机名、账号和密码（多数邮箱须使用授权码），并确认IMAP/SMTP服务已开启。"


@dataclass(frozen=True, slots=True)
class Provider:
    """A mail provider. `domains` are those of its addresses; `public` says that anyone may have one there.

    `needs_id`: every folder stays shut until RFC 2971 ID was sent on the connection. `smtp_ports` are
    the ports with TLS from the first byte, then those with STARTTLS.
    """

    name: str
    domains: tuple[str, ...] = ()
    imap_host: str = ""
    smtp_host: str = ""
    needs_id: bool = False
    public: bool = False
    remedy: str = _REMEDY
    smtp_ports: tuple[int, ...] = (465,)
    sent_folder: str = "已发送"
    drafts_folder: str = "草稿箱"
    junk_folders: tuple[str, ...] = ("垃圾邮件", "Junk", "Spam")
    virus_folders: tuple[str, ...] = ("病毒文件夹",)


def _netease(domain: str, name: str) -> Provider:
    return Provider(
        name, (domain,), f"imap.{domain}", f"smtp.{domain}", True, True, _NETEASE_REMEDY, (465, 994, 25),
        junk_folders=("垃圾邮件", "广告邮件"),
    )  # fmt: skip


_ENGLISH = {"sent_folder": "Sent Messages", "drafts_folder": "Drafts", "junk_folders": ("Junk",), "virus_folders": ()}

PROVIDERS: tuple[Provider, ...] = (
    _netease("vip.126.com", "网易VIP 126邮箱"),
    _netease("163.com", "网易163邮箱"),
    _netease("126.com", "网易126邮箱"),
    _netease("yeah.net", "网易yeah邮箱"),
    _netease("188.com", "网易188财富邮"),
    _netease("vip.163.com", "网易VIP 163邮箱"),
    _netease("vip.188.com", "网易VIP 188邮箱"),
    Provider("网易企业邮箱", (), "imap.qiye.163.com", "smtp.qiye.163.com", True, False, _CLIENT_REMEDY, (465, 994)),
    Provider("QQ邮箱", ("qq.com", "foxmail.com", "vip.qq.com"), "imap.qq.com", "smtp.qq.com", False, True, _QQ_REMEDY,
             (465, 587), **_ENGLISH),  # type: ignore[arg-type]
    Provider("腾讯企业邮箱", (), "imap.exmail.qq.com", "smtp.exmail.qq.com", False, False, _CLIENT_REMEDY, (465, 587),
             **_ENGLISH),  # type: ignore[arg-type]
    Provider("阿里企业邮箱", (), "imap.qiye.aliyun.com", "smtp.qiye.aliyun.com", remedy=_CLIENT_REMEDY),
    Provider("阿里邮箱", ("aliyun.com",), "imap.aliyun.com", "smtp.aliyun.com", public=True, remedy=_CODE_REMEDY),
    Provider("新浪邮箱", ("sina.com", "sina.cn"), "imap.sina.com", "smtp.sina.com", public=True, remedy=_CODE_REMEDY,
             drafts_folder="草稿夹"),
    Provider("新浪VIP邮箱", ("vip.sina.com", "vip.sina.cn"), "imap.vip.sina.com", "smtp.vip.sina.com", public=True,
             remedy=_CODE_REMEDY, drafts_folder="草稿夹"),
    Provider("搜狐邮箱", ("sohu.com", "vip.sohu.com"), "imap.sohu.com", "smtp.sohu.com", public=True,
             remedy=_CLIENT_REMEDY),
    Provider("139邮箱", ("139.com",), "imap.139.com", "smtp.139.com", public=True, remedy=_CODE_REMEDY),
    Provider("Microsoft邮箱", ("outlook.com", "hotmail.com", "live.com", "live.cn", "msn.com", "outlook.cn"),
             "outlook.office365.com", "smtp.office365.com", public=True, remedy=_OAUTH_REMEDY, smtp_ports=(587,),
             sent_folder="Sent Items", drafts_folder="Drafts", junk_folders=("Junk Email",), virus_folders=()),
    Provider("Gmail", ("gmail.com", "googlemail.com"), "imap.gmail.com", "smtp.gmail.com", public=True,
             remedy=_GMAIL_REMEDY, smtp_ports=(465, 587), sent_folder="[Gmail]/Sent Mail",
             drafts_folder="[Gmail]/Drafts", junk_folders=("[Gmail]/Spam",), virus_folders=()),
)  # fmt: skip
DEFAULT = Provider("邮箱")
# Further domains where anyone may have an address; their Reply-To proves nothing.
_PUBLIC = frozenset(
    ("189.cn", "21cn.com", "wo.cn", "wo.com.cn", "tom.com", "163.net", "263.net", "263.net.cn", "x263.net", "eyou.com",
     "sogou.com", "chinaren.com", "21cn.net", "citiz.net", "netease.com", "popo.163.com", "88.com",
     "2980.com", "aol.com", "yahoo.com", "yahoo.cn", "yahoo.com.cn", "yahoo.com.hk", "yahoo.com.tw", "ymail.com",
     "icloud.com", "me.com", "mac.com", "protonmail.com", "proton.me", "mail.com", "gmx.com", "gmx.net", "zoho.com",
     "yandex.com", "mail.ru", "naver.com", "hanmail.net", "email.cn", "sina.com.cn", "vip.tom.com")
)  # fmt: skip
_BY_DOMAIN = {domain: row for row in PROVIDERS for domain in row.domains}
_BY_HOST = {host: row for row in PROVIDERS for host in (row.imap_host, row.smtp_host)}
_BY_HOST |= {"smtp-mail.outlook.com": _BY_DOMAIN["outlook.com"]}

_HOSTS = r"(?:[\w-]+\.)*"
# Large attachments of mail services (C3): host and path of a link, never a style id, which other mails hold too.
_LINKS: tuple[tuple[str, re.Pattern[str]], ...] = tuple(
    (name, re.compile(rf"(?:https?:)?//{pattern}", re.IGNORECASE))
    for name, pattern in (
        ("腾讯企业邮箱超大附件", rf"{_HOSTS}exmail\.qq\.com/(?:cgi-bin/ftnExs_|ftn/download)"),
        ("QQ邮箱超大附件", rf"{_HOSTS}mail\.qq\.com/(?:cgi-bin/ftnExs_|ftn/download)"),
        ("QQ邮箱超大附件", rf"{_HOSTS}ftn(?:\.\w+)*\.qq\.com/"),
        ("网易企业邮箱云附件", r"edisk\.qiye\.163\.com/"),
        ("网易邮箱大师云附件", r"dashi\.163\.com/html/cloud-attachment-download"),
        ("网易邮箱超大附件", rf"{_HOSTS}(?:163|126|188)\.com/(?:large-attachment-download|filehub/bg)"),
        ("网易邮箱超大附件", rf"{_HOSTS}yeah\.net/(?:large-attachment-download|filehub/bg)"),
        ("新浪邮箱超大附件", rf"{_HOSTS}mail\.sina\.(?:com\.cn|cn|com)/filecenter/download"),
        ("139邮箱超大附件", rf"{_HOSTS}mail\.10086\.cn/\S*(?:largeattach|download)"),
    )
)
_DISKS: tuple[tuple[str, re.Pattern[str]], ...] = tuple(
    (name, re.compile(rf"(?:https?:)?//{pattern}", re.IGNORECASE))
    for name, pattern in (
        ("百度网盘", r"pan\.baidu\.com/(?:s/|share/|wap/init)"),
        ("腾讯微云", r"share\.weiyun\.com/\w"),
        ("金山文档", rf"{_HOSTS}kdocs\.cn/(?:l|p|view|wo/sl)/"),
        ("腾讯文档", r"docs\.qq\.com/(?:doc|sheet|pdf|form|slide)/"),
        ("阿里云盘", r"(?:www\.)?(?:aliyundrive|alipan)\.com/s/"),
    )
)
_TAG = re.compile(r"<(?:img|link|script|style)\b[^<>]*>", re.IGNORECASE)


def provider_of(host_or_address: str) -> Provider:
    """The row of a host (imap.vip.126.com), a domain or an address; DEFAULT where none fits.

    A sub-domain belongs to its nearest row: hz.imap.qiye.163.com to 网易企业邮箱.
    """
    name = host_or_address.strip().lower().rstrip(".").rpartition("@")[2]
    for suffix in _suffixes(name):
        if row := _BY_HOST.get(suffix) or (_BY_DOMAIN.get(suffix) if suffix == name else None):
            return row
    return DEFAULT


def is_public_domain(domain: str) -> bool:
    """Whether anyone may have an address at a domain (or at the domain of an address)."""
    name = domain.strip().lower().rstrip(".").rpartition("@")[2]
    row = _BY_DOMAIN.get(name)
    return row.public if row else name in _PUBLIC


def cloud_service(html_or_text: str) -> str:
    """The Chinese name of the service whose download link stands in a body, or "".

    Large attachments of mail services come before shared files of net disks.
    """
    if "//" not in html_or_text:
        return ""
    text = _TAG.sub(" ", html_or_text)
    return next((name for name, link in (*_LINKS, *_DISKS) if link.search(text)), "")


def is_net_disk(service: str) -> bool:
    """Whether a service is a net disk: people put its links into all sorts of mails."""
    return any(name == service for name, _ in _DISKS)


def refusal(code: int, text: str, host: str = "") -> Refusal:
    """What a server's refusal means, the letters first and the number second.

    `host` is the server that said so; where signing in was refused its row gives the remedy.
    """
    found = read_refusal(code, text)
    row = provider_of(host)
    if found.meaning == "signin" and row is not DEFAULT:
        return Refusal(found.meaning, found.permanent, found.wait_seconds, row.remedy)
    return found


def _suffixes(name: str) -> Iterable[str]:
    labels = name.split(".")
    return (".".join(labels[start:]) for start in range(len(labels)))
