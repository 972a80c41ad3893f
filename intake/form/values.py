"""The values of a form, normalised as a careful secretary would write them down.

Promises: what a unit wrote is kept; only width, spaces, stamps, repeated labels and closing punctuation go.
A repair that changes an address is said in `Value.mended`. Nothing is swapped or invented.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Sequence

from intake.answers import Value
from intake.campaign import FieldKind
from intake.form.labels import LabelIndex
from intake.form.plausible import is_ordinary_address

_INVISIBLE = re.compile("[\u200b-\u200f\u2060\ufeff\ufe0e\ufe0f\u00ad\x00\x07]")
_STAMP = re.compile(
    r"\s*[（(【\[]\s*(?:请?(?:在此)?(?:加?盖)?\s*(?:单位|公司|法人)?\s*(?:公\s*章|盖\s*章|印\s*章|签\s*章|签\s*字|签\s*名|章)(?:处|有效)?"
    r"|(?:公|盖|签)章或签字|此处填写[^）)】\]]*|请填写[^）)】\]]*|必填|选填|全称)\s*[）)】\]]\s*"
)
_NOTHING = re.compile(
    r"(?:[/／\\—\-–－_~～.。·、|*＊\s]+|无|暂无|空|空白|略|没有|未设|不详|n/?a|none|nil|null|同上)", re.I
)
_PROMPT = re.compile(  # of the blank form, which nobody typed
    r"(?:请?(?:单击|点击|轻触)(?:或(?:点击|轻触))?|请在?|在)(?:此处|这里|此)?(?:填写|输入|填入|键入)"
    r"[^\d@，。,、]{0,12}(?:1?\d位[^\d@，。,]{0,8})?|请?选择(?:一项)?"
)
_CLOSING = frozenset(",，;；、。:：|｜")
_ABBREVIATED = ("Ltd.", "Inc.", "Co.", "Corp.")  # whose stop belongs to them
_WIDE = re.compile(r"\s{3,}")
_BARE = re.compile(r"[0-9A-Za-z\u4e00-\u9fff]+(?:[@.-][0-9A-Za-z\u4e00-\u9fff]+)*")  # nothing stands around it
_OPENING = re.compile(r"^[\s:：,，、;；|｜]+")
_SAYING = re.compile(
    r"^(?:联系人|填表人|经办人|联络人|姓名|联系电话|办公电话|固定电话|办公室|座机|电话|手机号?码?|手机|移动电话|职务|电子邮箱|电子邮件|邮箱|"
    r"e-?mail|mail|tel|telephone|phone|mobile|fax)\s*(?:[:：=]|(?<=[a-z])\.\s)\s*",
    re.I,
)
_BESIDE_ADDRESS = re.compile(  # QQ：, 邮箱, （工作）
    r"^[^\W_]{1,10}[:：](?=[^@]+@)|^[\u4e00-\u9fff]{2,6}(?=[a-z0-9])|(?<=[a-z])[(（][^()（）@]*[)）]$", re.I
)
_BLANK_LINE = re.compile(r"^[\s＿]*[_＿]{2,}|[_＿]{2,}[\s＿]*$|^＿+|＿+$")
_DASHES = re.compile(r"[‐‑‒–—―－−ー﹣﹘]+")
_PHONE_END = re.compile(r"(?<=\d)(?:\s*[（(](?:办|办公|手机|座机|微信同号|同微信)[）)])$")
NUMBER = re.compile(
    r"(?:\+?86[\s-]*)?1[3-9](?:[\s-]*\d){9}(?!\d)|\(?0\d{2,3}\)?[\s-]*\d{3,4}[\s-]?\d{3,4}(?:\s*(?:转|-|ext\.?)\s*\d{1,6})?(?!\d)|(?<!\d)\d{7,8}(?!\d)",
    re.I,
)
_WRAPPED = re.compile(
    r"\s*\n\s*(?=转|分机|ext)|(?<=[-/+(（])\s*\n\s*|(?<=\+86)\s*\n\s*", re.I
)  # one number on two lines
_ADDRESS = re.compile(r"[A-Za-z0-9._%+\-]+@[A-Za-z0-9.\-]+\.[A-Za-z]{2,}")

_NEXT_LABEL = re.compile(r"(?<=\d{7})(?!\s*(?:分机|内线|转|总机|手机|电话|座机))\s*[\u4e00-\u9fff]{2,8}[：:].*$", re.S)
_WRAPPED_ADDRESS = re.compile(
    r"(?<![^\s;,])([A-Za-z0-9._\-]+[-._]|[^\s;,@]+@[A-Za-z0-9.\-]*[-.]|[^\s;,@]+@)\n\s*(?=[A-Za-z0-9])"
)
_LINE_UNDER = re.compile(r"[_＿]{2,}|^[_＿]+|[_＿]+$")
_BLANKS = re.compile(r"\s+")
_BETWEEN_CHINESE = re.compile(
    r"(?<=[\u3400-\u9fff\U00020000-\U0003ffff）)])\s+(?=[\u3400-\u9fff\U00020000-\U0003ffff（(])"
)
_LINE_END = re.compile(r"\s*\n\s*")
_PARTED = re.compile(r"\s*(转|分机|-|/|、|；|，)\s*")
_AS_NUMBER = re.compile(r"^(\d{11})\.0$")
_MOBILE_SPACED = re.compile(r"(?<![\d-])(\+?86)?[\s-]*(1[3-9](?:[\s-]*\d){9})(?!\d)")
_PLAIN_NUMBER = re.compile(r"[0-9]+(?:-[0-9]+)*")
_NO_DIGIT = re.compile(r"\D")
_MAILTO = re.compile(r"mailto:", re.I)
_ANGLED = re.compile(r"<([^<>]+@[^<>]+)>")
_AT = re.compile(r"\s*(?:\(at\)|\[at\]|#at#)\s*", re.I)
_SIGN_SPACED = re.compile(r"\s*([@.])\s*")
_COMMA_FOR_STOP = re.compile(r"(@[A-Za-z0-9\-]+(?:[.,][A-Za-z0-9\-]+)*),(?=(?:com|cn|net|org|edu|gov)\b)", re.I)
_BETWEEN_ADDRESSES = re.compile(r"[;,、/|\n或和及]+|\s+(?=[^\s@]+@)|(?<=\w)\s{2,}")
_PARTED_BY = re.compile(r"[;；,，、/|\n]\s*")


def normalise(kind: FieldKind, text: str, place: str = "") -> Value:
    """A value as it shall be recorded; "" for nothing, `/`, 无, a dash or an unfilled hint. Never raises."""
    plain, mended = _plain(kind, text), ""
    if plain and kind == "email":
        plain, mended = email(plain)
    if _NOTHING.fullmatch(plain):
        return Value("", place)
    return Value(plain, place, mended)


def _plain(kind: FieldKind, text: str) -> str:
    """Unwrapped and normalised until nothing changes: a stamp may hide a label, a label a dash."""
    plain = text
    for _ in range(4):
        before = plain
        plain = before if _BARE.fullmatch(before) else _unwrapped(before, kind)
        if _PROMPT.fullmatch(plain) or _NOTHING.fullmatch(plain):
            return ""
        plain = _BY_KIND.get(kind, _text)(plain)
        plain = unicodedata.normalize("NFC", plain).strip()
        if plain == before:
            break
    return plain


def _unwrapped(text: str, kind: FieldKind) -> str:
    """Without stamps, underlines, invisible characters and a label repeated in the value."""
    plain = unicodedata.normalize("NFC", _INVISIBLE.sub("", text)).replace("\xa0", " ")
    plain = _WIDE.sub(_narrowed, plain)
    plain = _LINE_UNDER.sub(" ", plain) if kind != "email" else _BLANK_LINE.sub(" ", plain)
    plain = _STAMP.sub("", plain)
    if kind not in ("unit", "text"):
        plain = _SAYING.sub("", plain.strip())
    return _closed(_OPENING.sub("", plain)).strip()


def _narrowed(wide: re.Match[str]) -> str:
    """Two blanks, or a blank and a line end, for many: no more is meant by them, and patterns are slow on them."""
    blanks = wide.group()
    return blanks[0] + ("\n" if "\n" in blanks else blanks[-1])


def _closed(plain: str) -> str:
    """Without blanks and punctuation at the end."""
    end = len(plain)
    while end and (plain[end - 1] in _CLOSING or plain[end - 1].isspace() or _stops(plain, end)):
        end -= 1
    return plain[:end]


def _stops(plain: str, end: int) -> bool:
    return plain[end - 1] == "." and not plain.endswith(_ABBREVIATED, 0, end)


def _joined(plain: str) -> str:
    """Lines and blanks: dropped beside Chinese, one space elsewhere."""
    if len(plain.split()) < 2:
        return plain.strip()
    return _BLANKS.sub(lambda blanks: "" if "\n" in blanks.group() and _beside_chinese(blanks) else " ", plain).strip()


def _beside_chinese(blanks: re.Match[str]) -> bool:
    start, end = blanks.span()
    return not (blanks.string[start - 1 : start] + blanks.string[end : end + 1]).isascii()


def _unit(plain: str) -> str:
    return _BETWEEN_CHINESE.sub("", _joined(plain))


def _person(plain: str) -> str:
    words = _joined(plain).split(" ")
    if all(len(word) == 1 for word in words) and 2 <= len(words) <= 4:
        return "".join(words)
    return " ".join(words)


def _text(plain: str) -> str:
    joined = _joined(plain)
    words = joined.split(" ")
    return "".join(words) if all(len(word) == 1 and ord(word) > 127 for word in words) else joined


def telephone(plain: str) -> str:
    """Half width, one kind of dash; several numbers, +86 and extensions kept, another label behind them not."""
    if _PLAIN_NUMBER.fullmatch(plain):
        return plain
    plain = _NEXT_LABEL.sub("", plain)
    plain = _LINE_END.sub("、", _WRAPPED.sub("", plain))
    if not plain.isascii():
        plain = "".join(char if char in "、；，" else unicodedata.normalize("NFKC", char) for char in plain)
    plain = _DASHES.sub("-", plain)
    plain = _PARTED.sub(r"\1", _BLANKS.sub(" ", plain))
    plain = _AS_NUMBER.sub(r"\1", plain)
    return _closed(_PHONE_END.sub("", plain))


def mobile(plain: str) -> str:
    """A telephone whose eleven digits stand together, +86 apart."""
    return _MOBILE_SPACED.sub(
        lambda found: ("+86 " if found.group(1) else "") + _NO_DIGIT.sub("", found.group(2)), telephone(plain)
    ).strip()


def email(plain: str) -> tuple[str, str]:
    """An address, and what was mended in it, in Chinese; several are joined by ";".

    Repaired: full width, blanks, 邮件链接, a comma or stop of Chinese typing for a dot in the domain, (at).
    """
    if is_ordinary_address(plain):
        return plain, ""
    text = unicodedata.normalize("NFKC", plain.replace("。", ".").replace("．", "."))
    text = _MAILTO.sub("", text)
    angled = _ANGLED.findall(text)
    text = ";".join(angled) if angled else text
    text = _AT.sub("@", _WRAPPED_ADDRESS.sub(r"\1", text))
    text = _SIGN_SPACED.sub(r"\1", text)
    text = _COMMA_FOR_STOP.sub(r"\1.", text)
    parts = [part for part in _BETWEEN_ADDRESSES.split(text) if part.strip()]
    address = ";".join(
        _SAYING.sub("", _BESIDE_ADDRESS.sub("", _BLANKS.sub("", part))).strip(".:<>\"'") for part in parts
    )
    address = unicodedata.normalize("NFKC", address)
    return address, _mended(plain, address)


def _mended(written: str, address: str) -> str:
    """A sentence if more changed than case and the blanks around."""
    bare = _PARTED_BY.sub(";", written.strip())
    return "" if not address or bare == address else f"原写作“{' '.join(written.split())}”，按“{address}”登记"


_BY_KIND: dict[str, Callable[[str], str]] = {
    "unit": _unit,
    "person": _person,
    "telephone": telephone,
    "mobile": mobile,
    "email": str,
}


def divide(keys: Sequence[str], kinds: Sequence[FieldKind], text: str) -> list[str]:
    """Divide the value of a joined label (姓名/职务): by the label's own strokes, else by what each part looks like."""
    parts = [part.strip() for part in re.split(r"[/／、，,;；|\n]+|\s{2,}", text) if part.strip()]
    if len(parts) == len(keys) and all(map(_looks_like, kinds, parts)):
        return parts
    found = [""] * len(keys)
    rest = text
    for at, kind in enumerate(kinds):
        pattern = _ADDRESS if kind == "email" else NUMBER if kind in ("telephone", "mobile") else None
        match = pattern.search(rest) if pattern else None
        if match:
            found[at] = match.group()
            rest = rest.replace(match.group(), " ", 1)
    words = [word for word in re.split(r"[\s/／、，,;；|]+", rest) if word]
    plain = [at for at, kind in enumerate(kinds) if kind not in ("email", "telephone", "mobile")]
    for number, at in enumerate(plain):
        found[at] = (
            " ".join(words[number:]) if number == len(plain) - 1 else (words[number] if number < len(words) else "")
        )
    return found


def _looks_like(kind: FieldKind, part: str) -> bool:
    if kind == "email":
        return "@" in unicodedata.normalize("NFKC", part)
    digits = sum(char.isdigit() for char in part)
    return digits >= 7 if kind in ("telephone", "mobile") else digits < 7


def strip_own_label(text: str, key: str, index: LabelIndex) -> str:
    """A value without its own label repeated in it (办公电话 | 电话：010-…)."""
    spots = index.spots(text)
    if spots and not text[: spots[0].start].strip() and key in spots[0].label.keys:
        return text[spots[0].end :]
    return text
