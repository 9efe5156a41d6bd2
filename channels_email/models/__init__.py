from channels_email.models.acknowledgement import Acknowledgement
from channels_email.models.known_message_id import KnownMessageId
from channels_email.models.mailbox import MailAlias, Mailbox, MailFolder
from channels_email.models.mailbox_trial import MailboxTrial
from channels_email.models.raw_email import RawEmail
from channels_email.models.reprocessing import Reprocessing

__all__ = [
    "Acknowledgement",
    "KnownMessageId",
    "MailAlias",
    "MailFolder",
    "Mailbox",
    "MailboxTrial",
    "RawEmail",
    "Reprocessing",
]
