"""The words that decide a held item, by what it is about. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

AGAIN, UNDO, DONE = "补正", "撤销", "已处理"
APPROVE, REFUSE, BACK = "同意发送", "不发", "退回"  # of a letter that waits for approval
REFUSED = (REFUSE, BACK)
RESUME = "恢复发送"  # letters to units
ALL = {"全部同意发送": APPROVE, "全部不发": REFUSE}  # of all letters that one request shows
YES_NO = ("是", "否", "空白")
_BY_REASON = {
    "spam": ("恢复",),
    "doubt": ("已发", "重发", "不发"),
    "near-name": ("同一单位", "不同单位", "不接受"),
    "disputed": ("按时", "逾期"),
    "data-change": ("接受", "不接受"),
    "overdue": ("收到", "不再要求", AGAIN),
    "approval": (APPROVE, *REFUSED),
}
ASKED_ANEW = frozenset({"unreadable", "attempts", "no-unit", "oversized"})  # mails whose sender can be asked again
_SAME_AS = {
    "yes": "是", "y": "是", "no": "否", "n": "否", "blank": "空白", "未填写": "空白",
    "accept": "接受", "同意接受": "接受", "采纳": "接受", "drop": "不接受", "不采纳": "不接受", "拒绝": "不接受",
    "same": "同一单位", "是同一单位": "同一单位", "new": "不同单位", "另一单位": "不同单位", "不是同一单位": "不同单位",
    "in-time": "按时", "late": "逾期", "已收到": "收到", "received": "收到", "免交": "不再要求", "waive": "不再要求",
    "resume": "恢复", "again": "重发", "sent": "已发", "办结": DONE, "已办": DONE, "已办结": DONE, "知悉": DONE,
    "恢复发信": RESUME, "恢复": RESUME, "请补正": AGAIN, "退回补正": AGAIN, "撤消": UNDO,
    "同意": APPROVE, "同意发出": APPROVE, "批准": APPROVE, "批准发送": APPROVE, "可以发送": APPROVE, "不要发": REFUSE,
    "不发送": REFUSE, "不予发送": REFUSE, "全部同意": "全部同意发送", "都同意": "全部同意发送",
    "全部发送": "全部同意发送", "都不发": "全部不发",
}  # fmt: skip
_SHOWN = {RESUME, *ALL, *YES_NO, *(word for words in _BY_REASON.values() for word in words), "不是", AGAIN, UNDO, DONE}
VOCABULARY = frozenset({*_SHOWN, *_SAME_AS})
POLITE = frozenset(
    {"请办理", "请处理", "请登记", "请核", "谢谢", "谢谢您", "多谢", "辛苦了", "麻烦了", "即可", "您好", "你好", "同意"}
)
_AROUND = " \t,.;:!?'\"“”‘’()[]{}<>【】《》「」〔〕、。…·-—_*>|"
_BETWEEN = re.compile(r"[\s,.;:!?'\"“”‘’()\[\]{}<>【】《》「」〔〕、。…|/]+")
_WITH_MORE = re.compile(r"(\S+?)\s*[:,]\s*(.{1,200})")


@dataclass(frozen=True, slots=True)
class Item:
    """What a word is about: a held item's reason and key, the options of its choice, and its submission's state.

    `options` are () for 是 and 否; `submission` is "" where the item is about none.
    """

    reason: str
    key: str = ""
    options: tuple[str, ...] = ()
    submission: str = ""


def words_for(item: Item) -> tuple[str, ...]:
    """The words that decide the item, as a letter shows them."""
    if item.reason == "material":
        return ("收到", "不是") if item.key else (DONE,)
    if item.reason in ("near-name", "disputed") and not item.submission:
        return (DONE,)
    if item.reason in _BY_REASON:
        return _BY_REASON[item.reason]
    if item.submission == "proposed" and not item.key:
        return ("接受", "不接受")
    if item.submission and item.key:
        again = (AGAIN,) if item.reason == "unclear" else ()
        return (*(item.options or YES_NO), *again)
    return (DONE, AGAIN) if item.reason in ASKED_ANEW else (DONE,)


def strip(text: str) -> str:
    """The text without the punctuation and blanks around it."""
    return text.strip(_AROUND + "\u3000\xa0")


def meant(text: str, allowed: Iterable[str]) -> str:
    """The allowed word that a text is, "" where it is none; 同一单位:NAME, 已处理:NOTE, 退回:NOTE keep what follows."""
    said, words = strip(text), tuple(allowed)
    if word := _word(said, words):
        return word
    more = _WITH_MORE.fullmatch(said)
    word = _word(more[1], words) if more else ""
    return f"{word}：{strip(more[2])}" if more and word in ("同一单位", DONE, BACK) and strip(more[2]) else ""


def pieces(text: str) -> tuple[str, ...]:
    """What stands between punctuation and blanks."""
    return tuple(filter(None, map(strip, _BETWEEN.split(text))))


def _word(said: str, words: tuple[str, ...]) -> str:
    same = {word.casefold(): word for word in words}
    return same.get(said.casefold()) or same.get(_SAME_AS.get(said.casefold(), "").casefold(), "")
