"""What the demonstration prints and leaves behind."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, TypeAlias

from sqlalchemy import Connection, select

from intake import owing
from intake.answers import ANSWERS
from intake.beijing import BEIJING
from intake.office_words import REASONS
from program import campaign_folders, circular_queue, circular_words
from program.demo import audit_notice, audit_owed, audit_reminders, lists
from program.demo.audit import WENT_OUT, standings
from program.demo.play import Played
from program.demo.story import END, Story
from program.words import KINDS, LETTERS, table, width
from storage import held, ledger
from storage.tables import letters, messages

COLUMNS = 80  # of the terminal for which the tables are made
HEADINGS = ("单位", "加入联盟", "成为会员", "提醒", "")
LONGEST = 28  # columns of a name where two stand on a line
_BRIEF = {"是": "是", "否": "否", "未填写": "未填", "待确认": "待核"}
UNITS_FILE = "各单位情况.txt"
ENDS = {"open": "待办", "overdue": "逾期", "settled": "已办", "waived": "不再要求"}
Row: TypeAlias = tuple[str, ...]
_WHOLE = re.compile(r"(?:\w{1,4} [!-~]+|[!-~]+|.)[，。；：、？！”）》]*")  # what no line may be broken in


def write_files(story: Story, played: Played, folder: Path) -> None:
    """The ledger, lists to print, the table of all units, and each letter as the server took it."""
    post = folder / "letters"
    post.mkdir()
    for number, letter in enumerate(played.servers.submitted, start=1):
        (post / f"{number:03d} {letter.recipients[0]}.eml").write_bytes(letter.raw)
    with played.works.register.reading() as tx:
        ledger.write(tx, folder / "台账.xlsx", played.works.campaigns[0], END)
        lists.write_files(tx, played, folder)
        lines = table([HEADINGS, *_every_unit(tx, story)])
    (folder / UNITS_FILE).write_text("\n".join(lines) + "\n", "utf-8")


def lines(story: Story, played: Played, folder: Path) -> Iterator[str]:
    """The report in Chinese: the notice, units, letters, follow-ups, what is held, where to look."""
    yield "一、通知的日程与结果"
    for line in played.said[0]:
        yield from _sentence("", line)
    yield from _notice(story, played)
    with played.works.register.reading() as tx:
        yield f"\n二、各单位的答复（全部 {len(story.units)} 家见“{UNITS_FILE}”）"
        yield from _answers([row for row in _every_unit(tx, story) if row[1]])
        yield "\n三、来信与发信"
        kinds = Counter(tx.scalars(select(messages.c.kind)))
        yield from _counted("来信：", [f"{KINDS[kind]} {count}" for kind, count in kinds.most_common()])
        sent = Counter(tx.scalars(select(letters.c.kind).where(letters.c.state.in_(WENT_OUT))))
        yield from _counted("发信：", [f"{LETTERS[kind]} {count}" for kind, count in sent.most_common()])
        yield "\n四、待补正事项"
        yield from _owed(tx, played)
        yield "\n五、待人工处理"
        waiting = held.list_open(tx)
        for row in waiting:
            yield from _sentence(f"{row.reference}  {REASONS[row.reason]}：", row.sentence)
        yield f"共 {len(waiting)} 件。"
    yield "\n六、文件"
    yield from table(
        [
            ("登记库", f"{folder}/register.sqlite"),
            ("台账", f"{folder}/台账.xlsx"),
            *((name.partition(".")[0], f"{folder}/{name}") for name in lists.SHOWN.values()),
            ("各单位", f"{folder}/{UNITS_FILE}"),
            ("信函", f"{folder}/letters/*.eml"),
            ("来信原件", f"{folder}/data/mails/"),
        ]
    )


def _answers(answered: Sequence[Row]) -> Iterator[str]:
    """Two units a line, down the left side first; how many of each answer there are, and who was late."""
    half = -(-len(answered) // 2)
    cells = [(_short(name), _BRIEF[join], _BRIEF[member]) for name, join, member, *_ in answered]
    cells += [("", "", "")] * (2 * half - len(cells))
    sides = [(*left, "", *right) for left, right in zip(cells[:half], cells[half:], strict=True)]
    heading = ("单位", "加入", "会员")
    yield from table([(*heading, "", *heading), *sides], gap=" ")
    for what, place in (("加入联盟", 1), ("成为会员", 2)):
        tally = Counter(row[place] for row in answered).most_common()
        counted = "，".join(f"{answer} {count}" for answer, count in tally)
        yield f"已答复 {len(answered)} 家，{what}：{counted}。"
    late = [row[0] for row in answered if row[-1]]
    if late:
        yield from _sentence("", f"其中逾期 {len(late)} 家：{'、'.join(late)}。")


def _short(name: str) -> str:
    """A name without what stands in brackets at its end, and no longer than a column."""
    bare = name.partition("（")[0] or name
    while width(bare) > LONGEST:
        bare = bare.rstrip("…")[:-1] + "…"
    return bare


def _every_unit(tx: Connection, story: Story) -> list[Row]:
    """Name, both answers, the reminders it had, and 逾期."""
    found = standings(tx)
    reminded = Counter(row.unit for row in audit_notice.rows(tx) if row.kind == "reminder" and row.state in WENT_OUT)
    rows: list[Row] = []
    for unit in story.units:
        standing, count = found.get(unit.name), reminded[unit.name]
        answers = (ANSWERS[standing.join], ANSWERS[standing.member]) if standing else ("", "")
        late = "逾期" if standing and standing.late else ""
        rows.append((unit.name, *answers, f"{count}次" if count else "", late))
    return rows


def _notice(story: Story, played: Played) -> Iterator[str]:
    """What became of the circular, and each that came back."""
    works = played.works
    desk = circular_queue.desk_of(played.settings, "notice", END)
    standing, course = circular_queue.progress(works.register, desk)
    yield ""
    for line in circular_words.stands(standing, course, desk.loaded.campaign.title):
        yield from _sentence("", line)
    with works.register.reading() as tx:
        every = audit_notice.rows(tx)
    sent = {row.recipient: row for row in every if row.kind == "circular"}
    rows: list[Row] = [("退信的单位", "性质", "此后")]
    for one in story.returned:
        if one.kind != "circular":
            continue
        again = sent.get(one.corrected)
        after = "邮箱未更正，不再去信" if one.permanent else "地址有效，照常提醒"
        if again is not None:
            after = f"邮箱更正，{again.claimed_at.astimezone(BEIJING):%m月%d日}重发"
        rows.append((one.unit, "永久" if one.permanent else "暂时", after))
    yield from table(rows)
    yield ""
    yield from table([("提醒的轮次", "已发", "首封", "末封", "发出前撤回"), *_rounds(every)])


def _rounds(every: Sequence[Any]) -> Iterator[Row]:
    """What left of each round, from when to when under the limits, and what was taken back."""
    for name, begun in audit_reminders.ROUNDS.items():
        of_round = [row for row in every if row.kind == "reminder" and row.key.endswith(name)]
        times = sorted(row.claimed_at.astimezone(BEIJING) for row in of_round if row.state in WENT_OUT)
        first, last = (f"{one:%m月%d日 %H:%M}" for one in (times[0], times[-1])) if times else ("—", "—")
        taken_back = sum(row.state == "withdrawn" for row in of_round)
        yield f"{begun:%m月%d日 %H:%M}", str(len(times)), first, last, str(taken_back)


def _owed(tx: Connection, played: Played) -> Iterator[str]:
    from program.duties import duties_of

    (loaded,) = campaign_folders.load_campaigns(played.settings.campaign)
    duties = duties_of(loaded)
    short = {choice.id: choice.short for choice in duties.campaign.form.choices}
    rows: list[Row] = [("单位", "事项", "情况")]
    for one in sorted(audit_owed.owed(tx), key=lambda one: (one.state, one.unit)):
        reminded = f"，提醒{one.reminders}次" if one.reminders else ""
        handed = "，转秘书处" if one.handed else ""
        label = short.get(one.awaits) or owing.label_of(one.awaits, duties.campaign.form, duties.materials)
        rows.append((one.unit, label, f"{ENDS[one.state]}{reminded}{handed}"))
    yield from table(rows)
    yield f"共 {len(rows) - 1} 项。"


def _counted(what: str, counts: Sequence[str]) -> Iterator[str]:
    last = len(counts) - 1
    return _hung(what, [f"{one}，" if place < last else one for place, one in enumerate(counts)], width(what))


def _sentence(title: str, text: str) -> Iterator[str]:
    return _hung(title, _WHOLE.findall(text), width("XXXXXX  ") if title else 0)


def _hung(title: str, parts: Sequence[str], indent: int) -> Iterator[str]:
    """Parts that stay whole behind a title, in lines that fit the terminal, the later ones indented."""
    line = title
    for part in parts:
        if width(line + part.rstrip("，")) > COLUMNS:
            yield line
            line = " " * indent
        line += part
    yield line
