"""One mail on the table: its reading, what is known, and the campaign, as every rule of deciding needs it.

Frozen and pure; `now` comes from outside and is the only time here that is not the mail's own.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from intake.campaign import Campaign, FormSpec
from intake.classify.table import classify
from intake.contents import Reading
from intake.deciding import timing
from intake.deciding.recipients import recipient
from intake.kinds import Lateness
from intake.known import Known
from intake.raw_mail import Arrival
from intake.verdict import Verdict
from intake.workdays import Calendar

NO_LETTERS = frozenset({"staff", "bounce", "auto-reply", "list", "receipt", "recall", "own"})  # kinds never answered


@dataclass(frozen=True, slots=True)
class Incoming:
    """A mail to decide about. `message_key` makes the keys of its letters unique.

    `recipient` is where an answer may go, "" where none may.
    """

    reading: Reading
    known: Known
    campaign: Campaign
    verdict: Verdict
    now: datetime
    received_at: datetime
    internal_date: datetime
    top_received: datetime | None
    lateness: Lateness
    message_key: str
    calendar: Calendar
    recipient: str

    @classmethod
    def of(
        cls, reading: Reading, known: Known, campaign: Campaign, now: datetime, arrival: Arrival, calendar: Calendar
    ) -> Incoming:
        """The mail with its kind and whether it came in time. Raises ValueError for naive times."""
        counts, received_at = timing.lateness(arrival.internal_date, arrival.top_received, campaign.deadline)
        return cls(
            reading=reading,
            known=known,
            campaign=campaign,
            verdict=classify(reading.signs, known.ties),
            now=timing.aware(now),
            received_at=received_at,
            internal_date=arrival.internal_date,
            top_received=arrival.top_received,
            lateness=counts,
            message_key=arrival.message_key,
            calendar=calendar,
            recipient=recipient(reading, known),
        )

    def by(self, deadline: datetime | None) -> Incoming:
        """The mail as it counts for a unit that was given a later deadline (None: it was not)."""
        if deadline is None or deadline == self.campaign.deadline:
            return self
        counts, _ = timing.lateness(self.internal_date, self.top_received, deadline)
        return replace(self, campaign=self.campaign.until(deadline), lateness=counts)

    @property
    def spec(self) -> FormSpec:
        return self.campaign.form

    @property
    def sender(self) -> str:
        return self.reading.sender.email.lower()

    @property
    def may_write(self) -> bool:
        """Whether this mail may be answered at all.

        Not if its kind forbids letters or its address is protected or a machine's; not after the
        campaign's `letters_until`; and in a junk folder only a recognised form is answered.
        """
        kind = self.verdict.kind
        if kind in NO_LETTERS or self.now > self.campaign.letters_until:
            return False
        return bool(self.recipient) and (kind == "form" or not self.known.folder_is_junk)
