"""What a check of the configuration found."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class Finding:
    """Good, a warning, or bad; the sentence of a bad one says what to do."""

    subject: str
    state: Literal["good", "warning", "bad"]
    sentence: str
