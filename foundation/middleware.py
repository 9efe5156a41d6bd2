"""Each request gets an id that stands in every line logged for it and in the answer's head."""

import re
from collections.abc import Callable

import structlog
from django.http import HttpRequest, HttpResponse

from foundation.keys import new_key

HEADER = "X-Request-ID"
SENSIBLE = re.compile(r"[A-Za-z0-9._-]{8,64}")


class RequestId:
    """Keeps the id that a proxy in front has given, when it looks like one."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        given = request.headers.get(HEADER, "")
        request_id = given if SENSIBLE.fullmatch(given) else str(new_key())
        with structlog.contextvars.bound_contextvars(request=request_id):
            response = self.get_response(request)
        response.headers[HEADER] = request_id
        return response
