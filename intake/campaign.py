"""What a campaign asks: its form, by which labels, what is required, and until when.

Read from a campaign.toml by `intake/campaign_file.py`. A campaign is data: nothing of the first one is in code.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal, TypeAlias

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
