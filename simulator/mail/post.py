"""The post: takes what lies in the mailboxes to the demo's mail server, by SMTP as any mail program does."""

from __future__ import annotations

import smtplib

from django.conf import settings
from django.db import transaction

from foundation import clock
from simulator.models import DemoMail

TIMEOUT = 10.0  # seconds
AT_ONCE = 20


def post_all() -> int:
    """Posts what has not been posted; how many the server took. What it cannot take now stays for the next time.

    A run that dies in the middle posts the same bytes again, which the receiving side knows for a duplicate.
    """
    taken = 0
    for _ in range(AT_ONCE):
        with transaction.atomic():
            mail = DemoMail.objects.to_post().select_for_update(skip_locked=True).first()
            if mail is None or not _post(mail):
                return taken
            taken += not mail.refusal
    return taken


def _post(mail: DemoMail) -> bool:
    """True when its fate is settled: taken, or refused for good."""
    try:
        with smtplib.SMTP(settings.SMTP_HOST, settings.SMTP_PORT, timeout=TIMEOUT) as server:
            server.sendmail(mail.sender, [mail.recipient], bytes(mail.raw))
    except smtplib.SMTPRecipientsRefused as refused:
        return _refused(mail, *next(iter(refused.recipients.values())))
    except smtplib.SMTPResponseException as answer:
        return _refused(mail, answer.smtp_code, answer.smtp_error)
    except (OSError, smtplib.SMTPException):
        return False
    mail.posted_at = clock.now()
    mail.save(update_fields=["posted_at"])
    return True


def _refused(mail: DemoMail, code: int, words: bytes | str) -> bool:
    if code < 500:
        return False
    said = words.decode("utf-8", "replace") if isinstance(words, bytes) else words
    mail.refusal = f"{code} {said}"[:400]
    mail.save(update_fields=["refusal"])
    return True
