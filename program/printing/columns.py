"""Which columns a list has, and what a unit says in each."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, TypeAlias

from intake.campaign import FormSpec

if TYPE_CHECKING:
    from storage.name_lists import Named

Which: TypeAlias = Literal["signin", "members", "unanswered", "liaisons"]
Fit: TypeAlias = Literal["whole", "text", "room"]  # never broken; wrapped where need be; empty, to write in
Source: TypeAlias = "Callable[[Named, str], str]"  # of a unit and its number on the list
PERSON_MM = 26.0  # five Chinese characters
POSTS = ("职务", "职位", "职称")  # how forms call what a person is


@dataclass(frozen=True, slots=True)
class Column:
    """What is longer than `most_mm` is broken even where it should stay whole."""

    heading: str
    fit: Fit = "text"
    centred: bool = False
    most_mm: float = 70.0


Columns: TypeAlias = list[tuple[Column, Source]]


def columns_of(form: FormSpec, which: Which, choice: str = "") -> Columns:
    """The columns of a list; `choice` is the one that all on the list said yes to."""
    head: Columns = [
        (Column("序号", "whole", centred=True), lambda one, number: number),
        (Column("单位名称"), lambda one, number: one.unit),
    ]
    ends = {"signin": _signin, "unanswered": _unanswered, "liaisons": _liaisons}
    return head + (ends[which](form) if which in ends else _members(form, choice))


def _signin(form: FormSpec) -> Columns:
    return [
        _person("联系人", form),
        *_post(form),
        (Column("电话", "whole", centred=True), _first_of(form, "mobile", "telephone")),
        (Column("签到", "room"), _nothing),
    ]


def _members(form: FormSpec, choice: str) -> Columns:
    """It goes to others, so it names no telephone."""
    asked = next((one for one in form.choices if one.may_be_member and one.id != choice), None)
    head = [_person("联系人", form), *_post(form)]
    if asked is None:
        return [*head, (Column("备注", "room"), _nothing)]
    id_ = asked.id

    def said(one: Named, number: str) -> str:
        given = one.answers.get(id_)
        if one.member or (given and given.already_member):
            return "已是会员"
        return {"yes": "是", "no": "否"}.get(given.answer if given else "", "")

    return [*head, (Column(asked.short, centred=True), said)]


def _unanswered(form: FormSpec) -> Columns:
    return [
        _person("联系人", form),
        (Column("电话", "whole", centred=True), _all_of(form, "telephone", "mobile")),
        (Column("负责人", "whole", centred=True, most_mm=PERSON_MM), lambda one, number: one.owner),
        (Column("备注", "room"), lambda one, number: "退信" if one.bounced else ""),
    ]


def _liaisons(form: FormSpec) -> Columns:
    asked = [next((one for one in form.fields if one.kind == kind), None) for kind in ("telephone", "mobile", "email")]
    contacts: Columns = [(Column(one.label, "whole"), _of(one.id)) for one in asked if one is not None]
    return [_person("联络员", form), *_post(form), *contacts]


def _person(heading: str, form: FormSpec) -> tuple[Column, Source]:
    return Column(heading, "whole", centred=True, most_mm=PERSON_MM), _first_of(form, "person")


def _post(form: FormSpec) -> Columns:
    """What the person is, where the form asks for it."""
    field = next((one for one in form.fields if any(word in one.label for word in POSTS)), None)
    return [] if field is None else [(Column("职务", centred=True), _of(field.id))]


def _nothing(one: Named, number: str) -> str:
    return ""


def _of(id_: str) -> Source:
    return lambda one, number: one.values.get(id_, "")


def _first_of(form: FormSpec, *kinds: str) -> Source:
    """The first that is filled."""
    ids = _ids(form, kinds)
    return lambda one, number: next((one.values[id_] for id_ in ids if one.values.get(id_)), "")


def _all_of(form: FormSpec, *kinds: str) -> Source:
    """Each in a line of its own."""
    ids = _ids(form, kinds)
    return lambda one, number: "\n".join(filter(None, (one.values.get(id_, "") for id_ in ids)))


def _ids(form: FormSpec, kinds: Sequence[str]) -> list[str]:
    """The fields of these kinds; where the form has none, the kind, under which the roster's value stands."""
    return [next((one.id for one in form.fields if one.kind == kind), kind) for kind in kinds]
