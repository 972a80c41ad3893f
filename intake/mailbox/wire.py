"""One signed-in IMAP connection, command by command: what is sent, what is believed, how it fails.

Promises: only LIST, EXAMINE, SEARCH, FETCH with BODY.PEEK, CAPABILITY, ID and LOGOUT are sent, so
nothing in the mailbox changes; no command waits for ever; no reply fills the memory. Failures leave
as ServerUnreachable, ServerRefused or SignInRefused. Never STORE, EXPUNGE, APPEND, COPY, MOVE, CLOSE.
"""

from __future__ import annotations

import ast
import imaplib
import re
import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Any, NamedTuple, TypeAlias

from intake.errors import CertificateRefused, IntakeError, ServerRefused, ServerUnreachable, SignInRefused
from intake.mailbox import fetching, folders
from intake.providers import decode_reply

UNSAFE_LOGIN = (
    "邮箱服务器以“Unsafe Login”拒绝打开文件夹：程序已按要求发送客户端标识（ID），"
    "请登录网页版邮箱，在“设置－POP3/SMTP/IMAP”中确认IMAP服务已开启并重新生成授权码，"
    "同时在“邮箱安全”中放行本机登录，然后把新的授权码填入配置。"
)
SLOWEST = 20_000
"""Bytes a second below which a literal counts as stalled, however steadily it drips."""
SMALL = 16 << 20
"""Bytes of literals allowed to a command that fetches no whole mails."""

# imaplib ties an unknown command to the state of its first use; ID is allowed in all (RFC 2971, 3.1).
imaplib.Commands["ID"] = ("NONAUTH", "AUTH", "SELECTED")

Answer: TypeAlias = tuple[str, list[Any]]


class FolderStatus(NamedTuple):
    """What EXAMINE said; 0 where the server was silent."""

    uidvalidity: int
    exists: int


class Fetches(NamedTuple):
    """The replies that came, and why no more did: None where the command ended with OK."""

    replies: dict[int, fetching.Fetched]
    error: IntakeError | None


class Wire:
    """The commands. `broken` once the connection can no longer be used."""

    def __init__(self, client: imaplib.IMAP4, timeout_seconds: float) -> None:
        self.client = client
        self.broken = False
        self.id_refused = ""
        self._timeout = timeout_seconds
        self._budget = SMALL
        self._read = client.read
        client.read = self._read_within_budget  # type: ignore[method-assign]  # imaplib has no other place for it

    # ---- commands ---------------------------------------------------------------------------

    def capability(self) -> frozenset[str]:
        """The capabilities now: QQ and others list more after sign-in than before."""
        try:
            lines = self._ask(self.client.capability)[1]
        except ServerRefused:
            lines = list(self.client.capabilities)
        return frozenset(word for line in lines if line for word in _text(line).upper().split())

    def identify(self, name: str, version: str) -> None:
        """Send ID (RFC 2971); a refusal is kept for the case that no folder opens then.

        NetEase opens no folder on a connection without it, and accepts invented names.
        """
        fields = f'("name" "{name}" "version" "{version}" "vendor" "{name}")'
        try:
            status, data = self._ask(lambda: self.client.xatom("ID", fields))
        except ServerRefused as refused:
            self.id_refused = refused.detail
        else:
            self.id_refused = "" if status == "OK" else _said(data)

    def list_folders(self) -> tuple[folders.Folder, ...]:
        status, data = self._ask(lambda: self.client.list('""', '"*"'))
        if status != "OK":
            raise ServerRefused(f"LIST: {_said(data)}")
        return folders.parse_list(data)

    def examine(self, wire_name: bytes) -> FolderStatus:
        """Open a folder read-only. SignInRefused if the provider demands more trust, else ServerRefused."""
        mailbox: Any = folders.quoted(wire_name)
        status, data = self._ask(lambda: self.client.select(mailbox, readonly=True))
        if status != "OK":
            against_id = f" (ID: {self.id_refused})" if self.id_refused else ""
            raise _refusal(f"EXAMINE {folders.decode_name(wire_name)}: {_said(data)}{against_id}")
        return FolderStatus(_first_number(self.client.response("UIDVALIDITY")[1]), _first_number(data))

    def search(self, criteria: str) -> tuple[int, ...]:
        """UIDs by bare criteria: QQ ignores keys in brackets, Exchange refuses a charset."""
        status, data = self._ask(lambda: self.client.uid("SEARCH", criteria))
        if status != "OK":
            raise ServerRefused(f"SEARCH: {_said(data)}")
        return fetching.parse_uids(data)

    def fetch(self, uid_set: str, items: str, expected: int = 0) -> Fetches:
        """Ask `items`, in brackets, of a set of UIDs; `expected` bytes bound time and memory.

        A failure is returned beside what had come by then, so that it costs only what it hit.
        """
        self.client.untagged_responses.pop("FETCH", None)  # flags pushed during an earlier command
        error: IntakeError | None = None
        data: list[Any] = []
        try:
            status, data = self._ask(lambda: self.client.uid("FETCH", uid_set, items), expected)
            if status != "OK":
                error = _refusal(f"FETCH: {_said(data)}")
        except IntakeError as failure:
            error = failure
        if error is not None:
            data = self.client.untagged_responses.pop("FETCH", [])
        return Fetches(fetching.parse_fetch(data), error)

    def close(self) -> None:
        """Leave: LOGOUT where it can still be said, then close the socket."""
        if not self.broken:
            with suppress(IntakeError):
                self._ask(self.client.logout)
        with suppress(OSError):
            self.client.shutdown()

    # ---- how a command is sent --------------------------------------------------------------

    def _ask(self, command: Callable[[], Answer], expected: int = 0) -> Answer:
        self._budget = max(SMALL, expected + expected // 4)
        try:
            with self._patience(expected):
                return command()
        except (imaplib.IMAP4.error, OSError) as failure:
            self.broken = self.broken or not _still_open(failure)
            raise translate(failure, self._farewell()) from failure

    def _read_within_budget(self, size: int) -> bytes:
        self._budget -= size
        if self._budget < 0:
            raise self.client.abort(f"a literal of {size} bytes was not announced by RFC822.SIZE")
        content = self._read(size)
        if len(content) < size:  # imaplib itself would take the stump for the mail
            raise self.client.abort(f"the connection ended after {len(content)} of {size} bytes")
        return content

    @contextmanager
    def _patience(self, expected: int) -> Iterator[None]:
        """Cut the connection if a command takes too long in all.

        A socket's timeout starts anew with each byte; one dripping mail stalled a run for 13 minutes.
        """
        watch = threading.Timer(self._timeout + expected / SLOWEST, self._cut)
        watch.daemon = True
        watch.start()
        try:
            yield
        finally:
            watch.cancel()

    def _cut(self) -> None:
        self.broken = True
        with suppress(OSError):
            self.client.socket().shutdown(socket.SHUT_RDWR)

    def _farewell(self) -> str:
        lines = self.client.untagged_responses.get("BYE", [])
        return decode_reply(lines[-1]) if lines and isinstance(lines[-1], bytes) else ""


def translate(failure: Exception, farewell: str = "") -> IntakeError:
    """What imaplib or the socket raised, as one of our errors; `farewell` is the server's BYE."""
    if isinstance(failure, ssl.SSLCertVerificationError):
        return CertificateRefused(str(failure))
    detail = farewell or said_in(failure)
    if isinstance(failure, imaplib.IMAP4.error):
        refused = _refusal(detail)
        gone = isinstance(failure, imaplib.IMAP4.abort) and not isinstance(refused, SignInRefused)
        return ServerUnreachable(detail) if gone else refused
    return ServerUnreachable(detail or type(failure).__name__)


def said_in(failure: Exception) -> str:
    """The text of an error; imaplib shows a BAD reply as a list of escaped bytes, which is undone here."""
    text = str(failure)
    match = re.search(r"""\[?(b'.*'|b".*")\]?$""", text, re.DOTALL)
    if match is None:
        return text
    try:
        return text[: match.start()] + decode_reply(ast.literal_eval(match[1]))
    except (ValueError, SyntaxError):
        return text


def _refusal(detail: str) -> IntakeError:
    if "unsafe login" in detail.lower():
        return SignInRefused(detail, sentence=UNSAFE_LOGIN)
    return ServerRefused(detail)


def _still_open(failure: Exception) -> bool:
    return isinstance(failure, imaplib.IMAP4.error) and not isinstance(failure, imaplib.IMAP4.abort)


def _said(data: list[Any]) -> str:
    return " ".join(_text(line) for line in data if line)


def _text(line: Any) -> str:
    return decode_reply(line) if isinstance(line, bytes) else str(line)


def _first_number(data: list[Any]) -> int:
    numbers = [int(line) for line in data or [] if isinstance(line, bytes) and line.isdigit()]
    return numbers[-1] if numbers else 0
