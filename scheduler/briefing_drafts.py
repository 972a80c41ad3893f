"""What a digest, leaders' version or worklist that is due will tell, gathered; and how it becomes words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from intake.beijing import BEIJING
from intake.workdays import Calendar
from outbox import digest, plain_digest
from outbox.compose import Letters
from outbox.digest import Paper, Written
from outbox.digest_words import MOST_WAITING, Frame
from storage import briefing, ledger, tokens
from storage.briefing_facts import Briefing, Waiting
from storage.cutouts import CutOuts
from storage.register import Register

if TYPE_CHECKING:
    from scheduler.briefing import Desk, Due, Plan


@dataclass(frozen=True, slots=True)
class Unwritten:
    """A letter that has everything but its words."""

    paper: Paper
    facts: Briefing
    frame: Frame
    cutouts: Mapping[int, bytes]
    ledger: bytes

    def written(self, letters: Letters) -> Written:
        """By its templates; raises BrokenTemplate."""
        return digest.write(letters, self.paper, self.facts, self.frame, cutouts=self.cutouts, ledger=self.ledger)

    def written_plainly(self, fault: str) -> Written:
        """By no template: its own is broken, of which `fault` is the sentence."""
        return plain_digest.write(self.paper, self.facts, self.frame, fault, ledger=self.ledger)


@dataclass(frozen=True, slots=True)
class Drafting:
    """Who gathers: `cutouts` holds the pictures of answers that could not be read, `sender` is our own address."""

    register: Register
    desk: Desk
    cutouts: CutOuts
    sender: str

    def draft(self, plan: Plan, due: Due, now: datetime, broken: tuple[str, ...], with_codes: bool) -> Unwritten:
        """All that the letter will tell, as it is now."""
        with self.register.reading() as tx:
            facts = briefing.read(tx, plan.campaign, due.begin, now)
            sheet = ledger.content(tx, facts.campaign, now, plan.label) if due.paper == "digest" else b""
        shown = _shown(facts, due)
        frame = Frame(
            desk=self.sender,
            codes=self._issue(shown, now) if with_codes else {},
            limits=self.desk.limits,
            labels=plan.label,
            missed=due.missed,
            closing=due.closing,
            broken=broken,
            years_unknown=_years_unknown(self.desk.calendar, now, facts.deadline),
            since=due.begin if due.paper == "worklist" else None,
        )
        cutouts = {one.row.id: self.cutouts.of(one.row.raw_hash, one.row.unit_name, one.row.key) for one in shown}
        return Unwritten(due.paper, facts, frame, cutouts, sheet)

    def _issue(self, shown: Sequence[Waiting], now: datetime) -> Mapping[int, str]:
        """A token for each item that is shown; of a letter that then is not written nobody will ever know them."""
        if not shown:
            return {}
        with self.register.writing() as tx:
            return {one.row.id: tokens.issue(tx, one.row.id, now).code for one in shown}


def _years_unknown(calendar: Calendar, now: datetime, deadline: datetime) -> tuple[int, ...]:
    """This year, that of the deadline, and in December the next one."""
    local = now.astimezone(BEIJING)
    years = {local.year, deadline.astimezone(BEIJING).year, (local + timedelta(days=31)).year}
    return tuple(year for year in sorted(years) if year >= local.year and not calendar.covers(year))


def _shown(facts: Briefing, due: Due) -> Sequence[Waiting]:
    """The held items that the letter will show."""
    if due.paper == "leaders":
        return ()
    new = [one for one in facts.waiting if due.paper != "worklist" or one.row.opened_at > due.begin]
    return new[:MOST_WAITING]
