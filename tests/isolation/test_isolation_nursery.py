"""The nursery: children forked from it share what it loaded and nothing else, and its end costs no input."""

from __future__ import annotations

import os
import signal
from pathlib import Path

import isolation_tasks as tasks
import psutil
import pytest

from intake.errors import IntakeError
from intake.isolation import Children, Nursery

LOADED = ["isolation_tasks", "lxml.etree"]


def nurseries() -> list[psutil.Process]:
    return [child for child in psutil.Process().children() if any("forking" in word for word in child.cmdline())]


def test_the_process_is_there_only_when_it_is_wanted_and_ends_with_the_block() -> None:
    before = nurseries()
    with Nursery(LOADED) as nursery:
        assert nurseries() == before
        nursery.begin()
        nursery.begin()
        (process,) = set(nurseries()) - set(before)
    assert not process.is_running()


def test_it_has_one_thread_and_its_children_come_from_it() -> None:
    with Nursery(LOADED) as nursery, Children(tasks.process_id, workers=1, nursery=nursery) as children:
        (child,) = children.map([None])
        (process,) = psutil.Process(child).parents()[:1]
        assert process in nurseries()
        assert process.num_threads() == 1


def test_its_children_have_no_file_of_ours_and_none_of_one_anothers(tmp_path: Path) -> None:
    with (tmp_path / "register").open("wb") as register, Nursery(LOADED) as nursery:
        os.set_inheritable(register.fileno(), True)
        with Children(tasks.open_files, workers=3, nursery=nursery) as children:
            seen = list(children.map([None] * 12))
    kinds = {tuple(sorted(name.partition(":")[0] for name in files)) for files in seen}
    assert kinds == {("/dev/null", "/dev/null", "/dev/null", "pipe", "pipe")}


def test_what_the_nursery_loaded_its_children_need_not_load_again() -> None:
    for modules, loaded in ([*LOADED, "colorsys"], True), (LOADED, False):
        with Nursery(modules) as nursery, Children(tasks.has_loaded, workers=1, nursery=nursery) as children:
            assert list(children.map(["colorsys"])) == [loaded]


def test_random_numbers_differ_between_its_children() -> None:
    with Nursery([*LOADED, "random"]) as nursery, Children(tasks.random_number, workers=2, nursery=nursery) as children:
        numbers = list(children.map([None] * 40))
    assert len(set(numbers)) == len(numbers)


def test_its_sudden_end_costs_no_input(tmp_path: Path) -> None:
    with Nursery(LOADED) as nursery, Children(tasks.kill_nursery_once, workers=1, nursery=nursery) as children:
        assert list(children.map([str(tmp_path / "done")] * 3)) == ["done"] * 3


def test_a_nursery_killed_while_nobody_needs_it_is_replaced() -> None:
    with Nursery(LOADED) as nursery, Children(tasks.process_id, workers=1, nursery=nursery) as children:
        (first,) = children.map([None])
        process = psutil.Process(first).parent()
        assert process is not None
        process.send_signal(signal.SIGKILL)
        process.wait(10)
        (second,) = children.map([None])
        assert isinstance(second, int)
        assert second != first


def test_rest_ends_it_when_it_has_no_child_and_the_next_child_starts_another() -> None:
    with Nursery(LOADED) as nursery, Children(tasks.process_id, workers=1, nursery=nursery) as children:
        before = nurseries()
        (first,) = children.map([None])
        nursery.rest()
        assert list(children.map([None])) == [first]
        children.rest()
        nursery.rest()
        assert nurseries() == before
        (second,) = children.map([None])
        assert second != first


def test_a_module_that_cannot_be_loaded_is_an_error_of_the_machine_not_of_the_mail() -> None:
    with (
        Nursery(["no_such_module"]) as nursery,
        Children(tasks.echo, workers=1, nursery=nursery) as children,
        pytest.raises(IntakeError, match="could not start"),
    ):
        list(children.map([1]))
