"""Modified UTF-7 written apart from the product's own, so that one mistake cannot hide the other."""

from __future__ import annotations


def encoded(name: str) -> str:
    """RFC 3501, 5.1.3, by way of Python's UTF-7: `+` shifts there, `&` here, and `,` stands for `/`."""
    out, run = "", ""
    for character in name + "\0":
        if character >= "\x80":
            run += character
            continue
        if run:
            out += "&" + run.encode("utf-7").decode("ascii")[1:-1].replace("/", ",") + "-"
            run = ""
        out += "&-" if character == "&" else character
    return out[:-1]
