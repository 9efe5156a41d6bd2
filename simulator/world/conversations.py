"""Conversations of the past: who wrote about what, when it was answered and by whom. Nothing is stored here."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import accumulate

from foundation.calendar.business_time import BusinessTime
from simulator.world import letters
from simulator.world.company import Company
from simulator.world.crowd import Regular
from simulator.world.duty import Duty
from simulator.world.rhythm import MONTHS
from simulator.world.sources import read
from simulator.world.staff import Worker

LENGTHS, LENGTH_SHARES = (1, 2, 3, 4, 5, 6), (2, 52, 22, 15, 6, 3)
MEDIAN_RESPONSE = 42.0  # business minutes
SPREAD = 0.65  # of the logarithm: who comes first is served first, so waits of one day are much alike
MEDIAN_HANDLING = 5.2  # minutes


@dataclass(frozen=True)
class Turn:
    """One mail of a conversation. An answer has its agent and when they took the customer's mail up."""

    at: datetime
    text: str
    agent: Worker | None = None
    taken_up: datetime | None = None


@dataclass
class Conversation:
    customer: Regular
    queue: str
    subject: str
    affair: letters.Affair
    turns: list[Turn] = field(default_factory=list)
    settled: bool = True

    @property
    def last_answer(self) -> Turn | None:
        return next((turn for turn in reversed(self.turns) if turn.agent), None)


class _Regulars:
    """Customers of whom some write far more often than others."""

    def __init__(self, rng: random.Random, regulars: Sequence[Regular]) -> None:
        self.rng, self.regulars = rng, regulars
        self.totals = list(accumulate(rng.paretovariate(1.6) for _ in regulars))

    def one(self) -> Regular:
        return self.rng.choices(self.regulars, cum_weights=self.totals)[0]


class Past:
    """Invents conversations for a company, its staff and its customers, none of them reaching beyond `now`."""

    def __init__(
        self, rng: random.Random, company: Company, duty: Duty, crowd: Sequence[Regular], now: datetime
    ) -> None:
        self.rng, self.company, self.duty, self.now = rng, company, duty, now
        self.mails = 0  # of all conversations so far
        self.hours: dict[str, BusinessTime] = {name: queue.calendar.hours() for name, queue in company.queues.items()}
        self.private = _Regulars(rng, [regular for regular in crowd if not regular.business])
        self.business = _Regulars(rng, [regular for regular in crowd if regular.business])

    def converse(self, begins: datetime, length: int | None = None, queue: str = "") -> Conversation:
        """One conversation of `length` mails; of less where the next one would lie in the future."""
        rng = self.rng
        queue = queue or rng.choices(list(self.company.shares), list(self.company.shares.values()))[0]
        customer = (self.business if queue == "Business customers" else self.private).one()
        person = customer.person
        topic = self._topic(queue, begins.month)
        affair = letters.begin(rng, topic, person.language, person.name, person.given, person.phone, begins.date())
        first = letters.first_letter(rng, affair)
        conversation = Conversation(customer, queue, first.subject, affair, [Turn(begins, first.text)])
        self._go_on(conversation, length or rng.choices(LENGTHS, LENGTH_SHARES)[0])
        self.mails += len(conversation.turns)
        return conversation

    def _topic(self, queue: str, month: int) -> str:
        topics = {name: topic for name, topic in read("topics").items() if topic["queue"] == queue}
        weights = [topic["share"] * (2.2 if month in topic["peaks"] else 1.0) for topic in topics.values()]
        return self.rng.choices(list(topics), weights)[0]

    def _go_on(self, conversation: Conversation, length: int) -> None:
        for number in range(1, length):
            last = conversation.turns[-1]
            turn = self._answer(conversation, last.at) if number % 2 else self._question(conversation, number, length)
            if turn is None:
                conversation.settled = False
                return
            conversation.turns.append(turn)

    def _answer(self, conversation: Conversation, asked: datetime) -> Turn | None:
        """By the owner where at work, else by a colleague; in business time, slower in the busy months."""
        rng, queue = self.rng, self.company.queues[conversation.queue]
        slow = MONTHS[asked.month - 1] * rng.lognormvariate(0, SPREAD)
        at = self.hours[conversation.queue].add(asked, timedelta(minutes=3 + MEDIAN_RESPONSE * slow))
        before = conversation.last_answer
        for _ in range(130):
            there = self.duty.at(queue.pk, at)
            if there:
                owner = before.agent if before and before.agent in there else None
                handling = timedelta(minutes=max(0.8, MEDIAN_HANDLING * rng.lognormvariate(0, 0.55)))
                text = letters.answer(rng, conversation.affair, again=before is not None)
                taken_up = max(asked + timedelta(seconds=15), at - handling)
                done = max(at, taken_up + timedelta(seconds=40))
                return Turn(done, text, owner or rng.choice(there), taken_up) if done < self.now else None
            at += timedelta(minutes=35)
        return None

    def _question(self, conversation: Conversation, number: int, length: int) -> Turn | None:
        """The customer writes again: thanks at the end of three, else another question, in their own waking hours."""
        rng = self.rng
        at = conversation.turns[-1].at + timedelta(minutes=rng.lognormvariate(4.6, 1.1) + 2)
        if at.hour < 5:
            at += timedelta(hours=5, minutes=rng.random() * 150)
        text = letters.follow_up(rng, conversation.affair, satisfied=number == length - 1)
        return Turn(at, text) if at < self.now else None
