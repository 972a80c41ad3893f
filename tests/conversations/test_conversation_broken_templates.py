"""A template is spoilt: it is named with file and line, its letters wait, all others go, and there is no silence."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest
from conversations.office_in_memory import SECRETARY, Letter, MakeOffice, Office, without_member

from program import bundled
from scheduler.jobs import Summary

LEADER = "leader@example.com"
A, B = without_member(2)
SPOILT = "{{ nobody_knows_this }}"


class Spoiling:
    """An office with templates of its own, and what a secretary does to them."""

    def __init__(self, make_office: MakeOffice, folder: Path) -> None:
        shutil.copytree(bundled.templates(), folder)
        self.letters = folder / "common" / "letters"
        self.office: Office = make_office(
            now="11-25 08:00", DIGEST__SEND="true", DIGEST__LEADERS=LEADER, campaign=folder / "cipoa-2016"
        )
        self.whole = {path: path.read_text("utf-8") for path in self.letters.iterdir()}

    def spoil(self, name: str) -> str:
        """Spoil a file; gives how its fault will be named."""
        path = self.letters / name
        path.write_text(f"{self.whole[path]}\n{SPOILT}\n", "utf-8")
        return f"{name}第{len(self.whole[path].splitlines()) + 2}行"

    def mend(self) -> None:
        for path, text in self.whole.items():
            path.write_text(text, "utf-8")

    def run(self, until: str) -> Summary:
        """`intake run --once` at that moment."""
        self.office.until(until)
        return self.office.works.once()

    def digests(self, recipient: str = SECRETARY) -> list[Letter]:
        return [one for one in self.office.letters_to(recipient) if one.kind in ("digest", "worklist")]


@pytest.fixture
def desk(make_office: MakeOffice, tmp_path: Path) -> Spoiling:
    return Spoiling(make_office, tmp_path / "templates")


@pytest.mark.parametrize("name", ["reminder.txt", "desk-find.txt", "joint.txt", "leaders.html", "worklist.txt"])
def test_a_broken_template_is_named_at_the_start_and_in_the_digest(desk: Spoiling, name: str) -> None:
    said = desk.spoil(name)
    desk.office.form(A, "11-25 08:05")
    summary = desk.run("11-25 08:31")
    assert [said in sentence for sentence in summary.broken] == [True] * len(summary.broken) != []
    assert desk.office.kinds_to(A) == ["acknowledgement"]
    (digest,) = desk.digests()
    for text in (digest.text, digest.html):
        assert said in text
    desk.mend()


def test_a_digest_whose_own_template_is_broken_goes_without_it(desk: Spoiling) -> None:
    said = desk.spoil("digest.html")
    desk.office.form(A, "11-25 08:05")
    desk.office.write(B, "11-25 08:06", "我单位同意加入联盟", text="我单位同意加入首都知识产权运营联盟。")
    summary = desk.run("11-25 08:31")
    assert any(said in sentence for sentence in summary.broken)
    (digest,) = desk.digests()
    assert digest.subject.startswith("【日报11月25日】模板有误，以简式发送；待办1件")
    assert len(digest.files) == 1
    (row,) = desk.office.held_rows()
    for text in (digest.text, digest.html):
        assert text.count(said) == 1
        assert f"{A.name}加入联盟：愿意" in text
        assert re.search(rf"{row.reference}-[2-9A-HJ-NP-Z]{{12}}已处理", text)
    assert [one.subject.startswith("【") for one in desk.digests(LEADER)] == [True]
    desk.mend()
    desk.run("11-25 16:31")
    assert "模板有误" not in desk.digests()[-1].text
    assert len(desk.digests()) == 2


def test_a_worklist_whose_template_is_broken_goes_without_it(desk: Spoiling) -> None:
    desk.run("11-25 08:31")
    said = desk.spoil("worklist.html")
    desk.office.write(B, "11-25 09:00", "我单位同意加入联盟", text="我单位同意加入首都知识产权运营联盟。")
    for moment in ("11-25 09:01", "11-25 14:31", "11-25 14:32"):
        desk.run(moment)
    worklist = desk.digests()[-1]
    assert worklist.kind == "worklist"
    assert said in worklist.text
    assert [one.kind for one in desk.digests()] == ["digest", "worklist"]


def test_the_leaders_wait_until_their_template_is_mended(desk: Spoiling) -> None:
    desk.spoil("leaders.txt")
    desk.run("11-25 08:31")
    desk.run("11-25 08:40")
    assert desk.digests(LEADER) == []
    desk.mend()
    desk.run("11-25 09:00")
    assert len(desk.digests(LEADER)) == 1
    assert len(desk.digests()) == 1
