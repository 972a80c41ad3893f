"""The people who run the campaigns: who they are, and the letters written to them.

A letter's key names its occasion (the mail that it answers), what it says, and its recipient: it is written once.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import quote

from sqlalchemy import Connection

from intake.kinds import LetterKind
from intake.outcome import LetterDraft
from storage import letters
from storage.mails import MailRow
from storage.tokens import Issued


@dataclass(frozen=True, slots=True)
class Secretariat:
    """`own_address` is the mailbox itself, `sender` what letters come from, `to` the list, `deputy` may be "";
    `approvers` are those of letters, if they are named.

    `domain` is the sender's, for Message-IDs.
    """

    own_address: str
    sender: str
    to: tuple[str, ...]
    deputy: str
    domain: str
    approvers: tuple[str, ...] = ()

    @property
    def addresses(self) -> frozenset[str]:
        """All from which an instruction may come."""
        return frozenset(filter(None, (self.own_address, self.sender, *self.to, self.deputy, *self.approvers)))

    def others(self, address: str) -> tuple[str, ...]:
        """The list without one of them."""
        return tuple(other for other in dict.fromkeys(self.to) if other != address)

    def mailto(self, line: str) -> str:
        """A link that begins a mail to us with this subject (RFC 6068)."""
        return f"mailto:{quote(self.own_address, safe='@.+-_')}?subject={quote(line)}"

    def answer(
        self, tx: Connection, mail: MailRow, recipient: str, template: str, facts: Mapping[str, object], now: datetime,
        *, campaign: str, about: bool = True,
    ) -> None:  # fmt: skip
        """A letter to one of them on account of a mail; `about`: it answers that mail."""
        about_id = mail.id if about else None
        self.write(tx, mail.raw_hash, recipient, template, facts, now, campaign=campaign, about_id=about_id)

    def write(
        self, tx: Connection, occasion: str, recipient: str, template: str, facts: Mapping[str, object], now: datetime,
        *, campaign: str, about_id: int | None = None, kind: LetterKind = "confirmation",
    ) -> None:  # fmt: skip
        """A letter to one of them, once an occasion."""
        draft = LetterDraft(
            key=f"{campaign}/{occasion}/{template}/{recipient}",
            kind=kind,
            campaign=campaign,
            recipient=recipient,
            facts={"template": template, "desk": dict(facts)},
        )
        letters.write(tx, draft, now=now, domain=self.domain, about_id=about_id)

    def tell_others(
        self, tx: Connection, mail: MailRow, but: str, template: str, facts: Mapping[str, object], now: datetime,
        *, campaign: str,
    ) -> None:  # fmt: skip
        """One short letter to each of the other colleagues."""
        for address in self.others(but):
            self.answer(tx, mail, address, template, facts, now, campaign=campaign, about=False)

    def lines(self, issued: Issued, words: tuple[str, ...]) -> list[dict[str, str]]:
        """The lines to copy for a held item, each with its link."""
        return [{"word": word, "line": issued.line(word), "link": self.mailto(issued.line(word))} for word in words]
