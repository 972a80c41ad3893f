"""What was newly written in a text, and what is quoted.

Promises: every line goes to exactly one side, in order. Quoted are: lines that begin with `>`; a line
that says who wrote when (在 … 写道, On … wrote) with what follows it; everything from a separator
(原始邮件, Original Message, 转发邮件信息) or a block of repeated header fields (发件人, 发送时间, 主题) on.
Answers that someone types inside quoted text stay quoted: the form reader looks there as well.
Never touches HTML: quoting_html.py turns HTML into lines and uses the same rules.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

_WORDS = (
    r"原始邮件|邮件原件|原邮件|原始郵件|原始消息|原始信息|回复的原邮件|回复邮件|引用邮件|转发邮件信息|转发的邮件|转发邮件|轉寄郵件|"
    r"original(?:\s*(?:message|mail|email))?|forwarded\s*(?:message|mail|email)|replied\s*(?:message|mail)|reply\s*message"
)
_SEPARATOR = re.compile(rf"^\s*[-_—―─=*~]{{2,}}\s*(?:{_WORDS})\s*[:：]?\s*[-_—―─=*~]{{2,}}", re.IGNORECASE)
_BARE = re.compile(rf"^\s*(?:{_WORDS})\s*[:：]?\s*$", re.IGNORECASE)
_BEGIN = re.compile(
    r"^\s*(?:begin forwarded message|开始转发的?邮件|以下是(?:转发|原始)的?邮件.{0,10}|下面是被转发的邮件|轉寄的郵件)"
    r"\s*[:：]\s*$",
    re.IGNORECASE,
)
_FROM = re.compile(r"^[\s*|]*(?:发件人|发送人|发信人|寄件人|寄件者|發件人|from)[\s*|]*[:：|]", re.IGNORECASE)
_FIELD = re.compile(
    r"(?:^|\s)[*|]*(发送时间|发送日期|发件时间|日期|时间|寄件日期|sent|date|收件人|收信人|to|主题|主旨|標題|subject|抄送|cc)"
    r"[\s*|]*[:：|]",
    re.IGNORECASE,
)
_WROTE = re.compile(
    r"^\s*(?:(?:在|于|於|on\s|at\s|le\s|am\s).{4,300}(?:写道|寫道|写到|wrote|写信说|a écrit|schrieb)"
    r"|.{0,120}@[\w.-]+[>》)）\]]*.{0,80}(?:写道|寫道|写到|wrote)"
    r"|\d{4}\s*[-年/.].{4,200}(?:写道|寫道|写到|wrote))\s*[:：]*\s*$",
    re.IGNORECASE,
)
_STARTS = re.compile(r"\s*(?:在|于|於|on\s|at\s|le\s|am\s|\d{4}\s*[-年/.])", re.IGNORECASE)
# Whatever opens a quote holds one of these; most lines of a text do not.
_HINT = re.compile(
    r"[-_—―─=*~]{2}|件人|[写寫]道|写到|写信|发送人|发信人|寄件者|邮件|郵件|消息|信息|from|wrote|schrieb|crit|message|mail|original"
    r"|^\s*(?:在|于|於|on\s|at\s|le\s|am\s|\d{4}\s*[-年/.])",
    re.IGNORECASE,
)
_DATED = re.compile(r"\d|@")
_RULE = re.compile(r"^\s*[-_—─=*]{5,}\s*$")
_MARK = re.compile(r"^\s?>")
_LOOK_AHEAD = 7
MAX_LINE = 2000  # longer lines are no separators


def split_text(text: str) -> tuple[str, str]:
    """(newly written, quoted), each with its own lines in order and no blank ends."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    quoted = quoted_lines(lines)
    sides = [[line for line, mark in zip(lines, quoted, strict=True) if mark is side] for side in (False, True)]
    return tidy(sides[0]), tidy(sides[1])


def tidy(lines: Sequence[str]) -> str:
    """Lines as a text without trailing blanks and without more than one empty line in a row."""
    text = "\n".join(line.rstrip() for line in lines)
    return re.sub(r"\n{3,}", "\n\n", text).strip("\n")


def quoted_lines(
    lines: Sequence[str], enclosed: Sequence[bool] = (), indented: Sequence[bool] = ()
) -> tuple[bool, ...]:
    """For each line whether it is quoted.

    `enclosed` marks lines already known to be quoted (inside a quote element of HTML); `indented`
    those in a plain blockquote, quoted only if a line above says who wrote it.
    """
    quoted = [bool(mark) for mark in enclosed] or [False] * len(lines)
    index = 0
    while index < len(lines):
        if quoted[index] or _MARK.match(lines[index]):
            quoted[index] = True
            index += 1
            continue
        if not _HINT.search(lines[index]):
            index += 1
            continue
        if _opens_rest(lines, index):
            start = _with_rule_above(lines, index, quoted)
            quoted[start:] = [True] * (len(lines) - start)
            break
        length = _attribution(lines, index)
        if not length:
            index += 1
            continue
        index = _quote_attributed(lines, index, length, quoted, indented)
    return tuple(quoted)


def _opens_rest(lines: Sequence[str], index: int) -> bool:
    line = lines[index]
    if len(line) > MAX_LINE:
        return False
    if _SEPARATOR.match(line) or _BEGIN.match(line):
        return True
    if _BARE.match(line):
        ahead = _next_filled(lines, index + 1, 3)
        return any(_FROM.match(lines[place]) for place in ahead)
    return bool(_FROM.match(line)) and _is_header_block(lines, index)


def _is_header_block(lines: Sequence[str], index: int) -> bool:
    found = {
        label.lower()
        for place in (index, *_next_filled(lines, index + 1, _LOOK_AHEAD))
        for label in _FIELD.findall(lines[place][:MAX_LINE])
    }
    return len(found) >= 2


def _next_filled(lines: Sequence[str], start: int, count: int) -> list[int]:
    return [place for place in range(start, min(len(lines), start + 3 * count)) if lines[place].strip()][:count]


def _with_rule_above(lines: Sequence[str], index: int, quoted: Sequence[bool]) -> int:
    """Outlook draws a line of underscores above its block of header fields."""
    place = index - 1
    while place >= 0 and not lines[place].strip() and not quoted[place]:
        place -= 1
    return place if place >= 0 and _RULE.match(lines[place]) else index


def _attribution(lines: Sequence[str], index: int) -> int:
    """How many lines say who wrote when (Gmail and others break it into up to three), 0 for none."""
    if len(lines[index]) > MAX_LINE or not lines[index].strip():
        return 0
    joined = ""
    for length, line in enumerate(lines[index : index + 3], start=1):
        if not line.strip():
            return 0
        if length > 1 and (_STARTS.match(line) or not _STARTS.match(lines[index])):
            return 0
        joined = f"{joined} {line.strip()}".strip()
        if _wrote(joined):
            return length
    return 0


def _wrote(line: str) -> bool:
    return bool(len(line) <= MAX_LINE and _WROTE.match(line) and _DATED.search(line))


def _quote_attributed(
    lines: Sequence[str], index: int, length: int, quoted: list[bool], indented: Sequence[bool]
) -> int:
    """Mark an attribution and what it introduces; the index to go on at (below a quote one may write again)."""
    stop = index + length
    quoted[index:stop] = [True] * length
    follow = stop
    while follow < len(lines) and not lines[follow].strip():
        follow += 1
    marks = list(indented) or [False] * len(lines)
    if follow < len(lines) and not (quoted[follow] or marks[follow] or _MARK.match(lines[follow])):
        quoted[stop:] = [True] * (len(lines) - stop)
        return len(lines)
    while follow < len(lines) and (quoted[follow] or marks[follow] or _MARK.match(lines[follow])):
        quoted[follow] = True
        follow += 1
    return follow
