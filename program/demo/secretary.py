"""What the secretariat does, by mail and by hand: questions, a decision, a pause, forms that came another way."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime

from intake.message import parse
from program.demo import forms, mails, owing
from program.demo.events import (
    Chapter,
    Corrected,
    Entered,
    Event,
    Make,
    Owed,
    Post,
    Standing,
    Told,
    answers,
    at,
    one,
    unit,
)  # fmt: skip
from program.demo.mails import File

SECRETARIAT = "secretariat@example.com"
ANSWERED = ("confirmation",)
_LINE = re.compile(r"[2-9A-HJ-NP-Z]{6}-[2-9A-HJ-NP-Z]{12} (\w+)")


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
    stop, go = at("11-20", "12:05"), at("11-20", "12:30")
    yield one(Event(stop, "暂停发送", SECRETARIAT, _mail(stop, "暂停发送"), ANSWERED, alive=False))
    yield one(Event(go, "恢复发送", SECRETARIAT, _line(go, "", "恢复发送"), ANSWERED, alive=False))


def entering() -> Chapter:
    """A unit sent its form by WeChat: recorded with the channel, and without a letter to the unit."""
    who, when = unit(52), at("11-29", "14:30")
    file = File("微信收到的意向书.docx", forms.docx(answers(who, "yes", "no"), "☑"))
    make = _mail(when, "代录 微信", "请登记。", [file])
    yield one(Event(when, "秘书处代录", SECRETARIAT, make, ANSWERED), who.name, Standing("yes", "no"))


def by_hand() -> Chapter:
    """A telephone call, and a form on paper that lay on a desk until after the deadline; a value that was misread."""
    called, on_paper, misread = unit(118), unit(120), unit(52)
    call = Entered(
        at("11-28", "14:00"), "电话登记", called, answers(called, "yes", "no"), "电话", at("11-28", "11:20"),
        receipt_to=called.email,
    )  # fmt: skip
    filled = answers(on_paper, "yes", "no")
    paper = Entered(
        at("12-03", "08:40"), "补录纸质表格", on_paper, filled, "纸质", at("12-02", "15:00"),
        File("纸质意向书.docx", forms.docx(filled, "√替换方框")),
    )  # fmt: skip
    mended = Corrected(at("11-29", "15:10"), "更正登记", misread.name, ("联系人姓名=示例人员", "会员=是"))
    yield Told(
        by_hand=(call, paper, mended),
        truth={
            called.name: Standing("yes", "no"), on_paper.name: Standing("yes", "no"),
            misread.name: Standing("yes", "yes"),
        },
    )  # fmt: skip


def deciding() -> Chapter:
    """A form with both boxes ticked: the secretariat telephones, and copies a line out of the worklist."""
    who, ticked, decided = unit(54), at("11-24", "13:40"), at("11-24", "14:40")
    yield Told(
        (
            Event(ticked, "两项都勾", who.email, owing.ticked_twice(who, ticked), ("acknowledgement",), ("unclear",)),
            Event(decided, "秘书处决定", SECRETARIAT, _line(decided, who.name, "是"), ANSWERED, alive=False),
        ),
        truth={who.name: Standing("yes", "no")},
        owed=(Owed(who.name, owing.JOIN, "settled"),),
    )


def _line(when: datetime, name: str, word: str) -> Make:
    """A mail whose subject is the line with the word, the first below a unit's name in the newest letter to us."""

    def make(post: Post) -> bytes:
        text = parse(post.latest(SECRETARIAT).as_bytes()).new_text
        below = text[text.find(name) :]
        line = next(found[0] for found in _LINE.finditer(below) if found[1] == word)
        return mails.compose("foxmail", ("秘书处", SECRETARIAT), when, line, text="")

    return make


def _mail(when: datetime, subject: str, text: str = "", files: Sequence[File] = ()) -> Make:
    return lambda _: mails.compose(
        "foxmail", ("秘书处", SECRETARIAT), when, subject, text=text, files=list(files)
    )  # fmt: skip
