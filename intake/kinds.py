"""What a mail, a letter and the time of a form can be: closed lists, their words known to register and templates."""

from __future__ import annotations

from typing import Literal, TypeAlias

Kind: TypeAlias = Literal[
    "form",
    "attempt",
    "question",
    "statement",
    "courtesy",
    "unrelated",
    "staff",
    "bounce",
    "auto-reply",
    "list",
    "receipt",
    "recall",
    "own",
]
LetterKind: TypeAlias = Literal[
    "acknowledgement",
    "received",
    "repeat",
    "correction",
    "late",
    "no-form",
    "unreadable",
    "cloud-link",
    "question",
    "reminder",
    "circular",
    "digest",
    "worklist",
    "alert",
    "confirmation",
]
Lateness: TypeAlias = Literal["in time", "late", "disputed"]
