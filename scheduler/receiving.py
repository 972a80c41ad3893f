"""Fetches what is new in the mailbox, and puts it on disk and into the register before anything else.

Promises: a folder's mark rises only past UIDs that have a row; a mail's bytes are durable before its
row; a folder that fails costs only itself, a connection that fails leaves what had come. A refused
sign-in is not tried again with the same secret for six hours.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from intake import mailbox
from intake.errors import CertificateRefused, IntakeError, ServerRefused, ServerUnreachable, SignInRefused
from intake.mailbox import Account, Envelope, Folder, FolderMark, Plan, Session
from intake.raw_mail import RawMail
from scheduler.clock import Clock
from scheduler.signing_in import SigningIn
from storage import handwritten, mails
from storage.letter_row import LetterRow
from storage.mails import FolderState
from storage.rawmails import RawMails
from storage.register import Register

COMPARE_EVERY = timedelta(days=1)


@dataclass(slots=True)
class Received:
    """What a poll brought: new mails, folders read to their end, and what went wrong (nothing swallowed)."""

    new: int = 0
    complete: list[str] = field(default_factory=list)
    failures: list[IntakeError] = field(default_factory=list)
    missing: int = 0  # mails seen on the server that could not be stored


class Receiving:
    """One mailbox, read into one register. `campaign` gets the rows of mails that cannot be fetched at all."""

    def __init__(
        self,
        register: Register,
        rawmails: RawMails,
        account: Account,
        clock: Clock,
        *,
        opens: datetime,
        campaign: str,
        stopped: Callable[[], bool] = lambda: False,
        arriving: Callable[[int], None] = lambda expected: None,
        stored: Callable[[Sequence[str]], None] = lambda hashes: None,
        sent: bool = True,
        office: Collection[str] = (),
    ) -> None:
        """`arriving` hears how many mails are about to be fetched, `stored` of the hashes of those that are safe now.

        `sent`: the sent folder is read for what people wrote to units; `office` are addresses of its own.
        """
        self._register, self._rawmails, self._account, self._clock = register, rawmails, account, clock
        self._signing_in = SigningIn(register, account, clock)
        self._opens, self._campaign, self._stopped = opens, campaign, stopped
        self._arriving, self._stored = arriving, stored
        self._sent, self._office = sent, frozenset(office)

    def poll(self) -> Received:
        """Read every folder once. Raises DiskFull and what the register raises; all else is in the result."""
        received = Received()
        try:
            with self._connected() as session:
                self._read_folders(session, received)
        except IntakeError as error:
            if not _of_the_server(error):
                raise
            received.failures.append(error)
        return received

    @contextmanager
    def _connected(self) -> Iterator[Session]:
        self._signing_in.check()
        try:
            with mailbox.connect(self._account) as session:
                yield session
        except SignInRefused as error:
            self._signing_in.remember(error)
            raise

    def find_sent(self, letters: Sequence[LetterRow]) -> set[int]:
        """Which of these letters the sent folder holds; raises what the mailbox raises."""
        with self._connected() as session:
            return {
                letter.id
                for letter in letters
                if letter.claimed_at and session.find_sent(letter.reference, letter.claimed_at.date())
            }

    def _read_folders(self, session: Session, received: Received) -> None:
        with self._register.reading() as tx:
            states = {state.folder: state for state in mails.folder_states(tx, self._account.name)}
        read = tuple(session.folders())
        sent = session.sent_folder() if self._sent else None
        history = [] if sent is None or sent in {folder.name for folder in read} else [Folder(sent)]
        self._note_present(states, {folder.name for folder in (*read, *history)})
        for folder in (*read, *history):
            if self._stopped():
                return
            read_one = self._read_history if folder in history else self._read_folder
            try:
                read_one(session, folder, states.get(folder.name), received)
            except ServerRefused as error:
                received.failures.append(error)

    def _note_present(self, states: Mapping[str, FolderState], present: Collection[str]) -> None:
        """A folder that a person deleted or renamed would else count as not fetched for ever."""
        if any((state.gone_at is None) != (name in present) for name, state in states.items()):
            with self._register.writing() as tx:
                mails.note_present(tx, self._account.name, present, self._clock.now())

    def _read_folder(self, session: Session, folder: Folder, state: FolderState | None, received: Received) -> None:
        now = self._clock.now()
        plan = self._plan(session, folder, state, _is_due(state, now))
        self._note(plan, now)
        again = [uid for uid in self._to_fetch(plan) if uid not in plan.fetch]
        try:
            self._fetch(session, folder, plan.fetch, now, received)
            gone = self._fetch(session, folder, again, now, received)  # last: these have broken a poll before
        except IntakeError:
            received.missing += self._missing(plan)
            raise
        finally:
            self._give_up(folder, now)
        if self._stopped():
            return
        self._finish(plan, gone, plan.reason != "new", now)
        received.complete.append(folder.name)

    def _read_history(self, session: Session, folder: Folder, state: FolderState | None, received: Received) -> None:
        """The sent folder: header sections alone, some in a transaction; what they mean is found out by `relate`."""
        now = self._clock.now()
        plan = self._plan(session, folder, state, _is_due(state, now))
        self._note(plan, now)
        for mails_seen in session.sent_mails(plan.fetch) if plan.fetch else ():
            with self._register.writing() as tx:
                handwritten.see(tx, self._account.name, folder.name, plan.uidvalidity, mails_seen, now)
            if self._stopped():
                return
        self._finish(plan, set(), plan.reason != "new", now)
        received.complete.append(folder.name)

    def relate(self) -> None:
        """Keep what people wrote to units, once the mails that it may answer are handled."""
        with self._register.reading() as tx:
            waits = handwritten.has_new(tx)
        while waits and not self._stopped():
            with self._register.writing() as tx:
                waits = handwritten.relate(tx, self._office) == handwritten.AT_ONCE

    def _fetch(
        self, session: Session, folder: Folder, uids: Sequence[int], now: datetime, received: Received
    ) -> set[int]:
        """Fetch and store these; gives the UIDs that are no longer on the server."""
        gone = set(uids)
        if uids:
            self._arriving(len(uids))
        for batch in session.fetch(uids) if uids and not self._stopped() else ():
            received.new += self._store(batch, folder, now)
            gone -= {mail.sighting.uid for mail in batch}
            if self._stopped():
                return set()
        return gone

    def _plan(self, session: Session, folder: Folder, state: FolderState | None, compare: bool) -> Plan:
        def known(uidvalidity: int, after: int) -> dict[int, Envelope | None]:
            with self._register.reading() as tx:
                return mails.known(tx, self._account.name, folder.name, uidvalidity, after)

        mark = FolderMark(state.uidvalidity, state.mark) if state else None
        return mailbox.plan(session, folder, mark, self._opens, known=known, compare=compare)

    def _missing(self, plan: Plan) -> int:
        """How many of the mails that were to be fetched have no row."""
        with self._register.reading() as tx:
            return len(set(plan.fetch) - mails.known_uids(tx, self._account.name, plan.folder, plan.uidvalidity))

    def _to_fetch(self, plan: Plan) -> tuple[int, ...]:
        with self._register.reading() as tx:
            return mails.to_fetch(tx, self._account.name, plan.folder, plan.uidvalidity)

    def _give_up(self, folder: Folder, now: datetime) -> None:
        """Mails that failed five times are a person's concern; told even where the poll broke off."""
        with self._register.writing() as tx:
            mails.lost(tx, self._account.name, folder.name, campaign=self._campaign, now=now)

    def _note(self, plan: Plan, now: datetime) -> None:
        if plan.note:
            with self._register.writing() as tx:
                mails.note(tx, self._account.name, plan.folder, plan.uidvalidity, plan.note, now)

    def _store(self, batch: tuple[RawMail, ...], folder: Folder, now: datetime) -> int:
        """Commit point 1: bytes on disk, then the rows of the whole batch at once."""
        whole = [mail for mail in batch if mail.raw]
        hashes = self._rawmails.put_all([mail.raw for mail in whole])
        in_order = iter(hashes)
        rows = [(mail, next(in_order) if mail.raw else None) for mail in batch]
        junk = (folder.name,) if folder.junk else ()
        with self._register.writing() as tx:
            new = mails.receive(tx, rows, now=now, made_at=self._register.made_at, junk_folders=junk)
        self._stored(hashes)
        return new

    def _finish(self, plan: Plan, gone: set[int], compared: bool, now: datetime) -> None:
        account, folder = self._account.name, plan.folder
        with self._register.writing() as tx:
            mails.raise_mark(tx, account, folder, plan.uidvalidity, plan.mark)
            if plan.reason == "changed":
                mails.forget_others(tx, account, folder, plan.uidvalidity)
            if gone:
                mails.vanished(tx, account, folder, plan.uidvalidity, gone)
            mails.set_complete(tx, account, folder, now)
            if compared:
                mails.set_compared(tx, account, folder, now)


def _is_due(state: FolderState | None, now: datetime) -> bool:
    """Whether a folder is to be compared with the ledger."""
    return state is not None and (state.compared_at is None or now - state.compared_at >= COMPARE_EVERY)


def _of_the_server(error: IntakeError) -> bool:
    return isinstance(error, ServerUnreachable | ServerRefused | CertificateRefused | SignInRefused)
