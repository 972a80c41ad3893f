"""Sample facts for digest, leaders' version and worklist: usual ones, none at all, and extreme ones."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta

from intake.campaign import Campaign
from outbox.digest_words import MOST_OTHERS, Frame
from outbox.extremes import LONG, SIGNS
from outbox.limits import Limits
from storage.briefing_facts import Briefing, Entry, Health, Owed, Silent, Trouble, Waiting
from storage.plain_rows import (
    BLANK,
    MEMBER,
    PENDING,
    SILENT,
    Audit,
    ChoiceTally,
    Counts,
    DeadAddress,
    Gate,
    Group,
    HeldRow,
    Tally,
)

MANY = MOST_OTHERS + 1  # more of a kind than its list shows
_ANSWERS = ("yes", "no", BLANK, MEMBER, PENDING, SILENT)
_FRAME = Frame(desk="sample@example.com", codes={}, limits=Limits(), labels=lambda key: key)


def usual(campaign: Campaign, now: datetime) -> Iterator[tuple[Briefing, Frame]]:
    """Facts with what is told beside them: of everything one, and nothing at all."""
    nothing = _nothing(campaign, now)
    yield nothing, replace(_FRAME, closing=True)
    yield _briefing(nothing, "示例科技有限公司", 1), _told("示例说明")


def each(campaign: Campaign, now: datetime) -> Iterator[tuple[Briefing, Frame]]:
    """The usual ones and extreme ones, each set legal."""
    yield from usual(campaign, now)
    nothing = _nothing(campaign, now)
    yield _briefing(nothing, SIGNS, 2), _told(SIGNS)
    yield _briefing(nothing, LONG, 2), replace(_told(LONG), codes={}, closing=True)


def _told(text: str) -> Frame:
    codes, pictures = {0: "A7K2QX-4J7MPW3KQ9TZ"}, {0: "held0@intake"}
    return replace(_FRAME, codes=codes, pictures=pictures, missed=3, broken=(text,), years_unknown=(2016, 2017))


def _nothing(campaign: Campaign, now: datetime) -> Briefing:
    """The first hour of a campaign."""
    none = Group(choices=tuple(ChoiceTally(one.id, one.short, {}) for one in campaign.form.choices))
    return Briefing(
        campaign=campaign, begin=now - timedelta(days=1), end=now,
        tally=Tally(roster=none, others=none, decisive=campaign.form.declines),
        days={}, mails={}, letters={}, entries=(), silent=(), waiting=(), owed=(), bounced=(), troubles=(),
        used=Counts(), health=Health(now, now, 0, 0, 0, ()),
    )  # fmt: skip


def _briefing(nothing: Briefing, text: str, number: int) -> Briefing:
    """Everything that there can be, `number` of each, every text of a stranger's replaced."""
    campaign, now = nothing.campaign, nothing.end
    then = now - timedelta(days=2)
    answers = {choice.id: "yes" for choice in campaign.form.choices}
    gates = (Gate("pause", text, None, None, then),)
    return replace(
        nothing,
        tally=Tally(_group(campaign, number), _group(campaign, number), campaign.form.declines),
        days={(now - timedelta(days=ago)).date(): number for ago in range(3)},
        mails={"form": number, text: number},
        letters={"acknowledgement": number, text: number},
        entries=(Entry(text, answers, then, True, True, "482913", text),) * number,
        silent=(Silent(text, text, True, text, text, text),) * number,
        waiting=tuple(Waiting(_held(i, text, then), text, text, ("是", "否")) for i in range(number)),
        owed=tuple(Owed(text, reason, text, now, True) for reason in ("missing", text)) * number,
        bounced=(DeadAddress(text, then, text, 1, 1),) * number,
        troubles=(Trouble("late", "refused", text, "", then, ""), Trouble(text, text, text, text, then, text)) * number,
        health=Health(None if number == 1 else then, None, number, number, number, gates),
        audits=(Audit(1, then, text, "mail", "held", text, text, None, campaign.id, None, None, None, 1),) * MANY,
    )  # fmt: skip


def _group(campaign: Campaign, number: int) -> Group:
    choices = tuple(
        ChoiceTally(one.id, one.short, dict.fromkeys((*one.options, *_ANSWERS), number))
        for one in campaign.form.choices
    )  # fmt: skip
    return Group(6 * number, 4 * number, number, number, number, number, choices)


def _held(held_id: int, text: str, then: datetime) -> HeldRow:
    return HeldRow(
        id=held_id, reference="A7K2QX", campaign="sample", reason="unclear", sentence=text, key="join", state="open",
        opened_at=then, closed_at=None, decision=None, decided_by=None, message_id=1, sighting_id=None,
        submission_id=1, unit_name=text if held_id else "", sender=text, subject=text, received_at=then, raw_hash="",
        unit_id=None, details=None,
    )  # fmt: skip
