"""Answers flow out while everything is killed in turn, and a part of the servers at the other end behaves badly.

Every answer arrives once. What is not known to have arrived is not sent again by itself: a server that took the mail
and hung up, or a worker that died between the last byte and the answer, leaves it unknown (the documented window), and
the answers that did not arrive are sent again here by hand, as a person would.
"""

from __future__ import annotations

import time
from typing import Any
from uuid import uuid4

from foundation import clock
from interactions.channel import Contact, InboundMessage
from interactions.domain.receive import receive
from interactions.enums import DeliveryState
from interactions.events import DeliveryDue
from interactions.models import Case, Queue
from proofs import outcome
from proofs.desk import Desk, send_again
from proofs.house import House, load
from proofs.sink import HABITS, Sink
from proofs.world import make_world

ANSWERS = 1000
EVERY = 10  # every tenth answer goes to a server with a habit
IN_TURN = ("worker", "postgres", "web", "relay", "valkey", "beat", "worker")
A_DAY = 86_400.0
PATIENCE = 1800.0
POINTS = [
    *(f"delivery.{step}.{side}_commit" for step in ("claim", "outcome") for side in ("before", "after")),
    *("delivery.composed", "delivery.dot.before", "delivery.dot.after", "delivery.answered"),
]


def prove(house: House, scale: float) -> dict[str, Any]:
    began = time.monotonic()
    answers = max(EVERY * len(HABITS), round(ANSWERS * scale))
    ana, queue = make_world()
    _cases(queue, answers)
    points = [*POINTS, *outcome.receivers_of(DeliveryDue)]
    with Sink(house.ports.mailboxes) as sink:
        house.start(armed=points)
        house.running["worker"].clock_wrong_by = [A_DAY]
        desk = Desk(house, ana, answers, _address, hands=4)
        desk.start()
        for step, name in enumerate(IN_TURN):
            house.until(lambda step=step: desk.done >= answers * (step + 1) / (len(IN_TURN) + 1), PATIENCE * scale + 60)
            house.kill(name)
        in_time = house.until(lambda: desk.over() and outcome.delivered(answers), PATIENCE * scale + 90)
        house.say("every answer is at its end")
        before, refused_again = outcome.answers_out(sink, answers), _asked_again(sink)
        again = send_again(sink, ana)
        in_time &= house.until(lambda: outcome.delivered(answers), 120)
        found = outcome.answers_out(sink, answers)
        missed = sorted(set(points) - set(house.died_at()))
        refused = len(_refused(sink))
    habits = {habit: sum(_address(turn, None).startswith(habit) for turn in range(1, answers + 1)) for habit in HABITS}
    holds = (
        in_time
        and not missed
        and found["answers_written"] == answers
        and not any(found[name] for name in ("answers_lost", "answers_doubled", "answers_written_twice"))
        and found["answers_by_state"].get(DeliveryState.FAILED, 0) == habits["never"] == refused
        and not refused_again
    )
    return {
        "proof": "delivery",
        "holds": holds,
        "sent": answers,
        "lost": found["answers_lost"],
        "doubled": found["answers_doubled"],
        **found,
        "unknown_and_not_there": before["answers_lost"],
        "sent_again_by_hand": again,
        "servers_with_habits": habits,
        "refused_and_tried_again": refused_again,
        "killed": dict(house.killed),
        "died_at": len(house.died_at()),
        "points_not_reached": missed,
        "clock_wrong_by_seconds": A_DAY,
        "attempts": {"desk": desk.tries, "refused": dict(desk.refused)},
        "in_time": in_time,
        "seconds": round(time.monotonic() - began),
        "load": load(),
    }


def _address(turn: int, _: Case | None) -> str:
    habit = HABITS[turn // EVERY % len(HABITS)] if turn % EVERY == 0 else "good"
    return f"{habit}.{turn}@far.example"


def _cases(queue: Queue, number: int) -> None:
    for each in range(number):
        receive(
            InboundMessage(
                channel="email",
                external_id=str(uuid4()),
                queue=queue.pk,
                sender=Contact(address=f"customer{each}@post.example"),
                sender_kind="email",
                received_at=clock.now(),
                subject=f"Order {each}",
                text="Where is it?",
                reply_text="Where is it?",
            )
        )


def _refused(sink: Sink) -> list[int]:
    """How often each address was asked that refuses for good."""
    return [count for to, count in sink.asked.items() if to.startswith("never.")]


def _asked_again(sink: Sink) -> int:
    """How many of these were tried again though nobody asked for it. One whose worker died is not known to be refused:
    a person may send it again.
    """
    return sum(count > 1 for count in _refused(sink))
