"""The past as rows: cases, interactions, messages, waits, segments, assignments, deliveries and the trail."""

from __future__ import annotations

import random
from datetime import datetime
from typing import Any
from uuid import UUID

from interactions.domain.search_index import index_messages
from interactions.models import (
    Assignment,
    Case,
    Change,
    Delivery,
    DeliveryStep,
    Interaction,
    Message,
    Participant,
    Segment,
    Tagging,
    WaitingRecord,
)
from simulator.world.company import Company
from simulator.world.conversations import Conversation
from simulator.world.copy import Copy
from simulator.world.staff import Worker
from simulator.world.telling import Teller

MODELS = (
    Case,
    Interaction,
    Message,
    WaitingRecord,
    Segment,
    Assignment,
    Delivery,
    DeliveryStep,
    Change,
    Participant,
    Tagging,
)


class History:
    """Writes conversations. `mails` counts the messages to and from customers; notes come on top."""

    def __init__(self, rng: random.Random, company: Company, now: datetime) -> None:
        self.rng, self.company, self.now = rng, company, now
        self.rows: dict[Any, Copy] = {model: Copy(model) for model in MODELS}
        self.messages: list[UUID] = []
        self.mails = 0

    def tell(self, conversation: Conversation, *, held_by: Worker | None = None) -> UUID:
        """Adds a conversation; `held_by` has its case now, whoever answered before. The key of the case."""
        return Teller(self, conversation, held_by).tell()

    def write(self) -> None:
        """All of it into the database, and its words into the search index."""
        for model in MODELS:
            self.rows[model].write()
        index_messages(self.messages)
