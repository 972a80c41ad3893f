"""A fake NetEase (and QQ, Aliyun, Exchange) over real sockets, for tests only; see `server.FakeNetease`."""

from netease.mailstore import MailStore, StoredMail
from netease.moods import ALIYUN, EXCHANGE, NETEASE, QQ, Moods
from netease.server import Clock, Command, FakeNetease, SentMail

__all__ = [
    "ALIYUN",
    "EXCHANGE",
    "NETEASE",
    "QQ",
    "Clock",
    "Command",
    "FakeNetease",
    "MailStore",
    "Moods",
    "SentMail",
    "StoredMail",
]
