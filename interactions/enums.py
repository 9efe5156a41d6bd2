from django.db.models import IntegerChoices, TextChoices


class CaseStatus(TextChoices):
    NEW = "new", "New"
    OPEN = "open", "Open"
    WAITING_CUSTOMER = "waiting_customer", "Waiting for customer"
    WAITING_INSIDE = "waiting_inside", "Waiting inside"
    RESOLVED = "resolved", "Resolved"
    CLOSED = "closed", "Closed"


UNFINISHED = (CaseStatus.NEW, CaseStatus.OPEN, CaseStatus.WAITING_CUSTOMER, CaseStatus.WAITING_INSIDE)
WAITING = (CaseStatus.WAITING_CUSTOMER, CaseStatus.WAITING_INSIDE)
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
    FORWARD = "forward", "To a third party"
    LOG = "log", "Logged by hand"


class Party(TextChoices):
    """Who wrote a message, as far as we can be sure."""

    CUSTOMER = "customer", "Customer"
    AGENT = "agent", "Agent"
    SYSTEM = "system", "The contact center"
    PARTICIPANT = "participant", "Known participant"
    THIRD_PARTY = "third_party", "Third party, asked by us"
    STRANGER = "stranger", "Stranger to this case"


ASIDE = (Party.THIRD_PARTY, Party.STRANGER)
"""Whose words in a case are not between the customer and us: never answered, quoted or shown to the customer."""


class RecipientRole(TextChoices):
    TO = "to", "To"
    CC = "cc", "Copy"
    BCC = "bcc", "Hidden copy"


class Disposition(TextChoices):
    """What a contact that was logged by hand came to."""

    SOLVED = "solved", "Solved"
    INFORMED = "informed", "Information given"
    PROMISED = "promised", "Something promised"
    PASSED_ON = "passed_on", "Passed on"
    NOT_REACHED = "not_reached", "Nobody reached"
    OTHER = "other", "Something else"


class SenderDoubt(TextChoices):
    """Why one should look twice before believing that a message comes from whom it names."""

    NONE = "", "—"
    UNVERIFIED = "unverified", "Nobody vouches for the sender"
    FAILED = "failed", "The check of the sender failed"
    COLLEAGUE = "colleague", "In the name of a colleague"


class Protection(TextChoices):
    """What a message was wrapped in on its way to us."""

    NONE = "", "—"
    SIGNED = "signed", "Signed, not verified"
    ENCRYPTED = "encrypted", "Encrypted, cannot be read here"


class DeliveryState(TextChoices):
    QUEUED = "queued", "Queued"
    HELD = "held", "Held for undo"
    TRANSMITTING = "transmitting", "Being sent"
    SENT = "sent", "Sent"
    DELAYED = "delayed", "Sent, still on its way"
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
    FORWARD = "forward", "To a third party"


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
    SERVICE_LEVEL = "promise", "Service level"
    COMPLAINT = "complaint", "Complaint"


class ClockKind(TextChoices):
    """What is promised about a case, each with a clock of its own."""

    FIRST_RESPONSE = "first_response", "First answer"
    NEXT_RESPONSE = "next_response", "Next answer"
    RESOLUTION = "resolution", "Solution"


RESPONSES = (ClockKind.FIRST_RESPONSE, ClockKind.NEXT_RESPONSE)


class ClockOutcome(TextChoices):
    RUNNING = "", "—"
    MET = "met", "In time"
    BREACHED = "breached", "Too late"
    CANCELLED = "cancelled", "Not promised any more"
