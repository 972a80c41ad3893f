"""Conversations with a server that remembers: what goes out, when, what stands, and what never goes twice."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from outbox_office import NOW, flat, letters, texts, unit
from sqlalchemy import delete, select, update

from intake.errors import DiskFull, ServerUnreachable, SignInRefused
from intake.outcome import LetterDraft
from outbox import deliver as delivering
from outbox import doubt, smtp
from outbox.compose import Composed, Letters
from outbox.limits import Limits
from outbox.outcomes import Doubt, Lost, Outcome, Refused, Sent
from outbox.terms import Hooks, Report
from storage import claims, finding_letters, gates
from storage import letters as store
from storage.doubtful import CAME_OUT
from storage.letter_row import LetterRow
from storage.register import Register
from storage.tables import held, sendings
from storage.tables import letters as table

FREE = Limits(0, 0, 0, 0, 0, 0, 0)


class Clock:
    """Stands still until slept on; remembers how long."""

    def __init__(self, moment: datetime = NOW) -> None:
        self.moment, self.slept = moment, 0.0

    def now(self) -> datetime:
        return self.moment

    def sleep(self, seconds: float) -> None:
        self.slept += seconds
        self.moment += timedelta(seconds=seconds)


class Server:
    """A mail server in memory: `answers` are given one a letter, then everything is taken.

    An answer is an outcome, or a function that is called with the letter's bytes first.
    """

    def __init__(self, *answers: Outcome | Callable[[bytes], Outcome]) -> None:
        self.answers = list(answers)
        self.taken: list[tuple[str, bytes]] = []
        self.tried: list[tuple[str, bytes]] = []
        self.connections = 0
        self.greeting: Exception | None = None

    def open(self, server: smtp.Server) -> _Session:
        if self.greeting:
            raise self.greeting
        self.connections += 1
        return _Session(self)


class _Session:
    def __init__(self, server: Server) -> None:
        self.server, self.alive = server, True

    def send(self, sender: str, recipient: str, raw: bytes, meanwhile: Callable[[], None]) -> Outcome:
        self.server.tried.append((recipient, raw))
        meanwhile()
        answer = self.server.answers.pop(0) if self.server.answers else Sent("q1", "ok")
        outcome = answer(raw) if callable(answer) else answer
        if isinstance(outcome, Sent):
            self.server.taken.append((recipient, raw))
        self.alive = isinstance(outcome, Sent) or (isinstance(outcome, Refused) and outcome.code != 421)
        return outcome

    def close(self) -> None:
        self.alive = False


class Office:
    def __init__(self, url: str = "sqlite://") -> None:
        self.url, self.clock, self.server, self.secret = url, Clock(), Server(), "code"
        self.register = Register.open(url, NOW - timedelta(days=1))
        self.composer: Letters = letters()
        self.states: list[tuple[int, str]] = []

    def reopen(self) -> None:
        self.register.close()
        self.register = Register.open(self.url, self.clock.now())

    def letter(self, kind: str, recipient: str = "unit@example.cn", facts: Any = None, **more: Any) -> int:
        with self.register.writing() as tx:
            number = len(tx.execute(select(table.c.id)).all())
            draft = LetterDraft(f"c/{number}/{kind}/1", kind, "cipoa-2016", recipient, facts or {})  # type: ignore[arg-type]
            letter_id, _ = store.write(tx, draft, now=self.clock.now(), domain="example.com", **more)
        return letter_id

    def deliver(self, caps: Limits = FREE, *, may_wait: bool = True, mode: Any = "send", **hooks: Any) -> Report:
        told = Hooks(open_session=self.server.open, told=self._told, **hooks)
        access = smtp.Server("smtp.vip.126.com", 465, "tls", "cipsa", lambda: self.secret)
        return delivering.deliver(
            self.register, self.composer, access, caps, self.clock, may_wait=may_wait, mode=mode, hooks=told
        )

    def _told(self, letter: LetterRow, state: str, reply: str) -> None:
        self.states.append((letter.id, state))

    def row(self, letter_id: int) -> LetterRow:
        with self.register.reading() as tx:
            found = finding_letters.by_id(tx, letter_id)
        assert found is not None
        return found

    def state(self, letter_id: int) -> str:
        return self.row(letter_id).state

    def gate(self, name: str) -> gates.Gate | None:
        with self.register.reading() as tx:
            return gates.shut_now(tx, name, self.clock.now())

    def tries(self) -> list[str]:
        with self.register.reading() as tx:
            return [row.state for row in tx.execute(select(sendings.c.state).order_by(sendings.c.id))]


@pytest.fixture
def office() -> Iterator[Office]:
    made = Office()
    yield made
    made.register.close()


ACK = {"units": [unit()]}


def ack(office: Office, recipient: str = "unit@example.cn", **more: Any) -> int:
    return office.letter("acknowledgement", recipient, ACK, **more)


# ---- what goes out ----------------------------------------------------------------------------


def test_a_letter_is_told_of_once_its_fate_stands_in_the_register(office: Office) -> None:
    told = []

    def look(letter: LetterRow, state: str, reply: str) -> None:
        told.append((letter.id, state, office.state(letter.id)))

    office._told = look  # type: ignore[method-assign]
    first, second, third = (office.letter("no-form", f"unit{number}@example.cn") for number in range(3))
    office.server.answers = [Sent("q1", "ok"), Refused(451, "try later"), Sent("q3", "ok")]
    office.deliver()
    assert told == [(first, "sent", "sent"), (second, "deferred", "deferred"), (third, "sent", "sent")]


def test_a_letter_that_a_person_tries_out_meanwhile_is_left_to_them(office: Office) -> None:
    letter = office.letter("circular", "liu@example.com", {"test": True})
    with office.register.writing() as tx:
        assert claims.claim(tx, letter, "主题", b"raw", office.clock.now())
    office.deliver()
    assert office.state(letter) == "sending"
    office.clock.sleep(601)
    office.deliver()
    assert office.state(letter) == "doubt"


def test_a_letter_goes_once(office: Office) -> None:
    letter = ack(office)
    report = office.deliver()
    sent = office.row(letter)
    assert (sent.state, sent.queue_id, sent.reply, sent.tries) == ("sent", "q1", "ok", 1)
    assert office.server.taken == [("unit@example.cn", sent.raw)]
    assert report.counts == {"sent": 1}
    assert office.deliver().counts == {}
    assert len(office.server.tried) == 1
    assert office.states == [(letter, "sent")]


def test_many_letters_go_on_one_connection_in_the_order_of_the_policy(office: Office) -> None:
    kinds = ["received", "no-form", "acknowledgement", "late", "unreadable"]
    ids = [office.letter(kind, f"{kind}@example.cn") for kind in kinds]
    office.deliver()
    order = ["no-form", "unreadable", "received", "acknowledgement", "late"]
    assert [recipient for recipient, _ in office.server.taken] == [f"{kind}@example.cn" for kind in order]
    assert office.server.connections == 1
    assert {office.state(letter) for letter in ids} == {"sent"}


def test_nothing_due_needs_no_connection(office: Office) -> None:
    ack(office, next_at=NOW + timedelta(minutes=1))
    ack(office, "b@example.cn", held_back="backlog")
    assert office.deliver().counts == {}
    assert office.server.connections == 0


def test_hold_sends_nothing(office: Office) -> None:
    letter = ack(office)
    assert office.deliver(mode="hold").counts == {}
    assert (office.state(letter), office.server.connections) == ("waiting", 0)


def test_letters_to_one_address_go_as_one(office: Office) -> None:
    first, second = ack(office), office.letter("acknowledgement", facts={"units": [unit("示例研究院")]})
    third, other = office.letter("received", facts={"subject": "咨询"}), ack(office, "other@example.cn")
    later = ack(office, next_at=NOW + timedelta(hours=1))
    report = office.deliver()
    assert report.counts == {"sent": 2, "merged": 2}
    assert [recipient for recipient, _ in office.server.taken] == ["unit@example.cn", "other@example.cn"]
    text = flat(texts(Composed("", office.server.taken[0][1]))[0])
    assert "您转来的2家单位" in text
    assert "您的来信（主题：“咨询”）已收到" in text
    assert [office.state(letter) for letter in (first, second, third, other, later)] == [
        "sent", "withdrawn", "withdrawn", "sent", "waiting",
    ]  # fmt: skip
    with office.register.reading() as tx:
        into = tx.execute(select(table.c.merged_into_id).where(table.c.id.in_([second, third]))).scalars().all()
    assert into == [first, first]


def test_a_letter_no_longer_wanted_is_withdrawn_at_its_claim(office: Office) -> None:
    letter, other = ack(office), ack(office, "b@example.cn")
    report = office.deliver(recheck=lambda tx, row, now: "单位已来信" if row.id == letter else "")
    assert (office.state(letter), office.row(letter).reply) == ("withdrawn", "单位已来信")
    assert office.state(other) == "sent"
    assert report.counts == {"withdrawn": 1, "sent": 1}


def test_a_broken_template_costs_only_its_letters(office: Office, tmp_path: Path) -> None:
    (tmp_path / "letters").mkdir()
    template = tmp_path / "letters" / "received.txt"
    template.write_text("主题：甲\n\n{{ nobody }}\n", "utf-8")
    office.composer = letters(tmp_path)
    broken, good = office.letter("received"), ack(office, "b@example.cn")
    report = office.deliver()
    assert (office.state(broken), office.state(good)) == ("waiting", "sent")
    assert "received.txt第3行" in report.broken[0]
    template.write_text("主题：甲\n\n改好了。\n", "utf-8")
    office.clock.sleep(3601)
    office.deliver()
    assert office.state(broken) == "sent"


# ---- limits -----------------------------------------------------------------------------------


def test_gaps_are_slept_out_and_windows_never(office: Office) -> None:
    ids = [ack(office, f"{number}@example.cn") for number in range(25)]
    report = office.deliver(Limits())
    assert report.counts == {"sent": 20, "capped": 5}
    assert office.clock.slept == pytest.approx(19 * 15)
    assert office.server.connections == 2
    waiting = [office.row(letter) for letter in ids if office.state(letter) == "waiting"]
    assert [row.next_at for row in waiting] == [NOW + timedelta(minutes=15)] * 5
    office.clock.moment = NOW + timedelta(minutes=15)
    assert office.deliver(Limits()).counts == {"sent": 5}


def test_without_waiting_a_round_ends_at_the_gap(office: Office) -> None:
    for number in range(3):
        ack(office, f"{number}@example.cn")
    for sent in (1, 2, 3):
        assert office.deliver(Limits(), may_wait=False).counts == {"sent": 1}
        assert office.deliver(Limits(), may_wait=False).counts == {}
        assert len(office.server.taken) == sent
        office.clock.sleep(15)
    assert office.server.connections == 3


def test_an_address_gets_two_an_hour_and_the_third_is_not_dropped(office: Office) -> None:
    caps = replace(FREE, per_address_per_hour=2)
    for _ in range(2):
        ack(office)
        assert office.deliver(caps).counts == {"sent": 1}
        office.clock.sleep(60)
    third, fourth = ack(office), office.letter("repeat", facts=ACK)
    assert office.deliver(caps).counts == {"capped": 2}
    assert {office.row(letter).next_at for letter in (third, fourth)} == {NOW + timedelta(hours=1)}
    office.clock.moment = NOW + timedelta(hours=1)
    assert office.deliver(caps).counts == {"sent": 1, "merged": 1}
    assert [office.state(letter) for letter in (third, fourth)] == ["sent", "withdrawn"]


def test_limits_survive_a_restart(tmp_path: Path) -> None:
    office = Office(f"sqlite:///{tmp_path}/register.sqlite")
    for number in range(3):
        ack(office, f"{number}@example.cn")
    caps = replace(FREE, per_day=2)
    assert office.deliver(caps).counts == {"sent": 2, "capped": 1}
    office.reopen()
    ack(office, "more@example.cn")
    assert office.deliver(caps).counts == {"capped": 1}
    office.clock.moment = NOW + timedelta(days=1)
    assert office.deliver(caps).counts == {"sent": 2}
    office.register.close()


def test_a_stop_ends_the_round_between_letters(office: Office) -> None:
    ids = [ack(office, f"{number}@example.cn") for number in range(3)]
    office.deliver(stopped=lambda: len(office.server.taken) >= 1)
    assert [office.state(letter) for letter in ids] == ["sent", "waiting", "waiting"]


# ---- refusals ---------------------------------------------------------------------------------


def test_a_passing_refusal_is_tried_again_with_the_same_bytes(office: Office) -> None:
    letter = ack(office)
    office.server = Server(Refused(451, "Requested action aborted: local error"))
    assert office.deliver().counts == {"deferred": 1}
    refused = office.row(letter)
    assert (refused.state, refused.next_at) == ("deferred", NOW + timedelta(minutes=5))
    office.clock.sleep(299)
    assert office.deliver().counts == {}
    office.clock.sleep(1)
    assert office.deliver().counts == {"sent": 1}
    assert office.server.tried[0] == office.server.tried[1]
    assert office.tries() == ["deferred", "sent"]


def test_a_dead_address_is_final_and_the_next_letter_goes(office: Office) -> None:
    letter, other = ack(office), ack(office, "b@example.cn")
    office.server = Server(Refused(550, "User not found"))
    assert office.deliver().counts == {"refused": 1, "sent": 1}
    assert (office.state(letter), office.state(other)) == ("refused", "sent")
    assert office.row(letter).reply == "550 User not found"


def test_too_many_in_one_connection_means_another_connection(office: Office) -> None:
    ids = [ack(office, f"{number}@example.cn") for number in range(6)]
    office.server = Server(*[Sent("q", "ok")] * 4, Refused(451, "MI:DMC smtp11"))
    assert office.deliver().counts == {"sent": 6, "deferred": 1}
    assert {office.state(letter) for letter in ids} == {"sent"}
    assert office.server.connections == 2


@pytest.mark.parametrize(
    ("reply", "until"),
    [
        (Refused(451, "MI:SFQ"), NOW + timedelta(minutes=15)),
        (Refused(554, "MI:STC"), datetime(2016, 11, 25, 16, 5, tzinfo=UTC)),
        (Refused(421, "HL:REP"), NOW + timedelta(hours=1)),
    ],
)
def test_a_pause_stops_everything_until_it_is_over(office: Office, reply: Refused, until: datetime) -> None:
    ids = [ack(office, f"{number}@example.cn") for number in range(3)]
    office.server = Server(reply)
    report = office.deliver()
    assert report.counts == {"deferred": 1}
    assert report.shut
    office.clock.moment = until - timedelta(seconds=1)
    assert office.deliver().counts == {}
    assert office.server.connections == 1
    office.clock.moment = until
    assert office.deliver().counts == {"sent": 3}
    assert {office.state(letter) for letter in ids} == {"sent"}


def test_spam_stops_the_letter_and_the_campaign_until_a_person_looks(office: Office) -> None:
    letter, other = ack(office), ack(office, "b@example.cn")
    office.server = Server(Refused(554, "DT:SPM 163 smtp11,x 1,please see http://mail.163.com/help"))
    office.deliver()
    assert (office.state(letter), office.state(other)) == ("refused", "waiting")
    gate = office.gate("campaign:cipoa-2016")
    assert gate is not None
    assert gate.until is None
    office.clock.sleep(86400)
    report = office.deliver()
    assert (office.state(other), bool(report.shut)) == ("waiting", True)
    with office.register.writing() as tx:
        gates.open_gate(tx, "campaign:cipoa-2016")
    office.clock.sleep(3600)
    assert office.deliver().counts == {"sent": 1}


def test_a_refused_secret_is_tried_again_only_when_it_changes_or_after_six_hours(office: Office) -> None:
    letter = ack(office)
    office.server.greeting = SignInRefused("535 Error: authentication failed")
    report = office.deliver()
    assert isinstance(report.error, SignInRefused)
    assert office.state(letter) == "waiting"
    gate = office.gate("smtp sign-in")
    assert gate is not None
    assert gate.secret_hash not in (None, "code")
    office.server.greeting = None
    office.clock.sleep(3600)
    assert (office.deliver().counts, office.server.connections) == ({}, 0)
    office.secret = "new code"
    assert office.deliver().counts == {"sent": 1}
    assert office.gate("smtp sign-in") is None


def test_a_refused_secret_gets_another_try_after_six_hours(office: Office) -> None:
    ack(office)
    office.server = Server(Refused(550, "User has no permission"))
    assert office.deliver().counts == {"deferred": 1}
    office.clock.sleep(6 * 3600 - 1)
    assert office.deliver().counts == {}
    office.clock.sleep(1)
    assert office.deliver().counts == {"sent": 1}


def test_a_server_out_of_reach_is_named_and_costs_nothing(office: Office) -> None:
    letter = ack(office)
    office.server.greeting = ServerUnreachable("timed out")
    report = office.deliver()
    assert isinstance(report.error, ServerUnreachable)
    assert (office.state(letter), office.row(letter).tries) == ("waiting", 0)
    office.server.greeting = None
    assert office.deliver().counts == {"sent": 1}


def test_an_unwelcome_is_a_pause(office: Office) -> None:
    ack(office)
    office.server.greeting = smtp.Unwelcome(421, "HL:ICC too many connections")
    office.deliver()
    office.server.greeting = None
    office.clock.sleep(3599)
    assert office.deliver().counts == {}
    office.clock.sleep(1)
    assert office.deliver().counts == {"sent": 1}


# ---- lost connections and doubt ---------------------------------------------------------------


def test_lost_before_the_dot_is_not_sent_and_tried_again(office: Office) -> None:
    letter, other = ack(office), ack(office, "b@example.cn")
    office.server = Server(Lost("reset"))
    assert office.deliver().counts == {"deferred": 1, "sent": 1}
    assert office.state(other) == "sent"
    office.clock.sleep(120)
    office.deliver()
    assert office.state(letter) == "sent"
    assert office.server.connections == 3


def test_a_server_that_always_breaks_off_ends_the_round(office: Office) -> None:
    for number in range(10):
        ack(office, f"{number}@example.cn")
    office.server = Server(*[Lost("reset")] * 10)
    assert office.deliver().counts == {"deferred": 3}


def test_a_letter_in_doubt_goes_once_more_with_the_same_bytes_and_no_oftener(office: Office) -> None:
    letter = ack(office)
    office.server = Server(Doubt("lost"), Doubt("lost"))
    assert office.deliver().counts == {"doubt": 1}
    assert office.deliver().counts == {"doubt": 1}
    assert office.server.tried[0] == office.server.tried[1]
    for _ in range(3):
        office.clock.sleep(86400)
        assert office.deliver().counts == {}
    assert office.state(letter) == "doubt"
    assert doubt.AGAIN in (office.row(letter).reply or "")


def test_a_letter_in_doubt_found_in_the_sent_folder_is_sent(office: Office) -> None:
    letter = ack(office)
    office.server = Server(Doubt("lost"))
    office.deliver()
    asked: list[str] = []

    def find(rows: Sequence[LetterRow]) -> list[int]:
        asked.extend(row.reference for row in rows)
        return [row.id for row in rows]

    assert office.deliver(find_sent=find).counts == {}
    assert (office.state(letter), asked) == ("sent", [office.row(letter).reference])
    assert len(office.server.tried) == 1


def test_a_circular_in_doubt_is_looked_for_once_and_held(office: Office) -> None:
    letter = ack(office)
    with office.register.writing() as tx:
        tx.execute(update(table).values(kind="circular"))
    looked: list[int] = []
    office.composer = Fixed()
    office.server = Server(Doubt("lost"))
    office.deliver()
    for _ in range(3):
        office.deliver(find_sent=lambda rows: looked.append(len(rows)) or [])
    assert (office.state(letter), looked, len(office.server.tried)) == ("doubt", [1], 1)


def in_doubt(office: Office) -> int:
    """A circular that stands before a person."""
    letter = ack(office)
    with office.register.writing() as tx:
        tx.execute(update(table).values(kind="circular"))
    office.composer = Fixed()
    office.server = Server(Doubt("lost"))
    office.deliver()
    office.deliver(find_sent=lambda rows: [])
    return letter


def items(office: Office) -> list[tuple[str, str | None]]:
    with office.register.reading() as tx:
        return [(row.state, row.decision) for row in tx.execute(select(held).order_by(held.c.id))]


def test_what_a_bounce_settles_is_taken_away_from_the_person(office: Office) -> None:
    letter = in_doubt(office)
    assert items(office) == [("open", None)]
    with office.register.writing() as tx:
        claims.mark_bounced(tx, letter, NOW, "550 no such user", permanent=True)
    for _ in range(2):
        office.deliver()
    assert (office.state(letter), items(office)) == ("bounced", [("decided", CAME_OUT)])


def test_a_letter_in_doubt_that_nobody_was_asked_about_comes_before_a_person(office: Office) -> None:
    """As an earlier version of the program left it."""
    letter = in_doubt(office)
    with office.register.writing() as tx:
        tx.execute(delete(held))
    for _ in range(2):
        office.deliver(find_sent=lambda rows: [])
    assert (office.state(letter), items(office), len(office.server.tried)) == ("doubt", [("open", None)], 1)


def test_a_sent_folder_out_of_reach_leaves_the_doubt_open(office: Office) -> None:
    letter = ack(office)
    office.server = Server(Doubt("lost"))
    office.deliver()

    def unreachable(rows: Sequence[LetterRow]) -> list[int]:
        raise ServerUnreachable("imap")

    other = ack(office, "b@example.cn")
    assert isinstance(office.deliver(find_sent=unreachable).error, ServerUnreachable)
    assert (office.state(letter), office.state(other), len(office.server.tried)) == ("doubt", "sent", 2)
    office.deliver(find_sent=lambda rows: [])
    assert (office.state(letter), len(office.server.tried)) == ("sent", 3)


class Fixed(Letters):
    """Writes the same few bytes for every letter."""

    def __init__(self) -> None:
        self.sender = "cipsa@example.com"

    def refresh(self) -> None:
        pass

    def compose(self, letter: LetterRow, **_: Any) -> Composed:
        return Composed("subject", f"letter {letter.id}".encode())


# ---- stopped at any instant -------------------------------------------------------------------


class Stopped(BaseException):
    """The program is killed here."""


def stop(raw: bytes) -> Outcome:
    raise Stopped


POINTS = ("before the claim", "after the claim", "after sending", "at the commit of the fate", "after the fate")


def stopped_at(point: str, office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    """Run a delivery of two letters that is killed at the point while it has the first in hand."""

    def failing(*args: Any, **more: Any) -> Any:
        raise Stopped

    with monkeypatch.context() as patch:
        if point == "before the claim":
            patch.setattr(claims, "claim", failing)
        if point == "after the claim":
            office.server.answers = [stop]
        if point == "after sending":
            office.server.answers = [lambda raw: office.server.taken.append(("unit@example.cn", raw)) or stop(raw)]
        if point == "at the commit of the fate":
            patch.setattr(claims, "settle", failing)
        if point == "after the fate":
            patch.setattr(office, "_told", failing)
        with pytest.raises(Stopped):
            office.deliver()


@pytest.mark.parametrize("caps", [FREE, replace(FREE, gap_seconds=15)], ids=["no gap", "gap"])
@pytest.mark.parametrize("point", POINTS)
def test_after_a_stop_at_any_point_every_letter_goes_and_none_twice_but_by_the_rule_of_doubt(
    point: str, caps: Limits, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    office = Office(f"sqlite:///{tmp_path}/register.sqlite")
    ids = [ack(office), ack(office, "b@example.cn")]
    stopped_at(point, office, monkeypatch)
    office.reopen()
    office.server.answers = []
    office.clock.sleep(60)
    office.deliver(caps)
    office.clock.sleep(60)
    office.deliver(caps)
    assert [office.state(letter) for letter in ids] == ["sent", "sent"]
    arrived = [recipient for recipient, _ in office.server.taken]
    in_doubt = point in ("after sending", "at the commit of the fate")
    assert arrived.count("unit@example.cn") == (2 if in_doubt else 1)
    assert arrived.count("b@example.cn") == 1
    assert len({raw for recipient, raw in office.server.taken if recipient == "unit@example.cn"}) == 1
    office.register.close()


def test_a_fate_that_finds_no_room_on_the_disk_is_tried_again_before_the_end(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    letter = ack(office)
    settle, failures = claims.settle, [DiskFull("full")]

    def sometimes(*args: Any, **more: Any) -> bool:
        if failures:
            raise failures.pop()
        return settle(*args, **more)

    monkeypatch.setattr(claims, "settle", sometimes)
    with pytest.raises(DiskFull):
        office.deliver()
    assert office.state(letter) == "sent"
    assert len(office.server.taken) == 1


def test_a_letter_is_on_disk_before_the_server_hears_of_it(office: Office) -> None:
    seen: list[tuple[str, bytes | None]] = []
    letter = ack(office)

    def look(raw: bytes) -> Outcome:
        found = office.row(letter)
        seen.append((found.state, found.raw))
        return Sent("q", "ok")

    office.server = Server(look)
    office.deliver()
    assert seen == [("sending", office.server.taken[0][1])]
