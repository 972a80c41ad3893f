"""The letters of a circular before they are queued: checked, composed as they would leave, one tried.

Promises: what is missing, broken, too large or too late is refused before anything is queued.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import UTC
from typing import TYPE_CHECKING, Any

from intake.errors import WrongUsage

if TYPE_CHECKING:
    from intake.outcome import LetterDraft
    from outbox.circular_plan import Plan
    from outbox.compose import Composed
    from outbox.terms import Clock, Report
    from program.circular_queue import Desk, Proposal
    from storage.audits import Person
    from storage.letter_row import LetterRow
    from storage.register import Register


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
