"""How the forms of one mail become one statement a unit. Pure.

Promise: a yes or no never turns into blank or unclear here, except where two definite answers of
one mail differ. What was stated beats what was left blank; electronic files come before drawn ones.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from intake.answers import BLANK, UNCLEAR, Choice, Form, Problem, Value
from intake.campaign import FormSpec
from intake.followups import filled
from intake.known import Earlier, UnitKnown

SEALED = "盖章件"
QUOTED = "引文内填写"
_WORDS = {"yes": "是", "no": "否", BLANK: "未填写", UNCLEAR: "无法确认"}
_BRACKETS = str.maketrans("〔【[〈《〕】]〉》", "((((()))))")
_GONE_WHEN_FILLED = frozenset({"missing", "blank", "unclear"})


@dataclass(frozen=True, slots=True)
class Group:
    """The forms of one unit in one mail, with what is known of the unit and its standing submission."""

    forms: tuple[Form, ...]
    unit: UnitKnown
    earlier: Earlier | None


@dataclass(frozen=True, slots=True)
class Statement:
    """What one mail says for one unit. `drawn`: read from pixels only; `sealed_copy`: a scan came along."""

    values: Mapping[str, Value]
    choices: Mapping[str, Choice]
    problems: tuple[Problem, ...] = ()
    sources: tuple[str, ...] = ()
    drawn: bool = False
    sealed_copy: bool = False


def unit_key(name: str) -> str:
    """A unit's name for comparing: NFKC, no spaces, one kind of bracket, no case."""
    return "".join(unicodedata.normalize("NFKC", name).translate(_BRACKETS).casefold().split())


def group_forms(
    forms: Sequence[Form], units: Sequence[UnitKnown], earlier: Sequence[Earlier | None], spec: FormSpec
) -> tuple[tuple[Group, ...], tuple[Form, ...]]:
    """The forms by unit, in order of first appearance, and those that no unit can be told for.

    A form without a name in a reply to our letter is of the unit that the letter was about: its `unit` is known.
    A form without a name goes with the only unit of the mail if no definite answer of it differs
    (the scan whose name could not be read). `units` and `earlier` run parallel to `forms` and may be shorter.
    """
    groups: dict[object, Group] = {}
    nameless: list[Form] = []
    for index, form in enumerate(forms):
        unit = units[index] if index < len(units) else UnitKnown()
        key: object = unit_key(form.value(spec.unit_field)) if unit.unit_id is None else unit.unit_id
        if key == "":
            nameless.append(form)
            continue
        known = earlier[index] if index < len(earlier) else None
        found = groups.get(key) or Group((), unit, known)
        groups[key] = Group((*found.forms, form), found.unit, found.earlier)
    if len(groups) == 1:
        return _adopt(next(iter(groups.values())), nameless, spec)
    return tuple(groups.values()), tuple(nameless)


def _adopt(group: Group, nameless: Sequence[Form], spec: FormSpec) -> tuple[tuple[Group, ...], tuple[Form, ...]]:
    if not nameless:
        return (group,), ()
    stated = join(group.forms, spec)
    own = [form for form in nameless if _agrees(form, stated)]
    left = tuple(form for form in nameless if form not in own)
    return (replace(group, forms=(*group.forms, *own)),), left


def _agrees(form: Form, stated: Statement) -> bool:
    choices = all(
        same_answer(choice, stated.choices[key])
        for key, choice in form.choices.items()
        if is_definite(choice) and key in stated.choices and is_definite(stated.choices[key])
    )
    values = all(
        same_text(value, stated.values[key])
        for key, value in form.values.items()
        if value.text and key in stated.values and stated.values[key].text
    )
    return choices and (form.drawn or values)


def join(forms: Sequence[Form], spec: FormSpec) -> Statement:
    """One statement from the forms of one unit in one mail: electronic files before drawn ones.

    Two definite answers that differ make the choice unclear; two values that differ keep the first
    and a problem says both.
    """
    if len(forms) == 1:
        return _alone(forms[0], spec)
    ordered = sorted(forms, key=lambda form: form.drawn)
    electronic = [form for form in ordered if not form.drawn]
    joined_values = {key: _join_values(key, ordered, electronic, spec) for key in _keys(ordered, "values")}
    joined_choices = {key: _join_choices(key, ordered, spec) for key in _keys(ordered, "choices")}
    values = {key: value for key, (value, _) in joined_values.items()}
    choices = {key: choice for key, (choice, _) in joined_choices.items()}
    found = [problem for form in ordered for problem in form.problems if problem.code != "drawn" or not electronic]
    found += [problem for _, problems in (*joined_values.values(), *joined_choices.values()) for problem in problems]
    return Statement(
        values=values,
        choices=choices,
        problems=still_true(found, values, choices, spec),
        sources=tuple(dict.fromkeys(_source(form, bool(electronic)) for form in ordered)),
        drawn=not electronic,
        sealed_copy=bool(electronic) and len(electronic) < len(ordered),
    )


def _alone(form: Form, spec: FormSpec) -> Statement:
    """What the only form of a unit says: nothing to compare it with."""
    values = {key: value if value.text else Value("") for key, value in form.values.items()}
    problems = [problem for problem in form.problems if problem.code != "drawn" or form.drawn]
    return Statement(
        values=values,
        choices=form.choices,
        problems=still_true(problems, values, form.choices, spec),
        sources=(_source(form, beside_electronic=False),),
        drawn=form.drawn,
    )


def still_true(
    problems: Sequence[Problem], values: Mapping[str, Value], choices: Mapping[str, Choice], spec: FormSpec
) -> tuple[Problem, ...]:
    """The problems that joining has not solved, each once; a group is solved by any one of its keys."""
    if not problems:
        return ()
    solved = {key for group in spec.required if any(filled(key, values, choices) for key in group) for key in group}
    return tuple(
        dict.fromkeys(
            problem
            for problem in problems
            if problem.code not in _GONE_WHEN_FILLED
            or not (problem.field in solved or filled(problem.field, values, choices))
        )
    )


def _keys(forms: Sequence[Form], kind: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(key for form in forms for key in getattr(form, kind)))


def _source(form: Form, beside_electronic: bool) -> str:
    marks = [SEALED] if form.drawn and beside_electronic else []
    marks += [QUOTED] if form.quoted else []
    return f"{form.source}（{'，'.join(marks)}）" if marks else form.source


def _join_values(
    key: str, ordered: Sequence[Form], electronic: Sequence[Form], spec: FormSpec
) -> tuple[Value, tuple[Problem, ...]]:
    stated = [(form, form.values[key]) for form in ordered if form.value(key)]
    if not stated:
        return Value(""), ()
    first = stated[0][1]
    others = [value.text for form, value in stated[1:] if form in electronic and not same_text(value, first)]
    if not others or key == spec.unit_field:
        return first, ()
    texts = "、".join(f"“{text}”" for text in dict.fromkeys((first.text, *others)))
    sentence = f"同一邮件的几份表格中，“{spec.label_of(key)}”填写不一致（{texts}），已按“{first.text}”登记。"
    return first, (Problem("suspicious", key, sentence),)


def _join_choices(key: str, ordered: Sequence[Form], spec: FormSpec) -> tuple[Choice, tuple[Problem, ...]]:
    given = [(form, form.choices[key]) for form in ordered if key in form.choices]
    definite = [(form, choice) for form, choice in given if is_definite(choice)]
    if any(not same_answer(choice, definite[0][1]) for _, choice in definite):
        return _contradiction(key, definite, spec)
    return max((choice for _, choice in given), key=weight), ()  # max keeps the first of equals


def _contradiction(
    key: str, given: Sequence[tuple[Form, Choice]], spec: FormSpec
) -> tuple[Choice, tuple[Problem, ...]]:
    each = "，".join(f"{form.source}为“{in_words(choice)}”" for form, choice in given)
    places = "；".join(dict.fromkeys(choice.place for _, choice in given if choice.place))
    sentence = f"同一邮件的几份表格中，“{spec.label_of(key)}”选择不一致：{each}。"
    return Choice(key, UNCLEAR, f"同一邮件中不一致：{each}", places), (Problem("unclear", key, sentence),)


def weight(choice: Choice) -> int:
    """How much an answer says: blank 0, unclear 1, 已是会员 2, a definite answer 3."""
    if is_definite(choice):
        return 3
    if choice.already_member:
        return 2
    return int(choice.answer == UNCLEAR)


def is_definite(choice: Choice) -> bool:
    """Whether somebody chose: yes, no, or an option."""
    return choice.answer not in (BLANK, UNCLEAR)


def in_words(choice: Choice) -> str:
    """An answer as a person says it: 是, 否, 未填写, 无法确认, 已是会员, or the options' own words."""
    if choice.answer == BLANK and choice.already_member:
        return "已是会员"
    return _WORDS.get(choice.answer, choice.answer.replace(";", "、"))


def same_answer(one: Choice, other: Choice) -> bool:
    """Whether two answers choose the same, in whatever order several options stand."""
    return set(one.answer.split(";")) == set(other.answer.split(";"))


def same_text(one: Value, other: Value) -> bool:
    """Whether two values read the same: NFKC, no spaces, no case."""
    return _plain(one.text) == _plain(other.text)


def _plain(text: str) -> str:
    return "".join(unicodedata.normalize("NFKC", text).casefold().split())
