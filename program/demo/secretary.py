"""What the secretariat itself mails to the daemon: questions, a pause, a form that came by WeChat."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from program.demo import forms, mails
from program.demo.events import Chapter, Event, Make, Standing, answers, at, one, unit
from program.demo.mails import File

SECRETARIAT = "secretariat@example.com"
ANSWERED = ("confirmation",)


def asking() -> Chapter:
    """How it stands, what became of a unit, and who is still silent."""
    for when, subject, what in (
        (at("11-21", "18:30"), "进度", "秘书处问进度"),
        (at("11-21", "18:40"), f"查 {unit(1).name}", "秘书处查一家单位"),
        (at("11-30", "18:30"), "未回复", "秘书处要未回复名单"),
    ):
        yield one(Event(when, what, SECRETARIAT, _mail(when, subject), ANSWERED, alive=False))
    when = at("11-21", "18:50")
    talk = _mail(when, "关于周五的会", "周五的会改到下午三点。")
    yield one(Event(when, "秘书处内部的信", SECRETARIAT, talk, alive=False))


def pausing() -> Chapter:
    """Letters to units wait for half an hour on a Sunday, while a form comes in."""
    for when, subject in ((at("11-20", "12:05"), "暂停发送"), (at("11-20", "12:30"), "恢复发送")):
        yield one(Event(when, subject, SECRETARIAT, _mail(when, subject), ANSWERED, alive=False))


def entering() -> Chapter:
    """A unit sent its form by WeChat: recorded with the channel, and without a letter to the unit."""
    who, when = unit(52), at("11-29", "14:30")
    file = File("微信收到的意向书.docx", forms.docx(answers(who, "yes", "no"), "☑"))
    make = _mail(when, "代录 微信", "请登记。", [file])
    yield one(Event(when, "秘书处代录", SECRETARIAT, make, ANSWERED), who.name, Standing("yes", "no"))


def _mail(when: datetime, subject: str, text: str = "", files: Sequence[File] = ()) -> Make:
    return lambda _: mails.compose(
        "foxmail", ("秘书处", SECRETARIAT), when, subject, text=text, files=list(files)
    )  # fmt: skip
