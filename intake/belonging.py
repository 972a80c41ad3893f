"""Which campaign a mail belongs to; a pure rule.

A form belongs to the campaign whose definition it matched. A mail without one belongs to the
campaign of our letter that it answers, else to the one whose words it uses, else to the newest one
open at that time.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from intake.campaign import Campaign
from intake.contents import Reading


def belongs_to(
    reading: Reading, campaigns: Sequence[Campaign], received_at: datetime, answered: Sequence[str] = ()
) -> tuple[tuple[Campaign, Reading], ...]:
    """Split a reading by campaign: one pair each, its forms only; at least one pair.

    `answered` are the ids of the campaigns whose letters this mail answers, newest first;
    `campaigns` are in the operator's order and not empty.
    """
    by_id = {campaign.id: campaign for campaign in campaigns}
    ids = tuple(dict.fromkeys(form.campaign for form in reading.forms if form.campaign in by_id))
    if not ids:
        return ((_without_form(reading, campaigns, received_at, answered), reading),)
    if len(ids) == 1:
        return ((by_id[ids[0]], reading),)
    return tuple(
        (by_id[id_], replace(reading, forms=tuple(form for form in reading.forms if form.campaign == id_)))
        for id_ in ids
    )


def _without_form(
    reading: Reading, campaigns: Sequence[Campaign], received_at: datetime, answered: Sequence[str]
) -> Campaign:
    for campaign in campaigns:
        if campaign.id in answered[:1]:
            return campaign
    words = set(reading.signs.words)
    named = [campaign for campaign in campaigns if words & set(campaign.form.words)]
    open_then = [c for c in (named or campaigns) if c.opens <= received_at <= c.letters_until]
    return max(open_then, key=lambda campaign: campaign.opens) if open_then else (named or list(campaigns))[0]
