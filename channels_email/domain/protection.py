"""Whether a mail is encrypted or signed (RFC 1847, 3156, 8551, 9580): by its parts; nothing is verified."""

from __future__ import annotations

from collections.abc import Iterator

from channels_email.domain.mime import SIGNED_TYPES, Part
from interactions.enums import Protection

# CMS content types (RFC 5652, 5083): enveloped-data and authenticated-enveloped-data.
_ENVELOPED = (b"\x2a\x86\x48\x86\xf7\x0d\x01\x07\x03", b"\x2a\x86\x48\x86\xf7\x0d\x01\x09\x10\x01\x17")
_ENVELOPED_NAMES = {"enveloped-data", "authenveloped-data"}
_LOOKED_AT = 64  # bytes in which a container says what it is


def protection_of(root: Part, text: str) -> Protection:
    """`text` is all that could be read of the mail. Mails attached to it do not count."""
    parts = list(_own(root))
    if text.lstrip()[:100].startswith("-----BEGIN PGP MESSAGE-----"):
        return Protection.ENCRYPTED
    if any(part.content_type == "application/pgp-encrypted" for part in parts):
        return Protection.ENCRYPTED
    if any(_is_enveloped(part) and (part.disposition != "attachment" or not text.strip()) for part in parts):
        return Protection.ENCRYPTED
    signed = any(part.content_type == "multipart/signed" or _is_opaque(part) for part in parts)
    if signed or "-----BEGIN PGP SIGNED MESSAGE-----" in text:
        return Protection.SIGNED
    return Protection.NONE


def _own(part: Part) -> Iterator[Part]:
    yield part
    if part.main_type == "multipart" or _is_opaque(part):
        for child in part.children:
            yield from _own(child)


def _is_opaque(part: Part) -> bool:
    """A signature that its words stand in."""
    return part.content_type in SIGNED_TYPES and bool(part.children)


def _is_enveloped(part: Part) -> bool:
    if part.content_type not in SIGNED_TYPES or part.children:
        return False
    named = part.parameters.get("smime-type", "").lower() in _ENVELOPED_NAMES
    return named or any(kind in part.content[:_LOOKED_AT] for kind in _ENVELOPED)
