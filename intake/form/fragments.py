"""A reply in a line, without a form: 办公电话：010-…; 联系人：张三，手机：138….

Promises: only newly written text is passed in, and only what stands above the signature is an answer; a value
counts where it is valid of its kind, a telephone without a label where it stands alone. What is neither value
nor courtesy is kept as `rest`. Nothing is guessed; pure, never raises.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

from intake.answers import Form, Fragment, Value
from intake.campaign import FieldKind, FormSpec
from intake.form.folding import fold
from intake.form.labels import LabelIndex, index_of
from intake.form.names import is_name
from intake.form.plausible import is_mobile, numbers, plausible_email
from intake.form.values import normalise

LONGEST = 600  # characters; who answers in a line writes no more
_CLAUSES = re.compile(r"[，,；;。！!~～]+")
_SIGNATURE = re.compile(r"^\s*(?:--\s?|[-_—=*]{3,}\s*)$")
_TURN = r"(?!.*(?:[不没未勿无请换改变更旧另]|作废|停用|以前|原来))"  # what makes a courtesy say something else
_COURTEOUS = re.compile(
    rf"{_TURN}[^\d@:：]{{0,12}}(?:您|你|你们|大家|老师|主任|上午|中午|下午|早上|晚上)好"
    rf"|{_TURN}祝.{{1,10}}|hi|hello|dear\b.{{0,16}}|thanks?|thank you(?: very much)?|many thanks"
    r"|此致(?:敬礼)?|敬礼|顺?颂?.?商祺|(?:best |kind )?regards|best wishes"
    r"|(?:非常|十分|万分|多|很|再次|衷心)*(?:谢谢|感谢|多谢|谢|致谢)(?:您|你|贵会|贵单位|贵方|的|提醒|来信|回复|协会|老师|大家|支持|关注)*"
    r"|(?:邮件|来信|来函|回执|通知|提醒)?(?:我们?|我方|我单位|本单位)?(?:已经?|均)?(?:收到|收悉|知悉|知晓|获悉)(?:了|啦)?"
    r"(?:您|你|贵|的|该|本|邮件|来信|来函|回复|回执|通知|会|函|提醒)*了?"
    r"|好的?|好滴|嗯+|ok|辛苦(?:了|您|你|老师|大家)*|(?:麻烦|打扰|费心)(?:了|您|你|老师)*|抱歉|不好意思"
    r"|(?:敬?请|烦请)(?:您|老师|秘书处)?(?:查收|查阅|登记|补登|知悉|惠存)"
    r"|(?:现|兹)?(?:将|把)?(?:[我本敝](?:单位|公司|所|院|校|中心)的?)?(?:信息|资料|内容|材料|联系方式|所缺内容)?"
    r"(?:现|已|特|特此)?(?:补充|补报|补填|回复|答复|反馈|告知|提供)(?:如下|如上|完毕)?|以上|如下",
    re.I,
)
_SALUTATION = re.compile(
    rf"{_TURN}(?:(?:尊敬|亲爱)的[^\d@:：]{{1,16}}|[\u4e00-\u9fff]{{0,8}}(?:老师|主任|秘书长|秘书处|处长|科长|部长|会长|领导))"
)
_DATE = re.compile(r"(?:\d{4}\s*[-年./]\s*)?\d{1,2}\s*[-月./]\s*\d{1,2}\s*日?(?:\s*\d{1,2}[:：]\d{2})?")
_DEVICE = re.compile(r"^(?:发自|来自|发送自|从我的|sent from|get outlook).{0,60}$", re.I)
_TAKEN_BACK = re.compile(r"[?？]|作废|停用|不再|为准|更换|变更|更改|改为|换为")
_WHOSE = re.compile(r"^(?:现|另)?(?:补充|补报|提供)?(?:[我本敝](?:单位|公司|所|院|校|中心|会|方|们|人)?的?)?")
_BRACKET = re.compile(r"[(（\[［【〔]")
_SAYS = re.compile(
    r"(?P<label>[^:：\d@]{2,12}?)(?:(?:补充|补报|回复|答复|告知)?(?:如下|为|是)\s*[:：]?\s*(?P<value>\S.*)|(?P<number>[+(（\d].*))"
)
_TELEPHONE = re.compile(
    r"1[3-9]\d{9}|(?:010|02\d)[2-8]\d{7}|0[3-9]\d{2}[2-8]\d{6,7}|[48]00\d{7}|[2-8]\d{6,7}"
)  # mobile; area code and number; 400 and 800; number of a place
_SHAPES = {
    "mobile": re.compile(r"(?<![\d-])(?:\+?86[ -]?)?1[3-9]\d(?:[ -]?\d){8}(?!\d)"),
    "telephone": re.compile(r"(?<![\d-])(?:\(0\d{2,3}\)|0\d{2,3}) ?-? ?\d{7,8}(?:(?:-|转)\d{1,6})?(?!\d)"),
    "email": re.compile(r"[A-Za-z0-9._%+-]+@[A-Za-z0-9.-]+\.[A-Za-z]{2,}"),
}  # as they are met in a sentence
_WRITTEN = re.compile(r"(?:\+?86[- ]?)?[\d() -]{7,18}(?:(?:转|分机|ext\.?|-) ?\d{1,6})?", re.I)


@dataclass(slots=True)
class _Said:
    """What was met so far, clause by clause."""

    values: dict[str, Value] = field(default_factory=dict)
    words: list[str] = field(default_factory=list)  # below the values
    clean: bool = True
    awaits: str = ""  # a label whose value stands on the next line

    def take(self, key: str, kind: FieldKind, written: str) -> None:
        """A value for a field; one that is not valid, a second one, or one behind other words makes all doubtful."""
        value = normalise(kind, written)
        first = self.values.setdefault(key, value)
        same = fold(first.text) == fold(value.text)
        self.clean = self.clean and _is_valid(kind, value) and same and not self.words


def find_fragment(text: str, spec: FormSpec, source: str) -> Fragment | None:
    """The labelled values of a newly written text; None where it names none, or says much more."""
    above, signature = _signed(text)
    if sum(map(len, above)) > LONGEST:
        return None
    said = _Said()
    for clause in _clauses(above):
        _hear(clause, said, spec, index_of(spec))
    said.clean = said.clean and not said.awaits and not any(map(_TAKEN_BACK.search, (*above, *signature)))
    if not said.values:
        _without_label(said, spec)
    values = {key: value for key, value in said.values.items() if value.text}
    if not values.keys() - {spec.unit_field}:
        return None
    return Fragment(Form(spec.campaign, source, values, {}), tuple(said.words), said.clean)


def _signed(text: str) -> tuple[list[str], list[str]]:
    """The lines above a signature that a stroke sets apart, and those below."""
    lines = [line for line in (line.strip() for line in text.split("\n")) if line and not _DEVICE.match(line)]
    if lines and _SIGNATURE.match(lines[0]):
        lines = lines[1:]
    end = next((at for at, line in enumerate(lines) if _SIGNATURE.match(line)), len(lines))
    return lines[:end], lines[end:]


def _clauses(lines: Iterable[str]) -> list[str]:
    return [clause.strip() for line in lines for clause in _CLAUSES.split(line) if clause.strip()]


def _hear(clause: str, said: _Said, spec: FormSpec, index: LabelIndex) -> None:
    named = _named(clause, index)
    if not named and said.awaits:
        named = [(said.awaits, clause)]
    said.awaits = ""
    if not named:
        if not _is_courteous(clause, first=not (said.values or said.words)):
            said.words.append(clause)
        return
    kinds = {each.id: each.kind for each in spec.fields}
    if not named[-1][1].strip(" .:：、"):
        *named, (said.awaits, _) = named
    for key, written in named:
        said.take(key, kinds[key], written)


def _named(clause: str, index: LabelIndex) -> list[tuple[str, str]]:
    """(field, what is written behind its label) of a clause that is all labels and values; else nothing."""
    text = _WHOSE.sub("", clause)
    spots = index.spots(text)
    if not spots or spots[0].start:
        return _in_words(text, index)
    if any(len(spot.label.keys) > 1 or index.is_choice(spot.label.key) for spot in spots):
        return []
    if any(_BRACKET.search(text, spot.start, spot.end) for spot in spots):  # 办公电话（旧）
        return []
    ends = [*(spot.start for spot in spots[1:]), len(text)]
    return [(spot.label.key, text[spot.end : end]) for spot, end in zip(spots, ends, strict=True)]


def _in_words(text: str, index: LabelIndex) -> list[tuple[str, str]]:
    """办公电话是010-…, 电话010-…, 联系电话补充如下：010-…."""
    match = _SAYS.fullmatch(text)
    label = index.whole(match["label"]) if match else None
    if match is None or label is None or len(label.keys) > 1 or index.is_choice(label.key):
        return []
    return [(label.key, match["value"] or match["number"])]


def _without_label(said: _Said, spec: FormSpec) -> None:
    """A telephone that is all that is said, an office's or a mobile's by its shape; else what a person may want."""
    kinds: tuple[FieldKind, ...] = ("mobile", "telephone", "email")
    words = unicodedata.normalize("NFKC", "\n".join(said.words))
    found = [(kind, text) for kind in kinds for text in _SHAPES[kind].findall(words)]
    alone = len(found) == len(said.words) == 1 and found[0][0] != "email" and _covers(found[0][1], said.words[0])
    for kind, text in found:
        keys = [each.id for each in spec.fields if each.kind == kind]
        said.clean = said.clean and alone and len(keys) == 1 and _is_valid(kind, normalise(kind, text))
        said.values |= {key: normalise(kind, text) for key in keys[:1] if key not in said.values}
    if said.clean:
        said.words.clear()


def _covers(text: str, clause: str) -> bool:
    return text.strip() == unicodedata.normalize("NFKC", clause).strip(" .:、")


def _is_valid(kind: FieldKind, value: Value) -> bool:
    """Whether it is plainly one of its kind, as it was written."""
    return bool(value.text) and not value.mended and _VALID[kind](value.text)


def _is_telephone(text: str) -> bool:
    found = numbers(text)
    return bool(_WRITTEN.fullmatch(text) and len(found) == 1 and _TELEPHONE.fullmatch(found[0]))


_VALID: Mapping[FieldKind, Callable[[str], bool]] = {
    "telephone": _is_telephone,
    "mobile": lambda text: _is_telephone(text) and is_mobile(numbers(text)[0]),
    "email": plausible_email,
    "person": is_name,
    "unit": lambda text: len(text) > 2,
    "text": lambda text: False,  # whatever stands there could be meant
}


def _is_courteous(clause: str, *, first: bool) -> bool:
    """A greeting, thanks, a date; whom it is written to (张老师) only where nothing was met yet."""
    bare = _bare(clause)
    if not bare or _COURTEOUS.fullmatch(bare) or _DATE.fullmatch(bare):
        return True
    return first and bool(_SALUTATION.fullmatch(bare))


def _bare(text: str) -> str:
    """Without emoji, closing colons and stops."""
    plain = unicodedata.normalize("NFKC", text)
    shown = "".join(" " if unicodedata.category(char) in ("So", "Sk", "Cs", "Co", "Cf") else char for char in plain)
    return " ".join(shown.split()).strip(" .:、-,;!~…")
