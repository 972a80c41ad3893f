"""Circulars in the register: whom a notice is for, one letter a unit and address, and what became of them.

A letter's key names campaign, unit, notice and address, so that no unit gets the same notice twice at
one address, whatever stops in between; after a corrected address the key is another one, and the
notice is offered again. Never decides who gets one, and sends nothing.
"""

from __future__ import annotations

import hashlib
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, bindparam, exists, func, select

from intake.beijing import BEIJING
from intake.outcome import LetterDraft
from storage import dead_addresses, letters, units
from storage.prepared import Prepared
from storage.rosters import MAIN
from storage.sql import keyed
from storage.tables import dead_addresses as dead_table
from storage.tables import letters as letters_table
from storage.tables import submissions, unit_addresses
from storage.tables import units as units_table

KIND = "circular"
MOVED = "名册中的电子邮箱已更改"
_OPEN = ("waiting", "deferred")

_said_in = letters_table.alias()
_FATES = keyed(
    lambda among: (
        select(
            letters_table.c.unit_id,
            letters_table.c.recipient,
            letters_table.c.facts,
            func.coalesce(_said_in.c.state, letters_table.c.state).label("state"),
            func.coalesce(_said_in.c.settled_at, letters_table.c.settled_at).label("settled_at"),
        )
        .select_from(letters_table.outerjoin(_said_in, letters_table.c.merged_into_id == _said_in.c.id))
        .where(letters_table.c.campaign == bindparam("in_campaign"), letters_table.c.kind == KIND)
        .where(letters_table.c.unit_id.is_not(None), among(letters_table.c.unit_id))
        .order_by(letters_table.c.id)
    )
)
_UNITS = keyed(
    lambda among: select(
        *(units_table.c[name] for name in ("id", "name", "contact", "salutation", "mode", "roster"))
    ).where(units.LISTED, among(units_table.c.id))
)
_ADDRESSES = keyed(
    lambda among: (
        select(unit_addresses.c.unit_id, unit_addresses.c.address, unit_addresses.c.role)
        .where(among(unit_addresses.c.unit_id))
        .order_by(unit_addresses.c.id)
    )
)
_ANSWERED = keyed(
    lambda among: (
        select(submissions.c.unit_id)
        .where(submissions.c.campaign == bindparam("in_campaign"), among(submissions.c.unit_id))
        .where(submissions.c.state.in_(("standing", "proposed")))
        .distinct()
    )
)
_LIFTED = Prepared(select(dead_table.c.address, dead_table.c.lifted_at).where(dead_table.c.lifted_at.is_not(None)))


@dataclass(frozen=True, slots=True)
class Listed:
    """A unit of the roster as a notice sees it.

    `address` is where it is written to ("" where the roster has none), `copies` the others of its row,
    `dead` those of both that a letter came back from for good. `answered`: a form of it stands or is
    proposed. `had` are the addresses that got or will get the notice already, `tried` how many letters
    to an address were taken back or came back before the address was given anew.
    """

    unit_id: int
    name: str
    contact: str
    salutation: str
    mode: str
    telephone: str
    mobile: str
    address: str
    copies: tuple[str, ...]
    dead: frozenset[str]
    answered: bool
    had: frozenset[str]
    tried: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Standing:
    """What became of a notice: units by the state of their newest letter, `copies` by theirs.

    `answered` are the units written to whose form stands; `sent_on` how many left on which day in Beijing.
    """

    units: Counter[str]
    copies: Counter[str]
    answered: int
    sent_on: tuple[tuple[date, int], ...]

    @property
    def waiting(self) -> int:
        """Letters still to leave, copies included."""
        return sum(self.units[state] + self.copies[state] for state in (*_OPEN, "sending"))


def key_of(campaign: str, notice: str, unit_id: int, address: str, tried: int = 0) -> str:
    """The key of a letter: the address in it as a hash, for addresses are longer than keys."""
    place = hashlib.sha256(address.lower().encode("utf-8", "replace")).hexdigest()[:20]
    return f"{campaign}/{unit_id}/{KIND}/{notice}/{place}" + (f"/{tried + 1}" if tried else "")


def listed(tx: Connection, campaign: str, among: Iterable[int] | None = None) -> list[Listed]:
    """The units of the roster, all or some, in its order."""
    rows = sorted(_UNITS.run(tx, None if among is None else sorted(set(among))), key=lambda row: row.id)
    few = None if among is None else [row.id for row in rows]
    addresses, had = _addresses(tx, few), _letters(tx, campaign, few)
    answered = _answered(tx, campaign, few)
    marked = _marked(tx, None if among is None else addresses)
    lifted = {row.address: row.lifted_at for row in _LIFTED.all(tx)}
    return [_listed(row, addresses[row.id], marked, lifted, row.id in answered, had[row.id]) for row in rows]


def queue(tx: Connection, drafts: Sequence[tuple[int, LetterDraft]], *, now: datetime, domain: str) -> int:
    """One letter for each draft; one whose key stands already is left alone. Gives how many are new."""
    return sum(letters.write(tx, draft, now=now, domain=domain, unit_id=unit_id)[1] for unit_id, draft in drafts)


def written_at(tx: Connection, campaign: str, now: datetime) -> int:
    """How many letters to units were queued by the word that was given at this moment."""
    to_units = (
        letters_table.c.campaign == campaign,
        letters_table.c.kind == KIND,
        letters_table.c.unit_id.is_not(None),
    )
    return tx.scalar(select(func.count()).where(*to_units, letters_table.c.created_at == now)) or 0


def withdraw_moved(tx: Connection, campaign: str, now: datetime) -> int:
    """Take back what waits for addresses that stand on their unit's roster row no more; gives how many."""
    still = exists().where(
        unit_addresses.c.unit_id == letters_table.c.unit_id, unit_addresses.c.address == letters_table.c.recipient
    )
    moved = select(letters_table.c.id).where(
        letters_table.c.campaign == campaign, letters_table.c.kind == KIND, letters_table.c.state.in_(_OPEN),
        letters_table.c.unit_id.is_not(None), ~still,
    )  # fmt: skip
    ids = list(tx.scalars(moved))
    return letters.withdraw(tx, ids, now, MOVED) if ids else 0


def standing(tx: Connection, campaign: str) -> Standing:
    """What became of the campaign's notice so far."""
    newest: dict[int, Any] = {}
    copies: Counter[str] = Counter()
    sent_on: Counter[date] = Counter()
    for row in _with_fate(tx, campaign, None):
        if row.state == "sent" and row.settled_at:
            sent_on[row.settled_at.astimezone(BEIJING).date()] += 1
        if (row.facts or {}).get("copy"):
            copies[row.state] += 1
        elif row.state != "withdrawn" or row.unit_id not in newest:
            newest[row.unit_id] = row
    answered = _answered(tx, campaign, None) & newest.keys()
    return Standing(
        Counter(row.state for row in newest.values()), copies, len(answered), tuple(sorted(sent_on.items()))
    )


def _listed(
    row: Any, roles: Mapping[str, str], marked: Collection[str], lifted: Mapping[str, datetime], answered: bool,
    letters_had: Sequence[Any],
) -> Listed:  # fmt: skip
    main = next((address for address, role in roles.items() if role == MAIN), "")
    had = {one.recipient for one in letters_had if not _is_over(one, lifted)}
    tried = Counter(one.recipient for one in letters_had if _is_over(one, lifted))
    others = row.roster or {}
    return Listed(
        row.id, row.name, row.contact or "", row.salutation or "", row.mode,
        others.get("电话", ""), others.get("手机", ""),
        main, tuple(address for address in roles if address != main),
        frozenset(roles).intersection(marked), answered, frozenset(had), tried,
    )  # fmt: skip


def _is_over(letter: Any, lifted: Mapping[str, datetime]) -> bool:
    """Whether a letter to the address leaves room for another: taken back, or its address given anew since."""
    if letter.state == "withdrawn":
        return True
    anew = lifted.get(letter.recipient)
    return letter.state == "bounced" and anew is not None and letter.settled_at is not None and anew > letter.settled_at


def _with_fate(tx: Connection, campaign: str, among: Sequence[int] | None) -> Sequence[Any]:
    """The circulars to units, oldest first; one said in another letter has that one's state and date."""
    return _FATES.run(tx, among, in_campaign=campaign)


def _letters(tx: Connection, campaign: str, among: Sequence[int] | None) -> defaultdict[int, list[Any]]:
    found: defaultdict[int, list[Any]] = defaultdict(list)
    for row in _with_fate(tx, campaign, among):
        found[row.unit_id].append(row)
    return found


def _addresses(tx: Connection, among: Sequence[int] | None) -> defaultdict[int, dict[str, str]]:
    """The addresses of each unit's roster row with their roles."""
    found: defaultdict[int, dict[str, str]] = defaultdict(dict)
    for row in _ADDRESSES.run(tx, among):
        found[row.unit_id][row.address] = row.role
    return found


def _answered(tx: Connection, campaign: str, among: Sequence[int] | None) -> set[int]:
    return {row.unit_id for row in _ANSWERED.run(tx, among, in_campaign=campaign)}


def _marked(tx: Connection, addresses: Mapping[int, Mapping[str, str]] | None) -> Collection[str]:
    """Those that a letter came back from for good, of these or of all."""
    if addresses is None:
        return {one.address for one in dead_addresses.all_dead(tx)}
    return dead_addresses.among(tx, [address for roles in addresses.values() for address in roles]).keys()
