"""Every answer's way out, ready to be written down."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from urllib.parse import urlencode
from uuid import UUID

from django.urls import reverse

from desktop.presenters.words import DELIVERY, Look, channel_look
from interactions.domain.outgoing import DeliveryPage
from interactions.enums import DeliveryState, MessageKind, RecipientRole
from interactions.models import Delivery, DeliveryStep


@dataclass(frozen=True)
class DeliveryLine:
    id: UUID
    url: str
    made_at: datetime
    channel: Look
    to: str
    subject: str
    kind: str
    author: str
    state: Look
    answer: str
    attempts: int
    due_at: datetime | None
    case_number: int
    case_url: str


@dataclass(frozen=True)
class OutDay:
    day: date
    total: int
    figures: list[tuple[Look, str]]


@dataclass(frozen=True)
class OutView:
    lines: list[DeliveryLine]
    days: list[OutDay]
    looks: list[Look]
    narrowed: bool
    more_url: str


@dataclass(frozen=True)
class StepLine:
    at: datetime
    look: Look
    answer: str
    by: str


@dataclass(frozen=True)
class DeliveryView:
    line: DeliveryLine
    steps: list[StepLine]
    recipients: list[tuple[str, str, Look, str]]
    external_id: str
    may_resend: bool
    warning: str
    stream: str


def out_view(page: DeliveryPage, days: Sequence[tuple[date, dict[str, int]]], asked: dict[str, str]) -> OutView:
    """`asked`: the filter as it stands in the address."""
    query = urlencode({**asked, "before": str(page.older)})
    more = f"{reverse('desktop:mail_out')}?{query}" if page.older else ""
    return OutView(
        lines=[delivery_line(each) for each in page.deliveries],
        days=[
            OutDay(
                day,
                sum(states.values()),
                [(look, f"{states[key]:,}" if states.get(key) else "") for key, look in DELIVERY.items()],
            )
            for day, states in days
        ],
        looks=list(DELIVERY.values()),
        narrowed=bool(asked),
        more_url=more,
    )


def delivery_line(delivery: Delivery) -> DeliveryLine:
    message, state = delivery.message, DeliveryState(delivery.state)
    to = [line["address"] for line in (*message.to, *message.cc, *message.bcc)]
    return DeliveryLine(
        id=delivery.pk,
        url=reverse("desktop:delivery", args=[delivery.pk]),
        made_at=delivery.created_at,
        channel=channel_look(delivery.channel),
        to=", ".join(to[:3]) + (f" and {len(to) - 3} more" if len(to) > 3 else ""),
        subject=message.subject or "No subject",
        kind=MessageKind(message.kind).label,
        author=message.author.name if message.author else "The contact center",
        state=DELIVERY[state],
        answer=delivery.answer,
        attempts=delivery.attempts,
        due_at=delivery.due_at if state in {DeliveryState.QUEUED, DeliveryState.HELD} else None,
        case_number=delivery.case.number,
        case_url=reverse("desktop:case", args=[delivery.case_id]),
    )


def delivery_view(delivery: Delivery, steps: Sequence[DeliveryStep]) -> DeliveryView:
    unsure = delivery.state == DeliveryState.UNKNOWN
    recipients = list(delivery.recipients.all())
    return DeliveryView(
        line=delivery_line(delivery),
        steps=[
            StepLine(
                step.created_at, DELIVERY[DeliveryState(step.state)], step.answer, step.agent.name if step.agent else ""
            )
            for step in steps
        ],
        recipients=[
            (RecipientRole(row.role).label, row.address, DELIVERY[DeliveryState(row.state)], row.answer)
            for row in recipients
        ],
        external_id=delivery.external_id,
        may_resend=delivery.state in {DeliveryState.FAILED, DeliveryState.UNKNOWN}
        or any(row.state == DeliveryState.FAILED for row in recipients),
        warning="It may have arrived: sending it again may double it, under the same Message-ID." if unsure else "",
        stream=f"case.{delivery.case_id}",
    )
