"""A provider of mailboxes that signs people in by OAuth 2: its consent page's answer, and its token address."""

from __future__ import annotations

import base64
import hashlib
import json
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

import pytest


@dataclass
class Provider:
    """`token` is what its mail servers take now."""

    url: str = ""
    token: str = "access-1"
    asked: list[dict[str, str]] = field(default_factory=list)
    challenges: dict[str, str] = field(default_factory=dict)
    refuses: str = ""

    def consent(self, address: str) -> dict[str, str]:
        """The account's owner says yes at `address`; what the browser brings back to us."""
        query = {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}
        assert query["code_challenge_method"] == "S256"
        self.challenges["code-1"] = query["code_challenge"]
        return {"code": "code-1", "state": query["state"]}

    def answer(self, fields: dict[str, str]) -> tuple[int, dict[str, object]]:
        self.asked.append(fields)
        if self.refuses:
            return 400, {"error": self.refuses, "error_description": "The consent was withdrawn"}
        if (fields["client_id"], fields["client_secret"]) != ("our-id", "our-secret"):
            return 401, {"error": "invalid_client"}
        if fields["grant_type"] == "authorization_code":
            made = base64.urlsafe_b64encode(hashlib.sha256(fields["code_verifier"].encode()).digest()).rstrip(b"=")
            if self.challenges.pop(fields["code"], "") != made.decode():
                return 400, {"error": "invalid_grant"}
            return 200, {"access_token": self.token, "refresh_token": "refresh-1", "expires_in": 3600}
        if fields["refresh_token"] != "refresh-1":
            return 400, {"error": "invalid_grant"}
        return 200, {"access_token": self.token, "expires_in": 3600}


@pytest.fixture
def provider(settings) -> Iterator[Provider]:
    known = Provider()

    class Answers(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            status, told = known.answer({name: values[0] for name, values in parse_qs(body).items()})
            self.send_response(status)
            self.end_headers()
            self.wfile.write(json.dumps(told).encode())

        def log_message(self, *_: object) -> None:
            """Says nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Answers)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    known.url = f"http://127.0.0.1:{server.server_address[1]}"
    settings.OUTBOUND_PRIVATE_HOSTS = ["127.0.0.1"]
    settings.MAIL_OAUTH = {
        "google": {
            "authorize_url": "https://accounts.example/authorize",
            "token_url": f"{known.url}/token",
            "scope": "mail",
            "client_id": "our-id",
            "client_secret": "our-secret",
            "extra": {"prompt": "consent"},
        }
    }
    yield known
    server.shutdown()
    server.server_close()
    thread.join()
