"""Mail that no person wrote to us: auto-replies, recalls, read receipts, mailing lists.

Promises: each rule is small, has a name, and looks at headers or at the start of a subject or body,
never at quoted text; the names of the rules that hit are returned. `strong` rules decide whatever
the mail holds; `weak` ones (a bulk mark, an empty envelope sender) only where it holds no form.
Sources: provider facts B6 (QQ auto-replies carry no Auto-Submitted), RFC 3834, RFC 3798, RFC 2919, RFC 2369.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache
from typing import TypeAlias

from intake.mail import Message
from intake.normal_form import nfkc

Rule: TypeAlias = tuple[str, Callable[[Message], bool]]

_SPACES = re.compile(r"\s+")
_AUTO_SUBJECT = re.compile(
    r"^[\[【(（]?(?:(?:假期|休假|外出|邮箱)?(?:自动|自動)(?:回复|回覆|回復|答复|答覆|应答|應答)|自动回信|auto-?reply|auto-?response|"
    r"automaticreply|autoreply|outof(?:the)?office(?:autoreply|reply)?|out-of-office|vacationreply|abwesenheitsnotiz)"
    r"(?:[\]】)）]|[:：]|$)|^(?:auto|自动)[:：]",  # the last as Notes writes it
    re.IGNORECASE,
)
_AUTO_BODY = re.compile(
    r"^(?:这是来自\S{0,12}的?(?:假期)?自动回复|(?:此|本)邮件(?:为|是)(?:系统)?自动(?:回复|答复)|这是一封自动(?:回复|答复)|【自动回复】|"
    r"this is an auto(?:matic|mated)? ?(?:reply|response))",
    re.IGNORECASE,
)
_AUTO_HEADER = re.compile(
    r"^x-(?:.*-)?(?:auto-?(?:reply|respond|response|responder)|holiday-?reply|vacation)(?:-from)?$"
)
_FALSE = re.compile(r"^\s*(?:no|false|0|none|off)?\s*$", re.IGNORECASE)
_ENVELOPE = re.compile(r"\+auto_=", re.IGNORECASE)
_ENVELOPE_FIELDS = frozenset({"return-path", "sender", "x-envelope-from", "x-sender", "x-mail-from", "envelope-from"})
_NOBODY = re.compile(
    r"^(?:(?:do|please)?-?_?(?:no|not)[-_.]?reply|donotreply|mailer-daemon|postmaster|bounces?|notifications?|mail-?robot|"
    r"service-?noreply)(?:[-+=_.].*)?@",
    re.IGNORECASE,
)
_RECALL_SUBJECT = re.compile(
    r"^(?:发信方已撤回邮件|发件人已撤回邮件|\[?【?撤回邮件(?:成功|失败)|通知[:：]\s*[\[【]?(?:撤回|邮件撤回)|"
    r"[\[【]?邮件(?:已)?撤回(?:通知|成功|失败)|"
    r"message recall (?:report|success|failure)|(?:recall|撤回|召回)[:：])",
    re.IGNORECASE,
)
_RECALL_PREFIX = re.compile(r"^(?:recall|撤回|召回)[:：]", re.IGNORECASE)
_RECALL_BODY = re.compile(
    r"(?:要|想要?|希望|尝试|已)撤回|would like to recall|撤回(?:此|该|以下)?邮件|收回邮件", re.IGNORECASE
)
_READ_SUBJECT = re.compile(
    r"^(?:已读|已讀|未读|已閱讀|已阅读|已读回执|阅读回执|閱讀回執|已读回复|read receipt|return receipt)"
    r"\s*(?:[:：(（\[]|$)|^(?:not )?read[:：]",
    re.IGNORECASE,
)
_READ_ENGLISH = re.compile(r"^(?:not )?read[:：]", re.IGNORECASE)
_READ_BODY = re.compile(
    r"^(?:这是(?:一封|一份)?(?:邮件)?(?:收条|阅读回执|已读回执|回执)|"
    r"您(?:发送?的|的)邮件.{0,80}(?:已|被).{0,6}(?:阅读|读取|打开)|"
    r"your message.{0,300}was (?:read|deleted|displayed)|this is a (?:return|read) receipt)",
    re.IGNORECASE | re.DOTALL,
)


@lru_cache(maxsize=8)  # a dozen rules ask for the same subject
def folded(text: str) -> str:
    """NFKC, spaces as one, ends bare: full-width letters and colons read as half-width."""
    return _SPACES.sub(" ", nfkc(text)).strip()


def is_recall(message: Message) -> bool:
    """A notice that someone called a mail back (exmail, NetEase, Outlook). A person who withdraws a form is none."""
    subject = folded(message.subject)
    if not _RECALL_SUBJECT.match(subject):
        return False
    return not _RECALL_PREFIX.match(subject) or bool(_RECALL_BODY.search(message.new_text[:1000]))


def recall_hits(message: Message) -> tuple[str, ...]:
    return ("recall-notice",) if is_recall(message) else ()


def receipt_hits(message: Message) -> tuple[str, ...]:
    """Read receipts: RFC 3798 reports, and the plain mails some Chinese webmails send instead (B6)."""
    return _hits(_RECEIPT, message)


def reply_hits(message: Message) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Names of the strong and of the weak rules of an auto-reply."""
    return _hits(_AUTO_REPLY, message), _hits(_AUTO_WEAK, message)


def list_hits(message: Message) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Names of the strong and of the weak rules of a mailing list."""
    return _hits(_LIST, message), _hits(_LIST_WEAK, message)


def _hits(rules: tuple[Rule, ...], message: Message) -> tuple[str, ...]:
    return tuple(name for name, rule in rules if rule(message))


# ---- auto-replies -----------------------------------------------------------------------------


def _qq_header(message: Message) -> bool:
    names = ("x-qq-holidayreply", "x-qq-auto-reply")
    return any(name in names and not _FALSE.match(value) for name, value in message.headers)


def _auto_submitted(message: Message) -> bool:
    value = message.header("auto-submitted").partition(";")[0].strip().lower()
    return bool(value) and value != "no"


def _auto_header(message: Message) -> bool:
    """X-Autoreply and its family; X-Auto-Response-Suppress is no such field: ordinary mails carry it."""
    return any(
        name[:2] == "x-" and _AUTO_HEADER.match(name) and not _FALSE.match(value) for name, value in message.headers
    )


def _auto_envelope(message: Message) -> bool:
    return any(name in _ENVELOPE_FIELDS and bool(_ENVELOPE.search(value)) for name, value in message.headers)


def _precedence(message: Message) -> str:
    return message.header("precedence").strip().lower().replace("-", "_")


def _auto_subject(message: Message) -> bool:
    return bool(_AUTO_SUBJECT.match(_SPACES.sub("", folded(message.subject))))


def _auto_body(message: Message) -> bool:
    return bool(_AUTO_BODY.match(folded(message.new_text[:300])))


def _null_path(message: Message) -> bool:
    return any(name == "return-path" and value.replace(" ", "") == "<>" for name, value in message.headers)


_AUTO_REPLY: tuple[Rule, ...] = (
    ("qq-auto-reply-header", _qq_header),
    ("auto-submitted", _auto_submitted),
    ("x-autoreply", _auto_header),
    ("auto-envelope", _auto_envelope),
    ("precedence-auto-reply", lambda message: _precedence(message) == "auto_reply"),
    ("auto-reply-subject", _auto_subject),
    ("auto-reply-body", _auto_body),
)
_AUTO_WEAK: tuple[Rule, ...] = (
    ("null-return-path", _null_path),
    ("nobody-sender", lambda message: bool(_NOBODY.match(message.sender.email))),
)


# ---- receipts and lists -----------------------------------------------------------------------


def _disposition_report(message: Message) -> bool:
    if message.media_type in ("message/disposition-notification", "message/global-disposition-notification"):
        return True
    if "disposition-notification" in message.header("content-type").lower():
        return True
    return any(re.search(rb"(?im)^disposition[ \t]*:", report) for report in message.reports)


def _read_subject(message: Message) -> bool:
    subject = folded(message.subject)
    if not _READ_SUBJECT.match(subject):
        return False
    return not _READ_ENGLISH.match(subject) or _read_body(message)


def _read_body(message: Message) -> bool:
    return bool(_READ_BODY.match(folded(message.new_text[:600])))


_RECEIPT: tuple[Rule, ...] = (
    ("disposition-notification", _disposition_report),
    ("read-receipt-subject", _read_subject),
    ("read-receipt-body", _read_body),
)


def _bulk(message: Message) -> bool:
    return _precedence(message) in ("bulk", "junk", "list")


def _listed(message: Message) -> bool:
    return bool(message.header("list-unsubscribe")) and _bulk(message)


_LIST: tuple[Rule, ...] = (
    ("list-id", lambda message: bool(message.header("list-id") or message.header("list-post"))),
    ("list-unsubscribe-bulk", _listed),
)
_LIST_WEAK: tuple[Rule, ...] = (
    ("precedence-bulk", _bulk),
    ("list-unsubscribe", lambda message: bool(message.header("list-unsubscribe"))),
)
