"""What a user would write for this job in an afternoon, as a peer for `bench/mails.py`.

imap-tools, python-docx and smtplib, a row in a .csv and a thank-you for each form. Nothing is durable, a mail is
answered again after a stop, and ticks that python-docx does not show are lost; it is here for its speed alone.
"""

from __future__ import annotations

import csv
import io
import re
import smtplib
import sys
from email.message import EmailMessage
from itertools import pairwise

from docx import Document
from imap_tools import MailBoxUnencrypted, MailMessage

FIELDS = ("单位名称", "联系人姓名", "办公电话", "联系人职务", "手机号码", "电子邮箱")
CHOICES = ("加入首都知识产权运营联盟", "服务业协会会员")
SUBJECT, THANKS = "回复：意向书收悉", "{unit}：\n\n您好！贵单位的意向书已收到，填写内容如下：\n\n{read}\n\n谢谢！\n"


def main() -> None:
    imap_host, imap_port, user, password, smtp_host, smtp_port = sys.argv[1:]
    rows = csv.writer(io.StringIO())
    with (
        MailBoxUnencrypted(imap_host, int(imap_port)).login(user, password) as mailbox,
        smtplib.SMTP(smtp_host, int(smtp_port)) as smtp,
    ):
        for mail in mailbox.fetch(mark_seen=False, bulk=200):
            if (form := _form(mail)) is not None:
                rows.writerow([mail.from_, *form.values()])
                smtp.send_message(_letter(user, mail, form))


def _form(mail: MailMessage) -> dict[str, str] | None:
    for attachment in mail.attachments:
        if attachment.filename.endswith(".docx"):
            return _read(attachment.payload)
    return None


def _read(docx: bytes) -> dict[str, str]:
    form: dict[str, str] = {}
    for table in Document(io.BytesIO(docx)).tables:
        for row in table.rows:
            cells = [re.sub(r"\s", "", cell.text) for cell in row.cells]
            for label, value in pairwise(cells):
                if label in FIELDS:
                    form[label] = value
                elif any(choice in label for choice in CHOICES):
                    form[label] = _answer(value)
    return form


def _answer(text: str) -> str:
    if re.search(r"[☑√✓■]\s*是|是\s*[☑√✓■]", text):
        return "是"
    return "否" if re.search(r"[☑√✓■]\s*否|否\s*[☑√✓■]", text) else ""


def _letter(user: str, mail: MailMessage, form: dict[str, str]) -> EmailMessage:
    letter = EmailMessage()
    letter["From"], letter["To"], letter["Subject"] = user, mail.from_, SUBJECT
    read = "\n".join(f"{label}：{value}" for label, value in form.items())
    letter.set_content(THANKS.format(unit=form.get("单位名称", ""), read=read))
    return letter


if __name__ == "__main__":
    main()
