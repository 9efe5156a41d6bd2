"""Acknowledging: each sender is told once per case that we have their mail and when to expect an answer."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import fields
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import connection, transaction

from brands.enums import WayKind
from brands.models import Brand, Way
from channels_email.domain import spoken_time
from channels_email.domain.wording import Facts, Wording, word
from channels_email.enums import AcknowledgementState
from channels_email.models import Acknowledgement
from customers.models import Identity
from foundation import clock
from foundation.calendar.business_time import BusinessTime, NeverOpen
from foundation.insert import insert
from interactions.domain.recipients import Recipients
from interactions.domain.reply import reply
from interactions.enums import ChannelName, Direction, MessageKind, Party
from interactions.errors import CannotReply
from interactions.models import Message, WaitingRecord

PATIENCE = timedelta(seconds=20)  # how long an acknowledgement waits to hear how long the customer will
A_DAY = timedelta(days=1)


def plan_acknowledgements(received: Iterable[Message]) -> None:
    """Writes down that the senders of new cases' first mails are to be acknowledged. Again changes nothing."""
    insert(
        (
            Acknowledgement(
                case_id=message.case_id,
                interaction_id=message.interaction_id,
                received=message,
                sender=message.sender_address.lower(),
                due_at=clock.now() + PATIENCE,
            )
            for message in received
            if message.case_id is not None and message.interaction_id is not None
        ),
        ignore_conflicts=True,
    )


def acknowledge_interaction(interaction: UUID) -> int:
    """It is known how long the interaction will wait: writes what was waiting for that; how many were written."""
    due = Acknowledgement.objects.filter(interaction=interaction, state=AcknowledgementState.DUE)
    return sum(acknowledge(pk) for pk in due.values_list("pk", flat=True))


def acknowledge_overdue(limit: int = 200) -> int:
    """Writes those for which nobody said how long it will take, with the target that their queue states."""
    due = Acknowledgement.objects.filter(state=AcknowledgementState.DUE, due_at__lte=clock.now()).order_by("due_at")
    return sum(acknowledge(pk) for pk in list(due.values_list("pk", flat=True)[:limit]))


def acknowledge(acknowledgement: UUID) -> bool:
    """Writes one acknowledgement, or leaves it out with the reason; False when nothing was written."""
    with transaction.atomic():
        row = (
            Acknowledgement.objects.select_for_update(skip_locked=True, of=("self",))
            .select_related("case__queue__brand", "case__queue__calendar", "case__customer", "received__customer")
            .filter(pk=acknowledgement, state=AcknowledgementState.DUE)
            .first()
        )
        if row is None:
            return False
        row.reason = _reason_against(row)
        if not row.reason:
            try:
                _write(row)
            except CannotReply as refusal:
                row.reason = str(refusal)[:100]
        row.state = AcknowledgementState.SKIPPED if row.reason else AcknowledgementState.WRITTEN
        row.save(update_fields=["state", "reason", "message", "situation", "inputs", "written_at"])
        return not row.reason


def _reason_against(row: Acknowledgement) -> str:
    case, queue = row.case, row.case.queue
    if not queue.acknowledges:
        return "the queue does not acknowledge"
    if case.is_finished:
        return "the case is finished"
    if Message.objects.filter(case=case, direction=Direction.OUTBOUND, party=Party.AGENT).exists():
        return "an agent has answered already"
    if Identity.objects.filter(kind="email", value=row.sender).exclude(bounced_at=None, blocked_at=None).exists():
        return "the address bounces or is blocked"
    with connection.cursor() as cursor:  # two cases of one sender at the same moment count one after the other
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext(%s))", [f"acknowledgement {row.sender}"])
    today = Acknowledgement.objects.filter(sender=row.sender, written_at__gt=clock.now() - A_DAY).count()
    if today >= queue.acknowledgements_per_day:
        return f"{today} acknowledgements within a day"
    return ""


def _write(row: Acknowledgement) -> None:
    facts, figures = _facts(row)
    wording = word(facts)
    row.message = reply(
        row.case_id,
        channel=ChannelName.EMAIL.value,
        recipients=Recipients(to=[{"name": row.received.sender_name, "address": row.received.sender_address}]),
        html=wording.as_html(),
        kind=MessageKind.ACKNOWLEDGEMENT,
        subject=wording.subject,
        answers=row.received,
        status=None,
    )
    row.situation, row.written_at = wording.situation, facts.now
    row.inputs = _kept(facts, figures, wording)


def _facts(row: Acknowledgement) -> tuple[Facts, dict[str, Any]]:
    case, queue = row.case, row.case.queue
    hours, now = queue.calendar.hours(), clock.now()
    waiting = WaitingRecord.objects.filter(interaction=row.interaction_id).order_by("-since", "-pk").first()
    figures: dict[str, Any] = (waiting.expected_from or {}) if waiting else {}
    expected_by = waiting.expected_by if waiting else None
    computed = expected_by is not None and figures.get("method") != "stated"
    if expected_by is None:
        expected_by = _stated(hours, row.received.occurred_at, queue.response_target)
    customer = (row.received.customer or case.customer).root
    facts = Facts(
        greeting=queue.brand.greeting,
        given_name=customer.given_name[:40] if customer.sure_of_name else "",
        brand=queue.brand.name,
        sign_off=queue.brand.sign_off,
        subject=row.received.subject,
        case_number=case.number,
        ways=tuple(_way(way, now) for way in _other_ways(queue.brand)),
        received_at=row.received.occurred_at,
        now=now,
        hours=hours,
        expected_by=expected_by,
        computed=computed,
        nobody_present=bool(figures.get("nobody_present", figures.get("agents_present") == 0)),
        usual_seconds=figures.get("usual_seconds"),
        longer_than_usual=figures.get("longer_than_usual"),
    )
    return facts, figures


def _other_ways(brand: Brand) -> list[Way]:
    """How else the brand is reached: whoever gets an acknowledgement has just used e-mail."""
    return list(brand.ways.exclude(kind=WayKind.EMAIL).select_related("calendar"))


def _stated(hours: BusinessTime, received_at: datetime, minutes: int) -> datetime | None:
    try:
        return hours.add(received_at, timedelta(minutes=minutes))
    except NeverOpen:
        return None


def _way(way: Way, now: datetime) -> str:
    line = f"{way.get_kind_display()}: {way.address}"
    if way.calendar is None:
        return line
    hours = way.calendar.hours()
    today = hours.todays_hours(now)
    closed = f" (closed today, {today.name})" if today.name and not today.intervals else ""
    return f"{line}, {spoken_time.week(hours) or 'no regular hours'}{closed}"


def _kept(facts: Facts, figures: dict[str, Any], wording: Wording) -> dict[str, Any]:
    """All that the sentences were made from, as JSON; the hours are those of the queue's calendar."""
    kept = {each.name: getattr(facts, each.name) for each in fields(facts) if each.name != "hours"}
    plain = {name: value.isoformat() if isinstance(value, datetime) else value for name, value in kept.items()}
    return {**plain, "figures": figures, "said": list(wording.paragraphs)}
