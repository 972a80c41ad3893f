"""The handbook names only what is there: commands, options, mails to the daemon, settings, decisions, pictures."""

from __future__ import annotations

import contextlib
import re
import shlex
import tomllib
from pathlib import Path

import click
import pytest

from intake.followups import parse_rules
from intake.instructing.codes import codes
from intake.instructing.requests import requests
from intake.instructing.words import VOCABULARY
from intake.office_words import REASONS
from intake.standing import WORDS
from program import bundled
from program.cli import COMMANDS, cli
from program.sections import Alerts, Limits
from program.settings import Settings, key_tree

PAGE = Path(__file__).parents[2] / "docs" / "handbook.zh.md"
TEXT = PAGE.read_text("utf-8")
BLOCK = re.compile(r"^```\n(.*?)^```", re.DOTALL | re.MULTILINE)
FENCED = [line for block in BLOCK.findall(TEXT) for line in block.splitlines()]
PROSE = BLOCK.sub("", TEXT)
INLINE = re.findall(r"`([^`\n]+)`", PROSE)
LINES = sorted({line for line in (*FENCED, *INLINE) if line.startswith("intake ")})
SECTIONS = dict(re.findall(r"^## (\S+?、.*?)\n(.*?)(?=^## |\Z)", TEXT, re.DOTALL | re.MULTILINE))


def parse(words: list[str]) -> click.Context:
    """Read a command line as the program does, and do nothing."""
    command: click.Command = cli
    context: click.Context | None = None
    name = "intake"
    while isinstance(command, click.Group):
        context = command.make_context(name, list(words), parent=context)
        rest = [*context._protected_args, *context.args]
        name, found, words = command.resolve_command(context, rest)  # type: ignore[assignment]
        assert found is not None
        command = found
    return command.make_context(name, list(words), parent=context)


@pytest.mark.parametrize("line", LINES)
def test_each_command_line_is_one_that_the_program_takes(
    line: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    words = shlex.split(line)[1:]
    for word in words:
        if word.endswith((".xlsx", ".docx")):
            (tmp_path / word).touch()
    with contextlib.nullcontext() if line in FENCED else contextlib.suppress(click.MissingParameter):  # named alone
        assert parse(words).command.callback is not None


def test_the_handbook_shows_commands_at_all_and_most_of_them() -> None:
    shown = {line.split()[1] for line in LINES}
    assert len(LINES) > 40
    assert set(COMMANDS) - shown <= {"demo"}


def test_options_named_in_passing_are_options() -> None:
    known = {option for line in LINES for option in re.findall(r"(?<!\S)--[a-z-]+", line)}
    for command in COMMANDS:
        context = click.Context(cli)
        found = cli.get_command(context, command)
        members = [found, *getattr(found, "commands", {}).values()]
        known |= {option for one in members for param in one.params for option in param.opts}  # type: ignore[union-attr]
    named = {option for text in INLINE for option in re.findall(r"^--[a-z-]+", text)}
    assert named - {"--help"} <= known


def test_mails_to_the_daemon_are_read_as_requests() -> None:
    rows = [row for title, text in SECTIONS.items() if title.startswith("六、") for row in text.splitlines()]
    mails = [match[1] for row in rows if (match := re.match(r"\| `([^`]+)` \|", row))]
    mails += [text for text in INLINE if text.startswith("代录 ")]
    assert len(mails) >= 10
    for mail in mails:
        (request,) = requests(mail, "")
        assert request.verb, mail
        if "15:20" in mail:
            assert request.when is not None
            assert request.channel == "微信"


def test_decisions_reasons_and_states_are_those_of_the_program() -> None:
    rows = [row for title, text in SECTIONS.items() if title.startswith("五、") for row in text.splitlines()]
    table = [row.strip("| ").split(" | ") for row in rows if row.startswith("| ")][2:]
    assert len(table) >= 10
    for reasons, decisions in table:
        assert set(re.split("、|等$", reasons)) - {""} <= set(REASONS.values())
        said = re.sub(r"；.*?“|”|（.*?）", "、", decisions)
        assert set(said.split("、")) - {""} <= VOCABULARY
    (line,) = (text for text in INLINE if re.fullmatch(r"\w{6}-\w{12} \w+", text))
    assert len(codes(line)) == 1
    (states,) = re.findall(r"^状态有：(.*?)。", TEXT, re.MULTILINE)
    assert sorted(states.split("、")) == sorted(WORDS.values())


def test_settings_are_settings() -> None:
    tree = key_tree(Settings)
    named = [
        text for text in INLINE if re.fullmatch(r"[a-z]+\.[a-z_]+", text) and not text.endswith((".toml", ".md", ".cn"))
    ]
    assert len(named) > 6
    for name in named:
        section, key = name.split(".")
        assert key in tree[section], name


def test_hours_and_limits_are_those_that_the_program_begins_with() -> None:
    campaign = tomllib.loads((bundled.campaigns()[bundled.DEFAULT_CAMPAIGN] / "campaign.toml").read_text("utf-8"))
    digest, rounds, limits = campaign["digest"], campaign["rounds"], Limits()
    assert (digest["hours"], digest["worklist"]) == (["08:30", "16:30"], ["09:30", "14:30"])
    assert "**日报**在工作日 8:30 和 16:30 寄到" in TEXT
    assert "**待办单**在 9:30 和 14:30 寄到" in TEXT
    assert (rounds["days_before"], rounds["at"]) == ([7, 3, 1], "10:00")
    assert "在截止前 7 天、3 天、1 天的 10:00" in TEXT
    assert (limits.per_address_per_day, limits.per_day, Alerts().after_minutes) == (5, 100, 15)
    assert all(said in TEXT for said in ("每天最多收到五封", "默认一百封", "连续失败十五分钟"))
    days = {reason: (rule.count, rule.per) for reason, rule in parse_rules(campaign["followups"]).items()}
    assert (days["missing"], days["material"]) == ((3, "workdays"), (10, "workdays"))
    assert "期限三个工作日" in TEXT
    assert "期限十个工作日" in TEXT
    assert (days["withdrawal"], days["warning"], days["re-application"]) == ((30, "days"), (60, "days"), (2, "years"))
    assert "退出自书面声明起三十日生效，警告须在六十日内改正，除名后两年内不得再次申请" in TEXT


def test_pictures_and_sections_are_there() -> None:
    pictures = re.findall(r"!\[[^]]+\]\(([^)]+)\)", TEXT)
    assert len(pictures) >= 6
    assert [name for name in pictures if not (PAGE.parent / name).is_file()] == []
    titles = {re.sub(r"[、，。 ]", "", title) for title in re.findall(r"^## (.*)$", TEXT, re.MULTILINE)}
    assert set(re.findall(r"\]\(#([^)]+)\)", TEXT)) == titles


def test_it_is_written_in_chinese_punctuation() -> None:
    plain = re.sub(r"`[^`\n]+`|!?\[[^]]*\]\([^)]*\)", "", PROSE)
    assert re.findall(r"[\u4e00-\u9fff][,;:!?()]|[,;!?()][\u4e00-\u9fff]", plain) == []
