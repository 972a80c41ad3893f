"""The SMTP edge against a real server (aiosmtpd) and against a scripted socket that breaks off where told."""

from __future__ import annotations

import asyncio
import base64
import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult
from scripted_smtp import BANNER, DATA, HELLO, MAIL, RAW, RCPT, scripted, send_to, server

from intake.errors import CertificateRefused, ServerUnreachable, SignInRefused
from outbox import smtp, wire
from outbox.outcomes import Doubt, Lost, Refused, Sent


class Inbox:
    def __init__(self) -> None:
        self.taken: list[tuple[str, list[str], bytes]] = []

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802
        self.taken.append((envelope.mail_from, envelope.rcpt_tos, envelope.content))
        return "250 Mail OK queued as smtp11,abc123 1480000000"


def sign_in(server: Any, session: Any, envelope: Any, mechanism: str, data: Any) -> AuthResult:
    return AuthResult(success=(data.login, data.password) == (b"cipsa", "密code".encode()), handled=False)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def running(inbox: Inbox | None = None, **options: Any) -> Iterator[tuple[Inbox, int]]:
    inbox = inbox or Inbox()
    port = free_port()
    controller = Controller(inbox, hostname="127.0.0.1", port=port, **options)
    controller.start()
    try:
        yield inbox, port
    finally:
        controller.stop()


def test_many_letters_on_one_connection_arrive_byte_for_byte() -> None:
    with running() as (inbox, port), smtp.connect(server(port)) as session:
        for number in range(5):
            sent = session.send("a@example.com", f"b{number}@example.cn", RAW)
            assert sent == Sent("smtp11,abc123", "Mail OK queued as smtp11,abc123 1480000000")
    assert [(taken[0], taken[1]) for taken in inbox.taken] == [
        ("a@example.com", [f"b{n}@example.cn"]) for n in range(5)
    ]
    assert {taken[2] for taken in inbox.taken} == {RAW + b"\r\n"}


def test_something_is_done_while_the_last_reply_is_awaited() -> None:
    done = threading.Event()

    class Slow(Inbox):
        async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802
            return "250 ok" if await asyncio.to_thread(done.wait, 5) else "451 nothing was done"

    with running(Slow()) as (_, port), smtp.connect(server(port, final_seconds=10)) as session:
        assert session.send("a@example.com", "no address", RAW, done.set) == Refused(
            553, "5.1.3 Bad recipient address syntax"
        )
        assert not done.is_set()
        assert session.send("a@example.com", "b@example.cn", RAW, done.set) == Sent("", "ok")


def test_sign_in_reads_the_secret_each_time() -> None:
    secrets = iter(["密code", "wrong"])
    with running(authenticator=sign_in, auth_require_tls=False) as (_, port):
        login = server(port, username="cipsa", secret=lambda: next(secrets))
        smtp.open_session(login).close()
        with pytest.raises(SignInRefused) as refused:
            smtp.open_session(login)
    assert "535" in refused.value.detail
    assert "wrong" not in refused.value.detail
    assert "wrong" not in repr(login)


def test_a_server_without_auth_refuses_a_sign_in() -> None:
    with running() as (_, port), pytest.raises(SignInRefused):
        smtp.open_session(server(port, username="cipsa", secret=lambda: "x"))


def contexts(folder: Path) -> tuple[ssl.SSLContext, ssl.SSLContext]:
    """A server's context with a certificate made for 127.0.0.1, and a client's that trusts it."""
    import datetime
    import ipaddress

    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec

    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "127.0.0.1")])
    today = datetime.datetime.now(datetime.UTC)
    alternative = x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))])
    certificate = (
        x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key()).serial_number(1)
        .not_valid_before(today - datetime.timedelta(days=1)).not_valid_after(today + datetime.timedelta(days=1))
        .add_extension(alternative, critical=False).add_extension(x509.BasicConstraints(True, None), critical=True)
        .sign(key, hashes.SHA256())
    )  # fmt: skip
    pem = serialization.Encoding.PEM
    cert_file, key_file = folder / "cert.pem", folder / "key.pem"
    cert_file.write_bytes(certificate.public_bytes(pem))
    private = serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    key_file.write_bytes(key.private_bytes(pem, *private))
    mine = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    mine.load_cert_chain(cert_file, key_file)
    return mine, ssl.create_default_context(cafile=str(cert_file))


@pytest.mark.parametrize("security", ["tls", "starttls"])
def test_both_kinds_of_tls(security: str, tmp_path: Path) -> None:
    mine, theirs = contexts(tmp_path)
    options = {"ssl_context": mine} if security == "tls" else {"tls_context": mine, "require_starttls": True}
    with running(**options) as (inbox, port):
        with smtp.connect(server(port, security=security, context=theirs)) as session:
            assert isinstance(session.send("a@example.com", "b@example.cn", RAW), Sent)
        assert len(inbox.taken) == 1
        with pytest.raises(CertificateRefused):
            smtp.open_session(server(port, security=security))


def test_starttls_is_never_gone_without() -> None:
    with running() as (inbox, port), pytest.raises(CertificateRefused) as refused:
        smtp.open_session(server(port, security="starttls"))
    assert "STARTTLS" in refused.value.sentence
    assert inbox.taken == []


def test_nobody_there() -> None:
    with pytest.raises(ServerUnreachable):
        smtp.open_session(server(free_port()))
    with pytest.raises(ServerUnreachable):
        smtp.open_session(server(25, host="no-such-host.invalid"))


@pytest.mark.parametrize(
    ("script", "kind"),
    [
        ([("MAIL", None)], Lost),
        ([MAIL, ("RCPT", None)], Lost),
        ([MAIL, RCPT, ("DATA", None)], Lost),
        ([MAIL, RCPT, ("DATA", "garbage\r\n")], Lost),
        ([MAIL, RCPT, DATA, (".", None)], Doubt),
        ([MAIL, RCPT, DATA, (".", b"")], Doubt),
        ([MAIL, RCPT, DATA, (".", "garbage\r\n")], Doubt),
        ([MAIL, RCPT, DATA, (".", "354 more?\r\n")], Doubt),
    ],
    ids=["at MAIL", "at RCPT", "at DATA", "garbage at DATA", "hang-up after the dot", "silence after the dot",
         "garbage after the dot", "nonsense after the dot"],
)  # fmt: skip
def test_before_the_final_dot_is_not_sent_and_after_it_is_doubt(script: list[Any], kind: type) -> None:
    with scripted(*HELLO, *script) as (_, port):
        outcome, alive = send_to(port)
    assert isinstance(outcome, kind)
    assert not alive


def test_lost_in_the_middle_of_the_content_is_not_sent() -> None:
    """The server hangs up on DATA's content before the dot; the content is larger than any socket's buffer."""
    listener = socket.create_server(("127.0.0.1", 0))

    def serve() -> None:
        connection, _ = listener.accept()
        with connection, connection.makefile("rb") as stream:
            connection.sendall(b"220 hi\r\n")
            for answer in (b"250 hi\r\n", b"250 ok\r\n", b"250 ok\r\n", b"354 go\r\n"):
                stream.readline()
                connection.sendall(answer)
            connection.recv(1000)

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    session = smtp.open_session(server(listener.getsockname()[1]))
    outcome = session.send("a@example.com", "b@example.cn", b"x" * 60 + b"\r\n" + b"y" * 16_000_000)
    assert isinstance(outcome, Lost)
    session.close()
    listener.close()
    thread.join(5)


@pytest.mark.parametrize(
    ("script", "refused", "alive"),
    [
        ([("MAIL", "553 Mail from must equal authorized user\r\n"), ("RSET", "250 ok\r\n")], (553, "Mail from"), True),
        ([MAIL, ("RCPT", "550 User not found\r\n"), ("RSET", "250 ok\r\n")], (550, "User not"), True),
        ([MAIL, RCPT, ("DATA", "451 MI:SFQ\r\n"), ("RSET", "250 ok\r\n")], (451, "MI:SFQ"), True),
        (
            [MAIL, RCPT, DATA, (".", "554-DT:SPM 163 smtp11\r\n554 please see\r\n"), ("RSET", "250 ok\r\n")],
            (554, "DT:SPM 163 smtp11 please see"),
            True,
        ),
        ([MAIL, RCPT, DATA, (".", "421 HL:ICC closing\r\n")], (421, "HL:ICC"), False),
        ([("MAIL", "421 HL:ICC\r\n")], (421, "HL:ICC"), False),
        ([("MAIL", "451 later\r\n"), ("RSET", None)], (451, "later"), False),
        ([("MAIL", "550 用户无权登陆\r\n".encode("gbk")), ("RSET", "250 ok\r\n")], (550, "用户无权登陆"), True),
    ],
)
def test_refusals(script: list[Any], refused: tuple[int, str], alive: bool) -> None:
    with scripted(*HELLO, *script) as (_, port):
        outcome, still = send_to(port)
    assert isinstance(outcome, Refused)
    assert outcome.code == refused[0]
    assert outcome.text.startswith(refused[1])
    assert still is alive


@pytest.mark.parametrize(
    ("greeting", "error"),
    [("421 HL:ICC too many\r\n", smtp.Unwelcome), ("554 IP in blacklist\r\n", smtp.Unwelcome),
     (None, ServerUnreachable), ("garbage\r\n", smtp.Unwelcome)],
)  # fmt: skip
def test_an_unfriendly_greeting(greeting: str | None, error: type[Exception]) -> None:
    with scripted(greeting) as (_, port), pytest.raises(error):
        smtp.open_session(server(port))


def test_a_silent_server_is_given_up() -> None:
    with scripted(b"") as (_, port), pytest.raises(ServerUnreachable):
        smtp.open_session(server(port, timeout_seconds=0.3))


@pytest.mark.parametrize(
    ("reply", "error"),
    [(b"535 Error: authentication failed\r\n", SignInRefused), ("550 用户无权登陆\r\n".encode("gbk"), SignInRefused),
     (b"451 too much fail authentication\r\n", SignInRefused), (b"454 temporary authentication failure\r\n", None),
     (b"421 try later\r\n", None)],
)  # fmt: skip
def test_what_a_sign_in_may_hear(reply: bytes, error: type[Exception] | None) -> None:
    with scripted(*HELLO, ("AUTH", reply)) as (heard, port), pytest.raises(error or smtp.Unwelcome):
        smtp.open_session(server(port, username="cipsa", secret=lambda: "code"))
    assert heard[-1] == b"AUTH PLAIN " + base64.b64encode(b"\0cipsa\0code") + b"\r\n"


def test_auth_login_where_plain_is_not_offered() -> None:
    hello = [BANNER, ("EHLO", "250-mail\r\n250 AUTH LOGIN\r\n")]
    steps = [("AUTH LOGIN", "334 VXNlcm5hbWU6\r\n"), ("Y2lwc2E=", "334 UGFzc3dvcmQ6\r\n"), ("Y29KZQ==", "235 ok\r\n")]
    steps[2] = (base64.b64encode(b"code").decode().upper(), "235 ok\r\n")
    steps[1] = (base64.b64encode(b"cipsa").decode().upper(), "334 UGFzc3dvcmQ6\r\n")
    with scripted(*hello, *steps) as (_, port):
        smtp.open_session(server(port, username="cipsa", secret=lambda: "code")).close()


@pytest.mark.parametrize(
    ("address", "usable"),
    [("a@example.cn", "a@example.cn"), ("a@中文.cn", "a@xn--fiq228c.cn"), ("中@example.cn", None),
     ("", None), ("a b@example.cn", None), ("a@example.cn\r\nRCPT TO:<x@y.cn>", None), ("no-at", None), ("a@", None),
     ("@b.cn", None),
     ("a>@b.cn", None)],
)  # fmt: skip
def test_addresses_on_the_wire(address: str, usable: str | None) -> None:
    assert wire.envelope_address(address) == usable


@pytest.mark.parametrize(
    ("raw", "on_wire"),
    [
        (b"a\nb", b"a\r\nb\r\n"),
        (b".\r\n..x\r\n", b"..\r\n...x\r\n"),
        (b"a\rb", b"a\r\nb\r\n"),
        (b"", b"\r\n"),
        (b"a\r\r\n\nb\r\n", b"a\r\n\r\n\r\nb\r\n"),
    ],
)
def test_dots_and_line_ends(raw: bytes, on_wire: bytes) -> None:
    assert wire.dotted(raw) == on_wire


@pytest.mark.parametrize(
    ("text", "queue_id"),
    [("Mail OK queued as smtp11,PsCowAD3 1480000000", "smtp11,PsCowAD3"), ("2.0.0 Ok: queued as 4XyZ", "4XyZ"),
     ("OK", ""), ("OK id=1abc-2", "1abc-2")],
)  # fmt: skip
def test_queue_ids(text: str, queue_id: str) -> None:
    assert wire.queue_id(text) == queue_id
