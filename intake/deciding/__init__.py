"""What shall be done about one mail: pure rules from a reading, what is known, and the time."""

from intake.deciding.rules import decide, decide_unread

__all__ = ["decide", "decide_unread"]
