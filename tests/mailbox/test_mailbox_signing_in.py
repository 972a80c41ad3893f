"""Sign-in, ID, TLS, and how each refusal is called."""

from __future__ import annotations

import socket

import pytest
from mailbox_office import account_of, form_mail
from netease import EXCHANGE, NETEASE, QQ, FakeNetease

from intake import mailbox
from intake.errors import CertificateRefused, ServerRefused, ServerUnreachable, SignInRefused


def opened(server, **changes):
    """What EXAMINE of INBOX says on a new connection."""
    with mailbox.connect(account_of(server, **changes)) as session:
        return session.examine("INBOX")


def test_id_is_sent_after_login_and_before_examine_on_each_connection():
    with FakeNetease() as server:
        for _ in range(2):
            with mailbox.connect(account_of(server)) as session:
                session.examine("INBOX")
        assert len(server.connections()) == 2
        for number in server.connections():
            names = server.names(connection=number)
            assert names.index("LOGIN") < names.index("ID") < names.index("EXAMINE")


def test_id_is_sent_where_only_the_greeting_names_coremail():
    with FakeNetease(NETEASE(capabilities="IMAP4rev1 STARTTLS")) as server:
        with mailbox.connect(account_of(server)) as session:
            assert session.examine("INBOX").uidvalidity == 1
        assert "ID" in server.names()


def test_id_is_not_sent_to_a_server_that_does_not_list_it():
    """QQ hangs up on an unknown command."""
    moods = QQ(capabilities="IMAP4rev1 AUTH=PLAIN", capabilities_after_login="IMAP4rev1", id_known=False)
    with FakeNetease(moods) as server:
        with mailbox.connect(account_of(server)) as session:
            assert session.examine("INBOX").exists == 0
        assert "ID" not in server.names()


def test_id_listed_only_after_login_is_sent():
    moods = NETEASE(greeting="IMAP4 ready", capabilities="IMAP4rev1", capabilities_after_login="IMAP4rev1 ID")
    with FakeNetease(moods) as server, mailbox.connect(account_of(server)) as session:
        assert session.examine("INBOX").uidvalidity == 1


def test_an_unknown_id_answered_by_bad_does_not_end_the_poll():
    moods = NETEASE(id_required=False, id_known=False)
    with FakeNetease(moods) as server, mailbox.connect(account_of(server)) as session:
        server.store.deliver(form_mail())
        assert session.examine("INBOX").exists == 1


@pytest.mark.parametrize("bye", [False, True])
def test_unsafe_login_is_a_refused_sign_in_with_its_remedy(bye):
    with (
        FakeNetease(NETEASE(id_refused="ID not now", unsafe_bye=bye)) as server,
        pytest.raises(SignInRefused) as refused,
    ):
        opened(server)
    assert "Unsafe Login" in refused.value.detail
    for word in ("ID", "授权码", "邮箱安全"):
        assert word in refused.value.sentence


def test_a_refused_id_is_named_when_no_folder_opens():
    with FakeNetease(NETEASE(id_refused="ID not now")) as server, pytest.raises(SignInRefused, match="ID not now"):
        opened(server)


@pytest.mark.parametrize(
    ("text", "error"),
    [
        ("LOGIN Login error or password error", SignInRefused),
        ("LOGIN 用户无权登陆", SignInRefused),
        (
            "Login fail. Account is abnormal, service is not open, password is incorrect or system is busy.",
            SignInRefused,
        ),
        ("[AUTHENTICATIONFAILED] Invalid credentials", SignInRefused),
        ("[UNAVAILABLE] Temporary authentication failure", ServerRefused),
        ("[ALERT] Too many simultaneous connections", ServerRefused),
    ],
)
def test_login_refusals(text, error):
    """The text is sent as GB18030 octets and read as such."""
    with FakeNetease(NETEASE(login_refused=text)) as server, pytest.raises(error) as refused:
        opened(server)
    assert text in refused.value.detail


def test_a_wrong_code_is_refused_and_never_shown():
    with FakeNetease() as server:
        with pytest.raises(SignInRefused) as refused:
            opened(server, secret="WRONGCODE")
        server.moods.login_refused = "LOGIN WRONGCODE is wrong"
        with pytest.raises(SignInRefused) as echoed:
            opened(server, secret="WRONGCODE")
    assert "Login error" in refused.value.detail
    assert "WRONGCODE" not in refused.value.detail + echoed.value.detail
    assert "WRONGCODE" not in repr(account_of(server, secret="WRONGCODE"))


def test_login_disabled_says_so_without_sending_the_secret():
    with FakeNetease(NETEASE(login_disabled=True)) as server:
        with pytest.raises(SignInRefused) as refused, mailbox.connect(account_of(server)):
            pass
        assert "LOGIN" not in server.names()
    assert "LOGIN" in refused.value.sentence


def test_a_secret_with_a_line_break_is_refused_before_it_is_sent():
    with FakeNetease() as server:
        with pytest.raises(SignInRefused), mailbox.connect(account_of(server, secret="A\r\nB LOGOUT")):
            pass
        assert "LOGIN" not in server.names()


@pytest.mark.parametrize("password", ['pa"ss\\word', "with space", "密码一二三"])
def test_any_password_signs_in(password):
    """LOGIN cannot carry a non-ASCII one: then AUTHENTICATE PLAIN."""
    with FakeNetease(QQ(), password=password) as server:
        with mailbox.connect(account_of(server)) as session:
            session.examine("INBOX")
        assert ("AUTHENTICATE" in server.names()) == (not password.isascii())


def test_a_greeting_of_bye_and_a_closed_port_are_told_apart():
    moods = NETEASE(greeting_bye="too many connections")
    with FakeNetease(moods) as server, pytest.raises((ServerRefused, ServerUnreachable), match="too many"):
        opened(server)
    with pytest.raises(ServerUnreachable):
        opened(server)


def test_a_host_without_an_address_is_unreachable(monkeypatch):
    def unknown(*_args, **_kwargs):
        raise socket.gaierror(-2, "Name or service not known")

    with FakeNetease() as server:
        monkeypatch.setattr(socket, "getaddrinfo", unknown)
        with (
            pytest.raises(ServerUnreachable, match="not known"),
            mailbox.connect(account_of(server, host="imap.example")),
        ):
            pass


@pytest.mark.parametrize("security", ["tls", "starttls"])
def test_an_unknown_certificate_is_refused_before_the_secret_is_sent(security):
    with FakeNetease(tls=security == "tls") as server:
        with pytest.raises(CertificateRefused):
            opened(server, security=security)
        assert "LOGIN" not in server.names()


@pytest.mark.parametrize("security", ["tls", "starttls"])
def test_tls_with_a_trusted_certificate(security, monkeypatch):
    with FakeNetease(tls=security == "tls") as server:
        monkeypatch.setenv("SSL_CERT_FILE", str(server.certificate))
        server.store.deliver(form_mail())
        with mailbox.connect(account_of(server, security=security)) as session:
            assert session.examine("INBOX").exists == 1
            assert [mail.fault for batch in session.fetch(session.uids()) for mail in batch] == [""]


def test_starttls_that_is_not_offered():
    with FakeNetease(EXCHANGE(capabilities="IMAP4rev1")) as server:
        with pytest.raises(ServerRefused), mailbox.connect(account_of(server, security="starttls")):
            pass
        assert "LOGIN" not in server.names()


def test_the_body_of_the_poll_keeps_its_own_errors():
    """A full disk in the middle of a poll is not a broken connection."""
    with FakeNetease() as server:
        with pytest.raises(OSError, match="disk"), mailbox.connect(account_of(server)):
            raise OSError("disk is full")
        assert server.names()[-1] == "LOGOUT"
