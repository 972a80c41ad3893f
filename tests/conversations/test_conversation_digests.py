"""The secretariat is told how it stands: digests, worklists, the closing report, the leaders' version."""

from __future__ import annotations

import re
from email.message import EmailMessage

import pytest
from conversations.office_in_memory import SECRETARY, Letter, MakeOffice, Office, roster_row, without_member

from program.demo.units import UNITS

LEADER = "leader@example.com"
COLLEAGUE = "huang@example.com"
A, B, C, D = without_member(4)
TALLY = re.compile(r"(?:应通知|合计)(\d+)=((?:[^\d=+]+\d+\+)*[^\d=+]+\d+)")


@pytest.fixture
def office(make_office: MakeOffice) -> Office:
    made = make_office(now="11-25 08:00", DIGEST__SEND="true", DIGEST__LEADERS=LEADER)
    rows = [roster_row(unit, others={"电话": unit.office_phone, "负责人": "示例同事"}) for unit in (A, B, C, D)]
    made.roster(*rows)
    made.until("11-25 08:31")
    made.round()
    for unit in UNITS:
        made.allow(unit, SECRETARY)
        made.allow(unit, unit.email)
    return made


def test_a_week_of_digests(office: Office) -> None:
    """Friday 16:30, a quiet weekend, Monday 08:30: each once, however often the clock looks."""
    office.form(A, "11-25 09:05")
    office.round()
    office.until("11-25 16:31")
    office.round()
    office.round()
    for day in (26, 27):
        office.until(f"11-{day} 12:00")
        office.round()
    office.until("11-28 08:31")
    office.round()
    office.round()
    subjects = [_bare(letter) for letter in digests(office, SECRETARY)]
    assert subjects == [
        "【日报11月25日】已回复0/4，愿意0，待办0",
        "【日报11月25日】已回复1/4，愿意1，待办0",
        "【日报11月28日】已回复1/4，愿意1，待办0",
    ]


def test_a_digest_names_who_is_silent_and_whom_to_call(office: Office) -> None:
    office.form(A, "11-25 09:05")
    office.round()
    office.until("11-25 16:31")
    office.round()
    (*_, letter) = digests(office, SECRETARY)
    for text in (letter.text, letter.html):
        assert B.name in text
        assert B.office_phone in text
        assert "示例同事" in text
        assert "未回复名单" in text
        assert f"{A.name}" in text
        assert "加入联盟：愿意" in text
    assert letter.files == (f"首都知识产权运营联盟成员单位征集登记表{'11251631'}.xlsx",)


def test_every_tally_of_a_digest_adds_up(office: Office) -> None:
    office.form(A, "11-25 09:05")
    office.form(B, "11-25 09:06", "no")
    office.form(C, "11-25 09:07", "blank")
    office.form(without_member(5)[4], "11-25 09:08")
    office.round()
    office.until("11-25 16:31")
    office.round()
    for letter in (digests(office, SECRETARY)[-1], digests(office, LEADER)[-1]):
        found = TALLY.findall(letter.text)
        assert [int(total) for total, _ in found] == [4, 4, 1, 1]
        for total, parts in found:
            assert sum(map(int, re.findall(r"\d+", parts))) == int(total)


def test_leaders_see_no_telephone_no_address_and_nothing_to_decide(office: Office) -> None:
    office.form(A, "11-25 09:05", join="blank", unit="13800138000科技")
    office.form(B, "11-25 09:06")
    office.round()
    office.until("11-25 16:31")
    office.round()
    letters = digests(office, LEADER)
    assert len(letters) == 2
    for letter in letters:
        for text in (letter.text, letter.html, _bare(letter)):
            assert not re.search(r"\d[\d-]{6,}", text)
            assert "@" not in text.replace("chart@intake", "")
            assert "待办" not in text
        assert letter.files == ()


def test_missed_digests_collapse_into_one_that_says_from_when_to_when(office: Office) -> None:
    office.form(A, "11-25 09:05")
    office.until("11-29 10:00")  # the daemon stood still for four digests
    office.round()
    first, last = digests(office, SECRETARY)
    assert "2016年11月25日（星期五）08:31至2016年11月29日（星期二）10:00" in last.text
    assert "其间有3期日报未能发出，一并在此汇总" in last.text
    assert "未能发出" not in first.text


def test_a_digest_that_could_not_leave_is_told_in_the_next(office: Office) -> None:
    office.start(OUTBOX__MODE="hold")
    office.until("11-25 16:31")
    office.round()
    office.until("11-28 08:31")
    office.round()
    office.start(OUTBOX__MODE="send")
    office.round()
    _, letter = digests(office, SECRETARY)
    assert "2016年11月25日（星期五）08:31至2016年11月28日（星期一）08:31" in letter.text
    states = [state for kind, state in office.letter_states() if kind == "digest"]
    assert sorted(states) == ["sent", "sent", "sent", "sent", "withdrawn", "withdrawn"]


def test_the_worklist_tells_of_new_items_once(office: Office) -> None:
    office.write(A, "11-25 09:00", "我单位同意加入联盟", text="我单位同意加入首都知识产权运营联盟。")
    office.round()
    for minute in (31, 32):
        office.until(f"11-25 09:{minute}")
        office.round()
    office.write(B, "11-25 09:40", "我单位同意加入联盟", text="我单位同意加入首都知识产权运营联盟。")
    office.round()
    office.until("11-25 14:31")
    office.round()
    lists = [letter for letter in office.letters_to(SECRETARY) if letter.kind == "worklist"]
    assert [_bare(letter) for letter in lists] == [
        "【待办11月25日】新增1件，共1件",
        "【待办11月25日】新增1件，共2件",
    ]
    assert A.email in lists[0].text
    assert A.email not in lists[1].text


def test_nothing_new_is_no_worklist(office: Office) -> None:
    office.until("11-25 14:31")
    office.round()
    assert [letter.kind for letter in office.letters_to(SECRETARY)] == ["digest"]


def test_the_closing_report_waits_for_every_folder(office: Office) -> None:
    office.until("12-02 16:31")
    office.round()
    before = len(digests(office, SECRETARY))
    office.form(A, "12-02 16:59")
    office.until("12-02 17:01")
    office.round()
    office.until("12-02 17:10")
    office.round()
    closing = digests(office, SECRETARY)[before:]
    assert [_bare(letter) for letter in closing] == ["【截止报告12月2日】已回复1/4，愿意1，待办0"]
    assert _bare(digests(office, LEADER)[-1]) == "【简报12月2日】已回复1/4，愿意1"


def test_after_the_closing_report_a_digest_goes_only_with_news(office: Office) -> None:
    office.until("12-02 17:01")
    office.round()
    before = len(digests(office, SECRETARY))
    office.until("12-05 08:31")
    office.round()
    assert len(digests(office, SECRETARY)) == before
    office.form(A, "12-05 10:00")
    office.round()
    office.until("12-05 16:31")
    office.round()
    assert len(digests(office, SECRETARY)) == before + 1


def test_each_of_several_colleagues_gets_one_with_the_same_content(make_office: MakeOffice) -> None:
    office = make_office(now="11-25 08:00", DIGEST__SEND="true", DIGEST__TO=f'["{SECRETARY}", "{COLLEAGUE}"]')
    office.until("11-25 08:31")
    office.round()
    office.round()
    (one,), (other,) = digests(office, SECRETARY), digests(office, COLLEAGUE)
    assert (one.text, one.html, _bare(one)) == (other.text, other.html, _bare(other))


def test_a_held_item_carries_the_line_that_decides_it(office: Office) -> None:
    office.write(A, "11-25 08:40", "我单位同意加入联盟", text="我单位同意加入首都知识产权运营联盟。")
    office.round()
    office.until("11-25 16:31")
    office.round()
    _, letter = digests(office, SECRETARY)
    (row,) = office.held_rows()
    line = re.search(rf"{row.reference}-[2-9A-HJ-NP-Z]{{12}}", letter.text)
    assert line
    html = letter.message.get_body(("html",))
    assert html is not None
    assert f"mailto:{office.server.username}?subject={line[0]}%20" in html.get_content()


def test_its_pictures_travel_in_the_mail(office: Office) -> None:
    for letter in (*digests(office, SECRETARY), *digests(office, LEADER)):
        named = re.findall(r"cid:([^\"]+)", _html(letter.message))
        inside = [str(part["Content-ID"]).strip("<>") for part in letter.message.walk() if part["Content-ID"]]
        assert named == inside == ["chart@intake"]
        assert "http" not in _html(letter.message)


def test_nobody_gets_a_digest_where_nobody_is_named(make_office: MakeOffice) -> None:
    office = make_office(now="11-25 08:00", DIGEST__SEND="true", DIGEST__TO="[]")
    office.until("11-25 08:31")
    office.round()
    assert office.letters() == []


def digests(office: Office, recipient: str) -> list[Letter]:
    return [letter for letter in office.letters_to(recipient) if letter.kind == "digest"]


def _bare(letter: Letter) -> str:
    return letter.subject.rpartition(" [#")[0]


def _html(message: EmailMessage) -> str:
    part = message.get_body(("html",))
    assert part is not None
    return str(part.get_content())
