"""Claiming a letter: whether it may go now, with which others, and its exact bytes.

All of it happens in the transaction that claims. A letter that may not go is withdrawn, or postponed to
the moment when it may. Knows no network.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from types import MappingProxyType

from sqlalchemy import Connection

from intake.errors import BrokenTemplate
from outbox import limits, merging
from outbox.ahead import Ahead
from outbox.compose import Composed, Letters
from outbox.limits import Full, Limits, Wait
from outbox.terms import Hooks, Report
from storage import claims, finding_letters, gates, letters, sendings
from storage.letter_row import LetterRow

BROKEN_AGAIN = timedelta(hours=1)
CAMPAIGN_AGAIN = timedelta(minutes=15)
PAUSED_AGAIN = APPROVAL_AGAIN = timedelta(minutes=1)
NONE_SHUT: Mapping[str, str] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Written:
    """A letter with its exact bytes, and the letters that are said in it."""

    composed: Composed
    siblings: tuple[LetterRow, ...]


class Claiming:
    """The letters of one round as they are claimed.

    `handled` are those that this round need not look at any more.
    """

    def __init__(
        self,
        composer: Letters,
        caps: Limits,
        hooks: Hooks,
        report: Report,
        *,
        chosen: bool,
        shut_campaigns: Mapping[str, str] = NONE_SHUT,
    ) -> None:
        """`shut_campaigns`: why a campaign sends nothing, by the name of its gate.

        `chosen`: a person named these letters, so one that is capped says nothing of others of its kind.
        """
        self._composer, self.caps, self._hooks, self._report, self._chosen = composer, caps, hooks, report, chosen
        self._shut_campaigns = shut_campaigns
        self.handled: set[int] = set()
        self._put_off: dict[tuple[str, str], datetime] = {}  # campaign and kind: until when all of them wait
        self._stale: set[int] = set()  # letters whose facts have changed since they were composed ahead
        self._alone: frozenset[int] = frozenset()  # letters of the batch that no other can join
        self._ahead = Ahead(None)

    def begin(self, batch: Sequence[LetterRow], shared: frozenset[tuple[str, str]], now: datetime) -> None:
        """A batch in its order; `shared` are campaign and recipient of letters that others may join."""
        alone = [letter for letter in batch if (letter.campaign, letter.recipient) not in shared]
        self._alone = frozenset(letter.id for letter in alone)
        anew = [letter for letter in alone if letter.raw is None]
        self._ahead = Ahead(None if self.caps.gap_seconds else self._hooks.writers, anew, now)

    def is_put_off(self, letter: LetterRow, now: datetime) -> bool:
        """Whether it waits with all of its kind since the batch was fetched."""
        until = self._put_off.get((letter.campaign, letter.kind))
        return until is not None and until > now

    def claim(self, tx: Connection, letter: LetterRow, now: datetime) -> Composed | None:
        """Take the letter if it may go now: still wanted, within the limits, and written without a fault."""
        if self.withdrawn(tx, letter, now):
            return None
        if wait := self.wait(tx, letter, now):
            self.postpone(tx, letter, wait, now)
            return None
        written = self.write(tx, letter, self._joining(tx, letter, now), now)
        if written is None or not claims.claim(tx, letter.id, written.composed.subject, written.composed.raw, now):
            return None
        if written.siblings:
            self.merge(tx, written.siblings, letter, now)
        return written.composed

    def write(self, tx: Connection, letter: LetterRow, siblings: Sequence[LetterRow], now: datetime) -> Written | None:
        """The letter as it would leave now, said together with those of the others that are still wanted.

        None where a template is broken; the letter is tried again later.
        """
        siblings = [row for row in siblings if not self.withdrawn(tx, row, now)]
        letter, *siblings = (self._renewed(tx, row, now) for row in (letter, *siblings))
        try:
            return Written(self._bytes(letter, siblings, now), tuple(siblings))
        except BrokenTemplate as fault:
            self._broken(tx, letter, fault, now)
            return None

    def wait(self, tx: Connection, letter: LetterRow, now: datetime) -> Wait | None:
        """Until when the letter must wait; None if it may go."""
        if letter.kind not in limits.TO_SECRETARIAT:
            if reason := self._shut_campaigns.get(gates.of_campaign(letter.campaign)):
                self._report.shut = reason
                return Wait(now + CAMPAIGN_AGAIN, of_address=False)
            if self.caps.gap_seconds and gates.shut_now(tx, gates.TO_UNITS, now):  # shut since the batch was fetched
                return Wait(now + PAUSED_AGAIN, of_address=False)
            if self._hooks.unapproved(tx, letter, now):
                return Wait(now + APPROVAL_AGAIN, of_address=True)
        if until := self._hooks.not_before(tx, letter, now):
            return Wait(until, of_address=False)
        if not self.caps.counted:
            return None

        def nth_newest(full: Full) -> datetime | None:
            return sendings.nth_newest(tx, full.most, letter.recipient if full.of_address else None)

        return limits.decide(
            sendings.sent_counts(tx, letter.recipient, now), self.caps, letter.kind, now, nth_newest,
            asks=letter.priority <= letters.ASKING, deadline=self._hooks.deadline(tx, letter),
        )  # fmt: skip

    def postpone(self, tx: Connection, letter: LetterRow, wait: Wait, now: datetime) -> None:
        """A capped letter and those that will go with it wait for the same moment.

        What nobody waits for is postponed at once with all of its kind: of thousands that are due
        each would be looked at again and again while a few of them go.
        """
        for row in (letter, *self._joining(tx, letter, now)):
            letters.postpone(tx, row.id, wait.until)
            self.handled.add(row.id)
            self.count("capped", 1, row, "")
        if letter.kind in limits.SHARED and not wait.of_address and not self._chosen:
            self._report.counts["capped"] += letters.postpone_kind(tx, letter.campaign, letter.kind, wait.until)
            self._put_off[letter.campaign, letter.kind] = wait.until

    def count(self, state: str, number: int, letter: LetterRow, reply: str) -> None:
        """Add to the report, and tell of the letter's new state."""
        if number:
            self._report.counts[state] += number
            self._hooks.told(letter, state, reply)

    def withdrawn(self, tx: Connection, letter: LetterRow, now: datetime) -> bool:
        """Take a letter back that nobody wants any more."""
        reason = self._hooks.recheck(tx, letter, now)
        if reason:
            self.handled.add(letter.id)
            self.count("withdrawn", letters.withdraw(tx, [letter.id], now, reason), letter, reason)
        return bool(reason)

    def _joining(self, tx: Connection, letter: LetterRow, now: datetime) -> list[LetterRow]:
        """Letters due to the same address that can be said in this one."""
        if not merging.may_join(letter) or letter.id in self._alone:
            return []
        due = (row for row in finding_letters.siblings(tx, letter) if row.next_at <= now and merging.join(letter, row))
        found = [row for row in due if not self._hooks.unapproved(tx, row, now)]
        return found[: merging.MOST_TOGETHER - 1]

    def _renewed(self, tx: Connection, letter: LetterRow, now: datetime) -> LetterRow:
        """The letter with its facts as they are now; one that was tried keeps its bytes."""
        facts = self._hooks.renew(tx, letter, now) if letter.raw is None else None
        if facts is None or facts == letter.facts:
            return letter
        letters.set_facts(tx, letter.id, facts)
        self._stale.add(letter.id)
        return replace(letter, facts=facts)

    def _bytes(self, letter: LetterRow, siblings: list[LetterRow], now: datetime) -> Composed:
        """The bytes of the first try again, if there was one; else the letter as it is written now."""
        if letter.raw is not None:
            return Composed(letter.subject or "", letter.raw)
        ahead = self._ahead.take(letter)
        if ahead is None or letter.id in self._stale:
            return self._composer.compose(letter, now=now, extra=siblings)
        return ahead

    def merge(self, tx: Connection, siblings: Sequence[LetterRow], into: LetterRow, now: datetime) -> None:
        ids = [row.id for row in siblings]
        letters.merge(tx, ids, into.id, now)
        self.handled.update(ids)
        self._report.counts["merged"] += len(ids)

    def _broken(self, tx: Connection, letter: LetterRow, fault: BrokenTemplate, now: datetime) -> None:
        letters.postpone(tx, letter.id, now + BROKEN_AGAIN)
        if fault.sentence not in self._report.broken:
            self._report.broken.append(fault.sentence)
        self.count("broken", 1, letter, fault.detail)
