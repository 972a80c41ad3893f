"""Mails in the manner of the programs that units use: Foxmail, QQ, NetEase web mail, Outlook."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from email.header import Header
from email.message import Message
from email.mime.application import MIMEApplication
from email.mime.multipart import MIMEMultipart
from email.mime.text import MIMEText
from email.utils import format_datetime, formataddr
from typing import Literal, TypeAlias

Manner: TypeAlias = Literal["foxmail", "qq", "netease", "outlook"]
MANNERS: tuple[Manner, ...] = ("foxmail", "qq", "netease", "outlook")
MAILBOX = "cipsa@vip.126.com"
CHARSETS: dict[Manner, str] = {"foxmail": "gb2312", "qq": "gb18030", "netease": "gbk", "outlook": "utf-8"}
MAILERS: dict[Manner, str] = {
    "foxmail": "Foxmail 7.2.7.21[cn]",
    "qq": "QQMail 2.x",
    "netease": "Coremail Webmail Server Version SP_ntes V3.5",
    "outlook": "Microsoft Outlook 16.0",
}


@dataclass(frozen=True, slots=True)
class File:
    name: str
    content: bytes


def compose(
    manner: Manner,
    sender: tuple[str, str],
    at: datetime,
    subject: str,
    *,
    text: str = "",
    html: str = "",
    files: Sequence[File] = (),
    headers: Sequence[tuple[str, str]] = (),
    reply_to: Message | None = None,
) -> bytes:
    """A mail to the association; `sender` is (name, address). A reply quotes the letter it answers."""
    text += _quoted(reply_to)
    charset = _charset(manner, text, html)
    body = _body(text, html, charset)
    mail: Message = _with_files(body, files, charset) if files else body
    mail["From"] = formataddr((str(Header(sender[0], charset)), sender[1]))
    mail["To"] = MAILBOX
    mail["Subject"] = Header(subject, charset).encode()
    mail["Date"] = format_datetime(at)
    mail["Message-ID"] = _message_id(manner, sender[1], at, subject)
    mail["X-Mailer"] = MAILERS[manner]
    if reply_to is not None:
        mail["In-Reply-To"] = str(reply_to["Message-ID"])
    for name, value in headers:
        mail[name] = value
    return received_line(at, sender[1]) + mail.as_bytes().replace(b"\r\n", b"\n").replace(b"\n", b"\r\n")


def _charset(manner: Manner, *texts: str) -> str:
    """The program's usual charset, or UTF-8 where that lacks a character (GBK has no ☑)."""
    usual = CHARSETS[manner]
    try:
        "".join(texts).encode(usual)
    except UnicodeEncodeError:
        return "utf-8"
    return usual


def _body(text: str, html: str, charset: str) -> Message:
    if not html:
        return MIMEText(text or " ", "plain", charset)
    both = MIMEMultipart("alternative")
    both.attach(MIMEText(text or " ", "plain", charset))
    both.attach(MIMEText(f"<html><body>{html}</body></html>", "html", charset))
    return both


def _with_files(body: Message, files: Sequence[File], charset: str) -> Message:
    mail = MIMEMultipart("mixed")
    mail.attach(body)
    for file in files:
        part = MIMEApplication(file.content, "octet-stream")
        name = Header(file.name, charset).encode(maxlinelen=10_000)
        part.replace_header("Content-Type", f'application/octet-stream; name="{name}"')
        part["Content-Disposition"] = f'attachment; filename="{name}"'
        mail.attach(part)
    return mail


def _quoted(letter: Message | None) -> str:
    if letter is None:
        return ""
    part = next(part for part in letter.walk() if part.get_content_type() == "text/plain")
    content = part.get_payload(decode=True)
    lines = content.decode("utf-8").splitlines() if isinstance(content, bytes) else []
    return "\n\n------------------ 原始邮件 ------------------\n" + "\n".join(f"> {line}" for line in lines)


def received_line(at: datetime, sender: str) -> bytes:
    """What the mailbox's own server writes on top."""
    helo = sender.partition("@")[2]
    return f"Received: from {helo} (unknown [192.0.2.9]) by mx.vip.126.com; {format_datetime(at)}\r\n".encode()


def _message_id(manner: Manner, address: str, at: datetime, subject: str) -> str:
    digest = hashlib.sha256(f"{address}{at.isoformat()}{subject}".encode()).hexdigest()[:24].upper()
    user, _, domain = address.partition("@")
    return {
        "foxmail": f"<{at:%Y%m%d%H%M%S}{digest[:12]}@{domain}>",
        "qq": f"<tencent_{digest}@qq.com>",
        "netease": f"<{digest[:8].lower()}.{digest[8:12].lower()}.Coremail.{user}@{domain}>",
        "outlook": f"<{digest}@{domain}>",
    }[manner]
