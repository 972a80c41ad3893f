"""How the refusals of mail servers read: one table, the letters first, the number second.

Sources: NetEase's own list (parts B1, B2 of the provider facts: MI:SFQ, DT:SPM ... stand under several
numbers, so the letters decide), Tencent's list (B3: QQ says 550 for rate limits), Aliyun, Sina, Sohu,
and RFC 5321 4.2.1 with RFC 3463 for what no row names. Never touches a connection.

`permanent` means that the same letter cannot succeed by being tried again. What stops the account
(sign-in, blocked, caps) is not permanent for the letter: it waits.
"""

from __future__ import annotations

import functools
import re
from dataclasses import dataclass
from typing import Literal, TypeAlias

Meaning: TypeAlias = Literal[
    "retry", "slow", "reconnect", "pause", "tomorrow", "campaign", "setup", "recipient", "blocked", "signin"
]
MINUTE, HOUR = 60, 3600


@dataclass(frozen=True, slots=True)
class Refusal:
    """What a refusal means and what to do.

    retry: this letter again after `wait_seconds`. slow: the same, and all letters slower. reconnect: a
    new connection, fewer letters on it. pause: the whole account waits. tomorrow: until the next day.
    campaign: taken for spam, stop this letter and its campaign until a person has looked. setup: our
    message or settings are wrong. recipient: this address. blocked, signin: stop and tell someone.
    """

    meaning: Meaning
    permanent: bool
    wait_seconds: int
    remedy: str


@dataclass(frozen=True, slots=True)
class _Row:
    """`codes` restrict a row to numbers that start with one of them; a text without a number meets every row."""

    words: re.Pattern[str]
    refusal: Refusal
    codes: tuple[str, ...] = ()


_RETRY = Refusal("retry", False, 5 * MINUTE, "对方服务器暂时未接收，程序会自动重试。")
_FULL = Refusal("retry", False, 6 * HOUR, "收件人邮箱已满，程序会稍后重试；如仍失败，请电话联系该单位。")
_SLOW = Refusal("slow", False, 2 * MINUTE, "服务商认为发送过快，程序会放慢发送并自动重试。")
_BUSY = Refusal("slow", False, 15 * MINUTE, "收件方限制发送频率，程序会放慢发送并自动重试。")
_RECONNECT = Refusal("reconnect", False, 30, "本次连接发送的邮件已达上限，程序会重新连接后继续。")
_LATER = Refusal("reconnect", False, 5 * MINUTE, "服务器中断了本次连接，程序会稍后重新连接。")
_QUARTER = Refusal("pause", False, 15 * MINUTE, "15分钟内发送数量已达上限，程序会暂停后继续。")
_HOURS = Refusal("pause", False, 3 * HOUR, "近期收件人数量已达上限，程序会暂停数小时后继续。")
_HOST = Refusal("pause", False, HOUR, "服务商暂时限制本机发信，程序会暂停一小时后继续；如反复出现，请联系邮箱服务商。")
_DAY = Refusal("tomorrow", False, 24 * HOUR, "今日发信数量已达服务商上限，程序会次日继续。")
_SPAM = Refusal("campaign", True, 0, "邮件被判为垃圾邮件，已暂停本次活动的发信；请检查信函内容后再恢复。")
_SETUP = Refusal("setup", True, 0, "发信设置有误：发件人地址须与登录邮箱完全一致，请核对配置。")
_SIZE = Refusal("setup", True, 0, "邮件过大或附件类型不被接受，请减小附件后再发。")
_MANY = Refusal("setup", True, 0, "一封邮件的收件人过多，每封只应发给一个地址；请将日志发给维护人员。")
_BLOCKED = Refusal("blocked", False, 6 * HOUR, "本机IP或发信账号已被服务商封禁，已停止发信；请联系邮箱服务商解封。")
_SIGNIN = Refusal("signin", False, 6 * HOUR, "邮箱拒绝登录：请核对账号和授权码（不是登录密码），并确认SMTP服务已开启。")
_ADDRESS = Refusal("recipient", True, 0, "收件人地址不存在或拒收，请电话核对该单位的邮箱地址。")

_TABLE: tuple[tuple[str, Refusal] | tuple[str, Refusal, tuple[str, ...]], ...] = (
    # NetEase, by its letters
    (r"MI:SFQ", _QUARTER),
    (r"MI:DMC|RP:DRC", _RECONNECT),
    (r"RP:QRC", _HOURS),
    (r"MI:STC|RP:TRC", _DAY),
    (r"RP:RCL|too much recipient", _MANY),
    (r"DT:SPM", _SLOW, ("4",)),
    (r"DT:SPM", _SPAM),
    (r"DT:SUM|MI:NHD|MI:IMF|MI:SPF|MI:DMA", _SETUP),
    (r"MI:CEL|MI:CCL|RP:CEL|RP:CCL", _LATER),
    (r"HL:(REP|ICC|IFC|MEP)", _HOST),
    (r"HL:(IHU|IPB)|DT:RBL|WM:BL[IU]|MI:SPB|IP in blacklist", _BLOCKED),
    # signing in, all providers
    (r"auth(entication)? (error )?limit exceed|too (much|many) (fail(ed)? )?auth\w*|too many login", _SIGNIN),
    (r"用户无权登[陆录]|User has no permission|authentication (failed|unsuccessful|required|credentials)", _SIGNIN),
    (r"Login fail|Invalid login|authorization code|授权码|SMTP AUTH|AUTH first|5\.7\.(8|9|139)\b", _SIGNIN),
    (r"Authentication is required|5\.7\.3\b|Client was not authenticated", _SIGNIN, ("53",)),
    (r"Invalid state", _SIGNIN, ("535",)),
    # our own address
    (r"mail from address must be same|mail from must equal|sender mismatch|SendAsDenied|5\.7\.60\b", _SETUP),
    (r"not (allowed|permitted|authorized) to send as|sender address rejected: not owned", _SETUP),
    # Tencent: rate limits under 550, then content, then real ones
    (r"Mailbox unavailable or access denied|frequency (is )?limited|Connection denied|频率|过于频繁", _BUSY),
    (r"Mail content denied|Spam is embedded|Suspected (bounce )?spam|contains? spam", _SPAM),
    (r"Mailbox not found|Bad address syntax", _ADDRESS),
    # Aliyun, Sina, Sohu, Gmail, Microsoft
    (r"Transient reject by behaviou?r spam|too frequently sending", _BUSY),
    (r"Reject by (behaviou?r|content) spam", _SPAM),
    (r"SENDER REJECT", _BLOCKED),
    (r"Too many (connect|concurrent|simultaneous)|Concurrent connections", _LATER),
    (r"(daily|24.?hour).{0,40}(limit|quota)|sending (limit|quota)|recipient limit", _DAY),
    (r"5\.4\.5\b|5\.1\.90\b|当日|每日", _DAY),
    (r"unusual rate|rate.?limit|too many (messages|emails|mails|recipients this)|try again later.*4\.7\.", _BUSY),
    (r"Internal server error|local error|service (not )?(un)?available", _RETRY, ("4",)),
    (r"try again later|greylist|灰名单", _RETRY, ("4",)),
    # sizes, full mailboxes, addresses (RFC 3463: X.2.2 full, X.1.x address, X.3.4 and X.2.3 size)
    (r"exceeded? mail ?size|message (size|too large|exceeds)|Illegal Attachment|[45]\.(3\.4|2\.3)\b", _SIZE),
    (r"附件.{0,6}(过大|类型|格式)|邮件(大小|过大)", _SIZE),
    (r"[45]\.2\.2\b|over ?quota|mailbox (is )?full|quota exceeded|exceed\w* (the )?quota", _FULL),
    (r"insufficient (system )?storage|邮箱(空间)?(已|不足|容量)?满|(空间|容量)(已满|不足)|超出.{0,4}容量", _FULL),
    (r"Invalid User|User suspended|User in blacklist|User (is )?(unknown|not found|locked|disabled)", _ADDRESS, ("5",)),
    (r"no such (user|mailbox|recipient|account)|unknown (user|recipient|mailbox)", _ADDRESS, ("5",)),
    (r"(user|mailbox|account|recipient) (does not|doesn't) exist|(recipient|address) rejected", _ADDRESS, ("5",)),
    (r"mailbox (unavailable|disabled|inactive)|不存在|无此用户|无效(地址|用户|收件人)", _ADDRESS, ("5",)),
    (r"(邮箱|账号|帐号|用户|地址)[^，。；]{0,6}(停用|冻结|注销|失效|禁用)|长期未(使用|登录)", _ADDRESS, ("5",)),
    (r"(域名|domain)[^，。；]{0,8}(无法解析|解析失败|not found)", _ADDRESS, ("5",)),
    (r"5\.1\.\d+\b|5\.2\.1\b", _ADDRESS, ("5",)),
    (r"spamhaus|blacklist|black list|blocklist|block list|\bRBL\b|banned|黑名单", _BLOCKED, ("5",)),
    (r"垃圾(邮件|信)|涉嫌.{0,6}群发|内容[^，。；]{0,6}(违规|不合规|被拒)", _SPAM, ("5",)),
    (r"\bspam\b|junk|\bvirus\b|content (rejected|denied)|policy", _SPAM, ("5",)),
)  # fmt: skip
_BY_NUMBER: tuple[tuple[tuple[str, ...], Refusal], ...] = (
    (("421",), _LATER),
    (("530", "534", "535", "538", "454 4.7"), _SIGNIN),
    (("452", "450", "451", "4"), _RETRY),
    (("552", "523"), _SIZE),
    (("500", "501", "502", "503", "504", "555"), _SETUP),
    (("550", "551", "553", "556"), _ADDRESS),
    (("5",), _ADDRESS),
)


@functools.cache
def _rows() -> tuple[_Row, ...]:
    return tuple(_Row(re.compile(row[0], re.IGNORECASE), row[1], row[2] if len(row) == 3 else ()) for row in _TABLE)


def read_refusal(code: int, text: str) -> Refusal:
    """What a reply means; an unknown one by its class: 4xx is tried again, 5xx is permanent (RFC 5321, 4.2.1)."""
    number = _number(code)
    by_number = (refusal for codes, refusal in _BY_NUMBER if number.startswith(codes))
    return read_words(text, code) or next(by_number, _RETRY)


def read_words(text: str, code: int = 0) -> Refusal | None:
    """What the words say, as bounces tell it to people; None where no row knows them."""
    number = _number(code)
    for row in _rows():
        if row.words.search(text) and (not row.codes or not number or number.startswith(row.codes)):
            return row.refusal
    return None


def _number(code: int) -> str:
    return f"{code:03d}" if code > 0 else ""


def decode_reply(data: bytes) -> str:
    """A reply's text: UTF-8, else GB18030 (NetEase and old QQ send raw GBK)."""
    if data.isascii():
        return data.decode("ascii")
    from intake.message import charsets  # with the readers of whole mails, for the few replies that need it

    return charsets.decode(data)
