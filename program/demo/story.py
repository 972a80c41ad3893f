"""The campaign of the demonstration, mail by mail, with what each must lead to.

Every event says when a mail arrives, how it is made, which letters its sender must then get, and
what must be held for a person. `truth` says how each unit must stand at the end. The daemon sees
only the mails.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from email.message import Message
from typing import TypeAlias

from intake.beijing import BEIJING
from program.demo import forms, mails
from program.demo.forms import MARKS, Answers
from program.demo.mails import File, Manner
from program.demo.units import UNITS, Unit

LetterTo: TypeAlias = Callable[[str], Message]  # the latest letter sent to an address
MANNERS: tuple[Manner, ...] = ("foxmail", "qq", "netease", "outlook")
FORM_FILE = "入盟意向书.docx"


@dataclass(frozen=True, slots=True)
class Event:
    """One mail: `make` gets the letters sent so far (to answer or bounce one) and gives raw bytes."""

    at: datetime
    what: str
    sender: str
    make: Callable[[LetterTo], bytes]
    letters: tuple[str, ...] = ()
    held: tuple[str, ...] = ()
    folder: str = "INBOX"


@dataclass(frozen=True, slots=True)
class Standing:
    """How a unit must stand at the end: both answers, and whether its form was late."""

    join: str
    member: str
    late: bool = False


@dataclass(frozen=True, slots=True)
class Story:
    """`reminders` is how many each address must get: one a round, until the unit is first heard of."""

    events: tuple[Event, ...]
    truth: Mapping[str, Standing] = field(default_factory=dict)
    reminders: Mapping[str, int] = field(default_factory=dict)


def at(day: str, time: str) -> datetime:
    """A Beijing moment of 2016, from `11-17` and `09:30` or `17:00:01`."""
    return datetime.fromisoformat(f"2016-{day}T{time}").replace(tzinfo=BEIJING)


ROUNDS = tuple(at(day, "10:00") for day in ("11-25", "11-29", "12-01"))  # seven, three and one days before the end
_BY_NAME = {unit.name: unit for unit in UNITS}


def tell() -> Story:
    """The whole story in order of arrival."""
    events: list[Event] = []
    truth: dict[str, Standing] = {}
    heard: dict[str, datetime] = {}
    for chapter in (_ordinary, _at_the_deadline, _corrected, _wrong, _words, _machines, _people):
        for event, standings in chapter():
            events.append(event)
            truth.update(standings)
            for address in (event.sender, *(_BY_NAME[name].email for name in standings if name in _BY_NAME)):
                heard[address] = min(event.at, heard.get(address, event.at))
    silent_at = {
        unit.email: sum(round_ < heard.get(unit.email, at("12-31", "00:00")) for round_ in ROUNDS) for unit in UNITS
    }
    return Story(tuple(sorted(events, key=lambda event: event.at)), truth, silent_at)


Told: TypeAlias = Iterator[tuple[Event, dict[str, Standing]]]


def _unit(number: int) -> Unit:
    return UNITS[number - 1]


def _answers(of: Unit, join: str, member: str = "blank", **changed: str) -> Answers:
    return Answers({**of.values, **changed}, join, member)


def _from(unit: Unit, when: datetime, subject: str, **mail: object) -> Callable[[LetterTo], bytes]:
    manner = MANNERS[unit.number % len(MANNERS)]
    return lambda _: mails.compose(manner, (unit.contact, unit.email), when, subject, **mail)  # type: ignore[arg-type]


def _form_mail(unit: Unit, when: datetime, answers: Answers, mark: str) -> Callable[[LetterTo], bytes]:
    file = File(f"{unit.name}{FORM_FILE}", forms.docx(answers, mark))
    return _from(unit, when, f"{unit.name}入盟意向书", text="您好，意向书见附件，请查收。", files=[file])


def _ordinary() -> Told:
    """Units 1 to 30 answer in time: Word forms ticked in every way, workbooks, pasted bodies."""
    marks = tuple(MARKS)
    for number in range(1, 31):
        unit = _unit(number)
        when = at(f"11-{17 + (number - 1) // 3:02d}", f"{9 + 3 * (number % 3):02d}:{number:02d}")
        join = "no" if number % 9 == 0 else "yes"
        member = "blank" if unit.member else ("no" if number % 4 == 0 else "yes")
        answers = _answers(unit, join, member)
        subject = f"{unit.name}入盟意向书"
        if number % 10 == 7:
            book = File("意向书.xlsx", forms.xlsx(answers))
            make, what = _from(unit, when, subject, text="见附件。", files=[book]), "Excel表格"
        elif number % 10 == 8:
            make, what = _from(unit, when, subject, text=forms.pasted(answers)), "粘贴在正文"
        elif number % 10 == 9:
            make, what = _from(unit, when, subject, html=forms.html_table(answers)), "正文表格"
        else:
            mark = marks[number % len(marks)]
            make, what = _form_mail(unit, when, answers, mark), f"Word，{mark}"
        yield Event(when, what, unit.email, make, ("acknowledgement",)), {unit.name: Standing(join, member)}


def _at_the_deadline() -> Told:
    """Unit 31 at the last second, 32 to 34 after it."""
    for number, time in ((31, "17:00:00"), (32, "17:00:01"), (33, "20:15"), (34, "23:40")):
        unit, when, late = _unit(number), at("12-02", time), number > 31
        make = _form_mail(unit, when, _answers(unit, "yes", "no"), "☑")
        letters = ("late",) if late else ("acknowledgement",)
        what = "逾期" if late else "截止当刻"
        yield Event(when, what, unit.email, make, letters), {unit.name: Standing("yes", "no", late)}


def _corrected() -> Told:
    """Units 36 to 38: a missing telephone supplied, a change of mind, both boxes ticked and then cleared up."""
    unit = _unit(36)
    first, second = at("11-21", "10:05"), at("11-22", "15:20")
    short = _answers(unit, "yes", "no", office_phone="", mobile="")
    yield Event(first, "缺电话", unit.email, _form_mail(unit, first, short, "☑"), ("acknowledgement",)), {}
    whole = _form_mail(unit, second, _answers(unit, "yes", "no"), "☑")
    yield Event(second, "补正电话", unit.email, whole, ("correction",)), {unit.name: Standing("yes", "no")}

    unit = _unit(37)
    first, second = at("11-22", "10:10"), at("11-24", "11:00")
    make = _form_mail(unit, first, _answers(unit, "yes", "yes"), "内容控件")
    yield Event(first, "先选是", unit.email, make, ("acknowledgement",)), {}
    make = _form_mail(unit, second, _answers(unit, "no", "yes"), "内容控件")
    yield Event(second, "改选否", unit.email, make, ("correction",)), {unit.name: Standing("no", "yes")}

    unit = _unit(38)
    first, second = at("11-23", "10:15"), at("11-24", "15:30")
    both = forms.pasted(_answers(unit, "yes", "no")).replace(
        f"{forms.JOIN}：是 ☑    否 □", f"{forms.JOIN}：是 ☑    否 ☑"
    )
    make = _from(unit, first, "入盟意向书", text=both)
    yield Event(first, "两项都勾", unit.email, make, ("acknowledgement",), ("unclear",)), {}
    make = _form_mail(unit, second, _answers(unit, "yes", "no"), "√替换方框")
    yield Event(second, "重新勾选", unit.email, make, ("correction",)), {unit.name: Standing("yes", "no")}


def _wrong() -> Told:
    """Units 39 to 42: a wrong file, a damaged file, a cloud link, a blank form; the first two then get it right."""
    unit = _unit(39)
    first, second = at("11-23", "09:30"), at("11-24", "09:40")
    brochure = File("单位简介.docx", forms.brochure(unit.name))
    make = _from(unit, first, "入盟意向书", text="意向书见附件。", files=[brochure])
    yield Event(first, "发错文件", unit.email, make, ("no-form",)), {}
    make = _form_mail(unit, second, _answers(unit, "yes", "yes"), "■")
    yield Event(second, "重新发来", unit.email, make, ("acknowledgement",)), {unit.name: Standing("yes", "yes")}

    unit = _unit(40)
    first, second = at("11-24", "09:45"), at("11-25", "10:00")
    broken = File("入盟意向书.docx", forms.docx(_answers(unit, "yes"), "☑")[:9000])
    make = _from(unit, first, "入盟意向书", text="请查收附件。", files=[broken])
    yield Event(first, "文件损坏", unit.email, make, ("unreadable",), ("unreadable",)), {}
    make = _form_mail(unit, second, _answers(unit, "yes", "no"), "（√）")
    yield Event(second, "重新发来", unit.email, make, ("acknowledgement",)), {unit.name: Standing("yes", "no")}

    unit, when = _unit(41), at("11-25", "14:00")
    link = (
        '<div id="QQMailBigAttach">从QQ邮箱发来的超大附件<br>入盟意向书扫描件.pdf (38.2M) '
        '<a href="https://mail.qq.com/cgi-bin/ftnExs_download?k=sample&t=exs_ftn_download&code=sample">进入下载页面</a></div>'
    )
    make = _from(unit, when, "入盟意向书", html=link)
    yield Event(when, "超大附件链接", unit.email, make, ("cloud-link",)), {}

    unit, when = _unit(42), at("11-25", "16:00")
    empty = Answers({}, "blank", "blank")
    make = _from(unit, when, "意向书", text="请查收。", files=[File(FORM_FILE, forms.docx(empty, "☑"))])
    yield Event(when, "空白表", unit.email, make, ("no-form",)), {}


def _words() -> Told:
    """Units 43 to 45 write instead of ticking: a question, a consent without a form, thanks."""
    unit, when = _unit(43), at("11-24", "10:30")
    ask = "您好，请问加入联盟是否需要缴纳会费？意向书可否下周再发？"
    make = _from(unit, when, "咨询入盟事宜", text=ask)
    yield Event(when, "咨询", unit.email, make, ("received",), ("question",)), {}

    unit, when = _unit(44), at("11-25", "09:20")
    make = _from(unit, when, "关于入盟", text="我单位同意加入首都知识产权运营联盟。")
    yield Event(when, "正文表态", unit.email, make, ("no-form",), ("statement",)), {}

    unit, when = _unit(1), at("11-18", "10:00")
    thanks = _reply(unit, when, "收到，谢谢！")
    yield Event(when, "致谢", unit.email, thanks), {}
    unit, when = _unit(2), at("11-18", "10:20")
    yield Event(when, "致谢", unit.email, _reply(unit, when, "信息无误，辛苦了。")), {}


def _machines() -> Told:
    """What machines send: auto-replies, a bounce, a receipt, a list, an advertisement; none gets a letter."""
    unit, when = _unit(3), at("11-17", "18:30")
    make = _from(
        unit,
        when,
        "自动回复:入盟意向书回执",
        html="您好，这是来自QQ邮箱的假期自动回复邮件。",
        headers=[("X-QQ-AUTO-REPLY", "true")],
    )
    yield Event(when, "QQ自动回复", unit.email, make), {}
    unit, when = _unit(5), at("11-18", "20:00")
    make = _from(
        unit, when, "自动答复: 外出", text="我正在休假，无法查收邮件。", headers=[("Auto-Submitted", "auto-replied")]
    )
    yield Event(when, "自动答复", unit.email, make), {}

    unit, when = _unit(6), at("11-19", "09:05")
    yield Event(when, "系统退信", "postmaster@163.com", _bounced(unit, when)), {}

    unit, when = _unit(4), at("11-19", "11:00")
    make = _from(unit, when, "已读:入盟意向书", text="这是邮件收条。")
    yield Event(when, "已读回执", unit.email, make), {}

    seller = replace(_unit(1), number=2, contact="示例培训", email="news@ads.example.net")
    when = at("11-20", "08:00")
    make = _from(
        seller,
        when,
        "发票开具与财税培训",
        text="专业财税培训，欢迎报名。",
        headers=[("List-Unsubscribe", "<mailto:x@ads.example.net>")],
    )
    yield Event(when, "广告", seller.email, make, folder="垃圾邮件"), {}

    unit, when = _unit(46), at("11-26", "09:00")
    make = _form_mail(unit, when, _answers(unit, "yes", "yes"), "√替换方框")
    event = Event(when, "误入垃圾箱的意向书", unit.email, make, ("acknowledgement",), folder="垃圾邮件")
    yield event, {unit.name: Standing("yes", "yes")}


def _people() -> Told:
    """What needs a person, and what people do twice: resends, a collector, a stranger's form, a near name."""
    unit, when, again = _unit(45), at("11-26", "10:00"), at("11-26", "16:00")
    answers = _answers(unit, "yes", "no")
    yield (
        Event(when, "意向书", unit.email, _form_mail(unit, when, answers, "☑"), ("acknowledgement",)),
        {unit.name: Standing("yes", "no")},
    )
    yield Event(again, "同一封再次发来", unit.email, _form_mail(unit, again, answers, "☑"), ("repeat",)), {}

    collector, when = _unit(47), at("11-28", "10:00")
    units = [_unit(number) for number in (47, 48, 49)]
    files = [
        File(f"{each.name}.docx", forms.docx(_answers(each, "yes", "yes" if not each.member else "blank"), "☑"))
        for each in units
    ]
    make = _from(collector, when, "转来三家单位意向书", text="三家单位的意向书见附件。", files=files)
    standings = {each.name: Standing("yes", "blank" if each.member else "yes") for each in units}
    yield Event(when, "一封三家", collector.email, make, ("acknowledgement",)), standings

    unit, when = _unit(10), at("11-28", "14:00")
    stranger = replace(unit, contact="示例同事", email="someone@other.example.net")
    make = _form_mail(stranger, when, Answers(unit.values, "no", "no"), "☑")
    yield Event(when, "他人改填", stranger.email, make, ("received",), ("other-sender",)), {}

    unit, when = _unit(50), at("11-29", "09:30")
    near = _answers(unit, "yes", "yes", unit=f"北京{unit.name}")
    yield Event(when, "名称近似", unit.email, _form_mail(unit, when, near, "☑"), ("received",), ("near-name",)), {}

    unit, when = _unit(53), at("11-29", "11:00")
    make = _form_mail(unit, when, _answers(unit, "yes", "no"), "☑")
    event = Event(when, "会员勾否", unit.email, make, ("received",), ("member-no",))
    yield event, {unit.name: Standing("yes", "no")}

    unit, when = _unit(51), at("11-30", "10:00")
    recall = _from(unit, when, "发信方已撤回邮件：入盟意向书", text="发信方已撤回邮件。")
    yield Event(when, "撤回", unit.email, recall, (), ("recall",)), {}


def _reply(unit: Unit, when: datetime, text: str) -> Callable[[LetterTo], bytes]:
    def make(letter_to: LetterTo) -> bytes:
        letter = letter_to(unit.email)
        manner = MANNERS[unit.number % len(MANNERS)]
        return mails.compose(manner, (unit.contact, unit.email), when, "Re: 入盟意向书", text=text, reply_to=letter)

    return make


def _bounced(unit: Unit, when: datetime) -> Callable[[LetterTo], bytes]:
    return lambda letter_to: mails.bounce(letter_to(unit.email), when)
