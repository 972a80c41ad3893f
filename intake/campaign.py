"""What a campaign asks: its form, by which labels, what is required, and until when.

Parsed from the top level and the [form] and [followups] sections of a campaign.toml; the other
sections belong to outbox and scheduler. A campaign is data: nothing of the first one is in code.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Literal, TypeAlias, cast

from intake.errors import WrongConfiguration

FieldKind: TypeAlias = Literal["unit", "person", "telephone", "mobile", "email", "text"]
KINDS: tuple[FieldKind, ...] = ("unit", "person", "telephone", "mobile", "email", "text")


@dataclass(frozen=True, slots=True)
class FieldSpec:
    """A field to fill. `labels` are all wordings under which it is met, the form's own first.

    `printed` is what the blank form has in the place of the value (年  月  日, 共__人): met unchanged it is no value.
    """

    id: str
    label: str
    kind: FieldKind
    labels: tuple[str, ...]
    printed: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ChoiceSpec:
    """A question to tick. `options` are the words as printed; with two that read 是/否 the answers are yes/no.

    `may_be_member`: the form says that a member need not answer, so 已是会员 is an answer and a
    blank is never chased. `several`: more than one option may be ticked. `lettered`: the options are printed
    as A. B. C., and a letter alone may answer. `printed` are other words printed among the options (请注明).
    """

    id: str
    label: str
    short: str
    options: tuple[str, ...]
    labels: tuple[str, ...]
    may_be_member: bool = False
    several: bool = False
    lettered: bool = False
    printed: tuple[str, ...] = ()

    def __hash__(self) -> int:
        return hash(self.id)  # caches ask for it at every row: all the wordings would take longer than the look-up

    @property
    def yes_no(self) -> bool:
        return self.options == ("是", "否")


@dataclass(frozen=True, slots=True)
class RowsSpec:
    """A table that repeats (attendees, one a row): its columns, which are ids of their own."""

    label: str
    fields: tuple[FieldSpec, ...]
    choices: tuple[ChoiceSpec, ...] = ()


@dataclass(frozen=True, slots=True)
class FormSpec:
    """The definition of a form. `required` is a list of groups; one filled key satisfies its group."""

    campaign: str
    title: str
    fields: tuple[FieldSpec, ...]
    choices: tuple[ChoiceSpec, ...]
    required: tuple[tuple[str, ...], ...] = ()
    required_if_declined: tuple[tuple[str, ...], ...] = ()
    declines: str = ""  # the choice whose "no" declines everything
    words: tuple[str, ...] = ()
    rows: tuple[RowsSpec, ...] = ()

    def __hash__(self) -> int:
        return hash((self.campaign, self.title))  # as above

    @property
    def unit_field(self) -> str:
        return next((field.id for field in self.fields if field.kind == "unit"), "")

    def label_of(self, key: str) -> str:
        """The printed label of a field or choice, or the key itself."""
        return self.labels.get(key, key)

    @property
    def labels(self) -> dict[str, str]:
        """Printed labels by id, fields first."""
        return {field.id: field.label for field in self.fields} | {choice.id: choice.label for choice in self.choices}


@dataclass(frozen=True, slots=True)
class Campaign:
    """One notice and its rules of time; every datetime is aware."""

    id: str
    title: str
    notice: str
    opens: datetime
    deadline: datetime
    letters_until: datetime
    form: FormSpec
    grace_minutes: int = 0
    answer_workdays: int = 3
    original_deadline: datetime | None = None  # where a person has given more time: the notice's own

    def until(self, deadline: datetime) -> Campaign:
        """The campaign with a later deadline for all, or for one unit; the notice's own stays beside it."""
        if deadline == self.deadline:
            return self
        return replace(self, deadline=deadline, original_deadline=self.original_deadline or self.deadline)


def parse_campaign(data: Mapping[str, Any]) -> Campaign:
    """Build a Campaign from a parsed campaign.toml.

    Raises WrongConfiguration naming the key that is missing or wrong.
    """
    form = parse_form(_of(data, "form", dict), str(_of(data, "id", str)), data.get("words", ()))
    return Campaign(
        id=form.campaign,
        title=_of(data, "title", str),
        notice=_of(data, "notice", str),
        opens=_moment(data, "opens"),
        deadline=_moment(data, "deadline"),
        letters_until=_moment(data, "letters_until"),
        form=form,
        grace_minutes=int(data.get("grace_minutes", 0)),
        answer_workdays=int(data.get("followups", {}).get("workdays", 3)),
    )


def parse_form(data: Mapping[str, Any], campaign: str, words: Sequence[str] = ()) -> FormSpec:
    """Build a FormSpec from the [form] section; raises WrongConfiguration."""
    spec = FormSpec(
        campaign=campaign,
        title=_of(data, "title", str),
        fields=tuple(map(_field, data.get("fields", ()))),
        choices=tuple(map(_choice, data.get("choices", ()))),
        required=_groups(data.get("required", ())),
        required_if_declined=_groups(data.get("required_if_declined", ())),
        declines=data.get("declines", ""),
        words=tuple(words),
        rows=tuple(map(_rows, data.get("rows", ()))),
    )
    _check_keys(spec)
    return spec


def _rows(data: Mapping[str, Any]) -> RowsSpec:
    rows = RowsSpec(
        data.get("label", ""),
        tuple(map(_field, data.get("fields", ()))),
        tuple(map(_choice, data.get("choices", ()))),
    )
    if len(rows.fields) + len(rows.choices) < 2:
        raise WrongConfiguration(sentence="campaign.toml：form.rows 至少要有两栏（fields 或 choices）。")
    _refuse_doubled([field.id for field in rows.fields] + [choice.id for choice in rows.choices], ())
    return rows


def _field(data: Mapping[str, Any]) -> FieldSpec:
    kind = data.get("kind", "text")
    if kind not in KINDS:
        raise WrongConfiguration(
            sentence=f"campaign.toml：form.fields 的 kind “{kind}” 无效，可用：{'、'.join(KINDS)}。"
        )
    label = _of(data, "label", str)
    printed = tuple(data.get("printed", ()))
    return FieldSpec(_of(data, "id", str), label, cast(FieldKind, kind), _labels(label, data), printed)


def _choice(data: Mapping[str, Any]) -> ChoiceSpec:
    label = _of(data, "label", str)
    return ChoiceSpec(
        id=_of(data, "id", str),
        label=label,
        short=data.get("short", label),
        options=tuple(data.get("options", ("是", "否"))),
        labels=_labels(label, data),
        may_be_member=bool(data.get("may_be_member", False)),
        several=bool(data.get("several", False)),
        lettered=bool(data.get("lettered", False)),
        printed=tuple(data.get("printed", ())),
    )


def _labels(label: str, data: Mapping[str, Any]) -> tuple[str, ...]:
    return tuple(dict.fromkeys((label, *data.get("labels", ()))))


def _groups(data: Sequence[Any]) -> tuple[tuple[str, ...], ...]:
    return tuple((item,) if isinstance(item, str) else tuple(item) for item in data)


def _check_keys(spec: FormSpec) -> None:
    keys = [field.id for field in spec.fields] + [choice.id for choice in spec.choices]
    named = [key for group in (*spec.required, *spec.required_if_declined) for key in group]
    _refuse_doubled(keys, [*named, spec.declines] if spec.declines else named)


def _refuse_doubled(keys: Sequence[str], named: Sequence[str]) -> None:
    """Raise WrongConfiguration over ids that stand twice, or are named and stand nowhere."""
    wrong = {key for key in keys if keys.count(key) > 1} | (set(named) - set(keys))
    if wrong:
        raise WrongConfiguration(sentence=f"campaign.toml：[form] 中的 id 重复或未定义：{'、'.join(sorted(wrong))}。")


def _moment(data: Mapping[str, Any], key: str) -> datetime:
    value: datetime = _of(data, key, datetime)
    if value.tzinfo is None:
        raise WrongConfiguration(sentence=f"campaign.toml：{key} 须带时区，例如 2016-12-02T17:00:00+08:00。")
    return value


def _of(data: Mapping[str, Any], key: str, kind: type) -> Any:
    value = data.get(key)
    if not isinstance(value, kind):
        raise WrongConfiguration(sentence=f"campaign.toml：缺少 {key}，或其类型不对。")
    return value
