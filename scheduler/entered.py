"""Forms that came another way: how they count, what is noted of them, and the receipt that a person asked for.

The one way, for 代录 by mail and for `intake enter`; everything in the transaction that records the mail.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from intake.answers import Form
from intake.campaign import Campaign
from intake.contents import Reading
from intake.instructing import true_time
from intake.instructing.model import Request
from intake.kinds import LetterKind
from intake.known import Earlier
from intake.outcome import LetterDraft
from storage import audits, entering, held, letters, repeats, submissions, units
from storage.entering import Entered, Entry
from storage.mails import MailRow

NO_CHANNEL = "转来"


@dataclass(frozen=True, slots=True)
class Entering:
    """`campaigns` by id; `domain` is the sender's, for Message-IDs."""

    campaigns: Mapping[str, Campaign]
    domain: str

    def of_request(self, mail: MailRow, reading: Reading, request: Request) -> Entry:
        """What a colleague's 代录 says; where no time is said that can be, the forms came with the mail."""
        came = true_time.resolve(request.when, mail.received_at) if request.when else None
        begin, end = came or (mail.received_at, mail.received_at)
        channel = request.channel or NO_CHANNEL
        return Entry(channel, begin, end, reading.sender.email.lower(), "mail", request.address)

    def finish(self, tx: Connection, mail: MailRow, reading: Reading, entry: Entry, now: datetime) -> None:
        """Note what a recorded mail brought, and write each unit's receipt where an address was named."""
        entering.note(tx, mail.id, mail.received_at, entry)
        rows, again = brought(tx, mail.id, reading, self.campaigns)
        for row in rows:
            stands = submissions.earlier(tx, row.campaign, row.unit_id)
            if not (mail.retried or again):
                self._audit(tx, mail, entry, row, stands, now)
            wanted = entry.receipt_to and may_be_told(tx, mail.id, entry, row)
            if wanted and stands and row.state == "standing" and not waits(tx, mail.id, [row]):
                self._thank(tx, mail, entry, row, stands, now)

    def _audit(
        self, tx: Connection, mail: MailRow, entry: Entry, row: Entered, stands: Earlier | None, now: datetime
    ) -> None:
        receipt = stands.receipt if stands else ""
        after = {"state": row.state, "channel": entry.channel, "came": [entry.begin.isoformat(), entry.end.isoformat()]}
        audits.note(
            tx, at=now, by=entry.by, through=entry.through, what="submission", word=f"代录 {entry.channel}",
            reference=receipt, unit_id=row.unit_id, campaign=row.campaign, message_id=mail.id,
            after=after | {"submission": row.id, "receipt_to": entry.receipt_to},
        )  # fmt: skip

    def _thank(self, tx: Connection, mail: MailRow, entry: Entry, row: Entered, stands: Earlier, now: datetime) -> None:
        """The unit's own receipt, once a mail, to the address that a person named and to no other."""
        from intake.deciding import saying  # rules and phrases, for a receipt that was asked for

        kind: LetterKind = "late" if stands.lateness == "late" else "acknowledgement"
        key = saying.letter_key(row.campaign, f"{mail.raw_hash}/entered-{row.unit_id}", kind)
        receipt(tx, key, kind, self.campaigns[row.campaign], stands, entry.receipt_to, now, domain=self.domain)


def brought(
    tx: Connection, mail_id: int, reading: Reading, campaigns: Mapping[str, Campaign]
) -> tuple[list[Entered], bool]:
    """What a recorded mail brought; where all of it was known already, what stands of that, and True."""
    if rows := entering.recorded_by(tx, mail_id):
        return rows, False
    if same := entering.standing_since(tx, repeats.same_as(tx, mail_id)):
        return same, True
    named = (
        (form.campaign, form.value(campaigns[form.campaign].form.unit_field)) for form in _ours(reading, campaigns)
    )
    found = ((campaign, units.find(tx, name)) for campaign, name in dict.fromkeys(named))
    return [row for campaign, id_ in found if id_ is not None for row in entering.standing_of(tx, campaign, id_)], True


def _ours(reading: Reading, campaigns: Mapping[str, Campaign]) -> list[Form]:
    return [form for form in reading.forms if form.campaign in campaigns]


def waits(tx: Connection, mail_id: int, rows: Sequence[Entered]) -> bool:
    """Whether a person must decide about the mail, or about the one that brought the same before."""
    return any(held.keeps_silent(tx, each) for each in {mail_id, *(row.message_id for row in rows)})


def may_be_told(tx: Connection, mail_id: int, entry: Entry, row: Entered) -> bool:
    """Whether what stands of a unit may go to the address that was named: From can be forged, and what is told then
    must be no more than the mail itself brought, unless the address is the unit's own."""
    stands = submissions.earlier(tx, row.campaign, row.unit_id)
    as_it_came = not entering.holds_more(tx, row) and not (stands and stands.decided)
    as_it_came = as_it_came and row.message_id in (mail_id, *repeats.same_as(tx, mail_id))
    if entry.through == "shell" or as_it_came:
        return True
    return entering.speaks_for(tx, row.unit_id, entry.receipt_to)


def receipt(
    tx: Connection, key: str, kind: LetterKind, campaign: Campaign, stands: Earlier, to: str, now: datetime,
    *, domain: str, changed: tuple[str, ...] = (),
) -> None:  # fmt: skip
    """What stands of a unit, to an address that a person named."""
    from intake.deciding import saying

    unit = stands.values.get(campaign.form.unit_field)
    name = submissions.unit_name(tx, stands.submission_id) or (unit.text if unit else "")
    said = saying.UnitSaid(
        name, stands.values, stands.choices, stands.lateness, receipt=stands.receipt, changed=changed
    )  # fmt: skip
    facts = {"units": [saying.unit_facts(said, campaign.form)]}
    draft = LetterDraft(key=key, kind=kind, campaign=campaign.id, recipient=to, facts=facts)
    letters.write(tx, draft, now=now, domain=domain, unit_id=stands.unit_id)
