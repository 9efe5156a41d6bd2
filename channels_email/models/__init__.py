from channels_email.models.acknowledgement import Acknowledgement
from channels_email.models.blocked_sender import BlockedSender
from channels_email.models.known_message_id import KnownMessageId
from channels_email.models.mailbox import MailAlias, Mailbox, MailFolder
from channels_email.models.mailbox_trial import MailboxTrial
from channels_email.models.raw_email import RawEmail
from channels_email.models.reprocessing import Reprocessing
from channels_email.models.signing_key import SigningKey
from channels_email.models.spam_mail import SpamMail

__all__ = [
    "Acknowledgement",
    "BlockedSender",
    "KnownMessageId",
    "MailAlias",
    "MailFolder",
    "Mailbox",
    "MailboxTrial",
    "RawEmail",
    "Reprocessing",
    "SigningKey",
    "SpamMail",
]
