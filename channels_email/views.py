"""Mail in by the webhooks of mail providers: verified, stored as it came, answered; understood by a worker."""

from __future__ import annotations

import warnings

import structlog
from anymail.exceptions import AnymailWebhookValidationFailure
from anymail.webhooks.base import AnymailBaseWebhookView, AnymailBasicAuthMixin
from anymail.webhooks.mailersend import MailerSendInboundWebhookView
from anymail.webhooks.mailgun import MailgunInboundWebhookView
from anymail.webhooks.mandrill import MandrillCombinedWebhookView
from anymail.webhooks.postmark import PostmarkInboundWebhookView
from anymail.webhooks.sendgrid import SendGridInboundWebhookView
from django.conf import settings
from django.db import IntegrityError
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from channels_email.adapter.webhook import TooLarge, posted_mails, read, unreadable
from channels_email.domain.take_in import take_in

PROVIDERS: dict[str, type[AnymailBaseWebhookView]] = {
    "mailgun": MailgunInboundWebhookView,
    "mailersend": MailerSendInboundWebhookView,
    "mandrill": MandrillCombinedWebhookView,
    "postmark": PostmarkInboundWebhookView,
    "sendgrid": SendGridInboundWebhookView,
}
SIGNING = {  # those that sign each request, and the setting with the key
    "mailgun": "MAILGUN_WEBHOOK_SIGNING_KEY",
    "mailersend": "MAILERSEND_INBOUND_SECRET",
    "mandrill": "MANDRILL_WEBHOOK_KEY",
}

log = structlog.get_logger(__name__)


@csrf_exempt
@never_cache
@require_http_methods(["HEAD", "POST"])
def inbound(request: HttpRequest, provider: str) -> HttpResponse:
    """200 only when every mail of the request is committed. What is not signed is refused and leaves nothing behind."""
    door = _door(provider)
    door.setup(request)
    if request.method == "HEAD":  # a provider asks whether somebody is there
        return HttpResponse()
    try:
        AnymailBasicAuthMixin.validate_request(door, request)  # before a stranger's megabytes are read
        fields = read(request)
        door.run_validators(request)
    except TooLarge:
        return HttpResponse("Larger than we take.", status=413, content_type="text/plain")
    except AnymailWebhookValidationFailure:
        log.warning("a webhook was refused: it is not signed as it should be", provider=provider)
        return HttpResponse("Not signed.", status=403, content_type="text/plain")
    try:
        mails = list(posted_mails(provider, fields, request.body, door.parse_events(request)))
    except Exception as error:  # noqa: BLE001 - it is the provider's; kept as it came, it ends in quarantine
        log.warning("a webhook could not be read", provider=provider, error=type(error).__name__)
        mails = [unreadable(provider, request.body)]
    for mail in mails:
        try:
            take_in(mail.content, mail.origin)
        except IntegrityError:  # each by itself: the first time may have ended between two of them
            log.info("a mail was posted before", provider=provider)
    return HttpResponse("Kept.", content_type="text/plain")


def _door(provider: str) -> AnymailBaseWebhookView:
    """The library's view of this provider. 404 for one that is unknown or has no secret: nothing unsigned comes in."""
    if provider not in PROVIDERS or not _is_secured(provider):
        raise Http404
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # on providers that the library no longer tests; our own tests do
        return PROVIDERS[provider](**_options(provider))


def _options(provider: str) -> dict[str, object]:
    """A signature says enough; Mandrill's is over the address that was given to it, whatever stands in front of us."""
    if provider == "mandrill":
        address = f"{settings.PUBLIC_URL}{reverse('channels_email:inbound', args=[provider])}"
        return {"webhook_secret": [], "webhook_url": address}
    return {"webhook_secret": []} if provider in SIGNING else {}


def _is_secured(provider: str) -> bool:
    """The others are known by the user and password in the address they are given."""
    return bool(settings.ANYMAIL.get(SIGNING.get(provider, "WEBHOOK_SECRET")))
