"""E-mail as a channel: composed in the domain, handed to an SMTP server here."""

from __future__ import annotations

import structlog
from django.db import DatabaseError, InterfaceError

from channels_email.adapter.oauth import NotConfigured, SignInRefused
from channels_email.adapter.outgoing_server import OutgoingServer, server_for
from channels_email.adapter.smtp import send
from channels_email.domain.compose import CannotCompose, Composed, compose
from channels_email.domain.dkim_signing import key_for
from channels_email.domain.message_ids import remember
from channels_email.domain.own_addresses import NoMailbox, own_addresses
from channels_email.models import SigningKey
from customers.domain.addresses import normalise
from customers.enums import IdentityKind
from customers.errors import AddressUnusable
from foundation import fault
from interactions.channel import Capabilities, Outgoing, Transmitted
from interactions.enums import ChannelName
from interactions.errors import PermanentFailure, TransientFailure
from interactions.models import Message

log = structlog.get_logger(__name__)


class EmailChannel:
    name = ChannelName.EMAIL.value
    identity_kind = IdentityKind.EMAIL.value
    capabilities = Capabilities(
        html=True,
        attachments=True,
        subject=True,
        copies=True,
        undo_seconds=10,
        max_attachment_bytes=25 * 1024 * 1024,
    )

    def transmit(self, outgoing: Outgoing) -> Transmitted:
        """Sends the mail by SMTP. Its Message-ID comes from the delivery, so sending it again cannot make a second
        mail of it for whoever compares; it is known to us before the first byte leaves, so answers find the case.
        """
        try:
            composed, server, key = _made(outgoing)
        except (CannotCompose, NoMailbox) as error:
            raise PermanentFailure(str(error)) from error
        except (SignInRefused, NotConfigured) as error:
            raise TransientFailure(str(error)) from error
        except (DatabaseError, InterfaceError, OSError) as error:
            raise TransientFailure(f"The mail could not be made just now: {type(error).__name__}") from error
        except Exception as error:
            log.exception("a mail could not be composed", delivery=str(outgoing.delivery))
            raise PermanentFailure(f"The mail could not be made: {type(error).__name__}") from error
        fault.point("delivery.composed")
        answer, refused = send(composed, server, key)
        fault.point("delivery.answered")
        return Transmitted(external_id=composed.message_id, answer=answer, refused=refused)

    def can_reach(self, address: str) -> bool:
        try:
            normalise(IdentityKind.EMAIL, address)
        except AddressUnusable:
            return False
        return True

    def own_addresses(self) -> frozenset[str]:
        return own_addresses()


def _made(outgoing: Outgoing) -> tuple[Composed, OutgoingServer, SigningKey | None]:
    """All that comes before the first byte: while this fails, nothing has left."""
    composed = compose(outgoing.delivery)
    remember(Message.objects.get(pk=outgoing.message), composed.message_id, ours=True)
    return composed, server_for(composed.mailbox), key_for(composed.mailbox.address)
