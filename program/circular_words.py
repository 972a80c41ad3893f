"""What `intake circular` says: the plan, what would be sent, what became of it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from email import message_from_bytes, policy
from typing import TYPE_CHECKING

from program.words import STATES, date_of, moment, table

if TYPE_CHECKING:
    from datetime import date

    from intake.outcome import LetterDraft
    from outbox.circular import Chosen, Reason
    from outbox.circular_plan import Outlook, Plan
    from outbox.compose import Composed
    from storage.circulars import Standing

NAMES_SHOWN = 5


def planned(plan: Plan, share: float, last: date) -> list[str]:
    """The days as a table, the end, and the rounds with what does not fit."""
    from outbox.circular_plan import busy

    rows: list[tuple[str, ...]] = [("日期", "通知", "提醒", "回执（预计）", "合计", "通知和提醒最多")]
    rows += [
        (date_of(day.date), *map(str, (day.notices, day.reminders, day.receipts)),
         str(day.notices + day.reminders + day.receipts), str(day.room) if day.room else "不发")
        for day in busy(plan.days)
    ]  # fmt: skip
    lines = table(rows) if len(rows) > 1 else ["没有要发的信函。"]
    lines += ["", f"回执按{share:.0%}的单位答复估算，其中一半在最后一天；回执先发，通知和提醒最多占各限度的70%。"]
    lines.append(ending(plan, last))
    return lines + [_outlook(one) for one in plan.rounds]


def ending(plan: Plan, last: date) -> str:
    if plan.ends is None:
        return "通知：按现有限度无法发完。"
    late = f"，晚于{date_of(last)}，不能排发" if plan.ends > last else ""
    return f"通知：{date_of(plan.ends)}发完{late}。"


def _outlook(one: Outlook) -> str:
    at = moment(one.round.at)
    if one.fits:
        return f"提醒：{at}，约{one.wanted}家，可按时发完。"
    told = [f"约{one.wanted}家"]
    told += [f"其中{one.wanted - one.sent}家排不下"] if one.sent < one.wanted else []
    told += [f"另有{one.too_soon}家因通知发出不久而不提醒"] if one.too_soon else []
    return f"提醒：{at}，{'，'.join(told)}。"


def proposed(chosen: Chosen, mails: int) -> list[str]:
    """How many letters would go, and who gets none."""
    letters = f"通知 {chosen.units} 家" + (f"，另有抄送件 {chosen.copies} 封" if chosen.copies else "")
    together = len(chosen.letters) - mails
    lines = [letters + (f"；同一邮箱的 {together} 封随他信合并" if together else "") + f"；共 {mails} 封邮件。"]
    if chosen.again:
        lines.append(f"其中邮箱已更正、重新发送 {len(chosen.again)} 家：{_some(chosen.again)}。")
    return lines + list(skipped(chosen.skipped))


def skipped(by_reason: Mapping[Reason, Sequence[str]]) -> Iterator[str]:
    from outbox.circular import WORDS

    for reason, names in by_reason.items():
        yield f"不发 {len(names)} 家（{WORDS[reason]}）：{_some(names)}。"


def samples(composed: Sequence[tuple[LetterDraft, Composed]]) -> list[str]:
    """Some letters as they would leave: address, subject, files, and how the text begins."""
    lines: list[str] = []
    for number, (draft, letter) in enumerate(composed, 1):
        lines += ["", f"样信{number}　收信人：{draft.recipient}", f"主题：{letter.subject}"]
        mail = message_from_bytes(letter.raw, policy=policy.default)
        body = mail.get_body(("plain",))
        text = body.get_content() if body else ""
        lines += [line for line in text.splitlines() if line.strip()][:4]
        lines.append(f"附件：{'、'.join(part.get_filename() or '' for part in mail.iter_attachments()) or '无'}")
    return lines


def unit_of(together: Sequence[LetterDraft]) -> str:
    """甲公司; 甲公司等3家."""
    first = _names(together[0])[0] if _names(together[0]) else "通知"
    return f"{first}等{len(together)}家" if len(together) > 1 else first


def line_of(file: str, together: Sequence[LetterDraft], letter: Composed) -> str:
    """A mail as a line of the summary."""
    names = "、".join(name for draft in together for name in _names(draft))
    copy = "（抄送件）" if together[0].facts.get("copy") else ""
    return f"{file}　{together[0].recipient}{copy}　{names}　{len(letter.raw) / 1024:.0f}KB"


def _names(draft: LetterDraft) -> list[str]:
    units = draft.facts.get("units")
    return [str(unit["unit"]) for unit in units] if isinstance(units, list) else []


def stands(standing: Standing, plan: Plan, campaign: str) -> list[str]:
    """What became of a notice."""
    if not standing.units:
        return [f"{campaign}：尚未排发通知。"]
    told = f"{_states(standing.units)}；已答复 {standing.answered} 家。"
    lines = [f"{campaign}：通知 {sum(standing.units.values())} 家，{told}"]
    if standing.copies:
        lines.append(f"抄送件 {sum(standing.copies.values())} 封，{_states(standing.copies)}。")
    if standing.waiting:
        lines.append(f"预计{date_of(plan.ends)}发完。" if plan.ends else "按现有限度无法发完。")
    return lines


def _states(states: Mapping[str, int]) -> str:
    """待发 first and always, then what there is."""
    shown = {"waiting": states.get("waiting", 0) + states.get("deferred", 0) + states.get("sending", 0)}
    shown |= {state: states.get(state, 0) for state in ("sent", "refused", "bounced")}
    shown |= {state: states[state] for state in ("doubt", "withdrawn") if states.get(state)}
    return "，".join(f"{STATES[state]} {count}" for state, count in shown.items())


def _some(names: Sequence[str]) -> str:
    more = f"等{len(names)}家" if len(names) > NAMES_SHOWN else ""
    return "、".join(names[:NAMES_SHOWN]) + more
