"""The invented units of the larger measurements: their roster, and the forms that they send."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from live_mails import answers, mail_of

from program.demo import forms

MARKS = ("☑", "√替换方框", "Wingdings符号", "内容控件", "旧式复选框", "带框字符", "划掉另一项", "（√）")


def write_roster(path: Path, units: int, address: Callable[[int], str] | None = None) -> None:
    """A roster .xlsx as the secretariat keeps it; `address` gives a unit another one than its own."""
    from openpyxl import Workbook

    book = Workbook(write_only=True)
    sheet = book.create_sheet("名册")
    sheet.append(["单位名称", "联系人", "电话", "手机", "电子邮箱", "是否会员"])
    for number in range(units):
        of = answers(number).values
        to = address(number) if address else of["email"]
        sheet.append([of["unit"], of["contact"], of["office_phone"], of["mobile"], to, "否"])
    book.save(path)


def form(number: int, when: datetime, *, whole: bool = True, sender: str = "", contact: str = "") -> bytes:
    """A mail with the filled Word form of a unit; one that is not `whole` names no telephone, and is asked for it."""
    filled = answers(number)
    values = dict(filled.values) if whole else {**filled.values, "office_phone": "", "mobile": ""}
    values["contact"] = contact or values["contact"]
    content = forms.docx(forms.Answers(values, filled.join, filled.member), MARKS[number % len(MARKS)])
    return mail_of(number, when, content, sender=sender)
