"""Builds what circulars need from the settings and the campaigns; nothing is built at import."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from outbox.circular import Circulars
    from outbox.circular_section import CircularSection
    from program.settings import Settings
    from program.wiring import LoadedCampaign
    from scheduler.handling import Rules


def section_of(loaded: LoadedCampaign) -> CircularSection:
    from outbox.circular_section import parse_circular

    return parse_circular(loaded.data.get("circular", {}))


def protection(rules: Rules) -> Callable[[str], bool]:
    """Who never gets an automatic letter."""
    return rules.office(rules.campaigns[0], datetime.now(UTC)).is_protected


def circulars_of(settings: Settings, loaded: Sequence[LoadedCampaign]) -> Circulars:
    from outbox.circular import Circulars
    from program import wiring

    rules = wiring.rules_of(settings, tuple(each.campaign for each in loaded))
    return Circulars(
        {each.campaign.id: (each.campaign, section_of(each).hours) for each in loaded},
        rules.calendar,
        protection(rules),
    )


def latest(*rules: Callable[..., Any]) -> Callable[..., Any]:
    """A letter waits for the latest of what several rules say."""

    def not_before(tx: Any, letter: Any, now: datetime) -> datetime | None:
        return max((moment for rule in rules if (moment := rule(tx, letter, now))), default=None)

    return not_before
