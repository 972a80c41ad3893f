"""The things a blank form asks for, and what its labels say beside their name.

Promises: plain data and small looks at a label: its name, whether it is required, whether a place is one to write in.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from intake.form.learning_options import Options, several

LABEL_LENGTH, QUESTION_LENGTH = 40, 120
NUMBERED = re.compile(r"^\s*(?:[（(]?\d{1,2}[)）.．、]|[（(]?[一二三四五六七八九十]{1,3}[)）、.．]|[①-⑳]|\d{1,2}\s)\s*")
_STAR = re.compile(r"^\s*[*＊★※]|[*＊★]\s*[:：]?\s*$|[（(【\[]\s*必[填选答]|必填项?[）)】\]]|[*＊](?=[（(])")
_PRINT = re.compile(
    r"[\s_＿]*|(?:[\s_＿]*[年月日时点分号至到—–\-~/.:：共人元万份个名间天晚辆台项件张桌岁%％@+])+[\s_＿]*"
)
_STAMP = re.compile(r"\s*[（(【\[]\s*[^（()）】\]]{0,12}(?:章|签字|签名|必填|全称)[^（()）】\]]{0,6}\s*[)）】\]]\s*")


@dataclass(frozen=True, slots=True)
class Asked:
    """A field (no options), or a question with options; `required` where the print says so.

    `label` is the print without numbering, stars and closing colon; `blank` what stands in the place of the value.
    """

    label: str
    place: str
    options: tuple[str, ...] = ()
    required: bool = False
    several: bool = False
    lettered: bool = False
    blank: str = ""


@dataclass(frozen=True, slots=True)
class Repeating:
    """A table with one attendee a row: the heading above it, and its columns."""

    heading: str
    place: str
    columns: tuple[Asked, ...]


@dataclass(slots=True)
class Seen:
    """All that a blank form asks, in reading order; `headings` are the short lines that ask nothing."""

    asked: list[Asked] = field(default_factory=list)
    rows: list[Repeating] = field(default_factory=list)
    headings: list[str] = field(default_factory=list)


def asked_of(label: str, options: Options | None, place: str, told: str) -> Asked:
    """A question: `told` is all that is printed about it (必填, 可多选)."""
    words = options.words if options else ()
    lettered = bool(options and options.lettered)
    return Asked(clean_label(label), place, words, is_required(label), several(told), lettered)


def clean_label(text: str) -> str:
    """A label as printed, on one line, without numbering, stars, hints at its end, and the closing colon."""
    label = re.sub(r"\s+", " ", re.sub(r"[_＿□]+", " ", text)).strip()
    label = re.sub(r"[*＊★※]", "", label)
    label = NUMBERED.sub("", label).strip()
    while True:
        shorter = re.sub(r"[\s:：?？。、,，;；.]+$", "", label)
        shorter = re.sub(r"\s*[（(【\[〔][^（()）】\]〕]*[)）】\]〕]$", "", shorter)
        if shorter == label or not shorter:
            break
        label = shorter
    return re.sub(r"(?<=[^\x00-\x7f]) +(?=[^\x00-\x7f])", "", label)


def is_required(text: str) -> bool:
    return bool(_STAR.search(text))


def is_room(text: str) -> bool:
    """Whether a text is a place to write: blanks, lines, 年 月 日, （盖章）."""
    return _PRINT.fullmatch(_STAMP.sub("", text)) is not None
