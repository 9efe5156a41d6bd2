"""Mail in by the webhooks of mail providers: verified, stored as it came, answered; understood by a worker."""

from __future__ import annotations

import warnings

import structlog
from anymail.exceptions import AnymailConfigurationError, AnymailWebhookValidationFailure
from anymail.webhooks.amazon_ses import AmazonSESInboundWebhookView
from anymail.webhooks.base import AnymailBaseWebhookView, AnymailBasicAuthMixin
from anymail.webhooks.mailgun import MailgunInboundWebhookView
from anymail.webhooks.postmark import PostmarkInboundWebhookView
from anymail.webhooks.sendgrid import SendGridInboundWebhookView
from django.conf import settings
from django.db import IntegrityError
from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from channels_email.adapter.webhook import TooLarge, posted_mails, read, receipt
from channels_email.domain.take_in import Origin, take_in
from channels_email.enums import Door
from channels_email.models import RawEmail

PROVIDERS: dict[str, type[AnymailBaseWebhookView]] = {
    "mailgun": MailgunInboundWebhookView,
    "postmark": PostmarkInboundWebhookView,
    "sendgrid": SendGridInboundWebhookView,
    "amazon_ses": AmazonSESInboundWebhookView,  # offered where boto3 is installed
}

log = structlog.get_logger(__name__)


@csrf_exempt
@never_cache
@require_POST
def inbound(request: HttpRequest, provider: str) -> HttpResponse:
    """200 only when every mail of the request is committed. What is not signed is refused and leaves nothing behind."""
    door = _door(provider)
    door.setup(request)
    try:
        AnymailBasicAuthMixin.validate_request(door, request)  # before a stranger's megabytes are read
        fields = read(request)
        door.run_validators(request)
    except TooLarge:
        return HttpResponse("Larger than we take.", status=413, content_type="text/plain")
    except AnymailWebhookValidationFailure:
        log.warning("a webhook was refused: it is not signed as it should be", provider=provider)
        return HttpResponse("Not signed.", status=403, content_type="text/plain")
    if RawEmail.objects.filter(door=Door.WEBHOOK, receipt=receipt(provider, request.body)).exists():
        return HttpResponse("It was here before.", content_type="text/plain")
    try:
        mails = list(posted_mails(provider, fields, request.body, door.parse_events(request)))
    except Exception as error:  # noqa: BLE001 - it is the provider's; kept as it came, it ends in quarantine
        log.warning("a webhook could not be read", provider=provider, error=type(error).__name__)
        unreadable = Origin(door=Door.WEBHOOK, source=provider, receipt=receipt(provider, request.body))
        take_in(request.body, unreadable)
        return HttpResponse("Kept.", content_type="text/plain")
    for mail in mails:
        try:
            take_in(mail.content, mail.origin)
        except IntegrityError:  # the same request, at the same moment
            log.info("a webhook came twice at once", provider=provider)
    return HttpResponse("Kept.", content_type="text/plain")


def _door(provider: str) -> AnymailBaseWebhookView:
    """The library's view of this provider. 404 for one that is unknown or has no secret: nothing unsigned comes in."""
    if provider not in PROVIDERS or not _is_secured(provider):
        raise Http404
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # on providers that the library no longer tests; our own tests do
        try:
            return PROVIDERS[provider](**({"webhook_secret": []} if provider == "mailgun" else {}))
        except (AnymailConfigurationError, ImportError) as error:
            raise Http404 from error


def _is_secured(provider: str) -> bool:
    """Mailgun signs each request; the others are known by the user and password in the address they are given."""
    known = settings.ANYMAIL
    return bool(known.get("MAILGUN_WEBHOOK_SIGNING_KEY") if provider == "mailgun" else known.get("WEBHOOK_SECRET"))
