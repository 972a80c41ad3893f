"""What each campaign lets a unit owe, built from its campaign.toml: rules of time and stages."""

from __future__ import annotations

import functools
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING

from intake.errors import WrongConfiguration

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from intake.campaign import Campaign
    from intake.workdays import Calendar
    from program.campaign_folders import LoadedCampaign
    from program.settings import Settings
    from scheduler.clock import Clock
    from scheduler.deciding import Desk
    from scheduler.duties import Duties
    from scheduler.following import Following
    from scheduler.handling import Rules
    from storage.letter_row import LetterRow
    from storage.register import Register


def duties_of(loaded: LoadedCampaign) -> Duties:
    """The rules and stages of one campaign; raises WrongConfiguration naming the file and the key."""
    from intake import followups, stages
    from program.campaign_folders import circular_of
    from scheduler.duties import Duties

    hours = circular_of(loaded).hours
    try:
        rules = followups.parse_rules(loaded.data.get("followups", {}))
        return Duties(loaded.campaign, rules, stages.parse_stages(loaded.data.get("stages", []), rules), hours)
    except WrongConfiguration as error:
        file = loaded.folder / "campaign.toml"
        raise WrongConfiguration(error.detail, sentence=error.sentence.replace("campaign.toml", str(file), 1)) from None


def label_of(duties: Duties) -> Callable[[str], str]:
    """What a unit knows a thing it owes by, from the thing's key."""
    from intake import owing

    return functools.partial(owing.label_of, form=duties.campaign.form, papers=duties.materials)


def with_materials(rules: Rules, loaded: Sequence[LoadedCampaign]) -> Rules:
    """The rules of deciding, with the papers that the stages of each campaign ask for."""
    return replace(rules, materials={each.campaign.id: duties_of(each).materials for each in loaded})


def following_of(rules: Rules, loaded: Sequence[LoadedCampaign], register: Register, clock: Clock) -> Following:
    from program.parts import protection
    from scheduler.following import Following

    return Following(
        register, tuple(map(duties_of, loaded)), rules.calendar, clock,
        domain=rules.domain, protected=protection(rules, clock.now()),
    )  # fmt: skip


def deadlines(campaigns: Sequence[Campaign]) -> Callable[[Connection, LetterRow], datetime | None]:
    """The deadline for all units of a letter's campaign, as it stands now."""
    from storage import extensions

    own = {campaign.id: campaign.deadline for campaign in campaigns}

    def deadline(tx: Connection, letter: LetterRow) -> datetime | None:
        if letter.campaign not in own:
            return None
        return extensions.deadlines(tx, letter.campaign, own[letter.campaign], ()).general

    return deadline


def due_dates(duties: Sequence[Duties], calendar: Calendar) -> Callable[[str, str, datetime], datetime]:
    """When what a letter asks is due after it was sent, by its campaign and reason."""
    from intake import followups

    tables = {each.campaign.id: each.rules for each in duties}

    def due(campaign: str, reason: str, asked_at: datetime) -> datetime:
        rule = tables.get(campaign, followups.RULES).get(reason, followups.RULES["missing"])
        return followups.due_by(rule, asked_at, calendar)

    return due


def desk_of(settings: Settings, loaded: Sequence[LoadedCampaign]) -> Desk:
    """What a person's decisions need of the campaigns."""
    from program.parts import calendar_of
    from scheduler.deciding import Desk

    return Desk(
        campaigns={each.campaign.id: each.campaign for each in loaded},
        duties={each.campaign.id: duties_of(each) for each in loaded},
        calendar=calendar_of(settings),
        domain=settings.sender.rpartition("@")[2] or "localhost",
    )


def one_campaign(settings: Settings, wanted: str = "") -> Duties:
    """The campaign a command is about: the one named, else the first; raises UsageError."""
    from program import campaign_folders

    return duties_of(campaign_folders.chosen(settings, wanted))
