"""Letters to units that a person approves before they leave: composed, put before the approver, and asked about.

Runs before each delivery, whose claim takes no letter that needs approval and has none. Promises: what was approved
leaves with exactly the bytes that were shown; a letter whose content is out of date is shown anew, or taken back if
nobody wants it any more; the letters that wait are asked about together. Each step is one transaction and may be
stopped at any instant. Never sends; letters to the secretariat itself are never held.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import groupby
from typing import Any

import structlog
from sqlalchemy import Connection

from intake.errors import BrokenTemplate
from intake.office_words import LETTERS
from outbox import merging
from outbox.approval import Approval
from outbox.claiming import Claiming
from outbox.compose import Letters
from outbox.limits import TO_SECRETARIAT, Limits
from outbox.terms import Hooks, Report
from scheduler.approval_letter import Asking
from scheduler.clock import Clock
from storage import approvals, letters, notes
from storage.approvals import Shown
from storage.letter_row import LetterRow
from storage.register import Register

log = structlog.get_logger()
MOST_SHOWN = 30  # letters before a person at a time: more would fit no mail
TOGETHER = timedelta(minutes=10)  # letters that come one by one are asked about no oftener
LOOK_AGAIN = timedelta(minutes=10)  # at what is before a person
ASKED_AT = "approval asked at"


@dataclass(slots=True)
class Approving:
    """`policy` which letters need approval; `hooks` those of the delivery; `asking` writes the request."""

    register: Register
    policy: Approval
    composer: Letters
    hooks: Hooks
    asking: Asking
    clock: Clock
    _looked_at: datetime | None = None
    _free: set[tuple[str, str]] = field(default_factory=set)  # campaign and kind of which enough were approved

    def prepare(self) -> list[str]:
        """Put due letters before the approver and ask; gives sentences on templates that are broken."""
        now, report = self.clock.now(), Report()
        self._free.clear()
        self._end_what_is_settled(now)
        self._show_outdated_again(now)
        with self.register.reading() as tx:
            kinds = approvals.kinds_due(tx, now, TO_SECRETARIAT)
            free, needed = self._parted(tx, kinds)
        if free or needed:
            self._take(free, needed, now, report)
        if self.policy.is_asked:
            self._show_anew(now, report)
        report.broken += self._ask(now)
        return report.broken

    def is_unapproved(self, tx: Connection, letter: LetterRow, now: datetime) -> bool:
        """Whether a letter may not be claimed yet."""
        if letter.kind in TO_SECRETARIAT or letter.tries or letter.facts.get("test"):
            return False
        if letter.raw is not None and approvals.approved_as_of(tx, letter.id):
            return self._is_outdated(tx, letter, now)
        kind = (letter.campaign, letter.kind)
        if kind not in self._free and not self.policy.is_needed(approvals.approved(tx)[kind]):
            self._free.add(kind)
        return kind not in self._free

    # ---- which ------------------------------------------------------------------------------

    def _parted(
        self, tx: Connection, kinds: Sequence[tuple[str, str]]
    ) -> tuple[list[tuple[str, str]], list[tuple[str, str]]]:
        """Kinds that wait behind and need not, and kinds of which letters are to be shown or held."""
        if not kinds:
            return [], []
        approved, waiting = approvals.approved(tx), approvals.behind(tx)
        needed = [kind for kind in kinds if self.policy.is_needed(approved[kind])]
        return [kind for kind in waiting if kind not in needed], needed

    def _take(
        self, free: Sequence[tuple[str, str]], needed: Sequence[tuple[str, str]], now: datetime, report: Report
    ) -> None:
        with self.register.writing() as tx:
            for campaign, kind in free:
                approvals.release_rest(tx, campaign, kind, but_seen=self.policy.is_asked)
        with self.register.reading() as tx:
            shown, approved = approvals.shown(tx), approvals.approved(tx)
        claiming = Claiming(self.composer, Limits(), self.hooks, report, chosen=True)
        counts = Counter((one.letter.campaign, one.letter.kind) for one in shown)
        room = MOST_SHOWN - len(shown)
        for each in needed:
            of_kind = self.policy.room(approved[each], counts[each])
            most = max(0, room if of_kind is None else min(room, of_kind))
            room -= self._show(claiming, each, most, now)
            with self.register.writing() as tx:
                approvals.hold_rest(tx, *each, now)

    def _show(self, claiming: Claiming, kind: tuple[str, str], most: int, now: datetime) -> int:
        """Put up to so many letters of a kind before the approver, each in a transaction of its own."""
        number = 0
        while number < most:
            with self.register.writing() as tx:
                rows = [row for row in approvals.due(tx, *kind, now, 1) if row.id not in claiming.handled]
                if not rows:
                    break
                claiming.handled.add(rows[0].id)
                number += self._show_one(tx, claiming, rows[0], now)
        return number

    def _show_anew(self, now: datetime, report: Report) -> None:
        """Put before the approver what they have seen otherwise, though enough of its kind were approved."""
        claiming = Claiming(self.composer, Limits(), self.hooks, report, chosen=True)
        with self.register.reading() as tx:
            room = MOST_SHOWN - len(approvals.shown(tx)) if approvals.outdated(tx, now) else 0
        while room > 0:
            with self.register.writing() as tx:
                rows = [row for row in approvals.outdated(tx, now) if row.id not in claiming.handled]
                if not rows:
                    return
                claiming.handled.add(rows[0].id)
                room -= self._show_one(tx, claiming, rows[0], now)

    def _show_one(self, tx: Connection, claiming: Claiming, letter: LetterRow, now: datetime) -> bool:
        if claiming.withdrawn(tx, letter, now):
            return False
        others = [row for row in approvals.joining(tx, letter) if row.next_at <= now and merging.join(letter, row)]
        written = claiming.write(tx, letter, others[: merging.MOST_TOGETHER - 1], now)
        if written is None:
            return False
        if written.siblings:
            claiming.merge(tx, written.siblings, letter, now)
        sentence = f"发给{letter.recipient}的{LETTERS.get(letter.kind, letter.kind)}：{written.composed.subject}"
        approvals.show(tx, letter, written.composed.subject, written.composed.raw, sentence, now)
        if written.siblings:  # one of them may have been before the approver by itself
            approvals.end_settled(tx, now)
        return True

    # ---- what is out of date ----------------------------------------------------------------

    def _end_what_is_settled(self, now: datetime) -> None:
        """Items whose letter is wanted no more; looked for at once, and behind what decides so now and then."""
        if self._looked_at is None or now - self._looked_at >= LOOK_AGAIN:
            self._looked_at = now
            self._withdraw_unwanted(now)
        with self.register.reading() as tx:
            settled = approvals.has_settled(tx)
        if settled:
            with self.register.writing() as tx:
                approvals.end_settled(tx, now)

    def _withdraw_unwanted(self, now: datetime) -> None:
        with self.register.reading() as tx:
            reasons = {one.letter.id: self.hooks.recheck(tx, one.letter, now) for one in approvals.shown(tx)}
        if any(reasons.values()):
            with self.register.writing() as tx:
                for letter_id, reason in reasons.items():
                    letters.withdraw(tx, [letter_id] if reason else [], now, reason)

    def _show_outdated_again(self, now: datetime) -> None:
        """Approved letters that would say something else by now: they are composed and shown anew."""
        with self.register.reading() as tx:
            old = [row for row in approvals.approved_unsent(tx, now) if self._is_outdated(tx, row, now)]
        if old:
            with self.register.writing() as tx:
                for letter in old:
                    approvals.show_again(tx, letter.id)

    def _is_outdated(self, tx: Connection, letter: LetterRow, now: datetime) -> bool:
        """Whether it would say something else by now, more than a later date, or a date that it names has passed."""
        facts, deadline = self.hooks.renew(tx, letter, now), self.hooks.deadline(tx, letter)
        as_of = approvals.approved_as_of(tx, letter.id) or now
        if deadline is not None and as_of <= deadline < now:
            return True
        changed = facts is not None and _without_dates(facts) != _without_dates(letter.facts)
        return changed or any(as_of <= date < now for date in _dates(letter.facts))

    # ---- the request ------------------------------------------------------------------------

    def _ask(self, now: datetime) -> list[str]:
        """Write to the approver about all that was not asked about yet."""
        with self.register.reading() as tx:
            shown, last = approvals.shown(tx), notes.read(tx, ASKED_AT)
        new = [one for one in shown if not one.requests]
        undecided = len(new) < len(shown)
        if not new or (undecided and last and now - datetime.fromisoformat(last) < TOGETHER):
            return []
        try:
            with self.register.writing() as tx:
                self._write(tx, new, now)
        except BrokenTemplate as fault:
            return [fault.sentence]
        log.info("approval asked", letters=len(new))
        return []

    def _write(self, tx: Connection, new: Sequence[Shown], now: datetime) -> None:
        by_campaign: Callable[[Shown], str] = lambda one: one.letter.campaign  # noqa: E731
        rest = approvals.behind(tx)
        for campaign, group in groupby(sorted(new, key=by_campaign), key=by_campaign):
            items = list(group)
            more = sum(number for (of, _), number in rest.items() if of == campaign)
            requests = self.asking.write(tx, campaign, items, more, now)
            approvals.asked(tx, [one.held_id for one in items], requests)
        notes.write(tx, ASKED_AT, now.isoformat())


def _without_dates(facts: Any) -> Any:
    if isinstance(facts, Mapping):
        return {key: _without_dates(value) for key, value in facts.items() if key not in ("due", "overdue")}
    return [*map(_without_dates, facts)] if isinstance(facts, list | tuple) else facts


def _dates(facts: Any) -> Iterator[datetime]:
    """The due dates that facts name."""
    if isinstance(facts, Mapping):
        if isinstance(facts.get("due"), str):
            yield datetime.fromisoformat(facts["due"])
        facts = [*facts.values()]
    for value in facts if isinstance(facts, list | tuple) else ():
        yield from _dates(value)
