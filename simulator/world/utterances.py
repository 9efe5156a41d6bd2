"""What was said in a case, as rows: mails both ways, their deliveries, and internal notes."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any
from uuid import UUID

from agents.models import Agent
from foundation import markup
from interactions.models import Delivery, DeliveryStep, Message
from simulator.world import letters
from simulator.world.conversations import Conversation, Turn

if TYPE_CHECKING:
    from simulator.world.history import History

QUOTING = 0.7  # the share of customers whose mail program quotes what they answer
NOTES = (
    "Called the warehouse in {city}: second parcel found, goes out tomorrow.",
    "Customer was very patient, please handle with care.",
    "Carrier confirms damage in transit, claim filed.",
    "Agreed with the shop in {city} that they keep one back.",
    "If they write again: exchange instead of repair.",
)


class Utterances:
    """Of one conversation's case."""

    def __init__(self, history: History, conversation: Conversation, case: UUID) -> None:
        self.history, self.of, self.case = history, conversation, case
        self.rows, self.rng = history.rows, history.rng
        self.quoted = ""

    def received(self, turn: Turn, interaction: UUID) -> UUID:
        person = self.of.customer.person
        quotes = bool(self.quoted) and self.rng.random() < QUOTING
        return self._mail(
            turn,
            interaction,
            text=f"{turn.text}\n\n{self.quoted}" if quotes else turn.text,
            direction="in",
            party="customer",
            sender_name=person.name,
            sender_address=person.address,
            to=[{"name": "", "address": self.history.company.mailboxes[self.of.queue]}],
            external_id=f"history:{self.case.hex}:{self.of.turns.index(turn)}",
        )

    def answered(self, turn: Turn, interaction: UUID, agent: Agent) -> UUID:
        person = self.of.customer.person
        message = self._mail(
            turn,
            interaction,
            text=turn.text,
            html=markup.from_text(turn.text),
            direction="out",
            party="agent",
            author_id=agent.pk,
            sender_name=agent.name,
            signature=f"{agent.name}\n{agent.job_title}\n{self.history.company.brand.name}",
            to=[{"name": person.name, "address": person.address}],
        )
        self._sent(turn, message, agent)
        return message

    def noted(self, turn: Turn, agent: Agent) -> UUID:
        """An internal note a minute after the mail."""
        at = turn.at + timedelta(minutes=1)
        text = self.rng.choice(NOTES).format(city=self.of.affair.city)
        return self._message(
            at,
            direction="internal",
            kind="note",
            party="agent",
            author_id=agent.pk,
            sender_name=agent.name,
            text=text,
            reply_text=text,
            html=markup.from_text(text),
        )

    def _mail(self, turn: Turn, interaction: UUID, **facts: Any) -> UUID:
        subject = self.of.subject if turn is self.of.turns[0] else f"Re: {self.of.subject}"
        key = self._message(turn.at, interaction_id=interaction, subject=subject, reply_text=turn.text, **facts)
        self.history.mails += 1
        above = letters.attribution(self.of.affair.language)
        line = above.format(date=turn.at.strftime("%Y-%m-%d %H:%M"), who=facts["sender_name"])
        self.quoted = "\n".join([line, *(f"> {line}" for line in turn.text.splitlines())])
        return key

    def _message(self, at: Any, **facts: Any) -> UUID:
        customer = self.of.customer.key
        key = self.rows[Message].add(
            at, case_id=self.case, customer_id=customer, channel="email", occurred_at=at, **facts
        )
        self.history.messages.append(key)
        return key

    def _sent(self, turn: Turn, message: UUID, agent: Agent) -> None:
        sent = turn.at + timedelta(seconds=11)
        delivery = self.rows[Delivery].add(
            turn.at,
            message_id=message,
            case_id=self.case,
            channel="email",
            state="sent",
            due_at=turn.at + timedelta(seconds=10),
            attempts=1,
            answer="250 2.0.0 Ok",
            requested_by_id=agent.pk,
            finished_at=sent,
        )
        self.rows[DeliveryStep].add(sent, delivery_id=delivery, state="sent", answer="250 2.0.0 Ok")
