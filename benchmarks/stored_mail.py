"""A past: as many messages of as many customers as one likes, each with the rows that intake leaves, by COPY."""

import random
from contextlib import suppress
from datetime import timedelta

from django.db import DatabaseError, connection, transaction

from benchmarks.mails import body
from channels_email.models import Acknowledgement, KnownMessageId, Mailbox, RawEmail
from customers.domain.search_index import index_everything
from customers.models import Customer, Identity
from foundation import clock
from interactions.models import Case, Change, Interaction, Message, Participant
from simulator.world.copy import Copy

TABLES = (
    *(Customer, Identity, Case, Change, Interaction, Message, Participant),
    *(KnownMessageId, Acknowledgement, RawEmail),
)  # in the order in which they refer to each other
AT_ONCE = 10_000
NEW = 0.7  # of all messages begin a case


def store_past(mailbox: Mailbox, count: int, *, seed: int) -> None:
    """Writes `count` messages of the last year, and as a database that has them would, knows their statistics."""
    for start in range(0, count, AT_ONCE):
        with transaction.atomic():
            _without_checks()
            _store(mailbox, range(start, min(start + AT_ONCE, count)), count, seed)
    index_everything()  # what triggers would have written of the customers
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")


def _without_checks() -> None:
    """Foreign keys of rows that we make ourselves need no proof. Who may not say so waits for the checks."""
    with suppress(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")


def _store(mailbox: Mailbox, numbers: range, count: int, seed: int) -> None:
    chance = random.Random(f"{seed} {numbers.start}")
    rows = {model: Copy(model) for model in TABLES}
    texts = [body(chance) for _ in range(200)]
    first = clock.now() - timedelta(days=365)
    place = {"queue_id": mailbox.queue_id}
    for number in numbers:
        at = first + timedelta(days=364) * (number / count)
        contact = {"channel": "email", "direction": "in"}
        if number == numbers.start or chance.random() < NEW:
            name, address = f"Person {number}", f"past{seed}.{number}@mail{number % 500}.example"
            customer = rows[Customer].add(at, name=name, given_name="Person", name_source="header")
            rows[Identity].add(at, customer_id=customer, kind="email", value=address, shown=address)
            case = rows[Case].add(at, subject="An order", customer_id=customer, active_at=at, status="closed", **place)
            rows[Change].add(at, case_id=case, kind="opened", after="email")
            rows[Participant].add(at, case_id=case, customer_id=customer, kind="email", address=address, name=name)
            opened = None
        interaction = rows[Interaction].add(at, case_id=case, customer_id=customer, started_at=at, **contact, **place)
        text = chance.choice(texts)
        message = rows[Message].add(
            at,
            interaction_id=interaction,
            case_id=case,
            customer_id=customer,
            party="customer",
            sender_name=name,
            sender_address=address,
            subject="An order",
            text=text,
            reply_text=text,
            external_id=f"{chance.getrandbits(256):064x}",
            occurred_at=at,
            **contact,
        )
        rows[KnownMessageId].add(at, value=f"past{seed}.{number}@post.example", message_id=message, case_id=case)
        rows[RawEmail].add(
            at, door="smtp", received_at=at, size=3_000, content=b"", state="message", message_id=message, case_id=case
        )
        if opened is None:
            opened = rows[Acknowledgement].add(
                at,
                case_id=case,
                interaction_id=interaction,
                received_id=message,
                sender=address,
                state="written",
                due_at=at,
                written_at=at,
            )
    for copy in rows.values():
        copy.write()
