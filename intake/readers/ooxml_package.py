"""An Office Open XML package (docx, xlsx) opened with care.

Promises: nothing is unpacked beyond the limits below, no entity is resolved, no document type is
accepted, nothing outside the package is read. Parts written in the Strict namespaces (ISO/IEC
29500-1 annex) come out in the Transitional ones, so that readers know one name for each element.
Raises Encrypted, Damaged, TooLarge or TooDeep only.
"""

from __future__ import annotations

import io
import posixpath
import re
import struct
import zipfile
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from urllib.parse import unquote

from lxml import etree

from intake.errors import Damaged, Encrypted, TooDeep, TooLarge
from intake.readers.ole import MAGIC as OLE_MAGIC
from intake.readers.ole import CompoundFile
from intake.readers.zip_directory import Member, ordinary_members

MAX_MEMBERS = 5_000
MAX_TOTAL_BYTES = 512 << 20
MAX_PART_BYTES = 48 << 20
MAX_RATIO = 250  # a real document.xml of a long table reaches about 60
RATIO_FREE_BYTES = 2 << 20
_LOCAL_HEADER = 30  # bytes before the name

TOO_DEEP = "附件的表格或内容嵌套层数过多，请只发送填好的表格。"

_RELATIONSHIPS = "{http://schemas.openxmlformats.org/package/2006/relationships}"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_TRANSITIONAL = (
    (b"http://purl.oclc.org/ooxml/officeDocument/relationships", _OFFICE.encode()),
    (
        b"http://purl.oclc.org/ooxml/wordprocessingml/main",
        b"http://schemas.openxmlformats.org/wordprocessingml/2006/main",
    ),
    (b"http://purl.oclc.org/ooxml/spreadsheetml/main", b"http://schemas.openxmlformats.org/spreadsheetml/2006/main"),
    (
        b"http://purl.oclc.org/ooxml/officeDocument/customProperties",
        b"http://schemas.openxmlformats.org/officeDocument/2006/custom-properties",
    ),
    (
        b"http://purl.oclc.org/ooxml/officeDocument/docPropsVTypes",
        b"http://schemas.openxmlformats.org/officeDocument/2006/docPropsVTypes",
    ),
    (b"http://purl.oclc.org/ooxml/officeDocument/math", b"http://schemas.openxmlformats.org/officeDocument/2006/math"),
)
_STRICT_DRAWING = re.compile(rb"http://purl\.oclc\.org/ooxml/drawingml/(\w+)")
_DOCTYPE = re.compile(rb"<!\s*(?:DOCTYPE|ENTITY)", re.I)
_CUSTOM = "{http://schemas.openxmlformats.org/officeDocument/2006/custom-properties}property"


@dataclass(frozen=True, slots=True)
class Relation:
    """`kind` is the last word of the relationship's type (styles, image, control ...)."""

    kind: str
    target: str
    external: bool = False


@dataclass(frozen=True, slots=True)
class Packed:
    """A part as it lies in the zip. Equal ones unpack to the same bytes, so what is made of one may be kept by it:
    the units' copies of one form bring the same styles, and unpacking those takes longer than reading the answers.
    """

    data: bytes
    method: int
    size: int  # bytes unpacked, as the zip's directory says
    crc: int

    def __hash__(self) -> int:
        return self.crc  # enough to tell parts apart; equal are those with the same bytes

    def unpacked(self, name: str = "") -> bytes:
        """The part's bytes; Damaged where they do not unpack, or are not those that the directory describes."""
        if self.method not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):  # the two of OPC (ECMA-376 part 2, annex C)
            raise Damaged(f"{name} is packed by method {self.method}")
        try:
            content = self.data if self.method == zipfile.ZIP_STORED else _inflated(self.data, self.size)
        except zlib.error as error:
            raise Damaged(f"{name}: {error}") from error
        if len(content) != self.size or zlib.crc32(content) != self.crc:
            raise Damaged(f"{name} does not unpack to what the zip describes")
        return content


class Package:
    """The parts of a package by name, without a leading slash; names are found without case."""

    def __init__(self, content: bytes) -> None:
        self._content = content
        self._members = _members(ordinary_members(content) or _open(content).infolist())
        self._relations: dict[str, dict[str, Relation]] = {}

    def has(self, name: str) -> bool:
        return name.lower() in self._members

    def names(self, prefix: str) -> tuple[str, ...]:
        return tuple(name for name in self._members if name.startswith(prefix))

    def packed(self, name: str) -> Packed | None:
        """A part still packed, or None if there is none."""
        member = self._members.get(name.lower())
        if member is None:
            return None
        if member.flag_bits & 0x1:
            raise Encrypted(f"zip member {name} is encrypted")
        _check_size(member, MAX_PART_BYTES)
        return Packed(_stored(self._content, member), member.compress_type, member.file_size, member.CRC)

    def part(self, name: str, limit: int = MAX_PART_BYTES) -> bytes | None:
        """The bytes of a part, or None if there is none."""
        packed = self.packed(name)
        if packed is not None and packed.size > limit:
            raise TooLarge(f"{name} declares {packed.size} bytes")
        return None if packed is None else packed.unpacked(name)

    def root(self, name: str) -> etree._Element | None:
        """The root element of an XML part, or None if there is no such part."""
        content = self.part(name)
        return None if content is None else parse(content, name)

    def relations(self, source: str) -> dict[str, Relation]:
        """The relations of a part ("" for the package) by id, targets resolved to part names."""
        if source not in self._relations:
            self._relations[source] = self._read_relations(source)
        return self._relations[source]

    def target(self, source: str, kind: str, default: str = "") -> str:
        """The name of the first part that a part is related to in this way, or the default."""
        found = (one.target for one in self.relations(source).values() if one.kind == kind and not one.external)
        return next(found, default)

    def custom_properties(self) -> dict[str, str]:
        """The document's custom properties (docProps/custom.xml) as text."""
        if not self.has("docprops/custom.xml"):
            return {}
        root = self.root("docprops/custom.xml")
        if root is None:
            return {}
        return {one.get("name", ""): "".join(str(text) for text in one.itertext()) for one in root.iter(_CUSTOM)}

    def _read_relations(self, source: str) -> dict[str, Relation]:
        folder, name = posixpath.split(source)
        part = posixpath.join(folder, "_rels", f"{name}.rels")
        packed = self.packed(part)
        return {} if packed is None else _relations(packed, part, folder)


@lru_cache(maxsize=16)
def _relations(packed: Packed, name: str, folder: str) -> dict[str, Relation]:
    """Kept between packages: the units' copies of one form bring the same ones."""
    found = {}
    for one in parse(packed.unpacked(name), name).iter(_RELATIONSHIPS + "Relationship"):
        external = one.get("TargetMode", "").lower() == "external"
        target = one.get("Target", "")
        kind = one.get("Type", "").rsplit("/", 1)[-1]
        found[one.get("Id", "")] = Relation(kind, target if external else _resolve(folder, target), external)
    return found


def parse(content: bytes, name: str = "") -> etree._Element:
    """Parse one XML part; Damaged if it is not well-formed or brings a document type."""
    wide = content.startswith((b"\xff\xfe", b"\xfe\xff", b"<\x00", b"\x00<"))
    head = content.replace(b"\x00", b"") if wide else content[:4096]
    if b"<!" in head and _DOCTYPE.search(head):
        raise Damaged(f"{name} brings a document type")
    if b"purl.oclc.org/ooxml" in content[:4096]:
        content = _as_transitional(content)
    try:
        root = etree.fromstring(content, _parser())
    except etree.XMLSyntaxError as error:
        if "depth" in str(error):
            raise TooDeep(f"{name}: {error}", sentence=TOO_DEEP) from error
        raise Damaged(f"{name}: {error}") from error
    except ValueError as error:
        raise Damaged(f"{name}: {error}") from error
    if root is None or root.getroottree().docinfo.internalDTD is not None:
        raise Damaged(f"{name} brings a document type")
    return root


@cache
def _parser() -> etree.XMLParser:
    return etree.XMLParser(
        resolve_entities=False,
        load_dtd=False,
        no_network=True,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )


def _as_transitional(content: bytes) -> bytes:
    for strict, transitional in _TRANSITIONAL:
        content = content.replace(strict, transitional)
    return _STRICT_DRAWING.sub(rb"http://schemas.openxmlformats.org/drawingml/2006/\1", content)


def _open(content: bytes) -> zipfile.ZipFile:
    if content.startswith(OLE_MAGIC):
        if "encryptedpackage" in CompoundFile(content).names:
            raise Encrypted("EncryptedPackage in a compound file")
        raise Damaged("a compound file instead of a zip")
    try:
        return zipfile.ZipFile(io.BytesIO(content))
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError, OverflowError, RuntimeError) as error:
        raise Damaged(f"not a zip: {error}") from error


def _members(members: Sequence[Member | zipfile.ZipInfo]) -> dict[str, Member | zipfile.ZipInfo]:
    if len(members) > MAX_MEMBERS:
        raise TooLarge(f"{len(members)} members")
    if sum(member.file_size for member in members) > MAX_TOTAL_BYTES:
        raise TooLarge("the members unpack to too many bytes")
    return {member.filename.replace("\\", "/").lstrip("/").lower(): member for member in members}


def _stored(content: bytes, member: Member | zipfile.ZipInfo) -> bytes:
    """A member's bytes as stored, behind its local header (APPNOTE.TXT 4.3.7)."""
    at = member.header_offset
    if content[at : at + 4] != b"PK\x03\x04" or len(content) < at + _LOCAL_HEADER:
        raise Damaged(f"{member.filename}: no local header")
    name, extra = struct.unpack_from("<HH", content, at + 26)
    start = at + _LOCAL_HEADER + name + extra
    return content[start : start + member.compress_size]


def _inflated(data: bytes, size: int) -> bytes:
    """Deflated data unpacked, and no more of it than the size it should have."""
    return zlib.decompressobj(-zlib.MAX_WBITS).decompress(data, max(1, size))  # 0 would mean without a bound


def _check_size(member: Member | zipfile.ZipInfo, limit: int) -> None:
    size = member.file_size
    if size > limit:
        raise TooLarge(f"{member.filename} declares {size} bytes")
    if size > RATIO_FREE_BYTES and size > MAX_RATIO * max(member.compress_size, 1):
        raise TooLarge(f"{member.filename} is packed {size // max(member.compress_size, 1)} to 1")


def _resolve(folder: str, target: str) -> str:
    target = unquote(target).replace("\\", "/")
    path = target.lstrip("/") if target.startswith("/") else posixpath.join(folder, target)
    return posixpath.normpath(path)
