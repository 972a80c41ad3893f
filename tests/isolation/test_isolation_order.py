"""Results come in input order, inputs are taken only a little ahead, and big ones pass whole."""

from __future__ import annotations

import functools
import operator
import threading
import time
from collections.abc import Iterator

import isolation_tasks as tasks
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from isolation_ways import WAYS, MakeChildren, making

from intake.isolation import Children, Failure
from intake.isolation.children import AHEAD_PER_WORKER


@pytest.fixture(scope="module", params=WAYS)
def echoing(request: pytest.FixtureRequest) -> Iterator[Children[object, object]]:
    with making(request.param) as children_of, children_of(tasks.echo, workers=2) as children:
        yield children


@settings(max_examples=50)
@given(st.lists(st.binary() | st.text() | st.integers() | st.none(), max_size=40))
def test_what_goes_in_comes_out_in_order(echoing: Children[object, object], items: list[object]) -> None:
    assert list(echoing.map(items)) == items


def test_quick_ones_wait_for_slow_ones_before_them(children_of: MakeChildren) -> None:
    with children_of(tasks.double, workers=2) as children:
        assert list(children.map(range(200))) == [2 * n for n in range(200)]


def test_inputs_are_taken_a_little_ahead_and_in_the_callers_thread(echoing: Children[object, object]) -> None:
    taken: list[int] = []

    def source() -> Iterator[int]:
        for number in range(100):
            assert threading.current_thread() is threading.main_thread()
            taken.append(number)
            yield number

    for number, result in enumerate(echoing.map(source())):
        assert result == number
        assert len(taken) <= number + 1 + 2 * AHEAD_PER_WORKER


def test_big_inputs_pass_whole_and_are_not_piled_up(children_of: MakeChildren) -> None:
    taken = 0

    def source() -> Iterator[bytes]:
        nonlocal taken
        for _ in range(4):
            taken += 1
            yield bytes(50 << 20)

    with children_of(tasks.length, workers=2) as children:
        for number, result in enumerate(children.map(source())):
            assert result == 50 << 20
            assert taken <= number + 2


def test_a_big_result_comes_whole(echoing: Children[object, object]) -> None:
    content = bytes(range(256)) * (40 << 12)
    assert list(echoing.map([content])) == [content]


def test_two_callers_at_once_each_get_their_own(echoing: Children[object, object]) -> None:
    seen: dict[int, list[object]] = {}

    def call(number: int) -> None:
        seen[number] = list(echoing.map(range(number, number + 100)))

    callers = [threading.Thread(target=call, args=(start,)) for start in (0, 1000)]
    for caller in callers:
        caller.start()
    for caller in callers:
        caller.join()
    assert seen == {0: list(range(100)), 1000: list(range(1000, 1100))}


def test_a_partial_of_an_importable_function_is_a_task(children_of: MakeChildren) -> None:
    with children_of(functools.partial(operator.mul, 3), workers=1) as children:
        assert list(children.map([1, 2])) == [3, 6]


def test_what_was_begun_goes_on_meanwhile_and_is_asked_for_in_any_order(echoing: Children[object, object]) -> None:
    begun = [echoing.begin(item) for item in "abc"]
    assert list(echoing.map(["d"])) == ["d"]
    assert [result() for result in reversed(begun)] == ["c", "b", "a"]


def test_giving_up_half_way_leaves_the_children_usable(echoing: Children[object, object]) -> None:
    some = echoing.map(range(1000))
    assert [next(some), next(some)] == [0, 1]
    del some
    assert list(echoing.map(["again"])) == ["again"]


def test_an_error_of_the_source_reaches_the_caller(echoing: Children[object, object]) -> None:
    def source() -> Iterator[int]:
        yield 1
        raise LookupError("the register is gone")

    with pytest.raises(LookupError):
        list(echoing.map(source()))


def test_a_thousand_small_tasks_cost_little_more_than_the_work_itself(children_of: MakeChildren) -> None:
    """The daemon's floor: far below a mail's own cost. Generous, since the machine may be busy with other work."""
    with children_of(tasks.echo, workers=2) as children:
        list(children.map(range(10)))
        began = time.perf_counter()
        results = list(children.map(range(1000)))
        took = time.perf_counter() - began
    assert results == list(range(1000))
    assert not [result for result in results if isinstance(result, Failure)]
    assert took < 2
