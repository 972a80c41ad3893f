"""Single parts built from the settings, also used by commands; nothing heavy is imported before it is asked for."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from program.campaign_folders import LoadedCampaign, circular_of, rounds_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from intake.campaign import Campaign
    from intake.mailbox import Account
    from intake.workdays import Calendar
    from outbox import smtp
    from outbox.circular import Circulars
    from outbox.compose import Letters
    from program.settings import Settings
    from scheduler.briefing import Briefings
    from scheduler.clock import Clock
    from scheduler.handling import Rules
    from scheduler.reminding import Reminding
    from scheduler.tidying import Tidying
    from storage.cutouts import CutOuts
    from storage.letter_files import LetterFiles
    from storage.rawmails import RawMails
    from storage.register import Register


@contextmanager
def open_register(settings: Settings, now: datetime) -> Iterator[Register]:
    from storage.register import Register

    register = Register.open(settings.storage.url, now)
    try:
        yield register
    finally:
        register.close()


def open_rawmails(settings: Settings) -> RawMails:
    from storage.rawmails import RawMails

    return RawMails(settings.data / "mails")


def lock_path(settings: Settings) -> Path:
    """Where a run of this register takes its lock: beside an SQLite file, else in the data folder."""
    scheme, _, place = settings.storage.url.partition("///")
    if scheme.startswith("sqlite") and place and place != ":memory:":
        return Path(f"{place}.lock")
    return settings.data / "run.lock"


def account_of(settings: Settings) -> Account:
    from intake.mailbox import Account

    box = settings.mailbox
    return Account(
        host=box.host, port=box.port, security=box.security, username=box.username, secret=box.secret,
        folders=tuple(box.folders), timeout_seconds=box.timeout_seconds, size_cap=box.size_cap_mb << 20,
    )  # fmt: skip


def server_of(settings: Settings) -> smtp.Server:
    from outbox import smtp

    server = settings.smtp
    return smtp.Server(
        host=server.host, port=server.port, security=server.security, username=server.username,
        secret=settings.smtp_secret, timeout_seconds=server.timeout_seconds,
    )  # fmt: skip


def calendar_of(settings: Settings) -> Calendar:
    from intake.workdays import Calendar

    return Calendar.of(settings.calendar.rest, settings.calendar.work)


def rules_of(settings: Settings, campaigns: tuple[Campaign, ...]) -> Rules:
    from scheduler.handling import Rules

    protected = settings.outbox.protected
    return Rules(
        campaigns=campaigns,
        own_address=settings.mailbox.username.lower(),
        domain=settings.sender.rpartition("@")[2] or "localhost",
        calendar=calendar_of(settings),
        staff=_staff(settings),
        protected_addresses=frozenset(entry for entry in protected if "@" in entry),
        protected_domains=frozenset(entry for entry in protected if "@" not in entry),
        backlog=settings.outbox.backlog,
    )


def _staff(settings: Settings) -> frozenset[str]:
    """Who may decide by mail, beside the mailbox itself."""
    people = (*settings.digest.to, settings.digest.deputy, *settings.letters.approver, settings.sender.lower())
    return frozenset(filter(None, people))


def open_letter_files(settings: Settings) -> LetterFiles:
    from storage.letter_files import LetterFiles

    return LetterFiles(settings.data / "letters")


def open_cutouts(settings: Settings, campaigns: Sequence[Campaign]) -> CutOuts:
    from storage.cutouts import CutOuts

    return CutOuts(settings.data / "cutouts", {one.id: one.form.unit_field for one in campaigns})


def briefings_of(
    settings: Settings, loaded: Sequence[LoadedCampaign], register: Register, letters: Letters, clock: Clock,
    broken: Callable[[], Sequence[str]] = tuple,
) -> Briefings:  # fmt: skip
    """Who writes digests and worklists; to nobody where none are wanted."""
    from outbox.limits import Limits
    from program.campaign_folders import briefing_hours_of
    from program.duties import duties_of, label_of
    from scheduler.briefing import Briefings, Desk, Plan

    def plan(each: LoadedCampaign) -> Plan:
        return Plan(each.campaign, briefing_hours_of(each), label_of(duties_of(each)))

    desk = Desk(
        to=settings.digest.to,
        leaders=settings.digest.leaders,
        account=account_of(settings).name,
        domain=settings.sender.rpartition("@")[2] or "localhost",
        calendar=calendar_of(settings),
        limits=Limits(**settings.limits.model_dump()),
    )
    cutouts = open_cutouts(settings, tuple(each.campaign for each in loaded))
    return Briefings(register, tuple(map(plan, loaded)), desk, letters, cutouts, clock, broken)


def tidying_of(settings: Settings, register: Register, rawmails: RawMails, clock: Clock) -> Tidying:
    from scheduler.tidying import Tidying

    unrelated, letters = (
        timedelta(days=days) for days in (settings.storage.keep_unrelated_days, settings.storage.letter_bytes_days)
    )
    files = open_letter_files(settings)
    return Tidying(register, rawmails, files, clock, unrelated=unrelated, letters=letters)


def reminding_of(settings: Settings, loaded: Sequence[LoadedCampaign], register: Register, clock: Clock) -> Reminding:
    from scheduler.reminding import Desk, Plan, Reminding

    rules = rules_of(settings, tuple(each.campaign for each in loaded))
    desk = Desk(
        account=account_of(settings).name,
        domain=rules.domain,
        calendar=rules.calendar,
        is_protected=protection(rules, clock.now()),
    )
    return Reminding(register, [Plan(each.campaign, rounds_of(each)) for each in loaded], desk, clock)


def circulars_of(settings: Settings, loaded: Sequence[LoadedCampaign], now: datetime) -> Circulars:
    """What is looked at again when a circular is claimed."""
    from outbox.circular import Circulars

    rules = rules_of(settings, tuple(each.campaign for each in loaded))
    hours = {each.campaign.id: (each.campaign, circular_of(each).hours) for each in loaded}
    return Circulars(hours, rules.calendar, protection(rules, now))


def protection(rules: Rules, now: datetime) -> Callable[[str], bool]:
    """Who never gets an automatic letter."""
    return rules.office(rules.campaigns[0], now).is_protected
