"""Signing in to Google's and Microsoft's mail servers with tokens instead of passwords.

Authorisation code flow (RFC 6749 section 4.1) with PKCE (RFC 7636) and a state that only the asking session knows;
what is kept is the refresh token, encrypted. The mail servers take the access token by SASL XOAUTH2.
"""

from __future__ import annotations

import base64
import hashlib
import json
import secrets
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.db import transaction

from channels_email.enums import SignIn
from channels_email.models import Mailbox
from foundation import clock
from foundation.http import OutboundError, request

EARLY = timedelta(minutes=5)  # a token is renewed so long before it ends
USUAL = 3600  # seconds a token lives where the provider does not say


class NotConfigured(LookupError):
    """The installation has no client id or secret for this provider."""


class SignInRefused(Exception):
    """The provider gives no token; its words. `lasting`: only a person can mend that, by connecting again."""

    def __init__(self, words: str, *, lasting: bool = False) -> None:
        super().__init__(words)
        self.lasting = lasting


@dataclass(frozen=True)
class Provider:
    name: str
    authorize_url: str
    token_url: str
    scope: str
    client_id: str
    client_secret: str
    extra: dict[str, str]


@dataclass(frozen=True)
class Consent:
    """Where the administrator is sent, and what only this session must know until they come back."""

    url: str
    state: str
    verifier: str


def missing(sign_in: str) -> list[str]:
    """The environment variables that must be set before anybody can sign in there; none for passwords."""
    if sign_in == SignIn.PASSWORD:
        return []
    known: dict[str, Any] = settings.MAIL_OAUTH.get(sign_in, {})
    wanted = ("client_id", "client_secret")
    return [f"{SignIn(sign_in).name}_{name.upper()}" for name in wanted if not known.get(name)]


def provider_of(sign_in: str) -> Provider:
    """Raises NotConfigured."""
    lacking = missing(sign_in)
    if lacking:
        raise NotConfigured(f"This installation is not registered there yet: set {' and '.join(lacking)}.")
    return Provider(name=sign_in, **settings.MAIL_OAUTH[sign_in])


def ask_consent(mailbox: Mailbox, redirect_uri: str) -> Consent:
    """The first step: the provider asks the account's owner. Raises NotConfigured."""
    provider = provider_of(mailbox.sign_in)
    state, verifier = secrets.token_urlsafe(32), secrets.token_urlsafe(64)
    challenge = base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=").decode()
    query = {
        "response_type": "code",
        "client_id": provider.client_id,
        "redirect_uri": redirect_uri,
        "scope": provider.scope,
        "state": state,
        "code_challenge": challenge,
        "code_challenge_method": "S256",
        "login_hint": mailbox.address,
        **provider.extra,
    }
    return Consent(f"{provider.authorize_url}?{urlencode(query)}", state, verifier)


def redeem(mailbox: Mailbox, code: str, verifier: str, redirect_uri: str) -> None:
    """The second step: the code becomes tokens, which are kept. Raises NotConfigured, SignInRefused."""
    answer = _ask(
        provider_of(mailbox.sign_in),
        {"grant_type": "authorization_code", "code": code, "code_verifier": verifier, "redirect_uri": redirect_uri},
    )
    if not answer.get("refresh_token"):
        raise SignInRefused("The provider gave no refresh token; remove our access there and connect again.")
    _keep(mailbox, answer)


def access_token(mailbox: Mailbox) -> str:
    """A token that the mail servers take now; renewed when it is about to end, by one process at a time.

    Raises NotConfigured, SignInRefused.
    """
    with transaction.atomic():
        locked = Mailbox.objects.select_for_update(of=("self",)).get(pk=mailbox.pk)
        if locked.access_token and locked.access_until and locked.access_until > clock.now() + EARLY:
            return locked.access_token
        if not locked.refresh_token:
            raise SignInRefused("The account is not connected yet.", lasting=True)
        grant = {"grant_type": "refresh_token", "refresh_token": locked.refresh_token}
        _keep(locked, _ask(provider_of(locked.sign_in), grant))
        return locked.access_token


def sasl(user: str, token: str) -> str:
    """What XOAUTH2 says, before its Base64."""
    return f"user={user}\x01auth=Bearer {token}\x01\x01"


def _ask(provider: Provider, grant: dict[str, str]) -> dict[str, Any]:
    fields = {"client_id": provider.client_id, "client_secret": provider.client_secret, **grant}
    headers = {"Content-Type": "application/x-www-form-urlencoded", "Accept": "application/json"}
    try:
        answer = request("POST", provider.token_url, headers=headers, body=urlencode(fields).encode())
        told = json.loads(answer.body)
    except (OutboundError, ValueError) as error:
        raise SignInRefused(f"{provider.name.title()} gave no token: {error}") from error
    if not isinstance(told, dict) or answer.status != 200 or not told.get("access_token"):
        words = f"{told.get('error', '')} {told.get('error_description', '')}" if isinstance(told, dict) else ""
        lasting = isinstance(told, dict) and told.get("error") in {"invalid_grant", "invalid_client"}
        said = " ".join(words.split())[:300] or answer.status
        raise SignInRefused(f"{provider.name.title()} gave no token: {said}", lasting=lasting)
    return told


def _keep(mailbox: Mailbox, told: dict[str, Any]) -> None:
    seconds = told.get("expires_in", USUAL)
    mailbox.access_token = str(told["access_token"])
    mailbox.refresh_token = str(told.get("refresh_token") or mailbox.refresh_token)
    mailbox.access_until = clock.now() + timedelta(seconds=int(seconds) if str(seconds).isdigit() else USUAL)
    mailbox.trouble = ""
    mailbox.save(update_fields=["access_token", "refresh_token", "access_until", "trouble"])
