from django.db.models import TextChoices


class Folder(TextChoices):
    """Where a mail lies in a customer's mailbox."""

    INBOX = "inbox", "Inbox"
    SENT = "sent", "Sent"
