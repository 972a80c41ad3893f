"""The [circular] section of a campaign.toml: what goes out with the notice, when, and how it is planned."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

from intake.beijing import BEIJING
from intake.errors import WrongConfiguration
from intake.office_hours import Hours

KEYS = ("files", "form", "prefill", "hours", "finish_by", "copies", "most_mb", "answer_share")


@dataclass(frozen=True, slots=True)
class CircularSection:
    """`files` are names in the campaign's documents/ folder, in the order of the attachments.

    `form` is the Word template of the pre-filled form, "" to make one from the form's definition;
    listed among the files it takes that place, else it comes last. `prefill` False sends none.
    `finish_by` is the last day on which a notice may leave, None: the day of the deadline. `copies`:
    addresses of 抄送 get a copy each. `most_bytes` bounds a whole mail. `answer_share` is the part of
    the units that is expected to answer, for the plan alone.
    """

    files: tuple[str, ...] = ()
    form: str = ""
    prefill: bool = True
    hours: Hours = field(default_factory=Hours)
    finish_by: date | None = None
    copies: bool = True
    most_bytes: int = 10 << 20
    answer_share: float = 0.6


def parse_circular(data: Mapping[str, Any]) -> CircularSection:
    """Build the section from parsed TOML; a key left out has its default. Raises WrongConfiguration naming the key."""
    if unknown := sorted(set(data) - set(KEYS)):
        raise WrongConfiguration(sentence=f"campaign.toml：[circular] 中有不认识的键{'、'.join(unknown)}，请更正。")
    default = CircularSection()
    return CircularSection(
        files=_files(data.get("files", [])),
        form=_file("form", data["form"]) if data.get("form") else "",
        prefill=_flag("prefill", data.get("prefill", default.prefill)),
        hours=_hours(data["hours"]) if "hours" in data else default.hours,
        finish_by=_day(data.get("finish_by")),
        copies=_flag("copies", data.get("copies", default.copies)),
        most_bytes=int(_number("most_mb", data.get("most_mb", 10), 0.1, 50) * (1 << 20)),
        answer_share=_number("answer_share", data.get("answer_share", default.answer_share), 0, 1),
    )


def _wrong(key: str, sentence: str) -> WrongConfiguration:
    return WrongConfiguration(sentence=f"campaign.toml：[circular] {key} {sentence}。")


def _files(value: Any) -> tuple[str, ...]:
    if not isinstance(value, list):
        raise _wrong("files", '须为文件名的列表，例如 files = ["通知.pdf"]')
    names = tuple(_file("files", name) for name in value)
    if doubled := [name for name in names if names.count(name) > 1]:
        raise _wrong("files", f"中“{doubled[0]}”写了两次，请删去一个")
    return names


def _file(key: str, value: Any) -> str:
    """A file below documents/: nothing that leads out of it."""
    path = Path(value) if isinstance(value, str) else Path()
    if not isinstance(value, str) or not value.strip() or path.is_absolute() or ".." in path.parts:
        raise _wrong(key, "须为该活动 documents 文件夹中的文件名")
    return value


def _flag(key: str, value: Any) -> bool:
    if not isinstance(value, bool):
        raise _wrong(key, "须为 true 或 false")
    return value


def _hours(value: Any) -> Hours:
    try:
        opens, closes = (moment if isinstance(moment, time) else time.fromisoformat(moment) for moment in value)
    except (TypeError, ValueError):
        raise _wrong("hours", '须为两个时刻（北京时间），例如 hours = ["08:30", "17:30"]') from None
    if opens.tzinfo or closes.tzinfo or opens >= closes:
        raise _wrong("hours", "的开始须早于结束，且不带时区")
    return Hours(opens, closes)


def _day(value: Any) -> date | None:
    if isinstance(value, datetime):
        return (value.astimezone(BEIJING) if value.tzinfo else value).date()
    if value is not None and not isinstance(value, date):
        raise _wrong("finish_by", "须为日期，例如 finish_by = 2016-11-25")
    return value


def _number(key: str, value: Any, least: float, most: float) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not least <= value <= most:
        raise _wrong(key, f"须为{least:g}至{most:g}之间的数")
    return float(value)
