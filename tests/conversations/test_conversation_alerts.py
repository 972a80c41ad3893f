"""Fetching or sending stands still, and works again: who is told, by which way, and how often."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from conversations.office_in_memory import SECRETARY, Letter, MakeOffice, Office, parsed, without_member
from netease import NETEASE, FakeNetease

from intake.errors import Permanent
from scheduler.clock import SetClock
from storage import outages

A, B = without_member(2)
OTHER = "duty@example.net"


def command(folder: Path, script: str = "cat >> {}") -> str:
    """A command that keeps what it is told; the setting for it."""
    return json.dumps(["/bin/sh", "-c", script.format(folder / "told.txt")])


def told(folder: Path) -> list[str]:
    """The subjects of what the command was told."""
    path = folder / "told.txt"
    lines = path.read_text("utf-8").splitlines() if path.exists() else []
    return [line for line in lines if line.startswith("【")]


def rounds(office: Office, minutes: int, every: int = 5) -> None:
    for _ in range(minutes // every):
        office.wait(minutes=every)
        office.try_round()


def alerts(office: Office) -> list[Letter]:
    return [letter for letter in office.letters_to(SECRETARY) if letter.kind == "alert"]


@pytest.fixture
def second() -> Iterator[FakeNetease]:
    with FakeNetease(NETEASE()) as server:
        yield server


def by(second: FakeNetease) -> dict[str, object]:
    return {
        "ALERT_SMTP__HOST": second.host, "ALERT_SMTP__PORT": second.smtp_port, "ALERT_SMTP__SECURITY": "none",
        "ALERT_SMTP__USERNAME": second.username, "ALERT_SMTP__PASSWORD": second.password,
    }  # fmt: skip


# ---- fetching ------------------------------------------------------------------------------------


def test_fetching_that_fails_for_a_while_is_told_once_and_once_when_it_works(
    make_office: MakeOffice, second: FakeNetease, tmp_path: Path
) -> None:
    office = make_office(ALERTS__COMMAND=command(tmp_path), **by(second))
    office.round()
    office.server.moods.drop_at = "LIST"
    rounds(office, 15)
    assert alerts(office) == []
    rounds(office, 60)
    (letter,) = alerts(office)
    assert letter.subject.startswith("【告警】收信中断，自11月17日08:05起")
    assert "至今已15分钟" in letter.text
    assert "最近一次收取完整：2016年11月17日（星期四）08:00" in letter.text
    assert [mail.recipients for mail in second.sent] == [(SECRETARY,)]
    assert parsed(second.sent[0].raw, SECRETARY).text.startswith("自2016年11月17日（星期四）08:05起，未能从邮箱")
    assert told(tmp_path) == ["【告警】收信中断，自11月17日08:05起"]
    office.server.moods.drop_at = ""
    rounds(office, 30)
    assert [one.subject.partition(" [")[0] for one in alerts(office)][1:] == ["【恢复】收信已恢复，曾中断1小时15分钟"]
    assert len(second.sent) == 2
    assert told(tmp_path)[1:] == ["【恢复】收信已恢复，曾中断1小时15分钟"]


def test_a_short_break_is_told_to_nobody(make_office: MakeOffice, tmp_path: Path) -> None:
    office = make_office(ALERTS__COMMAND=command(tmp_path))
    office.server.moods.drop_at = "LIST"
    rounds(office, 15)
    office.server.moods.drop_at = ""
    rounds(office, 30)
    assert (alerts(office), told(tmp_path)) == ([], [])


def test_a_restart_and_rounds_far_apart_change_nothing(make_office: MakeOffice, tmp_path: Path) -> None:
    office = make_office(ALERTS__COMMAND=command(tmp_path), ALERTS__AFTER_MINUTES=60)
    office.server.moods.drop_at = "LIST"
    for _ in range(5):
        office.wait(minutes=30)
        office.start()
        office.try_round()
    assert len(alerts(office)) == len(told(tmp_path)) == 1
    assert "至今已1小时" in alerts(office)[0].text


def test_mails_seen_on_the_server_are_counted(make_office: MakeOffice) -> None:
    office = make_office()
    office.round()
    for minute in range(3):
        office.form(A, f"11-17 09:0{minute}", contact=f"示例{minute}")
    office.server.moods.drop_at = "FETCH"
    office.server.moods.drop_after = 1
    rounds(office, 30)
    (letter,) = alerts(office)
    assert "已知服务器上尚有3封邮件没有登记" in letter.text
    office.server.moods.drop_at = ""
    rounds(office, 10)
    assert office.standing(A) is not None
    with office.works.register.reading() as tx:
        assert outages.missing(tx) == 0


def test_mails_that_come_and_cannot_be_handled_are_an_alarm_too(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken() -> None:
        raise Permanent("mails cannot be recorded")

    with monkeypatch.context() as patched:
        patched.setattr(office.works.jobs.handling, "handle", broken)
        for _ in range(4):
            office.wait(minutes=6)
            with pytest.raises(Permanent):
                office.try_round()
    rounds(office, 10)
    (withdrawn, over) = office.letter_rows()
    assert "收信中断" in withdrawn.facts["desk"]["subject"]
    assert (withdrawn.state, over.state) == ("withdrawn", "sent")
    assert [letter.subject[:9] for letter in alerts(office)] == ["【恢复】收信已恢复"]


# ---- sending -------------------------------------------------------------------------------------


def test_sending_that_fails_is_told_by_the_other_ways_and_by_the_account_when_it_works(
    make_office: MakeOffice, second: FakeNetease, tmp_path: Path
) -> None:
    office = make_office(ALERTS__COMMAND=command(tmp_path), ALERTS__TO=OTHER, **by(second))
    office.server.moods.auth_refused = "535"
    office.form(A, "11-17 09:00")
    rounds(office, 60)
    assert told(tmp_path) == ["【告警】发信中断，自11月17日09:05起"]
    assert [mail.recipients for mail in second.sent] == [(OTHER,)]
    assert "现有1封信函待发" in parsed(second.sent[0].raw, OTHER).text
    office.server.moods.auth_refused = ""
    rounds(office, 7 * 60, every=60)  # the secret is the same: it is tried again after six hours
    assert office.kinds_to(A) == ["acknowledgement"]
    assert [letter.subject[:9] for letter in office.letters_to(OTHER)] == ["【恢复】发信已恢复"]
    assert len(told(tmp_path)) == len(second.sent) == 2


def test_with_the_account_alone_sending_that_failed_is_told_when_it_works(office: Office) -> None:
    office.server.moods.auth_refused = "535"
    office.form(A, "11-17 09:00")
    rounds(office, 60)
    office.server.moods.auth_refused = ""
    office.start(SMTP__PASSWORD=office.server.password, SMTP__USERNAME=office.server.username)
    rounds(office, 7 * 60, every=60)
    (letter,) = alerts(office)
    assert letter.subject.startswith("【恢复】发信已恢复，曾中断")


def test_a_campaign_that_waits_for_a_person_is_no_alarm(make_office: MakeOffice, tmp_path: Path) -> None:
    office = make_office(ALERTS__COMMAND=command(tmp_path), moods=NETEASE(spam_words=(b"Subject:",)))
    office.form(A, "11-17 09:00")
    rounds(office, 60)
    assert office.held() == ["spam"]
    assert told(tmp_path) == []


def test_a_line_that_breaks_is_told(make_office: MakeOffice, tmp_path: Path) -> None:
    office = make_office(ALERTS__COMMAND=command(tmp_path))
    office.server.moods.lost_before_dot = True
    office.form(A, "11-17 09:00")
    rounds(office, 60)
    assert told(tmp_path) == ["【告警】发信中断，自11月17日09:05起"]
    assert "发信途中断开" in (tmp_path / "told.txt").read_text("utf-8")


# ---- ways that are broken ------------------------------------------------------------------------


def test_a_broken_way_stops_no_other_and_is_tried_again(
    make_office: MakeOffice, second: FakeNetease, tmp_path: Path
) -> None:
    office = make_office(ALERTS__COMMAND=command(tmp_path, "exit 3"), **by(second))
    second.moods.auth_refused = "535"
    office.server.moods.drop_at = "LIST"
    rounds(office, 30)
    assert len(alerts(office)) == 1
    assert second.sent == []
    second.moods.auth_refused = ""
    office.start(ALERTS__COMMAND=command(tmp_path))
    rounds(office, 20)
    assert told(tmp_path) == ["【告警】收信中断，自11月17日08:05起"]
    rounds(office, 6 * 60, every=60)  # a refused sign-in is not tried again and again
    assert len(second.sent) == 1
    assert len(alerts(office)) == 1


def test_one_address_that_is_refused_keeps_no_other_from_hearing(make_office: MakeOffice, second: FakeNetease) -> None:
    office = make_office(ALERTS__TO=json.dumps(["gone@example.net", OTHER]), **by(second))
    second.moods.refused_recipients = ("gone@example.net",)
    office.server.moods.drop_at = "LIST"
    rounds(office, 60)
    assert [mail.recipients for mail in second.sent] == [(OTHER,)]


def test_a_command_that_hangs_is_stopped_and_not_run_again(make_office: MakeOffice, tmp_path: Path) -> None:
    office = make_office(ALERTS__COMMAND=command(tmp_path, "cat >> {}; sleep 600"), ALERTS__COMMAND_SECONDS="0.5")
    office.server.moods.drop_at = "LIST"
    rounds(office, 60)
    assert told(tmp_path) == ["【告警】收信中断，自11月17日08:05起"]


# ---- the clock -----------------------------------------------------------------------------------


class Machine:
    """A machine whose clock may be wrong."""

    def __init__(self, clock: SetClock) -> None:
        self.clock, self.off = clock, timedelta(0)

    def now(self):  # type: ignore[no-untyped-def]
        return self.clock.now() + self.off


def test_a_clock_behind_the_register_is_told_and_letters_of_the_clock_wait(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    alerting = office.works.jobs._alerting
    assert alerting is not None
    office.form(A, "11-18 09:00")
    office.round()
    machine = Machine(office.clock)
    object.__setattr__(alerting, "watches_clock", True)
    object.__setattr__(alerting, "clock", machine)
    machine.off = timedelta(hours=-2)
    assert not office.works.jobs._clock_is_right()
    office.round()
    (letter,) = alerts(office)
    assert letter.subject.startswith("【告警】本机时钟有误")
    assert "校准之前，提醒、补正通知、日报等按钟点发送的信函暂缓" in letter.text
    machine.off = timedelta(0)
    office.wait(minutes=20)
    office.round()
    assert office.works.jobs._clock_is_right()
    assert [one.subject.partition(" [")[0] for one in alerts(office)][1:] == ["【恢复】本机时钟已恢复正常"]


class Provider:
    """The server's time, beside that of the office."""

    def __init__(self, office: Office) -> None:
        self.office, self.off = office, timedelta(0)

    def now(self):  # type: ignore[no-untyped-def]
        return self.office.clock.now() - self.off


def test_a_clock_ahead_of_the_server_is_told_once_a_letter_has_left(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    alerting = office.works.jobs._alerting
    assert alerting is not None
    object.__setattr__(alerting, "watches_clock", True)
    office.form(A, "11-18 09:00")
    office.round()
    assert office.works.jobs._clock_is_right()
    server = Provider(office)
    monkeypatch.setattr(office.server.clock, "now", server.now)
    server.off = timedelta(hours=2)  # the server's clock is right, ours runs ahead
    office.form(B, "11-18 10:00")
    office.round()
    assert not office.works.jobs._clock_is_right()
    office.wait(minutes=1)
    office.round()
    (letter,) = alerts(office)
    assert letter.subject.startswith("【告警】本机时钟有误")
    assert "本机时钟比邮件服务器快120分钟" in letter.text
    server.off = timedelta(0)  # set right; the next letter shows it
    office.form(A, "11-18 11:00", title="主任")
    office.round()
    assert office.works.jobs._clock_is_right()
    office.wait(minutes=1)
    office.round()
    assert [one.subject.partition(" [")[0] for one in alerts(office)][1:] == ["【恢复】本机时钟已恢复正常"]


# ---- where it stands -----------------------------------------------------------------------------


def test_the_digest_says_that_it_failed_and_that_it_works(make_office: MakeOffice) -> None:
    office = make_office(now="11-18 08:00", DIGEST__SEND="true")
    office.server.moods.drop_at = "LIST"
    rounds(office, 40)
    first = next(letter for letter in office.letters_to(SECRETARY) if letter.kind == "digest")
    assert "自11月18日08:05起收信中断至今" in first.text
    office.server.moods.drop_at = ""
    office.until("11-18 16:31")
    office.round()
    last = [letter for letter in office.letters_to(SECRETARY) if letter.kind == "digest"][-1]
    assert "11月18日08:05至16:31收信中断，现已恢复" in last.text.replace("至11月18日", "至")
