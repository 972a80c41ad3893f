"""The detectors of flufl.bounce over a bounce made plain: a text and its delivery-status parts.

The only importer of flufl.bounce. Never raises: what a detector cannot read has no addresses.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from email.message import Message

from intake.message import addresses

_DOMAIN = re.compile(r"(?<=@)[A-Za-z0-9.-]+")


def scan(sender: str, text: str, statuses: Sequence[bytes]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Addresses that failed for now, and for good; `statuses` are the bodies of delivery-status parts (RFC 3464)."""
    from flufl.bounce import all_failures

    text, real = _without_hyphens(text)
    try:
        passing, lasting = all_failures(_standard(sender, text, statuses))
    except (ValueError, LookupError, TypeError, AttributeError):  # its detectors trust the shape of a bounce
        return (), ()
    return _emails(passing, real), _emails(lasting, real)


def _without_hyphens(text: str) -> tuple[str, dict[str, str]]:
    """The text with `_` for each hyphen of a domain, and the real addresses: the detectors know no such domain."""
    real = {_with_underscores(email).lower(): email for email in addresses.find_emails(text)}
    return _with_underscores(text), real


def _with_underscores(text: str) -> str:
    return _DOMAIN.sub(lambda found: found[0].replace("-", "_"), text)


def _emails(found: Iterable[bytes], real: Mapping[str, str]) -> tuple[str, ...]:
    told = (item.decode("ascii", "replace") for item in found)
    return tuple(sorted(email for item in told for email in addresses.find_emails(real.get(item.lower(), item))))


def _standard(sender: str, text: str, statuses: Sequence[bytes]) -> Message:
    """The bounce as the standard library's message: a text and its delivery-status parts."""
    from email import message_from_bytes, policy

    boundary = b"=_bounce_="
    parts = [b"Content-Type: text/plain; charset=utf-8\n\n" + text.encode("utf-8", "replace")]
    parts += [b"Content-Type: message/delivery-status\n\n" + _ascii(status) for status in statuses]
    head = f'From: {sender}\nContent-Type: multipart/report; boundary="{boundary.decode()}"\n'
    body = b"".join(b"\n--" + boundary + b"\n" + part for part in parts) + b"\n--" + boundary + b"--\n"
    return message_from_bytes(head.encode() + body, policy=policy.compat32)


def _ascii(report: bytes) -> bytes:
    """The detectors read fields as plain strings; raw 8-bit bytes would give them Header objects."""
    return report.decode("ascii", "replace").encode("ascii", "replace")
