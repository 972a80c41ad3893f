"""One hostile input costs one input: every misdeed gets its Failure, and its neighbours their results."""

from __future__ import annotations

import time

import isolation_tasks as tasks
import pytest
from isolation_ways import MakeChildren

from intake.isolation import Children, Failure
from intake.isolation.line import is_over

MISDEEDS = [
    ("hang", "timeout"),
    ("spin", "timeout"),
    ("hog in steps", "memory"),
    ("hog at once", "memory"),
    ("die", "internal"),
    ("leave", "internal"),
    ("crash", "internal"),
    ("fail", "internal"),
    ("recurse", "internal"),
    ("unpicklable", "internal"),
    ("parse badly", "internal"),
]


@pytest.mark.parametrize(("misdeed", "code"), MISDEEDS, ids=[misdeed for misdeed, _ in MISDEEDS])
def test_a_misdeed_costs_only_itself(children_of: MakeChildren, misdeed: str, code: str) -> None:
    orders = ["1", "2", misdeed, "3", "4", "5"]
    seconds = 1 if code == "timeout" else 60  # a busy machine hands out memory slowly
    with children_of(tasks.obey, workers=2, seconds=seconds, memory_bytes=256 << 20) as children:
        results = list(children.map(orders))
    assert isinstance(results[2], Failure)
    assert results[2].code == code
    assert [result for result in results if result is not results[2]] == [f"done {n}" for n in (1, 2, 3, 4, 5)]


def test_all_misdeeds_in_one_go_with_one_worker(children_of: MakeChildren) -> None:
    orders = [order for misdeed, _ in MISDEEDS for order in (misdeed, "between")]
    with children_of(tasks.obey, workers=1, seconds=5, memory_bytes=256 << 20) as children:
        results = list(children.map(orders))
    assert [result.code for result in results[::2] if isinstance(result, Failure)] == [code for _, code in MISDEEDS]
    assert set(results[1::2]) == {"done between"}


def test_the_time_limit_is_kept_closely_and_neighbours_go_on_meanwhile(children_of: MakeChildren) -> None:
    with children_of(tasks.obey, workers=2, seconds=1) as children:
        list(children.map(["start", "both"]))
        began = time.monotonic()
        results = list(children.map(["hang", *map(str, range(50))]))
        took = time.monotonic() - began
    assert results[0] == Failure("timeout", "over 1 s")
    assert results[1:] == [f"done {n}" for n in range(50)]
    assert 1 <= took < 5


@pytest.mark.parametrize(
    ("waited", "state", "worked", "over"),
    [
        (19, "R", 19, False),
        (21, "S", 1, True),  # it waits for what never comes
        (21, "R", 20.5, True),
        (21, "R", 1, False),  # others have the processors
        (21, "D", 1, False),  # others have the disk
        (81, "R", 1, True),
        (21, "", 0, True),  # a system that does not say
    ],
)
def test_a_busy_machine_costs_no_task(waited: float, state: str, worked: float, over: bool) -> None:
    assert is_over(waited, state, worked, seconds=20) is over


def test_memory_is_seen_by_the_parent_where_the_child_cannot_limit_itself(
    children_of: MakeChildren, monkeypatch: pytest.MonkeyPatch
) -> None:
    children = children_of(tasks.obey, workers=1, seconds=20, memory_bytes=200 << 20)
    unlimited = children_of(tasks.obey, workers=1, memory_bytes=1 << 40)
    monkeypatch.setattr(children, "_order", unlimited._order)
    with unlimited, children:
        (failure,) = children.map(["hog in steps"])
    assert isinstance(failure, Failure)
    assert failure.code == "memory"
    assert "resident" in failure.detail


def test_the_time_of_one_task_is_not_charged_to_the_next(children_of: MakeChildren) -> None:
    with children_of(tasks.double, workers=1, seconds=2) as children:
        assert list(children.map(range(1500))) == [2 * n for n in range(1500)]


def test_a_result_over_the_limit_is_refused_and_one_below_it_comes_whole(children_of: MakeChildren) -> None:
    with children_of(tasks.of_size, workers=1, output_bytes=1 << 20) as children:
        results = list(children.map([1000, 2 << 20, 1 << 19]))
    assert [type(result) for result in results] == [bytes, Failure, bytes]
    assert isinstance(results[1], Failure)
    assert results[1].code == "memory"
    assert results[2] == bytes(1 << 19)


def test_a_failure_names_the_exception_and_lines_but_not_what_the_document_said(children_of: MakeChildren) -> None:
    with children_of(tasks.obey, workers=1) as children:
        (failure,) = children.map(["fail"])
    assert isinstance(failure, Failure)
    assert failure.detail.startswith("ValueError < isolation/isolation_tasks.py:")
    assert "13800138000" not in failure.detail


def test_what_a_library_prints_does_not_disturb_the_line(children_of: MakeChildren) -> None:
    with children_of(tasks.obey, workers=1) as children:
        assert list(children.map(["print", "after"])) == ["printed", "done after"]


def test_an_ordinary_exception_does_not_cost_the_child_its_life(children_of: MakeChildren) -> None:
    with children_of(tasks.obey, workers=1) as children:
        list(children.map(["fail"]))
        (first,) = children._idle
        list(children.map(["fail", "1"]))
        assert children._idle == [first]


def test_children_get_no_secret_of_the_environment(children_of: MakeChildren, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("INTAKE_MAILBOX__PASSWORD", "secret")
    monkeypatch.setenv("LANG", "C.UTF-8")
    with children_of(tasks.environment, workers=1) as children:
        (seen,) = children.map([None])
    assert isinstance(seen, dict)
    assert seen["LANG"] == "C.UTF-8"
    assert not [name for name in seen if name.startswith("INTAKE_")]


def test_a_task_of_main_is_refused_at_once() -> None:
    def task(item: int) -> int:
        return item

    task.__module__ = "__main__"
    with pytest.raises(ValueError, match="__main__"):
        Children(task)
