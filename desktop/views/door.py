"""The way into every screen: signed in, working with cases, and never more than the domain's doors give."""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import wraps
from typing import cast
from uuid import UUID

from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from agents.enums import Permission
from agents.models import Agent
from customers.errors import NoSuchCustomer
from interactions.errors import NotAllowed

View = Callable[..., HttpResponse]
NOTHING = 204  # an answer without a body, which htmx puts nowhere
_WORKERS = (Permission.WORK_CASES, Permission.SUPERVISE_TEAMS, Permission.SEE_ALL_CASES)


def screen(*methods: str) -> Callable[[View], View]:
    """A view for signed-in employees, by these HTTP methods. What they may not see answers as if it were not there."""

    def wrap(view: View) -> View:
        @never_cache
        @require_http_methods(methods)
        @wraps(view)
        def guarded(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
            if not request.user.is_authenticated:
                return signed_out(request)
            if not any(agent_of(request).may(permission) for permission in _WORKERS):
                return HttpResponse("This account may not work with cases.", status=403, content_type="text/plain")
            try:
                return view(request, *args, **kwargs)
            except (NotAllowed, NoSuchCustomer) as error:
                raise Http404 from error

        return guarded

    return wrap


def signed_out(request: HttpRequest) -> HttpResponse:
    """A page goes to the sign-in page; a fragment must not show it in the middle of the screen."""
    if request.headers.get("HX-Request") or request.headers.get("X-CSRFToken"):
        return HttpResponse("Signed out.", status=401, content_type="text/plain")
    return redirect_to_login(request.get_full_path())


def agent_of(request: HttpRequest) -> Agent:
    return cast(Agent, request.user)


def wants_part(request: HttpRequest) -> bool:
    """Whether htmx asks for a region rather than for a page (restoring its history, it asks for the page)."""
    return bool(request.headers.get("HX-Request")) and not request.headers.get("HX-History-Restore-Request")


def tell(response: HttpResponse, *, changed: str = "", toast: str = "") -> HttpResponse:
    """Adds what the browser should do besides: refresh the regions of these streams, say a line.

    It does so after the response is in its place, so that no region is refreshed over a form that is just leaving it.
    """
    events = {name: value for name, value in (("changed", changed), ("toast", toast)) if value}
    if events:
        response["HX-Trigger" if response.status_code == NOTHING else "HX-Trigger-After-Settle"] = json.dumps(events)
    return response


def done(changed: str, toast: str = "") -> HttpResponse:
    """Nothing to show in place: the regions of these streams fetch themselves anew."""
    return tell(HttpResponse(status=NOTHING), changed=changed, toast=toast)


def go_to(request: HttpRequest, address: str) -> HttpResponse:
    """On to another page, whether htmx asks or the browser itself."""
    if not request.headers.get("HX-Request"):
        return redirect(address)
    answer = HttpResponse(status=NOTHING)
    answer["HX-Redirect"] = address
    return answer


def case_changed(case: UUID) -> str:
    return f"case.{case}"
