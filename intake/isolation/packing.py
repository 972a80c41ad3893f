"""Values on the line between parent and child: pickled, our own plain objects as their class and its arguments.

The standard library takes a frozen dataclass with slots apart, and puts it together again, by asking for its fields
one after another, in Python: twice as much work for a reading, and half of what the parent does to have a mail read.
"""

from __future__ import annotations

import dataclasses
import io
import operator
import pickle
from collections.abc import Callable
from typing import Any


def packed(value: object) -> bytes:
    """The frame of a value; `pickle.loads` makes it again. Raises what pickling raises."""
    frame = io.BytesIO()
    _Pickler(frame, pickle.HIGHEST_PROTOCOL).dump(value)
    return frame.getvalue()


class _Pickler(pickle.Pickler):
    def reducer_override(self, value: object) -> Any:
        kind = type(value)
        if kind not in _KNOWN:
            _KNOWN[kind] = _arguments_of(kind)
        arguments_of = _KNOWN[kind]
        return NotImplemented if arguments_of is None else (kind, arguments_of(value))


_KNOWN: dict[type, Callable[[Any], Any] | None] = {}


def _arguments_of(kind: type) -> Callable[[Any], Any] | None:
    """How an object gives the arguments that make another like it; None where it is not as plain as that."""
    plain = dataclasses.is_dataclass(kind) and kind.__dictoffset__ == 0 and kind.__reduce__ is object.__reduce__
    if not plain or hasattr(kind, "__post_init__"):
        return None
    fields = dataclasses.fields(kind)
    if len(fields) < 2 or not all(field.init and not field.kw_only for field in fields):  # one alone comes as no tuple
        return None
    return operator.attrgetter(*(field.name for field in fields))
