"""What time a server says it is, in the words of its greeting or reply. Pure.

Sources: NetEase ends `250 Mail OK queued as <id> <epoch>` and its refusals `163 <host>,<id> <epoch>,<address>` with
seconds since 1970, Gmail begins `250 2.0.0 OK <epoch>`; Exchange, Exim and Sendmail put an RFC 5322 date into the
greeting. Other numbers are ids and say nothing.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

_EPOCH = re.compile(r"(?:queued as|\b1(?:63|26))\s+\S+\s+(1\d{9})\b|\bOK\s+(1\d{9})\s", re.IGNORECASE)
_DATE = re.compile(
    r"\b(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun), \d{1,2} (?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec) \d{4}"
    r" \d{2}:\d{2}:\d{2} (?:[+-]\d{4}|GMT)"
)


def told_in(reply: str) -> datetime | None:
    """The moment (UTC) that a reply names, None where it names none."""
    if epoch := _EPOCH.search(reply):
        return datetime.fromtimestamp(int(epoch[1] or epoch[2]), UTC)
    date = _DATE.search(reply)
    if date is None:
        return None
    try:
        return parsedate_to_datetime(date[0]).astimezone(UTC)
    except (ValueError, OverflowError):
        return None
