"""What a campaign lets a unit owe: its rules of time, its stages, and what the open ones ask."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import Connection

from intake import stages
from intake.campaign import Campaign
from intake.followups import Rule
from intake.office_hours import Hours
from intake.stages import Material, Stage
from storage import followups
from storage import stages as opened_stages


@dataclass(frozen=True, slots=True)
class Duties:
    """What a campaign lets a unit owe: its rules of time, its stages, and the hours in which it is asked."""

    campaign: Campaign
    rules: Mapping[str, Rule]
    stages: tuple[Stage, ...]
    hours: Hours = field(default_factory=Hours)

    @property
    def materials(self) -> tuple[Material, ...]:
        return tuple(paper for stage in self.stages for paper in stage.materials)

    @property
    def email_field(self) -> str:
        """The form's field for an address."""
        return next((field.id for field in self.campaign.form.fields if field.kind == "email"), "")


def opened(tx: Connection, duties: Duties) -> tuple[str, ...]:
    """The names of the open stages; the first one is open from the beginning."""
    first = [stage.name for stage in duties.stages[:1]]
    return tuple(dict.fromkeys((*first, *opened_stages.opened(tx, duties.campaign.id))))


def ask_materials(tx: Connection, duties: Duties, unit_id: int, now: datetime) -> bool:
    """Open a follow-up for each material of the open stages; False if the unit was asked for all of them already."""
    papers = stages.materials(duties.stages, opened(tx, duties))
    begun = [
        followups.begin(tx, duties.campaign.id, unit_id, "material", paper.id, now)
        for paper in papers
        if "material" in duties.rules
    ]
    return any(begun)
