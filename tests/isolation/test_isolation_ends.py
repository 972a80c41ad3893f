"""No child outlives its parent, whatever the parent's end, and idle children can be sent home."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path

import isolation_tasks as tasks
import psutil
import pytest
from isolation_ways import WAYS, MakeChildren

from intake.errors import IntakeError
from intake.isolation import Closed

PARENT = """
import signal
import sys
signal.signal(signal.SIGINT, signal.default_int_handler)  # a shell's background job is born ignoring it
sys.path[:0] = {path!r}
import isolation_tasks as tasks
from isolation_ways import making
with making({way!r}) as children_of, children_of(tasks.note_and_hang, workers=2, seconds=600) as children:
    list(children.map([{folder!r}] * 2))
"""


def until(condition: Callable[[], object], seconds: float = 10) -> bool:
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.02)
    return True


def alive(process_id: int) -> bool:
    try:
        return psutil.Process(process_id).status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("ending", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL], ids=lambda ending: ending.name)
def test_hung_children_end_with_their_parent(way: str, ending: signal.Signals, tmp_path: Path) -> None:
    code = PARENT.format(way=way, path=sys.path, folder=str(tmp_path))
    parent = subprocess.Popen([sys.executable, "-c", code], stderr=subprocess.DEVNULL)
    try:
        assert until(lambda: len(list(tmp_path.iterdir())) == 2)
        children = [int(path.name) for path in tmp_path.iterdir()]
        assert all(map(alive, children))
        parent.send_signal(ending)
        assert until(lambda: not any(map(alive, children)))
    finally:
        parent.kill()
        parent.wait()


def test_children_hear_no_ctrl_c_and_no_term_of_the_whole_group(children_of: MakeChildren) -> None:
    with children_of(tasks.process_id, workers=1) as children:
        (child,) = children.map([None])
        assert isinstance(child, int)
        assert os.getpgid(child) != os.getpgrp()
        os.kill(child, signal.SIGINT)
        os.kill(child, signal.SIGTERM)
        assert list(children.map([None, None])) == [child, child]


def test_close_ends_working_children_at_once_and_says_that_nothing_was_done(
    children_of: MakeChildren, tmp_path: Path
) -> None:
    children = children_of(tasks.note_and_hang, workers=2, seconds=600)
    outcome: list[BaseException] = []

    def call() -> None:
        try:
            list(children.map([str(tmp_path)] * 20))
        except Closed as closed:
            outcome.append(closed)

    caller = threading.Thread(target=call)
    caller.start()
    assert until(lambda: len(list(tmp_path.iterdir())) == 2)
    began = time.monotonic()
    children.close()
    caller.join()
    assert time.monotonic() - began < 5
    assert len(outcome) == 1
    assert not any(alive(int(path.name)) for path in tmp_path.iterdir())
    with pytest.raises(Closed):
        list(children.map([str(tmp_path)]))


def test_rest_ends_idle_children_and_the_next_task_starts_another(children_of: MakeChildren) -> None:
    with children_of(tasks.process_id, workers=2) as children:
        before = {child for child in children.map([None] * 8) if isinstance(child, int)}
        assert all(map(alive, before))
        children.rest()
        assert not any(map(alive, before))
        (after,) = children.map([None])
        assert after not in before
    assert isinstance(after, int)
    assert not alive(after)


def test_no_child_is_started_before_there_is_work(children_of: MakeChildren) -> None:
    before = len(psutil.Process().children())
    with children_of(tasks.process_id, workers=2):
        assert len(psutil.Process().children()) == before


def test_a_child_killed_while_idle_is_replaced_without_a_word(children_of: MakeChildren) -> None:
    with children_of(tasks.process_id, workers=1) as children:
        (first,) = children.map([None])
        assert isinstance(first, int)
        os.kill(first, signal.SIGKILL)
        assert until(lambda: not alive(first))
        (second,) = children.map([None])
        assert isinstance(second, int)
        assert second != first


def test_children_that_cannot_start_are_an_error_of_the_machine_not_of_the_mail(
    children_of: MakeChildren,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(sys, "executable", "/bin/false")
    with children_of(tasks.echo, workers=1) as children, pytest.raises(IntakeError, match="could not start"):
        list(children.map([1]))


def test_closing_twice_or_unused_is_harmless(children_of: MakeChildren) -> None:
    children = children_of(tasks.echo)
    children.close()
    children.close()
