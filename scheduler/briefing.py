"""Writes to the secretariat at its hours: digest, leaders' version, closing report, worklist.

Promises: one of each a slot and recipient, whatever happens; moments that were missed collapse into the next letter,
which says from when to when. A letter is rendered when it is written, outside any transaction that writes, and its
row holds the exact bytes from then on. A broken template silences no digest. Sends nothing.
Source: part 8; docs/decisions/digest.md says why.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import structlog
from sqlalchemy import Connection

from intake import slots
from intake.beijing import BEIJING
from intake.campaign import Campaign
from intake.errors import BrokenTemplate
from intake.slots import Hours
from intake.workdays import Calendar
from outbox.compose import Composed, Letters
from outbox.limits import Limits
from scheduler.clock import Clock
from storage import briefed, briefing, extensions, signs
from storage.briefed import REACHED, Draft, Told
from storage.cutouts import CutOuts
from storage.letter_row import LetterRow
from storage.register import Register

if TYPE_CHECKING:
    from outbox.digest import Paper, Written
    from scheduler.briefing_drafts import Unwritten

log = structlog.get_logger()
AGAIN = timedelta(minutes=15)  # until a leaders' version whose template is broken is tried again
PREVIEW = "PREVIEW"


@dataclass(frozen=True, slots=True)
class Plan:
    """A campaign, the hours at which it is reported on, and what its follow-ups are called."""

    campaign: Campaign
    hours: Hours
    label: Callable[[str], str]


@dataclass(frozen=True, slots=True)
class Desk:
    """Who is written to, and what of the office a digest tells. `account` is the mailbox that is read."""

    to: tuple[str, ...]
    leaders: tuple[str, ...]
    account: str
    domain: str
    calendar: Calendar
    limits: Limits


@dataclass(frozen=True, slots=True)
class Due:
    """A letter to write now: to whom, under which slot, and what it tells."""

    paper: Paper
    slot: str
    begin: datetime
    recipients: tuple[str, ...]
    closing: bool = False
    missed: int = 0


class Briefings:
    """`letters` fills in the templates, `cutouts` holds the pictures of answers that could not be read.

    `broken` tries all templates before a letter is written that can tell of them; a sentence each.
    """

    def __init__(
        self, register: Register, plans: Sequence[Plan], desk: Desk, letters: Letters, cutouts: CutOuts, clock: Clock,
        broken: Callable[[], Sequence[str]] = tuple,
    ) -> None:  # fmt: skip
        self._register, self._plans, self._desk = register, tuple(plans), desk
        self._letters, self._cutouts, self._clock = letters, cutouts, clock
        self._broken = broken
        self._leaders_again_at: dict[str, datetime] = {}  # by campaign: its template is broken

    def brief(self, broken: Sequence[str] = ()) -> list[str]:
        """Write what is due; `broken` are more sentences on templates to tell of. Gives those on its own.

        A digest or worklist whose template is broken goes without it; the leaders' version waits.
        """
        now = self._clock.now()
        if not (self._desk.to or self._desk.leaders):
            return []
        return [fault for plan in self._plans for fault in self._brief(plan, broken, now)]

    def preview(self, paper: Paper, campaign: str, *, closing: bool = False) -> Composed:
        """What would go now, to the first of the list; writes nothing."""
        from outbox import digest

        now, (plan,) = self._clock.now(), [plan for plan in self._plans if plan.campaign.id == campaign]
        to = next(iter(self._desk.leaders if paper == "leaders" else self._desk.to), "sample@example.com")
        with self._register.reading() as tx:
            papers = ("digest", "worklist") if paper == "worklist" else (paper,)
            begin = _reached(briefed.told(tx, campaign, to, papers)) or plan.campaign.opens
        due = Due(paper, "", begin, (to,), closing)
        written = self._draft(plan, due, now, (), with_codes=False).written(self._letters)
        message_id = f"<preview.{paper}@{self._desk.domain}>"
        return digest.address(
            self._letters, written, campaign, recipient=to, message_id=message_id, reference=PREVIEW, now=now
        )

    # ---- what is due --------------------------------------------------------------------------

    def _brief(self, plan: Plan, broken: Sequence[str], now: datetime) -> Iterator[str]:
        """Write what is due of one campaign; gives a sentence for each broken template."""
        if not plan.campaign.opens <= now <= plan.campaign.letters_until:
            return
        with self._register.reading() as tx:
            due = [one for one in self._due(tx, plan, now) if not self._waits(plan, one, now)]
        told = tuple(dict.fromkeys((*self._broken(), *broken))) if due else ()
        for one in due:
            draft = self._draft(plan, one, now, told)
            try:
                self._keep(plan.campaign.id, one, draft.written(self._letters), now)
            except BrokenTemplate as fault:
                yield fault.sentence
                if one.paper == "leaders":
                    self._leaders_again_at[plan.campaign.id] = now + AGAIN
                else:
                    self._keep(plan.campaign.id, one, draft.written_plainly(fault.sentence), now)

    def _waits(self, plan: Plan, due: Due, now: datetime) -> bool:
        """Whether it is a leaders' version whose template was found broken a moment ago."""
        return due.paper == "leaders" and self._leaders_again_at.get(plan.campaign.id, now) > now

    def _due(self, tx: Connection, plan: Plan, now: datetime) -> Iterator[Due]:
        """Closing reports and digests that are due; worklists for those who get no digest at this moment."""
        groups: dict[Due, list[str]] = {}
        for paper, recipients in (("digest", self._desk.to), ("leaders", self._desk.leaders)):
            for recipient in recipients:
                found = self._digest(tx, plan, paper, recipient, now)  # type: ignore[arg-type]  # both are papers
                if found is None and paper == "digest":
                    found = self._worklist(tx, plan, recipient, now)
                if found is not None:
                    groups.setdefault(found, []).append(recipient)
        for due, who in groups.items():
            yield Due(due.paper, due.slot, due.begin, tuple(who), due.closing, due.missed)

    def _digest(self, tx: Connection, plan: Plan, paper: Paper, recipient: str, now: datetime) -> Due | None:
        rows = briefed.told(tx, plan.campaign.id, recipient, (paper,))
        floor = max(plan.campaign.opens, self._register.made_at)
        deadline = _deadline(tx, plan)
        begin = _reached(rows) or plan.campaign.opens
        closed = any(row.closing and row.slot == _name(deadline) for row in rows)
        if floor < deadline < now and not closed and not signs.unread(tx, self._desk.account, deadline):
            return Due(paper, _name(deadline), begin, (), closing=True)
        slot = slots.digest_slot(plan.hours, self._desk.calendar, now)
        if slot is None or slot <= max([floor, *(row.end for row in rows)]):
            return None
        if (closed or floor >= deadline) and not briefing.has_news(tx, plan.campaign.id, begin, slot):
            return None
        missed = slots.slots_between(plan.hours, self._desk.calendar, begin, now) if _reached(rows) else 0
        return Due(paper, _name(slot), begin, (), missed=missed)

    def _worklist(self, tx: Connection, plan: Plan, recipient: str, now: datetime) -> Due | None:
        """Only where something was opened since the last letter and before the slot: one that came later waits."""
        slot = slots.worklist_slot(plan.hours, self._desk.calendar, _deadline(tx, plan), now)
        rows = briefed.told(tx, plan.campaign.id, recipient, ("digest", "worklist"))
        begin = max([plan.campaign.opens, self._register.made_at, *(row.end for row in rows)])
        if slot is None or slot <= begin or not briefing.opened_between(tx, plan.campaign.id, begin, slot):
            return None
        return Due("worklist", _name(slot), begin, ())

    # ---- writing ------------------------------------------------------------------------------

    def _draft(
        self, plan: Plan, due: Due, now: datetime, broken: tuple[str, ...], *, with_codes: bool = True
    ) -> Unwritten:
        from scheduler.briefing_drafts import Drafting  # with digests' words and the ledger: few runs write one

        drafting = Drafting(self._register, self._desk, self._cutouts, self._letters.sender)
        return drafting.draft(plan, due, now, broken, with_codes)

    def _keep(self, campaign: str, due: Due, written: Written, now: datetime) -> None:
        with self._register.writing() as tx:
            for recipient in due.recipients:
                draft = Draft(campaign, due.paper, due.slot, recipient, due.begin, now, due.closing)
                address = functools.partial(self._address, written, campaign, now)
                is_new = briefed.write(tx, draft, address, now=now, domain=self._desk.domain)
                log.info("briefing written", campaign=campaign, paper=due.paper, slot=due.slot, new=is_new)

    def _address(self, written: Written, campaign: str, now: datetime, row: LetterRow) -> tuple[str, bytes]:
        from outbox import digest

        composed = digest.address(
            self._letters, written, campaign, recipient=row.recipient, message_id=row.message_id,
            reference=row.reference, now=now,
        )  # fmt: skip
        return composed.subject, composed.raw


def _reached(rows: Sequence[Told]) -> datetime | None:
    """Up to when the recipient has been told."""
    return max((row.end for row in rows if row.state in REACHED), default=None)


def _deadline(tx: Connection, plan: Plan) -> datetime:
    return extensions.deadlines(tx, plan.campaign.id, plan.campaign.deadline, ()).general


def _name(moment: datetime) -> str:
    return moment.astimezone(BEIJING).strftime("%Y-%m-%dT%H:%M")
