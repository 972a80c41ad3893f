"""Builds everything from the settings, and knows everybody; nothing is built at import."""

from __future__ import annotations

import functools
import threading
import tomllib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from intake.campaign import Campaign, parse_campaign
from intake.errors import WrongConfiguration
from program import bundled
from program.duties import due_dates, duties_of, following_of, with_materials
from program.notices import circulars_of, latest, section_of

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from intake.isolation import Children, Stages
    from intake.mailbox import Account
    from intake.model import Reading
    from intake.rounds import RoundRules
    from intake.workdays import Calendar
    from outbox import smtp
    from outbox.ahead import Writers
    from outbox.circular import Circulars
    from outbox.compose import Letters
    from outbox.doubt import FindSent
    from outbox.letters_section import CampaignLetters
    from program.settings import Settings
    from scheduler.clock import Clock
    from scheduler.duties import Duties
    from scheduler.following import Following
    from scheduler.handling import Rules
    from scheduler.jobs import Jobs, Posting, Summary
    from scheduler.reminding import Reminding
    from scheduler.stored import Task
    from storage.rawmails import RawMails
    from storage.register import Register

OCR_SECONDS, OCR_MEMORY = 60.0, 1 << 30  # limits of a child that reads pixels: seconds a task, bytes
T = TypeVar("T")
R = TypeVar("R")

DELIVER_EVERY, REMIND_EVERY, TIDY_EVERY, REST_EVERY = 15.0, 60.0, 24 * 3600.0, 60.0  # seconds
FOLLOW_EVERY = 60.0


@dataclass(frozen=True, slots=True)
class LoadedCampaign:
    """A campaign folder as it was read once; each owner parses its own section of `data`."""

    folder: Path
    data: Mapping[str, Any]
    campaign: Campaign


@dataclass(frozen=True, slots=True)
class Works:
    """The daemon, built: its jobs, and what commands look at."""

    settings: Settings
    campaigns: tuple[Campaign, ...]
    templates: tuple[Path, ...]
    register: Register
    rawmails: RawMails
    composer: Letters
    jobs: Jobs
    rest: Any

    def once(self) -> Summary:
        """One round, with the templates that are broken named whether a letter needs them or not."""
        broken = self._broken_templates()
        summary = self.jobs.once()
        summary.broken[:0] = broken
        return summary

    def serve(self, stop: threading.Event) -> bool:
        """Run the jobs at their times until `stop`; False if one had to be left at work."""
        from scheduler.clock import Job, Timer

        self.jobs.tell_broken(self._broken_templates())
        jobs = (
            Job("poll", self.jobs.poll, self.settings.mailbox.poll_seconds),
            Job("remind", self.jobs.remind, REMIND_EVERY),
            Job("follow", self.jobs.follow, FOLLOW_EVERY),
            Job("deliver", self.jobs.deliver, DELIVER_EVERY),
            Job("tidy", self.jobs.tidy, TIDY_EVERY),
            Job("rest", self.rest, REST_EVERY),
        )
        return Timer(jobs, self.jobs.failed).run_until(stop)

    def _broken_templates(self) -> list[str]:
        from program import templates_at_start

        return templates_at_start.broken(self.register, self.composer, self.templates, self.jobs.now())


def load_campaigns(folders: Sequence[str | Path] = ()) -> tuple[LoadedCampaign, ...]:
    """Read campaign folders, by default the bundled first campaign.

    Raises WrongConfiguration naming the file and what is wrong in it.
    """
    chosen = [Path(folder) for folder in folders] or [bundled.campaigns()[bundled.DEFAULT_CAMPAIGN]]
    loaded = tuple(map(_load_campaign, chosen))
    ids = [each.campaign.id for each in loaded]
    if doubled := {id_ for id_ in ids if ids.count(id_) > 1}:
        raise WrongConfiguration(sentence=f"campaign：多个活动文件夹用了同一个 id：{'、'.join(sorted(doubled))}。")
    return loaded


def _load_campaign(folder: Path) -> LoadedCampaign:
    file = folder / "campaign.toml"
    try:
        data = tomllib.loads(file.read_text(encoding="utf-8"))
        return LoadedCampaign(folder, data, parse_campaign(data))
    except FileNotFoundError:
        raise WrongConfiguration(sentence=f"活动文件夹 {folder} 中没有 campaign.toml，请核对路径。") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise WrongConfiguration(str(error), sentence=f"{file} 不是有效的TOML文件（UTF-8）：{error}。") from error
    except WrongConfiguration as error:
        raise WrongConfiguration(error.detail, sentence=error.sentence.replace("campaign.toml", str(file), 1)) from None


@contextmanager
def build(settings: Settings, clock: Clock, stop: threading.Event | None = None) -> Iterator[Works]:
    """Build the whole daemon for one `run`; takes the lock and lets everything go at the end.

    Raises WrongConfiguration before anything is contacted, AlreadyRunning, and what the register raises.
    """
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
            _children(settings, campaigns) as children,
            ahead.writers(composer, settings.reading.workers) as writers,
        ):
            rules = with_materials(rules_of(settings, campaigns), loaded)
            handling = Handling(register, rawmails, rules, clock, children, stopped)
            receiving = Receiving(
                register, rawmails, account_of(settings), clock,
                opens=min(campaign.opens for campaign in campaigns), campaign=campaigns[0].id,
                stopped=stopped, arriving=children.warm, stored=handling.begin,
            )  # fmt: skip
            reminding = reminding_of(settings, loaded, register, clock)
            following = following_of(handling.rules, loaded, register, clock)
            posting = _posting(
                settings, composer, [duties_of(each) for each in loaded], stopped, receiving.find_sent, writers,
                reminding, following, circulars_of(settings, loaded),
            )  # fmt: skip
            jobs = Jobs(
                register, rawmails, receiving, handling, posting, clock,
                keep_unrelated_days=settings.storage.keep_unrelated_days, reminding=reminding, following=following,
            )  # fmt: skip

            def rest() -> None:
                children.rest()
                writers.rest()

            templates = (*(each.folder for each in loaded), common_of(loaded))
            yield Works(settings, campaigns, templates, register, rawmails, composer, jobs, rest)


@contextmanager
def _children(settings: Settings, campaigns: Sequence[Campaign]) -> Iterator[Stages[Task, Reading]]:
    """The children that read mails, and behind them those that read pixels."""
    from intake.isolation import Children, Stages
    from intake.unread import left_unread, unread
    from scheduler.stored import read_stored

    limits = settings.reading
    task = functools.partial(read_stored, specs=tuple(campaign.form for campaign in campaigns))
    with (
        Children(task, workers=limits.workers, seconds=limits.seconds, memory_bytes=limits.memory_mb << 20) as ordinary,
        ocr_children(functools.partial(task, ocr=True), seconds=limits.picture_seconds) as with_ocr,
    ):
        yield Stages(ordinary, with_ocr, unread, lambda reading, failure: left_unread(reading, failure.code))


@contextmanager
def ocr_children(
    task: Callable[[T], R], workers: int = 1, seconds: float = OCR_SECONDS
) -> Iterator[Children[T, R] | None]:
    """The children that also read pixels, with the limits that this needs; None where OCR is not installed."""
    from intake.isolation import Children
    from intake.readers import ocr

    if not ocr.installed():
        yield None
        return
    with Children(task, workers=workers, seconds=seconds, memory_bytes=OCR_MEMORY, keep_bytes=OCR_MEMORY) as children:
        yield children


# ---- parts, also used by single commands --------------------------------------------------------


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


def letters_of(settings: Settings, loaded: Sequence[LoadedCampaign]) -> Letters:
    from outbox.compose import Letters

    return Letters([campaign_letters(each) for each in loaded], common=common_of(loaded), sender=settings.sender)


def campaign_letters(loaded: LoadedCampaign) -> CampaignLetters:
    from outbox.letters_section import CampaignLetters, parse_letters

    return CampaignLetters(
        loaded.campaign,
        parse_letters(loaded.data.get("letters", {})),
        loaded.folder,
        section_of(loaded),
    )


def common_of(loaded: Sequence[LoadedCampaign]) -> Path:
    """The common letters: those beside the first campaign's folder where the operator keeps some, else the bundled."""
    beside = loaded[0].folder.resolve().parent / "common"
    return beside if (beside / "letters").is_dir() else bundled.templates() / "common"


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
        staff=frozenset((*settings.digest.to, settings.sender.lower())),
        protected_addresses=frozenset(entry for entry in protected if "@" in entry),
        protected_domains=frozenset(entry for entry in protected if "@" not in entry),
        backlog=settings.outbox.backlog,
    )


def reminding_of(settings: Settings, loaded: Sequence[LoadedCampaign], register: Register, clock: Clock) -> Reminding:
    from scheduler.reminding import Desk, Plan, Reminding

    rules = rules_of(settings, tuple(each.campaign for each in loaded))
    desk = Desk(
        account=account_of(settings).name,
        domain=rules.domain,
        calendar=rules.calendar,
        is_protected=rules.office(rules.campaigns[0], clock.now()).is_protected,
    )
    return Reminding(register, [Plan(each.campaign, rounds_of(each)) for each in loaded], desk, clock)


def rounds_of(loaded: LoadedCampaign) -> RoundRules:
    from scheduler.rounds import parse_rounds

    return parse_rounds(loaded.data.get("rounds", {}))


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
        not_before=latest(circulars.not_before, reminding.not_before),
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
