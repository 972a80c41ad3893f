"""The SMTP edge: one connection for many letters; the only importer of smtplib.

Promises to know, of each letter, whether it was taken, refused, surely not sent, or in doubt: the
data phase is driven here, not by smtplib.sendmail, so that a connection lost before the final dot
(RFC 5321, 4.1.1.4) is told apart from one lost after it. The secret is read anew at every sign-in
and never kept, logged or put into an error. Never retries, never waits, knows no database.
"""

from __future__ import annotations

import base64
import smtplib
import socket
import ssl
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Literal, TypeAlias

from intake.errors import CertificateRefused, ServerRefused, ServerUnreachable, SignInRefused
from intake.providers import decode_reply, refusal
from outbox.outcomes import Doubt, Lost, Outcome, Refused, Sent
from outbox.wire import dotted, envelope_address, queue_id

Security: TypeAlias = Literal["tls", "starttls", "none"]
Step: TypeAlias = tuple[str, tuple[int, ...]]  # a command, and the codes with which the letter goes on


@dataclass(frozen=True, slots=True)
class Server:
    """Where letters go out. `username` "" means no AUTH; `context` None the system's certificates.

    `final_seconds` is how long the reply to the final dot may take; RFC 5321, 4.5.3.2.6 asks for
    ten minutes, but a stop must not wait so long, and a letter in doubt is settled by the outbox.
    """

    host: str
    port: int
    security: Security
    username: str = ""
    secret: Callable[[], str] = field(default=str, repr=False)
    timeout_seconds: float = 60
    final_seconds: float = 180
    context: ssl.SSLContext | None = None


class Unwelcome(ServerRefused):
    """发信服务器拒绝了连接，程序会自动重试。"""

    def __init__(self, code: int, text: str) -> None:
        self.code, self.text = code, text
        super().__init__(f"{code} {text}")


class Session:
    """A signed-in connection. After Lost, Doubt or a 421 `alive` is False and a new one is needed.

    `greeting` is what the server said first.
    """

    def __init__(self, connection: smtplib.SMTP, final_seconds: float, greeting: str = "") -> None:
        self._smtp, self._final_seconds, self.greeting = connection, final_seconds, greeting
        self.alive = True

    def send(self, sender: str, recipient: str, raw: bytes, meanwhile: Callable[[], None] = lambda: None) -> Outcome:
        """Send one letter to one recipient; never raises for anything the server or the network does.

        MAIL FROM and RCPT TO go together where the server offers PIPELINING (RFC 2920); DATA goes by
        itself, so that it is never accepted after a refused recipient (3.1). `meanwhile` is done once
        the final dot is sent, before its reply is read.
        """
        to = envelope_address(recipient)
        if to is None:
            return Refused(553, "5.1.3 Bad recipient address syntax")
        size = f" SIZE={len(raw)}" if self._smtp.has_extn("size") else ""
        mail, rcpt = (f"MAIL FROM:<{sender}>{size}", (250,)), (f"RCPT TO:<{to}>", (250, 251))
        envelope = [(mail, rcpt)] if self._smtp.has_extn("pipelining") else [(mail,), (rcpt,)]
        try:
            for together in (*envelope, (("DATA", (354,)),)):
                if refused := self._refusal(*together):
                    return refused
            self._write(dotted(raw))
            self._write(b".\r\n")
        except (OSError, smtplib.SMTPException) as error:
            self.alive = False
            return Lost(_detail(error))
        meanwhile()
        return self._after_the_dot()

    def close(self) -> None:
        """Say goodbye if anyone listens."""
        try:
            if self.alive:
                self._socket.settimeout(2)
                self._smtp.docmd("QUIT")
        except (OSError, smtplib.SMTPException):
            self.alive = False  # a server that hangs up on QUIT has lost nothing
        finally:
            self.alive = False
            self._smtp.close()

    def _after_the_dot(self) -> Outcome:
        try:
            self._socket.settimeout(self._final_seconds)
            code, text = _decoded(self._smtp.getreply())
            self._socket.settimeout(self._smtp.timeout)
        except (OSError, smtplib.SMTPException) as error:
            self.alive = False
            return Doubt(_detail(error))
        if 200 <= code < 300:
            return Sent(queue_id(text), text)
        if 400 <= code < 600:
            return self._refused(code, text)
        self.alive = False
        return Doubt(f"{code} {text}")

    def _refusal(self, *steps: Step) -> Refused | Lost | None:
        """Say the commands in one write and read their replies in turn; the first unwanted one is the outcome."""
        self._smtp.send("".join(f"{command}\r\n" for command, _ in steps))
        for unread, (_, wanted) in zip(reversed(range(len(steps))), steps, strict=True):
            code, text = _decoded(self._smtp.getreply())
            if code not in wanted:
                return self._refused(code, text, unread)
        return None

    def _refused(self, code: int, text: str, unread: int = 0) -> Refused | Lost:
        """Make the connection ready for the next letter (RSET), unless the server is closing it (421).

        `unread` replies to commands sent along with the refused one are read first and mean nothing.
        """
        if code == -1:
            self.alive = False
            return Lost(f"unreadable reply: {text}")
        if code == 421:
            self.alive = False
            return Refused(code, text)
        try:
            for _ in range(unread):
                self._smtp.getreply()
            self.alive = self._smtp.docmd("RSET")[0] == 250
        except (OSError, smtplib.SMTPException):
            self.alive = False
        return Refused(code, text)

    def _write(self, octets: bytes) -> None:
        self._socket.sendall(octets)

    @property
    def _socket(self) -> socket.socket:
        return _socket_of(self._smtp)


@contextmanager
def connect(server: Server) -> Iterator[Session]:
    """A session, closed at the end; see `open_session` for what it raises."""
    session = open_session(server)
    try:
        yield session
    finally:
        session.close()


def open_session(server: Server) -> Session:
    """Connect, secure and sign in.

    Raises ServerUnreachable (nobody there, or it broke off), CertificateRefused, Unwelcome (a reply
    says no, with code and text), SignInRefused (the secret or the account was refused).
    """
    connection = _connection(server)
    try:
        greeting = _greet(connection, server)
        if server.username:
            _sign_in(connection, server)
    except ssl.SSLCertVerificationError as error:
        connection.close()
        raise CertificateRefused(_detail(error)) from error
    except (OSError, smtplib.SMTPException) as error:
        connection.close()
        raise ServerUnreachable(_detail(error)) from error
    except BaseException:
        connection.close()
        raise
    return Session(connection, server.final_seconds, greeting)


def _connection(server: Server) -> smtplib.SMTP:
    """An object that is not connected yet: smtplib's own constructor would look up this machine's name."""
    name = "localhost"
    if server.security == "tls":
        return smtplib.SMTP_SSL(local_hostname=name, timeout=server.timeout_seconds, context=_context(server))
    return smtplib.SMTP(local_hostname=name, timeout=server.timeout_seconds)


def _greet(connection: smtplib.SMTP, server: Server) -> str:
    """Connect and secure; gives the greeting."""
    connection._host = server.host  # type: ignore[attr-defined]  # the name for SNI; only the constructor sets it
    greeting = _expect(220, connection.connect(server.host, server.port))
    _prepare(connection)
    _expect(250, connection.ehlo())
    if server.security == "starttls":
        if not connection.has_extn("starttls"):
            raise CertificateRefused(
                "no STARTTLS", sentence="服务器不支持STARTTLS，请把 smtp.security 改为 tls（465端口）。"
            )
        _expect(220, connection.starttls(context=_context(server)))
        _expect(250, connection.ehlo())
    return greeting


def _prepare(connection: smtplib.SMTP) -> None:
    """An address literal in EHLO (RFC 5321, 4.1.3), and no waiting to fill packets.

    Without TCP_NODELAY the final dot, a small packet behind a large one, waits for the server's
    delayed acknowledgement, some 40 ms a letter.
    """
    wire = _socket_of(connection)
    address = wire.getsockname()[0]
    connection.local_hostname = f"[IPv6:{address}]" if ":" in address else f"[{address}]"
    wire.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)


def _socket_of(connection: smtplib.SMTP) -> socket.socket:
    """smtplib drops its socket when the server hangs up."""
    if connection.sock is None:
        raise smtplib.SMTPServerDisconnected("connection closed")
    return connection.sock


def _sign_in(connection: smtplib.SMTP, server: Server) -> None:
    """AUTH PLAIN (RFC 4616) or LOGIN, in UTF-8; PLAIN where the server lists both, as NetEase does."""
    offered = str(connection.esmtp_features.get("auth", "")).upper().split()
    name, secret = server.username.encode(), server.secret().encode()
    if "PLAIN" in offered or "LOGIN" not in offered:
        reply = connection.docmd("AUTH", f"PLAIN {_base64(bytes(1) + name + bytes(1) + secret)}")
    else:
        reply = connection.docmd("AUTH", "LOGIN")
        for answer in (name, secret):
            if reply[0] == 334:
                reply = connection.docmd(_base64(answer))
    code, text = _decoded(reply)
    if code in (235, 503):  # 503: signed in already
        return
    if 500 <= code < 600 or refusal(code, text, server.host).meaning == "signin":
        raise SignInRefused(f"{code} {text}")
    raise Unwelcome(code, text)


def _base64(octets: bytes) -> str:
    return base64.b64encode(octets).decode("ascii")


def _context(server: Server) -> ssl.SSLContext:
    return server.context or ssl.create_default_context()


def _expect(wanted: int, reply: tuple[int, bytes]) -> str:
    code, text = _decoded(reply)
    if code != wanted:
        raise Unwelcome(code, text)
    return text


def _decoded(reply: tuple[int, bytes]) -> tuple[int, str]:
    """Reply texts are UTF-8 or raw GBK (NetEase 用户无权登陆, an older QQ text); lines joined."""
    return reply[0], " ".join(decode_reply(reply[1]).split())


def _detail(error: Exception) -> str:
    """What happened, in ASCII terms of the library; replies are decoded as the servers write them."""
    if isinstance(error, smtplib.SMTPResponseException):
        octets = error.smtp_error
        return f"{error.smtp_code} {decode_reply(octets) if isinstance(octets, bytes) else octets}"
    return f"{type(error).__name__}: {error}"
