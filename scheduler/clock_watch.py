"""Whether this machine's clock can be right, by what the register and the servers say. Pure.

Sound evidence alone: no time that was written lies in the future; the provider's two marks on a mail lie in the past;
and a server that names its time in a reply was heard at that very moment. Source: part 8, When received.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from intake.beijing import moment
from storage.server_clock import Heard

CLOCK_OFF = timedelta(minutes=5)


def is_off(heard: Heard) -> bool:
    """Whether the two clocks differed."""
    return abs(heard.here - heard.there) > CLOCK_OFF


def was_set_back(heard: Heard, now: datetime) -> bool:
    """Whether a clock that was ahead has been set back since: the present lies before what it showed then."""
    return heard.here - heard.there > CLOCK_OFF and heard.there - CLOCK_OFF <= now < heard.here


def fault(now: datetime, written: datetime | None, marked: datetime | None, heard: Heard | None) -> str:
    """What is wrong, as words; "" where nothing is known against the clock.

    `written` is the newest time that a run has put into the register, which counts only where the clock has never been
    off; `marked` that of the provider on the newest mail.
    """
    if heard and heard.here - heard.there > CLOCK_OFF and now >= heard.here:
        return ahead(heard)
    known = [written if heard is None else heard.there, marked]
    newest = max((time for time in known if time is not None), default=None)
    if newest is None or newest - now <= CLOCK_OFF:
        return ""
    return f"本机时钟为{moment(now)}，而登记库和邮件服务器已有{moment(newest)}的记录"


def ahead(heard: Heard) -> str:
    minutes = int((heard.here - heard.there).total_seconds() // 60)
    return f"本机时钟比邮件服务器快{minutes}分钟：服务器应答时为{moment(heard.there)}，本机显示{moment(heard.here)}"
