"""Builds everything from the settings, and knows everybody; nothing is built at import."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING, Any, TypeVar

from intake.campaign import Campaign
from program import broken_templates
from program.alerts import alerting_of
from program.campaign_folders import common_of, letters_of, load_campaigns
from program.children import nursery_of, reading_children
from program.duties import deadlines, due_dates, duties_of, following_of, with_materials
from program.parts import (
    account_of,
    briefings_of,
    calendar_of,
    circulars_of,
    lock_path,
    open_cutouts,
    open_rawmails,
    open_register,
    reminding_of,
    rules_of,
    server_of,
    tidying_of,
)
from program.secretariat import approving_of, deputising_of, instructed_of

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from intake.isolation import Nursery
    from outbox.ahead import Writers
    from outbox.circular import Circulars
    from outbox.compose import Letters
    from outbox.doubt import FindSent
    from program.settings import Settings
    from scheduler.clock import Clock
    from scheduler.duties import Duties
    from scheduler.following import Following
    from scheduler.jobs import Jobs, Posting, Summary
    from scheduler.reminding import Reminding
    from storage.rawmails import RawMails
    from storage.register import Register

R = TypeVar("R")

DELIVER_EVERY, REMIND_EVERY, TIDY_EVERY, REST_EVERY = 15.0, 60.0, 24 * 3600.0, 60.0  # seconds
FOLLOW_EVERY, DEPUTISE_EVERY, BRIEF_EVERY, ALERT_EVERY = 60.0, 300.0, 60.0, 60.0


@dataclass(frozen=True, slots=True)
class Works:
    """The daemon, built: its jobs, and what commands look at."""

    settings: Settings
    campaigns: tuple[Campaign, ...]
    register: Register
    rawmails: RawMails
    composer: Letters
    jobs: Jobs
    try_templates: Callable[[], Callable[[], list[str]]]
    rest: Any

    def once(self) -> Summary:
        """One round, with the templates that are broken named whether a letter needs them or not."""
        return self.jobs.once(self.try_templates)

    def serve(self, stop: threading.Event) -> bool:
        """Run the jobs at their times until `stop`; False if one had to be left at work."""
        from scheduler.clock import Job, Timer

        self.jobs.tell_broken(self.try_templates()())
        jobs = (
            Job("poll", self.jobs.poll, self.settings.mailbox.poll_seconds),
            Job("remind", self.jobs.remind, REMIND_EVERY),
            Job("follow", self.jobs.follow, FOLLOW_EVERY),
            Job("deputise", self.jobs.deputise, DEPUTISE_EVERY),
            Job("brief", self.jobs.brief, BRIEF_EVERY),
            Job("deliver", self.jobs.deliver, DELIVER_EVERY),
            Job("alert", self.jobs.alert, ALERT_EVERY),
            Job("tidy", self.jobs.tidy, TIDY_EVERY),
            Job("rest", self.rest, REST_EVERY),
        )
        return Timer(jobs, self.jobs.failed).run_until(stop)


@contextmanager
def build(settings: Settings, clock: Clock, stop: threading.Event | None = None) -> Iterator[Works]:
    """Build the whole daemon for one `run`; takes the lock and lets everything go at the end.

    Raises WrongConfiguration before anything is contacted, AlreadyRunning, and what the register raises.
    """
    with nursery_of(settings) as nursery, _built(settings, clock, stop, nursery) as works:
        yield works


@contextmanager
def _built(settings: Settings, clock: Clock, stop: threading.Event | None, nursery: Nursery) -> Iterator[Works]:
    from program.log import configure  # isort: skip -- first, for it loads structlog as it should be loaded
    from outbox import ahead
    from scheduler.handling import Handling
    from scheduler.jobs import Jobs
    from scheduler.receiving import Receiving
    from storage.lock import lock

    configure(settings.log.level, settings.log.format)
    loaded = load_campaigns(settings.campaign)
    settings.need(*(("mailbox", "smtp") if settings.outbox.mode == "send" else ("mailbox",)))
    composer = letters_of(settings, loaded)
    composer.require_templates()
    campaigns = tuple(each.campaign for each in loaded)
    stopped = stop.is_set if stop else (lambda: False)
    with lock(lock_path(settings)), open_register(settings, clock.now()) as register:
        register.begin(clock.now())
        rawmails = open_rawmails(settings)
        rawmails.clear_unfinished()
        with (
            reading_children(settings, campaigns, nursery) as children,
            ahead.writers(composer, settings.reading.workers, nursery) as writers,
            broken_templates.triers(composer, nursery) as triers,
        ):
            rules = with_materials(rules_of(settings, campaigns), loaded)
            handling = Handling(
                register, rawmails, rules, clock, children, stopped, instructed_of(settings, loaded),
                cutouts=open_cutouts(settings, campaigns),
            )  # fmt: skip

            def arriving(expected: int) -> None:
                children.warm()
                if settings.outbox.mode == "send" and not settings.limits.gap_seconds:
                    ahead.rehearse(writers, expected, clock.now())

            receiving = Receiving(
                register, rawmails, account_of(settings), clock,
                opens=min(campaign.opens for campaign in campaigns), campaign=campaigns[0].id,
                stopped=stopped, arriving=arriving, stored=handling.begin, sent=settings.mailbox.sent,
                office={rules.own_address, *rules.staff},
            )  # fmt: skip
            reminding = reminding_of(settings, loaded, register, clock)
            following = following_of(handling.rules, loaded, register, clock)
            posting = _posting(
                settings, composer, [duties_of(each) for each in loaded], stopped, receiving.find_sent, writers,
                reminding, following, circulars_of(settings, loaded, clock.now()),
            )  # fmt: skip
            approving = approving_of(settings, register, composer, posting.hooks, clock)
            if approving:
                posting = replace(posting, hooks=replace(posting.hooks, unapproved=approving.is_unapproved))
            templates = (*(each.folder for each in loaded), common_of(loaded))

            def broken() -> list[str]:
                return broken_templates.find(register, composer, templates, clock.now())

            def try_templates() -> Callable[[], list[str]]:
                by = triers if nursery.begun else None  # else that would cost a run with nothing new its start
                return broken_templates.begin(register, composer, templates, clock.now(), by)

            briefings = briefings_of(settings, loaded, register, composer, clock, broken)
            jobs = Jobs(
                register, receiving, handling, posting, tidying_of(settings, register, rawmails, clock), clock,
                reminding=reminding, following=following,
                deputising=deputising_of(settings, loaded, register, clock),
                briefings=briefings if settings.digest.send else None, approving=approving,
                alerting=alerting_of(settings, loaded, register, clock),
            )  # fmt: skip

            def rest() -> None:
                children.rest()
                writers.rest()
                nursery.rest()

            yield Works(settings, campaigns, register, rawmails, composer, jobs, try_templates, rest)


def _posting(
    settings: Settings, composer: Letters, duties: Sequence[Duties], stopped: Any, find_sent: FindSent,
    writers: Writers, reminding: Reminding, following: Following, circulars: Circulars,
) -> Posting:  # fmt: skip
    from outbox.limits import Limits
    from outbox.terms import Hooks
    from scheduler.jobs import Posting, log_letter

    hooks = Hooks(
        find_sent=find_sent,
        recheck=_by_kind({"question": following.recheck, "circular": circulars.recheck}, reminding.recheck),
        renew=_by_kind({"question": following.renew}, lambda tx, letter, now: None),
        not_before=_latest(circulars.not_before, reminding.not_before, following.not_before),
        deadline=deadlines([each.campaign for each in duties]),
        due_date=due_dates(duties, calendar_of(settings)),
        told=log_letter,
        stopped=stopped,
        writers=writers,
    )
    limits = Limits(**settings.limits.model_dump())
    return Posting(composer, server_of(settings), limits, settings.outbox.mode, hooks)


def _by_kind(special: Mapping[str, Callable[..., R]], other: Callable[..., R]) -> Callable[..., R]:
    """Ask who knows the kind of letter."""
    return lambda tx, letter, now: special.get(letter.kind, other)(tx, letter, now)


def _latest(*rules: Callable[..., Any]) -> Callable[..., Any]:
    """A letter waits for the latest of what several rules say."""

    def not_before(tx: Any, letter: Any, now: datetime) -> datetime | None:
        return max((moment for rule in rules if (moment := rule(tx, letter, now))), default=None)

    return not_before
