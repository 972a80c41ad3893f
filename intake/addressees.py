"""Whether a letter of a machine may go to an address at all (RFC 3834, 2; RFC 5230, 4.6). Pure."""

from __future__ import annotations

import re

MACHINES = re.compile(
    r"(?:^|[-_.+])(?:(?:do[-_.]?not|no)[-_.]?reply|mailer[-_.]?daemon|mdaemon|mail[-_.]?delivery(?:[-_.]?(?:sub)?system)?|"
    r"post[-_.]?master|bounces?|null|nobody|"
    r"auto[-_.]?(?:reply|confirm|responder))(?:$|[-_.+=0-9])|"
    r"^owner-|-(?:owner|request|relay|errors)$|^(?:listserv|majordomo|mailman|sympa|ezmlm)(?:$|[-_.+=])"
)
_ADDRESS = re.compile(r"^[^@\s<>,;]+@[^@\s<>,;]+$")


def is_person(address: str) -> bool:
    """Whether somebody may read what is sent there: well formed, no noreply, mail system or list (RFC 5230, 4.6)."""
    local = address.partition("@")[0].lower()
    return bool(_ADDRESS.match(address)) and not MACHINES.search(local)
