"""What the value of a setting may look like in the file or the environment, and how sections are filled from them.

A reader takes a value as it is written and gives the setting's own. It raises ValueError with what to do, in Chinese,
and quotes no value but an address: it may be a secret in the wrong place.
"""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Callable, Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Any, TypeAlias, TypeVar, cast, get_args

from program.sources import Key, as_command, as_list

T = TypeVar("T")
S = TypeVar("S", bound="Section")
Reader: TypeAlias = Callable[[object], T]

SWITCHES = {"true": True, "yes": True, "on": True, "1": True, "false": False, "no": False, "off": False, "0": False}


class Mistake(Exception):
    """A value that cannot be; `key` is where it stands in the file, `problem` what to do, without a full stop."""

    def __init__(self, key: Key, problem: str) -> None:
        super().__init__(problem)
        self.key, self.problem = key, problem


class Section:
    """What stands under one heading of the file, a frozen dataclass of settings."""

    __slots__ = ()

    def problems(self) -> Iterator[tuple[str, str]]:
        """Key and problem where values that are good by themselves do not go together."""
        yield from ()


def setting(reader: Reader[T], default: T, *, key: str = "", shown: bool = True) -> T:
    """A field of a section. `key` is its name in the file where that is another, `shown` whether a repr shows it."""
    return dataclasses.field(default=default, repr=shown, metadata={"reader": reader, "key": key})


def subsection(kind: type[S]) -> S:
    """A field that is a section of its own."""
    return dataclasses.field(default=kind(), metadata={"section": kind})


def key_tree(kind: type[Section]) -> dict[str, Any]:
    """Every key as it is written in the file; a section is a dictionary, a setting None."""
    return {key: key_tree(inner) if inner else None for _, key, inner, _ in _settings_of(kind)}


def filled(kind: type[S], values: Mapping[str, Any], above: Key = ()) -> S:
    """A section with what `values` states, the rest by default; raises Mistake at the first value that cannot be."""
    given: dict[str, Any] = {}
    for name, key, inner, reader in _settings_of(kind):
        if key in values:
            whole_key = (*above, key)
            given[name] = filled(inner, values[key], whole_key) if inner else _read(reader, values[key], whole_key)
    made = kind(**given)
    for key, problem in made.problems():
        raise Mistake((*above, key), problem)
    return made


def _settings_of(kind: type[Section]) -> Iterator[tuple[str, str, type[Section] | None, Reader[Any]]]:
    """Name and key of each field, and either the section that it is or the reader of its value."""
    for field in dataclasses.fields(cast(Any, kind)):
        if field.metadata:
            key, inner = field.metadata.get("key") or field.name, field.metadata.get("section")
            yield field.name, key, inner, field.metadata.get("reader", text)


def _read(reader: Reader[T], value: object, key: Key) -> T:
    try:
        return reader(value)
    except ValueError as error:
        raise Mistake(key, str(error)) from None


def text(value: object) -> str:
    if not isinstance(value, str):
        raise ValueError("应为带引号的文字，请改正")
    return value


def switch(value: object) -> bool:
    found = SWITCHES.get(value.strip().lower()) if isinstance(value, str) else value
    if not isinstance(found, bool):
        raise ValueError("只能是 true 或 false")
    return found


def one_of(literal: Any) -> Reader[Any]:
    """One of the words of a Literal."""
    words = get_args(literal)

    def read(value: object) -> object:
        if value not in words:
            raise ValueError(f"只能是 {'、'.join(words[:-1])} 或 {words[-1]}")
        return value

    return read


def whole(least: int, most: int | None = None) -> Reader[int]:
    """A whole number of a range."""

    def read(value: object) -> int:
        found = _number(value, "整数")
        if not found.is_integer():
            raise ValueError("应为整数，请改正")
        if found < least:
            raise ValueError(f"不能小于 {least}，请改正")
        if most is not None and found > most:
            raise ValueError(f"不能大于 {most}，请改正")
        return int(found)

    return read


def above_zero(value: object) -> float:
    if (found := _number(value, "数字")) <= 0:
        raise ValueError("必须大于 0，请改正")
    return found


def not_negative(value: object) -> float:
    if (found := _number(value, "数字")) < 0:
        raise ValueError("不能小于 0，请改正")
    return found


def _number(value: object, expected: str) -> float:
    try:
        found = float(value) if isinstance(value, int | float | str) and not isinstance(value, bool) else math.nan
    except (ValueError, OverflowError):
        found = math.nan
    if not math.isfinite(found):
        raise ValueError(f"应为{expected}，请改正")
    return found


def place(value: object) -> Path:
    if not isinstance(value, str):
        raise ValueError("应为带引号的路径，请改正")
    return Path(value)


def places(value: object) -> tuple[Path, ...]:
    return tuple(map(place, as_list(value)))


def words(value: object) -> tuple[str, ...]:
    """A list of texts, or one."""
    return tuple(map(text, as_list(value)))


def command(value: object) -> tuple[str, ...]:
    """The words of a command; a line is cut as a shell would."""
    return tuple(map(text, as_command(value)))


def days(value: object) -> tuple[date, ...]:
    return tuple(map(_day, as_list(value)))


def _day(value: object) -> date:
    if type(value) is date:
        return value
    try:
        return date.fromisoformat(text(value).strip())
    except ValueError:
        raise ValueError("应为日期，例如 2027-01-01，请改正") from None


def address(value: object) -> str:
    """A mailbox's address in small letters, or nothing."""
    found = text(value).strip()
    return _address(found) if found else ""


def addresses(value: object) -> tuple[str, ...]:
    return tuple(map(_address, words(value)))


def _address(value: str) -> str:
    local, _, domain = value.strip().rpartition("@")
    if not local or not domain or any(mark in value for mark in ",; <>，；"):
        raise ValueError(f'“{value}”不是一个邮箱地址；多个地址请写成列表，例如 ["a@example.cn", "b@example.cn"]')
    return value.strip().lower()


def domains(value: object) -> tuple[str, ...]:
    """Addresses and domains in small letters; a domain may be written with an @ before it."""
    return tuple(word.strip().lower().removeprefix("@") for word in words(value))
