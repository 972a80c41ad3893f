"""Tells somebody by a way that is not the account itself: a second account over SMTP, a command.

Promises: what raises anything but Unsure has told nobody; a command gets the text on standard input, runs without a
shell, and no longer than it is given.
"""

from __future__ import annotations

import html
import os
import signal
import subprocess
from collections.abc import Sequence
from datetime import datetime
from email.utils import make_msgid

from intake.beijing import BEIJING
from intake.errors import Permanent, ServerRefused, Unsure
from outbox import mime, smtp
from outbox.outcomes import Doubt, Sent

NAME = "登记程序告警"


def by_mail(
    server: smtp.Server, sender: str, recipients: Sequence[str], subject: str, lines: Sequence[str], now: datetime
) -> None:
    """A mail to each; enough if one of them may have got it. Raises what `smtp.open_session` raises, ServerRefused."""
    session = smtp.open_session(server)
    try:
        outcomes = [
            session.send(sender, recipient, _mail(sender, recipient, subject, lines, now))
            for recipient in recipients
            if session.alive
        ]
    finally:
        session.close()
    if not any(isinstance(outcome, Sent | Doubt) for outcome in outcomes):
        raise ServerRefused("; ".join(map(str, outcomes)))


def by_command(command: Sequence[str], text: str, seconds: float) -> None:
    """Run it with the text (UTF-8) on standard input; raises Permanent where it cannot run or says that it failed.

    One that does not end in time is stopped, with all that it started: Unsure, for it may have told.
    """
    try:
        running = subprocess.Popen(
            list(command), stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
            start_new_session=True,
        )  # fmt: skip
    except OSError as error:
        raise Permanent(str(error), sentence=f"告警命令无法运行（{error.strerror}），请检查其路径和权限。") from error
    try:
        running.communicate(text.encode(), timeout=seconds)
    except subprocess.TimeoutExpired as error:
        _stop(running)
        raise Unsure(f"stopped after {seconds:g} s") from error
    if running.returncode:
        raise Permanent(f"exit code {running.returncode}", sentence=f"告警命令以退出码 {running.returncode} 失败。")


def _stop(running: subprocess.Popen[bytes]) -> None:
    if hasattr(os, "killpg"):
        os.killpg(running.pid, signal.SIGKILL)
    else:
        running.kill()
    running.communicate()


def _mail(sender: str, recipient: str, subject: str, lines: Sequence[str], now: datetime) -> bytes:
    envelope = mime.Envelope(
        sender=sender, sender_name=NAME, recipient=recipient, subject=subject, date=now.astimezone(BEIJING),
        message_id=make_msgid(domain=sender.rpartition("@")[2]), kind="alert", auto_submitted="auto-generated",
    )  # fmt: skip
    paragraphs = "".join(f'<p style="margin:0 0 10px;">{html.escape(line)}</p>' for line in lines)
    page = f'<div style="font-size:15px;line-height:1.7;color:#1f2329;">{paragraphs}</div>'
    return mime.build(envelope, "\n\n".join(lines) + "\n", page)
