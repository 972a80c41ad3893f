"""What a staff mail asks for: a subject, or a line by itself, that is one of the known requests. Pure; never raises."""

from __future__ import annotations

import re
from collections.abc import Iterator

from intake.instructing import true_time, words
from intake.instructing.model import Request, Verb

CHANNELS = ("微信", "传真", "纸质", "电话")
_SAME_CHANNEL = {"纸件": "纸质", "纸质件": "纸质", "来电": "电话", "口头": "电话"}
_EXACT: dict[str, Verb] = {
    "进度": "tally", "查进度": "tally", "名单": "members", "未回复": "unanswered",
    "未回复名单": "unanswered", "暂停发送": "pause", "恢复发送": "resume",
    "帮助": "help", "help": "help", "命令": "help", "查": "help", "查询": "help",
}  # fmt: skip
_FIND = re.compile(r"(?:查询|查找|查)[\s::]+(.{2,60})")
_BODIES = "公司|事务所|大学|学院|研究院|研究所|中心|协会|学会|集团|厂|医院|所"
_FIND_TIGHT = re.compile(rf"(?:查询|查找|查)([^\s,，。?？!！]{{2,40}}(?:{_BODIES}))")
_ENTER = re.compile(r"代录(?:[\s::,()-]+(.*))?|代录(微信|传真|纸质|纸件|纸质件|电话|来电|口头)(.*)")
_ADDRESS = re.compile(r"[A-Za-z0-9._%+-]+@[A-Za-z0-9.-]+\.[A-Za-z]{2,}")
_REPEATED = re.compile(r"^\s*(?:回复|答复|回覆|re|转发|fwd?|轉寄)\s*(?:\[\d+\])?\s*:", re.IGNORECASE)
_AROUND = " \t\r,.;:!?'\"“”‘’。、…·-—_*>|\u3000\xa0"  # brackets may be a part of a name
_FEW = 20  # lines that are looked at; a request stands at the top


def requests(subject: str, text: str) -> tuple[Request, ...]:
    """The requests of a folded subject and text, each once; a reply or forward repeats someone else's subject."""
    lines = [] if _REPEATED.match(subject) else [subject]
    filled = [line for line in text.split("\n") if line.strip()]
    found = tuple(dict.fromkeys(request for line in (*lines, *filled[:_FEW]) for request in _on_line(line)))
    if any(request.verb == "enter" and not request.channel for request in found):
        found = (*found, *(_enter(line) for line in filled[:_FEW] if words.strip(line) in (*CHANNELS, *_SAME_CHANNEL)))
    return _without_less(found)


def _on_line(line: str) -> Iterator[Request]:
    said = line.strip(_AROUND)
    if verb := _EXACT.get(said.casefold()):
        yield Request(verb)
    elif match := _FIND.fullmatch(said) or _FIND_TIGHT.fullmatch(said):
        yield Request("find", about=match[1].strip())
    elif match := _ENTER.fullmatch(said):
        yield _enter(" ".join(filter(None, match.groups())))


def _enter(rest: str) -> Request:
    address = _ADDRESS.search(rest)
    when = true_time.read(_ADDRESS.sub(" ", rest))
    return Request("enter", channel=channel_in(rest), address=address[0].lower() if address else "", when=when)


def channel_in(text: str) -> str:
    """微信, 传真, 纸质 or 电话, where one is named, else ""."""
    said = next((name for name in (*CHANNELS, *_SAME_CHANNEL) if name in text), "")
    return _SAME_CHANNEL.get(said, said)


def _without_less(found: tuple[Request, ...]) -> tuple[Request, ...]:
    """代录 in the subject and 代录 微信 in the text are one, unless they contradict each other."""
    entered = [request for request in found if request.verb == "enter"]
    channels, addresses = {one.channel for one in entered} - {""}, {one.address for one in entered} - {""}
    times = {one.when for one in entered} - {None}
    if len(entered) < 2 or max(len(channels), len(addresses), len(times)) > 1:
        return found
    one = Request(
        "enter", channel=next(iter(channels), ""), address=next(iter(addresses), ""), when=next(iter(times), None)
    )
    return (*(request for request in found if request.verb != "enter"), one)
