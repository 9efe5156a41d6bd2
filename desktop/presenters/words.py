"""The look of the vocabulary: which icon, word and tone stand for a status, a channel, a priority, a delivery."""

from __future__ import annotations

from dataclasses import dataclass

from interactions.enums import CaseStatus, ChannelName, DeliveryState, Priority


@dataclass(frozen=True)
class Look:
    """A state as people see it: never by colour alone. `tone` is '', accent, success, warning or danger."""

    value: str
    label: str
    icon: str
    tone: str = ""


@dataclass(frozen=True)
class Face:
    """A person as a small round picture: initials on one of eight tints."""

    name: str
    initials: str
    hue: int


STATUS = {
    CaseStatus.NEW: Look("new", "New", "circle-dot", "accent"),
    CaseStatus.OPEN: Look("open", "Open", "circle", "accent"),
    CaseStatus.WAITING_CUSTOMER: Look("waiting_customer", "Waiting for customer", "hourglass"),
    CaseStatus.WAITING_INSIDE: Look("waiting_inside", "Waiting inside", "clock-pause", "warning"),
    CaseStatus.RESOLVED: Look("resolved", "Resolved", "circle-check", "success"),
    CaseStatus.CLOSED: Look("closed", "Closed", "archive"),
}
PRIORITY = {
    Priority.LOW: Look("1", "Low", "arrow-down"),
    Priority.NORMAL: Look("2", "Normal", "equal"),
    Priority.HIGH: Look("3", "High", "arrow-up", "warning"),
    Priority.URGENT: Look("4", "Urgent", "alert-triangle", "danger"),
}
CHANNEL = {
    ChannelName.EMAIL: Look("email", "E-mail", "mail"),
    ChannelName.CHAT: Look("chat", "Chat", "message-circle"),
    ChannelName.SMS: Look("sms", "Text message", "device-mobile"),
    ChannelName.VOICE: Look("voice", "Phone", "phone"),
    ChannelName.WEB: Look("web", "Web", "world"),
    ChannelName.VISIT: Look("visit", "Store visit", "building"),
    ChannelName.SURVEY: Look("survey", "Survey", "list"),
}
_BY_NAME = {look.value: look for look in CHANNEL.values()}
DELIVERY = {
    DeliveryState.QUEUED: Look("queued", "Waiting to be sent", "clock"),
    DeliveryState.HELD: Look("held", "Sending in a moment", "clock"),
    DeliveryState.TRANSMITTING: Look("transmitting", "Being sent", "send"),
    DeliveryState.SENT: Look("sent", "Sent", "check"),
    DeliveryState.DELAYED: Look("delayed", "Sent, still on its way", "clock-pause", "warning"),
    DeliveryState.FAILED: Look("failed", "Not delivered", "alert-triangle", "danger"),
    DeliveryState.UNKNOWN: Look("unknown", "Not known whether it arrived", "alert-circle", "warning"),
    DeliveryState.WITHDRAWN: Look("withdrawn", "Taken back", "arrow-back-up"),
}


def status_look(value: str) -> Look:
    return STATUS[CaseStatus(value)]


def priority_look(value: int) -> Look:
    return PRIORITY[Priority(value)]


def channel_look(value: str) -> Look:
    return _BY_NAME.get(value, Look(value, value.title(), "message"))


def face(name: str) -> Face:
    """Initials of the first and last word; the tint depends on the name alone, so a person keeps it everywhere."""
    words = [word for word in name.replace("@", " ").split() if word[0].isalnum()]
    initials = (words[0][0] + (words[-1][0] if len(words) > 1 else "")) if words else "?"
    return Face(name, initials.upper(), sum(name.encode()) % 8)


def size_words(size: int) -> str:
    """A file's size: 312 B, 48 KB, 3.1 MB."""
    if size < 1000:
        return f"{size} B"
    if size < 1_000_000:
        return f"{round(size / 1000)} KB"
    return f"{size / 1_000_000:.1f} MB"
