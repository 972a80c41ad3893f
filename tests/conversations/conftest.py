"""Offices for conversations. Reading goes on in real children, kept alive over the whole run of tests."""

from __future__ import annotations

import pickle
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import pytest
from conversations.office_in_memory import MakeOffice, Office, at

from intake.isolation import Children
from outbox.compose import Letters
from program.campaign_folders import LoadedCampaign, letters_of
from program.settings import Settings
from storage.register import Register


class Pool:
    """What is slow to make: children by their task and limits, composers by their templates; given out again."""

    def __init__(self) -> None:
        self._made: dict[bytes, Children[Any, Any]] = {}
        self._composers: dict[tuple[object, ...], Letters] = {}
        self._stack = ExitStack()

    @contextmanager
    def children(self, task: Callable[[Any], Any], nursery: Any = None, **limits: Any) -> Iterator[Children[Any, Any]]:
        key = pickle.dumps((task, sorted(limits.items())))
        if key not in self._made:
            self._made[key] = self._stack.enter_context(Children(task, **limits))
        yield self._made[key]

    def composer(self, settings: Settings, loaded: Sequence[LoadedCampaign]) -> Letters:
        """The composer of these campaigns: templates are compiled once."""
        key = (settings.sender, *(each.folder for each in loaded))
        if key not in self._composers:
            self._composers[key] = letters_of(settings, loaded)
        return self._composers[key]

    def close(self) -> None:
        self._stack.close()


@pytest.fixture(scope="session")
def pool() -> Iterator[Pool]:
    made = Pool()
    yield made
    made.close()


@pytest.fixture(scope="session")
def blank(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A register just made, to be copied."""
    path = tmp_path_factory.mktemp("blank") / "register.sqlite"
    Register.open(f"sqlite:///{path}", at("11-17 08:00")).close()
    return path


@pytest.fixture
def make_office(
    tmp_path: Path, blank: Path, pool: Pool, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest
) -> Iterator[MakeOffice]:
    """Makes an office with moods and settings of its own; audited at the end."""
    monkeypatch.setattr("intake.isolation.Children", pool.children)
    monkeypatch.setattr("program.wiring.letters_of", pool.composer)
    made: list[Office] = []

    def make(**options: Any) -> Office:
        folder = tmp_path / f"office{len(made)}"
        folder.mkdir()
        made.append(Office(folder, blank, **options))
        return made[-1]

    yield make
    for office in made:
        office.close(audited=not getattr(request.node, "failed", False))


@pytest.fixture
def office(make_office: MakeOffice) -> Office:
    return make_office()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Iterator[None]:
    report = yield
    if report.when == "call":
        item.failed = report.failed  # type: ignore[attr-defined]  # a conversation that failed is not audited as well
    return report
