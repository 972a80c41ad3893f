"""What goes over the line comes back equal, however plain it is."""

from __future__ import annotations

import pickle
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import pytest

from intake.answers import Choice, Value
from intake.isolation.child import Failure
from intake.isolation.packing import packed


@dataclass(frozen=True, slots=True)
class Pair:
    left: object
    right: object = ()


@dataclass(frozen=True, slots=True)
class Single:
    only: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Counted:
    name: str
    length: int = field(init=False, default=0)

    def __post_init__(self) -> None:
        object.__setattr__(self, "length", len(self.name))


@dataclass
class Open:
    name: str
    words: list[str]


@pytest.mark.parametrize(
    "value",
    [
        None,
        Pair(Value("甲公司", "第1行第2列"), {"join": Choice("join", "yes", "☑", "第5行第2列")}),
        Pair(Pair(1, 2), Single((1, 2))),
        Pair(Counted("甲公司"), Open("甲", ["乙"])),
        Failure("timeout", "over 20 s"),
        (Path("/a"), datetime(2016, 12, 2, tzinfo=UTC), b"\x00", "😀"),
    ],
)
def test_a_value_comes_back_equal(value: object) -> None:
    assert pickle.loads(packed(value)) == value


def test_one_object_stays_one_object() -> None:
    one = Pair(1)
    again = pickle.loads(packed([one, one]))
    assert again[0] is again[1]


def test_what_cannot_be_pickled_says_so() -> None:
    with pytest.raises((pickle.PicklingError, AttributeError, TypeError)):
        packed(Pair(lambda: None))
