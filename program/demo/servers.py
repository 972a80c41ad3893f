"""The two mail servers of the demonstration, on loopback, in one thread: pymap for IMAP, aiosmtpd for SMTP.

They stand where NetEase stands in real life; the daemon meets them through sockets only. The
mailbox can be filled with mails of any INTERNALDATE, and what is submitted is kept byte for byte.
"""

from __future__ import annotations

import argparse
import asyncio
import logging
import threading
from collections.abc import Callable, Iterator
from contextlib import AsyncExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any


@dataclass(frozen=True, slots=True)
class Submitted:
    """A letter that the daemon handed over: envelope and exact bytes."""

    sender: str
    recipients: tuple[str, ...]
    raw: bytes = field(repr=False)


@dataclass
class MailServers:
    """Running servers: `deliver` puts a mail into the mailbox, `submitted` is what came in by SMTP."""

    username: str
    password: str
    imap_port: int
    smtp_port: int
    submitted: list[Submitted]
    _put: Callable[[bytes, datetime, str], None]

    def deliver(self, raw: bytes, at: datetime, folder: str = "INBOX") -> None:
        """Let a mail arrive with `at` as its INTERNALDATE."""
        self._put(raw, at, folder)


class _Inbox:
    """aiosmtpd handler that accepts everything and keeps it."""

    def __init__(self, submitted: list[Submitted]) -> None:
        self._submitted = submitted

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802
        self._submitted.append(Submitted(envelope.mail_from, tuple(envelope.rcpt_tos), bytes(envelope.content)))
        return f"250 Mail OK queued as demo,{len(self._submitted)}"


@contextmanager
def mail_servers(username: str, password: str, folders: tuple[str, ...] = ("INBOX",)) -> Iterator[MailServers]:
    """Start both servers on free loopback ports; both end with the block."""
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever, name="mail-servers", daemon=True)
    thread.start()
    stack = AsyncExitStack()
    try:
        yield asyncio.run_coroutine_threadsafe(_start(stack, username, password, folders, loop), loop).result(20)
    finally:
        asyncio.run_coroutine_threadsafe(_end(stack), loop).result(20)
        loop.call_soon_threadsafe(loop.stop)
        thread.join(5)
        loop.close()


async def _start(
    stack: AsyncExitStack, username: str, password: str, folders: tuple[str, ...], loop: asyncio.AbstractEventLoop
) -> MailServers:
    mailboxes, imap_port = await _start_imap(stack, username, password)
    for name in folders:
        if name != "INBOX":
            await mailboxes.add_mailbox(name)
    submitted: list[Submitted] = []
    smtp_port = await _start_smtp(stack, username, password, submitted)

    def put(raw: bytes, at: datetime, folder: str) -> None:
        asyncio.run_coroutine_threadsafe(_append(mailboxes, raw, at, folder), loop).result(20)

    return MailServers(username, password, imap_port, smtp_port, submitted, put)


async def _start_imap(stack: AsyncExitStack, username: str, password: str) -> tuple[Any, int]:
    from proxyprotocol.noop import ProxyProtocolNoop
    from proxyprotocol.reader import ProxyProtocolReader
    from pymap.backend.dict import DictBackend
    from pymap.backend.dict.filter import FilterSet
    from pymap.backend.dict.mailbox import MailboxSet
    from pymap.imap import IMAPServer
    from pysasl.hashing import BuiltinHash

    arguments = argparse.Namespace(
        demo_data=False, demo_user=username, demo_password=password, host="127.0.0.1", port=0, debug=False,
        cert=None, key=None, tls=False, passlib_cfg=None, proxy_protocol=None, inherited_sockets=None,
    )  # fmt: skip
    quick = BuiltinHash(rounds=1)  # the usual half million would take most of the demonstration's time
    backend, config = await DictBackend.init(arguments, hash_context=quick)
    mailboxes = MailboxSet()
    config.set_cache[username] = mailboxes, FilterSet()
    answer = ProxyProtocolReader(ProxyProtocolNoop()).get_callback(IMAPServer(backend.login, config))
    server = await asyncio.start_server(answer, host="127.0.0.1", port=0)
    await stack.enter_async_context(server)
    return mailboxes, server.sockets[0].getsockname()[1]


async def _start_smtp(stack: AsyncExitStack, username: str, password: str, submitted: list[Submitted]) -> int:
    from aiosmtpd.smtp import SMTP, AuthResult

    logging.getLogger("mail.log").setLevel(logging.ERROR)  # aiosmtpd warns of its own deprecations at each connection

    def signed_in(server: Any, session: Any, envelope: Any, mechanism: str, data: Any) -> Any:
        right = (data.login, data.password) == (username.encode(), password.encode())
        return AuthResult(success=right)

    def talk() -> Any:
        return SMTP(_Inbox(submitted), hostname="127.0.0.1", authenticator=signed_in, auth_require_tls=False)

    server = await asyncio.get_running_loop().create_server(talk, host="127.0.0.1", port=0)
    stack.callback(server.close)
    return int(server.sockets[0].getsockname()[1])


async def _append(mailboxes: Any, raw: bytes, at: datetime, folder: str) -> None:
    from pymap.parsing.message import AppendMessage

    mailbox = await mailboxes.get_mailbox(folder)
    await mailbox.append(AppendMessage(literal=raw, when=at, flag_set=frozenset()))


async def _end(stack: AsyncExitStack) -> None:
    await stack.aclose()
    for task in asyncio.all_tasks() - {asyncio.current_task()}:
        task.cancel()
