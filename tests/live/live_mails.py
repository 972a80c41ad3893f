"""Mails for the live tests: filled forms and what else comes to such a mailbox; all people and units are invented."""

from __future__ import annotations

import io
import random
import zipfile
from datetime import datetime
from email.message import EmailMessage

from program.demo import forms

MAILBOX = "office@example.cn"


def answers(number: int, join: str = "yes", member: str = "no") -> forms.Answers:
    values = {
        "unit": f"示例{number:04d}知识产权服务有限公司",
        "contact": "张示例",
        "office_phone": "010-00000000",
        "title": "主任",
        "mobile": "13800138000",
        "email": f"contact{number:04d}@unit{number:04d}.example.com",
    }
    return forms.Answers(values, join, member)


def form_mail(number: int, when: datetime, mark: str = "☑", bytes_wanted: int = 0) -> bytes:
    """A mail of unit `number` with its filled Word form, padded by a picture's worth of noise where asked."""
    return mail_of(number, when, padded(forms.docx(answers(number), mark), bytes_wanted, number))


def mail_of(number: int, when: datetime, content: bytes, *, sender: str = "") -> bytes:
    """A mail with that Word file; from the unit's own address unless another `sender` is named."""
    mail = _mail(number, when, f"入盟意向书（{number:04d}）", "您好，附件为我单位的入盟意向书，请查收。")
    if sender:
        mail.replace_header("From", sender)
    mail.add_attachment(
        content,
        maintype="application",
        subtype="vnd.openxmlformats-officedocument.wordprocessingml.document",
        filename=f"入盟意向书{number:04d}.docx",
    )
    return mail.as_bytes().replace(b"\n", b"\r\n")


def plain_mail(number: int, when: datetime, subject: str, text: str) -> bytes:
    return _mail(number, when, subject, text).as_bytes().replace(b"\n", b"\r\n")


def padded(docx: bytes, bytes_wanted: int, seed: int) -> bytes:
    """The same Word file, made as large as wanted by an unused picture: a real form carries a logo and fonts."""
    missing = bytes_wanted - len(docx)
    if missing <= 0:
        return docx
    buffer = io.BytesIO(docx)
    with zipfile.ZipFile(buffer, "a") as archive:
        archive.writestr("word/media/image1.png", random.Random(seed).randbytes(missing))
    return buffer.getvalue()


def _mail(number: int, when: datetime, subject: str, text: str) -> EmailMessage:
    mail = EmailMessage()
    mail["From"] = f"contact{number:04d}@unit{number:04d}.example.com"
    mail["To"] = MAILBOX
    mail["Subject"] = subject
    mail["Date"] = when
    mail["Message-ID"] = f"<{number:04d}.{int(when.timestamp())}@unit{number:04d}.example.com>"
    mail.set_content(text)
    return mail
