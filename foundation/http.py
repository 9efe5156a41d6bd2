"""Requests to the outside world: never into our own networks, never for ever, never more than asked for.

Each hop's name is resolved once, judged, and connected to by that very address (so a name that changes its answer
between the look and the leap gains nothing); redirects are followed by hand and judged again. After several failures
in a row a host is left alone for a while.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from time import monotonic
from typing import Any
from urllib.parse import SplitResult, urljoin, urlsplit

import requests
from requests.adapters import HTTPAdapter

from foundation import breaker
from foundation.addresses import ForbiddenAddress, UnknownHost, public_address

MOST_REDIRECTS = 5
REDIRECTS = {301, 302, 303, 307, 308}
PRIVATE_HEADERS = {"authorization", "cookie", "proxy-authorization"}


class OutboundError(Exception):
    """The request has no usable answer."""


class Forbidden(OutboundError):
    """It may not be sent: not HTTP, credentials in the address, a private network, or from HTTPS down to HTTP."""


class Unreachable(OutboundError):
    """No answer in time, or none at all; trying later may help."""


class Resting(Unreachable):
    """The host failed several times lately; it is not asked for the moment."""


class TooLarge(OutboundError):
    """The answer is longer than the caller allows."""


@dataclass(frozen=True, kw_only=True)
class Answer:
    """`url` is where it came from in the end; `status` may be any, also an error of the other side."""

    url: str
    status: int
    headers: Mapping[str, str]
    body: bytes


def request(
    method: str,
    url: str,
    *,
    headers: Mapping[str, str] | None = None,
    body: bytes | None = None,
    seconds: float = 10.0,
    limit: int = 5 * 1024 * 1024,
) -> Answer:
    """Send it and read the whole answer, within `seconds` and up to `limit` bytes.

    Raises Forbidden, Unreachable, Resting, TooLarge.
    """
    deadline = monotonic() + seconds
    sent = dict(headers or {})
    for _ in range(MOST_REDIRECTS + 1):
        parts = _checked(url)
        answer = _guarded(method, url, parts, sent, body, deadline, limit)
        if answer.status not in REDIRECTS or "location" not in answer.headers:
            return answer
        there = urljoin(url, answer.headers["location"])
        target = _checked(there)
        if parts.scheme == "https" and target.scheme == "http":
            raise Forbidden("redirected from HTTPS down to HTTP")
        if (target.scheme, target.netloc) != (parts.scheme, parts.netloc):
            sent = {name: value for name, value in sent.items() if name.lower() not in PRIVATE_HEADERS}
        if answer.status == 303 or (answer.status in {301, 302} and method == "POST"):
            method, body = "GET", None
        url = there
    raise Unreachable(f"more than {MOST_REDIRECTS} redirects")


def _checked(url: str) -> SplitResult:
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError as error:
        raise Forbidden(f"not a web address: {error}") from None
    if parts.scheme not in {"http", "https"} or not parts.hostname or port == 0:
        raise Forbidden("only http:// and https:// addresses are asked")
    if parts.username is not None or parts.password is not None:
        raise Forbidden("credentials do not belong into an address")
    return parts


def _guarded(
    method: str,
    url: str,
    parts: SplitResult,
    headers: Mapping[str, str],
    body: bytes | None,
    deadline: float,
    limit: int,
) -> Answer:
    host = str(parts.hostname)
    server = parts.netloc.lower()
    if breaker.is_open(server):
        raise Resting(f"{host} failed several times lately")
    try:
        address = public_address(host, parts.port or (443 if parts.scheme == "https" else 80))
        answer = _exchange(method, url, host, address, headers, body, deadline, limit)
    except ForbiddenAddress as error:
        raise Forbidden(str(error)) from None
    except (UnknownHost, requests.RequestException, OSError) as error:
        breaker.failed(server)
        raise Unreachable(f"{host}: {type(error).__name__}") from error
    if answer.status >= 500:
        breaker.failed(server)
    else:
        breaker.succeeded(server)
    return answer


def _exchange(
    method: str,
    url: str,
    host: str,
    address: str,
    headers: Mapping[str, str],
    body: bytes | None,
    deadline: float,
    limit: int,
) -> Answer:
    with requests.Session() as session:
        session.trust_env = False  # no proxies and no .netrc from the surroundings
        pinned = _PinnedAdapter(host, address)
        session.mount("http://", pinned)
        session.mount("https://", pinned)
        left = deadline - monotonic()
        if left <= 0:
            raise requests.Timeout("no time left")
        with session.request(
            method, url, headers=dict(headers), data=body, timeout=left, allow_redirects=False, stream=True
        ) as response:
            return Answer(
                url=url,
                status=response.status_code,
                headers={name.lower(): value for name, value in response.headers.items()},
                body=_read(response, deadline, limit),
            )


def _read(response: requests.Response, deadline: float, limit: int) -> bytes:
    portions: list[bytes] = []
    size = 0
    for portion in response.iter_content(64 * 1024):
        size += len(portion)
        if size > limit:
            raise TooLarge(f"more than {limit} bytes")
        if monotonic() > deadline:
            raise requests.Timeout("the answer takes too long")
        portions.append(portion)
    return b"".join(portions)


class _PinnedAdapter(HTTPAdapter):
    """Connects to the address that was judged, and still asks for, and checks the certificate of, the named host."""

    def __init__(self, host: str, address: str) -> None:
        self.host = host
        self.address = address
        super().__init__(max_retries=0)

    def send(self, request: requests.PreparedRequest, *args: Any, **options: Any) -> requests.Response:
        request.headers["Host"] = urlsplit(str(request.url)).netloc
        return super().send(request, *args, **options)

    def build_connection_pool_key_attributes(
        self, request: requests.PreparedRequest, verify: bool | str, cert: Any = None
    ) -> Any:
        where, how = super().build_connection_pool_key_attributes(request, verify, cert)
        names = {"server_hostname": self.host, "assert_hostname": self.host} if where["scheme"] == "https" else {}
        return {**where, "host": self.address}, {**how, **names}
