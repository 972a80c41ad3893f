"""A digest or worklist without any template: what the secretariat gets when the file of its own is broken.

Said in the program's own words, so that no edit can silence it. Touches no clock and no database.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from html import escape
from typing import Any

from intake import beijing
from outbox import digest
from outbox.digest import Paper, Written
from outbox.digest_words import Frame, context
from outbox.wording import clean
from storage.briefing_facts import Briefing

_PAGE = """<!DOCTYPE html>
<html lang="zh-CN">
<head><meta charset="utf-8"><meta name="x-cipsa-intake" content="digest"><title>{subject}</title></head>
<body style="margin:0;background:#ffffff;">
<div class="cipsa-intake" style="{style}">
{body}
</div></body>
</html>
"""


_STYLE = "max-width:720px;padding:16px 12px;font-family:sans-serif;font-size:14px;line-height:1.65;"


def write(paper: Paper, facts: Briefing, frame: Frame, fault: str, *, ledger: bytes = b"") -> Written:
    """The most needed of what the letter would say; `fault` is the sentence on its template."""
    words = context(facts, frame)
    name = "待办单" if paper == "worklist" else "截止报告" if frame.closing else "日报"
    day = beijing.date(facts.end)
    subject = f"【{name}{day}】模板有误，以简式发送；待办{words['all_waiting']}件"
    lines = [f"{clean(facts.campaign.title)}{name}（简式）", *_lines(name, words, frame, fault, bool(ledger))]
    body = "\n".join(f'<p style="margin:0 0 6px;">{escape(line)}</p>' for line in lines if line)
    page = _PAGE.format(subject=escape(subject), style=_STYLE, body=body)
    kind = digest.kind_of(paper)
    return Written(kind, subject, "\n".join(lines) + "\n", page, files=digest.workbook(facts, ledger))


def _lines(name: str, words: Mapping[str, Any], frame: Frame, fault: str, ledger: bool) -> Iterator[str]:
    yield str(words["period"])
    yield ""
    yield f"【请注意】{name}的模板有误，本期以简式发送。{clean(fault)}改正后，下一期恢复原样。"
    for sentence in words["health"]:
        if sentence != clean(fault):
            yield f"【请注意】{sentence}"
    yield from ("", words["chat"], "")
    yield f"待办（{words['waiting']['all']}件）"
    for number, one in enumerate(words["waiting"]["shown"], 1):
        yield from _item(number, one)
    yield from ("", f"新登记和更正（{words['entries']['all']}家）")
    for one in words["entries"]["shown"]:
        yield f"{one['unit']}　{one['said']}　{one['at']}"
    silent = f"未回复{words['silent']['all']}家，" if words["has_roster"] else ""
    yield from ("", f"{silent}到期和逾期事项{words['owed']['all']}项。")
    yield f"{'其余内容见所附台账。' if ledger else ''}本邮件由系统自动发送。"


def _item(number: int, one: Mapping[str, Any]) -> Iterator[str]:
    yield f"{number}. {one['reference']}　{one['reason']}　{one['unit'] or one['sender']}　{one['at']}"
    yield f"　　{one['sentence']}"
    if not one["replies"]:
        yield f"　　处理：{one['command']}"
        return
    yield "　　请将下列一行另写一封信发来（任选其一）："
    for reply in one["replies"]:
        yield f"　　{reply['line']}"
