"""The facts of a letter as templates see them: complete, clean and typed.

Facts are kept in the register as JSON. Whatever key is missing there gets its neutral value here,
so a template never meets an undefined name, and every text is one clean line.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Literal, TypeAlias

from intake.answers import ANSWERS
from outbox.wording import bare, sentence
from outbox.wording import clean as one_line

Stance: TypeAlias = Literal["yes", "no", "open", ""]
_PREFIXES = re.compile(r"^(?:(?:re|fw|fwd|回复|答复|转发|回覆)\s*[:：]\s*)+", re.IGNORECASE)
_REFERENCES = re.compile(r"[\[［]#[0-9A-Za-z]{4,12}[\]］]")


@dataclass(frozen=True, slots=True)
class ValueFact:
    """A field as recorded; `text` is 未填写 where the form says nothing."""

    label: str
    text: str
    filled: bool


@dataclass(frozen=True, slots=True)
class ChoiceFact:
    """A question as recorded; `text` is what the letter repeats (是, 否, 未填写, 待确认, 已是会员, an option)."""

    id: str
    label: str
    short: str
    answer: str
    text: str
    yes_no: bool


@dataclass(frozen=True, slots=True)
class AskFact:
    """A thing asked of a unit: `doubtful` where something was written but could not be read with certainty."""

    label: str
    doubtful: bool
    how: Literal["text", "yes or no", "option"]


@dataclass(frozen=True, slots=True)
class OweFact:
    """A thing owed: `how` it is given (text, yes or no, option, paper); `asked`: it was asked for before."""

    label: str
    how: Literal["text", "yes or no", "option", "paper"]
    doubtful: bool
    due: datetime | None
    overdue: bool
    asked: bool


@dataclass(frozen=True, slots=True)
class UnitFacts:
    """What a letter says of one unit; `due` is None once it has passed.

    `stance` is the answer to the choice that decides everything: yes, no, open where it is not
    known yet, "" where the campaign has no such choice or the facts do not repeat it.
    """

    unit: str
    receipt: str
    late: bool
    disputed: bool
    stance: Stance
    sealed_copy: bool
    values: tuple[ValueFact, ...]
    choices: tuple[ChoiceFact, ...]
    asks: tuple[AskFact, ...]
    mention: tuple[str, ...]
    changed: tuple[str, ...]
    due: datetime | None
    owes: tuple[OweFact, ...] = ()
    deadline: datetime | None = None  # a later one that the unit was given
    accepted: bool = False  # late, and let count by a person

    @property
    def recorded(self) -> bool:
        return bool(self.values or self.choices)


@dataclass(frozen=True, slots=True)
class FileFact:
    name: str
    code: str
    sentence: str


@dataclass(frozen=True, slots=True)
class LetterFacts:
    """All a template may ask for. `unit` is the addressee, "" where nobody may be named."""

    kind: str
    unit: str
    salutation: str
    subject: str
    units: tuple[UnitFacts, ...]
    files: tuple[FileFact, ...]
    why: str
    service: str
    deadline: datetime | None = None  # the unit's own, where it has one
    copy: bool = False  # goes to an address of 抄送
    test: bool = False  # goes to the office itself, for a look
    desk: Any = None  # what a letter to the secretariat says, every text in it one clean line


def read_facts(kind: str, facts: Mapping[str, Any], now: datetime, decisive: str = "") -> LetterFacts:
    """Make the facts complete and clean; never raises on JSON data. A due date that has passed is left out.

    `decisive` is the id of the choice whose "no" declines everything (FormSpec.declines).
    """
    units = tuple(_unit(unit, now, decisive) for unit in _dicts(facts.get("units")))
    if kind == "late" and not any(unit.late or unit.disputed for unit in units):
        units = tuple(replace(unit, late=True) for unit in units)
    return LetterFacts(
        kind=kind,
        unit=_addressee(facts, units),
        salutation=clean(facts.get("salutation"), 40),
        subject=_subject(facts.get("subject")),
        units=units,
        files=tuple(filter(lambda file: file.name or file.sentence, map(_file, _items(facts.get("files"))))),
        why=clean(facts.get("why")),
        service=clean(facts.get("service"), 60),
        deadline=_moment(facts.get("deadline")),
        copy=bool(facts.get("copy")),
        test=bool(facts.get("test")),
        desk=_cleaned(facts.get("desk")),
    )


def _cleaned(value: object) -> Any:
    """The same data with every text one clean line that breaks no table and makes no link."""
    if isinstance(value, Mapping):
        return {str(key): _cleaned(each) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [_cleaned(each) for each in value]
    return one_line(value, 2000).replace("|", "｜").replace("](", "］（") if isinstance(value, str) else value


def _subject(value: object) -> str:
    """The original subject without reply prefixes and without references of ours, so that a letter has one only."""
    return _PREFIXES.sub("", clean(_REFERENCES.sub("", clean(value)), 80)).strip()


def _addressee(facts: Mapping[str, Any], units: tuple[UnitFacts, ...]) -> str:
    if len(units) == 1:
        return units[0].unit
    return "" if units else clean(facts.get("unit"), 100)


def _unit(data: Mapping[str, Any], now: datetime, decisive: str) -> UnitFacts:
    choices = tuple(map(_choice, _dicts(data.get("choices"))))
    due = _moment(data.get("due"))
    return UnitFacts(
        unit=clean(data.get("unit"), 100),
        receipt=clean(data.get("receipt"), 20),
        late=bool(data.get("late")),
        disputed=bool(data.get("disputed")),
        stance="no" if data.get("declined") else _stance(choices, decisive),
        sealed_copy=bool(data.get("sealed_copy")),
        values=tuple(map(_value, _dicts(data.get("values")))),
        choices=choices,
        asks=_asks(_texts(data.get("missing")), _texts(data.get("unclear")), choices),
        mention=tuple(filter(None, map(sentence, _texts(data.get("mention"))))),
        changed=_texts(data.get("changed")),
        due=due if due and due > now else None,
        owes=tuple(_owes(each, now) for each in _dicts(data.get("owes"))),
        deadline=_moment(data.get("deadline")),
        accepted=bool(data.get("accepted")),
    )


def _owes(data: Mapping[str, Any], now: datetime) -> OweFact:
    due, how = _moment(data.get("due")), data.get("how")
    return OweFact(
        label=clean(data.get("label"), 100) or "所缺内容",
        how=how if how in ("yes or no", "option", "paper") else "text",
        doubtful=bool(data.get("doubtful")),
        due=due,
        overdue=due is not None and due <= now,
        asked=bool(data.get("asked")),
    )


def _stance(choices: tuple[ChoiceFact, ...], decisive: str) -> Stance:
    answer = next((choice.answer for choice in choices if decisive and choice.id == decisive), None)
    if answer is None:
        return ""
    return "yes" if answer == "yes" else "no" if answer == "no" else "open"


def _value(data: Mapping[str, Any]) -> ValueFact:
    text = clean(data.get("text"))
    return ValueFact(clean(data.get("label")), text or "未填写", bool(text))


def _choice(data: Mapping[str, Any]) -> ChoiceFact:
    answer, label = clean(data.get("answer")), clean(data.get("label"))
    text = clean(data.get("text")) or ANSWERS.get(answer, answer.replace(";", "、")) or "未填写"
    if data.get("already_member") and answer in ("blank", ""):
        text = "已是会员"
    yes_no = tuple(_texts(data.get("options"))) in ((), ("是", "否"))
    return ChoiceFact(clean(data.get("id")), label, clean(data.get("short")) or label, answer, text, yes_no)


def _asks(missing: tuple[str, ...], unclear: tuple[str, ...], choices: tuple[ChoiceFact, ...]) -> tuple[AskFact, ...]:
    """A thing both missing and unclear is asked once, as unclear."""
    asked = dict.fromkeys(missing, False) | dict.fromkeys(unclear, True)
    return tuple(_ask(label, doubtful, choices) for label, doubtful in asked.items())


def _ask(label: str, doubtful: bool, choices: tuple[ChoiceFact, ...]) -> AskFact:
    choice = next((choice for choice in choices if label in (choice.id, choice.label, choice.short)), None)
    if choice is None:
        return AskFact(label, doubtful, "text")
    return AskFact(choice.label, doubtful, "yes or no" if choice.yes_no else "option")


def _file(data: object) -> FileFact:
    if isinstance(data, Mapping):
        return FileFact(
            clean(data.get("name"), 120), clean(data.get("code"), 20), sentence(clean(data.get("sentence")))
        )
    return FileFact(clean(data, 120), "", "")


def clean(value: object, limit: int = 300) -> str:
    """One clean line, "" where nothing but punctuation is left."""
    text = one_line(value, limit)
    return text if bare(text) else ""


def _moment(value: object) -> datetime | None:
    if isinstance(value, str):
        try:
            value = datetime.fromisoformat(value)
        except ValueError:
            return None
    return value if isinstance(value, datetime) and value.tzinfo else None


def _texts(values: object) -> tuple[str, ...]:
    cleaned = (clean(value) for value in _items(values))
    return tuple(dict.fromkeys(text for text in cleaned if bare(text)))


def _items(values: object) -> Iterable[object]:
    return values if isinstance(values, list | tuple) else ()


def _dicts(values: object) -> Iterable[Mapping[str, Any]]:
    return (value for value in _items(values) if isinstance(value, Mapping))
