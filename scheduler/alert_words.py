"""What an alert says, in the office's words. Pure; it needs no template, for one that is broken must not silence it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from intake.beijing import BEIJING, moment
from intake.office_words import EDGES
from storage.alerts import Phase
from storage.plain_rows import Outage


@dataclass(frozen=True, slots=True)
class Facts:
    """What of the office an alert tells. `complete_at` is when every folder was last fetched to its end."""

    account: str
    complete_at: datetime | None
    without_row: int
    waiting: int
    now: datetime


@dataclass(frozen=True, slots=True)
class Notice:
    subject: str
    lines: tuple[str, ...]

    @property
    def text(self) -> str:
        return "\n".join((self.subject, "", *self.lines)) + "\n"


TRIAL = Notice("【试报】告警通道检查", ("这是 intake check 发出的试报，收到说明该通道可用，无需处理。",))


def notice(outage: Outage, phase: Phase, facts: Facts) -> Notice:
    if phase == "ended":
        return Notice(_over(outage), tuple(_ended(outage, facts)))
    say = {"fetching": _fetching, "sending": _sending, "clock": _clock}[outage.edge]
    return Notice(_subject(outage), tuple(say(outage, facts)))


def _subject(outage: Outage) -> str:
    if outage.edge == "clock":
        return "【告警】本机时钟有误"
    return f"【告警】{EDGES[outage.edge]}中断，自{_short(outage.since)}起"


def _over(outage: Outage) -> str:
    if outage.edge == "clock":
        return "【恢复】本机时钟已恢复正常"
    return f"【恢复】{EDGES[outage.edge]}已恢复，曾中断{_long((outage.ended_at or outage.since) - outage.since)}"


def _fetching(outage: Outage, facts: Facts) -> Iterator[str]:
    yield f"自{moment(outage.since)}起，未能从邮箱{facts.account}收信，至今已{_long(facts.now - outage.since)}。"
    yield f"原因：{_sentence(outage.reason)}"
    yield f"最近一次收取完整：{moment(facts.complete_at) if facts.complete_at else '尚未有过'}。"
    if facts.without_row:
        yield f"已知服务器上尚有{facts.without_row}封邮件没有登记。"
    yield "来信仍在邮箱中，恢复后自动补收；是否按时以进入邮箱的时间为准，不受影响。其间不发送提醒。"
    yield "程序会不断重试，恢复后另行告知；急件请先在网页邮箱中查看。"


def _sending(outage: Outage, facts: Facts) -> Iterator[str]:
    yield f"自{moment(outage.since)}起，邮箱{facts.account}的信函未能发出，至今已{_long(facts.now - outage.since)}。"
    yield f"原因：{_sentence(outage.reason)}"
    waiting = f"现有{facts.waiting}封信函待发，恢复后自动补发；" if facts.waiting else ""
    yield f"{waiting}回执、日报因此延误，收信和登记照常。"
    yield "恢复后另行告知。"


def _clock(outage: Outage, facts: Facts) -> Iterator[str]:
    yield _sentence(outage.reason)
    yield "请校准本机时钟（例如启用网络对时）。"
    yield "校准之前，提醒、补正通知、日报等按钟点发送的信函暂缓，收信、登记和回执照常。"


def _ended(outage: Outage, facts: Facts) -> Iterator[str]:
    if outage.edge == "clock":
        yield "本机时钟已与登记库和邮件服务器的时间相符，暂缓的信函照常发送。"
        return
    ended = outage.ended_at or outage.since
    name = EDGES[outage.edge]
    yield f"{name}已于{moment(ended)}恢复，此前自{moment(outage.since)}起中断{_long(ended - outage.since)}。"
    yield f"原因：{_sentence(outage.reason)}"
    if outage.edge == "fetching":
        yield "中断期间的来信已经或正在补收，收到时间以进入邮箱的时间为准。"
    else:
        yield f"留存的信函正在补发{f'，尚余{facts.waiting}封' if facts.waiting else ''}。"


def _long(time: timedelta) -> str:
    """20分钟, 3小时05分钟, 2天4小时."""
    minutes = int(time.total_seconds() // 60)
    if minutes < 60:
        return f"{minutes}分钟"
    if minutes < 24 * 60:
        return f"{minutes // 60}小时" + (f"{minutes % 60:02d}分钟" if minutes % 60 else "")
    return f"{minutes // 1440}天" + (f"{minutes % 1440 // 60}小时" if minutes % 1440 >= 60 else "")


def _short(when: datetime) -> str:
    local = when.astimezone(BEIJING)
    return f"{local.month}月{local.day}日{local:%H:%M}"


def _sentence(text: str) -> str:
    return f"{text.rstrip('。')}。"
