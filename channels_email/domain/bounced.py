"""What a report on a mail of ours changes: the delivery that it tells of, and what we know of the address.

Only a proof ties a report to a delivery: a Message-ID that we signed, or an envelope address that we signed. Anybody
can write a report; one without proof changes nothing.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from uuid import UUID

from channels_email.domain.message_ids import read_own
from channels_email.domain.parsed import Bounce, FailedRecipient, ParsedEmail
from channels_email.domain.reply_address import case_number_in
from customers.domain.edit import set_consent
from customers.domain.reach import mark_complaint, mark_undeliverable
from customers.enums import IdentityKind, Purpose
from customers.models import Identity
from interactions.domain.returned import complained, returned, slowed
from interactions.enums import ChannelName, DeliveryState, Direction
from interactions.models import Case, Delivery, Message, Participant

UNWANTED = (Purpose.MARKETING, Purpose.SURVEY)
_ON_ITS_WAY = (DeliveryState.SENT, DeliveryState.UNKNOWN, DeliveryState.DELAYED)


def note_report(mail: ParsedEmail, envelope: Sequence[str], at: datetime) -> UUID | None:
    """Writes the report that came `at` that moment into the delivery's story. Gives the case of the mail reported on;
    None where nothing proves that it was ours.

    Failed for good: the delivery has failed, and its recipient's address is marked. Failed for now (a full mailbox, no
    answer within days): failed, and worth sending again. Delayed: still on its way. A complaint (RFC 5965): the
    recipient wants nothing but answers from us any more, and the case and the address say so.
    """
    report = mail.bounce
    if report is None:
        return None
    delivery = _named(report, mail) or _addressed(report, mail, envelope)
    if delivery is None:
        return _case_of(mail, envelope)
    affected = _affected(report, delivery)
    if report.complaint:
        for recipient in affected:
            _withdraw_consent(recipient)
            complained(delivery.case_id, recipient.address)
    elif report.delayed:
        slowed(delivery.pk, *_delay(affected))
    elif affected:
        final = [recipient for recipient in affected if recipient.permanent]
        came = "Came back" if final else "Came back for now, it may be sent again later"
        said = {one.address: _said(one) for one in affected}
        returned(delivery.pk, f"{came}: {_words(affected)}", said)
        for recipient in (one for one in final if not _heard_since(one.address, at)):
            mark_undeliverable(IdentityKind.EMAIL, recipient.address, _words([recipient]))
    return delivery.case_id


def _heard_since(address: str, at: datetime) -> bool:
    """Whether a mail came from the address after the report: then it is in use, whatever the report said."""
    people = Identity.objects.filter(kind=IdentityKind.EMAIL, value=address.lower()).values("customer")
    heard = Message.objects.filter(customer__in=people, direction=Direction.INBOUND, occurred_at__gt=at)
    return heard.filter(sender_address__iexact=address).exists()


def _named(report: Bounce, mail: ParsedEmail) -> Delivery | None:
    """By our Message-ID: in the returned mail, or answered by the report."""
    for message_id in (report.original_message_id, *mail.in_reply_to, *reversed(mail.references[-20:])):
        own = read_own(message_id)
        found = Delivery.objects.select_related("message").filter(pk=own.delivery).first() if own else None
        if found is not None:
            return found
    return None


def _addressed(report: Bounce, mail: ParsedEmail, envelope: Sequence[str]) -> Delivery | None:
    """By the signed address that the report was sent to: the last mail of that case to one of its recipients.

    Nobody but the customer and our server knows that address, unless we wrote to third parties about the case: they
    have it too, and what they send to it tells nothing of our mails to others.
    """
    case = _case_of(mail, envelope)
    failed = {recipient.address.lower() for recipient in report.recipients}
    if case is None or not failed or Participant.objects.filter(case=case, third_party=True).exists():
        return None
    sent = Delivery.objects.select_related("message").filter(case=case, state__in=_ON_ITS_WAY).order_by("-created_at")
    return next((one for one in sent[:20] if failed & set(_recipients(one))), None)


def _case_of(mail: ParsedEmail, envelope: Sequence[str]) -> UUID | None:
    numbers = (case_number_in(address) for address in _signed_places(mail, envelope))
    number = next((number for number in numbers if number is not None), None)
    if number is None:
        own = read_own(mail.bounce.original_message_id) if mail.bounce else None
        number = own.case_number if own else None
    return Case.objects.filter(number=number).values_list("pk", flat=True).first() if number is not None else None


def _signed_places(mail: ParsedEmail, envelope: Sequence[str]) -> Iterator[str]:
    yield from envelope
    yield from mail.delivered_to
    yield from (box.address for box in mail.to)


def _recipients(delivery: Delivery) -> list[str]:
    message = delivery.message
    return [line["address"].lower() for line in (*message.to, *message.cc, *message.bcc)]


def _affected(report: Bounce, delivery: Delivery) -> list[FailedRecipient]:
    """Those of our recipients that the report speaks of; the only one, where servers on the way renamed it."""
    addressed = _recipients(delivery)
    known = [recipient for recipient in report.recipients if recipient.address.lower() in addressed]
    if known or len(set(addressed)) != 1 or not report.recipients:
        return known
    told = report.recipients[0]
    return [FailedRecipient(addressed[0], told.status, permanent=told.permanent, diagnostic=told.diagnostic)]


def _delay(recipients: Sequence[FailedRecipient]) -> tuple[str, dict[str, str]]:
    return _words(recipients), {one.address: _said(one) for one in recipients}


def _words(recipients: Sequence[FailedRecipient]) -> str:
    return "; ".join(f"{one.address} {_said(one)}".strip() for one in recipients)


def _said(recipient: FailedRecipient) -> str:
    """The code, unless the words have it, and the words, without the address that many of them begin with."""
    words = recipient.diagnostic
    if words.lower().lstrip(" <").startswith(recipient.address.lower()):
        words = words.lstrip(" <")[len(recipient.address) :].lstrip(" >:,;")
    return " ".join(part for part in ("" if recipient.status in words else recipient.status, words) if part)


def _withdraw_consent(recipient: FailedRecipient) -> None:
    identity = mark_complaint(IdentityKind.EMAIL, recipient.address)
    if identity is not None:
        for purpose in UNWANTED:
            set_consent(
                identity.customer_id,
                ChannelName.EMAIL,
                purpose,
                granted=False,
                source="called our mail spam",
                agent=None,
            )
