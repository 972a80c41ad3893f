"""A campaign.toml to a Campaign: its top level, the section [form], and the days for answers of [followups].

The other sections belong to outbox, scheduler and program. Promises: a mistake is one Chinese sentence that names the
table and the key, be it a value of a wrong kind, an unknown key, or dates in a wrong order; never another exception.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NoReturn, TypeVar

from intake.campaign import KINDS, Campaign, ChoiceSpec, FieldSpec, FormSpec, RowsSpec
from intake.errors import WrongConfiguration

T = TypeVar("T")
KEYS = ("id", "title", "notice", "opens", "deadline", "letters_until", "grace_minutes", "words")
SECTIONS = ("form", "followups", "stages", "letters", "rounds", "digest", "circular", "print")
LONGEST_CAMPAIGN, LONGEST_ID = 31, 40  # as the register's columns hold them
_ID = re.compile(r"[\w.-]+")
_KINDS_IN_CHINESE = {str: "文字", int: "整数", bool: "true 或 false", datetime: "日期和时刻"}


def parse_campaign(data: Mapping[str, Any]) -> Campaign:
    """Build a Campaign from a parsed campaign.toml; raises WrongConfiguration."""
    top = _Table(data)
    top.refuse_others(
        "id", "title", "notice", "opens", "deadline", "letters_until", "grace_minutes", "words", *SECTIONS
    )
    form = _form(top.table("form"), top.id("id", LONGEST_CAMPAIGN), top.texts("words"))
    campaign = Campaign(
        id=form.campaign,
        title=top.line("title"),
        notice=top.line("notice"),
        opens=top.moment("opens"),
        deadline=top.moment("deadline"),
        letters_until=top.moment("letters_until"),
        form=form,
        grace_minutes=top.count("grace_minutes", 0),
        answer_workdays=top.table("followups", {}).count("workdays", 3),
    )
    if not campaign.opens <= campaign.deadline <= campaign.letters_until:
        _refuse("opens、deadline、letters_until 须依次不早于前一个")
    return campaign


def _form(form: _Table, campaign: str, words: tuple[str, ...]) -> FormSpec:
    form.refuse_others("title", "required", "required_if_declined", "declines", "fields", "choices", "rows")
    spec = FormSpec(
        campaign=campaign,
        title=form.line("title"),
        fields=tuple(map(_field, form.tables("fields"))),
        choices=tuple(map(_choice, form.tables("choices"))),
        required=form.groups("required"),
        required_if_declined=form.groups("required_if_declined"),
        declines=form.value("declines", str, ""),
        words=words,
        rows=tuple(map(_rows, form.tables("rows"))),
    )
    keys = [field.id for field in spec.fields] + [choice.id for choice in spec.choices]
    _refuse_doubled(keys, [key for group in (*spec.required, *spec.required_if_declined) for key in group])
    if spec.declines and spec.declines not in (choice.id for choice in spec.choices):
        _refuse(f"[form] 的 declines 须是一个选择题的 id，“{spec.declines}”不是")
    return spec


def _rows(table: _Table) -> RowsSpec:
    table.refuse_others("label", "fields", "choices")
    rows = RowsSpec(
        table.value("label", str, ""),
        tuple(map(_field, table.tables("fields"))),
        tuple(map(_choice, table.tables("choices"))),
    )
    if len(rows.fields) + len(rows.choices) < 2:
        _refuse("form.rows 至少要有两栏（fields 或 choices）")
    _refuse_doubled([field.id for field in rows.fields] + [choice.id for choice in rows.choices], ())
    return rows


def _field(table: _Table) -> FieldSpec:
    table.refuse_others("id", "label", "kind", "labels", "printed")
    kind = table.value("kind", str, "text")
    if kind not in KINDS:
        _refuse(f"{table.name}的 kind “{kind}” 无效，可用：{'、'.join(KINDS)}")
    label = table.value("label", str)
    return FieldSpec(table.id("id"), label, kind, table.labels(label), table.texts("printed"))


def _choice(table: _Table) -> ChoiceSpec:
    table.refuse_others(
        "id", "label", "short", "options", "labels", "may_be_member", "several", "lettered", "printed"
    )  # fmt: skip
    label = table.value("label", str)
    return ChoiceSpec(
        id=table.id("id"),
        label=label,
        short=table.value("short", str, label),
        options=table.texts("options", ("是", "否")),
        labels=table.labels(label),
        may_be_member=table.value("may_be_member", bool, False),
        several=table.value("several", bool, False),
        lettered=table.value("lettered", bool, False),
        printed=table.texts("printed"),
    )


@dataclass(frozen=True, slots=True)
class _Table:
    """A table of the file; `name` is how a sentence calls it, "" for the top level. All raise WrongConfiguration."""

    data: Mapping[str, Any]
    name: str = ""

    def value(self, key: str, kind: type[T], default: T | None = None) -> T:
        found = self.data.get(key, default)
        if not isinstance(found, kind) or isinstance(found, bool) is not (kind is bool):
            self._refuse_value(key, _KINDS_IN_CHINESE[kind])
        return found

    def line(self, key: str) -> str:
        """A text that may stand in a subject."""
        text = self.value(key, str)
        if not text.isprintable() and not text.replace("\u3000", "").isprintable():
            self._refuse_value(key, "一行文字")
        return text

    def id(self, key: str, longest: int = LONGEST_ID) -> str:
        text = self.value(key, str)
        if not _ID.fullmatch(text) or len(text) > longest:
            self._refuse_value(key, f"至多{longest}个字母、数字、汉字或 - _ .")
        return text

    def count(self, key: str, default: int) -> int:
        number = self.value(key, int, default)
        if number < 0:
            self._refuse_value(key, "不小于 0 的整数")
        return number

    def moment(self, key: str) -> datetime:
        moment = self.value(key, datetime)
        if moment.tzinfo is None:
            _refuse(f"{key} 须带时区，例如 2016-12-02T17:00:00+08:00")
        return moment

    def texts(self, key: str, default: tuple[str, ...] = ()) -> tuple[str, ...]:
        found = self.data.get(key, default)
        if not _is_list(found, str):
            self._refuse_value(key, '一列文字，例如 ["甲", "乙"]')
        return tuple(found)

    def labels(self, label: str) -> tuple[str, ...]:
        """The wordings under which it is met, its own first."""
        return tuple(dict.fromkeys((label, *self.texts("labels"))))

    def groups(self, key: str) -> tuple[tuple[str, ...], ...]:
        """Lists of ids of which one is enough; an id alone is a list of one."""
        found = self.data.get(key, ())
        items: Sequence[Any] = found if _is_list(found, object) else [0]
        groups = [[item] if isinstance(item, str) else item for item in items]
        if not all(_is_list(group, str) and group for group in groups):
            self._refuse_value(key, '一列 id，例如 ["unit", ["office_phone", "mobile"]]')
        return tuple(tuple(group) for group in groups)

    def table(self, key: str, default: Mapping[str, Any] | None = None) -> _Table:
        found = self.data.get(key, default)
        if not isinstance(found, Mapping):
            self._refuse_value(key, f"一段 [{key}]")
        return _Table(found, f"[{key}] ")

    def tables(self, key: str) -> list[_Table]:
        found, path = self.data.get(key, ()), self._path(key)
        if not _is_list(found, Mapping):
            self._refuse_value(key, f"若干段 [[{path}]]")
        return [_Table(each, f"{path} 第{number}项") for number, each in enumerate(found, 1)]

    def refuse_others(self, *known: str) -> None:
        if unknown := sorted(set(self.data) - set(known)):
            _refuse(f"{self.name}有不认识的键 {'、'.join(unknown)}，可用：{'、'.join(known)}")

    def _path(self, key: str) -> str:
        """[form] has form.fields, and an item of form.rows has form.rows.fields."""
        above = self.name.partition(" ")[0].strip("[]")
        return f"{above}.{key}" if above else key

    def _refuse_value(self, key: str, wanted: str) -> NoReturn:
        here = f"{self.name}的 {key}" if self.name else key
        _refuse(f"{here} 应为{wanted}" if key in self.data else f"{here} 没有填写，应为{wanted}")


def _is_list(value: object, of: type) -> bool:
    return isinstance(value, list | tuple) and all(isinstance(each, of) for each in value)


def _refuse_doubled(keys: Sequence[str], named: Sequence[str]) -> None:
    """Raise WrongConfiguration over ids that stand twice, or are named and stand nowhere."""
    if wrong := {key for key in keys if keys.count(key) > 1} | (set(named) - set(keys)):
        _refuse(f"[form] 中的 id 重复或未定义：{'、'.join(sorted(wrong))}")


def _refuse(problem: str) -> NoReturn:
    raise WrongConfiguration(sentence=f"campaign.toml：{problem}，请更正。")
