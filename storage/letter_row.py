"""A letter as the register gives it. By itself, for those who compose letters and need no database."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any


@dataclass(frozen=True, slots=True)
class LetterRow:
    """A letter with what composing needs of the mail it answers (None, "" where it answers none)."""

    id: int
    key: str
    campaign: str
    kind: str
    state: str
    recipient: str
    unit_id: int | None
    about_id: int | None
    facts: Mapping[str, Any]
    attach_form: bool
    reference: str
    message_id: str
    priority: int
    held_back: str
    created_at: datetime
    next_at: datetime
    tries: int
    subject: str | None
    raw: bytes | None
    claimed_at: datetime | None
    settled_at: datetime | None
    reply: str | None
    queue_id: str | None
    answers_message_id: str = ""
