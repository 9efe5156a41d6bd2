"""Which case a mail belongs to: by a signed reply address, by Message-IDs, and as a mere hint by its subject."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from uuid import UUID

from channels_email.domain.message_ids import OwnMessageId, read_own, stored_form
from channels_email.domain.parsed import ParsedEmail
from channels_email.domain.reply_address import case_number_in
from channels_email.models import KnownMessageId
from interactions.channel import ThreadHint
from interactions.models import Case, Delivery, Participant

MAX_REFERENCES = 50
_IN_SUBJECT = re.compile(r"\[#(\d{1,18})\]")


@dataclass(frozen=True)
class Clues:
    """What a mail itself says about where it belongs, the best first in each list.

    `numbers` are cases that signed reply addresses name, `own` our Message-IDs among the answered ones, `stored` all
    answered ones as they are stored, `subject` a number that anybody can write.
    """

    numbers: Sequence[int]
    own: Sequence[OwnMessageId]
    stored: Sequence[str]
    subject: int | None
    sender: str


def clues(mail: ParsedEmail, envelope: Iterable[str], sender: str) -> Clues:
    addresses = (*(box.address for box in (*mail.to, *mail.cc)), *mail.delivered_to, *envelope)
    answered = answered_ids(mail)
    in_subject = _IN_SUBJECT.search(mail.subject)
    return Clues(
        numbers=[number for address in addresses if (number := case_number_in(address)) is not None],
        own=[own for message_id in answered if (own := read_own(message_id)) is not None],
        stored=list(dict.fromkeys(stored_form(message_id) for message_id in answered)),
        subject=int(in_subject[1]) if in_subject else None,
        sender=sender.strip().lower(),
    )


def answered_ids(mail: ParsedEmail) -> list[str]:
    """The Message-IDs that a mail says it answers, the nearest first."""
    return [*mail.in_reply_to, *reversed(mail.references)][:MAX_REFERENCES]


def find_threads(asked: Sequence[Clues]) -> list[ThreadHint | None]:
    """For each the first of: a signed reply address in To, Cc or the envelope; an answered Message-ID that we made or
    stored; the number in the subject. Only the last is not proven: anybody can write a number.
    """
    known = _read(asked)
    return [_find(each, known) for each in asked]


@dataclass(frozen=True)
class _Known:
    """What the database says to the clues. `ids` come in the order in which they were stored."""

    cases: dict[int, UUID] = field(default_factory=dict)
    sent: dict[UUID, tuple[UUID, UUID]] = field(default_factory=dict)  # delivery: case and message
    ids: dict[str, list[tuple[UUID, UUID]]] = field(default_factory=dict)  # Message-ID: cases and messages
    takes_part: set[tuple[UUID, str]] = field(default_factory=set)  # case and address


def _read(asked: Sequence[Clues]) -> _Known:
    known = _Known()
    own = [each for clue in asked for each in clue.own]
    numbers = {number for clue in asked for number in (*clue.numbers, clue.subject) if number is not None}
    numbers |= {each.case_number for each in own}
    if numbers:
        known.cases.update(Case.objects.filter(number__in=numbers).values_list("number", "pk"))
    if own:
        sent = Delivery.objects.filter(pk__in={each.delivery for each in own})
        known.sent.update({pk: (case, message) for pk, case, message in sent.values_list("pk", "case", "message")})
    if wanted := {value for clue in asked for value in clue.stored}:
        stored = KnownMessageId.objects.filter(value__in=wanted).order_by("created_at", "pk")
        for value, case, message in stored.values_list("value", "case_id", "message_id"):
            known.ids.setdefault(value, []).append((case, message))
        known.takes_part.update(_read_participants(asked, known))
    return known


def _read_participants(asked: Sequence[Clues], known: _Known) -> Iterable[tuple[UUID, str]]:
    """Only of those whose Message-IDs lead to several cases."""
    open_questions = [(clue.sender, cases) for clue in asked if len(cases := _cases(clue, known)) > 1]
    if not open_questions:
        return []
    senders = {sender for sender, _ in open_questions}
    cases = {case for _, found in open_questions for case in found}
    home = Participant.objects.filter(case__in=cases, kind="email", address__in=senders, stranger=False)
    return home.values_list("case_id", "address")


def _cases(clue: Clues, known: _Known) -> set[UUID]:
    return {case for value in clue.stored for case, _ in known.ids.get(value, ())}


def _find(clue: Clues, known: _Known) -> ThreadHint | None:
    hint = _by_own_id(clue, known) or _by_stored_id(clue, known)
    for number in clue.numbers:
        case = known.cases.get(number)
        if case is not None:
            answers = hint.answers if hint is not None and hint.case == case else None
            return ThreadHint(case=case, proven=True, by="reply address", answers=answers)
    return hint or _by_subject(clue, known)


def _by_own_id(clue: Clues, known: _Known) -> ThreadHint | None:
    for own in clue.own:
        if own.delivery in known.sent:
            case, message = known.sent[own.delivery]
            return ThreadHint(case=case, proven=True, by="our Message-ID", answers=message)
        if own.case_number in known.cases:
            return ThreadHint(case=known.cases[own.case_number], proven=True, by="our Message-ID")
    return None


def _by_stored_id(clue: Clues, known: _Known) -> ThreadHint | None:
    """A Message-ID can be copied. Where it leads to several cases, the one in which its sender takes part is meant."""
    found = [place for value in clue.stored for place in known.ids.get(value, ())]
    if not found:
        return None
    at_home = [place for place in found if (place[0], clue.sender) in known.takes_part]
    case, message = (at_home or found)[0]
    return ThreadHint(case=case, proven=True, by="a stored Message-ID", answers=message)


def _by_subject(clue: Clues, known: _Known) -> ThreadHint | None:
    case = known.cases.get(clue.subject) if clue.subject is not None else None
    return ThreadHint(case=case, proven=False, by="the number in the subject") if case is not None else None
