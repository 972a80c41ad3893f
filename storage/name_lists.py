"""Whom the printed lists name: who comes to the meeting, the members, who has not answered, the liaisons. Only reads.

Nobody is put on a list by a guess: what decides is where a unit stands (storage/standings.py); in a campaign whose
form has no choice that declines, the form that stands.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection, select

from intake.answers import Choice
from intake.campaign import Campaign
from intake.standing import APPLIED, INTENDS, JOINED, UNDER_REVIEW, WORDS
from storage import briefing, standings, tallies
from storage.submissions import choice_of
from storage.tables import choices, liaisons, submissions, units

ON_THE_WAY = (INTENDS, APPLIED, UNDER_REVIEW)


@dataclass(frozen=True, slots=True)
class Named:
    """A unit on a list. `values` are texts by the form's field: what the liaison said last, then the form, then the
    roster's 联系人, 电话 and 手机."""

    unit: str
    values: Mapping[str, str] = field(default_factory=dict)
    answers: Mapping[str, Choice] = field(default_factory=dict)
    member: bool | None = None
    owner: str = ""
    bounced: bool = False


def coming(tx: Connection, campaign: Campaign) -> list[Named]:
    """Units that intend to join, have applied, are under review, or are members."""
    return _named(tx, campaign, _standing(tx, campaign, (*ON_THE_WAY, *JOINED)))


def members(tx: Connection, campaign: Campaign) -> tuple[list[Named], bool]:
    """The members; before there is one, those who are on the way, and True: the list is a draft."""
    joined = _standing(tx, campaign, JOINED)
    return _named(tx, campaign, joined or _standing(tx, campaign, ON_THE_WAY)), not joined


def chose(tx: Connection, campaign: Campaign, choice: str) -> list[Named]:
    """Units whose form that stands says yes to the choice, or that are members already where it asks for that."""
    asked = next(one for one in campaign.form.choices if one.id == choice)
    answered = _named(tx, campaign, _with_form(tx, campaign.id))
    return [one for one in answered if _says_yes(one, choice, asked.may_be_member)]


def unanswered(tx: Connection, campaign: Campaign) -> list[Named]:
    """Units of the roster that have sent nothing, as the digest counts them."""
    kinds: dict[str, str] = {one.kind: one.id for one in reversed(campaign.form.fields)}
    found = []
    for one in briefing.silent(tx, tallies.tally(tx, campaign).silent):
        by_kind = {"person": one.contact, "telephone": one.telephone, "mobile": one.mobile}
        values = {kinds.get(kind, kind): text for kind, text in by_kind.items() if text}
        found.append(Named(one.unit, values, owner=one.owner, bounced=one.bounced))
    return found


def undecided(tx: Connection, campaign: Campaign) -> int:
    """Units whose form stands while nothing says yet whether they join: on no list until that is settled."""
    standing = set(_standing(tx, campaign, tuple(WORDS)))
    return len(_with_form(tx, campaign.id) - standing) if campaign.form.declines else 0


def _says_yes(one: Named, choice: str, may_be_member: bool) -> bool:
    given = one.answers.get(choice)
    if given is not None and given.answer == "yes":
        return True
    return may_be_member and (one.member is True or (given is not None and given.already_member))


def _standing(tx: Connection, campaign: Campaign, statuses: Collection[str]) -> set[int]:
    found = set(standings.with_status(tx, campaign.id, *statuses))
    if not campaign.form.declines and INTENDS in statuses:
        moved = set(standings.with_status(tx, campaign.id, *WORDS))
        found |= _with_form(tx, campaign.id) - moved
    return found


def _with_form(tx: Connection, campaign: str) -> set[int]:
    return set(tx.scalars(select(submissions.c.unit_id).where(*_stands(campaign))))


def _stands(campaign: str) -> tuple[Any, ...]:
    return submissions.c.campaign == campaign, submissions.c.state == "standing"


def _named(tx: Connection, campaign: Campaign, ids: Collection[int]) -> list[Named]:
    """These units in the register's order."""
    forms = {row.unit_id: row for row in tx.execute(select(submissions).where(*_stands(campaign.id)))}
    answers = _answers(tx, campaign.id)
    current = (liaisons.c.campaign == campaign.id, liaisons.c.until.is_(None))
    named = {row.unit_id: row._mapping["values"] for row in tx.execute(select(liaisons).where(*current))}
    rows: Sequence[Any] = tx.execute(select(units).order_by(units.c.id)).all()
    return [
        Named(
            row.name,
            _values(campaign, row, forms.get(row.id), named.get(row.id, {})),
            answers.get(forms[row.id].id, {}) if row.id in forms else {},
            row.member,
            str((row.roster or {}).get("负责人") or ""),
        )
        for row in rows
        if row.id in ids
    ]


def _values(campaign: Campaign, unit: Any, form: Any, liaison: Mapping[str, str]) -> dict[str, str]:
    roster = unit.roster or {}
    by_kind = {"person": unit.contact, "telephone": roster.get("电话"), "mobile": roster.get("手机")}
    said = {} if form is None else {key: value.get("text", "") for key, value in form._mapping["values"].items()}
    person = next((one.id for one in campaign.form.fields if one.kind == "person"), "")
    another = liaison.get(person, "") not in ("", said.get(person, ""))  # whose post the form does not tell
    found = {}
    for one in campaign.form.fields:
        by_form = "" if another and one.kind != "unit" else said.get(one.id)
        found[one.id] = str(liaison.get(one.id) or by_form or by_kind.get(one.kind) or "")
    return found


def _answers(tx: Connection, campaign: str) -> dict[int, dict[str, Choice]]:
    rows = tx.execute(select(choices).join_from(choices, submissions).where(*_stands(campaign)).order_by(choices.c.id))
    found: dict[int, dict[str, Choice]] = {}
    for row in rows:
        found.setdefault(row.submission_id, {})[row.key] = choice_of(row)
    return found
