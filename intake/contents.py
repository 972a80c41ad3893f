"""All that one mail says: what a child gives back, and what deciding begins with."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from intake.answers import Form, Fragment
from intake.instructing.model import NOTHING, Instruction
from intake.mail import Address
from intake.verdict import Signs, Verdict


@dataclass(frozen=True, slots=True)
class FileFault:
    """A file that could not be read: a code of the contract and one Chinese sentence with the remedy."""

    source: str
    code: str
    sentence: str


@dataclass(frozen=True, slots=True)
class FileSeen:
    """A file of a mail; `opening` are the first characters of a document that could be read."""

    name: str
    format: str
    size: int
    opening: str = ""


@dataclass(frozen=True, slots=True)
class Bounce:
    """What a delivery failure says (RFC 3464). `original_id` is the Message-ID of our letter, or "".

    `of_letter`: the letter itself was refused (taken for spam, too large, our server on a list), which
    says nothing against the address.
    """

    original_id: str = ""
    recipients: tuple[str, ...] = ()
    permanent: bool = False
    diagnostic: str = ""
    of_letter: bool = False


@dataclass(frozen=True, slots=True)
class Reading:
    """All that one mail says: the result of the child process, and the input of deciding.

    `fingerprint` is a hex SHA-256 over sender, decoded body and attachments' contents: the same
    for a resend with another Message-ID.
    """

    message_id: str
    sender: Address
    reply_to: tuple[Address, ...]
    subject: str
    answers_to: tuple[str, ...]  # Message-IDs of In-Reply-To and References
    top_received: datetime | None
    fingerprint: str
    signs: Signs
    verdict: Verdict
    forms: tuple[Form, ...] = ()
    faults: tuple[FileFault, ...] = ()
    files: tuple[FileSeen, ...] = ()
    bounce: Bounce | None = None
    excerpt: str = ""  # the first 500 characters newly written, for a person
    fragments: tuple[Fragment, ...] = ()  # one a definition at most; only in a reply that holds no form
    instruction: Instruction = NOTHING  # what it would tell the daemon, if it came from the secretariat
