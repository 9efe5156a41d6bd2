"""What a message invites to, its times in the reader's zone."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.utils import timezone

from interactions.models import Message

_HEADINGS = {
    "REQUEST": "Invitation",
    "CANCEL": "Called off",
    "REPLY": "Answer to an invitation",
    "COUNTER": "Another time is proposed",
}


@dataclass(frozen=True)
class InvitationView:
    heading: str
    title: str
    when: str
    place: str
    organiser: str


def invitation_of(message: Message) -> InvitationView | None:
    event: dict[str, Any] | None = message.invitation
    if not event:
        return None
    when = when_words(event["starts"], event["ends"], event["zone"])
    return InvitationView(
        heading=_HEADINGS.get(event["method"], "Appointment"),
        title=event["title"] or "No title",
        when=f"{when}, repeats" if event["repeats"] else when,
        place=event["place"],
        organiser=event["organiser"],
    )


def without_invitation(message: Message, text: str) -> str:
    """The words of a mail that holds an invitation alone, without those that stand above them already."""
    if message.invitation and "\nStart: " in f"\n{text}"[:1_000]:
        return text.partition("\n\n")[2]
    return text


def when_words(starts: str, ends: str, zone: str = "") -> str:
    """Two ends in ISO 8601 as a stretch of time: in the reader's zone, or as they are where theirs is not known."""
    if "T" not in starts:
        first, last = date.fromisoformat(starts), date.fromisoformat(ends or starts)
        return f"{_day(first)}, all day" if first == last else f"{_day(first)} – {_day(last)}, all day"
    begin, end = datetime.fromisoformat(starts), datetime.fromisoformat(ends or starts)
    if begin.tzinfo is not None and end.tzinfo is not None:
        begin, end = timezone.localtime(begin), timezone.localtime(end)
        of = timezone.get_current_timezone_name().replace("_", " ")
    else:
        of = f"time of “{zone}”" if zone else "the organiser's time"
    words = f"{_day(begin)}, {begin:%H:%M}"
    if end > begin:
        words += f" – {end:%H:%M}" if end.date() == begin.date() else f" – {_day(end)}, {end:%H:%M}"
    return f"{words} ({of})"


def _day(at: date) -> str:
    return f"{at:%a} {at.day} {at:%b %Y}"
