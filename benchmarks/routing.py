"""How many offers a second are decided with 500 agents and 10,000 waiting mails, and how long one decision takes."""

import multiprocessing
import statistics
import time
from concurrent.futures import ProcessPoolExecutor
from datetime import datetime, timedelta
from typing import Any

from django.db import connection

from agents.enums import Permission, PresenceStatus
from agents.models import Agent, Capacity, Presence, Role
from benchmarks import stage
from brands.models import Brand
from customers.models import Customer
from foundation import clock
from foundation.calendar.models import Calendar
from interactions.enums import Direction, SegmentOutcome
from interactions.models import Case, Interaction, Queue, Segment, WaitingRecord
from routing.domain.offer import offer_next
from routing.enums import OfferOutcome
from routing.models import Offer

AGENTS = 500
WAITING = 10_000
TODAY = 20  # mails that each agent has had today already
WORKERS = 2
LIMIT_P95_MS = 250  # on two cores, shared with the database
LIMIT_PER_SECOND = 5  # 18,000 mails an hour, some four times what 500 agents can answer


def run() -> dict[str, Any]:
    with stage.stage():
        queue = _world()
        alone = [_decide(queue) for _ in range(100)]
        busy = _with_one_free_agent(queue)
        connection.close()  # each worker opens its own
        with ProcessPoolExecutor(WORKERS, mp_context=multiprocessing.get_context("fork")) as pool:
            began = time.monotonic()
            together = [each for part in pool.map(_offer_many, [queue] * WORKERS, [150] * WORKERS) for each in part]
            seconds = time.monotonic() - began
        double = Offer.objects.open().count() - Offer.objects.open().values("case").distinct().count()
    return {
        "decision_p50_ms": round(statistics.median(alone), 1),
        "decision_p95_ms": round(statistics.quantiles(alone, n=20)[-1], 1),
        "one_agent_free_p50_ms": round(statistics.median(busy), 1),
        "one_agent_free_p95_ms": round(statistics.quantiles(busy, n=20)[-1], 1),
        "limit_p95_ms": LIMIT_P95_MS,
        "offers_per_second": round(len(together) / seconds, 1),
        "limit_offers_per_second": LIMIT_PER_SECOND,
        "beside_each_other_p95_ms": round(statistics.quantiles(together, n=20)[-1], 1),
        "offered_twice": double,
        "agents": AGENTS,
        "waiting": WAITING,
        "workers": WORKERS,
    }


def _with_one_free_agent(queue: Queue) -> list[float]:
    """The usual case: everybody is at work but one. The others' places are taken for as long as it is measured."""
    Capacity.objects.bulk_create(Capacity(agent=agent, channel="email", limit=0) for agent in queue.members.all())
    taken = Offer.objects.open().values("agent")
    free = list(Capacity.objects.exclude(agent__in=taken)[:100])
    times = []
    for capacity in free:
        Capacity.objects.filter(pk=capacity.pk).update(limit=1)
        times.append(_decide(queue))
    Capacity.objects.all().delete()
    return times


def _offer_many(queue: Queue, number: int) -> list[float]:
    try:
        return [_decide(queue) for _ in range(number)]
    finally:
        connection.close()


def _decide(queue: Queue) -> float:
    began = time.monotonic()
    if offer_next(queue, "email") is None:
        raise RuntimeError("nothing was offered")
    return (time.monotonic() - began) * 1000


def _world() -> Queue:
    now = clock.now()
    calendar = Calendar.objects.create(name="Always")
    queue = Queue.objects.create(
        name="Orders", brand=Brand.objects.create(name="Nordhem"), calendar=calendar, offer_seconds=600
    )
    role = Role.objects.create(name="Agent", permissions=[Permission.WORK_CASES])
    agents = Agent.objects.bulk_create(
        Agent(username=f"agent{n}", email=f"agent{n}@nordhem.example", name=f"Agent {n}") for n in range(AGENTS)
    )
    role.agents.set(agents)
    queue.members.set(agents)
    Presence.objects.bulk_create(
        Presence(
            agent=agent, status=PresenceStatus.AVAILABLE, started_at=now - timedelta(days=day, hours=2), ended_at=end
        )
        for agent in agents
        for day, end in [(0, None), *[(day, now - timedelta(days=day, hours=1)) for day in range(1, 60)]]
    )
    customer = Customer.objects.create(name="Carla")
    waiting = _contacts(queue, customer, WAITING, now - timedelta(hours=5))
    WaitingRecord.objects.bulk_create(
        (
            WaitingRecord(
                interaction=each, case=each.case, queue=queue, channel="email", priority=2, since=each.started_at
            )
            for each in waiting
        ),
        batch_size=1000,
    )
    _past(queue, customer, agents, now)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    return queue


def _contacts(queue: Queue, customer: Customer, number: int, start: datetime) -> list[Interaction]:
    cases = Case.objects.bulk_create(
        (Case(subject=f"Order {n}", queue=queue, customer=customer) for n in range(number)), batch_size=1000
    )
    return Interaction.objects.bulk_create(
        (
            Interaction(
                channel="email",
                direction=Direction.INBOUND,
                case=case,
                customer=customer,
                queue=queue,
                started_at=start + timedelta(seconds=n),
            )
            for n, case in enumerate(cases)
        ),
        batch_size=1000,
    )


def _past(queue: Queue, customer: Customer, agents: list[Agent], now: datetime) -> None:
    """What each agent has received and finished today, within the last minutes so that it is today at any hour."""
    contacts = _contacts(queue, customer, AGENTS * TODAY, now - timedelta(hours=9))
    waits = WaitingRecord.objects.bulk_create(
        (
            WaitingRecord(
                interaction=each,
                case=each.case,
                queue=queue,
                channel="email",
                priority=2,
                since=each.started_at,
                ended_at=now,
                outcome="accepted",
            )
            for each in contacts
        ),
        batch_size=1000,
    )
    turns = [(agents[n % AGENTS], now - timedelta(seconds=1 + n // AGENTS)) for n in range(len(contacts))]
    Segment.objects.bulk_create(
        (
            Segment(
                interaction=contact,
                agent=agent,
                queue=queue,
                channel="email",
                outcome=SegmentOutcome.ENDED,
                accepted_at=at,
                ended_at=at + timedelta(milliseconds=500),
            )
            for contact, (agent, at) in zip(contacts, turns, strict=True)
        ),
        batch_size=1000,
    )
    Offer.objects.bulk_create(
        (
            Offer(
                waiting=wait,
                interaction=wait.interaction,
                case=wait.case,
                queue=queue,
                channel="email",
                agent=agent,
                offered_at=at,
                expires_at=at,
                answered_at=at,
                outcome=OfferOutcome.ACCEPTED,
            )
            for wait, (agent, at) in zip(waits, turns, strict=True)
        ),
        batch_size=1000,
    )
