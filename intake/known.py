"""What the register holds that matters for one mail."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from intake.answers import Choice, Value
from intake.kinds import Lateness, LetterKind
from intake.stages import Material
from intake.verdict import NO_TIES, Ties


@dataclass(frozen=True, slots=True)
class UnitKnown:
    """What the register holds of the unit that a form names.

    `unit_id` is None for a name never seen; `near` are names so close that a person must say
    whether they are the same. `member` is None where no roster says.
    """

    unit_id: int | None = None
    name: str = ""
    near: tuple[str, ...] = ()
    on_roster: bool = False
    member: bool | None = None
    roster_addresses: tuple[str, ...] = ()
    deadline: datetime | None = None  # a later one than the campaign's own, where the unit was given one
    joined: bool = False  # its data change only with a person's word


@dataclass(frozen=True, slots=True)
class Earlier:
    """The standing submission of a unit in this campaign."""

    submission_id: int
    unit_id: int
    sender: str
    received_at: datetime
    lateness: Lateness
    receipt: str
    values: Mapping[str, Value]
    choices: Mapping[str, Choice]
    decided: frozenset[str] = frozenset()  # keys that a person decided
    asked: frozenset[str] = frozenset()  # keys asked of the unit and still open
    asked_due: datetime | None = None
    original_in_time: bool = True  # the first form of this chain came in time
    same_mail: bool = False  # it came from the very mail that is decided now, read again for a person


@dataclass(frozen=True, slots=True)
class LetterKnown:
    letter_id: int
    kind: LetterKind
    recipient: str
    unit_id: int | None


@dataclass(frozen=True, slots=True)
class Writer:
    """The one unit that the sender's address speaks for, in a campaign of which a later stage has been opened.

    `liaison` are the texts of its contact fields as they stand; `owes` the materials it was asked for.
    """

    unit_id: int
    name: str
    joined: bool = False
    receipt: str = ""
    liaison: Mapping[str, str] = field(default_factory=dict)
    owes: tuple[Material, ...] = ()


@dataclass(frozen=True, slots=True)
class Asked:
    """The one unit that our letters to this very address were about, and what they asked that is still open.

    `open` gives the follow-up of each key; `alone`: the address speaks for no other unit.
    """

    unit: UnitKnown
    earlier: Earlier
    open: Mapping[str, int]
    alone: bool = False


@dataclass(frozen=True, slots=True)
class Known:
    """Everything deciding may know of the world besides the reading itself.

    `units` and `earlier` run parallel to `reading.forms`. `copy`: the same fingerprint and
    Message-ID were handled before; `repeat`: the same fingerprint under another Message-ID.
    """

    ties: Ties = NO_TIES
    protected: bool = False
    copy: bool = False
    repeat: bool = False
    repeat_units: tuple[str, ...] = ()  # names of the units the first copy recorded
    repeats_thanked_today: int = 0
    told_today: int = 0  # no-form, unreadable and cloud-link letters to this address
    told_in_campaign: int = 0
    units: tuple[UnitKnown, ...] = ()
    earlier: tuple[Earlier | None, ...] = ()
    letters: tuple[LetterKnown, ...] = ()  # our letters that this mail answers or names
    asked: Asked | None = None  # looked up only for a reply with fragments
    reply_to_on_roster: tuple[str, ...] = ()  # which Reply-To addresses stand on the sender unit's roster row
    writer: Writer | None = None
    roster_loaded: bool = False
    backlog: bool = False  # received before the register was made
    folder_is_junk: bool = False
