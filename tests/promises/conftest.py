"""A nursery for the whole run, and a mailbox with a story whose end is known."""

from __future__ import annotations

from pathlib import Path

import pytest
from conversations.office_in_memory import at
from promises.nursery import Nursery, shared

from storage.register import Register


@pytest.fixture(scope="session")
def nursery() -> Nursery:
    return shared()


@pytest.fixture(scope="session")
def blank_register(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A register just made, to be copied."""
    path = tmp_path_factory.mktemp("blank-register") / "register.sqlite"
    Register.open(f"sqlite:///{path}", at("11-17 08:00")).close()
    return path
