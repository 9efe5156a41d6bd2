"""Which addresses are ours, and whose queue mail to them goes to."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from channels_email.domain.reply_address import base_of
from channels_email.models import MailAlias, Mailbox
from interactions.models import Queue


class NoMailbox(LookupError):
    """The installation has no active mailbox for what is asked."""


@dataclass(frozen=True)
class Place:
    """Where a mail belongs."""

    mailbox: Mailbox
    queue: UUID


@dataclass(frozen=True)
class AddressBook:
    """All addresses of ours, read at one moment: where those in use lead, and `own`, also those out of use.

    `first` is where mail goes that names none of them; None when no mailbox is in use. `mailboxes` are all of them.
    """

    places: dict[str, Place]
    own: frozenset[str]
    first: Place | None
    mailboxes: dict[UUID, Mailbox]

    def place_of(self, address: str) -> Place | None:
        """The place of an address of ours, with or without a plus part."""
        return self.places.get(address.strip().lower()) or self.places.get(base_of(address))

    def find(self, addresses: Iterable[str]) -> Place | None:
        """The place of the first of these addresses that is ours."""
        return next((place for address in addresses if (place := self.place_of(address))), None)


def read_address_book() -> AddressBook:
    """In two queries."""
    mailboxes = {mailbox.pk: mailbox for mailbox in Mailbox.objects.all()}
    aliases = list(MailAlias.objects.order_by())
    in_use = [mailbox for mailbox in mailboxes.values() if mailbox.active]
    places = {mailbox.address: Place(mailbox, mailbox.queue_id) for mailbox in in_use}
    for alias in aliases:
        if mailboxes[alias.mailbox_id].active:
            places.setdefault(alias.address, Place(mailboxes[alias.mailbox_id], alias.queue_id))
    own = frozenset([*(mailbox.address for mailbox in mailboxes.values()), *(alias.address for alias in aliases)])
    return AddressBook(places, own, places[in_use[0].address] if in_use else None, mailboxes)


def own_addresses() -> frozenset[str]:
    """Every address of ours, in lower case, also of mailboxes that are out of use: nobody to send answers to."""
    aliases = MailAlias.objects.order_by().values_list("address", flat=True)
    return frozenset(Mailbox.objects.order_by().values_list("address", flat=True).union(aliases))


def is_own(address: str, own: frozenset[str]) -> bool:
    """Whether `address` is one of `own`, also with a plus part such as a signed reply address has."""
    return address.strip().lower() in own or base_of(address) in own


def mailbox_of(queue: Queue) -> Mailbox:
    """The mailbox that a queue's answers come from: its own, else one with an alias for it, else one of its brand.

    Raises NoMailbox when there is none; another brand's address is never used.
    """
    active = Mailbox.objects.active()
    found = (
        active.filter(queue=queue).first()
        or active.filter(aliases__queue=queue).first()
        or active.filter(queue__brand=queue.brand_id).first()
    )
    if found is None:
        raise NoMailbox(f"The queue {queue.name} has no active mailbox to send from.")
    return found
