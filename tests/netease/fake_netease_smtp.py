"""One SMTP conversation of the fake server: NetEase's dialogue, its letters and numbers, by mood."""

from __future__ import annotations

import base64
import re
from datetime import datetime, timedelta, timezone
from email.header import decode_header, make_header
from email.parser import BytesHeaderParser
from email.utils import parseaddr
from hashlib import sha256
from typing import TYPE_CHECKING

from netease.wire import Connection, Gone

if TYPE_CHECKING:
    from netease.server import FakeNetease

BEIJING = timezone(timedelta(hours=8))
HELP = "please see http://mail.163.com/help/help_spam_16.htm"
NOT_AUTHORISED = "550 用户无权登陆".encode("gbk")
SPAM_WAIT = timedelta(minutes=2)


class SmtpConversation:
    def __init__(self, server: FakeNetease, connection: Connection) -> None:
        self.server = server
        self.moods = server.moods
        self.connection = connection
        self.signed_in = False
        self.accepted = 0
        self._reset()

    def _reset(self) -> None:
        self.sender: str | None = None
        self.recipients: list[str] = []

    def run(self) -> None:
        if self.moods.one_connection and self.server.open_connections("smtp") > 1:
            self._say(f"421 HL:ICC 163 smtp11,{self._transaction()},{HELP}")
            return
        self._say(f"220 {self.moods.banner}")
        while self._one_command():
            pass

    def _one_command(self) -> bool:
        line = self.connection.line().decode("utf-8", "replace")
        name, _, arguments = line.partition(" ")
        name = name.upper()
        self.server.note("smtp", self.connection.number, name, name if name == "AUTH" else line)
        handler = getattr(self, f"do_{name.lower()}", None)
        if handler is None:
            self._say("502 Error: command not implemented")
            return True
        return handler(arguments) is not False

    def _say(self, text: str | bytes) -> None:
        self.connection.say(text)

    # ---- greeting and sign-in ---------------------------------------------------------------

    def do_ehlo(self, arguments: str) -> None:
        pipelining = ("PIPELINING",) if self.moods.pipelining else ()
        for line in ("mail", *pipelining, "AUTH LOGIN PLAIN", "AUTH=LOGIN PLAIN", "coremail 1Uxr2xKj7kG0xkI17xGrU"):
            self._say(f"250-{line}")
        self._say("250-STARTTLS")
        self._say("250 8BITMIME")

    def do_helo(self, arguments: str) -> None:
        self._say("250 OK")

    def do_starttls(self, arguments: str) -> None:
        self._say("220 Ready to start TLS")
        self.connection.start_tls(self.server.context())

    def do_auth(self, arguments: str) -> bool | None:
        mechanism, _, initial = arguments.partition(" ")
        if mechanism.upper() == "PLAIN":
            _, username, password = self._decoded(initial or self._prompt("")).split("\0")
        elif mechanism.upper() == "LOGIN":
            username = self._decoded(initial or self._prompt("Username:"))
            password = self._decoded(self._prompt("Password:"))
        else:
            self._say("504 Error: mechanism not supported")
            return None
        return self._sign_in(username, password)

    def _prompt(self, text: str) -> str:
        self._say(f"334 {base64.b64encode(text.encode()).decode()}".rstrip())
        return self.connection.line().decode("ascii", "replace")

    def _decoded(self, text: str) -> str:
        return base64.b64decode(text).decode("utf-8", "replace")

    def _sign_in(self, username: str, password: str) -> bool | None:
        if self.moods.auth_refused == "550":
            self._say(NOT_AUTHORISED)
        elif self.moods.auth_refused or (username, password) != (self.server.username, self.server.password):
            self._say("535 Error: authentication failed")
        else:
            self.signed_in = True
            self._say("235 Authentication successful")
        return None

    # ---- envelope ---------------------------------------------------------------------------

    def do_mail(self, arguments: str) -> None:
        self._reset()
        sender = _path(arguments)
        if self.moods.auth_required and not self.signed_in:
            self._say("553 authentication is required")
        elif self.moods.sender_must_match and sender.lower() != self.server.username.lower():
            self._say("553 Mail from must equal authorized user")
        else:
            refusal = self._limit()
            if not refusal:
                self.sender = sender
            self._say(refusal or "250 Mail OK")

    def _limit(self) -> str:
        """The caps by connection, quarter of an hour and day of Beijing, of mails accepted before."""
        now, tail = self.server.clock.now(), f"163 smtp11,{self._transaction()},{HELP}"
        quarter = [each for each in self.server.sent if now - each.at < timedelta(minutes=15)]
        today = [each for each in self.server.sent if _day(each.at) == _day(now)]
        if self.moods.mails_per_day is not None and len(today) >= self.moods.mails_per_day:
            return f"554 MI:STC {tail}"
        if self.moods.per_quarter_hour is not None and len(quarter) >= self.moods.per_quarter_hour:
            return f"451 MI:SFQ {tail}"
        if self.moods.per_connection is not None and self.accepted >= self.moods.per_connection:
            return f"451 MI:DMC {tail}"
        return ""

    def do_rcpt(self, arguments: str) -> None:
        recipient = _path(arguments)
        if self.sender is None:
            self._say("503 Error: need MAIL command")
        elif recipient in self.moods.refused_recipients:
            self._say(f"550 Invalid User: {recipient}")
        elif self._recipients_spent():
            self._say(f"550 RP:TRC 163 smtp11,{self._transaction()},{HELP}")
        else:
            self.recipients.append(recipient)
            self._say("250 Mail OK")

    def _recipients_spent(self) -> bool:
        if self.moods.recipients_per_day is None:
            return False
        now = self.server.clock.now()
        spent = sum(len(each.recipients) for each in self.server.sent if _day(each.at) == _day(now))
        return spent + len(self.recipients) >= self.moods.recipients_per_day

    def do_rset(self, arguments: str) -> None:
        self._reset()
        self._say("250 OK")

    def do_noop(self, arguments: str) -> None:
        self._say("250 OK")

    def do_quit(self, arguments: str) -> bool:
        self._say("221 Bye")
        return False

    # ---- content ----------------------------------------------------------------------------

    def do_data(self, arguments: str) -> None:
        if self.sender is None or not self.recipients:
            self._say("503 Error: need RCPT command")
            return
        self._say("354 End data with <CR><LF>.<CR><LF>")
        if self.moods.lost_before_dot:
            raise Gone
        raw = self._content()
        self._say(self._verdict(raw))
        self._reset()

    def _content(self) -> bytes:
        lines = []
        while True:
            line = self.connection.whole_line()
            if line == b".\r\n":
                return b"".join(lines)
            lines.append(line[1:] if line.startswith(b".") else line)

    def _verdict(self, raw: bytes) -> str:
        tail = f"163 smtp11,{self._transaction()} {int(self.server.clock.now().timestamp())},{HELP}?ip=127.0.0.1"
        if self.moods.from_must_match and _header_from(raw) != (self.sender or "").lower():
            return f"554 DT:SUM {tail}"
        if any(word in raw for word in self.moods.spam_words):
            return f"554 DT:SPM {tail}"
        if self.moods.spam_first and not self._seen_long_ago(raw):
            return f"451 DT:SPM {tail}"
        return self._take(raw)

    def _take(self, raw: bytes) -> str:
        queue_id = f"smtp11,{self._transaction()}"
        if self.moods.lost_after_data == "dropped":
            raise Gone
        self.server.accept(self.sender or "", tuple(self.recipients), raw, queue_id)
        self.accepted += 1
        if self.moods.lost_after_data == "accepted":
            raise Gone
        return f"250 Mail OK queued as {queue_id} {int(self.server.clock.now().timestamp())}"

    def _seen_long_ago(self, raw: bytes) -> bool:
        """Whether the same content, its date aside, was first offered two minutes ago or more."""
        key = sha256(re.sub(rb"(?im)^date:.*$", b"", raw)).hexdigest()
        with self.server.lock:
            first: datetime = self.server.first_offered.setdefault(key, self.server.clock.now())
        return self.server.clock.now() - first >= SPAM_WAIT

    def _transaction(self) -> str:
        with self.server.lock:
            self.server.transactions += 1
            return f"EMCowAB3FAKE{self.server.transactions:06d}"


def _path(arguments: str) -> str:
    match = re.search(r"<([^>]*)>", arguments)
    return match[1] if match else arguments.partition(":")[2].strip().partition(" ")[0]


def _header_from(raw: bytes) -> str:
    value = BytesHeaderParser().parsebytes(raw).get("From", "")
    return parseaddr(str(make_header(decode_header(value))))[1].lower()


def _day(moment: datetime) -> object:
    return moment.astimezone(BEIJING).date()
