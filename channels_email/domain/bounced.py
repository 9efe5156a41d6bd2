"""What a report on a mail of ours changes: the delivery that it tells of, and what we know of the address."""

from __future__ import annotations

from uuid import UUID

from channels_email.domain.message_ids import read_own
from channels_email.domain.parsed import Bounce
from customers.domain.addresses import normalise
from customers.enums import IdentityKind
from customers.errors import AddressUnusable
from customers.models import Identity
from foundation import clock
from interactions.domain.deliver import returned
from interactions.models import Case, Delivery


def note_bounce(report: Bounce) -> UUID | None:
    """Marks the delivery as failed and its recipients as bounced, where the report quotes a Message-ID of ours and
    gives up for good; delays and complaints change nothing. Gives the case of the mail reported on, or None.
    """
    own = read_own(report.original_message_id)
    delivery = Delivery.objects.select_related("message").filter(pk=own.delivery).first() if own else None
    if own is None or delivery is None:
        number = own.case_number if own else 0
        return Case.objects.filter(number=number).values_list("pk", flat=True).first() if number else None
    message = delivery.message
    addressed = {line["address"].lower() for line in (*message.to, *message.cc, *message.bcc)}
    failed = [
        recipient for recipient in report.recipients if recipient.permanent and recipient.address.lower() in addressed
    ]
    if failed and not report.delayed and not report.complaint:
        words = "; ".join(
            " ".join(part for part in (recipient.address, recipient.status, recipient.diagnostic) if part)
            for recipient in failed
        )
        said = {each.address: " ".join(part for part in (each.status, each.diagnostic) if part) for each in failed}
        returned(delivery.pk, f"Came back: {words}", said)
        for recipient in failed:
            _note_address(recipient.address)
    return delivery.case_id


def _note_address(address: str) -> None:
    try:
        value = normalise(IdentityKind.EMAIL, address)
    except AddressUnusable:
        return
    Identity.objects.filter(kind=IdentityKind.EMAIL, value=value).update(bounced_at=clock.now())
