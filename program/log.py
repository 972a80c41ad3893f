"""The log: one event a line on standard error, the mail's id first, telephones and addresses masked."""

from __future__ import annotations

import logging
import re
import sys
from collections.abc import MutableMapping
from typing import Any, Literal

# structlog loads rich, if it can, for coloured tracebacks, which this log has none of: a tenth of a run's start.
_ALONE = "rich" not in sys.modules
if _ALONE:
    sys.modules["rich"] = None  # type: ignore[assignment]
import structlog  # noqa: E402

if _ALONE:
    del sys.modules["rich"]

_ADDRESS = re.compile(r"([\w.+-]{1,64})@([\w.-]+)")
# Seven digits or more, the usual separators among them; a date is none.
_NUMBER = re.compile(r"(?<![0-9A-Za-z_])(?!\d{4}-\d{2}-\d{2}(?!\d))\d(?:[-()（） ]{0,2}\d){6,}(?![0-9A-Za-z_])")
FIRST = ("mail", "letter")


def configure(level: str, form: Literal["text", "json"]) -> None:
    """Set the log up for this process."""
    last = structlog.processors.JSONRenderer(ensure_ascii=False) if form == "json" else render
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=False),
            structlog.processors.format_exc_info,
            masked,
            last,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(getattr(logging, level.upper())),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=False,
    )


def masked(logger: Any, name: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Mask addresses and telephone numbers in every text of the event."""
    for key, value in event.items():
        if isinstance(value, str) and key not in ("timestamp", "mail"):
            event[key] = mask(value)
    return event


def mask(text: str) -> str:
    """`liu@example.cn` becomes `l***@example.cn`, a number of seven digits or more keeps its ends."""
    if "@" in text:
        text = _ADDRESS.sub(lambda found: f"{found[1][0]}***@{found[2]}", text)
    return _NUMBER.sub(lambda found: f"{found[0][:3]}****{found[0][-2:]}", text) if len(text) > 6 else text


def render(logger: Any, name: str, event: MutableMapping[str, Any]) -> str:
    """`time level mail=… event key=value …`, an exception on the lines below."""
    when, level, what = event.pop("timestamp"), event.pop("level"), event.pop("event")
    trace = event.pop("exception", "")
    ids = [f"{key}={event.pop(key)}" for key in FIRST if key in event]
    rest = [f"{key}={_short(value)}" for key, value in event.items()]
    line = " ".join([when, level, *ids, what, *rest])
    return f"{line}\n{trace}" if trace else line


def _short(value: Any) -> str:
    text = value if isinstance(value, str) else repr(value)
    text = text.replace("\n", "\\n")
    return f'"{text}"' if " " in text or not text else text
