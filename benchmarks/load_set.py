"""A contact center with years behind it, written by COPY into a database of its own that is kept between runs.

Per 1,000 messages: 400 cases, 250 customers, 20 queues from a quarter of all cases down to a few in a thousand, 60
agents. Texts have 600 to 1,500 characters in five languages. One case in a hundred is unfinished, some since long.
"""

import hashlib
import random
import sys
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from django.core.management import call_command
from django.db import connection
from django.db.migrations.loader import MigrationLoader
from django.db.models import Model
from django.utils import timezone

from agents.enums import Permission, PresenceStatus
from agents.models import Agent, Presence, Role, Team
from benchmarks.copying import copy
from benchmarks.vocabulary import GIVEN, any_language, sentence, surnames
from brands.models import Brand
from customers.domain.search_index import index_everything as index_customers
from customers.models import Customer, Identity, SearchKey
from foundation.calendar.models import Calendar
from interactions.domain.search_index import index_everything as index_messages
from interactions.enums import CaseStatus, ChangeKind, Direction, Party
from interactions.models import (
    Assignment,
    Case,
    Change,
    Delivery,
    Interaction,
    Message,
    Participant,
    Queue,
    SearchEntry,
)

DAYS = 730
SHARES = [25, 15, 12, 9, 7, 6, 5, 4, 3, 3, 2, 2, 1.5, 1.2, 1, 0.9, 0.8, 0.6, 0.5, 0.5]
FRESH_DAYS = 14  # cases younger than this may still be unfinished
AGENTS = 60


@contextmanager
def loaded(messages: int) -> Iterator[None]:
    """The load set, on which this process works meanwhile; it is made when it is missing or made of other code."""
    with kept(f"contactcenter_load_{messages}", fingerprint(), lambda: _fill(messages)):
        yield


@contextmanager
def kept(name: str, fingerprint: str, fill: Any) -> Iterator[None]:
    """The database `name` of this server, filled anew unless it carries this fingerprint."""
    own = connection.settings_dict["NAME"]
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT shobj_description(oid, 'pg_database') FROM pg_database WHERE datname = %s AND datallowconn", [name]
        )
        found = cursor.fetchone()
        if found is None or found[0] != fingerprint:
            print(f"Making the load set {name}; this takes minutes and is done once.", file=sys.stderr)
            cursor.execute(f"DROP DATABASE IF EXISTS {name}")
            cursor.execute(f"CREATE DATABASE {name}")
            found = None
    connection.close()
    connection.settings_dict["NAME"] = name
    try:
        if found is None:
            call_command("migrate", verbosity=0)
            with connection.cursor() as cursor:
                cursor.execute("SET session_replication_role = replica")  # no triggers, no checks: the rows are whole
            fill()
            with connection.cursor() as cursor:
                cursor.execute("VACUUM (ANALYZE)")
                cursor.execute(f"COMMENT ON DATABASE {name} IS %s", [fingerprint])
            connection.close()
        yield
    finally:
        connection.close()
        connection.settings_dict["NAME"] = own


@contextmanager
def without_indexes(model: type[Model]) -> Iterator[None]:
    """Its indexes are made when the rows are there, which takes a fraction of the time."""
    with connection.schema_editor() as editor:
        for index in model._meta.indexes:
            editor.remove_index(model, index)
    yield
    with connection.schema_editor() as editor:
        editor.execute("SET LOCAL maintenance_work_mem = '512MB'")
        for index in model._meta.indexes:
            editor.add_index(model, index)


def fingerprint(*others: str) -> str:
    """Of the schema and of what writes a load set: this file, what it uses, and `others`."""
    here = Path(__file__).parent
    state = sorted(map(str, MigrationLoader(None).disk_migrations or ()))
    sources = [Path(here, name).read_bytes() for name in ("load_set.py", "vocabulary.json", "copying.py", *others)]
    return hashlib.sha256(b"".join([*sources, repr(state).encode()])).hexdigest()[:16]


def _fill(messages: int) -> None:
    chance = random.Random(messages)
    queues = _house(chance)
    customers = _customers(chance, messages // 4)
    cases = _cases(chance, messages, queues, customers)
    _messages(chance, cases)
    del cases
    with connection.cursor() as cursor:
        cursor.execute("SELECT setval('case_number', (SELECT max(number) FROM interactions_case))")
        cursor.execute("ANALYZE")
    with without_indexes(SearchKey):
        index_customers()
    with without_indexes(SearchEntry):
        index_messages()


def _house(chance: random.Random) -> list[tuple[Queue, list[Agent]]]:
    """Everybody who works here: agents in a few queues each, a supervisor of one team, one who sees all, a newcomer."""
    calendar = Calendar.objects.create(name="Always")
    brands = [Brand.objects.create(name=name) for name in ("North", "Harbour")]
    works = Role.objects.create(name="Agent", permissions=[Permission.WORK_CASES, Permission.EDIT_CUSTOMERS])
    sees_all = Role.objects.create(name="Head", permissions=[Permission.WORK_CASES, Permission.SEE_ALL_CASES])
    queues = [
        Queue.objects.create(name=f"Queue {number:02}", brand=brands[number % 2], calendar=calendar)
        for number in range(len(SHARES))
    ]
    agents = [
        Agent.objects.create(username=f"agent{n}", email=f"agent{n}@shop.example", name=f"{GIVEN[n % len(GIVEN)]} {n}")
        for n in range(AGENTS)
    ]
    for number, agent in enumerate(agents):
        agent.roles.add(works)
        own = {number % len(queues), *chance.choices(range(len(queues)), weights=SHARES, k=2)}
        agent.queues.set([queues[one] for one in own])
    head = Agent.objects.create(username="head", email="head@shop.example", name="Head")
    head.roles.add(works, sees_all)
    head.queues.set(queues[:3])
    small = Agent.objects.create(username="small", email="small@shop.example", name="Small Part")
    small.roles.add(works)
    small.queues.set(queues[-2:])
    team = Team.objects.create(name="Team")
    team.members.set(agents[:10])
    now = timezone.now()
    Presence.objects.bulk_create(
        Presence(agent=agent, status=PresenceStatus.AVAILABLE, started_at=now) for agent in [*agents, head, small]
    )
    return [(queue, list(queue.members.filter(username__startswith="agent"))) for queue in queues]


def key(at: float, chance: random.Random) -> uuid.UUID:
    """A key as `foundation.keys` would have made it at that moment (seconds since 1970)."""
    bits = int(at * 1000) << 80 | 7 << 76 | chance.getrandbits(12) << 64 | 2 << 62 | chance.getrandbits(62)
    return uuid.UUID(int=bits)


def _customers(chance: random.Random, count: int) -> list[tuple[uuid.UUID, str, str]]:
    end = timezone.now()
    names = surnames()
    people = []
    for number in range(count):
        at = end - timedelta(days=DAYS * (1 - number / count))
        given, family = chance.choice(GIVEN), chance.choice(names)
        name = f"{given} {family}"
        address = f"{given.lower()}.{number}@post{chance.randint(1, 400)}.example".encode("ascii", "ignore").decode()
        people.append((key(at.timestamp(), chance), name, address, at))
    copy(
        Customer,
        (
            {"id": one, "created_at": at, "name": name, "given_name": name.split()[0], "name_source": "header"}
            for one, name, _, at in people
        ),
    )
    copy(
        Identity,
        (
            {
                "id": key(at.timestamp(), chance),
                "created_at": at,
                "customer_id": one,
                "kind": "email",
                "value": address,
                "shown": address,
            }
            for one, _, address, at in people
        ),
    )
    return [(one, name, address) for one, name, address, _ in people]


def stamp(at: float) -> str:
    return datetime.fromtimestamp(at, UTC).isoformat()


def _status(chance: random.Random, age: float, last: bool) -> str:
    if age > FRESH_DAYS:
        return CaseStatus.WAITING_CUSTOMER if chance.random() < 0.0005 else CaseStatus.CLOSED
    drawn = chance.random() * (FRESH_DAYS + 2)
    if drawn < age:
        return CaseStatus.RESOLVED if age < 7 else CaseStatus.CLOSED
    return (CaseStatus.OPEN if chance.random() < 0.7 else CaseStatus.NEW) if last else CaseStatus.WAITING_CUSTOMER


def _cases(
    chance: random.Random, messages: int, queues: list[tuple[Queue, list[Agent]]], customers: list[Any]
) -> list[dict[str, Any]]:
    """Cases in the order in which they were opened, each with the moments of its messages and who wrote them."""
    end = timezone.now().timestamp() - 60
    cases: list[dict[str, Any]] = []
    for number in range(messages * 2 // 5):
        begun = end - DAYS * 86400 * (1 - (number + 1) / (messages * 2 // 5))
        count = min(200, 1 + int(chance.expovariate(1 / 2.02)))
        if number % 5_000 == 77:
            count = 150  # somebody who writes and writes
        moments, inbound = [begun], [True]
        while len(moments) < count:
            next_at = moments[-1] + chance.expovariate(1 / 20_000)
            if next_at > end:
                break
            moments.append(next_at)
            inbound.append(not inbound[-1] if chance.random() < 0.8 else inbound[-1])
        queue, members = chance.choices(queues, weights=SHARES)[0]
        age = (end - moments[-1]) / 86400
        status = _status(chance, age, inbound[-1])
        cases.append(
            {
                "key": key(begun, chance),
                "number": 10001 + number,
                "queue": queue.pk,
                "owner": None if status == CaseStatus.NEW else chance.choice(members) if members else None,
                "customer": customers[min(len(customers) - 1, int(chance.random() ** 1.5 * len(customers)))],
                "status": status,
                "moments": moments,
                "inbound": inbound,
                "language": any_language(chance),
            }
        )
    for case in cases:
        words = case["language"].text(chance, chance.randint(2, 6))
        case["subject"] = " ".join(words).capitalize()
    _write_cases(chance, cases)
    return cases


def _write_cases(chance: random.Random, cases: list[dict[str, Any]]) -> None:
    copy(
        Case,
        (
            {
                "id": case["key"],
                "created_at": stamp(case["moments"][0]),
                "number": case["number"],
                "subject": case["subject"],
                "status": case["status"],
                "queue_id": case["queue"],
                "customer_id": case["customer"][0],
                "owner_id": case["owner"].pk if case["owner"] else None,
                "language": case["language"].code,
                "active_at": stamp(case["moments"][-1]),
                "unanswered_since": stamp(case["moments"][-1])
                if case["inbound"][-1] and case["status"] in {CaseStatus.NEW, CaseStatus.OPEN}
                else None,
                "finished_at": stamp(case["moments"][-1] + 3600)
                if case["status"] in {CaseStatus.RESOLVED, CaseStatus.CLOSED}
                else None,
            }
            for case in cases
        ),
    )
    copy(
        Participant,
        (
            {
                "id": key(case["moments"][0], chance),
                "created_at": stamp(case["moments"][0]),
                "case_id": case["key"],
                "kind": "email",
                "address": case["customer"][2],
                "name": case["customer"][1],
                "customer_id": case["customer"][0],
            }
            for case in cases
        ),
    )
    copy(
        Assignment,
        (
            {
                "id": key(case["moments"][0] + 60, chance),
                "created_at": stamp(case["moments"][0] + 60),
                "case_id": case["key"],
                "agent_id": case["owner"].pk,
                "started_at": stamp(case["moments"][0] + 60),
                "ended_at": None,
            }
            for case in cases
            if case["owner"]
        ),
    )

    def changes() -> Iterator[dict[str, Any]]:
        for case in cases:
            facts = [(ChangeKind.OPENED, "email", case["moments"][0])]
            if case["owner"]:
                facts.append((ChangeKind.OWNER, case["owner"].name, case["moments"][0] + 60))
            if case["status"] == CaseStatus.CLOSED:
                facts.append((ChangeKind.STATUS, "closed", case["moments"][-1] + 3600))
            for kind, after, at in facts:
                yield {
                    "id": key(at, chance),
                    "created_at": stamp(at),
                    "case_id": case["key"],
                    "kind": kind,
                    "after": after,
                }

    copy(Change, changes())


def _messages(chance: random.Random, cases: list[dict[str, Any]]) -> None:
    """All messages in the order in which they came, each with its contact, answers with their delivery."""
    order = sorted((at, place, turn) for place, case in enumerate(cases) for turn, at in enumerate(case["moments"]))
    keys = [(key(at, chance), key(at, chance)) for at, _, _ in order]

    copy(
        Interaction,
        (
            {
                "id": interaction,
                "created_at": stamp(at),
                "channel": "email",
                "direction": Direction.INBOUND if cases[place]["inbound"][turn] else Direction.OUTBOUND,
                "case_id": cases[place]["key"],
                "customer_id": cases[place]["customer"][0],
                "queue_id": cases[place]["queue"],
                "started_at": stamp(at),
            }
            for (at, place, turn), (interaction, _) in zip(order, keys, strict=True)
        ),
    )

    def rows() -> Iterator[dict[str, Any]]:
        for (at, place, turn), (interaction, message) in zip(order, keys, strict=True):
            case = cases[place]
            inbound = case["inbound"][turn]
            words = case["language"].text(chance, chance.randint(100, 250))
            if chance.random() < 0.15:
                words.append(f"ORD-{chance.randint(1_000_000, 9_999_999)}")
            text = sentence(words)
            author = None if inbound else case["owner"]
            yield {
                "id": message,
                "created_at": stamp(at),
                "interaction_id": interaction,
                "case_id": case["key"],
                "customer_id": case["customer"][0],
                "channel": "email",
                "direction": Direction.INBOUND if inbound else Direction.OUTBOUND,
                "party": Party.CUSTOMER if inbound else Party.AGENT,
                "author_id": author.pk if author else None,
                "sender_name": case["customer"][1] if inbound else author.name if author else "North",
                "sender_address": case["customer"][2] if inbound else "",
                "subject": case["subject"] if turn == 0 else f"Re: {case['subject']}",
                "text": text,
                "html": "" if inbound and chance.random() < 0.7 else "<p>" + text.replace("\n\n", "</p><p>") + "</p>",
                "reply_text": text,
                "to": [{"name": "", "address": "support@shop.example" if inbound else case["customer"][2]}],
                "external_id": f"<{message}@post.example>" if inbound else None,
                "occurred_at": stamp(at),
            }

    copy(Message, rows())
    copy(
        Delivery,
        (
            {
                "id": key(at, chance),
                "created_at": stamp(at),
                "message_id": message,
                "case_id": cases[place]["key"],
                "channel": "email",
                "state": "sent",
                "due_at": stamp(at),
                "finished_at": stamp(at),
            }
            for (at, place, turn), (_, message) in zip(order, keys, strict=True)
            if not cases[place]["inbound"][turn]
        ),
    )
