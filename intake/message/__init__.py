"""From the bytes of a mail to a Message: entities, charsets, header fields, files, what is new and what is quoted."""

from intake.message.outlook_msg import mail_of_msg
from intake.message.parsing import parse

__all__ = ["mail_of_msg", "parse"]
