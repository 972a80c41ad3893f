"""The circular's own story: to whom it goes, what comes back, and the addresses that are corrected."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from program.demo import bounces
from program.demo.bounces import Bounce
from program.demo.events import (
    Chapter,
    Errand,
    Event,
    Make,
    Returned,
    Standing,
    Told,
    answers,
    at,
    filled_circular,
    mail_of,
    one,
    unit,
)
from program.demo.units import UNITS, Unit

CORRECTED_AT = at("11-22", "09:10")
_RETURNED: tuple[tuple[int, str, Bounce, bool], ...] = (  # unit, what, how, for good
    (100, "系统退信", bounces.netease, True),
    (101, "QQ退信", bounces.qq, True),
    (102, "未送达", bounces.exchange, True),
    (103, "退信", bounces.postfix, True),
    (104, "系统退信", bounces.netease, True),
    (105, "投递延迟", bounces.postfix_delayed, False),
    (106, "系统退信，邮箱已满", bounces.netease_full, False),
    (107, "QQ退信，仍在重试", bounces.qq_delayed, False),
    (108, "传递延迟", bounces.exchange_delayed, False),
)


def corrected(number: int) -> Unit:
    """A unit with the address that the secretariat learnt by telephone."""
    before = unit(number)
    return replace(before, email=f"office@{before.email.partition('@')[2]}")


CORRECTED = {number: corrected(number) for number in (100, 101, 102)}


def errands() -> tuple[Errand, ...]:
    """The notice to all units; and, once three addresses are corrected, again to those."""
    later = tuple(CORRECTED.get(each.number, each) for each in UNITS)
    return Errand(at("11-17", "08:00"), "排发通知", UNITS), Errand(CORRECTED_AT, "更正邮箱，再排发", later)


def returned() -> Chapter:
    """Nine circulars come back: five for good, of which three find a corrected address, four for now."""
    for number, what, bounce, permanent in _RETURNED:
        who, when = unit(number), at("11-18", f"15:{number - 90}")
        event = Event(when, what, "", _bounced(who.email, when, bounce), alive=False)
        new = CORRECTED[number].email if number in CORRECTED else ""
        yield Told((event,), returned=(Returned(who.name, who.email, permanent, new, told_at=when),))


def answered() -> Chapter:
    """Who got it after all: at the corrected address, or when the server had tried again."""
    for number, day, join in (
        (100, "11-24", "yes"),
        (101, "11-29", "no"),
        (105, "11-28", "yes"),
        (107, "11-23", "yes"),
    ):
        who, when = CORRECTED.get(number, unit(number)), at(day, "15:40")
        member = "blank" if who.member else "no"
        make = filled_circular(who, when, answers(who, join, member), "☑")
        event = Event(when, "填好通知所附的表", who.email, make, ("acknowledgement",))
        yield one(event, who.name, Standing(join, member))


def away() -> Chapter:
    """Unit 116's mailbox answers by itself, which is no sign of life."""
    who, when = unit(116), at("11-18", "15:30")
    make = mail_of(who, when, "自动回复", text="您的来信已收到。", headers=[("Auto-Submitted", "auto-replied")])
    yield one(Event(when, "自动回复通知", who.email, make, alive=False))


def _bounced(address: str, when: datetime, bounce: Bounce) -> Make:
    return lambda post: bounce(post.first(address), when)
