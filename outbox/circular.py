"""A notice to the units of the roster: who gets it, what each letter holds, and whether it may still leave.

Choosing is pure. One letter a unit and address: to the first address of the roster row, and a copy,
as a mail of its own, to each other one (抄送), for providers count recipients and refuse mails with
many (see docs/decisions/circulars.md). Units that share an address have a letter each, which leave as
one mail with a form for each. Sends nothing: the letters are queued, and delivered like all others.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Literal, TypeAlias

from sqlalchemy import Connection

from intake.beijing import BEIJING
from intake.campaign import Campaign
from intake.office_hours import Hours, next_opening
from intake.outcome import LetterDraft
from intake.workdays import Calendar
from outbox.circular_section import CircularSection
from outbox.limits import SHARED
from outbox.merging import MOST_TOGETHER
from storage import circulars, extensions
from storage.circulars import KIND, Listed
from storage.letter_row import LetterRow

NOTICE = "notice"  # the one circular of a campaign that there is so far

Reason: TypeAlias = Literal["manual", "none", "no address", "protected", "dead", "answered", "had"]
WORDS: dict[Reason, str] = {
    "manual": "方式为仅人工",
    "none": "方式为勿扰",
    "no address": "名册中没有电子邮箱",
    "protected": "受保护的地址，不自动发信",
    "dead": "此前发往该邮箱的信函被退回，请更正名册",
    "answered": "该单位的表格已收到",
    "had": "已排发或已发出",
}


@dataclass(frozen=True, slots=True)
class Chosen:
    """The letters to queue, main ones before all copies; `again` names the units that have the notice at another
    address already; `skipped` the units that get no letter, by reason."""

    letters: tuple[tuple[int, LetterDraft], ...] = ()
    again: tuple[str, ...] = ()
    skipped: Mapping[Reason, tuple[str, ...]] = field(default_factory=dict)

    @property
    def units(self) -> int:
        return len({unit_id for unit_id, _ in self.letters})

    @property
    def copies(self) -> int:
        return sum(bool(draft.facts.get("copy")) for _, draft in self.letters)


def choose(
    listed: Sequence[Listed], campaign: str, section: CircularSection, is_protected: Callable[[str], bool]
) -> Chosen:
    """Who gets the notice. Pure."""
    mains: list[tuple[int, LetterDraft]] = []
    copies: list[tuple[int, LetterDraft]] = []
    again: list[str] = []
    skipped: defaultdict[Reason, list[str]] = defaultdict(list)
    for unit in listed:
        reason = _unwanted(unit, is_protected)
        others = _copies(unit, section, is_protected) if reason in (None, "had") else ()
        if reason is None:
            mains.append((unit.unit_id, _draft(campaign, unit, unit.address)))
            again += [unit.name] if unit.had else []
        elif not others:
            skipped[reason].append(unit.name)
        copies += [(unit.unit_id, _draft(campaign, unit, address, copy=True)) for address in others]
    return Chosen((*mains, *copies), tuple(again), {reason: tuple(names) for reason, names in skipped.items()})


def _unwanted(unit: Listed, is_protected: Callable[[str], bool]) -> Reason | None:
    """Why a unit gets no letter at its own address, read top to bottom."""
    if unit.mode != "auto":
        return "none" if unit.mode == "none" else "manual"
    if unit.answered:
        return "answered"
    if not unit.address:
        return "no address"
    if is_protected(unit.address):
        return "protected"
    if unit.address in unit.dead:
        return "dead"
    return "had" if unit.address in unit.had else None


def _copies(unit: Listed, section: CircularSection, is_protected: Callable[[str], bool]) -> tuple[str, ...]:
    if not section.copies:
        return ()
    return tuple(
        address
        for address in unit.copies
        if address not in unit.had and address not in unit.dead and not is_protected(address)
    )


def _draft(campaign: str, unit: Listed, address: str, *, copy: bool = False) -> LetterDraft:
    of_unit = {
        "unit": unit.name,
        "contact": unit.contact,
        "telephone": unit.telephone,
        "mobile": unit.mobile,
        "email": unit.address,
    }
    return LetterDraft(
        key=circulars.key_of(campaign, NOTICE, unit.unit_id, address, unit.tried.get(address, 0)),
        kind="circular",
        campaign=campaign,
        recipient=address,
        facts={"units": [of_unit], "salutation": unit.salutation, "copy": copy},
    )


def last_day(section: CircularSection, deadline: datetime) -> date:
    """The day by which the whole notice must have left."""
    return section.finish_by or deadline.astimezone(BEIJING).date()


def mails(drafts: Sequence[tuple[int, LetterDraft]]) -> Iterator[tuple[LetterDraft, ...]]:
    """The letters by the mails they leave in: those to one address together."""
    by_address: defaultdict[tuple[str, object], list[LetterDraft]] = defaultdict(list)
    for _, draft in drafts:
        by_address[draft.recipient, draft.facts.get("copy")].append(draft)
    for together in by_address.values():
        for first in range(0, len(together), MOST_TOGETHER):
            yield tuple(together[first : first + MOST_TOGETHER])


@dataclass(frozen=True, slots=True)
class Circulars:
    """What is looked at again when a circular is claimed, and when such letters may leave.

    `campaigns` by id, with their office hours.
    """

    campaigns: Mapping[str, tuple[Campaign, Hours]]
    calendar: Calendar
    is_protected: Callable[[str], bool]

    def recheck(self, tx: Connection, letter: LetterRow, now: datetime) -> str:
        """Why a circular is not to be sent any more, "" where it is; asked in the transaction that claims it."""
        if letter.kind != KIND or letter.unit_id is None or letter.campaign not in self.campaigns:
            return ""
        found = circulars.listed(tx, letter.campaign, [letter.unit_id])
        if not found:
            return "该单位已不在名册中"
        unit = found[0]
        if letter.recipient not in (unit.address, *unit.copies):
            return circulars.MOVED
        deadline = self.campaigns[letter.campaign][0].deadline
        if now > extensions.deadlines(tx, letter.campaign, deadline, [unit.unit_id]).of(unit.unit_id):
            return "截止时间已过"
        return self._unwelcome(unit, letter.recipient)

    def _unwelcome(self, unit: Listed, recipient: str) -> str:
        if unit.mode != "auto":
            return WORDS["none" if unit.mode == "none" else "manual"]
        if unit.answered:
            return WORDS["answered"]
        if self.is_protected(recipient):
            return WORDS["protected"]
        return WORDS["dead"] if recipient in unit.dead else ""

    def not_before(self, tx: Connection, letter: LetterRow, now: datetime) -> datetime | None:
        """When a circular or reminder may leave that is met outside office hours; None for any other letter."""
        if letter.kind not in SHARED or letter.facts.get("test") or letter.campaign not in self.campaigns:
            return None
        return next_opening(now, self.campaigns[letter.campaign][1], self.calendar)
