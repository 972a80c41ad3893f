"""Tries the templates: every letter of every campaign, with sample facts and extreme ones.

Nothing is sent and nothing kept. A fault is one Chinese sentence that names the file and the line.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime
from functools import partial
from typing import TypeAlias

from intake.errors import BrokenTemplate
from outbox import desk_samples, digest, digest_samples, extremes, samples
from outbox.compose import KINDS, Letters

Trial: TypeAlias = Callable[[], object]


def faults(letters: Letters, now: datetime, *, whole: bool = True) -> list[str]:
    """A sentence for each fault, each once; none where all templates are good.

    `whole`: make the mails with their files too, as they would leave.
    """
    found: dict[str, None] = {}
    for campaign in letters.campaigns:
        for trial in _trials(letters, campaign, now, whole):
            try:
                trial()
            except BrokenTemplate as fault:
                found[fault.sentence] = None
    return list(found)


def _trials(letters: Letters, campaign: str, now: datetime, whole: bool) -> Iterator[Trial]:
    """One a letter: of several faults in a file the first is told."""
    for kind in KINDS:
        yield partial(_to_units, letters, kind, campaign, now)
        if whole:
            yield partial(letters.preview, kind, campaign, now=now, recipient="sample@example.com")
    yield partial(_joint, letters, campaign, now)
    for name in desk_samples.NAMES:
        yield partial(_to_secretariat, letters, name, campaign, now)
    for paper in digest.PAPERS:
        yield partial(_paper, letters, paper, campaign, now, whole)


def _to_units(letters: Letters, kind: str, campaign: str, now: datetime) -> None:
    desk = letters.desk(campaign)
    form = desk.entry.campaign.form
    for facts in (samples.facts(kind, form, now), *extremes.facts_at_the_edges(kind, form, now)):
        desk.lay_out(desk.say(kind, facts, now), now)


def _joint(letters: Letters, campaign: str, now: datetime) -> None:
    """The words before several letters in one mail."""
    desk = letters.desk(campaign)
    for unit in ("", "示例科技有限公司", extremes.SIGNS):
        desk.lay_out(desk.say("joint", {"unit": unit}, now, {"headings": ["示例事项", extremes.LONG]}), now)


def _to_secretariat(letters: Letters, name: str, campaign: str, now: datetime) -> None:
    desk = letters.desk(campaign)
    for facts in desk_samples.each(name):
        desk.lay_out(desk.say(desk_samples.KIND, facts, now), now)


def _paper(letters: Letters, paper: digest.Paper, campaign: str, now: datetime, whole: bool) -> None:
    samples_of = digest_samples.each if whole else digest_samples.usual
    for facts, frame in samples_of(letters.desk(campaign).entry.campaign, now):
        digest.fill(letters, paper, facts, frame, ledger=frame.closing)
