"""What a unit still owes after its form, and by when. Pure: no clock, no database.

A form's definition lists groups of which one filled key is enough (a telephone or a mobile). A
group is asked for under the name of its first key.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from typing import TypeAlias

from intake.beijing import BEIJING
from intake.campaign import FormSpec
from intake.model import BLANK, NO, UNCLEAR, Choice, Value
from intake.workdays import Calendar

OFFICE_CLOSES = time(17)  # the hour of the notice's own deadline
Group: TypeAlias = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Owed:
    """Required groups that are not filled: nothing stated, or stated so that nobody can tell."""

    missing: tuple[Group, ...] = ()
    unclear: tuple[Group, ...] = ()

    @property
    def keys(self) -> tuple[str, ...]:
        """The keys under which the groups are asked, missing ones first."""
        return tuple(group[0] for group in (*self.missing, *self.unclear))


NOTHING_OWED = Owed()


def due(asked_at: datetime, workdays: int, calendar: Calendar) -> datetime:
    """The end of office hours (17:00 Beijing) so many working days after the question, in UTC.

    Raises ValueError for a naive time.
    """
    if asked_at.tzinfo is None:
        raise ValueError("naive time refused")
    return _closing(calendar.add(asked_at.astimezone(BEIJING).date(), workdays))


def reminders(due_at: datetime, calendar: Calendar) -> tuple[datetime, datetime]:
    """When to remind of an open question: one working day before its due date, and one after; in UTC."""
    day = due_at.astimezone(BEIJING).date()
    return _closing(calendar.add(day, -1)), _closing(calendar.add(day, 1))


def declined(choices: Mapping[str, Choice], spec: FormSpec) -> bool:
    """Whether the answers decline everything, so that the unit is asked for no more than its name."""
    return bool(spec.declines) and answer(choices, spec.declines) == NO


def required(choices: Mapping[str, Choice], spec: FormSpec) -> tuple[Group, ...]:
    """The groups required of a unit with these answers."""
    return spec.required_if_declined if declined(choices, spec) else spec.required


def owed(
    values: Mapping[str, Value],
    choices: Mapping[str, Choice],
    spec: FormSpec,
    decided: frozenset[str] = frozenset(),
) -> Owed:
    """Which required groups are not filled. What a person decided (`decided`) is never owed."""
    open_groups = [
        group
        for group in required(choices, spec)
        if not any(key in decided or filled(key, values, choices) for key in group)
    ]
    doubtful = [group for group in open_groups if any(answer(choices, key) == UNCLEAR for key in group)]
    return Owed(tuple(group for group in open_groups if group not in doubtful), tuple(doubtful))


def settled(
    asked: frozenset[str], left: Owed, spec: FormSpec, values: Mapping[str, Value], choices: Mapping[str, Choice]
) -> tuple[str, ...]:
    """Earlier questions that are answered now, or need no answer any more (the unit declined).

    A key asked by hand, outside the required groups, is settled only by being filled.
    """
    still_open = {key for group in (*left.missing, *left.unclear) for key in group}
    by_form = {key for group in spec.required for key in group}
    return tuple(sorted(key for key in asked - still_open if key in by_form or filled(key, values, choices)))


def filled(key: str, values: Mapping[str, Value], choices: Mapping[str, Choice]) -> bool:
    """Whether a field has a value, or a choice a definite answer or the remark 已是会员."""
    if key in choices:
        choice = choices[key]
        return choice.answer not in (BLANK, UNCLEAR) or choice.already_member
    return key in values and bool(values[key].text)


def answer(choices: Mapping[str, Choice], key: str) -> str:
    """The answer to a choice, blank where the form has none."""
    return choices[key].answer if key in choices else BLANK


def _closing(day: date) -> datetime:
    return datetime.combine(day, OFFICE_CLOSES, BEIJING).astimezone(UTC)
