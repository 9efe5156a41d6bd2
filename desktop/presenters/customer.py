"""The customer beside the case: who it is, how to reach them, what they allow, what they asked before."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone

from agents.enums import Permission
from agents.models import Agent
from customers.domain.claim import Suggestion, suggestion, with_claims
from customers.domain.consent import standing
from customers.domain.merge import members
from customers.enums import IdentityKind, Purpose
from customers.models import Claim, Consent, Customer, Identity
from desktop.domain.naming import shown_names
from desktop.presenters.links import link
from desktop.presenters.words import CHANNEL, Face, Look, face, status_look
from foundation import clock
from foundation.kept_queries import kept_query
from interactions.enums import ChannelName
from interactions.models import Case

LANGUAGES = {
    "": "Not known", "en": "English", "sv": "Swedish", "de": "German", "fr": "French", "es": "Spanish", "it": "Italian",
    "nl": "Dutch", "da": "Danish", "nb": "Norwegian", "fi": "Finnish", "pl": "Polish", "pt": "Portuguese",
    "cs": "Czech", "ru": "Russian", "uk": "Ukrainian", "tr": "Turkish", "el": "Greek", "ar": "Arabic", "he": "Hebrew",
    "hi": "Hindi", "zh": "Chinese", "ja": "Japanese", "ko": "Korean", "vi": "Vietnamese", "th": "Thai",
}  # fmt: skip
REACHABLE = (ChannelName.EMAIL, ChannelName.VOICE, ChannelName.SMS, ChannelName.CHAT)
FIELD_LABELS = {
    "name": "Name",
    "given_name": "Called",
    "language": "Language",
    "time_zone": "Time zone",
    "preferred_channel": "Prefers",
    "organisation": "Company",
    "remarks": "Remarks",
}
_CHANNEL_LABELS = {channel.value: look.label for channel, look in CHANNEL.items()}  # a list may bring other words
_KIND_ICONS = {
    IdentityKind.EMAIL: "mail",
    IdentityKind.PHONE: "phone",
    IdentityKind.ACCOUNT: "id",
    IdentityKind.VISITOR: "message-circle",
    IdentityKind.HANDLE: "at",
}


@dataclass(frozen=True)
class FieldView:
    """A fact that becomes a form where it stands, at `url`."""

    name: str
    label: str
    shown: str
    url: str


@dataclass(frozen=True)
class IdentityView:
    id: UUID
    address: str
    icon: str
    kind: str
    verified: bool
    how: str
    bounced: bool
    bounce: str
    complaint: str
    blocked: bool
    verify_url: str
    remove_url: str


@dataclass(frozen=True)
class ConsentView:
    channel: Look
    granted: bool | None
    words: str
    url: str


@dataclass(frozen=True)
class Refusal:
    """What else than answers the customer does not want, since when and from what we know it."""

    channel: Look
    words: str


@dataclass(frozen=True)
class PastCase:
    url: str
    number: int
    subject: str
    status: Look
    queue: str
    at: datetime


@dataclass(frozen=True)
class SamePerson:
    """Who this customer perhaps is too, and from what one may think so."""

    name: str
    evidence: Sequence[str]
    compare_url: str
    dismiss_url: str


@dataclass(frozen=True)
class CustomerPanel:
    id: UUID
    name: str
    face: Face
    local_time: datetime | None
    key_account: bool
    organisation: str
    unit: str
    fields: Sequence[FieldView]
    identities: Sequence[IdentityView]
    identities_url: str
    consents: Sequence[ConsentView]
    refusals: Sequence[Refusal]
    beside_case: bool
    past: Sequence[PastCase]
    past_count: str
    trail_url: str
    url: str
    streams: str
    editable: bool
    merges: bool
    merge_url: str
    log_url: str
    same_person: SamePerson | None
    since: datetime


def customer_panel(
    agent: Agent,
    customer: Customer,
    case: Case | None,
    past: Sequence[Case],
    *,
    more: bool,
    everybody: Sequence[UUID] | None = None,
) -> CustomerPanel:
    """`everybody` are the customer's members, where they are known already."""
    everybody = members(customer.pk) if everybody is None else everybody
    identities = _identities(everybody=tuple(everybody))
    perhaps = not identities or any(identity.claimed for identity in identities)  # type: ignore[attr-defined]
    told = standing(_consents(everybody=tuple(everybody)))
    consents = {consent.channel: consent for consent in told if consent.purpose == Purpose.SERVICE}
    query = f"?case={case.pk}" if case else ""
    name = shown_names([customer])[customer.pk]
    return CustomerPanel(
        id=customer.pk,
        name=name,
        face=face(name),
        local_time=clock.now().astimezone(ZoneInfo(customer.time_zone)) if customer.time_zone else None,
        key_account=bool(customer.organisation and customer.organisation.key_account),
        organisation=customer.organisation.name if customer.organisation else "",
        unit=customer.unit.name if customer.unit else "",
        fields=[field_view(customer, name) for name in FIELD_LABELS],
        identities=[_identity(customer, identity) for identity in identities],
        identities_url=reverse("desktop:identities", args=[customer.pk]),
        consents=[_consent(customer, channel, consents.get(channel)) for channel in REACHABLE],
        refusals=[_refusal(one) for one in told if one.purpose != Purpose.SERVICE and not one.granted],
        beside_case=case is not None,
        past=[_past(one) for one in past],
        past_count=f"{len(past)}{'+' if more else ''}",
        trail_url=reverse("desktop:customer_trail", args=[customer.pk]),
        url=f"{reverse('desktop:customer', args=[customer.pk])}{query}",
        streams=f"customer.{customer.pk}",
        editable=agent.may(Permission.EDIT_CUSTOMERS),
        merges=agent.may(Permission.MERGE_CUSTOMERS),
        merge_url=f"{reverse('desktop:merges', args=[customer.pk])}{query}",
        log_url=f"{reverse('desktop:contact')}{query or f'?customer={customer.pk}'}",
        same_person=_same_person(customer, suggestion(everybody) if perhaps else None, query),
        since=customer.created_at,
    )


@kept_query
def _identities(*, everybody: Sequence[UUID]) -> QuerySet[Identity]:
    return with_claims(Identity.objects.filter(customer__in=everybody).order_by("kind", "created_at"))


@kept_query
def _consents(*, everybody: Sequence[UUID]) -> QuerySet[Consent]:
    return Consent.objects.filter(customer__in=everybody)


def _same_person(customer: Customer, found: Suggestion | None, query: str) -> SamePerson | None:
    if found is None:
        return None
    compare = f"{reverse('desktop:merges', args=[customer.pk])}{query or '?'}&with={found.other.pk}"
    return SamePerson(
        name=shown_names([found.other])[found.other.pk],
        evidence=[evidence_words(one) for one in found.evidence],
        compare_url=compare.replace("?&", "?"),
        dismiss_url=reverse("desktop:dismissal", args=[customer.pk, found.other.pk]),
    )


def evidence_words(claim: Claim) -> str:
    return f"{claim.identity.shown}: {claim.source}"


def field_view(customer: Customer, name: str) -> FieldView:
    value = getattr(customer, name)
    shown = {
        "language": LANGUAGES.get(value, value) if name == "language" and value else "",
        "preferred_channel": _CHANNEL_LABELS.get(value, value) if name == "preferred_channel" else "",
    }.get(name, str(value) if value else "")
    return FieldView(name, FIELD_LABELS[name], shown, reverse("desktop:customer_field", args=[customer.pk, name]))


def _identity(customer: Customer, identity: Identity) -> IdentityView:
    here = [customer.pk, identity.pk]
    return IdentityView(
        id=identity.pk,
        address=identity.shown,
        icon=_KIND_ICONS[IdentityKind(identity.kind)],
        kind=IdentityKind(identity.kind).label,
        verified=identity.verified_at is not None,
        how=identity.verified_by,
        bounced=identity.bounced_at is not None,
        bounce=_bounce(identity),
        complaint=_complaint(identity),
        blocked=identity.blocked_at is not None,
        verify_url=link("desktop:identity_verification", *here),
        remove_url=link("desktop:identity", *here),
    )


def _bounce(identity: Identity) -> str:
    if identity.bounced_at is None:
        return ""
    since = timezone.localtime(identity.bounced_at)
    return f"Undeliverable since {since.day} {since:%b %Y}. {identity.bounce_reason}".strip()


def _complaint(identity: Identity) -> str:
    if identity.complained_at is None:
        return ""
    at = timezone.localtime(identity.complained_at)
    return f"Called a mail of ours spam on {at.day} {at:%b %Y}. Gets no news and no surveys, only answers."


def _consent(customer: Customer, channel: ChannelName, consent: Consent | None) -> ConsentView:
    look = CHANNEL[channel]
    url = reverse("desktop:consent", args=[customer.pk, channel.value])
    if consent is None:
        return ConsentView(look, None, "not asked", url)
    since = timezone.localtime(consent.since)
    word = "allowed" if consent.granted else "not allowed"
    return ConsentView(look, consent.granted, f"{word} since {since.day} {since:%b %Y}", url)


def _refusal(consent: Consent) -> Refusal:
    since = timezone.localtime(consent.since)
    purpose = Purpose(consent.purpose).label
    source = f" ({consent.source})" if consent.source else ""
    look = CHANNEL[ChannelName(consent.channel)]
    return Refusal(look, f"{purpose} not allowed since {since.day} {since:%b %Y}{source}")


def _past(case: Case) -> PastCase:
    return PastCase(
        link("desktop:case", case.pk),
        case.number,
        case.subject or "No subject",
        status_look(case.status),
        case.queue.name,
        case.active_at,
    )
