"""What holds for children holds however they come to be."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from isolation_ways import WAYS, MakeChildren, making


@pytest.fixture(params=WAYS)
def children_of(request: pytest.FixtureRequest) -> Iterator[MakeChildren]:
    with making(request.param) as make:
        yield make
