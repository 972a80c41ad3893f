"""A decision by mail, stopped by SIGKILL anywhere and started again: taken once, confirmed once."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest
from conversations.office_in_memory import SECRETARY, at
from netease import NETEASE, FakeNetease
from promises.nursery import Nursery, Running
from promises.post_office import A, PostOffice

from program.demo import forms, mails
from program.demo.forms import Answers
from storage import held, tokens
from storage.register import Register

OTHER, DEPUTY = "huang@example.com", "deputy@example.com"
IN_DOUBT = ("after the final dot", "after the reply", "fate not committed")
OF_MAIL = ("between raw files and rows", "rows not committed", "rows committed", "read, not recorded")
OF_RECORD = ("token used, nobody told", "told, not committed", "recorded, not committed", "recorded and committed")
OF_LETTERS = ("claimed, not committed", "before the final dot", *IN_DOUBT, "fate committed")
OF_DECISION = ("decided, not noted", "noted, no token used")
OF_UNDOING = ("undone, not noted", "noted, no token used")
OF_DEPUTY = ("deputy told, not marked", "deputy told, not committed", "before the letters", *OF_LETTERS)


class Deciding(PostOffice):
    """An office of two with one unclear form on the table."""

    day = "2016-11-18"

    def start(self, minute: int = 0, stop: str = "", nth: int = 1) -> Running:
        return self.nursery.start(
            "run", "--once", "--now", f"{self.day}T10:{minute:02d}:00+08:00",
            folder=self.folder, environment=self.environment, stop=stop, nth=nth,
        )  # fmt: skip

    def line(self, word: str) -> str:
        opened = Register.open(f"sqlite:///{self.place}", datetime.now().astimezone())
        with opened.writing() as tx:
            (row,) = held.list_open(tx)
            line = tokens.issue(tx, row.id, at("11-18 09:30")).line(word)
        opened.close()
        return line

    def staff(self, subject: str, when: str) -> None:
        raw = mails.compose("outlook", ("示例人员", SECRETARY), at(when), subject, text="")
        self.mails.append(self.server.store.deliver(raw, "INBOX", at(when)))

    def confirmed(self) -> Counter[tuple[str, str]]:
        """Confirmations that the server took: recipient and first words of the subject; the same bytes count once."""
        bytes_of = {letter.message_id: letter for letter in self.letters() if letter.kind == "confirmation"}
        return Counter((letter.recipient, letter.subject.partition("：")[0]) for letter in bytes_of.values())


@pytest.fixture
def post(tmp_path: Path, blank_register: Path, nursery: Nursery) -> Iterator[Deciding]:
    with FakeNetease(NETEASE()) as server:
        made = Deciding(tmp_path, blank_register, server, nursery)
        made.environment |= {"DIGEST__TO": json.dumps([SECRETARY, OTHER]), "DIGEST__DEPUTY": DEPUTY}
        text = forms.pasted(Answers(A.values, "yes", "no")).replace("是 ☑    否 □", "是 ☑    否 ☑", 1)
        made.write(A, "意向书", "acknowledgement", text=text)
        assert made.once().code == 0
        yield made


def answer(post: Deciding) -> list[tuple[str, str | None]]:
    return post.query("SELECT answer, decided_by FROM choices WHERE key = 'join'")


@pytest.mark.parametrize("point", [*OF_MAIL, *OF_DECISION, *OF_RECORD, *OF_LETTERS])
def test_a_decision_is_taken_once_and_confirmed_once(post: Deciding, point: str) -> None:
    post.staff(post.line("否"), "11-18 10:05")
    ended = post.once(6, point)
    assert ended.killed, ended.err
    for minute in (9, 12):
        assert post.once(minute).code == 0
    assert answer(post) == [("no", SECRETARY)]
    assert post.query("SELECT word, by, through FROM audits") == [("否", SECRETARY, "mail")]
    assert post.query("SELECT count(*) FROM tokens WHERE used_at IS NOT NULL") == [(1,)]
    assert post.confirmed() == {(SECRETARY, "已办理"): 1, (OTHER, "同事已办理"): 1}
    assert len(post.twice()) <= (1 if point in IN_DOUBT else 0)


@pytest.mark.parametrize("point", [*OF_UNDOING, *OF_RECORD])
def test_it_is_undone_once(post: Deciding, point: str) -> None:
    post.staff(post.line("否"), "11-18 10:05")
    assert post.once(6).code == 0
    mine = next(letter for letter in post.letters() if letter.recipient == SECRETARY)
    found = re.search(r"[2-9A-Z]{6}-[2-9A-Z]{12}", mine.text)
    assert found
    post.staff(f"{found[0]} 撤销", "11-18 10:10")
    ended = post.once(11, point)
    assert ended.killed, ended.err
    for minute in (14, 17):
        assert post.once(minute).code == 0
    assert answer(post) == [("unclear", None)]
    assert post.query("SELECT what, count(*) FROM audits GROUP BY what") == [("held", 1), ("undo", 1)]
    assert post.confirmed()[SECRETARY, "已撤销"] == 1


@pytest.mark.parametrize("point", OF_DEPUTY)
def test_the_deputy_hears_of_an_item_once(post: Deciding, point: str) -> None:
    post.day = "2016-11-22"
    ended = post.once(0, point)
    assert ended.killed, ended.err
    for minute in (5, 9):
        assert post.once(minute).code == 0
    told = {letter.message_id for letter in post.letters() if letter.recipient == DEPUTY}
    assert len(told) == 1
    assert post.query("SELECT count(*) FROM letters WHERE kind = 'worklist'") == [(1,)]
