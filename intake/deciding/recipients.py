"""To whom an answer to a mail may go: the address that wrote, seldom its Reply-To, never a machine.

Addresses inside a form are data and never reach this part. Pure.
"""

from __future__ import annotations

from intake.addressees import is_person
from intake.contents import Reading
from intake.known import Known
from intake.providers import is_public_domain


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


def _may_answer_for(address: str, sender: str, known: Known) -> bool:
    if address.lower() in {listed.lower() for listed in known.reply_to_on_roster}:
        return True
    domain = _domain(address)
    return bool(domain) and domain == _domain(sender) and not is_public_domain(domain)


def _domain(address: str) -> str:
    return address.rpartition("@")[2].lower() if "@" in address else ""
