"""What the receiving server found out about a mail's sender (RFC 8601). Pure.

Only the topmost Authentication-Results is looked at, and only where it stands above the topmost Received or
next to it: whatever lies below could have been written by the sender. Providers that say nothing prove nothing,
which is why a decision needs its token in any case.
"""

from __future__ import annotations

import re

from intake.mail import Message

_RESULT = re.compile(r"\b(dmarc|spf|dkim)\s*=\s*(\w+)", re.IGNORECASE)
_COMMENT = re.compile(r"\([^()]*\)")
_FIELD = "authentication-results"


def is_forged(message: Message) -> bool:
    """Whether the server says so: DMARC failed; or SPF failed, and no signature holds."""
    results = _results(message)
    if dmarc := results.get("dmarc"):
        return "fail" in dmarc and "pass" not in dmarc
    return "fail" in results.get("spf", ()) and "pass" not in results.get("dkim", ())


def _results(message: Message) -> dict[str, set[str]]:
    names = [name for name, _ in message.headers]
    if _FIELD not in names or names[: names.index(_FIELD)].count("received") > 1:
        return {}
    found: dict[str, set[str]] = {}
    for method, result in _RESULT.findall(_COMMENT.sub(" ", message.header(_FIELD))):
        found.setdefault(method.lower(), set()).add(result.lower())
    return found
