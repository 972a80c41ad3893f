"""Follow-ups at their times: who is asked and reminded now, what goes to the secretariat, who is invited.

What is done about a follow-up is decided by intake/chasing.py and written by storage/chasing.py, a unit
a transaction. A job may be stopped at any instant and started again: a step that was written is not
taken twice. Letters say what is owed at the moment they leave.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from itertools import groupby

import structlog
from sqlalchemy import Connection

from intake import stages, standing
from intake.addressees import is_person
from intake.chasing import Pending, horizon, next_step
from intake.office_hours import next_opening
from intake.workdays import Calendar
from scheduler import asking
from scheduler.clock import Clock
from scheduler.duties import Duties, ask_materials, opened
from storage import chasing, dead_addresses, followups, handwritten, standings
from storage.chasing import Open
from storage.letter_row import LetterRow
from storage.register import Register

log = structlog.get_logger()
LOST = ("refused", "bounced")
ANSWERED = "该单位已自行答复"
NO_LONGER_OWED = "所询事项已答复或已办结"
CAME_SINCE = "该单位已来信，待人工核对"
BY_HAND = "秘书处已人工去信"
NOT_TO_BE_WRITTEN = "收件地址或联系方式已更改"


class Following:
    """`protected` says which addresses get no automatic letter; `domain` is the sender's, for Message-IDs."""

    def __init__(
        self, register: Register, duties: Sequence[Duties], calendar: Calendar, clock: Clock, *,
        domain: str, protected: Callable[[str], bool] = lambda address: False,
    ) -> None:  # fmt: skip
        self._register, self._calendar, self._clock = register, calendar, clock
        self._duties = {each.campaign.id: each for each in duties}
        self._domain, self._protected = domain, protected
        self._dead: frozenset[str] = frozenset()  # addresses that letters come back from
        self._seen: dict[str, int] = {}  # the newest change of status when a campaign was looked at
        self._about: dict[str, frozenset[int]] = {}  # the follow-ups that an open held item is about
        self._sent: dict[str, tuple[int, int]] = {}  # what had been sent when circulars were last looked at

    def follow(self) -> int:
        """Take every step whose time has come, within a campaign's office hours; gives how many units it concerned."""
        now = self._clock.now()
        self._note(now)
        at_work = [one for one in self._duties.values() if next_opening(now, one.hours, self._calendar) is None]
        return sum(self._follow_one(duties, now) for duties in at_work)

    def recheck(self, tx: Connection, letter: LetterRow, now: datetime) -> str:
        """Why a letter of this kind is not wanted any more, or ""; asked in the transaction that claims it."""
        asked = set(chasing.still_asked(tx, letter.id))
        owed = [case for case in self._owed_by(tx, letter) if case.id in asked]
        if not owed:
            return NO_LONGER_OWED
        if all(map(_came_since, owed)):
            return CAME_SINCE
        if self._written_since(tx, letter) and not chasing.is_first_question(tx, letter.id):
            return BY_HAND
        return "" if owed[0].recipient == letter.recipient and owed[0].mode == "auto" else NOT_TO_BE_WRITTEN

    def not_before(self, tx: Connection, letter: LetterRow, now: datetime) -> datetime | None:
        """A first question waits a working day where a person has just written to the unit."""
        if letter.kind != "question" or not chasing.is_first_question(tx, letter.id):
            return None
        written_at = self._written_since(tx, letter)
        until = self._calendar.later(written_at, 1) if written_at else now
        return until if until > now else None

    def _written_since(self, tx: Connection, letter: LetterRow) -> datetime | None:
        """When a person wrote to the unit after the letter was written, None where nobody did."""
        if letter.unit_id is None:
            return None
        at = handwritten.newest(tx, [letter.unit_id], alone=True).get(letter.unit_id)
        return at if at is not None and at > letter.created_at else None

    def renew(self, tx: Connection, letter: LetterRow, now: datetime) -> Mapping[str, object]:
        """The letter's facts as of now: everything the unit owes, with its dates."""
        duties = self._duties[letter.campaign]
        return asking.facts(duties, self._calendar, self._owed_by(tx, letter), now) or letter.facts

    def _owed_by(self, tx: Connection, letter: LetterRow) -> list[Open]:
        """What the unit of a letter owes now; nothing where its campaign is not served any more."""
        duties = self._duties.get(letter.campaign)
        if duties is None or letter.unit_id is None:
            return []
        return chasing.all_open(tx, letter.campaign, duties.email_field, [letter.unit_id])

    # ---- a campaign -------------------------------------------------------------------------

    def _note(self, now: datetime) -> None:
        """What follows from letters and answers: invited units, held items that nobody need look at any more."""
        for campaign in self._duties:
            with self._register.reading() as tx:
                sent = standings.trace_of_sending(tx)
                news = sent != self._sent.get(campaign) and standings.has_notified(tx, campaign)
                latest = standings.latest_step(tx)
            if news or latest != self._seen.get(campaign, 0):
                with self._register.writing() as tx:
                    standings.follow_circulars(tx, campaign, now)
                    self._ask_newcomers(tx, campaign, now)
                self._seen[campaign] = latest
            self._sent[campaign] = sent
        with self._register.reading() as tx:
            done = chasing.ended_items(tx, self._about)
        if done:
            with self._register.writing() as tx:
                chasing.end_items(tx, now, ANSWERED)

    def _ask_newcomers(self, tx: Connection, campaign: str, now: datetime) -> None:
        """Who has come to intend after a stage was opened is asked for its materials too."""
        duties = self._duties[campaign]
        if stages.materials(duties.stages, opened(tx, duties)):
            for unit_id in standings.since(tx, campaign, self._seen.get(campaign, 0), standing.INTENDS):
                ask_materials(tx, duties, unit_id, now)

    def _follow_one(self, duties: Duties, now: datetime) -> int:
        if now > duties.campaign.letters_until:
            return 0
        with self._register.reading() as tx:
            who = chasing.to_look_at(tx, duties.campaign.id, now, horizon(now, self._calendar))
            cases = chasing.all_open(tx, duties.campaign.id, duties.email_field, who) if who else []
            self._dead = frozenset(dead_addresses.among(tx, list({case.recipient for case in cases})))
        if any(case.state == "open" and case.asked_at and case.due_at and case.due_at < now for case in cases):
            with self._register.writing() as tx:
                followups.overdue(tx, now)
        concerned = 0
        for unit_id, group in groupby(cases, key=lambda case: case.unit_id):
            concerned += self._follow_unit(duties, unit_id, list(group), now)
        return concerned

    def _follow_unit(self, duties: Duties, unit_id: int, owed: Sequence[Open], now: datetime) -> bool:
        steps = {case.id: self._step(duties, case, now) for case in owed}
        asked = {id_: step for id_, step in steps.items() if step in ("ask", "before", "after")}
        handed = [case for case in owed if steps[case.id] == "person"]
        if not asked and not handed:
            return False
        with self._register.writing() as tx:
            if asked:
                draft = asking.draft(duties, self._calendar, owed, now)
                chasing.write_letter(tx, draft, unit_id, asked, now, domain=self._domain)
            for reason, chased in (("overdue", True), ("term", False)):
                given = [case for case in handed if duties.rules[case.reason].chased is chased]
                if given:
                    sentence = asking.sentence(duties, given)
                    ids = [case.id for case in given]
                    chasing.hand_over(tx, duties.campaign.id, unit_id, ids, reason, sentence, now)
        log.info("followed up", unit=unit_id, asked=len(asked), handed=len(handed))
        return True

    def _step(self, duties: Duties, case: Open, now: datetime) -> str:
        if case.asked_at is None and case.by_hand_at and now < self._calendar.later(case.by_hand_at, 1):
            return ""
        reachable = is_person(case.recipient) and case.mode == "auto" and case.recipient not in self._dead
        return next_step(
            Pending(
                rule=duties.rules[case.reason],
                asked_at=case.asked_at,
                due_at=case.due_at,
                done=case.done,
                asking=case.letter_id is not None,
                waits=case.hears or case.letter_state in chasing.TO_SEND,
                reachable=reachable and not self._protected(case.recipient) and case.letter_state not in LOST,
                answering=_came_since(case),
                by_hand=case.by_hand_at is not None,
            ),
            now,
            self._calendar,
        )


def _came_since(case: Open) -> bool:
    """Whether a mail of the unit came after it was asked, and waits for a person."""
    return case.asked_at is not None and case.answered_at is not None and case.answered_at > case.asked_at
