"""Pictures and scans that a first reading left unread for want of OCR. Imports no reader: the parent asks."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, TypeVar

from intake.contents import Reading
from intake.errors import UNREADABLE, NoOcr, Unreadable

if TYPE_CHECKING:
    from intake.reading import FileReading

R = TypeVar("R", Reading, "FileReading")


def unread(result: Reading | FileReading) -> bool:
    """Whether a picture or scan was left unread for want of OCR."""
    return any(fault.code == NoOcr.code for fault in result.faults)


def left_unread(result: R, code: str) -> R:
    """The result with the reason why its pictures could not be read after all."""
    sentence = UNREADABLE.get(code, Unreadable).__doc__ or ""
    faults = [
        replace(fault, code=code, sentence=sentence) if fault.code == NoOcr.code else fault for fault in result.faults
    ]
    return replace(result, faults=tuple(faults))
