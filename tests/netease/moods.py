"""How the fake server behaves: one switch a trap, the published behaviour of NetEase by default.

The numbers in brackets are those of the list "A fake server must show" that the switches follow.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field
from typing import Literal

NETEASE_CAPABILITIES = (
    "IMAP4rev1 XLIST SPECIAL-USE ID LITERAL+ STARTTLS APPENDLIMIT=71680000 XAPPLEPUSHSERVICE UIDPLUS X-CM-EXT-1 "
    "SASL-IR AUTH=XOAUTH2"
)
QQ_CAPABILITIES = "IMAP4 IMAP4rev1 ID AUTH=PLAIN AUTH=LOGIN AUTH=XOAUTH2 NAMESPACE"
QQ_AFTER_LOGIN = "IMAP4 IMAP4rev1 XLIST MOVE IDLE XAPPLEPUSHSERVICE NAMESPACE CHILDREN ID UIDPLUS"
NETEASE_FOLDERS = (
    ("INBOX", ""),
    ("草稿箱", "\\Drafts"),
    ("已发送", "\\Sent"),
    ("已删除", "\\Trash"),
    ("垃圾邮件", "\\Junk"),
    ("病毒文件夹", ""),
    ("广告邮件", ""),
    ("订阅邮件", ""),
)
QQ_FOLDERS = (
    ("INBOX", ""),
    ("Sent Messages", ""),
    ("Drafts", ""),
    ("Deleted Messages", ""),
    ("Junk", ""),
    ("其他文件夹", "\\NoSelect"),
    ("其他文件夹/盟约", ""),
)
EXCHANGE_FOLDERS = (
    ("INBOX", ""),
    ("草稿", ""),
    ("已发送邮件", ""),
    ("已删除邮件", ""),
    ("垃圾邮件", ""),
    ("发件箱", ""),
)

TextSearch = Literal["empty", "all", "bad", "right"]


@dataclass
class Moods:
    """Every field may be changed while the server runs; counts restart only with a new server."""

    # ---- IMAP: sign-in and greeting
    greeting: str = "Coremail System IMap Server Ready(163com[fake])"  # [22]
    id_required: bool = True  # [1] [2] per connection, forgotten on reconnect [3]
    id_known: bool = True
    id_refused: str = ""  # a NO to ID
    unsafe_bye: bool = False  # BYE Unsafe Login instead of NO
    login_refused: str = ""  # [12] e.g. "LOGIN Login error or password error"
    login_disabled: bool = False
    greeting_bye: str = ""

    # ---- IMAP: capabilities and folders
    capabilities: str = NETEASE_CAPABILITIES  # [4]
    capabilities_after_login: str = ""  # "": the same; QQ shows MOVE only here
    folders: tuple[tuple[str, str], ...] = NETEASE_FOLDERS  # [10] names and special-use flags
    uidnext: bool = False  # [5]
    keywords: Literal["refused", "forgotten", "kept"] = "refused"  # [6]
    uid_start: int = 1_390_000_000  # [7]
    uid_gap: int = 97  # UIDs grow by 1..gap
    inbox_uidvalidity: int = 1  # [14]
    window_days: int | None = None  # [13]
    append_limit: int = 71_680_000  # [23]

    # ---- IMAP: SEARCH and FETCH
    text_search: TextSearch = "empty"  # [8]
    blind_search: bool = False  # every SEARCH answers an empty list (NetEase company mail)
    brackets: Literal["honoured", "ignored"] = "honoured"  # QQ: keys in brackets ignored, all returned
    charset: Literal["honoured", "badcharset", "bad"] = "honoured"
    descending_sets: Literal["honoured", "bad"] = "honoured"
    unknown_command: Literal["bad", "hang up"] = "bad"
    reshuffle: bool = False  # QQ: other UIDs for the same mails in every session
    bare_items: Literal["honoured", "bad"] = "bad"  # [19]
    stray_flags: bool = False  # [20]
    scrambled_replies: bool = False  # replies of one FETCH in another order
    uid_last: bool = False  # UID after the literal
    slow_seconds: float = 30.0  # [16] how long a slow literal stalls
    drip_seconds: float = 0.2  # between the octets of a dripping literal

    # ---- IMAP: how it ends
    idle_seconds: float = 200.0  # [15]
    drop_at: str = ""  # a command at which the connection is dropped: "FETCH", "SEARCH", "LIST" ...
    drop_with: Literal["EOF", "BYE"] = "EOF"
    drop_after: int = 0  # how many of those commands work first

    # ---- SMTP
    banner: str = "163.com Anti-spam GT for Coremail System (163com[fake])"
    pipelining: bool = True
    auth_required: bool = True
    auth_refused: Literal["", "535", "550"] = ""  # [31] 550 in raw GBK
    sender_must_match: bool = True  # [25] 553
    from_must_match: bool = True  # [25] 554 DT:SUM
    per_quarter_hour: int | None = None  # [26] 451 MI:SFQ
    per_connection: int | None = None  # [27] MI:DMC
    spam_first: bool = False  # [28] 451 DT:SPM, accepted two minutes later
    spam_words: Collection[bytes] = ()  # [29] 554 DT:SPM with the link
    mails_per_day: int | None = None  # [30] 554 MI:STC
    recipients_per_day: int | None = None  # [30] 550 RP:TRC
    one_connection: bool = False  # [32] 421 HL:ICC
    refused_recipients: Collection[str] = ()  # [33] 550 Invalid User
    lost_after_data: Literal["", "accepted", "dropped"] = ""  # [33]
    lost_before_dot: bool = False
    bounced_recipients: Collection[str] = field(default_factory=tuple)  # [24] accepted, a 系统退信 follows
    sent_copies: bool = False  # file a copy of each accepted mail in the sent folder


def NETEASE(**changes: object) -> Moods:  # noqa: N802 a mode reads as a constant
    return _changed(Moods(), changes)


def QQ(**changes: object) -> Moods:  # noqa: N802
    moods = Moods(
        greeting="[CAPABILITY IMAP4 IMAP4rev1 ID AUTH=PLAIN AUTH=LOGIN] QQMail XMIMAP4Server ready",
        id_required=False,
        capabilities=QQ_CAPABILITIES,
        capabilities_after_login=QQ_AFTER_LOGIN,
        folders=QQ_FOLDERS,
        uidnext=True,
        keywords="kept",
        uid_start=1,
        uid_gap=1,
        inbox_uidvalidity=1_480_000_000,
        text_search="all",
        brackets="ignored",
        charset="bad",
        descending_sets="bad",
        unknown_command="hang up",
        bare_items="honoured",
        banner="smtp.qq.com Esmtp QQ QMail Server",
    )
    return _changed(moods, changes)


def ALIYUN(**changes: object) -> Moods:  # noqa: N802
    moods = Moods(
        greeting="AliYun IMAP Server Ready",
        id_required=False,
        capabilities="IMAP4rev1 IDLE XLIST UIDPLUS ID SASL-IR AUTH=XOAUTH",
        text_search="bad",
        brackets="honoured",
        bare_items="honoured",
    )
    return _changed(moods, changes)


def EXCHANGE(**changes: object) -> Moods:  # noqa: N802
    moods = Moods(
        greeting="The Microsoft Exchange IMAP4 service is ready.",
        id_required=False,
        id_known=False,
        capabilities="IMAP4 IMAP4rev1 AUTH=PLAIN STARTTLS UIDPLUS CHILDREN IDLE NAMESPACE LITERAL+",
        folders=EXCHANGE_FOLDERS,
        uidnext=True,
        keywords="kept",
        uid_start=1,
        uid_gap=1,
        text_search="right",
        charset="badcharset",
        bare_items="honoured",
    )
    return _changed(moods, changes)


def _changed(moods: Moods, changes: dict[str, object]) -> Moods:
    for name, value in changes.items():
        if not hasattr(moods, name):
            raise TypeError(f"no such mood: {name}")
        setattr(moods, name, value)
    return moods
