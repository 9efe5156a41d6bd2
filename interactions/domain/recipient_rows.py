"""A delivery's recipients as rows: to whom it goes, how far it came for each, and whom nobody has written to before."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from django.db.models import Exists, OuterRef

from customers.domain.addresses import normalise
from customers.enums import IdentityKind
from customers.errors import AddressUnusable
from customers.models import Identity
from interactions.domain.recipients import Recipients
from interactions.enums import DeliveryState, Direction, RecipientRole
from interactions.models import AddressLine, Delivery, DeliveryRecipient, Message

GOES_ITS_WAY = (DeliveryState.SENT, DeliveryState.DELAYED)
WENT_NOWHERE = (DeliveryState.WITHDRAWN, DeliveryState.FAILED)


def normal_form(kind: str, address: str) -> str:
    """How an address is compared; of one that cannot be one, its lower case."""
    try:
        return normalise(IdentityKind(kind), address)
    except AddressUnusable:
        return address.strip().lower()[:320]


def list_recipients(delivery: Delivery, kind: str, recipients: Recipients) -> None:
    """One row for each address; one that is named twice counts where it is named first."""
    roles = ((RecipientRole.TO, recipients.to), (RecipientRole.CC, recipients.cc), (RecipientRole.BCC, recipients.bcc))
    rows: dict[str, DeliveryRecipient] = {}
    for role, lines in roles:
        for line in lines:
            value = normal_form(kind, line["address"])
            row = DeliveryRecipient(
                delivery=delivery,
                role=role,
                name=line["name"][:200],
                address=line["address"].strip()[:320],
                value=value,
                state=delivery.state,
            )
            rows.setdefault(value, row)
    DeliveryRecipient.objects.bulk_create(rows.values())


def follow_delivery(delivery: Delivery) -> None:
    """What became of the whole became of each recipient that did not have it before, nor is promised it."""
    DeliveryRecipient.objects.filter(delivery=delivery).exclude(state__in=GOES_ITS_WAY).update(
        state=delivery.state, answer=""
    )


def fail_recipients(delivery: Delivery, failed: Mapping[str, str]) -> None:
    """These addresses did not get it, or sent it back; the others stay as they are."""
    _turn(delivery, DeliveryState.FAILED, failed)


def slow_recipients(delivery: Delivery, slow: Mapping[str, str]) -> None:
    """To these addresses it is still on its way; the others stay as they are."""
    _turn(delivery, DeliveryState.DELAYED, slow)


def _turn(delivery: Delivery, state: DeliveryState, told: Mapping[str, str]) -> None:
    for row in DeliveryRecipient.objects.filter(delivery=delivery) if told else ():
        said = next(
            (answer for address, answer in told.items() if address.strip().lower() == row.address.lower()), None
        )
        if said is not None:
            row.state, row.answer = state, said.replace("\x00", "")[:1000]
            row.save(update_fields=["state", "answer"])


def has_failed_recipients(delivery: Delivery) -> bool:
    return DeliveryRecipient.objects.filter(delivery=delivery, state=DeliveryState.FAILED).exists()


def first_time(kind: str, lines: Iterable[AddressLine]) -> list[str]:
    """Those of the addresses that nobody here has written to before and that never wrote to us, as they are written."""
    asked = {normal_form(kind, line["address"]): line["address"].strip() for line in lines if line["address"].strip()}
    if not asked:
        return []
    heard = Message.objects.filter(customer=OuterRef("customer"), direction=Direction.INBOUND)
    wrote = Identity.objects.filter(kind=kind, value__in=asked).filter(Exists(heard))
    written = DeliveryRecipient.objects.filter(value__in=asked).exclude(state__in=WENT_NOWHERE)
    known = wrote.order_by().values_list("value", flat=True).union(written.order_by().values_list("value", flat=True))
    return [address for value, address in asked.items() if value not in set(known)]
