"""When is a mail the same mail? By what its author wrote, not by the Message-ID alone, which anybody can copy."""

from __future__ import annotations

import hashlib

from channels_email.domain.parsed import ParsedEmail


def fingerprint(mail: ParsedEmail) -> str:
    """64 hexadecimal letters over Message-ID, author, date, subject, body and files.

    What servers add on the way (Received, signatures, footers of white space) does not count, so a mail that is sent
    once more has the same one; another text under a copied Message-ID has another.
    """
    author = mail.author.address.lower() if mail.author else ""
    parts = [
        mail.message_id,
        author,
        mail.date.isoformat() if mail.date else "",
        " ".join(mail.subject.split()),
        " ".join(mail.text.split()),
        "" if mail.text.strip() else " ".join(mail.html.split()),
        *sorted(file.sha256 for file in mail.attachments),
    ]
    digest = hashlib.sha256()
    for part in parts:
        encoded = part.encode(errors="surrogatepass")
        digest.update(len(encoded).to_bytes(8, "big") + encoded)
    return digest.hexdigest()
