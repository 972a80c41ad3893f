"""Reminds invited units that have given no sign of life, in rounds before the deadline.

Promises: a round's letters are written once, each under a key of its round and unit, before any is
sent; none is written or sent unless every folder was fetched to its end within 15 minutes and every
mail in them is read; at its claim each is looked at again in that very transaction. Sends nothing.
Source: part 8, Reminders.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache

import structlog
from sqlalchemy import Connection

from intake.beijing import BEIJING
from intake.campaign import Campaign
from intake.outcome import LetterDraft
from intake.rounds import Round, RoundRules, due_round, is_quiet, rounds
from intake.workdays import Calendar
from scheduler.clock import Clock
from storage import dead_addresses, extensions, handwritten, reminders, signs
from storage.extensions import Deadlines
from storage.letter_row import LetterRow
from storage.register import Register
from storage.reminders import KIND, Invited

log = structlog.get_logger()
FETCHED_WITHIN = timedelta(minutes=15)
AT_ONCE = 500  # letters written in one transaction
BY_HAND = "秘书处近日已人工去信"
LOOK_AGAIN = timedelta(minutes=5)  # a reminder that waits for the mailbox


@dataclass(frozen=True, slots=True)
class Plan:
    """A campaign and the rounds it reminds in."""

    campaign: Campaign
    rules: RoundRules


@dataclass(frozen=True, slots=True)
class Desk:
    """What reminding must know of the office: the account that is read, the domain of the sender's address,
    the calendar, and who never gets an automatic letter."""

    account: str
    domain: str
    calendar: Calendar
    is_protected: Callable[[str], bool]


class Reminding:
    def __init__(self, register: Register, plans: Sequence[Plan], desk: Desk, clock: Clock) -> None:
        self._register, self._desk, self._clock = register, desk, clock
        self._plans = {plan.campaign.id: plan for plan in plans}

    def queue(self) -> int:
        """Write the letters of every round that is due and not written yet; gives how many."""
        now = self._clock.now()
        return sum(self._queue(plan, now) for plan in self._plans.values() if _is_open(plan.campaign, now))

    def recheck(self, tx: Connection, letter: LetterRow, now: datetime) -> str:
        """Why a reminder is not to be sent any more, "" where it is; asked in the transaction that claims it."""
        plan = self._plans.get(letter.campaign)
        if letter.kind != KIND or plan is None or letter.unit_id is None:
            return ""
        deadline = self._deadlines(tx, plan, [letter.unit_id]).of(letter.unit_id)
        if now > deadline:
            return "截止时间已过"
        if letter.facts.get("deadline") != _written(deadline):
            return "截止时间已变更，改按新的期限提醒"
        found = reminders.invited(tx, letter.campaign, [letter.unit_id])
        if not found:
            return "该单位已不在名册中，或其通知未送达"
        return self._changed(tx, plan, found[0], letter) or self._by_hand(tx, plan, letter.unit_id, now)

    def not_before(self, tx: Connection, letter: LetterRow, now: datetime) -> datetime | None:
        """When to look again at a reminder that waits for the mailbox to be read; None for one that may go."""
        waits = letter.kind == KIND and signs.unread(tx, self._desk.account, now - FETCHED_WITHIN)
        return now + LOOK_AGAIN if waits else None

    # ---- writing a round ------------------------------------------------------------------------

    def _queue(self, plan: Plan, now: datetime) -> int:
        with self._register.reading() as tx:
            due = self._due(tx, plan, now)
            if not due:
                return 0
            if waits := signs.unread(tx, self._desk.account, now - FETCHED_WITHIN):
                log.info("reminders wait", campaign=plan.campaign.id, reason=waits)
                return 0
            silent = self._silent(tx, plan)
            chosen = {one: list(self._of_round(tx, plan, deadline, one, silent)) for deadline, one in due}
        return sum(self._write(plan, one, who, now) for one, who in chosen.items())

    def _due(self, tx: Connection, plan: Plan, now: datetime) -> list[tuple[datetime, Round]]:
        """The deadlines that stand, each with its round that is due and not written."""
        standing = self._deadlines(tx, plan)
        every = sorted({standing.general, *map(standing.of, standing.of_unit)})
        planned = ((deadline, rounds(plan.rules, deadline, self._desk.calendar)) for deadline in every)
        due = ((deadline, due_round(of_it, deadline, now)) for deadline, of_it in planned)
        return [
            (deadline, one)
            for deadline, one in due
            if one is not None and not reminders.is_done(tx, plan.campaign.id, one.name)
        ]

    def _silent(self, tx: Connection, plan: Plan) -> list[Invited]:
        """Invited units that may be written to and have given no sign of life."""
        dead = {one.address for one in dead_addresses.all_dead(tx)}
        people = [one for one in reminders.invited(tx, plan.campaign.id) if not self._unwelcome(one, dead)]
        alive = signs.of_units(tx, plan.campaign.id, [one.someone for one in people], plan.campaign.opens)
        return [one for one in people if one.unit_id not in alive]

    def _of_round(
        self, tx: Connection, plan: Plan, deadline: datetime, one: Round, silent: Sequence[Invited]
    ) -> Iterator[tuple[int, LetterDraft]]:
        """The letters of a round: to the units with that deadline whose notice is old enough."""
        standing = self._deadlines(tx, plan)
        by_hand = handwritten.newest(tx)
        is_quiet_since = cache(lambda notice_at: is_quiet(notice_at, one.at, plan.rules, self._desk.calendar))
        for unit in silent:
            written_at = by_hand.get(unit.unit_id)
            quiet = is_quiet_since(unit.notice_at or plan.campaign.opens) or (written_at and is_quiet_since(written_at))
            if standing.of(unit.unit_id) == deadline and not quiet:
                yield unit.unit_id, _draft(plan.campaign.id, unit, one, deadline)

    def _write(self, plan: Plan, one: Round, drafts: Sequence[tuple[int, LetterDraft]], now: datetime) -> int:
        """Some letters a transaction; the round is finished with the last. Stopped between, it is begun anew."""
        written = 0
        for first in range(0, max(len(drafts), 1), AT_ONCE):
            with self._register.writing() as tx:
                some = drafts[first : first + AT_ONCE]
                written += reminders.write(tx, some, now=now, domain=self._desk.domain)
                if first + AT_ONCE >= len(drafts):
                    reminders.finish(tx, plan.campaign.id, one.name, one.at, now, written)
        log.info("reminders written", campaign=plan.campaign.id, round=one.name, letters=written)
        return written

    # ---- looking again --------------------------------------------------------------------------

    def _changed(self, tx: Connection, plan: Plan, unit: Invited, letter: LetterRow) -> str:
        if reason := self._unwelcome(unit, dead_addresses.among(tx, [unit.address])):
            return reason
        if unit.address != letter.recipient:
            return "名册中的电子邮箱已更改"
        alive = signs.of_units(tx, letter.campaign, [unit.someone], plan.campaign.opens, letter.created_at)
        return alive.get(unit.unit_id, "")

    def _by_hand(self, tx: Connection, plan: Plan, unit_id: int, now: datetime) -> str:
        """Whether a person wrote to the unit so lately that it is left in peace, as after its notice."""
        written_at = handwritten.newest(tx, [unit_id]).get(unit_id)
        quiet = written_at is not None and is_quiet(written_at, now, plan.rules, self._desk.calendar)
        return BY_HAND if quiet else ""

    def _unwelcome(self, unit: Invited, dead: Collection[str]) -> str:
        """Why a unit gets no reminder whatever it did, or ""."""
        if not unit.address:
            return "名册中没有电子邮箱"
        if unit.mode != "auto":
            return "名册中该单位的方式为仅人工或勿扰"
        if self._desk.is_protected(unit.address):
            return "该地址不自动发信"
        return "此前发往该地址的信函被退回" if unit.address in dead else ""

    def _deadlines(self, tx: Connection, plan: Plan, of: Sequence[int] | None = None) -> Deadlines:
        return extensions.deadlines(tx, plan.campaign.id, plan.campaign.deadline, of)


def _is_open(campaign: Campaign, now: datetime) -> bool:
    return campaign.opens <= now <= campaign.letters_until


def _written(deadline: datetime) -> str:
    """A deadline as the facts of a letter hold it."""
    return deadline.astimezone(BEIJING).isoformat()


def _draft(campaign: str, unit: Invited, one: Round, deadline: datetime) -> LetterDraft:
    facts = {"units": [{"unit": unit.name}], "salutation": unit.salutation, "deadline": _written(deadline)}
    return LetterDraft(
        key=f"{campaign}/{unit.unit_id}/{KIND}/{one.name}",
        kind="reminder",
        campaign=campaign,
        recipient=unit.address,
        facts=facts,
        attach_form=True,
    )
