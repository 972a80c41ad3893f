"""The demonstration: what its units send is what the daemon reads, and its audit finds whatever differs."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from email import message_from_bytes
from pathlib import Path

import pytest

from intake.classify.bounces import read_bounce
from intake.message import parse
from program.demo import audit, bounces, owing, report
from program.demo.bounces import Bounce
from program.demo.events import (
    Errand,
    Event,
    Owed,
    Returned,
    Standing,
    answers,
    at,
    filled_circular,
    unit,
)
from program.demo.play import Played, play
from program.demo.story import Story, tell

LETTER = message_from_bytes(
    b"To: office@unit.example.com\r\nMessage-ID: <one@vip.126.com>\r\nSubject: =?utf-8?b?6YCa55+l?=\r\n\r\n."
)
A, B, C = unit(1), unit(2), unit(3)


@pytest.mark.parametrize(
    ("bounce", "permanent"),
    [
        (bounces.netease, True),
        (bounces.netease_full, False),
        (bounces.qq, True),
        (bounces.qq_delayed, False),
        (bounces.exchange, True),
        (bounces.exchange_delayed, False),
        (bounces.postfix, True),
        (bounces.postfix_delayed, False),
    ],
)
def test_each_kind_of_bounce_is_read(bounce: Bounce, permanent: bool) -> None:
    found = read_bounce(parse(bounce(LETTER, at("11-18", "15:00"))))
    assert found is not None
    assert (found.recipients, found.permanent) == (("office@unit.example.com",), permanent)


def test_the_story_holds_together() -> None:
    story = tell()
    assert len(story.units) == 120
    assert len({each.email for each in story.units}) == 120
    assert {one.unit for one in (*story.returned, *story.owed)} <= {each.name for each in story.units}
    assert [event.at for event in story.events] == sorted(event.at for event in story.events)


# ---- a short campaign, and what the audit says of it ----------------------------------------------


def short_story() -> Story:
    """A answers with the form of the circular, B owes a telephone, the circular to C comes back."""
    when = at("11-18", "10:00")
    make = filled_circular(A, when, answers(A, "yes", "no"), "☑")
    told = next(iter(owing.telephones()))
    event, owed = told.events[0], told.owed[0]
    lost = at("11-18", "11:00")
    returned = Event(lost, "退信", "", lambda post: bounces.qq(post.first(C.email), lost), alive=False)
    owing_unit = next(each for each in tell().units if each.name == owed.unit)
    return Story(
        events=(Event(when, "填好", A.email, make, ("acknowledgement",)), returned, event),
        errands=(Errand(at("11-17", "08:00"), "排发通知", (A, B, C, owing_unit)),),
        truth={A.name: Standing("yes", "no"), owed.unit: Standing("yes", "no")},
        heard={A.name: when, owed.unit: event.at},
        returned=(Returned(C.name, C.email, permanent=True, told_at=lost),),
        owed=(replace(owed, state="overdue", reminders=2, handed=True),),
    )


@pytest.fixture(scope="module")
def played(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Story, Played, Path]]:
    folder = tmp_path_factory.mktemp("demo")
    story = short_story()
    with play(story, folder, lambda part: None) as done:
        yield story, done, folder


def test_a_story_that_is_true_passes(played: tuple[Story, Played, Path]) -> None:
    story, done, _ = played
    assert audit.differences(story, done) == []


def test_the_report_names_all_and_fits_the_screen(played: tuple[Story, Played, Path]) -> None:
    story, done, folder = played
    report.write_files(story, done, folder)
    lines = [line for text in report.lines(story, done, folder) for line in text.splitlines()]
    assert all(report.width(line) <= report.COLUMNS for line in lines if str(folder) not in line)
    every = (folder / report.UNITS_FILE).read_text("utf-8")
    assert all(each.name in every for each in story.units)
    assert any(C.name in line and "不再去信" in line for line in lines)


def _other_answer(story: Story) -> Story:
    return replace(story, truth={**story.truth, A.name: Standing("no", "no")})


def _no_letter(story: Story) -> Story:
    return replace(story, events=(replace(story.events[0], letters=()), *story.events[1:]))


def _never_came_back(story: Story) -> Story:
    return replace(story, returned=())


def _came_back_for_now(story: Story) -> Story:
    return replace(story, returned=(replace(story.returned[0], permanent=False),))


def _offered_again(story: Story) -> Story:
    return replace(story, returned=(replace(story.returned[0], corrected="new@unit03.example.com"),))


def _heard_before_a_reminder(story: Story) -> Story:
    return replace(story, heard={**story.heard, B.name: at("11-18", "12:00")})


def _was_silent(story: Story) -> Story:
    return replace(story, heard={})


def _answered_in_the_end(story: Story) -> Story:
    return replace(story, owed=(replace(story.owed[0], state="settled", handed=False),))


def _owes_nothing(story: Story) -> Story:
    return replace(story, owed=())


def _owes_more(story: Story) -> Story:
    return replace(story, owed=(*story.owed, Owed(A.name, "join", "open")))


@pytest.mark.parametrize(
    ("untrue", "said"),
    [
        (_other_answer, A.name),
        (_no_letter, "acknowledgement"),
        (_never_came_back, "并未被退回"),
        (_came_back_for_now, "暂时"),
        (_offered_again, "通知发了0封，应为1封"),
        (_heard_before_a_reminder, "此后仍被提醒"),
        (_was_silent, "应得提醒而未得"),
        (_answered_in_the_end, "登记的待补正事项与实际不符"),
        (_owes_nothing, "转秘书处1件，应为0件"),
        (_owes_more, "应有的待补正事项未见"),
    ],
)
def test_the_audit_says_what_differs(
    played: tuple[Story, Played, Path], untrue: Callable[[Story], Story], said: str
) -> None:
    story, done, _ = played
    assert any(said in sentence for sentence in audit.differences(untrue(story), done))
