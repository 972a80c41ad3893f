"""What goes over the SMTP wire besides commands: addresses, dot-stuffed content, and the queue id in a reply; pure."""

from __future__ import annotations

import re

_QUEUE_ID = re.compile(r"queued as\s+<?([^\s>;]+)|\bid=([^\s;]+)", re.IGNORECASE)


def queue_id(text: str) -> str:
    """NetEase: `Mail OK queued as smtp11,<id> <epoch>`; Postfix: `Ok: queued as <id>`."""
    found = _QUEUE_ID.search(text)
    return next(filter(None, found.groups()), "") if found else ""


def dotted(raw: bytes) -> bytes:
    """CRLF line ends, leading dots doubled (RFC 5321, 4.5.2), the last line ended."""
    lines = raw.replace(b"\r\n", b"\n").replace(b"\r", b"\n").replace(b"\n", b"\r\n")
    if not lines.endswith(b"\r\n"):
        lines += b"\r\n"
    stuffed = lines.replace(b"\r\n.", b"\r\n..")
    return b"." + stuffed if stuffed.startswith(b".") else stuffed


def envelope_address(address: str) -> str | None:
    """The address in ASCII, or None: no server we submit to lists SMTPUTF8 (NetEase, QQ)."""
    local, at, domain = address.strip().rpartition("@")
    try:
        full = f"{local}@{domain.encode('idna').decode('ascii')}"
    except UnicodeError:
        return None
    usable = at and local and local.isascii() and domain and not re.search(r"[\s<>\x00-\x20\x7f]", full)
    return full if usable else None
