"""Signing what leaves (DKIM, RFC 6376): with the key of the sender's domain, over the bytes as they travel."""

from __future__ import annotations

import base64
from uuid import UUID

import dkim
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from django.db import transaction

from channels_email.models import SigningKey

BITS = 2048  # RFC 8301 section 3.2
SIGNED = (
    b"from", b"reply-to", b"to", b"cc", b"subject", b"date", b"message-id", b"in-reply-to", b"references",
    b"mime-version", b"content-type", b"content-transfer-encoding", b"auto-submitted",
)  # fmt: skip


class KeyUnusable(ValueError):
    """The text is no private key that a mail can be signed with; the sentence says what is wrong with it."""


def key_for(address: str) -> SigningKey | None:
    """The key in use for the domain of this sender; None when there is none."""
    domain = address.rpartition("@")[2].lower()
    return SigningKey.objects.filter(domain=domain, active=True).first()


def signed(content: bytes, key: SigningKey) -> bytes:
    """The mail (CRLF line ends) with its DKIM-Signature on top. Raises KeyUnusable when the key signs nothing."""
    present = [name for name in SIGNED if _has(content, name)]
    try:
        field = dkim.sign(
            content,
            key.selector.encode("ascii"),
            key.domain.encode("ascii"),
            key.private_key.encode("ascii", "replace"),
            canonicalize=(b"relaxed", b"relaxed"),
            include_headers=[*present, b"from"],  # From once more than it stands, so that none can be added
            signature_algorithm=b"rsa-sha256",
        )
    except (dkim.DKIMException, ValueError, TypeError) as error:
        raise KeyUnusable(f"{key} cannot sign: {error}") from error
    return bytes(field) + content


def new_private_key() -> str:
    """PEM (PKCS #8)."""
    made = rsa.generate_private_key(public_exponent=65537, key_size=BITS)
    return made.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.TraditionalOpenSSL, serialization.NoEncryption()
    ).decode("ascii")


def dns_record(private_key: str) -> str:
    """The TXT record to publish at selector._domainkey.domain. Raises KeyUnusable."""
    try:
        loaded = serialization.load_pem_private_key(private_key.encode("ascii", "replace"), password=None)
    except (ValueError, TypeError, UnsupportedAlgorithm) as error:
        raise KeyUnusable("This is not a private key in PEM without a pass phrase.") from error
    if not isinstance(loaded, rsa.RSAPrivateKey) or loaded.key_size < 1024:
        raise KeyUnusable("An RSA key of at least 1024 bits is needed; 2048 are usual.")
    public = loaded.public_key().public_bytes(
        serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    return f"v=DKIM1; k=rsa; p={base64.b64encode(public).decode('ascii')}"


def use_key(key: UUID, *, active: bool) -> None:
    """Signs with this key from now on, and with no other of its domain; or with none."""
    with transaction.atomic():
        domain = SigningKey.objects.values_list("domain", flat=True).get(pk=key)
        of_domain = SigningKey.objects.filter(domain=domain)
        list(of_domain.select_for_update().order_by("pk"))  # in one order, so that two who switch do not wait in a ring
        if active:
            of_domain.filter(active=True).exclude(pk=key).update(active=False)
        SigningKey.objects.filter(pk=key).update(active=active)


def _has(content: bytes, name: bytes) -> bool:
    head = content.partition(b"\r\n\r\n")[0].lower()
    return head.startswith(name + b":") or b"\r\n" + name + b":" in head
