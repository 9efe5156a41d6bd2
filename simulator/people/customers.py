"""Simulated customers: they write of their own accord at the world's rate, and answer what they get."""

from __future__ import annotations

import math
import random
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q

from channels_email.models import Mailbox
from customers.models import Identity
from foundation import clock
from simulator.enums import Folder
from simulator.mail import boxes
from simulator.mail.draft import File
from simulator.mail.photo import photo
from simulator.models import DemoMail
from simulator.people.pace import chance, takes
from simulator.world import letters
from simulator.world.names import Person, mail_domains, people
from simulator.world.sources import read

MEDIAN_ANSWER = 110.0  # seconds until a customer answers an agent
NEWCOMERS = 0.12  # the share of first letters from people who were no customers before
LONGEST_THREAD = 6  # mails after which a customer lets it be
AT_ONCE = 20


def write_new(rng: random.Random, rate: float, elapsed: timedelta) -> int:
    """First letters of `elapsed` time at `rate` an hour, arriving by chance (Poisson); how many were written."""
    expected = rate * elapsed.total_seconds() / 3600
    count, left = 0, math.exp(-expected)
    product = rng.random()
    while product > left:
        count += 1
        product *= rng.random()
    for _ in range(count):
        _write_one(rng)
    return count


def make_up_minds() -> int:
    """Every mail that came in is looked at once: whether its reader will answer it, and when."""
    waiting = DemoMail.objects.filter(folder=Folder.INBOX, considered_at=None).order_by("received_at")
    considered = 0
    for mail in waiting[:AT_ONCE]:
        mail.answer_at = _answers_at(mail)
        mail.considered_at = clock.now()
        mail.save(update_fields=["answer_at", "considered_at"])
        considered += 1
    return considered


def answer_due(rng: random.Random) -> int:
    """Writes the answers whose time has come. The answer and the mark that it is written are one transaction."""
    written = 0
    for key in DemoMail.objects.filter(answer_at__lte=clock.now()).order_by("answer_at").values_list("pk")[:AT_ONCE]:
        with transaction.atomic():
            mail = DemoMail.objects.select_for_update().get(pk=key[0])
            if mail.answer_at is None:
                continue
            if not _person_took_over(mail):
                _answer(rng, mail)
                written += 1
            mail.answer_at = None
            mail.save(update_fields=["answer_at"])
    return written


def _write_one(rng: random.Random) -> None:
    person = _newcomer(rng) if rng.random() < NEWCOMERS else _known(rng)
    mailbox = _mailbox(rng)
    if person is None or mailbox is None:
        return
    topics = {name: topic for name, topic in read("topics").items() if topic["queue"] == mailbox.queue.name}
    topic = rng.choices(list(topics), [each["share"] for each in topics.values()])[0]
    today = clock.now().date()
    affair = letters.begin(rng, topic, person.language, person.name, person.given, person.phone, today)
    letter = letters.first_letter(rng, affair)
    files: tuple[File, ...] = (photo(rng),) if topic == "damaged" and rng.random() < 0.5 else ()
    boxes.write(
        person.address, person.name, mailbox.address, letter.subject, letter.text, language=person.language, files=files
    )


def _known(rng: random.Random) -> Person | None:
    """One of the customers with a mailbox in the demo world."""
    in_world = Q()
    for domain in mail_domains():
        in_world |= Q(value__endswith=f"@{domain}")
    identities = Identity.objects.filter(in_world, kind="email").select_related("customer").order_by("pk")
    total = identities.count()
    if not total:
        return None
    identity = identities[rng.randrange(total)]
    customer = identity.customer
    return Person(customer.name, customer.given_name, identity.shown, customer.language or "en", "", "", "")


def _newcomer(rng: random.Random) -> Person:
    person = next(people(rng))
    taken = set(Identity.objects.filter(kind="email", value=person.address).values_list("value", flat=True))
    return next(people(rng, taken)) if taken else person


def _mailbox(rng: random.Random) -> Mailbox | None:
    shares = {entry["name"]: entry["share"] for entry in read("company")["queues"]}
    found = list(Mailbox.objects.active().select_related("queue").filter(queue__name__in=shares))
    return rng.choices(found, [shares[mailbox.queue.name] for mailbox in found])[0] if found else None


def _answers_at(mail: DemoMail) -> datetime | None:
    """None: not at all. Robots' mails stay unanswered, people outside the world are left to themselves."""
    if mail.owner.rpartition("@")[2] not in mail_domains() or _person_took_over(mail):
        return None
    parsed = boxes.read(bytes(mail.raw))
    if parsed is None or parsed.automatic or len(parsed.references) >= LONGEST_THREAD:
        return None
    if chance(mail.pk, "answers") > (0.6 if len(parsed.references) < 3 else 0.3):
        return None
    return mail.received_at + takes(mail.pk, "reads and writes", MEDIAN_ANSWER, 0.6, least=20)


def _person_took_over(mail: DemoMail) -> bool:
    """Whether somebody writes by hand from this mailbox; then nobody else does."""
    return DemoMail.objects.filter(owner=mail.owner, folder=Folder.SENT, by_hand=True).exists()


def _answer(rng: random.Random, mail: DemoMail) -> None:
    known = Identity.objects.select_related("customer").filter(kind="email", value=mail.owner).first()
    language = (known.customer.language if known else "") or "en"
    name = boxes.name_of(mail.owner)
    given = known.customer.given_name if known else ""
    parsed = boxes.read(bytes(mail.raw))
    text = parsed.text if parsed else ""
    affair = letters.read_affair(rng, text, language, name, given, clock.now().date())
    satisfied = chance(mail.pk, "is satisfied") < 0.6
    boxes.answer(mail, letters.follow_up(rng, affair, satisfied=satisfied), name=name, language=language)
