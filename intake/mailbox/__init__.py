"""The IMAP edge: what lies in the mailbox, fetched without changing anything in it.

`connecting` signs in and plans, `session` is what can be asked during one poll, `wire` the commands,
`fetching`, `folders` and `polling` the rules without I/O.
"""

from intake.mailbox.connecting import Account, connect, plan
from intake.mailbox.folders import Folder
from intake.mailbox.polling import Envelope, FolderMark, Plan
from intake.mailbox.session import Session
from intake.mailbox.wire import FolderStatus

__all__ = ["Account", "Envelope", "Folder", "FolderMark", "FolderStatus", "Plan", "Session", "connect", "plan"]
