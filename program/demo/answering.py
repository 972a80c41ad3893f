"""Forms in time, in time by a second, late, and amended: in every way of ticking, and many on the last afternoon."""

from __future__ import annotations

from datetime import datetime, timedelta

from program.demo import forms
from program.demo.events import (
    Chapter,
    Event,
    Make,
    Standing,
    Told,
    answers,
    at,
    filled_circular,
    form_mail,
    mail_of,
    one,
    unit,
)
from program.demo.forms import MARKS, Answers
from program.demo.mails import File
from program.demo.units import Unit


def ordinary() -> Chapter:
    """Units 1 to 30 answer in time: Word forms ticked in every way, workbooks, pasted bodies."""
    marks = tuple(MARKS)
    for number in range(1, 31):
        who = unit(number)
        when = at(f"11-{17 + (number - 1) // 3:02d}", f"{9 + 3 * (number % 3):02d}:{number:02d}")
        join = "no" if number % 9 == 0 else "yes"
        member = "blank" if who.member else ("no" if number % 4 == 0 else "yes")
        what, make = _in_some_way(number % 10, who, when, answers(who, join, member), marks[number % len(marks)])
        yield one(Event(when, what, who.email, make, ("acknowledgement",)), who.name, Standing(join, member))


def prefilled() -> Chapter:
    """Units 55 to 69 answer the circular with the form that came with it; one has another contact now.

    Unit 69 answers while a round of reminders leaves, just before its turn.
    """
    days = ("11-18", "11-21", "11-21", "11-22", "11-22", "11-23", "11-23", "11-24", "11-24", "11-25", "11-28", "11-28")
    times = [at(day, f"14:{2 * place:02d}") for place, day in enumerate((*days, "11-29", "11-30"))]
    for number, when in enumerate((*times, at("11-25", "10:12")), start=55):
        who = unit(number)
        join, member = "no" if number % 7 == 0 else "yes", "blank" if who.member else "yes"
        changed = {"contact": "示例继任", "title": "副主任"} if number == 60 else {}
        yield _answered_circular(who, when, Standing(join, member), **changed)


def flood() -> Chapter:
    """Units 70 to 99 answer on the last afternoon, twenty of them in the last twenty minutes."""
    early = [at("12-02", "14:05") + place * timedelta(minutes=15) for place in range(10)]
    rushed = [at("12-02", "16:40") + place * timedelta(seconds=58) for place in range(20)]
    for number, when in enumerate((*early, *rushed), start=70):
        who = unit(number)
        standing = Standing("no" if number % 11 == 0 else "yes", "blank" if who.member else "no")
        if number % 5 < 2:
            yield _answered_circular(who, when, standing)
            continue
        filled = answers(who, standing.join, standing.member)
        _, make = _in_some_way(number % 5 + 5, who, when, filled, "√替换方框")
        yield one(Event(when, "最后一天下午", who.email, make, ("acknowledgement",)), who.name, standing)


def _answered_circular(who: Unit, when: datetime, standing: Standing, **changed: str) -> Told:
    mark = tuple(MARKS)[who.number % len(MARKS)]
    make = filled_circular(who, when, answers(who, standing.join, standing.member, **changed), mark)
    return one(Event(when, "填好通知所附的表", who.email, make, ("acknowledgement",)), who.name, standing)


def _in_some_way(way: int, who: Unit, when: datetime, filled: Answers, mark: str) -> tuple[str, Make]:
    """What it is and how it is made: a workbook, the body's text, a table in the body, or a Word file."""
    subject = f"{who.name}入盟意向书"
    if way == 7:
        book = File("意向书.xlsx", forms.xlsx(filled))
        return "Excel表格", mail_of(who, when, subject, text="见附件。", files=[book])
    if way == 8:
        return "粘贴在正文", mail_of(who, when, subject, text=forms.pasted(filled))
    if way == 9:
        return "正文表格", mail_of(who, when, subject, html=forms.html_table(filled))
    return f"Word，{mark}", form_mail(who, when, filled, mark)


def at_the_deadline() -> Chapter:
    """Unit 31 at the last second, 32 to 34 and 115 after it."""
    moments = ((31, "12-02", "17:00:00"), (32, "12-02", "17:00:01"), (33, "12-02", "20:15"), (34, "12-02", "23:40"))
    for number, day, time in (*moments, (115, "12-03", "08:10")):
        who, when, late = unit(number), at(day, time), number > 31
        make = form_mail(who, when, answers(who, "yes", "no"), "☑")
        letters = ("late",) if late else ("acknowledgement",)
        what = "逾期" if late else "截止当刻"
        yield one(Event(when, what, who.email, make, letters), who.name, Standing("yes", "no", late))


def amended() -> Chapter:
    """Unit 37 changes its mind."""
    who = unit(37)
    first, second = at("11-22", "10:10"), at("11-24", "11:00")
    make = form_mail(who, first, answers(who, "yes", "yes"), "内容控件")
    yield one(Event(first, "先选是", who.email, make, ("acknowledgement",)))
    make = form_mail(who, second, answers(who, "no", "yes"), "内容控件")
    yield one(Event(second, "改选否", who.email, make, ("correction",)), who.name, Standing("no", "yes"))
