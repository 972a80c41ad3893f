"""Where a unit stands with the body it may join, and which change follows which. Pure: no clock, no database.

The closed list of part 8, After joining. A change that the table does not allow is refused, whoever
asks for it; what a submission says (intends, declined) moves a unit only as long as it has not applied.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from intake.beijing import day

INVITED, INTENDS, DECLINED = "invited", "intends", "declined"
APPLIED, UNDER_REVIEW, MEMBER = "applied", "under review", "member"
WITHDRAWING, WITHDRAWN, WARNED, REMOVED = "withdrawing", "withdrawn", "warned", "removed"

WORDS = {
    INVITED: "已邀请", INTENDS: "有意加入", APPLIED: "已申请", UNDER_REVIEW: "审核中", MEMBER: "成员单位",
    DECLINED: "不加入", WITHDRAWING: "退出中", WITHDRAWN: "已退出", WARNED: "已警告", REMOVED: "已除名",
}  # fmt: skip
TRANSITIONS: dict[str, tuple[str, ...]] = {
    "": (INVITED, INTENDS, DECLINED),
    INVITED: (INTENDS, DECLINED),
    INTENDS: (DECLINED, APPLIED),
    DECLINED: (INTENDS,),
    APPLIED: (UNDER_REVIEW, DECLINED),
    UNDER_REVIEW: (MEMBER, APPLIED, DECLINED),
    MEMBER: (WITHDRAWING, WARNED),
    WITHDRAWING: (WITHDRAWN, MEMBER),
    WARNED: (MEMBER, REMOVED, WITHDRAWING),
    WITHDRAWN: (APPLIED,),
    REMOVED: (APPLIED,),
}
JOINED = frozenset({MEMBER, WITHDRAWING, WARNED})
NEEDS = {  # the reason that a stage must have opened before a unit can come to stand so
    APPLIED: "material", UNDER_REVIEW: "review", MEMBER: "review", WITHDRAWING: "withdrawal",
    WITHDRAWN: "withdrawal", WARNED: "warning", REMOVED: "warning",
}  # fmt: skip
STARTS = {  # the follow-up that begins with a status and ends when the unit leaves it
    UNDER_REVIEW: "review", WITHDRAWING: "withdrawal", WARNED: "warning", REMOVED: "re-application",
}  # fmt: skip


def status_of(word: str) -> str:
    """The status meant by a Chinese or English word; "" where none is."""
    wanted = word.strip().lower()
    return next((status for status, chinese in WORDS.items() if wanted in (status, chinese)), "")


def refusal(old: str, new: str, opened: Collection[str], waits_until: datetime | None, now: datetime) -> str:
    """Why a unit cannot be moved from `old` ("" for none) to `new`: one Chinese sentence, or "".

    `opened` are the reasons for which a stage has been opened; `waits_until` is when a removed unit
    may apply again, None where no term runs.
    """
    if new not in TRANSITIONS[old]:
        usable = "、".join(WORDS[each] for each in TRANSITIONS[old])
        return f"该单位现为“{WORDS.get(old, '未登记')}”，不能改为“{WORDS[new]}”；可改为：{usable}。"
    if NEEDS.get(new, "") not in ("", *opened):
        return f"改为“{WORDS[new]}”所属的阶段尚未开启，请先用 intake stage open 开启。"
    if old == REMOVED and waits_until is not None and now < waits_until:
        return f"该单位自{day(waits_until)}起方可再次申请，此前不能改为“{WORDS[new]}”。"
    return ""


def follows(current: str, intent: str) -> str:
    """The status that a submission leads to: `intent` is intends, declined or ""; "" where nothing changes.

    Before the founding a change of mind is simply recorded; once a unit has applied, a person moves it.
    """
    if intent == current or intent not in (INTENDS, DECLINED):
        return ""
    return intent if current in ("", INVITED, INTENDS, DECLINED) else ""
