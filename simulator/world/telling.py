"""One conversation as rows: what the program itself would have written down while it went on."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING
from uuid import UUID

from interactions.models import Case, Interaction, Participant, Segment, Tagging, WaitingRecord
from simulator.world.conversations import Conversation, Turn
from simulator.world.copy import key_at
from simulator.world.ownership import Ownership
from simulator.world.sources import read
from simulator.world.staff import Worker
from simulator.world.utterances import Utterances

if TYPE_CHECKING:
    from simulator.world.history import History

CLOSED_AFTER = timedelta(days=10)
RESOLVED_AFTER = timedelta(days=3)
CLAIMED_FOR = timedelta(days=3)


class Teller:
    """Writes one conversation; `held_by` has its case now, whoever answered before."""

    def __init__(self, history: History, conversation: Conversation, held_by: Worker | None) -> None:
        self.history, self.of, self.held_by = history, conversation, held_by
        self.rows, self.rng, self.now = history.rows, history.rng, history.now
        self.queue = history.company.queues[conversation.queue]
        self.case = key_at(conversation.turns[0].at)
        self.owned = Ownership(self.rows, self.case)
        self.said = Utterances(history, conversation, self.case)

    def tell(self) -> UUID:
        turns = self.of.turns
        first, last = turns[0], turns[-1]
        finished = self._case(first, last)
        self.owned.trail(first.at, "opened", after="email")
        self._take_part(first.at)
        interaction = self.case
        for turn, following in zip(turns, [*turns[1:], None], strict=True):
            if turn.agent is None:
                interaction = self._receive(turn, following)
            else:
                self._answer(turn, turn.agent, interaction)
        if self.held_by is not None:
            self.owned.pass_to(self.held_by, last.at + timedelta(minutes=2))
        self.owned.end(None)
        if finished:
            self.owned.trail(finished, "status", before="waiting_customer", after="resolved", agent=self.owned.owner)
        return self.case

    def _case(self, first: Turn, last: Turn) -> datetime | None:
        """The case as it stands now; returns since when it is finished."""
        status, finished = self._standing(last)
        answer = self.of.last_answer
        owner = self.held_by or (answer.agent if answer else None)
        self.rows[Case].add(
            first.at,
            id=self.case,
            subject=self.of.subject[:400],
            status=status,
            priority=self.rng.choices((1, self.queue.priority, 3, 4), (4, 88, 6, 2))[0],
            queue_id=self.queue.pk,
            customer_id=self.of.customer.key,
            owner_id=owner.agent.pk if owner else None,
            language=self.of.customer.person.language,
            active_at=last.at,
            unanswered_since=self._unanswered_since(),
            finished_at=finished,
        )
        return finished

    def _standing(self, last: Turn) -> tuple[str, datetime | None]:
        if not self.of.settled:
            return self._open(), None
        if self.held_by is not None:
            return "waiting_customer", None
        finished = last.at + (timedelta(minutes=20) if last.agent is None else RESOLVED_AFTER)
        if finished > self.now:
            return "waiting_customer", None
        return ("closed" if self.now - finished > CLOSED_AFTER else "resolved"), finished

    def _open(self) -> str:
        """A printed agent has asked inside; a colleague's case is open; nobody's is new."""
        if self.held_by is not None and self.held_by.printed:
            return "waiting_inside"
        return "open" if self.of.last_answer or self.held_by else "new"

    def _unanswered_since(self) -> datetime | None:
        """The customer's first mail after the last answer, unless nothing is left to answer."""
        since: datetime | None = None
        for turn in self.of.turns:
            since = None if turn.agent or self.of.settled else since or turn.at
        return since

    def _receive(self, turn: Turn, answered: Turn | None) -> UUID:
        interaction = self.rows[Interaction].add(
            turn.at,
            channel="email",
            direction="in",
            case_id=self.case,
            customer_id=self.of.customer.key,
            queue_id=self.queue.pk,
            started_at=turn.at,
            answered_at=answered.at if answered else None,
            ended_at=answered.at if answered else None,
        )
        self.said.received(turn, interaction)
        if answered is not None:
            self._waited(turn, interaction, ended_at=answered.taken_up, outcome="accepted")
        elif not self.of.settled:
            self._waits(turn, interaction)
        return interaction

    def _waits(self, turn: Turn, interaction: UUID) -> None:
        """It waits still: for whoever is free, or for the colleague alone who has the case. What a printed agent has
        was taken up and put aside, so that the next mail that comes finds them with nothing before it.
        """
        needs = self.history.company.needs[self.of.queue]
        holder = self.held_by
        if holder is None:
            self._waited(turn, interaction, needs=needs)
        elif holder.printed:
            taken_up = turn.at + timedelta(minutes=2)
            self._waited(turn, interaction, ended_at=taken_up, outcome="accepted")
            self._handled(interaction, holder, taken_up, taken_up + timedelta(minutes=3))
            self.said.noted(turn, holder.agent)
        else:
            claim = {"named_agent_id": holder.agent.pk, "named_until": self.now + CLAIMED_FOR}
            self._waited(turn, interaction, needs=needs, reason=f"{holder.agent.name} has the case", **claim)

    def _waited(self, turn: Turn, interaction: UUID, **facts: object) -> None:
        self.rows[WaitingRecord].add(
            turn.at,
            interaction_id=interaction,
            case_id=self.case,
            queue_id=self.queue.pk,
            channel="email",
            priority=self.queue.priority,
            since=turn.at,
            **facts,
        )

    def _answer(self, turn: Turn, worker: Worker, interaction: UUID) -> None:
        taken_up = turn.taken_up or turn.at
        self.owned.pass_to(worker, taken_up)
        self._handled(interaction, worker, taken_up, turn.at)
        self.said.answered(turn, interaction, worker.agent)
        if self.rng.random() < 0.05:
            self.said.noted(turn, worker.agent)

    def _handled(self, interaction: UUID, worker: Worker, taken_up: datetime, ended: datetime) -> None:
        offered = taken_up - timedelta(seconds=self.rng.randrange(3, 22))
        self.rows[Segment].add(
            offered,
            interaction_id=interaction,
            agent_id=worker.agent.pk,
            queue_id=self.queue.pk,
            channel="email",
            outcome="ended",
            offered_at=offered,
            accepted_at=taken_up,
            ended_at=ended,
        )

    def _take_part(self, at: datetime) -> None:
        person = self.of.customer.person
        self.rows[Participant].add(
            at,
            case_id=self.case,
            kind="email",
            address=person.address,
            name=person.name,
            customer_id=self.of.customer.key,
        )
        for tag in read("topics")[self.of.affair.topic]["tags"][: self.rng.randrange(0, 3)]:
            self.rows[Tagging].add(at, case_id=self.case, tag_id=self.history.company.tags[tag].pk)
