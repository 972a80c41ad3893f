"""Follow-ups at their times: who is asked and reminded now, what goes to the secretariat, who is invited.

What is done about a follow-up is decided by intake/chasing.py and written by storage/chasing.py, a unit
a transaction. A job may be stopped at any instant and started again: a step that was written is not
taken twice. Letters say what is owed at the moment they leave.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from itertools import groupby

import structlog
from sqlalchemy import Connection

from intake import chasing as rules_of_chasing
from intake import followups as rules_of_followups
from intake import owing, stages, standing
from intake.beijing import BEIJING, moment
from intake.chasing import Pending, next_step
from intake.model import LetterDraft
from intake.workdays import Calendar
from scheduler.clock import Clock
from scheduler.duties import Duties, ask_materials, opened
from storage import chasing, standings
from storage.chasing import Open
from storage.letter_row import LetterRow
from storage.register import Register

log = structlog.get_logger()
ANSWERED = "该单位已自行答复"
NO_LONGER_OWED = "所询事项已答复或已办结"


class Following:
    """`protected` says which addresses get no automatic letter; `domain` is the sender's, for Message-IDs."""

    def __init__(
        self, register: Register, duties: Sequence[Duties], calendar: Calendar, clock: Clock, *,
        domain: str, protected: Callable[[str], bool] = lambda address: False,
    ) -> None:  # fmt: skip
        self._register, self._calendar, self._clock = register, calendar, clock
        self._duties = {each.campaign.id: each for each in duties}
        self._domain, self._protected = domain, protected
        self._seen: dict[str, int] = {}  # the newest change of status looked at, by campaign

    def follow(self) -> int:
        """Take every step whose time has come, within office hours; gives how many units it concerned."""
        now = self._clock.now()
        self._note(now)
        if not rules_of_chasing.at_work(now, self._calendar):
            return 0
        return sum(self._follow_one(duties, now) for duties in self._duties.values())

    def recheck(self, tx: Connection, letter: LetterRow, now: datetime) -> str:
        """Why a letter of this kind is not wanted any more, or ""; asked in the transaction that claims it."""
        return "" if chasing.still_asked(tx, letter.id) else NO_LONGER_OWED

    def renew(self, tx: Connection, letter: LetterRow, now: datetime) -> Mapping[str, object]:
        """The letter's facts as of now: everything the unit owes, with its dates."""
        duties = self._duties[letter.campaign]
        cases = chasing.all_open(tx, letter.campaign, duties.email_field)
        return self._facts(duties, [case for case in cases if case.unit_id == letter.unit_id], now) or letter.facts

    # ---- a campaign -------------------------------------------------------------------------

    def _note(self, now: datetime) -> None:
        """What follows from letters and answers: invited units, held items that nobody need look at any more."""
        for campaign in self._duties:
            with self._register.reading() as tx:
                news = standings.has_notified(tx, campaign)
                latest = standings.latest_step(tx, campaign)
            if news or latest != self._seen.get(campaign, 0):
                with self._register.writing() as tx:
                    standings.follow_circulars(tx, campaign, now)
                    self._ask_newcomers(tx, campaign, now)
                self._seen[campaign] = latest
        with self._register.reading() as tx:
            done = chasing.ended_items(tx)
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
            cases = chasing.all_open(tx, duties.campaign.id, duties.email_field)
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
                draft = self._draft(duties, owed, now)
                chasing.write_letter(tx, draft, unit_id, asked, now, domain=self._domain)
            for reason, chased in (("overdue", True), ("term", False)):
                given = [case for case in handed if duties.rules[case.reason].chased is chased]
                if given:
                    sentence = self._sentence(duties, given)
                    ids = [case.id for case in given]
                    chasing.hand_over(tx, duties.campaign.id, unit_id, ids, reason, sentence, now)
        log.info("followed up", unit=unit_id, asked=len(asked), handed=len(handed))
        return True

    def _step(self, duties: Duties, case: Open, now: datetime) -> str:
        reachable = "@" in case.recipient and case.mode == "auto" and not self._protected(case.recipient)
        return next_step(
            Pending(
                rule=duties.rules[case.reason],
                asked_at=case.asked_at,
                due_at=case.due_at,
                done=case.done,
                asking=case.letter_id is not None,
                waits=case.hears or case.letter_state in chasing.TO_SEND,
                reachable=reachable and case.letter_state not in ("refused", "bounced"),
                answering=_came_since(case),
            ),
            now,
            self._calendar,
        )

    # ---- what is said -----------------------------------------------------------------------

    def _draft(self, duties: Duties, owed: Sequence[Open], now: datetime) -> LetterDraft:
        first = owed[0]
        return LetterDraft(
            key=f"{first.campaign}/unit-{first.unit_id}/question/{now.astimezone(BEIJING):%Y%m%d}",
            kind="question",
            campaign=first.campaign,
            recipient=first.recipient,
            facts=self._facts(duties, owed, now),
        )

    def _facts(self, duties: Duties, owed: Iterable[Open], now: datetime) -> dict[str, object]:
        """Facts of what is asked of one unit; {} where nothing is."""
        chased = [case for case in owed if duties.rules[case.reason].chased]
        if not chased:
            return {}
        things = [self._thing(duties, case, now) for case in chased]
        return owing.question_facts(chased[0].unit_name, chased[0].receipt, chased[0].salutation, things)

    def _thing(self, duties: Duties, case: Open, now: datetime) -> owing.Thing:
        """A thing that was never asked for has the time of its rule from now on."""
        asked = case.asked_at is not None
        due = case.due_at if asked else rules_of_followups.due_by(duties.rules[case.reason], now, self._calendar)
        return owing.Thing(
            label=owing.label_of(case.awaits, duties.campaign.form, duties.materials),
            how=owing.how_given(case.awaits, duties.campaign.form, duties.materials),
            doubtful=case.reason == "unclear",
            due=due,
            overdue=due is not None and due <= now,
            asked=asked,
        )

    def _sentence(self, duties: Duties, given: Sequence[Open]) -> str:
        """What the secretariat is told of what is overdue, or of terms that have ended."""
        names = "、".join(map(self._named(duties), given))
        unit = given[0].unit_name
        if not duties.rules[given[0].reason].chased:
            return f"“{unit}”的期限已到：{names}；请办理后用 intake unit move 更改其状态。"
        due = max((case.due_at for case in given if case.due_at), default=None)
        if due is None:
            return f"“{unit}”尚欠{names}，但无法以邮件询问，请与该单位联系。"
        return f"“{unit}”尚欠{names}，期限为{moment(due)}，经提醒仍未收到，请与该单位联系。"

    def _named(self, duties: Duties) -> Callable[[Open], str]:
        def named(case: Open) -> str:
            words = duties.rules[case.reason].words
            if case.awaits == case.reason:
                return f"“{words}”"
            return f"“{owing.label_of(case.awaits, duties.campaign.form, duties.materials)}”（{words}）"

        return named


def _came_since(case: Open) -> bool:
    """Whether a mail of the unit came after it was asked, and waits for a person."""
    return case.asked_at is not None and case.answered_at is not None and case.answered_at > case.asked_at
