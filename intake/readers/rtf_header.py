r"""The tables at the head of an RTF file: fonts with their code pages, colours, properties.

A byte of text means what the code page of its font says (RTF 1.9.1, "Font Table", \fcharset).
Programs that write Chinese into a font of the Western set are understood too: bytes that are
sound two-byte text in the code page of the document are read as that.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from intake.readers import symbols
from intake.readers.colours import tone
from intake.readers.rtf_tokens import Control, Group, every_group, first_group, groups, parameters, raw_text

_SYMBOL_CHARSET = 2
_CHARSETS = {
    0: "cp1252", 77: "mac-roman", 128: "cp932", 129: "cp949", 130: "johab", 134: "gb18030", 136: "cp950",
    161: "cp1253", 162: "cp1254", 163: "cp1258", 177: "cp1255", 178: "cp1256", 186: "cp1257", 204: "cp1251",
    222: "cp874", 238: "cp1250", 254: "cp437", 255: "cp850",
}  # fmt: skip
_CODE_PAGES = {936: "gb18030", 54936: "gb18030", 65001: "utf-8", 10000: "mac-roman", 10008: "gb2312", 1361: "johab"}
_KNOWN_CODE_PAGES = frozenset({437, 850, 852, 866, 874, 932, 949, 950, *range(1250, 1259)})
_WIDE = frozenset({"gb18030", "cp950", "cp932", "cp949", "utf-8"})


def code_page(number: int) -> str:
    """The codec of a Windows code page; Chinese where the number is not known."""
    if number in _CODE_PAGES:
        return _CODE_PAGES[number]
    return f"cp{number}" if number in _KNOWN_CODE_PAGES else "gb18030"


@dataclass(frozen=True, slots=True)
class Font:
    """How the bytes of a font are read: `family` is a key of `symbols.TABLES`, or ""."""

    codec: str
    family: str = ""
    western: bool = False

    def decode(self, text: bytes, default: str) -> str:
        """Bytes as characters. `default` is the codec of the document."""
        if text.isascii():
            return text.decode("ascii")
        if self.western and default in _WIDE:
            try:
                return text.decode(default)
            except UnicodeDecodeError:
                pass
        return text.decode(self.codec, "replace")


@dataclass(slots=True)
class Header:
    """What stands at the head: fonts by number, colours by place ("" is automatic)."""

    default: str = "gb18030"
    default_font: int = 0
    fonts: dict[int, Font] = field(default_factory=dict)
    colours: list[str] = field(default_factory=list)

    def font(self, number: int) -> Font:
        return self.fonts.get(number) or Font(self.default)

    def colour(self, number: int) -> str:
        """RRGGBB, or "" for automatic and for what is not in the table."""
        return self.colours[number] if 0 < number < len(self.colours) else ""

    def fills(self, number: int) -> bool:
        """Whether a colour behind text shows."""
        return self.colour(number) not in ("", "FFFFFF")

    def tone(self, number: int) -> str:
        return tone(self.colour(number))


def read_header(root: Group) -> Header:
    words = parameters(root)
    header = Header(default_font=words.get("deff", 0))
    if "ansicpg" in words:
        header.default = code_page(words["ansicpg"])
    elif "mac" in words:
        header.default = "mac-roman"
    header.fonts = dict(_fonts(first_group(root, "fonttbl"), header.default))
    header.colours = _colours(first_group(root, "colortbl"))
    return header


def _fonts(table: Group, default: str) -> list[tuple[int, Font]]:
    """Each font stands in a group of its own; in a table of one font, or of old, without one."""
    found: list[tuple[int, Font]] = []
    number, charset, page = -1, 0, 0
    for item in _flat(table):
        if isinstance(item, Control):
            match item.word:
                case "f":
                    number, charset, page = item.parameter or 0, 0, 0
                case "fcharset":
                    charset = item.parameter or 0
                case "cpg":
                    page = item.parameter or 0
        elif number >= 0:
            found.append((number, _font(item, charset, page, default)))
            number = -1
    return found


def _flat(group: Group) -> list[bytes | Control]:
    found: list[bytes | Control] = []
    for item in group:
        if isinstance(item, list):
            found.extend(_flat(item))
        else:
            found.append(item)
    return found


def _font(name: bytes, charset: int, page: int, default: str) -> Font:
    family = symbols.family(name.decode("latin-1").rstrip("; "))
    if charset == _SYMBOL_CHARSET or (family and charset in (0, 1)):
        return Font("latin-1", family)
    if page:
        return Font(code_page(page), family)
    return Font(_CHARSETS.get(charset, default), family, western=charset in (0, 1))


def _colours(table: Group) -> list[str]:
    found: list[str] = []
    parts: dict[str, int] = {}
    for item in table[1:]:
        if isinstance(item, Control):
            parts[item.word] = max(0, min(item.parameter or 0, 255))
        elif isinstance(item, bytes):
            for _ in range(item.count(b";")):
                found.append(_colour(parts))
                parts = {}
    return found


def _colour(parts: dict[str, int]) -> str:
    if not parts.keys() & {"red", "green", "blue"}:
        return ""
    return "".join(f"{parts.get(name, 0):02X}" for name in ("red", "green", "blue"))


def properties(root: Group) -> dict[str, str]:
    r"""The document's own properties by name (\*\userprops: a \propname, then its \staticval)."""
    found: dict[str, str] = {}
    for table in groups(root, "userprops"):
        name = ""
        for one in table:
            if not isinstance(one, list):
                continue
            for part in (one, *every_group(one, "staticval")):
                words = parameters(part)
                if "propname" in words:
                    name = raw_text(part).decode("utf-8", "replace").strip()
                elif "staticval" in words and name:
                    found[name] = raw_text(part).decode("utf-8", "replace").strip()
    return found
