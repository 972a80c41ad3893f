"""Small OpenDocument files in the manner of LibreOffice, written as raw XML."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping

from reader_samples import zipped

NAMESPACES = " ".join(
    f'xmlns:{prefix}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"'
    for prefix, name in {
        "office": "office", "style": "style", "text": "text", "table": "table", "draw": "drawing", "form": "form",
        "meta": "meta", "fo": "xsl-fo-compatible", "svg": "svg-compatible",
    }.items()
) + (
    ' xmlns:xlink="http://www.w3.org/1999/xlink" xmlns:dc="http://purl.org/dc/elements/1.1/"'
    ' xmlns:field="urn:openoffice:names:experimental:ooo-ms-interop:xmlns:field:1.0"'
    ' xmlns:loext="urn:org:documentfoundation:names:experimental:office:xmlns:loext:1.0"'
)  # fmt: skip
FONTS = (
    "<office:font-face-decls>"
    + "".join(
        f'<style:font-face style:name="{name}" svg:font-family="{family}"/>'
        for name, family in {
            "宋体": "宋体",
            "Wingdings": "Wingdings",
            "W2": "&apos;Wingdings 2&apos;",
            "Sym": "Symbol",
        }.items()
    )
    + "</office:font-face-decls>"
)
KIND = "application/vnd.oasis.opendocument."


def style(name: str, properties: str, family: str = "text", kind: str = "text", more: str = "") -> str:
    return (
        f'<style:style style:name="{name}" style:family="{family}" {more}>'
        f"<style:{kind}-properties {properties}/></style:style>"
    )


STYLES = "".join(
    style(name, properties)
    for name, properties in {
        "strike": 'style:text-line-through-style="solid" style:text-line-through-type="single"',
        "double": 'style:text-line-through-type="double"',
        "nostrike": 'style:text-line-through-style="none" style:text-line-through-type="none"',
        "yellow": 'fo:background-color="#ffff00"',
        "white": 'fo:background-color="#ffffff"',
        "under": 'style:text-underline-style="wave"',
        "dots": 'style:text-emphasize="dot below"',
        "bold": 'fo:font-weight="bold" style:font-weight-asian="bold"',
        "asian": 'style:font-weight-asian="700"',
        "red": 'fo:color="#ff0000" loext:opacity="100%"',
        "grey": 'fo:color="#a6a6a6"',
        "auto": 'fo:color="#000000" style:use-window-font-color="true"',
        "border": 'fo:border="0.5pt solid #000000"',
        "noborder": 'fo:border="none"',
        "hidden": 'text:display="none"',
        "W": 'style:font-name="Wingdings" style:font-name-asian="Wingdings"',
        "W2": 'style:font-name="W2"',
        "WA": 'style:font-name-asian="Wingdings"',
        "S": 'style:font-name="Sym"',
        "Placeholder_20_Text": 'fo:color="#808080"',
        "named": 'fo:font-family="Wingdings"',
    }.items()
)
PARAGRAPHS = (
    style("Shaded", 'fo:background-color="#ffff00"', "paragraph", "paragraph")
    + style("Label", 'fo:font-weight="bold"', "paragraph")
    + style("Child", 'fo:color="#ff0000"', "paragraph", more='style:parent-style-name="Label"')
    + style("Loop", 'fo:font-weight="bold"', "paragraph", more='style:parent-style-name="Loop"')
    + style("hollow", 'draw:fill="none" style:horizontal-rel="paragraph"', "graphic", "graphic")
    + style("yellowcell", 'fo:background-color="#ffff00"', "table-cell", "table-cell")
    + style("redcell", 'fo:color="#ff0000"', "table-cell")
    + style("wide", 'style:column-width="5cm"', "table-column", "table-column")
    + '<text:list-style style:name="L1">'
    '<text:list-level-style-number text:level="1" style:num-format="1" style:num-suffix="."/>'
    '<text:list-level-style-number text:level="2" style:num-format="一, 二, 三, ..." style:num-prefix="（"'
    ' style:num-suffix="）"/></text:list-style>'
    '<text:list-style style:name="L2"><text:list-level-style-bullet text:level="1" text:bullet-char="¨">'
    '<style:text-properties style:font-name="Wingdings"/></text:list-level-style-bullet></text:list-style>'
    '<text:list-style style:name="L3"><text:list-level-style-bullet text:level="1" text:bullet-char="•"/>'
    "</text:list-style>"
)
DEFAULT = (
    '<style:default-style style:family="paragraph"><style:text-properties style:use-window-font-color="true"'
    ' fo:font-size="12pt"/></style:default-style>'
)


def content(body: str, kind: str = "text", before: str = "") -> str:
    return (
        f'<?xml version="1.0" encoding="UTF-8"?>\n<office:document-content {NAMESPACES} office:version="1.3">{FONTS}'
        f"<office:automatic-styles>{STYLES}{PARAGRAPHS}</office:automatic-styles>"
        f"<office:body><office:{kind}>{before}{body}</office:{kind}></office:body></office:document-content>"
    )


def odt(
    body: str, *, kind: str = "text", before: str = "", meta: str = "", parts: Mapping[str, str | bytes] | None = None
) -> bytes:
    """A whole file around a body; `before` stands at its head (forms, tracked changes)."""
    packed = zipped(
        {
            "content.xml": content(body, kind, before),
            "styles.xml": f"<office:document-styles {NAMESPACES}><office:styles>{DEFAULT}</office:styles>"
            "</office:document-styles>",
            "meta.xml": f"<office:document-meta {NAMESPACES}><office:meta>{meta}</office:meta></office:document-meta>",
            "META-INF/manifest.xml": "<manifest/>",
            **(parts or {}),
        }
    )
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive, zipfile.ZipFile(io.BytesIO(packed)) as members:
        archive.writestr("mimetype", KIND + kind)
        for name in members.namelist():
            archive.writestr(name, members.read(name), zipfile.ZIP_DEFLATED)
    return buffer.getvalue()


def p(inner: str, style: str = "P1") -> str:
    return f'<text:p text:style-name="{style}">{inner}</text:p>'


def span(text: str, style: str) -> str:
    return f'<text:span text:style-name="{style}">{text}</text:span>'


def cell(inner: str, more: str = "") -> str:
    return f"<table:table-cell {more}>{p(inner) if inner else '<text:p/>'}</table:table-cell>"


def table(*rows: str, columns: int = 2) -> str:
    return (
        f'<table:table table:name="T"><table:table-column table:number-columns-repeated="{columns}"/>'
        + "".join(f"<table:table-row>{row}</table:table-row>" for row in rows)
        + "</table:table>"
    )


COVERED = "<table:covered-table-cell/>"


def frame(inner: str, *, x: str = "", width: str = "0.5cm", style: str = "hollow", tag: str = "frame") -> str:
    """A frame or shape; in the line unless `x` gives its place."""
    anchor = f'text:anchor-type="paragraph" svg:x="{x}"' if x else 'text:anchor-type="as-char"'
    return f'<draw:{tag} draw:style-name="{style}" {anchor} svg:width="{width}" svg:height="0.5cm">{inner}</draw:{tag}>'


def text_box(inner: str) -> str:
    return f"<draw:text-box>{inner}</draw:text-box>"


def field_mark(kind: str, parameters: Mapping[str, str] | None = None, tag: str = "fieldmark") -> str:
    rows = "".join(
        f'<field:param field:name="{name}" field:value="{value}"/>' for name, value in (parameters or {}).items()
    )
    return f'<field:{tag} field:type="vnd.oasis.opendocument.field.{kind}">{rows}</field:{tag}>'
