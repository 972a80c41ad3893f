"""An office whose daemon and commands are processes; the nursery is the one of the promises."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from conversations.office_in_memory import at
from netease import NETEASE, FakeNetease
from promises.nursery import Nursery, shared
from promises.post_office import PostOffice

from storage.register import Register


@pytest.fixture(scope="session")
def nursery() -> Nursery:
    return shared()


@pytest.fixture(scope="session")
def fresh_register(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("fresh-register") / "register.sqlite"
    Register.open(f"sqlite:///{path}", at("11-17 08:00")).close()
    return path


@pytest.fixture
def post(tmp_path: Path, fresh_register: Path, nursery: Nursery) -> Iterator[PostOffice]:
    with FakeNetease(NETEASE()) as server:
        yield PostOffice(tmp_path, fresh_register, server, nursery)
