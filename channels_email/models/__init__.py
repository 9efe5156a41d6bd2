from channels_email.models.acknowledgement import Acknowledgement
from channels_email.models.known_message_id import KnownMessageId
from channels_email.models.mailbox import MailAlias, Mailbox, MailFolder
from channels_email.models.raw_email import RawEmail

__all__ = ["Acknowledgement", "KnownMessageId", "MailAlias", "MailFolder", "Mailbox", "RawEmail"]
