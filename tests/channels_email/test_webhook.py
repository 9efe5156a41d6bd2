"""Mail in by the webhooks of providers: only what is signed, as it came, once however often it is sent."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json

import pytest
from django.db import OperationalError
from django.test import Client
from django.urls import reverse

from channels_email import views
from channels_email.models import RawEmail
from foundation import bus
from interactions.models import Message
from tests.channels_email.letters import letter

pytestmark = pytest.mark.django_db
KEY, SECRET = "mailgun-key", "provider:long-secret"
BASIC = {"Authorization": "Basic " + base64.b64encode(SECRET.encode()).decode()}
LATIN = (
    b"From: carla@post.example\r\nTo: support@nordhem.example\r\nMessage-ID: <l@x>\r\nSubject: S\r\n"
    b"Content-Type: text/plain; charset=iso-8859-1\r\nContent-Transfer-Encoding: 8bit\r\n\r\nWo ist mein St\xfchl?\r\n"
)


@pytest.fixture(autouse=True)
def configured(settings, support):
    settings.ANYMAIL = {
        "MAILGUN_WEBHOOK_SIGNING_KEY": KEY,
        "MAILERSEND_INBOUND_SECRET": KEY,
        "MANDRILL_WEBHOOK_KEY": KEY,
        "WEBHOOK_SECRET": SECRET,
    }


def address(provider: str) -> str:
    return reverse("channels_email:inbound", args=[provider])


def signed(content: bytes, *, key: str = KEY, token: str = "t1") -> dict[str, object]:
    made = hmac.new(key.encode(), f"1790000000{token}".encode(), hashlib.sha256).hexdigest()
    return {
        "timestamp": "1790000000",
        "token": token,
        "signature": made,
        "sender": "carla@post.example",
        "recipient": "support@nordhem.example",
        "body-mime": content,
    }


def multipart(fields: dict[str, object]) -> tuple[bytes, str]:
    """A form as providers post it: a field may hold any bytes."""
    parts = [
        b'--b\r\nContent-Disposition: form-data; name="%s"\r\n\r\n%s\r\n'
        % (name.encode(), value if isinstance(value, bytes) else str(value).encode())
        for name, value in fields.items()
    ]
    return b"".join(parts) + b"--b--\r\n", "multipart/form-data; boundary=b"


def post(provider: str, fields: dict[str, object], client: Client | None = None, **options: object):
    body, kind = multipart(fields)
    return (client or Client()).post(address(provider), body, content_type=kind, **options)


def test_a_signed_mail_is_kept_as_it_came_with_its_envelope_then_understood():
    assert post("mailgun", signed(LATIN)).status_code == 200
    raw = RawEmail.objects.get()
    assert (raw.door, raw.source, raw.sender) == ("webhook", "mailgun", "carla@post.example")
    assert (raw.recipients, raw.state) == (["support@nordhem.example"], "received")
    assert bytes(raw.content).strip() == LATIN.strip()
    bus.drain()
    assert "Stühl" in Message.objects.get(direction="in").text


def test_a_signature_that_was_overheard_brings_in_no_other_mail():
    assert post("mailgun", signed(LATIN)).status_code == 200
    assert post("mailgun", signed(LATIN.replace(b"<l@x>", b"<forged@x>"))).status_code == 200
    assert [bytes(raw.content).strip() for raw in RawEmail.objects.all()] == [LATIN.strip()]


def test_the_same_request_again_is_answered_and_leaves_nothing():
    for _ in range(3):
        assert post("mailgun", signed(LATIN)).status_code == 200
    assert RawEmail.objects.count() == 1
    post("mailgun", signed(LATIN, token="t2"))  # the provider's own second delivery of the same mail
    bus.drain()
    assert sorted(RawEmail.objects.values_list("state", flat=True)) == ["duplicate", "message"]
    assert Message.objects.filter(direction="in").count() == 1


@pytest.mark.parametrize(
    ("provider", "fields"),
    [
        ("mailgun", signed(LATIN, key="another")),
        ("mailgun", {"body-mime": LATIN}),
        ("sendgrid", {"email": LATIN}),
        ("postmark", {"x": "y"}),
        ("mandrill", {"mandrill_events": "[]"}),
        ("mailersend", {"x": "y"}),
    ],
)
def test_what_is_not_signed_is_refused_and_nothing_is_kept(provider, fields):
    assert post(provider, fields).status_code in {403, 404}
    assert not RawEmail.objects.exists()


def test_a_wrong_password_is_refused():
    wrong = {"Authorization": "Basic " + base64.b64encode(b"provider:guess").decode()}
    assert post("sendgrid", {"email": LATIN}, headers=wrong).status_code == 403
    assert not RawEmail.objects.exists()


def test_without_a_secret_there_is_no_door(settings):
    settings.ANYMAIL = dict.fromkeys(settings.ANYMAIL, "")
    for provider in ("mailgun", "sendgrid", "postmark", "mandrill", "mailersend", "nobody"):
        assert post(provider, signed(LATIN, key=""), headers=BASIC).status_code == 404
    assert not RawEmail.objects.exists()


def test_sendgrid_hands_the_mail_in_raw_with_its_envelope():
    envelope = json.dumps({"to": ["support+x@nordhem.example"], "from": "carla@post.example"})
    assert post("sendgrid", {"email": LATIN, "envelope": envelope}, headers=BASIC).status_code == 200
    raw = RawEmail.objects.get()
    assert (raw.recipients, raw.sender) == (["support+x@nordhem.example"], "carla@post.example")
    assert bytes(raw.content).strip() == LATIN.strip()


def test_postmark_hands_the_mail_in_as_fields():
    mail = {
        "FromFull": {"Email": "carla@post.example", "Name": "Carla", "MailboxHash": ""},
        "ToFull": [{"Email": "support@nordhem.example", "Name": "", "MailboxHash": ""}],
        "CcFull": [],
        "BccFull": [],
        "OriginalRecipient": "support@nordhem.example",
        "Subject": "My order",
        "MessageID": "1",
        "Date": "Tue, 10 Mar 2026 09:00:00 +0000",
        "TextBody": "Where is it?",
        "HtmlBody": "",
        "Headers": [{"Name": "Message-ID", "Value": "<p1@post.example>"}],
        "Attachments": [],
    }
    answer = Client().post(address("postmark"), json.dumps(mail), content_type="application/json", headers=BASIC)
    assert answer.status_code == 200
    bus.drain()
    message = Message.objects.get(direction="in")
    assert (message.sender_address, message.subject) == ("carla@post.example", "My order")
    assert "Where is it?" in message.text


def mandrill(*mails: bytes) -> dict[str, str]:
    """What Mandrill posts: several mails in one request."""
    events = [
        {"event": "inbound", "ts": 1790000000, "msg": {"raw_msg": mail.decode(), "email": "support@nordhem.example"}}
        for mail in mails
    ]
    return {"mandrill_events": json.dumps(events)}


def by_mandrill(fields: dict[str, str], settings, client: Client | None = None):
    """Posted to the address that the world knows, which the signature is over."""
    settings.PUBLIC_URL = "https://help.nordhem.example"
    over = f"{settings.PUBLIC_URL}{address('mandrill')}" + "".join(f"{name}{fields[name]}" for name in sorted(fields))
    made = base64.b64encode(hmac.new(KEY.encode(), over.encode(), hashlib.sha1).digest()).decode()
    return (client or Client()).post(address("mandrill"), fields, headers={"X-Mandrill-Signature": made})


def test_mandrill_hands_in_several_mails_at_once_and_each_is_taken_once(settings):
    first, second = (letter(text, message_id=f"<{text}@x>").as_bytes() for text in ("First", "Second"))
    for _ in range(2):
        assert by_mandrill(mandrill(first, second), settings).status_code == 200
    assert [bytes(raw.content) for raw in RawEmail.objects.order_by("received_at", "id")] == [first, second]
    assert RawEmail.objects.first().recipients == ["support@nordhem.example"]


def test_a_request_that_ended_between_two_mails_is_made_good_when_it_is_posted_again(settings, monkeypatch):
    first, second = (letter(text, message_id=f"<{text}@x>").as_bytes() for text in ("First", "Second"))
    take_in = views.take_in

    def away_at_the_second(content, origin):
        if content == second:
            raise OperationalError("server closed the connection unexpectedly")
        return take_in(content, origin)

    with monkeypatch.context() as gone:
        gone.setattr(views, "take_in", away_at_the_second)
        client = Client(raise_request_exception=False)
        assert by_mandrill(mandrill(first, second), settings, client).status_code == 503
    assert RawEmail.objects.count() == 1
    assert by_mandrill(mandrill(first, second), settings).status_code == 200
    assert RawEmail.objects.count() == 2


def test_mailersend_signs_what_it_hands_in():
    mail = letter("Where is it?", message_id="<m@x>").as_bytes()
    envelope = {
        "sender": {"email": "carla@post.example"},
        "recipients": {"rcptTo": [{"email": "support@nordhem.example"}]},
    }
    body = json.dumps({"type": "inbound.message", "data": {"id": "1", "raw": mail.decode(), **envelope}})
    made = hmac.new(KEY.encode(), body.encode(), hashlib.sha256).hexdigest()
    where = address("mailersend")
    wrong = Client().post(where, body + " ", content_type="application/json", headers={"Signature": made})
    assert wrong.status_code == 403
    assert not RawEmail.objects.exists()
    assert Client().post(where, body, content_type="application/json", headers={"Signature": made}).status_code == 200
    raw = RawEmail.objects.get()
    assert (bytes(raw.content), raw.sender, raw.recipients) == (mail, "carla@post.example", ["support@nordhem.example"])


def test_what_a_provider_posts_and_nobody_can_read_ends_in_quarantine_not_in_the_bin():
    answer = Client().post(address("postmark"), b"\x00\x01{", content_type="application/json", headers=BASIC)
    assert answer.status_code == 200
    bus.drain()
    raw = RawEmail.objects.get()
    assert (raw.state, bytes(raw.content)) == ("quarantined", b"\x00\x01{")


def test_a_mail_of_many_megabytes_is_taken_and_one_beyond_the_limit_is_refused(settings):
    settings.MAIL_MAX_BYTES = 4_000_000
    large = letter("x" * 76 + "\n", message_id="<big@x>").as_bytes() + b"line of text\r\n" * 300_000
    assert post("mailgun", signed(large)).status_code == 200
    assert RawEmail.objects.get().size > 4_000_000
    settings.MAIL_MAX_BYTES = 1_000_000
    assert post("mailgun", signed(large, token="t3")).status_code == 413
    assert RawEmail.objects.count() == 1


def test_with_the_database_away_the_provider_is_asked_to_come_again(monkeypatch):
    def away(*args: object, **kwargs: object) -> None:
        raise OperationalError("server closed the connection unexpectedly")

    client = Client(raise_request_exception=False)
    with monkeypatch.context() as gone:
        gone.setattr(views, "take_in", away)
        assert post("mailgun", signed(LATIN), client).status_code == 503
    assert not RawEmail.objects.exists()
    assert post("mailgun", signed(LATIN), client).status_code == 200
    assert RawEmail.objects.count() == 1


def test_it_is_posted_to_only(client):
    assert client.get(address("mailgun")).status_code == 405
    assert client.head(address("mandrill")).status_code == 200  # asked before the first mail
    assert not RawEmail.objects.exists()
