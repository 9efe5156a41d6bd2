"""Names for files that a mail gives none, by what they are."""

from __future__ import annotations

import mimetypes
import re

from channels_email.domain.attachments import safe_name
from channels_email.domain.headers import read_head
from channels_email.domain.parsed import ParsedAttachment

MAX_SUBJECT = 80
_SEPARATORS = re.compile(r"[/\\:]+")
_ANYTHING = {"", "application/octet-stream"}
_KNOWN = {
    "text/calendar": "invite.ics",
    "text/vcard": "contact.vcf",
    "application/pkcs7-mime": "smime.p7m",
    "application/x-pkcs7-mime": "smime.p7m",
    "application/pkcs7-signature": "smime.p7s",
    "application/x-pkcs7-signature": "smime.p7s",
    "application/pgp-signature": "signature.asc",
    "application/pgp-keys": "key.asc",
    "application/pgp-encrypted": "encrypted.asc",
    "message/delivery-status": "delivery-status.txt",
    "text/rfc822-headers": "headers.txt",
}
_ENDINGS = {
    "image/heic": ".heic",
    "image/webp": ".webp",
    "image/jpeg": ".jpg",
    "audio/amr": ".amr",
    "text/plain": ".txt",
}


def named(file: ParsedAttachment) -> str:
    """The file's own name; else what its type is usually called, an attached mail by its subject; never empty."""
    if file.filename:
        return file.filename
    if file.content.lstrip()[:40].startswith(b"-----BEGIN PGP MESSAGE"):
        return "encrypted.asc"
    kind = file.sniffed_type if file.content_type in _ANYTHING and file.sniffed_type else file.content_type
    if kind in {"message/rfc822", "message/global"}:
        subject = read_head(file.content).text("subject")
        return f"{safe_name(_SEPARATORS.sub(' ', subject[:MAX_SUBJECT])) or 'mail'}.eml"
    if kind in _KNOWN:
        return _KNOWN[kind]
    first = {"image": "picture", "audio": "recording", "video": "film", "text": "text"}.get(kind.partition("/")[0])
    return f"{first or 'file'}{_ENDINGS.get(kind) or mimetypes.guess_extension(kind) or '.bin'}"


def says_nothing(file: ParsedAttachment) -> bool:
    """Whether it is the part of an encrypted mail that holds a version number alone (RFC 3156 section 4)."""
    return file.content_type == "application/pgp-encrypted" and b"-----BEGIN" not in file.content[:1_000]
