"""Small RTF files in the manner of Word and WPS: Chinese as bytes of GBK, what GBK lacks as \\u."""

from __future__ import annotations

HEADER = (
    r"{\rtf1\ansi\ansicpg936\deff1\deflang1033\deflangfe2052{\fonttbl{\f0\froman\fcharset0\fprq2{\*\panose 02020603}"
    r"Times New Roman{\*\falt Times};}{\f1\fnil\fcharset134 宋体;}{\f2\fnil\fcharset2 Wingdings;}"
    r"{\f3\froman\fcharset2 Wingdings 2;}{\f4\froman\fcharset2 Symbol;}{\f5\fnil\fcharset2 Webdings;}"
    r"{\f6\fnil\fcharset128 MS Gothic;}{\f7\froman\fcharset136 PMingLiU;}{\f8\fnil\fcharset129 Batang;}}"
    r"{\colortbl;\red0\green0\blue0;\red255\green0\blue0;\red255\green255\blue0;\red166\green166\blue166;"
    r"\red255\green255\blue255;}{\stylesheet{\s0 Normal;}{\*\cs10 \additive Default;}}{\*\generator Sample 1;}"
    r"{\info{\title 不读}}\viewkind4\uc1\pard\plain\f1\fs21 "
)


def encoded(text: str) -> bytes:
    """ASCII as it is, Chinese as \\'xx, anything else as \\u with one character in its place."""
    found = []
    for character in text:
        raw = character.encode("gb18030")
        if len(raw) == 1:
            found.append(character)
        elif len(raw) == 2:
            found.append("".join(f"\\'{byte:02x}" for byte in raw))
        else:
            units = character.encode("utf-16-le")
            for at in range(0, len(units), 2):
                found.append(f"\\u{int.from_bytes(units[at : at + 2], 'little', signed=True)}?")
    return "".join(found).encode("ascii")


def rtf(body: str, header: str = HEADER) -> bytes:
    """A whole file around a body of RTF."""
    return encoded(header + body + "\\par}")


def field(instruction: str, result: str = "", form: str = "") -> str:
    data = rf"{{\*\formfield{{{form}}}}}" if form else ""
    return rf"{{\field\flddirty{{\*\fldinst {{{instruction}}}{data}}}{{\fldrslt {{{result}}}}}}}"


def cell(text: str) -> str:
    return rf"\pard\intbl\qc {{{text}}}\cell "


def row(*texts: str, edges: tuple[int, ...] = (), words: tuple[str, ...] = (), more: str = "") -> str:
    """A row of a table; `words` stand before the \\cellx of each cell."""
    edges = edges or tuple(2000 * (index + 1) for index in range(len(texts)))
    words = words or ("",) * len(texts)
    definition = "".join(rf"{word}\clbrdrt\brdrs\brdrw10\cellx{edge}" for word, edge in zip(words, edges, strict=True))
    start = rf"\trowd\trgaph108\trleft0{more}{definition}"
    return start + "".join(map(cell, texts)) + rf"{{{start}\row}}"


def shape(inner: str = "", *, left: int = 0, width: int = 300, words: str = r"\shpbxcolumn", **values: str) -> str:
    """A \\shp: a text box where there is text, with its properties by name."""
    properties = "".join(rf"{{\sp{{\sn {name}}}{{\sv {value}}}}}" for name, value in values.items())
    text = rf"{{\shptxt \pard\plain\f1 {inner}\par}}" if inner else ""
    place = rf"\shpleft{left}\shptop0\shpright{left + width}\shpbottom300{words}\shpbypara\shpwr3"
    return rf"{{\shp{{\*\shpinst{place}{properties}{text}}}{{\shprslt{{\*\do\dptxbx x}}}}}}"


def picture(content: bytes, size: int = 300) -> str:
    return (
        rf"{{\*\shppict{{\pict\pngblip\picwgoal{size}\pichgoal{size}" + "\n" + content.hex() + "}}"
        r"{\nonshppict{\pict\wmetafile8 00}}"
    )
