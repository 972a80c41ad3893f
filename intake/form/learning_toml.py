"""A learnt definition as campaign.toml, with Chinese comments for the person who checks it.

Promises: what is written is read back by `campaign_file.parse_campaign` as the same FormSpec; every id stands beside
its label, and what the blank form did not say is marked 【请核对】.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from itertools import chain

from intake.beijing import BEIJING, moment
from intake.campaign import ChoiceSpec, FieldSpec, FormSpec, RowsSpec
from intake.form.learning import Learnt

CHECK = "【请核对】"
OPEN_DAYS = 30  # the deadline written where the form names none
KIND_NAMES = {
    "unit": "单位名称", "person": "人名", "telephone": "电话", "mobile": "手机", "email": "邮箱", "text": "文字",
}  # fmt: skip


def as_toml(learnt: Learnt, source: str, now: datetime) -> str:
    """The whole campaign.toml; `source` is the blank form's file name, `now` when it was learnt."""
    spec = learnt.spec
    parts = [
        _head(learnt, source, now),
        _table_of_ids(spec),
        _form(spec),
        *(_field(field, "form.fields", learnt.places.get(field.id, "")) for field in spec.fields),
        *(_choice(choice, "form.choices", learnt.places.get(choice.id, "")) for choice in spec.choices),
        *map(_rows, spec.rows),
        _letters(spec),
    ]
    return "\n".join(parts)


def _head(learnt: Learnt, source: str, now: datetime) -> str:
    spec = learnt.spec
    deadline = learnt.deadline or _in_days(now, OPEN_DAYS)
    said = "空白表中所写" if learnt.deadline else f"{CHECK}表中未写截止时间，暂定{moment(deadline)}"
    lines = [
        f"# 由 intake form learn 根据空白表“{_one_line(source)}”生成，请逐项核对后使用；核对后注释可删。",
        *(f"# {CHECK}{_one_line(doubt)}" for doubt in learnt.doubts),
        "",
        f"id = {_text(spec.campaign)}",
        f"title = {_text(spec.title)}",
        f"notice = {_text(learnt.notice)}" + ("" if learnt.notice else f"  # {CHECK}通知的文号，没有可留空"),
        f"opens = {_midnight(min(now, deadline))}  # {CHECK}通知发出之日；此前收到的邮件只记编号，不读取",
        f"deadline = {_moment(deadline)}  # {said}；含当刻，晚于此刻为逾期件",
        f"letters_until = {_moment(max(deadline, now) + timedelta(days=365))}  # {CHECK}此后不再自动发信",
        "grace_minutes = 0",
        "# 新写的主题、正文或附件名中出现任一词语，即视为与本次活动有关",
        f"words = {_list(spec.words)}",
        "",
    ]
    return "\n".join(lines)


def _in_days(now: datetime, days: int) -> datetime:
    return (now.astimezone(BEIJING) + timedelta(days=days)).replace(hour=17, minute=0, second=0, microsecond=0)


def _table_of_ids(spec: FormSpec) -> str:
    lines = ["# 各项的 id（读取结果中的名称）与表上的文字："]
    lines += [f"#   {field.id:<14} {field.label}（{KIND_NAMES[field.kind]}）" for field in spec.fields]
    lines += [f"#   {choice.id:<14} {choice.label}：{_offered(choice)}" for choice in spec.choices]
    for rows in spec.rows:
        columns = chain(
            (f"{field.id}={field.label}" for field in rows.fields),
            (f"{choice.id}={choice.label}" for choice in rows.choices),
        )
        lines.append(f"#   rows（逐行登记）   {rows.label or '表格'}：{'，'.join(columns)}")
    return "\n".join(map(_one_line, lines)) + "\n"


def _offered(choice: ChoiceSpec) -> str:
    return "／".join(choice.options) + ("（可多选）" if choice.several else "")


def _form(spec: FormSpec) -> str:
    return "\n".join(
        [
            "[form]",
            f"title = {_text(spec.title)}",
            "# 必填项；同一括号内有一项即可",
            f"required = {_groups(spec.required)}",
            "required_if_declined = []",
            'declines = ""  # 如有一题选“否”即表示不参加，可在此写明其 id',
            "",
        ]
    )


def _groups(groups: Iterable[Sequence[str]]) -> str:
    return "[" + ", ".join(_text(group[0]) if len(group) == 1 else _list(group) for group in groups) + "]"


def _field(field: FieldSpec, table: str, place: str) -> str:
    lines = [f"[[{table}]]" + (f"  # {_one_line(place)}" if place else "")]
    lines += [f"id = {_text(field.id)}", f"label = {_text(field.label)}", f"kind = {_text(field.kind)}"]
    lines.append(f"labels = {_list(field.labels)}")
    if field.printed:
        lines.append(f"printed = {_list(field.printed)}  # 空白表中原有的文字，未改动即为未填")
    return "\n".join(lines) + "\n"


def _choice(choice: ChoiceSpec, table: str, place: str) -> str:
    lines = [f"[[{table}]]" + (f"  # {_one_line(place)}" if place else "")]
    lines += [f"id = {_text(choice.id)}", f"label = {_text(choice.label)}", f"short = {_text(choice.short)}"]
    lines.append(f"options = {_list(choice.options)}")
    lines.append(f"labels = {_list(choice.labels)}")
    lines.append(f"several = {str(choice.several).lower()}" + _how_many(choice))
    if choice.lettered:
        lines.append("lettered = true  # 选项印作A、B、C，可只填字母")
    if choice.printed:
        lines.append(f"printed = {_list(choice.printed)}  # 空白表中选项旁原有的文字")
    return "\n".join(lines) + "\n"


def _how_many(choice: ChoiceSpec) -> str:
    if choice.several or choice.yes_no:
        return ""
    return f"  # {CHECK}如可多选，请改为 true" if len(choice.options) > 3 else "  # 如可多选，请改为 true"


def _rows(rows: RowsSpec) -> str:
    parts = [f"# 每行登记一条，空行不计\n[[form.rows]]\nlabel = {_text(rows.label)}\n"]
    parts += [_field(field, "form.rows.fields", "") for field in rows.fields]
    parts += [_choice(choice, "form.rows.choices", "") for choice in rows.choices]
    return "\n".join(parts)


def _letters(spec: FormSpec) -> str:
    return "\n".join(
        [
            f"[letters]  # {CHECK}信函中的署名与联系方式",
            'office = "示例协会秘书处"',
            'sender_name = "示例协会"',
            f"notice_title = {_text('关于' + spec.title + '的通知')}",
            'form_noun = "表格"',
            'registered = "填报内容已登记"',
            'contacts = [{ name = "示例", telephone = "010-00000000" }]',
            "",
            "[followups]",
            "workdays = 3  # 请单位补正的期限（工作日）",
            "",
        ]
    )


def _moment(when: datetime) -> str:
    return when.astimezone(BEIJING).replace(microsecond=0).isoformat()


def _midnight(when: datetime) -> str:
    return when.astimezone(BEIJING).replace(hour=0, minute=0, second=0, microsecond=0).isoformat()


def _list(words: Iterable[str]) -> str:
    return "[" + ", ".join(map(_text, words)) + "]"


def _text(text: str) -> str:
    """A basic string of TOML 1.0: backslash, quote and control characters escaped."""
    return '"' + "".join(map(_escaped, text)) + '"'


def _escaped(char: str) -> str:
    if char in '\\"':
        return "\\" + char
    return char if char.isprintable() or char in "\u3000 " else f"\\u{ord(char):04X}" if ord(char) < 0x10000 else char


def _one_line(text: str) -> str:
    """For a comment: no line ends or control characters."""
    return "".join(char if char.isprintable() or char == "\u3000" else " " for char in text)
