"""Signing in by token: the consent, the renewal, and the mail servers that take the token."""

from __future__ import annotations

import asyncio
import base64
from datetime import timedelta

import pytest
from aiosmtpd.smtp import SMTP, AuthResult
from django.db import connection

from channels_email.adapter.imap import fetch_new, signed_in
from channels_email.adapter.oauth import SignInRefused, access_token, ask_consent, redeem
from channels_email.adapter.outgoing_server import server_for
from channels_email.adapter.smtp import connected, greet
from channels_email.models import Mailbox, RawEmail
from foundation import clock
from proofs.imap_server import ImapServer, Inbox
from tests.channels_email.letters import letter
from tests.channels_email.provider import provider

pytestmark = pytest.mark.django_db
__all__ = ["provider"]
BACK = "https://desk.example/administration/mailboxes/consent/"


@pytest.fixture
def googled(support, provider) -> Mailbox:
    support.sign_in = "google"
    support.save()
    asked = ask_consent(support, BACK)
    redeem(support, provider.consent(asked.url)["code"], asked.verifier, BACK)
    return Mailbox.objects.get()


def test_the_consent_brings_tokens_that_nobody_reads_in_the_table(googled, provider):
    assert access_token(googled) == "access-1"
    assert len(provider.asked) == 1
    with connection.cursor() as cursor:
        cursor.execute("SELECT refresh_token, access_token FROM channels_email_mailbox")
        assert not {"refresh-1", "access-1"} & set(cursor.fetchone())


def test_a_code_without_its_verifier_is_worth_nothing(support, provider):
    support.sign_in = "google"
    support.save()
    asked = ask_consent(support, BACK)
    with pytest.raises(SignInRefused):
        redeem(support, provider.consent(asked.url)["code"], "another-verifier", BACK)
    assert Mailbox.objects.get().refresh_token == ""


def test_a_token_about_to_end_is_renewed_once(googled, provider):
    provider.token = "access-2"
    with clock.stopped_at(clock.now() + timedelta(minutes=58)):
        assert access_token(googled) == access_token(googled) == "access-2"
    assert [fields["grant_type"] for fields in provider.asked] == ["authorization_code", "refresh_token"]


def test_a_withdrawn_consent_is_told_as_lasting_and_a_provider_that_is_away_is_not(googled, provider, settings):
    with clock.stopped_at(clock.now() + timedelta(hours=2)):
        provider.refuses = "invalid_grant"
        with pytest.raises(SignInRefused, match="consent was withdrawn") as refused:
            access_token(googled)
        assert refused.value.lasting
        settings.MAIL_OAUTH["google"]["token_url"] = "http://127.0.0.1:1/token"
        with pytest.raises(SignInRefused) as away:
            access_token(googled)
        assert not away.value.lasting


def test_a_mailbox_is_read_by_token(googled, provider):
    inbox = Inbox("support@nordhem.example", "", token="access-1")
    inbox.add(letter().as_bytes())
    with ImapServer(inbox) as server:
        googled.imap_host, googled.imap_port, googled.imap_security = "127.0.0.1", server.port, "none"
        googled.save()
        with signed_in(googled) as session:
            assert fetch_new(session, googled) == 1
    assert RawEmail.objects.get().door == "imap"
    assert inbox.unseen() == 0


class TakesTokens:
    """An SMTP server's handler that notes who signs in."""

    def __init__(self) -> None:
        self.said: list[bytes] = []

    async def auth_XOAUTH2(self, server, args):  # noqa: N802 - called by name
        self.said.append(base64.b64decode(args[1]))
        return AuthResult(success=True)


def test_answers_leave_by_token(googled, provider, event_loop_thread):
    handler = TakesTokens()

    async def start():
        loop = asyncio.get_running_loop()
        return await loop.create_server(
            lambda: SMTP(handler, hostname="mail.example", auth_require_tls=False, loop=loop), "127.0.0.1", 0
        )

    listening = event_loop_thread.run(start())
    googled.smtp_host, googled.smtp_port = "127.0.0.1", listening.sockets[0].getsockname()[1]
    googled.smtp_security = "none"
    googled.save()
    server = server_for(googled)
    assert (server.user, server.token, server.ours) == ("support@nordhem.example", "access-1", False)
    assert "access-1" not in repr(server)
    with connected(server) as smtp:
        greet(smtp, server)
    listening.close()
    assert handler.said == [b"user=support@nordhem.example\x01auth=Bearer access-1\x01\x01"]
