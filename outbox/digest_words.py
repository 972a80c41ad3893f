"""The facts of a digest in the office's words, ready for the templates. Pure.

Everything a stranger wrote passes through `wording.clean`. `leaders` is what may be told beyond the secretariat: no
telephone, no address, nothing to decide.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import quote

from intake import beijing, followups
from intake.beijing import BEIJING
from intake.campaign import Campaign, ChoiceSpec
from intake.office_words import KINDS, LETTERS, REASONS, STATES, THROUGH
from outbox.limits import Limits
from outbox.wording import bare, clean
from storage.briefing_facts import Briefing, Entry, Owed, Silent, Trouble, Waiting
from storage.plain_rows import BLANK, MEMBER, PENDING, SILENT, Audit, Group, Handwritten, Outage

MOST_ENTRIES, MOST_SILENT, MOST_WAITING, MOST_OTHERS = 100, 300, 60, 40
WAITS = {"waiting": "等候超过一天", "deferred": "重发超过一天未成"}
_NUMBER = re.compile(r"(?:\+?\d[\d\-－ ()（）]{5,}\d)|\S+@\S+")  # what could be a telephone or an address


@dataclass(frozen=True, slots=True)
class Frame:
    """What is told beside the facts: which letter it is, who sees it, and how the daemon's owner set it.

    `codes` are references with tokens by the id of the held item; without one the shell's command is shown. `desk`
    is the address that decisions are mailed to. `missed`: how many moments of a digest this one makes up for.
    """

    desk: str
    codes: Mapping[int, str]
    limits: Limits
    labels: Callable[[str], str]
    pictures: Mapping[int, str] = field(default_factory=dict)
    missed: int = 0
    closing: bool = False
    broken: tuple[str, ...] = ()
    years_unknown: tuple[int, ...] = ()
    since: datetime | None = None  # of a worklist: items opened later are new


def context(facts: Briefing, frame: Frame) -> dict[str, Any]:
    """Every name that the templates of digest and worklist use."""
    opened = [one for one in facts.waiting if frame.since is None or one.row.opened_at > frame.since]
    waiting = [_waiting(one, facts, frame) for one in opened]
    silent = sorted(facts.silent, key=lambda one: (not one.owner, one.owner))
    return summary(facts, frame) | {
        "came": _counted(facts.mails, KINDS, "封"),
        "went": _counted(facts.letters, LETTERS, "封"),
        "by_hand": [_by_hand(one) for one in facts.by_hand],
        "by_hand_count": facts.by_hand_count,
        "entries": _some([_entry(one, facts) for one in facts.entries], MOST_ENTRIES),
        "silent": _some([_silent(one) for one in silent], MOST_SILENT),
        "owners": _counted(Counter(one.owner for one in silent if one.owner), {}, "家"),
        "waiting": _some(waiting, MOST_WAITING),
        "all_waiting": len(facts.waiting),
        "owed": _some([_owed(one, frame.labels) for one in facts.owed], MOST_OTHERS),
        "overdue": sum(one.overdue for one in facts.owed),
        "bounces": _some([{"address": clean(one.address), "said": clean(one.said, 120)} for one in facts.bounced],
                         MOST_OTHERS),
        "troubles": _some([_trouble(one) for one in facts.troubles], MOST_OTHERS),
        "decisions": _some([_decision(row, facts.named) for row in facts.audits], MOST_OTHERS),
        "limits": _limits(facts, frame.limits),
        "health": list(_health(facts, frame)),
        "chat": chat(facts),
    }  # fmt: skip


def summary(facts: Briefing, frame: Frame) -> dict[str, Any]:
    """What the leaders' version shows too: numbers, days, and names of units that answered."""
    group, campaign = facts.tally.main, facts.campaign
    return {
        "campaign_title": campaign.title,
        "closing": frame.closing,
        "begin": facts.begin,
        "end": facts.end,
        "period": beijing.period(facts.begin, facts.end),
        "missed": frame.missed,
        "deadline": campaign.deadline,
        "is_over": facts.end > campaign.deadline,
        "days_left": _days_left(facts.end, campaign.deadline),
        "has_roster": bool(facts.tally.roster.total),
        "invited": group.total,
        "replied": group.replied,
        "percent": round(100 * group.replied / group.total) if group.total else 0,
        "willing": facts.tally.willing,
        "declined": facts.tally.declined,
        "pending": group.pending,
        "silent_count": group.silent,
        "bounced": group.bounced,
        "late": group.late,
        "todo": len(facts.waiting),
        "said_yes": answer_word("yes", _decisive(campaign)),
        "said_no": answer_word("no", _decisive(campaign)),
        "tables": [_tally(group, campaign)] + ([_tally(facts.tally.others, campaign)] if _apart(facts) else []),
        "days": [{"day": f"{day:%m-%d}", "count": count} for day, count in facts.days.items()],
        "today_count": sum(not one.changed for one in facts.entries),
        "new_units": _some([masked(one.unit) for one in facts.entries if not one.changed], MOST_OTHERS),
        "healthy": not list(_health(facts, frame)),
    }


def chat(facts: Briefing) -> str:
    """A text to copy into a group of colleagues: numbers only."""
    group, spec = facts.tally.main, _decisive(facts.campaign)
    parts = (
        [f"应通知{group.total}家，已回复{group.replied}家"] if facts.tally.roster.total else [f"已收到{group.total}家"]
    )
    yes, no = answer_word("yes", spec), answer_word("no", spec)
    if spec is not None and spec.yes_no:
        parts.append(f"其中{yes}{facts.tally.willing}家、{no}{facts.tally.declined}家、待核{group.pending}家")
    if facts.tally.roster.total:
        parts.append(f"未回复{group.silent}家")
    days = _days_left(facts.end, facts.deadline)
    left = "征集已经截止" if facts.end > facts.deadline else f"距截止还有{days}天" if days else "今日截止"
    until = beijing.moment(facts.deadline)
    return f"【{facts.campaign.title}】截至{_short(facts.end)}，{'，'.join(parts)}；{left}，截止时间为{until}。"


def masked(text: str) -> str:
    """A name without anything that could be a telephone or an address."""
    return _NUMBER.sub("＊", clean(text, 80))


def answer_word(answer: str, spec: ChoiceSpec | None) -> str:
    """愿意 and 不愿意 where the form asks for willingness, else 是 and 否; an option's own words."""
    words = {BLANK: "未填写", MEMBER: "已是会员", PENDING: "待核", SILENT: "未回复", "unclear": "待核"}
    wants = spec is not None and "愿意" in spec.label
    words |= {"yes": "愿意", "no": "不愿意"} if wants else {"yes": "是", "no": "否"}
    return words.get(answer, clean(answer.replace(";", "；"), 40))


def _decisive(campaign: Campaign) -> ChoiceSpec | None:
    specs = campaign.form.choices
    return next((spec for spec in specs if spec.id == campaign.form.declines), specs[0] if specs else None)


def _apart(facts: Briefing) -> bool:
    return bool(facts.tally.roster.total and facts.tally.others.total)


def _tally(group: Group, campaign: Campaign) -> dict[str, Any]:
    """One table: a column an answer, a row a choice; every row adds up to its first number."""
    specs = {spec.id: spec for spec in campaign.form.choices}
    usual = [answer for spec in specs.values() for answer in (("yes", "no") if spec.yes_no else spec.options)]
    order = dict.fromkeys((*usual, *(a for c in group.choices for a in c.counts), MEMBER, BLANK, PENDING, SILENT))
    given = [answer for answer in order if answer not in (MEMBER, BLANK, PENDING, SILENT)]
    special = [each for each in (MEMBER, BLANK) if any(choice.counts.get(each) for choice in group.choices)]
    columns = [*given, *special, PENDING, SILENT]
    words = list(dict.fromkeys(answer_word(answer, next(iter(specs.values()), None)) for answer in columns))
    rows = []
    for choice in group.choices:
        counts: Counter[str] = Counter()
        for answer, count in choice.counts.items():
            counts[answer_word(answer, next(iter(specs.values()), None))] += count
        rows.append({"name": choice.short, "total": choice.total, "counts": [counts[word] for word in words]})
    return {"columns": words, "rows": rows, "total": group.total, "bounced": group.bounced, "late": group.late}


def _entry(one: Entry, facts: Briefing) -> dict[str, Any]:
    said = [
        f"{spec.short}：{answer_word(one.answers[spec.id], spec)}"
        for spec in facts.campaign.form.choices
        if spec.id in one.answers
    ]
    by_seconds = one.late and one.received_at - facts.deadline < timedelta(minutes=1)
    return {
        "unit": clean(one.unit),
        "said": "；".join(said),
        "at": _short(one.received_at, seconds=by_seconds),
        "marks": "、".join(filter(None, ("更正" if one.changed else "", "逾期" if one.late else "", _channel(one)))),
        "receipt": one.receipt,
    }


def _channel(one: Entry) -> str:
    return "" if one.channel == "mail" else clean(one.channel, 20)


def _silent(one: Silent) -> dict[str, Any]:
    return {
        "unit": clean(one.unit),
        "contact": clean(one.contact, 40),
        "telephones": [clean(number, 40) for number in (one.telephone, one.mobile) if number],
        "owner": clean(one.owner, 40),
        "bounced": one.bounced,
    }


def _waiting(one: Waiting, facts: Briefing, frame: Frame) -> dict[str, Any]:
    row, code = one.row, frame.codes.get(one.row.id, "")
    evidence = (
        one.evidence if one.evidence.startswith(one.place) else "：".join(filter(None, (one.place, one.evidence)))
    )
    short = next((spec.short for spec in facts.campaign.form.choices if spec.id == row.key), "")
    return {
        "reference": row.reference,
        "reason": REASONS.get(row.reason, row.reason),
        "unit": clean(row.unit_name),
        "sender": clean(row.sender, 80),
        "subject": clean(row.subject, 80),
        "at": _short(row.received_at or row.opened_at),
        "about": clean(short, 40),
        "sentence": clean(row.sentence),
        "evidence": "" if evidence in row.sentence else clean(evidence, 160),
        "picture": frame.pictures.get(row.id, ""),
        "code": code,
        "replies": [{"word": word, "line": f"{code} {word}", "href": _mailto(frame.desk, f"{code} {word}")}
                    for word in one.words] if code else [],
        "command": f"intake held decide {row.reference} {one.words[0] if one.words else ''}".rstrip(),
        "is_old": row.opened_at <= facts.end - timedelta(days=1) and not one.answered_at,
        "answered": _short(one.answered_at) if one.answered_at else "",
    }  # fmt: skip


def _mailto(desk: str, line: str) -> str:
    """A new mail with the line as its subject and its text (RFC 6068)."""
    return f"mailto:{desk}?subject={quote(line)}&body={quote(line)}"


def _owed(one: Owed, label: Callable[[str], str]) -> dict[str, Any]:
    rule = followups.RULES.get(one.reason)
    what = rule.words if one.awaits == one.reason and rule else label(one.awaits)
    return {
        "unit": clean(one.unit),
        "what": clean(what, 60),
        "due": _short(one.due_at),
        "overdue": one.overdue,
        "by_hand": one.by_hand,
    }


def _by_hand(one: Handwritten) -> str:
    """示例公司（11月28日09:30“补充材料”）, or of one to many: 示例公司等600家."""
    to = clean(one.unit) or clean(one.address, 80)
    return f"{to}{f'等{one.count}家' if one.count > 1 else ''}（{_short(one.written_at)}“{clean(one.subject, 40)}”）"


def _trouble(one: Trouble) -> dict[str, Any]:
    return {
        "kind": LETTERS.get(one.kind, one.kind),
        "state": WAITS.get(one.state) or STATES.get(one.state, one.state),
        "to": clean(one.unit) or clean(one.recipient),
        "since": _short(one.since),
        "said": clean(one.said, 100),
    }


def _decision(row: Audit, named: Mapping[int, str]) -> dict[str, Any]:
    through = THROUGH.get(row.through, row.through)
    undone = "（已撤销）" if row.undone_by else ""
    return {
        "at": _short(row.at),
        "by": clean(row.by, 60),
        "through": through,
        "unit": clean(named.get(row.unit_id or 0, "")),
        "reference": clean(row.reference, 40),
        "word": bare(clean(row.word, 120)) + undone,
    }


def _limits(facts: Briefing, caps: Limits) -> str:
    used = facts.used
    windows = (
        ("15分钟内", used.quarter_hour, caps.per_quarter_hour),
        ("1小时内", used.hour, caps.per_hour),
        ("24小时内", used.day, caps.per_day),
    )
    return "，".join(f"{name}{count}封（限{cap}封）" if cap else f"{name}{count}封" for name, count, cap in windows)


def _health(facts: Briefing, frame: Frame) -> Iterable[str]:
    """What is not as it should be, a sentence each."""
    health, late = facts.health, timedelta(hours=1)
    yield from map(_outage, health.outages)
    if health.fetched_at is None:
        yield "尚有文件夹未曾收取完整。"
    elif facts.end - health.fetched_at > late:
        yield f"自{_short(health.fetched_at)}之后，有文件夹未再收取完整，请检查收信。"
    if health.without_row:
        yield f"服务器上有{health.without_row}封邮件未能取回。"
    if health.unhandled:
        yield f"有{health.unhandled}封来信尚未处理。"
    if health.backlog:
        yield f"启用前来信的答复有{health.backlog}封待放行（intake adopt）。"
    for gate in health.gates:
        yield f"发信或收信暂停：{bare(clean(gate.reason, 160))}。"
    for sentence in frame.broken:
        yield clean(sentence)
    for year in frame.years_unknown:
        yield f"日历中没有{year}年的放假安排，暂按周一至周五为工作日计算，请在配置文件的[calendar]中补充。"


def _outage(one: Outage) -> str:
    name = {"fetching": "收信", "sending": "发信"}.get(one.edge, "")
    if not name:
        over = f"本机时钟自{_short(one.since)}起有误，现已恢复。"
        return over if one.ended_at else f"{bare(clean(one.reason, 160))}，请校准本机时钟。"
    reason = bare(clean(one.reason, 160))
    if one.ended_at is None:
        return f"自{_short(one.since)}起{name}中断至今：{reason}。"
    return f"{_short(one.since)}至{_short(one.ended_at)}{name}中断，现已恢复：{reason}。"


def _counted(counts: Mapping[str, int], names: Mapping[str, str], measure: str) -> str:
    """填好的表格9封；咨询1封; the largest first."""
    ordered = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    return "；".join(f"{clean(names.get(key, key), 40)}{count}{measure}" for key, count in ordered if count)


def _some(items: Sequence[Any], most: int) -> dict[str, Any]:
    """As many as a letter can show; how many there are, and how many are not shown."""
    return {"shown": list(items[:most]), "all": len(items), "more": max(0, len(items) - most)}


def _short(when: datetime, *, seconds: bool = False) -> str:
    """11月28日08:30, in Beijing time; with `seconds` 08:30:00."""
    local = when.astimezone(BEIJING)
    return f"{local.month}月{local.day}日{local:{'%H:%M:%S' if seconds else '%H:%M'}}"


def _days_left(now: datetime, deadline: datetime) -> int:
    return max(0, (deadline.astimezone(BEIJING).date() - now.astimezone(BEIJING).date()).days)
