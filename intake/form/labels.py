"""Labels as people print them: found whatever their spacing, colons, width, numbering, stars, hints or script.

Promises: `LabelIndex` says which field or question a text asks for, and where in a line labels stand.
It knows nothing of tables and reads no values; all its words come from the FormSpec.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import lru_cache

from intake.campaign import FormSpec

# Traditional characters that occur in labels and short answers, each followed by its simplified form.
_PAIRS = (
    "單单稱称聯联繫系係系絡络辦办電电話话務务職职機机號号碼码郵邮願愿產产權权運运營营為为爲为會会員员協协業业無无寫写請请貴贵"
    "傳传設设備备註注簽签蓋盖個个內内對对劃划選选擇择項项問问級级該该經经負负責责區区國国際际學学術术門门發发開开關关進进東东與与"
    "實实應应義义創创資资價价錢钱誠诚盡尽歡欢讓让議议論论說说確确認认審审讀读還还沒没過过這这們们將将於于錯错誤误銷销暫暂緩缓"
    "參参團团體体總总統统結结構构樣样範范欄栏處处證证銀银歸归屬属類类願愿擬拟時时間间後后須须導导領领層层復复覆复虛虚慮虑"
    "識识雙双戶户園园車车長长術术語语陽阳歲岁願愿號号質质購购賬账帳账礎础優优勢势環环絕绝棄弃謝谢滿满圓圆餘余徵征黨党書书長长據据點点陸陆臺台灣湾財财組组織织調调動动報报師师監监編编別别館馆離离達达標标準准執执擔担畫画轉转歷历興兴"
)
_SIMPLIFIED = dict(zip(_PAIRS[::2], _PAIRS[1::2], strict=True))
_DROPPED = re.compile("[\\s\u200b-\u200f\u2060\ufeff\ufe0e\ufe0f_\u00ad]")
_INVISIBLE = {ord(char): None for char in map(chr, range(0x3001)) if _DROPPED.match(char)} | {
    0xFEFF: None,
    0xFE0E: None,
    0xFE0F: None,
}
_PLAIN = {ord(char): None for char in map(chr, range(0x3001)) if char.isspace()} | {
    ord(old): new for old, new in _SIMPLIFIED.items()
}
_NUMBERING = re.compile(
    r"^(?:[*★※●•·■◆▶☆\-]+|\(?(?:\d{1,2}(?:\.\d{1,2})*|[一二三四五六七八九十]{1,3})[).、:：](?!\d)|\d{1,2}(?=[^\d\W]))"
)
_TAIL = re.compile(r"[:：?？.。,，;；*★、=\-—→>]+$")
_ANSWER = r"(?:是|否|不?愿意?|不?同意|\W{0,3}|[vxy])"  # in brackets after a label it is no hint
_HINT = re.compile(
    rf"(?:\((?!{_ANSWER}\))[^()]*\)|\[(?!{_ANSWER}\])[^\[\]]*\]|【(?!{_ANSWER}】)[^【】]*】|〔(?!{_ANSWER}〕)[^〔〕]*〕)$"
)
_SEALED = re.compile(r"(?<=...)(?:[/、及和,]?(?:并?加?盖单?位?公?章|签章))$")
_WHOSE = re.compile(r"^(?:请问)?(?:我|贵|本|你|您|该)(?:单位|公司|机构|企业|院|所|校|们)?(?=是否|愿意|加入|成为)")
_OTHER_QUESTION = re.compile(r"已是|已为|已经|是否为|是否是|现为|是不是|曾")
_ASKS = re.compile(r"[是愿能可]否|意愿|意向")
_ANSWERED = re.compile(rf"[:：□☐☑☒√✓✔■●○×\ufffc]|[(\[【〔]{_ANSWER}[)\]】〕]")
_JOINERS = re.compile(r"[/、及和与&+]")
_BEFORE = re.compile(r"[\s,，;；。、|｜/)）】>＞:：*★※●•■◆√□☑.．\-—]")
_AFTER_CHOICE = re.compile(r"[\s:：?？=是否愿同不□☐☑☒√✓✔■●○◯×✗✘\[［(（【_＿\ufffc￼]")
_LEADING = re.compile(
    r"(?:[*＊★※●•·■◆▶☆]\s*|(?<!\w)[（(]?(?:\d{1,2}|[一二三四五六七八九十]{1,3})[）)、.．:：]\s*|(?<!\w)\d{1,2}\s?|[①-⑳]\s*)$"
)
_HINT_AFTER = re.compile(r"\s*(?:[（(][^（）()]{0,80}[）)]|【[^【】]{0,80}】|〔[^〔〕]{0,80}〕|[*＊])")
_COLON = re.compile(r"\s*(?:[：:=|｜]|[-=－—]*[>＞→]|——+|--+|[….．·]{2,}|[?？]\s*[：:]?)")
_FRAMED = re.compile(r"[【〖]([^【】〖〗]{1,60})[】〗]\s*[：:]?")  # 【单位名称】示例公司
_STARS = frozenset("*＊★※●")
_GAP = re.compile(r"[\t\u3000_＿]|\s{2,}|\s+(?=\S)")
_WIDE_GAP = re.compile(r"[\t_＿]|\s{2,}")
_COLUMN = re.compile(r"(?:\t|\s{2})\s*$")
_TITLE_GOES_ON = re.compile(r"\s*(?:申请|登记|调查|反馈|统计)?(?:书|表|函|回执)")
_BOX_BEFORE = re.compile(r"[□☐☑☒√✓✔■●○◯×✗✘)）\]】\ufffc]\s*$")
_NO_ANSWER = re.compile(r"成员|会员|单位|的|\(|注|请|如")  # what a printed question goes on with, on a line of its own
_LOOSE = 3  # wordings from the fourth on are words that also occur as values
_LEAD = 40  # characters; numbering, stars and blanks before a label are shorter
_UNKNOWN_LABEL = re.compile(
    r"(?:(?<=[\s；;，,])|(?<=[\u3000\t]))(?:[\u4e00-\u9fff][\u4e00-\u9fff 　]{0,10}[\u4e00-\u9fff])[：:](?!//)"
    r"|[ 　]?\t\s*[\u4e00-\u9fff]{2,10}\s*\t(?=\s*\S)"
)
_SAYS_NO_MORE = frozenset(
    "是否能可愿意同有向自申请希望打算考虑参加入成为会盟做作当的了我贵本你您该单位公司机构企业院所校们正式一员名问吗呢及之"
)
_CLOSE_ENOUGH = 0.75  # measured between rewordings of one question (0.8 up) and other questions (0.7 down)


@dataclass(frozen=True, slots=True)
class Label:
    """What a text asks for. `keys` has more than one for a joined label (姓名/职务).

    `rank` is 0 for the printed wording and grows towards looser ones.
    """

    keys: tuple[str, ...]
    rank: int = 0

    @property
    def key(self) -> str:
        return self.keys[0]


@dataclass(frozen=True, slots=True)
class LabelSpot:
    """A label inside a line: `start` where it begins, `end` where its value begins (offsets of the line)."""

    label: Label
    start: int
    end: int


def simplified(text: str) -> str:
    """The text with traditional characters of the table replaced, one for one."""
    return "".join(_SIMPLIFIED.get(char, char) for char in text)


def fold(text: str) -> str:
    """NFKC, lower case, simplified, without spaces, invisible characters and underscores."""
    return _fold_short(text) if len(text) <= _SHORT else _fold(text)


def _fold(text: str) -> str:
    return unicodedata.normalize("NFKC", text.translate(_INVISIBLE)).lower().translate(_PLAIN)


_SHORT = 80  # characters; labels come again in every unit's copy
_fold_short = lru_cache(maxsize=4096)(_fold)


def squash(text: str) -> tuple[str, tuple[int, ...]]:
    """`fold` together with the offset in `text` that each of its characters came from."""
    chars: list[str] = []
    origins: list[int] = []
    for at, char in enumerate(text):
        parts = _squashed(char)
        chars += parts
        origins += (at,) * len(parts)
    return "".join(chars), tuple(origins)


@lru_cache(maxsize=4096)
def _squashed(char: str) -> str:
    parts = "" if _DROPPED.match(char) else unicodedata.normalize("NFKC", char).lower()
    return "".join(_SIMPLIFIED.get(part, part) for part in parts if not part.isspace())


def core(folded: str) -> str:
    """A folded label without numbering, stars, colons, closing hints and 盖章."""
    return _core_of_short(folded) if len(folded) <= _SHORT else _core(folded)


def _core(folded: str) -> str:
    text = folded
    while True:
        shorter = _TAIL.sub("", _NUMBERING.sub("", text))
        bare = _SEALED.sub("", _HINT.sub("", shorter))
        shorter = bare or shorter
        if shorter == text:
            return text
        text = shorter


_core_of_short = lru_cache(maxsize=4096)(_core)


class LabelIndex:
    """The labels of one FormSpec, ready to be looked up."""

    def __init__(self, spec: FormSpec) -> None:
        self.spec = spec
        self.unit_field = spec.unit_field
        self._kinds = {field.id: field.kind for field in spec.fields}
        self._choices = tuple(choice.id for choice in spec.choices)
        self._cores: dict[str, Label] = {}
        wordings = [(item.id, item.labels) for item in spec.fields] + [(item.id, item.labels) for item in spec.choices]
        for key, labels in wordings:
            for rank, label in enumerate(labels):
                self._cores.setdefault(core(fold(label)), Label((key,), rank))
        ordered = sorted(self._cores, key=len, reverse=True)
        self._anywhere = re.compile("|".join(map(re.escape, ordered)) or r"(?!)")
        self._longest = max(map(len, ordered), default=0)
        self._wordings = {choice.id: [core(fold(label)) for label in choice.labels] for choice in spec.choices}
        self._own_pairs = _own_pairs(self._wordings)
        self._whole = lru_cache(maxsize=4096)(self._find_whole)
        self._spots_of_short = lru_cache(maxsize=4096)(self._find_spots)

    def is_choice(self, key: str) -> bool:
        return key in self._choices

    def whole(self, text: str) -> Label | None:
        """The label that the whole text is, hints and numbering aside; None for any other text."""
        if not text or len(text) > 240:
            return None
        return self._whole(text)

    def _find_whole(self, text: str) -> Label | None:
        folded = fold(text)
        if not folded or len(folded) > self._longest + 80 or not self._may_hold_label(folded):
            return None
        bare = core(folded)
        found = self._cores.get(bare) or self._cores.get(_WHOSE.sub("", bare))
        if found:
            return self._by_hint(folded, found)
        return self._joined(bare) or (None if self._goes_on(text) else self._reworded(bare))

    def _goes_on(self, text: str) -> bool:
        """Whether a question is followed, behind a blank, line end or question mark, by what may be its answer."""
        folded, origins = squash(text)
        match = next((one for one in self._anywhere.finditer(folded) if self.is_choice(self._cores[one[0]].key)), None)
        if not match:
            return False
        rest = text[_after_hints(text, origins[match.end() - 1] + 1) :]
        words = fold(rest).lstrip(":?")
        return bool(words and re.match(r"[\s:：?？]", rest)) and not _NO_ANSWER.match(words)

    def may_hold(self, text: str) -> bool:
        """Whether a text could hold a label at all; a quick look before the careful one."""
        return self._may_hold_label(fold(text))

    def _may_hold_label(self, folded: str) -> bool:
        return bool(self._anywhere.search(folded) or _ASKS.search(folded))

    def _by_hint(self, folded: str, found: Label) -> Label:
        """电话（手机） asks for the mobile: a hint that is itself a telephone label decides."""
        if self._kinds.get(found.key) not in ("telephone", "mobile"):
            return found
        for hint in re.findall(r"\(([^()]*)\)", folded):
            inner = self._cores.get(hint) or self._cores.get(hint + "电话")
            if inner and self._kinds.get(inner.key) in ("telephone", "mobile"):
                return Label(inner.keys, found.rank)
        return found

    def _joined(self, bare: str) -> Label | None:
        parts = [part for part in _JOINERS.split(bare) if part]
        labels = [self._cores.get(part) for part in parts]
        if len(parts) < 2 or len(parts) > 4 or not all(labels):
            return None
        keys = tuple(dict.fromkeys(label.key for label in labels if label))
        return None if any(map(self.is_choice, keys)) else Label(keys, 50)

    def _reworded(self, bare: str) -> Label | None:
        """A question in other words: near to one wording, and with word pairs of that question only."""
        if not 6 <= len(bare) <= 60 or not _ASKS.search(bare) or _OTHER_QUESTION.search(bare) or _ANSWERED.search(bare):
            return None
        pairs = _pairs(bare)
        counted = sorted(((len(pairs & own), key) for key, own in self._own_pairs.items()), reverse=True)
        if not counted or not counted[0][0] or (len(counted) > 1 and counted[0][0] < 3 * counted[1][0]):
            return None
        key, asked = counted[0][1], _WHOSE.sub("", bare)
        near = any(_asks_the_same(asked, wording) for wording in self._wordings[key])
        return Label((key,), 90) if near else None

    def spots(self, line: str) -> Sequence[LabelSpot]:
        """The labels that stand in a line as labels: at its start or after a gap, and followed by a colon or a blank.

        A question may be followed directly by its options. Labels inside prose are not labels.
        """
        return self._spots_of_short(line) if len(line) <= _SHORT else self._find_spots(line)

    def _find_spots(self, line: str) -> tuple[LabelSpot, ...]:
        if not self._may_hold_label(fold(line)):
            return ()
        folded, origins = squash(line)
        found: list[LabelSpot] = []
        for match in self._anywhere.finditer(folded):
            start, end = origins[match.start()], origins[match.end() - 1] + 1
            if not found or start >= found[-1].end:
                spot = self._spot(line, start, end, self._cores[match.group()], after=bool(found))
                if spot and found and spot.label.key == found[-1].label.key and not line[found[-1].end : start].strip():
                    found[-1] = LabelSpot(found[-1].label, found[-1].start, spot.end)  # 电子邮箱：邮箱：…
                elif spot:
                    found.append(spot)
        return tuple(found or self._reworded_spot(line))

    def _spot(self, line: str, start: int, end: int, label: Label, *, after: bool) -> LabelSpot | None:
        """`after`: another label stands before this one in the line."""
        if self.is_choice(label.key) and _is_option(line, start, end):
            return None
        framed = _FRAMED.match(line, start - 1) if start else None
        if framed and _after_hints(line, end) == framed.end(1):
            return LabelSpot(label, _numbered_from(line, start - 1), framed.end())
        begin = _numbered_from(line, start)
        stop = _after_hints(line, end)
        starred = not _STARS.isdisjoint(line[begin] + line[end:stop]) and _COLON.match(
            line, stop
        )  # 王二*座机：010-…, whose gap was lost
        if begin and not _BEFORE.match(line, begin - 1) and not _belongs_to_label(line, end) and not starred:
            return None
        label = self._by_hint(fold(line[start:stop]), label)
        colon = _COLON.match(line, stop)
        if colon:
            return LabelSpot(label, begin, colon.end())
        if self.is_choice(label.key):
            return LabelSpot(label, begin, stop) if stop == len(line) or _AFTER_CHOICE.match(line, stop) else None
        if after and self._heads_column(line, begin, stop, label):
            return LabelSpot(label, begin, stop)
        if begin > _LEAD or line[:begin].strip():
            return None
        if not line[stop : stop + _LEAD].strip() and not line[stop:].strip():
            return LabelSpot(label, begin, stop)
        blank = _GAP.match(line, stop) if end - start >= 4 else _WIDE_GAP.match(line, stop)
        return LabelSpot(label, begin, stop) if blank else None

    def _heads_column(self, line: str, begin: int, stop: int, label: Label) -> bool:
        """联系人 → 张三 → 手机 → 138…, parted by tabs or wide blanks: a row of a table that became text."""
        told = label.rank < _LOOSE or self._kinds.get(label.key) in ("telephone", "mobile", "email")
        blank = _GAP if stop - begin >= 4 else _WIDE_GAP
        return told and bool(_COLUMN.search(line[:begin]) and blank.match(line, stop))

    def _reworded_spot(self, line: str) -> Iterator[LabelSpot]:
        """A question in other words at the start of a line, ended by a colon or question mark."""
        match = re.match(r"\s*([^：:?？\n]{6,60}?(?:[（(][^（）()]*[）)])?)\s*[：:?？]", line)
        label = self.whole(match.group(1)) if match else None
        if match and label and self.is_choice(label.key):
            yield LabelSpot(label, 0, _after_hints(line, match.end()))

    def begins(self, line: str) -> bool:
        """Whether a line is the beginning of a question that the next line completes (a wrapped mail)."""
        folded = _NUMBERING.sub("", fold(line))
        if len(folded) < 6:
            return False
        if any(word.startswith(folded) and word != folded for words in self._wordings.values() for word in words):
            return True
        opened = folded.count("(") > folded.count(")")
        return opened and any(folded.startswith(word) for words in self._wordings.values() for word in words)


def unknown_label(text: str) -> int:
    """Where another label of any wording (传真：) begins in a value, or its length."""
    match = _UNKNOWN_LABEL.search(text)
    return match.start() if match else len(text)


def _numbered_from(line: str, start: int) -> int:
    """The start of the numbering, stars or brackets that lead up to a label."""
    lead = _LEADING.search(line[max(0, start - _LEAD) : start])
    return start - len(lead.group()) if lead else start


def _is_option(line: str, start: int, end: int) -> bool:
    """☑加入联盟 □不加入联盟, or a title (入盟意向 书): words of a question that do not ask here."""
    if _TITLE_GOES_ON.match(line, end):
        return True
    words = fold(line[start:end])
    return not _ASKS.search(words) and (bool(_BOX_BEFORE.search(line[:start])) or "不" + words in fold(line[end:]))


def _belongs_to_label(line: str, end: int) -> bool:
    """我单位是否愿意…: what stands before the label says whose it is."""
    return end < 2 * _LEAD and bool(_WHOSE.match(fold(line[:end])))


def _after_hints(line: str, at: int) -> int:
    """The offset after brackets that follow a label, unless they are an empty or ticked answer box."""
    while True:
        hint = _HINT_AFTER.match(line, at)
        if not hint or not re.search(r"[\u4e00-\u9fff*＊a-z]", hint.group()) or _is_answer(hint.group()):
            return at
        at = hint.end()


def _is_answer(bracket: str) -> bool:
    inner = fold(bracket).strip("()【】〔〕")
    return re.fullmatch(r"[a-h](?:[、,;/]?[a-h])*", inner) is not None or inner in {
        "是",
        "否",
        "愿意",
        "不愿意",
        "同意",
        "不同意",
        "已是会员",
        "x",
        "v",
    }


def _asks_the_same(asked: str, wording: str) -> bool:
    """Whether a question is near to a wording and names nothing that it does not (退出, 会费, 专家委员会, 中关村)."""
    matcher = SequenceMatcher(None, wording, asked, autojunk=False)
    if matcher.ratio() < _CLOSE_ENOUGH:
        return False
    new = "".join(asked[start:end] for _, _, _, start, end in matcher.get_opcodes() if end > start)
    return set(new) <= _SAYS_NO_MORE | set(wording)


def _pairs(text: str) -> set[str]:
    return {text[at : at + 2] for at in range(len(text) - 1)}


def _own_pairs(wordings: dict[str, list[str]]) -> dict[str, set[str]]:
    """Pairs of characters that only one question's wordings have."""
    pairs = {key: set().union(*map(_pairs, words)) for key, words in wordings.items()}
    return {
        key: own - set().union(*(other for name, other in pairs.items() if name != key)) for key, own in pairs.items()
    }


@lru_cache(maxsize=16)
def index_of(spec: FormSpec) -> LabelIndex:
    """The labels of a form's definition, made once."""
    return LabelIndex(spec)
