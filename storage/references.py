"""How a letter is named: the short reference of its subject, and its Message-ID."""

from __future__ import annotations

import hashlib
import secrets

ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"  # nothing that reads like another; as in classify/mail_signs.py


def new_reference() -> str:
    """Six characters that can be typed from paper; from the system's randomness, so they reveal no order."""
    drawn = secrets.randbits(6 * 5)  # asking the system once is a fifth of asking six times
    return "".join(ALPHABET[drawn >> place & 31] for place in range(0, 30, 5))


def message_id_of(key: str, domain: str) -> str:
    """The Message-ID of a letter: the same for the same key, so that a second try is the same mail."""
    return f"<{hashlib.sha256(key.encode('utf-8', 'replace')).hexdigest()[:24]}.intake@{domain}>"
