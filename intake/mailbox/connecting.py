"""The IMAP edge: sign in and hand over a Session for one poll. The only importer of imap_tools.

Promises: folders are opened read-only and nothing in the mailbox changes, no flag, no mail, not
even \\Seen; failures are ServerUnreachable, ServerRefused, SignInRefused or CertificateRefused, and
none of them shows the secret. Remembers nothing between connections.
"""

from __future__ import annotations

import imaplib
import ssl
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from datetime import datetime
from typing import TYPE_CHECKING, Any, TypeAlias

from intake.errors import IntakeError, ServerRefused, SignInRefused
from intake.mailbox import polling
from intake.mailbox.folders import Folder
from intake.mailbox.polling import Envelope, FolderMark, Plan
from intake.mailbox.session import Account, Session
from intake.mailbox.wire import FolderStatus, Wire, said_in, translate
from intake.providers import decode_reply

if TYPE_CHECKING:
    from imap_tools import BaseMailBox

__all__ = ["Account", "Envelope", "Folder", "FolderMark", "FolderStatus", "Plan", "Session", "connect", "plan"]

Known: TypeAlias = Callable[[int, int], Mapping[int, Envelope | None]]

CLIENT_NAME, CLIENT_VERSION = "cipsa-intake", "0.1"
# RFC 5530: codes that say the account is fine and the server is not, or is busy.
_PASSING = ("[unavailable]", "[inuse]", "[limit]", "too many simultaneous", "too many connections")
_OAUTH_ONLY = "该邮箱不接受密码或授权码登录（服务器已关闭LOGIN），请改用支持授权码的邮箱，或联系邮箱服务商。"
_NO_STARTTLS = "服务器不支持STARTTLS，请把 mailbox.security 改为 tls（端口993）。"
_BAD_SECRET = "账号或授权码中含有换行等控制字符，请重新粘贴授权码。"


@contextmanager
def connect(account: Account) -> Iterator[Session]:
    """A signed-in connection for one poll, ended by LOGOUT; the body's own exceptions pass through."""
    box = _open(account)
    wire = Wire(box.client, account.timeout_seconds)
    try:
        _sign_in(box, account, wire)
        yield Session(account, wire)
    finally:
        wire.close()


def plan(
    session: Session,
    folder: Folder | str,
    state: FolderMark | None,
    opens: datetime,
    *,
    known: Known | Mapping[int, Envelope | None] | None = None,
    compare: bool = False,
) -> Plan:
    """Open a folder and say what to do with it; the rules are those of `polling`.

    `known` gives, for a UIDVALIDITY and a UID after which to look, the UIDs that have a row, each with
    the date and size recorded for it or None; a plain mapping stands for the UIDVALIDITY of `state`.
    They are not fetched again. `compare`, due once a day, needs them all.
    """
    status = session.examine(folder)
    reason = polling.reason_for(state, status.uidvalidity, compare)
    after = polling.asked_after(reason, state)
    rows = _rows(known, reason, status.uidvalidity, after)
    uids = session.uids(after)
    wanted = polling.unknown(uids, rows)
    dated = [uid for uid in uids if reason == "compared" and rows.get(uid) is not None]
    envelopes = {each.uid: each for each in session.envelopes(() if reason == "new" else (*wanted, *dated))}
    if reason == "compared":
        wanted = (*wanted, *polling.reshuffled(envelopes, rows))
    name = folder if isinstance(folder, str) else folder.name
    return polling.settle(
        name, status.uidvalidity, reason, state, uids=uids, wanted=wanted, envelopes=envelopes, opens=opens
    )


def _rows(
    known: Known | Mapping[int, Envelope | None] | None, reason: polling.Reason, uidvalidity: int, after: int
) -> Mapping[int, Envelope | None]:
    if callable(known):
        return known(uidvalidity, after)
    return known if known and reason in ("new", "compared") else {}


def _open(account: Account) -> BaseMailBox:
    from imap_tools import MailBox, MailBoxUnencrypted

    try:
        if account.security == "tls":
            return MailBox(account.host, account.port, account.timeout_seconds, ssl_context=_trust())
        box = MailBoxUnencrypted(account.host, account.port, account.timeout_seconds)
    except (imaplib.IMAP4.error, OSError) as failure:
        raise translate(failure) from failure
    if account.security == "starttls":
        _start_tls(box)
    return box


def _start_tls(box: BaseMailBox) -> None:
    """Not by MailBoxStartTls, which leaves the socket open where this fails."""
    try:
        if "STARTTLS" not in box.client.capabilities:
            raise ServerRefused("STARTTLS is not offered", sentence=_NO_STARTTLS)
        box.client.starttls(ssl_context=_trust())
    except (imaplib.IMAP4.error, OSError, ServerRefused) as failure:
        with suppress(OSError):
            box.client.shutdown()
        if isinstance(failure, ServerRefused):
            raise
        raise translate(failure) from failure


def _trust() -> ssl.SSLContext:
    """The system's authorities; imaplib's own default checks no certificate."""
    return ssl.create_default_context()


def _sign_in(box: BaseMailBox, account: Account, wire: Wire) -> None:
    greeting = str(box.client.welcome)
    if box.client.state == "NONAUTH":
        _login(box, account)
    if "ID" in wire.capability() or "coremail" in greeting.lower():
        wire.identify(CLIENT_NAME, CLIENT_VERSION)


def _login(box: BaseMailBox, account: Account) -> None:
    """LOGIN, or AUTHENTICATE PLAIN where the account or secret is not ASCII (LOGIN cannot carry it)."""
    from imap_tools import MailboxLoginError

    secret = account.secret()
    if "LOGINDISABLED" in box.client.capabilities:
        raise SignInRefused("LOGINDISABLED", sentence=_OAUTH_ONLY)
    if any(ord(character) < 32 for character in account.username + secret):
        raise SignInRefused("control character in the username or secret", sentence=_BAD_SECRET)
    plain = (account.username + secret).isascii()
    try:
        (box.login if plain else box.login_utf8)(account.username, secret, initial_folder=None)
    except MailboxLoginError as refused:
        raise _login_refusal(_result_text(refused.command_result), secret) from None
    except (imaplib.IMAP4.abort, OSError) as failure:
        raise translate(failure) from failure
    except imaplib.IMAP4.error as refused:
        raise _login_refusal(said_in(refused), secret) from None


def _login_refusal(detail: str, secret: str) -> IntakeError:
    detail = detail.replace(secret, "***") if secret else detail
    passing = any(sign in detail.lower() for sign in _PASSING)
    return ServerRefused(detail) if passing else SignInRefused(detail)


def _result_text(result: Any) -> str:
    lines = result[1] if isinstance(result, tuple) and len(result) > 1 else [result]
    return " ".join(decode_reply(line) if isinstance(line, bytes) else str(line) for line in lines)
