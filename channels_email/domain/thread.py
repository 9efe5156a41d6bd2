"""Which case a mail belongs to: by a signed reply address, by Message-IDs, and as a mere hint by its subject."""

from __future__ import annotations

import re
from collections.abc import Iterable
from uuid import UUID

from channels_email.domain.message_ids import read_own, stored_form
from channels_email.domain.parsed import ParsedEmail
from channels_email.domain.reply_address import case_number_in
from channels_email.models import KnownMessageId
from interactions.channel import ThreadHint
from interactions.models import Case, Delivery, Participant

MAX_REFERENCES = 50
_IN_SUBJECT = re.compile(r"\[#(\d{1,18})\]")


def find_thread(mail: ParsedEmail, envelope: Iterable[str], sender: str) -> ThreadHint | None:
    """The first of: a signed reply address in To, Cc or the envelope; an answered Message-ID that we made or stored;
    the number in the subject. Only the last is not proven: anybody can write a number.
    """
    addresses = [box.address for box in (*mail.to, *mail.cc)]
    answered = [*mail.in_reply_to, *reversed(mail.references)][:MAX_REFERENCES]
    hint = _by_message_ids(answered, sender) if answered else None
    for address in (*addresses, *mail.delivered_to, *envelope):
        number = case_number_in(address)
        case = _case(number) if number is not None else None
        if case is not None:
            answers = hint.answers if hint is not None and hint.case == case else None
            return ThreadHint(case=case, proven=True, by="reply address", answers=answers)
    return hint or _by_subject(mail.subject)


def _by_message_ids(message_ids: list[str], sender: str) -> ThreadHint | None:
    for message_id in message_ids:
        own = read_own(message_id)
        if own is None:
            continue
        sent = Delivery.objects.filter(pk=own.delivery).values_list("case_id", "message_id").first()
        if sent is not None:
            return ThreadHint(case=sent[0], proven=True, by="our Message-ID", answers=sent[1])
        case = _case(own.case_number)
        if case is not None:
            return ThreadHint(case=case, proven=True, by="our Message-ID")
    return _by_stored(message_ids, sender)


def _by_stored(message_ids: list[str], sender: str) -> ThreadHint | None:
    wanted = list(dict.fromkeys(stored_form(message_id) for message_id in message_ids))
    known = list(
        KnownMessageId.objects.filter(value__in=wanted)
        .order_by("created_at", "pk")
        .values_list("value", "case_id", "message_id")
    )
    if not known:
        return None
    cases = {case for _, case, _ in known}
    # A Message-ID can be copied. Where it leads to several cases, the one in which its sender takes part is meant.
    at_home = _takes_part(sender, cases) if len(cases) > 1 else cases
    known.sort(key=lambda row: (row[1] not in at_home, wanted.index(row[0])))
    _, case, message = known[0]
    return ThreadHint(case=case, proven=True, by="a stored Message-ID", answers=message)


def _takes_part(sender: str, cases: set[UUID]) -> set[UUID]:
    return set(
        Participant.objects.filter(
            case__in=cases, kind="email", address=sender.strip().lower(), stranger=False
        ).values_list("case_id", flat=True)
    )


def _by_subject(subject: str) -> ThreadHint | None:
    found = _IN_SUBJECT.search(subject)
    case = _case(int(found[1])) if found else None
    return ThreadHint(case=case, proven=False, by="the number in the subject") if case is not None else None


def _case(number: int) -> UUID | None:
    return Case.objects.filter(number=number).values_list("pk", flat=True).first()
