"""ActiveX controls of a form: what a check box, option button or text field of Microsoft Forms shows.

A control stands in `activeX1.xml`, either with its properties beside it (persistPropertyBag) or
with a reference to a binary stream, which may lie bare or in a compound file. Sources: [MS-OFFMACRO]
2.2.1 for the XML, [MS-OFORMS] 2.2.5 (MorphDataControl) and 2.4.14 (count of bytes) for the stream.
Never raises: what cannot be read is unknown.
"""

from __future__ import annotations

import struct
import uuid
from collections.abc import Mapping
from dataclasses import dataclass

from lxml import etree

from intake.document import PLAIN, Box, BoxState, Looks, Piece, Text
from intake.readers.ole import MAGIC as OLE_MAGIC
from intake.readers.ole import CompoundFile
from intake.readers.ooxml_package import Package
from intake.readers.wordml import R

SOURCE = "ActiveX"
_AX = "{http://schemas.microsoft.com/office/2006/activeX}"
_BOXES = frozenset(
    {
        "8BD21D40-EC42-11CE-9E0D-00AA006002F3",  # Forms.CheckBox.1
        "8BD21D50-EC42-11CE-9E0D-00AA006002F3",  # Forms.OptionButton.1
        "8BD21D60-EC42-11CE-9E0D-00AA006002F3",  # Forms.ToggleButton.1
    }
)
_FIELDS = frozenset(
    {
        "8BD21D10-EC42-11CE-9E0D-00AA006002F3",  # Forms.TextBox.1
        "8BD21D20-EC42-11CE-9E0D-00AA006002F3",  # Forms.ListBox.1
        "8BD21D30-EC42-11CE-9E0D-00AA006002F3",  # Forms.ComboBox.1
    }
)
_LABEL = "978C9E23-D4B0-11CE-BF2D-00AA003F40D0"  # Forms.Label.1

# The properties of a MorphDataControl in the order of their bits, with the bytes each takes in the
# data block; 0 for those that take none there ([MS-OFORMS] 2.2.5.2 and 2.2.5.3).
_MORPH = (4, 4, 4, 4, 1, 1, 1, 1, 0, 2, 4, 2, 2, 2, 2, 2, 1, 1, 1, 0, 1, 1, 4, 4, 4, 4, 4, 2, 2, 2, 0, 0, 4)
_STATES: dict[str, BoxState] = {"1": "ticked", "-1": "ticked", "0": "empty"}
_SIZE_BIT, _VALUE_BIT, _CAPTION_BIT = 8, 22, 23


@dataclass(frozen=True, slots=True)
class Control:
    """A control as stored: its class, and value and caption (None where not stored)."""

    class_id: str
    value: str | None = None
    caption: str | None = None

    @property
    def state(self) -> BoxState:
        return _STATES.get((self.value or "").strip(), "unknown")

    @property
    def is_box(self) -> bool:
        return self.class_id in _BOXES

    def pieces(self, looks: Looks = PLAIN) -> tuple[Piece, ...]:
        """What a person sees: the box with its caption, or the text typed into a field."""
        if self.is_box:
            caption = (Text(self.caption, looks),) if self.caption else ()
            return (Box(self.state, SOURCE, looks=looks), *caption)
        shown = self.value if self.class_id in _FIELDS else self.caption if self.class_id == _LABEL else None
        return (Text(shown, looks),) if shown else ()


def read_control(package: Package, part: str) -> Control | None:
    """The control in a part such as word/activeX/activeX1.xml; None where it is none of Microsoft Forms."""
    root = package.root(part)
    if root is None:
        return None
    class_id = root.get(_AX + "classid", "").strip("{}").upper()
    if root.get(_AX + "persistence", "persistPropertyBag") == "persistPropertyBag":
        bag = {one.get(_AX + "name", ""): one.get(_AX + "value", "") for one in root.iterfind(_AX + "ocxPr")}
        return _from_bag(class_id, bag)
    return control_in_stream(class_id, _stream(package, part, root))


def _from_bag(class_id: str, bag: Mapping[str, str]) -> Control:
    return Control(class_id, bag.get("Value"), bag.get("Caption"))


def _stream(package: Package, part: str, root: etree._Element) -> bytes:
    relation = package.relations(part).get(root.get(R + "id", ""))
    content = package.part(relation.target, 1 << 20) if relation and not relation.external else None
    if content and content.startswith(OLE_MAGIC):
        content = CompoundFile(content).stream("contents")
    return content or b""


def control_in_stream(class_id: str, content: bytes) -> Control:
    """A control as it was stored into a stream, with or without its class in front."""
    try:
        own = str(uuid.UUID(bytes_le=content[:16])).upper()
    except ValueError:
        return Control(class_id)
    known = own in _BOXES or own in _FIELDS or own in (_LABEL, class_id)
    return morph_data(own if known else class_id, content[16:] if known else content)


def morph_data(class_id: str, content: bytes) -> Control:
    """Value and caption out of the binary form of a control."""
    if class_id not in _BOXES | _FIELDS:
        return Control(class_id)
    try:
        return Control(class_id, *_morph_strings(content))
    except (struct.error, IndexError):
        return Control(class_id)


def _morph_strings(content: bytes) -> tuple[str | None, str | None]:
    mask = struct.unpack_from("<Q", content, 4)[0]
    offset = 12
    lengths: dict[int, int] = {}
    for bit, size in enumerate(_MORPH):
        if not mask >> bit & 1 or not size:
            continue
        offset += -offset % size
        if bit in (_VALUE_BIT, _CAPTION_BIT):
            lengths[bit] = struct.unpack_from("<I", content, offset)[0]
        offset += size
    offset += -offset % 4 + (8 if mask >> _SIZE_BIT & 1 else 0)
    value, offset = _string(content, offset, lengths.get(_VALUE_BIT))
    caption, _ = _string(content, offset, lengths.get(_CAPTION_BIT))
    return value, caption


def _string(content: bytes, offset: int, length: int | None) -> tuple[str | None, int]:
    """A string of the extra data block: the top bit of its length says one byte a character."""
    if length is None:
        return None, offset
    size = length & 0x7FFFFFFF
    raw = content[offset : offset + size]
    text = raw.decode("latin-1" if length & 0x80000000 else "utf-16-le", "replace")
    return text, offset + size + -size % 4
