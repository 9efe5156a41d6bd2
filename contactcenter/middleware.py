"""What stands around every request of the installation: who asks, and what is said while the database is away."""

import sys
from collections.abc import Callable

from django.conf import settings
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.template.response import TemplateResponse
from django.views import defaults
from django.views.decorators.csrf import csrf_exempt

from foundation.parsers import UNSTORABLE, storable

Handler = Callable[[HttpRequest], HttpResponse]
TRY_AGAIN = "5"  # seconds
AWAY = (OperationalError, InterfaceError)


class BehindProxies:
    """Behind TRUSTED_PROXIES proxies of ours, REMOTE_ADDR becomes the address that the outermost of them saw.

    Each proxy appends to X-Forwarded-For, so what stands further left was written by the stranger and counts for
    nothing. Lock-outs and limits go by this address; without it one person's mistakes would lock everybody out.
    """

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        proxies: int = settings.TRUSTED_PROXIES
        seen = [part.strip() for part in request.META.get("HTTP_X_FORWARDED_FOR", "").split(",") if part.strip()]
        if proxies and len(seen) >= proxies:
            request.META["REMOTE_ADDR"] = seen[-proxies]
        return self.get_response(request)


class TryAgainLater:
    """While the database is away, a request is answered with 503 and when to come again, not with a crash."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, _request: HttpRequest, error: Exception) -> HttpResponse | None:
        return _try_again() if isinstance(error, AWAY) else None


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Programs are told in their own language that there is nothing here."""
    if request.path_info.startswith("/api/"):
        return JsonResponse({"detail": "There is nothing at this address."}, status=404)
    return defaults.page_not_found(request, exception)


def server_error(request: HttpRequest) -> HttpResponse:
    """What is answered after an error outside of the views: who asks is looked up before any view is reached."""
    return _try_again() if isinstance(sys.exc_info()[1], AWAY) else defaults.server_error(request)


@csrf_exempt
def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:  # noqa: ARG001 - Django's signature
    """What cannot be read is answered without reading it: Django's own answer looks into the form once more, for the
    token, and stumbles over it again, up to the server.
    """
    return TemplateResponse(request, "400.html", status=400).render()


def _try_again() -> HttpResponse:
    answer = HttpResponse("The database is away; please try again in a moment.", "text/plain", 503)
    answer["Retry-After"] = TRY_AGAIN
    return answer


class StorableQuery:
    """A parameter of the REST API with a NUL in it is the client's mistake (400), not a crash in the database."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.path_info.startswith("/api/") and not storable([request.path_info, dict(request.GET.lists())]):
            return JsonResponse({"detail": UNSTORABLE}, status=400)
        return self.get_response(request)


class TooManyTries:
    """A sign-in form that says "too many failed attempts" says so to programs too: 429, not 200."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_template_response(self, _request: HttpRequest, response: TemplateResponse) -> TemplateResponse:
        form = (response.context_data or {}).get("form")
        errors = form.errors.as_data() if hasattr(form, "errors") and form.is_bound else {}
        if any(error.code == "too_many_login_attempts" for some in errors.values() for error in some):
            response.status_code = 429
        return response
