"""What units leave out of their forms, and how that ends: answered, chased, given to a person, still open."""

from __future__ import annotations

from datetime import datetime

from program.demo import forms
from program.demo.events import (
    Chapter,
    Event,
    Make,
    Owed,
    Standing,
    Ticked,
    Told,
    answers,
    at,
    form_mail,
    mail_of,
    reply,
    unit,
)
from program.demo.units import Unit

PHONE, JOIN = "office_phone", "join"
_BEFORE_ANY, _AFTER_ONE, _AFTER_TWO = 0, 1, 2  # reminders that the unit had when it answered


def telephones() -> Chapter:
    """No telephone at all: supplied at once, in a line, in doubtful words after a reminder, never, and not due yet."""
    yield from _supplied(36, at("11-21", "10:05"), at("11-22", "15:20"), _BEFORE_ANY)
    yield from _written(109, at("11-21", "11:05"), at("11-22", "16:00"))
    yield from _doubtful(110, at("11-21", "11:20"), at("11-24", "11:20"), at("11-25", "09:20"))
    who = unit(111)
    yield _without_telephone(who, at("11-21", "11:40"), Owed(who.name, PHONE, "overdue", 2, handed=True))
    who = unit(114)
    yield _without_telephone(who, at("12-01", "15:00"), Owed(who.name, PHONE, "open"))


def choices() -> Chapter:
    """Both boxes ticked: cleared up at once, after the second reminder, and never."""
    yield from _cleared(38, at("11-23", "10:15"), at("11-24", "15:30"), _BEFORE_ANY)
    yield from _cleared(112, at("11-22", "09:30"), at("11-28", "15:20"), _AFTER_TWO)
    who = unit(117)
    yield _both_ticked(who, at("11-23", "11:00"), Owed(who.name, JOIN, "overdue", 2, handed=True))


def _supplied(number: int, first: datetime, second: datetime, reminders: int) -> Chapter:
    who = unit(number)
    yield _without_telephone(who, first, Owed(who.name, PHONE, "settled", reminders))
    make = form_mail(who, second, answers(who, "yes", "no"), "☑")
    yield Told((Event(second, "补正电话", who.email, make, ("correction",)),))


def _written(number: int, first: datetime, second: datetime) -> Chapter:
    """The answer in a line is read like a form with this one field."""
    who = unit(number)
    yield _without_telephone(who, first, Owed(who.name, PHONE, "settled"))
    make = reply(who, second, f"您好，办公电话：{who.office_phone}")
    yield Told((Event(second, "回信写明电话", who.email, make, ("correction",)),))


def _doubtful(number: int, first: datetime, second: datetime, ticked: datetime) -> Chapter:
    """Words that could mean more are shown to a person, who notes the answer; the unit is not chased meanwhile."""
    who = unit(number)
    yield _without_telephone(who, first, Owed(who.name, PHONE, "settled", _AFTER_ONE))
    make = reply(who, second, f"您好，白天请打{who.office_phone}，总机已停用。")
    event = Event(second, "回信电话存疑", who.email, make, ("received",), ("question",))
    yield Told((event,), (Ticked(ticked, "登记收到电话", who.name, PHONE),))


def _without_telephone(who: Unit, when: datetime, owed: Owed) -> Told:
    short = answers(who, "yes", "no", office_phone="", mobile="")
    event = Event(when, "缺电话", who.email, form_mail(who, when, short, "☑"), ("acknowledgement",))
    return Told((event,), truth={who.name: Standing("yes", "no")}, owed=(owed,))


def _cleared(number: int, first: datetime, second: datetime, reminders: int) -> Chapter:
    who = unit(number)
    yield _both_ticked(who, first, Owed(who.name, JOIN, "settled", reminders))
    make = form_mail(who, second, answers(who, "yes", "no"), "√替换方框")
    event = Event(second, "重新勾选", who.email, make, ("correction",))
    yield Told((event,), truth={who.name: Standing("yes", "no")})


def _both_ticked(who: Unit, when: datetime, owed: Owed) -> Told:
    event = Event(when, "两项都勾", who.email, ticked_twice(who, when), ("acknowledgement",), ("unclear",))
    return Told((event,), truth={who.name: Standing("unclear", "no")}, owed=(owed,))


def ticked_twice(who: Unit, when: datetime) -> Make:
    one, both = (f"{forms.JOIN}：是 ☑    否 {box}" for box in ("□", "☑"))
    return mail_of(who, when, "入盟意向书", text=forms.pasted(answers(who, "yes", "no")).replace(one, both))
