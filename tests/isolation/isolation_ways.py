"""The two ways in which children come to be: spawned, or forked from a nursery."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, TypeAlias

from intake.isolation import Children, Nursery

MakeChildren: TypeAlias = Callable[..., Children[Any, Any]]
WAYS = ("spawned", "forked")


@contextmanager
def making(way: str) -> Iterator[MakeChildren]:
    if way == "spawned":
        yield Children
        return
    with Nursery(["isolation_tasks"]) as nursery:
        yield functools.partial(Children, nursery=nursery)
