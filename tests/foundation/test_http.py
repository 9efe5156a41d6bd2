"""Requests leave for the outside world only; a server on this machine plays it where it is allowed."""

import socket
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from foundation import addresses, http


class Shop(BaseHTTPRequestHandler):
    seen: list[tuple[str, str, dict[str, str]]]

    def do_GET(self) -> None:
        type(self).seen.append((self.command, self.path, dict(self.headers)))
        self.rfile.read(int(self.headers.get("Content-Length", 0)))
        way, _, rest = self.path.lstrip("/").partition("/")
        status = {"to": 302, "see": 303, "fail": 503, "keep": 307}.get(way, 200)
        body = b"x" * 2000 if way == "long" else b"fine"
        self.send_response(status)
        if status in {302, 303, 307}:
            self.send_header("Location", rest if "://" in rest else f"/{rest}")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    do_POST = do_GET  # noqa: N815 - the server's name for it

    def log_message(self, *args: object) -> None:
        pass


@pytest.fixture
def shop() -> Iterator[str]:
    Shop.seen = []
    server = ThreadingHTTPServer(("127.0.0.1", 0), Shop)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture
def allowed(settings) -> None:
    settings.OUTBOUND_PRIVATE_HOSTS = ["127.0.0.1"]


@pytest.mark.parametrize(
    "host",
    [
        "127.0.0.1",
        "127.1",
        "0x7f.0.0.1",
        "0x7f000001",
        "2130706433",
        "0177.0.0.1",
        "0.0.0.0",
        "10.0.0.1",
        "172.16.9.1",
        "192.168.1.1",
        "100.64.0.1",
        "169.254.169.254",
        "224.0.0.1",
        "255.255.255.255",
        "[::1]",
        "[::]",
        "[::ffff:127.0.0.1]",
        "[::ffff:a00:1]",
        "[fc00::1]",
        "[fd12:3456::1]",
        "[fe80::1]",
        "[64:ff9b::7f00:1]",
        "[2002:7f00:1::]",
        "localhost",
    ],
)
def test_our_own_networks_are_refused_in_every_spelling(host, shop):
    with pytest.raises(http.Forbidden):
        http.request("GET", f"http://{host}:{shop.rsplit(':', 1)[1]}/")
    assert Shop.seen == []


@pytest.mark.parametrize("address", ["93.184.215.14", "2606:2800:21f:cb07:6820:80da:af6b:8b2c", "::ffff:93.184.215.14"])
def test_public_addresses_are_not_refused(address):
    assert addresses.public_address(address, 80) == address


def test_a_host_that_is_connected_to_by_its_name_has_no_address_of_ours_at_all(monkeypatch):
    found = [(2, 1, 6, "", ("93.184.215.14", 80)), (2, 1, 6, "", ("127.0.0.1", 80))]
    monkeypatch.setattr(addresses.socket, "getaddrinfo", lambda *_, **__: found)
    assert addresses.public_address("mixed.example", 80) == "93.184.215.14"
    with pytest.raises(addresses.ForbiddenAddress):
        addresses.public_address("mixed.example", 80, by_name=True)


@pytest.mark.parametrize(
    "url",
    [
        "ftp://shop.example/",
        "file:///etc/passwd",
        "gopher://shop.example/",
        "//shop.example",
        "http://",
        "http://user:secret@shop.example/",
        "http://shop.example:99999/",
        "http://[::1",
    ],
)
def test_what_is_not_a_plain_web_address_is_refused(url):
    with pytest.raises(http.Forbidden):
        http.request("GET", url)


def test_an_allowed_host_answers_and_errors_of_its_own_are_handed_on(shop, allowed):
    answer = http.request("POST", f"{shop}/orders", body=b"{}", headers={"Authorization": "Token 1"})
    assert (answer.status, answer.body, answer.url) == (200, b"fine", f"{shop}/orders")
    assert Shop.seen[0][2]["Authorization"] == "Token 1"
    assert Shop.seen[0][2]["Host"] == shop.removeprefix("http://")
    assert http.request("GET", f"{shop}/fail").status == 503


def test_a_redirect_into_our_networks_is_refused(shop, allowed):
    port = shop.rsplit(":", 1)[1]
    with pytest.raises(http.Forbidden):
        http.request("GET", f"{shop}/to/http://localhost:{port}/secret")
    assert [path for _, path, _ in Shop.seen] == [f"/to/http://localhost:{port}/secret"]


def test_a_redirect_elsewhere_loses_the_credentials_and_one_at_home_keeps_them(shop, allowed, settings):
    settings.OUTBOUND_PRIVATE_HOSTS = ["127.0.0.1", "localhost"]
    port = shop.rsplit(":", 1)[1]
    http.request("POST", f"{shop}/see/next", body=b"1", headers={"authorization": "Token 1"})
    assert [(method, "authorization" in headers) for method, _, headers in Shop.seen] == [("POST", True), ("GET", True)]
    Shop.seen.clear()
    http.request("POST", f"{shop}/keep/http://localhost:{port}/next", body=b"1", headers={"authorization": "Token 1"})
    assert [(method, "authorization" in headers) for method, _, headers in Shop.seen] == [
        ("POST", True),
        ("POST", False),
    ]


def test_redirects_end_somewhere(shop, allowed):
    with pytest.raises(http.Unreachable, match="redirects"):
        http.request("GET", f"{shop}/to/" + "to/" * 20)
    assert len(Shop.seen) == http.MOST_REDIRECTS + 1


def test_an_answer_that_is_too_long_is_not_read_to_its_end(shop, allowed):
    with pytest.raises(http.TooLarge):
        http.request("GET", f"{shop}/long", limit=1999)
    assert len(http.request("GET", f"{shop}/long", limit=2000).body) == 2000


def test_a_name_that_changes_its_answer_between_look_and_leap_gains_nothing(shop, monkeypatch):
    """The first look-up says a public address, every later one this machine: nothing may arrive here."""
    answers = [("93.184.215.14", 80)]

    def rebinding(host, port, *args, **options):
        address = answers.pop() if answers else ("127.0.0.1", int(shop.rsplit(":", 1)[1]))
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", address)]

    connected: list[tuple[str, int]] = []

    def connect(self, address):
        connected.append(address)
        raise ConnectionRefusedError

    monkeypatch.setattr(addresses.socket, "getaddrinfo", rebinding)
    monkeypatch.setattr(socket.socket, "connect", connect)
    assert addresses.public_address("rebinding.example", 80) == "93.184.215.14"
    with pytest.raises(http.Forbidden):
        http.request("GET", "http://rebinding.example/")
    assert connected == []
    assert Shop.seen == []


def test_a_server_that_keeps_failing_is_left_alone(shop, allowed):
    for _ in range(5):
        assert http.request("GET", f"{shop}/fail").status == 503
    with pytest.raises(http.Resting):
        http.request("GET", f"{shop}/fine")
    assert len(Shop.seen) == 5


def test_a_silent_server_is_given_up_in_time(allowed):
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen()
        with pytest.raises(http.Unreachable):
            http.request("GET", f"http://127.0.0.1:{silent.getsockname()[1]}/", seconds=0.2)
