"""Who may say what of a unit, and which mails are the same: other senders, near names, copies, resends, folders."""

from __future__ import annotations

import pytest
from conversations.office_in_memory import MakeOffice, Office, roster_row, without_member
from netease import NETEASE

from program.demo.units import Unit

A, B, C = without_member(3)
STRANGER = "someone@other.example.net"


# ---- other senders ------------------------------------------------------------------------------


def test_another_address_replaces_nothing_and_hears_nothing(office: Office) -> None:
    office.form(A, "11-18 09:00", "yes", "no")
    office.round()
    before = office.standing(A)
    office.form(A, "11-20 09:00", "no", "yes", sender=STRANGER, contact="吴示例", office_phone="010-80009999",
                mobile="13800009999", email=STRANGER)  # fmt: skip
    office.round()
    assert office.standing(A) == before
    letter = office.letter_to(STRANGER)
    assert (letter.kind, office.held()) == ("received", ["other-sender"])
    for text in (letter.text, letter.html, letter.subject):
        for told in (*A.values.values(), before.receipt if before else "", "登记"):
            assert told not in text.replace(f"{A.name}入盟意向书", "")
    (row,) = office.held_rows()
    assert A.email in row.sentence
    assert STRANGER in row.sentence
    assert "原为“是”，来件为“否”" in row.sentence
    assert office.kinds_to(A) == ["acknowledgement"]


def test_both_versions_are_kept_and_a_person_may_accept_the_other(office: Office) -> None:
    office.form(A, "11-18 09:00", "yes", "no")
    office.round()
    office.form(A, "11-20 09:00", "no", "yes", sender=STRANGER)
    office.round()
    assert office.query("SELECT state, sender FROM submissions ORDER BY id") == [
        ("standing", A.email), ("proposed", STRANGER),
    ]  # fmt: skip
    office.decide("接受")
    assert office.answers_of(A) == ("no", "yes")
    assert office.held() == []


def test_a_dropped_proposal_leaves_what_stands(office: Office) -> None:
    office.form(A, "11-18 09:00", "yes", "no")
    office.round()
    office.form(A, "11-20 09:00", "no", "yes", sender=STRANGER)
    office.round()
    office.decide("不接受")
    assert office.answers_of(A) == ("yes", "no")


def test_a_resend_by_another_address_tells_it_nothing(office: Office) -> None:
    """The very same form from a stranger: identical bytes of the file are no key to what stands."""
    office.form(A, "11-18 09:00")
    office.round()
    office.form(A, "11-20 09:00", sender=STRANGER)
    office.round()
    letter = office.letter_to(STRANGER)
    standing = office.standing(A)
    assert letter.kind == "received"
    assert standing is not None
    assert standing.receipt not in letter.text


def test_an_address_inside_the_form_gets_no_letter(office: Office) -> None:
    office.form(A, "11-18 09:00", email="boss@elsewhere.example.org")
    office.round()
    assert list(office.kinds()) == [A.email]


@pytest.mark.parametrize(
    ("sender", "reply_to", "heard"),
    [
        ("a@unit.example.com", "b@unit.example.com", "b@unit.example.com"),
        ("a@unit.example.com", "b@other.example.net", "a@unit.example.com"),
        ("a@163.com", "b@163.com", "a@163.com"),
        ("a@qq.com", "b@qq.com", "a@qq.com"),
        ("a@unit.example.com", "secretary@beijing.gov.cn", ""),
        ("noreply@unit.example.com", "b@unit.example.com", "b@unit.example.com"),
        ("noreply@unit.example.com", "b@other.example.net", ""),
    ],
)
def test_letters_go_only_to_who_wrote(office: Office, sender: str, reply_to: str, heard: str) -> None:
    office.allow(A, reply_to)
    office.form(A, "11-18 09:00", sender=sender, headers=[("Reply-To", reply_to)])
    office.round()
    assert list(office.kinds()) == ([heard] if heard else [])
    assert office.answers_of(A) == ("yes", "no")


def test_a_reply_to_on_the_units_roster_row_counts(office: Office) -> None:
    office.roster(roster_row(A, addresses=("a@163.com", "b@163.com")))
    office.allow(A, "b@163.com")
    office.form(A, "11-18 09:00", sender="a@163.com", headers=[("Reply-To", "b@163.com")])
    office.round()
    assert list(office.kinds()) == ["b@163.com"]


@pytest.mark.parametrize("protected", ["minister@bj.gov.cn", "leader@unit.example.com"])
def test_protected_addresses_get_no_letter_and_their_mail_goes_to_the_secretariat(
    make_office: MakeOffice, protected: str
) -> None:
    office = make_office(OUTBOX__PROTECTED='["gov.cn", "leader@unit.example.com"]')
    office.form(A, "11-18 09:00", sender=protected)
    office.write(protected, "11-18 10:00", "入盟咨询", text="请问何时召开成立大会？")
    office.round()
    assert office.letters() == []
    assert office.answers_of(A) == ("yes", "no")
    assert set(office.held()) == {"protected"}
    assert len(office.held()) == 2


# ---- names --------------------------------------------------------------------------------------


def test_a_near_name_is_proposed_and_never_merged(office: Office) -> None:
    office.form(A, "11-18 09:00", "yes", "no")
    office.round()
    form = {"unit": f"北京{A.name}", "subject": "意向书", "name": "意向书.docx"}
    office.form(A, "11-19 09:00", "no", "no", sender=STRANGER, **form)
    office.round()
    assert office.answers_of(A) == ("yes", "no")
    assert (office.kinds_to(STRANGER), office.held()) == (["received"], ["near-name"])
    assert A.name not in office.letter_to(STRANGER).text


def test_a_person_says_whether_a_near_name_is_the_same_unit(office: Office) -> None:
    office.roster(A)
    office.form(A, "11-19 09:00", "yes", "no", unit=f"北京{A.name}")
    office.round()
    assert office.held() == ["near-name"]
    office.decide("同一单位")
    assert office.answers_of(A) == ("yes", "no")
    office.form(A, "11-21 09:00", "no", "no", unit=f"北京{A.name}")
    office.round()
    assert office.answers_of(A) == ("no", "no")
    assert office.held() == []


@pytest.mark.parametrize(
    "spelt",
    ["示例(北京)知识产权服务有限公司", " 示例（北京）知识 产权服务有限公司", "示例﹙北京﹚知识产权服务有限公司"],
)
def test_spaces_and_brackets_are_no_other_unit(office: Office, spelt: str) -> None:
    name = "示例（北京）知识产权服务有限公司"
    office.form(A, "11-18 09:00", unit=name)
    office.form(A, "11-19 09:00", "no", "no", unit=spelt)
    office.round()
    assert office.query("SELECT count(*) FROM units") == [(1,)]
    assert office.answers_of(name) == ("no", "no")


def test_a_former_name_on_the_roster_is_the_unit(office: Office) -> None:
    office.roster(roster_row(A, former=("示例旧名称有限公司",)))
    office.form(A, "11-18 09:00", unit="示例旧名称有限公司")
    office.round()
    assert office.answers_of(A) == ("yes", "no")
    assert office.held() == []
    assert office.letter_to(A).text.startswith(f"{A.name}：您好！")


# ---- the same mail ------------------------------------------------------------------------------


def test_a_copy_in_another_folder_gets_no_second_letter(office: Office) -> None:
    stored = office.form(A, "11-18 09:00")
    office.mail(stored.raw, "11-18 09:01", folder="订阅邮件")
    office.round()
    office.mail(stored.raw, "11-18 12:00")
    office.round()
    assert office.kinds_to(A) == ["acknowledgement"]
    assert office.query("SELECT count(*) FROM messages") == [(1,)]
    assert office.query("SELECT count(*) FROM sightings") == [(3,)]


def test_a_copy_by_another_way_gets_no_second_letter(office: Office) -> None:
    """The same mail through another server: other trace fields, the same Message-ID and content."""
    stored = office.form(A, "11-18 09:00")
    office.round()
    office.mail(b"X-Forwarded-By: gateway.example.net\r\n" + stored.raw, "11-18 12:00")
    office.round()
    assert office.kinds_to(A) == ["acknowledgement"]
    assert office.query("SELECT count(*) FROM submissions") == [(1,)]


def test_a_resend_is_thanked_once_a_day_and_not_recorded_again(office: Office) -> None:
    for when in ("11-18 09:00", "11-18 11:00", "11-18 14:00"):
        office.form(A, when)
        office.round()
    assert office.kinds_to(A) == ["acknowledgement", "repeat"]
    office.form(A, "11-19 09:00")
    office.round()
    assert office.kinds_to(A) == ["acknowledgement", "repeat", "repeat"]
    first, *others = office.letters_to(A)
    standing = office.standing(A)
    assert standing is not None
    assert all(standing.receipt in letter.text for letter in (first, *others))
    assert office.query("SELECT count(*) FROM submissions") == [(1,)]


def test_the_same_message_id_with_other_content_is_another_mail(office: Office) -> None:
    first = office.form(A, "11-18 09:00")
    second = office.compose(A, "11-18 09:00", f"{A.name}入盟意向书", text="更正", files=[office.file(A, "no", "no")])
    line = next(line for line in first.raw.split(b"\r\n") if line.lower().startswith(b"message-id:"))
    assert line in second
    office.round()
    office.mail(second, "11-19 09:00")
    office.round()
    assert office.answers_of(A) == ("no", "no")
    assert office.kinds_to(A) == ["acknowledgement", "correction"]


def test_the_time_of_the_first_sighting_stays(office: Office) -> None:
    stored = office.form(A, "12-02 16:59:00")
    office.round()
    office.mail(stored.raw, "12-03 09:00", folder="订阅邮件")
    office.server.store.remove(stored)
    office.flags.clear()
    office.round()
    standing = office.standing(A)
    assert standing is not None
    assert standing.lateness == "in time"
    assert office.kinds_to(A) == ["acknowledgement"]


# ---- folders ------------------------------------------------------------------------------------


def test_another_uidvalidity_loses_nothing_and_says_nothing_twice(office: Office) -> None:
    for number, unit in enumerate((A, B)):
        office.form(unit, f"11-18 09:0{number}")
    office.round()
    office.server.store.change_uidvalidity()
    office.form(C, "11-18 10:00")
    office.round()
    assert office.kinds() == {unit.email: ["acknowledgement"] for unit in (A, B, C)}
    assert office.query("SELECT count(*) FROM messages") == [(3,)]


def test_uids_dealt_out_anew_are_noticed_within_a_day(make_office: MakeOffice) -> None:
    office = make_office(moods=NETEASE(id_required=False))
    for number, unit in enumerate((A, B)):
        office.form(unit, f"11-18 09:0{number}", title="主任" * (number + 1))
    office.round()
    office.form(C, "11-19 09:30")
    office.server.store.reshuffle()
    office.round()
    assert office.kinds() == {unit.email: ["acknowledgement"] for unit in (A, B, C)}


def test_a_mail_that_a_person_moves_is_the_same_mail(office: Office) -> None:
    stored = office.form(A, "11-18 09:00")
    office.round()
    moved = office.server.store.move(stored, "INBOX", "订阅邮件")
    office.round()
    assert office.kinds_to(A) == ["acknowledgement"]
    assert office.query("SELECT count(*) FROM messages") == [(1,)]
    assert moved.flags == set()


def test_a_mail_moved_below_the_mark_is_found_by_the_daily_comparison(office: Office) -> None:
    """A person's rule put it where the server gave it a UID that we had passed."""
    office.form(A, "11-18 09:00")
    office.form(B, "11-18 09:10")
    office.round()
    late = office.form(C, "11-18 09:20")
    late.uid = min(mail.uid for mail in office.server.store.folders["INBOX"].mails) - 1
    office.server.store.folders["INBOX"].mails.sort(key=lambda mail: mail.uid)
    office.round()
    assert office.answers_of(C) is None
    office.until("11-19 09:30")
    office.round()
    assert office.kinds_to(C) == ["acknowledgement"]


def test_a_window_of_thirty_days_takes_nothing_back(make_office: MakeOffice) -> None:
    """NetEase shows the last 30 days unless told otherwise: mails that leave the window change nothing."""
    office = make_office(moods=NETEASE(window_days=30))
    office.form(A, "11-18 09:00")
    office.round()
    office.until("12-25 09:00")
    office.round()
    assert office.answers_of(A) == ("yes", "no")
    office.form(A, "12-25 10:00", "yes", "no")
    office.round()
    assert office.kinds_to(A)[0] == "acknowledgement"
    assert office.query("SELECT count(*) FROM messages") == [(2,)]


def test_mails_in_every_folder_but_drafts_sent_and_virus_are_read(make_office: MakeOffice) -> None:
    office = make_office(moods=NETEASE())
    folders = ("INBOX", "已删除", "垃圾邮件", "广告邮件", "订阅邮件", "草稿箱", "已发送", "病毒文件夹")
    units: list[Unit] = without_member(len(folders))
    for number, (unit, folder) in enumerate(zip(units, folders, strict=True)):
        office.form(unit, f"11-18 09:{number:02d}", folder=folder)
    office.round()
    assert [bool(office.answers_of(unit)) for unit in units] == [True] * 5 + [False] * 3


def test_mails_of_the_day_before_the_campaign_are_noted_only(make_office: MakeOffice) -> None:
    office = make_office(now="11-17 00:00")
    office.form(A, "11-16 23:59:59")
    office.form(B, "11-17 00:00:00")
    office.round()
    assert office.answers_of(A) is None
    assert office.answers_of(B) is not None
    assert office.query("SELECT state, count(*) FROM sightings GROUP BY state ORDER BY state") == [
        ("noted", 1), ("stored", 1),
    ]  # fmt: skip
    assert len(list((office.folder / "data").rglob("*.eml"))) == 1
