"""The floor: what the two servers and the wire cost by themselves, with no program of ours between them."""

from __future__ import annotations

import imaplib
import os
import smtplib
import time
from collections.abc import Sequence
from email import message_from_bytes
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from live_servers import Dovecot, SmtpSink

BATCH = 200


def fetch(dovecot: Dovecot, mails: int) -> float:
    """Seconds to FETCH every mail whole over one connection."""
    began, got = time.perf_counter(), 0
    client = imaplib.IMAP4(dovecot.host, dovecot.port)
    client.login(dovecot.username, dovecot.password)
    client.select("INBOX", readonly=True)
    uids = client.uid("search", "ALL")[1][0].split()
    for start in range(0, len(uids), BATCH):
        batch = b",".join(uids[start : start + BATCH]).decode()
        got += sum(isinstance(row, tuple) for row in client.uid("fetch", batch, "(UID BODY.PEEK[])")[1])
    client.logout()
    if got != mails:
        raise AssertionError(f"{got} mails instead of {mails}")
    return time.perf_counter() - began


def send(sink: SmtpSink, letters: Sequence[bytes]) -> float:
    """Seconds to send all these letters over one connection."""
    recipients = [str(message_from_bytes(letter)["To"]) for letter in letters]
    began = time.perf_counter()
    with smtplib.SMTP(sink.host, sink.port) as client:
        for letter, recipient in zip(letters, recipients, strict=True):
            client.sendmail("office@example.cn", [recipient], letter)
    return time.perf_counter() - began


def make_files(folder: Path, files: int = 500) -> float:
    """Seconds to make an empty file in a new folder; they stay, for removing them would make later ones slower."""
    folder.mkdir()
    began = time.perf_counter()
    for number in range(files):
        os.close(os.open(folder / str(number), os.O_WRONLY | os.O_CREAT, 0o600))
    return (time.perf_counter() - began) / files
