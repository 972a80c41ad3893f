"""What can be asked of a mailbox during one poll: its folders, their mails, and whether a letter is in the sent folder.

Promises: every mail asked for comes whole, or with its fault, or is no longer there; memory is
bounded by one batch; one bad mail costs one mail. Never decides what a mail means.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Literal

from intake.errors import IntakeError, ServerRefused, ServerUnreachable, SignInRefused
from intake.mailbox import fetching, folders
from intake.mailbox.folders import Folder
from intake.mailbox.polling import UNKNOWN_DATE, Envelope
from intake.mailbox.wire import FolderStatus, Wire
from intake.raw_mail import FetchFault, RawMail, Sighting

if TYPE_CHECKING:
    from intake.mailbox.sent_mails import SentMail

ENVELOPE = "(UID INTERNALDATE RFC822.SIZE)"
WHOLE, HEADERS = "(UID BODY.PEEK[])", "(UID BODY.PEEK[HEADER])"
_LAST_UID = 2**32 - 1
_PAGE = 200  # headers of sent mails held at a time
_FIRST = 16  # mails in the first batch
_FEW = 50  # of which nobody knows how long they are: one mail may name hundreds of recipients


@dataclass(frozen=True, slots=True)
class Account:
    """One mailbox to read. `secret` is called once a connection; `folders` empty means all that is read.

    `size_cap`, `batch_bytes` in bytes: a larger mail comes with its headers only; mails are fetched
    in batches of at most `batch_bytes` and `batch_mails`. `name` is what sightings call the account.
    """

    host: str
    port: int
    security: Literal["tls", "starttls", "none"]
    username: str
    secret: Callable[[], str] = field(repr=False)
    folders: tuple[str, ...] = ()
    timeout_seconds: float = 60
    size_cap: int = 50 << 20
    batch_bytes: int = 16 << 20
    batch_mails: int = 200
    name: str = ""

    def __post_init__(self) -> None:
        if not self.name:
            object.__setattr__(self, "name", self.username)


class Session:
    """What can be asked of the mailbox during one poll. `examine` a folder before asking for mails."""

    def __init__(self, account: Account, wire: Wire) -> None:
        self._account = account
        self._wire = wire
        self._listed: tuple[Folder, ...] | None = None
        self._folder = ""
        self._status = FolderStatus(0, 0)
        self._envelopes: dict[int, Envelope] = {}  # of the open folder, as the server gave them

    # ---- folders ----------------------------------------------------------------------------

    def folders(self) -> tuple[Folder, ...]:
        """The folders to poll: those of the account, or all but drafts, sent and virus; junk last."""
        listed = self._all_folders()
        return folders.named(listed, self._account.folders) if self._account.folders else folders.to_poll(listed)

    def sent_folder(self) -> str | None:
        found = folders.sent_folder(self._all_folders())
        return found.name if found else None

    def examine(self, folder: Folder | str) -> FolderStatus:
        """Open a folder read-only, by its name or as `folders` gave it."""
        name = folder if isinstance(folder, str) else folder.name
        (known,) = folders.named(self._all_folders(), [name])
        self._status = self._wire.examine(known.wire or folders.encode_name(name))
        self._folder, self._envelopes = name, {}
        return self._status

    # ---- mails of the open folder -----------------------------------------------------------

    def uids(self, after: int = 0, since: date | None = None) -> tuple[int, ...]:
        """Ascending UIDs above `after`, of mails received on or after `since` in the server's zone.

        `UID n:*` names the last mail even if its UID is below n (RFC 9051, 6.4.8): dropped here. A
        search that finds nothing in a folder that holds mail is not believed: NetEase company mail
        was seen to do so, and FETCH is asked instead.
        """
        if after >= _LAST_UID:
            return ()
        found = self._search(after, since)
        if not found and since is None and self._status.exists:
            found = tuple(self._replies(f"{after + 1}:*", "(UID)"))
        return tuple(sorted(uid for uid in found if uid > after))

    def envelopes(self, uids: Sequence[int]) -> tuple[Envelope, ...]:
        """INTERNALDATE in UTC and RFC822.SIZE of each UID that was there when first asked for, ascending."""
        for chunk in fetching.sets([uid for uid in uids if uid not in self._envelopes]):
            replies = self._replies(fetching.set_text(chunk), ENVELOPE)
            self._envelopes |= {uid: fetching.envelope_of(replies[uid]) for uid in chunk if uid in replies}
        return tuple(self._envelopes[uid] for uid in sorted(set(uids)) if uid in self._envelopes)

    def fetch(self, uids: Sequence[int]) -> Iterator[tuple[RawMail, ...]]:
        """The mails, in batches, ascending; a UID that gives nothing is no longer on the server.

        Where the connection fails, the mails that had come are yielded first, the one it failed at
        as `missing`, and then ServerUnreachable is raised: a mail that breaks the connection each
        time is told by its tries and does not hold up those behind it.
        """
        limits = self._account
        for chunk in fetching.sets(uids):
            envelopes = self.envelopes(chunk)
            for batch in fetching.batches(
                envelopes, octets=limits.batch_bytes, mails=limits.batch_mails, cap=limits.size_cap, first=_FIRST
            ):
                mails, error = self._batch(batch)
                if mails:
                    yield mails
                del mails  # not held while the next batch is read
                if error is not None:
                    raise error
            silent = self._still_there(set(chunk) - {each.uid for each in envelopes})
            if silent:
                yield tuple(self._raw(Envelope(uid, UNKNOWN_DATE, 0), b"", "missing") for uid in silent)

    def find_sent(self, reference: str, since: date) -> bool:
        """Whether the sent folder holds a mail since that day whose subject names the reference.

        We look ourselves: NetEase's SEARCH SUBJECT finds nothing, QQ's finds everything.
        """
        return any(self._subject_holds(chunk, reference) for chunk in self._sent_since(since))

    def written_to(self, since: date) -> dict[str, list[datetime]]:
        """Whom the sent folder's mails since that day went to, in lower case, each with their INTERNALDATEs in UTC."""
        from intake.mailbox import sent_mails

        written: dict[str, list[datetime]] = {}
        for chunk in self._sent_since(since):
            dates = {each.uid: each.internal_date for each in self.envelopes(chunk)}
            replies = self._replies(fetching.set_text(chunk), HEADERS)
            for uid in dates.keys() & replies.keys():
                for address in sent_mails.recipients(replies[uid].body or b""):
                    written.setdefault(address, []).append(dates[uid])
        return written

    def sent_mails(self, uids: Sequence[int]) -> Iterator[tuple[SentMail, ...]]:
        """What the header sections of these mails of the open folder say, some at a time; what is gone is left out."""
        from intake.mailbox import sent_mails  # and all that reads header fields, only where there are some

        for start in range(0, len(uids), _FEW):
            for chunk in fetching.sets(uids[start : start + _FEW]):
                dates = {each.uid: each.internal_date for each in self.envelopes(chunk)}
                replies = self._replies(fetching.set_text(chunk), HEADERS)
                known = sorted(dates.keys() & replies.keys())
                yield tuple(sent_mails.read(uid, dates[uid], replies[uid].body or b"") for uid in known)

    # ---- how ----------------------------------------------------------------------------------

    def _sent_since(self, since: date) -> Iterator[tuple[int, ...]]:
        """UID sets of the sent folder, the newest mails first; nothing where there is no such folder."""
        folder = self.sent_folder()
        if folder is None:
            return
        self.examine(folder)
        newest_first = self.uids(since=since - timedelta(days=1))[::-1]
        for start in range(0, len(newest_first), _PAGE):
            yield from fetching.sets(newest_first[start : start + _PAGE])

    def _all_folders(self) -> tuple[Folder, ...]:
        if self._listed is None:
            self._listed = self._wire.list_folders()
        return self._listed

    def _search(self, after: int, since: date | None) -> tuple[int, ...]:
        criteria = f"UID {after + 1}:*" if after else "ALL"
        if since is not None:
            criteria = f"SINCE {since.day}-{fetching.MONTHS[since.month - 1]}-{since.year}" + (
                f" {criteria}" if after else ""
            )
        try:
            return self._wire.search(criteria)
        except ServerRefused:
            if since is not None or not self._status.exists:
                raise
            return ()

    def _replies(self, uid_set: str, items: str) -> dict[int, fetching.Fetched]:
        replies, error = self._wire.fetch(uid_set, items)
        if error is not None:
            raise error
        return replies

    def _batch(self, batch: Sequence[Envelope]) -> tuple[tuple[RawMail, ...], IntakeError | None]:
        cap = self._account.size_cap
        bodies, error = self._bodies([each for each in batch if each.size <= cap], WHOLE)
        large = [each for each in batch if each.size > cap]
        if large and error is None:
            headers, error = self._bodies(large, HEADERS)
            bodies |= headers
        return tuple(self._judged(each, bodies[each.uid]) for each in batch if each.uid in bodies), error

    def _bodies(self, batch: Sequence[Envelope], items: str) -> tuple[dict[int, bytes | None], IntakeError | None]:
        """One FETCH for the whole batch; None for a mail that has no literal, no key where not reached."""
        if not batch:
            return {}, None
        uids = [each.uid for each in batch]
        expected = sum(each.size or self._account.size_cap for each in batch) if items == WHOLE else 0
        replies, error = self._wire.fetch(fetching.set_text(uids), items, expected)
        bodies = {uid: replies[uid].body for uid in uids if uid in replies}
        if error is None:
            return {uid: bodies.get(uid) for uid in uids}, None
        arrived = {uid: body for uid, body in bodies.items() if body is not None}
        rest = [each for each in batch if each.uid not in arrived]
        if isinstance(error, SignInRefused):
            return dict(arrived), error
        if isinstance(error, ServerUnreachable):
            return arrived | {each.uid: None for each in rest[:1]}, error
        return self._one_by_one(arrived, rest, items, error)

    def _one_by_one(
        self, arrived: dict[int, bytes], rest: Sequence[Envelope], items: str, refused: IntakeError
    ) -> tuple[dict[int, bytes | None], IntakeError | None]:
        """After a refusal of the whole set: find the mail it is about, so that it costs only that one."""
        bodies: dict[int, bytes | None] = dict(arrived)
        if len(rest) == 1:
            return bodies | {rest[0].uid: None}, None
        for each in rest:
            found, error = self._bodies([each], items)
            bodies |= found
            if error is not None:
                return bodies, error
        anything = any(body is not None for body in bodies.values())
        return (bodies, None) if anything else ({}, refused)

    def _judged(self, envelope: Envelope, body: bytes | None) -> RawMail:
        if envelope.size > self._account.size_cap:
            return self._raw(envelope, body or b"", "oversized" if body else "missing")
        fault = fetching.fault_of(body, envelope.size)
        return self._raw(envelope, b"" if fault else body or b"", fault)

    def _raw(self, envelope: Envelope, raw: bytes, fault: FetchFault) -> RawMail:
        sighting = Sighting(self._account.name, self._folder, self._status.uidvalidity, envelope.uid)
        return RawMail(sighting, envelope.internal_date, envelope.size or len(raw), raw, fault)

    def _still_there(self, uids: set[int]) -> tuple[int, ...]:
        if not uids:
            return ()
        return tuple(uid for uid in self._wire.search(f"UID {fetching.set_text(sorted(uids))}") if uid in uids)

    def _subject_holds(self, uids: Sequence[int], reference: str) -> bool:
        from intake.mailbox import sent_mails

        replies = self._replies(fetching.set_text(uids), HEADERS)
        return any(reference in sent_mails.subject(reply.body or b"") for reply in replies.values())
