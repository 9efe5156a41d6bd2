from interactions.models.case import Assignment, Case, Change, Participant, Tagging, case_stream
from interactions.models.interaction import Interaction, Segment, WaitingRecord
from interactions.models.message import (
    AddressLine,
    Attachment,
    Delivery,
    DeliveryRecipient,
    DeliveryStep,
    Draft,
    Message,
    SearchEntry,
)
from interactions.models.pace import Pace
from interactions.models.queue import Queue
from interactions.models.sla_clock import SlaClock
from interactions.models.submission import Submission
from interactions.models.tag import Tag

__all__ = [
    "AddressLine",
    "Assignment",
    "Attachment",
    "Case",
    "Change",
    "Delivery",
    "DeliveryRecipient",
    "DeliveryStep",
    "Draft",
    "Interaction",
    "Message",
    "Pace",
    "Participant",
    "Queue",
    "SearchEntry",
    "Segment",
    "SlaClock",
    "Submission",
    "Tag",
    "Tagging",
    "WaitingRecord",
    "case_stream",
]
