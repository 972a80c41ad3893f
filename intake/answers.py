"""What a form says: values and choices with where they were read, and what is wrong with them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

YES, NO, BLANK, UNCLEAR = "yes", "no", "blank", "unclear"
ANSWERS = {YES: "是", NO: "否", BLANK: "未填写", UNCLEAR: "待确认"}  # as the office writes them
TYPED = {  # as a person may type them
    "是": YES, "yes": YES, "y": YES, "否": NO, "no": NO, "n": NO, "空白": BLANK, "未填写": BLANK, "blank": BLANK,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Value:
    """A field as read: normalised text, where it stood (第2行第2列), and what was mended, if anything."""

    text: str
    place: str = ""
    mended: str = ""


@dataclass(frozen=True, slots=True)
class Choice:
    """An answer. `answer` is yes, no, blank, unclear, or for other options their own words joined by ";".

    `cutout` is a small PNG of its place on the page where it was read from pixels.
    """

    key: str
    answer: str
    evidence: str = ""
    place: str = ""
    already_member: bool = False
    cutout: bytes = field(default=b"", repr=False)


@dataclass(frozen=True, slots=True)
class Problem:
    """Something a person should know about a form; `code` is stable, `sentence` Chinese.

    Codes: missing, unclear, blank, suspicious (a value that looks wrong), mended, swapped, drawn (read from pixels).
    """

    code: str
    field: str
    sentence: str


@dataclass(frozen=True, slots=True)
class Form:
    """One filled form. `campaign` is the id of the FormSpec it matched; `source` the file's name, or 邮件正文.

    `quoted`: the answers were typed into a quoted form (引文内填写). `drawn`: read from pixels. `hint`: the
    hidden key of a form that we had filled in for a unit; the name that it shows goes before.
    """

    campaign: str
    source: str
    values: Mapping[str, Value]
    choices: Mapping[str, Choice]
    problems: tuple[Problem, ...] = ()
    rows: tuple[Mapping[str, str], ...] = ()
    quoted: bool = False
    drawn: bool = False
    hint: str = ""

    def value(self, key: str) -> str:
        found = self.values.get(key)
        return found.text if found else ""


@dataclass(frozen=True, slots=True)
class Fragment:
    """Labelled values of a reply that holds no form: `form` has these values and nothing else.

    `rest` are the words below them (a name, or a sentence for a person); `clean` is False where a value is not
    valid of its kind, a field has two, or words stand before them, so that only a person can tell.
    """

    form: Form
    rest: tuple[str, ...] = ()
    clean: bool = True
