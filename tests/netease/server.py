"""The whole fake: an IMAP and an SMTP port on loopback, one store behind both, everything remembered.

with FakeNetease(NETEASE(stray_flags=True)) as server:
    mail = server.store.deliver(raw, folder="INBOX", internal_date=..., size_lie=..., trouble="short")
    ... server.imap_port, server.smtp_port, server.username, server.password ...
    server.sent         what was accepted by SMTP: (sender, recipients, raw, queue_id)
    server.commands     every command of every connection, in order
    server.clock        its own time; advance it to pass the windows and day caps of SMTP
    server.moods        may be changed while it runs
"""

from __future__ import annotations

import socket
import ssl
import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import TracebackType
from typing import Literal, NamedTuple, Self

from netease.bouncing import bounce
from netease.certificate import certificate_file, server_context
from netease.fake_netease_imap import ImapConversation
from netease.fake_netease_smtp import SmtpConversation
from netease.mailstore import MailStore
from netease.moods import Moods
from netease.wire import Connection, Gone

Protocol = Literal["imap", "smtp"]
CHANGING = frozenset(
    {"STORE", "EXPUNGE", "APPEND", "COPY", "MOVE", "CLOSE", "SELECT"}
    | {"CREATE", "DELETE", "RENAME", "SUBSCRIBE", "UNSUBSCRIBE"}
)


class Command(NamedTuple):
    """One command as received: `name` upper case, `UID FETCH` as "FETCH"; no secrets in `text`."""

    protocol: Protocol
    connection: int
    name: str
    text: str


class SentMail(NamedTuple):
    """A mail that SMTP took: envelope and the exact bytes between DATA and the dot, unstuffed."""

    sender: str
    recipients: tuple[str, ...]
    raw: bytes
    queue_id: str
    at: datetime


@dataclass
class Clock:
    """The server's own time: that of the machine, moved by `advance`, or still once `set`."""

    offset: timedelta = timedelta()
    fixed: datetime | None = None

    def now(self) -> datetime:
        return (self.fixed or datetime.now(UTC)) + self.offset

    def set(self, moment: datetime) -> None:
        """Stand still at an aware time until advanced."""
        if moment.tzinfo is None:
            raise ValueError("naive time")
        self.fixed, self.offset = moment, timedelta()

    def advance(self, seconds: float) -> None:
        self.offset += timedelta(seconds=seconds)


@dataclass
class _Listener:
    protocol: Protocol
    socket: socket.socket
    port: int


class FakeNetease:
    """See the module. `tls` makes both ports speak TLS from the first octet; STARTTLS works without."""

    host = "127.0.0.1"

    def __init__(
        self,
        moods: Moods | None = None,
        *,
        username: str = "cipsa@vip.126.com",
        password: str = "FAKECODEFAKECODE",
        tls: bool = False,
    ) -> None:
        self.moods = moods or Moods()
        self.username = username
        self.password = password
        self.clock = Clock()
        self.store = MailStore(self.moods, self.clock.now)
        self.sent: list[SentMail] = []
        self.commands: list[Command] = []
        self.failures: list[BaseException] = []
        self.first_offered: dict[str, datetime] = {}
        self.transactions = 0
        self.lock = threading.RLock()
        self._tls = tls
        self._context: ssl.SSLContext | None = None
        self._stopping = threading.Event()
        self._open: set[Connection] = set()
        self._count = 0
        self._threads: list[threading.Thread] = []
        self._listeners: dict[Protocol, _Listener] = {}

    # ---- life -------------------------------------------------------------------------------

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()
        if self.failures and kind is None:
            raise AssertionError("the fake server itself failed") from self.failures[0]

    def start(self) -> None:
        for protocol in ("imap", "smtp"):
            opened = socket.create_server((self.host, 0), backlog=50)
            self._listeners[protocol] = listener = _Listener(protocol, opened, opened.getsockname()[1])
            self._run(self._accept, listener)

    def stop(self) -> None:
        self._stopping.set()
        for listener in self._listeners.values():
            # A thread blocked in accept() is not woken by close() alone.
            with socket.socket() as knock:
                knock.settimeout(1)
                knock.connect_ex((self.host, listener.port))
            listener.socket.close()
        self.hang_up()
        for thread in list(self._threads):
            thread.join(timeout=5)

    def hang_up(self) -> None:
        """Drop every open connection, as a broken line would."""
        with self.lock:
            still_open = list(self._open)
        for connection in still_open:
            connection.close()

    @property
    def imap_port(self) -> int:
        return self._listeners["imap"].port

    @property
    def smtp_port(self) -> int:
        return self._listeners["smtp"].port

    @property
    def certificate(self) -> Path:
        """The PEM file to trust (SSL_CERT_FILE) when `tls` is on or STARTTLS is used."""
        return certificate_file()

    # ---- what was received ------------------------------------------------------------------

    def names(self, protocol: Protocol = "imap", connection: int | None = None) -> list[str]:
        """The commands' names in order, of all connections of a protocol or of one."""
        with self.lock:
            return [
                each.name
                for each in self.commands
                if each.protocol == protocol and connection in (None, each.connection)
            ]

    def connections(self, protocol: Protocol = "imap") -> list[int]:
        with self.lock:
            return sorted({each.connection for each in self.commands if each.protocol == protocol})

    def changing_commands(self) -> list[Command]:
        """Every IMAP command that could have changed the mailbox; the daemon must never send one."""
        with self.lock:
            return [each for each in self.commands if each.protocol == "imap" and each.name in CHANGING]

    def wait_for_sent(self, number: int, seconds: float = 5.0) -> list[SentMail]:
        """The accepted mails, once there are `number` of them or the time is over."""
        for _ in range(int(seconds / 0.01)):
            if len(self.sent) >= number:
                break
            self._stopping.wait(0.01)
        return list(self.sent)

    def bounce(self, sent: SentMail, recipient: str = "", *, folder: str = "INBOX") -> None:
        """Deliver NetEase's 系统退信 for a mail that was sent."""
        raw = bounce(sent.raw, sent.sender, recipient or sent.recipients[0], sent.queue_id, self.clock.now())
        self.store.deliver(raw, folder)

    # ---- used by the conversations ----------------------------------------------------------

    def note(self, protocol: Protocol, connection: int, name: str, text: str) -> None:
        with self.lock:
            self.commands.append(Command(protocol, connection, name, text))

    def accept(self, sender: str, recipients: tuple[str, ...], raw: bytes, queue_id: str) -> SentMail:
        mail = SentMail(sender, recipients, raw, queue_id, self.clock.now())
        with self.lock:
            self.sent.append(mail)
        if self.moods.sent_copies:
            self.store.deliver(raw, self.store.sent_folder(), flags=["\\Seen"])
        for recipient in recipients:
            if recipient in self.moods.bounced_recipients:
                self.bounce(mail, recipient)
        return mail

    def open_connections(self, protocol: Protocol) -> int:
        with self.lock:
            return sum(1 for each in self._open if getattr(each, "protocol", "") == protocol)

    def context(self) -> ssl.SSLContext:
        with self.lock:
            if self._context is None:
                self._context = server_context()
            return self._context

    # ---- threads ----------------------------------------------------------------------------

    def _run(self, work: Callable[..., None], *arguments: object) -> None:
        thread = threading.Thread(target=work, args=arguments, daemon=True)
        with self.lock:
            self._threads.append(thread)
        thread.start()

    def _accept(self, listener: _Listener) -> None:
        while not self._stopping.is_set():
            try:
                client, _ = listener.socket.accept()
            except OSError:
                return
            if self._stopping.is_set():
                client.close()
                return
            self._run(self._serve, listener.protocol, client)

    def _serve(self, protocol: Protocol, client: socket.socket) -> None:
        with self.lock:
            self._count += 1
            number = self._count
        connection = Connection(client, number, self.moods.idle_seconds, self._stopping)
        connection.protocol = protocol
        with self.lock:
            self._open.add(connection)
        try:
            if self._tls:
                connection.start_tls(self.context())
            conversation = ImapConversation if protocol == "imap" else SmtpConversation
            conversation(self, connection).run()
        except (Gone, OSError):
            pass  # the client left, or the mood was to drop it
        except BaseException as failure:  # noqa: BLE001 shown to the test that caused it
            self.failures.append(failure)
        finally:
            with self.lock:
                self._open.discard(connection)
            connection.close()
