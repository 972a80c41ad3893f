"""What the mailbox tests share: accounts on the fake server, and mails of plainly invented people."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from netease import FakeNetease

from intake import mailbox
from intake.mailbox import Account
from intake.raw_mail import RawMail

OPENS = datetime(2016, 11, 16, 16, tzinfo=UTC)


def account_of(server: FakeNetease, *, secret: str | None = None, **changes: Any) -> Account:
    options: dict[str, Any] = {
        "host": server.host,
        "port": server.imap_port,
        "security": "none",
        "username": server.username,
        "secret": lambda: server.password if secret is None else secret,
        "timeout_seconds": 5,
    }
    return Account(**(options | changes))


def form_mail(number: int = 1, size: int = 0) -> bytes:
    head = (
        f"From: unit{number}@example.com\r\nTo: cipsa@vip.126.com\r\nSubject: form {number}\r\n"
        f"Message-ID: <{number}@example.com>\r\n\r\nbody {number}\r\n"
    ).encode()
    return head + b"x" * max(0, size - len(head) - 2) + (b"\r\n" if size else b"")


def multipart_mail(number: int = 1) -> bytes:
    return (
        f"From: unit{number}@example.com\r\nSubject: form {number}\r\n"
        'Content-Type: multipart/mixed; boundary="edge"\r\n\r\n'
        f"--edge\r\nContent-Type: text/plain\r\n\r\nbody {number}\r\n--edge--\r\n"
    ).encode()


def fetched(batches: Any) -> dict[int, RawMail]:
    return {mail.sighting.uid: mail for batch in batches for mail in batch}


def read_into(seen: dict[int, RawMail], account: Account, folder: str = "INBOX") -> dict[int, RawMail]:
    """Everything in a folder, put into `seen` as it comes, so that it is there when the reading fails."""
    with mailbox.connect(account) as session:
        session.examine(folder)
        for batch in session.fetch(session.uids()):
            seen |= {mail.sighting.uid: mail for mail in batch}
    return seen
