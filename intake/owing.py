"""What a letter says of the things a unit owes: facts for the templates, JSON-safe. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, TypeAlias

from intake.beijing import BEIJING
from intake.campaign import FormSpec
from intake.stages import Material

How: TypeAlias = Literal["text", "yes or no", "option", "paper"]


@dataclass(frozen=True, slots=True)
class Thing:
    """Something owed: its printed label, how it is given, whether it was given unreadably, and by when.

    `overdue`: the date has passed; `asked`: it was asked for before.
    """

    label: str
    how: How
    doubtful: bool = False
    due: datetime | None = None
    overdue: bool = False
    asked: bool = False


def label_of(awaits: str, form: FormSpec, papers: Iterable[Material]) -> str:
    """What the unit knows it by; a field of a group of which one is enough names them all."""
    paper = next((paper.label for paper in papers if paper.id == awaits), "")
    group = next((group for group in form.required if group[0] == awaits), (awaits,))
    return paper or "或".join(form.label_of(key) for key in group)


def how_given(awaits: str, form: FormSpec, papers: Iterable[Material]) -> How:
    """A choice is ticked, a paper is sent, everything else is written."""
    if any(paper.id == awaits for paper in papers):
        return "paper"
    choice = next((choice for choice in form.choices if choice.id == awaits), None)
    return "text" if choice is None else "yes or no" if choice.yes_no else "option"


def question_facts(unit: str, receipt: str, salutation: str, things: Sequence[Thing]) -> dict[str, object]:
    """The facts of a letter that asks one unit for everything it owes."""
    owes = [
        {
            "label": thing.label,
            "how": thing.how,
            "doubtful": thing.doubtful,
            "due": thing.due.astimezone(BEIJING).isoformat() if thing.due else None,
            "overdue": thing.overdue,
            "asked": thing.asked,
        }
        for thing in things
    ]
    return {"salutation": salutation, "units": [{"unit": unit, "receipt": receipt, "owes": owes}]}
