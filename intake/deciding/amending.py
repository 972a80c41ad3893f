"""How a new statement changes what stands of a unit. Pure.

Promise: blank or unclear never replaces yes or no, and a blank field never a value. A definite
answer replaces an earlier one only from an address that may change it; what a person decided is
replaced only by a later definite answer of the same sender, and is marked.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal, TypeAlias

from intake.answers import BLANK, UNCLEAR, Choice, Value
from intake.campaign import FormSpec
from intake.deciding.joining import Statement, is_definite, same_answer, same_text, weight
from intake.known import Earlier, UnitKnown

OVERRULED = "与人工决定不同"
Fate: TypeAlias = Literal["keep", "replace", "overrule", "withstand", "doubt"]


@dataclass(frozen=True, slots=True)
class Amended:
    """A standing submission after a statement.

    Keys by what became of them: `changed` differ from before; `overruled` among them were a person's
    decision; `withstood` are definite answers that were not let through; `doubtful` are unclear now
    where a definite answer stands and stays.
    """

    values: Mapping[str, Value]
    choices: Mapping[str, Choice]
    changed: tuple[str, ...] = ()
    overruled: tuple[str, ...] = ()
    withstood: tuple[str, ...] = ()
    doubtful: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Terms:
    """On which terms a statement may change what stands.

    `overrule`: the same sender, who may also replace what a person decided. `only`: the keys that
    may change (None: all). `fill_only`: nothing stated is replaced (an older mail that came to light late).
    """

    overrule: bool = False
    only: frozenset[str] | None = None
    fill_only: bool = False


def may_change(sender: str, earlier: Earlier, unit: UnitKnown) -> bool:
    """Whether a sender may replace what stands: the address that sent it, or one of the unit's roster row."""
    return sender.lower() in {earlier.sender.lower(), *(address.lower() for address in unit.roster_addresses)}


def amend(earlier: Earlier, statement: Statement, spec: FormSpec, terms: Terms = Terms()) -> Amended:
    """Join what stands with a new statement, field by field, on the given terms.

    A drawn value fills a blank field only: values come from the electronic file. The unit's name
    stays as it stands, since other spellings of it led to the same unit.
    """
    fates = {key: _fate(key, earlier, statement, spec, terms) for key in _all_keys(earlier, statement)}
    changed = tuple(key for key, fate in fates.items() if fate in ("replace", "overrule"))
    return Amended(
        values=_amended_values(earlier, statement, changed, spec.unit_field),
        choices=_amended_choices(earlier, statement, fates),
        changed=changed,
        overruled=tuple(key for key, fate in fates.items() if fate == "overrule"),
        withstood=tuple(key for key, fate in fates.items() if fate == "withstand"),
        doubtful=tuple(key for key, fate in fates.items() if fate == "doubt"),
    )


def _all_keys(earlier: Earlier, statement: Statement) -> tuple[str, ...]:
    maps: tuple[Iterable[str], ...] = (earlier.values, statement.values, earlier.choices, statement.choices)
    return tuple(dict.fromkeys(key for keys in maps for key in keys))


def _fate(key: str, earlier: Earlier, statement: Statement, spec: FormSpec, terms: Terms) -> Fate:
    if key in statement.choices:
        fate = _choice_fate(earlier.choices.get(key, Choice(key, BLANK)), statement.choices[key], terms)
    elif key in statement.values and key != spec.unit_field:
        fate = _value_fate(earlier.values.get(key, Value("")), statement.values[key], statement.drawn, terms)
    else:
        return "keep"
    if fate != "replace":
        return fate
    if terms.only is not None and key not in terms.only:
        return "keep"
    if key not in earlier.decided:
        return fate
    definite = key not in statement.choices or is_definite(statement.choices[key])
    return ("overrule" if terms.overrule else "withstand") if definite else "keep"


def _choice_fate(old: Choice, new: Choice, terms: Terms) -> Fate:
    if is_definite(new):
        if same_answer(old, new):
            return "keep"
        return "keep" if terms.fill_only and is_definite(old) else "replace"
    if is_definite(old):
        return "doubt" if new.answer == UNCLEAR and not terms.fill_only else "keep"
    return "replace" if weight(new) > weight(old) else "keep"


def _value_fate(old: Value, new: Value, drawn: bool, terms: Terms) -> Fate:
    if not new.text or same_text(old, new):
        return "keep"
    return "keep" if old.text and (drawn or terms.fill_only) else "replace"


def _amended_values(
    earlier: Earlier, statement: Statement, admitted: Sequence[str], unit_field: str
) -> dict[str, Value]:
    """All values, new ones where they are admitted; the earlier unit name stays where there is one."""
    values = {key: earlier.values.get(key, Value("")) for key in (*earlier.values, *statement.values)}
    nameless = unit_field in values and not values[unit_field].text
    allowed = {*admitted, unit_field} if nameless else {*admitted}
    return values | {key: value for key, value in statement.values.items() if key in allowed}


def _amended_choices(earlier: Earlier, statement: Statement, fates: Mapping[str, Fate]) -> dict[str, Choice]:
    choices = {key: earlier.choices.get(key, Choice(key, BLANK)) for key in (*earlier.choices, *statement.choices)}
    for key, choice in statement.choices.items():
        if fates[key] in ("replace", "overrule"):
            choices[key] = _marked(choice) if fates[key] == "overrule" else choice
    return choices


def _marked(choice: Choice) -> Choice:
    return replace(choice, evidence=f"{OVERRULED}；{choice.evidence}" if choice.evidence else OVERRULED)
