"""The tally that adds up: every unit that should be told is counted once in each choice. Only reads.

应通知 = the options of a choice + 未填写 + 待核 + 未回复, of which 退信 and 逾期; units off the roster are counted
apart. Without a roster nobody is 应通知, and all who answered stand apart.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, func, select

from intake.campaign import Campaign, ChoiceSpec
from storage import dead_addresses
from storage.plain_rows import BLANK, MEMBER, PENDING, SILENT, ChoiceTally, Group, Tally
from storage.tables import choices, held, messages, submissions, unit_addresses, units
from storage.units import LISTED


def tally(tx: Connection, campaign: Campaign) -> Tally:
    """Where every unit stands now."""
    listed = tuple(tx.scalars(select(units.c.id).where(LISTED).order_by(units.c.id)))
    standing, waits = _submissions(tx, campaign.id)
    waits |= _held(tx, campaign.id)
    answers = _answers(tx, campaign.id)
    known = set(listed)
    others = [unit_id for unit_id in dict.fromkeys((*standing, *waits)) if unit_id not in known]
    bounced = _bounced(tx)
    count = _Counting(campaign, standing, waits, answers, bounced)
    silent = tuple(unit_id for unit_id in listed if unit_id not in standing and unit_id not in waits)
    return Tally(count.group(listed), count.group(others), count.decisive, silent)


class _Counting:
    def __init__(
        self, campaign: Campaign, standing: Mapping[int, Any], waits: Collection[int],
        answers: Mapping[int, Mapping[str, str]], bounced: Collection[int],
    ) -> None:  # fmt: skip
        self._specs = campaign.form.choices
        self.decisive = campaign.form.declines or next((choice.id for choice in self._specs), "")
        self._standing, self._waits, self._answers, self._bounced = standing, waits, answers, bounced

    def group(self, ids: Sequence[int]) -> Group:
        tallies = tuple(
            ChoiceTally(spec.id, spec.short, Counter(self._place(unit_id, spec) for unit_id in ids))
            for spec in self._specs
        )
        places = Counter(self._stand(unit_id) for unit_id in ids)
        return Group(
            total=len(ids),
            answered=places["answered"],
            pending=places[PENDING],
            silent=places[SILENT],
            bounced=sum(unit_id in self._bounced for unit_id in ids),
            late=sum(unit_id in self._standing and self._standing[unit_id].late for unit_id in ids),
            choices=tallies,
        )

    def _stand(self, unit_id: int) -> str:
        """By what decides: answered, pending or silent."""
        spec = next((spec for spec in self._specs if spec.id == self.decisive), None)
        if spec is None:
            return "answered" if unit_id in self._standing else PENDING if unit_id in self._waits else SILENT
        place = self._place(unit_id, spec)
        return place if place in (PENDING, SILENT) else "answered"

    def _place(self, unit_id: int, spec: ChoiceSpec) -> str:
        """A blank is an answer where the choice need not be answered, and waits where it decides."""
        if unit_id not in self._standing:
            return PENDING if unit_id in self._waits else SILENT
        answer = self._answers.get(self._standing[unit_id].id, {}).get(spec.id, BLANK)
        if answer == "unclear" or (answer == BLANK and spec.id == self.decisive):
            return PENDING
        return answer


def _submissions(tx: Connection, campaign: str) -> tuple[dict[int, Any], set[int]]:
    """What stands, by unit, and the units of which something is only proposed."""
    columns = (submissions.c.id, submissions.c.unit_id, submissions.c.state, submissions.c.late)
    where = (submissions.c.campaign == campaign, submissions.c.state.in_(("standing", "proposed")))
    rows = tx.execute(select(*columns).where(*where).order_by(submissions.c.id)).all()
    standing = {row.unit_id: row for row in rows if row.state == "standing"}
    return standing, {row.unit_id for row in rows if row.unit_id not in standing}


def _held(tx: Connection, campaign: str) -> set[int]:
    """Units about which, or from whose roster address, something waits for a person."""
    open_ones = (held.c.state == "open", held.c.campaign == campaign)
    about = select(held.c.unit_id).where(*open_ones, held.c.unit_id.is_not(None), held.c.message_id.is_not(None))
    written = (
        select(unit_addresses.c.unit_id)
        .join_from(held, messages, held.c.message_id == messages.c.id)
        .join(unit_addresses, unit_addresses.c.address == messages.c.sender)
        .where(*open_ones, messages.c.kind.not_in(("bounce", "auto-reply")))
    )
    return {*tx.scalars(about), *tx.scalars(written)}


def _answers(tx: Connection, campaign: str) -> dict[int, dict[str, str]]:
    found: dict[int, dict[str, str]] = {}
    where = (submissions.c.campaign == campaign, submissions.c.state == "standing")
    columns = (choices.c.submission_id, choices.c.key, choices.c.answer, choices.c.already_member)
    for row in tx.execute(select(*columns).join_from(choices, submissions).where(*where)):
        member = row.already_member and row.answer == BLANK
        found.setdefault(row.submission_id, {})[row.key] = MEMBER if member else row.answer
    return found


def _bounced(tx: Connection) -> set[int]:
    dead = dead_addresses.on_roster(tx)
    if not dead:
        return set()
    where = (func.lower(unit_addresses.c.address).in_(dead), unit_addresses.c.role == "main")
    return set(tx.scalars(select(unit_addresses.c.unit_id).where(*where)))
