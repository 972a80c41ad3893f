"""What else arrives: wrong forms, questions, thanks, what machines send, and what needs a person."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from program.demo import bounces, forms
from program.demo.events import (
    FORM_FILE,
    Chapter,
    Event,
    Make,
    Returned,
    Standing,
    Told,
    answers,
    at,
    form_mail,
    mail_of,
    one,
    reply,
    unit,
)
from program.demo.forms import Answers
from program.demo.mails import File


def wrong() -> Chapter:
    """Units 39 to 42: a wrong file, a damaged file, a cloud link, a blank form; the first two then get it right."""
    who = unit(39)
    first, second = at("11-23", "09:30"), at("11-24", "09:40")
    brochure = File("单位简介.docx", forms.brochure(who.name))
    make = mail_of(who, first, "入盟意向书", text="意向书见附件。", files=[brochure])
    yield one(Event(first, "发错文件", who.email, make, ("no-form",)))
    make = form_mail(who, second, answers(who, "yes", "yes"), "■")
    yield one(Event(second, "重新发来", who.email, make, ("acknowledgement",)), who.name, Standing("yes", "yes"))

    who = unit(40)
    first, second = at("11-24", "09:45"), at("11-25", "10:00")
    broken = File("入盟意向书.docx", forms.docx(answers(who, "yes"), "☑")[:9000])
    make = mail_of(who, first, "入盟意向书", text="请查收附件。", files=[broken])
    yield one(Event(first, "文件损坏", who.email, make, ("unreadable",), ("unreadable",)))
    make = form_mail(who, second, answers(who, "yes", "no"), "（√）")
    yield one(Event(second, "重新发来", who.email, make, ("acknowledgement",)), who.name, Standing("yes", "no"))

    who, when = unit(41), at("11-25", "14:00")
    link = (
        '<div id="QQMailBigAttach">从QQ邮箱发来的超大附件<br>入盟意向书扫描件.pdf (38.2M) '
        '<a href="https://mail.qq.com/cgi-bin/ftnExs_download?k=sample&t=exs_ftn_download&code=sample">进入下载页面</a></div>'
    )
    make = mail_of(who, when, "入盟意向书", html=link)
    yield one(Event(when, "超大附件链接", who.email, make, ("cloud-link",)))

    who, when = unit(42), at("11-25", "16:00")
    empty = Answers({}, "blank", "blank")
    make = mail_of(who, when, "意向书", text="请查收。", files=[File(FORM_FILE, forms.docx(empty, "☑"))])
    yield one(Event(when, "空白表", who.email, make, ("no-form",)))


def words() -> Chapter:
    """Units 43 to 45 write instead of ticking: a question, a consent without a form, thanks."""
    who, when = unit(43), at("11-24", "10:30")
    ask = "您好，请问加入联盟是否需要缴纳会费？意向书可否下周再发？"
    make = mail_of(who, when, "咨询入盟事宜", text=ask)
    yield one(Event(when, "咨询", who.email, make, ("received",), ("question",)))

    who, when = unit(44), at("11-25", "09:20")
    make = mail_of(who, when, "关于入盟", text="我单位同意加入首都知识产权运营联盟。")
    yield one(Event(when, "正文表态", who.email, make, ("no-form",), ("statement",)))

    who, when = unit(1), at("11-18", "10:00")
    thanks = reply(who, when, "收到，谢谢！")
    yield one(Event(when, "致谢", who.email, thanks))
    who, when = unit(2), at("11-18", "10:20")
    yield one(Event(when, "致谢", who.email, reply(who, when, "信息无误，辛苦了。")))


def machines() -> Chapter:
    """What machines send: auto-replies, a bounce, a receipt, a list, an advertisement; none gets a letter."""
    who, when = unit(3), at("11-17", "18:30")
    make = mail_of(
        who,
        when,
        "自动回复:入盟意向书回执",
        html="您好，这是来自QQ邮箱的假期自动回复邮件。",
        headers=[("X-QQ-AUTO-REPLY", "true")],
    )
    yield one(Event(when, "QQ自动回复", who.email, make))
    who, when = unit(5), at("11-18", "20:00")
    make = mail_of(
        who, when, "自动答复: 外出", text="我正在休假，无法查收邮件。", headers=[("Auto-Submitted", "auto-replied")]
    )
    yield one(Event(when, "自动答复", who.email, make))

    who, when = unit(6), at("11-19", "09:05")
    event = Event(when, "系统退信", "", _bounced(who.email, when), alive=False)
    lost = Returned(who.name, who.email, permanent=True, kind="acknowledgement", told_at=when)
    yield Told((event,), returned=(lost,))

    who, when = unit(4), at("11-19", "11:00")
    make = mail_of(who, when, "已读:入盟意向书", text="这是邮件收条。")
    yield one(Event(when, "已读回执", who.email, make))

    seller = replace(unit(1), number=2, contact="示例培训", email="news@ads.example.net")
    when = at("11-20", "08:00")
    make = mail_of(
        seller,
        when,
        "发票开具与财税培训",
        text="专业财税培训，欢迎报名。",
        headers=[("List-Unsubscribe", "<mailto:x@ads.example.net>")],
    )
    yield one(Event(when, "广告", seller.email, make, folder="垃圾邮件"))

    who, when = unit(46), at("11-26", "09:00")
    make = form_mail(who, when, answers(who, "yes", "yes"), "√替换方框")
    event = Event(when, "误入垃圾箱的意向书", who.email, make, ("acknowledgement",), folder="垃圾邮件")
    yield one(event, who.name, Standing("yes", "yes"))


def people() -> Chapter:
    """What needs a person, and what people do twice: resends, a collector, a stranger's form, a near name."""
    who, when, again = unit(45), at("11-26", "10:00"), at("11-26", "16:00")
    filled = answers(who, "yes", "no")
    event = Event(when, "意向书", who.email, form_mail(who, when, filled, "☑"), ("acknowledgement",))
    yield one(event, who.name, Standing("yes", "no"))
    yield one(Event(again, "同一封再次发来", who.email, form_mail(who, again, filled, "☑"), ("repeat",)))

    collector, when = unit(47), at("11-28", "10:00")
    units = [unit(number) for number in (47, 48, 49)]
    files = [
        File(f"{each.name}.docx", forms.docx(answers(each, "yes", "yes" if not each.member else "blank"), "☑"))
        for each in units
    ]
    make = mail_of(collector, when, "转来三家单位意向书", text="三家单位的意向书见附件。", files=files)
    standings = {each.name: Standing("yes", "blank" if each.member else "yes") for each in units}
    yield Told((Event(when, "一封三家", collector.email, make, ("acknowledgement",)),), truth=standings)

    who, when = unit(10), at("11-28", "14:00")
    stranger = replace(who, contact="示例同事", email="someone@other.example.net")
    make = form_mail(stranger, when, Answers(who.values, "no", "no"), "☑")
    yield one(Event(when, "他人改填", stranger.email, make, ("received",), ("other-sender",)))

    who, when = unit(50), at("11-29", "09:30")
    near = answers(who, "yes", "yes", unit=f"北京{who.name}")
    yield one(Event(when, "名称近似", who.email, form_mail(who, when, near, "☑"), ("received",), ("near-name",)))

    who, when = unit(53), at("11-29", "11:00")
    make = form_mail(who, when, answers(who, "yes", "no"), "☑")
    event = Event(when, "会员勾否", who.email, make, ("received",), ("member-no",))
    yield one(event, who.name, Standing("yes", "no"))

    who, when = unit(51), at("11-30", "10:00")
    recall = mail_of(who, when, "发信方已撤回邮件：入盟意向书", text="发信方已撤回邮件。")
    yield one(Event(when, "撤回", who.email, recall, (), ("recall",)))


def _bounced(address: str, when: datetime) -> Make:
    return lambda post: bounces.netease(post.latest(address), when)
