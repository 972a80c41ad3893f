"""How one try to send a letter ends: taken, refused, surely not sent, or in doubt."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias


@dataclass(frozen=True, slots=True)
class Sent:
    """Taken over by the server; `queue_id` as it named it, or ""."""

    queue_id: str
    text: str


@dataclass(frozen=True, slots=True)
class Refused:
    """A reply of the server says no; what it means is for `providers.refusal` to say."""

    code: int
    text: str


@dataclass(frozen=True, slots=True)
class Lost:
    """The connection broke before the final dot: surely not sent."""

    detail: str


@dataclass(frozen=True, slots=True)
class Doubt:
    """The final dot was sent and no readable reply came."""

    detail: str


Outcome: TypeAlias = Sent | Refused | Lost | Doubt
