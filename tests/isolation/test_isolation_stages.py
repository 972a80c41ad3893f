"""Two pools behind one map: what the first leaves unfinished goes to the second, in order, whatever happens to it."""

from __future__ import annotations

import isolation_tasks as tasks
from hypothesis import given, settings
from hypothesis import strategies as st

from intake.isolation import Children, Failure, Stages


def is_odd(number: int) -> bool:
    return number % 2 == 1


def given_up(number: int, failure: Failure) -> int:
    return -number


def test_only_what_is_unfinished_is_done_over_and_all_comes_in_order() -> None:
    with Children(tasks.echo, workers=2) as first, Children(tasks.double, workers=1) as second:
        stages = Stages(first, second, is_odd, given_up)
        assert list(stages.map(range(150))) == [2 * n if n % 2 else n for n in range(150)]


@settings(max_examples=20)
@given(st.lists(st.integers(0, 9), max_size=30))
def test_without_a_second_pool_the_first_results_stand(numbers: list[int]) -> None:
    with Children(tasks.echo, workers=1) as first:
        assert list(Stages(first, None, is_odd, given_up).map(numbers)) == numbers


def test_a_failure_of_the_second_pool_leaves_the_first_result() -> None:
    with Children(tasks.echo, workers=1) as first, Children(tasks.obey, workers=1, seconds=0.5) as second:
        stages = Stages(first, second, lambda order: order == "hang", lambda order, failure: f"{order}: {failure.code}")
        assert list(stages.map(["one", "hang", "two"])) == ["one", "hang: timeout", "two"]


def test_the_second_pool_is_ended_after_a_map() -> None:
    with Children(tasks.echo, workers=1) as first, Children(tasks.process_id, workers=1) as second:
        stages = Stages(first, second, lambda _: True, lambda before, failure: before)
        (one,), (other,) = stages.map([1]), stages.map([1])
        assert one != other


def test_a_failure_of_the_first_pool_is_not_tried_again() -> None:
    with Children(tasks.obey, workers=1, seconds=0.5) as first, Children(tasks.obey, workers=1) as second:
        stages = Stages(first, second, lambda _: True, lambda before, failure: before)
        (result,) = stages.map(["hang"])
        assert isinstance(result, Failure)
        assert result.code == "timeout"
