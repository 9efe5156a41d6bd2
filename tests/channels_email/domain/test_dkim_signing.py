"""What leaves carries our signature, which others can check."""

from __future__ import annotations

import dkim
import pytest

from channels_email.adapter.outgoing_server import OutgoingServer
from channels_email.adapter.smtp import send
from channels_email.domain.compose import compose
from channels_email.domain.dkim_signing import KeyUnusable, dns_record, key_for, new_private_key, signed
from channels_email.enums import Security
from channels_email.models import SigningKey
from interactions.domain.recipients import Recipients
from interactions.domain.reply import reply
from tests.channels_email.letters import letter

PRIVATE = new_private_key()
MAIL = (
    b"From: Nordhem <support@nordhem.example>\r\nTo: carla@post.example\r\nSubject: Hej\r\nMessage-ID: <1@x>\r\n"
    b"\r\n.a line that begins with a dot\r\nbye\r\n"
)


def key(**fields: object) -> SigningKey:
    return SigningKey(
        **{"domain": "nordhem.example", "selector": "s1", "private_key": PRIVATE, "active": True, **fields}
    )


def published(name: bytes, timeout: int = 5) -> bytes:
    assert name.rstrip(b".") == b"s1._domainkey.nordhem.example"
    assert timeout > 0
    return dns_record(PRIVATE).encode()


def test_a_signed_mail_is_verified_by_anybody_and_a_changed_one_is_not() -> None:
    mail = signed(MAIL, key())

    assert dkim.verify(mail, dnsfunc=published)
    assert not dkim.verify(mail.replace(b"bye", b"buy"), dnsfunc=published)
    assert not dkim.verify(mail.replace(b"Subject: Hej", b"Subject: Hey"), dnsfunc=published)
    assert not dkim.verify(b"From: mallory@evil.example\r\n" + mail, dnsfunc=published)


def test_what_is_no_key_is_refused_in_words() -> None:
    with pytest.raises(KeyUnusable, match="PEM"):
        dns_record("-----BEGIN nonsense")
    with pytest.raises(KeyUnusable):
        signed(MAIL, key(private_key="nonsense"))


@pytest.mark.django_db
def test_the_key_of_the_senders_domain_is_taken_and_only_when_it_is_in_use():
    key(active=False).save()
    assert key_for("support@nordhem.example") is None
    SigningKey.objects.update(active=True)
    assert key_for("Support@Nordhem.example") == SigningKey.objects.get()
    assert SigningKey.objects.get().private_key == PRIVATE
    assert key_for("support@other.example") is None


@pytest.fixture
def composed(arrives, ana):
    case = arrives(letter()).raw.case
    message = reply(
        case.pk,
        channel="email",
        recipients=Recipients(to=[{"name": "Carla Nyström", "address": "carla@post.example"}]),
        html="<p>Åh!</p><p>.dot</p>",
        author=ana,
        answers=case.messages.get(),
        quotes=True,
    )
    return compose(message.delivery.pk)


@pytest.mark.django_db
def test_an_answer_arrives_with_a_signature_that_holds(composed, sink, settings):
    send(composed, OutgoingServer(settings.SMTP_OUT_HOST, settings.SMTP_OUT_PORT, Security.NONE), key())

    [content] = sink.received
    assert content.startswith(b"DKIM-Signature:")
    assert dkim.verify(content, dnsfunc=published)


@pytest.mark.django_db
def test_with_a_broken_key_the_answer_leaves_unsigned_rather_than_never(composed, sink, settings):
    server = OutgoingServer(settings.SMTP_OUT_HOST, settings.SMTP_OUT_PORT, Security.NONE)

    send(composed, server, key(private_key="nonsense"))

    [content] = sink.received
    assert not content.startswith(b"DKIM-Signature")
    assert b"Subject: Re: My order" in content
