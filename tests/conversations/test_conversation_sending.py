"""What goes out and when: caps, merging, refusals of the provider, pauses, doubt. All over a real socket."""

from __future__ import annotations

from datetime import timedelta

import pytest
from conversations.office_in_memory import MakeOffice, Office, without_member
from netease import NETEASE

from program.demo.units import UNITS

A, B, C = without_member(3)


# ---- our own limits -----------------------------------------------------------------------------


def _several(office: Office, number: int, when: str = "11-18 09") -> None:
    for minute, unit in enumerate(UNITS[:number]):
        office.pasted(unit, f"{when}:{minute:02d}", member="blank")


def test_gaps_are_waited_out_windows_are_not_and_nothing_is_dropped(office: Office) -> None:
    _several(office, 23)
    before = office.clock.now()
    summary = office.round()
    assert len(office.server.sent) == 20
    assert summary.letters["sent"] == 20
    assert "待发 3 封" in summary.sentence()
    assert office.clock.now() - before >= timedelta(seconds=19 * 15)
    gaps = [later.at - earlier.at for earlier, later in zip(office.server.sent, office.server.sent[1:], strict=False)]
    assert min(gaps) >= timedelta(seconds=15)
    assert len(office.server.connections("smtp")) == 2  # ten letters a connection
    office.start()  # a restart forgets no window
    assert office.round().letters["sent"] == 0
    office.wait(minutes=16)
    office.round()
    assert len(office.server.sent) == 23


def test_letters_that_wait_for_one_address_go_as_one(office: Office) -> None:
    collector = "collector@park.example.net"
    for minute, unit in enumerate(UNITS[:4]):
        office.form(unit, f"11-18 09:{minute:02d}", member="blank", sender=collector)
        office.round()
    assert office.kinds_to(collector) == ["acknowledgement", "acknowledgement"]
    office.wait(hours=1)
    office.round()
    first, second, third = office.letters_to(collector)
    assert [unit.name in third.text for unit in UNITS[:4]] == [False, False, True, True]
    assert UNITS[0].name in first.text
    assert UNITS[1].name in second.text
    assert [state for _, state in office.letter_states()] == ["sent", "sent", "sent", "withdrawn"]


def test_several_mails_of_one_round_to_one_address_are_answered_together(office: Office) -> None:
    office.form(A, "11-18 09:00")
    office.write(A, "11-18 09:05", "咨询", text="请问加入联盟是否需要缴纳会费？")
    office.round()
    letter = office.letter_to(A)
    assert A.mobile in letter.text
    assert "您的来信（主题：“咨询”）已收到" in letter.text


def test_an_address_gets_five_letters_a_day_and_the_sixth_tomorrow(office: Office) -> None:
    for hour in range(9, 16):
        office.write(A, f"11-18 {hour:02d}:00", f"咨询{hour}", text=f"请问第{hour}条章程是什么意思？")
        office.round()
    assert len(office.letters_to(A)) == 5
    office.until("11-19 09:10")
    office.round()
    assert len(office.letters_to(A)) == 6
    assert "咨询14" not in office.letters_to(A)[4].text


def test_letters_that_ask_go_first(office: Office) -> None:
    office.form(A, "11-18 09:00")
    office.form(B, "11-18 09:01", office_phone="", mobile="")
    office.round()
    assert [letter.recipient for letter in office.letters()] == [B.email, A.email]


# ---- the provider refuses -----------------------------------------------------------------------


@pytest.mark.parametrize("how", ["535", "550"])
def test_a_refused_sign_in_is_remembered_for_six_hours(make_office: MakeOffice, how: str) -> None:
    office = make_office(moods=NETEASE(auth_refused=how))
    office.form(A, "11-18 09:00")
    summary = office.try_round()
    assert "授权码" in summary.troubles[0]
    assert office.answers_of(A) == ("yes", "no")
    tries = office.server.names("smtp").count("AUTH")
    office.server.moods.auth_refused = ""
    office.wait(hours=5)
    assert office.try_round().failures
    office.start()
    assert office.try_round().failures
    assert office.server.names("smtp").count("AUTH") == tries
    office.wait(hours=2)
    office.round()
    assert office.kinds_to(A) == ["acknowledgement"]


def test_fifteen_minutes_of_pause_after_too_many(make_office: MakeOffice) -> None:
    office = make_office(moods=NETEASE(per_quarter_hour=2))
    _several(office, 4)
    summary = office.try_round()
    assert len(office.server.sent) == 2
    assert summary.failures
    tried = office.server.names("smtp").count("MAIL")
    office.wait(minutes=5)
    office.try_round()
    assert office.server.names("smtp").count("MAIL") == tried
    office.wait(minutes=20)
    office.try_round()
    assert len(office.server.sent) == 4


def test_the_days_cap_of_the_provider_means_tomorrow(make_office: MakeOffice) -> None:
    office = make_office(moods=NETEASE(mails_per_day=2))
    _several(office, 3)
    assert office.try_round().failures
    office.until("11-18 23:00")
    office.try_round()
    assert len(office.server.sent) == 2
    office.until("11-19 00:10")
    office.round()
    assert sorted(letter.kind for letter in office.letters()) == ["acknowledgement"] * 3 + ["alert"]


def test_spam_at_first_is_tried_again_after_two_minutes(make_office: MakeOffice) -> None:
    office = make_office(moods=NETEASE(spam_first=True))
    office.form(A, "11-18 09:00")
    office.try_round()
    assert office.letters() == []
    office.wait(minutes=3)
    office.round()
    assert office.kinds_to(A) == ["acknowledgement"]
    ((tries,),) = office.query("SELECT tries FROM letters")
    assert tries == 2


def test_taken_for_spam_the_campaign_stops_until_a_person_has_looked(make_office: MakeOffice) -> None:
    office = make_office(moods=NETEASE(spam_words=(b"X-CIPSA-Intake: acknowledgement",)))
    office.form(A, "11-18 09:00")
    office.form(B, "11-18 09:01")
    summary = office.try_round()
    assert "垃圾邮件" in summary.troubles[0]
    assert sorted(state for _, state in office.letter_states()) == ["refused", "waiting"]
    office.server.moods.spam_words = ()
    office.wait(days=1)
    office.try_round()
    assert office.letters() == []
    assert office.held() == ["spam"]
    office.decide("恢复")
    office.wait(minutes=20)
    office.round()
    assert sorted(office.kinds()) == [A.email, B.email]
    assert (office.held(), {state for _, state in office.letter_states()}) == ([], {"sent"})


@pytest.mark.parametrize("pipelining", [True, False])
def test_too_many_on_one_connection_means_another(make_office: MakeOffice, pipelining: bool) -> None:
    office = make_office(moods=NETEASE(per_connection=2, pipelining=pipelining))
    _several(office, 5)
    office.try_round()
    office.wait(minutes=10)
    office.round()
    assert len(office.server.sent) == 5


@pytest.mark.parametrize("pipelining", [True, False])
def test_an_address_that_does_not_exist_costs_only_its_letter(make_office: MakeOffice, pipelining: bool) -> None:
    office = make_office(moods=NETEASE(refused_recipients=(A.email,), pipelining=pipelining))
    office.form(A, "11-18 09:00")
    office.form(B, "11-18 09:01")
    office.round()
    assert office.letter_states() == [("acknowledgement", "refused"), ("acknowledgement", "sent")]
    office.wait(days=2)
    office.round()
    assert office.kinds() == {B.email: ["acknowledgement"]}


def test_a_bounce_that_follows_at_once_is_noted_in_the_next_round(make_office: MakeOffice) -> None:
    office = make_office(moods=NETEASE(bounced_recipients=(A.email,), sent_copies=True))
    office.form(A, "11-18 09:00")
    office.round()
    office.wait(minutes=2)
    office.round()
    assert office.letter_states() == [("acknowledgement", "bounced")]
    assert office.mail_kinds() == ["form", "bounce"]
    assert office.kinds_to(A) == ["acknowledgement"]


# ---- doubt --------------------------------------------------------------------------------------


def test_lost_before_the_dot_was_not_sent(make_office: MakeOffice) -> None:
    office = make_office(moods=NETEASE(lost_before_dot=True))
    office.form(A, "11-18 09:00")
    office.try_round()
    # A small letter, dot and all, may have gone into the socket before the loss is seen: then it is in doubt.
    assert office.letter_states()[0][1] in ("deferred", "doubt")
    office.server.moods.lost_before_dot = False
    office.wait(minutes=10)
    office.round()
    assert office.kinds_to(A) == ["acknowledgement"]
    assert office.letter_states() == [("acknowledgement", "sent")]


def test_lost_after_the_dot_and_found_among_what_was_sent_is_sent(make_office: MakeOffice) -> None:
    office = make_office(moods=NETEASE(lost_after_data="accepted", sent_copies=True))
    office.form(A, "11-18 09:00")
    office.try_round()
    assert [state for _, state in office.letter_states()] == ["doubt"]
    office.server.moods.lost_after_data = ""
    office.wait(minutes=1)
    office.round()
    assert [state for _, state in office.letter_states()] == ["sent"]
    assert office.kinds_to(A) == ["acknowledgement"]


@pytest.mark.parametrize("fate", ["accepted", "dropped"])
def test_lost_after_the_dot_and_not_found_goes_once_more_with_the_same_bytes(
    make_office: MakeOffice, fate: str
) -> None:
    office = make_office(moods=NETEASE(lost_after_data=fate))
    office.form(A, "11-18 09:00")
    office.try_round()
    office.wait(hours=3)
    office.try_round()  # and the second time as well
    assert [state for _, state in office.letter_states()] == ["doubt"]
    office.server.moods.lost_after_data = ""
    office.wait(hours=3)
    office.round()
    office.wait(hours=3)
    office.round()
    assert office.server.names("smtp").count("DATA") == 2
    assert len({letter.raw for letter in office.letters()}) <= 1
    assert len(office.letters()) == (2 if fate == "accepted" else 0)
    office.twice = {letter.message_id for letter in office.letters()}
    assert [state for _, state in office.letter_states()] == ["doubt"]


def test_a_reply_that_names_a_letter_in_doubt_settles_it(make_office: MakeOffice) -> None:
    office = make_office(moods=NETEASE(lost_after_data="accepted"))
    office.form(A, "11-18 09:00")
    office.try_round()
    office.server.moods.lost_after_data = ""
    office.write(A, "11-18 09:05", "Re: 入盟意向书", text="收到，谢谢！", reply_to=office.letter_to(A))
    office.round()
    assert [state for _, state in office.letter_states()] == ["sent"]
    assert office.kinds_to(A) == ["acknowledgement"]


def test_a_reply_settles_even_a_letter_that_waits_to_go_once_more(make_office: MakeOffice) -> None:
    office = make_office(moods=NETEASE(lost_after_data="accepted"))
    office.form(A, "11-18 09:00")
    office.try_round()
    office.start(SMTP__PORT=1)
    office.try_round()
    assert [state for _, state in office.letter_states()] == ["deferred"]
    office.write(A, "11-18 09:05", "Re: 入盟意向书", text="收到，谢谢！", reply_to=office.letter_to(A))
    assert office.try_round().letters["deferred"] == 0
    assert [state for _, state in office.letter_states()] == ["sent"]


def test_a_bounce_that_names_a_letter_in_doubt_settles_it(make_office: MakeOffice) -> None:
    office = make_office(moods=NETEASE(lost_after_data="accepted", bounced_recipients=(A.email,)))
    office.form(A, "11-18 09:00")
    office.try_round()
    office.server.moods.lost_after_data = ""
    office.wait(minutes=1)
    office.round()
    assert [state for _, state in office.letter_states()] == ["bounced"]
    assert office.kinds_to(A) == ["acknowledgement"]
