"""What is known of a mail before it is decided: the frozen Known, gathered in few statements.

Only reads. Promises: earlier answers are given for the unit a form names, with the address that
sent them, so that deciding can keep them from any other address.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, time
from typing import Any

from sqlalchemy import Connection, bindparam, select

from intake.answers import Form
from intake.beijing import BEIJING
from intake.contents import Reading
from intake.known import Asked, Earlier, Known, LetterKnown, UnitKnown
from intake.stages import Material
from intake.verdict import Ties
from storage import followups, repeats, senders, units
from storage import submissions as kept
from storage.mails import MailRow
from storage.prepared import Prepared
from storage.sql import keyed, plain
from storage.tables import facts, letters, stages, submissions, unit_addresses

TELLING = ("no-form", "unreadable", "cloud-link")  # letters that tell a sender what was wrong: capped together
MOST_REFERENCES = 100  # of a hostile References field


@dataclass(frozen=True, slots=True)
class Office:
    """Whose mail this is. Addresses and domains in lower case; a protected domain covers those below it.

    `own_address` is the mailbox itself, `staff` the secretariat's list; `campaigns` are the ids whose
    letters count as told already (the one the mail belongs to); `unit_fields` names the field that
    holds the unit in a campaign's form, where it is not `unit`; `materials` are what its stages ask for.
    """

    campaigns: tuple[str, ...]
    own_address: str
    now: datetime
    staff: frozenset[str] = frozenset()
    protected_addresses: frozenset[str] = frozenset()
    protected_domains: frozenset[str] = frozenset()
    unit_fields: Mapping[str, str] = field(default_factory=dict)
    materials: Mapping[str, tuple[Material, ...]] = field(default_factory=dict)

    def is_staff(self, address: str) -> bool:
        return address != "" and (address == self.own_address.lower() or address in self.staff)

    def is_protected(self, address: str) -> bool:
        domain = address.rpartition("@")[2]
        below = (domain == name or domain.endswith("." + name) for name in self.protected_domains)
        return address in self.protected_addresses or (domain != "" and any(below))


_LETTER = (
    letters.c.id,
    letters.c.kind,
    letters.c.campaign,
    letters.c.recipient,
    letters.c.unit_id,
    letters.c.message_id,
)
_BY_ID = keyed(lambda among: select(*_LETTER).where(among(letters.c.message_id)))
_BY_REFERENCE = keyed(lambda among: select(*_LETTER).where(among(letters.c.reference)))
_TOLD = keyed(
    lambda among: select(letters.c.kind, letters.c.campaign, letters.c.created_at, letters.c.about_id).where(
        among(letters.c.recipient), letters.c.kind.in_((*TELLING, "repeat")), letters.c.state != "withdrawn"
    )
)
_WROTE = (
    select(submissions.c.id)
    .where(submissions.c.sender == bindparam("sender_"), submissions.c.message_id != bindparam("but"))
    .limit(1)
    .scalar_subquery()
)
_ROSTER = select(facts.c.value).where(facts.c.name == "roster_loaded_at").scalar_subquery()
_WRITER = (
    select(unit_addresses.c.unit_id)
    .where(unit_addresses.c.address == bindparam("sender_"))
    .order_by(unit_addresses.c.id)
    .limit(1)
    .scalar_subquery()
)
_STAGE = select(stages.c.id).limit(1).scalar_subquery()  # whether a person has opened one at all
_TOLD_ANYTHING = select(letters.c.id).where(letters.c.recipient == bindparam("sender_")).limit(1).scalar_subquery()
_OWN = select(letters.c.id).where(letters.c.message_id == bindparam("own_id")).limit(1).scalar_subquery()
# Whether there is anything to ask further about: most mails are the first of a sender that nobody wrote to.
_GLANCE = Prepared(
    select(
        _WROTE.label("wrote"), _ROSTER.label("roster"), _WRITER.label("writer"), _STAGE.label("stage"),
        _TOLD_ANYTHING.label("told"), _OWN.label("own"), repeats.ANY.label("same"),
    )
)  # fmt: skip


def known_for(tx: Connection, mail: MailRow, reading: Reading, office: Office) -> Known:
    """All that deciding may know of this mail. Never raises on what a mail says."""
    sender = plain(reading.sender.email.lower(), 320)
    replies = tuple(dict.fromkeys(plain(address.email.lower(), 320) for address in reading.reply_to))
    own_id, print_ = plain(reading.message_id), plain(reading.fingerprint, 64)
    (glance,) = _GLANCE.all(tx, {"sender_": sender, "but": mail.id, "own_id": own_id, "print_": print_})
    writer = units.by_address(tx, sender) if glance.writer is not None else ()
    names_letters = reading.answers_to or reading.signs.refs or glance.own is not None
    named, own = _letters(tx, reading) if names_letters else ((), False)
    about = _about(tx, named, sender)
    names = [_unit_name(form, office) or _hinted(tx, form) or about for form in reading.forms]
    if reading.fragments and about:
        names.append(about)
    found = units.known_units(tx, names, writer)
    speaks = None
    if glance.stage is not None:
        found = senders.with_joined(tx, office.campaigns[0], found)
        speaks = senders.writer_of(tx, office.campaigns[0], sender, writer, office.materials)
    found, asked = found[: len(reading.forms)], found[len(reading.forms) :]
    same = repeats.of(tx, mail.id, reading) if glance.same is not None else ()
    copy = bool(same) and repeats.is_copy(tx, mail.id, reading)
    told = _told(tx, mail, {sender, *replies}, office) if replies or glance.told is not None else _Told()
    return Known(
        ties=Ties(
            own=reading.signs.own or own,
            staff=office.is_staff(sender),
            known_sender=glance.wrote is not None or bool(writer) or bool(named),
        ),
        protected=any(map(office.is_protected, {sender, *replies})),
        copy=copy,
        repeat=bool(same) and not copy,
        repeat_units=kept.units_recorded(tx, same) if same else (),
        repeats_thanked_today=told.repeats_today,
        told_today=told.today,
        told_in_campaign=told.in_campaign,
        units=found,
        earlier=_earlier(tx, mail, reading, found),
        letters=named,
        asked=_asked(tx, mail, office.campaigns[0], asked[0], sender, writer) if asked else None,
        reply_to_on_roster=_on_roster(tx, replies, writer, found),
        writer=speaks,
        roster_loaded=glance.roster is not None,
        backlog=mail.backlog,
        folder_is_junk=mail.junk,
    )


def _about(tx: Connection, named: Sequence[LetterKnown], sender: str) -> str:
    """The unit that a reply is about where it names none: the one that our letters to this very address were about."""
    ids = {letter.unit_id for letter in named if letter.recipient == sender and letter.unit_id is not None}
    unit = units.get(tx, ids.pop()) if len(ids) == 1 else None
    return unit.name if unit else ""


def _asked(
    tx: Connection, mail: MailRow, campaign: str, unit: UnitKnown, sender: str, writer: Sequence[int]
) -> Asked | None:
    """What our letters to this address ask of the unit and is still open."""
    if unit.unit_id is None:
        return None
    owed = followups.asked_at(tx, campaign, unit.unit_id, sender)
    earlier = kept.earlier(tx, campaign, unit.unit_id, mail.id) if owed else None
    if earlier is None:
        return None
    others = kept.speaks_for_others(tx, campaign, sender, unit.unit_id) or bool(set(writer) - {unit.unit_id})
    return Asked(unit, earlier, owed, alone=not others)


def _hinted(tx: Connection, form: Form) -> str:
    """The unit that a pre-filled form was sent to, asked only where the form shows no name any more."""
    rows = _BY_REFERENCE.run(tx, [plain(form.hint, 12)]) if form.hint else ()
    ids = {row.unit_id for row in rows if row.campaign == form.campaign and row.unit_id is not None}
    unit = units.get(tx, ids.pop()) if len(ids) == 1 else None
    return unit.name if unit else ""


def answered(tx: Connection, reading: Reading) -> tuple[str, ...]:
    """The campaigns of the letters that the mail answers or names, the newest letter's first."""
    rows = sorted(_named(tx, reading), key=lambda row: -row.id)
    return tuple(dict.fromkeys(row.campaign for row in rows if row.message_id != reading.message_id))


@dataclass(frozen=True, slots=True)
class _Told:
    today: int = 0
    in_campaign: int = 0
    repeats_today: int = 0


def _told(tx: Connection, mail: MailRow, addresses: Collection[str], office: Office) -> _Told:
    """Days are Beijing's; letters about this very mail do not count, so that reading it again changes nothing."""
    rows = [row for row in _TOLD.run(tx, sorted(addresses)) if row.about_id != mail.id]
    begin = beijing_day(office.now)
    telling = [row for row in rows if row.kind in TELLING]
    return _Told(
        today=sum(row.created_at >= begin for row in telling),
        in_campaign=sum(row.campaign in office.campaigns for row in telling),
        repeats_today=sum(row.kind == "repeat" and row.created_at >= begin for row in rows),
    )


def beijing_day(moment: datetime) -> datetime:
    """The midnight in Beijing that began the day."""
    return datetime.combine(moment.astimezone(BEIJING), time(), BEIJING)


def _letters(tx: Connection, reading: Reading) -> tuple[tuple[LetterKnown, ...], bool]:
    """The letters of ours that the mail answers or names, and whether it is one itself."""
    rows = _named(tx, reading)
    others = [row for row in rows if row.message_id != reading.message_id]
    known = tuple(LetterKnown(row.id, row.kind, row.recipient, row.unit_id) for row in others)
    return known, len(others) < len(rows)


def _named(tx: Connection, reading: Reading) -> Sequence[Any]:
    half = MOST_REFERENCES // 2
    answers = list(dict.fromkeys(map(plain, reading.answers_to)))
    ids = {*answers[:half], *answers[half:][-half:], plain(reading.message_id)} - {""}
    references = list(dict.fromkeys(map(plain, reading.signs.refs)))[:MOST_REFERENCES]
    rows = (*_BY_ID.run(tx, sorted(ids)), *_BY_REFERENCE.run(tx, references))
    return list({row.id: row for row in rows}.values())


def _earlier(tx: Connection, mail: MailRow, reading: Reading, found: Sequence[UnitKnown]) -> tuple[Earlier | None, ...]:
    return tuple(
        None if unit.unit_id is None else kept.earlier(tx, form.campaign, unit.unit_id, mail.id)
        for form, unit in zip(reading.forms, found, strict=True)
    )


def _on_roster(
    tx: Connection, replies: Sequence[str], writer: Sequence[int], found: Sequence[UnitKnown]
) -> tuple[str, ...]:
    if not replies:
        return ()
    rows = {address for addresses in units.addresses_of(tx, writer).values() for address in addresses}
    rows |= {address for unit in found for address in unit.roster_addresses}
    return tuple(address for address in replies if address in rows)


def _unit_name(form: Form, office: Office) -> str:
    return form.value(office.unit_fields.get(form.campaign, "unit"))
