"""A notice from the roster to the queue: proposed, checked, shown, and then queued letter by letter.

Promises: what is proposed changes nothing; what is missing, broken or too large is refused before
anything is queued; queueing may stop at any instant and be run again, and no unit gets two letters.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from intake.errors import WrongUsage

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from intake.outcome import LetterDraft
    from intake.rounds import RoundRules
    from outbox.circular import Chosen, Circulars
    from outbox.circular_plan import Plan
    from outbox.circular_section import CircularSection
    from outbox.compose import Composed, Letters
    from outbox.terms import Clock, Report
    from program.campaign_folders import LoadedCampaign
    from program.settings import Settings
    from scheduler.handling import Rules
    from storage.audits import Person
    from storage.circulars import Listed, Standing
    from storage.letter_row import LetterRow
    from storage.register import Register
    from storage.roster_changes import Changes
    from storage.rosters import Sheet

CHUNK = 50  # letters queued in one transaction


@dataclass(frozen=True, slots=True)
class Desk:
    """One campaign and what its notice needs, as of a moment."""

    settings: Settings
    loaded: LoadedCampaign
    section: CircularSection
    composer: Letters
    rules: Rules
    rounds: RoundRules
    now: datetime

    @property
    def campaign(self) -> str:
        return self.loaded.campaign.id


@dataclass(frozen=True, slots=True)
class Proposal:
    """What sending would do; `changes` and `troubles` are those of the roster that would be loaded first."""

    chosen: Chosen
    mails: tuple[tuple[LetterDraft, ...], ...]
    plan: Plan
    standing: Standing
    changes: Changes | None
    troubles: tuple[str, ...]


def desk_of(settings: Settings, name: str, now: datetime) -> Desk:
    """Raises WrongUsage for a notice that there is not, WrongConfiguration, BrokenTemplate."""
    from outbox.circular import NOTICE
    from program import campaign_folders, parts

    if name != NOTICE:
        raise WrongUsage(name, sentence=f"没有名为“{name}”的通知，可用：{NOTICE}。")
    loaded = campaign_folders.load_campaigns(settings.campaign)
    return Desk(
        settings,
        loaded[0],
        section_of(loaded[0]),
        campaign_folders.letters_of(settings, loaded),
        parts.rules_of(settings, tuple(each.campaign for each in loaded)),
        campaign_folders.rounds_of(loaded[0]),
        now,
    )


def propose(register: Register, desk: Desk, sheet: Sheet | None) -> Proposal:
    """What would be sent, with the roster of a sheet as if it were loaded; changes nothing."""
    from outbox import circular
    from storage import circulars, roster_changes, rosters, sendings

    with _trial(register) as tx:
        changes = roster_changes.compare(tx, sheet) if sheet else None
        troubles = rosters.load(tx, sheet, desk.now).troubles if sheet else ()
        circulars.withdraw_moved(tx, desk.campaign, desk.now)
        chosen = _chosen(tx, desk)
        standing = circulars.standing(tx, desk.campaign)
        lately = sendings.sent_counts(tx, "", desk.now).day
    mails = tuple(circular.mails(chosen.letters))
    return Proposal(chosen, mails, _planned(desk, chosen, mails, standing, lately), standing, changes, troubles)


def queue(register: Register, desk: Desk, sheet: Sheet | None, who: Person, step: Callable[[int, int], None]) -> int:
    """Load the roster and queue one letter a unit and address, by a person's word, which is noted before the first;
    `step(done, all)` hears how far it is.
    """
    from scheduler import desk_acts
    from storage import circulars

    with register.writing() as tx:
        if sheet:
            desk_acts.load_roster(tx, sheet, who, desk.now)
        circulars.withdraw_moved(tx, desk.campaign, desk.now)
        chosen = _chosen(tx, desk)
        drafts = chosen.letters
        if drafts:
            desk_acts.queue_notice(tx, desk.campaign, len(drafts), chosen.units, who, desk.now)
    written = 0
    for first in range(0, len(drafts), CHUNK):
        with register.writing() as tx:
            some = drafts[first : first + CHUNK]
            written += circulars.queue(tx, some, now=desk.now, domain=desk.rules.domain)
        step(min(first + CHUNK, len(drafts)), len(drafts))
    return written


def check(desk: Desk, proposal: Proposal) -> None:
    """Raise before anything is queued: BrokenTemplate for what is missing or broken, WrongUsage for what is too
    large or would leave too late. Letters of one shape differ in words alone, so one of each is composed.
    """
    from outbox import annexes

    annexes.check(desk.section, desk.loaded.folder / "documents", desk.loaded.campaign.form)
    for together in _shapes(proposal.mails):
        composed = compose(desk, together)
        if len(composed.raw) > desk.section.most_bytes:
            raise WrongUsage(
                composed.subject,
                sentence=f"发给{together[0].recipient}的通知连同附件有{len(composed.raw) / (1 << 20):.1f}MB，超过上限"
                f"{desk.section.most_bytes / (1 << 20):g}MB，请压缩附件，或改动 [circular] 的 most_mb。",
            )
    if proposal.chosen.letters:
        _check_time(desk, proposal.plan)


def _check_time(desk: Desk, plan: Plan) -> None:
    from intake.beijing import moment
    from outbox.circular import last_day
    from program.words import date_of

    deadline = desk.loaded.campaign.deadline
    if desk.now > deadline:
        raise WrongUsage(desk.campaign, sentence=f"本次征集已于{moment(deadline)}截止，不再发通知；请核对活动设置。")
    last = last_day(desk.section, deadline)
    if plan.ends is None or plan.ends > last:
        ends = f"要到{date_of(plan.ends)}才能发完" if plan.ends else "无法发完"
        raise WrongUsage(
            desk.campaign,
            sentence=f"按现有发信限度，通知{ends}，晚于{date_of(last)}，未作排发；"
            "请用 intake circular plan notice 查看日程，调整发信限度、提醒轮次（[rounds] days_before）或范围后再试。",
        )


def compose(desk: Desk, together: Sequence[LetterDraft]) -> Composed:
    """A mail as it would leave, with a sample reference. Raises BrokenTemplate."""
    rows = [_row(desk, draft) for draft in together]
    return desk.composer.compose(rows[0], now=desk.now, extra=rows[1:])


def trial_letter(desk: Desk, proposal: Proposal, address: str) -> LetterDraft:
    """The first letter of the notice, to an address of the office; a sample unit's where there is none."""
    from outbox import samples
    from storage.circulars import KIND, key_of

    spec = desk.loaded.campaign.form
    facts = proposal.chosen.letters[0][1].facts if proposal.chosen.letters else samples.facts(KIND, spec, desk.now)
    key = key_of(desk.campaign, f"test {desk.now.astimezone(UTC):%Y%m%d%H%M%S%f}", 0, address)
    letter = samples.letter(KIND, spec, now=desk.now, recipient=address)
    return _draft(letter, key, dict(facts) | {"test": True, "copy": False})


def progress(register: Register, desk: Desk) -> tuple[Standing, Plan]:
    """What became of the notice so far, and how what is queued of it goes on."""
    from outbox.circular import Chosen
    from storage import circulars, sendings

    with register.reading() as tx:
        standing = circulars.standing(tx, desk.campaign)
        lately = sendings.sent_counts(tx, "", desk.now).day
    return standing, _planned(desk, Chosen(), (), standing, lately)


def try_out(register: Register, desk: Desk, proposal: Proposal, address: str, who: Person, clock: Clock) -> Report:
    """Send one letter to an address of the office, by a person's word, as a letter like any other: claimed, counted,
    settled.
    """
    from outbox.deliver import deliver
    from outbox.limits import Limits
    from outbox.terms import Hooks
    from program import parts
    from scheduler import desk_acts
    from storage import letters

    draft = trial_letter(desk, proposal, address)
    with register.writing() as tx:
        desk_acts.try_notice(tx, desk.campaign, address, who, desk.now)
        letter_id, _ = letters.write(tx, draft, now=desk.now, domain=desk.rules.domain)
    settings = desk.settings
    return deliver(
        register, desk.composer, parts.server_of(settings), Limits(**settings.limits.model_dump()), clock,
        may_wait=True, mode=settings.outbox.mode, hooks=Hooks(), only=[letter_id],
    )  # fmt: skip


def section_of(loaded: LoadedCampaign) -> CircularSection:
    from outbox.circular_section import parse_circular

    return parse_circular(loaded.data.get("circular", {}))


def protection(rules: Rules) -> Callable[[str], bool]:
    """Who never gets an automatic letter."""
    return rules.office(rules.campaigns[0], datetime.now(UTC)).is_protected


def circulars_of(settings: Settings, loaded: Sequence[LoadedCampaign]) -> Circulars:
    """What is looked at again when a circular is claimed."""
    from outbox.circular import Circulars
    from program import parts

    rules = parts.rules_of(settings, tuple(each.campaign for each in loaded))
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


# ---- parts --------------------------------------------------------------------------------------


class _NothingKept(Exception):
    """Ends a trial: the transaction is rolled back."""


@contextmanager
def _trial(register: Register) -> Iterator[Connection]:
    """A transaction of which nothing stays."""
    try:
        with register.writing() as tx:
            yield tx
            raise _NothingKept
    except _NothingKept:
        return


def _chosen(tx: Connection, desk: Desk) -> Chosen:
    from outbox import circular
    from storage import circulars

    listed: list[Listed] = circulars.listed(tx, desk.campaign)
    return circular.choose(listed, desk.campaign, desk.section, protection(desk.rules))


def _planned(
    desk: Desk, chosen: Chosen, mails: Sequence[tuple[LetterDraft, ...]], standing: Standing, lately: int
) -> Plan:
    from intake.rounds import rounds
    from outbox import circular_plan
    from outbox.limits import Limits

    deadline, calendar = desk.loaded.campaign.deadline, desk.rules.calendar
    written_to = sum(standing.units[state] for state in ("waiting", "deferred", "sending", "sent", "doubt"))
    task = circular_plan.Task(
        notices=len(mails) + standing.waiting,
        units=chosen.units + written_to,
        deadline=deadline,
        rounds=rounds(desk.rounds, deadline, calendar),
        rules=desk.rounds,
        answer_share=desk.section.answer_share,
        sent_lately=lately,
        notified=standing.sent_on,
    )
    limits = Limits(**desk.settings.limits.model_dump())
    return circular_plan.plan(task, limits, desk.section.hours, calendar, desk.now)


def _shapes(mails: Iterable[tuple[LetterDraft, ...]]) -> list[tuple[LetterDraft, ...]]:
    """One mail of each shape, and the one with most words."""
    every = list(mails)
    shapes = {_shape(together): together for together in every}
    longest = max(every, key=lambda together: sum(len(str(draft.facts)) for draft in together), default=None)
    return [*shapes.values(), *([longest] if longest else [])]


def _shape(together: Sequence[LetterDraft]) -> tuple[Any, ...]:
    """Which facts are there: letters that agree in it are composed by the same lines of a template."""
    units: list[Any] = [unit for draft in together for unit in _listed(draft.facts.get("units"))]
    filled = {name for unit in units for name, value in unit.items() if value}
    return len(together), frozenset(filled), bool(together[0].facts.get("salutation")), together[0].facts.get("copy")


def _listed(value: object) -> list[Any]:
    return list(value) if isinstance(value, list | tuple) else []


def _row(desk: Desk, draft: LetterDraft) -> LetterRow:
    from outbox import samples
    from storage.references import message_id_of

    sample = samples.letter(draft.kind, desk.loaded.campaign.form, now=desk.now, recipient=draft.recipient)
    return replace(sample, key=draft.key, facts=draft.facts, message_id=message_id_of(draft.key, desk.rules.domain))


def _draft(letter: LetterRow, key: str, facts: dict[str, Any]) -> LetterDraft:
    from intake.outcome import LetterDraft

    return LetterDraft(key=key, kind="circular", campaign=letter.campaign, recipient=letter.recipient, facts=facts)
