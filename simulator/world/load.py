"""Loading the demo world: once, in one transaction; asked again, it only says what is there."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any

from django.db import IntegrityError, transaction
from rest_framework.authtoken.models import Token

from agents.domain.presence import set_presence
from agents.enums import PresenceStatus
from agents.models import Agent, Presence
from channels_email.models import Mailbox
from foundation import clock
from interactions.models import Case, Queue
from simulator.models import Part, World
from simulator.world.backlog import holder, open_today
from simulator.world.company import found
from simulator.world.conversations import Conversation, Past
from simulator.world.crowd import gather
from simulator.world.duty import Duty
from simulator.world.history import History
from simulator.world.presences import recall
from simulator.world.promises import promise, stand
from simulator.world.rhythm import moments
from simulator.world.sign_ins import kept_passwords, mark
from simulator.world.staff import hire

CUSTOMERS = 2_000
MAILS = 10_000
MONTHS_BACK = timedelta(days=396)
SEED = 20_250


class NotEmpty(RuntimeError):
    """The database holds something that is not the demo world."""


def load(
    *, mails: int = MAILS, customers: int = CUSTOMERS, say: Callable[[str], object] = lambda _: None
) -> dict[str, Any]:
    """Makes the demo world where there is none, and returns its sign-ins, API token and mailbox in either case.

    Raises NotEmpty in a database with queues or cases of somebody else; nothing is changed then.
    """
    world = World.objects.first()
    if world is None:
        try:
            with transaction.atomic():
                world = _make(mails, customers, say)
        except IntegrityError:
            world = World.objects.first()
            if world is None:
                raise
    passwords = kept_passwords()
    _renew_passwords(world, passwords)
    _send_home()
    return {
        "users": {
            part.role: {"username": part.agent.username, "password": passwords[part.agent.username]}
            for part in Part.objects.filter(printed=True).select_related("agent").order_by("created_at", "id")
        },
        "api_token": world.api_token,
        "mailbox": world.mailbox,
        "mailboxes": list(Mailbox.objects.active().values_list("address", flat=True)),
    }


def _make(mails: int, customers: int, say: Callable[[str], object]) -> World:
    # The first row of the transaction is the one that there can be only once: a second loader waits here.
    world = World.objects.create(mailbox="pending@nordhem.example")
    if Queue.objects.exists() or Case.objects.exists():
        raise NotEmpty("This database is in use; the demo world is only loaded into an empty one.")
    now = clock.now()
    rng = random.Random(SEED)  # noqa: S311 - a believable world, not a secret
    company = found(now.year)
    promise(company)
    passwords = kept_passwords()
    workers = hire(company, passwords)
    say("company and staff")
    crowd = gather(rng, customers, now - MONTHS_BACK)
    say("customers")
    history = History(rng, company, now)
    past = Past(rng, company, Duty(workers), crowd, now)
    told = [*open_today(past, workers, now), *_fill(past, rng, mails, now)]
    for conversation, held_by in sorted(told, key=lambda each: each[0].turns[0].at):
        history.tell(conversation, held_by=held_by or holder(past, workers, conversation))
    history.write()
    stand(now)
    say("history")
    recall(workers, now)
    world.sign_ins = mark(passwords)
    world.mailbox = company.first_mailbox
    world.api_token = Token.objects.create(user=Agent.objects.get(username="admin")).key
    world.save()
    return world


def _fill(past: Past, rng: random.Random, mails: int, now: datetime) -> Iterator[tuple[Conversation, None]]:
    """Conversations in the rhythm of the year until all together have exactly `mails` messages."""
    missing = mails - past.mails
    while missing > 0:
        # A conversation has 2.7 mails in the mean; what then is still missing is put where all of it is over.
        until = now - (timedelta(minutes=25) if missing > 50 else timedelta(days=20))
        begins = moments(rng, max(1, missing * 10 // 27), now - MONTHS_BACK, until)
        rng.shuffle(begins)
        for moment in begins:
            if missing > 0:
                yield past.converse(moment, length=min(missing, 2) if missing < 6 else None), None
                missing = mails - past.mails


def _renew_passwords(world: World, passwords: Mapping[str, str]) -> None:
    """Where the file was lost and made anew, or belongs to another world, the sign-ins follow it."""
    if world.sign_ins == mark(passwords):
        return
    with transaction.atomic():
        for part in Part.objects.filter(printed=True).select_related("agent"):
            part.agent.set_password(passwords[part.agent.username])
            part.agent.save(update_fields=["password"])
        world.sign_ins = mark(passwords)
        world.save(update_fields=["sign_ins"])


def _send_home() -> None:
    """Simulated colleagues who were left present by a run that was killed; those who play them call them back."""
    for presence in (
        Presence.objects.filter(ended_at=None, agent__simulated=True)
        .exclude(status=PresenceStatus.OFFLINE)
        .select_related("agent")
    ):
        set_presence(presence.agent, PresenceStatus.OFFLINE)
