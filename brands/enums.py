from django.db.models import TextChoices


class WayKind(TextChoices):
    """The ways in which a customer can reach a brand."""

    EMAIL = "email", "E-mail"
    PHONE = "phone", "Phone"
    CHAT = "chat", "Chat"
    SMS = "sms", "Text message"
    HELP = "help", "Help centre"
