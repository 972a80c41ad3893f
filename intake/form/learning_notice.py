# ruff: noqa: E501 (a Chinese character counts two columns; the patterns read better unbroken)
"""What a blank form says of its notice: its title, its number, until when, and the words to know its mails by.

Promises: pure rules over the lines of a document; what is not said is None or "".
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime, time

from intake.beijing import BEIJING
from intake.form.titles import form_noun

_MAY_NAME_FORM = re.compile(r"(?:表|书|函|票|单)(?:[（(][^（()）]*[)）])?$")
_SHORT_TITLE = 6  # characters; a shorter one is the end of a title that begins in the line above
_ANNEX = re.compile(r"^(?:附件|附表|附)\s*[\d一二三四五六七八九十]*\s*[：:.、]?\s*")
_NUMBER = re.compile(r"[\u4e00-\u9fff]{2,12}[〔\[【（(]\d{4}[〕\]】)）]\s*第?\d{1,4}号")
_ASKS = r"(?:请(?:各(?:单位|会员单位|会员))?(?:务必)?(?:于|在)|务必(?:于|在)|须于|应于|须在|(?<![签写定将拟])于|(?<![存实现])在)"
_ENDS = r"(?:截止(?:时间|日期)?(?:到|至|为|是)?:?|截至|不迟于|最迟(?:于|在)?)"
_DATE = r"(?:(?P<year>20\d{2})\s*年\s*)?(?P<month>\d{1,2})\s*月\s*(?P<day>\d{1,2})\s*日"
_TIME = r"(?:\s*[（(][^（()）]{1,8}[)）])?\s*(?P<half>上午|下午|晚上?|中午)?\s*(?:(?P<hour>\d{1,2})\s*(?:[:时点]\s*(?P<minute>\d{2})?))?"
_BEFORE = re.compile(rf"{_ASKS}\s*{_DATE}{_TIME}[^。;；\n\d]{{0,8}}?(?:前|之前|止|截止|以前|下班)")
_JUST_BEFORE = re.compile(rf"{_DATE}{_TIME}\s*(?:之前|以前|前)(?!一?[天日周])")
_UNTIL = re.compile(rf"{_ENDS}\s*{_DATE}{_TIME}")
CLOSING_TIME = time(17)


def title_of(headings: Sequence[str]) -> str:
    """The heading that names a form (…回执, …表决票), the first such; else the first short line."""
    lines = [_ANNEX.sub("", line).strip() for line in headings]
    lines = [re.sub(r"(?<=[^\x00-\x7f])\s+(?=[^\x00-\x7f])", "", line) for line in lines]
    for named in (form_noun, _MAY_NAME_FORM.search, bool):
        for at, line in enumerate(lines):
            if _is_short(line) and named(line):
                above = lines[at - 1] if at and named is not bool and len(line) <= _SHORT_TITLE else ""
                return above + line if _is_short(above) and not _MAY_NAME_FORM.search(above) else line
    return ""


def _is_short(line: str) -> bool:
    return 2 < len(line) <= 50 and not re.search(r"[。；，：:！!?？]", line)


def number_of(text: str) -> str:
    """The number of the notice (…〔2016〕78号), or ""."""
    match = _NUMBER.search(text)
    return re.sub(r"\s", "", match.group()) if match else ""


def deadline_of(text: str, today: datetime) -> datetime | None:
    """Until when a form is to be sent back, if it says so; 17:00 Beijing where no hour is named.

    A date without a year is the next such day after `today`. Of several dates the first that is asked for counts.
    """
    plain = re.sub(r"\s+", " ", fold_digits(text))
    match = _BEFORE.search(plain) or _UNTIL.search(plain) or _JUST_BEFORE.search(plain)
    if not match:
        return None
    found = match.groupdict()
    year, month, day = found["year"], found["month"], found["day"]
    local = today.astimezone(BEIJING)
    try:
        when = datetime(int(year or local.year), int(month or 0), int(day or 0), *_clock(found), tzinfo=BEIJING)
    except ValueError:
        return None
    return when.replace(year=when.year + 1) if not year and when < local and (when.month, when.day) != (2, 29) else when


def _clock(found: dict[str, str | None]) -> tuple[int, int]:
    if not found.get("hour"):
        return (12, 0) if found.get("half") == "中午" else (CLOSING_TIME.hour, CLOSING_TIME.minute)
    hour = int(found["hour"] or 0)
    later = (found.get("half") or "").startswith(("下午", "晚")) and hour < 12
    return hour + 12 if later else hour, int(found.get("minute") or 0)


def fold_digits(text: str) -> str:
    """Full-width digits and colons as half-width ones; nothing else changes."""
    return text.translate({0xFF10 + n: str(n) for n in range(10)} | {ord("："): ":"})


def words_of(title: str) -> tuple[str, ...]:
    """Words by which a mail is known to belong to it: the title, and its end that names the form (回执, 表决票)."""
    return tuple(word for word in dict.fromkeys((title, form_noun(title))) if word)
