"""What the register's words are called in the office, and how a moment is written."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from datetime import date, datetime

from intake import beijing

KINDS = {
    "form": "填好的表格", "attempt": "未读到表格", "question": "咨询", "statement": "来信表态", "courtesy": "致谢",
    "staff": "本单位来信", "bounce": "退信", "auto-reply": "自动回复", "receipt": "已读回执", "recall": "撤回",
    "list": "群发邮件", "own": "本程序的信", "unrelated": "无关邮件",
}  # fmt: skip
LETTERS = {
    "acknowledgement": "登记回执", "correction": "更正回执", "late": "逾期回执", "repeat": "重复来件",
    "received": "已收到，待核", "no-form": "请填表", "unreadable": "附件无法读取", "cloud-link": "请改发附件",
    "question": "询问", "reminder": "提醒", "circular": "通知", "digest": "日报", "worklist": "待办单",
    "alert": "告警", "confirmation": "确认",
}  # fmt: skip
STATES = {
    "sent": "已发", "waiting": "待发", "deferred": "稍后重发", "sending": "发送中", "doubt": "存疑",
    "refused": "被拒", "bounced": "退信", "withdrawn": "已撤回",
}  # fmt: skip


def moment(when: datetime | None) -> str:
    """2016年12月2日（星期五）17:00 in Beijing time; 从未 for None."""
    if when is None:
        return "从未"
    return beijing.moment(when)


def date_of(day: date) -> str:
    """2016年12月2日（星期五）"""
    return f"{day.year}年{day.month}月{day.day}日（星期{beijing.WEEKDAYS[day.weekday()]}）"


def width(text: str) -> int:
    """Columns on a terminal: wide and full-width characters take two."""
    return sum(2 if unicodedata.east_asian_width(character) in "WF" else 1 for character in text)


def table(rows: Sequence[Sequence[str]], gap: str = "  ") -> list[str]:
    """Lines with aligned columns; the last column is not padded."""
    widths = [max(width(cell) for cell in column) for column in zip(*rows, strict=True)]
    return [
        gap.join(
            cell if at == len(row) - 1 else cell + " " * (widths[at] - width(cell)) for at, cell in enumerate(row)
        ).rstrip()
        for row in rows
    ]
