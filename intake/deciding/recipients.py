"""To whom an answer to a mail may go: the address that wrote, seldom its Reply-To, never a machine.

Addresses inside a form are data and never reach this part. Pure.
"""

from __future__ import annotations

import re

from intake.contents import Reading
from intake.known import Known
from intake.providers import is_public_domain

MACHINES = re.compile(
    r"(?:^|[-_.+])(?:(?:do[-_.]?not|no)[-_.]?reply|mailer[-_.]?daemon|mdaemon|mail[-_.]?delivery(?:[-_.]?(?:sub)?system)?|"
    r"post[-_.]?master|bounces?|null|nobody|"
    r"auto[-_.]?(?:reply|confirm|responder))(?:$|[-_.+=0-9])|"
    r"^owner-|-(?:owner|request|relay|errors)$|^(?:listserv|majordomo|mailman|sympa|ezmlm)(?:$|[-_.+=])"
)
_ADDRESS = re.compile(r"^[^@\s<>,;]+@[^@\s<>,;]+$")


def recipient(reading: Reading, known: Known) -> str:
    """The address that an automatic letter may go to, in lower case; "" where none may.

    Reply-To counts if it stands on the sender unit's roster row, or lies in the sender's own
    domain and that domain is no public mail domain, where a neighbour is a stranger. Protected
    addresses get no automatic letter.
    """
    if known.protected:
        return ""
    sender = reading.sender.email.lower()
    allowed = (address.email.lower() for address in reading.reply_to if _may_answer_for(address.email, sender, known))
    return next(filter(is_person, (*allowed, sender)), "")


def is_person(address: str) -> bool:
    """Whether somebody may read what is sent there: well formed, no noreply, mail system or list (RFC 5230, 4.6)."""
    local = address.partition("@")[0].lower()
    return bool(_ADDRESS.match(address)) and not MACHINES.search(local)


def _may_answer_for(address: str, sender: str, known: Known) -> bool:
    if address.lower() in {listed.lower() for listed in known.reply_to_on_roster}:
        return True
    domain = _domain(address)
    return bool(domain) and domain == _domain(sender) and not is_public_domain(domain)


def _domain(address: str) -> str:
    return address.rpartition("@")[2].lower() if "@" in address else ""
