"""The children that the program works with, with their limits, and the nursery they are forked from."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, TypeVar

from program.parts import lock_path

if TYPE_CHECKING:
    from intake.campaign import Campaign
    from intake.contents import Reading
    from intake.isolation import Children, Nursery, Stages
    from program.settings import Settings
    from scheduler.stored import Task

OCR_SECONDS, OCR_MEMORY = 60.0, 1 << 30  # limits of a child that reads pixels: seconds a task, bytes
LOADED = (  # what the nursery loads: all that common mails and all letters need, and nothing that starts a thread
    "scheduler.stored",
    "intake.reading",
    "intake.readers.docx",
    "outbox.ahead",
    "outbox.rendering",
)
T = TypeVar("T")
R = TypeVar("R")


@contextmanager
def nursery_of(settings: Settings) -> Iterator[Nursery]:
    """The nursery; it starts at once where a register is new, for then the mailbox will hold mails never read."""
    from intake.isolation import Nursery

    with Nursery(LOADED) as nursery:
        if not lock_path(settings).exists():
            nursery.begin()
        yield nursery


@contextmanager
def reading_children(
    settings: Settings, campaigns: Sequence[Campaign], nursery: Nursery
) -> Iterator[Stages[Task, Reading]]:
    """The children that read mails, and behind them those that read pixels."""
    from intake.isolation import Children, Stages
    from intake.unread import left_unread, unread
    from scheduler.stored import read_stored

    limits = settings.reading
    task = functools.partial(read_stored, specs=tuple(campaign.form for campaign in campaigns))
    with (
        Children(
            task,
            workers=limits.workers,
            seconds=limits.seconds,
            memory_bytes=limits.memory_mb << 20,
            nursery=nursery,
        ) as ordinary,
        ocr_children(functools.partial(task, ocr=True), seconds=limits.picture_seconds, nursery=nursery) as with_ocr,
    ):
        yield Stages(ordinary, with_ocr, unread, lambda reading, failure: left_unread(reading, failure.code))


@contextmanager
def ocr_children(
    task: Callable[[T], R], workers: int = 1, seconds: float = OCR_SECONDS, nursery: Nursery | None = None
) -> Iterator[Children[T, R] | None]:
    """The children that also read pixels, with the limits that this needs; None where OCR is not installed."""
    from intake.isolation import Children
    from intake.readers import ocr

    if not ocr.installed():
        yield None
        return
    with Children(
        task, workers=workers, seconds=seconds, memory_bytes=OCR_MEMORY, keep_bytes=OCR_MEMORY, nursery=nursery
    ) as children:
        yield children
