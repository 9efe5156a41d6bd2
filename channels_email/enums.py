from django.db.models import TextChoices


class Door(TextChoices):
    """The ways in which a mail reaches us."""

    SMTP = "smtp", "SMTP listener"
    IMAP = "imap", "IMAP mailbox"
    CLI = "cli", "Command line"
    WEBHOOK = "webhook", "Provider webhook"
    LMTP = "lmtp", "LMTP listener"


class RawState(TextChoices):
    """What became of a raw mail. Every one ends in one of the last six; `received` ones are still to be understood."""

    RECEIVED = "received", "Received"
    MESSAGE = "message", "Became a message"
    DUPLICATE = "duplicate", "Was here already"
    IGNORED = "ignored", "Ignored with a reason"
    SPAM = "spam", "Marked as spam"
    QUARANTINED = "quarantined", "Could not be understood"
    REFUSED = "refused", "Refused at the door"


class SpamFilter(TextChoices):
    """The filter that mail to a mailbox passes before it reaches us, and whose marks are therefore believed."""

    NONE = "", "None"
    SPAMASSASSIN = "spamassassin", "SpamAssassin (X-Spam-Flag, X-Spam-Status)"
    RSPAMD = "rspamd", "Rspamd (X-Spam, X-Spamd-Result)"
    MICROSOFT = "microsoft", "Microsoft 365 (spam confidence level)"
    OTHER = "other", "Another: the field and value below"


class Security(TextChoices):
    """How a connection to a mail server is protected. Certificates are always checked."""

    TLS = "tls", "TLS from the first byte"
    STARTTLS = "starttls", "STARTTLS"
    NONE = "none", "Unprotected"


class SignIn(TextChoices):
    """How we show a mailbox's servers who we are: by a password, or by a token of the provider's (OAuth 2)."""

    PASSWORD = "password", "User and password"
    GOOGLE = "google", "Google account"
    MICROSOFT = "microsoft", "Microsoft account"


class AcknowledgementState(TextChoices):
    DUE = "due", "To be written"
    WRITTEN = "written", "Written"
    SKIPPED = "skipped", "Left out with a reason"


class Situation(TextChoices):
    """How things stood when an acknowledgement was worded, in the order in which they matter to the customer."""

    HOLIDAY = "holiday", "Closed for a holiday"
    CLOSED = "closed", "Outside our hours"
    NOBODY = "nobody", "Nobody present"
    BUSY = "busy", "Longer than usual"
    NORMAL = "normal", "As usual"
