"""A mail of the sent folder as its header section tells it: to whom, when, under which subject, and whether it is ours.

Pure; never raises over what a header says. Bodies are never asked for.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TypeAlias

from intake.message import addresses, header_fields

OURS = "x-cipsa-intake"
MOST_RECIPIENTS = 10_000  # of one field: a person's own circular names them all
_Fields: TypeAlias = Sequence[tuple[str, bytes]]


@dataclass(frozen=True, slots=True)
class SentMail:
    """`written_at` is the INTERNALDATE in UTC; `recipients` To, Cc and Bcc in lower case, each once; `is_ours`: it
    bears the mark of the letters that this program writes."""

    uid: int
    written_at: datetime
    message_id: str
    subject: str
    recipients: tuple[str, ...]
    is_ours: bool


def read(uid: int, written_at: datetime, head: bytes) -> SentMail:
    """What the header section of one mail says."""
    fields = header_fields.split_fields(head)
    return SentMail(
        uid=uid,
        written_at=written_at,
        message_id=next(iter(addresses.message_ids(_first(fields, "message-id"))), ""),
        subject=_first(fields, "subject"),
        recipients=_recipients(fields),
        is_ours=any(name == OURS for name, _ in fields),
    )


def subject(head: bytes) -> str:
    return _first(header_fields.split_fields(head), "subject")


def recipients(head: bytes) -> tuple[str, ...]:
    """The addresses of To, Cc and Bcc in lower case, each once."""
    return _recipients(header_fields.split_fields(head))


def _first(fields: _Fields, name: str) -> str:
    """The text of the first field of that name, or ""."""
    return header_fields.text_of(header_fields.first(fields, name))


def _recipients(fields: _Fields) -> tuple[str, ...]:
    values = (value for name, value in fields if name in ("to", "cc", "bcc"))
    found = (address.email.lower() for value in values for address in addresses.parse_addresses(value, MOST_RECIPIENTS))
    return tuple(dict.fromkeys(found))
