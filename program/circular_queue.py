"""A circular from the roster to the queue: proposed, planned, and then queued letter by letter.

Promises: what is proposed changes nothing; queueing may stop at any instant and be run again, and no unit gets two
letters. What its letters look like, and whether they may go, `circular_letters` knows.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from intake.errors import WrongUsage

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from intake.outcome import LetterDraft
    from intake.rounds import RoundRules
    from outbox.circular import Chosen
    from outbox.circular_plan import Plan
    from outbox.circular_section import CircularSection
    from outbox.compose import Letters
    from program.campaign_folders import LoadedCampaign
    from program.settings import Settings
    from scheduler.handling import Rules
    from storage.audits import Person
    from storage.circulars import Listed, Standing
    from storage.register import Register
    from storage.roster_changes import Changes
    from storage.rosters import Sheet

CHUNK = 50  # letters queued in one transaction


@dataclass(frozen=True, slots=True)
class Desk:
    """One campaign and what its notice needs, as of a moment."""

    settings: Settings
    loaded: LoadedCampaign
    section: CircularSection
    composer: Letters
    rules: Rules
    rounds: RoundRules
    now: datetime

    @property
    def campaign(self) -> str:
        return self.loaded.campaign.id


@dataclass(frozen=True, slots=True)
class Proposal:
    """What sending would do; `changes` and `troubles` are those of the roster that would be loaded first."""

    chosen: Chosen
    mails: tuple[tuple[LetterDraft, ...], ...]
    plan: Plan
    standing: Standing
    changes: Changes | None
    troubles: tuple[str, ...]


def desk_of(settings: Settings, name: str, now: datetime) -> Desk:
    """Raises WrongUsage for a notice that there is not, WrongConfiguration, BrokenTemplate."""
    from outbox.circular import NOTICE
    from program import campaign_folders, parts

    if name != NOTICE:
        raise WrongUsage(name, sentence=f"没有名为“{name}”的通知，可用：{NOTICE}。")
    loaded = campaign_folders.load_campaigns(settings.campaign)
    return Desk(
        settings,
        loaded[0],
        campaign_folders.circular_of(loaded[0]),
        campaign_folders.letters_of(settings, loaded),
        parts.rules_of(settings, tuple(each.campaign for each in loaded)),
        campaign_folders.rounds_of(loaded[0]),
        now,
    )


def propose(register: Register, desk: Desk, sheet: Sheet | None) -> Proposal:
    """What would be sent, with the roster of a sheet as if it were loaded; changes nothing."""
    from outbox import circular
    from storage import circulars, roster_changes, rosters, sendings

    with _trial(register) as tx:
        changes = roster_changes.compare(tx, sheet) if sheet else None
        troubles = rosters.load(tx, sheet, desk.now).troubles if sheet else ()
        circulars.withdraw_moved(tx, desk.campaign, desk.now)
        chosen = _chosen(tx, desk)
        standing = circulars.standing(tx, desk.campaign)
        lately = sendings.sent_counts(tx, "", desk.now).day
    mails = tuple(circular.mails(chosen.letters))
    return Proposal(chosen, mails, _planned(desk, chosen, mails, standing, lately), standing, changes, troubles)


def queue(register: Register, desk: Desk, sheet: Sheet | None, who: Person, step: Callable[[int, int], None]) -> int:
    """Load the roster and queue one letter a unit and address, by a person's word, which is noted before the first;
    `step(done, all)` hears how far it is.
    """
    from scheduler import desk_acts
    from storage import circulars

    with register.writing() as tx:
        if sheet:
            desk_acts.load_roster(tx, sheet, who, desk.now)
        circulars.withdraw_moved(tx, desk.campaign, desk.now)
        chosen = _chosen(tx, desk)
        drafts = chosen.letters
        if drafts:
            desk_acts.queue_notice(tx, desk.campaign, len(drafts), chosen.units, who, desk.now)
    written = 0
    for first in range(0, len(drafts), CHUNK):
        with register.writing() as tx:
            some = drafts[first : first + CHUNK]
            written += circulars.queue(tx, some, now=desk.now, domain=desk.rules.domain)
        step(min(first + CHUNK, len(drafts)), len(drafts))
    return written


def progress(register: Register, desk: Desk) -> tuple[Standing, Plan]:
    """What became of the notice so far, and how what is queued of it goes on."""
    from outbox.circular import Chosen
    from storage import circulars, sendings

    with register.reading() as tx:
        standing = circulars.standing(tx, desk.campaign)
        lately = sendings.sent_counts(tx, "", desk.now).day
    return standing, _planned(desk, Chosen(), (), standing, lately)


class _NothingKept(Exception):
    """Ends a trial: the transaction is rolled back."""


@contextmanager
def _trial(register: Register) -> Iterator[Connection]:
    """A transaction of which nothing stays."""
    try:
        with register.writing() as tx:
            yield tx
            raise _NothingKept
    except _NothingKept:
        return


def _chosen(tx: Connection, desk: Desk) -> Chosen:
    from outbox import circular
    from program import parts
    from storage import circulars

    listed: list[Listed] = circulars.listed(tx, desk.campaign)
    return circular.choose(listed, desk.campaign, desk.section, parts.protection(desk.rules, desk.now))


def _planned(
    desk: Desk, chosen: Chosen, mails: Sequence[tuple[LetterDraft, ...]], standing: Standing, lately: int
) -> Plan:
    from intake.rounds import rounds
    from outbox import circular_plan
    from outbox.limits import Limits

    deadline, calendar = desk.loaded.campaign.deadline, desk.rules.calendar
    written_to = sum(standing.units[state] for state in ("waiting", "deferred", "sending", "sent", "doubt"))
    task = circular_plan.Task(
        notices=len(mails) + standing.waiting,
        units=chosen.units + written_to,
        deadline=deadline,
        rounds=rounds(desk.rounds, deadline, calendar),
        rules=desk.rounds,
        answer_share=desk.section.answer_share,
        sent_lately=lately,
        notified=standing.sent_on,
    )
    limits = Limits(**desk.settings.limits.model_dump())
    return circular_plan.plan(task, limits, desk.section.hours, calendar, desk.now)
