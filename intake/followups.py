"""What a unit still owes after its form, and by when. Pure: no clock, no database.

A form's definition lists groups of which one filled key is enough (a telephone or a mobile). A
group is asked for under the name of its first key.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, Literal, TypeAlias, cast

from intake.answers import BLANK, NO, UNCLEAR, Choice, Value
from intake.beijing import BEIJING
from intake.campaign import FormSpec
from intake.errors import WrongConfiguration
from intake.workdays import Calendar

OFFICE_CLOSES = time(17)  # the hour of the notice's own deadline
REMINDED_AT = time(10)  # part 8, Reminders
Group: TypeAlias = tuple[str, ...]
Per: TypeAlias = Literal["workdays", "days", "years"]


@dataclass(frozen=True, slots=True)
class Rule:
    """How long a follow-up runs: `count` of `per` after the question, or after what else began it.

    `chased`: the unit is asked and reminded by letter; otherwise the secretariat alone hears of the date.
    """

    words: str
    count: int
    per: Per
    chased: bool = False


RULES: Mapping[str, Rule] = {
    "missing": Rule("待补填", 3, "workdays", chased=True),  # part 8, Follow-ups
    "unclear": Rule("待确认", 3, "workdays", chased=True),
    "material": Rule("待交材料", 10, "workdays", chased=True),
    "review": Rule("待审核", 10, "workdays"),
    "withdrawal": Rule("退出待生效", 30, "days"),  # the charter's terms, as part 1 gives them
    "warning": Rule("待改正", 60, "days"),
    "re-application": Rule("不得再次申请", 2, "years"),
}


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


def parse_rules(data: Mapping[str, Any]) -> Mapping[str, Rule]:
    """The table with what a campaign's [followups] changes: `workdays` for answers, `material = { workdays = 10 }`.

    Raises WrongConfiguration naming the key.
    """
    rules = dict(RULES)
    for key, value in data.items():
        if key == "workdays":
            for reason in ("missing", "unclear"):
                rules[reason] = replace(rules[reason], count=_count(key, value))
        elif key not in rules:
            raise WrongConfiguration(sentence=f"campaign.toml：[followups] 中有不认识的键 {key}，请更正。")
        else:
            rules[key] = _changed(rules[key], key, value)
    return rules


def _changed(rule: Rule, key: str, value: Any) -> Rule:
    if not isinstance(value, Mapping) or len(value) != 1 or next(iter(value)) not in ("workdays", "days", "years"):
        raise WrongConfiguration(
            sentence=f"campaign.toml：[followups] 的 {key} 须写作 {{ workdays = 10 }}，或 days、years 及其数目。"
        )
    per, count = next(iter(value.items()))
    return replace(rule, per=cast(Per, per), count=_count(key, count))


def _count(key: str, value: Any) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or not 1 <= value <= 3650:
        raise WrongConfiguration(sentence=f"campaign.toml：[followups] 的 {key} 须是1至3650的整数。")
    return value


def due_by(rule: Rule, start: datetime, calendar: Calendar) -> datetime:
    """When what began at `start` is due: 17:00 Beijing of its day, in UTC.

    Days and years are those of the calendar; 29 February of a leap year is followed by 28 February.
    Raises ValueError for a naive time.
    """
    if rule.per == "workdays":
        return due(start, rule.count, calendar)
    if start.tzinfo is None:
        raise ValueError("naive time refused")
    day = start.astimezone(BEIJING).date()
    return _closing(day + timedelta(days=rule.count) if rule.per == "days" else _years_after(day, rule.count))


def _years_after(day: date, years: int) -> date:
    try:
        return day.replace(year=day.year + years)
    except ValueError:  # 29 February
        return day.replace(year=day.year + years, day=28)


def due(asked_at: datetime, workdays: int, calendar: Calendar) -> datetime:
    """The end of office hours (17:00 Beijing) so many working days after the question, in UTC.

    Raises ValueError for a naive time.
    """
    if asked_at.tzinfo is None:
        raise ValueError("naive time refused")
    return _closing(calendar.add(asked_at.astimezone(BEIJING).date(), workdays))


def reminders(due_at: datetime, calendar: Calendar) -> tuple[datetime, datetime, datetime]:
    """10:00 Beijing one working day before a due date, one after it, and two after it (the secretariat's); in UTC."""
    day = due_at.astimezone(BEIJING).date()
    before, after, handed = (calendar.add(day, days) for days in (-1, 1, 2))
    return _at(before, REMINDED_AT), _at(after, REMINDED_AT), _at(handed, REMINDED_AT)


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
    return _at(day, OFFICE_CLOSES)


def _at(day: date, hour: time) -> datetime:
    return datetime.combine(day, hour, BEIJING).astimezone(UTC)
