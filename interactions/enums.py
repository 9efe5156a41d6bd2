from django.db.models import IntegerChoices, TextChoices


class CaseStatus(TextChoices):
    NEW = "new", "New"
    OPEN = "open", "Open"
    WAITING_CUSTOMER = "waiting_customer", "Waiting for customer"
    WAITING_INSIDE = "waiting_inside", "Waiting inside"
    RESOLVED = "resolved", "Resolved"
    CLOSED = "closed", "Closed"


UNFINISHED = (CaseStatus.NEW, CaseStatus.OPEN, CaseStatus.WAITING_CUSTOMER, CaseStatus.WAITING_INSIDE)
FINISHED = (CaseStatus.RESOLVED, CaseStatus.CLOSED)


class Priority(IntegerChoices):
    LOW = 1, "Low"
    NORMAL = 2, "Normal"
    HIGH = 3, "High"
    URGENT = 4, "Urgent"


class ChannelName(TextChoices):
    EMAIL = "email", "E-mail"
    CHAT = "chat", "Chat"
    SMS = "sms", "Text message"
    VOICE = "voice", "Phone"
    WEB = "web", "Web"
    VISIT = "visit", "Store visit"
    SURVEY = "survey", "Survey"


class Direction(TextChoices):
    INBOUND = "in", "Inbound"
    OUTBOUND = "out", "Outbound"
    INTERNAL = "internal", "Internal"


class MessageKind(TextChoices):
    MESSAGE = "message", "Message"
    NOTE = "note", "Internal note"
    ACKNOWLEDGEMENT = "acknowledgement", "Acknowledgement"
    AUTOMATIC = "automatic", "Automatic message"


class Party(TextChoices):
    """Who wrote a message, as far as we can be sure."""

    CUSTOMER = "customer", "Customer"
    AGENT = "agent", "Agent"
    SYSTEM = "system", "The contact center"
    PARTICIPANT = "participant", "Known participant"
    STRANGER = "stranger", "Stranger to this case"


class DeliveryState(TextChoices):
    QUEUED = "queued", "Queued"
    HELD = "held", "Held for undo"
    TRANSMITTING = "transmitting", "Being sent"
    SENT = "sent", "Sent"
    FAILED = "failed", "Failed"
    UNKNOWN = "unknown", "Not known whether it arrived"
    WITHDRAWN = "withdrawn", "Withdrawn"


class WaitOutcome(TextChoices):
    ACCEPTED = "accepted", "Accepted by an agent"
    ANSWERED = "answered", "Answered"
    WITHDRAWN = "withdrawn", "Withdrawn"


class SegmentOutcome(TextChoices):
    OFFERED = "offered", "Offered"
    HANDLING = "handling", "Being handled"
    DECLINED = "declined", "Declined"
    EXPIRED = "expired", "Not answered in time"
    WITHDRAWN = "withdrawn", "Withdrawn"
    ENDED = "ended", "Ended"


class DraftKind(TextChoices):
    REPLY = "reply", "Reply"
    NOTE = "note", "Note"


class ChangeKind(TextChoices):
    """The facts about a case that its trail keeps."""

    OPENED = "opened", "Opened"
    STATUS = "status", "Status"
    PRIORITY = "priority", "Priority"
    QUEUE = "queue", "Queue"
    OWNER = "owner", "Owner"
    TAGGED = "tagged", "Tag added"
    UNTAGGED = "untagged", "Tag removed"
    SUBJECT = "subject", "Subject"
    PARTICIPANT = "participant", "Participant"
