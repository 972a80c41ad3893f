"""The campaign of the demonstration from the notice to the day after the deadline, and what must be true at the end."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from program.demo import answering, notice, owing, secretary, strays
from program.demo.events import Corrected, Entered, Errand, Event, Owed, Returned, Standing, Ticked, at
from program.demo.notice import CORRECTED
from program.demo.units import UNITS, Unit

BEGINNING, END = at("11-17", "07:55"), at("12-03", "09:00")
CHAPTERS = (
    answering.ordinary, answering.prefilled, answering.flood, answering.at_the_deadline, answering.amended,
    notice.returned, notice.answered, notice.away, owing.telephones, owing.choices,
    strays.wrong, strays.words, strays.machines, strays.people,
    secretary.asking, secretary.deciding, secretary.pausing, secretary.entering, secretary.by_hand,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Story:
    """`truth` says how each unit must stand at the end, `heard` when a unit was first heard of."""

    events: tuple[Event, ...]
    errands: tuple[Errand | Ticked | Entered | Corrected, ...] = ()
    truth: Mapping[str, Standing] = field(default_factory=dict)
    heard: Mapping[str, datetime] = field(default_factory=dict)
    returned: tuple[Returned, ...] = ()
    owed: tuple[Owed, ...] = ()

    @property
    def entered(self) -> tuple[Entered, ...]:
        """Forms that came another way, as the secretariat entered them from the shell."""
        return tuple(errand for errand in self.errands if isinstance(errand, Entered))

    @property
    def units(self) -> tuple[Unit, ...]:
        """To whom the notice goes first of all."""
        return next((errand.roster for errand in self.errands if isinstance(errand, Errand)), ())


def tell() -> Story:
    """The whole story in order of arrival."""
    told = [part for chapter in CHAPTERS for part in chapter()]
    events = sorted((event for part in told for event in part.events), key=lambda event: event.at)
    truth: dict[str, Standing] = {}
    heard: dict[str, datetime] = {}
    for part in told:
        truth.update(part.truth)
        for event in part.events:
            for name in {*part.truth, OF_ADDRESS.get(event.sender, "")} - {""} if event.alive else ():
                heard[name] = min(event.at, heard.get(name, event.at))
        for entered in part.by_hand:
            if isinstance(entered, Entered):
                heard[entered.of.name] = entered.at
    errands = (one for part in told for one in (*part.ticked, *part.by_hand))
    return Story(
        tuple(events), (*notice.errands(), *errands), truth, heard,
        tuple(one for part in told for one in part.returned), tuple(one for part in told for one in part.owed),
    )  # fmt: skip


OF_ADDRESS = {each.email: each.name for each in (*UNITS, *CORRECTED.values())}
