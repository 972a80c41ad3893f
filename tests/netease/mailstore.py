"""What the fake server keeps: folders and their mails, with the UIDs and the troubles of each."""

from __future__ import annotations

import random
import threading
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Literal

from netease.moods import Moods

Trouble = Literal["", "no literal", "short", "slow", "drip", "eof", "bye", "no", "bad", "silent"]


@dataclass
class StoredMail:
    """`trouble` is what happens when its body is fetched; `size_lie` what RFC822.SIZE says instead."""

    uid: int
    raw: bytes
    internal_date: datetime
    flags: set[str] = field(default_factory=set)
    size_lie: int | None = None
    trouble: Trouble = ""

    @property
    def size(self) -> int:
        return len(self.raw) if self.size_lie is None else self.size_lie


@dataclass
class StoredFolder:
    name: str
    use: str
    uidvalidity: int
    mails: list[StoredMail] = field(default_factory=list)
    next_uid: int = 1


class MailStore:
    """Folders by their readable names. All methods may be called while clients are connected."""

    def __init__(self, moods: Moods, now: Callable[[], datetime]) -> None:
        self.lock = threading.RLock()
        self.folders: dict[str, StoredFolder] = {}
        self._moods = moods
        self._now = now
        self._random = random.Random(20161202)
        for name, use in moods.folders:
            self.create(name, use)

    def create(self, name: str, use: str = "") -> StoredFolder:
        """A new folder; INBOX has the mood's UIDVALIDITY, every other one its own."""
        with self.lock:
            validity = self._moods.inbox_uidvalidity if name == "INBOX" else 1_400_000_000 + len(self.folders)
            folder = StoredFolder(name, use, validity, next_uid=self._moods.uid_start)
            self.folders[name] = folder
            return folder

    def deliver(
        self,
        raw: bytes,
        folder: str = "INBOX",
        internal_date: datetime | None = None,
        *,
        size_lie: int | None = None,
        trouble: Trouble = "",
        flags: Iterable[str] = (),
    ) -> StoredMail:
        """Put a mail into a folder, line ends made CRLF; INTERNALDATE is now unless given (aware)."""
        whole = raw.replace(b"\r\n", b"\n").replace(b"\n", b"\r\n")
        with self.lock:
            target = self.folders[folder]
            uid = target.next_uid
            target.next_uid += self._random.randint(1, self._moods.uid_gap)
            mail = StoredMail(uid, whole, internal_date or self._now(), set(flags), size_lie, trouble)
            target.mails.append(mail)
            return mail

    def seen_by_clients(self, folder: str) -> list[StoredMail]:
        """The mails that IMAP shows: all, or those of the last days where that window is set."""
        with self.lock:
            mails = list(self.folders[folder].mails)
        if self._moods.window_days is None:
            return mails
        edge = self._now() - timedelta(days=self._moods.window_days)
        return [mail for mail in mails if mail.internal_date >= edge]

    def change_uidvalidity(self, folder: str = "INBOX") -> None:
        """Another UIDVALIDITY, and other UIDs from 1 on."""
        with self.lock:
            target = self.folders[folder]
            target.uidvalidity += 1
            for number, mail in enumerate(target.mails, 1):
                mail.uid = number
            target.next_uid = len(target.mails) + 1

    def reshuffle(self, folder: str = "INBOX") -> None:
        """The same UIDs dealt out anew among the mails, UIDVALIDITY unchanged, as QQ was seen to do."""
        with self.lock:
            mails = self.folders[folder].mails
            uids = [mail.uid for mail in mails]
            for mail, uid in zip(mails, uids[1:] + uids[:1], strict=True):
                mail.uid = uid
            mails.sort(key=lambda mail: mail.uid)

    def move(self, mail: StoredMail, source: str, target: str) -> StoredMail:
        """What a person does in the browser: the mail leaves one folder and gets a new UID in another."""
        with self.lock:
            self.folders[source].mails.remove(mail)
            return self.deliver(mail.raw, target, mail.internal_date, flags=mail.flags)

    def remove(self, mail: StoredMail, folder: str = "INBOX") -> None:
        with self.lock:
            self.folders[folder].mails.remove(mail)

    def sent_folder(self) -> str:
        names = [folder.name for folder in self.folders.values() if folder.use == "\\Sent"]
        return names[0] if names else next(name for name in self.folders if name in ("Sent Messages", "已发送邮件"))


def utc_now() -> datetime:
    return datetime.now(UTC)
